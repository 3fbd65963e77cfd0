//! What is not written, and why.

use crate::entry::EntryKind;

/// An entry that the design asks of a device and that is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The kind of entry.
    pub kind: EntryKind,
    /// The cluster, by its position in the design.
    pub cluster: usize,
    /// Why.
    pub reason: Reason,
}

/// Why an entry is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The platform does not take it.
    PlatformRefuses,
    /// The platform takes it for one port, and several are needed.
    OnePortOnly,
    /// The platform's CPU would forward the frames.
    SoftwareSwitched,
    /// The platform takes it in VLANs alone that it does not route, and it is the cluster's gateway.
    RoutedVlan,
    /// The platform names no port-channel in it.
    NoPortChannel,
    /// The pack has no words for it.
    PackSilent,
    /// The host may run a node and its uplinks are not stated.
    UplinksUnknown {
        /// The host's name.
        host: String,
    },
    /// The node names neither a port nor a host.
    PlaceUnknown {
        /// The node's name.
        node: String,
    },
    /// The cluster states no node.
    NoNodes,
    /// Other nodes stand behind a device to which no link that carries the VLAN is stated.
    NoPath {
        /// That device, by its number in the plan.
        to: usize,
    },
    /// No port of this device is known to lead to a node.
    NoPortKnown,
    /// It must name a port of the static MAC entry, and the platform holds no such entry.
    NeedsStaticMac,
    /// The device must be told the address of its queries, and none is stated.
    NeedsAddress,
    /// The interface of the VLAN takes the ARP replies of one mode, and another cluster there has another.
    OtherMode,
    /// The VIP is IPv6: no source says how its neighbour entry should be.
    Ipv6Vip,
}

/// What people call an entry of `kind`.
pub fn in_words(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::StaticArp => "static ARP",
        EntryKind::StaticMac => "static MAC entry",
        EntryKind::IgmpSnooping => "IGMP snooping",
        EntryKind::IgmpQuerier => "IGMP querier",
        EntryKind::VlanFlooding => "VLAN flooding",
        EntryKind::RouterPort => "multicast router ports",
        EntryKind::UnknownUnicastBalance => "sharing of unknown unicast by port-channels",
        EntryKind::ClusterMode => "mode of the clusters on the VLAN's interface",
        EntryKind::QuerierSwitch => "IGMP queriers of VLANs",
        EntryKind::ArpCheck => "ARP with multicast MACs",
        EntryKind::BlockUnknownUnicast => "blocking of unknown unicast",
        EntryKind::MulticastLookup => "multicast lookup by MAC",
        _ => kind.as_str(),
    }
}

impl Withheld {
    /// What is withheld and why, in one line, for a comment or a message.
    pub fn text(&self, cluster: &str, device_name: impl Fn(usize) -> String) -> String {
        let what = match self.reason {
            Reason::Ipv6Vip => "static neighbour entry of an IPv6 VIP",
            _ => in_words(self.kind),
        };
        let why = match &self.reason {
            Reason::PlatformRefuses => match self.kind {
                EntryKind::IgmpQuerier => "this platform sends no queries: make another device the querier".to_owned(),
                EntryKind::StaticArp => "this platform does not route to this multicast MAC: make another device the gateway".to_owned(),
                _ => "this platform does not hold it: keep the VLAN small, or put the nodes on another switch".to_owned(),
            },
            Reason::OnePortOnly => "this platform takes one port and the nodes stand behind several: let the VLAN flood, or use one port-channel".to_owned(),
            Reason::SoftwareSwitched => {
                "this platform would forward the frames by its CPU: give the cluster its own VLAN and let it flood".to_owned()
            }
            Reason::RoutedVlan => {
                "this platform must not hold it in a VLAN that it routes itself: make another device the gateway".to_owned()
            }
            Reason::NoPortChannel => {
                "this platform names no port-channel in it: name the primary port of the port-channel in its place".to_owned()
            }
            Reason::PackSilent if self.kind == EntryKind::BlockUnknownUnicast => {
                "this pack does not write it: set it by hand on the ports of `no_flood`".to_owned()
            }
            Reason::PackSilent => "this pack has no lines for it".to_owned(),
            Reason::UplinksUnknown { host } => {
                format!("a node may run on host {host}, whose uplinks are not stated: without them it would be cut off there")
            }
            Reason::PlaceUnknown { node } => format!("node {node} names neither a switch port nor a host"),
            Reason::NoNodes => "the cluster states no nodes".to_owned(),
            Reason::NoPath { to } => format!(
                "nodes stand behind {} and no link to it that carries the VLAN is stated: without it they would be cut off",
                device_name(*to)
            ),
            Reason::NoPortKnown => "no port that leads to a node is stated: add the switch's `links`".to_owned(),
            Reason::NeedsStaticMac => {
                "it names a port of the static MAC entry, which this platform does not hold: make another device the gateway".to_owned()
            }
            Reason::NeedsAddress => {
                "this platform must be told its address: write `querier: ADDRESS`, a free one of the VLAN's subnet".to_owned()
            }
            Reason::OtherMode => {
                "the VLAN's interface takes one mode, and another cluster of the VLAN has another: give them VLANs of their own".to_owned()
            }
            Reason::Ipv6Vip => "no source says how it would be: measure it".to_owned(),
        };
        format!("{what} for cluster {cluster} left out: {why}")
    }
}
