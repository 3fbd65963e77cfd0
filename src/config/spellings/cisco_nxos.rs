//! Cisco NX-OS.

use super::*;

#[test]
fn nexus_lines_are_read_under_their_interfaces_and_vlans() {
    let svi = "= svi of the SVI of VLAN 10: on\n";
    let under = |changes: &str| format!("{svi}{changes}");
    let arp = under("= arp 10.0.0.1 0100.5e7f.0001 under Vlan10");
    let up = under("= shutdown of the SVI of VLAN 10: off\n= arp 10.0.0.1 0100.5e7f.0001 under Vlan10");
    let port = "= port of Ethernet1/1: on\n= arp 10.0.0.1 0011.2233.4455 at Ethernet1/1";
    let vlan = |changes: &str| format!("= vlan of VLAN 10: on\n{changes}");
    let (off, removed) = (vlan("= snooping vlan 10 off"), vlan("- querier vlan 10"));
    let in_vrf = under("= vrf of the SVI of VLAN 10: RED\n= arp 10.0.0.1 03bf.0a00.0001 under Vlan10");
    let gone = under("- arp 10.0.0.1 under Vlan10");
    check_all(
        "cisco-nxos",
        &[
            ("interface Vlan10\n  no shutdown\n  ip arp 10.0.0.1 0100.5E7F.0001  \n", &up),
            ("interface vlan 10\n  ip arp 10.0.0.1 0100.5e7f.0001", &arp),
            ("interface Vlan10\n  vrf member RED\n  ip arp 10.0.0.1 03bf.0a00.0001", &in_vrf),
            ("interface Vlan10\n  no ip arp 10.0.0.1 03bf.0a00.0001", &gone),
            ("interface Vlan10\n  no ip arp 10.0.0.1", &gone),
            ("interface Ethernet1/1\n  ip arp 10.0.0.1 0011.2233.4455", port),
            (
                "mac address-table static c8c8.c8c8.c8c8 vlan 200 interface port-channel3",
                "+ mac c8c8.c8c8.c8c8 vlan 200 at port-channel3",
            ),
            (
                "mac address-table static 1.2.3 vlan 123 interface ethernet 1/2",
                "+ mac 0001.0002.0003 vlan 123 at Ethernet1/2",
            ),
            (
                "mac address-table static 03bf.0a00.0001 vlan 10 interface Eth1/1 Eth1/2 po3 ",
                "+ mac 03bf.0a00.0001 vlan 10 at Ethernet1/1 Ethernet1/2 port-channel3",
            ),
            (
                "mac-address-table static 03bf.0a00.0001 vlan 10 interface ethernet 1/1 auto-learn",
                "+ mac 03bf.0a00.0001 vlan 10 at Ethernet1/1",
            ),
            (
                "mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet8/2\n\
                 mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet101/1/3",
                "+ mac 03bf.0a00.0001 vlan 10 at Ethernet8/2\n+ mac 03bf.0a00.0001 vlan 10 at Ethernet101/1/3",
            ),
            (
                "no mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet8/2",
                "- mac 03bf.0a00.0001 vlan 10 at Ethernet8/2",
            ),
            ("no mac address-table static 03bf.0a00.0001 vlan 10", "- mac 03bf.0a00.0001 vlan 10"),
            (
                "mac address-table static 000e.000e.000e vlan 10 drop ",
                "= dropped-mac of VLAN 10: 00:0e:00:0e:00:0e",
            ),
            ("no ip igmp snooping", "= snooping off"),
            ("vlan configuration 10\n  no ip igmp snooping", "= snooping vlan 10 off"),
            (
                "vlan configuration 10,20-21\n  no ip igmp snooping\n  layer-2 multicast lookup mac",
                "= snooping vlan 10 off\n= snooping vlan 20 off\n= snooping vlan 21 off\n\
                 = multicast-lookup of VLAN 10: mac\n= multicast-lookup of VLAN 20: mac\n\
                 = multicast-lookup of VLAN 21: mac",
            ),
            ("vlan 10\n  no ip igmp snooping", &off),
            (
                "vlan configuration 10\n  ip igmp snooping querier 10.0.0.253",
                "+ querier vlan 10 from 10.0.0.253",
            ),
            ("vlan configuration 10\n  no ip igmp snooping querier 10.0.0.253", "- querier vlan 10"),
            ("vlan 10\n  no ip igmp snooping querier", &removed),
            (
                "vlan configuration 10\n  ip igmp snooping mrouter interface ethernet 2/1",
                "+ mrouter vlan 10 at Ethernet2/1",
            ),
            ("vlan configuration 10\n  no layer-2 multicast lookup mac", "- multicast-lookup of VLAN 10"),
        ],
    );
    for text in [
        "mac address-table static clear",
        "mac address-table aging-time 0",
        "mac address-table loop-detect port-down",
        "no ip igmp snooping optimise-multicast-flood",
        "ip igmp snooping vxlan",
        "vlan configuration 10\n  ip igmp snooping fast-leave\n  no ip igmp snooping report-suppression",
        "vlan configuration 10\n  ip igmp snooping querier-timeout 255",
        "ip arp timeout 900",
        "ip arp synchronize",
    ] {
        assert_eq!(changes("cisco-nxos", text), "", "{text}");
    }
    for line in ["ip igmp snooping querier", "ip igmp snooping mrouter interface Zebra1"] {
        assert_eq!(changes("cisco-nxos", &format!("vlan configuration 10\n  {line}")), format!("? {line}"));
    }
    for (line, why) in [
        ("mac address-table multicast 03bf.0a00.0001 vlan 10", "no port"),
        ("arp 10.0.0.1 03bf.0a00.0001 ARPA", "words of another dialect"),
        ("ip arp 10.0.0.1 03bf.0a00.0001", "under no interface"),
        ("ip igmp snooping querier 10.0.0.1", "under no VLAN"),
    ] {
        assert_eq!(changes("cisco-nxos", line), format!("? {line}"), "{why}");
    }
}

#[test]
fn a_static_arp_has_the_vrf_of_its_svi() {
    let pack = Packs::embedded().get("cisco-nxos").unwrap().unwrap();
    let vrf_of = |text: &str| {
        let state = read(&pack, text).state(&pack.facts(None));
        let found = state.entries().find_map(|entry| match entry {
            Entry::StaticArp { vrf, .. } => Some(vrf.clone()),
            _ => None,
        });
        found.unwrap()
    };
    let arp = "interface Vlan10\n  ip arp 10.0.0.1 03bf.0a00.0001\n";
    assert_eq!(vrf_of(arp), None);
    assert_eq!(vrf_of(&format!("{arp}interface Vlan10\n  vrf member RED")), Some("RED".to_owned()));
    assert_eq!(vrf_of(&format!("interface Vlan11\n  vrf member RED\n{arp}")), None);
}
