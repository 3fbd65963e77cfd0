//! Gathers what a picture shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::content::{End, Kind, Part, Wire};
use super::name;
use crate::forwarding::{DevicePort, Fabric, Hop, Trace};
use crate::net::port::PortName;

/// Above this many switches in the VLAN those that the frame has nothing to do with are left out, and those that only
/// flood it stand in one box.
const ALL_SWITCHES: usize = 24;

/// What is gathered so far.
pub(super) struct Builder<'b, 'f> {
    pub(super) fabric: &'b Fabric<'f>,
    pub(super) trace: &'b Trace,
    /// The devices shown, in the order of their names.
    pub(super) devices: Vec<usize>,
    /// Those that stand in one box, by their numbers.
    pub(super) others: BTreeSet<usize>,
    /// The links between them.
    pub(super) links: Vec<[DevicePort<'b>; 2]>,
    pub(super) down: Vec<DevicePort<'b>>,
    pub(super) parts: Vec<Part>,
    pub(super) wires: Vec<Wire>,
}

impl<'b, 'f> Builder<'b, 'f> {
    pub(super) fn new(fabric: &'b Fabric<'f>, trace: &'b Trace) -> Self {
        let cluster = &fabric.bound.design.clusters[trace.cluster];
        let survey = &fabric.plan.clusters[trace.cluster];
        let vlan = cluster.vlan.value;
        let mut shown: BTreeSet<usize> = survey.devices.union(&survey.node_devices).copied().collect();
        shown.extend(&survey.gateways);
        shown.extend(trace.switches.iter().map(|hop| hop.device));
        let near = fabric.plan.topology.reach(shown.iter().copied(), None, |edge| edge.carries(vlan));
        if near.len() <= ALL_SWITCHES {
            shown.extend(near);
        }
        let links =
            fabric.links_in(vlan).filter(|ends| ends.iter().all(|(device, _)| shown.contains(device)));
        let links = links.collect();
        let mut others = BTreeSet::new();
        if shown.len() > ALL_SWITCHES {
            let wanted = |device: &usize| {
                [&survey.devices, &survey.node_devices, &survey.gateways]
                    .iter()
                    .any(|set| set.contains(device))
            };
            (shown, others) = shown.into_iter().partition(wanted);
        }
        let mut devices: Vec<usize> = shown.into_iter().collect();
        let name = |device: &usize| fabric.plan.devices[*device].name.as_str();
        devices.sort_by(|one, other| name::compare(name(one), name(other)));
        let down = trace.what_if.map(|what_if| what_if.down(fabric)).unwrap_or_default();
        Self { fabric, trace, devices, others, links, down, parts: Vec::new(), wires: Vec::new() }
    }

    pub(super) fn hop(&self, device: usize) -> Option<&'b Hop> {
        self.trace.switches.iter().map(Arc::as_ref).find(|hop| hop.device == device)
    }

    pub(super) fn device_name(&self, device: usize) -> &'b str {
        &self.fabric.plan.devices[device].name
    }

    pub(super) fn node_name(&self, node: usize) -> &'b str {
        self.fabric.bound.design.clusters[self.trace.cluster].nodes[node].name.as_str()
    }

    /// The names of nodes as people count.
    pub(super) fn node_names(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<&'b str> {
        let mut names: Vec<&str> = nodes.into_iter().map(|node| self.node_name(node)).collect();
        names.sort_by(|one, other| name::compare(one, other));
        names
    }

    pub(super) fn port_name(&self, device: usize, port: &PortName) -> String {
        self.fabric.plan.devices[device].pack.ports.brief(std::slice::from_ref(port))
    }

    pub(super) fn bystanders(&self, device: usize) -> impl Iterator<Item = &'b PortName> {
        self.trace.bystanders.iter().filter(move |one| one.device == device).map(|one| &one.port)
    }

    /// Whether the frame leaves a device by a port.
    pub(super) fn leaves(&self, (device, port): DevicePort<'_>) -> bool {
        self.hop(device).is_some_and(|hop| hop.ports.contains(port))
    }

    pub(super) fn is_down(&self, end: DevicePort<'_>) -> bool {
        self.down.contains(&end)
    }

    pub(super) fn is_bystander(&self, (device, port): DevicePort<'_>) -> bool {
        self.bystanders(device).any(|one| one == port)
    }

    /// The part that stands for a device, and its port.
    pub(super) fn end(&self, (device, port): DevicePort<'_>) -> Option<End> {
        let part = self.devices.iter().position(|other| *other == device)?;
        let name = self.port_name(device, port);
        Some(End { part, port: Some(name), lag: port.is_lag(), arrives: false })
    }

    pub(super) fn end_text(&self, (device, port): DevicePort<'_>) -> String {
        format!("{} {}", self.device_name(device), self.port_name(device, port))
    }

    pub(super) fn put(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    /// The name of a part.
    pub(super) fn machine(&self, part: usize) -> &str {
        &self.parts[part].name
    }

    pub(super) fn wire(&mut self, wire: Wire) {
        self.wires.push(wire);
    }

    pub(super) fn last_column(&self) -> usize {
        self.parts
            .iter()
            .filter(|part| matches!(part.kind, Kind::Switch { .. }))
            .map(|part| part.column)
            .max()
            .map_or(0, |last| last + 1)
    }
}
