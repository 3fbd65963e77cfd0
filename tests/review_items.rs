//! The items of the review: each rests on rules, each can come out otherwise, and nothing that is found is lost.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nlbswitch::lint::{self, Example, ExampleConfig, Page};
use nlbswitch::review::{self, Arguments, Document, Judged, Record, Verdict};
use nlbswitch::settings::Settings;
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};

/// The review of a design and its configs, and the codes of all findings; `None` when the design cannot be used.
fn review(example: &Example<'_>, packs: &Packs) -> Option<(Document, Vec<String>)> {
    let directory = tempfile::tempdir().expect("a directory");
    let mut sources = Sources::new();
    for config in &example.configs {
        let path = directory.path().join(config.path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("directories");
        std::fs::write(path, config.text).expect("a file");
    }
    let loaded = nlbswitch::design::load_text("design.yaml", example.design?, &mut sources);
    let (design, mut problems) = (loaded.design, loaded.problems);
    let bound = bind(&design, packs, &mut problems).expect("whole packs");
    if nlbswitch::diagnostic::has_errors(&problems) {
        return None;
    }
    let plan = nlbswitch::plan::plan(&bound);
    let dialect_of = |path: &Path| {
        let config = example.configs.iter().find(|config| path.ends_with(config.path))?;
        packs.get(config.pack?).expect("a whole pack")
    };
    let taking = lint::Taking {
        working_directory: directory.path(),
        dialect: None,
        dialect_of: &dialect_of,
        excluded: &|_| false,
        progress: &|_, _| {},
    };
    let inputs = lint::gather(&[directory.path().to_owned()], packs, &taking).expect("inputs");
    let (found, unreadable, _) = lint::configs_of(inputs, &bound, directory.path(), &mut sources);
    assert!(unreadable.is_empty(), "{unreadable:?}");
    let origin =
        lint::Origin { files: &loaded.files, base: directory.path(), working_directory: directory.path() };
    let policy = lint::Policy::of(&Settings::default(), &mut Vec::new());
    let record = Record { tool: String::new(), arguments: Arguments::default(), inputs: Vec::new() };
    lint::with_estate(&bound, &plan, origin, found, &mut sources, |estate, sources| {
        let outcome = lint::judge_estate(estate, &loaded.files, problems, sources);
        let codes = outcome.findings.iter().map(|finding| finding.code.to_string()).collect();
        let judged = Judged { findings: &outcome.findings, suppressed: &outcome.suppressed, policy: &policy };
        Some((review::document(estate, judged, record, sources).expect("a document"), codes))
    })
}

/// Designs with their configs: those of the pages of rules, of the story, and those below.
fn designs() -> Vec<(String, Example<'static>)> {
    let mut all = Vec::new();
    for rule in lint::rules() {
        let page = Page::new(rule.page);
        for heading in ["Bad", "Good"] {
            let example = page.example(heading).expect("an example");
            if example.design.is_some() {
                all.push((format!("{} {heading}", rule.code), example));
            }
        }
    }
    for (name, design) in [
        ("recommended", include_str!("../fixtures/story/recommended.yaml")),
        ("unicast", include_str!("../fixtures/story/unicast-one-switch.yaml")),
        ("team", support::TEAM),
    ] {
        all.push((name.to_owned(), Example { design: Some(design), configs: Vec::new() }));
    }
    for (name, design, configs) in STATED {
        let configs = configs.iter().map(|(path, text)| ExampleConfig { path, pack: None, text });
        all.push(((*name).to_owned(), Example { design: Some(design), configs: configs.collect() }));
    }
    all
}

/// A name, a design, and configs by their paths.
type Stated = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Designs that state all there is to state, and their configs.
const STATED: &[Stated] = &[
    (
        "no nodes",
        "clusters: [{name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, clients: same-vlan}]",
        &[],
    ),
    ("two clusters of one group", ONE_GROUP, &[]),
    ("a gateway that refuses", REFUSING, &[]),
    ("a pair, planned", PAIR, &[]),
    ("a pair", PAIR, &[("core1.cfg", CORE1), ("core2.cfg", CORE2)]),
    ("a pair, one without entries", PAIR, &[("core1.cfg", CORE1), ("core2.cfg", WITHOUT_ARP)]),
    ("guarded", GUARDED, &[("sw1.cfg", GUARDS)]),
    ("short timeout", IGMP, &[("sw1.cfg", SHORT_TIMEOUT)]),
];

const ONE_GROUP: &str = "\
clusters:
  - {name: a, mode: igmp-multicast, primary_ip: 10.1.0.5/24, vlan: 10, nodes: [{name: n1, attach: sw1 Gi1/0/1}]}
  - {name: b, mode: igmp-multicast, primary_ip: 10.2.0.5/24, vlan: 10, nodes: [{name: n2, attach: sw1 Gi1/0/2}]}
switches: [{name: sw1, vendor: ios, platform: catalyst-3750}]
";

const REFUSING: &str = "\
clusters:
  - {name: a, mode: multicast, primary_ip: 10.1.0.5/24, vlan: 10, nodes: [{name: n1, attach: sw1 g1}]}
switches: [{name: sw1, vendor: powerconnect, platform: '5424', gateway: true}]
";

/// Everything is stated, two gateways have the same entries, and machines run on vSphere.
const PAIR: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    windows: '2019'
    heartbeat: {period_ms: 1000, tolerance: 5}
    port_rules: [{ports: 443, protocol: tcp}]
    nodes:
      - {name: nlb1, priority: 1, ip: 172.31.1.11, host: esx1, nics: 2, failover_cluster: false, mask_source_mac: true}
      - {name: nlb2, priority: 2, ip: 172.31.1.12, host: esx2, nics: 2, failover_cluster: false, mask_source_mac: true}
hosts:
  - {name: esx1, group: esx, platform: vsphere, notify_switches: true, multicast_filter: basic, links: [core1 Gi1/0/1]}
  - {name: esx2, group: esx, platform: vsphere, notify_switches: true, multicast_filter: basic, links: [core2 Gi1/0/1]}
host_groups: [{name: esx, anti_affinity: true, cluster_aware_updating: false}]
switches:
  - {name: core1, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core2 Gi1/0/48],
     gateway: {ip: 172.31.1.2, protocol: hsrp, peers: [core2]}}
  - {name: core2, vendor: ios, platform: catalyst-3750, gateway: {ip: 172.31.1.3, protocol: hsrp, peers: [core1]}}
site: {}
";

const CORE1: &str = "\
hostname core1
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
 spanning-tree portfast
!
interface GigabitEthernet1/0/48
 switchport mode trunk
!
interface Vlan10
 ip address 172.31.1.2 255.255.255.0
 standby 10 ip 172.31.1.1
!
arp 172.31.1.232 03bf.ac1f.01e8 ARPA
mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/48
";

const CORE2: &str = "\
hostname core2
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
 spanning-tree portfast
!
interface GigabitEthernet1/0/48
 switchport mode trunk
!
interface Vlan10
 ip address 172.31.1.3 255.255.255.0
 standby 10 ip 172.31.1.1
!
arp 172.31.1.232 03bf.ac1f.01e8 ARPA
mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/48
";

const WITHOUT_ARP: &str = "\
hostname core2
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
!
interface Vlan10
 ip address 172.31.1.3 255.255.255.0
 standby 10 ip 172.31.1.1
!
";

const GUARDED: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    nodes: [{name: nlb1, attach: sw1 Gi1/0/1}, {name: nlb2, attach: sw1 Gi1/0/2}]
switches: [{name: sw1, vendor: ios, platform: catalyst-3750, gateway: true}]
";

/// What NLB does not get along with.
const GUARDS: &str = "\
hostname sw1
!
ip arp inspection vlan 10
!
mac access-list extended GUARD
 permit any any 0x0806 0x0
 deny any any 0x886F 0x0
 permit any any
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
 switchport block multicast
 switchport port-security
 switchport protected
 storm-control multicast level 1.00
 mac access-group GUARD in
!
interface GigabitEthernet1/0/2
 switchport mode access
 switchport access vlan 10
 switchport protected
!
interface Vlan10
 ip address 172.31.1.1 255.255.255.0
 shutdown
!
arp 172.31.1.232 03bf.ac1f.01e8 ARPA
mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2
";

const IGMP: &str = "\
clusters:
  - name: web
    mode: igmp-multicast
    primary_ip: 10.0.0.5/24
    vlan: 10
    nodes: [{name: nlb1, attach: sw1 Gi1/0/1}]
switches: [{name: sw1, vendor: ios, platform: catalyst-3750, gateway: true}]
";

const SHORT_TIMEOUT: &str = "\
hostname sw1
!
interface Vlan10
 ip address 10.0.0.1 255.255.255.0
 ip igmp query-interval 20
!
arp 10.0.0.5 0100.5e7f.0005 ARPA
";

#[test]
fn every_verdict_that_an_item_may_have_is_reached_by_some_design() {
    let packs = Packs::embedded();
    let mut reached: BTreeMap<&str, BTreeMap<Verdict, String>> = BTreeMap::new();
    for (name, example) in designs() {
        let Some((document, _)) = review(&example, &packs) else { continue };
        for item in document.sections.iter().flat_map(|section| &section.items) {
            reached.entry(item.id).or_default().entry(item.verdict).or_insert_with(|| name.clone());
        }
    }
    let mut wrong = Vec::new();
    for item in review::items() {
        let verdicts = reached.get(item.id).cloned().unwrap_or_default();
        for verdict in item.verdicts {
            if !verdicts.contains_key(&verdict) {
                wrong.push(format!("{}: nothing makes it `{}`; {verdicts:?}", item.id, verdict.title()));
            }
        }
        assert!(verdicts.keys().any(|verdict| *verdict != Verdict::Pass), "{} always passes", item.id);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_is_told_by_an_item_and_none_passes_then() {
    let packs = Packs::embedded();
    for (name, example) in designs() {
        let Some((document, codes)) = review(&example, &packs) else { continue };
        let items = || document.sections.iter().flat_map(|section| &section.items);
        let told = items().flat_map(|item| item.evidence.iter().map(move |evidence| (item, evidence)));
        let told: Vec<_> = told.filter_map(|(item, evidence)| Some((item, evidence.rule.clone()?))).collect();
        for code in codes {
            let (item, _) = told
                .iter()
                .find(|(_, rule)| *rule == code)
                .unwrap_or_else(|| panic!("{name}: nothing tells {code}"));
            assert!(item.verdict != Verdict::Pass, "{name}: {} passes in spite of {code}", item.id);
        }
    }
}

#[test]
fn every_rule_is_one_that_an_item_rests_on() {
    let known: BTreeSet<u16> = review::items().flat_map(|item| item.rules).copied().collect();
    // A design that cannot be used is not reviewed.
    let missing: Vec<_> =
        lint::rules().map(|rule| rule.code.0).filter(|code| *code != 901 && !known.contains(code)).collect();
    assert_eq!(missing, [0; 0], "add them to an item in src/review/checklist");
    let ids: BTreeSet<&str> = review::items().map(|item| item.id).collect();
    assert_eq!(ids.len(), review::items().count(), "an item's name is its own");
    for item in review::items() {
        let page = include_str!("../docs/review.md");
        assert!(page.contains(&format!("`{}`", item.id)), "docs/review.md says nothing about {}", item.id);
        assert!(item.id.starts_with(&format!("{}.", item.section)), "{} in {}", item.id, item.section);
    }
}

#[test]
fn a_terminal_gets_lines_that_fit_it_and_no_table() {
    let packs = Packs::embedded();
    let design = include_str!("../fixtures/story/recommended.yaml");
    let (document, _) = review(&Example { design: Some(design), configs: Vec::new() }, &packs).unwrap();
    let text = |width, color| review::render(&document, review::Format::Text { width, color }).unwrap();
    let plain = text(72, false);
    let typed: BTreeSet<&str> = document
        .switches
        .iter()
        .flat_map(|switch| switch.apply.iter().chain(&switch.rollback).chain(&switch.verify))
        .map(|line| line.text.trim())
        .collect();
    let shown = document.sections.iter().flat_map(|section| &section.items);
    let commands: BTreeSet<&str> = shown
        .flat_map(|item| item.commands.iter().flat_map(|commands| &commands.lines))
        .map(|line| line.trim())
        .collect();
    for line in plain.lines() {
        let whole = typed.contains(line.trim()) || commands.contains(line.trim());
        assert!(whole || line.chars().count() <= 72, "{line}");
        assert!(!line.contains(" | ") && !line.contains("<code>") && !line.contains('\u{1b}'), "{line}");
    }
    let colored = text(72, true);
    assert!(colored.contains("\u{1b}[33m") && colored.matches("\u{1b}[").count() % 2 == 0);
    let bare = colored.split('\u{1b}').enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('m').unwrap().1,
    });
    assert_eq!(bare.collect::<String>(), plain, "colours change no word");
    assert_eq!(text(1, false), text(40, false));
}
