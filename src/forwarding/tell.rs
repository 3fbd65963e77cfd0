//! A course of a frame, told: the answer as it is given out.

use std::collections::BTreeMap;

use super::fabric::PortId;
use super::follow::{Course, Fate, Walker};
use super::scene::FrameKind;
use super::trace::{Bystander, Closed, From, Hop, Missed, Trace, Verdict};
use super::what_if::WhatIf;
use crate::net::PortSet;

impl Walker<'_> {
    fn barred(&self, (place, port, protected): (usize, PortId, bool)) -> Closed {
        let device = self.scene.sites[place].device;
        let switch = &self.scene.fabric.devices[device].switch;
        let port = self.scene.fabric.devices[device].name(port);
        let (by, location) = switch.barred(port, protected);
        Closed { device, port: port.clone(), by, location }
    }

    pub(super) fn trace(
        &self,
        kind: FrameKind,
        from: From,
        what_if: Option<WhatIf>,
        course: &Course<'_>,
        differs: bool,
    ) -> Trace {
        let (switches, number) = self.hops(kind, course);
        let of = |wanted: fn(&Fate) -> bool| {
            let found = course.fates.iter().enumerate().filter(move |(_, fate)| wanted(fate));
            found.map(|(node, _)| node).collect::<Vec<_>>()
        };
        let missed = course.fates.iter().enumerate().filter_map(|(node, fate)| match fate {
            Fate::Missed(stop, partly) => Some(Missed {
                node,
                at: stop.at.and_then(|at| number.get(&at).copied()),
                partly: *partly,
                closed: stop.barred.map(|end| self.barred(end)),
            }),
            _ => None,
        });
        let strangers = course.strangers();
        let verdict = match (course.misses(), kind, strangers.is_empty()) {
            (true, FrameKind::Client, _) => Verdict::BlackHole,
            (true, FrameKind::Heartbeat, _) => Verdict::Split,
            (false, _, false) => Verdict::Flood,
            (false, _, true) => Verdict::Confined,
        };
        let bystander = |(place, port): (usize, PortId)| {
            let device = self.scene.sites[place].device;
            Bystander { device, port: self.scene.fabric.devices[device].name(port).clone() }
        };
        Trace {
            cluster: self.scene.cluster,
            frame: kind,
            from,
            what_if,
            differs,
            verdict,
            reached: of(|fate| *fate == Fate::Reached),
            missed: missed.collect(),
            unknown: of(|fate| *fate == Fate::Unknown),
            bystanders: strangers.iter().copied().map(bystander).collect(),
            switches,
        }
    }

    /// The switches that get the frame, the first ones first; and where in that list each place is.
    fn hops(&self, kind: FrameKind, course: &Course<'_>) -> (Vec<Hop>, BTreeMap<usize, usize>) {
        let mut met: Vec<Option<(u32, Vec<PortId>)>> = vec![None; self.scene.sites.len()];
        for (start, spread) in &course.ways {
            for (place, met) in met.iter_mut().enumerate() {
                let Some(far) = spread.far(place) else { continue };
                let (nearest, ports) = met.get_or_insert((far, Vec::new()));
                *nearest = far.min(*nearest);
                spread.ports(place, start.ingress, |port, _| ports.push(port));
            }
        }
        if course.lost
            && let Some((place, _)) = course.gate
        {
            met[place] = Some((0, Vec::new()));
        }
        let mut order: Vec<(u32, usize, Vec<PortId>)> = met
            .into_iter()
            .enumerate()
            .filter_map(|(place, met)| met.map(|(far, ports)| (far, place, ports)))
            .collect();
        order.sort_unstable_by_key(|(far, place, _)| (*far, *place));
        let number = order.iter().enumerate().map(|(at, (_, place, _))| (*place, at)).collect();
        let hop = |(_, place, mut ports): (u32, usize, Vec<PortId>)| {
            ports.sort_unstable();
            ports.dedup();
            let device = self.scene.sites[place].device;
            let gate = course.gate.as_ref().filter(|(at, _)| *at == place).map(|(_, decision)| decision);
            let decision = gate.unwrap_or(&self.scene.handling(place, kind).decision);
            let names = ports.iter().map(|port| self.scene.fabric.devices[device].name(*port).clone());
            Hop {
                device,
                ports: names.collect::<PortSet>(),
                decided_by: decision.by,
                evidence: decision.evidence,
                location: decision.location,
            }
        };
        (order.into_iter().map(hop).collect(), number)
    }
}
