//! Follows the frames of a cluster: as things are, and under every condition that is asked for.

use std::collections::BTreeSet;

use super::fabric::Fabric;
use super::scene::{FrameKind, Scene};
use super::spread::Down;
use super::trace::{From, Trace};
use super::walker::{Course, Fate, Walker};
use super::what_if::{Home, WhatIf, WhatIfKind, home_on, homes, possible};
use crate::design::Clients;

/// Where clients are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Behind the gateway.
    Gateway,
    /// In the VLAN.
    Vlan,
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Only clients on this side, and no heartbeats.
    pub from: Option<Side>,
    /// What else may happen.
    pub what_ifs: BTreeSet<WhatIfKind>,
    /// Whether what may happen is told where it changes nothing, too.
    pub unchanged: bool,
}

impl Question {
    /// Every frame, under every condition, told where a condition changes something.
    pub fn all() -> Self {
        Self { what_ifs: WhatIfKind::ALL.into(), ..Self::default() }
    }
}

/// What becomes of the frames of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The frames: first as things are, then under each condition.
    pub traces: Vec<Trace>,
    /// How many conditions were tried.
    pub tried: usize,
}

impl Answer {
    /// The same without the conditions that change nothing.
    pub fn told(mut self) -> Self {
        self.traces.retain(|trace| trace.what_if.is_none() || trace.differs);
        self.traces.shrink_to_fit();
        self
    }
}

impl Fabric<'_> {
    /// Follows the frames of a cluster.
    pub fn traces(&self, cluster: usize, question: &Question) -> Answer {
        let scene = Scene::new(self, cluster, false);
        let now = homes(&scene);
        let gateways = scene.survey().gateways.iter().copied();
        let active = gateways.min_by_key(|device| self.rank[*device]);
        let frames = frames(&scene, &now, active, question.from);
        let walker = Walker::new(&scene);
        let base: Vec<Course<'_>> =
            frames.iter().map(|(kind, from)| walker.course(*kind, *from, &now, None)).collect();
        let mut traces: Vec<Trace> = frames
            .iter()
            .zip(&base)
            .map(|((kind, from), course)| walker.trace(*kind, *from, None, course, false))
            .collect();
        let wanted = |kind: WhatIfKind| question.what_ifs.contains(&kind);
        let silent = (wanted(WhatIfKind::Querier) && scene.queried).then(|| Scene::new(self, cluster, true));
        let silent_walker = silent.as_ref().map(Walker::new);
        let mut links = BTreeSet::new();
        if wanted(WhatIfKind::Link) {
            base.iter().for_each(|course| walker.links_to_nodes(course, &now, &mut links));
        }
        let possible = possible(&scene, &now, &links, active, &wanted);
        let tried = possible.len();
        for what_if in possible {
            let then = Then::new(&scene, &now, what_if);
            let walker = match (what_if, &silent_walker) {
                (WhatIf::QuerierGone, Some(silent)) => silent,
                _ => &walker,
            };
            for ((kind, from), before) in frames.iter().zip(&base) {
                let from = match (what_if, from) {
                    (WhatIf::FailedOver { to }, From::Gateway(_)) => From::Gateway(to),
                    (WhatIf::FailedOver { .. }, _) => continue,
                    (_, from) => *from,
                };
                let after = walker.after(before, (*kind, from), what_if, &then);
                if after.is_otherwise || question.unchanged {
                    let course =
                        after.course.unwrap_or_else(|| walker.course(*kind, from, &then.homes, then.down));
                    traces.push(walker.trace(*kind, from, Some(what_if), &course, after.is_otherwise));
                }
            }
        }
        Answer { traces, tried }
    }
}

/// The frames of a cluster, and where they come from.
fn frames(
    scene: &Scene<'_, '_>,
    homes: &[Option<Home>],
    active: Option<usize>,
    side: Option<Side>,
) -> Vec<(FrameKind, From)> {
    let clients = scene.design().clients();
    let routed = side.map_or(clients != Clients::SameVlan, |side| side == Side::Gateway);
    let inside = side.map_or(clients != Clients::Routed, |side| side == Side::Vlan);
    let mut frames = Vec::new();
    frames.extend(active.filter(|_| routed).map(|device| (FrameKind::Client, From::Gateway(device))));
    if inside && !scene.sites.is_empty() {
        frames.push((FrameKind::Client, From::Vlan));
    }
    let placed = homes.iter().enumerate().filter(|(_, home)| side.is_none() && home.is_some());
    // A node that is alone has nobody to tell.
    if scene.design().nodes.len() > 1 {
        frames.extend(placed.map(|(node, _)| (FrameKind::Heartbeat, From::Node(node))));
    }
    frames
}

/// What is otherwise under a condition.
struct Then {
    /// Where the nodes are.
    homes: Vec<Option<Home>>,
    /// Those that are elsewhere.
    moved: Vec<usize>,
    /// What nothing goes over.
    down: Option<Down>,
}

impl Then {
    fn new(scene: &Scene<'_, '_>, now: &[Option<Home>], what_if: WhatIf) -> Self {
        let mut then = Self { homes: now.to_vec(), moved: Vec::new(), down: None };
        match what_if {
            WhatIf::Moved { node, host } => {
                then.homes[node] = home_on(scene, host);
                then.moved.push(node);
            }
            WhatIf::UplinkDown { device, port } => {
                let place = scene.place_of(device);
                for (node, home) in then.homes.iter_mut().enumerate() {
                    let Some(home) = home else { continue };
                    let before = home.ports.len();
                    home.ports.retain(|end| Some(end.0) != place || end.1 != port);
                    then.moved.extend((home.ports.len() < before).then_some(node));
                }
                // To others it makes a difference only where it ends a port-channel that two switches share.
                let shared = scene.fabric.pairs.twin(device, port);
                then.down = shared.map(|_| Down::Port(device, port));
            }
            WhatIf::LinkDown { link } => then.down = Some(Down::Link(link)),
            WhatIf::FailedOver { .. } | WhatIf::QuerierGone => {}
        }
        then
    }
}

/// How a frame fares under a condition.
struct After<'w> {
    /// The course, where it had to be found out.
    course: Option<Course<'w>>,
    /// Whether it fares otherwise than before.
    is_otherwise: bool,
}

impl<'w> Walker<'w> {
    /// How a frame fares under a condition, beside how it fares before.
    fn after(
        &self,
        before: &Course<'w>,
        (kind, from): (FrameKind, From),
        what_if: WhatIf,
        then: &Then,
    ) -> After<'w> {
        let is_its = |node: &usize| from == From::Node(*node);
        match what_if {
            WhatIf::LinkDown { link } if !before.depends_on(link) => {
                After { course: None, is_otherwise: false }
            }
            // The frame goes where it went: nobody fares otherwise but the nodes that are elsewhere.
            WhatIf::Moved { .. } | WhatIf::UplinkDown { .. }
                if then.down.is_none() && !then.moved.iter().any(is_its) =>
            {
                let fate = |node: &usize| (*node, self.fate(before, from, &then.homes, *node));
                let fates: Vec<(usize, Fate)> = then.moved.iter().map(fate).collect();
                if fates.iter().all(|(node, fate)| fate.is_like(before.fates[*node])) {
                    return After { course: None, is_otherwise: false };
                }
                let mut course = before.clone();
                fates.into_iter().for_each(|(node, fate)| course.fates[node] = fate);
                After { course: Some(course), is_otherwise: true }
            }
            _ => {
                let course = self.course(kind, from, &then.homes, then.down);
                let is_otherwise = course.differs(before, what_if);
                After { course: Some(course), is_otherwise }
            }
        }
    }
}
