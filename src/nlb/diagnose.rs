//! Whether a MAC belongs to an IP address, and if not, what went wrong: the mistakes seen in the field have names.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use super::{Decoded, IgmpMac, Mode, Placeholder, decode};

/// How a MAC stands to an IP address. Made by [`diagnose`] and [`diagnose_entry`].
///
/// The most specific mistake is named; `SecondaryVip` and `OtherIp` are what remains of a well-formed cluster MAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The cluster MAC of this address in this mode. In IGMP mode two octets were compared: all there are.
    Match {
        /// The mode it is right for.
        mode: Mode,
    },
    /// The cluster MAC of this address, in another mode than the one asked for.
    OtherMode {
        /// The mode it is right for.
        found: Mode,
        /// The mode it should be right for.
        asked: Mode,
    },
    /// The digits of the address stand in the MAC in decimal: `03bf.1010.…` for 10.10.….
    ///
    /// Such a MAC is also a well-formed one of another address ([`decode`] tells which); should that be the
    /// cluster's primary, the MAC is right and the octets are alike by chance.
    DecimalOctets {
        /// The mode its prefix stands for.
        mode: Mode,
    },
    /// The octets of the address stand in the MAC last one first.
    ReversedOctets {
        /// The mode its prefix stands for.
        mode: Mode,
    },
    /// The cluster MAC of another address of the same /24. That is right when this address is a secondary virtual
    /// IP and `primary` the cluster's primary one: every virtual IP answers with the primary's MAC.
    SecondaryVip {
        /// The mode its prefix stands for.
        mode: Mode,
        /// The address the MAC derives from.
        primary: Ipv4Addr,
    },
    /// A secondary virtual IP got the MAC derived from itself, where the primary's belongs.
    /// Only [`diagnose_entry`] can know.
    OwnMacOfSecondary {
        /// The mode its prefix stands for.
        mode: Mode,
    },
    /// The cluster MAC of another address.
    OtherIp {
        /// The mode its prefix stands for.
        mode: Mode,
        /// The address the MAC derives from.
        ip: Ipv4Addr,
    },
    /// An IGMP-mode MAC with other octets.
    OtherIgmp(IgmpMac),
    /// What a host of a unicast cluster sends with; nothing may be sent *to* it.
    MaskedSource {
        /// The host's priority.
        host: u8,
        /// The cluster's primary IP address.
        ip: Ipv4Addr,
    },
    /// The `00-BF` form of NLB's predecessor.
    Legacy00bf {
        /// The address it spells.
        ip: Ipv4Addr,
    },
    /// An example copied out of a document.
    Placeholder(&'static Placeholder),
    /// No MAC that NLB makes; [`decode`] says what else.
    NotNlb {
        /// Whether the last four octets are the address all the same, so that the first two must be the mistake.
        address_fits: bool,
    },
}

impl Verdict {
    /// Whether IP address and MAC belong together.
    #[must_use]
    pub const fn belongs(&self) -> bool {
        matches!(self, Verdict::Match { .. })
    }

    /// The mode that somebody who wrote this MAC had in mind, where it shows.
    #[must_use]
    pub const fn mode(&self) -> Option<Mode> {
        match self {
            Verdict::Match { mode }
            | Verdict::DecimalOctets { mode }
            | Verdict::ReversedOctets { mode }
            | Verdict::SecondaryVip { mode, .. }
            | Verdict::OwnMacOfSecondary { mode }
            | Verdict::OtherIp { mode, .. }
            | Verdict::OtherMode { found: mode, .. } => Some(*mode),
            Verdict::OtherIgmp(_) => Some(Mode::IgmpMulticast),
            Verdict::MaskedSource { .. } | Verdict::Legacy00bf { .. } => Some(Mode::Unicast),
            Verdict::Placeholder(placeholder) => Some(placeholder.mode),
            Verdict::NotNlb { .. } => None,
        }
    }

    /// The verdict's name, as JSON and tests write it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Verdict::Match { .. } => "match",
            Verdict::OtherMode { .. } => "other-mode",
            Verdict::DecimalOctets { .. } => "decimal-octets",
            Verdict::ReversedOctets { .. } => "reversed-octets",
            Verdict::SecondaryVip { .. } => "secondary-vip",
            Verdict::OwnMacOfSecondary { .. } => "own-mac-of-secondary",
            Verdict::OtherIp { .. } => "other-ip",
            Verdict::OtherIgmp(_) => "other-igmp",
            Verdict::MaskedSource { .. } => "masked-source",
            Verdict::Legacy00bf { .. } => "legacy-00bf",
            Verdict::Placeholder(_) => "placeholder",
            Verdict::NotNlb { .. } => "not-nlb",
        }
    }
}

/// Says how a MAC stands to an IP address, when nothing but these two is known, and perhaps the mode asked for.
///
/// ```
/// use nlbswitch::nlb::{Mode, Verdict, diagnose};
/// let mac = Mode::Multicast.mac("188.31.1.100".parse()?);
/// let verdict = diagnose("172.31.1.232".parse()?, None, mac);
/// assert_eq!(verdict, Verdict::OtherIp { mode: Mode::Multicast, ip: "188.31.1.100".parse()? });
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn diagnose(ip: Ipv4Addr, asked: Option<Mode>, mac: MacAddr6) -> Verdict {
    if let Some(found) = Mode::ALL.into_iter().find(|mode| mode.mac(ip) == mac) {
        return match asked {
            Some(asked) if asked != found => Verdict::OtherMode { found, asked },
            _ => Verdict::Match { mode: found },
        };
    }
    let octets = ip.octets();
    match decode(mac) {
        Decoded::Unicast(found) => misspelled(Mode::Unicast, &octets, &found.octets())
            .unwrap_or_else(|| of_other_address(Mode::Unicast, ip, found)),
        Decoded::Multicast(found) => misspelled(Mode::Multicast, &octets, &found.octets())
            .unwrap_or_else(|| of_other_address(Mode::Multicast, ip, found)),
        Decoded::Igmp(found) => misspelled(Mode::IgmpMulticast, &octets[2..], &[found.y, found.z])
            .unwrap_or_else(|| of_other_octets(ip, found)),
        Decoded::MaskedSource { host, ip } => Verdict::MaskedSource { host, ip },
        Decoded::Legacy00bf(ip) => Verdict::Legacy00bf { ip },
        Decoded::Placeholder(placeholder) => Verdict::Placeholder(placeholder),
        Decoded::Broadcast | Decoded::IpMulticast | Decoded::OtherMulticast | Decoded::NotNlb => {
            Verdict::NotNlb { address_fits: mac.as_bytes().ends_with(&octets) }
        }
    }
}

/// Says whether a switch entry for the virtual IP `vip` carries the right MAC, when the cluster's primary IP address
/// and mode are known. `SecondaryVip` is never the answer here: whose MAC belongs to `vip` is no longer a guess.
#[must_use]
pub fn diagnose_entry(primary: Ipv4Addr, mode: Mode, vip: Ipv4Addr, mac: MacAddr6) -> Verdict {
    let by_primary = diagnose(primary, Some(mode), mac);
    if matches!(by_primary, Verdict::Match { .. } | Verdict::OtherMode { .. }) {
        return by_primary;
    }
    if let Some(mode) = Mode::ALL.into_iter().find(|mode| mode.mac(vip) == mac) {
        return Verdict::OwnMacOfSecondary { mode };
    }
    let verdict = match by_primary {
        Verdict::OtherIp { .. }
        | Verdict::OtherIgmp(_)
        | Verdict::SecondaryVip { .. }
        | Verdict::NotNlb { address_fits: false } => diagnose(vip, Some(mode), mac),
        named => named,
    };
    match (verdict, decode(mac)) {
        (Verdict::SecondaryVip { .. }, Decoded::Igmp(found)) => Verdict::OtherIgmp(found),
        (Verdict::SecondaryVip { mode, primary }, _) => Verdict::OtherIp { mode, ip: primary },
        (verdict, _) => verdict,
    }
}

/// The MAC that belongs there instead: of the mode asked for, else of the mode the verdict shows, else one for each
/// mode.
#[must_use]
pub fn right_macs(primary: Ipv4Addr, asked: Option<Mode>, verdict: &Verdict) -> Vec<(Mode, MacAddr6)> {
    match asked.or(verdict.mode()) {
        Some(mode) => vec![(mode, mode.mac(primary))],
        None => Mode::ALL.map(|mode| (mode, mode.mac(primary))).to_vec(),
    }
}

/// The spelling mistakes. The caller knows that the octets differ, so that a palindrome (10.0.0.10) or octets below
/// ten, which look alike in both number systems, come here only beside another octet that is wrong.
fn misspelled(mode: Mode, octets: &[u8], found: &[u8]) -> Option<Verdict> {
    if spelled_in_decimal(octets, found) {
        return Some(Verdict::DecimalOctets { mode });
    }
    octets.iter().rev().eq(found).then_some(Verdict::ReversedOctets { mode })
}

/// Two ways are seen: octet by octet with two digits each, where those that a program or a person got right may
/// stand beside the others (`03bf.0a3e.1001` for 10.62.10.1), and the bare digits one after the other
/// (`03bf.1010.1100` for 10.10.1.100).
fn spelled_in_decimal(octets: &[u8], found: &[u8]) -> bool {
    let in_decimal = |octet: u8| (octet <= 99).then(|| octet / 10 * 16 + octet % 10);
    let octet_by_octet =
        octets.iter().zip(found).all(|(&octet, &found)| found == octet || in_decimal(octet) == Some(found));
    octet_by_octet || {
        let digits: String = octets.iter().map(u8::to_string).collect();
        let hex: String = found.iter().map(|octet| format!("{octet:02x}")).collect();
        digits == hex
    }
}

fn of_other_address(mode: Mode, ip: Ipv4Addr, found: Ipv4Addr) -> Verdict {
    if ip.octets()[..3] == found.octets()[..3] {
        Verdict::SecondaryVip { mode, primary: found }
    } else {
        Verdict::OtherIp { mode, ip: found }
    }
}

fn of_other_octets(ip: Ipv4Addr, found: IgmpMac) -> Verdict {
    let [w, x, y, _] = ip.octets();
    if y == found.y {
        Verdict::SecondaryVip { mode: Mode::IgmpMulticast, primary: Ipv4Addr::new(w, x, y, found.z) }
    } else {
        Verdict::OtherIgmp(found)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    fn mac(hex: u64) -> MacAddr6 {
        let [_, _, a, b, c, d, e, f] = hex.to_be_bytes();
        MacAddr6::new(a, b, c, d, e, f)
    }

    #[test]
    fn every_mistake_has_its_name() {
        for (address, found, expected) in [
            ("172.31.1.232", 0x03bf_ac1f_01e8, "match"),
            ("172.31.1.232", 0x03bf_bc1f_0164, "other-ip"), // the pair that circulates on the web
            ("10.10.20.30", 0x03bf_1010_2030, "decimal-octets"),
            ("10.62.10.1", 0x03bf_0a3e_1001, "decimal-octets"), // one octet of four
            ("10.10.1.232", 0x02bf_1010_01e8, "decimal-octets"), // 232 has no two decimal digits
            ("10.10.1.100", 0x03bf_1010_1100, "decimal-octets"), // the digits in a row
            ("10.0.100.115", 0x0100_5e7f_1015, "other-igmp"),   // 100 is not 10
            ("10.1.20.30", 0x0100_5e7f_2030, "decimal-octets"),
            ("1.2.3.4", 0x03bf_0102_0304, "match"), // below ten, decimal and hex are one
            ("10.20.30.41", 0x03bf_291e_140a, "reversed-octets"),
            ("10.1.20.30", 0x0100_5e7f_1e14, "reversed-octets"),
            ("10.0.0.10", 0x03bf_0a00_000a, "match"), // a palindrome reverses to itself
            ("10.1.7.7", 0x0100_5e7f_0707, "match"),
            ("172.24.1.202", 0x03bf_ac18_01c9, "secondary-vip"),
            ("172.24.1.202", 0x0100_5e7f_01c9, "secondary-vip"),
            ("172.24.1.202", 0x0100_5e7f_02c9, "other-igmp"),
            ("172.31.1.232", 0x0201_ac1f_01e8, "masked-source"),
            ("172.31.1.232", 0x00bf_ac1f_01e8, "legacy-00bf"),
            ("172.31.1.232", 0x0300_5e01_0101, "placeholder"),
            ("172.31.1.232", 0xffff_ffff_ffff, "not-nlb"),
            ("172.31.1.232", 0x0015_5d01_0203, "not-nlb"),
        ] {
            let verdict = diagnose(ip(address), None, mac(found));
            assert_eq!(verdict.as_str(), expected, "{address} {found:012x}: {verdict:?}");
        }
    }

    #[test]
    fn a_wrong_prefix_before_the_right_address_shows() {
        let typo = diagnose(ip("172.31.1.232"), None, mac(0x03fb_ac1f_01e8));
        assert_eq!(typo, Verdict::NotNlb { address_fits: true });
    }

    #[test]
    fn the_right_mac_of_another_mode_is_no_match_when_a_mode_is_asked_for() {
        let address = ip("10.0.0.1");
        for asked in Mode::ALL {
            for found in Mode::ALL {
                let verdict = diagnose(address, Some(asked), found.mac(address));
                let expected = if asked == found {
                    Verdict::Match { mode: found }
                } else {
                    Verdict::OtherMode { found, asked }
                };
                assert_eq!(verdict, expected);
                assert_eq!(right_macs(address, Some(asked), &verdict), [(asked, asked.mac(address))]);
            }
        }
    }

    #[test]
    fn an_entry_of_a_secondary_vip_takes_the_primary_mac() {
        let (primary, secondary) = (ip("172.24.1.201"), ip("172.24.1.202"));
        for (vip, found, expected) in [
            (secondary, 0x03bf_ac18_01c9, Verdict::Match { mode: Mode::Multicast }),
            (secondary, 0x03bf_ac18_01ca, Verdict::OwnMacOfSecondary { mode: Mode::Multicast }),
            (secondary, 0x02bf_ac18_01ca, Verdict::OwnMacOfSecondary { mode: Mode::Unicast }),
            (
                secondary,
                0x02bf_ac18_01c9,
                Verdict::OtherMode { found: Mode::Unicast, asked: Mode::Multicast },
            ),
            (secondary, 0x03bf_ac18_01cb, Verdict::OtherIp { mode: Mode::Multicast, ip: ip("172.24.1.203") }),
            (primary, 0x0100_5e7f_01cb, Verdict::OtherIgmp(IgmpMac { y: 1, z: 0xcb })),
            (secondary, 0x03bf_ca01_18ac, Verdict::ReversedOctets { mode: Mode::Multicast }),
            (secondary, 0x00bf_ac18_01c9, Verdict::Legacy00bf { ip: primary }),
            (secondary, 0x03fb_ac18_01ca, Verdict::NotNlb { address_fits: true }),
            (secondary, 0x03fb_ac18_01c9, Verdict::NotNlb { address_fits: true }),
        ] {
            let verdict = diagnose_entry(primary, Mode::Multicast, vip, mac(found));
            assert_eq!(verdict, expected, "{vip} {found:012x}");
        }
    }

    #[test]
    fn a_mac_that_shows_no_mode_leaves_all_three_to_choose_from() {
        let address = ip("10.0.0.1");
        let verdict = diagnose(address, None, mac(0xffff_ffff_ffff));
        assert_eq!(right_macs(address, None, &verdict).len(), 3);
        let verdict = diagnose(address, None, mac(0x0300_5e01_0101));
        assert_eq!(right_macs(address, None, &verdict), [(Mode::Multicast, Mode::Multicast.mac(address))]);
    }

    proptest! {
        #[test]
        fn only_a_derived_mac_belongs(octets: [u8; 4], bytes: [u8; 6]) {
            let address = Ipv4Addr::from(octets);
            let found = MacAddr6::from(bytes);
            let derived = Mode::ALL.iter().any(|mode| mode.mac(address) == found);
            prop_assert_eq!(diagnose(address, None, found).belongs(), derived);
        }

        #[test]
        fn a_wrong_pair_always_has_a_right_mac(octets: [u8; 4], tail: [u8; 4], prefix in 0usize..4) {
            let [a, b] = [[2, 0xbf], [3, 0xbf], [1, 0], [0, 0xbf]][prefix];
            let found = MacAddr6::new(a, b, tail[0], tail[1], tail[2], tail[3]);
            let address = Ipv4Addr::from(octets);
            let verdict = diagnose(address, None, found);
            for (mode, right) in right_macs(address, None, &verdict) {
                prop_assert_eq!(diagnose(address, Some(mode), right), Verdict::Match { mode });
            }
        }
    }
}
