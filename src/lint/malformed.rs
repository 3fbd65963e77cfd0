//! Lines that are meant for a cluster and cannot be what they begin like.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use macaddr::MacAddr6;

use super::words::{Mender, bound, static_arp_on};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::config::{Meant, Unparsed};
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::{Change, Entry, EntryKind};
use crate::net::mac::{Notation, format};
use crate::nlb::{Mode, decode};
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[MALFORMED_NLB_LINE];

/// A line that is meant for a cluster and says nothing.
pub(super) const MALFORMED_NLB_LINE: Rule = Rule {
    code: Code(116),
    name: "malformed-nlb-line",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB116.md"),
    check: malformed_nlb_line,
};

/// A line that NLB116 tells, as a static ARP or a static MAC entry.
fn told(line: &Unparsed) -> Option<(EntryKind, &Meant)> {
    let kind =
        [EntryKind::StaticArp, EntryKind::StaticMac].into_iter().find(|kind| line.kinds.contains(kind))?;
    line.meant.as_deref().map(|meant| (kind, meant))
}

/// Whether NLB116 tells the line: then no other finding needs to name it.
pub(super) fn is_told(line: &Unparsed) -> bool {
    told(line).is_some()
}

/// Whether the config has a malformed line that was to bind `vip` to `mac`: NLB116 tells why the entry is missing. A line
/// without an address is meant for the address that the MAC is made of.
pub(super) fn was_to_bind(config: &ConfigFile<'_>, vip: Ipv4Addr, mac: MacAddr6) -> bool {
    let is_primary = || Mode::ALL.iter().any(|mode| mode.mac(vip) == mac);
    config.reading.unparsed.iter().filter_map(told).any(|(kind, meant)| {
        let named = match meant.ip {
            Some(ip) => ip == vip,
            None => meant.may_be(mac) && is_primary(),
        };
        kind == EntryKind::StaticArp && named
    })
}

/// Whether the config has a malformed line that was to lead `mac` to ports.
pub(super) fn was_to_lead(config: &ConfigFile<'_>, mac: MacAddr6) -> bool {
    let mut told = config.reading.unparsed.iter().filter_map(told);
    told.any(|(kind, meant)| kind == EntryKind::StaticMac && meant.may_be(mac))
}

fn malformed_nlb_line(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for (number, config) in estate.configs.iter().enumerate() {
        for line in &config.reading.unparsed {
            let Some((kind, meant)) = told(line) else { continue };
            let (what, address) = match kind {
                EntryKind::StaticArp => ("static ARP", true),
                _ => ("static MAC", false),
            };
            let written = match meant.mac {
                Some(mac) => format(mac, config.pack.mac),
                None => quoted(&meant.word),
            };
            let why = match meant.mac {
                None => "is not a whole MAC",
                Some(_) if address && meant.ip.is_none() => "names no IP address",
                Some(_) => "is not understood",
            };
            let message = match meant.mac {
                None => format!(
                    "this line of `{}` looks like a {what} entry of a cluster and `{written}` {why}: nothing comes of it",
                    quoted(&config.name)
                ),
                Some(_) => format!(
                    "this line of `{}` looks like a {what} entry for `{written}` and {why}: nothing comes of it",
                    quoted(&config.name)
                ),
            };
            let finding =
                findings.report(&MALFORMED_NLB_LINE, Span::new(config.file, line.range.clone()), message);
            finding.switch(config.name.clone());
            finding.help(match meant.mac.and_then(|mac| Some((mac, decode(mac).ip()?))) {
                Some((mac, ip)) => {
                    format!("write the whole entry; {} is the MAC of {ip}", format(mac, Notation::Colon))
                }
                None => match own_mac(config, meant) {
                    Some((ip, own)) => format!(
                        "write the whole MAC: `{own}` if {ip} is the primary address of its cluster, else that of the primary"
                    ),
                    None => "write the whole entry".to_owned(),
                },
            });
            if let Some(entry) = entry_meant(estate, number, kind, meant) {
                mender.exchange(config, finding, &[], &[entry]);
                if meant.mac.is_none() {
                    finding.help("write the whole entry");
                }
            }
        }
    }
}

/// The address of the line and the MAC that would be made of it and begins so, as the switch writes it.
fn own_mac(config: &ConfigFile<'_>, meant: &Meant) -> Option<(Ipv4Addr, String)> {
    let ip = meant.ip?;
    let own = Mode::ALL.iter().map(|mode| mode.mac(ip)).find(|mac| meant.may_be(*mac))?;
    Some((ip, format(own, config.pack.mac)))
}

/// The entry that the line was to be, where that is sure and the config has none in its place.
fn entry_meant(estate: &Estate<'_>, number: usize, kind: EntryKind, meant: &Meant) -> Option<Entry> {
    let config = &estate.configs[number];
    let mac = meant.mac.or_else(|| whole_mac(estate, number, kind, meant))?;
    let line = meant.line.replacen(&meant.word, &format(mac, config.pack.mac), 1);
    let entry = read_back(config, meant, &line).or_else(|| {
        let ip = meant.ip.or_else(|| decode(mac).ip()).filter(|_| kind == EntryKind::StaticArp)?;
        Mode::ALL.iter().any(|mode| mode.mac(ip) == mac).then(|| arp_of(estate, number, ip, mac)).flatten()
    })?;
    let free = match &entry {
        Entry::StaticArp { ip, vrf, .. } => bound(&config.state, vrf.as_deref(), *ip).is_none(),
        _ => config.state.get(&entry.key()).is_none(),
    };
    free.then_some(entry)
}

/// The MAC that the piece is the beginning of, where others tell it: the cluster of the design that has the address, a
/// gateway that stands in for this one, the only other line that fits. What is made of the address itself proves nothing:
/// it may be a secondary VIP.
fn whole_mac(estate: &Estate<'_>, number: usize, kind: EntryKind, meant: &Meant) -> Option<MacAddr6> {
    let config = &estate.configs[number];
    let fits = |mac: &MacAddr6| meant.may_be(*mac);
    let Some(ip) = meant.ip else {
        let entries = config.state.entries().filter_map(|entry| match entry {
            Entry::StaticArp { mac, .. } | Entry::StaticMac { mac, .. } => Some(*mac),
            _ => None,
        });
        return only(entries.filter(|_| kind == EntryKind::StaticMac).filter(fits));
    };
    let stated = config.device.and_then(|_| {
        let owner =
            estate.clusters().filter(|view| view.cluster.vips().any(|vip| vip.value == IpAddr::V4(ip)));
        only(owner.map(|view| view.cluster.mac()))
    });
    let places = estate.subnets().of(number).iter().filter(|at| at.subnet.contains(ip));
    let partners = places.flat_map(|at| estate.subnets().partners(estate, number, at));
    let bound_there = partners.filter(|partner| partner.certain).filter_map(|partner| {
        let vrf = partner.at.vrf.as_deref();
        match bound(&estate.configs[partner.config].state, vrf, ip)? {
            Entry::StaticArp { mac, .. } => Some(*mac),
            _ => None,
        }
    });
    stated.or_else(|| only(bound_there)).filter(fits)
}

/// The one MAC that all of them are.
fn only(macs: impl Iterator<Item = MacAddr6>) -> Option<MacAddr6> {
    let all: BTreeSet<MacAddr6> = macs.collect();
    if all.len() == 1 { all.into_iter().next() } else { None }
}

/// What `line` states in the block of the malformed one.
fn read_back(config: &ConfigFile<'_>, meant: &Meant, line: &str) -> Option<Entry> {
    let lines = meant.openers.iter().map(String::as_str).chain([line]).enumerate();
    let text: Vec<String> = lines.map(|(depth, line)| format!("{}{line}", " ".repeat(depth))).collect();
    let reading = config.dialect().read(&text.join("\n"));
    reading.facts.into_iter().find_map(|fact| match fact.change {
        Change::Add(entry @ (Entry::StaticArp { .. } | Entry::StaticMac { .. }))
        | Change::Replace(entry @ (Entry::StaticArp { .. } | Entry::StaticMac { .. })) => Some(entry),
        _ => None,
    })
}

/// The static ARP entry of `ip` where the config would keep it. A part of a config that shows no interface tells no other
/// place than the global table.
fn arp_of(estate: &Estate<'_>, number: usize, ip: Ipv4Addr, mac: MacAddr6) -> Option<Entry> {
    let config = &estate.configs[number];
    let places = estate.subnets().of(number);
    if let Some(at) = places.iter().find(|at| at.subnet.contains(ip)) {
        return static_arp_on(config, at, ip, mac);
    }
    let alone = places.is_empty() && !config.pack.can_name(EntryKind::StaticArp, "svi");
    let entry = Entry::StaticArp { ip, mac, vrf: None, port: None, svi: None };
    (alone && !config.pack.static_arp_names_port).then_some(entry)
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, findings, findings_alone};
    use crate::source::Sources;

    fn codes(configs: &[(&str, &str, &str)]) -> Vec<String> {
        alone(configs).into_iter().filter(|finding| finding.starts_with("NLB116")).collect()
    }

    #[test]
    fn a_line_that_cannot_be_an_entry_is_told_where_it_is_meant_for_a_cluster() {
        for (line, why) in [
            ("arp 03bf.c0a8.0164 ARPA\n", Some("names no IP address")),
            ("arp 192.168.1.100 03bf.c0a8.0164 FDDI over there\n", Some("is not understood")),
            (
                "mac address-table static 03bf.c0a8.0164 vlan 9999 interface Gi1/0/1\n",
                Some("is not understood"),
            ),
            ("arp 0015.5d01.0203 ARPA\n", None),
            ("arp 192.168.1.100 03bf.c0a8.0164 ARPA\n", None),
        ] {
            let text = "arp 10.0.0.1 03bf.0a00.0001 ARPA\n".to_owned() + line;
            let found = codes(&[("a.cfg", "cisco-ios", &text)]);
            assert_eq!(found.len(), usize::from(why.is_some()), "{line}: {found:?}");
            let said = |why: &str| {
                found
                    .iter()
                    .all(|finding| finding.starts_with("NLB116 warning a.cfg:2") && finding.contains(why))
            };
            assert!(why.is_none_or(said), "{line}: {found:?}");
        }
    }

    /// The lines that mend the one finding of a config.
    fn remedy(pack: &str, text: &str) -> Vec<String> {
        let found = findings_alone(&[("a.cfg", pack, text)], &mut Sources::new());
        let ours: Vec<_> = found.into_iter().filter(|(finding, _)| finding.code.0 == 116).collect();
        assert_eq!(ours.len(), 1, "{text}");
        ours[0].0.remediation.as_ref().map_or(Vec::new(), |remedy| remedy.lines.clone())
    }

    #[test]
    fn a_mac_that_is_cut_off_is_told_in_every_dialect_and_completed_where_one_is_possible() {
        let catalyst = "arp 10.0.0.1 03bf.0a00.0001 ARPA\n";
        for (pack, text, expected) in [
            // It may be a secondary VIP: what is made of the address proves nothing.
            ("cisco-ios", "arp 10.0.0.1 03bf.0a00 ARPA\n".to_owned(), &[][..]),
            ("cisco-ios", "arp 10.0.0.1 03bf.oaoo.ooo1 ARPA\n".to_owned(), &[]),
            ("cisco-ios", "arp 10.0.0.1 0100.5e7f.00 ARPA\n".to_owned(), &[]),
            ("cisco-ios", "arp 10.0.0.1 03bf.0a00.00011 ARPA\n".to_owned(), &[]),
            (
                "cisco-ios",
                catalyst.to_owned() + "mac address-table static 03bf.0a00.000 vlan 10 interface Gi1/0/1\n",
                &["mac address-table static 03bf.0a00.0001 vlan 10 interface GigabitEthernet1/0/1"],
            ),
            (
                "cisco-ios",
                "mac address-table static 03bf.0a00.000 vlan 10 interface Gi1/0/1\n".to_owned(),
                &[],
            ),
            ("arista-eos", "arp 10.0.0.1 03bf.0a00 arpa\n".to_owned(), &[]),
            (
                "arista-eos",
                "mac address-table static 03bf.0a00.000 vlan 10 interface Ethernet1\n".to_owned(),
                &[],
            ),
            ("cisco-nxos", "interface Vlan10\n  ip arp 10.0.0.1 03bf.0a00\n".to_owned(), &[]),
            (
                "cisco-nxos",
                "interface Vlan10\n  ip arp 10.0.0.1 03bf.0a00.0001\n\
                 mac address-table multicast 03bf.0a00.000 vlan 10 interface Ethernet1/1\n"
                    .to_owned(),
                &[
                    "! unverified: the form of the Nexus 7000 and 9000 for multicast MACs, one line a port, by general",
                    "!   knowledge",
                    "mac address-table multicast 03bf.0a00.0001 vlan 10 interface Ethernet1/1",
                ],
            ),
            ("dell-force10", "arp 10.0.0.1 03:bf:0a:00:00 Te 0/1\n".to_owned(), &[]),
            (
                "dell-force10",
                "mac-address-table static 03:bf:0a:00:00 multicast vlan 10 output-range Te 0/1\n".to_owned(),
                &[],
            ),
            (
                "dell-powerconnect-5400",
                "interface vlan 10\nbridge multicast address 03:bf:0a:00:00 add ethernet g1\nexit\n"
                    .to_owned(),
                &[],
            ),
        ] {
            assert_eq!(remedy(pack, &text), expected, "{pack}: {text}");
        }
    }

    #[test]
    fn a_gateway_or_a_design_tells_the_mac_that_is_cut_off() {
        let gateway = |own: u8, line: &str| {
            format!(
                "interface Vlan10\n ip address 10.0.0.{own} 255.255.255.0\n standby 1 ip 10.0.0.254\n!\n{line}"
            )
        };
        let primary = "arp 10.0.0.1 03bf.0a00.0001 ARPA\n";
        let gateway = |own: u8, line: &str| gateway(own, &(primary.to_owned() + line));
        let right = gateway(2, "arp 10.0.0.9 03bf.0a00.0001 ARPA\n");
        let cut = gateway(3, "arp 10.0.0.9 03bf.0a00 ARPA\n");
        let configs = [("a.cfg", "cisco-ios", right.as_str()), ("b.cfg", "cisco-ios", cut.as_str())];
        let found = findings_alone(&configs, &mut Sources::new());
        let lines = |finding: &crate::diagnostic::Diagnostic| {
            finding.remediation.as_ref().map(|remedy| remedy.lines.join("/"))
        };
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(lines(&found[0].0).as_deref(), Some("arp 10.0.0.9 03bf.0a00.0001 ARPA"));
        let design = "clusters: [{name: a, mode: multicast, primary_ip: 10.0.0.1/24, virtual_ips: [10.0.0.9], vlan: 10, \
                      nodes: [{name: n, attach: sw1 Gi1/0/1}]}]\n\
                      switches: [{name: sw1, vendor: ios, platform: catalyst-9300, gateway: true, config: sw1.cfg}]\n";
        let config = "arp 10.0.0.1 03bf.0a00.0001 ARPA\narp 10.0.0.9 03bf.0a00 ARPA\n\
                      mac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/1\n";
        let cut_entry =
            config.replace("03bf.0a00 ARPA", "03bf.0a00.0001 ARPA").replace("0001 vlan", "000 vlan");
        let found = findings(design, &[("sw1.cfg", &cut_entry)]);
        assert!(found.len() == 1 && found[0].0.code.0 == 116, "NLB501 is silent: {found:?}");
        let found = findings(design, &[("sw1.cfg", config)]);
        let ours: Vec<_> = found.iter().filter(|(finding, _)| finding.code.0 == 116).collect();
        assert_eq!(ours.len(), 1, "{found:?}");
        assert_eq!(lines(&ours[0].0).as_deref(), Some("arp 10.0.0.9 03bf.0a00.0001 ARPA"));
    }

    #[test]
    fn an_entry_without_its_address_is_written_where_its_interface_is() {
        let svi = "interface Vlan10\n ip address 192.168.1.1 255.255.255.0\n!\n";
        let red = svi.replace(" ip address", " vrf forwarding RED\n ip address");
        let line = "arp 03bf.c0a8.0164 ARPA\n";
        for (before, expected) in [
            ("", &["arp 192.168.1.100 03bf.c0a8.0164 ARPA"][..]),
            (svi, &["arp 192.168.1.100 03bf.c0a8.0164 ARPA"]),
            (&red, &["arp vrf RED 192.168.1.100 03bf.c0a8.0164 ARPA"]),
            ("interface Vlan10\n ip address 10.0.0.1 255.255.255.0\n!\n", &[]),
            ("arp 192.168.1.100 03bf.c0a8.0164 ARPA\n", &[]),
        ] {
            assert_eq!(remedy("cisco-ios", &(before.to_owned() + line)), expected, "{before}");
        }
    }

    #[test]
    fn words_that_begin_otherwise_are_no_macs_of_nlb() {
        for line in ["arp 10.0.0.1 0015.5d01 ARPA\n", "arp timeout 300\n", "arp 10.0.0.1 0201.0a00 ARPA\n"] {
            let text = "arp 10.0.0.9 03bf.0a00.0009 ARPA\n".to_owned() + line;
            assert_eq!(codes(&[("a.cfg", "cisco-ios", &text)]), NONE, "{line}");
        }
    }
}
