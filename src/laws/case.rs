//! What the laws are tried on: a device of a pack, what it holds already, and what it is asked to hold.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use macaddr::MacAddr6;

use super::choices::Choices;
use crate::config;
use crate::entry::{Change, Entry, EntryKind, State, Subject, Unregistered, Value};
use crate::net::PortSet;
use crate::net::port::{PortKind, PortName};
use crate::render::{Dialect, Known, Part, Target, Writer};
use crate::vendor::{Effect, Model, Pack, PlatformFacts, Release};

/// Ways to give names that are tried.
const NAMINGS: usize = 6;

/// Lines that say nothing about NLB, some of which look as if they did. Each item is a block of its own.
pub const UNRELATED: &[&str] = &[
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

/// Those of [`UNRELATED`] that say nothing to a pack: a line that begins like one about an entry, and that the pack
/// neither reads nor passes over, would be named to its users.
pub fn unrelated(pack: &Pack) -> Vec<&'static str> {
    let says_nothing = |block: &&&str| {
        let reading = config::read(pack, block);
        let mut state = reading.state(&pack.facts(None));
        state.retain(|entry| entry.kind().may_be_demanded());
        reading.unparsed.is_empty() && state.entries().next().is_none()
    };
    UNRELATED.iter().filter(says_nothing).copied().collect()
}

/// A device of a pack, what it holds already, and what it is asked to hold.
#[derive(Debug, Clone)]
pub struct Case {
    pub(super) writer: Arc<Writer>,
    pub(super) model: Model,
    /// What it has already that lines have to name.
    pub(super) known: Known,
    /// What it holds already, and nobody asks for.
    pub(super) base: State,
    /// Lines around that, which say nothing.
    pub(super) around: Vec<&'static str>,
    /// What it is asked to hold.
    pub(super) planned: State,
    /// The same entries in another order.
    pub(super) shuffled: Vec<Entry>,
    /// A list of ports, and the longest text it may be written into.
    pub(super) ports: PortSet,
    pub(super) limit: usize,
    pub(super) short: bool,
}

/// The kinds of entries that are written for a platform.
pub(super) fn kinds(facts: &PlatformFacts<'_>) -> Vec<EntryKind> {
    let snoops = facts.igmp_snooping().is_none_or(|fact| fact.value);
    let of_snooping = [EntryKind::IgmpSnooping, EntryKind::IgmpQuerier, EntryKind::MrouterPort];
    let asked = |kind: &EntryKind| kind.may_be_demanded() && (snoops || !of_snooping.contains(kind));
    let written = |kind: &EntryKind| asked(kind) && facts.speaks_of(*kind);
    EntryKind::ALL.iter().copied().filter(written).collect()
}

impl Case {
    /// The case that `choices` make.
    pub fn new(writer: &Arc<Writer>, choices: &mut Choices<'_>) -> Self {
        let pack = writer.pack();
        let model = model(pack, choices);
        let planned = state(pack, model, choices);
        let mut base = state(pack, model, choices);
        base.retain(|entry| planned.get(&entry.key()).is_none());
        base.retain(|entry| snooping_of(pack, entry).is_none_or(|with| planned.get(&with.key()).is_none()));
        let (known, _) =
            Known::example(pack, planned.entries().chain(base.entries()), choices.below(NAMINGS));
        let unrelated = unrelated(pack);
        let around = (0..choices.below(6)).filter_map(|_| choices.one(&unrelated).copied()).collect();
        let ports = some_ports(pack, choices);
        let (limit, short) = (1 + choices.below(119), choices.flag());
        let mut shuffled: Vec<Entry> = planned.entries().cloned().collect();
        for place in 1..shuffled.len() {
            shuffled.swap(place, choices.below(place + 1));
        }
        Self {
            writer: Arc::clone(writer),
            model,
            known,
            base,
            around,
            planned,
            shuffled,
            ports,
            limit,
            short,
        }
    }

    /// The case of one entry of `kind`, as simple as can be.
    pub(super) fn of_kind(writer: &Arc<Writer>, kind: EntryKind) -> Self {
        let mut choices = Choices::new(&[]);
        let asked = entry(writer.pack(), kind, &mut choices);
        let beside = asked.as_ref().and_then(|entry| snooping_of(writer.pack(), entry));
        let planned: State = asked.into_iter().chain(beside).collect();
        let shuffled = planned.entries().cloned().collect();
        let (known, _) = Known::example(writer.pack(), planned.entries(), 0);
        let nothing = Self::new(writer, &mut Choices::new(&[]));
        Self { known, planned, shuffled, limit: 80, ..nothing }
    }

    /// The pack.
    pub fn pack(&self) -> &Arc<Pack> {
        self.writer.pack()
    }

    /// The words of its lines.
    pub(super) fn dialect(&self) -> Dialect<'_> {
        self.known.ground().dialect(self.pack())
    }

    fn facts(&self) -> PlatformFacts<'_> {
        self.pack().facts(self.model)
    }

    pub(super) fn write(&self, part: Part, entries: &[Entry]) -> Result<String, String> {
        let target = Target { name: "sw1", model: self.model, ground: self.known.ground() };
        let lines = self.writer.lines(part, target, &[], entries);
        let lines = lines.map_err(|error| error.to_string())?;
        Ok(lines.into_iter().map(|line| line + "\n").collect())
    }

    pub(super) fn write_state(&self, part: Part, state: &State) -> Result<String, String> {
        self.write(part, &state.entries().cloned().collect::<Vec<_>>())
    }

    /// What a text is read as, of what may be demanded.
    pub(super) fn read(&self, text: &str) -> Result<State, String> {
        let reading = self.dialect().read(text);
        let odd: Vec<&str> = reading.unparsed.iter().map(|line| &text[line.range.clone()]).collect();
        if !odd.is_empty() {
            return Err(format!("not understood: {odd:?}\n{text}"));
        }
        let mut state = reading.state(&self.facts());
        // Opening a block mentions a port or an SVI, and the lines around state settings: neither is written, but for
        // what multicast is looked up by.
        state.retain(|entry| entry.kind().may_be_demanded());
        Ok(state)
    }

    /// `state` without what the platform does by itself.
    pub(super) fn beyond_defaults(&self, state: &State) -> State {
        let mut state = state.clone();
        state.retain(|entry| !config::is_default(entry, &self.facts()));
        state
    }

    /// Whether what is taken back may leave `entry`: nobody says what the platform does by itself, and so what was before.
    pub(super) fn may_stay(&self, entry: &Entry) -> bool {
        config::has_unknown_default(entry, &self.facts())
    }

    /// A config that holds the base among unrelated lines.
    pub(super) fn base_text(&self) -> Result<String, String> {
        let half = self.around.len() / 2;
        let unrelated = |blocks: &[&str]| blocks.iter().map(|block| format!("{block}\n")).collect::<String>();
        let entries = self.write_state(Part::Apply, &self.base)?;
        Ok(format!("{}{entries}{}", unrelated(&self.around[..half]), unrelated(&self.around[half..])))
    }
}

/// What the line that makes a switch the querier of a VLAN turns on beside it: snooping in that VLAN, in some dialects.
fn snooping_of(pack: &Pack, entry: &Entry) -> Option<Entry> {
    let Entry::IgmpQuerier { vlan: Some(vlan), .. } = entry else { return None };
    let stating =
        |kind| pack.lines().iter().filter(move |line| line.entry == kind && line.effect == Effect::State);
    let line =
        stating(EntryKind::IgmpQuerier).find_map(|line| line.pattern.write(|_| Some(vlan.to_string())))?;
    let mut snooping = stating(EntryKind::IgmpSnooping).filter(|line| line.enabled != Some(false));
    snooping
        .any(|known| known.pattern.fits(&line))
        .then_some(Entry::IgmpSnooping { vlan: Some(*vlan), enabled: true })
}

/// Any platform or none, with a release where the pack tells some apart.
fn model(pack: &Pack, choices: &mut Choices<'_>) -> Model {
    let platform = choices.below(pack.platforms.len() + 1).checked_sub(1);
    let releases: Vec<Release> = pack.releases_told(platform).collect();
    let release = releases.get(choices.below(releases.len() + 1)).copied();
    Model { platform, release }
}

/// What a device is asked to hold, no key twice.
fn state(pack: &Pack, model: Model, choices: &mut Choices<'_>) -> State {
    let kinds = kinds(&pack.facts(model));
    let mut keys = BTreeSet::new();
    let count = choices.below(9);
    let entries = (0..count).filter_map(|_| {
        let kind = *choices.one(&kinds)?;
        entry(pack, kind, choices)
    });
    let mut state: State = entries.filter(|entry| keys.insert(entry.key())).collect();
    let beside: Vec<Entry> = state.entries().filter_map(|entry| snooping_of(pack, entry)).collect();
    beside.into_iter().for_each(|entry| state.apply(Change::Replace(entry)));
    state
}

fn port(pack: &Pack, lag: bool, choices: &mut Choices<'_>) -> Option<PortName> {
    let kinds: Vec<&PortKind> = pack.ports.kinds.iter().filter(|kind| kind.lag == lag).collect();
    let kind = choices.one(&kinds)?;
    let (least, most) = kind.parts;
    let count = least + choices.below(most - least + 1);
    let numbers: Vec<u32> = (0..count).map(|_| choices.within(1, 39)).collect();
    pack.ports.numbered(kind, &numbers)
}

fn any_port(pack: &Pack, choices: &mut Choices<'_>) -> Option<PortName> {
    let lag = choices.flag();
    port(pack, lag, choices).or_else(|| port(pack, !lag, choices))
}

/// Single, list, range, port-channel, and all of them mixed.
fn some_ports(pack: &Pack, choices: &mut Choices<'_>) -> PortSet {
    let shape = choices.below(5);
    let mut ports = PortSet::new();
    if matches!(shape, 0 | 1 | 4) {
        let count = if shape == 0 { 1 } else { choices.within(1, 3) };
        ports.extend((0..count).filter_map(|_| port(pack, false, choices)));
    }
    if matches!(shape, 2 | 4) {
        let kinds: Vec<&PortKind> = pack.ports.kinds.iter().filter(|kind| !kind.lag).collect();
        let (first, length) = (choices.within(1, 19), choices.within(2, 4));
        if let Some(kind) = choices.one(&kinds) {
            let numbers = |last| [vec![1; kind.parts.0.saturating_sub(1)], vec![last]].concat();
            ports
                .extend((first..first + length).filter_map(|last| pack.ports.numbered(kind, &numbers(last))));
        }
    }
    if matches!(shape, 3 | 4) {
        let count = choices.within(1, 2);
        ports.extend((0..count).filter_map(|_| port(pack, true, choices)));
    }
    if ports.is_empty() {
        ports.extend(any_port(pack, choices));
    }
    ports
}

fn mac(choices: &mut Choices<'_>) -> MacAddr6 {
    let [a, b, c, d] = choices.number().to_be_bytes();
    match choices.flag() {
        false => MacAddr6::new(0x03, 0xbf, a, b, c, d),
        true => MacAddr6::new(0x01, 0x00, 0x5e, 0x7f, c, d),
    }
}

fn vlan(choices: &mut Choices<'_>) -> u16 {
    match choices.below(5) {
        place @ 0..=3 => [10, 1, 11, 4094][place],
        _ => u16::try_from(choices.within(1, 4094)).unwrap_or(1),
    }
}

fn ip(choices: &mut Choices<'_>) -> Ipv4Addr {
    match choices.flag() {
        false => Ipv4Addr::new(10, 0, 0, u8::try_from(choices.within(1, 8)).unwrap_or(1)),
        true => Ipv4Addr::from(choices.number()),
    }
}

/// A name of 1 to 12 letters, digits, hyphens and underscores.
fn vrf(choices: &mut Choices<'_>) -> String {
    const SIGNS: &[u8] = b"abcxyzABCXYZ0189_-";
    let length = choices.within(1, 12);
    (0..length).filter_map(|_| choices.one(SIGNS).copied().map(char::from)).collect()
}

/// The shapes of a kind's lines: whether each names a VLAN, and whether it names an address.
fn shapes(pack: &Pack, kind: EntryKind) -> Vec<(bool, bool)> {
    let lines = pack.lines().iter().filter(|line| line.entry == kind && line.effect == Effect::State);
    let in_vlan = |line| pack.names(line, "vlan") || pack.names(line, "vlans");
    let shapes: BTreeSet<_> = lines.map(|line| (in_vlan(line), pack.names(line, "address"))).collect();
    shapes.into_iter().collect()
}

/// An entry of `kind`, as far as `pack` has words for it.
fn entry(pack: &Pack, kind: EntryKind, choices: &mut Choices<'_>) -> Option<Entry> {
    let (in_vlan, named) = choices.one(&shapes(pack, kind)).copied().unwrap_or_default();
    let optional = |choices: &mut Choices<'_>, can: bool| can && choices.flag();
    Some(match kind {
        EntryKind::StaticArp => {
            let (ip, mac) = (ip(choices), mac(choices));
            let vrf = optional(choices, pack.can_name(kind, "vrf")).then(|| vrf(choices));
            let port = if pack.static_arp_names_port { Some(any_port(pack, choices)?) } else { None };
            let svi = pack.can_name(kind, "svi").then(|| vlan(choices));
            Entry::StaticArp { ip, mac, vrf, port, svi }
        }
        EntryKind::StaticMac => {
            Entry::StaticMac { mac: mac(choices), vlan: vlan(choices), ports: some_ports(pack, choices) }
        }
        EntryKind::MrouterPort => {
            Entry::MrouterPort { vlan: vlan(choices), ports: some_ports(pack, choices) }
        }
        EntryKind::IgmpSnooping => {
            Entry::IgmpSnooping { vlan: in_vlan.then(|| vlan(choices)), enabled: choices.flag() }
        }
        EntryKind::IgmpQuerier => {
            Entry::IgmpQuerier { vlan: in_vlan.then(|| vlan(choices)), address: named.then(|| ip(choices)) }
        }
        EntryKind::MulticastFiltering => Entry::MulticastFiltering { enabled: choices.flag() },
        EntryKind::VlanFlooding => Entry::VlanFlooding { enabled: choices.flag() },
        EntryKind::UnregisteredMulticast => {
            let action = if choices.flag() { Unregistered::Drop } else { Unregistered::Flood };
            Entry::UnregisteredMulticast { port: any_port(pack, choices)?, action }
        }
        EntryKind::MulticastLookup => {
            let of = Subject::Vlan(vlan(choices));
            Entry::Setting { kind, of, value: Value::Word("mac".to_owned()) }
        }
        EntryKind::RouterPort | EntryKind::BlockUnknownUnicast => {
            let of = Subject::Port(any_port(pack, choices)?);
            Entry::Setting { kind, of, value: Value::Flag(choices.flag()) }
        }
        EntryKind::ClusterMode => {
            let of = Subject::Svi(vlan(choices));
            let word = choices.one(&pack.implied_words(kind)).map(|word| (*word).to_owned())?;
            Entry::Setting { kind, of, value: Value::Word(word) }
        }
        EntryKind::ArpCheck | EntryKind::QuerierSwitch | EntryKind::UnknownUnicastBalance => {
            Entry::Setting { kind, of: Subject::Switch, value: Value::Flag(choices.flag()) }
        }
        _ => return None, // read from configs, never written
    })
}
