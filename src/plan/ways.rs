//! The ways to the nodes of a cluster: which links of the devices that its frames pass lead to one.

use std::collections::BTreeSet;

use super::{Leads, Topology};
use crate::design::VlanId;
use crate::net::PortSet;

/// The network of a cluster, walked through once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ways {
    /// Its devices, sorted.
    devices: Vec<usize>,
    leads: Leads,
}

impl Ways {
    /// Walks through `devices`, of which `goals` have nodes. What leads to a goal must be among them.
    pub(super) fn new(
        topology: &Topology<'_>,
        devices: &BTreeSet<usize>,
        goals: &BTreeSet<usize>,
        vlan: VlanId,
    ) -> Self {
        let devices: Vec<usize> = devices.iter().copied().collect();
        let near = |device: &usize| -> Vec<usize> {
            let edges = topology.edges[*device].iter().filter(|edge| edge.carries(vlan));
            edges.filter_map(|edge| devices.binary_search(&edge.to).ok()).collect()
        };
        let neighbours: Vec<Vec<usize>> = devices.iter().map(near).collect();
        let leads = Leads::new(&neighbours, |place| goals.contains(&devices[place]));
        Self { devices, leads }
    }

    /// Walks through all that `device` reaches.
    pub(super) fn aside(
        topology: &Topology<'_>,
        device: usize,
        goals: &BTreeSet<usize>,
        vlan: VlanId,
    ) -> Self {
        let devices = topology.reach([device], None, |edge| edge.carries(vlan));
        Self::new(topology, &devices, goals, vlan)
    }

    fn place(&self, device: usize) -> Option<usize> {
        self.devices.binary_search(&device).ok()
    }

    /// Whether the device is one of the network.
    pub(super) fn has(&self, device: usize) -> bool {
        self.place(device).is_some()
    }

    /// Whether links connect two devices of the network.
    pub(super) fn connects(&self, one: usize, other: usize) -> bool {
        let places = self.place(one).zip(self.place(other));
        places.is_some_and(|(one, other)| self.leads.connects(one, other))
    }

    /// The ports of `device` whose links lead to a goal beside it.
    pub(super) fn ports(&self, topology: &Topology<'_>, device: usize, vlan: VlanId) -> PortSet {
        let Some(place) = self.place(device) else { return PortSet::new() };
        let edges = topology.edges[device].iter().filter(|edge| edge.carries(vlan));
        let leading = edges.filter(|edge| self.place(edge.to).is_some_and(|to| self.leads.leads(place, to)));
        leading.filter_map(|edge| edge.port.clone()).collect()
    }
}
