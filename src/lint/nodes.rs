//! The nodes of a cluster: how many, their priorities and addresses, and what they must have in common.

use std::collections::HashMap;

use super::addresses::Gateways;
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Node};
use crate::diagnostic::{Code, Severity};
use crate::nlb::{self, MAX_HOSTS, Mode};

pub(super) const RULES: &[Rule] = &[
    TOO_MANY_NODES,
    MANY_NODES,
    NODE_PRIORITY,
    SUBNET_MISMATCH,
    DHCP_NODE,
    MIXED_MODES,
    HEARTBEAT_CHANGED,
    MASK_SOURCE_MAC_OFF,
];

/// More nodes than NLB takes.
const TOO_MANY_NODES: Rule = Rule {
    code: Code(301),
    name: "too-many-nodes",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB301.md"),
    check: too_many_nodes,
};

/// More nodes than is wise.
const MANY_NODES: Rule = Rule {
    code: Code(302),
    name: "many-nodes",
    severity: Severity::Info,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB302.md"),
    check: many_nodes,
};

/// Host priorities that do not fit together.
const NODE_PRIORITY: Rule = Rule {
    code: Code(303),
    name: "node-priority",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB303.md"),
    check: node_priority,
};

/// An address outside the primary's subnet.
const SUBNET_MISMATCH: Rule = Rule {
    code: Code(304),
    name: "subnet-mismatch",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB304.md"),
    check: subnet_mismatch,
};

/// A node with DHCP.
const DHCP_NODE: Rule = Rule {
    code: Code(305),
    name: "dhcp-node",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB305.md"),
    check: dhcp_node,
};

/// One cluster in two modes.
const MIXED_MODES: Rule = Rule {
    code: Code(310),
    name: "mixed-modes",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB310.md"),
    check: mixed_modes,
};

/// A heartbeat that is not Windows' own.
const HEARTBEAT_CHANGED: Rule = Rule {
    code: Code(311),
    name: "heartbeat-changed",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB311.md"),
    check: heartbeat_changed,
};

/// A unicast node that shows the cluster MAC to the switch.
const MASK_SOURCE_MAC_OFF: Rule = Rule {
    code: Code(312),
    name: "mask-source-mac-off",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB312.md"),
    check: mask_source_mac_off,
};

/// The number of nodes above which the Exchange team advised against NLB.
const MANY: usize = 8;

/// Windows' own heartbeat: the period in milliseconds and the messages that may be missed.
/// <https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-networkloadbalancing-core-clusters-cluster>
const HEARTBEAT: (u32, u32) = (1000, 5);

fn too_many_nodes(estate: &Estate<'_>, findings: &mut Findings) {
    let most = usize::from(MAX_HOSTS);
    for cluster in &estate.design().clusters {
        let Some(first_over) = cluster.nodes.get(most) else { continue };
        let count = cluster.nodes.len();
        findings
            .report(
                &TOO_MANY_NODES,
                first_over.name.span,
                format!("cluster `{}` has {count} nodes, and NLB takes {most}", cluster.name),
            )
            .help("split the cluster, or put a load balancer in front of the servers")
            .cluster(cluster.name.to_string());
    }
}

fn many_nodes(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let count = cluster.nodes.len();
        let Some(first_over) = cluster.nodes.get(MANY).filter(|_| count <= MAX_HOSTS.into()) else {
            continue;
        };
        findings
            .report(
                &MANY_NODES,
                first_over.name.span,
                format!("cluster `{}` has {count} nodes: above {MANY} each adds little", cluster.name),
            )
            .help("every node takes in all frames and drops most: measure, or use a load balancer")
            .cluster(cluster.name.to_string());
    }
}

fn node_priority(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let mut taken: HashMap<u32, &Node> = HashMap::new();
        for node in &cluster.nodes {
            let Some(priority) = node.priority else { continue };
            let number = priority.value;
            if !(1..=u32::from(MAX_HOSTS)).contains(&number) {
                findings
                    .report(
                        &NODE_PRIORITY,
                        priority.span,
                        format!("node `{}` has the host priority {number}", node.name),
                    )
                    .help(format!("host priorities run from 1 to {MAX_HOSTS}: choose a free one"))
                    .cluster(cluster.name.to_string());
                continue;
            }
            let first = *taken.entry(number).or_insert(node);
            let Some(other) = first.priority.filter(|_| !std::ptr::eq(first, node)) else { continue };
            findings
                .report(
                    &NODE_PRIORITY,
                    priority.span,
                    format!("nodes `{}` and `{}` have the host priority {number}", first.name, node.name),
                )
                .related(other.span, format!("the priority of `{}`", first.name))
                .help("give each its own: the cluster does not accept the one that comes second")
                .cluster(cluster.name.to_string());
        }
        let Some(stated) = cluster.nodes.iter().find_map(|node| node.priority) else { continue };
        let open: Vec<&Node> = cluster.nodes.iter().filter(|node| node.priority.is_none()).collect();
        let Some(first) = open.first() else { continue };
        let message = match open.len() {
            1 => format!("node `{}` states no host priority, and others do", first.name),
            count => {
                format!("{count} nodes of cluster `{}` state no host priority, and others do", cluster.name)
            }
        };
        findings
            .report(&NODE_PRIORITY, first.name.span, message)
            .related(stated.span, "a priority that is stated")
            .help("state `priority` for every node or for none: two with one number cannot both join")
            .cluster(cluster.name.to_string());
    }
}

fn subnet_mismatch(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let subnet = cluster.subnet();
        let fits = |ip: std::net::IpAddr, prefix: Option<u8>| {
            // A node's IPv6 address says nothing about an IPv4 cluster.
            ip.is_ipv4() != subnet.is_ipv4()
                || (subnet.contains(ip) && prefix.is_none_or(|prefix| prefix == subnet.prefix()))
        };
        let shown = format!("{}/{}", subnet.network(), subnet.prefix());
        for node in &cluster.nodes {
            let Some(ip) = node.ip.filter(|ip| !fits(ip.ip, ip.prefix)) else { continue };
            findings
                .report(
                    &SUBNET_MISMATCH,
                    ip.span,
                    format!(
                        "node `{}` has {}, and cluster `{}` is in {shown}",
                        node.name, ip.value, cluster.name
                    ),
                )
                .related(cluster.primary_ip.span, "the primary IP")
                .help("correct the address or the prefix: heartbeats cross no router")
                .cluster(cluster.name.to_string());
        }
        for vip in cluster.virtual_ips.iter().flat_map(|vips| &vips.value) {
            let impossible = match vip.ip {
                std::net::IpAddr::V4(ip) => nlb::unusable(ip).is_some(), // NLB113
                std::net::IpAddr::V6(_) => false,
            };
            if impossible || fits(vip.ip, vip.prefix) {
                continue;
            }
            findings
                .report(
                    &SUBNET_MISMATCH,
                    vip.span,
                    format!("the VIP {} of cluster `{}` is not in {shown}", vip.value, cluster.name),
                )
                .severity(Severity::Warning)
                .related(cluster.primary_ip.span, "the primary IP")
                .help("give the gateway's interface a second subnet for it: else nobody routes there")
                .cluster(cluster.name.to_string());
        }
    }
}

fn dhcp_node(estate: &Estate<'_>, findings: &mut Findings) {
    for (cluster, node) in estate.nodes() {
        let Some(dhcp) = node.dhcp.filter(|dhcp| dhcp.value) else { continue };
        findings
            .report(
                &DHCP_NODE,
                dhcp.span,
                format!("node `{}` takes its address from DHCP, which NLB switches off", node.name),
            )
            .help("give it a static `ip`, or leave `dhcp` out if it is about another adapter")
            .cluster(cluster.name.to_string());
    }
}

fn mixed_modes(estate: &Estate<'_>, findings: &mut Findings) {
    for (cluster, node) in estate.nodes() {
        let Some(mode) = node.mode.filter(|mode| mode.value != cluster.mode.value) else { continue };
        let (other, own) = (mode.title(), cluster.mode.title());
        findings
            .report(
                &MIXED_MODES,
                mode.span,
                format!(
                    "node `{}` runs in {other} mode, and cluster `{}` in {own} mode",
                    node.name, cluster.name
                ),
            )
            .related(cluster.mode.span, "the cluster's mode")
            .help("all nodes of a cluster run in one mode: each mode answers with another MAC")
            .cluster(cluster.name.to_string());
    }
    let gateways = Gateways::new(estate);
    let mut first_of: HashMap<_, &Cluster> = HashMap::new();
    for view in estate.clusters() {
        let cluster = view.cluster;
        let place = (gateways.vrf_of(&view), cluster.primary_ip.ip());
        let first = *first_of.entry(place).or_insert(cluster);
        if first.mode.value == cluster.mode.value {
            continue;
        }
        let (other, own) = (first.mode.title(), cluster.mode.title());
        findings
            .report(
                &MIXED_MODES,
                cluster.mode.span,
                format!(
                    "clusters `{}` ({other}) and `{}` ({own}) have one primary IP, {}",
                    first.name, cluster.name, place.1
                ),
            )
            .related(first.mode.span, "the other mode")
            .help("one address is one cluster, and it has one mode: keep one of the two")
            .cluster(cluster.name.to_string());
    }
}

fn heartbeat_changed(estate: &Estate<'_>, findings: &mut Findings) {
    let (period, tolerance) = HEARTBEAT;
    for cluster in &estate.design().clusters {
        let Some(heartbeat) = &cluster.heartbeat else { continue };
        let changed = [(heartbeat.period_ms, period), (heartbeat.tolerance, tolerance)];
        let changed = changed.into_iter().find_map(|(value, own)| value.filter(|value| value.value != own));
        let Some(changed) = changed else { continue };
        let value_or =
            |value: Option<crate::source::Spanned<u32>>, own| value.map_or(own, |value| value.value);
        findings
            .report(
                &HEARTBEAT_CHANGED,
                changed.span,
                format!(
                    "the heartbeat of cluster `{}` is {} ms and {} misses, not {period} ms and {tolerance}",
                    cluster.name,
                    value_or(heartbeat.period_ms, period),
                    value_or(heartbeat.tolerance, tolerance),
                ),
            )
            .help("shorter likely splits the cluster for a moment, longer keeps clients on a dead node")
            .cluster(cluster.name.to_string());
    }
}

fn mask_source_mac_off(estate: &Estate<'_>, findings: &mut Findings) {
    for (cluster, node) in estate.nodes() {
        let mode = node.mode.unwrap_or(cluster.mode);
        let Some(mask) = node.mask_source_mac.filter(|mask| !mask.value && mode.value == Mode::Unicast)
        else {
            continue;
        };
        findings
            .report(
                &MASK_SOURCE_MAC_OFF,
                mask.span,
                format!("node `{}` sends with the cluster MAC: a switch learns it on one port", node.name),
            )
            .related(mode.span, "the mode")
            .help("leave `mask_source_mac` out unless the nodes hang on a hub: the others get no frames")
            .cluster(cluster.name.to_string());
    }
}
