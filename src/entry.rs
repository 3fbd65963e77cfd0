//! The vocabulary: what a switch can be told about NLB, in no vendor's words.
//!
//! An [`Entry`] is one statement. The plan demands entries of a switch, a config states them, and both compare as
//! a [`State`]: the entries that hold, each under the [`Key`] that a switch keeps it by.

mod key;
mod kind;
mod setting;
mod state;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::Ipv4Addr;

pub use key::Key;
use key::KeyRef;
pub use kind::{EntryKind, Of, SettingShape, Takes};
pub use setting::{Subject, Value, prefix_length};
pub use state::State;

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
        self.key_ref().to_key()
    }

    fn key_ref(&self) -> KeyRef<'_> {
        match self {
            Self::StaticArp { ip, vrf, svi, .. } => {
                KeyRef::StaticArp { vrf: vrf.as_deref().filter(|_| svi.is_none()), svi: *svi, ip: *ip }
            }
            Self::StaticMac { mac, vlan, .. } => KeyRef::StaticMac { vlan: *vlan, mac: *mac },
            Self::IgmpSnooping { vlan, .. } => KeyRef::IgmpSnooping { vlan: *vlan },
            Self::IgmpQuerier { vlan, .. } => KeyRef::IgmpQuerier { vlan: *vlan },
            Self::MrouterPort { vlan, .. } => KeyRef::MrouterPort { vlan: *vlan },
            Self::MulticastFiltering { .. } => KeyRef::MulticastFiltering,
            Self::UnregisteredMulticast { port, .. } => KeyRef::UnregisteredMulticast { port },
            Self::VlanFlooding { .. } => KeyRef::VlanFlooding,
            Self::StaticGroup { vlan, group, .. } => KeyRef::StaticGroup { vlan: *vlan, group: *group },
            Self::Setting { kind, of, value } => {
                let many = kind.setting().is_some_and(|shape| shape.many);
                KeyRef::Setting { kind: *kind, of, item: many.then_some(value) }
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

    /// The VLAN that its lines speak of, where it is about one; not the one whose interface they speak of.
    pub fn vlan(&self) -> Option<u16> {
        match self {
            Self::StaticMac { vlan, .. }
            | Self::MrouterPort { vlan, .. }
            | Self::StaticGroup { vlan, .. } => Some(*vlan),
            Self::IgmpSnooping { vlan, .. } | Self::IgmpQuerier { vlan, .. } => *vlan,
            Self::Setting { of: Subject::Vlan(vlan), .. } => Some(*vlan),
            _ => None,
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

    /// Takes over from `old`, to which it is added, what it does not say itself.
    fn take_over(&mut self, old: &mut Self) {
        // The line that switches the querier on does not repeat the address.
        if let (Self::IgmpQuerier { address: new @ None, .. }, Self::IgmpQuerier { address: old, .. }) =
            (&mut *self, &*old)
        {
            *new = *old;
        }
        if let (Some(ports), Some(old)) = (self.ports_mut(), old.ports_mut()) {
            ports.append(old);
        }
        if let (Some(vlans), Some(old)) = (self.vlans_mut(), old.vlans_mut()) {
            *vlans = vlans.union(old);
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
    RemovePorts(Key, Box<PortSet>),
    /// These VLANs leave the setting. Where nothing was said of it before, what is left is unknown.
    RemoveVlans(EntryKind, Subject, VlanSet),
    /// The querier under the key stays, and loses the address it was told.
    RemoveAddress(Key),
}

impl Change {
    /// The kind of entry that it is about.
    pub fn kind(&self) -> EntryKind {
        match self {
            Self::Add(entry) | Self::Replace(entry) | Self::UnlessStated(entry) => entry.kind(),
            Self::Remove(key) | Self::RemovePorts(key, _) | Self::RemoveAddress(key) => key.as_ref().kind(),
            Self::RemoveVlans(kind, ..) => *kind,
        }
    }

    /// The entry that it states, if it states one.
    pub fn stated(&self) -> Option<&Entry> {
        match self {
            Self::Add(entry) | Self::Replace(entry) | Self::UnlessStated(entry) => Some(entry),
            Self::Remove(_) | Self::RemovePorts(..) | Self::RemoveAddress(_) | Self::RemoveVlans(..) => None,
        }
    }

    /// The key of the entry that it is about.
    pub fn key(&self) -> Key {
        self.key_ref().to_key()
    }

    fn key_ref(&self) -> KeyRef<'_> {
        match self {
            Self::Add(entry) | Self::Replace(entry) | Self::UnlessStated(entry) => entry.key_ref(),
            Self::Remove(key) | Self::RemovePorts(key, _) | Self::RemoveAddress(key) => key.as_ref(),
            Self::RemoveVlans(kind, of, _) => KeyRef::Setting { kind: *kind, of, item: None },
        }
    }

    /// How the key that it is about stands to `entry`'s.
    pub(crate) fn key_cmp(&self, entry: &Entry) -> Ordering {
        self.key_ref().cmp(&entry.key_ref())
    }

    /// The numbers of changes, in the order of the keys that these are about; those about one key as they come.
    pub(crate) fn by_key<'c>(count: u32, change: impl Fn(u32) -> &'c Self) -> Vec<u32> {
        // In two steps, for the changes of one kind nearly always come in order: that takes one look at each.
        let begins = EntryKind::begins((0..count).map(|number| change(number).kind()));
        let (mut numbers, mut next) = (vec![0; count as usize], begins);
        for number in 0..count {
            let place = &mut next[change(number).kind() as usize];
            numbers[*place as usize] = number;
            *place += 1;
        }
        for of_one_kind in begins.windows(2) {
            let of_one_kind = &mut numbers[of_one_kind[0] as usize..of_one_kind[1] as usize];
            of_one_kind.sort_by(|a, b| change(*a).key_ref().cmp(&change(*b).key_ref()));
        }
        numbers
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
