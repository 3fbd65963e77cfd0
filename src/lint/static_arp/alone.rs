//! Static ARP that gateways lack, as their configs show it without a design.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use super::{GATEWAY_PEER_MISSING, MISSING_STATIC_ARP};
use crate::diagnostic::{Severity, quoted};
use crate::entry::{Entry, EntryKind};
use crate::lint::gateway::refusal_of;
use crate::lint::malformed::was_to_bind;
use crate::lint::routing::{in_another_vrf, is_shut, misspelt, routes};
use crate::lint::subnets::{Partner, virtual_addresses};
use crate::lint::words::{Mender, bound, doubtful_line_in, is_likely, static_arp_on};
use crate::lint::{ConfigFile, Connected, Estate, Findings, Sighting};
use crate::net::mac::format;
use crate::nlb::{Decoded, Mode, decode};
use crate::vendor::DynamicArp;

/// Whether a config without the entry cannot reach the cluster: surely, likely, or not to be said.
enum Lack {
    Sure,
    Likely,
}

fn lack(config: &ConfigFile<'_>, mac: MacAddr6) -> Option<Lack> {
    let facts = config.facts();
    let refuses = facts.dynamic_arp_multicast();
    let learned = refuses.is_some_and(|fact| fact.value == DynamicArp::Learned);
    if learned
        || facts.learns(&config.state, mac)
        || config.device.is_some()
        || refusal_of(&facts, mac).is_some()
        || !config.shows(EntryKind::StaticArp)
    {
        return None;
    }
    let certain = refuses.is_some_and(|fact| fact.value == DynamicArp::Refused && !is_likely(fact));
    Some(if certain && doubtful_line_in(config, EntryKind::StaticArp).is_none() {
        Lack::Sure
    } else {
        Lack::Likely
    })
}

/// What one gateway has of a cluster and its partner lacks.
struct Missing<'s> {
    partner: Partner<'s>,
    holder: usize,
    entries: Vec<(&'s Entry, MacAddr6, Ipv4Addr)>,
}

/// One of two gateways that share a subnet lacks what the other has.
pub(super) fn peer_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mut missing = BTreeMap::new();
    let mut explained = in_another_vrf(estate); // NLB411
    explained.extend(misspelt(estate)); // NLB403
    let speaking: BTreeSet<usize> = estate.sightings().iter().map(|sighting| sighting.config).collect();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.mode != Mode::Unicast) {
        for arp in &sighting.arps {
            let vrf = arp.vrf.as_deref();
            for partner in estate.subnets().partners_for(estate, sighting.config, vrf, arp.ip) {
                let there = &estate.configs[partner.config];
                // Another site may have the same addresses; a config that knows no cluster shows nothing else.
                if !partner.certain && !speaking.contains(&partner.config) {
                    continue;
                }
                if bound(&there.state, vrf, arp.ip).is_some() || is_shut(there, &partner.at.of) {
                    continue;
                }
                // The partner learns what the other one states.
                if there.state.setting(EntryKind::ClusterMode, &partner.at.of).is_some() {
                    continue;
                }
                if explained.contains(&(partner.config, arp.ip)) || was_to_bind(there, arp.ip, sighting.mac) {
                    continue; // NLB116
                }
                let start = || Missing { partner, holder: sighting.config, entries: Vec::new() };
                let of_cluster = missing.entry((partner.config, sighting.mac)).or_insert_with(start);
                if of_cluster.holder == sighting.config {
                    of_cluster.entries.push((&arp.entry, sighting.mac, arp.ip));
                }
            }
        }
    }
    let mender = Mender::default();
    for Missing { partner, holder, entries } in missing.into_values() {
        let config = &estate.configs[partner.config];
        let Some(lack) = entries.first().and_then(|(_, mac, _)| lack(config, *mac)) else { continue };
        let sure = matches!(lack, Lack::Sure) && partner.certain;
        let holder = &estate.configs[holder];
        let shown: Vec<String> = entries.iter().take(3).map(|(_, _, ip)| format!("`{ip}`")).collect();
        let more = match entries.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "gateway `{}` {}lacks the static ARP of {}{more} that `{}` has",
            quoted(&config.name),
            if sure { "" } else { "likely " },
            shown.join(", "),
            quoted(&holder.name)
        );
        let span = config.span_of_setting(EntryKind::Address, &partner.at.of);
        let finding = findings.report(&GATEWAY_PEER_MISSING, span, message);
        finding.switch(config.name.clone());
        for (entry, ..) in entries.iter().take(crate::lint::words::MOST_RELATED) {
            if let Some(line) = holder.span_of(entry) {
                finding.related(line, format!("`{}` has it", quoted(&holder.name)));
            }
        }
        if let Some(line) = doubtful_line_in(config, EntryKind::StaticArp) {
            finding.related(line, "this line is not understood");
        }
        if !sure {
            finding.severity(Severity::Warning);
        }
        finding.help("give it the same entries: they are not copied between gateways");
        let wanted = entries.iter().map(|(_, mac, ip)| static_arp_on(config, partner.at, *ip, *mac));
        if let Some(wanted) = wanted.collect::<Option<Vec<Entry>>>() {
            mender.exchange(config, finding, &[], &wanted);
        }
    }
}

/// A gateway that leads the cluster MAC to ports and binds no address to it.
pub(super) fn missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.arps.is_empty()) {
        let config = &estate.configs[sighting.config];
        let Decoded::Multicast(primary) = decode(sighting.mac) else { continue };
        if lack(config, sighting.mac).is_none() {
            continue;
        }
        let Some(at) = gateway_of(estate, sighting, primary) else { continue };
        let vrf = at.vrf.as_deref();
        let holder =
            |partner: &Partner<'_>| bound(&estate.configs[partner.config].state, vrf, primary).is_some();
        let partners = estate.subnets().partners_for(estate, sighting.config, vrf, primary);
        if bound(&config.state, vrf, primary).is_some()
            || partners.iter().any(holder)
            || was_to_bind(config, primary, sighting.mac)
        {
            continue; // NLB101, NLB402 or NLB116
        }
        let written = format(sighting.mac, config.pack.mac);
        let message = format!(
            "gateway `{}` likely lacks the static ARP of {primary}: `{written}` leads to ports and no address to it",
            quoted(&config.name)
        );
        let span = sighting.macs.first().and_then(|seen| config.span_of(&seen.entry));
        let finding = findings.report(&MISSING_STATIC_ARP, span, message);
        finding.severity(Severity::Warning).switch(config.name.clone());
        finding.help(
            "add a static ARP entry for each VIP, with this MAC, unless another router serves the VLAN",
        );
        if let Some(wanted) = static_arp_on(config, at, primary, sighting.mac) {
            mender.exchange(config, finding, &[], &[wanted]);
        }
    }
}

/// The interface by which a config is a gateway for `primary` in a VLAN of the sighting; `None` when it does not seem to
/// be one.
fn gateway_of<'s>(estate: &'s Estate<'_>, sighting: &Sighting, primary: Ipv4Addr) -> Option<&'s Connected> {
    let config = &estate.configs[sighting.config];
    let places = estate.subnets().of(sighting.config);
    let at = places.iter().find(|at| {
        let in_vlan = at.svi().is_some_and(|vlan| sighting.macs.iter().any(|seen| seen.vlan == vlan));
        in_vlan && at.subnet.contains(primary) && !is_shut(config, &at.of)
    })?;
    let shares = !virtual_addresses(config, &at.of).is_empty();
    (shares || routes(config, places)).then_some(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    const FIRST: &str = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
    const SECOND: &str = "arp 172.31.1.233 03bf.ac1f.01e8 ARPA\n";

    fn gateway(own: u8, shared: &str, lines: &str) -> String {
        format!(
            "interface Vlan10\n ip address 172.31.1.{own} 255.255.255.0\n{shared}!\ninterface Vlan20\n \
             ip address 172.31.2.{own} 255.255.255.0\n!\n{lines}"
        )
    }

    fn pair(shared: [&str; 2], lines: [&str; 2]) -> Vec<String> {
        let first = gateway(2, shared[0], lines[0]);
        let second = gateway(3, shared[1], lines[1]);
        let found = alone(&[("a.cfg", "cisco-ios", &first), ("b.cfg", "cisco-ios", &second)]);
        found.into_iter().filter(|finding| finding.starts_with("NLB4")).collect()
    }

    #[test]
    fn a_partner_lacks_what_the_other_has() {
        let hsrp = " standby 10 ip 172.31.1.1\n";
        let both = FIRST.to_owned() + SECOND;
        let other = "arp 172.31.2.9 03bf.ac1f.0209 ARPA\n";
        assert_eq!(pair([hsrp, hsrp], [&both, &both]), NONE);
        assert_eq!(
            pair([hsrp, hsrp], [&both, FIRST]),
            ["NLB402 error b.cfg:2: gateway `b` lacks the static ARP of `172.31.1.233` that `a` has"]
        );
        // Two sites may have the same subnet, and no virtual address tells.
        assert_eq!(
            pair(["", ""], [FIRST, SECOND]),
            [
                "NLB402 warning a.cfg:2: gateway `a` likely lacks the static ARP of `172.31.1.233` that `b` has",
                "NLB402 warning b.cfg:2: gateway `b` likely lacks the static ARP of `172.31.1.232` that `a` has",
            ]
        );
        assert_eq!(pair([hsrp, " standby 10 ip 172.31.1.254\n"], [FIRST, SECOND]), NONE);
        let found = pair([hsrp, hsrp], [&(both.clone() + other), &both]);
        assert_eq!(
            found,
            ["NLB402 warning b.cfg:6: gateway `b` likely lacks the static ARP of `172.31.2.9` that `a` has"]
        );
    }

    /// What is found in configs that lie in a directory, where most are glanced at only.
    fn in_directory(configs: &[(&str, String)]) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in configs {
            std::fs::write(directory.path().join(name), format!("hostname {name}\n!\n{text}")).unwrap();
        }
        let packs = crate::vendor::Packs::embedded();
        let taking = crate::lint::Taking {
            working_directory: directory.path(),
            dialect: packs.get("cisco-ios").unwrap(),
            dialect_of: &|_| None,
            excluded: &|_| false,
            progress: &|_, _| {},
        };
        let paths = [directory.path().to_owned()];
        let inputs = crate::lint::gather(&paths, &packs, &taking).unwrap();
        let mut sources = crate::source::Sources::new();
        let found = crate::lint::lint_inputs(inputs, directory.path(), &packs, &mut sources).unwrap();
        let shown = found.findings.iter().map(|finding| {
            let path = finding.span.map(|span| sources.locate(span).path.to_owned()).unwrap_or_default();
            format!("{} {} {path}", finding.code, finding.severity)
        });
        shown.collect()
    }

    #[test]
    fn a_partner_without_any_line_about_nlb_is_seen_too() {
        let hsrp = " standby 10 ip 172.31.1.1\n";
        let config = |own: u8, shared: &str, lines: &str| gateway(own, shared, lines);
        let elsewhere = config(3, hsrp, "").replace("172.31.1.", "172.31.9.");
        let found = |second: String| in_directory(&[("a", config(2, hsrp, FIRST)), ("b", second)]);
        assert_eq!(found(config(3, hsrp, "")), ["NLB402 error b"]);
        assert_eq!(found(elsewhere), NONE);
        assert_eq!(found(config(3, "", "")), NONE, "it shares no address");
        assert_eq!(found(config(2, hsrp, "")), NONE, "it is another site with the same addresses");
        assert_eq!(found(config(3, hsrp, FIRST)), NONE);
        let sites = [("a", config(2, hsrp, FIRST)), ("b", config(3, hsrp, FIRST))];
        let other = [("c", config(2, hsrp, "")), ("d", config(3, hsrp, ""))];
        assert_eq!(in_directory(&[sites, other].concat()), NONE, "nobody knows who is with whom");
    }

    #[test]
    fn what_another_finding_explains_is_not_missing_too() {
        let hsrp = " standby 10 ip 172.31.1.1\n";
        let malformed = "arp 172.31.1.232 03bf.ac1f ARPA\n"; // NLB116
        assert_eq!(pair([hsrp, hsrp], [FIRST, malformed]), NONE);
        let astray = FIRST.replace("arp ", "arp vrf RED ");
        let misspelt = FIRST.to_owned() + &SECOND.replace("172.31.1.", "172.31.9.");
        let found = pair([hsrp, hsrp], [&(FIRST.to_owned() + SECOND), &misspelt]);
        assert!(found.iter().all(|finding| finding.starts_with("NLB403")) && found.len() == 1, "{found:?}");
        let found = pair([hsrp, hsrp], [FIRST, &astray]);
        assert!(found.iter().all(|finding| finding.starts_with("NLB411")) && found.len() == 1, "{found:?}");
    }

    #[test]
    fn in_unicast_mode_gateways_need_no_entry() {
        let hsrp = " standby 10 ip 172.31.1.1\n";
        let unicast = FIRST.replace("03bf", "02bf");
        let mac = "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        assert_eq!(pair([hsrp, hsrp], [&unicast, mac]), NONE);
    }

    #[test]
    fn an_entry_that_names_a_port_names_one_of_the_static_mac_entry() {
        let text = "interface Vlan 10\n ip address 172.31.1.2/24\n!\ninterface Vlan 20\n ip address 172.31.2.2/24\n!\n\
                    mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Te 0/3,Te 0/4\n";
        let mut sources = crate::source::Sources::new();
        let found =
            crate::lint::words::tests::findings_alone(&[("a.cfg", "dell-force10", text)], &mut sources);
        let remedy =
            found.into_iter().find(|(finding, _)| finding.code.0 == 401).and_then(|(f, _)| f.remediation);
        assert_eq!(
            remedy.map(|remedy| remedy.lines),
            Some(vec!["arp 172.31.1.232 03:bf:ac:1f:01:e8 TenGigabitEthernet 0/3".to_owned()])
        );
    }

    #[test]
    fn a_gateway_that_pins_the_mac_and_binds_no_address_is_told() {
        let mac = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        let codes = |text: &str| -> Vec<String> {
            let found = alone(&[("a.cfg", "cisco-ios", text)]);
            found.into_iter().filter(|finding| finding.starts_with("NLB40")).collect()
        };
        assert_eq!(
            codes(&gateway(2, "", mac)),
            [
                "NLB401 warning a.cfg:7: gateway `a` likely lacks the static ARP of 172.31.1.232: `03bf.ac1f.01e8` \
                 leads to ports and no address to it"
            ]
        );
        assert_eq!(codes(&gateway(2, "", &(mac.to_owned() + SECOND))), NONE);
        // One address manages a switch.
        assert_eq!(codes(&format!("interface Vlan10\n ip address 172.31.1.5 255.255.255.0\n!\n{mac}")), NONE);
    }
}
