//! Dell PowerConnect 5400.

use super::*;

#[test]
fn powerconnect_blocks_are_read_whole_and_in_pieces() {
    check(
        "dell-powerconnect-5400",
        &[
            ("bridge multicast filtering", "= filtering on"),
            ("no bridge multicast filtering", "= filtering off"),
            ("ip igmp snooping", "= snooping on"),
            ("interface vlan 687\nip igmp snooping\nname CUST\nexit", "= snooping vlan 687 on"),
            (
                "interface vlan 687\nno ip igmp snooping\nexit\nip igmp snooping",
                "= snooping vlan 687 off\n= snooping on",
            ),
            (
                "interface vlan 10\nbridge multicast address 03:bf:0a:01:0a:32 add ethernet g1-4,g7\nexit",
                "+ mac 03bf.0a01.0a32 vlan 10 at g1 g2 g3 g4 g7",
            ),
            (
                "interface vlan 10\n bridge multicast address 03bf.0a01.0a32 ethernet g(1-2,7)\n \
                 bridge multicast address 03bf0a010a32 port-channel 1-2\n exit",
                "+ mac 03bf.0a01.0a32 vlan 10 at g1 g2 g7\n\
                 + mac 03bf.0a01.0a32 vlan 10 at port-channel1 port-channel2",
            ),
            (
                "interface vlan 10\nbridge multicast address 03:bf:0a:01:0a:32 remove ethernet g7\n\
                 bridge multicast address 03:bf:0a:01:0a:32 remove port-channel 2\nexit",
                "- mac 03bf.0a01.0a32 vlan 10 at g7\n- mac 03bf.0a01.0a32 vlan 10 at port-channel2",
            ),
            (
                "interface vlan 10\nno bridge multicast address 03:bf:0a:01:0a:32\nexit",
                "- mac 03bf.0a01.0a32 vlan 10",
            ),
            (
                "interface vlan 10\nip igmp snooping querier enable\nip igmp snooping querier address 10.1.10.2\nexit",
                "+ querier vlan 10\n+ querier vlan 10 from 10.1.10.2",
            ),
            ("interface vlan 10\nno ip igmp snooping querier enable\nexit", "- querier vlan 10"),
            ("interface vlan 10\nno ip igmp snooping querier address\nexit", "- address of querier vlan 10"),
            (
                "interface vlan 10\nbridge multicast forward-all add ethernet g24\nexit",
                "+ mrouter vlan 10 at g24",
            ),
            ("interface vlan 10\nno bridge multicast forward-all\nexit", "- mrouter vlan 10"),
            (
                "interface ethernet g3\nbridge multicast unregistered filtering\nexit",
                "= unregistered g3 drop",
            ),
            (
                "interface range ethernet g(1-2,7)\nbridge multicast unregistered filtering\nexit",
                "= unregistered g1 drop\n= unregistered g2 drop\n= unregistered g7 drop",
            ),
            (
                "interface range port-channel 1-2\nno bridge multicast unregistered\nexit",
                "- unregistered port-channel1\n- unregistered port-channel2",
            ),
            (
                "interface port-channel 1\nbridge multicast unregistered forwarding\nexit",
                "= unregistered port-channel1 flood",
            ),
            // A block may lack its `exit`: the next `interface` closes it.
            (
                "interface ethernet g1\nswitchport mode trunk\ninterface vlan 10\nip igmp snooping\nexit\nhostname sw1",
                "= snooping vlan 10 on",
            ),
        ],
    );
    for text in [
        "arp timeout 60",
        "interface vlan 10\nip igmp snooping mrouter learn-pim-dvmrp\nip igmp snooping host-time-out 260\nexit",
        "vlan database\nvlan 10\nexit",
        "ip arp inspection",
        "port storm-control broadcast enable",
    ] {
        assert_eq!(changes("dell-powerconnect-5400", text), "", "{text}");
    }
    let alone = "bridge multicast address 03:bf:0a:01:0a:32";
    assert_eq!(
        changes("dell-powerconnect-5400", &format!("interface vlan 10\n{alone}\nexit")),
        format!("? {alone}"),
        "a group without ports"
    );
    let arp = "arp 10.1.10.50 03:bf:0a:01:0a:32 ethernet g1";
    assert_eq!(changes("dell-powerconnect-5400", arp), format!("? {arp}"), "a switch that does not route");
}

const POWERCONNECT: &str = "dell-powerconnect-5400";

#[test]
fn powerconnect_settings_of_the_switch_and_its_vlans_are_read() {
    check_settings(
        POWERCONNECT,
        &[],
        "the switch",
        &[
            ("hostname Office-1", "= hostname: Office-1"),
            ("hostname \"office 1\"", "= hostname: office 1"),
            ("no hostname", "- hostname"),
            ("ip arp inspection vlan 10", "+ arp-inspection: 10"),
            ("no ip arp inspection vlan 10", "- arp-inspection: 10"),
            ("ip arp inspection validate", "= arp-inspection-source: on"),
            ("no ip arp inspection validate", "= arp-inspection-source: off"),
            ("ip dhcp snooping vlan 10", "+ dhcp-snooping: 10"),
            ("no ip dhcp snooping vlan 10", "- dhcp-snooping: 10"),
            ("port storm-control unknown-unicast fastethernet enable", "= storm-control-unicast: enabled"),
            ("no port storm-control unknown-unicast fastethernet enable", "- storm-control-unicast"),
            ("ip arp inspection", ""),
        ],
    );
    check_settings(
        POWERCONNECT,
        &["vlan database"],
        "VLAN 10",
        &[("vlan 10", "= vlan: on"), ("no vlan 10", "= vlan: off")],
    );
    assert_eq!(
        said(POWERCONNECT, &["vlan database"], "vlan 4,8-9"),
        "= vlan of VLAN 4: on; = vlan of VLAN 8: on; = vlan of VLAN 9: on"
    );
    let block = &["interface vlan 10"];
    check_settings(
        POWERCONNECT,
        block,
        "VLAN 10",
        &[
            ("name CUST", "= vlan-name: CUST"),
            ("name \"barcode ap\"", "= vlan-name: barcode ap"),
            ("no name", "- vlan-name"),
            ("ip igmp snooping host-time-out 60", "= group-timeout: 60"),
            ("no ip igmp snooping host-time-out", "- group-timeout"),
        ],
    );
    check_settings(
        POWERCONNECT,
        block,
        "the SVI of VLAN 10",
        &[
            ("ip address 10.10.0.5 255.255.255.0", "= svi: on; = address: 10.10.0.5/24"),
            ("ip address 10.10.0.5 /24", "= svi: on; = address: 10.10.0.5/24"),
            ("ip address 10.10.0.5/24", "= svi: on; = address: 10.10.0.5/24"),
            ("no ip address", "= svi: off; - address"),
        ],
    );
    check(
        POWERCONNECT,
        &[
            (
                "interface vlan 10\nbridge multicast address 239.1.1.1 add ethernet g1-2\nexit",
                "+ group 239.1.1.1 vlan 10 at g1 g2",
            ),
            (
                "interface vlan 10\nbridge multicast address 239.1.1.1 port-channel 1\nexit",
                "+ group 239.1.1.1 vlan 10 at port-channel1",
            ),
            (
                "interface vlan 10\nbridge multicast address 239.1.1.1 remove ethernet g2\nexit",
                "- group 239.1.1.1 vlan 10 at g2",
            ),
            ("interface vlan 10\nno bridge multicast address 239.1.1.1\nexit", "- group 239.1.1.1 vlan 10"),
        ],
    );
}

#[test]
fn powerconnect_ports_are_read_in_every_form_of_a_range() {
    for (line, expected) in [
        ("interface ethernet g1", "= port of g1: on"),
        ("interface range ethernet g(1-2,7)", "= port of g1: on; = port of g2: on; = port of g7: on"),
        ("interface range ethernet g1-g2,g7", "= port of g1: on; = port of g2: on; = port of g7: on"),
        ("interface port-channel 1", "= port of port-channel1: on"),
        ("interface range port-channel 1-2", "= port of port-channel1: on; = port of port-channel2: on"),
        ("interface vlan 10", "= vlan of VLAN 10: on"),
    ] {
        assert_eq!(said(POWERCONNECT, &[], line), expected, "{line}");
    }
    assert_eq!(
        said(POWERCONNECT, &["interface range ethernet g(1-2)"], "switchport trunk allowed vlan add 6"),
        "+ trunk-vlans of g1: 6; + trunk-vlans of g2: 6"
    );
}

#[test]
fn powerconnect_ports_say_what_they_carry_and_keep_out() {
    let cases: &[(&str, &str)] = &[
        ("shutdown", "= shutdown: on"),
        ("no shutdown", "= shutdown: off"),
        ("switchport mode access", "= port-mode: access"),
        ("switchport mode trunk", "= port-mode: trunk"),
        ("switchport mode general", "= port-mode: general"),
        ("switchport mode customer", "= port-mode: access"),
        ("no switchport mode", "- port-mode"),
        ("switchport access vlan 10", "= access-vlan: 10"),
        ("no switchport access vlan", "- access-vlan"),
        ("switchport trunk native vlan 99", "= native-vlan: 99"),
        ("no switchport trunk native vlan", "- native-vlan"),
        ("switchport general pvid 99", "= native-vlan: 99"),
        ("no switchport general pvid", "- native-vlan"),
        ("switchport trunk allowed vlan add 10,20-22", "+ trunk-vlans: 10,20-22"),
        ("switchport trunk allowed vlan add all", "+ trunk-vlans: 1-4094"),
        ("switchport trunk allowed vlan remove 20", "- trunk-vlans: 20"),
        ("switchport trunk allowed vlan remove all", "= trunk-vlans: none"),
        ("switchport general allowed vlan add 10 tagged", "+ trunk-vlans: 10"),
        ("switchport general allowed vlan add 10 untagged", "+ trunk-vlans: 10"),
        ("switchport general allowed vlan add 10", "+ trunk-vlans: 10"),
        ("switchport general allowed vlan remove 10", "- trunk-vlans: 10"),
        ("channel-group 1 mode on", "= lag: 1"),
        ("channel-group 2 mode auto", "= lag: 2"),
        ("no channel-group", "- lag"),
        ("spanning-tree portfast", "= edge-port: on"),
        ("spanning-tree portfast auto", "= edge-port: on"),
        ("no spanning-tree portfast", "= edge-port: off"),
        ("switchport protected", "= protected: on"),
        ("switchport protected ethernet g24", "= protected: on"),
        ("no switchport protected", "= protected: off"),
        ("port security", "= port-security: on"),
        ("port security discard trap 60", "= port-security: on"),
        ("port security max 2", "= port-security-maximum: 2"),
        ("no port security max", "- port-security-maximum"),
        ("no port security", "= port-security: off"),
        ("ip arp inspection trust", "= arp-inspection-trust: on"),
        ("no ip arp inspection trust", "= arp-inspection-trust: off"),
        ("ip dhcp snooping trust", "= dhcp-snooping-trust: on"),
        ("no ip dhcp snooping trust", "= dhcp-snooping-trust: off"),
        ("ip source-guard", "= source-guard: on"),
        ("no ip source-guard", "= source-guard: off"),
        ("port storm-control broadcast enable", "= storm-control-broadcast: enabled"),
        ("no port storm-control broadcast enable", "- storm-control-broadcast"),
        ("port storm-control include-multicast", "= storm-control-multicast: with broadcast"),
        (
            "port storm-control include-multicast unknown-unicast",
            "= storm-control-multicast: with broadcast; = storm-control-unicast: with broadcast",
        ),
        ("no port storm-control include-multicast", "- storm-control-multicast; - storm-control-unicast"),
        ("port storm-control broadcast rate 3500", ""),
        ("service-acl input NLB", "= mac-acl: NLB"),
        ("no service-acl input", "- mac-acl"),
        ("spanning-tree guard root", ""),
    ];
    check_settings(POWERCONNECT, &["interface ethernet g3"], "g3", cases);
    check_settings(POWERCONNECT, &["interface port-channel 1"], "port-channel1", cases);
}

#[test]
fn powerconnect_lists_are_read() {
    check_settings(
        POWERCONNECT,
        &["mac access-list NLB"],
        "list NLB",
        &[
            ("deny any any vlan 10 ethtype 886f", "= mac-acl-deny: any any vlan 10 ethtype 886f"),
            ("permit any any", "= mac-acl-permit: any any"),
            ("no deny any any", "- mac-acl-deny: any any"),
            ("no permit any any", "- mac-acl-permit: any any"),
        ],
    );
}
