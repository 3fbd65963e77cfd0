//! The switches: gateways, every switch of the VLAN, IGMP, and the guards that NLB does not get along with.

use super::{About, Entry, PERSON, Part, Sees, TOOL, When, sources};
use crate::entry::EntryKind::{
    self, ArpInspection, BlockMulticast, BlockUnknownUnicast, EdgePort, GroupTimeout, IgmpFilter,
    IgmpQuerier, IgmpSnooping, MacAcl, MrouterPort, MulticastLookup, PortSecurity, PrivateVlan, Protected,
    StaticArp, StaticMac, StormControlMulticast, StormControlUnicast, Svi, UnregisteredMulticast,
    VlanFlooding,
};

/// What a switch does with clusters.
const LINES: &[EntryKind] =
    &[StaticArp, StaticMac, IgmpSnooping, IgmpQuerier, MrouterPort, UnregisteredMulticast, VlanFlooding];

const GATEWAY: Entry = Entry { about: About::Gateway, ..TOOL };
const SWITCH: Entry = Entry { about: About::Switch, ..TOOL };

pub(super) const GATEWAYS: Part = Part {
    key: "gateways",
    title: "Gateways",
    items: &[
        Entry {
            id: "gateways.named",
            question: "Are all gateways of the VLAN named, firewalls too?",
            rules: &[410],
            applies: When::Routed,
            by_hand: Some(
                "Look for every device with an address in the subnet that forwards: routers, peers, firewalls.",
            ),
            source: sources::FIREWALLS,
            ..PERSON
        },
        Entry {
            id: "gateways.static-arp",
            question: "Has the gateway a static ARP entry for every VIP, with the primary's MAC?",
            rules: &[401],
            applies: When::Multicast,
            sees: &[Sees::Config(&[StaticArp])],
            shows: &[StaticArp],
            source: sources::ROUTERS,
            ..GATEWAY
        },
        Entry {
            id: "gateways.peers",
            question: "Has every gateway the same entries as its peers?",
            rules: &[402],
            applies: When::SeveralGateways,
            sees: &[Sees::Config(&[StaticArp])],
            shows: &[StaticArp],
            source: sources::PEERS,
            ..TOOL
        },
        Entry {
            id: "gateways.interface",
            question: "Is the gateway's interface up, in the subnet, in the VRF of the entries, and told the cluster's mode where it must be?",
            rules: &[403, 407, 411, 412],
            sees: &[Sees::Config(&[StaticArp, Svi])],
            source: sources::AGGREGATES,
            ..GATEWAY
        },
        Entry {
            id: "gateways.platform",
            question: "Does the platform take the entries, and as many?",
            rules: &[406, 408, 409, 702, 703, 706, 707],
            sees: &[Sees::Platform, Sees::TakesArp],
            source: sources::CATALYST,
            ..GATEWAY
        },
        Entry {
            id: "gateways.unicast",
            question: "Does the gateway send the frames of unicast clusters to all nodes?",
            rules: &[405, 704, 705],
            applies: When::Unicast,
            sees: &[Sees::Platform, Sees::Config(&[StaticArp])],
            shows: &[StaticArp, VlanFlooding],
            source: sources::PEERS,
            ..GATEWAY
        },
    ],
};

pub(super) const SWITCHES: Part = Part {
    key: "switches",
    title: "Every switch of the VLAN",
    items: &[
        Entry {
            id: "switches.frames",
            question: "Do the frames get to every node, and to nobody else?",
            rules: &[801, 802, 803],
            sees: &[Sees::Frames],
            by_hand: Some("Count frames on the ports of nodes and bystanders while a client asks a VIP."),
            ..TOOL
        },
        Entry {
            id: "switches.conditions",
            question: "Do they still when a node moves, a gateway fails over, or a link goes down?",
            rules: &[209],
            sees: &[Sees::Conditions],
            ..TOOL
        },
        Entry {
            id: "switches.config",
            question: "Was its running-config read, and every line in it that may be about NLB understood?",
            rules: &[902, 904, 905, 906],
            sees: &[Sees::Config(&[])],
            shows: LINES,
            source: sources::PRACTICE,
            ..SWITCH
        },
        Entry {
            id: "switches.static-mac",
            question: "Does the static MAC entry list all node ports, uplinks of hosts, and links towards nodes?",
            rules: &[501, 502, 503, 508],
            applies: When::Pinned,
            sees: &[Sees::Places, Sees::Config(&[StaticMac])],
            shows: &[StaticMac],
            ..SWITCH
        },
        Entry {
            id: "switches.entries",
            question: "Are the entries in the right VLAN, and do they name port-channels and no strangers?",
            rules: &[404, 504, 505, 506, 518, 520, 521, 522],
            sees: &[Sees::Config(&[StaticMac])],
            shows: &[StaticMac],
            source: sources::AGGREGATES,
            ..SWITCH
        },
        Entry {
            id: "switches.platform",
            question: "Does the platform take the entries, and forward in hardware?",
            rules: &[507, 709, 710, 711, 712],
            sees: &[Sees::Platform, Sees::TakesMac],
            source: sources::CATALYST,
            ..SWITCH
        },
    ],
};

pub(super) const IGMP: Part = Part {
    key: "igmp",
    title: "IGMP",
    items: &[
        Entry {
            id: "igmp.lookup",
            question: "Does the switch forward multicast by MAC, or is the MAC pinned to ports?",
            rules: &[605, 701, 708],
            applies: When::Igmp,
            sees: &[Sees::Platform, Sees::LooksUp, Sees::Config(&[StaticMac])],
            shows: &[StaticMac, MulticastLookup],
            source: sources::CATALYST_IGMP,
            ..SWITCH
        },
        Entry {
            id: "igmp.snooping",
            question: "Is snooping on, does it take IGMPv1 reports of 239.255/16, and on node ports only those?",
            rules: &[601, 606, 608, 609],
            applies: When::Igmp,
            sees: &[Sees::Config(&[IgmpSnooping, IgmpFilter])],
            shows: &[IgmpSnooping],
            source: sources::MICROSOFT_IGMP,
            ..SWITCH
        },
        Entry {
            id: "igmp.querier",
            question: "Is a querier named, does it ask from an address, and do the reports get to it?",
            rules: &[602, 603, 607],
            applies: When::Igmp,
            sees: &[Sees::Config(&[IgmpQuerier])],
            shows: &[IgmpQuerier, MrouterPort],
            source: sources::MICROSOFT_IGMP,
            ..TOOL
        },
        Entry {
            id: "igmp.timeout",
            question: "Are groups kept for well over 60 seconds?",
            rules: &[604],
            applies: When::Igmp,
            sees: &[Sees::Config(&[GroupTimeout])],
            source: sources::MICROSOFT_TIMEOUT,
            ..SWITCH
        },
        Entry {
            id: "igmp.joined",
            question: "Does each switch show the group with every node port?",
            applies: When::Igmp,
            shows: &[IgmpSnooping],
            by_hand: Some(
                "NLB reports its group each 60 seconds, with IGMPv1. Look for it a few minutes after a start.",
            ),
            source: sources::MICROSOFT_TIMEOUT,
            ..PERSON
        },
    ],
};

pub(super) const INTERACTIONS: Part = Part {
    key: "interactions",
    title: "What NLB does not get along with",
    items: &[
        Entry {
            id: "interactions.storm-control",
            question: "Does storm control leave NLB's frames alone, on node ports and where they come in?",
            rules: &[515],
            sees: &[Sees::Config(&[StormControlUnicast, StormControlMulticast])],
            source: sources::STORM_CONTROL,
            ..SWITCH
        },
        Entry {
            id: "interactions.blocking",
            question: "Do node ports get unknown unicast and multicast (no UUFB)?",
            rules: &[509, 510],
            applies: When::NodePorts,
            sees: &[Sees::Config(&[BlockUnknownUnicast, BlockMulticast])],
            source: sources::PORT_BLOCKING,
            ..SWITCH
        },
        Entry {
            id: "interactions.port-security",
            question: "Does port security let the MACs of nodes in, and move?",
            rules: &[512],
            applies: When::NodePorts,
            sees: &[Sees::Config(&[PortSecurity])],
            source: sources::MASKING,
            ..SWITCH
        },
        Entry {
            id: "interactions.arp-guards",
            question: "Do ARP inspection and source guard let the nodes speak?",
            rules: &[513, 514],
            applies: When::NodePorts,
            sees: &[Sees::Config(&[ArpInspection])],
            source: sources::ARP_INSPECTION,
            ..SWITCH
        },
        Entry {
            id: "interactions.isolation",
            question: "Do nodes hear each other's heartbeats (no private VLAN, no protected ports)?",
            rules: &[511],
            applies: When::NodePorts,
            sees: &[Sees::Config(&[Protected, PrivateVlan])],
            source: sources::PRIVATE_VLAN,
            ..SWITCH
        },
        Entry {
            id: "interactions.mac-acl",
            question: "Does no MAC ACL stop heartbeats (EtherType 0x886F) or the cluster MAC?",
            rules: &[516],
            sees: &[Sees::Config(&[MacAcl])],
            source: sources::HEARTBEATS,
            ..SWITCH
        },
        Entry {
            id: "interactions.unregistered",
            question: "Is unregistered multicast not dropped where the cluster MAC has no entry?",
            rules: &[517],
            applies: When::Multicast,
            sees: &[Sees::Config(&[UnregisteredMulticast])],
            shows: &[UnregisteredMulticast],
            source: sources::UNREGISTERED,
            ..SWITCH
        },
        Entry {
            id: "interactions.edge",
            question: "Are node ports edge ports, so that a restart changes no topology?",
            rules: &[523],
            applies: When::NodePorts,
            sees: &[Sees::Config(&[EdgePort])],
            source: sources::TOPOLOGY_CHANGES,
            ..SWITCH
        },
    ],
};
