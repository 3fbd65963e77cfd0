//! What a switch keeps an entry by.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use super::{EntryKind, Subject, Value};
use crate::net::port::PortName;

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

/// A [`Key`] that borrows what it names: in the same order, for comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyRef<'k> {
    StaticArp { vrf: Option<&'k str>, svi: Option<u16>, ip: Ipv4Addr },
    StaticMac { vlan: u16, mac: MacAddr6 },
    IgmpSnooping { vlan: Option<u16> },
    IgmpQuerier { vlan: Option<u16> },
    MrouterPort { vlan: u16 },
    MulticastFiltering,
    UnregisteredMulticast { port: &'k PortName },
    VlanFlooding,
    StaticGroup { vlan: u16, group: Ipv4Addr },
    Setting { kind: EntryKind, of: &'k Subject, item: Option<&'k Value> },
}

impl Key {
    pub(super) fn as_ref(&self) -> KeyRef<'_> {
        match self {
            Self::StaticArp { vrf, svi, ip } => KeyRef::StaticArp { vrf: vrf.as_deref(), svi: *svi, ip: *ip },
            Self::StaticMac { vlan, mac } => KeyRef::StaticMac { vlan: *vlan, mac: *mac },
            Self::IgmpSnooping { vlan } => KeyRef::IgmpSnooping { vlan: *vlan },
            Self::IgmpQuerier { vlan } => KeyRef::IgmpQuerier { vlan: *vlan },
            Self::MrouterPort { vlan } => KeyRef::MrouterPort { vlan: *vlan },
            Self::MulticastFiltering => KeyRef::MulticastFiltering,
            Self::UnregisteredMulticast { port } => KeyRef::UnregisteredMulticast { port },
            Self::VlanFlooding => KeyRef::VlanFlooding,
            Self::StaticGroup { vlan, group } => KeyRef::StaticGroup { vlan: *vlan, group: *group },
            Self::Setting { kind, of, item } => KeyRef::Setting { kind: *kind, of, item: item.as_ref() },
        }
    }
}

impl KeyRef<'_> {
    pub(super) fn to_key(self) -> Key {
        match self {
            Self::StaticArp { vrf, svi, ip } => Key::StaticArp { vrf: vrf.map(str::to_owned), svi, ip },
            Self::StaticMac { vlan, mac } => Key::StaticMac { vlan, mac },
            Self::IgmpSnooping { vlan } => Key::IgmpSnooping { vlan },
            Self::IgmpQuerier { vlan } => Key::IgmpQuerier { vlan },
            Self::MrouterPort { vlan } => Key::MrouterPort { vlan },
            Self::MulticastFiltering => Key::MulticastFiltering,
            Self::UnregisteredMulticast { port } => Key::UnregisteredMulticast { port: port.clone() },
            Self::VlanFlooding => Key::VlanFlooding,
            Self::StaticGroup { vlan, group } => Key::StaticGroup { vlan, group },
            Self::Setting { kind, of, item } => Key::Setting { kind, of: of.clone(), item: item.cloned() },
        }
    }

    /// The kind of entry that is kept by it. Kinds have the order of keys.
    pub(super) fn kind(self) -> EntryKind {
        match self {
            Self::StaticArp { .. } => EntryKind::StaticArp,
            Self::StaticMac { .. } => EntryKind::StaticMac,
            Self::IgmpSnooping { .. } => EntryKind::IgmpSnooping,
            Self::IgmpQuerier { .. } => EntryKind::IgmpQuerier,
            Self::MrouterPort { .. } => EntryKind::MrouterPort,
            Self::MulticastFiltering => EntryKind::MulticastFiltering,
            Self::UnregisteredMulticast { .. } => EntryKind::UnregisteredMulticast,
            Self::VlanFlooding => EntryKind::VlanFlooding,
            Self::StaticGroup { .. } => EntryKind::StaticGroup,
            Self::Setting { kind, .. } => kind,
        }
    }
}
