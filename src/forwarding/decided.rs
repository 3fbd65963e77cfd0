//! What decides where a frame goes, in words.

use std::fmt;

use crate::entry::EntryKind;
use crate::plan::in_words;

/// What decided where a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecidedBy {
    /// The MAC is set to be dropped.
    Dropped,
    /// It is a broadcast.
    Broadcast,
    /// A static MAC entry.
    StaticMac,
    /// A static MAC entry that is looked up for frames that are not IP.
    StaticMacNonIp,
    /// A static group.
    StaticGroup,
    /// The reports of the nodes.
    Joined,
    /// It is no group's, and such frames go to router ports.
    RouterPorts,
    /// No entry knows it, and it is unicast.
    UnknownUnicast,
    /// No entry knows it, and it is multicast.
    Unregistered,
    /// The same, and a static MAC entry that does not count stands there.
    UnregisteredDespite(Idle),
    /// No entry knows it, and the platform drops such multicast.
    UnregisteredDropped,
    /// The gateway sends it by the one port that its ARP entry is tied to.
    OnePort,
    /// The gateway's interface in the VLAN is shut: it sends nothing there.
    SviDown,
    /// The gateway has no ARP entry and takes none: it sends nothing.
    NoArp,
    /// The gateway's ARP entry has a MAC that no node listens to.
    WrongMac,
    /// Nobody says.
    Unknown(Doubt),
}

/// Why a static MAC entry does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idle {
    /// What it needs is not switched on.
    Prerequisite(EntryKind),
    /// IP frames are not looked up by it.
    IpFrame,
    /// Snooping is off.
    SnoopingOff,
}

/// What is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// What multicast is looked up by.
    Lookup,
    /// What becomes of multicast that no entry knows.
    Unregistered,
    /// Whether the platform holds such an entry.
    StaticMac,
    /// Whether snooping is on.
    Snooping,
    /// Whether the gateway takes the nodes' ARP replies.
    Arp,
    /// Whether the device holds such an entry: no config of it was read, and its pack writes none for it.
    Unplanned(EntryKind),
    /// The same where its config was read: its pack knows no lines about such entries.
    Unread(EntryKind),
    /// What a line of its config says.
    Line,
}

impl DecidedBy {
    /// Whether it sends the frame to every port of the VLAN because no switch knows better.
    pub fn floods(self) -> bool {
        matches!(self, Self::UnknownUnicast | Self::Unregistered | Self::UnregisteredDespite(_))
    }
}

impl fmt::Display for DecidedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dropped => "the MAC is set to be dropped",
            Self::Broadcast => "a broadcast goes to every port of the VLAN",
            Self::StaticMac => "static MAC entry",
            Self::StaticMacNonIp => "static MAC entry, which holds frames that are not IP",
            Self::StaticGroup => "static group",
            Self::Joined => "IGMP snooping by MAC",
            Self::RouterPorts => "no group's, and such multicast goes to router ports only",
            Self::UnknownUnicast => "unknown unicast floods: no switch learns the cluster MAC",
            Self::Unregistered => "multicast that no entry knows floods",
            Self::UnregisteredDespite(idle) => match idle {
                Idle::Prerequisite(kind) => {
                    return write!(f, "the static MAC entry does nothing without `{kind}`: the frame floods");
                }
                Idle::IpFrame => {
                    "the static MAC entry holds no IP frame: multicast that no entry knows floods"
                }
                Idle::SnoopingOff => {
                    "the static MAC entry does nothing while snooping is off: the frame floods"
                }
            },
            Self::UnregisteredDropped => "multicast that no entry knows is dropped",
            Self::OnePort => "the gateway ties its ARP entry to one port",
            Self::SviDown => "the gateway's interface in the VLAN is shut: nothing is sent",
            Self::NoArp => {
                "no static ARP entry, and an ARP reply with a multicast MAC is refused: nothing is sent"
            }
            Self::WrongMac => "the static ARP entry has a MAC that no node listens to",
            Self::Unknown(doubt) => match doubt {
                Doubt::Lookup => "not known: nobody says what this platform looks multicast up by",
                Doubt::Unregistered => {
                    "not known: nobody says what this platform does with multicast that no entry knows"
                }
                Doubt::StaticMac => "not known: nobody says whether this platform holds such an entry",
                Doubt::Snooping => "not known: nobody says whether IGMP snooping is on",
                Doubt::Unplanned(kind) => {
                    let what = in_words(*kind);
                    return write!(
                        f,
                        "not known: there is no config of this switch, and its pack writes no {what} for it"
                    );
                }
                Doubt::Unread(kind) => {
                    let what = in_words(*kind);
                    return write!(f, "not known: its pack reads no lines for a {what}");
                }
                Doubt::Line => "not known: a line of the config looks like an entry and is not understood",
                Doubt::Arp => {
                    "not known: nobody says whether this gateway takes an ARP reply with a multicast MAC"
                }
            },
        })
    }
}
