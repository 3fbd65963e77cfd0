//! What a picture shows: the parts of the network, the links between them, and what the frame does to each.

use super::builder::Builder;
use crate::forwarding::{Fabric, Trace};

/// Everything in a picture.
#[derive(Debug)]
pub(super) struct Content {
    /// The cluster.
    pub(super) heading: String,
    /// The frame, and the condition.
    pub(super) frame: String,
    /// How it fares.
    pub(super) sign: Sign,
    /// The same in words.
    pub(super) fares: String,
    /// The whole picture in sentences.
    pub(super) told: Vec<String>,
    /// Switches, hosts and physical nodes.
    pub(super) parts: Vec<Part>,
    /// The links between them.
    pub(super) wires: Vec<Wire>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A switch, or a stack of several.
    Switch { members: usize },
    /// Switches that only flood the frame, where they are too many to be shown.
    Others,
    /// A hypervisor host.
    Host,
    /// A physical node.
    Node,
}

/// A box of the picture.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// What it is, in a line each.
    pub(super) notes: Vec<String>,
    /// All about it, for those who point at it.
    pub(super) title: String,
    /// The column it is in, from 0.
    pub(super) column: usize,
    /// Whether the frame gets to it.
    pub(super) gets: bool,
    /// What the frame does there.
    pub(super) bands: Vec<Band>,
    /// Where a click on it leads.
    pub(super) link: Option<String>,
}

/// A line of a box with a sign before it.
#[derive(Debug)]
pub(super) struct Band {
    pub(super) sign: Sign,
    pub(super) text: String,
    pub(super) title: String,
}

/// What becomes of the frame; each has a colour and a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// A node gets it.
    Reached,
    /// A node does not.
    Missed,
    /// Nobody can say.
    Unknown,
    /// It gets in here.
    Enters,
    /// It leaves by ports where nobody wants it.
    Flood,
    /// It goes no further.
    Stop,
    /// Nothing.
    None,
}

/// A link.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) ends: [End; 2],
    pub(super) look: Look,
    pub(super) title: String,
}

/// One end of a link.
#[derive(Debug)]
pub(super) struct End {
    /// The part, by its position.
    pub(super) part: usize,
    /// The port; a host's own are not known.
    pub(super) port: Option<String>,
    /// Whether it is a port-channel.
    pub(super) lag: bool,
    /// Whether the frame arrives here.
    pub(super) arrives: bool,
}

/// How a link is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// The frame takes it, towards nodes.
    Way,
    /// The frame takes it, and nobody behind it wants it.
    Flood,
    /// The frame should take it.
    Lost,
    /// The frame does not take it.
    Idle,
    /// It is down.
    Down,
}

/// Finds out what a picture of the cluster of `trace` shows.
pub(super) fn content(fabric: &Fabric<'_>, trace: &Trace, link: &dyn Fn(usize) -> Option<String>) -> Content {
    let mut builder = Builder::new(fabric, trace);
    builder.switches(link);
    builder.others();
    builder.links();
    builder.machines();
    builder.finish()
}

impl Look {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Way => "carries the frame",
            Self::Flood => "carries the frame to bystanders",
            Self::Lost => "should carry the frame and does not",
            Self::Idle => "does not carry the frame",
            Self::Down => "is down",
        }
    }
}
