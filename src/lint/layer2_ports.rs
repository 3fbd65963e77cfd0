//! The ports of static MAC entries: one that leads to a node and is left out cuts the node off.

use std::collections::{BTreeMap, BTreeSet};

use super::estate::ClusterView;
use super::peers;
use super::words::{
    MOST_RELATED, Mender, about, answers_with_multicast, clusters_text, config_shows, config_span,
    flood_accepted, place_span, static_mac_key, view_of,
};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::design::{Cluster, VlanId};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::plan::{NodePlace, Reason};
use crate::source::Span;
use crate::vendor::Lookup;

pub(super) const RULES: &[Rule] = &[STATIC_MAC_MISSING_PORT, STATIC_MAC_MISSING_LINK];

/// A cluster's entry in a config, with what the design says should be in it.
pub(super) struct Pinned<'c> {
    config: &'c ConfigFile<'c>,
    pub(super) entry: &'c Entry,
    ports: &'c PortSet,
    pub(super) device: usize,
}

/// Places whose ports an entry leaves out.
pub(super) enum LeftOut<'v> {
    /// A node is described to be at one of them: NLB502.
    Homes(Vec<&'v NodePlace>),
    /// Nodes may only move to them: NLB209. None when the entry is complete.
    Targets(Vec<&'v NodePlace>),
}

impl Pinned<'_> {
    /// The places of nodes here whose ports the entry leaves out.
    pub(super) fn left_out<'v>(&self, view: ClusterView<'v>) -> LeftOut<'v> {
        let here = view.plan.places.iter().filter(|place| place.device == self.device);
        let missing: Vec<&NodePlace> = here.filter(|place| !self.ports.contains(&place.port)).collect();
        let is_home = |place: &&NodePlace| {
            let node = &view.cluster.nodes[place.node];
            place.host.is_none() || node.host.as_ref().map(|host| host.as_str()) == place.host.as_deref()
        };
        if missing.iter().any(is_home) { LeftOut::Homes(missing) } else { LeftOut::Targets(missing) }
    }

    /// Where the entry's last line stands.
    pub(super) fn span(&self, estate: &Estate<'_>) -> Span {
        let origin = self.config.reading.origin(self.entry);
        origin.map_or_else(|| config_span(estate, self.device), |fact| fact.span(self.config.file))
    }

    /// Whether IGMP snooping likely adds the ports that the entry leaves out.
    pub(super) fn is_helped_by_snooping(&self, estate: &Estate<'_>, view: ClusterView<'_>) -> bool {
        view.cluster.mode.value == Mode::IgmpMulticast && estate.facts(self.device).lookup() != Lookup::Ip
    }

    /// A port-channel of the entry that the design does not name: the missing port may be a member of it.
    pub(super) fn unknown_lag(&self, estate: &Estate<'_>, view: ClusterView<'_>) -> Option<&PortName> {
        let at_nodes = |port: &PortName| {
            view.plan.places.iter().any(|place| place.device == self.device && place.port == *port)
        };
        let at_links = |port: &PortName| {
            let edges = &estate.plan.topology.edges[self.device];
            edges.iter().any(|edge| edge.port.as_ref() == Some(port))
        };
        self.ports.iter().find(|port| port.is_lag() && !at_nodes(port) && !at_links(port))
    }
}

/// Every entry that a config holds for the MAC of a multicast cluster in its VLAN.
pub(super) fn for_each_pinned<'e>(estate: &'e Estate<'e>, mut act: impl FnMut(ClusterView<'e>, Pinned<'e>)) {
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let Some(config) = estate.config(number) else { continue };
        for at in &device.clusters {
            let view = view_of(estate, *at);
            if !answers_with_multicast(view.cluster) {
                continue;
            }
            if let Some(entry @ Entry::StaticMac { ports, .. }) =
                config.state.get(&static_mac_key(view.cluster))
            {
                act(view, Pinned { config, entry, ports, device: number });
            }
        }
    }
}

fn ports_text<'p>(ports: impl IntoIterator<Item = &'p PortName>) -> String {
    let names: Vec<String> = ports.into_iter().map(|port| format!("`{port}`")).collect();
    names.join(", ")
}

/// An entry that leaves out a port with a node behind it.
pub(super) const STATIC_MAC_MISSING_PORT: Rule = Rule {
    code: Code(502),
    name: "static-mac-missing-port",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB502.md"),
    check: static_mac_missing_port,
};

fn static_mac_missing_port(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_pinned(estate, |view, pinned| {
        let LeftOut::Homes(missing) = pinned.left_out(view) else { return };
        let ports: BTreeSet<&PortName> = missing.iter().map(|place| &place.port).collect();
        let lag = pinned.unknown_lag(estate, view);
        let message = format!(
            "the static MAC entry of cluster `{}` {}leaves out {} of `{}`",
            view.cluster.name,
            if lag.is_some() { "likely " } else { "" },
            ports_text(ports.iter().copied()),
            estate.device(pinned.device).name
        );
        let finding = findings.report(&STATIC_MAC_MISSING_PORT, pinned.span(estate), message);
        finding.cluster(view.cluster.name.to_string()).switch(estate.device(pinned.device).name.clone());
        let mut told = BTreeSet::new();
        for place in missing.iter().filter(|place| told.insert(&place.port)).take(MOST_RELATED) {
            let Some(span) = place_span(estate, view.cluster, place) else { continue };
            let node = &view.cluster.nodes[place.node].name.value;
            finding.related(
                span,
                match &place.host {
                    Some(host) => format!("`{node}` may run on `{host}`, behind this port"),
                    None => format!("`{node}` is behind this port"),
                },
            );
        }
        mender.replace(estate, pinned.device, finding, pinned.entry);
        if pinned.is_helped_by_snooping(estate, view) {
            finding.severity(Severity::Warning);
        }
        match lag {
            Some(lag) => finding.severity(Severity::Warning).help(format!(
                "if `{lag}` holds them, name it in the design in their place; else add them to the entry"
            )),
            None => finding.help("list every port that leads to a node: the entry sends frames to no other"),
        };
    });
    peers::channel_missing(estate, findings);
}

/// Nodes on two switches, and no way between them.
pub(super) const STATIC_MAC_MISSING_LINK: Rule = Rule {
    code: Code(503),
    name: "static-mac-missing-link",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB503.md"),
    check: static_mac_missing_link,
};

fn static_mac_missing_link(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_pinned(estate, |view, pinned| entry_without_link(estate, view, &pinned, &mender, findings));
    links_without_vlan(estate, findings);
    peers::link_missing(estate, findings);
}

fn entry_without_link(
    estate: &Estate<'_>,
    view: ClusterView<'_>,
    pinned: &Pinned<'_>,
    mender: &Mender,
    findings: &mut Findings,
) {
    let topology = &estate.plan.topology;
    let (device, vlan) = (pinned.device, view.cluster.vlan.value);
    let mut elsewhere = view.plan.node_devices.clone();
    elsewhere.remove(&device);
    let mut missing = BTreeSet::new();
    let mut cut_off = Vec::new();
    for other in &elsewhere {
        let towards = topology.ports_towards(device, &BTreeSet::from([*other]), vlan);
        if !towards.is_empty() && towards.is_disjoint(pinned.ports) {
            cut_off.push(*other);
        }
        missing.extend(towards.into_iter().filter(|port| !pinned.ports.contains(port)));
    }
    if missing.is_empty() {
        return;
    }
    let lag = pinned.unknown_lag(estate, view);
    let certain = lag.is_none() && !cut_off.is_empty() && !pinned.is_helped_by_snooping(estate, view);
    let beyond = match cut_off.first() {
        Some(other) => format!("nodes behind `{}` get nothing from here", estate.device(*other).name),
        None => "nodes beyond are cut off when the other link fails".to_owned(),
    };
    let message = format!(
        "the static MAC entry of cluster `{}` on `{}` {}leaves out the link {}: {beyond}",
        view.cluster.name,
        estate.device(device).name,
        if lag.is_some() { "likely " } else { "" },
        ports_text(&missing),
    );
    let finding = findings.report(&STATIC_MAC_MISSING_LINK, pinned.span(estate), message);
    finding.cluster(view.cluster.name.to_string()).switch(estate.device(device).name.clone());
    let edges = topology.edges[device].iter();
    for edge in edges.filter(|edge| edge.port.as_ref().is_some_and(|port| missing.contains(port))) {
        if finding.related.len() < MOST_RELATED {
            finding.related(edge.span, format!("this link leads to `{}`", estate.device(edge.to).name));
        }
    }
    finding.help("list the link among the ports of the entry");
    mender.replace(estate, device, finding, pinned.entry);
    if !certain {
        finding.severity(Severity::Warning);
    }
}

/// The design's own links: between two switches with nodes none carries the VLAN, or none is stated.
fn links_without_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    let mut pairs: BTreeMap<(usize, usize, VlanId), Vec<usize>> = BTreeMap::new();
    for (number, device) in estate.plan.devices.iter().enumerate() {
        for withheld in device.withheld.iter().filter(|withheld| withheld.kind == EntryKind::StaticMac) {
            if let Reason::NoPath { to } = withheld.reason {
                let vlan = estate.design().clusters[withheld.cluster].vlan.value;
                let clusters = pairs.entry((number.min(to), number.max(to), vlan)).or_default();
                if clusters.last() != Some(&withheld.cluster) {
                    clusters.push(withheld.cluster);
                }
            }
        }
    }
    let mut reaching: Option<(usize, BTreeSet<usize>)> = None;
    for ((one, other, vlan), clusters) in pairs {
        let topology = &estate.plan.topology;
        let clusters: BTreeSet<usize> = clusters.into_iter().collect();
        let clusters: Vec<&Cluster> = clusters.iter().map(|at| &estate.design().clusters[*at]).collect();
        let (first, second) = (&estate.device(one).name, &estate.device(other).name);
        let named = clusters_text(&clusters);
        if reaching.as_ref().is_none_or(|(from, _)| *from != one) {
            reaching = Some((one, topology.reach([one], None, |_| true)));
        }
        let finding = if reaching.as_ref().is_some_and(|(_, reached)| reached.contains(&other)) {
            let message = format!(
                "no stated link carries VLAN {vlan} between `{first}` and `{second}`, \
                 and nodes of {named} stand behind both"
            );
            let span = excluding_link(estate, one, other, vlan);
            let span = span.unwrap_or(estate.switch_of(one).name.span);
            let finding = findings.report(&STATIC_MAC_MISSING_LINK, span, message);
            finding.help(format!("let the link carry it: add {vlan} to its `vlans`"))
        } else {
            let judged_by_config = |device| config_shows(estate, device, EntryKind::StaticMac);
            let accepted = flood_accepted(estate, one) && flood_accepted(estate, other);
            if accepted || (judged_by_config(one) && judged_by_config(other)) {
                continue;
            }
            let message = format!(
                "no link between `{first}` and `{second}` is stated, and nodes of {named} stand behind both: \
                 neither gets a static MAC entry"
            );
            let finding = findings.report(&STATIC_MAC_MISSING_LINK, estate.switch_of(one).name.span, message);
            finding.severity(Severity::Warning).help(format!(
                "state it on `{first}`: `links: [\"PORT {} PORT\"]`",
                estate.switch_of(other).name.value
            ))
        };
        finding.related(estate.switch_of(other).name.span, "nodes stand behind this switch too");
        about(finding, &clusters);
    }
}

/// Where a link on the way from `one` to `other` leaves the VLAN out.
fn excluding_link(estate: &Estate<'_>, one: usize, other: usize, vlan: VlanId) -> Option<Span> {
    let topology = &estate.plan.topology;
    let near = topology.reach([one], None, |edge| edge.carries(vlan));
    let ends = near.iter().flat_map(|device| topology.edges[*device].iter().map(move |edge| (*device, edge)));
    let leading = ends
        .filter(|(_, edge)| !near.contains(&edge.to))
        .find(|(device, edge)| topology.reach([edge.to], Some(*device), |_| true).contains(&other));
    let (device, edge) = leading?;
    let members = estate.device(device).members.iter().chain(&estate.device(edge.to).members);
    let mut links = members.flat_map(|member| &estate.design().switches[*member].links);
    let link = links.find(|link| link.span == edge.span)?;
    let (first, last) = (link.vlans.first()?, link.vlans.last()?);
    Some(Span { end: last.span.end, ..first.span })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::lint::words::tests::{NONE, design, findings, found};

    const TWO: &str = "{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw1 Po2}";

    fn entry(ports: &str, nodes: &str, switch: &str) -> Vec<String> {
        let switches = format!("switches:\n  - {{name: sw1, vendor: ios, config: sw1.cfg{switch}}}\n");
        let line = format!("mac address-table static 03bf.ac1f.01e8 vlan 10 interface {ports}\n");
        found(&design(nodes, &switches), &[("sw1.cfg", &line)])
    }

    #[test]
    fn an_entry_lists_the_port_of_every_node() {
        assert_eq!(entry("gi1/0/1 port-channel 2", TWO, ""), NONE);
        let extra = entry("Gi1/0/1 Po2 Gi1/0/9", TWO, "");
        assert!(extra.len() == 1 && extra[0].starts_with("NLB506"), "{extra:?}");
        assert_eq!(
            entry("Gi1/0/1", TWO, ""),
            ["NLB502 error 1: the static MAC entry of cluster `web` leaves out `Port-channel2` of `sw1`"]
        );
    }

    #[test]
    fn a_port_channel_that_the_design_does_not_know_may_hold_the_port() {
        assert_eq!(
            entry("Po1 Po2", TWO, ""),
            [
                "NLB502 warning 1: the static MAC entry of cluster `web` likely leaves out `GigabitEthernet1/0/1` of `sw1`"
            ]
        );
    }

    #[test]
    fn the_line_that_mends_an_entry_takes_its_place() {
        let switches = "switches: [{name: sw1, vendor: ios, config: sw1.cfg}]\n";
        let line = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1";
        let findings = findings(&design(TWO, switches), &[("sw1.cfg", line)]);
        let remediation = findings[0].0.remediation.clone().unwrap();
        assert_eq!(remediation.lines, [format!("{line} Port-channel2")]);
    }

    #[test]
    fn the_missing_uplink_of_a_host_is_pointed_at() {
        let text = "clusters:\n\
            - {name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, host: hv1}]}\n\
            hosts:\n\
            - {name: hv1, platform: hyper-v, links: [sw1 Gi1/0/1]}\n\
            switches: [{name: sw1, vendor: ios, config: sw1.cfg}]\n";
        let line = "mac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/2\n";
        let findings = findings(text, &[("sw1.cfg", line)]);
        let missing = findings.iter().find(|(finding, _)| finding.code.0 == 502).unwrap();
        assert_eq!(missing.0.related[0].label, "`n` may run on `hv1`, behind this port");
    }

    #[test]
    fn a_link_that_no_switch_states_is_told_once() {
        let nodes = "{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw2 Gi1/0/1}";
        let switches = "switches:\n  - {name: sw1, vendor: ios}\n  - {name: sw2, vendor: ios}\n";
        assert_eq!(
            found(&design(nodes, switches), &[]),
            [
                "NLB503 warning 8: no link between `sw1` and `sw2` is stated, and nodes of cluster `web` stand behind both: neither gets a static MAC entry"
            ]
        );
        let accepted = switches.replace("vendor: ios", "vendor: ios, flood_accepted: own VLAN");
        assert_eq!(found(&design(nodes, &accepted), &[]), NONE);
        let stacked = switches.replace("vendor: ios", "vendor: ios, stack: s");
        assert_eq!(found(&design(nodes, &stacked), &[]), NONE);
    }

    #[test]
    fn a_trunk_without_the_vlan_is_found_across_a_switch_in_between() {
        let nodes = "{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw3 Gi1/0/1}";
        let switches = "switches:\n  - {name: sw1, vendor: ios, links: [Gi1/0/48 sw2 Gi1/0/48]}\n  \
             - {name: sw2, vendor: ios, links: [{port: Gi1/0/47, to: sw3 Gi1/0/48, vlans: [1-9]}]}\n  \
             - {name: sw3, vendor: ios}\n";
        assert_eq!(
            found(&design(nodes, switches), &[]),
            [
                "NLB503 error 9: no stated link carries VLAN 10 between `sw1` and `sw3`, and nodes of cluster `web` stand behind both"
            ]
        );
    }

    #[test]
    fn an_entry_lists_the_link_towards_nodes_elsewhere() {
        let nodes = "{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw2 Gi1/0/1}";
        let rest = ", links: [Gi1/0/48 sw2 Gi1/0/48, Gi1/0/47 sw2 Gi1/0/47]}\n  - {name: sw2, vendor: ios";
        assert_eq!(entry("Gi1/0/1 Gi1/0/47 Gi1/0/48", nodes, rest), NONE);
        assert_eq!(
            entry("Gi1/0/1", nodes, rest),
            [
                "NLB503 error 1: the static MAC entry of cluster `web` on `sw1` leaves out the link `GigabitEthernet1/0/47`, \
              `GigabitEthernet1/0/48`: nodes behind `sw2` get nothing from here"
            ]
        );
        assert_eq!(
            entry("Gi1/0/1 Gi1/0/47", nodes, rest),
            [
                "NLB503 warning 1: the static MAC entry of cluster `web` on `sw1` leaves out the link `GigabitEthernet1/0/48`: \
              nodes beyond are cut off when the other link fails"
            ]
        );
    }
}
