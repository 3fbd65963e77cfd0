//! What one MAC address is, seen by somebody who looks for NLB.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use super::{IGMP_PREFIX, MAX_HOSTS, MULTICAST_PREFIX, Mode, UNICAST_PREFIX, group};

/// What a MAC address is. Made by [`decode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    /// `02-BF-w-x-y-z`: the cluster MAC of this primary IP address in unicast mode.
    Unicast(Ipv4Addr),
    /// `03-BF-w-x-y-z`: the cluster MAC of this primary IP address in multicast mode.
    Multicast(Ipv4Addr),
    /// `01-00-5E-7F-y-z`: the cluster MAC in IGMP mode of every primary IP address that ends in these two octets.
    Igmp(IgmpMac),
    /// `02-h-w-x-y-z`: what a host of a unicast cluster *sends* with. Never a destination. Other software makes
    /// locally administered addresses too, so this is a likeness and no proof.
    MaskedSource {
        /// The host's priority, 1 to 32.
        host: u8,
        /// The primary IP address.
        ip: Ipv4Addr,
    },
    /// `00-BF-w-x-y-z`: the source form of WLBS, NLB's predecessor, which lives on in old documents.
    /// <http://www.iss.net/security_center/advice/Exploits/Ports/Ethertype/0x886f/default.htm>
    Legacy00bf(Ipv4Addr),
    /// An example of a vendor's document, which no cluster has.
    Placeholder(&'static Placeholder),
    /// `FF-FF-FF-FF-FF-FF`.
    Broadcast,
    /// `01-00-5E-…`: the MAC of ordinary IPv4 multicast groups ([`multicast_groups`]), none of which NLB derives.
    IpMulticast,
    /// Another MAC with the group bit set.
    OtherMulticast,
    /// A MAC of one network card, or of something else that is no NLB cluster.
    NotNlb,
}

impl Decoded {
    /// The mode of the cluster whose MAC this is, or for which a document prints it.
    #[must_use]
    pub const fn mode(&self) -> Option<Mode> {
        match self {
            Decoded::Unicast(_) | Decoded::MaskedSource { .. } | Decoded::Legacy00bf(_) => {
                Some(Mode::Unicast)
            }
            Decoded::Multicast(_) => Some(Mode::Multicast),
            Decoded::Igmp(_) => Some(Mode::IgmpMulticast),
            Decoded::Placeholder(placeholder) => Some(placeholder.mode),
            Decoded::Broadcast | Decoded::IpMulticast | Decoded::OtherMulticast | Decoded::NotNlb => None,
        }
    }

    /// The one primary IP address the MAC spells, where it spells a whole one.
    #[must_use]
    pub const fn ip(&self) -> Option<Ipv4Addr> {
        match self {
            Decoded::Unicast(ip)
            | Decoded::Multicast(ip)
            | Decoded::MaskedSource { ip, .. }
            | Decoded::Legacy00bf(ip) => Some(*ip),
            _ => None,
        }
    }

    /// The name of the kind, as JSON writes it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Decoded::Unicast(_) => "unicast",
            Decoded::Multicast(_) => "multicast",
            Decoded::Igmp(_) => "igmp-multicast",
            Decoded::MaskedSource { .. } => "masked-source",
            Decoded::Legacy00bf(_) => "legacy-00bf",
            Decoded::Placeholder(_) => "placeholder",
            Decoded::Broadcast => "broadcast",
            Decoded::IpMulticast => "ip-multicast",
            Decoded::OtherMulticast => "other-multicast",
            Decoded::NotNlb => "not-nlb",
        }
    }

    /// Whether frames to a cluster carry such a MAC.
    #[must_use]
    pub const fn is_cluster_mac(&self) -> bool {
        matches!(self, Decoded::Unicast(_) | Decoded::Multicast(_) | Decoded::Igmp(_))
    }
}

/// The two octets that an IGMP-mode MAC keeps of the primary IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IgmpMac {
    /// The third octet of the primary IP address.
    pub y: u8,
    /// The fourth octet of the primary IP address.
    pub z: u8,
}

impl IgmpMac {
    /// The group such a cluster joins.
    #[must_use]
    pub const fn group(self) -> Ipv4Addr {
        group(Ipv4Addr::new(0, 0, self.y, self.z))
    }

    /// The 32 IPv4 groups that share this MAC, in ascending order; [`IgmpMac::group`] is one of them.
    pub fn groups(self) -> impl Iterator<Item = Ipv4Addr> {
        groups_of([IGMP_PREFIX[3], self.y, self.z])
    }

    /// Whether a cluster with this primary IP address has this MAC.
    #[must_use]
    pub const fn fits(self, primary: Ipv4Addr) -> bool {
        let [_, _, y, z] = primary.octets();
        self.y == y && self.z == z
    }
}

/// The 32 IPv4 groups that share an IP multicast MAC; `None` when it is no such MAC.
///
/// A group has 28 free bits and its MAC holds 23 of them (RFC 1112, section 6.4).
pub fn multicast_groups(mac: MacAddr6) -> Option<impl Iterator<Item = Ipv4Addr>> {
    match mac.into_array() {
        [0x01, 0x00, 0x5e, b, c, d] if b < 0x80 => Some(groups_of([b, c, d])),
        _ => None,
    }
}

fn groups_of([b, c, d]: [u8; 3]) -> impl Iterator<Item = Ipv4Addr> {
    (224..=239).flat_map(move |a| [b, b | 0x80].map(|b| Ipv4Addr::new(a, b, c, d)))
}

/// A MAC that a vendor's document prints as an example and that gets copied into switches.
#[derive(Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The MAC as printed.
    pub mac: MacAddr6,
    /// The mode the document prints it for.
    pub mode: Mode,
    /// The document, in a few words.
    pub document: &'static str,
    /// Where it stands.
    pub url: &'static str,
}

/// Every documentation example known to circulate. No primary IP address derives to any of them.
pub const PLACEHOLDERS: &[Placeholder] = &[
    Placeholder {
        mac: MacAddr6::new(0x03, 0x00, 0x5e, 0x01, 0x01, 0x01),
        mode: Mode::Multicast,
        document: "Cisco's note 107995/216092 on Catalyst switches and NLB",
        url: "https://cisco.com/c/en/us/support/docs/switches/catalyst-6500-series-switches/216092-configure-catalyst-switches-for-microsof.html",
    },
    Placeholder {
        mac: MacAddr6::new(0x03, 0x00, 0x5e, 0x11, 0x11, 0x11),
        mode: Mode::Multicast,
        document: "the multicast ARP chapter of HPE and H3C manuals",
        url: "https://www.manualshelf.com/manual/hp/hp-flexfabric-11000-switch-products/r21xx-hp-flexfabric-11900-layer-3-ip-services-configuration-guide/page-17.html",
    },
    Placeholder {
        mac: MacAddr6::new(0x01, 0x00, 0x5e, 0x01, 0x01, 0x01),
        mode: Mode::IgmpMulticast,
        document: "Cisco's note 116150 on Nexus 7000 and NLB",
        url: "https://cisco.com/c/en/us/support/docs/ip/multicast/116150-configure-Nexus7000-00.html",
    },
    Placeholder {
        mac: MacAddr6::new(0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8),
        mode: Mode::Unicast,
        document: "Cisco's note 118951 on Nexus 9000 and unicast NLB",
        url: "https://cisco.com/c/en/us/support/docs/switches/nexus-9000-series-switches/118951-config-nexus9000-unicast-nlb-00.html",
    },
    Placeholder {
        mac: MacAddr6::new(0x01, 0x0e, 0x11, 0xff, 0x22, 0x22),
        mode: Mode::Multicast,
        document: "Allied Telesis' command reference (`arp-mac-disparity`)",
        url: "https://www.easymanua.ls/allied-telesis/alliedware-plus/manual?p=708",
    },
    Placeholder {
        mac: MacAddr6::new(0x03, 0x1f, 0x20, 0x34, 0x89, 0xaa),
        mode: Mode::Multicast,
        document: "the Terraform provider for Cisco ACI (`aci_subnet`)",
        url: "https://registry.terraform.io/providers/CiscoDevNet/aci/latest/docs/resources/subnet",
    },
    Placeholder {
        mac: MacAddr6::new(0x00, 0x1f, 0x20, 0x34, 0x89, 0xaa),
        mode: Mode::Unicast,
        document: "the Terraform provider for Cisco ACI (`aci_subnet`)",
        url: "https://registry.terraform.io/providers/CiscoDevNet/aci/latest/docs/resources/subnet",
    },
];

/// Says what a MAC address is.
///
/// ```
/// use nlbswitch::nlb::{Decoded, Mode, decode};
/// let ip = "172.31.1.232".parse()?;
/// assert_eq!(decode(Mode::Multicast.mac(ip)), Decoded::Multicast(ip));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn decode(mac: MacAddr6) -> Decoded {
    if let Some(placeholder) = PLACEHOLDERS.iter().find(|placeholder| placeholder.mac == mac) {
        return Decoded::Placeholder(placeholder);
    }
    let [a, b, w, x, y, z] = mac.into_array();
    let ip = Ipv4Addr::new(w, x, y, z);
    match [a, b] {
        UNICAST_PREFIX => Decoded::Unicast(ip),
        MULTICAST_PREFIX => Decoded::Multicast(ip),
        [0x00, 0xbf] => Decoded::Legacy00bf(ip),
        [0x02, 1..=MAX_HOSTS] => Decoded::MaskedSource { host: b, ip },
        _ if [a, b, w, x] == IGMP_PREFIX => Decoded::Igmp(IgmpMac { y, z }),
        _ if mac.is_broadcast() => Decoded::Broadcast,
        _ if multicast_groups(mac).is_some() => Decoded::IpMulticast,
        _ if mac.is_multicast() => Decoded::OtherMulticast,
        _ => Decoded::NotNlb,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::masked_source;
    use super::*;

    #[test]
    fn each_kind_of_mac_is_told_apart() {
        let ip = Ipv4Addr::new(172, 31, 1, 232);
        for (mac, expected) in [
            ([0x02, 0xbf, 172, 31, 1, 232], Decoded::Unicast(ip)),
            ([0x03, 0xbf, 172, 31, 1, 232], Decoded::Multicast(ip)),
            ([0x01, 0x00, 0x5e, 0x7f, 1, 232], Decoded::Igmp(IgmpMac { y: 1, z: 232 })),
            ([0x00, 0xbf, 172, 31, 1, 232], Decoded::Legacy00bf(ip)),
            ([0x02, 0x20, 172, 31, 1, 232], Decoded::MaskedSource { host: 32, ip }),
            ([0x02, 0x21, 172, 31, 1, 232], Decoded::NotNlb), // one past the last host
            ([0x02, 0x00, 172, 31, 1, 232], Decoded::NotNlb), // host priorities start at 1
            ([0x01, 0x00, 0x5e, 0x00, 0, 5], Decoded::IpMulticast), // OSPF's
            ([0x01, 0x00, 0x5e, 0xff, 1, 232], Decoded::OtherMulticast), // bit 24 belongs to no IP group
            ([0x33, 0x33, 0, 0, 0, 1], Decoded::OtherMulticast), // IPv6 all nodes
            ([0x03, 0xbe, 172, 31, 1, 232], Decoded::OtherMulticast),
            ([0xff; 6], Decoded::Broadcast),
            ([0x00; 6], Decoded::NotNlb),
            ([0x00, 0x15, 0x5d, 1, 2, 3], Decoded::NotNlb), // a Hyper-V guest
        ] {
            assert_eq!(decode(mac.into()), expected, "{mac:02x?}");
        }
    }

    #[test]
    fn no_placeholder_is_a_cluster_mac() {
        for placeholder in PLACEHOLDERS {
            assert_eq!(decode(placeholder.mac), Decoded::Placeholder(placeholder));
            let bytes = placeholder.mac.into_array();
            assert!(!bytes.starts_with(&UNICAST_PREFIX) && !bytes.starts_with(&MULTICAST_PREFIX));
            assert!(!bytes.starts_with(&IGMP_PREFIX));
            assert!(placeholder.url.starts_with("https://"));
        }
    }

    #[test]
    fn thirty_two_groups_share_one_igmp_mac() {
        let mac = IgmpMac { y: 1, z: 232 };
        let groups: Vec<_> = mac.groups().collect();
        assert_eq!(groups.len(), 32);
        assert!(groups.is_sorted());
        assert!(groups.contains(&mac.group()));
        assert!(groups.iter().all(|group| group.is_multicast()));
        assert_eq!(groups[0], Ipv4Addr::new(224, 127, 1, 232));
        assert_eq!(groups[31], Ipv4Addr::new(239, 255, 1, 232));
    }

    proptest! {
        #[test]
        fn a_derived_mac_decodes_to_its_mode_and_address(octets: [u8; 4], host in 1..=MAX_HOSTS) {
            let ip = Ipv4Addr::from(octets);
            prop_assert_eq!(decode(Mode::Unicast.mac(ip)), Decoded::Unicast(ip));
            prop_assert_eq!(decode(Mode::Multicast.mac(ip)), Decoded::Multicast(ip));
            let igmp = IgmpMac { y: octets[2], z: octets[3] };
            prop_assert!(igmp.fits(ip));
            prop_assert_eq!(decode(Mode::IgmpMulticast.mac(ip)), Decoded::Igmp(igmp));
            prop_assert_eq!(decode(masked_source(ip, host).unwrap()), Decoded::MaskedSource { host, ip });
        }
    }
}
