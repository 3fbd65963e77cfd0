//! `lint --coverage` and the notes about lines that are not understood, through the program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use insta::assert_snapshot;
use support::Workshop;

/// A Catalyst: 11 lines that count, two of them unknown, one doubtful, and four that say nothing.
const CATALYST: &str = "\
! Last configuration change at 10:00:00 UTC Mon Jan 1 2024
version 15.2
no service pad
hostname core1
snmp-server community Tr0ub4dor RO
zebra stripes
interface GigabitEthernet1/0/1
 description to nlb1
 switchport access vlan 10
 zebra secret Tr0ub4dor
!
ip igmp snooping vlan 10 something new
arp 10.0.10.50 03bf.0a00.0a32 ARPA
end
";

const NEXUS: &str = "\
!Command: show running-config
version 9.3(5) Bios:version 07.67
hostname leaf1
vlan 10
  name servers
interface Vlan10
  no shutdown
  ip address 10.0.10.2/24
  hsrp 10
    preempt
    ip 10.0.10.1
";

#[test]
fn every_line_counts_once_file_by_file_and_in_total() {
    let workshop = Workshop::new();
    workshop
        .file("configs/core1.cfg", CATALYST)
        .file("configs/leaf1.cfg", NEXUS)
        .file("notes.txt", "hello\n");
    assert_snapshot!(workshop.run("lint --coverage"), @r"
    $ nlbswitch lint --coverage
    understood  irrelevant         unknown      lines
             5           3       3 ( 28 %)         11  configs/core1.cfg (cisco-ios)
             9           1       0 (  0 %)         10  configs/leaf1.cfg (cisco-nxos)
             5           3       3 ( 28 %)         11  all of cisco-ios: 1 file
             9           1       0 (  0 %)         10  all of cisco-nxos: 1 file
            14           4       3 ( 15 %)         21  in total: 2 files

    what unknown lines of cisco-ios begin with:
             1  zebra stripes
             1  interface: zebra secret

    lines that begin like lines about NLB and are not understood:
    configs/core1.cfg:12: ip igmp snooping vlan 10 something new
    [exit 0]
    ");
}

#[test]
fn one_file_has_no_total_and_its_dialect_may_be_said() {
    let workshop = Workshop::new();
    workshop.file("sw1.cfg", "hostname sw1\nbridge multicast filtering\n");
    assert_snapshot!(workshop.run("lint --coverage sw1.cfg --dialect powerconnect"), @r"
    $ nlbswitch lint --coverage sw1.cfg --dialect powerconnect
    understood  irrelevant         unknown      lines
             2           0       0 (  0 %)          2  sw1.cfg (dell-powerconnect-5400)
    [exit 0]
    ");
}

#[test]
fn the_config_that_a_design_names_is_read_in_the_dialect_that_the_design_says() {
    let workshop = Workshop::with_design(
        "clusters:\n  - {name: web, mode: multicast, primary_ip: 10.0.10.50/24, vlan: 10, \
         nodes: [{name: n1, attach: sw1 g1}, {name: n2, attach: sw1 g2}]}\n\
         switches:\n  - {name: sw1, vendor: dell-powerconnect-5400, config: saved/sw1}\n",
    );
    workshop.file("saved/sw1", "hostname sw1\nbridge multicast filtering\n");
    let answer = workshop.output("lint --coverage design.yaml");
    assert_eq!(answer.code, 0, "{answer}");
    assert!(answer.out.contains("saved/sw1 (dell-powerconnect-5400)"), "{answer}");
}

#[test]
fn without_a_config_there_is_nothing_to_count() {
    let workshop = Workshop::with_design("clusters: []\n");
    assert_eq!(workshop.output("lint --coverage").code, 3);
    assert_eq!(workshop.output("lint --coverage missing.cfg").code, 2);
    assert_eq!(workshop.output("lint --coverage -").code, 3);
    assert_eq!(workshop.output("lint --coverage --format json").code, 2);
}

#[test]
fn a_run_names_the_lines_that_it_could_not_judge() {
    let workshop = Workshop::new();
    workshop.file("core1.cfg", CATALYST);
    let answer = workshop.output("lint core1.cfg --format json");
    let note = "note: core1.cfg:12: `ip igmp snooping vlan 10 something new` looks like a line about NLB and \
                is not understood: it was not judged\n";
    assert!(answer.err.contains(note), "{answer}");
    assert!(!answer.out.contains("something new"), "the report is what it was: {answer}");
    assert!(workshop.output("lint core1.cfg --quiet").err.is_empty());
}

#[test]
fn a_line_that_a_finding_names_is_not_named_again() {
    let workshop = Workshop::new();
    workshop.file(
        "core1.cfg",
        CATALYST.replace("ip igmp snooping vlan 10 something new", "arp 03bf.0a00.0a32 ARPA"),
    );
    let answer = workshop.output("lint core1.cfg --format concise");
    assert!(answer.out.contains("NLB116"), "{answer}");
    assert!(!answer.err.contains("not understood"), "{answer}");
}

#[test]
fn in_every_dialect_the_words_of_another_are_named() {
    for (pack, line) in [
        ("cisco-ios", "ip arp 10.0.10.50 03bf.0a00.0a32"),
        ("cisco-nxos", "arp 10.0.10.50 03bf.0a00.0a32 ARPA"),
        ("arista-eos", "ip arp 10.0.10.50 03bf.0a00.0a32"),
        ("dell-force10", "mac address-table static 03bf.0a00.0a32 vlan 10 interface Te 0/1"),
        ("dell-powerconnect-5400", "arp 10.0.10.50 03:bf:0a:00:0a:32 ethernet g1"),
    ] {
        let workshop = Workshop::new();
        workshop.file("sw1.cfg", format!("hostname sw1\n{line}\n"));
        let answer = workshop.output(&format!("lint sw1.cfg --dialect {pack} --format concise"));
        let told = answer.err.contains("not understood") || answer.out.contains("NLB116");
        assert!(told, "{pack}: {answer}");
    }
}

#[test]
fn more_doubts_than_anybody_reads_are_counted() {
    let workshop = Workshop::new();
    let odd: String = (1..=25).map(|vlan| format!("ip igmp snooping vlan {vlan} something\n")).collect();
    workshop.file("core1.cfg", format!("{CATALYST}{odd}"));
    let err = workshop.output("lint core1.cfg").err;
    assert_eq!(err.matches("was not judged").count(), 20, "{err}");
    assert!(err.contains("note: 6 more such lines: `nlbswitch lint --coverage` names all\n"), "{err}");
}

/// What a config inherits is not read: that is told, also where something is missing that may stand there.
#[test]
fn what_groups_of_junos_hold_is_told() {
    let design = "clusters:\n  - {name: web, mode: multicast, primary_ip: 10.0.10.50/24, vlan: 10}\n\
                  switches:\n  - {name: sw1, vendor: junos, gateway: true, config: sw1.cfg}\n";
    let workshop = Workshop::with_design(design);
    let own = "set version 15.1R7\nset system host-name sw1\nset vlans web vlan-id 10\nset vlans web l3-interface irb.10\n\
               set interfaces irb unit 10 family inet address 10.0.10.254/24\nset apply-groups nlb\n";
    let harmless = "set groups nlb interfaces fxp0 unit 0 family inet address 10.9.9.1/24\nset groups nlb system services ssh\n";
    let inherited = "set groups nlb interfaces irb unit 10 family inet address 10.0.10.254/24 arp 10.0.10.50 \
                     multicast-mac 03:bf:0a:00:0a:32\n";
    workshop.file("sw1.cfg", format!("{own}{harmless}"));
    let whole = workshop.output("lint design.yaml --select NLB401");
    assert!(!whole.out.contains("not understood") && !whole.err.contains("note: "), "{whole}");
    workshop.file("sw1.cfg", format!("{own}{harmless}{inherited}"));
    let likely = workshop.output("lint design.yaml --select NLB401");
    assert!(likely.code == 0 && likely.out.contains("likely lacks"), "{likely}");
    assert!(likely.out.contains("this line is not understood"), "{likely}");
    assert!(likely.err.contains("note: sw1.cfg:9: `groups nlb interfaces irb unit 10"), "{likely}");
    // Without a design such a line alone is worth a look.
    let alone = workshop.output("lint sw1.cfg");
    assert!(alone.err.contains("note: sw1.cfg:9: `groups nlb interfaces irb unit 10"), "{alone}");
}
