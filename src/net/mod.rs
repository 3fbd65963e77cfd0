//! What networks write: MAC addresses and port names, in every notation.

pub mod mac;
pub mod port;
