//! Which dialect a config is in: over small configs of every dialect, and over the corpus where it is at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use nlbswitch::config::{Detection, detect};
use nlbswitch::source::decode_config;
use nlbswitch::vendor::{Clues, Dialect, Packs};

/// What a text is taken for, in a word.
fn verdict(clues: &Clues, text: &str) -> String {
    match detect(clues, text) {
        Detection::Dialect { pack, .. } => pack.name().to_owned(),
        Detection::Foreign { name, .. } => name,
        Detection::Unclear { .. } => "unclear".to_owned(),
        Detection::NotAConfig => "none".to_owned(),
    }
}

/// The small configs, each named after what it is: `NAME.cfg` or `NAME.VARIANT.cfg`.
fn small_configs() -> Vec<(String, String)> {
    let directory = support::repository("fixtures/dialects");
    let mut found: Vec<(String, String)> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_dialect_is_known_by_its_small_configs() {
    let packs = Packs::embedded();
    let clues = packs.clues().unwrap();
    let mut shown = BTreeSet::new();
    for (file, text) in small_configs() {
        let expected = file.split('.').next().unwrap();
        assert_eq!(verdict(clues, &text), expected, "{file}: {:?}", detect(clues, &text));
        shown.insert(expected.to_owned());
    }
    let names: BTreeSet<&str> = clues.dialects().iter().map(Dialect::name).collect();
    assert_eq!(names.len(), clues.dialects().len(), "one name for two dialects");
    let silent: Vec<&str> =
        clues.dialects().iter().map(Dialect::name).filter(|name| !shown.contains(*name)).collect();
    assert!(silent.is_empty(), "fixtures/dialects shows no {silent:?}");
}

#[test]
fn line_ends_prompts_and_leading_blank_lines_change_nothing() {
    let packs = Packs::embedded();
    let clues = packs.clues().unwrap();
    for (file, text) in small_configs() {
        let expected = file.split('.').next().unwrap();
        let variants = [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            text.replace('\n', "\r\r\n"),
            format!("\n\n\nsw1#show running-config\n{text}sw1#"),
            text.replace('\n', "  \n"),
        ];
        for variant in variants {
            assert_eq!(verdict(clues, &variant), expected, "{file}");
        }
    }
}

#[test]
fn two_dialects_with_equal_claims_are_never_chosen_between() {
    let packs = Packs::embedded();
    let clues = packs.clues().unwrap();
    let text = "!RANCID-CONTENT-TYPE: cisco-nx\n!RANCID-CONTENT-TYPE: arista\n";
    let Detection::Unclear { likely } = detect(clues, text) else { panic!("{:?}", detect(clues, text)) };
    assert_eq!(likely, ["arista-eos", "cisco-nxos"]);
}

#[test]
fn a_score_names_the_next_dialect() {
    let packs = Packs::embedded();
    let text = "!RANCID-CONTENT-TYPE: cisco\nversion 15.2\n";
    let Detection::Dialect { pack, score, runner_up } = detect(packs.clues().unwrap(), text) else {
        panic!("no dialect")
    };
    assert_eq!((pack.name(), score), ("cisco-ios", 9));
    assert_eq!(runner_up, Some(("aruba-wlc".to_owned(), 2)));
}

#[test]
fn what_no_switch_wrote_costs_little_and_is_no_config() {
    let packs = Packs::embedded();
    let clues = packs.clues().unwrap();
    let far = format!("{}!Command: show running-config\nversion 9.3(5) Bios:version\n", "x".repeat(2 << 20));
    for text in ["", "\n\n", "\u{0}\u{1}\u{2}", "ä".repeat(200_000).as_str(), &far, &"#\n".repeat(200_000)] {
        assert_eq!(verdict(clues, text), "none");
    }
}

/// Files of the corpus whose label their own words contradict.
const MISLABELLED: &[(&str, &str)] = &[
    // `switchport default mode routed`, `management console`, `ip as-path regex-mode`
    ("cisco-ios/batfish__tests_basic_networks_dc-as-reuse_", "eos"),
    // blocks indented by three, `ip address` with a prefix length, `ip routing`
    ("cisco-ios/lab-validation__snapshots_eos_ceos_ebgp_source_", "eos"),
    ("cisco-ios/lab-validation__snapshots_eos_ospf_unnumbered_source_", "eos"),
    ("cisco-ios/lab-validation__snapshots_sros_", "eos"),
    // `!version 4.1, build`, `vrrp-a`, `slb`
    ("cisco-ios/lab-validation__snapshots_a10_", "other-a10"),
    // release 3 of the PowerConnect 8024, which has the grammar of the 6200
    ("dnos6/wild__powerconnect8024f", "powerconnect-6200"),
    // `! device: … EOS-…`
    ("other-sros/batfish__vendor_sros_grammar_snapshots_sros_ceos_ebgp_configs_r2", "eos"),
];

#[test]
fn the_corpus_is_told_apart() {
    let corpus = support::repository("../shared/corpus");
    let Ok(manifest) = std::fs::read_to_string(corpus.join("manifest.tsv")) else { return };
    let packs = Packs::embedded();
    let clues = packs.clues().unwrap();
    let labels = support::packs::labels();
    let mut table: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (file, kind) = (fields[1], fields[3]);
        let label =
            MISLABELLED.iter().find(|(begin, _)| file.starts_with(begin)).map_or(fields[0], |(_, own)| own);
        let (text, _) = decode_config(std::fs::read(corpus.join(file)).unwrap());
        let found = verdict(clues, &text);
        let expected = labels.iter().find(|(known, _)| *known == label).map(|(_, pack)| *pack);
        if expected.is_some_and(|pack| pack != found) && matches!(kind, "device" | "whole" | "rendered") {
            println!("{file}: {found}");
        }
        if expected.is_none() && labels.iter().any(|(_, pack)| *pack == found) {
            wrong.push(format!("{file}: {found}"));
        }
        *table.entry((label, kind, found)).or_default() += 1;
    }
    for ((label, kind, found), count) in &table {
        println!("{label:18} {kind:18} {found:26} {count:5}");
    }
    assert!(wrong.is_empty(), "other dialects read as one of ours: {wrong:#?}");
    // Of the many rendered ones alone most could be right while captured ones are wrong.
    for (label, pack) in &labels {
        for kinds in [&["device", "whole"][..], &["device", "whole", "rendered"]] {
            let count = |right: bool| -> usize {
                let whole = table.iter().filter(|((known, kind, found), _)| {
                    known == label && kinds.contains(kind) && (!right || found == pack)
                });
                whole.map(|(_, count)| count).sum()
            };
            let (right, all) = (count(true), count(false));
            println!("{label:18} {right} of {all} {}", kinds.join(", "));
            assert!(right * 100 >= all * 97 && all > 0, "{label}: {right} of {all} {kinds:?}");
        }
    }
}
