//! How far a frame gets: from one switch over all links that it leaves by. Each switch passes it on once, however many
//! ways lead there.

use super::fabric::PortId;
use super::scene::{FrameKind, Scene};

/// Where a frame gets in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Start {
    /// The place of the switch.
    pub(super) place: usize,
    /// The port it comes by; `None` where the switch routes it itself, or the client's port is not known.
    pub(super) ingress: Option<PortId>,
    /// The ports it leaves this switch by, where these are others than for any frame of the kind.
    pub(super) first: Option<Vec<PortId>>,
}

/// How far a frame gets.
#[derive(Debug)]
pub(super) struct Spread {
    kind: FrameKind,
    start: usize,
    first: Option<Vec<PortId>>,
    down: Option<usize>,
    /// How many links away from the start each place is that gets it.
    far: Vec<Option<u32>>,
    /// By which place and port each gets it: the first of several.
    by: Vec<Option<(usize, PortId)>>,
    /// The places that it gets to by protected ports only.
    guarded: Vec<bool>,
    /// The ports it leaves by that lead to no node and no gateway of the cluster, by place, sorted.
    pub(super) strangers: Vec<(usize, PortId)>,
}

impl Spread {
    /// Sends a frame off; over the link `down` nothing goes.
    pub(super) fn new(scene: &Scene<'_, '_>, kind: FrameKind, start: &Start, down: Option<usize>) -> Self {
        let count = scene.sites.len();
        let mut spread = Self {
            kind,
            start: start.place,
            first: start.first.clone(),
            down,
            far: vec![None; count],
            by: vec![None; count],
            guarded: vec![false; count],
            strangers: Vec::new(),
        };
        spread.far[start.place] = Some(0);
        spread.guarded[start.place] =
            start.ingress.is_some_and(|port| scene.sites[start.place].protected.contains(&port));
        let mut rim = vec![start.place];
        let mut distance = 0;
        while !rim.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for place in rim {
                let out = match &start.first {
                    Some(first) if place == start.place => first,
                    _ => &scene.handling(place, kind).out,
                };
                let kept = if spread.guarded[place] { &*scene.sites[place].protected } else { &[] };
                let ways = scene.sites[place].ways.iter().filter(|way| way.open && Some(way.link) != down);
                let leaves = |port: &PortId| out.binary_search(port).is_ok() && !kept.contains(port);
                for way in ways.filter(|way| leaves(&way.port)) {
                    let far = &mut spread.far[way.to];
                    let fresh = far.is_none();
                    if fresh {
                        *far = Some(distance);
                        next.push(way.to);
                    }
                    if *far == Some(distance) {
                        let guarded = scene.sites[way.to].protected.contains(&way.to_port);
                        spread.guarded[way.to] = guarded && (fresh || spread.guarded[way.to]);
                        let here = (place, way.port);
                        let by = &mut spread.by[way.to];
                        *by = Some(by.map_or(here, |known| known.min(here)));
                    }
                }
            }
            rim = next;
        }
        spread.strangers = spread.find_strangers(scene);
        spread
    }

    fn find_strangers(&self, scene: &Scene<'_, '_>) -> Vec<(usize, PortId)> {
        let mut found = Vec::new();
        for (place, site) in scene.sites.iter().enumerate() {
            self.ports(scene, place, None, |port, leaving| {
                let strange = match leaving {
                    Leaving::Edge => site.homes.binary_search(&port).is_err(),
                    Leaving::Link { leads, first } => first && !leads,
                };
                if strange {
                    found.push((place, port));
                }
            });
        }
        found
    }

    fn out<'s>(&'s self, scene: &'s Scene<'_, '_>, place: usize) -> &'s [PortId] {
        match &self.first {
            Some(first) if place == self.start => first,
            _ => &scene.handling(place, self.kind).out,
        }
    }

    /// How many links away the place is, where the frame gets there.
    pub(super) fn far(&self, place: usize) -> Option<u32> {
        self.far[place]
    }

    /// Whether nothing goes over the link.
    pub(super) fn is_down(&self, link: usize) -> bool {
        self.down == Some(link)
    }

    /// Whether the frame does not leave a switch by a port because that and the one it came by are protected.
    pub(super) fn keeps_from(&self, scene: &Scene<'_, '_>, place: usize, port: PortId) -> bool {
        self.guarded[place] && scene.sites[place].protected.contains(&port)
    }

    /// Whether the frame, which came by `ingress` at the start, leaves the switch at `place` by a port behind which no
    /// other switch is.
    pub(super) fn leaves(
        &self,
        scene: &Scene<'_, '_>,
        place: usize,
        port: PortId,
        ingress: Option<PortId>,
    ) -> bool {
        self.far[place].is_some()
            && self.out(scene, place).binary_search(&port).is_ok()
            && !self.keeps_from(scene, place, port)
            && !(place == self.start && ingress == Some(port))
    }

    /// The ports it leaves a switch by that it gets to, and for each whether it is a new one: not towards where the frame
    /// has been, and of several towards one switch the first.
    pub(super) fn ports(
        &self,
        scene: &Scene<'_, '_>,
        place: usize,
        ingress: Option<PortId>,
        mut take: impl FnMut(PortId, Leaving),
    ) {
        let Some(far) = self.far[place] else { return };
        let site = &scene.sites[place];
        for port in self.out(scene, place) {
            let own = place == self.start && ingress == Some(*port);
            if own || self.keeps_from(scene, place, *port) {
                continue;
            }
            let from = site.ways.partition_point(|way| way.port < *port);
            let ways = site.ways[from..].iter().take_while(|way| way.port == *port);
            let mut linked = false;
            let mut ahead = None;
            for way in ways {
                linked = true;
                if way.open && Some(way.link) != self.down && self.far[way.to].is_some_and(|to| to > far) {
                    let first = self.by[way.to] == Some((place, *port));
                    let leads = way.leads;
                    let seen = ahead.get_or_insert(Leaving::Link { leads: false, first: false });
                    if let Leaving::Link { leads: any_leads, first: any_first } = seen {
                        (*any_leads, *any_first) = (*any_leads || leads, *any_first || first);
                    }
                }
            }
            match (linked, ahead) {
                (false, _) => take(*port, Leaving::Edge),
                (true, Some(link)) => take(*port, link),
                (true, None) => {}
            }
        }
    }
}

/// What a frame leaves by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// A port behind which the design has no switch.
    Edge,
    /// A link.
    Link {
        /// Whether a node or a gateway is that way.
        leads: bool,
        /// Whether it is the one that takes the frame there, where several do.
        first: bool,
    },
}
