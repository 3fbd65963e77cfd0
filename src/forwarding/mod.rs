//! Where the frames of a cluster go: from what switches hold and what their platforms do to who gets a frame, who does
//! not, and who gets it without wanting it.
//!
//! [`decide`] says what one switch does with one frame, and is held against forwarding planes that were measured.
//! [`Fabric`] has the switches of a design with what they hold, planned or read from their configs;
//! [`Fabric::traces`] follows the frames of a cluster through it. Pure functions: nothing is read or written here.
//!
//! What is not known is said, and taken for the best: a frame of which nobody says where it goes gets to the nodes, and
//! to nobody else. So what comes out as lost, or as flooded, is so by what somebody said.

mod arp;
mod decided;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod designs;
mod device;
mod ends;
mod fabric;
mod follow;
mod frame;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod lab;
mod pairs;
mod scene;
mod spread;
mod switch;
mod tell;
mod trace;
mod walker;
mod what_if;
mod words;

pub use decided::{DecidedBy, Doubt, Idle};
pub use device::{Decision, Egress, Plane, decide};
pub use ends::DevicePort;
pub use fabric::Fabric;
pub use follow::{Answer, Question, Side};
pub use frame::{Cast, Frame};
pub use scene::FrameKind;
pub use switch::{Held, Lines, Membership, Switch};
pub use trace::{Bar, Bystander, Closed, From, Hop, Missed, Trace, Verdict};
pub use what_if::{WhatIf, WhatIfKind};
