//! The rules of the 1xx and 3xx families on small designs: where they speak, where they must not, and which one of
//! several does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use nlbswitch::lint::{self, Outcome};
use nlbswitch::source::Sources;
use nlbswitch::vendor::Packs;

/// The findings of these families: code, severity, and the text they point at.
fn shown(outcome: &Outcome, sources: &Sources) -> Vec<String> {
    let ours = outcome.findings.iter().filter(|finding| matches!(finding.code.0, 100..200 | 300..400 | 901));
    let line = |finding: &nlbswitch::diagnostic::Diagnostic| {
        let text = finding.span.map_or("", |span| sources.slice(span));
        format!("{} {} {text}", finding.code, finding.severity)
    };
    ours.map(line).collect()
}

fn lint(design: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let outcome =
        lint::lint_text("design.yaml", design, &Packs::embedded(), &mut sources).expect("an outcome");
    shown(&outcome, &sources)
}

/// A cluster named `web` in VLAN 10, with two nodes on one switch and these further lines.
fn web(mode: &str, primary: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "clusters:\n  - name: web\n    mode: {mode}\n    primary_ip: {primary}\n    vlan: 10\n{lines}    nodes:\n      \
         - {{name: nlb1, attach: sw1 Gi1/0/1}}\n      - {{name: nlb2, attach: sw1 Gi1/0/2}}\n{SWITCH}"
    )
}

const SWITCH: &str = "switches:\n  - {name: sw1, vendor: cisco-ios, gateway: true, querier: true}\n";

/// Clusters, each given as a flow mapping, and further lines.
fn clusters(mappings: &[&str], rest: &str) -> String {
    let list: String = mappings.iter().map(|mapping| format!("  - {{{mapping}}}\n")).collect();
    format!("clusters:\n{list}{rest}")
}

/// A cluster with these nodes, each given as a flow mapping.
fn nodes(mappings: &[&str]) -> String {
    let list: String = mappings.iter().map(|mapping| format!("      - {{{mapping}}}\n")).collect();
    format!(
        "clusters:\n  - name: web\n    mode: igmp-multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    \
         nodes:\n{list}"
    )
}

#[test]
fn an_override_is_judged_by_the_mistake_it_shows() {
    for (mode, primary, mac, expected) in [
        ("multicast", "172.31.1.232/24", "03bf.bc1f.0164", &["NLB101 error 03bf.bc1f.0164"][..]),
        ("multicast", "172.31.1.232/24", "03bf.ac1f.01e9", &["NLB102 error 03bf.ac1f.01e9"]),
        ("multicast", "172.31.1.232/24", "02bf.ac1f.01e9", &["NLB102 error 02bf.ac1f.01e9"]),
        ("multicast", "172.31.1.232/24", "02bf.ac1f.01e8", &["NLB103 error 02bf.ac1f.01e8"]),
        ("igmp-multicast", "172.31.1.232/24", "03bf.ac1f.01e8", &["NLB103 error 03bf.ac1f.01e8"]),
        ("unicast", "10.10.20.30/24", "02bf.1010.2030", &["NLB104 error 02bf.1010.2030"]),
        ("multicast", "10.62.10.1/24", "03bf.0a3e.1001", &["NLB104 error 03bf.0a3e.1001"]),
        ("multicast", "10.20.30.41/24", "03bf.291e.140a", &["NLB105 error 03bf.291e.140a"]),
        ("igmp-multicast", "10.1.20.30/24", "0100.5e7f.1e14", &["NLB105 error 0100.5e7f.1e14"]),
        // A palindrome reversed, and octets below ten in decimal, are the right MAC: no more than redundant.
        ("multicast", "10.1.1.10/24", "03bf.0a01.010a", &["NLB115 warning 03bf.0a01.010a"]),
        ("multicast", "1.2.3.4/24", "03bf.0102.0304", &["NLB115 warning 03bf.0102.0304"]),
        ("multicast", "172.31.1.232/24", "0300.5e01.0101", &["NLB101 error 0300.5e01.0101"]), // Cisco's example
        ("unicast", "172.31.1.232/24", "00bf.ac1f.01e8", &["NLB101 error 00bf.ac1f.01e8"]),
        ("unicast", "172.31.1.232/24", "0201.ac1f.01e8", &["NLB101 error 0201.ac1f.01e8"]),
        ("multicast", "172.31.1.232/24", "03fb.ac1f.01e8", &["NLB101 error 03fb.ac1f.01e8"]),
        // A MAC of one's own is a choice, as long as its group bit fits the mode.
        ("unicast", "172.31.1.232/24", "0200.5e00.5301", &["NLB115 warning 0200.5e00.5301"]),
        ("unicast", "172.31.1.232/24", "0201.0a00.0001", &["NLB115 warning 0201.0a00.0001"]),
        ("multicast", "172.31.1.232/24", "0300.0000.0001", &["NLB115 warning 0300.0000.0001"]),
        ("unicast", "172.31.1.232/24", "0300.0000.0001", &["NLB115 error 0300.0000.0001"]),
        ("multicast", "172.31.1.232/24", "0200.5e00.5301", &["NLB115 error 0200.5e00.5301"]),
        // Nothing is derived from an IPv6 primary, and the override is the way to say the MAC.
        ("multicast", "2001:db8::1/64", "03bf.ac1f.01e8", &[]),
        ("multicast", "2001:db8::1/64", "02bf.ac1f.01e8", &["NLB115 error 02bf.ac1f.01e8"]),
    ] {
        let design = match primary == "172.31.1.232/24" {
            true => web(mode, primary, &[&format!("mac_override: {mac}"), "virtual_ips: [172.31.1.233]"]),
            false => web(mode, primary, &[&format!("mac_override: {mac}")]),
        };
        assert_eq!(lint(&design), expected, "{mode} {primary} {mac}");
    }
}

#[test]
fn the_mac_of_another_cluster_is_a_mix_up_and_no_misspelling() {
    // 03bf.1010.2030 is 10.10.20.30 in decimal, and the MAC of 16.16.32.48.
    let web =
        "name: web, mode: multicast, primary_ip: 10.10.20.30/24, vlan: 10, mac_override: 03bf.1010.2030";
    let app = "name: app, mode: multicast, primary_ip: 16.16.32.48/24, vlan: 20";
    assert_eq!(lint(&clusters(&[web], "")), ["NLB104 error 03bf.1010.2030"]);
    assert_eq!(lint(&clusters(&[web, app], "")), ["NLB101 error 03bf.1010.2030"]);
}

/// Judges a design whose switch names `sw1.cfg`, and that config.
fn judge_config(cluster: &[&str], mode: &str, config: &str) -> (Outcome, Sources) {
    let directory = tempfile::tempdir().expect("a directory");
    let design = web(mode, "172.31.1.232/24", cluster).replace("querier: true", "config: sw1.cfg");
    std::fs::write(directory.path().join("design.yaml"), design).expect("a design");
    std::fs::write(directory.path().join("sw1.cfg"), config).expect("a config");
    let mut sources = Sources::new();
    let path = directory.path().join("design.yaml");
    let outcome = lint::lint_design(&path, directory.path(), &Packs::embedded(), &mut sources);
    (outcome.expect("an outcome"), sources)
}

fn lint_config(cluster: &[&str], mode: &str, config: &str) -> Vec<String> {
    let (outcome, sources) = judge_config(cluster, mode, config);
    shown(&outcome, &sources)
}

#[test]
fn a_wrong_line_comes_with_the_lines_that_mend_it() {
    for (mode, config, code, expected) in [
        (
            "multicast",
            "arp 172.31.1.232 03bf.bc1f.0164 ARPA\n",
            101,
            &["arp 172.31.1.232 03bf.ac1f.01e8 ARPA"][..], // it takes the place of the first
        ),
        // The right entry comes before the wrong one goes.
        (
            "multicast",
            "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Gi1/0/2\n",
            103,
            &[
                "mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2",
                "no mac address-table static 02bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2",
            ],
        ),
    ] {
        let (outcome, _) = judge_config(&[], mode, config);
        let finding = outcome.findings.iter().find(|finding| finding.code.0 == code).expect("the finding");
        let remediation = finding.remediation.as_ref().expect("lines");
        assert_eq!((remediation.switch.as_str(), finding.switch.as_deref()), ("sw1", Some("sw1")));
        assert_eq!(remediation.lines, expected);
    }
}

#[test]
fn config_lines_are_judged_by_the_mistake_they_show() {
    let two = &["virtual_ips: [172.31.1.233]"][..];
    let fixed = &["mac_override: 03-00-5E-00-53-01"][..];
    for (cluster, mode, config, expected) in [
        (&[][..], "multicast", "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n", &[][..]),
        (&[], "multicast", "arp 172.31.1.232 03bf.bc1f.0164 ARPA\n", &["NLB101 error 03bf.bc1f.0164"]),
        // What is taken back later does not count.
        (
            &[],
            "multicast",
            "arp 172.31.1.232 03bf.bc1f.0164 ARPA\nno arp 172.31.1.232 03bf.bc1f.0164 ARPA\n\
             arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n",
            &[],
        ),
        (&[], "multicast", "arp 172.31.1.232 0300.5e01.0101 ARPA\n", &["NLB106 error 0300.5e01.0101"]),
        (&[], "unicast", "arp 172.31.1.232 00bf.ac1f.01e8 ARPA\n", &["NLB107 warning 00bf.ac1f.01e8"]),
        (two, "multicast", "arp 172.31.1.233 03bf.ac1f.01e8 ARPA\n", &[]),
        (two, "multicast", "arp 172.31.1.233 03bf.ac1f.01e9 ARPA\n", &["NLB102 error 03bf.ac1f.01e9"]),
        (&[], "igmp-multicast", "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n", &["NLB103 error 03bf.ac1f.01e8"]),
        (&[], "multicast", "arp 172.31.1.232 03bf.e801.1fac ARPA\n", &["NLB105 error 03bf.e801.1fac"]),
        // Addresses that are no VIP, or in another table, are somebody else's.
        (&[], "multicast", "arp 172.31.1.99 0015.5d01.0203 ARPA\n", &[]),
        (&[], "multicast", "arp vrf RED 172.31.1.232 03bf.bc1f.0164 ARPA\n", &[]),
        (&["vrf: RED"], "multicast", "arp 172.31.1.232 03bf.bc1f.0164 ARPA\n", &[]),
        (
            &["vrf: RED"],
            "multicast",
            "arp vrf RED 172.31.1.232 03bf.bc1f.0164 ARPA\n",
            &["NLB101 error 03bf.bc1f.0164"],
        ),
        // With an override the lines are compared with it.
        (fixed, "multicast", "arp 172.31.1.232 0300.5e00.5301 ARPA\n", &["NLB115 warning 03-00-5E-00-53-01"]),
        (
            fixed,
            "multicast",
            "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n",
            &["NLB101 error 03bf.ac1f.01e8", "NLB115 warning 03-00-5E-00-53-01"],
        ),
        // A static MAC entry shows a mistake by its MAC only, and a leftover beside the right one is an orphan.
        (
            &[],
            "igmp-multicast",
            "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n",
            &["NLB103 error 03bf.ac1f.01e8"],
        ),
        (
            &[],
            "igmp-multicast",
            "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n\
             mac address-table static 0100.5e7f.01e8 vlan 10 interface Gi1/0/1\n",
            &["NLB111 warning mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1"],
        ),
        (
            &[],
            "multicast",
            "mac address-table static 03bf.ac1f.0101 vlan 10 interface Gi1/0/1\n",
            &["NLB111 warning mac address-table static 03bf.ac1f.0101 vlan 10 interface Gi1/0/1"],
        ),
        (
            &[],
            "igmp-multicast",
            "mac address-table static 03bf.ac1f.01e8 vlan 20 interface Gi1/0/1\n",
            &["NLB111 warning mac address-table static 03bf.ac1f.01e8 vlan 20 interface Gi1/0/1"],
        ),
        // The pair of lines that circulates on the web is one mistake.
        (
            &[],
            "multicast",
            "arp 172.31.1.232 03bf.bc1f.0164 ARPA\n\
             mac address-table static 03bf.bc1f.0164 vlan 10 interface Gi1/0/1\n",
            &["NLB101 error 03bf.bc1f.0164"],
        ),
    ] {
        let mut found = lint_config(cluster, mode, config);
        found.sort();
        assert_eq!(found, expected, "{cluster:?} {mode}\n{config}");
    }
}

#[test]
fn a_group_set_by_hand_is_wrong_chosen_or_without_effect() {
    for (mode, windows, group, expected) in [
        ("igmp-multicast", "", "239.244.1.232", &["NLB108 error 239.244.1.232"][..]),
        ("igmp-multicast", "", "239.255.1.233", &["NLB108 error 239.255.1.233"]),
        ("igmp-multicast", "", "10.0.0.1", &["NLB108 error 10.0.0.1"]),
        ("igmp-multicast", "2012 R2", "239.1.1.1", &["NLB108 error 239.1.1.1"]),
        ("igmp-multicast", "2003", "239.1.1.1", &["NLB115 warning 239.1.1.1"]),
        ("igmp-multicast", "2003 R2", "239.1.1.1", &["NLB115 warning 239.1.1.1"]),
        ("igmp-multicast", "2003", "239.244.1.232", &["NLB108 error 239.244.1.232"]),
        ("igmp-multicast", "2003", "10.0.0.1", &["NLB108 error 10.0.0.1"]),
        ("igmp-multicast", "", "239.255.1.232", &["NLB115 warning 239.255.1.232"]),
        ("multicast", "", "239.244.1.232", &["NLB115 warning 239.244.1.232"]),
    ] {
        let mut lines = vec![format!("igmp_group_override: {group}")];
        if !windows.is_empty() {
            lines.push(format!("windows: \"{windows}\""));
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(lint(&web(mode, "172.31.1.232/24", &lines)), expected, "{mode} {windows} {group}");
    }
}

#[test]
fn igmp_clusters_collide_by_their_last_two_octets() {
    let cluster = |name: &str, primary: &str, vlan: u16, more: &str| {
        format!("name: {name}, mode: igmp-multicast, primary_ip: {primary}, vlan: {vlan}{more}")
    };
    let at = |switch: &str| format!(", nodes: [{{name: n1, attach: {switch} Gi1/0/1}}]");
    let two = "switches:\n  - {name: sw1, vendor: cisco-ios}\n  - {name: sw2, vendor: cisco-ios}\n";
    let joined = "switches:\n  - {name: sw1, vendor: cisco-ios, links: [Gi1/0/24 sw2 Gi1/0/24]}\n  - {name: sw2, vendor: cisco-ios}\n";
    let pruned = "switches:\n  - {name: sw1, vendor: cisco-ios, links: [{port: Gi1/0/24, to: sw2 Gi1/0/24, vlans: [20]}]}\n  - {name: sw2, vendor: cisco-ios}\n";
    let error = "NLB109 error 10.2.1.232/24";
    let warning = "NLB109 warning 10.2.1.232/24";
    for (one, other, rest, expected) in [
        (cluster("a", "10.1.1.232/24", 10, ""), cluster("b", "10.2.1.232/24", 10, ""), "", &[error][..]),
        (cluster("a", "10.1.1.232/24", 10, ""), cluster("b", "10.2.1.232/24", 20, ""), "", &[warning]),
        (cluster("a", "10.1.1.232/24", 10, ""), cluster("b", "10.2.2.232/24", 10, ""), "", &[]),
        (
            cluster("a", "10.1.1.232/24", 10, &at("sw1")),
            cluster("b", "10.2.1.232/24", 10, &at("sw1")),
            two,
            &[error],
        ),
        (
            cluster("a", "10.1.1.232/24", 10, &at("sw1")),
            cluster("b", "10.2.1.232/24", 10, &at("sw2")),
            joined,
            &[error],
        ),
        // VLAN 10 here and VLAN 10 there are two, as far as the design joins them.
        (
            cluster("a", "10.1.1.232/24", 10, &at("sw1")),
            cluster("b", "10.2.1.232/24", 10, &at("sw2")),
            two,
            &[warning],
        ),
        (
            cluster("a", "10.1.1.232/24", 10, &at("sw1")),
            cluster("b", "10.2.1.232/24", 10, &at("sw2")),
            pruned,
            &[warning],
        ),
        // An override moves one of them away.
        (
            cluster("a", "10.1.1.232/24", 10, ", mac_override: 0100.5e00.0001"),
            cluster("b", "10.2.1.232/24", 10, ""),
            "",
            &["NLB115 warning 0100.5e00.0001"],
        ),
        // One primary twice is another mistake.
        (
            cluster("a", "10.2.1.232/24", 10, ""),
            cluster("b", "10.2.1.232/24", 10, ""),
            "",
            &["NLB114 error 10.2.1.232/24"],
        ),
        // Two VRFs, one address: legal, and the same MAC all the same.
        (
            cluster("a", "10.2.1.232/24", 10, ", vrf: RED"),
            cluster("b", "10.2.1.232/24", 20, ", vrf: BLUE"),
            "",
            &[warning],
        ),
    ] {
        assert_eq!(lint(&clusters(&[&one, &other], rest)), expected, "{one}\n{other}\n{rest}");
    }
}

#[test]
fn each_colliding_cluster_is_told_once() {
    let many: Vec<String> = (1..=40)
        .map(|n| format!("name: c{n}, mode: igmp-multicast, primary_ip: 10.{n}.1.232/24, vlan: 10"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(lint(&clusters(&many, "")).len(), 39);
}

#[test]
fn well_known_groups_are_met_in_igmp_mode_only() {
    for (mode, primary, expected) in [
        ("igmp-multicast", "10.1.255.250/16", &["NLB110 warning 10.1.255.250/16"][..]),
        ("igmp-multicast", "10.1.255.253/16", &["NLB110 warning 10.1.255.253/16"]),
        ("igmp-multicast", "10.1.255.251/16", &[]),
        ("igmp-multicast", "10.1.254.250/16", &[]),
        ("igmp-multicast", "10.1.0.1/16", &[]), // DDS: general knowledge
        ("multicast", "10.1.255.250/16", &[]),
    ] {
        assert_eq!(lint(&web(mode, primary, &[])), expected, "{mode} {primary}");
    }
}

#[test]
fn a_vip_is_a_hosts_address() {
    for (primary, vips, expected) in [
        ("10.0.0.5/24", "10.0.0.6", &[][..]),
        ("10.0.0.0/24", "10.0.0.6", &["NLB113 error 10.0.0.0/24"]),
        ("10.0.0.255/24", "10.0.0.6", &["NLB113 error 10.0.0.255/24"]),
        ("10.0.0.255/16", "10.0.1.0", &[]), // in the middle of a /16
        ("10.0.0.4/31", "10.0.0.5", &[]),
        ("10.0.0.5/32", "2001:db8::5", &[]),
        ("10.0.0.5/24", "10.0.0.255", &["NLB113 error 10.0.0.255"]),
        ("10.0.0.5/24", "224.0.0.5", &["NLB113 error 224.0.0.5"]),
        ("10.0.0.5/24", "127.0.0.1", &["NLB113 error 127.0.0.1"]),
        ("10.0.0.5/24", "255.255.255.255", &["NLB113 error 255.255.255.255"]),
        ("10.0.0.5/24", "0.0.0.0", &["NLB113 error 0.0.0.0"]),
        // Outside the primary's subnet only its own prefix tells the network.
        ("10.0.0.5/24", "10.0.1.255", &["NLB304 warning 10.0.1.255"]),
        ("10.0.0.5/24", "10.0.1.255/24", &["NLB113 error 10.0.1.255/24", "NLB304 warning 10.0.1.255/24"]),
        ("10.0.0.5/24", "2001:db8::5", &[]),
    ] {
        let design = web("multicast", primary, &[&format!("virtual_ips: [\"{vips}\"]")]);
        let found: Vec<String> = lint(&design).iter().map(|line| line.replace('"', "")).collect();
        assert_eq!(found, expected, "{primary} {vips}");
    }
}

#[test]
fn a_vip_on_its_own_gateway_is_no_vip() {
    let at = |vrf: &str, gateway: &str| {
        let cluster = format!(
            "name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10{vrf}, nodes: [{{name: n1, ip: 10.0.0.2, attach: sw1 Gi1/0/1}}]"
        );
        clusters(
            &[&cluster],
            &format!("switches:\n  - {{name: sw1, vendor: cisco-ios, gateway: {{{gateway}}}}}\n"),
        )
    };
    for (vrf, gateway, expected) in [
        ("", "ip: 10.0.0.254", &[][..]),
        ("", "ip: 10.0.0.1", &["NLB113 error 10.0.0.1/24"]),
        ("", "ip: 10.0.0.1/24", &["NLB113 error 10.0.0.1/24"]),
        (", vrf: RED", "ip: 10.0.0.1, vrf: RED", &["NLB113 error 10.0.0.1/24"]),
        (", vrf: RED", "ip: 10.0.0.1, vrf: BLUE", &[]), // it routes for somebody else
        ("", "ip: 10.0.0.2", &["NLB114 error 10.0.0.2"]),
        (", vrf: RED", "ip: 10.0.0.2, vrf: BLUE", &[]),
    ] {
        assert_eq!(lint(&at(vrf, gateway)), expected, "{vrf} {gateway}");
    }
}

#[test]
fn an_address_has_one_owner_in_each_vrf() {
    let cluster = |name: &str, vip: &str, node: &str, more: &str| {
        format!("name: {name}, mode: multicast, primary_ip: {vip}, vlan: 10, nodes: [{{name: {node}}}]{more}")
    };
    for (one, other, expected) in [
        (cluster("a", "10.0.0.1/24", "n1", ""), cluster("b", "10.0.0.2/24", "n1", ""), &[][..]),
        (
            cluster("a", "10.0.0.1/24", "n1", ", virtual_ips: [10.0.0.3]"),
            cluster("b", "10.0.0.2/24", "n1", ", virtual_ips: [10.0.0.3]"),
            &["NLB114 error 10.0.0.3"],
        ),
        (
            cluster("a", "10.0.0.1/24", "n1", ", virtual_ips: [10.0.0.2]"),
            cluster("b", "10.0.0.2/24", "n1", ""),
            &["NLB114 error 10.0.0.2/24"],
        ),
        // Overlapping VRFs.
        (
            cluster("a", "10.0.0.1/24", "n1", ", vrf: RED"),
            cluster("b", "10.0.0.1/24", "n1", ", vrf: BLUE"),
            &[],
        ),
        (cluster("a", "10.0.0.1/24", "n1", ""), cluster("b", "10.0.0.1/24", "n1", ", vrf: BLUE"), &[]),
        (
            cluster("a", "10.0.0.1/24", "n1", ", vrf: RED"),
            cluster("b", "10.0.0.1/24", "n1", ", vrf: RED"),
            &["NLB114 error 10.0.0.1/24"],
        ),
        // A node on a VIP of its own cluster, or of another.
        (
            cluster("a", "10.0.0.1/24", "n1, ip: 10.0.0.1", ""),
            cluster("b", "10.0.0.2/24", "n2, ip: 10.0.0.12", ""),
            &["NLB114 error 10.0.0.1"],
        ),
        (
            cluster("a", "10.0.0.1/24", "n1, ip: 10.0.0.2", ""),
            cluster("b", "10.0.0.2/24", "n2, ip: 10.0.0.12", ""),
            &["NLB114 error 10.0.0.2"],
        ),
        (
            cluster("a", "10.0.0.1/24", "n1, ip: 10.0.0.2", ", vrf: RED"),
            cluster("b", "10.0.0.2/24", "n2, ip: 10.0.0.12", ", vrf: BLUE"),
            &[],
        ),
        // One server in two clusters.
        (
            cluster("a", "10.0.0.1/24", "n1, ip: 10.0.0.11", ""),
            cluster("b", "10.0.0.2/24", "n1, ip: 10.0.0.11", ""),
            &[],
        ),
        // Two nodes of one cluster.
        (
            cluster("a", "10.0.0.1/24", "n1, ip: 10.0.0.11}, {name: n2, ip: 10.0.0.11", ""),
            cluster("b", "10.0.0.2/24", "n1", ""),
            &["NLB114 error 10.0.0.11"],
        ),
    ] {
        assert_eq!(lint(&clusters(&[&one, &other], "")), expected, "{one}\n{other}");
    }
}

#[test]
fn one_cluster_in_two_modes_is_no_address_conflict() {
    let one = "name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, virtual_ips: [10.0.0.2]";
    let other = "name: b, mode: igmp-multicast, primary_ip: 10.0.0.1/24, vlan: 10, virtual_ips: [10.0.0.2]";
    assert_eq!(lint(&clusters(&[one, other], "")), ["NLB310 error igmp-multicast"]);
    let apart = other.replace("vlan: 10", "vlan: 10, vrf: RED");
    assert_eq!(lint(&clusters(&[one, &apart], "")), [""; 0]);
    let mixed = nodes(&["name: n1, mode: igmp-multicast", "name: n2, mode: unicast"]);
    assert_eq!(lint(&mixed), ["NLB310 error unicast"]);
}

#[test]
fn nodes_are_counted() {
    for (count, expected) in
        [(8, None), (9, Some("NLB302 info n9")), (32, Some("NLB302 info n9")), (33, Some("NLB301 error n33"))]
    {
        let names: Vec<String> = (1..=count).map(|n| format!("name: n{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = lint(&nodes(&names));
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            expected.into_iter().collect::<Vec<_>>()
        );
    }
}

#[test]
fn host_priorities_are_unique_in_range_and_complete() {
    for (priorities, expected) in [
        (&["", ""][..], &[][..]),
        (&["1", "2"], &[]),
        (&["1", "32"], &[]),
        (&["0", "1"], &["NLB303 error 0"]),
        (&["1", "33"], &["NLB303 error 33"]),
        (&["33", "33"], &["NLB303 error 33", "NLB303 error 33"]),
        (&["1", "1"], &["NLB303 error 1"]),
        (&["1", "1", "1"], &["NLB303 error 1", "NLB303 error 1"]),
        (&["", "2", ""], &["NLB303 error n1"]),
    ] {
        let list: Vec<String> = (1..)
            .zip(priorities)
            .map(|(n, priority)| match *priority {
                "" => format!("name: n{n}"),
                number => format!("name: n{n}, priority: {number}"),
            })
            .collect();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        assert_eq!(lint(&nodes(&list)), expected, "{priorities:?}");
    }
}

#[test]
fn nodes_live_in_the_primarys_subnet() {
    for (ip, expected) in [
        ("172.31.1.11", &[][..]),
        ("172.31.1.11/24", &[]),
        ("172.31.1.11/25", &["NLB304 error 172.31.1.11/25"]),
        ("172.31.2.11", &["NLB304 error 172.31.2.11"]),
        ("172.31.0.255", &["NLB304 error 172.31.0.255"]),
    ] {
        assert_eq!(lint(&nodes(&[&format!("name: n1, ip: {ip}")])), expected, "{ip}");
    }
}

#[test]
fn what_a_node_states_is_judged_and_what_it_leaves_out_is_not() {
    for (node, expected) in [
        ("name: n1", &[][..]),
        ("name: n1, dhcp: false", &[]),
        ("name: n1, dhcp: true", &["NLB305 error true"]),
        ("name: n1, mask_source_mac: true", &[]),
        ("name: n1, mask_source_mac: false", &[]), // IGMP mode: the adapter keeps its own MAC
        ("name: n1, mode: igmp-multicast", &[]),
    ] {
        assert_eq!(lint(&nodes(&[node])), expected, "{node}");
    }
    let unicast = nodes(&["name: n1, mask_source_mac: false"]).replace("igmp-multicast", "unicast");
    assert_eq!(lint(&unicast), ["NLB312 warning false"]);
}

#[test]
fn a_heartbeat_is_changed_when_it_differs() {
    for (heartbeat, expected) in [
        ("{period_ms: 1000, tolerance: 5}", &[][..]),
        ("{period_ms: 1000}", &[]),
        ("{}", &[]),
        ("{period_ms: 500}", &["NLB311 warning 500"]),
        ("{tolerance: 10}", &["NLB311 warning 10"]),
        ("{period_ms: 2000, tolerance: 10}", &["NLB311 warning 2000"]),
    ] {
        let design = web("igmp-multicast", "172.31.1.232/24", &[&format!("heartbeat: {heartbeat}")]);
        assert_eq!(lint(&design), expected, "{heartbeat}");
    }
}

#[test]
fn port_rules_are_alike_on_every_node() {
    for (cluster, first, second, expected) in [
        ("", "[{ports: 80}]", "[{ports: 80}]", &[][..]),
        ("", "[{ports: 80}, {ports: 443}]", "[{ports: 443}, {ports: 80}]", &[]),
        ("", "[{ports: 80}]", "", &[]), // the other node's rules are not stated
        ("[{ports: 80}]", "", "", &[]),
        ("[{ports: 80}]", "[{ports: 443}]", "[{ports: 443}]", &[]), // the cluster's own apply to no node
        ("[{ports: 80}]", "[{ports: 80, weight: 70}]", "", &[]),
        ("[{ports: 80}]", "[{ports: 81}]", "", &["NLB306 error [{ports: 81}]"]),
        ("[{ports: 80}]", "", "[]", &["NLB306 error []"]),
        ("", "[{ports: 80}]", "[{ports: 80}, {ports: 443}]", &["NLB306 error [{ports: 80}, {ports: 443}]"]),
        (
            "",
            "[{ports: 80, affinity: none, protocol: tcp}]",
            "[{ports: 80, protocol: tcp}]",
            &["NLB306 error [{ports: 80, protocol: tcp}]"],
        ),
    ] {
        assert_eq!(lint(&with_rules(cluster, first, second)), expected, "{cluster} | {first} | {second}");
    }
}

/// A cluster with port rules of its own and of its two nodes; an empty text states none.
fn with_rules(cluster: &str, first: &str, second: &str) -> String {
    let stated =
        |rules: &str| if rules.is_empty() { String::new() } else { format!(", port_rules: {rules}") };
    let nodes = nodes(&[&format!("name: n1{}", stated(first)), &format!("name: n2{}", stated(second))]);
    match cluster {
        "" => nodes,
        rules => nodes.replace("    vlan: 10\n", &format!("    vlan: 10\n    port_rules: {rules}\n")),
    }
}

#[test]
fn handling_priorities_are_unique_and_in_range() {
    let single = |weight: &str| format!("[{{ports: 80, filtering: single{weight}}}]");
    for (cluster, first, second, expected) in [
        ("", ", weight: 1", ", weight: 2", &[][..]),
        ("", ", weight: 1", ", weight: 32", &[]),
        ("", ", weight: 1", ", weight: 1", &["NLB307 error 1"]),
        ("", ", weight: 0", ", weight: 1", &["NLB307 error 0"]),
        ("", ", weight: 1", ", weight: 33", &["NLB307 error 33"]),
        ("", "", ", weight: 1", &[]),
        (", weight: 1", "-", "-", &["NLB307 error 1"]), // one number for both nodes
        (", weight: 33", "-", "-", &["NLB307 error 33"]),
        ("", "-", "-", &[]),
        (", weight: 1", "-", ", weight: 1", &["NLB307 error 1"]),
        (", weight: 1", "-", ", weight: 2", &[]),
    ] {
        let node = |weight: &str| if weight == "-" { String::new() } else { single(weight) };
        let design = with_rules(&single(cluster), &node(first), &node(second));
        assert_eq!(lint(&design), expected, "{cluster} | {first} | {second}");
    }
    // The load weight of a shared rule is no priority.
    let shared = "[{ports: 80, weight: 50}]";
    assert_eq!(lint(&with_rules("", shared, shared)), [""; 0]);
}

#[test]
fn affinity_matters_where_udp_is_shared() {
    for (rule, fires) in [
        ("ports: 53, protocol: udp, affinity: none", true),
        ("ports: 53, protocol: both, affinity: none", true),
        ("ports: 53, affinity: none", true),
        ("ports: 53, protocol: tcp, affinity: none", false),
        ("ports: 53, protocol: udp, affinity: single", false),
        ("ports: 53, protocol: udp", false),
        ("ports: 53, protocol: udp, filtering: single, affinity: none", false),
        ("ports: 53, protocol: udp, filtering: disabled, affinity: none", false),
    ] {
        let found = lint(&with_rules(&format!("[{{{rule}}}]"), "", ""));
        assert_eq!(found == ["NLB309 warning none"], fires, "{rule}: {found:?}");
        assert_eq!(found.is_empty(), !fires, "{rule}: {found:?}");
    }
}
