//! What a gateway does with what clients send to the VIPs: whether it sends anything at all, and to which MAC.

use std::net::IpAddr;

use super::decided::{DecidedBy, Doubt};
use super::device::{Decision, Egress};
use super::switch::Switch;
use crate::design::Cluster;
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::net::PortSet;
use crate::nlb::Mode;
use crate::vendor::{DynamicArp, Evidence, UnicastProvision};

/// What stands between a VIP and a frame for its cluster on a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arp {
    /// Frames for every VIP go out.
    Resolved,
    /// Nobody knows.
    Unknown(Decision),
    /// Frames leave by one port only, whichever it is.
    OnePort(Decision),
    /// Frames for a VIP do not go out, or to nobody.
    Lost(Decision),
}

/// What the gateway `switch`, which routes `cluster` in `vrf`, does. A VIP that is lost outweighs one that is not.
pub(super) fn arp(switch: &Switch<'_>, cluster: &Cluster, vrf: Option<&str>) -> Arp {
    if let Some(down) = svi_down(switch, cluster) {
        return Arp::Lost(down);
    }
    if cluster.mode.value == Mode::Unicast {
        let wrong = cluster.vips().find_map(|vip| wrong_mac(switch, cluster, vrf, vip.value));
        return wrong.map_or_else(|| binding(switch, cluster), Arp::Lost);
    }
    let mut doubt = None;
    for vip in cluster.vips() {
        if let Some(wrong) = wrong_mac(switch, cluster, vrf, vip.value) {
            return Arp::Lost(wrong);
        }
        let IpAddr::V4(ip) = vip.value else { continue }; // no source says how neighbour discovery fares
        if switch.static_arp(vrf, ip).is_some() || takes_replies(switch, cluster) {
            continue;
        }
        match unresolved(switch, cluster) {
            Arp::Lost(lost) => return Arp::Lost(lost),
            Arp::Unknown(unknown) => {
                doubt.get_or_insert(unknown);
            }
            Arp::Resolved | Arp::OnePort(_) => {}
        }
    }
    doubt.map_or(Arp::Resolved, Arp::Unknown)
}

fn nothing(by: DecidedBy, evidence: Evidence, location: Option<crate::source::Span>) -> Decision {
    Decision { egress: Egress::Only(PortSet::new()), by, evidence, location }
}

/// The interface that routes the cluster's VLAN, where the config shuts it.
fn svi_down(switch: &Switch<'_>, cluster: &Cluster) -> Option<Decision> {
    let held = &switch.held;
    let svi = Subject::Svi(cluster.vlan.value.get());
    let shut = held.state.flag(EntryKind::Shutdown, &svi)?;
    let location = held.span_of_setting(EntryKind::Shutdown, &svi);
    let evidence =
        held.grade_of(&Entry::Setting { kind: EntryKind::Shutdown, of: svi, value: Value::Flag(shut) });
    shut.then(|| nothing(DecidedBy::SviDown, evidence, location))
}

/// A static ARP entry of a VIP with another MAC than the cluster's.
fn wrong_mac(switch: &Switch<'_>, cluster: &Cluster, vrf: Option<&str>, vip: IpAddr) -> Option<Decision> {
    let IpAddr::V4(ip) = vip else { return None };
    let entry = switch.static_arp(vrf, ip)?;
    let wrong = matches!(entry, Entry::StaticArp { mac, .. } if *mac != cluster.mac());
    let held = &switch.held;
    wrong.then(|| nothing(DecidedBy::WrongMac, held.grade_of(entry), held.span_of(entry)))
}

/// Whether the interface of the cluster's VLAN was told to take the ARP replies of clusters in its mode.
fn takes_replies(switch: &Switch<'_>, cluster: &Cluster) -> bool {
    let told = switch.held.state.cluster_mode(cluster.vlan.value.get());
    told == Some(cluster.mode.value.as_str())
}

/// A multicast cluster's VIP without a static ARP entry.
fn unresolved(switch: &Switch<'_>, cluster: &Cluster) -> Arp {
    let held = &switch.held;
    let doubtful = held.doubtful_line(EntryKind::StaticArp);
    let unknown = |location, doubt| {
        let egress = Egress::AtLeast(PortSet::new());
        let by = DecidedBy::Unknown(doubt);
        Arp::Unknown(Decision { egress, by, evidence: Evidence::Unverified, location })
    };
    let fact = held.facts().dynamic_arp_multicast();
    match fact.map(|fact| fact.value) {
        Some(DynamicArp::Learned) => Arp::Resolved,
        _ if held.facts().learns(held.state, cluster.mac()) => Arp::Resolved,
        _ if doubtful.is_some() => unknown(doubtful, Doubt::Line),
        _ if !held.shows(EntryKind::StaticArp) => unknown(held.design, held.unseen(EntryKind::StaticArp)),
        Some(DynamicArp::Refused) => {
            let evidence = fact.map_or(Evidence::Unverified, |fact| fact.evidence);
            Arp::Lost(nothing(DecidedBy::NoArp, evidence, held.design))
        }
        Some(DynamicArp::Unknown) | None => unknown(held.design, Doubt::Arp),
    }
}

/// Whether a gateway ties the ARP entry of a unicast cluster to one port, and has nothing against that.
fn binding(switch: &Switch<'_>, cluster: &Cluster) -> Arp {
    let held = &switch.held;
    let facts = held.facts();
    let Some(binds) = facts.unicast_arp_binds_one_port().filter(|fact| fact.value) else {
        return Arp::Resolved;
    };
    let provided = match facts.unicast_provision().map(|fact| fact.value) {
        Some(UnicastProvision::VlanFlooding) => {
            let held = held.state.get(&Key::VlanFlooding);
            matches!(held, Some(Entry::VlanFlooding { enabled: true }))
        }
        Some(UnicastProvision::StaticMac) => {
            let key = Key::StaticMac { vlan: cluster.vlan.value.get(), mac: cluster.mac() };
            held.state.get(&key).is_some()
        }
        Some(UnicastProvision::ClusterMode) => takes_replies(switch, cluster),
        Some(UnicastProvision::None) | None => false,
    };
    match provided {
        true => Arp::Resolved,
        false => Arp::OnePort(nothing(DecidedBy::OnePort, binds.evidence, held.design)),
    }
}
