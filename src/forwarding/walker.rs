//! The courses of frames through one scene: where they get in, which nodes get them, and where they stop.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::arp::{Arp, arp};
use super::device::Decision;
use super::fabric::PortId;
use super::scene::{Exit, FrameKind, Scene};
use super::spread::{Down, Kept, Spread, Start};
use super::trace::{From, Hop};
use super::what_if::{Home, Team, WhatIf, WhatIfKind};

/// Where a frame stops: the place of a switch, and a port that a config keeps it from, because it is protected or else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stop {
    pub(super) at: Option<usize>,
    pub(super) barred: Option<(usize, PortId, bool)>,
}

/// What becomes of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Reached,
    /// It does not get the frame; whether it gets it by some of its links.
    Missed(Stop, bool),
    Unknown,
    /// It sends the frame itself.
    Sender,
}

impl Fate {
    /// Whether the node fares alike, wherever the frame stops that it misses.
    pub(super) fn is_like(self, other: Self) -> bool {
        matches!((self, other), (Fate::Missed(..), Fate::Missed(..))) || self == other
    }
}

/// How a frame fares, before it is told.
#[derive(Clone)]
pub(super) struct Course<'w> {
    pub(super) fates: Vec<Fate>,
    pub(super) ways: Vec<(Start, Rc<Spread<'w>>)>,
    /// What the gateway decides before it forwards.
    pub(super) gate: Option<(usize, Decision)>,
    pub(super) lost: bool,
}

impl Course<'_> {
    pub(super) fn misses(&self) -> bool {
        self.fates.iter().any(|fate| matches!(fate, Fate::Missed(..)))
    }

    /// The ports that get it beside the nodes', by place, sorted.
    pub(super) fn strangers(&self) -> Cow<'_, [(usize, PortId)]> {
        match self.ways.as_slice() {
            [] => Cow::Borrowed(&[]),
            [(_, only)] => Cow::Borrowed(only.strangers()),
            several => {
                let all = several.iter().flat_map(|(_, spread)| spread.strangers().iter().copied());
                let mut all: Vec<(usize, PortId)> = all.collect();
                all.sort_unstable();
                all.dedup();
                Cow::Owned(all)
            }
        }
    }

    /// Whether it may fare otherwise without a link.
    pub(super) fn depends_on(&self, link: usize) -> bool {
        self.ways.iter().any(|(_, spread)| spread.depends_on(link))
    }

    /// Whether it fares otherwise than before. Where a link is down, frames that get there by another are none the
    /// worse for it.
    pub(super) fn differs(&self, before: &Course<'_>, what_if: WhatIf) -> bool {
        if !self.fates.iter().zip(&before.fates).all(|(fate, before)| fate.is_like(*before)) {
            return true;
        }
        let same_ways = self.ways.len() == before.ways.len()
            && self.ways.iter().zip(&before.ways).all(|(one, other)| Rc::ptr_eq(&one.1, &other.1));
        what_if.kind() != WhatIfKind::Link && !same_ways && self.strangers() != before.strangers()
    }
}

/// Follows frames through one scene; each way is walked once.
pub(super) struct Walker<'w> {
    pub(super) scene: &'w Scene<'w, 'w>,
    /// The ways as things are, and those while something is down.
    walked: RefCell<[BTreeMap<Key, Rc<Spread<'w>>>; 2]>,
    /// What was told already of a switch and a frame, by the ports it leaves by.
    pub(super) told: RefCell<BTreeMap<(usize, FrameKind), Vec<Told>>>,
}

/// The ports that a frame leaves a switch by, and what was told of that.
type Told = (Vec<PortId>, Arc<Hop>);

/// What a way through the scene depends on: the frame, where it gets in and whether by a protected port, the ports it
/// leaves there by, the link that is down.
type Key = (FrameKind, (usize, bool), Option<Vec<PortId>>, Option<Down>);

impl<'w> Walker<'w> {
    pub(super) fn new(scene: &'w Scene<'w, 'w>) -> Self {
        Self { scene, walked: RefCell::default(), told: RefCell::default() }
    }

    fn spread(&self, kind: FrameKind, start: &Start, down: Option<Down>) -> Rc<Spread<'w>> {
        // A link that the frame does not get to may as well be up, unless its end is that of a port-channel that two
        // switches share.
        if let Some(Down::Link(link)) = down {
            let up = self.spread(kind, start, None);
            let shared = |(device, port)| self.scene.fabric.pairs.twin(device, port).is_some();
            let ends = self.scene.fabric.links[link].ends;
            if !up.crosses(link) && !ends.into_iter().any(shared) {
                return up;
            }
        }
        let protected = &self.scene.sites[start.place].protected;
        let guarded = start.ingress.is_some_and(|port| protected.contains(&port));
        let key = (kind, (start.place, guarded), start.first.clone(), down);
        let mut walked = self.walked.borrow_mut();
        let of = &mut walked[usize::from(down.is_some())];
        // What is down is down for one condition: nobody asks for such a way again once that is over.
        if down.is_some() && of.keys().next().is_some_and(|(.., before)| *before != down) {
            of.clear();
        }
        Rc::clone(of.entry(key).or_insert_with(|| Rc::new(Spread::new(self.scene, kind, start, down))))
    }

    pub(super) fn course(
        &self,
        kind: FrameKind,
        from: From,
        homes: &[Option<Home>],
        down: Option<Down>,
    ) -> Course<'w> {
        let (starts, gate) = self.starts(kind, from, homes);
        let lost = matches!(gate, Some((_, Arp::Lost(_))));
        let gate = gate.and_then(|(place, arp)| match arp {
            Arp::Resolved => None,
            Arp::Unknown(decision) | Arp::OnePort(decision) | Arp::Lost(decision) => Some((place, decision)),
        });
        let ways: Vec<(Start, Rc<Spread<'w>>)> = starts
            .into_iter()
            .map(|start| {
                let spread = self.spread(kind, &start, down);
                (start, spread)
            })
            .collect();
        let mut course = Course { fates: Vec::new(), ways, gate, lost };
        course.fates = (0..homes.len()).map(|node| self.fate(&course, from, homes, node)).collect();
        course
    }

    /// What becomes of a node that a frame goes to on this course.
    pub(super) fn fate(&self, course: &Course<'_>, from: From, homes: &[Option<Home>], node: usize) -> Fate {
        if from == From::Node(node) {
            return Fate::Sender;
        }
        let Some(home) = &homes[node] else { return Fate::Unknown };
        if course.lost {
            let place = course.gate.as_ref().map(|(place, _)| *place);
            let connects = |place| home.ports.iter().any(|(at, _)| self.scene.leads.connects(place, *at));
            let stop = Stop { at: place, barred: None };
            return if place.is_some_and(connects) { Fate::Missed(stop, false) } else { Fate::Unknown };
        }
        let sender = match from {
            From::Node(sender) => homes[sender].as_ref(),
            From::Gateway(_) | From::Vlan => None,
        };
        // Machines on one host hear each other without a switch.
        if sender.is_some_and(|own| own.ports.iter().any(|end| home.ports.contains(end))) {
            return Fate::Reached;
        }
        // What a config closes lets nothing in either.
        if let Some(own) = sender.filter(|_| course.ways.is_empty()) {
            let barred = own.ports.first().map(|(place, port)| (*place, *port, false));
            return Fate::Missed(Stop { at: None, barred }, false);
        }
        self.fate_on(&course.ways, home, sender.is_some_and(|own| own.team == Team::Unstated))
    }

    /// The links by which a frame gets to nodes.
    pub(super) fn links_to_nodes(
        &self,
        course: &Course<'_>,
        homes: &[Option<Home>],
        links: &mut BTreeSet<usize>,
    ) {
        for (_, spread) in &course.ways {
            for (home, _) in homes.iter().flatten().flat_map(|home| &home.ports) {
                let mut place = *home;
                while let Some((from, port)) = spread.came_by(place) {
                    let ways = self.scene.sites[from].ways.iter();
                    links.extend(ways.filter(|way| way.to == place && way.port == port).map(|way| way.link));
                    place = from;
                }
            }
        }
    }

    /// Where the frame gets in: everywhere where it may.
    fn starts(
        &self,
        kind: FrameKind,
        from: From,
        homes: &[Option<Home>],
    ) -> (Vec<Start>, Option<(usize, Arp)>) {
        let scene = self.scene;
        let plain = |place| Start { place, ingress: None, first: None };
        match from {
            From::Gateway(device) => {
                let Some(place) = scene.place_of(device) else { return (Vec::new(), None) };
                let members = &scene.fabric.plan.devices[device].members;
                let vrf = scene.fabric.bound.design.vrf_on(members, scene.design());
                let arp = arp(&scene.fabric.devices[device].switch, scene.design(), vrf.map(|vrf| &**vrf));
                let starts = match &arp {
                    Arp::Lost(_) => Vec::new(),
                    Arp::OnePort(_) => {
                        let site = &scene.sites[place];
                        let out = &scene.handling(place, kind).out;
                        let leads = |exit: &&Exit| {
                            site.homes.contains(&exit.port) || site.ways_at(exit).iter().any(|way| way.leads)
                        };
                        let first = out.iter().find(leads).map(|exit| exit.port).into_iter().collect();
                        vec![Start { first: Some(first), ..plain(place) }]
                    }
                    Arp::Resolved | Arp::Unknown(_) => vec![plain(place)],
                };
                (starts, Some((place, arp)))
            }
            From::Vlan => {
                let survey = scene.survey();
                let devices = survey.node_devices.union(&survey.gateways);
                let mut places: Vec<usize> = devices.filter_map(|device| scene.place_of(*device)).collect();
                places.sort_unstable();
                (places.into_iter().map(plain).collect(), None)
            }
            From::Node(node) => {
                let ends = homes[node].iter().flat_map(|home| &home.ports);
                let open = |(place, port): &&(usize, PortId)| !scene.is_closed(*place, *port);
                let start = |(place, port): &(usize, PortId)| Start {
                    place: *place,
                    ingress: Some(*port),
                    first: None,
                };
                (ends.filter(open).map(start).collect(), None)
            }
        }
    }

    /// What becomes of a node that a frame goes to on these ways. It must get it on each of them, since nobody knows
    /// which is taken; on one of them where even that is not known.
    fn fate_on(&self, ways: &[(Start, Rc<Spread<'_>>)], home: &Home, any: bool) -> Fate {
        let mut reached = false;
        let mut missed: Option<(Stop, bool)> = None;
        for (start, spread) in ways {
            let joined = home.ports.iter().filter(|(at, _)| self.scene.leads.connects(start.place, *at));
            let gets = |(place, port): &&(usize, PortId)| spread.leaves(*place, *port, start.ingress);
            let (mut gets_one, mut lacking) = (false, None);
            for end in joined {
                if gets(&end) {
                    gets_one = true;
                } else {
                    lacking = lacking.or(Some(end));
                }
            }
            let enough = match home.team {
                Team::OneOf => lacking.is_none(),
                Team::Bundle | Team::Unstated => gets_one,
            };
            match lacking {
                None if !gets_one => {}
                Some(end) if !enough => {
                    // To get it by none of its links weighs more than not by all.
                    let partly = gets_one;
                    if missed.is_none_or(|(_, before)| before && !partly) {
                        missed = Some((self.stop(spread, *end), partly));
                    }
                }
                _ => reached = true,
            }
        }
        match (reached, missed) {
            (true, Some(_)) if any => Fate::Reached,
            (_, Some((stop, partly))) => Fate::Missed(stop, partly),
            (true, None) => Fate::Reached,
            (false, None) => Fate::Unknown,
        }
    }

    /// Where a frame stops that does not get to a port: the nearest place that it gets to, and a port on the way that a
    /// config closes.
    fn stop(&self, spread: &Spread<'_>, (goal, port): (usize, PortId)) -> Stop {
        let sites = &self.scene.sites;
        let mut behind: Vec<Option<usize>> = vec![None; sites.len()];
        behind[goal] = Some(goal);
        let mut open = VecDeque::from([goal]);
        while let Some(place) = open.pop_front() {
            if spread.far(place).is_some() {
                let beyond = behind[place].unwrap_or(place);
                return match beyond == place {
                    true => self.stop_at(spread, place, port),
                    false => self.stop_between(spread, place, beyond),
                };
            }
            for way in &sites[place].ways {
                if behind[way.to].is_none() {
                    behind[way.to] = Some(place);
                    open.push_back(way.to);
                }
            }
        }
        Stop::default()
    }

    /// A frame stops before a port of a switch that it gets to.
    fn stop_at(&self, spread: &Spread<'_>, place: usize, port: PortId) -> Stop {
        let kept = spread.keeps_from(place, port);
        if let Some(Kept::Shared { peer }) = kept {
            return Stop { at: Some(peer), barred: None }; // it is for the other switch to send it
        }
        let protected = kept == Some(Kept::Protected);
        let barred = protected || self.scene.is_closed(place, port);
        Stop { at: Some(place), barred: barred.then_some((place, port, protected)) }
    }

    /// A frame stops between two neighbours.
    fn stop_between(&self, spread: &Spread<'_>, place: usize, beyond: usize) -> Stop {
        let ways = self.scene.sites[place].ways.iter().filter(|way| way.to == beyond);
        let mut ways = ways.filter(|way| !spread.is_down(way.link)).peekable();
        if ways.peek().is_none() {
            return Stop::default(); // nothing decided that but the link that is down
        }
        let mut barred = None;
        for way in ways {
            let ends = [(place, way.port), (beyond, way.to_port)];
            let closed = ends.into_iter().find(|(place, port)| self.scene.is_closed(*place, *port));
            let kept = spread.keeps_from(place, way.port);
            if let Some(Kept::Shared { peer }) = kept {
                return Stop { at: Some(peer), barred: None };
            }
            let protected = kept.map(|_| (place, way.port));
            match (closed, protected) {
                (Some((at, port)), _) => barred = barred.or(Some((at, port, false))),
                (None, Some((at, port))) => barred = barred.or(Some((at, port, true))),
                (None, None) => return Stop { at: Some(place), barred: None },
            }
        }
        Stop { at: Some(place), barred }
    }
}
