//! How far a frame gets: from one switch over all links that it leaves by. Each switch passes it on once, however many
//! ways lead there.

use std::cell::OnceCell;

use super::fabric::PortId;
use super::scene::{Exit, FrameKind, Scene, Way};

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
pub(super) struct Spread<'w> {
    scene: &'w Scene<'w, 'w>,
    kind: FrameKind,
    start: usize,
    first: Option<Vec<Exit>>,
    down: Option<Down>,
    /// How many links away from the start each place is that gets it; [`NEVER`] where it does not get.
    far: Vec<u32>,
    /// By which place and port each gets it: the first of several.
    by: Vec<(u32, PortId)>,
    /// The places that it gets to by protected ports only.
    guarded: Vec<bool>,
    /// The places that it gets to from the other switch of their pair only.
    from_peer: Vec<bool>,
    /// Found when they are asked for: where a link is down, mostly nobody does.
    strangers: OnceCell<Vec<(usize, PortId)>>,
}

const NEVER: u32 = u32::MAX;
const NOBODY: (u32, PortId) = (u32::MAX, PortId::MAX);

impl<'w> Spread<'w> {
    /// Sends a frame off; over what is `down` nothing goes.
    pub(super) fn new(scene: &'w Scene<'w, 'w>, kind: FrameKind, start: &Start, down: Option<Down>) -> Self {
        let count = scene.sites.len();
        let mut spread = Self {
            scene,
            kind,
            start: start.place,
            first: start.first.as_ref().map(|first| {
                let site = &scene.sites[start.place];
                first.iter().map(|port| site.exit(*port)).collect()
            }),
            down,
            far: vec![NEVER; count],
            by: vec![NOBODY; count],
            guarded: vec![false; count],
            from_peer: vec![false; count],
            strangers: OnceCell::new(),
        };
        spread.far[start.place] = 0;
        spread.guarded[start.place] =
            start.ingress.is_some_and(|port| scene.sites[start.place].protected.contains(&port));
        spread.walk();
        spread
    }

    fn walk(&mut self) {
        let scene = self.scene;
        let first = self.first.take();
        let mut rim = vec![self.start];
        let mut distance = 0;
        while !rim.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for place in rim {
                let site = &scene.sites[place];
                let out = first.as_ref().filter(|_| place == self.start);
                for exit in out.unwrap_or(&scene.handling(place, self.kind).out) {
                    let ways = site.ways_at(exit);
                    if ways.is_empty() || self.keeps_from(place, exit.port).is_some() {
                        continue;
                    }
                    for way in ways {
                        if way.open && !self.is_down(way.link) && self.arrives(place, way, distance) {
                            next.push(way.to);
                        }
                    }
                }
            }
            rim = next;
        }
        self.first = first;
    }

    /// Lets the frame arrive over a link from `place`; whether it is the first that gets there.
    fn arrives(&mut self, place: usize, way: &Way, distance: u32) -> bool {
        let far = &mut self.far[way.to];
        let fresh = *far == NEVER;
        if fresh {
            *far = distance;
        }
        if *far == distance {
            let guarded = self.scene.sites[way.to].protected.contains(&way.to_port);
            self.guarded[way.to] = guarded && (fresh || self.guarded[way.to]);
            self.from_peer[way.to] = way.peer && (fresh || self.from_peer[way.to]);
            let by = &mut self.by[way.to];
            *by = (place as u32, way.port).min(*by);
        }
        fresh
    }

    /// The ports it leaves by that lead to no node and no gateway of the cluster, by place, sorted.
    pub(super) fn strangers(&self) -> &[(usize, PortId)] {
        self.strangers.get_or_init(|| self.find_strangers())
    }

    fn find_strangers(&self) -> Vec<(usize, PortId)> {
        let mut found = Vec::new();
        for (place, site) in self.scene.sites.iter().enumerate() {
            self.ports(place, None, |port, leaving| {
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

    fn out(&self, place: usize) -> &[Exit] {
        match &self.first {
            Some(first) if place == self.start => first,
            _ => &self.scene.handling(place, self.kind).out,
        }
    }

    /// How many links away the place is, where the frame gets there.
    pub(super) fn far(&self, place: usize) -> Option<u32> {
        Some(self.far[place]).filter(|far| *far != NEVER)
    }

    /// The place and port from which a place gets the frame; `None` at the start, and where it does not get it.
    pub(super) fn came_by(&self, place: usize) -> Option<(usize, PortId)> {
        let (from, port) = self.by[place];
        (from != NOBODY.0).then_some((from as usize, port))
    }

    fn lets_out(&self, place: usize, port: PortId) -> bool {
        self.out(place).binary_search_by_key(&port, |exit| exit.port).is_ok()
    }

    /// Whether a frame goes over the link, or would if it were not there already.
    pub(super) fn crosses(&self, link: usize) -> bool {
        let ends = self.scene.fabric.links[link].ends;
        ends.into_iter().any(|(device, port)| {
            let place = self.scene.place_of(device).filter(|place| self.far[*place] != NEVER);
            place.is_some_and(|place| self.lets_out(place, port))
        })
    }

    /// Whether nothing goes over the link.
    pub(super) fn is_down(&self, link: usize) -> bool {
        self.down == Some(Down::Link(link))
    }

    /// Why the frame does not leave a switch by a port that its handling has, if so.
    pub(super) fn keeps_from(&self, place: usize, port: PortId) -> Option<Kept> {
        let scene = self.scene;
        if self.guarded[place] && scene.sites[place].protected.contains(&port) {
            return Some(Kept::Protected);
        }
        if !self.from_peer[place] {
            return None;
        }
        let fabric = scene.fabric;
        let twin = fabric.pairs.twin(scene.sites[place].device, port)?;
        let up = match self.down {
            None => true,
            Some(Down::Link(link)) => !fabric.links[link].ends.contains(&twin),
            Some(Down::Port(device, port)) => twin != (device, port),
        };
        let (device, port) = twin;
        let peer = scene.place_of(device).filter(|peer| up && !scene.is_closed(*peer, port))?;
        Some(Kept::Shared { peer })
    }

    /// Whether the frame, which came by `ingress` at the start, leaves the switch at `place` by a port behind which no
    /// other switch is.
    pub(super) fn leaves(&self, place: usize, port: PortId, ingress: Option<PortId>) -> bool {
        self.far[place] != NEVER
            && self.lets_out(place, port)
            && self.keeps_from(place, port).is_none()
            && !(place == self.start && ingress == Some(port))
    }

    /// The ports it leaves a switch by that it gets to, and for each whether it is a new one: not towards where the frame
    /// has been, and of several towards one switch the first.
    pub(super) fn ports(&self, place: usize, ingress: Option<PortId>, mut take: impl FnMut(PortId, Leaving)) {
        let far = self.far[place];
        if far == NEVER {
            return;
        }
        let site = &self.scene.sites[place];
        for exit in self.out(place) {
            let port = exit.port;
            let own = place == self.start && ingress == Some(port);
            if own || self.keeps_from(place, port).is_some() {
                continue;
            }
            let ways = site.ways_at(exit);
            let mut ahead = None;
            for way in ways {
                if way.open && !self.is_down(way.link) && self.far[way.to] != NEVER && self.far[way.to] > far
                {
                    let first = self.by[way.to] == (place as u32, port);
                    let leads = way.leads;
                    let seen = ahead.get_or_insert(Leaving::Link { leads: false, first: false });
                    if let Leaving::Link { leads: any_leads, first: any_first } = seen {
                        (*any_leads, *any_first) = (*any_leads || leads, *any_first || first);
                    }
                }
            }
            match (ways.is_empty(), ahead) {
                (true, _) => take(port, Leaving::Edge),
                (false, Some(link)) => take(port, link),
                (false, None) => {}
            }
        }
    }
}

/// What nothing goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Down {
    /// A link between two switches.
    Link(usize),
    /// A port of a device behind which is a host.
    Port(usize, PortId),
}

/// Why a frame does not leave by a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is protected, and so is the one that the frame came by.
    Protected,
    /// The other switch of the pair sends it over the same port-channel.
    Shared {
        /// The place of the other switch.
        peer: usize,
    },
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
