//! What an item is asked about, and whether it applies there.

use super::checklist::{About, When};
use crate::design::{Cluster, Hypervisor, Node};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind};
use crate::lint::Estate;
use crate::nlb::Mode;

/// What an item is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The whole design.
    Design,
    /// A cluster, by its position in the design.
    Cluster(usize),
    /// A device, by its number in the plan; as a gateway, or as any switch.
    Device { device: usize, gateway: bool },
}

impl Subject {
    /// Everything that an item is asked about, in the order of the design.
    pub(super) fn all(about: About, estate: &Estate<'_>) -> Vec<Self> {
        let devices = |gateway: bool| {
            let all = estate.plan.devices.iter().enumerate();
            let concerned = all.filter(move |(_, plan)| {
                !(if gateway { &plan.gateway_for } else { &plan.clusters }).is_empty()
            });
            concerned.map(move |(device, _)| Self::Device { device, gateway }).collect()
        };
        match about {
            About::Design => vec![Self::Design],
            About::Cluster => (0..estate.design().clusters.len()).map(Self::Cluster).collect(),
            About::Gateway => devices(true),
            About::Switch => devices(false),
        }
    }

    /// The clusters that it is about, by their position.
    pub(super) fn clusters(self, estate: &Estate<'_>) -> Vec<usize> {
        match self {
            Self::Design => (0..estate.design().clusters.len()).collect(),
            Self::Cluster(cluster) => vec![cluster],
            Self::Device { device, gateway: true } => estate.device(device).gateway_for.clone(),
            Self::Device { device, gateway: false } => estate.device(device).clusters.clone(),
        }
    }

    /// The devices that it is about.
    pub(super) fn devices(self, estate: &Estate<'_>) -> Vec<usize> {
        match self {
            Self::Design => (0..estate.plan.devices.len()).collect(),
            Self::Cluster(cluster) => estate.plan.clusters[cluster].devices.iter().copied().collect(),
            Self::Device { device, .. } => vec![device],
        }
    }

    /// Whether a finding is about it. One that names neither a cluster nor a switch is about everything.
    pub(super) fn is_meant(self, finding: &Diagnostic, estate: &Estate<'_>) -> bool {
        let design = estate.design();
        let names =
            |cluster: usize| finding.cluster.as_deref() == Some(design.clusters[cluster].name.as_str());
        let is_called = |device: usize, name: &str| {
            let plan = estate.device(device);
            plan.name == name
                || plan.members.iter().any(|member| design.switches[*member].name.as_str() == name)
        };
        match (self, finding.switch.as_deref(), finding.cluster.is_some()) {
            (Self::Design, ..) | (_, None, false) => true,
            (Self::Cluster(cluster), _, true) => names(cluster),
            (Self::Cluster(cluster), Some(switch), false) => {
                let passed = &estate.plan.clusters[cluster].devices;
                passed.iter().any(|device| is_called(*device, switch))
            }
            (Self::Device { device, .. }, Some(switch), _) => is_called(device, switch),
            (Self::Device { .. }, None, true) => self.clusters(estate).into_iter().any(names),
        }
    }

    /// Why an item does not apply to it.
    pub(super) fn is_out_of(self, when: When, estate: &Estate<'_>) -> Option<&'static str> {
        let clusters = self.clusters(estate);
        let any = |fits: &dyn Fn(&Cluster) -> bool| {
            clusters.iter().any(|cluster| fits(&estate.design().clusters[*cluster]))
        };
        let (applies, why) = match when {
            When::Always => (true, ""),
            When::Unicast => (any(&|cluster| cluster.mode.value == Mode::Unicast), "not in unicast mode"),
            When::Multicast => {
                (any(&|cluster| cluster.mode.value != Mode::Unicast), "not in a multicast mode")
            }
            When::Igmp => {
                (any(&|cluster| cluster.mode.value == Mode::IgmpMulticast), "not in IGMP multicast mode")
            }
            When::Routed => (
                any(&|cluster| cluster.clients() != crate::design::Clients::SameVlan),
                "all clients are in the VLAN",
            ),
            When::SeveralGateways => (
                clusters.iter().any(|cluster| estate.plan.clusters[*cluster].gateways.len() > 1),
                "no second gateway is named",
            ),
            When::Virtual => {
                (any(&|cluster| cluster.nodes.iter().any(is_virtual)), "no node is a virtual machine")
            }
            When::HyperV => {
                (any(&|cluster| runs_on(cluster, estate, &[Hypervisor::HyperV])), "no node runs on Hyper-V")
            }
            When::Vsphere => {
                (any(&|cluster| runs_on(cluster, estate, &[Hypervisor::Vsphere])), "no node runs on vSphere")
            }
            When::OtherHypervisor => (
                any(&|cluster| {
                    let hosts = cluster.nodes.iter().filter_map(|node| estate.design().host_of(node));
                    let platforms = hosts.map(|host| host.platform.map(|platform| platform.value));
                    let known = [Some(Hypervisor::HyperV), Some(Hypervisor::Vsphere)];
                    platforms.into_iter().any(|platform| !known.contains(&platform))
                }),
                "all virtual nodes run on Hyper-V or vSphere",
            ),
            When::Pinned => (
                self.devices(estate).into_iter().any(|device| is_pinned(device, &clusters, estate)),
                "no entry pins the cluster MAC to ports here",
            ),
            When::NodePorts => (
                clusters.iter().any(|cluster| {
                    let places = &estate.plan.clusters[*cluster].places;
                    self.devices(estate)
                        .iter()
                        .any(|device| places.iter().any(|place| place.device == *device))
                }),
                "no port of it leads to a node",
            ),
        };
        (!applies).then_some(why)
    }
}

fn is_virtual(node: &Node) -> bool {
    node.attach.is_empty() && node.host.is_some()
}

/// Whether a node of the cluster may run on a host of one of these platforms.
pub(super) fn runs_on(cluster: &Cluster, estate: &Estate<'_>, platforms: &[Hypervisor]) -> bool {
    let hosts = cluster.nodes.iter().flat_map(|node| estate.design().possible_hosts(node));
    let mut stated = hosts.filter_map(|host| host.platform);
    stated.any(|platform| platforms.contains(&platform.value))
}

/// Whether the design asks for a static MAC entry on the device, would if it could, or the config has one.
fn is_pinned(device: usize, clusters: &[usize], estate: &Estate<'_>) -> bool {
    let plan = estate.device(device);
    let kind = EntryKind::StaticMac;
    let wanted = plan.needs.iter().any(|need| need.entry.kind() == kind);
    let withheld = plan.withheld.iter().any(|withheld| withheld.kind == kind);
    let is_of_cluster = |entry: &Entry| match entry {
        Entry::StaticMac { mac, .. } => {
            clusters.iter().any(|cluster| estate.design().clusters[*cluster].mac() == *mac)
        }
        _ => false,
    };
    wanted || withheld || estate.held(device).entries().any(is_of_cluster)
}
