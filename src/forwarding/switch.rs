//! One switch as the model sees it: what it holds, what its platform does, and what its ports let out. Read once, for
//! every cluster and VLAN.

use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;

use super::decided::Doubt;
use super::trace::Bar;
use crate::config::Reading;
use crate::entry::{Entry, EntryKind, Key, State, Subject, Unregistered, Value};
use crate::net::port::PortName;
use crate::net::{PortSet, VlanSet};
use crate::source::{FileId, Span};
use crate::vendor::{Evidence, Lookup, Model, Pack, PlatformFacts, VlanScope};

/// The VLAN that a port is in when nothing else is said of it (IEEE 802.1Q); some switches can name another.
const DEFAULT_VLAN: u16 = 1;

/// A running-config, read.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'s> {
    /// The file.
    pub file: FileId,
    /// Its lines, understood.
    pub reading: &'s Reading<'s>,
}

/// A switch, its pack and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Held<'s> {
    /// What it is told, beyond its platform's defaults.
    pub state: &'s State,
    /// The pack that speaks for it.
    pub pack: &'s Pack,
    /// What it is.
    pub model: Model,
    /// The running-config that says what it holds; `None` where the design plans it.
    pub config: Option<Lines<'s>>,
    /// Where the design says what the switch is.
    pub design: Option<Span>,
}

impl<'s> Held<'s> {
    /// What its platform can do.
    pub fn facts(&self) -> PlatformFacts<'s> {
        self.pack.facts(self.model)
    }

    /// Where `entry` is said: the line of the config, else the switch in the design.
    pub fn span_of(&self, entry: &Entry) -> Option<Span> {
        match self.config {
            Some(Lines { file, reading }) => reading.origin(entry).map(|fact| fact.span(file)),
            None => self.design,
        }
    }

    /// Where the setting `kind` of `of` is said.
    pub fn span_of_setting(&self, kind: EntryKind, of: &Subject) -> Option<Span> {
        let value = self.state.setting(kind, of)?.clone();
        self.span_of(&Entry::Setting { kind, of: of.clone(), value })
    }

    /// A line of the config that looks like an entry of `kind` and is not understood: with it, nobody can say that one
    /// is missing.
    pub fn doubtful_line(&self, kind: EntryKind) -> Option<Span> {
        let Lines { file, reading } = self.config?;
        let line = reading.unparsed.iter().find(|line| line.kinds.contains(&kind))?;
        Some(Span::new(file, line.range.clone()))
    }

    /// Whether it would be known if the switch held an entry of `kind`: its config was read by a pack that knows such
    /// lines, or the pack plans them.
    pub fn shows(&self, kind: EntryKind) -> bool {
        match self.config {
            Some(_) => self.pack.grade_of(kind).is_some(),
            None => self.facts().speaks_of(kind),
        }
    }

    /// Why it is not known whether the switch holds an entry of `kind`, where it does not show that.
    pub(super) fn unseen(&self, kind: EntryKind) -> Doubt {
        if self.config.is_some() { Doubt::Unread(kind) } else { Doubt::Unplanned(kind) }
    }

    /// How sure it is that the device takes the line that says `entry`. What is planned is written as the pack says.
    pub fn grade_of(&self, entry: &Entry) -> Evidence {
        let stated = match self.config {
            Some(Lines { reading, .. }) => reading.origin(entry).map(|fact| fact.spelling.evidence),
            None => self.pack.grade_of(entry.kind()),
        };
        stated.unwrap_or(Evidence::Unverified)
    }

    /// The port-channel that `port` is a member of, where that is said. It may be a port that stands for it, as long as
    /// that is a member itself.
    pub fn lag_of(&self, port: &PortName) -> Option<PortName> {
        let lag = self.bundle_of(port)?;
        (lag.is_lag() || lag != *port && self.stands_for_lag(&lag)).then_some(lag)
    }

    /// Whether `port` is a port-channel, or stands for one.
    pub fn stands_for_lag(&self, port: &PortName) -> bool {
        port.is_lag() || self.bundle_of(port).as_ref() == Some(port)
    }

    fn bundle_of(&self, port: &PortName) -> Option<PortName> {
        let syntax = &self.pack.ports;
        match self.state.setting(EntryKind::Lag, &Subject::Port(port.clone()))? {
            Value::Word(master) => syntax.parse(master).ok(),
            number => syntax.parse_list(&number.to_string(), syntax.lag_kind()).ok()?.pop(),
        }
    }

    /// Which VLANs `port` carries, as far as that is said. A member takes the settings of its port-channel.
    pub fn membership(&self, port: &PortName) -> Membership<'s> {
        let of = Subject::Port(self.lag_of(port).unwrap_or_else(|| port.clone()));
        let facts = self.facts();
        let unstated = facts.unstated_trunk_vlans();
        Membership {
            mode: self.state.word(EntryKind::PortMode, &of),
            access: self.state.number(EntryKind::AccessVlan, &of),
            native: self.state.number(EntryKind::NativeVlan, &of),
            tagged: self.state.vlans(EntryKind::TrunkVlans, &of),
            unstated_trunk_carries_all: unstated
                .is_some_and(|fact| fact.value == VlanScope::All && fact.evidence != Evidence::Unverified),
        }
    }

    /// What multicast is looked up by in a VLAN, and the setting that says so: the VLAN's own word counts, then the
    /// switch's, then what the platform does by itself. A group mode that keeps groups by IP has IP looked up by IP.
    pub fn lookup_in(&self, vlan: u16) -> (Lookup, Option<(EntryKind, Subject)>) {
        let places = [Subject::Vlan(vlan), Subject::Switch];
        let stated = places.into_iter().find_map(|of| {
            let kinds = [EntryKind::MulticastLookup, EntryKind::MulticastMode];
            let (kind, word) =
                kinds.into_iter().find_map(|kind| Some((kind, self.state.word(kind, &of)?)))?;
            let by_mac = matches!(word, "mac" | "mac-group");
            Some((if by_mac { Lookup::Mac } else { Lookup::Ip }, Some((kind, of))))
        });
        stated.unwrap_or((self.facts().lookup(), None))
    }

    /// Whether a group mode of the VLAN keeps groups by IP: entries by MAC then hold what is not IP.
    pub fn keeps_groups_by_ip(&self, vlan: u16) -> bool {
        matches!(self.lookup_in(vlan), (Lookup::Ip, Some((EntryKind::MulticastMode, _))))
    }
}

/// Which VLANs a port carries.
#[derive(Debug, Clone, Copy)]
pub struct Membership<'s> {
    mode: Option<&'s str>,
    access: Option<u32>,
    native: Option<u32>,
    tagged: Option<&'s VlanSet>,
    unstated_trunk_carries_all: bool,
}

impl Membership<'_> {
    /// Whether it carries `vlan`; `None` where that rests on what is not stated.
    pub fn carries(&self, vlan: u16) -> Option<bool> {
        let is = |number: Option<u32>| number.map(|id| id == u32::from(vlan));
        let access = is(self.access);
        let native = is(self.native);
        let tagged = self.tagged.map(|vlans| vlans.contains(vlan));
        // What a port does with the default VLAN is seldom written down.
        let certain = |carries: Option<bool>| carries.filter(|carries| *carries || vlan != DEFAULT_VLAN);
        match self.mode {
            Some("routed") => Some(false),
            Some("access") => certain(access),
            // Some vendors carry the native VLAN whatever the list says, some do not.
            Some("trunk") => match tagged {
                None => self.unstated_trunk_carries_all.then_some(true),
                Some(_) => certain(tagged.filter(|tagged| *tagged || native != Some(true))),
            },
            Some("general") => match [access, tagged, native] {
                [Some(true), ..] | [_, Some(true), _] => Some(true),
                [_, _, Some(true)] | [None, None, _] => None,
                _ => certain(Some(false)),
            },
            // A port that negotiates is an access port or a trunk: what is true of both is certain.
            Some("dynamic") | None => access.filter(|access| *access && tagged != Some(false)),
            Some(_) => None,
        }
    }
}

/// A port that a config speaks of.
#[derive(Debug)]
struct Described<'s> {
    port: PortName,
    membership: Membership<'s>,
    shut: bool,
}

/// A switch, made ready to be asked.
#[derive(Debug)]
pub struct Switch<'s> {
    /// What it holds.
    pub held: Held<'s>,
    described: Vec<Described<'s>>,
    lags: BTreeMap<PortName, PortName>,
    /// The ports that unknown multicast does not leave.
    pub(super) no_multicast: PortSet,
    /// The ports that unknown unicast does not leave.
    pub(super) no_unicast: PortSet,
    /// The ports that exchange no frames with each other.
    pub(super) protected: PortSet,
    /// The ports that are told to be router ports in every VLAN.
    pub(super) router_ports: PortSet,
    /// The VLANs that it is the IGMP querier of; all of them where one is `None`.
    queries: Vec<Option<u16>>,
    /// The static ARP entries, by their IP.
    arps: HashMap<Ipv4Addr, Vec<&'s Entry>>,
}

impl<'s> Switch<'s> {
    /// Reads what a switch holds.
    pub fn new(held: Held<'s>) -> Self {
        let mut switch = Self {
            held,
            described: Vec::new(),
            lags: BTreeMap::new(),
            no_multicast: PortSet::new(),
            no_unicast: PortSet::new(),
            protected: PortSet::new(),
            router_ports: PortSet::new(),
            queries: Vec::new(),
            arps: HashMap::new(),
        };
        for (of, _) in held.state.settings(EntryKind::Lag) {
            if let Subject::Port(port) = of
                && let Some(lag) = held.lag_of(port)
            {
                switch.lags.insert(port.clone(), lag);
            }
        }
        for entry in held.state.entries() {
            switch.take(entry);
        }
        switch
    }

    fn take(&mut self, entry: &'s Entry) {
        match entry {
            Entry::StaticArp { ip, .. } => self.arps.entry(*ip).or_default().push(entry),
            Entry::UnregisteredMulticast { port, action: Unregistered::Drop } => {
                let port = self.whole(port);
                self.no_multicast.insert(port);
            }
            Entry::IgmpQuerier { vlan, .. } => self.queries.push(*vlan),
            Entry::Setting { kind: EntryKind::Pim, of: Subject::Svi(vlan), value: Value::Flag(true) } => {
                self.queries.push(Some(*vlan));
            }
            Entry::Setting { kind, of: Subject::Port(port), value: Value::Flag(true) } => {
                let set = match kind {
                    EntryKind::BlockMulticast => &mut self.no_multicast,
                    EntryKind::BlockUnknownUnicast => &mut self.no_unicast,
                    EntryKind::Protected => &mut self.protected,
                    EntryKind::RouterPort => &mut self.router_ports,
                    EntryKind::Port => return self.describe(port),
                    _ => return,
                };
                set.insert(self.lags.get(port).unwrap_or(port).clone());
            }
            _ => {}
        }
    }

    fn describe(&mut self, port: &PortName) {
        if port.is_subinterface() || self.lags.contains_key(port) {
            return; // the port-channel is the port
        }
        let of = Subject::Port(port.clone());
        let shut = self.held.state.flag(EntryKind::Shutdown, &of) == Some(true);
        self.described.push(Described { port: port.clone(), membership: self.held.membership(port), shut });
    }

    /// The port-channel that `port` is a member of, or `port` itself.
    pub fn whole(&self, port: &PortName) -> PortName {
        self.lags.get(port).unwrap_or(port).clone()
    }

    /// The ports that the config has in `vlan`, and that are not shut.
    pub fn ports_in(&self, vlan: u16) -> impl Iterator<Item = &PortName> {
        let inside = move |port: &&Described<'_>| !port.shut && port.membership.carries(vlan) == Some(true);
        self.described.iter().filter(inside).map(|port| &port.port)
    }

    /// Whether the config takes `port` out of `vlan`, or shuts it.
    pub fn is_out(&self, port: &PortName, vlan: u16) -> bool {
        // Entries come in the order of their keys, so the ports are sorted.
        let at = self.described.binary_search_by(|described| described.port.cmp(port));
        at.is_ok_and(|at| {
            let port = &self.described[at];
            port.shut || port.membership.carries(vlan) == Some(false)
        })
    }

    /// How the config keeps frames from `port`, and the line that does.
    pub(super) fn barred(&self, port: &PortName, protected: bool) -> (Bar, Option<Span>) {
        let of = Subject::Port(port.clone());
        let said = |kind| self.held.span_of_setting(kind, &of);
        if protected {
            return (Bar::Protected, said(EntryKind::Protected));
        }
        if self.held.state.flag(EntryKind::Shutdown, &of) == Some(true) {
            return (Bar::Shut, said(EntryKind::Shutdown));
        }
        let kinds = match self.held.membership(port).mode {
            Some("trunk") => [EntryKind::TrunkVlans, EntryKind::PortMode, EntryKind::AccessVlan],
            _ => [EntryKind::AccessVlan, EntryKind::PortMode, EntryKind::TrunkVlans],
        };
        (Bar::OtherVlan, kinds.into_iter().find_map(said))
    }

    /// The static ARP entry of `ip` in a VRF, wherever the platform keeps it; where no VRF is stated, that of the global
    /// table before those of others.
    pub fn static_arp(&self, vrf: Option<&str>, ip: Ipv4Addr) -> Option<&'s Entry> {
        let same =
            |entry: &&&Entry| matches!(entry, Entry::StaticArp { vrf: of, .. } if of.as_deref() == vrf);
        let entries = self.arps.get(&ip)?;
        let any = entries.first().filter(|_| vrf.is_none());
        entries.iter().find(same).or(any).copied()
    }

    /// Whether it asks for reports in `vlan`: as a querier, or as a multicast router.
    pub fn queries(&self, vlan: u16) -> bool {
        self.queries.iter().any(|asked| asked.is_none_or(|asked| asked == vlan))
    }

    /// The ports that the config speaks of, port-channels in place of their members.
    pub(super) fn described(&self) -> impl Iterator<Item = &PortName> {
        self.described.iter().map(|described| &described.port)
    }

    /// The ports that it is told lead to multicast routers in `vlan`.
    pub fn router_ports_in(&self, vlan: u16) -> PortSet {
        let mut ports = self.router_ports.clone();
        if let Some(Entry::MrouterPort { ports: stated, .. }) =
            self.held.state.get(&Key::MrouterPort { vlan })
        {
            ports.extend(stated.iter().map(|port| self.whole(port)));
        }
        ports
    }
}
