//! NLB arithmetic: an operating mode and an IP address give the cluster MAC and the IGMP group, and back.
//!
//! The formulas, with `w.x.y.z` for the cluster's *primary* IP address:
//!
//! | mode | cluster MAC | IGMP group |
//! | --- | --- | --- |
//! | unicast | `02-BF-w-x-y-z` | |
//! | multicast | `03-BF-w-x-y-z` | |
//! | IGMP multicast | `01-00-5E-7F-y-z` | `239.255.y.z` |
//!
//! Source: Microsoft, <https://learn.microsoft.com/troubleshoot/windows-server/networking/configure-network-to-support-nlb-operation-mode>
//! (its worked example prints the group as 239.244.0.1; its own formula says 239.255.0.1).
//!
//! "Primary" matters: NLB answers ARP for *every* virtual IP with the MAC of the primary one, so the static ARP
//! entry of a second virtual IP carries the first one's MAC. Source:
//! <https://blogs.technet.microsoft.com/networking/2008/12/11/windows-server-2008-nlb-uses-only-the-primary-cluster-network-address/>.
//!
//! This module depends on nothing of ours. [`decode`] says what one MAC is, [`diagnose`] whether it belongs to an IP
//! address, [`diagnose_entry`] whether a switch entry of a virtual IP is right once the primary is known.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use macaddr::MacAddr6;
use schemars::JsonSchema;
use serde::Serialize;

mod decode;
mod diagnose;
mod group;

pub use decode::{Decoded, IgmpMac, PLACEHOLDERS, Placeholder, decode, multicast_groups};
pub use diagnose::{Verdict, diagnose, diagnose_entry, right_macs};
pub use group::{GroupVerdict, diagnose_group};

/// The first two octets of a unicast cluster MAC.
const UNICAST_PREFIX: [u8; 2] = [0x02, 0xbf];
/// The first two octets of a multicast cluster MAC.
const MULTICAST_PREFIX: [u8; 2] = [0x03, 0xbf];
/// The first four octets of an IGMP multicast cluster MAC: what RFC 1112 makes of any group 239.255.y.z, because
/// only its low 23 bits (`7f.y.z`) reach the MAC.
const IGMP_PREFIX: [u8; 4] = [0x01, 0x00, 0x5e, 0x7f];
/// The first two octets of the IGMP group.
const GROUP_PREFIX: [u8; 2] = [239, 255];

/// The most hosts a cluster holds, and so the highest host priority.
/// <https://learn.microsoft.com/windows-server/networking/technologies/network-load-balancing>
pub const MAX_HOSTS: u8 = 32;

/// The operating mode of a cluster. One cluster has one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// All nodes share one unicast MAC; switches deliver by flooding. NLB's default.
    Unicast,
    /// The virtual IP resolves to a multicast MAC that is no IP multicast MAC.
    Multicast,
    /// As multicast, with an IP multicast MAC and IGMP membership reports, so that snooping can confine it.
    IgmpMulticast,
}

impl Mode {
    /// Every mode, in the order Microsoft numbers them.
    pub const ALL: [Mode; 3] = [Mode::Unicast, Mode::Multicast, Mode::IgmpMulticast];

    /// The mode's name as designs, arguments and JSON spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Mode::Unicast => "unicast",
            Mode::Multicast => "multicast",
            Mode::IgmpMulticast => "igmp-multicast",
        }
    }

    /// The mode's name in a sentence, as NLB Manager writes it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Mode::Unicast => "unicast",
            Mode::Multicast => "multicast",
            Mode::IgmpMulticast => "IGMP multicast",
        }
    }

    /// The cluster MAC in this mode, from the cluster's *primary* IP address.
    ///
    /// ```
    /// use nlbswitch::nlb::Mode;
    /// let mac = Mode::Multicast.mac("172.31.1.232".parse()?);
    /// assert_eq!(mac.to_string(), "03:BF:AC:1F:01:E8");
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub const fn mac(self, primary: Ipv4Addr) -> MacAddr6 {
        let [w, x, y, z] = primary.octets();
        match self {
            Mode::Unicast => MacAddr6::new(UNICAST_PREFIX[0], UNICAST_PREFIX[1], w, x, y, z),
            Mode::Multicast => MacAddr6::new(MULTICAST_PREFIX[0], MULTICAST_PREFIX[1], w, x, y, z),
            Mode::IgmpMulticast => {
                MacAddr6::new(IGMP_PREFIX[0], IGMP_PREFIX[1], IGMP_PREFIX[2], IGMP_PREFIX[3], y, z)
            }
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no operating mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an NLB mode; the modes are `unicast`, `multicast` and `igmp-multicast`")]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Mode::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(UnknownMode)
    }
}

/// The group a cluster in IGMP mode joins: `239.255.y.z`, from the last two octets of its primary IP address.
///
/// One cluster joins one group: NLB's settings hold a single `MulticastIPAddress`
/// (<https://learn.microsoft.com/en-us/previous-versions/windows/desktop/wlbsprov/microsoftnlb-clustersetting>).
#[must_use]
pub const fn group(primary: Ipv4Addr) -> Ipv4Addr {
    let [_, _, y, z] = primary.octets();
    Ipv4Addr::new(GROUP_PREFIX[0], GROUP_PREFIX[1], y, z)
}

/// The source MAC `02-h-w-x-y-z` that host `h` (its priority, 1 to 32) sends with in unicast mode, so that no switch
/// ever learns the cluster MAC; `None` for a host that cannot be.
///
/// Source: NLB's technical overview, quoted in
/// <http://serverfault.com/questions/502822/misunderstanding-about-packet-travel-over-nlb-network>.
#[must_use]
pub fn masked_source(primary: Ipv4Addr, host: u8) -> Option<MacAddr6> {
    let [w, x, y, z] = primary.octets();
    (1..=MAX_HOSTS).contains(&host).then(|| MacAddr6::new(UNICAST_PREFIX[0], host, w, x, y, z))
}

/// Why an address can be no cluster's primary or virtual IP address, whatever the network; `None` when it can.
///
/// NLB's "multicast" is layer 2 only, the IP address stays a unicast one:
/// <https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-2000-server/cc961663(v=technet.10)>.
#[must_use]
pub const fn unusable(ip: Ipv4Addr) -> Option<&'static str> {
    let first = ip.octets()[0];
    if first == 0 {
        Some("an address that names no host (0.0.0.0/8)")
    } else if ip.is_loopback() {
        Some("a loopback address")
    } else if ip.is_multicast() {
        Some("an IP multicast group")
    } else if ip.is_broadcast() {
        Some("the broadcast address")
    } else if first >= 240 {
        Some("a reserved address (240.0.0.0/4)")
    } else {
        None
    }
}

/// Who else is known to use an IGMP group that NLB may derive: with such a neighbour in the VLAN, snooping sees
/// members that are no nodes, and their frames reach the nodes.
///
/// The numbers at the end of 239.255.0.0/16 are fixed relative to the scope's top (RFC 2365, section 9):
/// SAP (RFC 2974), MADCAP (RFC 2730), SLP (RFC 2608), MZAP (RFC 2776), SSDP (IANA). The RTPS one is the default
/// discovery group of the OMG's DDSI-RTPS specification.
#[must_use]
pub const fn known_group_user(group: Ipv4Addr) -> Option<&'static str> {
    match group.octets() {
        [239, 255, 255, 255] => Some("SAP session announcements"),
        [239, 255, 255, 254] => Some("MADCAP"),
        [239, 255, 255, 253] => Some("SLP"),
        [239, 255, 255, 252] => Some("MZAP"),
        [239, 255, 255, 250] => Some("SSDP (UPnP discovery)"),
        [239, 255, 0, 1] => Some("DDS/RTPS discovery"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_reads_back_from_its_name() {
        for mode in Mode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
        }
        assert_eq!("IGMP".parse::<Mode>(), Err(UnknownMode));
    }

    #[test]
    fn the_group_maps_to_the_igmp_mac_as_rfc_1112_says() {
        for ip in ["0.0.0.0", "10.0.0.1", "10.128.255.255", "172.31.1.232", "255.255.255.255"] {
            let primary: Ipv4Addr = ip.parse().unwrap();
            let [_, b, c, d] = group(primary).octets();
            let by_the_rfc = MacAddr6::new(0x01, 0x00, 0x5e, b & 0x7f, c, d);
            assert_eq!(Mode::IgmpMulticast.mac(primary), by_the_rfc, "{ip}");
        }
    }

    #[test]
    fn only_multicast_modes_set_the_group_bit() {
        let primary = Ipv4Addr::new(10, 0, 0, 1);
        assert!(Mode::Unicast.mac(primary).is_unicast());
        assert!(Mode::Multicast.mac(primary).is_multicast());
        assert!(Mode::IgmpMulticast.mac(primary).is_multicast());
    }

    #[test]
    fn a_masked_source_exists_for_hosts_1_to_32() {
        let primary = Ipv4Addr::new(1, 2, 3, 4);
        for (host, second_octet) in [(0, None), (1, Some(1)), (32, Some(32)), (33, None), (0xbf, None)] {
            let octet = masked_source(primary, host).map(|mac| mac.into_array()[1]);
            assert_eq!(octet, second_octet, "host {host}");
        }
    }

    #[test]
    fn addresses_that_can_be_no_vip_are_told_apart() {
        for (ip, usable) in [
            ("10.0.0.1", true),
            ("169.254.7.7", true), // odd, yet a host may have it
            ("223.255.255.254", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("127.0.0.1", false),
            ("239.255.1.232", false),
            ("250.1.1.1", false),
            ("255.255.255.255", false),
        ] {
            assert_eq!(unusable(ip.parse().unwrap()).is_none(), usable, "{ip}");
        }
    }

    #[test]
    fn known_groups_lie_where_nlb_can_derive_them() {
        for (primary, known) in
            [("10.1.255.250", true), ("10.1.255.253", true), ("10.1.0.1", true), ("10.1.1.1", false)]
        {
            assert_eq!(known_group_user(group(primary.parse().unwrap())).is_some(), known, "{primary}");
        }
    }
}
