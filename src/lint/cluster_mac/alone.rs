//! The MACs of static ARP entries where no design tells the cluster: what the line and the other lines show.
//!
//! A VIP may be a secondary one, and then the MAC of another address is right. So a line is surely wrong only where its
//! MAC cannot be that of a cluster with this VIP.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use super::{
    DECIMAL_OCTETS, LEGACY_00BF, MAC_MISMATCH, MODE_PREFIX_MISMATCH, Misfit, Owners, PLACEHOLDER_MAC,
    REVERSED_OCTETS, SECONDARY_VIP_OWN_MAC, lines,
};
use crate::diagnostic::quoted;
use crate::entry::Entry;
use crate::lint::{ConfigFile, Estate, Rule};
use crate::net::mac::format;
use crate::nlb::{self, Decoded, IgmpMac, Mode, Verdict};
use crate::source::Span;

/// One static ARP entry.
#[derive(Clone, Copy)]
struct Line<'s> {
    config: usize,
    entry: &'s Entry,
    ip: Ipv4Addr,
    mac: MacAddr6,
    vrf: Option<&'s str>,
}

/// Every static ARP entry of every config, by MAC and by address, and the static MAC entries of each config by MAC.
struct Bindings<'s> {
    by_mac: HashMap<MacAddr6, Vec<Line<'s>>>,
    by_ip: HashMap<Ipv4Addr, Vec<Line<'s>>>,
    pinned: HashMap<(usize, MacAddr6), Vec<(&'s Entry, u16)>>,
}

impl<'s> Bindings<'s> {
    fn of(estate: &'s Estate<'_>) -> Self {
        let mut bindings = Self { by_mac: HashMap::new(), by_ip: HashMap::new(), pinned: HashMap::new() };
        for (config, file) in estate.configs.iter().enumerate() {
            for entry in file.state.entries() {
                match entry {
                    Entry::StaticArp { ip, mac, vrf, .. } => {
                        let line = Line { config, entry, ip: *ip, mac: *mac, vrf: vrf.as_deref() };
                        bindings.by_mac.entry(*mac).or_default().push(line);
                        bindings.by_ip.entry(*ip).or_default().push(line);
                    }
                    Entry::StaticMac { mac, vlan, .. } => {
                        bindings.pinned.entry((config, *mac)).or_default().push((entry, *vlan));
                    }
                    _ => {}
                }
            }
        }
        bindings
    }

    /// The static MAC entries of `mac` in a config, with their VLANs.
    fn pinned(&self, config: usize, mac: MacAddr6) -> &[(&'s Entry, u16)] {
        self.pinned.get(&(config, mac)).map_or(&[], Vec::as_slice)
    }

    /// The line that binds a MAC to the address it is derived from: that address is a cluster's primary one.
    fn primary(&self, mac: MacAddr6) -> Option<&Line<'s>> {
        self.by_mac.get(&mac)?.iter().find(|line| mode_of(line.ip, mac).is_some())
    }
}

/// The mode in which `mac` is the MAC of a cluster with the primary address `ip`.
fn mode_of(ip: Ipv4Addr, mac: MacAddr6) -> Option<Mode> {
    Mode::ALL.into_iter().find(|mode| mode.mac(ip) == mac)
}

/// What is wrong with a line.
struct Mistake {
    rule: &'static Rule,
    likely: bool,
    /// What its MAC is.
    what: String,
    related: Vec<(Span, String)>,
    right: Option<MacAddr6>,
}

pub(super) fn misfits_without_design(estate: &Estate<'_>, owners: &Owners<'_>, misfits: &mut Vec<Misfit>) {
    let bindings = Bindings::of(estate);
    let outside = crate::lint::routing::outside(estate);
    for (number, config) in estate.configs.iter().enumerate() {
        for entry in config.state.entries() {
            let Entry::StaticArp { ip, mac, vrf, .. } = entry else { continue };
            // In the config of a switch of the design, a MAC that belongs to none of its clusters is NLB111.
            let of_design = config.device.is_some();
            let placeholder = matches!(nlb::decode(*mac), Decoded::Placeholder(_));
            if of_design && (!placeholder || owners.by_vip.contains_key(ip)) {
                continue;
            }
            let line = Line { config: number, entry, ip: *ip, mac: *mac, vrf: vrf.as_deref() };
            let mistake = mistake(estate, &bindings, line);
            // An address in no subnet is the fault then, and NLB403 tells it.
            let mistake = mistake.filter(|mistake| !mistake.likely || !outside.contains(&(number, *ip)));
            if let Some(mistake) = mistake {
                misfits.push(misfit(estate, &bindings, line, mistake));
            }
        }
    }
}

fn misfit(estate: &Estate<'_>, bindings: &Bindings<'_>, line: Line<'_>, mistake: Mistake) -> Misfit {
    let Line { config: number, entry, ip, mac, .. } = line;
    let config = &estate.configs[number];
    let Mistake { rule, likely, what, mut related, right } = mistake;
    // Of two modes either may be the wrong one.
    let of_modes = rule.code == MODE_PREFIX_MISMATCH.code;
    let right = right.or_else(|| if of_modes { None } else { told_by_partner(estate, bindings, line) });
    let notation = config.pack.mac;
    let written = format(mac, notation);
    let mode = nlb::diagnose(ip, None, mac).mode();
    let own = nlb::right_macs(ip, mode, &Verdict::NotNlb { address_fits: false });
    let own: Vec<String> = own.into_iter().map(|(_, mac)| format!("`{}`", format(mac, notation))).collect();
    let help = match right {
        Some(right) => format!("write `{}`", format(right, notation)),
        None => format!(
            "write {} if {ip} is the primary address of its cluster, else the MAC of the primary",
            own.join(" or ")
        ),
    };
    let shared = bindings.pinned(number, mac).first().filter(|_| related.is_empty());
    related
        .extend(shared.and_then(|(shared, _)| Some((mac_span(config, shared)?, lines::SAME_MAC.to_owned()))));
    Misfit {
        rule,
        likely,
        cluster: None,
        config: Some(number),
        switch: None,
        span: mac_span(config, entry),
        related,
        message: format!("the static ARP of {ip} on `{}` has `{written}`, {what}", quoted(&config.name)),
        help,
        entry: Some(entry.clone()),
        right,
    }
}

/// The MAC that the gateways which stand in for this one bind the address to, where they agree and it is a cluster's whose
/// primary address some line shows.
fn told_by_partner(estate: &Estate<'_>, bindings: &Bindings<'_>, line: Line<'_>) -> Option<MacAddr6> {
    let partners = estate.subnets().partners_for(estate, line.config, line.vrf, line.ip);
    let certain = |other: &&Line<'_>| {
        let with =
            |partner: &crate::lint::subnets::Partner<'_>| partner.certain && partner.config == other.config;
        other.vrf == line.vrf && partners.iter().any(with)
    };
    let mut theirs = bindings.by_ip.get(&line.ip)?.iter().filter(certain).map(|other| other.mac);
    let first = theirs.next().filter(|mac| *mac != line.mac && bindings.primary(*mac).is_some())?;
    theirs.all(|mac| mac == first).then_some(first)
}

fn mac_span(config: &ConfigFile<'_>, entry: &Entry) -> Option<Span> {
    config.reading.origin(entry).map(|fact| fact.mac_span(config.file))
}

fn mistake(estate: &Estate<'_>, bindings: &Bindings<'_>, line: Line<'_>) -> Option<Mistake> {
    let Line { ip, mac, .. } = line;
    let verdict = nlb::diagnose(ip, None, mac);
    let sure =
        |rule, what: String| Some(Mistake { rule, likely: false, what, related: Vec::new(), right: None });
    match verdict {
        Verdict::Match { mode } => return of_a_fitting_mac(estate, bindings, line, mode),
        Verdict::Placeholder(example) => {
            return sure(&PLACEHOLDER_MAC, format!("an example out of {}", example.document));
        }
        Verdict::Legacy00bf { ip: spelled } if spelled == ip => {
            return sure(&LEGACY_00BF, "the old 00-BF form, which NLB does not use".to_owned());
        }
        Verdict::MaskedSource { host, ip: spelled } if spelled == ip => {
            return sure(&MAC_MISMATCH, format!("what host {host} sends with: nothing listens there"));
        }
        // Other software makes unicast MACs of addresses too; a multicast one with the VIP in it is meant for NLB.
        Verdict::NotNlb { address_fits: true } if mac.is_multicast() => {
            return sure(&MAC_MISMATCH, "the right octets behind a wrong prefix".to_owned());
        }
        Verdict::DecimalOctets { .. }
        | Verdict::ReversedOctets { .. }
        | Verdict::SecondaryVip { .. }
        | Verdict::OtherIp { .. }
        | Verdict::OtherIgmp(_) => {}
        _ => return None,
    }
    if bindings.primary(mac).is_some() {
        return None; // a secondary VIP of that cluster
    }
    let likely = may_be_secondary(estate, line);
    let mode = verdict.mode()?;
    let (rule, what) = match verdict {
        Verdict::DecimalOctets { .. } => {
            (&DECIMAL_OCTETS, format!("the digits of {ip} in decimal instead of hexadecimal"))
        }
        Verdict::ReversedOctets { .. } => (&REVERSED_OCTETS, format!("the octets of {ip} in reverse order")),
        _ => (&MAC_MISMATCH, whose(mac)),
    };
    let spelling = rule.code != MAC_MISMATCH.code;
    let what = match (likely, spelling) {
        (false, _) => what,
        (true, true) => format!("likely {what}"),
        (true, false) => format!("{what}: likely wrong, since no line binds that address"),
    };
    let right = (spelling && !likely).then(|| mode.mac(ip));
    Some(Mistake { rule, likely, what, related: Vec::new(), right })
}

/// A MAC that is right for its address may still be wrong for its cluster: other lines show it.
fn of_a_fitting_mac(
    estate: &Estate<'_>,
    bindings: &Bindings<'_>,
    line: Line<'_>,
    mode: Mode,
) -> Option<Mistake> {
    let Line { config: number, ip, mac, vrf, .. } = line;
    let config = &estate.configs[number];
    let subnets = estate.subnets();
    let partners = subnets.partners_for(estate, number, vrf, ip);
    let theirs = bindings.by_ip.get(&ip).into_iter().flatten().filter(|other| {
        other.vrf == vrf && other.mac != mac && partners.iter().any(|partner| partner.config == other.config)
    });
    for other in theirs {
        let there = &estate.configs[other.config];
        let place = |label: String| mac_span(there, other.entry).map(|span| (span, label));
        let name = quoted(&there.name);
        if let Some(primary) = bindings.primary(other.mac)
            && primary.ip != ip
        {
            let what = format!(
                "its own, and `{name}` takes it for a VIP of the cluster of {}: every VIP has the primary's MAC",
                primary.ip
            );
            let label = format!("`{name}` binds it to the MAC of {}", primary.ip);
            return Some(Mistake {
                rule: &SECONDARY_VIP_OWN_MAC,
                likely: false,
                what,
                related: place(label).into_iter().collect(),
                right: Some(other.mac),
            });
        }
        let Some(found) = mode_of(ip, other.mac) else { continue };
        // Either may be the wrong one: the two are one finding.
        if other.config < number {
            let what = format!("its {} MAC, and `{name}` has the {} one", mode.title(), found.title());
            return Some(Mistake {
                rule: &MODE_PREFIX_MISMATCH,
                likely: false,
                what,
                related: place("the MAC of another mode".to_owned()).into_iter().collect(),
                right: None,
            });
        }
    }
    let vlans: Vec<u16> = subnets.holding(number, vrf, ip).filter_map(|at| at.svi()).collect();
    let here = |vlan: &u16| vlans.is_empty() || vlans.contains(vlan);
    let entry_of =
        |mac| bindings.pinned(number, mac).iter().find(|(_, vlan)| here(vlan)).map(|(entry, _)| *entry);
    if entry_of(mac).is_some() {
        return None;
    }
    let others = Mode::ALL.into_iter().map(|mode| (mode, mode.mac(ip)));
    let unbound = others.filter(|(_, mac)| !bindings.by_mac.contains_key(mac));
    let (entry, found) = unbound
        .filter_map(|(mode, mac)| Some((entry_of(mac)?, mode)))
        .min_by_key(|(entry, _)| entry.key())?;
    let what = format!("its {} MAC, and a static MAC entry has the {} one", mode.title(), found.title());
    let place = mac_span(config, entry).map(|span| (span, "the MAC of another mode".to_owned()));
    Some(Mistake {
        rule: &MODE_PREFIX_MISMATCH,
        likely: false,
        what,
        related: place.into_iter().collect(),
        right: None,
    })
}

/// Whether the MAC may be that of a primary address beside the VIP, in one subnet with it: of that primary nothing needs
/// to be written here.
fn may_be_secondary(estate: &Estate<'_>, line: Line<'_>) -> bool {
    let Line { config, ip, mac, vrf, .. } = line;
    let [w, x, ..] = ip.octets();
    let (primary, exact) = match nlb::decode(mac) {
        Decoded::Unicast(primary) | Decoded::Multicast(primary) => (primary, true),
        Decoded::Igmp(IgmpMac { y, z }) => (Ipv4Addr::new(w, x, y, z), false),
        _ => return false,
    };
    let subnets = estate.subnets();
    let mut here = subnets.holding(config, vrf, ip).peekable();
    if here.peek().is_none() {
        return primary.octets()[..2] == [w, x];
    }
    let together = |of| {
        let beside = subnets.of(config).iter().filter(move |at| at.of == of);
        beside.map(|at| at.subnet)
    };
    here.any(|at| {
        together(at.of.clone()).any(|subnet| subnet.contains(primary) || !exact && subnet.prefix() < 16)
    })
}

/// Whose MAC it is.
fn whose(mac: MacAddr6) -> String {
    match nlb::decode(mac) {
        Decoded::Unicast(ip) => format!("the unicast MAC of {ip}"),
        Decoded::Multicast(ip) => format!("the multicast MAC of {ip}"),
        Decoded::Igmp(found) => format!("the MAC of addresses that end in .{}.{}", found.y, found.z),
        _ => "no MAC that NLB makes".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    /// A switch with this SVI address in VLAN 10, and these lines.
    fn switch(address: &str, lines: &str) -> String {
        format!("interface Vlan10\n ip address {address}\n standby 1 ip 172.31.1.1\n!\n{lines}")
    }

    /// The findings about MACs, by code and severity.
    fn macs(configs: &[(&str, &str, &str)]) -> Vec<String> {
        let about_macs = |finding: &String| ("NLB101".."NLB108").contains(&finding.as_str());
        alone(configs).into_iter().filter(about_macs).collect()
    }

    fn codes(lines: &str) -> Vec<String> {
        let text = switch("172.31.1.2 255.255.255.0", lines);
        let found = macs(&[("sw1.cfg", "cisco-ios", &text)]);
        found.iter().map(|finding| finding.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_line_is_wrong_where_its_mac_can_be_that_of_no_cluster_with_the_vip() {
        for (lines, expected) in [
            ("arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n", &[][..]),
            ("arp 172.31.1.232 03bf.bc1f.0164 ARPA\n", &["NLB101 error"]), // the line that circulates
            ("arp 172.31.1.232 0100.5e7f.02e8 ARPA\n", &["NLB101 error"]),
            ("arp 172.31.1.232 03fb.ac1f.01e8 ARPA\n", &["NLB101 error"]),
            ("arp 172.31.1.232 0201.ac1f.01e8 ARPA\n", &["NLB101 error"]),
            // The primary needs no line of its own: clients may ask for the other VIP only.
            ("arp 172.31.1.232 03bf.ac1f.0164 ARPA\n", &["NLB101 warning"]),
            ("arp 172.31.1.100 03bf.ac1f.0164 ARPA\narp 172.31.1.232 03bf.ac1f.0164 ARPA\n", &[]),
            ("arp 172.31.1.100 0100.5e7f.0164 ARPA\narp 172.31.1.232 0100.5e7f.0164 ARPA\n", &[]),
            ("arp 172.31.1.40 03bf.ac1f.0140 ARPA\n", &["NLB104 warning"]), // or a VIP of 172.31.1.64
            ("arp 172.31.1.40 03bf.2801.1fac ARPA\n", &["NLB105 error"]),
            ("arp 172.31.1.232 0300.5e01.0101 ARPA\n", &["NLB106 error"]),
            ("arp 172.31.1.232 c8c8.c8c8.c8c8 ARPA\n", &["NLB106 error"]),
            ("arp 172.31.1.232 00bf.ac1f.01e8 ARPA\n", &["NLB107 warning"]),
            ("arp 172.31.1.232 00bf.1234.5678 ARPA\n", &[]), // a maker's number
            ("arp 172.31.1.232 0242.ac1f.01e8 ARPA\n", &[]), // a container's
            ("arp 172.31.1.232 0015.5d01.0203 ARPA\n", &[]),
        ] {
            assert_eq!(codes(lines), expected, "{lines}");
        }
    }

    #[test]
    fn one_cluster_with_the_macs_of_two_modes_is_told_once() {
        let arp = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        let unicast = "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        let igmp = "mac address-table static 0100.5e7f.01e8 vlan 10 interface Gi1/0/1\n";
        let right = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        let other_vlan = "mac address-table static 02bf.ac1f.01e8 vlan 20 interface Gi1/0/1\n";
        for (lines, expected) in [
            ([arp, unicast], &["NLB103 error"][..]),
            ([arp, igmp], &["NLB103 error"]),
            ([arp, right], &[]),
            ([arp, other_vlan], &[]),
        ] {
            assert_eq!(codes(&lines.concat()), expected, "{lines:?}");
        }
        let first = switch("172.31.1.2 255.255.255.0", arp);
        let second = switch("172.31.1.3 255.255.255.0", "arp 172.31.1.232 02bf.ac1f.01e8 ARPA\n");
        assert_eq!(
            macs(&[("a.cfg", "cisco-ios", &first), ("b.cfg", "cisco-ios", &second)]),
            [
                "NLB103 error b.cfg:5: the static ARP of 172.31.1.232 on `b` has `02bf.ac1f.01e8`, its unicast MAC, \
                 and `a` has the multicast one"
            ]
        );
    }

    #[test]
    fn a_secondary_vip_is_told_by_the_partner_that_knows_its_primary() {
        let primary = "arp 172.31.1.100 03bf.ac1f.0164 ARPA\n";
        let own = primary.to_owned() + "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        let of_primary = primary.to_owned() + "arp 172.31.1.232 03bf.ac1f.0164 ARPA\n";
        let first = switch("172.31.1.2 255.255.255.0", &own);
        let second = switch("172.31.1.3 255.255.255.0", &of_primary);
        assert_eq!(
            macs(&[("a.cfg", "cisco-ios", &first), ("b.cfg", "cisco-ios", &second)]),
            [
                "NLB102 error a.cfg:6: the static ARP of 172.31.1.232 on `a` has `03bf.ac1f.01e8`, its own, and `b` \
                 takes it for a VIP of the cluster of 172.31.1.100: every VIP has the primary's MAC"
            ]
        );
        // Another site may use the same addresses.
        let elsewhere = second.replace("standby 1 ip 172.31.1.1", "standby 1 ip 172.31.1.254");
        assert_eq!(macs(&[("a.cfg", "cisco-ios", &first), ("b.cfg", "cisco-ios", &elsewhere)]), NONE);
    }
}
