//! The settings of Cisco IOS and IOS XE.

use super::*;

const IOS: &str = "cisco-ios";

#[test]
fn catalyst_settings_of_the_switch_are_read() {
    check_settings(
        IOS,
        &[],
        "the switch",
        &[
            ("hostname core-1", "= hostname: core-1"),
            ("hostname \"core 1\"", "= hostname: core 1"),
            ("no hostname", "- hostname"),
            ("version 15.2", "= release: 15.2"),
            ("switch 1 provision ws-c3750x-24p", "= model: ws-c3750x-24p"),
            ("ip igmp snooping querier query-interval 60", "= query-interval: 60"),
            ("no ip igmp snooping querier query-interval", "- query-interval"),
            ("ip igmp snooping check rtr-alert-option", "= router-alert-check: on"),
            ("no ip igmp snooping check rtr-alert-option", "= router-alert-check: off"),
            ("ip multicast-routing", "= multicast-routing: on"),
            ("ip multicast-routing distributed", "= multicast-routing: on"),
            ("no ip multicast-routing distributed", "= multicast-routing: off"),
            ("ip arp inspection vlan 10,20-22", "+ arp-inspection: 10,20-22"),
            ("no ip arp inspection vlan 20", "- arp-inspection: 20"),
            ("ip arp inspection validate src-mac", "= arp-inspection-source: on"),
            ("ip arp inspection validate src-mac dst-mac ip", "= arp-inspection-source: on"),
            ("ip arp inspection validate dst-mac src-mac", "= arp-inspection-source: on"),
            ("ip arp inspection validate dst-mac ip", "= arp-inspection-source: off"),
            ("ip arp inspection validate ip allow zeros", "= arp-inspection-source: off"),
            ("no ip arp inspection validate src-mac", "= arp-inspection-source: off"),
            ("ip dhcp snooping vlan 10,20", "+ dhcp-snooping: 10,20"),
            ("no ip dhcp snooping vlan 10", "- dhcp-snooping: 10"),
        ],
    );
    check_silent(
        IOS,
        &[],
        &["vlan internal allocation policy ascending", "ip dhcp snooping", "vlan dot1q tag native"],
    );
}

#[test]
fn catalyst_vlans_are_read() {
    let vlan = "VLAN 10";
    check_settings(
        IOS,
        &[],
        vlan,
        &[
            ("vlan 10", "= vlan: on"),
            ("no vlan 10", "= vlan: off"),
            ("ip igmp snooping vlan 10 querier query-interval 30", "= query-interval: 30"),
            ("no ip igmp snooping vlan 10 querier query-interval 30", "- query-interval"),
            ("ip igmp snooping vlan 10 check rtr-alert-option", "= router-alert-check: on"),
            ("no ip igmp snooping vlan 10 check rtr-alert-option", "= router-alert-check: off"),
            ("mac address-table static 02bf.0a00.0001 vlan 10 drop", "= dropped-mac: 02:bf:0a:00:00:01"),
            ("mac-address-table static 02bf.0a00.0001 vlan 10 drop", "= dropped-mac: 02:bf:0a:00:00:01"),
            ("no mac address-table static 02bf.0a00.0001 vlan 10 drop", "- dropped-mac: 02:bf:0a:00:00:01"),
        ],
    );
    assert_eq!(
        said(IOS, &[], "vlan 10,20-21"),
        "= vlan of VLAN 10: on; = vlan of VLAN 20: on; = vlan of VLAN 21: on"
    );
    // Without the word it may be an entry with ports or one that drops.
    assert_eq!(
        said(IOS, &[], "no mac address-table static 02bf.0a00.0001 vlan 10"),
        "- mac 02bf.0a00.0001 vlan 10; - dropped-mac of VLAN 10: 02:bf:0a:00:00:01"
    );
    check_settings(
        IOS,
        &["vlan 10"],
        vlan,
        &[
            ("name Server_Farm", "= vlan-name: Server_Farm"),
            ("no name", "- vlan-name"),
            ("private-vlan primary", "= private-vlan: primary"),
            ("private-vlan isolated", "= private-vlan: isolated"),
            ("private-vlan community", "= private-vlan: community"),
            ("no private-vlan primary", "- private-vlan"),
            ("private-vlan association 501-502", "= private-vlan-association: 501-502"),
            ("private-vlan association add 503", "+ private-vlan-association: 503"),
            ("private-vlan association remove 502", "- private-vlan-association: 502"),
            ("no private-vlan association 502", "- private-vlan-association: 502"),
            ("no private-vlan association", "= private-vlan-association: none"),
        ],
    );
}

#[test]
fn catalyst_svis_and_routed_ports_are_read() {
    let both: &[(&str, &str)] = &[
        ("ip address 10.0.0.2 255.255.255.0", "= address: 10.0.0.2/24"),
        ("ip address 10.1.0.2 255.255.255.128 secondary", "= secondary-address: 10.1.0.2/25"),
        ("no ip address", "- address"),
        ("no ip address 10.1.0.2 255.255.255.128 secondary", "- secondary-address: 10.1.0.2/25"),
        ("vrf forwarding RED", "= vrf: RED"),
        ("ip vrf forwarding RED", "= vrf: RED"),
        ("no vrf forwarding", "- vrf"),
        ("no ip vrf forwarding RED", "- vrf"),
        ("standby 1 ip 10.0.0.1", "= virtual-address: 10.0.0.1"),
        ("standby ip 10.0.0.1", "= virtual-address: 10.0.0.1"),
        ("standby 1 ip 10.1.0.1 secondary", "= virtual-address: 10.1.0.1"),
        ("no standby 1 ip 10.0.0.1", "- virtual-address: 10.0.0.1"),
        ("vrrp 1 ip 10.0.0.1", "= virtual-address: 10.0.0.1"),
        ("no vrrp 1 ip 10.0.0.1", "- virtual-address: 10.0.0.1"),
        ("glbp 1 ip 10.0.0.1", "= virtual-address: 10.0.0.1"),
        ("no glbp 1 ip 10.0.0.1", "- virtual-address: 10.0.0.1"),
        ("ip pim sparse-mode", "= pim: on"),
        ("ip pim sparse-dense-mode", "= pim: on"),
        ("no ip pim sparse-mode", "= pim: off"),
        ("no ip pim", "= pim: off"),
        ("shutdown", "= shutdown: on"),
        ("no shutdown", "= shutdown: off"),
        ("ip address dhcp", ""),
        ("standby version 2", ""),
        ("standby 1 priority 110", ""),
        ("ip pim dr-priority 5", ""),
    ];
    check_settings(IOS, &["interface Vlan10"], "the SVI of VLAN 10", both);
    check_settings(IOS, &["interface GigabitEthernet1/0/1"], "GigabitEthernet1/0/1", both);
    for block in ["interface Vlan10", "interface GigabitEthernet1/0/1"] {
        let nested = [block, "vrrp 1 address-family ipv4"];
        assert!(said(IOS, &nested, "address 10.0.0.1 primary").ends_with(": 10.0.0.1"));
        assert!(said(IOS, &nested, "no address 10.0.0.1").starts_with("- virtual-address"));
    }
    check_settings(
        IOS,
        &["interface Vlan10"],
        "the SVI of VLAN 10",
        &[
            ("ip igmp query-interval 30", "= query-interval: 30"),
            ("no ip igmp query-interval", "- query-interval"),
            ("ip igmp access-group GROUPS", "= igmp-filter: GROUPS"),
            ("ip igmp access-group 10 3600", "= igmp-filter: 10"),
            ("ip igmp snooping access-group GROUPS", "= igmp-filter: GROUPS"),
            ("no ip igmp access-group", "- igmp-filter"),
            ("ip igmp limit 50 except LOCAL", "= igmp-group-limit: 50"),
            ("no ip igmp limit 50", "- igmp-group-limit"),
        ],
    );
    check_settings(
        IOS,
        &[],
        "the SVI of VLAN 10",
        &[
            ("interface Vlan10", "= svi: on"),
            ("interface vlan 10", "= svi: on"),
            ("no interface Vlan10", "= svi: off"),
        ],
    );
}

#[test]
fn catalyst_ports_are_read_in_every_form_of_a_range() {
    let four = "= port of GigabitEthernet1/0/1: on; = port of GigabitEthernet1/0/2: on; \
                = port of GigabitEthernet1/0/3: on; = port of Port-channel1: on";
    for line in [
        "interface range GigabitEthernet1/0/1 - 3 , Port-channel1",
        "interface range gi1/0/1-3,po1",
        "interface range Gi1/0/1 - Gi1/0/3, Po 1",
        "interface range gi1/0/1 , gi1/0/2-3 , po1",
        "interface range gi1/0/1,2,3,po1",
    ] {
        assert_eq!(said(IOS, &[], line), four, "{line}");
    }
    assert_eq!(said(IOS, &[], "interface Port-channel1"), "= port of Port-channel1: on");
    assert_eq!(said(IOS, &[], "no interface Port-channel1"), "= port of Port-channel1: off");
    assert_eq!(
        said(IOS, &["interface range gi1/0/1-2"], "switchport protected"),
        "= protected of GigabitEthernet1/0/1: on; = protected of GigabitEthernet1/0/2: on"
    );
    check_silent(
        IOS,
        &[],
        &[
            "interface Loopback0",
            "interface Tunnel1",
            "interface range macro SERVERS",
            "interface FastEthernet0",
        ],
    );
}

#[test]
fn catalyst_ports_say_what_they_carry() {
    check_settings(IOS, &["interface GigabitEthernet1/0/1"], "GigabitEthernet1/0/1", CISCO_TRUNKS);
    check_settings(
        IOS,
        &["interface GigabitEthernet1/0/1"],
        "GigabitEthernet1/0/1",
        &[
            ("switchport mode access", "= port-mode: access"),
            ("switchport mode trunk", "= port-mode: trunk"),
            ("switchport mode dynamic auto", "= port-mode: dynamic"),
            ("switchport mode dynamic desirable", "= port-mode: dynamic"),
            ("switchport mode dot1q-tunnel", "= port-mode: access"),
            ("switchport mode private-vlan host", "= port-mode: private-vlan-host"),
            ("switchport mode private-vlan promiscuous", "= port-mode: promiscuous"),
            ("switchport mode private-vlan trunk secondary", "= port-mode: trunk"),
            ("no switchport mode", "- port-mode"),
            ("no switchport mode access", "- port-mode"),
            ("no switchport", "= port-mode: routed"),
            ("switchport", "= port-mode: dynamic"),
            ("switchport host", "= port-mode: access; = edge-port: on"),
            ("switchport access vlan 10", "= access-vlan: 10"),
            ("no switchport access vlan 10", "- access-vlan"),
            ("channel-group 1 mode active", "= lag: 1"),
            ("channel-group 2 mode on", "= lag: 2"),
            ("channel-group 3 mode desirable non-silent", "= lag: 3"),
            ("no channel-group", "- lag"),
            ("no channel-group 1 mode active", "- lag"),
            ("spanning-tree portfast", "= edge-port: on"),
            ("spanning-tree portfast trunk", "= edge-port: on"),
            ("spanning-tree portfast edge", "= edge-port: on"),
            ("spanning-tree portfast edge trunk", "= edge-port: on"),
            ("spanning-tree portfast disable", "= edge-port: off"),
            ("spanning-tree portfast network", "= edge-port: off"),
            ("no spanning-tree portfast", "= edge-port: off"),
            ("switchport voice vlan 20", ""),
            ("switchport trunk encapsulation dot1q", ""),
            ("switchport access vlan dynamic", ""),
            ("spanning-tree bpduguard enable", ""),
        ],
    );
}

#[test]
fn catalyst_ports_say_what_they_keep_out() {
    check_settings(IOS, &["interface GigabitEthernet1/0/1"], "GigabitEthernet1/0/1", CISCO_GUARDS);
    check_settings(
        IOS,
        &["interface GigabitEthernet1/0/1"],
        "GigabitEthernet1/0/1",
        &[
            ("switchport protected", "= protected: on"),
            ("no switchport protected", "= protected: off"),
            ("ip verify source", "= source-guard: on"),
            ("ip verify source port-security", "= source-guard: on"),
            ("ip verify source vlan dhcp-snooping port-security", "= source-guard: on"),
            ("no ip verify source", "= source-guard: off"),
            ("storm-control unknown-unicast level 5.00", "= storm-control-unicast: 5.00"),
            ("no storm-control unknown-unicast level", "- storm-control-unicast"),
            ("storm-control multicast level pps 1k 500", "= storm-control-multicast: pps 1k 500"),
            ("storm-control broadcast level 1.00 0.50", "= storm-control-broadcast: 1.00 0.50"),
            ("no storm-control unicast level", "- storm-control-unicast"),
            ("no storm-control broadcast level 1.00", "- storm-control-broadcast"),
            ("storm-control broadcast include multicast", "= storm-control-multicast: with broadcast"),
            ("no storm-control action shutdown", "- storm-control-action"),
            ("mac access-group NLB in", "= mac-acl: NLB"),
            ("no mac access-group NLB in", "- mac-acl"),
            ("ip igmp filter 5", "= igmp-filter: 5"),
            ("no ip igmp filter", "- igmp-filter"),
            ("ip igmp max-groups 10", "= igmp-group-limit: 10"),
            ("no ip igmp max-groups", "- igmp-group-limit"),
            ("ip igmp max-groups action replace", ""),
            ("switchport port-security maximum 2 vlan voice", ""),
        ],
    );
}

#[test]
fn catalyst_lists_are_read() {
    check_settings(
        IOS,
        &["mac access-list extended NLB"],
        "list NLB",
        &[
            ("deny any any 0x886F 0x0", "= mac-acl-deny: any any 0x886F 0x0"),
            ("permit any host 03bf.0a00.0001", "= mac-acl-permit: any host 03bf.0a00.0001"),
            ("no deny any any 0x886F 0x0", "- mac-acl-deny: any any 0x886F 0x0"),
            ("no permit any any", "- mac-acl-permit: any any"),
        ],
    );
    check_settings(
        IOS,
        &["ip igmp profile 5"],
        "list 5",
        &[
            ("permit", "= igmp-profile-action: permit"),
            ("deny", "= igmp-profile-action: deny"),
            ("no permit", "- igmp-profile-action"),
            ("range 239.255.0.0 239.255.255.255", "= igmp-profile-range: 239.255.0.0 239.255.255.255"),
            ("no range 239.1.1.1", "- igmp-profile-range: 239.1.1.1"),
        ],
    );
}
