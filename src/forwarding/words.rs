//! Words for what becomes of frames, the same wherever it is told.

use super::fabric::Fabric;
use super::scene::FrameKind;
use super::trace::{Bar, Bystander, From, Trace};
use crate::design::Cluster;
use crate::net::PortSet;

impl FrameKind {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Heartbeat => "heartbeat",
        }
    }
}

impl From {
    /// The word for it in JSON: `gateway`, `vlan`, or the name of the node.
    pub fn word(self, cluster: &Cluster) -> &str {
        match self {
            Self::Gateway(_) => "gateway",
            Self::Vlan => "vlan",
            Self::Node(node) => cluster.nodes[node].name.as_str(),
        }
    }

    /// The frame that comes from there: `client through gateway core1`.
    pub fn text(self, fabric: &Fabric<'_>, cluster: &Cluster) -> String {
        match self {
            Self::Gateway(device) => format!("client through gateway {}", fabric.plan.devices[device].name),
            Self::Vlan => "client in the VLAN".to_owned(),
            Self::Node(node) => format!("heartbeat of {}", cluster.nodes[node].name.as_str()),
        }
    }
}

impl Bar {
    /// What is true of the port, as the rest of a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::Shut => "is shut",
            Self::OtherVlan => "is not in the VLAN",
            Self::Protected => "is protected, and so is the port it comes by",
        }
    }
}

impl Trace {
    /// The bystanders, those of a switch together and short: `acc1 g5-24`.
    pub fn bystanders_by_switch(&self, fabric: &Fabric<'_>) -> Vec<String> {
        let of_one_switch = self.bystanders.chunk_by(|one, other| one.device == other.device);
        let told = |bystanders: &[Bystander]| {
            let device = &fabric.plan.devices[bystanders[0].device];
            let ports: PortSet = bystanders.iter().map(|one| one.port.clone()).collect();
            format!("{} {}", device.name, device.pack.ports.brief(&ports))
        };
        of_one_switch.map(told).collect()
    }
}
