//! What a picture says in words: above it, in its bands, and to those who do not see it.

use super::builder::Builder;
use super::content::{Band, Content, Sign};
use crate::forwarding::{FrameKind, From, Missed};
use crate::net::port::PortName;

impl Builder<'_, '_> {
    pub(super) fn finish(self) -> Content {
        let cluster = &self.fabric.bound.design.clusters[self.trace.cluster];
        let mac = cluster.mac().to_string().to_lowercase();
        let mode = cluster.mode.value.title();
        let heading = format!("{}: {mode}, {mac}, VLAN {}", *cluster.name, cluster.vlan.value);
        let frame = self.frame();
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

    /// The frame, and the condition.
    fn frame(&self) -> String {
        let mut frame = self.source();
        if let Some(what_if) = self.trace.what_if {
            frame.push_str(&format!(", if {}", what_if.text(self.fabric, self.trace.cluster)));
        }
        frame
    }

    /// What a device does with the frame, in words.
    pub(super) fn does(&self, device: usize) -> String {
        let Some(hop) = self.hop(device) else { return "does not get the frame".to_owned() };
        let ports = match hop.ports.is_empty() {
            true => "no port".to_owned(),
            false => self.fabric.plan.devices[device].pack.ports.brief(&hop.ports),
        };
        format!("frame to {ports}; {} [{}]", hop.decided_by, hop.evidence)
    }

    /// The device that a frame does not get past on its way to a node.
    pub(super) fn stopped_at(&self, missed: &Missed) -> Option<usize> {
        let hop = missed.at.map(|at| self.trace.switches[at].device);
        missed.closed.as_ref().map(|closed| closed.device).or(hop)
    }

    pub(super) fn stop(&self, device: usize) -> Option<Band> {
        let missed: Vec<&Missed> =
            self.trace.missed.iter().filter(|missed| self.stopped_at(missed) == Some(device)).collect();
        let names = self.node_names(missed.iter().map(|missed| missed.node));
        let text = match names.as_slice() {
            [] => return None,
            [one] => format!("stops: not to {one}"),
            many => format!("stops: not to {} nodes", many.len()),
        };
        let mut why: Vec<String> = missed.iter().filter_map(|missed| self.why(missed)).collect();
        why.sort();
        why.dedup();
        let title = format!("Not passed on to {}: {}", names.join(", "), why.join("; "));
        Some(Band { sign: Sign::Stop, text, title })
    }

    pub(super) fn flood(&self, device: usize) -> Option<Band> {
        let ports: Vec<PortName> = self.bystanders(device).cloned().collect();
        let text = match ports.len() {
            0 => return None,
            1 => "1 bystander port".to_owned(),
            many => format!("{many} bystander ports"),
        };
        let brief = self.fabric.plan.devices[device].pack.ports.brief(&ports);
        Some(Band { sign: Sign::Flood, text, title: format!("Flooded beside the nodes: {brief}") })
    }

    /// Why a frame does not get to a node.
    fn why(&self, missed: &Missed) -> Option<String> {
        let hop = missed.at.map(|at| &self.trace.switches[at]);
        match &missed.closed {
            Some(closed) => {
                Some(format!("{} {}", self.end_text((closed.device, &closed.port)), closed.by.text()))
            }
            None => hop.map(|hop| format!("{} [{}]", hop.decided_by, hop.evidence)),
        }
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
        let of = |partly: bool| {
            let missed = self.trace.missed.iter().filter(move |missed| missed.partly == partly);
            self.node_names(missed.map(|missed| missed.node))
        };
        let (missed, partly) = (of(false), of(true));
        let mut text = self.trace.verdict.as_str().to_owned();
        if self.trace.is_unknown() {
            text.push_str(" as far as is known");
        }
        text.push_str(&match (missed.as_slice(), self.trace.reached.len() + partly.len()) {
            ([], _) if !partly.is_empty() => String::new(),
            ([], 0) => ", no node is known to get it".to_owned(),
            ([], 1) => ", 1 node gets it".to_owned(),
            ([], many) => format!(", {many} nodes get it"),
            (_, 0) => ", no node gets it".to_owned(),
            ([one], _) => format!(", {one} is cut off"),
            (many, _) => format!(", {} nodes are cut off", many.len()),
        });
        text.push_str(&match partly.as_slice() {
            [] => String::new(),
            [one] => format!(", {one} gets it by some uplinks only"),
            many => format!(", {} nodes get it by some uplinks only", many.len()),
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
