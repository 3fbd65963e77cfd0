//! The frames of a cluster, as a switch sees them.

use std::net::{IpAddr, Ipv4Addr};

use macaddr::MacAddr6;

use crate::design::Cluster;
use crate::nlb::Mode;

/// A frame, by what switches look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The destination MAC.
    pub mac: MacAddr6,
    /// The VLAN it is in.
    pub vlan: u16,
    /// The destination IP; `None` where it is no IP frame, as NLB's heartbeats (EtherType 0x886F) are.
    pub ip: Option<Ipv4Addr>,
}

/// Whom the destination MAC means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// One station; of NLB's unicast MAC no switch ever learns where it is.
    Unicast,
    /// A group.
    Multicast,
    /// Everybody.
    Broadcast,
}

impl Frame {
    /// What a client, or the gateway for it, sends to `vip` of `cluster`. A VIP that is IPv6 is no IPv4 group's
    /// address either: it is taken for the primary's.
    pub fn to_vip(cluster: &Cluster, vip: IpAddr) -> Self {
        let ip = match vip {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => cluster.primary_v4(),
        };
        Self { mac: cluster.mac(), vlan: cluster.vlan.value.get(), ip }
    }

    /// What a node tells the others: a broadcast in unicast mode, a frame to the cluster MAC in the others; never IP
    /// (<http://www.seclist.org/incidents/2000/Dec/110>).
    pub fn heartbeat(cluster: &Cluster) -> Self {
        let mac = match cluster.mode.value {
            Mode::Unicast => MacAddr6::broadcast(),
            Mode::Multicast | Mode::IgmpMulticast => cluster.mac(),
        };
        Self { mac, vlan: cluster.vlan.value.get(), ip: None }
    }

    /// Whom it is for, by its MAC.
    pub fn cast(&self) -> Cast {
        match (self.mac.is_broadcast(), self.mac.is_multicast()) {
            (true, _) => Cast::Broadcast,
            (false, true) => Cast::Multicast,
            (false, false) => Cast::Unicast,
        }
    }
}
