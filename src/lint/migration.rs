//! Rules on where guests are and where they may go: migration together, pinned ports, one host for all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::guests::{counted, guests, runs};
use super::layer2_ports::{LeftOut, for_each_pinned};
use super::words::{MOST_RELATED, Mender, place_span};
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Design, Host, HostGroup, Hypervisor, Node};
use crate::diagnostic::{Code, Severity};
use crate::source::Span;

pub(super) const RULES: &[Rule] =
    &[SIMULTANEOUS_MIGRATION, PINNED_PORTS_MIGRATING_NODE, SINGLE_HOST_PLACEMENT];

/// Nodes of one cluster that may move at the same moment.
const SIMULTANEOUS_MIGRATION: Rule = Rule {
    code: Code(208),
    name: "simultaneous-migration",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB208.md"),
    check: simultaneous_migration,
};

/// A static MAC entry that leaves out a host to which a node may move.
const PINNED_PORTS_MIGRATING_NODE: Rule = Rule {
    code: Code(209),
    name: "pinned-ports-migrating-node",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB209.md"),
    check: pinned_ports_migrating_node,
};

/// All nodes on one host.
const SINGLE_HOST_PLACEMENT: Rule = Rule {
    code: Code(219),
    name: "single-host-placement",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB219.md"),
    check: single_host_placement,
};

/// What a group states that lets its machines move together.
struct MovesTogether {
    span: Span,
    /// Whether it moves nodes that are on different hosts as well.
    across_hosts: bool,
}

fn moves_together(design: &Design, group: &HostGroup) -> Option<MovesTogether> {
    if !design.machines_move(&group.name) {
        return None;
    }
    match (group.anti_affinity, group.cluster_aware_updating) {
        (Some(apart), _) if apart.value => None,
        (Some(apart), _) => Some(MovesTogether { span: apart.span, across_hosts: true }),
        (None, Some(updating)) if updating.value => {
            // Of two hosts one takes what the other had: at the latest on the way back the nodes move together.
            let across_hosts = design.hosts_of_group(&group.name).take(3).count() == 2;
            Some(MovesTogether { span: updating.span, across_hosts })
        }
        _ => None,
    }
}

fn simultaneous_migration(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let causes: HashMap<&str, MovesTogether> = design
        .host_groups
        .iter()
        .filter_map(|group| Some((group.name.as_str(), moves_together(design, group)?)))
        .collect();
    if causes.is_empty() {
        return;
    }
    // The group's setting is the cause: one finding a group, whatever the number of its clusters.
    let mut caught: BTreeMap<&str, Vec<(&Cluster, [&Node; 2])>> = BTreeMap::new();
    for cluster in &design.clusters {
        let mut first: HashMap<(&str, &str), &Node> = HashMap::new();
        let mut told = BTreeSet::new();
        for (node, host) in guests(design, cluster).filter(|(_, host)| runs(host, Hypervisor::HyperV)) {
            let Some(group) = host.group.as_ref().map(|group| group.as_str()) else { continue };
            let Some(cause) = causes.get(group) else { continue };
            let shared = if cause.across_hosts { "" } else { host.name.as_str() };
            if let Some(other) = first.insert((group, shared), node)
                && told.insert(group)
            {
                caught.entry(group).or_default().push((cluster, [other, node]));
            }
        }
    }
    for (group, clusters) in caught {
        let (Some(cause), Some((cluster, [one, two]))) = (causes.get(group), clusters.first()) else {
            continue;
        };
        let more = match clusters.len() {
            1 => String::new(),
            2 => ", and those of another cluster".to_owned(),
            count => format!(", and those of {} other clusters", count - 1),
        };
        let message = format!(
            "nodes `{}` and `{}` of cluster `{}` may be live-migrated at the same moment{more}",
            one.name, two.name, cluster.name
        );
        let finding = findings.report(&SIMULTANEOUS_MIGRATION, cause.span, message);
        finding.help(format!(
            "keep the nodes apart with `anti_affinity` on group `{group}`, and drain one host at a time"
        ));
        if clusters.len() == 1 {
            finding.cluster(cluster.name.as_str());
        }
        for node in [one, two] {
            if let Some(home) = &node.host {
                finding.related(home.span, format!("node `{}`", node.name));
            }
        }
    }
}

fn pinned_ports_migrating_node(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_pinned(estate, |view, pinned| {
        let LeftOut::Targets(missing) = pinned.left_out(view) else { return };
        let mut hosts: BTreeSet<&str> = missing.iter().filter_map(|place| place.host.as_deref()).collect();
        let Some(first) = hosts.pop_first().and_then(|host| estate.design().host(host)) else { return };
        let lag = pinned.unknown_lag(estate, view);
        let message = format!(
            "the static MAC entry of cluster `{}` {}leaves out {}, where a node may be moved",
            view.cluster.name,
            if lag.is_some() { "likely " } else { "" },
            counted(first, hosts.len())
        );
        let finding = findings.report(&PINNED_PORTS_MIGRATING_NODE, pinned.span(estate), message);
        finding.cluster(view.cluster.name.as_str()).switch(estate.device(pinned.device).name.clone());
        let mut told = BTreeSet::new();
        for place in missing.iter().filter(|place| told.insert(&place.port)).take(MOST_RELATED) {
            if let (Some(span), Some(host)) = (place_span(estate, view.cluster, place), &place.host) {
                finding.related(span, format!("an uplink of host `{host}`"));
            }
        }
        if let Some(group) = &first.group {
            finding.related(group.span, "its guests move within this group");
        }
        mender.replace(estate, pinned.device, finding, pinned.entry);
        if lag.is_some() || pinned.is_helped_by_snooping(estate, view) {
            finding.severity(Severity::Warning);
        }
        match lag {
            Some(lag) => {
                finding.help(format!("if `{lag}` holds its uplinks, name it in the design in their place"))
            }
            None => finding
                .help("list the uplinks of every host of the group, or keep the static ARP entry alone"),
        };
    });
}

fn single_host_placement(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    for cluster in design.clusters.iter().filter(|cluster| cluster.nodes.len() > 1) {
        let hosts: Vec<&Host> = guests(design, cluster).map(|(_, host)| host).collect();
        let Some((first, others)) = hosts.split_first() else { continue };
        if hosts.len() < cluster.nodes.len() || others.iter().any(|host| host.name.value != first.name.value)
        {
            continue;
        }
        let homes: Vec<Span> =
            cluster.nodes.iter().filter_map(|node| Some(node.host.as_ref()?.span)).collect();
        let message = format!("all nodes of cluster `{}` run on host `{}`", cluster.name, first.name);
        let finding = findings.report(&SINGLE_HOST_PLACEMENT, homes[0], message);
        finding.cluster(cluster.name.as_str());
        finding.help("put them on different hosts: this cluster does not outlive the loss of one");
        homes[1..].iter().take(MOST_RELATED).for_each(|home| {
            finding.related(*home, "here too");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::{found, found_beside};

    /// Two clusters on a Hyper-V group of `hosts` hosts that states `group`, their nodes on the given hosts.
    fn design(hosts: usize, group: &str, nodes: &[[&str; 2]]) -> String {
        let mut text = "clusters:\n".to_owned();
        for (number, [one, two]) in nodes.iter().enumerate() {
            text += &format!(
                "  - {{name: c{number}, mode: igmp-multicast, primary_ip: 10.0.{number}.9/24, vlan: 1{number},
       nodes: [{{name: a, {one}}}, {{name: b, {two}}}]}}\n"
            );
        }
        text += "hosts:\n";
        for number in 1..=hosts {
            text += &format!("  - {{name: hv{number}, platform: hyper-v, group: g}}\n");
        }
        text + &format!("host_groups: [{{name: g{group}}}]\n")
    }

    #[test]
    fn only_a_group_that_is_known_to_move_nodes_together_is_told() {
        let apart = [["host: hv1", "host: hv2"]];
        let updating = ", cluster_aware_updating: true";
        for (hosts, group, expected) in [
            (2, updating, vec!["NLB208 warning true"]),
            (2, ", anti_affinity: false", vec!["NLB208 warning false"]),
            (3, ", anti_affinity: false", vec!["NLB208 warning false"]),
            (2, ", cluster_aware_updating: true, anti_affinity: false", vec!["NLB208 warning false"]),
            (2, "", vec![]),
            (2, ", cluster_aware_updating: false", vec![]),
            (3, updating, vec![]),
            (2, ", cluster_aware_updating: true, anti_affinity: true", vec![]),
            (2, ", cluster_aware_updating: true, live_migration: false", vec![]),
            (2, ", anti_affinity: false, live_migration: false", vec![]),
        ] {
            assert_eq!(found(&design(hosts, group, &apart)), expected, "{hosts} hosts{group}");
        }
        let elsewhere = [["host: hv1", "ip: 10.0.0.1"]];
        assert_eq!(found(&design(2, updating, &elsewhere)), [""; 0]);
        let vsphere = design(2, updating, &apart).replace("hyper-v", "vsphere");
        assert_eq!(found(&vsphere), [""; 0]);
    }

    #[test]
    fn one_group_gives_one_finding_for_all_its_clusters() {
        let text = design(2, ", cluster_aware_updating: true", &[["host: hv1", "host: hv2"]; 3]);
        assert_eq!(found(&text), ["NLB208 warning true"]);
    }

    #[test]
    fn updating_moves_what_shares_a_host_in_a_larger_group_too() {
        let together = [["host: hv1", "host: hv1"]];
        assert_eq!(
            found(&design(3, ", cluster_aware_updating: true", &together)),
            ["NLB219 warning hv1", "NLB208 warning true"]
        );
    }

    #[test]
    fn one_host_for_all_needs_all_places_to_be_known() {
        for (nodes, expected) in [
            (["host: hv1", "host: hv1"], vec!["NLB219 warning hv1"]),
            (["host: hv1", "host: hv2"], vec![]),
            (["host: hv1", "ip: 10.0.0.1"], vec![]),
            (["ip: 10.0.0.1", "ip: 10.0.0.2"], vec![]),
        ] {
            assert_eq!(found(&design(2, "", &[nodes])), expected, "{nodes:?}");
        }
        let single = design(1, "", &[["host: hv1", "host: hv1"]]).replace(", {name: b, host: hv1}", "");
        assert_eq!(found(&single), [""; 0]);
    }

    /// A multicast cluster whose nodes live on hv1 and hv2 of a group of three, and an entry that pins these ports.
    fn pinned(mode: &str, group: &str, third: &str, ports: &str) -> Vec<String> {
        let design = format!(
            "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10,
                nodes: [{{name: a, host: hv1}}, {{name: b, host: hv2}}]}}]
hosts:
  - {{name: hv1, group: g, links: [sw1 Gi1/0/1]}}
  - {{name: hv2, group: g, links: [sw1 Po2]}}
  - {{name: hv3, group: g, links: [{third}]}}
host_groups: [{{name: g{group}}}]
switches:
  - {{name: sw1, vendor: cisco-ios, config: sw1.cfg}}
  - {{name: sw2, vendor: cisco-ios, links: [Gi1/0/24 sw1 Gi1/0/24]}}
"
        );
        let mac = if mode == "multicast" { "03bf.ac1f.01e8" } else { "0100.5e7f.01e8" };
        let config = format!("mac address-table static {mac} vlan 10 interface {ports}\n");
        found_beside(&design, &[("sw1.cfg", &config)])
    }

    #[test]
    fn an_entry_must_list_the_uplinks_of_every_host_a_node_may_move_to() {
        let line = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Po2";
        assert_eq!(pinned("multicast", "", "sw1 Gi1/0/3", "Gi1/0/1 Po2"), [format!("NLB209 error {line}")]);
        let line = "mac address-table static 0100.5e7f.01e8 vlan 10 interface Gi1/0/1 Po2";
        assert_eq!(
            pinned("igmp-multicast", "", "sw1 Gi1/0/3", "Gi1/0/1 Po2"),
            [format!("NLB209 warning {line}")]
        );
    }

    #[test]
    fn a_port_channel_that_the_design_does_not_name_may_hold_the_uplink() {
        let line = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Po2 Po7";
        assert_eq!(
            pinned("multicast", "", "sw1 Gi1/0/3", "Gi1/0/1 Po2 Po7"),
            [format!("NLB209 warning {line}")]
        );
    }

    #[test]
    fn other_faults_of_an_entry_are_left_to_their_own_rules() {
        for (why, group, third, ports) in [
            ("everything is listed", "", "sw1 Gi1/0/3", "Gi1/0/1 GigabitEthernet1/0/3 Port-channel2"),
            ("machines stay where they are", ", live_migration: false", "sw1 Gi1/0/3", "Gi1/0/1 Po2"),
            ("a node's own port is missing: NLB502", "", "sw1 Gi1/0/3", "Gi1/0/1"),
            ("the host is behind another switch: NLB503", "", "sw2 Gi1/0/3", "Gi1/0/1 Po2"),
            ("the uplinks are unknown", "", "", "Gi1/0/1 Po2"),
        ] {
            assert_eq!(pinned("multicast", group, third, ports), [""; 0], "{why}");
        }
    }
}
