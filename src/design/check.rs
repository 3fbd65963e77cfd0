//! What the types alone cannot say: names given twice, references to nothing, keys that exclude each other.

use std::collections::{HashMap, HashSet};

use super::load::Declared;
use super::{Cluster, Document, Switch};
use crate::diagnostic::suggest;
use crate::source::{Span, Spanned};
use crate::yaml::{Decoder, Name};

pub(super) fn check(document: &Document, declared: &Declared, cx: &mut Decoder) {
    unique("cluster", document.clusters.iter().map(|cluster| &cluster.name), cx);
    unique("host", document.hosts.iter().map(|host| &host.name), cx);
    unique("host group", document.host_groups.iter().map(|group| &group.name), cx);
    unique("switch", document.switches.iter().map(|switch| &switch.name), cx);
    if document.clusters.is_empty() && document.switches.is_empty() && cx.problems.is_empty() {
        cx.error(document.span, "the design describes no cluster and no switch")
            .help("`nlbswitch init` writes a starter file");
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
    if let Some(vips) = cluster.virtual_ips.as_ref().filter(|vips| vips.is_empty()) {
        cx.error(vips.span, "the list of further VIPs is empty")
            .help("leave `virtual_ips` out when the primary is the only VIP");
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

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a Spanned<Name>>, cx: &mut Decoder) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for name in names {
        match seen.get(name.as_str()) {
            Some(first) => {
                cx.error(name.span, format!("the name `{name}` is given to two {}", plural(what)))
                    .related(*first, "the first one")
                    .help("give each its own name");
            }
            None => {
                seen.insert(name.as_str(), name.span);
            }
        }
    }
}

fn refer(what: &str, name: &str, span: Span, declared: &HashSet<String>, list: &str, cx: &mut Decoder) {
    if declared.contains(name) {
        return;
    }
    let mut known: Vec<&str> = declared.iter().map(String::as_str).collect();
    known.sort_unstable();
    let help = match suggest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("the design has no `{list}`: add it there"),
        None if known.len() <= 8 => format!("`{list}` has {}", known.join(", ")),
        None => format!("add it to `{list}`"),
    };
    cx.error(span, format!("there is no {what} `{}`", crate::diagnostic::quoted(name))).help(help);
}

fn plural(what: &str) -> String {
    if what.ends_with("ch") { format!("{what}es") } else { format!("{what}s") }
}
