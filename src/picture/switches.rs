//! The switches of a picture and the links between them.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::content::{Band, End, Kind, Look, Part, Sign, Wire};
use super::name;
use crate::forwarding::From;
use crate::net::port::PortName;

impl Builder<'_, '_> {
    pub(super) fn switches(&mut self, link: &dyn Fn(usize) -> Option<String>) {
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

    /// Puts the switches that only flood the frame into one box.
    pub(super) fn others(&mut self) {
        let count = self.others.len();
        if count == 0 {
            return;
        }
        let column = self.last_column();
        let mut names: Vec<&str> = self.others.iter().map(|device| self.device_name(*device)).collect();
        names.sort_by(|one, other| name::compare(one, other));
        let ports = self.trace.bystanders.iter().filter(|one| self.others.contains(&one.device)).count();
        let title = format!("{count} more switches get the frame: {}", names.join(", "));
        let text = format!("{ports} bystander ports");
        let bands = (ports > 0).then(|| Band { sign: Sign::Flood, text, title: title.clone() });
        self.parts.push(Part {
            kind: Kind::Others,
            name: if count == 1 { "1 more switch".to_owned() } else { format!("{count} more switches") },
            notes: vec!["no way to a node".to_owned()],
            title,
            column,
            gets: true,
            bands: bands.into_iter().collect(),
            link: None,
        });
    }

    pub(super) fn links(&mut self) {
        self.links_to_others();
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

    /// The links of the switches shown to those that stand in one box: one for each switch.
    fn links_to_others(&mut self) {
        for (part, device) in self.devices.clone().into_iter().enumerate() {
            let ends = self.links.iter().flat_map(|[one, other]| [(one, other), (other, one)]);
            let ports: BTreeSet<&PortName> = ends
                .filter(|(near, far)| near.0 == device && self.others.contains(&far.0))
                .map(|(near, _)| near.1)
                .collect();
            if ports.is_empty() {
                continue;
            }
            let flooded = ports.iter().any(|port| self.leaves((device, port)));
            let look = if flooded { Look::Flood } else { Look::Idle };
            let ports: Vec<PortName> = ports.into_iter().cloned().collect();
            let brief = self.fabric.plan.devices[device].pack.ports.brief(&ports);
            let title = format!("{} {brief} to other switches: {}", self.device_name(device), look.text());
            let near = End { part, port: Some(brief), lag: false, arrives: false };
            let far = End { part: self.devices.len(), port: None, lag: false, arrives: flooded };
            self.wires.push(Wire { ends: [near, far], look, title });
        }
    }
}
