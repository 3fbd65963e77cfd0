//! `generate`, end to end: fixtures of ours go in, and every line that comes out was checked by hand against what the
//! vendors say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use insta::assert_snapshot;
use support::{Workshop, repository};

/// A workshop with the fixture as `design.yaml`, and with the configs that it names.
fn fixture(name: &str) -> Workshop {
    let directory = repository("fixtures/generate");
    let workshop = Workshop::with_design(std::fs::read(directory.join(format!("{name}.yaml"))).unwrap());
    for file in files() {
        if file.starts_with(&format!("{name}.")) && file.ends_with(".cfg") {
            workshop.file(&file, std::fs::read(directory.join(&file)).unwrap());
        }
    }
    workshop
}

fn files() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(repository("fixtures/generate"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The lines that are no comment.
fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim_start().starts_with('!') && !line.is_empty()).collect()
}

#[test]
fn every_fixture_gives_its_lines_their_rollback_and_their_checks() {
    for file in files() {
        let Some(name) = file.strip_suffix(".yaml") else { continue };
        let workshop = fixture(name);
        assert!(workshop.read("design.yaml").starts_with("# "), "{name} says what it shows");
        let mut shown = workshop.run("generate design.yaml");
        for part in ["--rollback", "--verify"] {
            let answer = workshop.output(&format!("generate design.yaml {part}"));
            assert_eq!(answer.code, 0, "{name}: {answer}");
            shown.push_str(&format!("\n{part}\n"));
            // The comments at the top are the same.
            let mut at_top = false;
            for line in answer.out.lines() {
                let comment = line.strip_prefix("! ").or(line.strip_prefix("# ")).unwrap_or_default();
                let begins = comment.starts_with("nlbswitch: ");
                at_top =
                    begins || at_top && !comment.starts_with("ROLLBACK") && !comment.starts_with("CHECKS");
                if begins || !at_top {
                    shown.push_str(&format!("{line}\n"));
                }
            }
        }
        assert_snapshot!(name, shown);
    }
}

#[test]
fn the_small_example_lints_without_an_error() {
    let answer = fixture("small").output("lint design.yaml");
    assert_eq!(answer.code, 0, "{answer}");
}

#[test]
fn every_vip_is_bound_to_the_macs_of_the_primary() {
    let out = fixture("secondary-vips").output("generate design.yaml").out;
    let arps: Vec<&str> = commands(&out).into_iter().filter(|line| line.starts_with("arp ")).collect();
    assert_eq!(arps.len(), 3);
    assert!(arps.iter().all(|line| line.contains("01:00:5e:7f:01:e8")), "{arps:?}");
}

#[test]
fn the_order_in_the_file_does_not_matter() {
    for name in ["links", "migrating", "hsrp", "port-channels", "stack"] {
        let workshop = fixture(name);
        let design = workshop.read("design.yaml");
        // Shuffled through JSON, which is YAML: every list of nodes, hosts, switches and links backwards.
        let mut value = json_of(&design);
        reverse(&mut value);
        workshop.file("shuffled.yaml", value.to_string());
        let lines = |file: &str| {
            let mut parts: Vec<String> = Vec::new();
            for option in ["", "--rollback", "--verify"] {
                let out = workshop.output(&format!("generate {file} {option}")).out;
                parts.extend(out.split("\n\n").map(|snippet| commands(snippet).join("\n")));
            }
            parts.sort();
            parts
        };
        assert_eq!(lines("design.yaml"), lines("shuffled.yaml"), "{name}");
        let once = workshop.output("generate design.yaml").out;
        assert_eq!(once, workshop.output("generate design.yaml").out);
    }
}

/// The design as JSON, by a reader of its own: the fixtures use the plain part of YAML only.
fn json_of(yaml: &str) -> serde_json::Value {
    fn value(node: &nlbswitch::yaml::Node<'_>) -> serde_json::Value {
        use nlbswitch::yaml::Kind;
        match &node.kind {
            Kind::Scalar { text, plain } => match (*plain, text.as_ref()) {
                (true, "true") => true.into(),
                (true, "false") => false.into(),
                _ => text.as_ref().into(),
            },
            Kind::Sequence(items) => items.iter().map(value).collect::<Vec<_>>().into(),
            Kind::Mapping(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.to_string(), value(&entry.value)));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }
    let mut sources = nlbswitch::source::Sources::new();
    let file = sources.add("design.yaml", yaml);
    value(&nlbswitch::yaml::parse(file, yaml, &mut Vec::new()).unwrap())
}

fn reverse(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(reverse);
        }
        serde_json::Value::Object(entries) => {
            entries.iter_mut().filter(|(key, _)| *key != "clusters").for_each(|(_, value)| reverse(value));
            if let Some(clusters) = entries.get_mut("clusters").and_then(|list| list.as_array_mut()) {
                clusters.iter_mut().for_each(reverse); // their order is that of the comments
            }
        }
        _ => {}
    }
}

#[test]
fn one_switch_or_one_cluster_can_be_chosen() {
    let links = fixture("links");
    let one = links.output("generate design.yaml --switch acc2").out;
    assert_eq!(one.matches("! nlbswitch: ").count(), 1, "{one}");
    assert!(links.output("generate design.yaml").out.contains(&one));
    let modes = fixture("modes-ios");
    let out = modes.output("generate design.yaml --cluster multi").out;
    assert_snapshot!(commands(&out).join("\n"), @r"
    mac address-table static 03bf.c000.024a vlan 20 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2
    arp 192.0.2.74 03bf.c000.024a ARPA
    ");
    assert_snapshot!(links.runs(&[
        "generate design.yaml --switch branch",
        "generate design.yaml --switch acc3",
        "generate design.yaml --cluster wab",
    ]));
    let stack = fixture("stack");
    let by_member = stack.output("generate design.yaml --switch member2").out;
    assert_eq!(by_member, stack.output("generate design.yaml --switch dist").out);
}

#[test]
fn what_nobody_has_shown_can_be_left_out() {
    let workshop = fixture("modes-powerconnect");
    assert_snapshot!(
        workshop.runs(&[
            "generate design.yaml --verified-only",
            "generate design.yaml --verified-only --rollback",
        ])
    );
    let ios = fixture("modes-ios").output("generate design.yaml --verified-only").out;
    assert!(!ios.contains("\nip igmp snooping vlan 30 querier\n"), "{ios}");
    assert!(ios.contains("\narp 192.0.2.74 "), "{ios}");
}

#[test]
fn json_holds_entries_and_lines() {
    assert_snapshot!(fixture("migrating").run("generate design.yaml --format json --switch acc"));
    let out = fixture("links").output("generate design.yaml --format json").out;
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let switches = document["switches"].as_array().unwrap();
    assert_eq!((document["version"].as_u64(), switches.len()), (Some(1), 4));
}

#[test]
fn a_directory_gets_one_file_a_switch_and_unchanged_files_stay() {
    let workshop = fixture("links");
    let first = workshop.output("generate design.yaml -o out/snippets");
    assert_eq!((first.code, first.out.as_str()), (0, ""), "{first}");
    assert_eq!(workshop.names("out/snippets"), ["acc1.txt", "acc2.txt", "dist.txt", "s4810.txt"]);
    let whole = workshop.output("generate design.yaml").out;
    assert!(whole.contains(&workshop.read("out/snippets/dist.txt")));
    let modified = |name: &str| std::fs::metadata(workshop.path(name)).unwrap().modified().unwrap();
    let before = modified("out/snippets/acc2.txt");
    std::thread::sleep(std::time::Duration::from_millis(20));
    let design = workshop.read("design.yaml").replace("attach: acc1 g1", "attach: acc1 g7");
    workshop.file("design.yaml", design);
    let second = workshop.output("generate design.yaml -o out/snippets");
    assert_eq!(modified("out/snippets/acc2.txt"), before);
    assert!(workshop.read("out/snippets/acc1.txt").contains("g7,g48"));
    assert_snapshot!(format!("{first}\n{second}"));
    workshop.output("generate design.yaml -o out/snippets --rollback --switch dist");
    workshop.output("generate design.yaml -o out/snippets --format json --switch dist");
    assert_eq!(
        workshop.names("out/snippets"),
        ["acc1.txt", "acc2.txt", "dist.json", "dist.rollback.txt", "dist.txt", "s4810.txt"]
    );
}

#[test]
fn names_of_switches_become_safe_file_names() {
    let switches = ["..", "a/b", "CON", "-x", "K\u{f6}ln.1"];
    let designs: Vec<String> = switches
        .iter()
        .enumerate()
        .map(|(index, name)| {
            format!(
                "  - name: c{index}\n    mode: multicast\n    primary_ip: 10.0.{index}.1/24\n    vlan: {}\n    \
                 nodes: [{{name: n, attach: \"{name} Gi1/0/1\"}}]\n",
                index + 10
            )
        })
        .collect();
    let described: Vec<String> =
        switches.iter().map(|name| format!("  - {{name: \"{name}\", vendor: ios}}\n")).collect();
    let workshop =
        Workshop::with_design(format!("clusters:\n{}switches:\n{}", designs.concat(), described.concat()));
    let answer = workshop.output("generate design.yaml -o out");
    assert_eq!(answer.code, 0, "{answer}");
    assert_eq!(workshop.names("."), ["design.yaml", "out"]);
    assert_snapshot!(workshop.names("out").join("\n"), @r"
    Köln.1.txt
    _-x.txt
    _CON.txt
    a_b.txt
    switch.txt
    ");
}

#[test]
fn a_design_without_a_file_gives_the_lines_of_one() {
    let workshop = Workshop::new();
    let line = "generate --mode multicast --vip 172.31.1.232/24 --vlan 10 --vendor cisco-ios --port Gi1/0/1 --port Gi1/0/2 --gateway";
    let answer = workshop.output(line);
    let by_file = fixture("small").output("generate design.yaml").out;
    assert_eq!(commands(&answer.out), commands(&by_file));
    assert_snapshot!(answer.to_string());
}

#[test]
fn a_design_with_errors_gives_no_lines_unless_forced() {
    let design = fixture("small")
        .read("design.yaml")
        .replace("primary_ip: 172.31.1.232/24", "primary_ip: 172.31.1.255/24");
    let workshop = Workshop::with_design(design);
    let refused = workshop.output("generate design.yaml");
    assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused}");
    let forced = workshop.output("generate design.yaml --force");
    assert_eq!(forced.code, 0);
    assert!(forced.out.contains("arp 172.31.1.255 03bf.ac1f.01ff ARPA"), "{forced}");
    assert_snapshot!(refused.to_string());
}

#[test]
fn clusters_that_claim_one_address_give_no_lines() {
    let design = fixture("small").read("design.yaml");
    let other = "  - {name: app, mode: multicast, primary_ip: 172.31.1.240/24, virtual_ips: [172.31.1.232], vlan: 10}\n";
    let workshop = Workshop::with_design(design.replace("switches:\n", &format!("{other}switches:\n")));
    let refused = workshop.output("generate design.yaml");
    assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused}");
    assert!(refused.err.contains("error[NLB114]"), "{refused}");
}
