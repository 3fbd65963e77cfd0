//! The checklist as data: which items there are, which rules and facts each rests on, what makes it apply, what must have
//! been seen before it can pass, and what only a person can see.

mod clusters;
mod sources;
mod switches;
mod work;

use super::document::{Source, Verdict};
use crate::diagnostic::{Code, Severity};
use crate::entry::EntryKind;
use crate::lint::rule_of;

/// A part of the checklist.
pub(super) struct Part {
    /// Its name for programs.
    pub(super) key: &'static str,
    /// Its title.
    pub(super) title: &'static str,
    /// Its items.
    pub(super) items: &'static [Entry],
}

/// One item of the checklist.
pub(super) struct Entry {
    /// Its name for programs.
    pub(super) id: &'static str,
    /// What is asked.
    pub(super) question: &'static str,
    /// What there is one of it for.
    pub(super) about: About,
    /// Who can answer.
    pub(super) answer: Answer,
    /// The rules that it rests on, by their codes.
    pub(super) rules: &'static [u16],
    /// What makes it apply.
    pub(super) applies: When,
    /// What must have been seen before it can pass.
    pub(super) sees: &'static [Sees],
    /// The kinds of entries whose commands show it on a switch.
    pub(super) shows: &'static [EntryKind],
    /// What only a person can see, or how.
    pub(super) by_hand: Option<&'static str>,
    /// Where it is said why this matters.
    pub(super) source: Source,
}

/// What there is one of an item for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The whole design.
    Design,
    /// Each cluster.
    Cluster,
    /// Each switch that routes for a cluster.
    Gateway,
    /// Each switch that the frames of a cluster pass.
    Switch,
}

/// Who can answer an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The tool, where it sees enough.
    Tool,
    /// A person only. What rules say helps, and an error of theirs settles it.
    Person,
}

/// What makes an item apply: to the cluster, or to one of those on the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// It always does.
    Always,
    /// The cluster answers with a unicast MAC.
    Unicast,
    /// It answers with a multicast MAC.
    Multicast,
    /// It is in IGMP multicast mode.
    Igmp,
    /// Clients reach it through gateways.
    Routed,
    /// Several gateways route for it.
    SeveralGateways,
    /// A node runs on a hypervisor.
    Virtual,
    /// A node runs on Hyper-V.
    HyperV,
    /// A node runs on vSphere.
    Vsphere,
    /// A node runs on something else, or nobody says on what.
    OtherHypervisor,
    /// The design asks the switch for an entry that pins the cluster MAC to ports, or its config has one.
    Pinned,
    /// Ports of the switch lead to a node.
    NodePorts,
}

/// What must have been seen before an item can pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    /// The cluster's nodes.
    Nodes,
    /// Where each node is: its port, or the uplinks of every host that may run it.
    Places,
    /// Each node's host priority.
    Priorities,
    /// Each node's dedicated IP.
    Addresses,
    /// The Windows release.
    Windows,
    /// The port rules.
    PortRules,
    /// How many adapters each node has.
    Adapters,
    /// The heartbeat, and whether source MACs are masked.
    Heartbeat,
    /// What each virtual node runs on.
    Hypervisors,
    /// How the uplinks of each host with several work together.
    Teams,
    /// Whether each node is a member of a failover cluster.
    FailoverCluster,
    /// Whether MAC spoofing is allowed on each virtual node, on Hyper-V.
    Spoofing,
    /// What vSphere hosts do: notifying switches and forged transmits in unicast mode, the multicast filter in others.
    VsphereSettings,
    /// Whether the nodes are kept apart on the hosts that they move among.
    Placement,
    /// What else is in the site: firewalls, and the VLANs of a load balancer MUX.
    Site,
    /// Which platform the switch is.
    Platform,
    /// That somebody has shown whether the platform takes static ARP entries with a multicast MAC.
    TakesArp,
    /// That somebody has shown how many ports a static MAC entry may have there.
    TakesMac,
    /// That somebody has shown what the platform looks multicast up by.
    LooksUp,
    /// The switch's config, read by a pack that knows lines of these kinds; nothing about them left in doubt.
    Config(&'static [EntryKind]),
    /// Where the frames go, on every switch, by their configs.
    Frames,
    /// The same, under every condition.
    Conditions,
}

/// The checklist, in the order in which it is gone through.
pub(super) const CHECKLIST: [&Part; 15] = [
    &clusters::WHY,
    &clusters::MODE,
    &clusters::ADDRESSES,
    &clusters::NODES,
    &clusters::PORT_RULES,
    &clusters::INTER_HOST,
    &switches::GATEWAYS,
    &switches::SWITCHES,
    &switches::IGMP,
    &switches::INTERACTIONS,
    &work::HYPERVISORS,
    &work::TESTS,
    &work::ROLLBACK,
    &work::EXCEPTIONS,
    &work::MONITORING,
];

/// An item as others may know it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its name for programs.
    pub id: &'static str,
    /// The name of its section for programs.
    pub section: &'static str,
    /// The rules that it rests on, by their codes.
    pub rules: &'static [u16],
    /// What may come of it, for some design and some configs.
    pub verdicts: Vec<Verdict>,
}

/// Every item of the checklist, in its order.
pub fn items() -> impl Iterator<Item = Known> {
    CHECKLIST.iter().flat_map(|part| {
        part.items.iter().map(|entry| {
            let mut verdicts = match entry.answer {
                Answer::Tool => vec![Verdict::Pass, Verdict::Check],
                Answer::Person => vec![Verdict::Check],
            };
            let looks = [Sees::Frames, Sees::Conditions].iter().any(|sees| entry.sees.contains(sees));
            let known = entry.rules.iter().filter_map(|code| rule_of(Code(*code)));
            let may_fail = known.map(|rule| rule.severity).any(|severity| severity >= Severity::Warning);
            if entry.answer == Answer::Tool && (may_fail || looks) {
                verdicts.push(Verdict::Fail);
            }
            if entry.applies != When::Always {
                verdicts.push(Verdict::NotApplicable);
            }
            Known { id: entry.id, section: part.key, rules: entry.rules, verdicts }
        })
    })
}

/// An item that the tool answers, for each cluster; the tables say what differs.
const TOOL: Entry = Entry {
    id: "",
    question: "",
    about: About::Cluster,
    answer: Answer::Tool,
    rules: &[],
    applies: When::Always,
    sees: &[],
    shows: &[],
    by_hand: None,
    source: sources::MICROSOFT_MODES,
};

/// An item that only a person answers.
const PERSON: Entry = Entry { answer: Answer::Person, ..TOOL };
