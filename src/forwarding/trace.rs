//! The answer: who gets a frame, who does not, who gets it without wanting it, and what decided that on every switch.

use std::sync::Arc;

use super::decided::DecidedBy;
use super::scene::FrameKind;
use super::what_if::WhatIf;
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::source::Span;
use crate::vendor::Evidence;

/// Where a frame comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum From {
    /// From another subnet: the gateway sends it. The device.
    Gateway(usize),
    /// From a client in the VLAN, on whichever of the cluster's switches it is.
    Vlan,
    /// From a node, by its position in the cluster.
    Node(usize),
}

/// How a frame fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// All nodes get it, and nobody else.
    Confined,
    /// All nodes get it, and others too.
    Flood,
    /// A client's frame does not get to every node.
    BlackHole,
    /// A heartbeat does not get to every other node.
    Split,
}

impl Verdict {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confined => "confined",
            Self::Flood => "flood",
            Self::BlackHole => "black-hole",
            Self::Split => "split",
        }
    }
}

/// What one switch does with the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The device, by its number in the plan.
    pub device: usize,
    /// The ports the frame leaves by.
    pub ports: PortSet,
    /// What decided.
    pub decided_by: DecidedBy,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said: a line of the config, or the switch in the design.
    pub location: Option<Span>,
}

impl Hop {
    /// Whether nobody says what this switch does with the frame.
    pub fn is_unknown(&self) -> bool {
        matches!(self.decided_by, DecidedBy::Unknown(_))
    }
}

/// How a config keeps a frame from a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bar {
    /// The port is shut.
    Shut,
    /// It is not in the VLAN.
    OtherVlan,
    /// It exchanges no frames with the port that the frame came by.
    Protected,
}

/// A port that a config keeps a frame from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The device, by its number in the plan.
    pub device: usize,
    /// The port.
    pub port: PortName,
    /// How.
    pub by: Bar,
    /// The line of the config.
    pub location: Option<Span>,
}

/// A node that does not get the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The node, by its position in the cluster.
    pub node: usize,
    /// The switch that does not pass the frame on towards it, by its place in [`Trace::switches`].
    pub at: Option<usize>,
    /// Whether it gets it by some of its links: then it depends on the host, which uses one of them.
    pub partly: bool,
    /// The port on the way there that a config keeps it from, where that is the reason.
    pub closed: Option<Closed>,
}

/// A port that gets the frame, that leads to no node, and that is not the way to one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bystander {
    /// The device, by its number in the plan.
    pub device: usize,
    /// The port.
    pub port: PortName,
}

/// One frame, followed to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The cluster, by its position in the design.
    pub cluster: usize,
    /// Which frame.
    pub frame: FrameKind,
    /// Where it comes from.
    pub from: From,
    /// Under which condition; as things are when `None`.
    pub what_if: Option<WhatIf>,
    /// Whether it fares otherwise under that condition than as things are.
    pub differs: bool,
    /// How it fares.
    pub verdict: Verdict,
    /// The nodes that get it, by their position in the cluster.
    pub reached: Vec<usize>,
    /// Those that do not.
    pub missed: Vec<Missed>,
    /// Those of which nobody can say: the design does not state where they are, or no way there.
    pub unknown: Vec<usize>,
    /// Who gets it beside them, by switch and port.
    pub bystanders: Vec<Bystander>,
    /// The switches that get it, in the order in which they do. Frames of a cluster that a switch treats alike share what
    /// it does.
    pub switches: Vec<Arc<Hop>>,
}

impl Trace {
    /// How sure the answer is: the weakest of what decided on its way.
    pub fn evidence(&self) -> Evidence {
        self.switches.iter().map(|hop| hop.evidence).max().unwrap_or(Evidence::Unverified)
    }

    /// Whether nobody says what one of the switches does with the frame: the verdict is the best that can be.
    pub fn is_unknown(&self) -> bool {
        self.switches.iter().any(|hop| hop.is_unknown())
    }
}
