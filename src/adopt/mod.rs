//! Bare configs back to the design behind them.
//!
//! What configs show is taken over: modes and primaries from MACs, VIPs from static ARP, VLANs and ports from static MAC
//! entries, subnets, gateways and their peers from SVIs. What they cannot show is marked as unknown and never guessed.

mod recover;
mod write;

pub use recover::{Orphan, Recovered, RecoveredCluster, RecoveredGateway, RecoveredSwitch, recover};
pub use write::yaml;
