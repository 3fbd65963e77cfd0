//! Entries in words, for comments and summaries.

use std::collections::BTreeSet;

use crate::entry::Entry;
use crate::net::mac::{self, Notation};
use crate::net::port::PortName;

/// What people call the entry: `the static ARP of 10.0.0.1 in VRF RED`.
pub(super) fn entry_text(entry: &Entry, notation: Notation) -> String {
    let place =
        |vlan: &Option<u16>| vlan.map_or("of the switch".to_owned(), |vlan| format!("in VLAN {vlan}"));
    match entry {
        Entry::StaticArp { ip, vrf, .. } => format!("the static ARP of {ip}{}", vrf_text(vrf.as_deref())),
        Entry::StaticMac { mac, vlan, .. } => {
            format!("the static MAC entry of {} in VLAN {vlan}", mac::format(*mac, notation))
        }
        Entry::IgmpSnooping { vlan, .. } => format!("IGMP snooping {}", place(vlan)),
        Entry::IgmpQuerier { vlan, .. } => format!("the IGMP querier {}", place(vlan)),
        Entry::MrouterPort { vlan, .. } => format!("the multicast router ports of VLAN {vlan}"),
        Entry::StaticGroup { vlan, group, .. } => format!("the static group {group} in VLAN {vlan}"),
        Entry::MulticastFiltering { .. } => "multicast filtering".to_owned(),
        Entry::UnregisteredMulticast { port, .. } => format!("unregistered multicast on {port}"),
        Entry::VlanFlooding { .. } => "VLAN flooding".to_owned(),
        Entry::Setting { kind, .. } => kind.as_str().to_owned(),
    }
}

/// ` in VRF RED`; nothing for the global table.
pub(super) fn vrf_text(vrf: Option<&str>) -> String {
    vrf.map(|vrf| format!(" in VRF {vrf}")).unwrap_or_default()
}

/// `Gi1/0/1, Gi1/0/2`.
pub(super) fn ports_text(ports: &BTreeSet<PortName>) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
