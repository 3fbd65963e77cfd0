//! The review as one document: what JSON holds, and what the other formats are made of. Every text in it may be shown:
//! secrets are hidden, and what a terminal would act on is escaped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pictures::Pictures;

/// The version of the document. Changes of its shape need a new one.
pub const VERSION: u32 = 1;

/// A design review. A contract: changes need a new `version`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch review")]
pub struct Document {
    /// Always `nlbswitch`.
    pub generator: &'static str,
    /// The version of this document.
    pub version: u32,
    /// What the review is about, in one line.
    pub title: String,
    /// How many items have each verdict.
    pub summary: Summary,
    /// The clusters.
    pub clusters: Vec<ClusterFacts>,
    /// The checklist, in the order in which it is gone through.
    pub sections: Vec<Section>,
    /// Where the frames of each cluster go.
    pub deliveries: Vec<Deliveries>,
    /// What to type on each switch, how to take it back, and how to check it.
    pub switches: Vec<SwitchLines>,
    /// What to try, and what should happen.
    pub tests: Vec<Test>,
    /// Who signs, and for what.
    pub sign_off: Vec<String>,
    /// What was reviewed.
    pub record: Record,
    /// Pictures of where frames go, for pages that can show them. JSON has the same in `deliveries`.
    #[serde(skip)]
    pub pictures: Pictures,
}

/// How many items have each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Summary {
    /// Items that the tool saw to be right.
    pub pass: usize,
    /// Items that something stands against.
    pub fail: usize,
    /// Items that a person has to look at.
    pub check: usize,
    /// Items that the design has nothing to do with.
    pub not_applicable: usize,
}

/// What comes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The tool saw all that the item rests on, and nothing stands against it.
    Pass,
    /// Something stands against it.
    Fail,
    /// A person has to look: the tool saw too little, or cannot see it at all.
    Check,
    /// The design has nothing to do with it.
    NotApplicable,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Fail, Self::Check, Self::Pass, Self::NotApplicable];

    /// The verdict for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Check => "to be checked by hand",
            Self::NotApplicable => "does not apply",
        }
    }

    /// The verdict in a column of its own.
    pub fn short(self) -> &'static str {
        match self {
            Self::Check => "check by hand",
            other => other.title(),
        }
    }

    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Check => "check",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ClusterFacts {
    /// Its name.
    pub name: String,
    /// Its mode: `unicast`, `multicast` or `igmp-multicast`.
    pub mode: String,
    /// Its primary VIP, with the prefix length.
    pub primary: String,
    /// All of its VIPs, the primary first.
    pub vips: Vec<String>,
    /// The MAC that it answers with, for every VIP.
    pub mac: String,
    /// Its IGMP group, in IGMP mode.
    pub group: Option<String>,
    /// Its VLAN id.
    pub vlan: u16,
    /// Its VRF, where the design names one.
    pub vrf: Option<String>,
    /// Its nodes.
    pub nodes: Vec<String>,
    /// The switches that route for it.
    pub gateways: Vec<String>,
    /// Every switch that its frames pass.
    pub switches: Vec<String>,
}

/// A part of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Section {
    /// Its number, from 1.
    pub number: usize,
    /// Its name for programs; stable.
    pub key: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its items.
    pub items: Vec<Item>,
}

/// One thing to look at, for one cluster or switch, or for the whole design.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Item {
    /// Its name for programs, `nodes.priority`; stable, and the same for each cluster or switch.
    pub id: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// The cluster it is about.
    pub cluster: Option<String>,
    /// The switch it is about.
    pub switch: Option<String>,
    /// What comes of it.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: String,
    /// What that rests on.
    pub evidence: Vec<Evidence>,
    /// The rules that it rests on.
    pub rules: Vec<String>,
    /// What only a person can see.
    pub by_hand: Option<&'static str>,
    /// The commands that show it, on each switch.
    pub commands: Vec<Commands>,
    /// Where it is said why this matters.
    pub source: Source,
}

/// What an item rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Evidence {
    /// What it says, in one line.
    pub text: String,
    /// The rule that says it.
    pub rule: Option<String>,
    /// How bad that is: `error`, `warning` or `info`.
    pub severity: Option<String>,
    /// Where it is said.
    pub location: Option<Place>,
    /// The line that stands there.
    pub line: Option<String>,
    /// Why it is accepted all the same.
    pub accepted: Option<Accepted>,
}

/// Why a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Accepted {
    /// The reason.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// A place in a design or config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Place {
    /// The file, relative to the working directory.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// What to type on a switch, and what to look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Commands {
    /// The switch.
    pub switch: String,
    /// The lines; those that begin with the switch's sign for comments say what to look for.
    pub lines: Vec<String>,
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Source {
    /// The document's title.
    pub title: &'static str,
    /// Its address; null where nobody but this tool says it.
    pub url: Option<&'static str>,
}

/// Where the frames of a cluster go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Deliveries {
    /// The cluster.
    pub cluster: String,
    /// How many things that may happen were tried.
    pub tried: usize,
    /// First the frames as things are; then those that fare otherwise under a condition.
    pub frames: Vec<Delivery>,
}

/// How a frame fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Delivery {
    /// `client` or `heartbeat`.
    pub frame: &'static str,
    /// `gateway`, `vlan`, or the node that sends it.
    pub from: String,
    /// The condition; null for how things are.
    pub what_if: Option<String>,
    /// `confined`, `flood`, `black-hole` or `split`. Where a switch does something that nobody knows, the best that can
    /// be.
    pub verdict: &'static str,
    /// Whether it is known what every switch on the way does, and where every node is.
    pub known: bool,
    /// How sure the weakest statement is that it rests on: `vendor`, `lab`, `field` or `unverified`.
    pub evidence: &'static str,
    /// The nodes that get it.
    pub reached: Vec<String>,
    /// The nodes that do not.
    pub missed: Vec<String>,
    /// The nodes of which nobody can say.
    pub unknown: Vec<String>,
    /// The ports that get it, lead to no node, and are not the way to one.
    pub bystanders: Vec<Port>,
    /// What each switch that gets it does.
    pub switches: Vec<Hop>,
}

impl Delivery {
    /// Which frame it is, in words.
    pub(super) fn source(&self) -> String {
        match (self.frame, self.from.as_str()) {
            ("client", "gateway") => "client through the gateway".to_owned(),
            ("client", _) => "client in the VLAN".to_owned(),
            (_, node) => format!("heartbeat of {node}"),
        }
    }
}

/// A port of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Port {
    /// The switch.
    pub switch: String,
    /// The port, in its long spelling.
    pub port: String,
}

/// What one switch does with a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Hop {
    /// The switch.
    pub switch: String,
    /// The ports that the frame leaves by.
    pub ports: Vec<String>,
    /// What decided.
    pub decided_by: String,
    /// How sure that is.
    pub evidence: &'static str,
    /// Where it is said.
    pub location: Option<Place>,
}

/// The lines of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SwitchLines {
    /// The switch, or the stack.
    pub name: String,
    /// The vendor pack that speaks for it.
    pub vendor: String,
    /// The platform, where the design states a known one.
    pub platform: Option<String>,
    /// The config that was read; null when none was.
    pub config: Option<String>,
    /// The clusters whose frames pass it.
    pub clusters: Vec<String>,
    /// The clusters that it routes for.
    pub gateway_for: Vec<String>,
    /// Whether the lines are what is missing or wrong in the config; else they are all that the design asks for.
    pub against_config: bool,
    /// Whether an entry is gone for a moment while the lines are typed.
    pub needs_window: bool,
    /// The lines to type.
    pub apply: Vec<Line>,
    /// The lines that take them back.
    pub rollback: Vec<Line>,
    /// The commands that show what was typed, and what to look for.
    pub verify: Vec<Line>,
    /// What the engineer should know, and what was left out.
    pub notes: Vec<String>,
}

/// One line for a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Line {
    /// The line, with its indentation.
    pub text: String,
    /// How sure it is that the switch takes it so; null for comments and the like.
    pub evidence: Option<&'static str>,
}

/// Something to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Test {
    /// The cluster; null for the whole design.
    pub cluster: Option<String>,
    /// Which kind of test: `same-vlan`, `other-vlan`, `gateway`, `node`, `uplink`, `link`, `migration`, `querier` or `soak`.
    pub kind: &'static str,
    /// What to do.
    pub text: String,
    /// What should happen.
    pub expect: String,
    /// What the forwarding model says will happen, where it can.
    pub model: Option<String>,
}

/// What was reviewed, in a form that `review --check` reads again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of the tool.
    pub tool: String,
    /// What was asked for.
    pub arguments: Arguments,
    /// Every input.
    pub inputs: Vec<Input>,
}

/// What was asked for, so that the same inputs are found again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The design.
    pub design: String,
    /// The configs beside those that the design names.
    pub configs: Vec<String>,
    /// The dialect of every config, where it was typed.
    pub dialect: Option<String>,
    /// Whether `.nlbswitch.yaml` was left out.
    pub no_config: bool,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What it is.
    pub kind: InputKind,
    /// A path relative to the working directory, or the name of a vendor pack.
    pub name: String,
    /// The SHA-256 of its octets, in hexadecimal digits; null where it could not be read.
    pub sha256: Option<String>,
}

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// A file of the design.
    Design,
    /// A running-config.
    Config,
    /// `.nlbswitch.yaml`.
    Settings,
    /// A vendor pack, with its templates.
    Pack,
}

impl InputKind {
    /// The kind in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Design => "design",
            Self::Config => "config",
            Self::Settings => "settings",
            Self::Pack => "vendor pack",
        }
    }
}
