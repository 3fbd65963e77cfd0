//! The clusters themselves: why, which mode, which addresses, the nodes, the port rules, and how nodes reach each other.

use super::{Answer, Entry, PERSON, Part, Sees, TOOL, When, sources};
use crate::entry::EntryKind::{StaticArp, StaticMac};
use crate::review::checklist::About;

pub(super) const WHY: Part = Part {
    key: "why",
    title: "Why NLB at all",
    items: &[
        Entry {
            id: "why.reason",
            question: "Why NLB, what replaces it, and when?",
            rules: &[218],
            by_hand: Some(
                "NLB is deprecated from Windows Server 2025 on, and not removed. Write down why it is still the choice, \
                 what comes after it, and when.",
            ),
            source: sources::MICROSOFT_REMOVED,
            ..PERSON
        },
        Entry {
            id: "why.place",
            question: "Do the nodes run where NLB can work?",
            rules: &[214],
            sees: &[Sees::Nodes, Sees::Hypervisors],
            source: sources::CLOUD,
            ..TOOL
        },
        Entry {
            id: "why.failover-cluster",
            question: "Is no node a member of a failover cluster too?",
            rules: &[220],
            sees: &[Sees::Nodes, Sees::FailoverCluster],
            source: sources::EXCHANGE_DAG,
            ..TOOL
        },
    ],
};

pub(super) const MODE: Part = Part {
    key: "mode",
    title: "Mode",
    items: &[
        Entry {
            id: "mode.same",
            question: "Is the mode the same on all nodes?",
            rules: &[310],
            sees: &[Sees::Nodes],
            source: sources::MICROSOFT_OVERVIEW,
            ..TOOL
        },
        Entry {
            id: "mode.chosen",
            question: "Who chose the mode, and for which switches?",
            rules: &[205],
            by_hand: Some("Name who chose it, and the switches that it was chosen for."),
            ..PERSON
        },
        Entry {
            id: "mode.teams",
            question: "Do the mode and the teams of the hosts go together?",
            rules: &[201, 202, 203, 204, 216],
            applies: When::Virtual,
            sees: &[Sees::Nodes, Sees::Hypervisors, Sees::Teams],
            ..TOOL
        },
        Entry {
            id: "mode.windows",
            question: "Does the Windows release have IGMP mode?",
            rules: &[217],
            applies: When::Igmp,
            sees: &[Sees::Windows],
            source: sources::MICROSOFT_IGMP,
            ..TOOL
        },
    ],
};

pub(super) const ADDRESSES: Part = Part {
    key: "addresses",
    title: "Addresses",
    items: &[
        Entry {
            id: "addresses.vips",
            question: "Are the VIPs addresses that nobody else has?",
            rules: &[113, 114],
            sees: &[Sees::Nodes, Sees::Addresses],
            source: sources::MICROSOFT_OVERVIEW,
            ..TOOL
        },
        Entry {
            id: "addresses.mac",
            question: "Is the MAC derived from the primary VIP, once, and written so everywhere?",
            rules: &[101, 102, 103, 104, 105, 106, 107, 111, 112, 115, 116],
            sees: &[Sees::Config(&[StaticArp, StaticMac])],
            shows: &[StaticArp, StaticMac],
            source: sources::MICROSOFT_PRIMARY,
            ..TOOL
        },
        Entry {
            id: "addresses.group",
            question: "Is the IGMP group that of the primary VIP, and nobody else's?",
            rules: &[108, 109, 110],
            applies: When::Igmp,
            sees: &[Sees::Config(&[])],
            source: sources::MICROSOFT_IGMP,
            ..TOOL
        },
        Entry {
            id: "addresses.ip2mac",
            question: "Is what `nlb ip2mac` prints for the primary VIP attached, and the same?",
            by_hand: Some(
                "On a node, run `nlb ip2mac` with the primary VIP, compare the line of the cluster's mode with the MAC \
                 here, and attach what was printed. For another VIP it prints a MAC that is never used.",
            ),
            ..PERSON
        },
    ],
};

pub(super) const NODES: Part = Part {
    key: "nodes",
    title: "Nodes",
    items: &[
        Entry {
            id: "nodes.count",
            question: "Are there no more than 32 nodes, better 8?",
            rules: &[301, 302],
            sees: &[Sees::Nodes],
            source: sources::MICROSOFT_OVERVIEW,
            ..TOOL
        },
        Entry {
            id: "nodes.priority",
            question: "Has every node a host priority of its own?",
            rules: &[303],
            sees: &[Sees::Nodes, Sees::Priorities],
            source: sources::MICROSOFT_EVENTS,
            ..TOOL
        },
        Entry {
            id: "nodes.addresses",
            question: "Are the dedicated IPs static, and in the subnet of the VIPs?",
            rules: &[304, 305],
            sees: &[Sees::Nodes, Sees::Addresses],
            source: sources::MICROSOFT_OVERVIEW,
            ..TOOL
        },
        Entry {
            id: "nodes.vlan",
            question: "Has the cluster a VLAN of its own?",
            rules: &[519],
            sees: &[Sees::Places, Sees::Config(&[crate::entry::EntryKind::AccessVlan])],
            by_hand: Some("A port of the VLAN that leads to no node is a bystander of every flood."),
            ..TOOL
        },
        Entry {
            id: "nodes.heartbeat",
            question: "Are heartbeats and masked source MACs as Windows has them?",
            rules: &[311, 312],
            sees: &[Sees::Nodes, Sees::Heartbeat],
            by_hand: Some(
                "On each node, `nlb params` shows them: a heartbeat each 1000 ms, 5 may be missed.",
            ),
            source: sources::MICROSOFT_SETTINGS,
            ..TOOL
        },
    ],
};

pub(super) const PORT_RULES: Part = Part {
    key: "port-rules",
    title: "Port rules",
    items: &[
        Entry {
            id: "port-rules.same",
            question: "Are the port rules the same on every node, and do they not overlap?",
            rules: &[306, 307, 308, 309],
            sees: &[Sees::Nodes, Sees::PortRules],
            source: sources::MICROSOFT_PORT_RULES,
            ..TOOL
        },
        Entry {
            id: "port-rules.application",
            question: "Does the affinity fit the application, and who probes the service?",
            by_hand: Some(
                "NLB asks for heartbeats and not for services: a node whose service is dead keeps its share. Name what \
                 probes the service, and what takes the node out.",
            ),
            source: sources::EXCHANGE_DAG,
            ..PERSON
        },
    ],
};

pub(super) const INTER_HOST: Part = Part {
    key: "inter-host",
    title: "Second adapter and traffic between nodes",
    items: &[
        Entry {
            id: "inter-host.adapters",
            question: "Has every node a second adapter?",
            rules: &[221],
            applies: When::Unicast,
            sees: &[Sees::Nodes, Sees::Adapters],
            ..TOOL
        },
        Entry {
            id: "inter-host.tested",
            question: "Was traffic from node to node tested?",
            applies: When::Unicast,
            answer: Answer::Person,
            about: About::Cluster,
            by_hand: Some(
                "All nodes have one MAC. From each node reach every other one, by the addresses that the application uses.",
            ),
            source: sources::MICROSOFT_SETTINGS,
            ..PERSON
        },
    ],
};
