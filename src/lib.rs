//! The right switch lines for Windows Network Load Balancing clusters, from one cluster description.

pub mod cli;
pub mod net;
pub mod nlb;
