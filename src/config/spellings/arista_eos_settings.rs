//! The settings of Arista EOS.

use super::*;

const EOS: &str = "arista-eos";

#[test]
fn arista_settings_of_the_switch_are_read() {
    check_settings(
        EOS,
        &[],
        "the switch",
        &[
            ("hostname leaf-1", "= hostname: leaf-1"),
            ("no hostname", "- hostname"),
            ("ip multicast-routing", "= multicast-routing: on"),
            ("no ip multicast-routing", "= multicast-routing: off"),
            ("ip igmp snooping querier query-interval 60", "= query-interval: 60"),
            ("no ip igmp snooping querier query-interval", "- query-interval"),
            ("ip arp inspection vlan 10,20", "+ arp-inspection: 10,20"),
            ("no ip arp inspection vlan 20", "- arp-inspection: 20"),
            ("ip source binding 10.0.0.11 0011.2233.4455 vlan 10 interface Ethernet1", "+ arp-bindings: 10"),
            ("ip dhcp snooping vlan 10,20", "+ dhcp-snooping: 10,20"),
            ("no ip dhcp snooping vlan 10", "- dhcp-snooping: 10"),
        ],
    );
    check_settings(
        EOS,
        &["router multicast", "ipv4"],
        "the switch",
        &[("routing", "= multicast-routing: on"), ("no routing", "= multicast-routing: off")],
    );
    check_silent(
        EOS,
        &[],
        &["vlan internal order ascending range 1006 1199", "ip dhcp snooping", "spanning-tree mode mstp"],
    );
}

#[test]
fn arista_vlans_are_read() {
    let vlan = "VLAN 10";
    check_settings(
        EOS,
        &[],
        vlan,
        &[
            ("vlan 10", "= vlan: on"),
            ("no vlan 10", "= vlan: off"),
            ("ip igmp snooping vlan 10 querier query-interval 30", "= query-interval: 30"),
            ("no ip igmp snooping vlan 10 querier query-interval", "- query-interval"),
            ("ip igmp snooping vlan 10 max-groups 20", "= igmp-group-limit: 20"),
            ("no ip igmp snooping vlan 10 max-groups", "- igmp-group-limit"),
            ("no ip igmp snooping vlan 10 querier max-response-time", ""),
        ],
    );
    assert_eq!(said(EOS, &[], "default ip igmp snooping vlan 10 querier"), "- querier vlan 10");
    check_settings(
        EOS,
        &["vlan 10"],
        vlan,
        &[
            ("name Server_Farm", "= vlan-name: Server_Farm"),
            ("no name", "- vlan-name"),
            ("trunk group MLAG", ""),
            ("state active", ""),
        ],
    );
    // The secondary VLAN names its primary one.
    assert_eq!(
        said(EOS, &["vlan 100"], "private-vlan isolated primary vlan 10"),
        "= private-vlan of VLAN 100: isolated; + private-vlan-association of VLAN 10: 100"
    );
    assert_eq!(
        said(EOS, &["vlan 101"], "private-vlan community primary vlan 10"),
        "= private-vlan of VLAN 101: community; + private-vlan-association of VLAN 10: 101"
    );
}

/// What an SVI and a routed port say alike.
const ADDRESSES: &[(&str, &str)] = &[
    ("ip address 10.0.10.2/24", "= address: 10.0.10.2/24"),
    ("ip address 10.0.10.2 255.255.255.0", "= address: 10.0.10.2/24"),
    ("ip address virtual 10.0.10.1/24", "= address: 10.0.10.1/24"),
    ("no ip address", "- address"),
    ("ip address 10.0.11.2/24 secondary", "= secondary-address: 10.0.11.2/24"),
    ("ip address virtual 10.0.11.1/24 secondary", "= secondary-address: 10.0.11.1/24"),
    ("no ip address 10.0.11.2/24 secondary", "- secondary-address: 10.0.11.2/24"),
    ("vrf RED", "= vrf: RED"),
    ("vrf forwarding RED", "= vrf: RED"),
    ("no vrf", "- vrf"),
    ("ip virtual-router address 10.0.10.1", "= virtual-address: 10.0.10.1"),
    ("no ip virtual-router address 10.0.10.1", "- virtual-address: 10.0.10.1"),
    ("vrrp 10 ipv4 10.0.10.1", "= virtual-address: 10.0.10.1"),
    ("vrrp 10 ip 10.0.10.1", "= virtual-address: 10.0.10.1"),
    ("pim ipv4 sparse-mode", "= pim: on"),
    ("ip pim sparse-mode", "= pim: on"),
    ("ip igmp", "= pim: on"),
    ("no pim ipv4 sparse-mode", "= pim: off"),
    ("no ip igmp", "= pim: off"),
    ("shutdown", "= shutdown: on"),
    ("no shutdown", "= shutdown: off"),
    ("ip address dhcp", ""),
    ("vrrp 10 priority-level 105", ""),
    ("pim ipv4 dr-priority 5", ""),
    ("ip igmp version 3", ""),
    ("ip igmp host-proxy", ""),
];

#[test]
fn arista_interfaces_have_addresses_in_vrfs_and_share_some() {
    let svi = "the SVI of VLAN 10";
    check_settings(
        EOS,
        &[],
        svi,
        &[("interface Vlan10", "= svi: on"), ("no interface Vlan10", "= svi: off")],
    );
    check_settings(EOS, &["interface Vlan10"], svi, ADDRESSES);
    check_settings(EOS, &["interface Ethernet49/1"], "Ethernet49/1", ADDRESSES);
    check_settings(
        EOS,
        &["interface Vlan10"],
        svi,
        &[
            ("ip igmp query-interval 60", "= query-interval: 60"),
            ("no ip igmp query-interval", "- query-interval"),
        ],
    );
    assert_eq!(
        said(EOS, &["interface Vlan10"], "ip igmp static-group 239.255.1.1"),
        "+ group 239.255.1.1 vlan 10"
    );
}

#[test]
fn arista_ports_say_what_they_carry() {
    assert_eq!(said(EOS, &[], "interface Ethernet1-2"), "= port of Ethernet1: on; = port of Ethernet2: on");
    for line in ["interface Management1", "interface Loopback0", "interface Vxlan1"] {
        assert_eq!(said(EOS, &[], line), "", "{line}");
    }
    check_settings(EOS, &["interface Ethernet1"], "Ethernet1", CISCO_TRUNKS);
    check_settings(
        EOS,
        &["interface Ethernet1"],
        "Ethernet1",
        &[
            ("switchport", "~ port-mode: access"),
            ("no switchport", "= port-mode: routed"),
            ("switchport mode access", "= port-mode: access"),
            ("switchport mode trunk", "= port-mode: trunk"),
            ("switchport mode trunk phone", "= port-mode: trunk"),
            ("switchport mode dot1q-tunnel", "= port-mode: access"),
            ("default switchport mode", "- port-mode"),
            ("switchport access vlan 10", "~ port-mode: access; = access-vlan: 10"),
            ("no switchport access vlan", "- access-vlan"),
            ("default switchport trunk native vlan", "- native-vlan"),
            ("channel-group 5 mode active", "= lag: 5"),
            ("no channel-group", "- lag"),
            ("spanning-tree portfast", "= edge-port: on"),
            ("spanning-tree portfast auto", "= edge-port: on"),
            ("spanning-tree portfast network", "= edge-port: off"),
            ("no spanning-tree portfast", "= edge-port: off"),
            ("switchport trunk native vlan tag", ""),
            ("switchport trunk group MLAG", ""),
            ("switchport phone vlan 20", ""),
        ],
    );
    check_settings(
        EOS,
        &["interface Port-Channel5"],
        "Port-Channel5",
        &[("mlag 5", "= multi-chassis-lag: 5"), ("no mlag", "- multi-chassis-lag")],
    );
    check_settings(
        EOS,
        &["mlag configuration"],
        "Port-Channel3",
        &[("peer-link Port-Channel3", "= peer-link: on"), ("peer-address 10.0.0.1", "")],
    );
}

#[test]
fn arista_ports_say_what_they_keep_out() {
    check_settings(
        EOS,
        &["interface Ethernet1"],
        "Ethernet1",
        &[
            ("switchport port-security", "= port-security: on"),
            ("no switchport port-security", "= port-security: off"),
            ("switchport port-security maximum 2", "= port-security-maximum: 2"),
            ("switchport port-security mac-address maximum 2", "= port-security-maximum: 2"),
            ("no switchport port-security mac-address maximum", "- port-security-maximum"),
            ("ip arp inspection trust", "= arp-inspection-trust: on"),
            ("no ip arp inspection trust", "= arp-inspection-trust: off"),
            ("ip dhcp snooping trust", "= dhcp-snooping-trust: on"),
            ("ip verify source", "= source-guard: on"),
            ("no ip verify source", "= source-guard: off"),
            ("address locking ipv4", "= source-guard: on"),
            ("address locking ipv4 ipv6", "= source-guard: on"),
            ("no address locking", "= source-guard: off"),
            ("storm-control unknown-unicast level 25", "= storm-control-unicast: 25"),
            ("storm-control multicast level pps 500", "= storm-control-multicast: pps 500"),
            ("storm-control broadcast level 0.5", "= storm-control-broadcast: 0.5"),
            ("no storm-control broadcast", "- storm-control-broadcast"),
            (
                "storm-control all level 75",
                "= storm-control-unicast: 75; = storm-control-multicast: 75; = storm-control-broadcast: 75",
            ),
            ("mac access-group NLB in", "= mac-acl: NLB"),
            ("no mac access-group NLB in", "- mac-acl"),
            ("ip igmp snooping filter GROUPS", "= igmp-filter: GROUPS"),
            ("mac access-group NLB out", ""),
            ("ip verify unicast source reachable-via rx", ""),
            ("switchport port-security mac-address maximum disabled", ""),
        ],
    );
    check_settings(
        EOS,
        &["mac access-list NLB"],
        "list NLB",
        &[
            ("10 deny any any 0x886f", "= mac-acl-deny: any any 0x886f"),
            ("permit any any", "= mac-acl-permit: any any"),
            ("no permit any any", "- mac-acl-permit: any any"),
        ],
    );
    check_settings(
        EOS,
        &["ip igmp profile GROUPS"],
        "list GROUPS",
        &[
            ("permit", "= igmp-profile-action: permit"),
            ("deny", "= igmp-profile-action: deny"),
            ("range 239.255.0.0 239.255.255.255", "= igmp-profile-range: 239.255.0.0 239.255.255.255"),
        ],
    );
}

#[test]
fn an_arista_port_is_an_access_port_unless_it_is_said_to_be_another() {
    assert_eq!(port_mode(EOS, "Ethernet1", "switchport access vlan 10"), "access");
    assert_eq!(port_mode(EOS, "Ethernet1", "switchport mode trunk\nswitchport"), "trunk");
    assert_eq!(port_mode(EOS, "Ethernet1", "switchport access vlan 10\nswitchport mode trunk"), "trunk");
    assert_eq!(port_mode(EOS, "Ethernet1", "no switchport\nip address 10.0.0.1/31"), "routed");
    // What is shown is the line that says it.
    let pack = Packs::embedded().get(EOS).unwrap().unwrap();
    let text = "interface Ethernet1\n   switchport mode trunk\n   switchport\n";
    let reading = read(&pack, text);
    let state = reading.state(&pack.facts(None));
    let mode = state.entries().find(|entry| entry.kind() == EntryKind::PortMode).unwrap();
    assert_eq!(&text[reading.origin(mode).unwrap().range()], "switchport mode trunk");
}
