//! What was measured on forwarding planes comes out of [`decide`].

use std::sync::Arc;

use super::*;
use crate::entry::{Entry, EntryKind, State, Subject, Unregistered, Value};
use crate::net::PortSet;
use crate::source::Sources;
use crate::vendor::{Evidence, Model, Pack};

/// A Linux bridge as it was measured: kernel 6.18, iproute2 6.1.
const BRIDGE: &str = "\
name: bridge
title: a Linux bridge
syntax:
  mac: colon
  comment: \"#\"
  blocks: indent
  negation: del
  repeated_static_mac: {value: adds, evidence: unverified}
  ports: [{name: p, short: p, parts: [1]}]
  separator: \" \"
capabilities:
  multicast_lookup: {value: ip, evidence: lab, source: \"https://example.invalid\"}
  static_multicast_mac: {value: non-ip, evidence: lab, source: \"https://example.invalid\"}
  unregistered_multicast: {value: flood, evidence: lab, source: \"https://example.invalid\"}
  unregistered_with_querier: {value: router-ports, evidence: lab, source: \"https://example.invalid\"}
  igmp_snooping_default: {value: true, evidence: lab, source: \"https://example.invalid\"}
  igmp_snooping_vlan_default: {value: true, evidence: lab, source: \"https://example.invalid\"}
recognise:
  - {entry: static-mac, lines: [\"bridge mdb add <mac> vlan <vlan> <ports>\"], evidence: unverified}
";

fn pack() -> Arc<Pack> {
    Arc::new(Pack::read("bridge", BRIDGE, None).unwrap_or_else(|error| panic!("{:#?}", error.problems)))
}

fn ports(pack: &Pack, numbers: &[u16]) -> PortSet {
    numbers.iter().map(|number| pack.ports.parse(&format!("p{number}")).unwrap()).collect()
}

const MULTICAST: &str = "03:bf:0a:00:00:01";
const IGMP: &str = "01:00:5e:7f:00:01";
const UNICAST: &str = "02:bf:0a:00:00:01";

/// The frames of the table, by its columns: MAC, and destination IP where they are IP.
const COLUMNS: [(&str, Option<&str>); 5] = [
    (MULTICAST, Some("10.0.0.1")),
    (IGMP, Some("10.0.0.1")),
    (IGMP, Some("239.255.0.1")),
    (MULTICAST, None),
    (UNICAST, Some("10.0.0.1")),
];

/// Which of the ports 1, 2 and 4 get each frame of the table, which comes by port 3.
fn received(entries: Vec<Entry>, queried: bool) -> [Vec<u16>; 5] {
    let pack = pack();
    let state: State = entries.into_iter().collect();
    let reading = crate::config::Reading::default();
    let file = Sources::new().add("bridge", "");
    let config = Some(Lines { file, reading: &reading });
    let switch =
        Switch::new(Held { state: &state, pack: &pack, model: Model::UNKNOWN, config, design: None });
    let plane = Plane { switch: &switch, joined: PortSet::new(), router_ports: PortSet::new(), queried };
    let in_vlan = ports(&pack, &[1, 2, 3, 4]);
    let ingress = pack.ports.parse("p3").unwrap();
    COLUMNS.map(|(mac, ip)| {
        let frame = Frame { mac: mac.parse().unwrap(), vlan: 1, ip: ip.map(|ip| ip.parse().unwrap()) };
        let decision = decide(&plane, &frame);
        assert!(!decision.is_unknown(), "{mac} {ip:?}: {decision:?}");
        let out = decision.ports(&in_vlan, Some(&ingress));
        [1, 2, 4].into_iter().filter(|number| out.contains(&ports(&pack, &[*number])[0])).collect()
    })
}

fn static_mac(mac: &str, numbers: &[u16]) -> Entry {
    Entry::StaticMac { mac: mac.parse().unwrap(), vlan: 1, ports: ports(&pack(), numbers) }
}

fn port_setting(kind: EntryKind, number: u16) -> Entry {
    let port = ports(&pack(), &[number])[0].clone();
    Entry::Setting { kind, of: Subject::Port(port), value: Value::Flag(true) }
}

#[test]
fn every_row_of_the_table_of_the_linux_bridge_comes_out() {
    let all = [1, 2, 4];
    let both = [1, 2];
    let mdb = || vec![static_mac(MULTICAST, &both), static_mac(IGMP, &both)];
    let group = || {
        let group = "239.255.0.1".parse().unwrap();
        vec![Entry::StaticGroup { vlan: 1, group, ports: ports(&pack(), &[1]) }]
    };
    let router = || [group(), vec![port_setting(EntryKind::RouterPort, 2)]].concat();
    let off = || vec![Entry::IgmpSnooping { vlan: None, enabled: false }];
    let port = ports(&pack(), &[4])[0].clone();
    let no_flood = || {
        let drop = Entry::UnregisteredMulticast { port: port.clone(), action: Unregistered::Drop };
        [off(), vec![drop]].concat()
    };
    let no_unicast = || [no_flood(), vec![port_setting(EntryKind::BlockUnknownUnicast, 4)]].concat();
    let none: [u16; 0] = [];
    type Row<'r> = (&'r str, Vec<Entry>, bool, [&'r [u16]; 5]);
    let rows: [Row<'_>; 9] = [
        // B, an fdb entry for a multicast MAC, is A: the bridge looks no multicast up in that table.
        ("A and B", vec![], false, [&all, &all, &all, &all, &all]),
        ("C", mdb(), false, [&all, &all, &all, &both, &all]),
        ("D", mdb(), true, [&none, &none, &none, &both, &all]),
        ("E", vec![], true, [&none, &none, &none, &all, &all]),
        ("F", group(), true, [&none, &none, &[1], &all, &all]),
        ("G", router(), true, [&[2], &[2], &both, &all, &all]),
        ("H", off(), true, [&all, &all, &all, &all, &all]),
        ("I", no_flood(), true, [&both, &both, &both, &both, &all]),
        ("J", no_unicast(), true, [&both, &both, &both, &both, &both]),
    ];
    for (row, entries, queried, expected) in rows {
        assert_eq!(received(entries, queried), expected.map(<[u16]>::to_vec), "row {row}");
    }
}

#[test]
fn what_was_measured_is_graded_so() {
    let pack = pack();
    let state = State::new();
    let reading = crate::config::Reading::default();
    let file = Sources::new().add("bridge", "");
    let config = Some(Lines { file, reading: &reading });
    let switch =
        Switch::new(Held { state: &state, pack: &pack, model: Model::UNKNOWN, config, design: None });
    let plane =
        Plane { switch: &switch, joined: PortSet::new(), router_ports: PortSet::new(), queried: true };
    let frame = Frame { mac: MULTICAST.parse().unwrap(), vlan: 1, ip: Some("10.0.0.1".parse().unwrap()) };
    let decision = decide(&plane, &frame);
    assert_eq!((decision.by, decision.evidence), (DecidedBy::RouterPorts, Evidence::Lab));
}
