//! What the types alone cannot say: names given twice, references to nothing, keys that exclude each other.

use std::collections::HashMap;

use super::load::{Declared, Names};
use super::{Cluster, Document, PortRef, Switch};
use crate::diagnostic::{quoted, suggest};
use crate::source::{Span, Spanned};
use crate::yaml::{Decoder, Name};

pub(super) fn check(document: &Document, declared: &Declared, cx: &mut Decoder) {
    if document.clusters.is_empty() && document.switches.is_empty() && cx.problems.is_empty() {
        cx.error(document.span, "the design describes no cluster and no switch")
            .help("add `clusters`, or let `nlbswitch init` write a starter file");
    }
    for cluster in &document.clusters {
        check_cluster(cluster, declared, cx);
    }
    for host in &document.hosts {
        if let Some(group) = &host.group {
            refer("host group", group, group.span, &declared.groups, "host_groups", cx);
        }
        for link in &host.links {
            refer("switch", &link.switch, link.switch.span, &declared.switches, "switches", cx);
        }
    }
    for switch in &document.switches {
        check_switch(switch, declared, cx);
    }
}

fn check_cluster(cluster: &Cluster, declared: &Declared, cx: &mut Decoder) {
    unique("node", cluster.nodes.iter().map(|node| &node.name), cx);
    let mut seen = HashMap::new();
    for vip in cluster.vips() {
        match seen.get(&vip.value) {
            Some(first) => {
                cx.error(vip.span, format!("the VIP {} stands here twice", vip.value))
                    .related(*first, "the first one")
                    .help("keep one of the two");
            }
            None => {
                seen.insert(vip.value, vip.span);
            }
        }
    }
    if cluster.primary_ip.is_ipv6() && cluster.mac_override.is_none() {
        cx.error(cluster.primary_ip.span, "the MAC of a cluster with an IPv6 primary is not derivable")
            .help("no published source says how it is made: give the measured MAC as `mac_override`");
    }
    for node in &cluster.nodes {
        if let (Some(host), Some(port)) = (&node.host, node.attach.first()) {
            cx.error(host.span, format!("node `{}` has a host and a switch port of its own", node.name))
                .help("a virtual node has `host`, a physical one `attach`")
                .related(port.span, "its switch port");
        }
        if let Some(host) = &node.host {
            refer("host", host, host.span, &declared.hosts, "hosts", cx);
        }
        for port in node.attach.iter() {
            refer("switch", &port.switch, port.switch.span, &declared.switches, "switches", cx);
        }
    }
}

fn check_switch(switch: &Switch, declared: &Declared, cx: &mut Decoder) {
    if switch.name.contains(' ') {
        cx.error(switch.name.span, format!("the switch name `{}` holds a blank", switch.name))
            .help("`SWITCH PORT` is split at the first blank: write the name as one word");
    }
    for link in &switch.links {
        refer("switch", &link.to.switch, link.to.switch.span, &declared.switches, "switches", cx);
        if link.to.switch.value == switch.name.as_str() {
            cx.error(link.span, format!("switch `{}` is linked to itself", switch.name));
        }
    }
    for peer in switch.gateway.described().into_iter().flat_map(|gateway| &gateway.peers) {
        refer("switch", peer, peer.span, &declared.switches, "switches", cx);
        if peer.value == switch.name.value {
            cx.error(peer.span, format!("switch `{}` is its own gateway peer", switch.name));
        }
    }
}

/// Names given twice are mistakes, in broken things too.
pub(super) fn check_names(declared: &Declared, cx: &mut Decoder) {
    for (what, names) in [
        ("cluster", &declared.clusters),
        ("host", &declared.hosts),
        ("host group", &declared.groups),
        ("switch", &declared.switches),
    ] {
        for (name, places) in names {
            for place in places.iter().skip(1) {
                twice(what, name, *place, places[0], cx);
            }
        }
    }
}

fn twice(what: &str, name: &str, place: Span, first: Span, cx: &mut Decoder) {
    cx.error(place, format!("the name `{}` is given to two {}", quoted(name), plural(what)))
        .related(first, "the first one")
        .help("give each its own name");
}

/// References of things that are broken and were dropped.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) hosts: Vec<Spanned<Name>>,
    pub(super) groups: Vec<Spanned<Name>>,
    pub(super) ports: Vec<Spanned<PortRef>>,
    pub(super) peers: Vec<Spanned<Name>>,
    /// The names of the nodes, cluster by cluster.
    pub(super) nodes: Vec<Vec<Spanned<Name>>>,
}

impl References {
    /// Reports those that lead nowhere. What is reported again for a thing that was kept counts once.
    pub(super) fn check(&self, declared: &Declared, cx: &mut Decoder) {
        for host in &self.hosts {
            refer("host", host, host.span, &declared.hosts, "hosts", cx);
        }
        for group in &self.groups {
            refer("host group", group, group.span, &declared.groups, "host_groups", cx);
        }
        for port in &self.ports {
            refer("switch", &port.switch, port.switch.span, &declared.switches, "switches", cx);
        }
        for nodes in &self.nodes {
            unique("node", nodes.iter(), cx);
        }
        for peer in &self.peers {
            refer("switch", peer, peer.span, &declared.switches, "switches", cx);
        }
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a Spanned<Name>>, cx: &mut Decoder) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for name in names {
        match seen.get(name.as_str()) {
            Some(first) => twice(what, name, name.span, *first, cx),
            None => {
                seen.insert(name.as_str(), name.span);
            }
        }
    }
}

fn refer(what: &str, name: &str, span: Span, declared: &Names, list: &str, cx: &mut Decoder) {
    if declared.contains_key(name) {
        return;
    }
    let known: Vec<&str> = declared.keys().map(String::as_str).collect();
    let help = match suggest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("the design has no `{list}`: describe the {what} there"),
        None if known.len() <= 8 => format!("`{list}` has {}", known.join(", ")),
        None => format!("add it to `{list}`"),
    };
    cx.error(span, format!("there is no {what} `{}`", quoted(name))).help(help);
}

fn plural(what: &str) -> String {
    if what.ends_with("ch") { format!("{what}es") } else { format!("{what}s") }
}
