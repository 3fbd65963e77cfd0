//! What is around the switches, and what is done: hypervisors, tests, the way back, exceptions, and monitoring.

use super::{About, Entry, PERSON, Part, Sees, TOOL, When, sources};

pub(super) const HYPERVISORS: Part = Part {
    key: "hypervisors",
    title: "Hypervisors",
    items: &[
        Entry {
            id: "hypervisors.hyper-v",
            question: "Is MAC address spoofing allowed on the nodes' adapters?",
            rules: &[206, 207],
            applies: When::HyperV,
            sees: &[Sees::Nodes, Sees::Spoofing],
            by_hand: Some("On each host: `Get-VMNetworkAdapter -VMName NODE | select MacAddressSpoofing`."),
            source: sources::MICROSOFT_HYPERV,
            ..TOOL
        },
        Entry {
            id: "hypervisors.vsphere",
            question: "Are notify switches, forged transmits and the multicast filter as the mode needs them?",
            rules: &[210, 211, 212, 213],
            applies: When::Vsphere,
            sees: &[Sees::Nodes, Sees::VsphereSettings],
            source: sources::VSPHERE_UNICAST,
            ..TOOL
        },
        Entry {
            id: "hypervisors.other",
            question: "What does the hypervisor's vendor say about NLB?",
            rules: &[215],
            applies: When::OtherHypervisor,
            by_hand: Some("Nothing was found for or against it. Ask the vendor, and test before it is used."),
            source: sources::PRACTICE,
            ..PERSON
        },
        Entry {
            id: "hypervisors.apart",
            question: "Are the nodes kept apart, and never moved at the same moment?",
            rules: &[208, 219, 223, 224],
            applies: When::Virtual,
            sees: &[Sees::Nodes, Sees::Placement],
            source: sources::LIVE_MIGRATION,
            ..TOOL
        },
        Entry {
            id: "hypervisors.mux",
            question: "Is no load balancer MUX of a software-defined network in the VLAN?",
            rules: &[222],
            sees: &[Sees::Site],
            source: sources::MICROSOFT_MUX,
            ..TOOL
        },
        Entry {
            id: "hypervisors.migration",
            question: "Was a migration tested, one node at a time?",
            applies: When::Virtual,
            by_hand: Some(
                "Do the tests of kind migration below, and look at `nlb query` on every node after each.",
            ),
            source: sources::LIVE_MIGRATION,
            ..PERSON
        },
    ],
};

pub(super) const TESTS: Part = Part {
    key: "tests",
    title: "Tests",
    items: &[Entry {
        id: "tests.done",
        question: "Were all tests of the plan below done, and did they go as expected?",
        by_hand: Some("Tick each test below. One that went otherwise is written down with what was seen."),
        source: sources::PRACTICE,
        ..PERSON
    }],
};

pub(super) const ROLLBACK: Part = Part {
    key: "rollback",
    title: "The way back",
    items: &[
        Entry {
            id: "rollback.nodes",
            question: "Is there console access to every node?",
            by_hand: Some(
                "A change of the mode drops connections, and a node may hang in Converging: reach it without its network.",
            ),
            source: sources::PRACTICE,
            ..PERSON
        },
        Entry {
            id: "rollback.switches",
            question: "Are the rollback lines at hand, and who types them?",
            about: About::Switch,
            by_hand: Some(
                "The rollback lines below were read back with the lines that they undo. Keep them with the change.",
            ),
            source: sources::PRACTICE,
            ..PERSON
        },
    ],
};

pub(super) const EXCEPTIONS: Part = Part {
    key: "exceptions",
    title: "Exceptions",
    items: &[
        Entry {
            id: "exceptions.stig",
            question: "Is every exception from a security guide written down (UUFB, ARP inspection, port security)?",
            about: About::Design,
            by_hand: Some(
                "DISA's STIG asks for unknown unicast flood blocking on all access ports, which cuts off unicast clusters. \
                 Name the ports, the reason, and who accepts it.",
            ),
            source: sources::STIG,
            ..PERSON
        },
        Entry {
            id: "exceptions.accepted",
            question: "Is what the design and the settings accept still right?",
            about: About::Design,
            rules: &[903],
            by_hand: Some("Read each reason, and ask its owner."),
            source: sources::PRACTICE,
            ..PERSON
        },
    ],
};

pub(super) const MONITORING: Part = Part {
    key: "monitoring",
    title: "Monitoring",
    items: &[
        Entry {
            id: "monitoring.floods",
            question: "Who watches the counters of floods?",
            by_hand: Some(
                "Unknown unicast and multicast that leaves ports which lead to no node, on every switch of the VLAN.",
            ),
            source: sources::PRACTICE,
            ..PERSON
        },
        Entry {
            id: "monitoring.events",
            question: "Who is told of NLB's events?",
            by_hand: Some(
                "Above all `duplicate cluster subnets` (nodes do not hear each other) and `duplicate host priority`.",
            ),
            source: sources::MICROSOFT_EVENTS,
            ..PERSON
        },
    ],
};
