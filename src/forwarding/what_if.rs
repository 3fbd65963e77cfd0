//! What may happen to a cluster: its machines move, its gateway fails over, a link goes down, the querier is gone.

use std::collections::{BTreeMap, BTreeSet};

use super::fabric::{Fabric, PortId};
use super::scene::Scene;
use crate::design::{Cluster, Host, TeamMode};

/// Something that may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhatIf {
    /// A node runs on another host of its group.
    Moved {
        /// The node, by its position in the cluster.
        node: usize,
        /// The host, by its position in the design.
        host: usize,
    },
    /// Another gateway is the active one.
    FailedOver {
        /// The device.
        to: usize,
    },
    /// One of several links of a host, or of a physical node, is down.
    UplinkDown {
        /// The device at the other end.
        device: usize,
        /// The port there.
        port: PortId,
    },
    /// A link between two switches is down.
    LinkDown {
        /// The link, by its number in the fabric.
        link: usize,
    },
    /// Nobody asks for reports any more.
    QuerierGone,
}

/// The kinds of what may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhatIfKind {
    /// A node on another host.
    Migration,
    /// Another gateway.
    Failover,
    /// A link down.
    Link,
    /// No querier.
    Querier,
}

impl WhatIfKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Migration, Self::Failover, Self::Link, Self::Querier];

    /// The word for it on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Failover => "failover",
            Self::Link => "link",
            Self::Querier => "querier",
        }
    }
}

impl WhatIf {
    /// Its kind.
    pub fn kind(self) -> WhatIfKind {
        match self {
            Self::Moved { .. } => WhatIfKind::Migration,
            Self::FailedOver { .. } => WhatIfKind::Failover,
            Self::UplinkDown { .. } | Self::LinkDown { .. } => WhatIfKind::Link,
            Self::QuerierGone => WhatIfKind::Querier,
        }
    }

    /// What happens, as a clause: ``nlb2 runs on hv3``.
    pub fn text(self, fabric: &Fabric<'_>, cluster: usize) -> String {
        let design = fabric.bound.design;
        let cluster = &design.clusters[cluster];
        let end = |(device, port): (usize, PortId)| {
            format!("{} {}", fabric.plan.devices[device].name, fabric.devices[device].name(port))
        };
        match self {
            Self::Moved { node, host } => {
                format!("{} runs on {}", *cluster.nodes[node].name, *design.hosts[host].name)
            }
            Self::FailedOver { to } => format!("{} is the active gateway", fabric.plan.devices[to].name),
            Self::UplinkDown { device, port } => format!("the uplink at {} is down", end((device, port))),
            Self::LinkDown { link } => {
                let [one, other] = fabric.links[link].ends;
                format!("the link from {} to {} is down", end(one), end(other))
            }
            Self::QuerierGone => format!("nobody asks for reports in VLAN {}", cluster.vlan.value),
        }
    }
}

/// The links of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    /// Where they end: place and port.
    pub(super) ports: Vec<(usize, PortId)>,
    /// How they work together.
    pub(super) team: Team,
}

/// How the links of a node work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Team {
    /// One of them is the way to the node, and nobody but the host knows which: all must get a frame.
    OneOf,
    /// They are one port-channel, or one link.
    Bundle,
    /// Nobody says.
    Unstated,
}

/// The links of a host.
fn home_of_host(scene: &Scene<'_, '_>, host: &Host) -> Home {
    let mode = host.team.as_ref().and_then(|team| team.mode).map(|mode| mode.value);
    let team = match mode {
        _ if host.links.len() < 2 => Team::Bundle,
        Some(TeamMode::SwitchIndependent) => Team::OneOf,
        Some(TeamMode::Static | TeamMode::Lacp) => Team::Bundle,
        None => Team::Unstated,
    };
    let links = host.links.iter().map(|link| &link.value);
    Home { ports: links.filter_map(|port| place(scene, port)).collect(), team }
}

fn place(scene: &Scene<'_, '_>, port: &crate::design::PortRef) -> Option<(usize, PortId)> {
    let fabric = scene.fabric;
    let switch = fabric.bound.design.switch_position(&port.switch)?;
    let device = fabric.plan.topology.device_of(switch);
    let name = fabric.bound.port(port)?;
    Some((scene.place_of(device)?, fabric.devices[device].port(&name)?))
}

/// Where the nodes of a cluster are as things are; none for a node of which the design does not say it.
pub(super) fn homes(scene: &Scene<'_, '_>) -> Vec<Option<Home>> {
    let design = scene.fabric.bound.design;
    let home = |node: &crate::design::Node| match (node.attach.is_empty(), design.host_of(node)) {
        (false, _) => {
            let ports = node.attach.iter().filter_map(|port| place(scene, port)).collect::<Vec<_>>();
            let team = if ports.len() < 2 { Team::Bundle } else { Team::Unstated };
            Some(Home { ports, team })
        }
        (true, Some(host)) => Some(home_of_host(scene, host)),
        (true, None) => None,
    };
    let homes = scene.design().nodes.iter().map(home);
    homes.map(|home| home.filter(|home| !home.ports.is_empty())).collect()
}

/// What may happen to the cluster of a scene; of some kinds only. `links` are those that take frames to nodes.
pub(super) fn possible(
    scene: &Scene<'_, '_>,
    homes: &[Option<Home>],
    links: &BTreeSet<usize>,
    active: Option<usize>,
    wanted: &dyn Fn(WhatIfKind) -> bool,
) -> Vec<WhatIf> {
    let mut all = Vec::new();
    if wanted(WhatIfKind::Migration) {
        all.extend(moves(scene.fabric, scene.design()));
    }
    if wanted(WhatIfKind::Failover) {
        let others = scene.survey().gateways.iter().filter(|gateway| Some(**gateway) != active);
        let mut others: Vec<usize> = others.copied().collect();
        others.sort_by_key(|device| scene.fabric.rank[*device]);
        all.extend(others.into_iter().map(|to| WhatIf::FailedOver { to }));
    }
    if wanted(WhatIfKind::Link) {
        all.extend(uplinks(scene, homes));
        all.extend(links.iter().map(|link| WhatIf::LinkDown { link: *link }));
    }
    if wanted(WhatIfKind::Querier) && scene.queried {
        all.push(WhatIf::QuerierGone);
    }
    all
}

/// The uplinks of which a node has several.
fn uplinks(scene: &Scene<'_, '_>, homes: &[Option<Home>]) -> Vec<WhatIf> {
    let several = homes.iter().flatten().filter(|home| home.ports.len() > 1);
    let mut ends: Vec<(usize, PortId)> = several.flat_map(|home| home.ports.iter().copied()).collect();
    ends.sort_unstable();
    ends.dedup();
    let down =
        |(place, port): (usize, PortId)| WhatIf::UplinkDown { device: scene.sites[place].device, port };
    ends.into_iter().map(down).collect()
}

/// Every host that a node may run on beside its own. Where the group keeps the nodes of a cluster apart, not one that
/// runs another node.
fn moves(fabric: &Fabric<'_>, cluster: &Cluster) -> Vec<WhatIf> {
    let design = fabric.bound.design;
    let position: BTreeMap<&str, usize> =
        design.hosts.iter().enumerate().map(|(at, host)| (host.name.as_str(), at)).collect();
    let mut all = Vec::new();
    for (number, node) in cluster.nodes.iter().enumerate() {
        let Some(home) = design.host_of(node) else { continue };
        let group = home.group.as_ref().and_then(|group| design.group(group));
        let apart = group.and_then(|group| group.anti_affinity).is_some_and(|apart| apart.value);
        let taken = |host: &Host| {
            let others = cluster.nodes.iter().filter(|other| !std::ptr::eq(*other, node));
            others.filter_map(|other| other.host.as_ref()).any(|name| name.as_str() == host.name.as_str())
        };
        let mut hosts: Vec<&Host> = design
            .possible_hosts(node)
            .into_iter()
            .filter(|host| !(std::ptr::eq(*host, home) || apart && taken(host)))
            .collect();
        hosts.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
        let moved = hosts.into_iter().filter_map(|host| position.get(host.name.as_str()));
        all.extend(moved.map(|host| WhatIf::Moved { node: number, host: *host }));
    }
    all
}

/// The links of a host, by its position in the design.
pub(super) fn home_on(scene: &Scene<'_, '_>, host: usize) -> Option<Home> {
    let home = home_of_host(scene, &scene.fabric.bound.design.hosts[host]);
    (!home.ports.is_empty()).then_some(home)
}
