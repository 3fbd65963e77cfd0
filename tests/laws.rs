//! The laws of the packs: what is written is read back, and what is taken back is gone. They hold for every pack that
//! writes lines, for every kind of entry it has words for, and for every platform it knows.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use macaddr::MacAddr6;
use nlbswitch::config;
use nlbswitch::entry::{Entry, EntryKind, State, Subject, Unregistered, Value};
use nlbswitch::net::PortSet;
use nlbswitch::net::port::{Naming, PortKind, PortName};
use nlbswitch::render::{Part, Writer};
use nlbswitch::vendor::{Effect, Pack, Packs, PlatformFacts};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Lines that say nothing about NLB, some of which look as if they did. Each item is a block of its own.
const UNRELATED: &[&str] = &[
    "hostname sw1",
    "arp timeout 60",
    "mac address-table aging-time 300",
    "mac-address-table aging-time 1800",
    "ip default-gateway 10.0.0.254",
    "interface vlan 1\n ip address 10.9.9.1 255.255.255.0\n exit",
    "interface vlan 10\n name servers\n exit",
    "spanning-tree mode rstp",
    "snmp-server location \"arp 10.0.0.1 03bf.0a00.0001\"",
    "! arp 10.0.0.1 03bf.0a00.0001 ARPA",
    "logging 10.0.0.9",
    "ip route 10.0.0.0 255.0.0.0 10.0.0.254",
];

fn packs_that_write() -> Vec<Arc<Pack>> {
    Packs::embedded().all().unwrap().into_iter().filter(|pack| pack.renders()).collect()
}

/// The shapes of a kind's lines: whether each names a VLAN, and whether it names an address.
fn shapes(pack: &Pack, kind: EntryKind) -> BTreeSet<(bool, bool)> {
    let lines = pack.lines().iter().filter(|line| line.entry == kind && line.effect == Effect::State);
    let in_vlan = |line| pack.names(line, "vlan") || pack.names(line, "vlans");
    lines.map(|line| (in_vlan(line), pack.names(line, "address"))).collect()
}

fn port_of(pack: &Pack, kind: &PortKind, numbers: &[u32]) -> PortName {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    pack.ports.parse(&format!("{}{}{}", kind.name, pack.ports.between, numbers.join("/"))).unwrap()
}

fn one_port(pack: &Arc<Pack>, lag: bool) -> BoxedStrategy<PortName> {
    let kinds: Vec<PortKind> = pack.ports.kinds.iter().filter(|kind| kind.lag == lag).cloned().collect();
    let pack = Arc::clone(pack);
    (select(kinds), any::<Index>(), prop::collection::vec(1u32..40, 4))
        .prop_map(move |(kind, parts, numbers)| {
            let (least, most) = kind.parts;
            port_of(&pack, &kind, &numbers[..least + parts.index(most - least + 1)])
        })
        .boxed()
}

/// Single, list, range, port-channel, and all of them mixed.
fn some_ports(pack: &Arc<Pack>) -> BoxedStrategy<PortSet> {
    let single = one_port(pack, false).prop_map(|port| PortSet::from([port]));
    let list = prop::collection::btree_set(one_port(pack, false), 1..4).prop_map(PortSet::from_iter);
    let kinds: Vec<PortKind> = pack.ports.kinds.iter().filter(|kind| !kind.lag).cloned().collect();
    let owner = Arc::clone(pack);
    let range = (select(kinds), 1u32..20, 2u32..5).prop_map(move |(kind, first, length)| {
        let numbers = |last: u32| [vec![1; kind.parts.0 - 1], vec![last]].concat();
        (first..first + length).map(|last| port_of(&owner, &kind, &numbers(last))).collect::<PortSet>()
    });
    let lags = prop::collection::btree_set(one_port(pack, true), 1..3).prop_map(PortSet::from_iter);
    let mixed = (list.clone(), range.clone(), lags.clone())
        .prop_map(|(a, b, c)| a.into_iter().chain(b).chain(c).take(7).collect());
    prop_oneof![single, list, range, lags, mixed].boxed()
}

fn a_mac() -> impl Strategy<Value = MacAddr6> {
    let igmp = (any::<u8>(), any::<u8>()).prop_map(|(c, d)| MacAddr6::new(0x01, 0x00, 0x5e, 0x7f, c, d));
    let plain = any::<[u8; 4]>().prop_map(|[a, b, c, d]| MacAddr6::new(0x03, 0xbf, a, b, c, d));
    prop_oneof![igmp, plain]
}

fn a_vlan() -> impl Strategy<Value = u16> {
    prop_oneof![select(vec![1u16, 10, 11, 4094]), 1u16..=4094]
}

fn an_ip() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        (1u8..9).prop_map(|last| Ipv4Addr::new(10, 0, 0, last)),
        any::<[u8; 4]>().prop_map(Ipv4Addr::from)
    ]
}

/// An entry that `pack` has words for.
fn an_entry(pack: &Arc<Pack>) -> BoxedStrategy<Entry> {
    let mut kinds: Vec<BoxedStrategy<Entry>> = Vec::new();
    for kind in EntryKind::ALL.iter().copied().filter(|kind| pack.speaks_of(*kind)) {
        let shapes: Vec<(bool, bool)> = shapes(pack, kind).into_iter().collect();
        let ports = some_ports(pack);
        kinds.push(match kind {
            EntryKind::StaticArp => {
                let vrf = match pack.can_name(kind, "vrf") {
                    true => prop::option::of("[A-Za-z0-9_-]{1,12}").boxed(),
                    false => Just(None).boxed(),
                };
                let port = match pack.static_arp_names_port {
                    true => prop_oneof![one_port(pack, false), one_port(pack, true)].prop_map(Some).boxed(),
                    false => Just(None).boxed(),
                };
                let svi = match pack.can_name(kind, "svi") {
                    true => a_vlan().prop_map(Some).boxed(),
                    false => Just(None).boxed(),
                };
                (an_ip(), a_mac(), vrf, port, svi)
                    .prop_map(|(ip, mac, vrf, port, svi)| Entry::StaticArp { ip, mac, vrf, port, svi })
                    .boxed()
            }
            EntryKind::StaticMac => (a_mac(), a_vlan(), ports)
                .prop_map(|(mac, vlan, ports)| Entry::StaticMac { mac, vlan, ports })
                .boxed(),
            EntryKind::MrouterPort => {
                (a_vlan(), ports).prop_map(|(vlan, ports)| Entry::MrouterPort { vlan, ports }).boxed()
            }
            EntryKind::IgmpSnooping => (select(shapes), a_vlan(), any::<bool>())
                .prop_map(|((in_vlan, _), vlan, enabled)| Entry::IgmpSnooping {
                    vlan: in_vlan.then_some(vlan),
                    enabled,
                })
                .boxed(),
            EntryKind::IgmpQuerier => (select(shapes), a_vlan(), an_ip())
                .prop_map(|((in_vlan, named), vlan, ip)| Entry::IgmpQuerier {
                    vlan: in_vlan.then_some(vlan),
                    address: named.then_some(ip),
                })
                .boxed(),
            EntryKind::MulticastFiltering => {
                any::<bool>().prop_map(|enabled| Entry::MulticastFiltering { enabled }).boxed()
            }
            EntryKind::VlanFlooding => {
                any::<bool>().prop_map(|enabled| Entry::VlanFlooding { enabled }).boxed()
            }
            EntryKind::UnregisteredMulticast => (
                prop_oneof![one_port(pack, false), one_port(pack, true)],
                select(vec![Unregistered::Flood, Unregistered::Drop]),
            )
                .prop_map(|(port, action)| Entry::UnregisteredMulticast { port, action })
                .boxed(),
            EntryKind::MulticastLookup => a_vlan()
                .prop_map(move |vlan| Entry::Setting {
                    kind,
                    of: Subject::Vlan(vlan),
                    value: Value::Word("mac".to_owned()),
                })
                .boxed(),
            EntryKind::ArpCheck => any::<bool>()
                .prop_map(move |flag| Entry::Setting { kind, of: Subject::Switch, value: Value::Flag(flag) })
                .boxed(),
            EntryKind::UnknownUnicastBalance => (one_port(pack, true), any::<bool>())
                .prop_map(move |(port, flag)| Entry::Setting {
                    kind,
                    of: Subject::Port(port),
                    value: Value::Flag(flag),
                })
                .boxed(),
            EntryKind::RouterPort | EntryKind::BlockUnknownUnicast => {
                (prop_oneof![one_port(pack, false), one_port(pack, true)], any::<bool>())
                    .prop_map(move |(port, flag)| Entry::Setting {
                        kind,
                        of: Subject::Port(port),
                        value: Value::Flag(flag),
                    })
                    .boxed()
            }
            _ => continue, // read from configs, never written
        });
    }
    proptest::strategy::Union::new(kinds).boxed()
}

/// What a device is asked to hold, no key twice.
fn a_state(pack: &Arc<Pack>) -> BoxedStrategy<State> {
    prop::collection::vec(an_entry(pack), 0..9)
        .prop_map(|entries| {
            let mut keys = BTreeSet::new();
            entries.into_iter().filter(|entry| keys.insert(entry.key())).collect()
        })
        .boxed()
}

#[derive(Debug, Clone)]
struct Case {
    pack: Arc<Pack>,
    platform: Option<usize>,
    base: State,
    around: Vec<&'static str>,
    planned: State,
}

impl Case {
    fn facts(&self) -> PlatformFacts<'_> {
        self.pack.facts(self.platform)
    }

    fn write(&self, part: Part, entries: &[Entry]) -> String {
        let platform = self.platform.map(|index| self.pack.platforms[index].name.as_str());
        let writer = Writer::new(Arc::clone(&self.pack)).unwrap();
        let lines =
            writer.lines(part, "sw1", platform, &[], entries).unwrap_or_else(|error| panic!("{error}"));
        lines.into_iter().map(|line| line + "\n").collect()
    }

    fn write_state(&self, part: Part, state: &State) -> String {
        self.write(part, &state.entries().cloned().collect::<Vec<_>>())
    }

    fn read(&self, text: &str) -> State {
        let reading = config::read(&self.pack, text);
        let odd: Vec<&str> = reading.unparsed.iter().map(|line| &text[line.range.clone()]).collect();
        assert!(odd.is_empty(), "{}: not understood: {odd:?} in\n{text}", self.pack.name());
        let mut state = reading.state(&self.facts());
        // Opening a block mentions a port or an SVI, and the lines around state settings: neither is written, but for
        // what multicast is looked up by.
        state.retain(|entry| entry.kind().may_be_demanded());
        state
    }

    /// `state` without what the platform does by itself.
    fn beyond_defaults(&self, mut state: State) -> State {
        state.retain(|entry| !config::is_default(entry, &self.facts()));
        state
    }

    /// A config that holds the base among unrelated lines.
    fn base_text(&self) -> String {
        let half = self.around.len() / 2;
        let unrelated = |blocks: &[&str]| blocks.iter().map(|block| format!("{block}\n")).collect::<String>();
        let entries = self.write_state(Part::Apply, &self.base);
        format!("{}{entries}{}", unrelated(&self.around[..half]), unrelated(&self.around[half..]))
    }
}

fn a_case() -> impl Strategy<Value = Case> {
    select(packs_that_write()).prop_flat_map(|pack| {
        let platforms = std::iter::once(None).chain((0..pack.platforms.len()).map(Some)).collect::<Vec<_>>();
        let around = prop::collection::vec(select(UNRELATED.to_vec()), 0..6);
        (select(platforms), a_state(&pack), around, a_state(&pack)).prop_map(
            move |(platform, mut base, around, planned)| {
                base.retain(|entry| planned.get(&entry.key()).is_none());
                Case { pack: Arc::clone(&pack), platform, base, around, planned }
            },
        )
    })
}

fn union(a: &State, b: &State) -> State {
    a.entries().chain(b.entries()).cloned().collect()
}

proptest! {
    #[test]
    fn reading_back_what_was_written_gives_what_was_planned(case in a_case()) {
        let text = case.write_state(Part::Apply, &case.planned);
        prop_assert_eq!(case.read(&text), case.beyond_defaults(case.planned.clone()), "{}\n{}", case.pack.name(), text);
    }

    #[test]
    fn a_base_and_what_was_written_hold_together(case in a_case()) {
        let base = case.base_text();
        prop_assert_eq!(case.read(&base), case.beyond_defaults(case.base.clone()), "{}\n{}", case.pack.name(), base);
        let text = base + &case.write_state(Part::Apply, &case.planned);
        let both = case.beyond_defaults(union(&case.base, &case.planned));
        prop_assert_eq!(case.read(&text), both, "{}\n{}", case.pack.name(), text);
    }

    #[test]
    fn what_is_taken_back_leaves_the_base(case in a_case()) {
        let mut text = case.base_text();
        text += &case.write_state(Part::Apply, &case.planned);
        text += &case.write_state(Part::Rollback, &case.planned);
        prop_assert_eq!(case.read(&text), case.beyond_defaults(case.base.clone()), "{}\n{}", case.pack.name(), text);
    }

    #[test]
    fn the_order_of_the_entries_does_not_change_the_text(case in a_case(), seed in any::<[Index; 9]>()) {
        let mut shuffled: Vec<Entry> = case.planned.entries().cloned().collect();
        for (place, with) in (1..shuffled.len()).zip(&seed) {
            shuffled.swap(place, with.index(place + 1));
        }
        for part in [Part::Apply, Part::Rollback, Part::Verify] {
            prop_assert_eq!(case.write(part, &shuffled), case.write_state(part, &case.planned));
        }
    }

    #[test]
    fn every_line_that_is_written_opens_a_block_closes_one_or_is_understood(case in a_case()) {
        for part in [Part::Apply, Part::Rollback] {
            let text = case.write_state(part, &case.planned);
            let reading = config::read(&case.pack, &text);
            let understood: BTreeSet<usize> = reading.facts.iter().map(|fact| fact.range().start).collect();
            let mut offset = 0;
            for line in text.split_inclusive('\n') {
                let content = line.trim();
                let start = offset + line.len() - line.trim_start().len();
                offset += line.len();
                let block = matches!(content, "exit" | "quit") || content.starts_with("interface ") || content.starts_with("vlan ");
                let comment = content.starts_with(case.pack.comment.as_str());
                prop_assert!(block || comment || understood.contains(&start), "{}: {line}", case.pack.name());
            }
        }
    }

    #[test]
    fn lists_of_ports_round_trip_under_every_limit(
        (pack, ports) in select(packs_that_write()).prop_flat_map(|pack| (Just(pack.clone()), some_ports(&pack))),
        limit in 1usize..120,
        short in any::<bool>(),
    ) {
        let naming = if short { Naming::Short } else { Naming::Long };
        let ordered: Vec<PortName> = ports.iter().cloned().collect();
        let mut back = PortSet::new();
        for list in pack.ports.lists(&ordered, naming, limit) {
            let bare = pack.ports.kinds.iter().find(|kind| kind.number_only && kind.keyword == list.keyword);
            let read = pack.ports.parse_list(&list.text, bare).unwrap();
            prop_assert!(list.text.len() <= limit || read.len() == 1 || pack.ports.ranges, "{list:?} over {limit}");
            back.extend(read);
        }
        prop_assert_eq!(back, ports);
    }
}

#[test]
fn every_pack_that_writes_is_tried() {
    let names: BTreeSet<String> = packs_that_write().iter().map(|pack| pack.name().to_owned()).collect();
    let directories = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap();
    let directories =
        directories.map(|entry| entry.unwrap().path()).filter(|path| path.join("apply.j2").is_file());
    let expected: BTreeSet<String> =
        directories.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, expected);
    for pack in packs_that_write() {
        assert!(
            pack.speaks_of(EntryKind::StaticMac) && pack.speaks_of(EntryKind::IgmpSnooping),
            "{}",
            pack.name()
        );
    }
}
