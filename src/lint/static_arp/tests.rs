//! What configs lack beside their design.

use crate::lint::words::tests::{NONE, findings, found};

fn cluster(more: &str) -> String {
    format!(
        "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    \
         virtual_ips: [172.31.1.233]\n    vlan: 10\n    {more}\n    nodes: [{{name: nlb1, attach: sw1 Gi1/0/1}}]\n"
    )
}

const MAC: &str = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
const FIRST: &str = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
const SECOND: &str = "arp 172.31.1.233 03bf.ac1f.01e8 ARPA\n";

fn one_gateway(cluster_more: &str, gateway: &str, config: &str) -> Vec<String> {
    let switch = format!("switches: [{{name: sw1, vendor: ios, gateway: {gateway}, config: sw1.cfg}}]\n");
    found(&(cluster(cluster_more) + &switch), &[("sw1.cfg", &(MAC.to_owned() + config))])
}

#[test]
fn every_vip_needs_its_entry_in_the_vrf_it_is_routed_in() {
    let lacks = |vips: &str| {
        vec![format!("NLB401 error 9: gateway `sw1` lacks the static ARP of {vips} (cluster `web`)")]
    };
    let both = FIRST.to_owned() + SECOND;
    let in_red = both.replace("arp ", "arp vrf RED ");
    for (more, gateway, config, expected) in [
        ("", "true", both.as_str(), vec![]),
        ("", "true", FIRST, lacks("`172.31.1.233`")),
        ("", "true", "", lacks("`172.31.1.232`, `172.31.1.233`")),
        ("clients: same-vlan", "true", "", vec![]),
        ("clients: routed", "true", FIRST, lacks("`172.31.1.233`")),
        ("vrf: RED", "true", in_red.as_str(), vec![]),
        ("vrf: RED", "true", both.as_str(), lacks("`172.31.1.232`, `172.31.1.233`")),
        ("", "{vrf: RED}", in_red.as_str(), vec![]),
    ] {
        let found = one_gateway(more, gateway, config);
        let expected: Vec<String> = expected;
        assert_eq!(found, expected, "{more} {gateway} {config}");
    }
}

#[test]
fn the_missing_entries_are_written_out() {
    let switch = "switches: [{name: sw1, vendor: ios, gateway: true, config: sw1.cfg}]\n";
    let config = MAC.to_owned() + FIRST;
    let findings = findings(&(cluster("") + switch), &[("sw1.cfg", &config)]);
    let remediation = findings[0].0.remediation.as_ref().map(|remedy| remedy.lines.as_slice());
    assert_eq!(remediation, Some([SECOND.trim().to_owned()].as_slice()));
}

#[test]
fn a_vrf_that_the_design_does_not_state_is_unknown_not_wrong() {
    let in_red = (FIRST.to_owned() + SECOND).replace("arp ", "arp vrf RED ");
    assert_eq!(one_gateway("", "true", &in_red), Vec::<String>::new());
}

#[test]
fn a_line_that_is_not_understood_leaves_a_doubt() {
    let config = FIRST.to_owned() + "arp 172.31.1.233 0015.5d01.0203 FDDI over there\n";
    assert_eq!(
        one_gateway("", "true", &config),
        ["NLB401 warning 9: gateway `sw1` likely lacks the static ARP of `172.31.1.233` (cluster `web`)"]
    );
}

#[test]
fn an_entry_that_another_finding_explains_is_not_missing_too() {
    let malformed = "arp 172.31.1.233 03bf.ac1f.01 ARPA\n";
    assert_eq!(one_gateway("", "true", &(FIRST.to_owned() + malformed)), NONE); // NLB116
    assert_eq!(
        one_gateway("", "true", malformed),
        ["NLB401 error 9: gateway `sw1` lacks the static ARP of `172.31.1.232` (cluster `web`)"]
    );
    let without_address = "arp 03bf.ac1f.01e8 ARPA\n";
    assert_eq!(one_gateway("", "true", &(SECOND.to_owned() + without_address)), NONE); // NLB116
    let red = "interface Vlan10\n vrf forwarding RED\n ip address 172.31.1.1 255.255.255.0\n!\n";
    let astray = one_gateway("vrf: RED", "true", &(red.to_owned() + FIRST + SECOND));
    assert_eq!(astray.len(), 1, "{astray:?}");
    assert!(astray.iter().all(|finding| finding.starts_with("NLB411 error")), "{astray:?}");
}

#[test]
fn a_cluster_in_a_vrf_that_no_gateway_routes_is_told_by_the_design_alone() {
    let switch = "switches: [{name: sw1, vendor: ios, gateway: {vrf: BLUE}}]\n";
    assert_eq!(
        found(&(cluster("vrf: RED") + switch), &[]),
        [
            "NLB401 error 7: cluster `web` is in VRF `RED`, which no gateway routes: none gets its static ARP entries"
        ]
    );
    let second = "switches: [{name: sw1, vendor: ios, gateway: {vrf: BLUE}}, \
                  {name: sw2, vendor: ios, gateway: true, links: [Gi1/0/48 sw1 Gi1/0/48]}]\n";
    assert_eq!(found(&(cluster("vrf: RED") + second), &[]), Vec::<String>::new());
}

fn pair(first: &str, second: &str) -> Vec<String> {
    let switches = "switches:\n  - {name: sw1, vendor: ios, gateway: {peers: [sw2]}, config: sw1.cfg, \
                    links: [Gi1/0/48 sw2 Gi1/0/48]}\n  - {name: sw2, vendor: ios, gateway: true, config: sw2.cfg}\n";
    let far = MAC.replace("Gi1/0/1", "Gi1/0/48");
    let configs = [("sw1.cfg", MAC.to_owned() + first), ("sw2.cfg", far + second)];
    let configs: Vec<(&str, &str)> = configs.iter().map(|(name, text)| (*name, text.as_str())).collect();
    found(&(cluster("") + switches), &configs)
}

#[test]
fn a_peer_that_lacks_what_its_partner_has_is_told_so_and_only_then() {
    let both = FIRST.to_owned() + SECOND;
    assert_eq!(pair(&both, &both), Vec::<String>::new());
    assert_eq!(
        pair(&both, FIRST),
        ["NLB402 error 11: gateway `sw2` lacks the static ARP of `172.31.1.233` (cluster `web`)"]
    );
    assert_eq!(
        pair(FIRST, FIRST),
        [
            "NLB401 error 10: gateway `sw1` lacks the static ARP of `172.31.1.233` (cluster `web`)",
            "NLB401 error 11: gateway `sw2` lacks the static ARP of `172.31.1.233` (cluster `web`)",
        ]
    );
    assert_eq!(
        pair(FIRST, SECOND),
        [
            "NLB402 error 10: gateway `sw1` lacks the static ARP of `172.31.1.233` (cluster `web`)",
            "NLB402 error 11: gateway `sw2` lacks the static ARP of `172.31.1.232` (cluster `web`)",
        ]
    );
}

#[test]
fn members_of_a_stack_are_no_peers() {
    let switches = "switches:\n  - {name: sw1, vendor: ios, stack: s, gateway: {peers: [sw2]}}\n  \
                    - {name: sw2, vendor: ios, stack: s}\n";
    assert_eq!(found(&(cluster("") + switches), &[]), Vec::<String>::new());
}
