//! Entries in words, for comments and summaries.

use super::comments::comment;
use crate::entry::{Entry, EntryKind, Subject, Unregistered};
use crate::net::PortSet;
use crate::net::mac::{self, Notation};
use crate::vendor::Pack;

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
        Entry::Setting { kind: EntryKind::ClusterMode, of: Subject::Svi(vlan), .. } => {
            format!("the mode of the clusters on the interface of VLAN {vlan}")
        }
        Entry::Setting { kind, of: Subject::Port(port), .. } => format!("{kind} on {port}"),
        Entry::Setting { kind, .. } => kind.as_str().to_owned(),
    }
}

/// What is said behind a rollback of the entries that stay, since nobody says what was before.
pub(super) fn staying<'e>(pack: &Pack, entries: impl IntoIterator<Item = &'e Entry>) -> Vec<String> {
    let said = entries.into_iter().map(|entry| {
        let what = entry_text(entry, pack.mac);
        comment(&pack.comment, &format!("stays: {what}, for nobody says whether it was on before"), 2)
    });
    said.flatten().collect()
}

/// ` in VRF RED`; nothing for the global table.
pub(super) fn vrf_text(vrf: Option<&str>) -> String {
    vrf.map(|vrf| format!(" in VRF {vrf}")).unwrap_or_default()
}

/// `Gi1/0/1, Gi1/0/2`.
pub(super) fn ports_text(ports: &PortSet) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What differs between two entries of one kind: `it leads to g9, which has no node behind it; it lacks g2`.
pub(super) fn differing(old: &Entry, new: &Entry, notation: Notation) -> String {
    let on = |enabled: &bool| if *enabled { "on" } else { "off" };
    let mut said: Vec<String> = Vec::new();
    match (old, new) {
        (
            Entry::StaticArp { mac: had, vrf: from, port: at, .. },
            Entry::StaticArp { mac: wanted, vrf: to, port, .. },
        ) => {
            if from != to {
                let place = |vrf: &Option<String>| match vrf {
                    Some(vrf) => format!("VRF {vrf}"),
                    None => "the global table".to_owned(),
                };
                said.push(format!(
                    "it stands in {}, and the cluster is routed in {}",
                    place(from),
                    place(to)
                ));
            }
            if had != wanted {
                let shown = |mac| mac::format(mac, notation);
                said.push(format!("it has {}, and the cluster answers with {}", shown(*had), shown(*wanted)));
            }
            if let (true, Some(at), Some(port)) = (said.is_empty(), at, port) {
                said.push(format!("it names {at} and not {port}"));
            }
        }
        (
            Entry::StaticMac { mac: had, vlan: from, ports: old },
            Entry::StaticMac { mac: wanted, vlan: to, ports: new },
        ) => {
            if had != wanted {
                said.push(format!("the cluster answers with {}", mac::format(*wanted, notation)));
            }
            if from != to {
                said.push(format!("the cluster is in VLAN {to}"));
            }
            said.extend(ports_differ(old, new));
        }
        (Entry::MrouterPort { ports: old, .. }, Entry::MrouterPort { ports: new, .. })
        | (Entry::StaticGroup { ports: old, .. }, Entry::StaticGroup { ports: new, .. }) => {
            said.extend(ports_differ(old, new));
        }
        (Entry::IgmpQuerier { address: had, .. }, Entry::IgmpQuerier { address: Some(wanted), .. }) => {
            said.push(match had {
                Some(had) => format!("its address is {had} and not {wanted}"),
                None => format!("its address {wanted} is not set"),
            });
        }
        (Entry::IgmpSnooping { enabled, .. }, _)
        | (Entry::MulticastFiltering { enabled } | Entry::VlanFlooding { enabled }, _) => {
            said.push(format!("it is {}", on(enabled)));
        }
        (Entry::UnregisteredMulticast { action, .. }, _) => said.push(match action {
            Unregistered::Flood => "it is flooded".to_owned(),
            Unregistered::Drop => "it is dropped".to_owned(),
        }),
        _ => {}
    }
    said.join("; ")
}

fn ports_differ(old: &PortSet, new: &PortSet) -> impl Iterator<Item = String> {
    let lacks: PortSet = new.difference(old).cloned().collect();
    let extra: PortSet = old.difference(new).cloned().collect();
    let lacking = (!lacks.is_empty()).then(|| format!("it lacks {}", ports_text(&lacks)));
    let leading = (!extra.is_empty()).then(|| format!("no node is behind {}", ports_text(&extra)));
    lacking.into_iter().chain(leading)
}
