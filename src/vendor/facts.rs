//! What holds for a model: a platform with a release, else its platform, else its pack with that release, else its pack.

use std::fmt;

use macaddr::MacAddr6;

use super::model::{Model, Release};
use super::pack::{Pack, Platform};
use super::types::{
    Acceptance, Capabilities, DynamicArp, Evidence, Lookup, Modes, PortCount, QuerierAddress, ReleaseRecord,
    Statement, UncheckedArp, UnicastProvision, VlanScope, WithQuerier,
};
use crate::entry::{EntryKind, State, Unregistered};
use crate::nlb::multicast_groups;
use crate::source::Spanned;
use crate::yaml::{Decoder, Text};

/// What holds from one release on, before another, or between two.
#[derive(Debug)]
pub struct Gate {
    since: Option<Release>,
    before: Option<Release>,
    /// Both in words.
    told: String,
    capabilities: Capabilities,
}

impl Gate {
    /// Reads `records`; mistakes are pushed to `cx`.
    pub(super) fn read_all(records: &[ReleaseRecord], cx: &mut Decoder) -> Vec<Self> {
        records.iter().filter_map(|record| Self::read(record, cx)).collect()
    }

    fn read(record: &ReleaseRecord, cx: &mut Decoder) -> Option<Self> {
        let mut read = |stated: &Option<Spanned<Text>>| {
            let stated = stated.as_ref()?;
            let release = Release::parse(stated.as_str());
            if release.is_none() {
                cx.error(stated.span, "a release is told by its numbers, two or more: `\"10.4.3.0\"`");
            }
            release
        };
        let (since, before) = (read(&record.since), read(&record.before));
        if since.is_some() && before.is_some() && since >= before {
            cx.error(record.span, "no release is both: `before` comes after `since`");
        }
        let told = match (&record.since, &record.before) {
            (Some(since), Some(before)) => format!("from release {since} on, before {before}"),
            (Some(since), None) => format!("from release {since} on"),
            (None, Some(before)) => format!("before release {before}"),
            (None, None) => {
                cx.error(
                    record.span,
                    "what holds for some releases says for which: `since`, `before`, or both",
                );
                return None;
            }
        };
        Some(Self { since, before, told, capabilities: record.capabilities.clone() })
    }

    /// A release that it holds for, the first one where it has one.
    pub fn example(&self) -> Option<Release> {
        self.since
    }

    fn holds(&self, release: Option<Release>) -> bool {
        let within = |release| {
            self.since.is_none_or(|since| release >= since)
                && self.before.is_none_or(|before| release < before)
        };
        release.is_some_and(within)
    }
}

/// What holds for one model: for its platform, else for its pack, and first of all what holds for its release.
#[derive(Debug, Clone, Copy)]
pub struct PlatformFacts<'p> {
    pub(super) pack: &'p Pack,
    own: Option<&'p Platform>,
    pub(super) platform: Option<usize>,
    release: Option<Release>,
}

/// One source of answers about a model.
#[derive(Debug, Clone, Copy)]
struct Layer<'p> {
    capabilities: &'p Capabilities,
    gate: Option<&'p Gate>,
    own: bool,
}

impl<'p> PlatformFacts<'p> {
    pub(super) fn new(pack: &'p Pack, model: Model) -> Self {
        let own = model.platform.and_then(|index| pack.platforms.get(index));
        Self { pack, own, platform: model.platform.filter(|_| own.is_some()), release: model.release }
    }

    /// What speaks of it, the most particular first. Of several gates that hold, the last one comes first.
    fn layers(&self) -> impl Iterator<Item = Layer<'p>> + use<'p> {
        let release = self.release;
        let gated = move |gates: &'p [Gate], own| {
            let holding = gates.iter().rev().filter(move |gate| gate.holds(release));
            holding.map(move |gate| Layer { capabilities: &gate.capabilities, gate: Some(gate), own })
        };
        let platform = self.own.into_iter().flat_map(move |own| {
            let always =
                own.capabilities.iter().map(|capabilities| Layer { capabilities, gate: None, own: true });
            gated(&own.releases, true).chain(always)
        });
        let pack = Layer { capabilities: &self.pack.capabilities, gate: None, own: false };
        platform.chain(gated(&self.pack.releases, false)).chain([pack])
    }
}

impl PlatformFacts<'_> {
    /// Whether the pack has words for `kind`, and its templates write them for this platform.
    pub fn speaks_of(&self, kind: EntryKind) -> bool {
        let written = match self.own {
            Some(own) if own.writes.contains(&kind) => true,
            Some(own) if own.reads_only.contains(&kind) => false,
            _ => self.pack.writes_by_rule(kind),
        };
        written && self.pack.has_words(kind)
    }
}

/// A statement about a platform, whatever it is about, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Stated<'p> {
    /// The key by which packs state it.
    pub key: &'static str,
    /// What holds.
    pub value: String,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<&'p str>,
    /// What else there is to know.
    pub note: Option<&'p str>,
    /// The releases for which it holds: `from release 10.4.3.0 on`; all when `None`.
    pub releases: Option<String>,
    /// Whether it is the platform's own statement, and not its pack's.
    pub own: bool,
}

macro_rules! questions {
    ($( $(#[doc = $doc:literal])* $name:ident: $ty:ty, )*) => {
        impl<'p> PlatformFacts<'p> {
            $(
                $(#[doc = $doc])*
                pub fn $name(&self) -> Option<&'p Statement<$ty>> {
                    self.layers().find_map(|layer| layer.capabilities.$name.as_ref())
                }
            )*

            /// Every statement that holds for it, by the pack's own keys and in the order in which they are asked.
            pub fn stated(&self) -> Vec<Stated<'p>> {
                let mut all = Vec::new();
                $(
                    all.extend(self.layers().find_map(|layer| {
                        Some(layer.state(stringify!($name), layer.capabilities.$name.as_ref()?))
                    }));
                )*
                all
            }

            /// Every statement that holds for some releases alone, the platform's own where there is one, else its pack's.
            pub fn stated_by_release(&self) -> Vec<Stated<'p>> {
                let gates = self.own.map_or(self.pack.releases.as_slice(), |own| own.releases.as_slice());
                let layers = gates.iter().map(|gate| Layer {
                    capabilities: &gate.capabilities,
                    gate: Some(gate),
                    own: self.own.is_some(),
                });
                let mut all = Vec::new();
                for layer in layers {
                    $(all.extend(layer.capabilities.$name.as_ref().map(|fact| layer.state(stringify!($name), fact)));)*
                }
                all
            }
        }
    };
}

impl<'p> Layer<'p> {
    fn state<T: fmt::Display>(self, key: &'static str, fact: &'p Statement<T>) -> Stated<'p> {
        Stated {
            key,
            value: fact.value.to_string(),
            evidence: fact.evidence,
            source: Some(fact.source.as_str()).filter(|source| !source.is_empty()),
            note: fact.note.as_deref(),
            releases: self.gate.map(|gate| gate.told.clone()),
            own: self.own,
        }
    }
}

questions! {
    /// Whether it routes.
    routes: bool,
    /// Whether it takes a static ARP entry with a multicast MAC.
    static_arp_multicast: Acceptance,
    /// What it does with an ARP reply that claims a multicast MAC.
    dynamic_arp_multicast: DynamicArp,
    /// How many ports a static entry of a multicast MAC may have.
    static_multicast_mac: PortCount,
    /// What it looks multicast up by.
    multicast_lookup: Lookup,
    /// What it does with multicast no entry knows.
    unregistered_multicast: Unregistered,
    /// Which multicast MACs it takes in ARP once the check of them is off.
    unchecked_arp: UncheckedArp,
    /// Whether it has IGMP snooping at all.
    igmp_snooping: bool,
    /// Whether IGMP snooping is on for the switch by default.
    igmp_snooping_default: bool,
    /// Whether it is on in a VLAN by default.
    igmp_snooping_vlan_default: bool,
    /// Whether a static MAC entry may hold the MAC of an IP multicast group.
    static_ip_multicast_mac: bool,
    /// Whether it ties a unicast ARP entry to one port.
    unicast_arp_binds_one_port: bool,
    /// What helps against that.
    unicast_provision: UnicastProvision,
    /// The modes of clusters that the interface of a VLAN can be told.
    cluster_modes: Modes,
    /// Whether frames to a static multicast MAC are forwarded by the CPU.
    software_switched: bool,
    /// Whether spanning tree takes an access port for an edge of which nothing is stated.
    edge_port_default: bool,
    /// Whether a static MAC entry may name a member of a port-channel.
    static_mac_on_lag_member: bool,
    /// Whether a static MAC entry may name a port-channel.
    static_mac_on_lag: bool,
    /// Whether a static entry of a multicast MAC may stand in a VLAN that the switch itself routes.
    static_mac_in_routed_vlan: bool,
    /// How many clusters it can hold.
    max_clusters: u32,
    /// The first release that routes to a multicast cluster MAC.
    multicast_since: Text,
    /// Whose address its querier needs.
    querier_address: QuerierAddress,
    /// Whether a static MAC entry of one VLAN holds in the others of its private VLAN too.
    private_vlan_shares_static_mac: bool,
    /// Whether a MAC ACL stops what none of its rules knows.
    mac_acl_ends_in_deny: bool,
    /// Which VLANs a trunk carries of which a config states none.
    unstated_trunk_vlans: VlanScope,
    /// What becomes of multicast no entry knows while IGMP snooping knows a querier.
    unregistered_with_querier: WithQuerier,
}

impl Capabilities {
    pub(super) fn silent(span: crate::source::Span) -> Self {
        Self {
            routes: None,
            static_arp_multicast: None,
            dynamic_arp_multicast: None,
            cluster_modes: None,
            static_multicast_mac: None,
            multicast_lookup: None,
            unregistered_multicast: None,
            unchecked_arp: None,
            igmp_snooping: None,
            igmp_snooping_default: None,
            igmp_snooping_vlan_default: None,
            static_ip_multicast_mac: None,
            unicast_arp_binds_one_port: None,
            unicast_provision: None,
            software_switched: None,
            edge_port_default: None,
            static_mac_on_lag_member: None,
            static_mac_on_lag: None,
            static_mac_in_routed_vlan: None,
            max_clusters: None,
            multicast_since: None,
            querier_address: None,
            private_vlan_shares_static_mac: None,
            mac_acl_ends_in_deny: None,
            unstated_trunk_vlans: None,
            unregistered_with_querier: None,
            span,
        }
    }
}

impl PlatformFacts<'_> {
    /// What it looks multicast up by; unknown when nobody says.
    pub fn lookup(&self) -> Lookup {
        self.multicast_lookup().map_or(Lookup::Unknown, |fact| fact.value)
    }

    /// How many ports a static entry of a multicast MAC may have; unknown when nobody says.
    pub fn static_mac_ports(&self) -> PortCount {
        self.static_multicast_mac().map_or(PortCount::Unknown, |fact| fact.value)
    }

    /// Whether it takes a static ARP entry with a multicast MAC; unknown when nobody says.
    pub fn static_arp(&self) -> Acceptance {
        self.static_arp_multicast().map_or(Acceptance::Unknown, |fact| fact.value)
    }

    /// What says that it takes no static ARP entry with `mac`, a multicast one.
    pub fn refuses_static_arp(&self, mac: MacAddr6) -> Option<&Statement<Acceptance>> {
        self.static_arp_multicast().filter(|fact| match fact.value {
            Acceptance::Refused => true,
            Acceptance::IpMulticast => multicast_groups(mac).is_none(),
            Acceptance::Accepted | Acceptance::Unknown => false,
        })
    }

    /// Whether ARP takes `mac`, one of a group, once the check of such is off.
    pub fn takes_unchecked(&self, mac: MacAddr6) -> bool {
        match self.unchecked_arp().map_or(UncheckedArp::Any, |fact| fact.value) {
            UncheckedArp::Any => true,
            UncheckedArp::IpMulticast => multicast_groups(mac).is_some(),
        }
    }

    /// Whether the pack has lines that switch the check off, and none for a static ARP entry.
    pub fn lets_learn_instead(&self) -> bool {
        self.speaks_of(EntryKind::ArpCheck) && !self.speaks_of(EntryKind::StaticArp)
    }

    /// Whether a device that holds `state` learns `mac`, one of a group: the check of such is off.
    pub fn learns(&self, state: &State, mac: MacAddr6) -> bool {
        state.lets_arp_be_multicast() && self.takes_unchecked(mac)
    }

    /// Whether IGMP snooping is on in a VLAN (`true`) or for the switch (`false`) when a config is silent.
    pub fn snooping_default(&self, in_vlan: bool) -> Option<bool> {
        let fact = if in_vlan { self.igmp_snooping_vlan_default() } else { self.igmp_snooping_default() };
        fact.map(|fact| fact.value)
    }
}
