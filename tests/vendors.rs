//! `vendors`: what the packs know, and the pages about them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;

use nlbswitch::catalogue;
use nlbswitch::vendor::Packs;
use serde_json::Value;
use support::{Workshop, repository};

fn json(line: &str) -> Value {
    let answer = Workshop::new().output(line);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer}");
    serde_json::from_str(&answer.out).unwrap()
}

#[test]
fn the_pages_about_packs_are_current() {
    let how = "run `cargo run -- vendors --pages docs/vendors` and commit it";
    let pages = catalogue::pages(&Packs::embedded()).unwrap();
    let mut names = BTreeSet::new();
    for (path, text) in pages {
        let committed = std::fs::read_to_string(repository("docs/vendors").join(&path)).unwrap_or_default();
        assert!(
            committed.replace("\r\n", "\n") == text,
            "docs/vendors/{} is not current: {how}",
            path.display()
        );
        names.insert(path.into_os_string());
    }
    let there = std::fs::read_dir(repository("docs/vendors")).unwrap();
    let there: BTreeSet<_> = there.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, names, "a page whose pack is gone is removed");
}

#[test]
fn every_pack_is_listed_and_every_platform_stands_in_the_matrix() {
    let list = json("vendors --format json");
    let matrix = json("vendors --matrix --format json");
    let rows = matrix["rows"].as_array().unwrap();
    for pack in Packs::embedded().all().unwrap() {
        let packs = list["packs"].as_array().unwrap();
        let listed = packs.iter().find(|listed| listed["name"] == pack.name()).expect("it is listed");
        assert_eq!(listed["writes"], pack.renders());
        assert_eq!(listed["reads"], !pack.lines().is_empty());
        let of_pack: Vec<&Value> = rows.iter().filter(|row| row["pack"] == pack.name()).collect();
        assert_eq!(of_pack.len(), pack.platforms.len() + 1, "{}", pack.name());
    }
}

#[test]
fn what_is_sure_in_the_matrix_has_its_source_and_what_is_not_claims_none() {
    let matrix = json("vendors --matrix --format json");
    for row in matrix["rows"].as_array().unwrap() {
        for cell in ["static_arp_to_multicast_mac", "static_mac_on_many_ports", "igmp_lookup_key"] {
            let cell = &row[cell];
            match cell["evidence"].as_str() {
                None => assert_eq!(cell["value"], "unknown", "{row}"),
                Some("unverified") => assert!(cell["source"].is_null(), "{row}"),
                Some(_) => assert!(cell["source"].is_string(), "{row}"),
            }
        }
    }
}

#[test]
fn the_recommended_mode_follows_from_what_the_packs_say() {
    let matrix = json("vendors --matrix --format json");
    let rows = matrix["rows"].as_array().unwrap();
    let recommended = |pack: &str, platform: &str| {
        let row = rows.iter().find(|row| row["pack"] == pack && row["platform"] == platform).unwrap();
        (row["recommended"]["mode"].clone(), row["recommended"]["floods"].clone())
    };
    // The static entry would be forwarded by its CPU, and snooping by MAC confines the group.
    assert_eq!(recommended("cisco-ios", "catalyst-4500"), ("igmp-multicast".into(), false.into()));
    // Groups are looked up by IP, and the static entry confines the frames.
    assert_eq!(recommended("cisco-ios", "catalyst-9000"), ("multicast".into(), false.into()));
    // It takes no static ARP entry, so another switch is the gateway, and static entries confine the frames here.
    let row =
        rows.iter().find(|row| row["pack"] == "dell-powerconnect-5400" && row["platform"] == "5424").unwrap();
    assert_eq!(
        (&row["recommended"]["gateway"], &row["recommended"]["floods"]),
        (&false.into(), &false.into())
    );
    // It holds no entry at all.
    assert_eq!(recommended("dell-force10", "io-aggregator"), ("unicast".into(), true.into()));
}

#[test]
fn a_pack_is_shown_with_every_line_that_it_reads_and_what_nobody_has_shown_is_marked() {
    for pack in Packs::embedded().all().unwrap() {
        let shown = json(&format!("vendors show {} --format json", pack.name()));
        let read = shown["pack"]["read"].as_array().unwrap();
        let lines =
            |key: &str| read.iter().flat_map(|meaning| meaning[key].as_array().unwrap().clone()).count();
        assert_eq!(lines("lines") + lines("removed_by"), pack.lines().len(), "{}", pack.name());
        let facts = shown["pack"]["facts"].as_array().unwrap();
        let of_pack = pack.facts(None);
        assert_eq!(facts.len(), of_pack.stated().len() + of_pack.stated_by_release().len());
        for written in shown["pack"]["written"].as_array().unwrap() {
            let apply = written["apply"].as_array().unwrap();
            let unverified = apply.iter().any(|line| line["evidence"] == "unverified");
            let says = |line: &Value| line["text"].as_str().unwrap().contains("unverified: ");
            assert_eq!(apply.iter().any(says), unverified, "{}", pack.name());
        }
        for format in ["text", "markdown"] {
            let page = Workshop::new().output(&format!("vendors show {} --format {format}", pack.name()));
            assert_eq!(page.code, 0, "{page}");
            for platform in &pack.platforms {
                assert!(page.out.contains(&platform.name), "{page}");
            }
        }
    }
}

#[test]
fn an_unknown_pack_is_named_with_what_was_likely_meant() {
    let answer = Workshop::new().output("vendors show cisco-iso");
    assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer}");
    assert!(answer.err.contains("did you mean `cisco-ios`?"), "{answer}");
}
