//! Lines about NLB that no cluster asks for, or that contradict each other.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};

use macaddr::MacAddr6;

use super::words::{Mender, bound};
use super::{ConfigFile, Estate, Findings, Rule, Scope, Sighting};
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::{Change, Entry, Key};
use crate::net::mac::format;
use crate::nlb::{Decoded, Mode, decode};
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[ORPHAN_NLB_MAC, DUPLICATE_STATIC_ARP];

/// Entries of a cluster that the design does not know.
const ORPHAN_NLB_MAC: Rule = Rule {
    code: Code(111),
    name: "orphan-nlb-mac",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB111.md"),
    check: orphan_nlb_mac,
};

fn orphan_nlb_mac(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let vips = estate.clusters().flat_map(|view| view.cluster.vips()).filter_map(|vip| match vip.value {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    });
    let vips: BTreeSet<Ipv4Addr> = vips.collect();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        let told = || estate.misfits().iter().any(|misfit| misfit.is_about(sighting.config, sighting.mac));
        let of_a_vip = sighting.arps.iter().any(|arp| vips.contains(&arp.ip));
        if config.device.is_none()
            || sighting.cluster.is_some()
            || of_a_vip
            || estate.known.contains(&sighting.mac)
            || told()
        {
            continue;
        }
        let (entries, lines) = lines_of(config, sighting);
        let written = format(sighting.mac, config.pack.mac);
        let what = match decode(sighting.mac).ip() {
            Some(ip) if vips.contains(&ip) => {
                format!("of {ip}, a VIP whose cluster answers with another MAC")
            }
            Some(ip) => format!("of {ip}, which is in no cluster of the design"),
            None => "of no cluster of the design".to_owned(),
        };
        let message = format!("`{}` has entries for `{written}`, the MAC {what}", quoted(&config.name));
        let finding = findings.report(&ORPHAN_NLB_MAC, lines.first().copied(), message);
        finding.switch(config.name.clone());
        for line in lines.iter().skip(1).take(super::words::MOST_RELATED) {
            finding.related(*line, "this line has the same MAC");
        }
        finding.help("describe its cluster, or remove what is left of one that is gone");
        mender.exchange(config, finding, &entries, &[]);
    }
}

/// The entries of a sighting, and their lines in the order of the file.
fn lines_of(config: &ConfigFile<'_>, sighting: &Sighting) -> (Vec<Entry>, Vec<Span>) {
    let arps = sighting.arps.iter().map(|seen| &seen.entry);
    let entries: Vec<Entry> = arps.chain(sighting.macs.iter().map(|seen| &seen.entry)).cloned().collect();
    let mut lines: Vec<Span> = entries.iter().filter_map(|entry| config.span_of(entry)).collect();
    lines.sort();
    (entries, lines)
}

/// One address, two MACs.
const DUPLICATE_STATIC_ARP: Rule = Rule {
    code: Code(112),
    name: "duplicate-static-arp",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB112.md"),
    check: duplicate_static_arp,
};

fn duplicate_static_arp(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (number, config) in estate.configs.iter().enumerate() {
        twice_in_one_config(estate, number, config, &mut told, findings);
    }
    differing_between_gateways(estate, &told, findings);
}

/// A later line takes the place of an earlier one: which of them was meant, the config does not say.
/// The addresses that are told go to `twice`, each with its config.
fn twice_in_one_config(
    estate: &Estate<'_>,
    number: usize,
    config: &ConfigFile<'_>,
    twice: &mut BTreeSet<(usize, Ipv4Addr)>,
    findings: &mut Findings,
) {
    let mender = Mender::default();
    let mut stated: HashMap<Key, (MacAddr6, Span)> = HashMap::new();
    for fact in &config.reading.facts {
        let (key, ip, mac) = match &fact.change {
            Change::Add(entry) | Change::Replace(entry) => match entry {
                Entry::StaticArp { ip, mac, .. } => (entry.key(), *ip, *mac),
                _ => continue,
            },
            Change::Remove(key) => {
                stated.remove(key);
                continue;
            }
            _ => continue,
        };
        let span = fact.mac_span(config.file);
        let Some((earlier, there)) = stated.insert(key, (mac, span)) else { continue };
        let told = |mac| estate.misfits().iter().any(|misfit| misfit.is_about(number, mac));
        if earlier == mac || told(mac) || ![earlier, mac].iter().any(|mac| is_clusters(estate, number, *mac))
        {
            continue;
        }
        let message = format!(
            "`{}` binds {ip} to `{}` and to `{}`: the second line takes the place of the first",
            quoted(&config.name),
            format(earlier, config.pack.mac),
            format(mac, config.pack.mac)
        );
        twice.insert((number, ip));
        let finding = findings.report(&DUPLICATE_STATIC_ARP, span, message);
        finding
            .switch(config.name.clone())
            .related(there, "the first line")
            .help("keep the line with the MAC of the cluster's primary address");
        // The one that is the address's own and was overwritten comes back.
        let held = match &fact.change {
            Change::Add(entry) | Change::Replace(entry) => config.state.get(&entry.key()),
            _ => None,
        };
        if let Some(held) = held
            && *held == with_mac(held, mac)
            && made_of(ip, earlier)
            && !is_clusters(estate, number, mac)
        {
            mender.exchange(config, finding, std::slice::from_ref(held), &[with_mac(held, earlier)]);
        }
    }
}

/// Whether NLB makes the MAC of the address.
fn made_of(ip: Ipv4Addr, mac: MacAddr6) -> bool {
    Mode::ALL.iter().any(|mode| mode.mac(ip) == mac)
}

/// A static ARP entry with another MAC.
fn with_mac(entry: &Entry, right: MacAddr6) -> Entry {
    let mut mended = entry.clone();
    if let Entry::StaticArp { mac, .. } = &mut mended {
        *mac = right;
    }
    mended
}

/// Whether a MAC is a cluster's: by itself, or by the design that speaks of the config.
fn is_clusters(estate: &Estate<'_>, config: usize, mac: MacAddr6) -> bool {
    decode(mac).is_cluster_mac()
        || matches!(decode(mac), Decoded::Placeholder(_))
        || estate.configs[config].device.is_some() && estate.clusters().any(|view| view.cluster.mac() == mac)
}

/// Two gateways of one subnet that bind an address to different MACs.
fn differing_between_gateways(
    estate: &Estate<'_>,
    twice: &BTreeSet<(usize, Ipv4Addr)>,
    findings: &mut Findings,
) {
    let mut told = BTreeSet::new();
    let mender = Mender::default();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.cluster.is_none()) {
        let config = &estate.configs[sighting.config];
        for arp in &sighting.arps {
            let vrf = arp.vrf.as_deref();
            for partner in estate.subnets().partners_for(estate, sighting.config, vrf, arp.ip) {
                let other = &estate.configs[partner.config];
                let Some(entry @ Entry::StaticArp { mac, .. }) = bound(&other.state, vrf, arp.ip) else {
                    continue;
                };
                let explained = [(sighting.config, sighting.mac), (partner.config, *mac)];
                let explained = explained.iter().any(|(config, mac)| {
                    estate.misfits().iter().any(|misfit| misfit.is_about(*config, *mac))
                });
                let mut pair = [(sighting.config, config, &arp.entry), (partner.config, other, entry)];
                pair.sort_by_key(|(config, ..)| *config);
                let [(first, there, earlier), (second, here, later)] = pair;
                let is_twice = [first, second].iter().any(|config| twice.contains(&(*config, arp.ip)));
                if *mac == sighting.mac || explained || is_twice || !told.insert((vrf, arp.ip, first, second))
                {
                    continue;
                }
                let mac_of = |entry: &Entry, config: &ConfigFile<'_>| match entry {
                    Entry::StaticArp { mac, .. } => format(*mac, config.pack.mac),
                    _ => String::new(),
                };
                let message = format!(
                    "`{}` binds {} to `{}`, and `{}` to `{}`",
                    quoted(&here.name),
                    arp.ip,
                    mac_of(later, here),
                    quoted(&there.name),
                    mac_of(earlier, there)
                );
                let place = |config: &ConfigFile<'_>, entry: &Entry| {
                    config.reading.origin(entry).map(|fact| fact.mac_span(config.file))
                };
                let finding = findings.report(&DUPLICATE_STATIC_ARP, place(here, later), message);
                finding.switch(here.name.clone());
                if let Some(line) = place(there, earlier) {
                    finding.related(line, "the other gateway's line");
                }
                if !partner.certain {
                    finding.severity(Severity::Warning);
                }
                finding.help("give both the MAC of the cluster's primary address");
                if made_of(arp.ip, sighting.mac) && !is_clusters(estate, partner.config, *mac) {
                    let right = with_mac(entry, sighting.mac);
                    mender.exchange(other, finding, std::slice::from_ref(entry), &[right]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, findings};

    fn codes(configs: &[(&str, &str, &str)]) -> Vec<String> {
        let ours = |finding: &String| ["NLB111", "NLB112"].iter().any(|code| finding.starts_with(code));
        alone(configs).into_iter().filter(ours).collect()
    }

    #[test]
    fn one_address_with_two_macs_is_told_unless_a_line_takes_the_first_back() {
        let right = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        let host = "arp 172.31.1.232 0015.5d01.0203 ARPA\n";
        let other_host = "arp 172.31.1.232 0015.5d01.0204 ARPA\n";
        let back = "no arp 172.31.1.232 0015.5d01.0203 ARPA\n";
        let red = "arp vrf RED 172.31.1.232 0015.5d01.0203 ARPA\n";
        for (lines, told) in [
            ([host, right, ""], true),
            ([right, host, ""], true),
            ([host, back, right], false),
            ([right, red, ""], false),
            ([right, right, ""], false),
            ([host, other_host, ""], false), // no cluster's
        ] {
            let found = codes(&[("a.cfg", "cisco-ios", &lines.concat())]);
            assert_eq!(!found.is_empty(), told, "{lines:?}: {found:?}");
            assert!(found.iter().all(|finding| finding.starts_with("NLB112 error a.cfg:2")), "{found:?}");
        }
    }

    #[test]
    fn gateways_of_one_subnet_that_disagree_are_told_once() {
        let gateway = |own: u8, shared: u8, line: &str| {
            format!(
                "interface Vlan10\n ip address 172.31.1.{own} 255.255.255.0\n standby 1 ip 172.31.1.{shared}\n!\n{line}"
            )
        };
        let cluster = gateway(2, 1, "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n");
        let host = "arp 172.31.1.232 0015.5d01.0203 ARPA\n";
        let found = |second: &str| codes(&[("a.cfg", "cisco-ios", &cluster), ("b.cfg", "cisco-ios", second)]);
        assert_eq!(
            found(&gateway(3, 1, host)),
            ["NLB112 error b.cfg:5: `b` binds 172.31.1.232 to `0015.5d01.0203`, and `a` to `03bf.ac1f.01e8`"]
        );
        assert_eq!(found(&gateway(3, 254, host)), NONE); // another site
        assert_eq!(found(&gateway(3, 1, "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n")), NONE);
    }

    #[test]
    fn what_belongs_to_no_cluster_of_the_design_is_told_with_the_lines_that_remove_it() {
        let design = "clusters: [{name: web, mode: multicast, primary_ip: 172.31.1.232/24, virtual_ips: [172.31.1.233], \
                      vlan: 10, nodes: [{name: n, attach: sw1 Gi1/0/1}]}]\n\
                      switches: [{name: sw1, vendor: ios, platform: catalyst-3750, gateway: true, config: sw1.cfg}]\n";
        let right = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\narp 172.31.1.233 03bf.ac1f.01e8 ARPA\n\
                     mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        let left_over = "arp 172.31.1.99 03bf.ac1f.0163 ARPA\n\
                         mac address-table static 03bf.ac1f.0163 vlan 10 interface Gi1/0/1\n";
        let orphans = |config: &str| {
            let all = findings(design, &[("sw1.cfg", config)]);
            all.into_iter()
                .map(|(finding, _)| finding)
                .filter(|finding| finding.code.0 == 111)
                .collect::<Vec<_>>()
        };
        assert_eq!(orphans(right), []);
        assert_eq!(orphans("arp 172.31.1.232 03bf.bc1f.0164 ARPA\n"), []); // NLB101
        let found = orphans(&(right.to_owned() + left_over));
        assert_eq!(found.len(), 1, "{found:?}");
        let lines = found[0].remediation.as_ref().map(|remedy| remedy.lines.len());
        assert_eq!(lines, Some(2), "{found:?}");
    }
}
