//! A course of a frame, told: the answer as it is given out.

use std::sync::Arc;

use super::device::Decision;
use super::fabric::PortId;
use super::scene::FrameKind;
use super::trace::{Bystander, Closed, From, Hop, Missed, Trace, Verdict};
use super::walker::{Course, Fate, Walker};
use super::what_if::WhatIf;

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
        let (switches, places) = self.hops(kind, course);
        let of = |wanted: fn(&Fate) -> bool| {
            let found = course.fates.iter().enumerate().filter(move |(_, fate)| wanted(fate));
            found.map(|(node, _)| node).collect::<Vec<_>>()
        };
        let missed = course.fates.iter().enumerate().filter_map(|(node, fate)| match fate {
            Fate::Missed(stop, partly) => Some(Missed {
                node,
                at: stop.at.and_then(|at| places.iter().position(|place| *place == at)),
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

    /// The switches that get the frame, the first ones first; and the place of each.
    fn hops(&self, kind: FrameKind, course: &Course<'_>) -> (Vec<Arc<Hop>>, Vec<usize>) {
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
        let met = met.into_iter().enumerate();
        let mut order: Vec<(u32, usize, Vec<PortId>)> =
            met.filter_map(|(place, met)| met.map(|(far, ports)| (far, place, ports))).collect();
        order.sort_unstable_by_key(|(far, place, _)| (*far, *place));
        let places = order.iter().map(|(_, place, _)| *place).collect();
        let several = course.ways.len() > 1;
        let hop = |(_, place, mut ports): (u32, usize, Vec<PortId>)| {
            if several {
                ports.sort_unstable();
                ports.dedup();
            }
            match course.gate.as_ref().filter(|(at, _)| *at == place) {
                Some((_, decision)) => Arc::new(self.hop(place, &ports, decision)),
                None => self.shared_hop(kind, place, ports),
            }
        };
        (order.into_iter().map(hop).collect(), places)
    }

    /// What a switch does with a frame that leaves it by `ports`.
    fn shared_hop(&self, kind: FrameKind, place: usize, ports: Vec<PortId>) -> Arc<Hop> {
        let mut told = self.told.borrow_mut();
        let known = told.entry((place, kind)).or_default();
        if let Some((_, hop)) = known.iter().find(|(of, _)| *of == ports) {
            return Arc::clone(hop);
        }
        let hop = Arc::new(self.hop(place, &ports, &self.scene.handling(place, kind).decision));
        known.push((ports, Arc::clone(&hop)));
        hop
    }

    fn hop(&self, place: usize, ports: &[PortId], decision: &Decision) -> Hop {
        let device = self.scene.sites[place].device;
        let names = ports.iter().map(|port| self.scene.fabric.devices[device].name(*port).clone());
        Hop {
            device,
            ports: names.collect(),
            decided_by: decision.by,
            evidence: decision.evidence,
            location: decision.location,
        }
    }
}
