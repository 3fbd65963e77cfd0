//! What each pack reads from the lines that people type and devices save, and what it leaves alone.

use std::collections::BTreeSet;

use super::*;
use crate::entry::Key;
use crate::net::mac::{Notation, format};
use crate::net::port::PortName;
use crate::vendor::Packs;

fn ports(ports: &BTreeSet<PortName>) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn vlan(vlan: Option<u16>) -> String {
    vlan.map(|vlan| format!(" vlan {vlan}")).unwrap_or_default()
}

fn vrf(vrf: Option<&String>) -> String {
    vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default()
}

fn entry(entry: &Entry) -> String {
    let on = |enabled: &bool| if *enabled { "on" } else { "off" };
    match entry {
        Entry::StaticArp { ip, mac, vrf: name, port } => {
            let port = port.as_ref().map(|port| format!(" at {port}")).unwrap_or_default();
            format!("arp {ip} {}{}{port}", format(*mac, Notation::Dotted), vrf(name.as_ref()))
        }
        Entry::StaticMac { mac, vlan, ports: list } => {
            format!("mac {} vlan {vlan} at {}", format(*mac, Notation::Dotted), ports(list))
        }
        Entry::IgmpSnooping { vlan: id, enabled } => format!("snooping{} {}", vlan(*id), on(enabled)),
        Entry::IgmpQuerier { vlan: id, address } => {
            let from = address.map(|address| format!(" from {address}")).unwrap_or_default();
            format!("querier{}{from}", vlan(*id))
        }
        Entry::MrouterPort { vlan, ports: list } => format!("mrouter vlan {vlan} at {}", ports(list)),
        Entry::MulticastFiltering { enabled } => format!("filtering {}", on(enabled)),
        Entry::UnregisteredMulticast { port, action } => format!("unregistered {port} {action}"),
        Entry::VlanFlooding { enabled } => format!("flooding {}", on(enabled)),
        Entry::StaticGroup { vlan, group, ports: list } => {
            format!("group {group} vlan {vlan} at {}", ports(list)).trim_end_matches(" at ").to_owned()
        }
        Entry::Setting { kind, of, value } => format!("{kind} of {of}: {value}"),
    }
}

fn key(key: &Key) -> String {
    match key {
        Key::StaticArp { vrf: name, ip } => format!("arp {ip}{}", vrf(name.as_ref())),
        Key::StaticMac { vlan, mac } => format!("mac {} vlan {vlan}", format(*mac, Notation::Dotted)),
        Key::IgmpSnooping { vlan: id } => format!("snooping{}", vlan(*id)),
        Key::IgmpQuerier { vlan: id } => format!("querier{}", vlan(*id)),
        Key::MrouterPort { vlan } => format!("mrouter vlan {vlan}"),
        Key::MulticastFiltering => "filtering".to_owned(),
        Key::UnregisteredMulticast { port } => format!("unregistered {port}"),
        Key::VlanFlooding => "flooding".to_owned(),
        Key::StaticGroup { vlan, group } => format!("group {group} vlan {vlan}"),
        Key::Setting { kind, of, item } => {
            let item = item.as_ref().map(|item| format!(": {item}")).unwrap_or_default();
            format!("{kind} of {of}{item}")
        }
    }
}

/// The changes of `text`, one line each: `=` replaces, `+` adds, `-` takes away; `?` is a line that is not understood.
fn changes(pack: &str, text: &str) -> String {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    let reading = read(&pack, text);
    let shown = reading.facts.iter().map(|fact| match &fact.change {
        Change::Replace(stated) => format!("= {}", entry(stated)),
        Change::Add(stated) => format!("+ {}", entry(stated)),
        Change::Remove(gone) => format!("- {}", key(gone)),
        Change::RemovePorts(gone, left) => format!("- {} at {}", key(gone), ports(left)),
        Change::RemoveVlans(kind, of, vlans) => format!("- {kind} of {of}: {vlans}"),
        Change::RemoveAddress(of) => format!("- address of {}", key(of)),
    });
    let odd = reading.unparsed.iter().map(|line| format!("? {}", &text[line.range.clone()]));
    shown.chain(odd).collect::<Vec<_>>().join("\n")
}

fn check(pack: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(changes(pack, text), *expected, "{pack}: {text}");
    }
}

#[test]
fn catalyst_lines_are_read_as_typed_and_as_saved() {
    let two = "= mac 03bf.0a00.0002 vlan 10 at GigabitEthernet1/0/9 GigabitEthernet1/0/10";
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
                "= mac 03bf.c0a8.0164 vlan 1 at GigabitEthernet1/1 GigabitEthernet1/2",
            ),
            (
                "mac address-table static 0300.5e11.1111 vlan 200 interface TenGigabitEthernet1/4 Te1/5 disable-snooping",
                "= mac 0300.5e11.1111 vlan 200 at TenGigabitEthernet1/4 TenGigabitEthernet1/5",
            ),
            (
                "mac address-table static 03bf.0a00.0001 vlan 10 interface Port-channel1 GigabitEthernet1/0/10",
                "= mac 03bf.0a00.0001 vlan 10 at GigabitEthernet1/0/10 Port-channel1",
            ),
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
        "interface Vlan10\n  ip arp 10.0.0.1 0100.5E7F.0001",
        "vlan configuration 10\n  layer-2 multicast lookup mac",
        "mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet8/2",
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
        "mac-address-table static 03bf.0a00.0001 FastEthernet0/1 FastEthernet0/2 vlan 10",
        "ip igmp snooping vlan 10 static 239.255.0.1 interface Gi1/0/1",
        "ip igmp snooping querier address 10.0.0.999",
    ] {
        assert_eq!(changes("cisco-ios", text), format!("? {text}"));
    }
}

#[test]
fn force10_lines_are_read_in_every_spelling_of_the_manuals() {
    let entry = "= mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/1 TenGigabitEthernet0/2 Port-channel3";
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
                "= mac 03bf.0a01.0a32 vlan 10 at TenGigabitEthernet0/4/1 fortyGigE0/48",
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
        "ip multicast-routing",
    ] {
        assert_eq!(changes("dell-force10", text), "", "{text}");
    }
    for text in
        ["arp 10.1.10.50 03:bf:0a:01:0a:32", "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10"]
    {
        assert_eq!(changes("dell-force10", text), format!("? {text}"));
    }
}

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
        "arp 10.1.10.50 03:bf:0a:01:0a:32 ethernet g1",
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
}

#[test]
fn a_pack_of_facts_reads_nothing() {
    assert_eq!(changes("cisco-nxos", "interface Vlan10\n  ip arp 10.0.0.1 0100.5e7f.0001"), "");
}
