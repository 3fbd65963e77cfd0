//! What networks write: MAC addresses, port names and lists of VLANs, in every notation.

pub mod mac;
pub mod port;
mod ports;
mod vlans;

pub use ports::PortSet;
pub use vlans::{NoVlans, VlanSet, is_vlan_id, vlan_id};
