//! The settings of Cisco NX-OS.

use super::*;

const NXOS: &str = "cisco-nxos";

#[test]
fn nexus_settings_of_the_switch_are_read() {
    check_settings(
        NXOS,
        &[],
        "the switch",
        &[
            ("hostname core-1", "= hostname: core-1"),
            ("switchname core-1", "= hostname: core-1"),
            ("version 9.3(5) Bios:version 07.67", "= release: 9.3(5)"),
            ("version 5.2(1)N1(4)", "= release: 5.2(1)N1(4)"),
            ("feature pim", "= multicast-routing: on"),
            ("no feature pim", "= multicast-routing: off"),
            ("ip igmp enforce-router-alert", "= router-alert-check: on"),
            ("no ip igmp enforce-router-alert", "= router-alert-check: off"),
            ("ip arp inspection vlan 10,20-22", "+ arp-inspection: 10,20-22"),
            ("no ip arp inspection vlan 20", "- arp-inspection: 20"),
            ("ip arp inspection filter NODES vlan 10", "+ arp-bindings: 10"),
            ("ip arp inspection validate src-mac", "= arp-inspection-source: on"),
            ("ip arp inspection validate src-mac dst-mac ip", "= arp-inspection-source: on"),
            ("ip arp inspection validate dst-mac ip", "= arp-inspection-source: off"),
            ("no ip arp inspection validate src-mac", "= arp-inspection-source: off"),
            (
                "ip source binding 10.0.0.11 0011.2233.4455 vlan 10 interface Ethernet1/1",
                "+ arp-bindings: 10",
            ),
            ("ip dhcp snooping vlan 10,20", "+ dhcp-snooping: 10,20"),
            ("no ip dhcp snooping vlan 10", "- dhcp-snooping: 10"),
            ("spanning-tree port type edge default", "= edge-port: on"),
        ],
    );
    check_silent(
        NXOS,
        &[],
        &[
            "ip dhcp snooping",
            "ip arp inspection log-buffer entries 64",
            "feature lacp",
            "vlan dot1Q tag native",
        ],
    );
}

#[test]
fn nexus_vlans_are_read() {
    assert_eq!(said(NXOS, &[], "vlan 10,20-21").matches("= vlan of VLAN").count(), 3);
    check_settings(NXOS, &[], "VLAN 10", &[("vlan 10", "= vlan: on"), ("no vlan 10", "= vlan: off")]);
    check_settings(
        NXOS,
        &["vlan 10"],
        "VLAN 10",
        &[
            ("name Server_Farm", "= vlan-name: Server_Farm"),
            ("no name", "- vlan-name"),
            ("private-vlan primary", "= private-vlan: primary"),
            ("private-vlan isolated", "= private-vlan: isolated"),
            ("private-vlan community", "= private-vlan: community"),
            ("no private-vlan isolated", "- private-vlan"),
            ("private-vlan association 100-101", "= private-vlan-association: 100-101"),
            ("private-vlan association add 102", "+ private-vlan-association: 102"),
            ("private-vlan association remove 102", "- private-vlan-association: 102"),
            ("no private-vlan association", "= private-vlan-association: none"),
            ("ip igmp snooping query-interval 60", "= query-interval: 60"),
            ("vn-segment 10010", ""),
            ("state active", ""),
        ],
    );
    check_settings(
        NXOS,
        &["vlan configuration 10"],
        "VLAN 10",
        &[
            ("ip igmp snooping query-interval 60", "= query-interval: 60"),
            ("no ip igmp snooping query-interval", "- query-interval"),
        ],
    );
    check_settings(
        NXOS,
        &["vlan configuration 10"],
        "Ethernet1/1",
        &[
            ("ip igmp snooping access-group GROUPS interface Ethernet1/1", "= igmp-filter: GROUPS"),
            (
                "ip igmp snooping access-group prefix-list GROUPS interface Ethernet1/1",
                "= igmp-filter: GROUPS",
            ),
            ("no ip igmp snooping access-group GROUPS interface Ethernet1/1", "- igmp-filter"),
            ("ip igmp snooping group-limit 5 interface Ethernet1/1", "= igmp-group-limit: 5"),
        ],
    );
}

/// What an SVI and a routed port say alike.
const ADDRESSES: &[(&str, &str)] = &[
    ("ip address 10.0.10.2/24", "= address: 10.0.10.2/24"),
    ("ip address 10.0.10.2/24 tag 12345", "= address: 10.0.10.2/24"),
    ("ip address 10.0.10.2 255.255.255.0", "= address: 10.0.10.2/24"),
    ("no ip address", "- address"),
    ("no ip address 10.0.10.2/24", "- address"),
    ("ip address 10.0.11.2/24 secondary", "= secondary-address: 10.0.11.2/24"),
    ("ip address 10.0.11.2/24 secondary tag 5", "= secondary-address: 10.0.11.2/24"),
    ("no ip address 10.0.11.2/24 secondary", "- secondary-address: 10.0.11.2/24"),
    ("vrf member RED", "= vrf: RED"),
    ("no vrf member RED", "- vrf"),
    ("ip pim sparse-mode", "= pim: on"),
    ("ip pim passive", "= pim: on"),
    ("no ip pim sparse-mode", "= pim: off"),
    ("shutdown", "= shutdown: on"),
    ("shutdown force", "= shutdown: on"),
    ("no shutdown", "= shutdown: off"),
    ("ip address dhcp", ""),
    ("ip pim hello-interval 30", ""),
    ("ipv6 address 2001:db8::1/64", ""),
];

#[test]
fn nexus_interfaces_have_addresses_in_vrfs_and_share_some() {
    let svi = "the SVI of VLAN 10";
    check_settings(NXOS, &[], svi, &[("no interface Vlan10", "= svi: off")]);
    check_settings(NXOS, &["interface Vlan10"], svi, ADDRESSES);
    check_settings(NXOS, &["interface Ethernet1/1"], "Ethernet1/1", ADDRESSES);
    for (opener, of) in [("interface Vlan10", svi), ("interface port-channel5", "port-channel5")] {
        check_settings(
            NXOS,
            &[opener, "hsrp 10"],
            of,
            &[
                ("ip 10.0.10.1", "= virtual-address: 10.0.10.1"),
                ("ip 10.0.11.1 secondary", "= virtual-address: 10.0.11.1"),
                ("no ip 10.0.10.1", "- virtual-address: 10.0.10.1"),
                ("priority 110", ""),
                ("preempt delay minimum 180", ""),
            ],
        );
        let shared = [("ip 10.0.10.1", "= virtual-address: 10.0.10.1")];
        check_settings(NXOS, &[opener, "hsrp 10 ipv4"], of, &shared);
        check_settings(NXOS, &[opener, "glbp 10"], of, &shared);
        let shared = [("address 10.0.10.1", "= virtual-address: 10.0.10.1")];
        check_settings(NXOS, &[opener, "vrrp 10"], of, &shared);
        check_settings(
            NXOS,
            &[opener, "vrrpv3 10 address-family ipv4"],
            of,
            &[("address 10.0.10.1 primary", "= virtual-address: 10.0.10.1")],
        );
    }
    check_settings(
        NXOS,
        &["interface Vlan10"],
        svi,
        &[
            ("ip igmp query-interval 60", "= query-interval: 60"),
            ("ip igmp access-group GROUPS", "= igmp-filter: GROUPS"),
            ("ip igmp report-policy prefix-list GROUPS", "= igmp-filter: GROUPS"),
            ("no ip igmp access-group", "- igmp-filter"),
            ("ip igmp state-limit 100", "= igmp-group-limit: 100"),
            ("ip igmp version 3", ""),
        ],
    );
    assert_eq!(
        said(NXOS, &["interface Vlan10"], "ip igmp static-oif 239.255.1.1"),
        "+ group 239.255.1.1 vlan 10"
    );
}

#[test]
fn nexus_ports_say_what_they_carry() {
    assert_eq!(
        said(NXOS, &[], "interface Ethernet1/1-2"),
        "= port of Ethernet1/1: on; = port of Ethernet1/2: on"
    );
    for line in ["interface mgmt0", "interface loopback0", "interface nve1"] {
        assert_eq!(said(NXOS, &[], line), "", "{line}");
    }
    check_settings(NXOS, &["interface Ethernet1/1"], "Ethernet1/1", CISCO_TRUNKS);
    check_settings(
        NXOS,
        &["interface Ethernet1/1"],
        "Ethernet1/1",
        &[
            ("switchport", "~ port-mode: access"),
            ("no switchport", "= port-mode: routed"),
            ("switchport mode access", "= port-mode: access"),
            ("switchport mode trunk", "= port-mode: trunk"),
            ("switchport mode fex-fabric", "= port-mode: trunk"),
            ("switchport mode dot1q-tunnel", "= port-mode: access"),
            ("switchport mode private-vlan host", "= port-mode: private-vlan-host"),
            ("switchport mode private-vlan promiscuous", "= port-mode: promiscuous"),
            ("switchport mode private-vlan trunk secondary", "= port-mode: trunk"),
            ("no switchport mode", "- port-mode"),
            ("switchport host", "= port-mode: access; = edge-port: on"),
            ("switchport access vlan 10", "~ port-mode: access; = access-vlan: 10"),
            ("no switchport access vlan", "- access-vlan"),
            ("channel-group 5", "= lag: 5"),
            ("channel-group 5 force", "= lag: 5"),
            ("channel-group 5 mode active", "= lag: 5"),
            ("channel-group 5 force mode on", "= lag: 5"),
            ("no channel-group", "- lag"),
            ("spanning-tree port type edge", "= edge-port: on"),
            ("spanning-tree port type edge trunk", "= edge-port: on"),
            ("spanning-tree port type network", "= edge-port: off"),
            ("no spanning-tree port type", "= edge-port: off"),
            ("switchport monitor", ""),
            ("speed 10000", ""),
        ],
    );
    check_settings(
        NXOS,
        &["interface port-channel5"],
        "port-channel5",
        &[
            ("vpc 5", "= multi-chassis-lag: 5"),
            ("no vpc", "- multi-chassis-lag"),
            ("vpc peer-link", "= peer-link: on"),
            ("no vpc peer-link", "= peer-link: off"),
        ],
    );
}

#[test]
fn nexus_ports_say_what_they_keep_out() {
    check_settings(NXOS, &["interface Ethernet1/1"], "Ethernet1/1", CISCO_GUARDS);
    check_settings(
        NXOS,
        &["interface Ethernet1/1"],
        "Ethernet1/1",
        &[
            ("ip verify source dhcp-snooping-vlan", "= source-guard: on"),
            ("no ip verify source dhcp-snooping-vlan", "= source-guard: off"),
            ("storm-control multicast level 0.10", "= storm-control-multicast: 0.10"),
            ("storm-control broadcast level pps 1000", "= storm-control-broadcast: pps 1000"),
            ("no storm-control action", "- storm-control-action"),
            ("mac port access-group NLB", "= mac-acl: NLB"),
            ("no mac port access-group NLB", "- mac-acl"),
            ("switchport port-security maximum 2 vlan 10", ""),
        ],
    );
    check_settings(
        NXOS,
        &["mac access-list NLB"],
        "list NLB",
        &[
            ("10 deny any any 0x886f", "= mac-acl-deny: any any 0x886f"),
            ("20 permit any any", "= mac-acl-permit: any any"),
            ("permit any any", "= mac-acl-permit: any any"),
            ("no deny any any 0x886f", "- mac-acl-deny: any any 0x886f"),
            ("statistics per-entry", ""),
        ],
    );
}

#[test]
fn a_nexus_port_is_an_access_port_unless_it_is_said_to_be_another() {
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "switchport\nswitchport access vlan 10"), "access");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "switchport access vlan 10"), "access");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "switchport\nswitchport mode trunk"), "trunk");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "switchport mode trunk\nswitchport"), "trunk");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "switchport mode trunk\nswitchport access vlan 10"), "trunk");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "no switchport"), "routed");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "no switchport\nswitchport"), "access");
    assert_eq!(port_mode(NXOS, "Ethernet1/1", "description x"), "unknown");
}
