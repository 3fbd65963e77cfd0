//! What floods a VLAN, as configs show it without a design: an entry that a switch lacks or cannot hold, and clusters
//! that share the flood.
//!
//! Two configs belong together only where they serve one subnet and neither looks like another site's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::layer2::{MISSING_STATIC_MAC, PLATFORM_REFUSES_STATIC_MAC, SHARED_VLAN};
use super::membership::{Placed, placed};
use super::routing::is_shut;
use super::words::{MOST_RELATED, is_likely};
use super::{ConfigFile, Estate, Findings, SeenMac, Sighting};
use crate::diagnostic::{Severity, quoted};
use crate::entry::{Entry, EntryKind, Subject};
use crate::net::mac::format;
use crate::nlb::{Mode, decode};
use crate::source::Span;
use crate::vendor::{Lookup, PortCount};

/// The addresses that lead to the cluster of a sighting: those bound to its MAC, else the one it was made of.
fn addresses(sighting: &Sighting) -> Vec<(Option<&str>, Ipv4Addr)> {
    let bound: Vec<_> = sighting.arps.iter().map(|arp| (arp.vrf.as_deref(), arp.ip)).collect();
    match bound.is_empty() {
        true => decode(sighting.mac).ip().map(|ip| (None, ip)).into_iter().collect(),
        false => bound,
    }
}

/// Another switch in the VLAN of an entry.
pub(super) struct Neighbour {
    pub(super) config: usize,
    /// Where its config says that it is in the VLAN.
    at: Subject,
    /// Whether it surely is the same VLAN.
    certain: bool,
}

/// The switches that are in the VLAN of the entry too, each once.
fn neighbours(estate: &Estate<'_>, sighting: &Sighting, seen: &SeenMac) -> Vec<Neighbour> {
    let mut found: BTreeMap<usize, Neighbour> = BTreeMap::new();
    for (vrf, ip) in addresses(sighting) {
        for partner in estate.subnets().partners_for(estate, sighting.config, vrf, ip) {
            let there = &estate.configs[partner.config];
            if partner.at.svi() == Some(seen.vlan)
                && !is_shut(there, &partner.at.of)
                && there.device.is_none()
            {
                let at = partner.at.of.clone();
                let neighbour = Neighbour { config: partner.config, at, certain: partner.certain };
                found.entry(partner.config).or_insert(neighbour);
            }
        }
    }
    found.into_values().collect()
}

/// Every static MAC entry of a multicast cluster in a config that no design speaks of, with those in its VLAN.
pub(super) fn for_each_entry<'e>(
    estate: &'e Estate<'e>,
    mut act: impl FnMut(&'e Sighting, &'e SeenMac, &Neighbour),
) {
    for sighting in estate.sightings().iter().filter(|at| at.cluster.is_none() && at.mode != Mode::Unicast) {
        if estate.configs[sighting.config].device.is_some() {
            continue;
        }
        for seen in &sighting.macs {
            neighbours(estate, sighting, seen).iter().for_each(|neighbour| act(sighting, seen, neighbour));
        }
    }
}

pub(super) fn title(sighting: &Sighting) -> String {
    format!("cluster `{}`", sighting.mac.to_string().to_lowercase())
}

/// The line of the config that looks like a static MAC entry and was not understood.
fn doubtful_line(config: &ConfigFile<'_>) -> Option<Span> {
    let line = config.reading.unparsed.iter().find(|line| line.kinds.contains(&EntryKind::StaticMac))?;
    Some(Span::new(config.file, line.range.clone()))
}

/// A switch without the entry that another of its VLAN has: NLB501.
pub(super) fn entry_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for_each_entry(estate, |sighting, seen, neighbour| {
        let (config, holder) = (&estate.configs[neighbour.config], &estate.configs[sighting.config]);
        let holds = |entry: &Entry| matches!(entry, Entry::StaticMac { mac, .. } if *mac == sighting.mac);
        if sighting.mode != Mode::Multicast // of IGMP mode snooping takes care
            || config.state.entries().any(holds) // there, or NLB504's
            || !config.shows(EntryKind::StaticMac)
            || matches!(config.facts().static_mac_ports(), PortCount::None | PortCount::Software | PortCount::NonIp)
            || !told.insert((neighbour.config, sighting.mac))
        {
            return;
        }
        let doubt = doubtful_line(config);
        let message = format!(
            "`{}` {}has no static MAC entry for {}, as `{}` has: its frames flood VLAN {}",
            quoted(&config.name),
            if neighbour.certain && doubt.is_none() { "" } else { "likely " },
            title(sighting),
            quoted(&holder.name),
            seen.vlan
        );
        let span = config.span_of_setting(EntryKind::Address, &neighbour.at);
        let finding = findings.report(&MISSING_STATIC_MAC, span, message);
        finding.switch(config.name.clone());
        if let Some(line) = holder.span_of(&seen.entry) {
            finding.related(line, format!("`{}` has it", quoted(&holder.name)));
        }
        if let Some(line) = doubt {
            finding.related(line, "this line is not understood");
        }
        // Which of its ports lead to nodes, no config says.
        finding.help("add it with all ports that lead to nodes, the link to the other switch among them");
    });
}

/// A switch that cannot hold the entry of a cluster that its config shows: NLB507.
pub(super) fn platform_refuses(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for sighting in estate.sightings().iter().filter(|at| at.mode == Mode::Multicast && at.cluster.is_none())
    {
        let config = &estate.configs[sighting.config];
        let Some(fact) = config.facts().static_multicast_mac().filter(|fact| fact.value == PortCount::None)
        else {
            continue;
        };
        if config.device.is_some() || !told.insert(sighting.config) {
            continue;
        }
        let likely = is_likely(fact);
        let message = format!(
            "`{}` ({}) {}holds no static entry of a multicast MAC: frames to `{}` flood it",
            quoted(&config.name),
            config.platform_name().unwrap_or(config.pack.name()),
            if likely { "likely " } else { "" },
            format(sighting.mac, config.pack.mac)
        );
        let entries = sighting.macs.iter().map(|seen| &seen.entry);
        let entry = entries.chain(sighting.arps.iter().map(|arp| &arp.entry)).next();
        let finding = findings.report(
            &PLATFORM_REFUSES_STATIC_MAC,
            entry.and_then(|entry| config.span_of(entry)),
            message,
        );
        finding.switch(config.name.clone());
        if likely {
            finding.severity(Severity::Warning);
        }
        finding.help("attach the nodes to another switch, or give the cluster a VLAN of its own");
    }
}

/// Whether frames for the cluster go to every port of the VLAN on this switch. A plain multicast cluster that does so for
/// want of an entry is NLB501's.
fn floods(placed: &Placed<'_>) -> bool {
    let facts = placed.config.facts();
    let binds_one_port = facts.unicast_arp_binds_one_port().is_some_and(|fact| fact.value);
    placed.entry().is_none()
        && match placed.mode {
            Mode::Unicast => !binds_one_port,
            Mode::Multicast => false,
            Mode::IgmpMulticast => facts.lookup() == Lookup::Ip,
        }
}

/// A cluster whose flood another one gets: NLB519.
pub(super) fn vlan_shared(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let mut sharing: BTreeMap<_, Vec<&Placed<'_>>> = BTreeMap::new();
    for at in placed.iter().filter(|at| at.cluster.is_none() && at.config.device.is_none()) {
        sharing.entry((at.config.file, at.vlan)).or_default().push(at);
    }
    for ((_, vlan), clusters) in sharing {
        let Some(flooding) = clusters.iter().find(|at| floods(at)) else { continue };
        let others: Vec<_> = clusters.iter().filter(|at| at.mac != flooding.mac).collect();
        let Some(first) = others.first() else { continue };
        let shared_with = match others.len() {
            1 => first.title(estate),
            more => format!("{} and {} more", first.title(estate), more - 1),
        };
        let message = format!(
            "frames for {} {} flood VLAN {vlan}, which is {shared_with}'s too",
            flooding.mode.title(),
            flooding.title(estate)
        );
        let finding = findings.report(&SHARED_VLAN, line_of(estate, flooding), message);
        finding.switch(flooding.config.name.clone());
        for other in others.iter().take(MOST_RELATED) {
            if let Some(line) = line_of(estate, other) {
                finding.related(line, "another cluster in the same VLAN");
            }
        }
        finding.help("give each cluster a VLAN of its own");
    }
}

/// The first entry by which the config shows the cluster.
fn line_of(estate: &Estate<'_>, placed: &Placed<'_>) -> Option<Span> {
    let config = placed.config;
    let here = |at: &&Sighting| estate.configs[at.config].file == config.file && at.mac == placed.mac;
    let sighting = estate.sightings().iter().find(here)?;
    let macs = sighting.macs.iter().map(|seen| &seen.entry);
    macs.chain(sighting.arps.iter().map(|arp| &arp.entry)).find_map(|entry| config.span_of(entry))
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    fn gateway(own: u8, shared: &str, lines: &str) -> String {
        format!("interface Vlan10\n ip address 172.31.1.{own} 255.255.255.0\n{shared}!\n{lines}")
    }

    /// The findings of this code in two gateways of a subnet.
    fn pair(code: &str, shared: [&str; 2], lines: [&str; 2]) -> Vec<String> {
        let (first, second) = (gateway(2, shared[0], lines[0]), gateway(3, shared[1], lines[1]));
        let found = alone(&[("a.cfg", "cisco-ios", &first), ("b.cfg", "cisco-ios", &second)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn a_gateway_without_the_entry_that_its_partner_has_floods() {
        let arp = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        let entry = format!("{arp}mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n");
        let hsrp = " standby 10 ip 172.31.1.1\n";
        let told = |likely: &str| {
            [format!(
                "NLB501 warning b.cfg:2: `b` {likely}has no static MAC entry for cluster `03:bf:ac:1f:01:e8`, as `a` has: its frames flood VLAN 10"
            )]
        };
        assert_eq!(pair("NLB501", [hsrp, hsrp], [&entry, arp]), told(""));
        assert_eq!(pair("NLB501", ["", ""], [&entry, arp]), told("likely "));
        let doubt = format!("{arp}mac address-table static 03bf.ac1f.01e8 vlan 9999 interface Gi1/0/1\n");
        assert_eq!(pair("NLB501", [hsrp, hsrp], [&entry, &doubt]), told("likely "));
        for (shared, lines) in [
            ([hsrp, hsrp], [entry.as_str(), entry.as_str()]),
            ([hsrp, hsrp], [arp, arp]),
            ([hsrp, " standby 10 ip 172.31.1.254\n"], [&entry, arp]), // another site
        ] {
            assert_eq!(pair("NLB501", shared, lines), NONE, "{lines:?}");
        }
        let unicast = entry.replace("03bf", "02bf");
        assert_eq!(pair("NLB501", [hsrp, hsrp], [&unicast, &arp.replace("03bf", "02bf")]), NONE);
    }

    #[test]
    fn clusters_that_share_a_flood_are_told() {
        let found = |lines: &str| {
            let found = alone(&[("a.cfg", "cisco-ios", &gateway(2, "", lines))]);
            found.into_iter().filter(|finding| finding.starts_with("NLB519")).collect::<Vec<_>>()
        };
        let unicast = "arp 172.31.1.232 02bf.ac1f.01e8 ARPA\n";
        let other = "arp 172.31.1.240 03bf.ac1f.01f0 ARPA\n";
        assert_eq!(
            found(&format!("{unicast}{other}")),
            [
                "NLB519 warning a.cfg:4: frames for unicast cluster `02:bf:ac:1f:01:e8` flood VLAN 10, which is cluster `03:bf:ac:1f:01:f0`'s too"
            ]
        );
        assert_eq!(found(unicast), NONE);
        assert_eq!(found(&format!("{other}arp 172.31.1.241 03bf.ac1f.01f1 ARPA\n")), NONE);
        let pinned = "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Gi1/0/2\n";
        assert_eq!(found(&format!("{unicast}{other}{pinned}")), NONE, "the entry holds the frames here");
    }

    #[test]
    fn a_model_that_the_config_names_may_hold_no_such_entry() {
        let text = |model: &str| {
            format!(
                "stack-unit 0 provision {model}\n\
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Te 0/1,Te 0/2\n"
            )
        };
        let refused = |text: &str| {
            let found = alone(&[("sw1.cfg", "dell-force10", text)]);
            found.into_iter().filter(|finding| finding.starts_with("NLB507")).collect::<Vec<_>>()
        };
        assert_eq!(
            refused(&text("I/O-Aggregator")),
            [
                "NLB507 error sw1.cfg:2: `sw1` (io-aggregator) holds no static entry of a multicast MAC: frames to `03:bf:ac:1f:01:e8` flood it"
            ]
        );
        assert_eq!(refused(&text("MXL-10/40GbE")), NONE);
        let mixed = format!("stack-unit 1 provision MXL-10/40GbE\n{}", text("I/O-Aggregator"));
        assert_eq!(refused(&mixed), NONE, "the members of the stack differ");
    }
}
