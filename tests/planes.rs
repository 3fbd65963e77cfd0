//! What is rendered for a Linux bridge does on a real one what is said of it, and so does what is said of Open vSwitch.
//!
//! Every bridge is built in a namespace of its own (`unshare -rn`), the lines are applied, frames are sent, and it is
//! counted who got them. `docs/planes.md` says how it is measured. Where that cannot be done, it says so and why.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "planes/bench.rs"]
mod bench;
#[path = "planes/designs.rs"]
mod designs;
#[path = "planes/frames.rs"]
mod frames;
#[path = "planes/gateway.rs"]
mod gateway;
#[path = "planes/model.rs"]
mod model;
#[path = "planes/openvswitch.rs"]
mod openvswitch;
#[path = "planes/random.rs"]
mod random;
#[path = "planes/settings.rs"]
mod settings;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use macaddr::MacAddr6;
use nlbswitch::entry::{Entry, EntryKind, Subject, Unregistered, Value};
use nlbswitch::net::PortSet;
use nlbswitch::render::{Ground, Part, Target, Writer};
use nlbswitch::vendor::{Model, Pack, Packs};

use bench::{Bench, Case, Kind, Source, Step, measure, skipped};
use frames::{Shot, query, report};
use model::{Heard, expected};

const VIP: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 0, 1);
const MULTICAST: MacAddr6 = MacAddr6::new(0x03, 0xbf, 0x0a, 0x00, 0x00, 0x01);
const IGMP: MacAddr6 = MacAddr6::new(0x01, 0x00, 0x5e, 0x7f, 0x00, 0x01);
const UNICAST: MacAddr6 = MacAddr6::new(0x02, 0xbf, 0x0a, 0x00, 0x00, 0x01);

/// The frames that are tried: a client's in every mode, one to the group itself, and the heartbeats.
const SHOTS: [Shot; 6] = [
    Shot { mac: MULTICAST, ip: Some(VIP) },
    Shot { mac: IGMP, ip: Some(VIP) },
    Shot { mac: IGMP, ip: Some(GROUP) },
    Shot { mac: MULTICAST, ip: None },
    Shot { mac: IGMP, ip: None },
    Shot { mac: UNICAST, ip: Some(VIP) },
];

/// Nodes are behind the first two, the client behind the third, a bystander behind the fourth.
const PORTS: [&str; 4] = ["swp1", "swp2", "swp3", "swp4"];

/// How long after a querier begins the bridge floods on is its query response interval, ten seconds unless told otherwise.
/// Most cases take a tenth of a second.
const HURRY: &str = "ip link set dev br10 type bridge mcast_query_response_interval 10";
/// Enough for that, in milliseconds.
const HURRIED: u32 = 250;

fn pack() -> Arc<Pack> {
    Packs::embedded().get("linux-bridge").unwrap().unwrap()
}

fn ports(pack: &Pack, names: &[&str]) -> PortSet {
    names.iter().map(|name| pack.ports.parse(name).unwrap()).collect()
}

/// The entries of the rows.
fn router_port(pack: &Pack, name: &str) -> Entry {
    let of = Subject::Port(pack.ports.parse(name).unwrap());
    Entry::Setting { kind: EntryKind::RouterPort, of, value: Value::Flag(true) }
}

fn no_unicast(pack: &Pack, name: &str) -> Entry {
    let of = Subject::Port(pack.ports.parse(name).unwrap());
    Entry::Setting { kind: EntryKind::BlockUnknownUnicast, of, value: Value::Flag(true) }
}

fn no_multicast(pack: &Pack, name: &str) -> Entry {
    Entry::UnregisteredMulticast { port: pack.ports.parse(name).unwrap(), action: Unregistered::Drop }
}

fn bound(pack: &Pack, mac: MacAddr6, names: &[&str]) -> Entry {
    Entry::StaticMac { mac, vlan: 10, ports: ports(pack, names) }
}

const QUERIER: Entry = Entry::IgmpQuerier { vlan: Some(10), address: None };
const SNOOPING_OFF: Entry = Entry::IgmpSnooping { vlan: Some(10), enabled: false };

/// The commands of a part, as the pack writes them, without its comments.
fn written(pack: &Arc<Pack>, part: Part, entries: &[Entry]) -> Vec<String> {
    let writer = Writer::new(Arc::clone(pack)).unwrap();
    let lines = writer
        .lines(part, Target { name: "sw1", model: Model::UNKNOWN, ground: Ground::unknown() }, &[], entries)
        .unwrap();
    lines.into_iter().filter(|line| !line.starts_with('#')).collect()
}

/// One row of the table in `docs/planes.md`.
struct Row {
    name: &'static str,
    entries: Vec<Entry>,
    /// Lines that no template writes.
    lines: &'static [&'static str],
    /// Whether a querier behind the fourth port has asked.
    asked: bool,
    /// Whether the first node has reported its group.
    reported: bool,
    /// Whether the bridge has heard of its querier long enough.
    settled: bool,
    /// The last digits of the ports that get each of [`SHOTS`].
    expected: [&'static str; 6],
}

fn rows(pack: &Pack) -> Vec<Row> {
    let nodes = ["swp1", "swp2"];
    let both = || vec![bound(pack, MULTICAST, &nodes), bound(pack, IGMP, &nodes)];
    let with = |mut entries: Vec<Entry>, more: &[Entry]| {
        entries.extend(more.iter().cloned());
        entries
    };
    let routers = || nodes.map(|name| router_port(pack, name)).to_vec();
    let quiet = no_multicast(pack, "swp4");
    let row = |name, entries, expected| Row {
        name,
        entries,
        lines: &[],
        asked: false,
        reported: false,
        settled: true,
        expected,
    };
    const FDB: &[&str] = &["bridge fdb add 03:bf:0a:00:00:01 dev swp1 master static"];
    const JOINED: &[&str] = &["bridge mdb add dev br10 port swp1 grp 239.255.0.1 permanent"];
    const ALL: &str = "124";
    vec![
        row("A snooping, no querier", vec![], [ALL; 6]),
        Row { lines: FDB, ..row("B fdb entry", vec![], [ALL; 6]) },
        row("C mdb entries", both(), [ALL, ALL, ALL, "12", "12", ALL]),
        row("D mdb entries, querier", with(both(), &[QUERIER]), ["", "", "", "12", "12", ALL]),
        row("E querier", vec![QUERIER], ["", "", "", ALL, ALL, ALL]),
        Row { lines: JOINED, ..row("F querier, group on 1", vec![QUERIER], ["", "", "1", ALL, ALL, ALL]) },
        Row {
            lines: JOINED,
            ..row(
                "G F, router port 2",
                vec![QUERIER, router_port(pack, "swp2")],
                ["2", "2", "12", ALL, ALL, ALL],
            )
        },
        row("H snooping off", vec![SNOOPING_OFF], [ALL; 6]),
        row("I H, no multicast to 4", vec![SNOOPING_OFF, quiet.clone()], ["12", "12", "12", "12", "12", ALL]),
        row(
            "J I, no unknown unicast to 4",
            vec![SNOOPING_OFF, quiet.clone(), no_unicast(pack, "swp4")],
            ["12"; 6],
        ),
        // Beyond the rows that were measured first.
        Row { settled: false, ..row("K querier, at once", vec![QUERIER], [ALL; 6]) },
        Row { asked: true, ..row("L another querier behind 4", vec![], ["4", "4", "4", ALL, ALL, ALL]) },
        Row { asked: true, ..row("M L, router ports 1 2", routers(), ["124", "124", "124", ALL, ALL, ALL]) },
        row(
            "N mdb entries on 1 2, no multicast to 1",
            with(both(), &[no_multicast(pack, "swp1")]),
            ["24", "24", "24", "12", "12", ALL],
        ),
        row(
            "O querier, router port 4, no multicast to 4",
            vec![QUERIER, router_port(pack, "swp4"), quiet.clone()],
            ["4", "4", "4", "12", "12", ALL],
        ),
        row(
            "P mdb entry on 1, router port 2",
            vec![bound(pack, MULTICAST, &["swp1"]), router_port(pack, "swp2")],
            [ALL, ALL, ALL, "12", ALL, ALL],
        ),
        row(
            "Q router port 4, snooping off, no multicast to 4",
            vec![SNOOPING_OFF, router_port(pack, "swp4"), quiet.clone()],
            ["12", "12", "12", "12", "12", ALL],
        ),
        row(
            "R what the plan asks for with a querier",
            with(with(both(), &routers()), &[QUERIER]),
            ["12", "12", "12", "12", "12", ALL],
        ),
        row(
            "S what it asks for without one, and 4 under `no_flood`",
            with(with(both(), &routers()), &[quiet]),
            ["12", "12", "12", "12", "12", ALL],
        ),
        Row {
            asked: true,
            reported: true,
            ..row("T L, 1 reports the group", vec![], ["4", "4", "14", ALL, ALL, ALL])
        },
        row(
            "U unicast mode, and 4 under `no_flood`",
            vec![no_unicast(pack, "swp4")],
            [ALL, ALL, ALL, ALL, ALL, "12"],
        ),
    ]
}

impl Row {
    fn commands(&self, pack: &Arc<Pack>) -> Vec<String> {
        let mut run = written(pack, Part::Apply, &self.entries);
        run.extend(self.lines.iter().map(ToString::to_string));
        run
    }

    fn case(&self, pack: &Arc<Pack>) -> Case {
        let queried = self.entries.contains(&QUERIER) || self.asked;
        let mut send = Vec::new();
        send.extend(self.asked.then(|| ("swp4", query())));
        send.extend(self.reported.then(|| ("swp1", report(1, GROUP))));
        let probes = SHOTS.map(|shot| (Source::Port("swp3"), shot)).to_vec();
        let wait = if queried && self.settled { HURRIED } else { 0 };
        let setup = if self.settled { vec![HURRY.to_owned()] } else { Vec::new() };
        Case { setup, steps: vec![Step { run: self.commands(pack), send, wait, probes }] }
    }
}

/// `124`: the last digits of ports.
fn digits(ports: &BTreeSet<String>) -> String {
    ports.iter().map(|port| &port[port.len() - 1..]).collect()
}

/// The rows of the page's tables: what a row is called, and the ports of its six cells.
fn page_rows() -> Vec<(String, Vec<String>)> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/planes.md")).unwrap();
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace('*', "")).collect::<Vec<String>>()
    };
    let ports = |cell: &String| cell.replace("none", "").replace(' ', "");
    page.lines()
        .filter(|line| line.starts_with("| "))
        .map(cells)
        .map(|cells| (cells[0].clone(), cells[1..].iter().map(ports).collect()))
        .filter(|(name, _): &(String, _)| name.as_bytes().get(1) == Some(&b' '))
        .collect()
}

#[test]
fn the_page_shows_what_is_measured() {
    let linux = rows(&pack());
    let linux = linux.iter().map(|row| (row.name, row.expected));
    let others = openvswitch::rows();
    let all = linux.chain(others.iter().map(|(name, _, expected)| (*name, *expected)));
    let all: Vec<(u8, Vec<String>)> =
        all.map(|(name, cells)| (name.as_bytes()[0], cells.map(str::to_owned).to_vec())).collect();
    let shown: Vec<(u8, Vec<String>)> =
        page_rows().into_iter().map(|(name, cells)| (name.as_bytes()[0], cells)).collect();
    assert_eq!(shown, all);
}

#[test]
fn every_row_of_the_measured_table_is_measured_again() {
    if skipped(Kind::Linux, "the Linux bridge, row by row") {
        return;
    }
    let pack = pack();
    let rows = rows(&pack);
    let cases: Vec<Case> = rows.iter().map(|row| row.case(&pack)).collect();
    let seen = measure(Bench { kind: Kind::Linux, address: None, ports: &PORTS }, &cases);
    for (row, steps) in rows.iter().zip(&seen) {
        let [step] = steps.as_slice() else { panic!("{}: {steps:?}", row.name) };
        assert_eq!(step.failed, [], "{}", row.name);
        let got: Vec<String> = step.got.iter().map(digits).collect();
        assert_eq!(got, row.expected, "{}: {:#?}", row.name, row.commands(&pack));
        let heard = |heard: bool, name| if heard { ports(&pack, &[name]) } else { PortSet::new() };
        let (asking, joined) = (heard(row.asked, "swp4"), heard(row.reported, "swp1"));
        let heard = Heard { queried: row.asked, asking, joined, settled: row.settled };
        let probes = SHOTS.map(|shot| (Source::Port("swp3"), shot));
        let said = expected(&pack, &row.commands(&pack), &heard, &PORTS, &probes);
        let said: Vec<String> = said.iter().map(digits).collect();
        assert_eq!(said, row.expected, "what the model says of {}", row.name);
    }
}
