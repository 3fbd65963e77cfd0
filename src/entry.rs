//! The vocabulary: what a switch can be told about NLB, in no vendor's words.
//!
//! An [`Entry`] is one statement. The plan demands entries of a switch, a config states them, and both compare as
//! a [`State`]: the entries that hold, each under the key that a switch keeps it by.

mod kind;
mod setting;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::net::Ipv4Addr;

pub use kind::{EntryKind, Of, SettingShape, Takes};
pub use setting::{Subject, Value, prefix_length};

use macaddr::MacAddr6;
use serde::Serialize;

use crate::net::PortSet;
use crate::net::VlanSet;
use crate::net::port::PortName;
use crate::yaml::choice;

choice! {
    /// What happens to multicast that no entry knows.
    pub enum Unregistered: "an action" {
        /// It goes to every port of the VLAN.
        Flood = "flood",
        /// It goes nowhere.
        Drop = "drop",
    }
}

/// One statement of a switch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A static ARP entry.
    StaticArp {
        /// The IP.
        ip: Ipv4Addr,
        /// The MAC it is reached by.
        mac: MacAddr6,
        /// The VRF; the global table when `None`.
        vrf: Option<String>,
        /// The port, on platforms whose ARP names one.
        port: Option<PortName>,
        /// The VLAN of the SVI it stands under, on platforms where it does. Its VRF is then that SVI's.
        svi: Option<u16>,
    },
    /// A static MAC entry.
    StaticMac {
        /// The MAC.
        mac: MacAddr6,
        /// The VLAN id.
        vlan: u16,
        /// The ports it leads to.
        ports: PortSet,
    },
    /// IGMP snooping.
    IgmpSnooping {
        /// The VLAN id; the whole switch when `None`.
        vlan: Option<u16>,
        /// On or off.
        enabled: bool,
    },
    /// The IGMP querier.
    IgmpQuerier {
        /// The VLAN id; the whole switch when `None`.
        vlan: Option<u16>,
        /// The source address of its queries; the switch's own when `None`.
        address: Option<Ipv4Addr>,
    },
    /// Static multicast router ports.
    MrouterPort {
        /// The VLAN id.
        vlan: u16,
        /// The ports.
        ports: PortSet,
    },
    /// A static multicast group.
    StaticGroup {
        /// The VLAN id.
        vlan: u16,
        /// The group.
        group: Ipv4Addr,
        /// The ports; none where a router joins it itself.
        ports: PortSet,
    },
    /// Multicast filtering of the whole switch.
    MulticastFiltering {
        /// On or off.
        enabled: bool,
    },
    /// What a port does with unregistered multicast.
    UnregisteredMulticast {
        /// The port.
        port: PortName,
        /// What it does.
        action: Unregistered,
    },
    /// Flooding of NLB unicast frames in routed VLANs, for the whole switch.
    VlanFlooding {
        /// On or off.
        enabled: bool,
    },
    /// Something that is true of one thing.
    Setting {
        /// What.
        kind: EntryKind,
        /// Of what.
        of: Subject,
        /// How it is.
        value: Value,
    },
}

/// What a switch keeps an entry by: a second entry with the same key replaces the first or adds to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Key {
    /// Under an SVI the VRF is not part of the key: the SVI has one.
    StaticArp {
        vrf: Option<String>,
        svi: Option<u16>,
        ip: Ipv4Addr,
    },
    StaticMac {
        vlan: u16,
        mac: MacAddr6,
    },
    IgmpSnooping {
        vlan: Option<u16>,
    },
    IgmpQuerier {
        vlan: Option<u16>,
    },
    MrouterPort {
        vlan: u16,
    },
    MulticastFiltering,
    UnregisteredMulticast {
        port: PortName,
    },
    VlanFlooding,
    StaticGroup {
        vlan: u16,
        group: Ipv4Addr,
    },
    /// `item` tells those apart of which several stand side by side.
    Setting {
        kind: EntryKind,
        of: Subject,
        item: Option<Value>,
    },
}

impl Entry {
    /// Its kind.
    pub fn kind(&self) -> EntryKind {
        match self {
            Self::StaticArp { .. } => EntryKind::StaticArp,
            Self::StaticMac { .. } => EntryKind::StaticMac,
            Self::IgmpSnooping { .. } => EntryKind::IgmpSnooping,
            Self::IgmpQuerier { .. } => EntryKind::IgmpQuerier,
            Self::MrouterPort { .. } => EntryKind::MrouterPort,
            Self::MulticastFiltering { .. } => EntryKind::MulticastFiltering,
            Self::UnregisteredMulticast { .. } => EntryKind::UnregisteredMulticast,
            Self::VlanFlooding { .. } => EntryKind::VlanFlooding,
            Self::StaticGroup { .. } => EntryKind::StaticGroup,
            Self::Setting { kind, .. } => *kind,
        }
    }

    /// What a switch keeps it by.
    pub fn key(&self) -> Key {
        match self {
            Self::StaticArp { ip, vrf, svi, .. } => {
                Key::StaticArp { vrf: vrf.clone().filter(|_| svi.is_none()), svi: *svi, ip: *ip }
            }
            Self::StaticMac { mac, vlan, .. } => Key::StaticMac { vlan: *vlan, mac: *mac },
            Self::IgmpSnooping { vlan, .. } => Key::IgmpSnooping { vlan: *vlan },
            Self::IgmpQuerier { vlan, .. } => Key::IgmpQuerier { vlan: *vlan },
            Self::MrouterPort { vlan, .. } => Key::MrouterPort { vlan: *vlan },
            Self::MulticastFiltering { .. } => Key::MulticastFiltering,
            Self::UnregisteredMulticast { port, .. } => Key::UnregisteredMulticast { port: port.clone() },
            Self::VlanFlooding { .. } => Key::VlanFlooding,
            Self::StaticGroup { vlan, group, .. } => Key::StaticGroup { vlan: *vlan, group: *group },
            Self::Setting { kind, of, value } => {
                let many = kind.setting().is_some_and(|shape| shape.many);
                Key::Setting { kind: *kind, of: of.clone(), item: many.then(|| value.clone()) }
            }
        }
    }

    /// As its lines say it: the VRF of a static ARP under an SVI stands in other lines of that SVI.
    pub fn as_written(&self) -> Cow<'_, Self> {
        match self {
            Self::StaticArp { ip, mac, port, svi: svi @ Some(_), .. } => {
                Cow::Owned(Self::StaticArp { ip: *ip, mac: *mac, vrf: None, port: port.clone(), svi: *svi })
            }
            other => Cow::Borrowed(other),
        }
    }

    /// The ports it leads to, where it is kept with a set of them.
    pub fn ports(&self) -> Option<&PortSet> {
        match self {
            Self::StaticMac { ports, .. }
            | Self::MrouterPort { ports, .. }
            | Self::StaticGroup { ports, .. } => Some(ports),
            _ => None,
        }
    }

    /// The same entry with other ports; itself where it is kept with none.
    pub fn with_ports(&self, ports: PortSet) -> Self {
        let mut entry = self.clone();
        if let Some(held) = entry.ports_mut() {
            *held = ports;
        }
        entry
    }

    fn ports_mut(&mut self) -> Option<&mut PortSet> {
        match self {
            Self::StaticMac { ports, .. }
            | Self::MrouterPort { ports, .. }
            | Self::StaticGroup { ports, .. } => Some(ports),
            _ => None,
        }
    }

    fn vlans_mut(&mut self) -> Option<&mut VlanSet> {
        match self {
            Self::Setting { value: Value::Vlans(vlans), .. } => Some(vlans),
            _ => None,
        }
    }
}

/// One line of a config, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The entry holds from here on. Ports are added to those of an entry with the same key.
    Add(Entry),
    /// The entry holds from here on, in place of an entry with the same key.
    Replace(Entry),
    /// The setting holds from here on where nothing else is stated under its key. A port that was said to route takes
    /// it: it is told to switch again.
    UnlessStated(Entry),
    /// Nothing is kept under the key any more.
    Remove(Key),
    /// These ports leave the entry under the key; with the last one the entry goes.
    RemovePorts(Key, PortSet),
    /// These VLANs leave the setting. Where nothing was said of it before, what is left is unknown.
    RemoveVlans(EntryKind, Subject, VlanSet),
    /// The querier under the key stays, and loses the address it was told.
    RemoveAddress(Key),
}

/// What holds on a switch beyond its defaults: the entries, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    entries: BTreeMap<Key, Entry>,
}

impl State {
    /// Nothing but defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets one line act.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Replace(entry) => {
                self.entries.insert(entry.key(), entry);
            }
            Change::UnlessStated(entry) => {
                let stated = self.entries.entry(entry.key());
                let routes = |entry: &Entry| matches!(entry, Entry::Setting { value: Value::Word(word), .. } if word == "routed");
                match stated {
                    Slot::Occupied(held) if !routes(held.get()) => {}
                    Slot::Occupied(mut held) => {
                        held.insert(entry);
                    }
                    Slot::Vacant(place) => {
                        place.insert(entry);
                    }
                }
            }
            Change::Add(mut entry) => {
                let key = entry.key();
                if let (
                    Entry::IgmpQuerier { address: new @ None, .. },
                    Some(Entry::IgmpQuerier { address: old, .. }),
                ) = (&mut entry, self.entries.get(&key))
                {
                    *new = *old; // the line that switches it on does not repeat the address
                }
                if let (Some(ports), Some(old)) =
                    (entry.ports_mut(), self.entries.get_mut(&key).and_then(Entry::ports_mut))
                {
                    ports.append(old);
                }
                if let (Some(vlans), Some(old)) =
                    (entry.vlans_mut(), self.entries.get_mut(&key).and_then(Entry::vlans_mut))
                {
                    *vlans = vlans.union(old);
                }
                self.entries.insert(key, entry);
            }
            Change::RemoveVlans(kind, of, leaving) => {
                let key = Key::Setting { kind, of, item: None };
                if let Some(vlans) = self.entries.get_mut(&key).and_then(Entry::vlans_mut) {
                    *vlans = vlans.without(&leaving);
                }
            }
            Change::Remove(key) => {
                self.entries.remove(&key);
            }
            Change::RemoveAddress(key) => {
                if let Some(Entry::IgmpQuerier { address, .. }) = self.entries.get_mut(&key) {
                    *address = None;
                }
            }
            Change::RemovePorts(key, leaving) => {
                let Some(ports) = self.entries.get_mut(&key).and_then(Entry::ports_mut) else { return };
                ports.retain(|port| !leaving.contains(port));
                if ports.is_empty() {
                    self.entries.remove(&key);
                }
            }
        }
    }

    /// The entries, in the order of their keys.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The entry under `key`.
    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// What the setting `kind` of `of` holds.
    pub fn setting(&self, kind: EntryKind, of: &Subject) -> Option<&Value> {
        match self.entries.get(&Key::Setting { kind, of: of.clone(), item: None })? {
            Entry::Setting { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether a setting is on; `None` when the config does not say.
    pub fn flag(&self, kind: EntryKind, of: &Subject) -> Option<bool> {
        match self.setting(kind, of)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number a setting holds.
    pub fn number(&self, kind: EntryKind, of: &Subject) -> Option<u32> {
        match self.setting(kind, of)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The word a setting holds.
    pub fn word(&self, kind: EntryKind, of: &Subject) -> Option<&str> {
        match self.setting(kind, of)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The VLANs a setting holds.
    pub fn vlans(&self, kind: EntryKind, of: &Subject) -> Option<&VlanSet> {
        match self.setting(kind, of)? {
            Value::Vlans(vlans) => Some(vlans),
            _ => None,
        }
    }

    /// Every setting of `kind`: what it is about, and what it holds.
    pub fn settings(&self, kind: EntryKind) -> impl Iterator<Item = (&Subject, &Value)> {
        let first = Key::Setting { kind, of: Subject::Switch, item: None };
        let found = self.entries.range(first..).map(|(_, entry)| entry);
        found.map_while(move |entry| match entry {
            Entry::Setting { kind: found, of, value } if *found == kind => Some((of, value)),
            _ => None,
        })
    }

    /// Gives the static ARP entries that stand under an SVI the VRF of that SVI.
    pub fn settle_vrfs(&mut self) {
        let vrfs: BTreeMap<u16, String> = self
            .entries
            .values()
            .filter_map(|entry| match entry {
                Entry::Setting { kind: EntryKind::Vrf, of: Subject::Svi(svi), value } => {
                    Some((*svi, value.to_string()))
                }
                _ => None,
            })
            .collect();
        for entry in self.entries.values_mut() {
            if let Entry::StaticArp { vrf, svi: Some(svi), .. } = entry {
                *vrf = vrfs.get(svi).cloned();
            }
        }
    }

    /// Drops the entries for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&Entry) -> bool) {
        self.entries.retain(|_, entry| keep(entry));
    }
}

impl FromIterator<Entry> for State {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut state = Self::new();
        for entry in entries {
            state.apply(Change::Add(entry));
        }
        state
    }
}

impl Serialize for Entry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.kind().as_str())?;
        let names = |ports: &PortSet| ports.iter().map(ToString::to_string).collect::<Vec<_>>();
        match self {
            Self::StaticArp { ip, mac, vrf, port, svi } => {
                map.serialize_entry("ip", ip)?;
                map.serialize_entry("mac", &mac.to_string().to_lowercase())?;
                map.serialize_entry("vrf", vrf)?;
                map.serialize_entry("port", &port.as_ref().map(ToString::to_string))?;
                if let Some(svi) = svi {
                    map.serialize_entry("svi", svi)?;
                }
            }
            Self::StaticMac { mac, vlan, ports } => {
                map.serialize_entry("mac", &mac.to_string().to_lowercase())?;
                map.serialize_entry("vlan", vlan)?;
                map.serialize_entry("ports", &names(ports))?;
            }
            Self::IgmpSnooping { vlan, enabled } => {
                map.serialize_entry("vlan", vlan)?;
                map.serialize_entry("enabled", enabled)?;
            }
            Self::IgmpQuerier { vlan, address } => {
                map.serialize_entry("vlan", vlan)?;
                map.serialize_entry("address", address)?;
            }
            Self::MrouterPort { vlan, ports } => {
                map.serialize_entry("vlan", vlan)?;
                map.serialize_entry("ports", &names(ports))?;
            }
            Self::MulticastFiltering { enabled } | Self::VlanFlooding { enabled } => {
                map.serialize_entry("enabled", enabled)?;
            }
            Self::StaticGroup { vlan, group, ports } => {
                map.serialize_entry("vlan", vlan)?;
                map.serialize_entry("group", group)?;
                map.serialize_entry("ports", &names(ports))?;
            }
            Self::Setting { of, value, .. } => {
                match of {
                    Subject::Switch => {}
                    Subject::Vlan(vlan) => map.serialize_entry("vlan", vlan)?,
                    Subject::Svi(vlan) => map.serialize_entry("svi", vlan)?,
                    Subject::Port(port) => map.serialize_entry("port", &port.to_string())?,
                    Subject::Acl(name) => map.serialize_entry("list", name)?,
                }
                map.serialize_entry("value", value)?;
            }
            Self::UnregisteredMulticast { port, action } => {
                map.serialize_entry("port", &port.to_string())?;
                map.serialize_entry("action", action)?;
            }
        }
        map.end()
    }
}
