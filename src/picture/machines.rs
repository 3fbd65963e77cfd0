//! The machines of a picture: hosts with the nodes on them, and physical nodes.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::content::{Band, End, Kind, Look, Part, Sign, Wire};
use super::name;
use crate::design::{Cluster, Host, PortRef, TeamKind, TeamMode};
use crate::forwarding::{DevicePort, Fabric, From, Trace, WhatIf};

impl<'b> Builder<'b, '_> {
    /// Adds the hosts that run a node or may run one, and the physical nodes, each with its links.
    pub(super) fn machines(&mut self) {
        let cluster: &Cluster = &self.fabric.bound.design.clusters[self.trace.cluster];
        let mut hosts: BTreeMap<&str, (&Host, Vec<usize>)> = BTreeMap::new();
        let mut physical: Vec<usize> = Vec::new();
        for (number, node) in cluster.nodes.iter().enumerate() {
            for host in self.fabric.bound.design.possible_hosts(node) {
                hosts.entry(host.name.as_str()).or_insert((host, Vec::new()));
            }
            match host_of(self.fabric, self.trace, number).filter(|_| node.attach.is_empty()) {
                Some(host) => hosts.entry(host.name.as_str()).or_insert((host, Vec::new())).1.push(number),
                None => physical.push(number),
            }
        }
        let column = self.last_column();
        let mut hosts: Vec<(&Host, Vec<usize>)> = hosts.into_values().collect();
        hosts.sort_by(|one, other| name::compare(one.0.name.as_str(), other.0.name.as_str()));
        for (host, mut nodes) in hosts {
            self.sort(&mut nodes);
            let mut bands: Vec<Band> = nodes.iter().map(|node| self.node(*node)).collect();
            if bands.is_empty() {
                let title = "No node of the cluster runs here now".to_owned();
                bands.push(Band { sign: Sign::None, text: "may run a node".to_owned(), title });
            }
            let gets = nodes.iter().any(|node| self.trace.reached.contains(node));
            let name = host.name.to_string();
            let notes = host_notes(host);
            let title = [std::slice::from_ref(&name), &notes].concat().join(", ");
            let part =
                self.put(Part { kind: Kind::Host, name, notes, title, column, gets, bands, link: None });
            self.attach(part, host.links.iter().map(|link| &link.value), &nodes);
        }
        self.sort(&mut physical);
        for node in physical {
            let gets = self.trace.reached.contains(&node);
            let bands = vec![self.node(node)];
            let name = self.node_name(node).to_owned();
            let title = format!("{name}, a physical node");
            let notes = Vec::new();
            let part =
                self.put(Part { kind: Kind::Node, name, notes, title, column, gets, bands, link: None });
            self.attach(part, cluster.nodes[node].attach.iter().map(|port| &port.value), &[node]);
        }
    }

    fn sort(&self, nodes: &mut [usize]) {
        nodes.sort_by(|one, other| name::compare(self.node_name(*one), self.node_name(*other)));
    }

    /// What becomes of a node.
    fn node(&self, node: usize) -> Band {
        let name = self.node_name(node);
        let trace = self.trace;
        let missed = trace.missed.iter().find(|missed| missed.node == node);
        let (sign, word) = match trace.from {
            From::Node(sender) if sender == node => (Sign::Enters, "sends"),
            _ if missed.is_some_and(|missed| missed.partly) => (Sign::Missed, "by some uplinks"),
            _ if missed.is_some() => (Sign::Missed, "cut off"),
            _ if trace.reached.contains(&node) => (Sign::Reached, "gets it"),
            _ => (Sign::Unknown, "not known"),
        };
        // A node that gets the frame needs no word beside its sign: that is how it should be.
        let text = if sign == Sign::Reached { name.to_owned() } else { format!("{word}: {name}") };
        Band { sign, text, title: format!("{name}: {word}") }
    }

    /// Adds the links of a machine with these nodes.
    fn attach<'p>(&mut self, part: usize, ports: impl Iterator<Item = &'p PortRef>, nodes: &[usize]) {
        let fabric = self.fabric;
        for port in ports {
            let Some(switch) = fabric.bound.design.switch_position(&port.switch) else { continue };
            let device = fabric.plan.topology.device_of(switch);
            let Some(name) = fabric.bound.port(port) else { continue };
            let here: DevicePort<'_> = (device, fabric.whole(device, &name).unwrap_or(&name));
            let Some(near) = self.end(here) else { continue };
            let sends = matches!(self.trace.from, From::Node(node) if nodes.contains(&node));
            let mut missed = self.trace.missed.iter().filter(|missed| nodes.contains(&missed.node));
            let stops = missed.any(|missed| self.stopped_at(missed) == Some(device));
            let leaves = self.leaves(here);
            let look = match () {
                () if self.is_down(here) => Look::Down,
                () if leaves && self.is_bystander(here) => Look::Flood,
                () if leaves || sends => Look::Way,
                () if stops => Look::Lost,
                () => Look::Idle,
            };
            let name = &self.machine(part).to_owned();
            let title = format!("{} to {name}: {}", self.end_text(here), look.text());
            let near = End { arrives: sends && look == Look::Way, ..near };
            let arrives = leaves && look != Look::Down;
            let far = End { part, port: None, lag: false, arrives };
            self.wire(Wire { ends: [near, far], look, title });
        }
    }
}

/// What a host is, in a line each.
fn host_notes(host: &Host) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(platform) = &host.platform {
        notes.push(platform.value.as_str().to_owned());
    }
    if let Some(team) = &host.team {
        let kind = team.kind.as_ref().map(|kind| match kind.value {
            TeamKind::Lbfo => "LBFO",
            TeamKind::Set => "SET",
            TeamKind::Bond => "bond",
        });
        let mode = team.mode.as_ref().map(|mode| match mode.value {
            TeamMode::SwitchIndependent => "switch independent",
            TeamMode::Static => "static",
            TeamMode::Lacp => "LACP",
        });
        let words: Vec<&str> = [kind, mode].into_iter().flatten().collect();
        notes.push(if words.is_empty() { "team".to_owned() } else { format!("team: {}", words.join(", ")) });
    }
    notes
}

/// The host that a node runs on under the condition of a trace.
fn host_of<'b>(fabric: &'b Fabric<'_>, trace: &Trace, node: usize) -> Option<&'b Host> {
    let design = fabric.bound.design;
    match trace.what_if {
        Some(WhatIf::Moved { node: moved, host }) if moved == node => design.hosts.get(host),
        _ => design.host_of(&design.clusters[trace.cluster].nodes[node]),
    }
}
