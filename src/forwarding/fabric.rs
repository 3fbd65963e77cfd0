//! The switches of a design and the links between them, read once for all clusters: a stack is one switch, a
//! port-channel one port, and a link that both ends state is one link.

use std::collections::{BTreeMap, HashMap};

use super::pairs::Pairs;
use super::switch::{Held, Switch};
use crate::design::VlanId;
use crate::entry::Entry;
use crate::net::port::PortName;
use crate::plan::{Edge, Plan};
use crate::source::Span;
use crate::vendor::Bound;

/// A port of a device, by its number in the device's own list.
pub(super) type PortId = u16;

/// One end of a link.
#[derive(Debug)]
pub(super) struct End {
    /// The link's number.
    pub(super) link: usize,
    /// The port here.
    pub(super) port: PortId,
    /// The device at the other end.
    pub(super) to: usize,
    /// The port there.
    pub(super) to_port: PortId,
}

/// A link between two devices.
#[derive(Debug)]
pub(super) struct Link<'f> {
    /// Its ends, the one whose device has the lesser name first.
    pub(super) ends: [(usize, PortId); 2],
    /// Where and how the design states it.
    stated: Vec<&'f Edge<'f>>,
}

impl Link<'_> {
    pub(super) fn carries(&self, vlan: VlanId) -> bool {
        self.stated.iter().any(|edge| edge.carries(vlan))
    }
}

/// A device with the names of its ports, sorted.
#[derive(Debug)]
pub(super) struct Device<'f> {
    /// The switch.
    pub(super) switch: Switch<'f>,
    /// Every port that the design or its config names.
    pub(super) names: Vec<PortName>,
    /// Its ends of links, by port and far end.
    pub(super) ends: Vec<End>,
    /// The ports behind which the design has nodes, by VLAN.
    homes: HashMap<VlanId, Vec<PortId>>,
}

impl Device<'_> {
    /// The number of a port, a port-channel in place of its member.
    pub(super) fn port(&self, name: &PortName) -> Option<PortId> {
        let at = match self.names.binary_search(name) {
            Ok(at) => at,
            Err(_) => self.names.binary_search(&self.switch.whole(name)).ok()?,
        };
        u16::try_from(at).ok()
    }

    /// The name of a port.
    pub(super) fn name(&self, port: PortId) -> &PortName {
        &self.names[usize::from(port)]
    }

    /// Whether frames of `vlan` pass a port, as far as is known: its config may take it out, or shut it.
    pub(super) fn is_open(&self, port: PortId, vlan: u16) -> bool {
        !self.switch.is_out(self.name(port), vlan)
    }
}

/// The switches of a design, what they hold, and the links between them.
#[derive(Debug)]
pub struct Fabric<'f> {
    /// The design.
    pub bound: &'f Bound<'f>,
    /// What it plans.
    pub plan: &'f Plan<'f>,
    pub(super) devices: Vec<Device<'f>>,
    pub(super) links: Vec<Link<'f>>,
    pub(super) pairs: Pairs,
    /// The devices by name: what comes out does not depend on the order in which a design lists them.
    pub(super) rank: Vec<usize>,
}

impl<'f> Fabric<'f> {
    /// The fabric of a design whose devices hold `held`, one for each device of the plan.
    pub fn new(bound: &'f Bound<'f>, plan: &'f Plan<'f>, held: impl Iterator<Item = Held<'f>>) -> Self {
        let mut devices: Vec<Device<'f>> = held
            .map(|held| Device {
                switch: Switch::new(held),
                names: Vec::new(),
                ends: Vec::new(),
                homes: HashMap::new(),
            })
            .collect();
        let mut by_name: Vec<usize> = (0..devices.len()).collect();
        by_name.sort_by(|one, other| plan.devices[*one].name.cmp(&plan.devices[*other].name));
        let mut rank = vec![0; devices.len()];
        for (position, device) in by_name.into_iter().enumerate() {
            rank[device] = position;
        }
        let pairs = pairs(plan);
        name_ports(&mut devices, plan, &pairs);
        let links = links(&mut devices, &rank, &pairs);
        for (cluster, survey) in bound.design.clusters.iter().zip(&plan.clusters) {
            for place in &survey.places {
                let device = &mut devices[place.device];
                if let Some(port) = device.port(&place.port) {
                    device.homes.entry(cluster.vlan.value).or_default().push(port);
                }
            }
        }
        let pairs = Pairs::new(bound, plan, &devices);
        Self { bound, plan, devices, links, pairs, rank }
    }

    /// The ports of a device that frames of `vlan` may leave by: those that its config has in the VLAN, and those that
    /// the design has there unless the config takes them out. Sorted.
    pub(super) fn ports_in(&self, device: usize, vlan: VlanId) -> Vec<PortId> {
        let Device { switch, ends, homes, .. } = &self.devices[device];
        let this = &self.devices[device];
        let described = switch.ports_in(vlan.get()).filter_map(|name| this.port(name));
        let linked = ends.iter().filter(|end| self.links[end.link].carries(vlan)).map(|end| end.port);
        let designed = homes.get(&vlan).into_iter().flatten().copied().chain(linked);
        let mut ports: Vec<PortId> =
            described.chain(designed.filter(|port| this.is_open(*port, vlan.get()))).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// The ends of the links of a device that carry `vlan` by the design.
    pub(super) fn ends_in(&self, device: usize, vlan: VlanId) -> impl Iterator<Item = &End> {
        self.devices[device].ends.iter().filter(move |end| self.links[end.link].carries(vlan))
    }

    /// Whether frames of `vlan` pass the link that `end` of `device` is of: a config may take either end out.
    pub(super) fn is_open(&self, device: usize, end: &End, vlan: VlanId) -> bool {
        self.devices[device].is_open(end.port, vlan.get())
            && self.devices[end.to].is_open(end.to_port, vlan.get())
    }
}

/// The two ends of a link as one of its statements has them: device, and what it knows of the link.
type Pair<'f> = [(usize, &'f Edge<'f>); 2];

/// The links as the design states them, by where it does.
fn pairs<'f>(plan: &'f Plan<'f>) -> Vec<Pair<'f>> {
    let mut open: BTreeMap<Span, (usize, &Edge<'f>)> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (device, edges) in plan.topology.edges.iter().enumerate() {
        for edge in edges {
            match open.remove(&edge.span) {
                Some(first) => pairs.push([first, (device, edge)]),
                None => {
                    open.insert(edge.span, (device, edge));
                }
            }
        }
    }
    pairs
}

/// Gives every device the names of its ports: those of its config, of links and nodes, and of static entries.
fn name_ports(devices: &mut [Device<'_>], plan: &Plan<'_>, pairs: &[Pair<'_>]) {
    let mut named: Vec<Vec<PortName>> = devices
        .iter()
        .map(|device| {
            let mut names: Vec<PortName> = device.switch.described().cloned().collect();
            let stated = device.switch.held.state.entries();
            let stated = stated.filter(|entry| !matches!(entry, Entry::Setting { .. }));
            names.extend(stated.filter_map(Entry::ports).flatten().map(|port| device.switch.whole(port)));
            names
        })
        .collect();
    for (device, edge) in pairs.iter().flatten() {
        named[*device].extend(edge.port.as_ref().map(|port| devices[*device].switch.whole(port)));
    }
    for place in plan.clusters.iter().flat_map(|survey| &survey.places) {
        named[place.device].push(devices[place.device].switch.whole(&place.port));
    }
    for (device, mut names) in devices.iter_mut().zip(named) {
        names.sort_unstable();
        names.dedup();
        device.names = names;
    }
}

fn links<'f>(devices: &mut [Device<'f>], rank: &[usize], pairs: &[Pair<'f>]) -> Vec<Link<'f>> {
    let mut found: BTreeMap<[(usize, PortId); 2], Vec<&'f Edge<'f>>> = BTreeMap::new();
    for pair in pairs {
        let end = |(device, edge): (usize, &Edge<'_>)| {
            Some((rank[device], device, devices[device].port(edge.port.as_ref()?)?))
        };
        let [Some(one), Some(other)] = pair.map(end) else { continue };
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        found.entry([(first.1, first.2), (second.1, second.2)]).or_default().push(pair[0].1);
    }
    let mut links: Vec<Link<'f>> = found.into_iter().map(|(ends, stated)| Link { ends, stated }).collect();
    links.sort_by_key(|link| link.ends.map(|(device, port)| (rank[device], port)));
    for (number, link) in links.iter().enumerate() {
        let [(one, one_port), (other, other_port)] = link.ends;
        devices[one].ends.push(End { link: number, port: one_port, to: other, to_port: other_port });
        devices[other].ends.push(End { link: number, port: other_port, to: one, to_port: one_port });
    }
    for device in devices {
        device.ends.sort_by_key(|end| (end.port, rank[end.to], end.to_port));
    }
    links
}
