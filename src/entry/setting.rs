//! Settings of a switch, its VLANs, interfaces and lists: what is true of one thing.

use std::fmt;
use std::net::Ipv4Addr;

use macaddr::MacAddr6;
use serde::Serialize;

use crate::net::VlanSet;
use crate::net::port::PortName;

/// What a setting is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The whole switch.
    Switch,
    /// A VLAN, by its id.
    Vlan(u16),
    /// The routed interface of a VLAN, by the VLAN's id.
    Svi(u16),
    /// A port or port-channel.
    Port(PortName),
    /// An access list or profile, by its name.
    Acl(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch => f.write_str("the switch"),
            Self::Vlan(vlan) => write!(f, "VLAN {vlan}"),
            Self::Svi(vlan) => write!(f, "the SVI of VLAN {vlan}"),
            Self::Port(port) => port.fmt(f),
            Self::Acl(name) => write!(f, "list {name}"),
        }
    }
}

/// What a setting holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// A whole number.
    Number(u32),
    /// A word or a text.
    Word(String),
    /// A set of VLANs.
    Vlans(VlanSet),
    /// An address with its prefix length.
    Address(Ipv4Addr, u8),
    /// An address.
    Ip(Ipv4Addr),
    /// A MAC.
    Mac(MacAddr6),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(if *flag { "on" } else { "off" }),
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
            Self::Vlans(vlans) => vlans.fmt(f),
            Self::Address(ip, length) => write!(f, "{ip}/{length}"),
            Self::Ip(ip) => ip.fmt(f),
            Self::Mac(mac) => f.write_str(&mac.to_string().to_lowercase()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u32(*number),
            other => serializer.collect_str(other),
        }
    }
}

/// A prefix length from a netmask: `255.255.255.0` is 24. `None` when its ones have a gap.
pub fn prefix_length(mask: Ipv4Addr) -> Option<u8> {
    let bits = u32::from(mask);
    (bits.leading_ones() + bits.trailing_zeros() >= 32).then_some(bits.leading_ones() as u8)
}
