//! Static ARP: what routes to a multicast cluster must bind every VIP to the cluster MAC by hand.

mod alone;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use super::gateway::refusal_of;
use super::malformed::was_to_bind;
use super::routing::{in_another_vrf, misspelt};
use super::words::{
    MOST_RELATED, Mender, about, answers_with_multicast, clusters_at, clusters_text, config_shows,
    config_span, doubtful_line, is_likely, is_routed,
};
use super::{Estate, Findings, Rule, Scope};
use crate::design::Cluster;
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Subject};
use crate::source::Spanned;
use crate::vendor::DynamicArp;

pub(super) const RULES: &[Rule] = &[MISSING_STATIC_ARP, GATEWAY_PEER_MISSING];

/// A gateway's config without the static ARP entry of a VIP.
pub(super) const MISSING_STATIC_ARP: Rule = Rule {
    code: Code(401),
    name: "missing-static-arp",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB401.md"),
    check: missing_static_arp,
};

fn missing_static_arp(estate: &Estate<'_>, findings: &mut Findings) {
    cluster_in_no_vrf(estate, findings);
    alone::missing(estate, findings);
    let mender = Mender::default();
    for Gap { cluster, device, alone: vips, .. } in estate.gaps() {
        if !vips.is_empty() {
            report_gap(estate, findings, &mender, &MISSING_STATIC_ARP, *cluster, *device, vips).help(
                match learns_instead(estate, *device, &estate.design().clusters[*cluster]) {
                    true => "let it learn such MACs: the pack has no lines for a static ARP entry with one",
                    false => "add a static ARP entry for each, with the MAC of the primary address",
                },
            );
        }
    }
}

/// A cluster in a VRF that no gateway routes: no gateway gets its entries.
fn cluster_in_no_vrf(estate: &Estate<'_>, findings: &mut Findings) {
    let mut stated = BTreeMap::new();
    for switch in estate.design().switches.iter().filter(|switch| switch.gateway.is_gateway()) {
        match switch.gateway.described().and_then(|gateway| gateway.vrf.as_ref()) {
            Some(vrf) => stated.entry(vrf.to_string()).or_insert(vrf.span),
            None => return, // it may route every VRF
        };
    }
    if stated.is_empty() {
        return;
    }
    for view in estate.clusters() {
        let cluster = view.cluster;
        let Some(vrf) = &cluster.vrf else { continue };
        if !answers_with_multicast(cluster) || !is_routed(cluster) || stated.contains_key(&*vrf.value) {
            continue;
        }
        let message = format!(
            "cluster `{}` is in VRF `{}`, which no gateway routes: none gets its static ARP entries",
            cluster.name, vrf.value
        );
        let finding = findings.report(&MISSING_STATIC_ARP, vrf.span, message);
        finding.cluster(cluster.name.to_string());
        finding.help(format!("correct the `vrf` here, or describe the gateway that routes `{}`", vrf.value));
        for (other, span) in stated.iter().take(MOST_RELATED) {
            finding.related(*span, format!("this gateway routes VRF `{other}`"));
        }
    }
}

/// One gateway of a pair that lacks what its peer has.
pub(super) const GATEWAY_PEER_MISSING: Rule = Rule {
    code: Code(402),
    name: "gateway-peer-missing",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB402.md"),
    check: gateway_peer_missing,
};

fn gateway_peer_missing(estate: &Estate<'_>, findings: &mut Findings) {
    peer_is_no_gateway(estate, findings);
    alone::peer_missing(estate, findings);
    let mender = Mender::default();
    for Gap { cluster, device, with_peer: vips, peer, .. } in estate.gaps() {
        let Some(peer) = peer.filter(|_| !vips.is_empty()) else { continue };
        let partner = &estate.device(peer).name;
        report_gap(estate, findings, &mender, &GATEWAY_PEER_MISSING, *cluster, *device, vips)
            .related(config_span(estate, peer), format!("its peer `{partner}` has the entries"))
            .help(format!(
                "give it the static ARP entries that `{partner}` has: they are not copied between peers"
            ));
    }
}

/// The design itself shows the fault where a named peer is no gateway.
fn peer_is_no_gateway(estate: &Estate<'_>, findings: &mut Findings) {
    let topology = &estate.plan.topology;
    let mut told = HashSet::new();
    for (position, switch) in estate.design().switches.iter().enumerate() {
        let Some(gateway) = switch.gateway.described() else { continue };
        let device = topology.device_of(position);
        let plan = estate.device(device);
        let floods = plan.needs.iter().any(|need| need.entry.kind() == EntryKind::VlanFlooding);
        let clusters = clusters_at(estate, &plan.gateway_for, |cluster| {
            is_routed(cluster) && (floods || answers_with_multicast(cluster))
        });
        if clusters.is_empty() {
            continue;
        }
        for name in &gateway.peers {
            let Some(peer) = estate.design().switch_position(name) else { continue };
            let other = topology.device_of(peer);
            let routes = |member: &usize| estate.design().switches[*member].gateway.is_gateway();
            if other == device || topology.members[other].iter().any(routes) || !told.insert(other) {
                continue;
            }
            let message = format!(
                "`{}` stands in for `{}` and is not described as a gateway: it lacks the entries of {}",
                name.value,
                switch.name.value,
                clusters_text(&clusters)
            );
            let finding = findings.report(&GATEWAY_PEER_MISSING, name.span, message);
            finding.related(estate.design().switches[peer].name.span, "the peer is described here");
            finding.switch(name.to_string());
            finding.help("describe it with `gateway: true`, or name this switch among its own `peers`");
            about(finding, &clusters);
        }
    }
}

/// What a gateway's config lacks of a cluster.
#[derive(Debug)]
pub(super) struct Gap {
    /// The cluster, by its position.
    cluster: usize,
    device: usize,
    /// VIPs without an entry on any peer either.
    alone: Vec<Spanned<Ipv4Addr>>,
    /// VIPs whose entry a peer has.
    with_peer: Vec<Spanned<Ipv4Addr>>,
    /// That peer.
    peer: Option<usize>,
}

/// Every gateway that was judged by its config and lacks static ARP entries, cluster by cluster.
pub(super) fn gaps(estate: &Estate<'_>) -> Vec<Gap> {
    let held: Vec<Option<Arps>> =
        (0..estate.plan.devices.len()).map(|device| Arps::of(estate, device)).collect();
    let peers = peers(estate);
    let mut gaps = Vec::new();
    if held.iter().all(Option::is_none) {
        return gaps;
    }
    let (astray, misspelt) = (in_another_vrf(estate), misspelt(estate));
    for view in estate.clusters() {
        let cluster = view.cluster;
        if !answers_with_multicast(cluster) || !is_routed(cluster) {
            continue;
        }
        for device in &view.plan.gateways {
            let Some(own) = &held[*device] else { continue };
            let refused = refusal_of(&estate.facts(*device), cluster.mac()).is_some(); // NLB409's
            if refused || takes_replies(estate, *device, cluster) {
                continue; // NLB412's
            }
            if estate.facts(*device).learns(estate.held(*device), cluster.mac()) {
                continue;
            }
            let missing = cluster.vips().filter_map(|vip| match vip.value {
                IpAddr::V4(ip) => Some(Spanned::new(ip, vip.span)),
                IpAddr::V6(_) => None,
            });
            let told = |vip: Ipv4Addr| {
                estate.of_device[*device].is_some_and(|number| {
                    astray.contains(&(number, vip))
                        || misspelt.contains(&(number, vip))
                        || was_to_bind(&estate.configs[number], vip, cluster.mac())
                })
            };
            let missing = missing.filter(|vip| {
                !own.hold(vip.value, estate.vrf_on(*device, cluster)) && !told(vip.value) // NLB411, NLB403, NLB116
            });
            let mut gap = Gap {
                cluster: view.index,
                device: *device,
                alone: Vec::new(),
                with_peer: Vec::new(),
                peer: None,
            };
            for vip in missing {
                let holder = peers.get(device).into_iter().flatten().find(|peer| {
                    let theirs = held[**peer].as_ref();
                    theirs.is_some_and(|theirs| theirs.hold(vip.value, estate.vrf_on(**peer, cluster)))
                });
                match holder {
                    Some(peer) => {
                        gap.peer = gap.peer.or(Some(*peer));
                        gap.with_peer.push(vip);
                    }
                    None => gap.alone.push(vip),
                }
            }
            gaps.push(gap);
        }
    }
    gaps
}

/// The static ARP entries of one config: by VRF, and by address alone.
struct Arps<'s> {
    exact: HashSet<(&'s str, Ipv4Addr)>,
    anywhere: HashSet<Ipv4Addr>,
}

impl<'s> Arps<'s> {
    /// `None` where the config cannot tell: there is none, the pack reads no static ARP, or the router
    /// learns any MAC by itself.
    fn of(estate: &'s Estate<'_>, device: usize) -> Option<Self> {
        let facts = estate.facts(device);
        let learned = facts.dynamic_arp_multicast().is_some_and(|fact| fact.value == DynamicArp::Learned);
        if learned || !config_shows(estate, device, EntryKind::StaticArp) {
            return None;
        }
        let mut arps = Self { exact: HashSet::new(), anywhere: HashSet::new() };
        for entry in estate.held(device).entries() {
            if let Entry::StaticArp { ip, vrf, .. } = entry {
                arps.exact.extend(vrf.as_deref().map(|vrf| (vrf, *ip)));
                arps.anywhere.insert(*ip);
            }
        }
        Some(arps)
    }

    /// Where the design names no VRF, an entry in any table will do: the VRF is unknown, not wrong.
    fn hold(&self, ip: Ipv4Addr, vrf: Option<&str>) -> bool {
        match vrf {
            Some(vrf) => self.exact.contains(&(vrf, ip)),
            None => self.anywhere.contains(&ip),
        }
    }
}

/// Whether the interface of the cluster's VLAN takes the replies of its nodes, or is to be told so.
fn takes_replies(estate: &Estate<'_>, device: usize, cluster: &Cluster) -> bool {
    let (vlan, mode) = (cluster.vlan.value.get(), cluster.mode.value.as_str());
    let of = Subject::Svi(vlan);
    let is_told = |entry: &Entry| matches!(entry, Entry::Setting { kind: EntryKind::ClusterMode, of: svi, .. } if *svi == of);
    estate.held(device).cluster_mode(vlan) == Some(mode)
        || estate.device(device).needs.iter().any(|need| is_told(&need.entry))
}

/// The devices that stand in for each device, as either of them states it.
fn peers(estate: &Estate<'_>) -> HashMap<usize, BTreeSet<usize>> {
    let mut peers: HashMap<usize, BTreeSet<usize>> = HashMap::new();
    let topology = &estate.plan.topology;
    for (position, switch) in estate.design().switches.iter().enumerate() {
        let Some(gateway) = switch.gateway.described() else { continue };
        for name in &gateway.peers {
            let Some(peer) = estate.design().switch_position(name) else { continue };
            let (here, there) = (topology.device_of(position), topology.device_of(peer));
            if here != there {
                peers.entry(here).or_default().insert(there);
                peers.entry(there).or_default().insert(here);
            }
        }
    }
    peers
}

/// Whether what is planned for a gateway lets it learn the MAC, in the place of static ARP entries.
fn learns_instead(estate: &Estate<'_>, device: usize, cluster: &Cluster) -> bool {
    let facts = estate.facts(device);
    facts.lets_learn_instead() && facts.takes_unchecked(cluster.mac())
}

fn report_gap<'f>(
    estate: &Estate<'_>,
    findings: &'f mut Findings,
    mender: &Mender,
    rule: &Rule,
    cluster: usize,
    device: usize,
    vips: &[Spanned<Ipv4Addr>],
) -> &'f mut crate::diagnostic::Diagnostic {
    let cluster = &estate.design().clusters[cluster];
    let shown: Vec<String> = vips.iter().take(3).map(|vip| format!("`{}`", vip.value)).collect();
    let more = match vips.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let doubt = doubtful_line(estate, device, EntryKind::StaticArp);
    let refuses = estate.facts(device).dynamic_arp_multicast();
    let certain = refuses.is_some_and(|fact| fact.value == DynamicArp::Refused && !is_likely(fact));
    let message = format!(
        "gateway `{}` {}lacks the static ARP of {}{more} (cluster `{}`)",
        estate.device(device).name,
        if doubt.is_some() || !certain { "likely " } else { "" },
        shown.join(", "),
        cluster.name
    );
    let finding = findings.report(rule, config_span(estate, device), message);
    finding.cluster(cluster.name.to_string()).switch(estate.device(device).name.clone());
    for vip in vips.iter().take(MOST_RELATED) {
        finding.related(vip.span, "its config binds this address to no MAC");
    }
    if let Some(line) = doubt {
        finding.related(line, "this line is not understood");
    }
    if doubt.is_some() || !certain {
        finding.severity(Severity::Warning);
    }
    let facts = estate.facts(device);
    let prerequisite = |entry: &Entry| facts.needs_of(EntryKind::StaticArp).any(|need| need == entry.kind());
    let learns_instead = learns_instead(estate, device, cluster);
    mender.set(estate, device, finding, |entry| match entry {
        Entry::StaticArp { ip, mac, .. } => *mac == cluster.mac() && vips.iter().any(|vip| vip.value == *ip),
        other => prerequisite(other) || learns_instead && other.kind() == EntryKind::ArpCheck,
    });
    finding
}
