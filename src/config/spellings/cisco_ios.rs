//! Cisco IOS and IOS XE.

use super::*;

#[test]
fn catalyst_lines_are_read_as_typed_and_as_saved() {
    let two = "+ mac 03bf.0a00.0002 vlan 10 at GigabitEthernet1/0/9 GigabitEthernet1/0/10";
    check(
        "cisco-ios",
        &[
            ("arp 10.0.0.1 03bf.0a00.0001 ARPA", "= arp 10.0.0.1 03bf.0a00.0001"),
            ("arp 10.0.0.1 03BF.0A00.0001 arpa  ", "= arp 10.0.0.1 03bf.0a00.0001"),
            ("arp 10.100.1.99 0300.5e01.0101", "= arp 10.100.1.99 0300.5e01.0101"),
            ("arp 10.0.0.1 0100.5e7f.0001 ARPA alias", "= arp 10.0.0.1 0100.5e7f.0001"),
            ("arp 10.0.0.1 0100.5e7f.0001 ARPA Vlan10", "= arp 10.0.0.1 0100.5e7f.0001"),
            ("arp 10.0.0.1 0100.5e7f.0001 SNAP", "= arp 10.0.0.1 0100.5e7f.0001"),
            ("arp vrf RED 10.0.0.1 03bf.0a00.0001 ARPA", "= arp 10.0.0.1 03bf.0a00.0001 vrf RED"),
            ("no arp 10.0.0.1", "- arp 10.0.0.1"),
            ("no arp 10.0.0.1 03bf.0a00.0001 ARPA", "- arp 10.0.0.1"),
            ("no arp vrf RED 10.0.0.1 03bf.0a00.0001 arpa", "- arp 10.0.0.1 vrf RED"),
            (
                "mac address-table static 03bf.0a00.0002 vlan 10 interface GigabitEthernet1/0/9 GigabitEthernet1/0/10",
                two,
            ),
            ("mac address-table static 03bf.0a00.0002 vlan 10 interface gi1/0/9 gi 1/0/10", two),
            ("mac-address-table static 03-bf-0a-00-00-02 vlan 10 interface Gi1/0/9, Gi1/0/10", two),
            (
                "mac-address-table static 03bf.c0a8.0164 vlan 1 interface GigabitEthernet1/1 GigabitEthernet1/2",
                "+ mac 03bf.c0a8.0164 vlan 1 at GigabitEthernet1/1 GigabitEthernet1/2",
            ),
            (
                "mac address-table static 0300.5e11.1111 vlan 200 interface TenGigabitEthernet1/4 Te1/5 disable-snooping",
                "+ mac 0300.5e11.1111 vlan 200 at TenGigabitEthernet1/4 TenGigabitEthernet1/5",
            ),
            (
                "mac address-table static 03bf.0a00.0001 vlan 10 interface Port-channel1 GigabitEthernet1/0/10",
                "+ mac 03bf.0a00.0001 vlan 10 at GigabitEthernet1/0/10 Port-channel1",
            ),
            (
                "mac-address-table static 03bf.0a00.0001 FastEthernet0/1 FastEthernet0/2 FastEthernet0/3 vlan 10",
                "+ mac 03bf.0a00.0001 vlan 10 at FastEthernet0/2 FastEthernet0/3",
            ),
            (
                "mac-address-table static 03bf.0a00.0001 fa0/2 fa0/1 fa0/3 vlan 10",
                "+ mac 03bf.0a00.0001 vlan 10 at FastEthernet0/1 FastEthernet0/3",
            ),
            (
                "no mac-address-table static 03bf.0a00.0001 Fa0/1 Fa0/2 vlan 10",
                "- mac 03bf.0a00.0001 vlan 10 at FastEthernet0/2",
            ),
            (
                "interface FastEthernet0/1\n switchport access vlan 10\n!\n\
                 mac-address-table static 03bf.0a00.0001 fa0/1 fa0/2",
                "+ mac 03bf.0a00.0001 vlan 10 at FastEthernet0/2",
            ),
            (
                "mac-address-table static 03bf.0a00.0001 FastEthernet0/1 FastEthernet0/2 FastEthernet0/3\n\
                 interface FastEthernet0/1\n spanning-tree portfast",
                "+ mac 03bf.0a00.0001 vlan 1 at FastEthernet0/2 FastEthernet0/3",
            ),
            (
                "interface FastEthernet0/1\n switchport access vlan 10\n!\n\
                 no mac-address-table static 03bf.0a00.0001 Fa0/1 Fa0/2",
                "- mac 03bf.0a00.0001 vlan 10 at FastEthernet0/2",
            ),
            (
                "mac-address-table secure 02bf.0a00.0001 FastEthernet0/1 vlan 10",
                "+ mac 02bf.0a00.0001 vlan 10 at FastEthernet0/1",
            ),
            ("no mac-address-table secure 02bf.0a00.0001 vlan 10", "- mac 02bf.0a00.0001 vlan 10"),
            ("no mac address-table static 03bf.0a00.0001 vlan 10", "- mac 03bf.0a00.0001 vlan 10"),
            (
                "no mac-address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/9 disable-snooping",
                "- mac 03bf.0a00.0001 vlan 10 at GigabitEthernet1/0/9",
            ),
            ("ip igmp snooping", "= snooping on"),
            ("no ip igmp snooping", "= snooping off"),
            ("ip igmp snooping vlan 10", "= snooping vlan 10 on"),
            ("no ip igmp snooping vlan 100", "= snooping vlan 100 off"),
            ("ip igmp snooping querier", "+ querier"),
            ("ip igmp snooping querier address 10.0.0.254", "+ querier from 10.0.0.254"),
            ("no ip igmp snooping querier", "- querier"),
            ("ip igmp snooping vlan 10 querier", "+ querier vlan 10"),
            ("ip igmp snooping vlan 10 querier address 10.0.0.254", "+ querier vlan 10 from 10.0.0.254"),
            ("no ip igmp snooping vlan 10 querier", "- querier vlan 10"),
            ("no ip igmp snooping vlan 10 querier address 10.0.0.254", "- address of querier vlan 10"),
            ("no ip igmp snooping querier address", "- address of querier"),
            ("interface Vlan10\n ip igmp snooping querier\n!", "+ querier vlan 10"),
            (
                "vlan configuration 10\n ip igmp snooping querier address 10.0.0.254",
                "+ querier vlan 10 from 10.0.0.254",
            ),
            (
                "ip igmp snooping vlan 10 mrouter interface Gi1/0/1",
                "+ mrouter vlan 10 at GigabitEthernet1/0/1",
            ),
            ("no ip igmp snooping vlan 10 mrouter interface Po1", "- mrouter vlan 10 at Port-channel1"),
        ],
    );
}

#[test]
fn catalyst_lines_that_only_look_alike_are_left_alone() {
    for text in [
        "arp timeout 60",
        "arp access-list guests",
        "mac address-table aging-time 300",
        "mac address-table notification change",
        "no mac address-table learning vlan 10",
        "mac address-table static 0011.2233.4455 vlan 10 drop",
        "ip igmp snooping vlan 10 immediate-leave",
        "ip igmp snooping vlan 10 querier query-interval 60",
        "no ip igmp snooping report-suppression",
        "ip igmp snooping querier timer expiry 120",
        "ip igmp profile 1",
        "interface GigabitEthernet1/0/1\n ip igmp snooping tcn flood",
        "interface Vlan10\n arp timeout 300\n arp arpa",
        "vlan configuration 10\n  layer-2 multicast lookup mac",
        "banner motd ^C no NLB here ^C",
        "! arp 10.0.0.1 03bf.0a00.0001 ARPA",
        "snmp-server location arp 10.0.0.1 03bf.0a00.0001 ARPA",
    ] {
        assert_eq!(changes("cisco-ios", text), "", "{text}");
    }
    for text in [
        "arp 10.0.0.300 03bf.0a00.0001 ARPA",
        "arp 03bf.c0a8.0164 ARPA",
        "mac address-table static 03bf.0a00.0001 vlan 10 interface Zebra1/0/1",
        "mac address-table static 03bf.0a00.0001 vlan 4095 interface Gi1/0/1",
        // Whose VLAN it is, the line leaves to its first port, of which nothing is known here.
        "mac-address-table static 03bf.0a00.0001 FastEthernet0/1 FastEthernet0/2",
        "ip igmp snooping vlan 10 static 239.255.0.300 interface Gi1/0/1",
        "ip igmp snooping querier address 10.0.0.999",
        "arp 10.0.0.1 03bf.0a ARPA",
        "no arp 10.0.0.1 03bf.0a ARPA",
        "arp vrf RED 10.0.0.1 ARPA",
        // Words of another dialect, and a cluster's MAC.
        "mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet8/2",
    ] {
        assert_eq!(changes("cisco-ios", text), format!("? {text}"));
    }
    let nexus = "interface Vlan10\n  ip arp 10.0.0.1 0100.5E7F.0001";
    assert_eq!(changes("cisco-ios", nexus), "? ip arp 10.0.0.1 0100.5E7F.0001");
    let indented = "interface Vlan10\n arp 10.0.0.1 03bf.0a00.0001 ARPA";
    assert_eq!(changes("cisco-ios", indented), "? arp 10.0.0.1 03bf.0a00.0001 ARPA", "in a block");
}

#[test]
fn catalyst_static_groups_are_read_by_address_and_by_mac() {
    check(
        "cisco-ios",
        &[
            (
                "ip igmp snooping vlan 10 static 239.1.1.1 interface Gi1/0/1",
                "+ group 239.1.1.1 vlan 10 at GigabitEthernet1/0/1",
            ),
            (
                "no ip igmp snooping vlan 10 static 239.1.1.1 interface Gi1/0/1",
                "- group 239.1.1.1 vlan 10 at GigabitEthernet1/0/1",
            ),
            (
                "ip igmp snooping vlan 10 static 0100.5e7f.0001 interface Gi0/1",
                "+ mac 0100.5e7f.0001 vlan 10 at GigabitEthernet0/1",
            ),
            // All of its digits are decimal: still a MAC.
            (
                "ip igmp snooping vlan 10 static 0100.5071.0001 interface Gi0/1",
                "+ mac 0100.5071.0001 vlan 10 at GigabitEthernet0/1",
            ),
            ("interface Vlan10\n ip igmp static-group 239.1.1.1", "+ group 239.1.1.1 vlan 10"),
            ("interface Vlan10\n ip igmp join-group 239.1.1.1 source 10.0.0.9", "+ group 239.1.1.1 vlan 10"),
            ("interface Vlan10\n no ip igmp static-group 239.1.1.1", "- group 239.1.1.1 vlan 10"),
        ],
    );
}
