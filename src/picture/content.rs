//! What a picture shows: the parts of the network, the links between them, and what the frame does to each.

use std::collections::BTreeSet;

use super::name;
use crate::forwarding::{DevicePort, Fabric, FrameKind, From, Hop, Trace};
use crate::net::port::PortName;

/// Above this many switches in the VLAN those are left out that the frame has nothing to do with.
const ALL_SWITCHES: usize = 24;

/// Everything in a picture.
#[derive(Debug)]
pub(super) struct Content {
    /// The cluster.
    pub(super) heading: String,
    /// The frame, and the condition.
    pub(super) frame: String,
    /// How it fares.
    pub(super) sign: Sign,
    /// The same in words.
    pub(super) fares: String,
    /// The whole picture in sentences.
    pub(super) told: Vec<String>,
    /// Switches, hosts and physical nodes.
    pub(super) parts: Vec<Part>,
    /// The links between them.
    pub(super) wires: Vec<Wire>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A switch, or a stack of several.
    Switch { members: usize },
    /// A hypervisor host.
    Host,
    /// A physical node.
    Node,
}

/// A box of the picture.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// What it is, in a line each.
    pub(super) notes: Vec<String>,
    /// All about it, for those who point at it.
    pub(super) title: String,
    /// The column it is in, from 0.
    pub(super) column: usize,
    /// Whether the frame gets to it.
    pub(super) gets: bool,
    /// What the frame does there.
    pub(super) bands: Vec<Band>,
    /// Where a click on it leads.
    pub(super) link: Option<String>,
}

/// A line of a box with a sign before it.
#[derive(Debug)]
pub(super) struct Band {
    pub(super) sign: Sign,
    pub(super) text: String,
    pub(super) title: String,
}

/// What becomes of the frame; each has a colour and a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// A node gets it.
    Reached,
    /// A node does not.
    Missed,
    /// Nobody can say.
    Unknown,
    /// It gets in here.
    Enters,
    /// It leaves by ports where nobody wants it.
    Flood,
    /// It goes no further.
    Stop,
    /// Nothing.
    None,
}

/// A link.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) ends: [End; 2],
    pub(super) look: Look,
    pub(super) title: String,
}

/// One end of a link.
#[derive(Debug)]
pub(super) struct End {
    /// The part, by its position.
    pub(super) part: usize,
    /// The port; a host's own are not known.
    pub(super) port: Option<String>,
    /// Whether it is a port-channel.
    pub(super) lag: bool,
    /// Whether the frame arrives here.
    pub(super) arrives: bool,
}

/// How a link is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// The frame takes it, towards nodes.
    Way,
    /// The frame takes it, and nobody behind it wants it.
    Flood,
    /// The frame should take it.
    Lost,
    /// The frame does not take it.
    Idle,
    /// It is down.
    Down,
}

/// Finds out what a picture of the cluster of `trace` shows.
pub(super) fn content(fabric: &Fabric<'_>, trace: &Trace, link: &dyn Fn(usize) -> Option<String>) -> Content {
    let mut builder = Builder::new(fabric, trace);
    builder.switches(link);
    builder.links();
    builder.machines();
    builder.finish()
}

pub(super) struct Builder<'b, 'f> {
    pub(super) fabric: &'b Fabric<'f>,
    pub(super) trace: &'b Trace,
    /// The devices shown, in the order of their names.
    devices: Vec<usize>,
    /// The links between them.
    links: Vec<[DevicePort<'b>; 2]>,
    down: Vec<DevicePort<'b>>,
    parts: Vec<Part>,
    wires: Vec<Wire>,
}

impl<'b, 'f> Builder<'b, 'f> {
    fn new(fabric: &'b Fabric<'f>, trace: &'b Trace) -> Self {
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
        let mut devices: Vec<usize> = shown.into_iter().collect();
        let name = |device: &usize| fabric.plan.devices[*device].name.as_str();
        devices.sort_by(|one, other| name::compare(name(one), name(other)));
        let down = trace.what_if.map(|what_if| what_if.down(fabric)).unwrap_or_default();
        Self { fabric, trace, devices, links, down, parts: Vec::new(), wires: Vec::new() }
    }

    fn hop(&self, device: usize) -> Option<&'b Hop> {
        self.trace.switches.iter().find(|hop| hop.device == device)
    }

    fn device_name(&self, device: usize) -> &'b str {
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

    /// The devices that the frame gets in at.
    fn entrances(&self) -> BTreeSet<usize> {
        match self.trace.from {
            From::Gateway(device) => [device].into(),
            From::Vlan => self.fabric.plan.clusters[self.trace.cluster].devices.clone(),
            From::Node(_) => BTreeSet::new(),
        }
    }

    /// How far each of the devices shown is from the gateways; where there is none, from the middle of them.
    fn columns(&self) -> Vec<usize> {
        let survey = &self.fabric.plan.clusters[self.trace.cluster];
        let mut far: Vec<Option<usize>> = vec![None; self.devices.len()];
        let place = |device: usize| self.devices.iter().position(|other| *other == device);
        let mut near: Vec<Vec<usize>> = vec![Vec::new(); self.devices.len()];
        for [(one, _), (other, _)] in &self.links {
            if let (Some(one), Some(other)) = (place(*one), place(*other)) {
                near[one].push(other);
                near[other].push(one);
            }
        }
        let gateways = (0..self.devices.len()).filter(|at| survey.gateways.contains(&self.devices[*at]));
        let mut rim: Vec<usize> = gateways.collect();
        // What no link connects with a gateway stands beside the switches next to one.
        let mut first = 0;
        loop {
            let mut distance = first;
            while !rim.is_empty() {
                rim.iter().for_each(|at| far[*at] = Some(distance));
                distance += 1;
                let mut next: Vec<usize> = rim.iter().flat_map(|at| &near[*at]).copied().collect();
                next.retain(|at| far[*at].is_none());
                next.sort_unstable();
                next.dedup();
                rim = next;
            }
            let left = (0..far.len()).filter(|at| far[*at].is_none());
            let Some(root) = left.max_by_key(|at| (near[*at].len(), std::cmp::Reverse(*at))) else { break };
            first = usize::from(!survey.gateways.is_empty());
            rim = vec![root];
        }
        far.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn switches(&mut self, link: &dyn Fn(usize) -> Option<String>) {
        let entrances = self.entrances();
        let columns = self.columns();
        for (column, device) in columns.into_iter().zip(self.devices.clone()) {
            let plan = &self.fabric.plan.devices[device];
            let survey = &self.fabric.plan.clusters[self.trace.cluster];
            let mut notes = vec![match plan.platform_name() {
                Some(platform) => format!("{} {platform}", plan.pack.name()),
                None => plan.pack.name().to_owned(),
            }];
            if plan.members.len() > 1 {
                notes.push(format!("stack of {}", plan.members.len()));
            }
            if survey.gateways.contains(&device) {
                notes.push("gateway".to_owned());
            }
            if survey.queriers.contains_key(&device) {
                notes.push("querier".to_owned());
            }
            let hop = self.hop(device);
            let mut bands = Vec::new();
            if entrances.contains(&device) {
                let text =
                    if self.trace.from == From::Vlan { "client may be here" } else { "client’s frame" };
                let title = "The frame gets in here".to_owned();
                bands.push(Band { sign: Sign::Enters, text: text.to_owned(), title });
            }
            bands.extend(self.stop(device));
            bands.extend(hop.filter(|hop| hop.is_unknown()).map(|hop| Band {
                sign: Sign::Unknown,
                text: "not known".to_owned(),
                title: hop.decided_by.to_string(),
            }));
            bands.extend(self.flood(device));
            self.parts.push(Part {
                kind: Kind::Switch { members: plan.members.len() },
                name: plan.name.clone(),
                title: format!("{}, {}: {}", plan.name, notes.join(", "), self.does(device)),
                notes: vec![notes.remove(0), notes.join(", ")]
                    .into_iter()
                    .filter(|note| !note.is_empty())
                    .collect(),
                column,
                gets: hop.is_some(),
                bands,
                link: link(device),
            });
        }
    }

    /// What a device does with the frame, in words.
    fn does(&self, device: usize) -> String {
        let Some(hop) = self.hop(device) else { return "does not get the frame".to_owned() };
        let ports = match hop.ports.is_empty() {
            true => "no port".to_owned(),
            false => self.fabric.plan.devices[device].pack.ports.brief(&hop.ports),
        };
        format!("frame to {ports}; {} [{}]", hop.decided_by, hop.evidence)
    }

    fn stop(&self, device: usize) -> Option<Band> {
        let here = |at: Option<usize>| at.is_some_and(|at| self.trace.switches[at].device == device);
        let stopped = self.trace.missed.iter().filter(|missed| here(missed.at)).map(|missed| missed.node);
        let names = self.node_names(stopped);
        let hop = self.hop(device)?;
        let text = match names.as_slice() {
            [] => return None,
            [one] => format!("stops: not to {one}"),
            many => format!("stops: not to {} nodes", many.len()),
        };
        let title = format!("Not passed on to {}: {} [{}]", names.join(", "), hop.decided_by, hop.evidence);
        Some(Band { sign: Sign::Stop, text, title })
    }

    fn flood(&self, device: usize) -> Option<Band> {
        let ports: Vec<PortName> = self.bystanders(device).cloned().collect();
        let text = match ports.len() {
            0 => return None,
            1 => "1 bystander port".to_owned(),
            many => format!("{many} bystander ports"),
        };
        let brief = self.fabric.plan.devices[device].pack.ports.brief(&ports);
        Some(Band { sign: Sign::Flood, text, title: format!("Flooded beside the nodes: {brief}") })
    }

    fn bystanders(&self, device: usize) -> impl Iterator<Item = &'b PortName> {
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

    fn links(&mut self) {
        for [one, other] in self.links.clone() {
            let (Some(mut near), Some(mut far)) = (self.end(one), self.end(other)) else { continue };
            let down = self.is_down(one) || self.is_down(other);
            let there = self.leaves(one) && self.hop(other.0).is_some() && !down;
            let back = self.leaves(other) && self.hop(one.0).is_some() && !down;
            (near.arrives, far.arrives) = (back, there);
            let flooded = there && self.is_bystander(one) || back && self.is_bystander(other);
            let look = match (down, there || back) {
                (true, _) => Look::Down,
                (_, true) if flooded => Look::Flood,
                (_, true) => Look::Way,
                _ => Look::Idle,
            };
            let title = format!("{} to {}: {}", self.end_text(one), self.end_text(other), look.text());
            self.wires.push(Wire { ends: [near, far], look, title });
        }
    }

    fn finish(self) -> Content {
        let cluster = &self.fabric.bound.design.clusters[self.trace.cluster];
        let mac = cluster.mac().to_string().to_lowercase();
        let mode = cluster.mode.value.title();
        let heading = format!("{}: {mode}, {mac}, VLAN {}", *cluster.name, cluster.vlan.value);
        let mut frame = self.source();
        if let Some(what_if) = self.trace.what_if {
            frame.push_str(&format!(", if {}", what_if.text(self.fabric, self.trace.cluster)));
        }
        let (sign, fares) = self.fares();
        let mut told = vec![format!("{frame}: {fares}.")];
        told.extend(
            self.devices
                .iter()
                .map(|device| format!("{}: {}.", self.device_name(*device), self.does(*device))),
        );
        told.extend(
            self.parts
                .iter()
                .flat_map(|part| &part.bands)
                .filter(|band| band.sign == Sign::Flood)
                .map(|band| format!("{}.", band.title)),
        );
        Content { heading, frame, sign, fares, told, parts: self.parts, wires: self.wires }
    }

    fn source(&self) -> String {
        match (self.trace.frame, self.trace.from) {
            (_, From::Gateway(device)) => {
                format!("Client to VIP through gateway {}", self.device_name(device))
            }
            (FrameKind::Client, From::Vlan) => "Client in the VLAN to VIP".to_owned(),
            (FrameKind::Heartbeat, From::Vlan) => "Heartbeat".to_owned(),
            (_, From::Node(node)) => format!("Heartbeat of {}", self.node_name(node)),
        }
    }

    /// How the frame fares, in words that need no colour.
    fn fares(&self) -> (Sign, String) {
        let missed = self.node_names(self.trace.missed.iter().map(|missed| missed.node));
        let mut text = self.trace.verdict.as_str().to_owned();
        if self.trace.is_unknown() {
            text.push_str(" as far as is known");
        }
        text.push_str(&match (missed.as_slice(), self.trace.reached.len()) {
            ([], 0) => ", no node is known to get it".to_owned(),
            ([], 1) => ", 1 node gets it".to_owned(),
            ([], many) => format!(", {many} nodes get it"),
            (_, 0) => ", no node gets it".to_owned(),
            ([one], _) => format!(", {one} is cut off"),
            (many, _) => format!(", {} nodes are cut off", many.len()),
        });
        match self.trace.bystanders.len() {
            0 => {}
            1 => text.push_str(", 1 bystander port"),
            many => text.push_str(&format!(", {many} bystander ports")),
        }
        let sign = match self.trace.verdict {
            crate::forwarding::Verdict::Confined if self.trace.is_unknown() => Sign::Unknown,
            crate::forwarding::Verdict::Confined => Sign::Reached,
            crate::forwarding::Verdict::Flood => Sign::Flood,
            crate::forwarding::Verdict::BlackHole | crate::forwarding::Verdict::Split => Sign::Missed,
        };
        (sign, text)
    }
}

impl Look {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Way => "carries the frame",
            Self::Flood => "carries the frame to bystanders",
            Self::Lost => "should carry the frame and does not",
            Self::Idle => "does not carry the frame",
            Self::Down => "is down",
        }
    }
}
