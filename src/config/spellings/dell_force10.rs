//! Dell Force10.

use super::*;

#[test]
fn force10_lines_are_read_in_every_spelling_of_the_manuals() {
    let entry = "+ mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/1 TenGigabitEthernet0/2 Port-channel3";
    check(
        "dell-force10",
        &[
            (
                "arp 10.1.10.50 03:bf:0a:01:0a:32 tengigabitethernet 0/1",
                "= arp 10.1.10.50 03bf.0a01.0a32 at TenGigabitEthernet0/1",
            ),
            (
                "arp 10.1.10.50 03bf.0a01.0a32 Te 0/1",
                "= arp 10.1.10.50 03bf.0a01.0a32 at TenGigabitEthernet0/1",
            ),
            (
                "arp vrf RED 10.1.10.50 03:bf:0a:01:0a:32 Port-channel 3",
                "= arp 10.1.10.50 03bf.0a01.0a32 vrf RED at Port-channel3",
            ),
            ("no arp 10.1.10.50", "- arp 10.1.10.50"),
            ("no arp vrf RED 10.1.10.50", "- arp 10.1.10.50 vrf RED"),
            ("no arp 10.1.10.50 03:bf:0a:01:0a:32 Te 0/1", "- arp 10.1.10.50"),
            (
                "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10 output-range \
                 tengigabitethernet 0/1,tengigabitethernet 0/2,port-channel 3",
                entry,
            ),
            (
                "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10 range-output Te 0/1 - 2, Po 3",
                entry,
            ),
            ("mac-address-table static 03:bf:0a:01:0a:32 vlan 10 output-range te0/1-2,po3", entry),
            ("mac-address-table static 03:bf:0a:01:0a:32 vlan 10 output Te 0/1,Te 0/2,Po 3", entry),
            ("mac-address-table static 03:bf:0a:01:0a:32 output Te 0/1,Te 0/2,Po 3 vlan 10", entry),
            (
                "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10 output-range fortyGigE 0/48,Te 0/4/1",
                "+ mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/4/1 fortyGigE0/48",
            ),
            (
                "no mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10 output-range Te 0/1",
                "- mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/1",
            ),
            (
                "no mac-address-table static 03:bf:0a:01:0a:32 output Te 0/1 vlan 10",
                "- mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/1",
            ),
            ("no mac-address-table static 03:bf:0a:01:0a:32 vlan 10", "- mac 03bf.0a01.0a32 vlan 10"),
            ("ip vlan-flooding", "= flooding on"),
            ("no ip vlan-flooding", "= flooding off"),
            ("ip igmp snooping enable", "= snooping on"),
            ("no ip igmp snooping enable", "= snooping off"),
            ("interface Vlan 10\n no ip igmp snooping\n no shutdown\n!", "= snooping vlan 10 off"),
            ("interface vlan 10\n ip igmp snooping", "= snooping vlan 10 on"),
            (
                "interface Vlan 10\n ip address 10.1.10.1/24\n ip igmp snooping querier\n!",
                "+ querier vlan 10",
            ),
            ("interface Vlan 10\n no ip igmp snooping querier", "- querier vlan 10"),
            (
                "interface Vlan 10\n ip igmp snooping mrouter interface TenGigabitEthernet 0/48",
                "+ mrouter vlan 10 at TenGigabitEthernet0/48",
            ),
        ],
    );
    for text in [
        "arp timeout 240",
        "arp retries 3",
        "mac-address-table aging-time 1800",
        "mac-address-table station-move refresh-arp",
        "interface Vlan 10\n ip igmp snooping fast-leave",
        "interface TenGigabitEthernet 0/1\n arp timeout 60",
    ] {
        assert_eq!(changes("dell-force10", text), "", "{text}");
    }
    for text in
        ["arp 10.1.10.50 03:bf:0a:01:0a:32", "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10"]
    {
        assert_eq!(changes("dell-force10", text), format!("? {text}"));
    }
}

const FTOS: &str = "dell-force10";

#[test]
fn force10_settings_of_the_switch_are_read() {
    check_settings(
        FTOS,
        &[],
        "the switch",
        &[
            ("hostname core-1", "= hostname: core-1"),
            ("no hostname", "- hostname"),
            ("stack-unit 0 provision S6000", "= model: S6000"),
            ("no stack-unit 0 provision", "- model"),
            ("ip multicast-routing", "= multicast-routing: on"),
            ("no ip multicast-routing", "= multicast-routing: off"),
            ("ip dhcp snooping vlan 10,20", "+ dhcp-snooping: 10,20"),
            ("no ip dhcp snooping vlan 20", "- dhcp-snooping: 20"),
            ("storm-control unknown-unicast 500 in", "= storm-control-unicast: 500 in"),
            ("storm-control multicast 500 in", "= storm-control-multicast: 500 in"),
            ("storm-control broadcast 500 in", "= storm-control-broadcast: 500 in"),
            ("no storm-control unknown-unicast in", "- storm-control-unicast"),
            ("no storm-control multicast in", "- storm-control-multicast"),
            ("no storm-control broadcast 500 in", "- storm-control-broadcast"),
        ],
    );
}

#[test]
fn force10_vlans_name_their_ports() {
    assert_eq!(
        said(FTOS, &[], "interface Vlan 10"),
        "= vlan of VLAN 10: on; = svi of the SVI of VLAN 10: on"
    );
    assert_eq!(
        said(FTOS, &[], "no interface vlan 10"),
        "= vlan of VLAN 10: off; = svi of the SVI of VLAN 10: off"
    );
    let block = &["interface Vlan 10"];
    check_settings(
        FTOS,
        block,
        "VLAN 10",
        &[
            ("name Servers", "= vlan-name: Servers"),
            ("no name", "- vlan-name"),
            ("private-vlan mode primary", "= private-vlan: primary"),
            ("no private-vlan mode", "- private-vlan"),
            ("private-vlan mapping secondary-vlan 20-21", "+ private-vlan-association: 20-21"),
            ("no private-vlan mapping secondary-vlan 21", "- private-vlan-association: 21"),
        ],
    );
    check_settings(
        FTOS,
        block,
        "TenGigabitEthernet0/4",
        &[
            ("tagged TenGigabitEthernet 0/4", "+ trunk-vlans: 10"),
            ("no tagged Te 0/4", "- trunk-vlans: 10"),
            ("untagged TenGigabitEthernet 0/4", "= access-vlan: 10"),
            ("no untagged te0/4", "- access-vlan"),
        ],
    );
    assert_eq!(
        said(FTOS, block, "tagged TenGigabitEthernet 0/1-2,7 , Port-channel 3"),
        "+ trunk-vlans of TenGigabitEthernet0/1: 10; + trunk-vlans of TenGigabitEthernet0/2: 10; \
         + trunk-vlans of TenGigabitEthernet0/7: 10; + trunk-vlans of Port-channel3: 10"
    );
    check_settings(
        FTOS,
        block,
        "the switch",
        &[("arp inspection", "+ arp-inspection: 10"), ("no arp inspection", "- arp-inspection: 10")],
    );
    check_settings(
        FTOS,
        block,
        "the SVI of VLAN 10",
        &[
            ("ip igmp query-interval 60", "= query-interval: 60"),
            ("no ip igmp query-interval", "- query-interval"),
            ("ip igmp access-group GROUPS", "= igmp-filter: GROUPS"),
            ("no ip igmp access-group GROUPS", "- igmp-filter"),
        ],
    );
    check(
        FTOS,
        &[
            ("interface Vlan 10\n ip igmp static-group 239.1.1.1", "+ group 239.1.1.1 vlan 10"),
            ("interface Vlan 10\n no ip igmp static-group 239.1.1.1", "- group 239.1.1.1 vlan 10"),
        ],
    );
}

#[test]
fn force10_svis_and_routed_ports_are_read() {
    let both: &[(&str, &str)] = &[
        ("ip address 10.0.0.2/24", "= address: 10.0.0.2/24"),
        ("ip address 10.0.0.2 /24", "= address: 10.0.0.2/24"),
        ("ip address 10.0.0.2 255.255.255.0", "= address: 10.0.0.2/24"),
        ("ip address 10.1.0.2/25 secondary", "= secondary-address: 10.1.0.2/25"),
        ("ip address 10.1.0.2 255.255.255.128 secondary", "= secondary-address: 10.1.0.2/25"),
        ("no ip address", "- address"),
        ("no ip address 10.1.0.2/25 secondary", "- secondary-address: 10.1.0.2/25"),
        ("ip vrf forwarding RED", "= vrf: RED"),
        ("no ip vrf forwarding", "- vrf"),
        ("ip pim sparse-mode", "= pim: on"),
        ("no ip pim sparse-mode", "= pim: off"),
        ("shutdown", "= shutdown: on"),
        ("no shutdown", "= shutdown: off"),
        ("ip address dhcp", ""),
        ("mtu 12000", ""),
    ];
    for (block, of) in [
        ("interface Vlan 10", "the SVI of VLAN 10"),
        ("interface fortyGigE 0/48", "fortyGigE0/48"),
        ("interface Port-channel 3", "Port-channel3"),
    ] {
        check_settings(FTOS, &[block], of, both);
        check_settings(
            FTOS,
            &[block, "vrrp-group 1"],
            of,
            &[
                ("virtual-address 10.0.0.1", "= virtual-address: 10.0.0.1"),
                ("no virtual-address 10.0.0.1", "- virtual-address: 10.0.0.1"),
                ("priority 120", ""),
            ],
        );
    }
}

#[test]
fn force10_ports_are_read() {
    let two = "= port of TenGigabitEthernet0/1: on; = port of TenGigabitEthernet0/2: on";
    for line in [
        "interface range TenGigabitEthernet 0/1 - 2",
        "interface range te 0/1-2",
        "interface range Te 0/1 , Te 0/2",
        "interface range tengigabitethernet 0/1,2",
    ] {
        assert_eq!(said(FTOS, &[], line), two, "{line}");
    }
    check_settings(
        FTOS,
        &["interface TenGigabitEthernet 0/1"],
        "TenGigabitEthernet0/1",
        &[
            ("switchport", "= port-mode: general"),
            ("portmode hybrid", "= port-mode: general"),
            ("no switchport", "= port-mode: routed"),
            ("switchport mode private-vlan host", "= port-mode: private-vlan-host"),
            ("switchport mode private-vlan promiscuous", "= port-mode: promiscuous"),
            ("switchport mode private-vlan trunk", "= port-mode: trunk"),
            ("no switchport mode private-vlan host", "- port-mode"),
            ("spanning-tree rstp edge-port", "= edge-port: on"),
            ("spanning-tree mstp edge-port bpduguard shutdown-on-violation", "= edge-port: on"),
            ("spanning-tree pvst edge-port", "= edge-port: on"),
            ("spanning-tree 0 portfast", "= edge-port: on"),
            ("no spanning-tree rstp edge-port", "= edge-port: off"),
            ("no spanning-tree 0 portfast", "= edge-port: off"),
            ("mac learning-limit 1", "= port-security: on; = port-security-maximum: 1"),
            (
                "mac learning-limit 4 dynamic no-station-move",
                "= port-security: on; = port-security-maximum: 4",
            ),
            ("no mac learning-limit", "= port-security: off; - port-security-maximum"),
            ("arp inspection-trust", "= arp-inspection-trust: on"),
            ("no arp inspection-trust", "= arp-inspection-trust: off"),
            ("ip dhcp snooping trust", "= dhcp-snooping-trust: on"),
            ("no ip dhcp snooping trust", "= dhcp-snooping-trust: off"),
            ("ip dhcp source-address-validation ipmac", "= source-guard: on"),
            ("no ip dhcp source-address-validation", "= source-guard: off"),
            ("storm-control unknown-unicast 100 in", "= storm-control-unicast: 100 in"),
            ("storm-control multicast 100 in", "= storm-control-multicast: 100 in"),
            ("storm-control broadcast 20.5 in", "= storm-control-broadcast: 20.5 in"),
            ("no storm-control multicast", "- storm-control-multicast"),
            ("mac access-group NLB in", "= mac-acl: NLB"),
            ("mac access-group NLB in vlan 10", "= mac-acl: NLB"),
            ("no mac access-group NLB in", "- mac-acl"),
            ("mac access-group NLB out", ""),
            ("vlt-peer-lag port-channel 3", "= multi-chassis-lag: 3"),
            ("no vlt-peer-lag", "- multi-chassis-lag"),
        ],
    );
}

#[test]
fn force10_port_channels_have_members_both_ways() {
    let port = "TenGigabitEthernet0/4";
    check_settings(
        FTOS,
        &["interface Port-channel 3"],
        port,
        &[("channel-member TenGigabitEthernet 0/4", "= lag: 3"), ("no channel-member Te 0/4", "- lag")],
    );
    check_settings(
        FTOS,
        &["interface TenGigabitEthernet 0/4", "port-channel-protocol LACP"],
        port,
        &[("port-channel 3 mode active", "= lag: 3"), ("no port-channel 3 mode active", "- lag")],
    );
    check_settings(
        FTOS,
        &["vlt domain 1"],
        "Port-channel128",
        &[
            ("peer-link port-channel 128", "= peer-link: on"),
            ("no peer-link port-channel 128", "= peer-link: off"),
        ],
    );
}

#[test]
fn force10_lists_are_read() {
    check_settings(
        FTOS,
        &["mac access-list extended NLB"],
        "list NLB",
        &[
            ("seq 5 deny any any ev2 eq 0x886f", "= mac-acl-deny: any any ev2 eq 0x886f"),
            ("seq 10 permit any any count", "= mac-acl-permit: any any count"),
            ("permit any any", "= mac-acl-permit: any any"),
            ("deny any any", "= mac-acl-deny: any any"),
            ("no deny any any", "- mac-acl-deny: any any"),
            ("no seq 10 permit any any", "- mac-acl-permit: any any"),
        ],
    );
}
