//! Which devices there are (a stack is one), and which links lead from each to which.

use std::collections::{BTreeSet, HashMap};

use crate::design::{Design, VlanId, VlanSpec};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::source::{Span, Spanned};
use crate::vendor::Bound;

/// One end of a link, seen from the device that it starts at.
#[derive(Debug, Clone)]
pub struct Edge<'d> {
    /// The device at the other end.
    pub to: usize,
    /// The port on this device; `None` when the design's text is no port of it.
    pub port: Option<PortName>,
    /// Where the design states the link.
    pub span: Span,
    vlans: &'d [Spanned<VlanSpec>],
}

impl Edge<'_> {
    /// Whether the link carries `vlan`, as far as the design says.
    pub fn carries(&self, vlan: VlanId) -> bool {
        self.vlans.is_empty() || self.vlans.iter().any(|spec| spec.contains(vlan))
    }
}

/// The devices and their links.
#[derive(Debug)]
pub struct Topology<'d> {
    /// The switches of each device, by their position in the design; several when they are a stack.
    pub members: Vec<Vec<usize>>,
    /// The links of each device.
    pub edges: Vec<Vec<Edge<'d>>>,
    device_of: Vec<usize>,
}

impl<'d> Topology<'d> {
    /// Reads the devices and links of a design.
    pub fn new(bound: &Bound<'d>) -> Self {
        let design: &'d Design = bound.design;
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut stacks: HashMap<&str, usize> = HashMap::new();
        let mut device_of = Vec::with_capacity(design.switches.len());
        for (position, switch) in design.switches.iter().enumerate() {
            let fresh = members.len();
            let device = match &switch.stack {
                Some(stack) => *stacks.entry(stack.as_str()).or_insert(fresh),
                None => fresh,
            };
            if device == fresh {
                members.push(Vec::new());
            }
            members[device].push(position);
            device_of.push(device);
        }
        let mut edges: Vec<Vec<Edge<'d>>> = vec![Vec::new(); members.len()];
        for (position, switch) in design.switches.iter().enumerate() {
            for link in &switch.links {
                let Some(far) = design.switch_position(&link.to.switch) else { continue };
                let (here, there) = (device_of[position], device_of[far]);
                if here == there {
                    continue;
                }
                let edge = |to, port| Edge { to, port, span: link.span, vlans: &link.vlans };
                edges[here].push(edge(there, bound.port_of(position, &link.port)));
                edges[there].push(edge(here, bound.port_of(far, &link.to.port)));
            }
        }
        Self { members, edges, device_of }
    }

    /// The device that the switch at `position` belongs to.
    pub fn device_of(&self, position: usize) -> usize {
        self.device_of[position]
    }

    /// Every device that `from` reaches over links that `usable` lets pass, without crossing `without`.
    pub fn reach(
        &self,
        from: impl IntoIterator<Item = usize>,
        without: Option<usize>,
        usable: impl Fn(&Edge<'d>) -> bool,
    ) -> BTreeSet<usize> {
        // Asked for every device of a large network, so a set is only made of what was found.
        let mut seen = vec![false; self.edges.len()];
        let mut open: Vec<usize> = from.into_iter().filter(|device| Some(*device) != without).collect();
        open.iter().for_each(|device| seen[*device] = true);
        while let Some(device) = open.pop() {
            for edge in self.edges[device].iter().filter(|edge| usable(edge)) {
                if Some(edge.to) != without && !std::mem::replace(&mut seen[edge.to], true) {
                    open.push(edge.to);
                }
            }
        }
        seen.into_iter().enumerate().filter_map(|(device, seen)| seen.then_some(device)).collect()
    }

    /// `wanted` and every device on a way between two of them, in the VLAN.
    pub fn between(&self, wanted: &BTreeSet<usize>, vlan: VlanId) -> BTreeSet<usize> {
        if wanted.len() < 2 {
            return wanted.clone();
        }
        let mut kept = self.reach(wanted.iter().copied(), None, |edge| edge.carries(vlan));
        // Dead ends are taken off until there are none. Only the neighbours of one taken off can become one.
        let mut open: Vec<usize> = kept.difference(wanted).copied().collect();
        while let Some(device) = open.pop() {
            let ahead = self.edges[device].iter().filter(|edge| edge.carries(vlan)).map(|edge| edge.to);
            let neighbours: BTreeSet<usize> = ahead.filter(|to| kept.contains(to)).collect();
            if neighbours.len() < 2 && kept.remove(&device) {
                open.extend(neighbours.difference(wanted));
            }
        }
        kept
    }

    /// The ports of `device` whose links lead to one of `goals` without coming back through `device`.
    pub fn ports_towards(&self, device: usize, goals: &BTreeSet<usize>, vlan: VlanId) -> PortSet {
        let mut known: HashMap<usize, bool> = HashMap::new();
        let mut ports = PortSet::new();
        for edge in self.edges[device].iter().filter(|edge| edge.carries(vlan)) {
            let leads = *known.entry(edge.to).or_insert_with(|| {
                let beyond = self.reach([edge.to], Some(device), |edge| edge.carries(vlan));
                !beyond.is_disjoint(goals)
            });
            if leads {
                ports.extend(edge.port.clone());
            }
        }
        ports
    }
}
