//! One cluster in its VLAN: the switches its frames can get to, and what each of them does with them.

use std::ops::Range;

use super::device::{Decision, Egress, Plane, decide};
use super::fabric::{Fabric, PortId};
use super::frame::Frame;
use crate::design::Cluster;
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::plan::{ClusterPlan, Leads};

/// A link as a switch of the scene sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// The link's number in the fabric.
    pub(super) link: usize,
    /// The port here.
    pub(super) port: PortId,
    /// The place of the switch at the other end.
    pub(super) to: usize,
    /// The port there.
    pub(super) to_port: PortId,
    /// Whether a node or a gateway of the cluster is that way.
    pub(super) leads: bool,
    /// Whether frames of the VLAN pass it: a config may take either end out, or shut it.
    pub(super) open: bool,
    /// Whether it is the link between two switches that share port-channels.
    pub(super) peer: bool,
}

/// A switch of the scene.
#[derive(Debug)]
pub(super) struct Site {
    /// The device.
    pub(super) device: usize,
    /// Its ports in the VLAN, sorted.
    pub(super) ports: Vec<PortId>,
    /// Its links in the VLAN, by port.
    pub(super) ways: Vec<Way>,
    /// The ports behind which a node is or may be, sorted.
    pub(super) homes: Vec<PortId>,
    /// Those that exchange no frames with each other.
    pub(super) protected: Vec<PortId>,
    /// The ports behind which nodes report their group, sorted.
    joined: Vec<PortId>,
    /// The ports behind which somebody asks for reports, sorted.
    asked: Vec<PortId>,
}

/// A port that a frame leaves by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exit {
    pub(super) port: PortId,
    /// The links at it, by their place among those of the switch.
    ways: Range<u32>,
}

impl Site {
    /// `port` as one that a frame leaves by.
    pub(super) fn exit(&self, port: PortId) -> Exit {
        let from = self.ways.partition_point(|way| way.port < port);
        let count = self.ways[from..].iter().take_while(|way| way.port == port).count();
        Exit { port, ways: from as u32..(from + count) as u32 }
    }

    /// The links at a port.
    pub(super) fn ways_at(&self, exit: &Exit) -> &[Way] {
        &self.ways[exit.ways.start as usize..exit.ways.end as usize]
    }
}

/// What a switch does with a frame of the cluster, by the numbers of its ports.
#[derive(Debug, Clone)]
pub(super) struct Handling {
    /// What decided.
    pub(super) decision: Decision,
    /// The ports the frame leaves by, sorted; the way it came is not taken out.
    pub(super) out: Vec<Exit>,
}

/// Which frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FrameKind {
    /// From a client to a VIP.
    Client,
    /// From a node to the others.
    Heartbeat,
}

/// A cluster in its VLAN.
#[derive(Debug)]
pub(super) struct Scene<'s, 'f> {
    pub(super) fabric: &'s Fabric<'f>,
    /// The cluster, by its position in the design.
    pub(super) cluster: usize,
    /// The switches, by the rank of their names.
    pub(super) sites: Vec<Site>,
    /// The place of each device of the fabric.
    place_of: Vec<Option<usize>>,
    pub(super) leads: Leads,
    /// Whether what a switch lets out depends on where it comes from: it has protected ports, or shares port-channels
    /// with another.
    pub(super) is_selective: bool,
    /// Whether there is a querier in the VLAN.
    pub(super) queried: bool,
    /// What each switch does with a client's frame, and with a heartbeat.
    handlings: [Vec<Handling>; 2],
}

impl<'s, 'f> Scene<'s, 'f> {
    /// The scene of a cluster; with `silent`, nobody asks for reports in its VLAN.
    pub(super) fn new(fabric: &'s Fabric<'f>, cluster: usize, silent: bool) -> Self {
        let survey = &fabric.plan.clusters[cluster];
        let vlan = fabric.bound.design.clusters[cluster].vlan.value;
        let mut devices = survey.devices.clone();
        let mut open: Vec<usize> = devices.iter().copied().collect();
        while let Some(device) = open.pop() {
            open.extend(fabric.ends_in(device, vlan).map(|end| end.to).filter(|to| devices.insert(*to)));
        }
        let mut devices: Vec<usize> = devices.into_iter().collect();
        devices.sort_by_key(|device| fabric.rank[*device]);
        let mut place_of = vec![None; fabric.devices.len()];
        for (place, device) in devices.iter().enumerate() {
            place_of[*device] = Some(place);
        }
        let goal = |device: &usize| survey.node_devices.contains(device) || survey.gateways.contains(device);
        let mut sites: Vec<Site> = devices
            .iter()
            .map(|device| {
                let way = |end: &super::fabric::End| {
                    let to = place_of[end.to]?;
                    let open = fabric.is_open(*device, end, vlan);
                    let peer = fabric.pairs.are_peers(*device, end.to);
                    let (link, port, to_port) = (end.link, end.port, end.to_port);
                    Some(Way { link, port, to, to_port, leads: false, open, peer })
                };
                let mut homes: Vec<PortId> = survey
                    .places
                    .iter()
                    .filter(|place| place.device == *device)
                    .filter_map(|place| fabric.devices[*device].port(&place.port))
                    .collect();
                homes.sort_unstable();
                homes.dedup();
                let this = &fabric.devices[*device];
                let protected = this.switch.protected.iter().filter_map(|port| this.port(port)).collect();
                Site {
                    device: *device,
                    ports: fabric.ports_in(*device, vlan),
                    ways: fabric.ends_in(*device, vlan).filter_map(way).collect(),
                    homes,
                    protected,
                    joined: Vec::new(),
                    asked: Vec::new(),
                }
            })
            .collect();
        let neighbours: Vec<Vec<usize>> =
            sites.iter().map(|site| site.ways.iter().map(|way| way.to).collect()).collect();
        let leads = Leads::new(&neighbours, |place| goal(&devices[place]));
        for (place, site) in sites.iter_mut().enumerate() {
            for way in &mut site.ways {
                way.leads = leads.leads(place, way.to);
            }
        }
        let is_selective =
            sites.iter().any(|site| !site.protected.is_empty() || site.ways.iter().any(|way| way.peer));
        let mut scene = Self {
            fabric,
            cluster,
            sites,
            place_of,
            leads,
            is_selective,
            queried: false,
            handlings: [Vec::new(), Vec::new()],
        };
        if !silent {
            scene.hear_reports();
        }
        scene.decide();
        scene
    }

    /// The cluster.
    pub(super) fn design(&self) -> &'f Cluster {
        &self.fabric.bound.design.clusters[self.cluster]
    }

    /// What the plan found out about it.
    pub(super) fn survey(&self) -> &'f ClusterPlan {
        &self.fabric.plan.clusters[self.cluster]
    }

    /// The place of a device, where the cluster's VLAN gets to it.
    pub(super) fn place_of(&self, device: usize) -> Option<usize> {
        self.place_of[device]
    }

    /// Whether a config takes a port out of the VLAN, or shuts it.
    pub(super) fn is_closed(&self, place: usize, port: PortId) -> bool {
        let device = &self.fabric.devices[self.sites[place].device];
        !device.is_open(port, self.design().vlan.value.get())
    }

    /// What the switch at `place` does with a frame.
    pub(super) fn handling(&self, place: usize, kind: FrameKind) -> &Handling {
        &self.handlings[kind as usize][place]
    }

    /// Who hears the nodes' reports, and where queries come from. A report goes from the node's switch to those that
    /// ask; the switches in between hear it.
    fn hear_reports(&mut self) {
        let vlan = self.design().vlan.value.get();
        let survey = self.survey();
        let switch = |site: &Site| &self.fabric.devices[site.device].switch;
        // A querier that the design states is one, even where the lines that make it are not found in its config.
        let stated = |site: &Site| survey.querier_stated && survey.queriers.contains_key(&site.device);
        let queries = |site: &Site| switch(site).queries(vlan) || stated(site);
        self.queried = self.sites.iter().any(queries);
        let asks = |site: &Site| queries(site) || !switch(site).router_ports_in(vlan).is_empty();
        let asking: Vec<usize> = (0..self.sites.len()).filter(|place| asks(&self.sites[*place])).collect();
        if self.design().mode.value != Mode::IgmpMulticast {
            // Nobody reports; where router ports get multicast, they still matter.
            for querier in asking {
                self.hear_queries(querier);
            }
            return;
        }
        for querier in asking {
            let far = self.hear_queries(querier);
            let mut reporting: Vec<usize> =
                (0..self.sites.len()).filter(|place| !self.sites[*place].homes.is_empty()).collect();
            let mut told = vec![false; self.sites.len()];
            while let Some(place) = reporting.pop() {
                if std::mem::replace(&mut told[place], true) {
                    continue;
                }
                let homes = self.sites[place].homes.clone();
                self.sites[place].joined.extend(homes);
                let Some(distance) = far[place] else { continue };
                let up: Vec<usize> =
                    self.sites[place].ways.iter().filter(|way| way.open).map(|way| way.to).collect();
                for above in up.into_iter().filter(|to| far[*to].is_some_and(|far| far < distance)) {
                    let back = self.sites[above].ways.iter().filter(|way| way.open && way.to == place);
                    let back: Vec<PortId> = back.map(|way| way.port).collect();
                    self.sites[above].joined.extend(back);
                    reporting.push(above);
                }
            }
        }
        for site in &mut self.sites {
            site.joined.sort_unstable();
            site.joined.dedup();
        }
    }

    /// Has every switch hear the queries of the one at `querier`; gives how far each is from it.
    fn hear_queries(&mut self, querier: usize) -> Vec<Option<usize>> {
        let mut far = vec![None; self.sites.len()];
        far[querier] = Some(0);
        let mut rim = vec![querier];
        let mut distance = 0;
        while !rim.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for place in rim {
                for way in self.sites[place].ways.iter().filter(|way| way.open) {
                    if far[way.to].is_none() {
                        far[way.to] = Some(distance);
                        next.push(way.to);
                    }
                }
            }
            rim = next;
        }
        for (place, site) in self.sites.iter_mut().enumerate() {
            let nearer = |way: &&Way| {
                way.open && matches!((far[way.to], far[place]), (Some(to), Some(own)) if to < own)
            };
            let asked: Vec<PortId> = site.ways.iter().filter(nearer).map(|way| way.port).collect();
            site.asked.extend(asked);
            site.asked.sort_unstable();
            site.asked.dedup();
        }
        far
    }

    fn decide(&mut self) {
        let cluster = self.design();
        let frames = [Frame::to_vip(cluster, cluster.primary_ip.ip()), Frame::heartbeat(cluster)];
        self.handlings =
            frames.map(|frame| self.sites.iter().map(|site| self.handle(site, &frame)).collect());
    }

    fn handle(&self, site: &Site, frame: &Frame) -> Handling {
        let device = &self.fabric.devices[site.device];
        let named =
            |ports: &[PortId]| -> PortSet { ports.iter().map(|port| device.name(*port).clone()).collect() };
        let plane = Plane {
            switch: &device.switch,
            joined: named(&site.joined),
            router_ports: named(&site.asked),
            queried: self.queried,
        };
        let decision = decide(&plane, frame);
        let out: Vec<PortId> = match &decision.egress {
            Egress::AllBut(kept) => {
                let kept: Vec<PortId> = kept.iter().filter_map(|port| device.port(port)).collect();
                site.ports.iter().filter(|port| !kept.contains(port)).copied().collect()
            }
            Egress::Only(ports) => numbers(ports, site, device, frame.vlan).collect(),
            Egress::AtLeast(ports) => {
                let ways = site.ways.iter().filter(|way| way.leads).map(|way| way.port);
                let mut out: Vec<PortId> = numbers(ports, site, device, frame.vlan)
                    .chain(site.homes.iter().copied())
                    .chain(ways)
                    .collect();
                out.retain(|port| site.ports.contains(port));
                out.sort_unstable();
                out.dedup();
                out
            }
        };
        Handling { decision, out: out.into_iter().map(|port| site.exit(port)).collect() }
    }
}

/// The ports that an entry names, but those that the config takes out of the VLAN, or shuts. A port that gets all
/// multicast gets it in its own VLANs only.
fn numbers<'a>(
    ports: &'a PortSet,
    site: &'a Site,
    device: &'a super::fabric::Device<'_>,
    vlan: u16,
) -> impl Iterator<Item = PortId> + 'a {
    let is_open = move |name: &PortName, port: PortId| {
        site.ports.binary_search(&port).is_ok()
            || device.is_open(port, vlan) && !device.switch.router_ports.contains(name)
    };
    ports.iter().filter_map(move |name| device.port(name).filter(|port| is_open(name, *port)))
}
