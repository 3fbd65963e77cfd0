//! Static MAC entries that switches lack, or whose ports are not all there, as their configs show it without a design.
//!
//! Two configs belong together only where they serve one subnet and neither looks like another site's. What the wires
//! between switches are no config says, but for the link between the two peers of a vPC, an MLAG or a VLT.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::layer2::{MISSING_STATIC_MAC, PLATFORM_REFUSES_STATIC_MAC};
use super::layer2_ports::{STATIC_MAC_MISSING_LINK, STATIC_MAC_MISSING_PORT};
use super::routing::is_shut;
use super::words::{Mender, is_likely, listed};
use super::{ConfigFile, Estate, Findings, SeenMac, Sighting};
use crate::diagnostic::{Diagnostic, Severity, quoted};
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::net::mac::format;
use crate::net::port::PortName;
use crate::nlb::{Mode, decode};
use crate::source::Span;
use crate::vendor::PortCount;

/// The addresses that lead to the cluster of a sighting: those bound to its MAC, else the one it was made of.
fn addresses(sighting: &Sighting) -> Vec<(Option<&str>, Ipv4Addr)> {
    let bound: Vec<_> = sighting.arps.iter().map(|arp| (arp.vrf.as_deref(), arp.ip)).collect();
    match bound.is_empty() {
        true => decode(sighting.mac).ip().map(|ip| (None, ip)).into_iter().collect(),
        false => bound,
    }
}

/// Another switch in the VLAN of an entry.
struct Neighbour {
    config: usize,
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
fn for_each_entry<'e>(estate: &'e Estate<'e>, mut act: impl FnMut(&'e Sighting, &'e SeenMac, &Neighbour)) {
    for sighting in estate.sightings().iter().filter(|at| at.cluster.is_none() && at.mode != Mode::Unicast) {
        if estate.configs[sighting.config].device.is_some() {
            continue;
        }
        for seen in &sighting.macs {
            neighbours(estate, sighting, seen).iter().for_each(|neighbour| act(sighting, seen, neighbour));
        }
    }
}

fn title(sighting: &Sighting) -> String {
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
            || matches!(config.facts().static_mac_ports(), PortCount::None | PortCount::Software)
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

/// The link to the peer, where the config has one.
fn peer_link(config: &ConfigFile<'_>) -> Option<PortName> {
    config.state.settings(EntryKind::PeerLink).find_map(|(of, value)| match (of, value) {
        (Subject::Port(port), Value::Flag(true)) => Some(port.clone()),
        _ => None,
    })
}

/// The port-channels that reach over both peers, by the number both know them by.
fn shared_channels(config: &ConfigFile<'_>) -> BTreeMap<u32, PortName> {
    let settings = config.state.settings(EntryKind::MultiChassisLag);
    let shared = settings.filter_map(|(of, value)| match (of, value) {
        (Subject::Port(port), Value::Number(number)) => Some((*number, port.clone())),
        _ => None,
    });
    shared.collect()
}

/// What an entry on one of two peers leaves out, as the entry on the other shows.
struct LeftOut<'e> {
    entry: &'e Entry,
    /// Its ends of what reaches over both peers.
    channels: BTreeSet<PortName>,
    /// The link to the peer, behind which alone some nodes are.
    link: Option<PortName>,
}

impl LeftOut<'_> {
    fn mended(&self) -> Entry {
        let held = self.entry.ports().into_iter().flatten();
        let ports = held.chain(&self.channels).chain(&self.link).cloned().collect();
        self.entry.with_ports(ports)
    }
}

/// What the entry of the same MAC on the neighbour leaves out, when the two are peers.
fn left_out<'e>(
    estate: &'e Estate<'e>,
    sighting: &Sighting,
    seen: &SeenMac,
    neighbour: &Neighbour,
) -> Option<LeftOut<'e>> {
    let (config, holder) = (&estate.configs[neighbour.config], &estate.configs[sighting.config]);
    let (link, own_link) = (peer_link(config)?, peer_link(holder)?);
    let key = Key::StaticMac { vlan: seen.vlan, mac: sighting.mac };
    let entry @ Entry::StaticMac { ports, .. } = config.state.get(&key)? else { return None };
    let (theirs, ours) = (shared_channels(config), shared_channels(holder));
    let pinned = ours.iter().filter(|(_, port)| seen.ports.contains(port));
    let channels = pinned.filter_map(|(number, _)| theirs.get(number)).filter(|port| !ports.contains(port));
    let channels = channels.cloned().collect();
    let alone = |port: &&PortName| **port != own_link && !ours.values().any(|shared| shared == *port);
    let beyond = seen.ports.iter().any(|port| alone(&port));
    let link = Some(link).filter(|link| beyond && !ports.contains(link));
    Some(LeftOut { entry, channels, link })
}

/// Reports what is left out, with the lines that put it in.
fn report_left_out<'f>(
    estate: &Estate<'_>,
    findings: &'f mut Findings,
    (sighting, seen, neighbour): (&Sighting, &SeenMac, &Neighbour),
    left_out: &LeftOut<'_>,
    (rule, message): (&super::Rule, String),
    mender: &Mender,
) -> &'f mut Diagnostic {
    let (config, holder) = (&estate.configs[neighbour.config], &estate.configs[sighting.config]);
    let finding = findings.report(rule, config.span_of(left_out.entry), message);
    finding.severity(Severity::Warning).switch(config.name.clone());
    if let Some(line) = holder.span_of(&seen.entry) {
        finding.related(line, format!("the entry of its peer `{}`", quoted(&holder.name)));
    }
    mender.exchange(config, finding, std::slice::from_ref(left_out.entry), &[left_out.mended()]);
    finding
}

/// A port-channel over two peers that one of them pins and the other does not: NLB502.
pub(super) fn channel_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_entry(estate, |sighting, seen, neighbour| {
        let Some(out) = left_out(estate, sighting, seen, neighbour) else { return };
        if out.channels.is_empty() {
            return;
        }
        let message = format!(
            "the static MAC entry of {} likely leaves out {}, which `{}` has from its side",
            title(sighting),
            listed(&out.channels),
            quoted(&estate.configs[sighting.config].name)
        );
        let about = (sighting, seen, neighbour);
        let rule = (&STATIC_MAC_MISSING_PORT, message);
        report_left_out(estate, findings, about, &out, rule, &mender)
            .help("name the port-channel on both peers: either may get the frames");
    });
}

/// Nodes behind one of two peers, and no way to them in the entry of the other: NLB503.
pub(super) fn link_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_entry(estate, |sighting, seen, neighbour| {
        let Some(out) = left_out(estate, sighting, seen, neighbour) else { return };
        let Some(link) = &out.link else { return };
        let message = format!(
            "the static MAC entry of {} likely leaves out the peer link `{link}`: nodes behind `{}` alone get nothing from here",
            title(sighting),
            quoted(&estate.configs[sighting.config].name)
        );
        let about = (sighting, seen, neighbour);
        let rule = (&STATIC_MAC_MISSING_LINK, message);
        report_left_out(estate, findings, about, &out, rule, &mender)
            .help("list the peer link among the ports of the entry");
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

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, findings_alone};
    use crate::source::Sources;

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

    const PEERS: &str = "vlt domain 1\n peer-link port-channel 100\n!\ninterface Port-channel 5\n \
                         switchport\n vlt-peer-lag port-channel 5\n!\n";

    /// The findings of this code in two peers whose entries have these ports, with the lines that mend them.
    fn peers(code: u16, ports: [&str; 2]) -> Vec<String> {
        let text = |own: u8, ports: &str| {
            format!(
                "interface Vlan 10\n ip address 172.31.1.{own}/24\n!\n{PEERS}\
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range {ports}\n"
            )
        };
        let (first, second) = (text(2, ports[0]), text(3, ports[1]));
        let mut sources = Sources::new();
        let configs = [("a.cfg", "dell-force10", first.as_str()), ("b.cfg", "dell-force10", second.as_str())];
        let found = findings_alone(&configs, &mut sources);
        let ours = found.into_iter().filter(|(finding, _)| finding.code.0 == code);
        let shown = ours.map(|(finding, place)| {
            let lines = finding.remediation.map(|remedy| remedy.lines[0].clone()).unwrap_or_default();
            format!("{} {place}: {} / {lines}", finding.severity, finding.message)
        });
        shown.collect()
    }

    #[test]
    fn peers_pin_the_port_channel_that_reaches_over_both() {
        assert_eq!(
            peers(502, ["Po 5", "Te 0/9"]),
            [
                "warning b.cfg:11: the static MAC entry of cluster `03:bf:ac:1f:01:e8` likely leaves out `Port-channel5`, \
                 which `a` has from its side / \
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range TenGigabitEthernet 0/9,Port-channel 5"
            ]
        );
        assert_eq!(peers(502, ["Po 5", "Po 5"]), NONE);
    }

    #[test]
    fn nodes_behind_one_peer_are_reached_by_the_link_between_them() {
        assert_eq!(
            peers(503, ["Po 5,Te 0/9,Po 100", "Po 5"]),
            [
                "warning b.cfg:11: the static MAC entry of cluster `03:bf:ac:1f:01:e8` likely leaves out the peer link `Port-channel100`: \
                 nodes behind `a` alone get nothing from here / \
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Port-channel 5,Port-channel 100"
            ]
        );
        assert_eq!(peers(503, ["Po 5", "Po 5"]), NONE);
        assert_eq!(peers(503, ["Po 5,Te 0/9", "Po 5,Po 100"]), NONE);
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
