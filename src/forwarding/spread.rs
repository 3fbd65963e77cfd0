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
    /// How it gets to each place.
    arrivals: Vec<Arrival>,
    /// Found when they are asked for: where a link is down, mostly nobody does.
    strangers: OnceCell<Vec<(usize, PortId)>>,
}

/// How a frame gets to a place.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    /// How many links away from the start it is; [`NEVER`] where it does not get there.
    far: u32,
    /// By which place and port: the first of several.
    by: (u32, PortId),
    /// Whether by protected ports only.
    guarded: bool,
    /// Whether from the other switch of the place's pair only.
    from_peer: bool,
}

const NEVER: u32 = u32::MAX;
const NOBODY: (u32, PortId) = (u32::MAX, PortId::MAX);

impl Arrival {
    const NONE: Self = Self { far: NEVER, by: NOBODY, guarded: false, from_peer: false };
}

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
            arrivals: vec![Arrival::NONE; count],
            strangers: OnceCell::new(),
        };
        let protected = &scene.sites[start.place].protected;
        let guarded = start.ingress.is_some_and(|port| protected.contains(&port));
        spread.arrivals[start.place] = Arrival { far: 0, guarded, ..Arrival::NONE };
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
        let arrival = &mut self.arrivals[way.to];
        let fresh = arrival.far == NEVER;
        if fresh {
            arrival.far = distance;
        }
        if arrival.far == distance {
            let guarded = self.scene.sites[way.to].protected.contains(&way.to_port);
            arrival.guarded = guarded && (fresh || arrival.guarded);
            arrival.from_peer = way.peer && (fresh || arrival.from_peer);
            arrival.by = (place as u32, way.port).min(arrival.by);
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
        Some(self.arrivals[place].far).filter(|far| *far != NEVER)
    }

    /// The place and port from which a place gets the frame; `None` at the start, and where it does not get it.
    pub(super) fn came_by(&self, place: usize) -> Option<(usize, PortId)> {
        let (from, port) = self.arrivals[place].by;
        (from != NOBODY.0).then_some((from as usize, port))
    }

    fn lets_out(&self, place: usize, port: PortId) -> bool {
        self.out(place).binary_search_by_key(&port, |exit| exit.port).is_ok()
    }

    /// Whether a frame goes over the link, or would if it were not there already.
    pub(super) fn crosses(&self, link: usize) -> bool {
        let ends = self.scene.fabric.links[link].ends;
        ends.into_iter().any(|(device, port)| {
            let place = self.scene.place_of(device).filter(|place| self.far(*place).is_some());
            place.is_some_and(|place| self.lets_out(place, port))
        })
    }

    /// Whether it may get to other places, or to the same by other ways, without the link: it is the one by which it
    /// gets to one of its ends, or there are ports that do not let everything out.
    pub(super) fn depends_on(&self, link: usize) -> bool {
        let [one, other] = self.scene.fabric.links[link].ends;
        let brings = |(device, port): (usize, PortId), to: usize| {
            let places = self.scene.place_of(device).zip(self.scene.place_of(to));
            places.is_some_and(|(from, to)| self.came_by(to) == Some((from, port)))
        };
        self.scene.is_selective || brings(one, other.0) || brings(other, one.0)
    }

    /// Whether nothing goes over the link.
    pub(super) fn is_down(&self, link: usize) -> bool {
        self.down == Some(Down::Link(link))
    }

    /// Why the frame does not leave a switch by a port that its handling has, if so.
    pub(super) fn keeps_from(&self, place: usize, port: PortId) -> Option<Kept> {
        let Arrival { guarded, from_peer, .. } = self.arrivals[place];
        if guarded && self.scene.sites[place].protected.contains(&port) {
            return Some(Kept::Protected);
        }
        if from_peer { self.kept_for_peer(place, port) } else { None }
    }

    fn kept_for_peer(&self, place: usize, port: PortId) -> Option<Kept> {
        let scene = self.scene;
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
        self.far(place).is_some()
            && self.lets_out(place, port)
            && self.keeps_from(place, port).is_none()
            && !(place == self.start && ingress == Some(port))
    }

    /// The ports it leaves a switch by that it gets to, and for each whether it is a new one: not towards where the frame
    /// has been, and of several towards one switch the first.
    pub(super) fn ports(&self, place: usize, ingress: Option<PortId>, mut take: impl FnMut(PortId, Leaving)) {
        let Some(far) = self.far(place) else { return };
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
                let arrival = &self.arrivals[way.to];
                if way.open && !self.is_down(way.link) && arrival.far != NEVER && arrival.far > far {
                    let first = arrival.by == (place as u32, port);
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
