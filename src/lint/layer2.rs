//! Layer 2: whether anything holds a cluster's frames on the ports of its nodes, and what the flood reaches
//! where nothing does.

use std::collections::{BTreeMap, BTreeSet};

use super::dialect_lines::dropped_at;
use super::estate::ClusterView;
use super::igmp::goes_to_routers;
use super::layer2_alone;
use super::malformed::was_to_lead;
use super::membership::of_cluster;
use super::models::is_carried_by_cpu;
use super::routed_entry::must_not_hold;
use super::words::{
    MOST_RELATED, Mender, about, clusters_at, clusters_text, config_shows, config_span, device_text,
    doubtful_line, flood_accepted, is_likely, islands, platform_span, static_mac_key, view_of,
};
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, VlanId};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind};
use crate::nlb::Mode;
use crate::plan::Reason;
use crate::source::Span;
use crate::vendor::{Lookup, PortCount};

pub(super) const RULES: &[Rule] = &[MISSING_STATIC_MAC, PLATFORM_REFUSES_STATIC_MAC, SHARED_VLAN];

/// A switch that floods a multicast cluster's frames for want of an entry.
pub(super) const MISSING_STATIC_MAC: Rule = Rule {
    code: Code(501),
    name: "missing-static-mac",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB501.md"),
    check: missing_static_mac,
};

fn missing_static_mac(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut causes: BTreeMap<Cause, Vec<(usize, usize)>> = BTreeMap::new();
    for number in 0..estate.plan.devices.len() {
        if flood_accepted(estate, number) {
            continue;
        }
        match config_shows(estate, number, EntryKind::StaticMac) {
            true => config_lacks_static_mac(estate, number, &mender, findings),
            false => gather_causes(estate, number, &mut causes),
        }
    }
    for (cause, places) in causes {
        report_cause(estate, &cause, &places, findings);
    }
    layer2_alone::entry_missing(estate, findings);
}

fn config_lacks_static_mac(estate: &Estate<'_>, device: usize, mender: &Mender, findings: &mut Findings) {
    if matches!(
        estate.facts(device).static_mac_ports(),
        PortCount::None | PortCount::Software | PortCount::NonIp
    ) {
        return; // NLB507's, NLB709's; where only frames that are not IP are looked up by it, none of them floods for want of it
    }
    for at in &estate.device(device).clusters {
        let cluster = &estate.design().clusters[*at];
        if cluster.mode.value != Mode::Multicast
            || estate.held(device).get(&static_mac_key(cluster)).is_some()
        {
            continue;
        }
        if estate.config(device).is_some_and(|config| must_not_hold(config, cluster.vlan.value.get())) {
            continue; // let it flood: NLB712
        }
        if stands_elsewhere(estate, device, cluster) || is_dropped(estate, device, *at) {
            continue; // NLB504's, NLB517's, NLB607's
        }
        let malformed = estate.config(device).is_some_and(|config| was_to_lead(config, cluster.mac()));
        if malformed || is_carried_by_cpu(estate, device, *at) {
            continue; // NLB116's, NLB709's
        }
        let doubt = doubtful_line(estate, device, EntryKind::StaticMac);
        let name = &estate.device(device).name;
        let message = format!(
            "`{name}` {}has no static MAC entry for cluster `{}`: its frames flood VLAN {}",
            if doubt.is_some() { "likely " } else { "" },
            cluster.name,
            cluster.vlan.value
        );
        let finding = findings.report(&MISSING_STATIC_MAC, config_span(estate, device), message);
        finding.cluster(cluster.name.to_string()).switch(name.clone());
        finding.related(cluster.mode.span, "the cluster's frames go to a multicast MAC");
        finding.help("add it with all ports that lead to nodes, or state `flood_accepted: <reason>`");
        let prerequisite = |entry: &Entry| {
            let plan = estate.device(device);
            let mut needs = plan.facts().needs_of(EntryKind::StaticMac);
            needs.any(|need| need == entry.kind()) && estate.held(device).get(&entry.key()).is_none()
        };
        mender.set(estate, device, finding, |entry| {
            entry.key() == static_mac_key(cluster) || prerequisite(entry)
        });
        if let Some(line) = doubt {
            finding.related(line, "this line is not understood");
        }
    }
}

/// Whether the device holds the cluster's MAC in another VLAN.
fn stands_elsewhere(estate: &Estate<'_>, device: usize, cluster: &Cluster) -> bool {
    let mut entries = estate.held(device).entries();
    entries.any(|entry| matches!(entry, Entry::StaticMac { mac, .. } if *mac == cluster.mac()))
}

/// Whether a port of the device drops the cluster's frames for want of the entry, or router ports alone get them.
fn is_dropped(estate: &Estate<'_>, device: usize, cluster: usize) -> bool {
    let placed = estate.config(device).map(|config| of_cluster(estate, config, cluster));
    placed.is_some_and(|placed| {
        goes_to_routers(&placed) || placed.ports.iter().any(|port| dropped_at(&placed, port).is_some())
    })
}

/// Why the plan leaves an entry out. One cause is told once, for all the clusters and devices it concerns.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Uplinks(String),
    Place { cluster: usize, node: String },
    NoPort(usize),
    OnePort(usize),
    Software(usize),
}

fn gather_causes(estate: &Estate<'_>, device: usize, causes: &mut BTreeMap<Cause, Vec<(usize, usize)>>) {
    for withheld in &estate.device(device).withheld {
        let view = view_of(estate, withheld.cluster);
        if withheld.kind != EntryKind::StaticMac
            || view.cluster.mode.value != Mode::Multicast
            || view.plan.places.is_empty()
        {
            continue; // a design that names no port at all has not come that far yet
        }
        let cause = match &withheld.reason {
            Reason::UplinksUnknown { host } => Cause::Uplinks(host.clone()),
            Reason::PlaceUnknown { node } => Cause::Place { cluster: view.index, node: node.clone() },
            Reason::NoPortKnown => Cause::NoPort(device),
            Reason::OnePortOnly => Cause::OnePort(device),
            // A gateway that forwards by its CPU is NLB709's.
            Reason::SoftwareSwitched if !view.plan.gateways.contains(&device) => Cause::Software(device),
            _ => continue, // NLB503's, NLB507's, or a pack that writes nothing
        };
        causes.entry(cause).or_default().push((view.index, device));
    }
}

fn report_cause(estate: &Estate<'_>, cause: &Cause, places: &[(usize, usize)], findings: &mut Findings) {
    let clusters: BTreeSet<usize> = places.iter().map(|(cluster, _)| *cluster).collect();
    let clusters: Vec<&Cluster> = clusters.iter().map(|at| &estate.design().clusters[*at]).collect();
    let devices: BTreeSet<usize> = places.iter().map(|(_, device)| *device).collect();
    let named = clusters_text(&clusters);
    let device = |device: &usize| device_text(estate, *device);
    let (span, why, help) = match cause {
        Cause::Uplinks(host) => (
            estate.design().host(host).map(|host| host.name.span),
            format!("nodes of {named} may run on `{host}`, whose uplinks are not stated: switches get"),
            "state the `links` of the host",
        ),
        Cause::Place { cluster, node } => (
            node_span(&estate.design().clusters[*cluster], node),
            format!("node `{node}` of {named} names neither a port nor a host: switches get"),
            "state where it is with `attach: SWITCH PORT` or `host: NAME`",
        ),
        Cause::NoPort(at) => (
            Some(estate.switch_of(*at).name.span),
            format!("no port of {} towards the nodes of {named} is stated: it gets", device(at)),
            "state its `links`",
        ),
        Cause::OnePort(at) => (
            Some(platform_span(estate, *at)),
            format!(
                "{} pins a MAC to one port, and nodes of {named} are behind several: it gets",
                device(at)
            ),
            "bring the nodes together behind one port-channel",
        ),
        Cause::Software(at) => (
            Some(platform_span(estate, *at)),
            format!("{} likely forwards by its CPU what it pins to several ports: {named} gets", device(at)),
            "give the cluster a VLAN of its own",
        ),
    };
    let message = format!("{why} no static MAC entry");
    let help = format!("{help}, or accept the flood with `flood_accepted: <reason>` on each switch");
    let finding = findings.report(&MISSING_STATIC_MAC, span, message);
    finding.help(help);
    about(finding, &clusters);
    if let [device] = devices.iter().collect::<Vec<_>>().as_slice() {
        finding.switch(estate.device(**device).name.clone());
    }
    for cluster in clusters.iter().take(MOST_RELATED) {
        finding.related(cluster.mode.span, "the cluster's frames go to a multicast MAC");
    }
}

fn node_span(cluster: &Cluster, name: &str) -> Option<Span> {
    let named = cluster.nodes.iter().map(|node| &node.name);
    named.filter(|node| node.as_str() == name).map(|node| node.span).next()
}

/// A platform that holds no static entry of a multicast MAC.
pub(super) const PLATFORM_REFUSES_STATIC_MAC: Rule = Rule {
    code: Code(507),
    name: "platform-refuses-static-mac",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB507.md"),
    check: platform_refuses_static_mac,
};

fn platform_refuses_static_mac(estate: &Estate<'_>, findings: &mut Findings) {
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let Some(fact) = estate.facts(number).static_multicast_mac() else { continue };
        if fact.value != PortCount::None || flood_accepted(estate, number) {
            continue;
        }
        let clusters = clusters_at(estate, &device.clusters, |cluster| cluster.mode.value == Mode::Multicast);
        if clusters.is_empty() {
            continue;
        }
        let likely = is_likely(fact);
        let message = format!(
            "{} {}holds no static entry of a multicast MAC: frames for {} flood it",
            device_text(estate, number),
            if likely { "likely " } else { "" },
            clusters_text(&clusters)
        );
        let finding = findings.report(&PLATFORM_REFUSES_STATIC_MAC, platform_span(estate, number), message);
        finding.switch(device.name.clone());
        finding
            .help("attach the nodes to another switch, or accept the flood with `flood_accepted: <reason>`");
        if likely {
            finding.severity(Severity::Warning);
        }
        about(finding, &clusters);
    }
    layer2_alone::platform_refuses(estate, findings);
}

/// A flooded VLAN that holds more than the cluster.
pub(super) const SHARED_VLAN: Rule = Rule {
    code: Code(519),
    name: "shared-vlan",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB519.md"),
    check: shared_vlan,
};

/// A VLAN that a cluster's frames flood, and that holds more than the cluster.
pub(super) struct SharedFlood<'e> {
    /// The clusters in it.
    pub(super) views: Vec<ClusterView<'e>>,
    vlan: VlanId,
    /// The one whose frames flood it, by its place among those.
    flooding: usize,
    /// Where the design says that it is bridged to wireless.
    bridged: Option<Span>,
}

/// The VLANs that are flooded and shared.
pub(super) fn shared_floods<'e>(estate: &Estate<'e>) -> Vec<SharedFlood<'e>> {
    let islands = islands(estate);
    let mut sharing: BTreeMap<(VlanId, usize), Vec<ClusterView<'_>>> = BTreeMap::new();
    for view in estate.clusters() {
        // Where the cluster's switches are not stated, nobody knows whether it is the same VLAN.
        if let Some(device) = view.plan.devices.first() {
            sharing.entry((view.cluster.vlan.value, islands[*device])).or_default().push(view);
        }
    }
    let wireless: &[_] = estate.design().site.as_ref().map_or(&[], |site| &site.wireless_vlans);
    let shared = sharing.into_iter().filter_map(|((vlan, _), views)| {
        let bridged = wireless.iter().find(|wireless| wireless.value == vlan).map(|wireless| wireless.span);
        let flooding = views.iter().position(|view| floods(estate, *view))?;
        (views.len() > 1 || bridged.is_some()).then_some(SharedFlood { views, vlan, flooding, bridged })
    });
    shared.collect()
}

fn shared_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    for SharedFlood { views, vlan, flooding, bridged } in shared_floods(estate) {
        let flooding = views[flooding];
        let others: Vec<&Cluster> =
            views.iter().filter(|view| view.index != flooding.index).map(|view| view.cluster).collect();
        let shared_with = match others.len() {
            0 => "which is bridged to wireless".to_owned(),
            1 => format!("which {} shares", clusters_text(&others)),
            _ => format!("which {} share", clusters_text(&others)),
        };
        let message = format!(
            "frames for {} cluster `{}` flood VLAN {vlan}, {shared_with}",
            flooding.cluster.mode.value.title(),
            flooding.cluster.name
        );
        let finding = findings.report(&SHARED_VLAN, flooding.cluster.vlan.span, message);
        finding.cluster(flooding.cluster.name.to_string());
        for other in others.iter().take(MOST_RELATED) {
            finding.related(other.vlan.span, format!("cluster `{}` is in the same VLAN", other.name.value));
        }
        if let Some(bridged) = bridged {
            finding.related(bridged, "wireless clients likely get the flood too, at a low rate");
        }
        finding.help("give each cluster a VLAN of its own");
    }
    layer2_alone::vlan_shared(estate, findings);
}

/// Whether frames for the cluster go to every port of the VLAN somewhere, and nobody said that this is fine.
///
/// A plain multicast cluster floods where it has no static entry: that is NLB501's to say.
fn floods(estate: &Estate<'_>, view: ClusterView<'_>) -> bool {
    let floods_on = |device: &usize| match view.cluster.mode.value {
        Mode::Unicast => true,
        Mode::Multicast => false,
        Mode::IgmpMulticast => {
            let held = estate.held(*device).get(&static_mac_key(view.cluster)).is_some();
            let pack = &estate.device(*device).pack;
            estate.facts(*device).lookup() == Lookup::Ip && pack.renders() && !held
        }
    };
    view.plan.devices.iter().any(|device| floods_on(device) && !flood_accepted(estate, *device))
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, design, found};

    fn shared(first: &str, second: &str, switches: &str, site: &str) -> Vec<String> {
        let text = format!(
            "clusters:\n\
             - {{name: a, mode: {first}, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n, attach: sw1 Gi1/0/1}}]}}\n\
             - {{name: b, mode: {second}, primary_ip: 10.0.0.2/24, vlan: 10, nodes: [{{name: n, attach: sw2 Gi1/0/1}}]}}\n\
             switches: [{switches}]\n{site}"
        );
        found(&text, &[]).into_iter().filter(|finding| finding.starts_with("NLB519")).collect()
    }

    #[test]
    fn an_unknown_uplink_is_told_once_for_all_switches_and_clusters() {
        let text = "clusters:\n\
            - {name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, host: hv1}, {name: m, host: hv2}]}\n\
            - {name: b, mode: multicast, primary_ip: 10.0.0.2/24, vlan: 10, nodes: [{name: n, host: hv1}, {name: m, host: hv2}]}\n\
            hosts:\n\
            - {name: hv1, platform: hyper-v, group: g, links: [sw1 Gi1/0/1, sw2 Gi1/0/1]}\n\
            - {name: hv2, platform: hyper-v, group: g, links: [sw1 Gi1/0/2, sw2 Gi1/0/2]}\n\
            - {name: hv3, platform: hyper-v, group: g}\n\
            host_groups: [{name: g, anti_affinity: true}]\n\
            switches:\n\
            - {name: sw1, vendor: ios, links: [Gi1/0/48 sw2 Gi1/0/48]}\n\
            - {name: sw2, vendor: ios}\n";
        assert_eq!(
            found(text, &[]),
            [
                "NLB501 warning 7: nodes of clusters `a` and `b` may run on `hv3`, whose uplinks are not stated: switches get no static MAC entry"
            ]
        );
        assert_eq!(found(&text.replace(", group: g}\n", "}\n"), &[]), NONE);
    }

    #[test]
    fn a_design_that_places_no_node_is_not_judged() {
        let switches = "switches: [{name: sw1, vendor: ios, gateway: true}]\n";
        assert_eq!(found(&design("{name: n}, {name: m}", switches), &[]), NONE);
        assert_eq!(
            found(&design("{name: n, attach: sw1 Gi1/0/1}, {name: m}", switches), &[]),
            [
                "NLB501 warning 6: node `m` of cluster `web` names neither a port nor a host: switches get no static MAC entry"
            ]
        );
    }

    #[test]
    fn a_flood_is_told_where_the_switches_are_one_network() {
        let joined = "{name: sw1, vendor: ios}, {name: sw2, vendor: ios, links: [Gi1/0/48 sw1 Gi1/0/48]}";
        let told =
            ["NLB519 warning 2: frames for unicast cluster `a` flood VLAN 10, which cluster `b` shares"];
        assert_eq!(shared("unicast", "unicast", joined, ""), told);
        assert_eq!(shared("unicast", "multicast", joined, ""), told);
        assert_eq!(shared("multicast", "multicast", joined, ""), NONE);
        assert_eq!(
            shared("unicast", "unicast", &joined.replace(", links: [Gi1/0/48 sw1 Gi1/0/48]", ""), ""),
            {
                NONE // two sites that use the same number
            }
        );
        let accepted = joined.replace("vendor: ios", "vendor: ios, flood_accepted: small");
        assert_eq!(shared("unicast", "unicast", &accepted, ""), NONE);
    }

    #[test]
    fn igmp_mode_floods_where_neither_snooping_nor_an_entry_holds_it() {
        let by_ip = "{name: sw1, vendor: ios, platform: catalyst-9300}, \
                     {name: sw2, vendor: ios, platform: catalyst-9300, links: [Gi1/0/48 sw1 Gi1/0/48]}";
        assert_eq!(shared("igmp-multicast", "multicast", by_ip, ""), NONE); // the plan pins it
        let config = "hostname sw1\n";
        let text = "clusters:\n\
             - {name: a, mode: igmp-multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: sw1 Gi1/0/1}]}\n\
             switches: [{name: sw1, vendor: ios, platform: catalyst-9300, config: sw1.cfg}]\n\
             site: {wireless_vlans: [10]}\n";
        let found = found(text, &[("sw1.cfg", config)]);
        assert!(
            found.contains(
                &"NLB519 warning 2: frames for IGMP multicast cluster `a` flood VLAN 10, which is bridged to wireless"
                    .to_owned()
            ),
            "{found:?}"
        );
    }
}
