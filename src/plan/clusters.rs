//! One cluster: where its nodes are, which devices its frames pass, and what it demands of each.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::ways::Ways;
use super::{Draft, Reason, Topology, Withheld, lag_need};
use crate::design::{Cluster, QuerierRole, VlanId};
use crate::entry::{Entry, EntryKind, Subject, Unregistered, Value};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::vendor::{Bound, Lookup, PlatformFacts, PortCount, Statement, UnicastProvision};

/// Where a node's frames may leave a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePlace {
    /// The node, by its position in the cluster.
    pub node: usize,
    /// The device.
    pub device: usize,
    /// The port on it.
    pub port: PortName,
    /// The host behind the port, for a virtual node.
    pub host: Option<String>,
}

/// What a design says about the surroundings of one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterPlan {
    /// Every port a node is or may be behind.
    pub places: Vec<NodePlace>,
    /// Why the places are not known well enough to pin the cluster MAC to ports; the first reason found.
    pub unpinnable: Option<Reason>,
    /// The devices that have a node or a host that may run one.
    pub node_devices: BTreeSet<usize>,
    /// The devices that route for the cluster.
    pub gateways: BTreeSet<usize>,
    /// Every device that the cluster's frames pass: those above, and what stands between them.
    pub devices: BTreeSet<usize>,
    /// The devices that are the querier in the VLAN, with the address of their queries.
    pub queriers: BTreeMap<usize, Option<std::net::Ipv4Addr>>,
    /// Whether the design says which device is the querier.
    pub querier_stated: bool,
    ways: Ways,
}

impl ClusterPlan {
    /// The ports of `device` that lead to nodes, there or beyond it, by links that carry `vlan`, the cluster's.
    ///
    /// # Errors
    ///
    /// Why they are not all known.
    pub fn ports_to_nodes(
        &self,
        topology: &Topology<'_>,
        device: usize,
        vlan: VlanId,
    ) -> Result<PortSet, Reason> {
        if let Some(reason) = &self.unpinnable {
            return Err(reason.clone());
        }
        let here = self.places.iter().filter(|place| place.device == device);
        let mut ports: PortSet = here.map(|place| place.port.clone()).collect();
        let mut elsewhere = self.node_devices.iter().filter(|other| **other != device).peekable();
        if elsewhere.peek().is_none() {
            return Ok(ports);
        }
        // A device at the end of the VLAN is on no way between nodes and gateways.
        let aside = (!self.ways.has(device)).then(|| Ways::aside(topology, device, &self.node_devices, vlan));
        let ways = aside.as_ref().unwrap_or(&self.ways);
        if let Some(cut_off) = elsewhere.find(|other| !ways.connects(device, **other)) {
            return Err(match ports.is_empty() {
                true => Reason::NoPortKnown,
                false => Reason::NoPath { to: *cut_off },
            });
        }
        ports.append(&mut ways.ports(topology, device, vlan));
        Ok(ports)
    }
}

pub(super) fn survey(cluster: &Cluster, bound: &Bound<'_>, topology: &Topology<'_>) -> ClusterPlan {
    let (places, unpinnable) = places(cluster, bound, topology);
    let node_devices: BTreeSet<usize> = places.iter().map(|place| place.device).collect();
    let gateways = gateways(cluster, &node_devices, bound, topology);
    let wanted: BTreeSet<usize> = node_devices.union(&gateways).copied().collect();
    let vlan = cluster.vlan.value;
    let devices = topology.between(&wanted, vlan);
    let mut queriers = BTreeMap::new();
    let mut querier_stated = false;
    let confining = |device: &usize| by_router_ports(bound, topology, *device);
    let asked = match cluster.mode.value {
        Mode::Unicast => false,
        // Where multicast is looked up by IP, a querier decides of such frames in either mode.
        Mode::Multicast => devices.iter().any(confining),
        Mode::IgmpMulticast => true,
    };
    if asked {
        for device in &topology.reach(wanted.iter().copied(), None, |edge| edge.carries(vlan)) {
            for member in &topology.members[*device] {
                let address = match bound.design.switches[*member].querier.map(|role| role.value) {
                    None | Some(QuerierRole::No) => continue,
                    Some(QuerierRole::Yes) => None,
                    Some(QuerierRole::Address(address)) => Some(address),
                };
                querier_stated = true;
                queriers.insert(*device, address);
            }
        }
        if !querier_stated {
            let fit = |device: &&usize| {
                confining(device)
                    || facts(bound, topology, **device).is_some_and(|facts| facts.lookup() == Lookup::Mac)
            };
            let refused = |device: &&usize| {
                let said = |member: &usize| bound.design.switches[*member].querier.map(|role| role.value);
                topology.members[**device].iter().any(|member| said(member) == Some(QuerierRole::No))
            };
            queriers.extend(
                gateways.iter().find(|device| fit(device) && !refused(device)).map(|device| (*device, None)),
            );
        }
    }
    let ways = Ways::new(topology, &devices, &node_devices, vlan);
    ClusterPlan { places, unpinnable, node_devices, gateways, devices, queriers, querier_stated, ways }
}

/// Whether a device confines a cluster's frames by router ports.
fn by_router_ports(bound: &Bound<'_>, topology: &Topology<'_>, device: usize) -> bool {
    facts(bound, topology, device).is_some_and(super::confines_by_router_ports)
}

fn facts<'b>(bound: &'b Bound<'_>, topology: &Topology<'_>, device: usize) -> Option<PlatformFacts<'b>> {
    bound.switches[topology.members[device][0]].facts()
}

fn places(cluster: &Cluster, bound: &Bound<'_>, topology: &Topology<'_>) -> (Vec<NodePlace>, Option<Reason>) {
    let mut places: Vec<NodePlace> = Vec::new();
    let mut unknown = cluster.nodes.is_empty().then_some(Reason::NoNodes);
    for (index, node) in cluster.nodes.iter().enumerate() {
        let mut put = |port: &crate::design::PortRef, host: Option<String>| -> Option<()> {
            let switch = bound.design.switch_position(&port.switch)?;
            let port = bound.port(port)?;
            places.push(NodePlace { node: index, device: topology.device_of(switch), port, host });
            Some(())
        };
        for port in node.attach.iter() {
            put(port, None);
        }
        let hosts = bound.design.possible_hosts(node);
        if node.attach.is_empty() && hosts.is_empty() {
            unknown.get_or_insert(Reason::PlaceUnknown { node: node.name.to_string() });
        }
        for host in hosts {
            if host.links.is_empty() {
                unknown.get_or_insert(Reason::UplinksUnknown { host: host.name.to_string() });
            }
            for link in &host.links {
                put(link, Some(host.name.to_string()));
            }
        }
    }
    (places, unknown)
}

/// The devices that route for the cluster: those that say so, in its VRF. Where links are stated, a gateway that they
/// connect to the nodes goes before one that stands elsewhere.
fn gateways(
    cluster: &Cluster,
    node_devices: &BTreeSet<usize>,
    bound: &Bound<'_>,
    topology: &Topology<'_>,
) -> BTreeSet<usize> {
    let fits = |position: &usize| {
        let role = &bound.design.switches[*position].gateway;
        let stated = role.described();
        let other_vrf = match (stated.and_then(|gateway| gateway.vrf.as_ref()), &cluster.vrf) {
            (Some(gateway), Some(cluster)) => gateway.value != cluster.value,
            _ => false,
        };
        role.is_gateway() && !other_vrf
    };
    let routes = |device: &usize| topology.members[*device].iter().any(fits);
    let vlan = cluster.vlan.value;
    let near = topology.reach(node_devices.iter().copied(), None, |edge| edge.carries(vlan));
    let connected: BTreeSet<usize> = near.into_iter().filter(routes).collect();
    let chosen = match connected.is_empty() {
        true => {
            let elsewhere = |device: &usize| node_devices.is_empty() || topology.edges[*device].is_empty();
            (0..topology.members.len()).filter(elsewhere).filter(routes).collect()
        }
        false => connected,
    };
    // A gateway that states its address serves the subnet of that address, when one of them serves the cluster's.
    let address_of = |device: &usize| {
        let members = topology.members[*device].iter().map(|member| &bound.design.switches[*member].gateway);
        members.filter_map(|role| role.described()?.ip.map(|ip| ip.ip)).next()
    };
    let in_subnet = |device: &usize| address_of(device).is_some_and(|ip| cluster.subnet().contains(ip));
    match chosen.iter().any(in_subnet) {
        true => {
            chosen.into_iter().filter(|device| in_subnet(device) || address_of(device).is_none()).collect()
        }
        false => chosen,
    }
}

pub(super) fn demand(
    index: usize,
    survey: &ClusterPlan,
    device: usize,
    bound: &Bound<'_>,
    topology: &Topology<'_>,
    draft: &mut Draft,
) {
    let cluster = &bound.design.clusters[index];
    let Some(facts) = facts(bound, topology, device) else { return };
    let gateway = survey.gateways.contains(&device);
    draft.clusters.push(index);
    if gateway {
        draft.gateway_for.push(index);
    }
    let demand = Demand { index, cluster, survey, bound, topology, device, facts };
    match cluster.mode.value {
        Mode::Unicast => demand.unicast(gateway, draft),
        _ if by_router_ports(bound, topology, device) => demand.by_router_ports(gateway, draft),
        Mode::Multicast => {
            let ports = demand.static_mac(draft);
            demand.static_arps(gateway, ports.as_ref(), draft);
        }
        Mode::IgmpMulticast => demand.igmp(gateway, draft),
    }
}

/// One cluster's demands on one device.
struct Demand<'a, 'd> {
    index: usize,
    cluster: &'a Cluster,
    survey: &'a ClusterPlan,
    bound: &'a Bound<'d>,
    topology: &'a Topology<'d>,
    device: usize,
    facts: PlatformFacts<'a>,
}

impl Demand<'_, '_> {
    fn vlan(&self) -> VlanId {
        self.cluster.vlan.value
    }

    fn withhold(&self, kind: EntryKind, reason: Reason, draft: &mut Draft) {
        draft.withheld.push(Withheld { kind, cluster: self.index, reason });
    }

    /// Whether the device's pack has words for `kind`; says so when it has not.
    fn speaks(&self, kind: EntryKind, draft: &mut Draft) -> bool {
        let speaks = self.facts.speaks_of(kind);
        if !speaks {
            self.withhold(kind, Reason::PackSilent, draft);
        }
        speaks
    }

    fn unicast(&self, gateway: bool, draft: &mut Draft) {
        let binds = self.facts.unicast_arp_binds_one_port().is_some_and(|fact| fact.value);
        let provision = self.facts.unicast_provision().map(|fact| fact.value);
        if gateway && binds && provision == Some(UnicastProvision::VlanFlooding) {
            if self.speaks(EntryKind::VlanFlooding, draft) {
                draft.need(Entry::VlanFlooding { enabled: true }, self.index);
            }
        } else if gateway && binds && provision == Some(UnicastProvision::ClusterMode) && self.takes_mode() {
            self.tell_mode(draft);
        } else if self.block_floods(EntryKind::BlockUnknownUnicast, draft) {
            draft.note(
                "unicast mode: frames to the cluster MAC are unknown unicast everywhere; the ports of `no_flood` get none, \
                 and what is behind them must speak before it can be reached",
            );
        } else {
            draft.note(
                "unicast mode: frames to the cluster MAC flood the VLAN by design, and nothing is configured for that; \
                 keep the VLAN to the cluster",
            );
        }
    }

    /// Demands that what no entry knows does not leave the ports of `no_flood`; whether there are any.
    fn block_floods(&self, kind: EntryKind, draft: &mut Draft) -> bool {
        let members = &self.topology.members[self.device];
        let stated = |member: &usize| {
            let texts = self.bound.design.switches[*member].no_flood.iter();
            texts.filter_map(|text| self.bound.port_of(*member, text)).collect::<Vec<_>>()
        };
        let ports: PortSet = members.iter().flat_map(stated).collect();
        if ports.is_empty() || !self.speaks(kind, draft) {
            return false;
        }
        for port in ports {
            let entry = match kind {
                EntryKind::UnregisteredMulticast => {
                    Entry::UnregisteredMulticast { port, action: Unregistered::Drop }
                }
                _ => Entry::Setting { kind, of: Subject::Port(port), value: Value::Flag(true) },
            };
            draft.need(entry, self.index);
        }
        true
    }

    /// What a device needs whose snooping leads the cluster's frames to router ports alone once there is a querier: the
    /// ports of the nodes are made such ports, before anything asks for reports.
    fn by_router_ports(&self, gateway: bool, draft: &mut Draft) {
        let vlan = self.vlan().get();
        match self.cluster_ports() {
            // A querier without router ports would cut the nodes off.
            Err(reason) => self.withhold(EntryKind::RouterPort, reason, draft),
            Ok(ports) => {
                for port in ports {
                    let of = Subject::Port(port);
                    let kind = EntryKind::RouterPort;
                    draft.need(Entry::Setting { kind, of, value: Value::Flag(true) }, self.index);
                }
                self.static_mac(draft);
                draft.need(Entry::IgmpSnooping { vlan: Some(vlan), enabled: true }, self.index);
                if let Some(stated) = self.survey.queriers.get(&self.device)
                    && self.speaks(EntryKind::IgmpQuerier, draft)
                {
                    self.says_whose_address(*stated, draft);
                    draft.need(Entry::IgmpQuerier { vlan: Some(vlan), address: None }, self.index);
                }
                draft.note(
                    "this platform looks multicast up by IP, and NLB's is a unicast one: with a querier in the VLAN its frames \
                     go to multicast router ports alone, so every port that leads to a node is made one",
                );
            }
        }
        if self.survey.queriers.is_empty() {
            let kept_out = self.block_floods(EntryKind::UnregisteredMulticast, draft);
            draft.note(format!(
                "no querier is stated in VLAN {vlan}: until one asks, the frames flood it{}; say `querier: true` on the \
                 switch that is to be it",
                if kept_out { ", the ports of `no_flood` aside" } else { "" }
            ));
        } else if !self.survey.querier_stated && self.survey.queriers.contains_key(&self.device) {
            draft.note(format!(
                "no querier is stated in VLAN {vlan}: this gateway is made it; say `querier: true` where it shall be"
            ));
        }
        self.static_arps(gateway, None, draft);
    }

    /// The ports that the cluster MAC must lead to on this device, or why they are not known.
    fn cluster_ports(&self) -> Result<PortSet, Reason> {
        let ports = self.survey.ports_to_nodes(self.topology, self.device, self.vlan())?;
        if ports.is_empty() { Err(Reason::NoPortKnown) } else { Ok(ports) }
    }

    /// Demands the static MAC entry; gives its ports, or `None` when it is withheld.
    fn static_mac(&self, draft: &mut Draft) -> Option<PortSet> {
        let ports = self.cluster_ports();
        let count = self.facts.static_mac_ports();
        let is_refused = |fact: Option<&Statement<bool>>| fact.is_some_and(|fact| !fact.value);
        let routed = self.survey.gateways.contains(&self.device);
        let reason = match (&ports, count) {
            (_, PortCount::None) => Some(Reason::PlatformRefuses),
            _ if self.is_refused_mac() => Some(Reason::PlatformRefuses),
            _ if routed && is_refused(self.facts.static_mac_in_routed_vlan()) => Some(Reason::RoutedVlan),
            (Err(reason), _) => Some(reason.clone()),
            (Ok(ports), PortCount::One) if ports.len() > 1 => Some(Reason::OnePortOnly),
            (Ok(ports), _)
                if ports.iter().any(PortName::is_lag) && is_refused(self.facts.static_mac_on_lag()) =>
            {
                Some(Reason::NoPortChannel)
            }
            (Ok(ports), PortCount::Software) if ports.len() > 1 => Some(Reason::SoftwareSwitched),
            _ => None,
        };
        if let Some(reason) = reason {
            self.withhold(EntryKind::StaticMac, reason, draft);
            return None;
        }
        if !self.speaks(EntryKind::StaticMac, draft) {
            return None;
        }
        let ports = ports.ok()?;
        if let Some(entry) = lag_need(self.facts, &ports) {
            draft.need(entry, self.index);
        }
        let entry =
            Entry::StaticMac { mac: self.cluster.mac(), vlan: self.vlan().get(), ports: ports.clone() };
        draft.need(entry, self.index);
        self.looks_up_by_mac(draft);
        Some(ports)
    }

    /// Whether the cluster's MAC is that of an IP multicast group, and the device takes none such in a static entry.
    fn is_refused_mac(&self) -> bool {
        let refuses = self.facts.static_ip_multicast_mac().is_some_and(|fact| !fact.value);
        refuses && self.cluster.mac().as_bytes().starts_with(&[0x01, 0x00, 0x5e])
    }

    /// Whether the device looks the cluster's frames up by MAC. Where it does not by itself and can be told to, it is.
    fn looks_up_by_mac(&self, draft: &mut Draft) -> Option<bool> {
        match self.facts.lookup() {
            Lookup::Mac => Some(true),
            Lookup::Ip | Lookup::Unknown if self.can_be_told_to_look_up_by_mac() => {
                let value = Value::Word("mac".to_owned());
                let of = Subject::Vlan(self.vlan().get());
                draft.need(Entry::Setting { kind: EntryKind::MulticastLookup, of, value }, self.index);
                Some(true)
            }
            Lookup::Ip => Some(false),
            Lookup::Unknown => None,
        }
    }

    fn can_be_told_to_look_up_by_mac(&self) -> bool {
        self.facts.speaks_of(EntryKind::MulticastLookup)
    }

    /// Whether the interface of the cluster's VLAN can be told the cluster's mode, as far as is known.
    fn takes_mode(&self) -> bool {
        let mode = self.cluster.mode.value;
        let pack = self.bound.switches[self.topology.members[self.device][0]].pack.as_ref();
        let takes = self.facts.cluster_modes().is_some_and(|fact| fact.value.contains(mode));
        let kind = EntryKind::ClusterMode;
        takes
            && self.facts.speaks_of(kind)
            && pack.is_some_and(|pack| pack.implied_words(kind).contains(&mode.as_str()))
    }

    /// Demands that the interface of the cluster's VLAN is told the cluster's mode.
    fn tell_mode(&self, draft: &mut Draft) {
        let kind = EntryKind::ClusterMode;
        let value = Value::Word(self.cluster.mode.value.as_str().to_owned());
        let entry = Entry::Setting { kind, of: Subject::Svi(self.vlan().get()), value };
        match draft.needs.get(&entry.key()) {
            Some(other) if other.entry != entry => self.withhold(kind, Reason::OtherMode, draft),
            _ => draft.need(entry, self.index),
        }
    }

    /// Demands the static ARP entries of a gateway: one for every VIP, all with the primary's MAC. None where the
    /// interface can be told to take the cluster's ARP replies.
    fn static_arps(&self, gateway: bool, pinned: Option<&PortSet>, draft: &mut Draft) {
        if !gateway {
            return;
        }
        if self.takes_mode() {
            self.tell_mode(draft);
            return;
        }
        if self.facts.lets_learn_instead() && self.facts.takes_unchecked(self.cluster.mac()) {
            let (kind, of) = (EntryKind::ArpCheck, Subject::Switch);
            draft.need(Entry::Setting { kind, of, value: Value::Flag(false) }, self.index);
            draft.note("the gateway learns the MAC from the nodes' ARP replies: no static ARP entry is set");
            return;
        }
        if self.facts.refuses_static_arp(self.cluster.mac()).is_some() {
            self.withhold(EntryKind::StaticArp, Reason::PlatformRefuses, draft);
            return;
        }
        if !self.speaks(EntryKind::StaticArp, draft) {
            return;
        }
        let members = &self.topology.members[self.device];
        let names_port =
            self.bound.switches[members[0]].pack.as_ref().is_some_and(|pack| pack.static_arp_names_port);
        let port = match (names_port, pinned.and_then(|ports| ports.first())) {
            (false, _) => None,
            (true, Some(port)) => Some(port.clone()),
            (true, None) => {
                let refused = self.facts.static_mac_ports() == PortCount::None;
                let reason = if refused { Reason::NeedsStaticMac } else { Reason::NoPortKnown };
                self.withhold(EntryKind::StaticArp, reason, draft);
                return;
            }
        };
        let pack = self.bound.switches[members[0]].pack.as_ref();
        let under_svi = pack.is_some_and(|pack| pack.can_name(EntryKind::StaticArp, "svi"));
        let vrf = self.bound.design.vrf_on(members, self.cluster).map(ToString::to_string);
        for vip in self.cluster.vips() {
            match vip.value {
                IpAddr::V4(ip) => {
                    let entry = Entry::StaticArp {
                        ip,
                        mac: self.cluster.mac(),
                        vrf: vrf.clone(),
                        port: port.clone(),
                        svi: under_svi.then_some(self.vlan().get()),
                    };
                    draft.need(entry, self.index);
                }
                IpAddr::V6(_) => self.withhold(EntryKind::StaticArp, Reason::Ipv6Vip, draft),
            }
        }
    }

    /// Says that an address the design states for the querier cannot be set.
    fn says_whose_address(&self, stated: Option<std::net::Ipv4Addr>, draft: &mut Draft) {
        if let Some(stated) = stated {
            draft.note(format!(
                "the querier here takes the address of the VLAN's interface: {stated} cannot be set for it alone"
            ));
        }
    }

    fn igmp(&self, gateway: bool, draft: &mut Draft) {
        let by_mac = self.looks_up_by_mac(draft);
        let querier = self.survey.queriers.get(&self.device);
        if self.facts.igmp_snooping().is_some_and(|fact| !fact.value) {
            let pinned = self.static_mac(draft);
            if querier.is_some() {
                self.withhold(EntryKind::IgmpQuerier, Reason::PlatformRefuses, draft);
            }
            draft.note("this platform has no IGMP snooping: a static MAC entry confines the frames, or the VLAN floods");
            return self.static_arps(gateway, pinned.as_ref(), draft);
        }
        let by_ip = by_mac == Some(false);
        let pinned = if by_ip { self.static_mac(draft) } else { None };
        if !by_ip || querier.is_some() {
            if self.speaks(EntryKind::IgmpSnooping, draft) {
                draft.need(Entry::IgmpSnooping { vlan: None, enabled: true }, self.index);
                draft.need(Entry::IgmpSnooping { vlan: Some(self.vlan().get()), enabled: true }, self.index);
            }
            if let Some(stated) = querier
                && self.speaks(EntryKind::IgmpQuerier, draft)
            {
                let pack = self.bound.switches[self.topology.members[self.device][0]].pack.as_ref();
                let names_address = pack.is_some_and(|pack| pack.can_name(EntryKind::IgmpQuerier, "address"));
                let must = pack.is_some_and(|pack| pack.must_name(EntryKind::IgmpQuerier, "address"));
                let address = stated.filter(|_| names_address);
                if address.is_none() {
                    self.says_whose_address(*stated, draft);
                }
                if must && address.is_none() {
                    self.withhold(EntryKind::IgmpQuerier, Reason::NeedsAddress, draft);
                } else {
                    draft.need(Entry::IgmpQuerier { vlan: Some(self.vlan().get()), address }, self.index);
                }
            }
        }
        if by_ip {
            draft.note(
                "this platform looks multicast up by IP, so IGMP joins do not confine NLB's frames: the static MAC \
                 entry does, or the VLAN floods",
            );
        } else if by_mac.is_none() {
            let stated = self.bound.switches[self.topology.members[self.device][0]].model.platform.is_some();
            draft.note(format!(
                "it is not known what this platform looks multicast up by{}; if it is the IP, IGMP mode floods the VLAN here",
                if stated { "" } else { ": state `platform`" }
            ));
        }
        if self.survey.queriers.is_empty() && !by_ip {
            draft.note(format!(
                "no querier is stated in VLAN {}: without one, IGMP snooping forgets the nodes",
                self.vlan()
            ));
        } else if !self.survey.querier_stated && querier.is_some() {
            draft.note(format!(
                "no querier is stated in VLAN {}: this gateway is made it; say `querier: true` where it shall be",
                self.vlan()
            ));
        }
        self.static_arps(gateway, pinned.as_ref(), draft);
    }
}
