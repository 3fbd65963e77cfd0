//! Arista EOS.

use super::*;

#[test]
fn arista_lines_are_read_in_old_and_new_spellings() {
    let two = "= mac 03bf.0a00.0001 vlan 10 at Ethernet1 Ethernet2 Port-Channel5";
    check_all(
        "arista-eos",
        &[
            ("arp 10.0.0.1 03bf.0a00.0001 arpa", "= arp 10.0.0.1 03bf.0a00.0001"),
            ("arp vrf RED 10.0.0.1 03BF.0A00.0001 ARPA", "= arp 10.0.0.1 03bf.0a00.0001 vrf RED"),
            ("no arp vrf RED 10.0.0.1", "- arp 10.0.0.1 vrf RED"),
            ("default arp 10.0.0.1", "- arp 10.0.0.1"),
            (
                "mac address-table static 03bf.0a00.0001 vlan 10 interface Ethernet1 Ethernet2 Port-Channel5",
                two,
            ),
            ("mac address-table static 03bf.0a00.0001 vlan 10 interface Et1-2,Po5", two),
            ("mac-address-table static 03bf.0a00.0001 vlan 10 interface et1, et2, po5", two),
            (
                "mac address-table static 0011.2233.4455 vlan 10 interface Ethernet49/1 eligibility forwarding",
                "= mac 0011.2233.4455 vlan 10 at Ethernet49/1",
            ),
            ("no mac address-table static 03bf.0a00.0001 vlan 10", "- mac 03bf.0a00.0001 vlan 10"),
            (
                "mac address-table static DEAD.BEEF.CAFE vlan 10 drop",
                "= dropped-mac of VLAN 10: de:ad:be:ef:ca:fe",
            ),
            ("no ip igmp snooping", "= snooping off"),
            ("no ip igmp snooping vlan 20", "= snooping vlan 20 off"),
            ("no ip igmp snooping vlan 20-21", "= snooping vlan 20 off\n= snooping vlan 21 off"),
            ("default ip igmp snooping vlan 20", "= snooping vlan 20 on"),
            ("ip igmp snooping vlan 23 querier", "+ querier vlan 23"),
            ("ip igmp snooping vlan 23 querier address 10.10.23.1", "+ querier vlan 23 from 10.10.23.1"),
            ("no ip igmp snooping vlan 23 querier address", "- address of querier vlan 23"),
            ("no ip igmp snooping vlan 23 querier", "- querier vlan 23"),
            ("ip igmp snooping querier address 10.10.10.1", "+ querier from 10.10.10.1"),
            (
                "ip igmp snooping vlan 10 multicast-router interface Ethernet1",
                "+ mrouter vlan 10 at Ethernet1",
            ),
            (
                "ip igmp snooping vlan 10 mrouter interface Port-Channel5",
                "+ mrouter vlan 10 at Port-Channel5",
            ),
            ("no ip igmp snooping vlan 10 mrouter interface Et1", "- mrouter vlan 10 at Ethernet1"),
        ],
    );
    for text in [
        "ip igmp snooping vlan 23 querier version 3",
        "ip igmp snooping vlan 23 querier last-member-query-interval 5",
        "default ip igmp snooping vlan 1 immediate-leave",
        "ip igmp snooping fast-leave",
        "no ip igmp snooping report-flooding",
        "ip igmp snooping robustness-variable 2",
        "arp aging timeout default 1500",
        "mac address-table aging-time 100",
        "interface Ethernet1\n   mac access-group x in",
    ] {
        assert_eq!(changes("arista-eos", text), "", "{text}");
    }
    for text in [
        "arp 03bf.c0a8.0164 arpa",
        "mac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/1",
        "ip igmp snooping vlan 10 something new",
    ] {
        assert_eq!(changes("arista-eos", text), format!("? {text}"));
    }
    let nexus = "interface Vlan10\n   ip arp 10.0.0.1 0100.5E7F.0001";
    assert_eq!(changes("arista-eos", nexus), "? ip arp 10.0.0.1 0100.5E7F.0001", "words of another dialect");
}
