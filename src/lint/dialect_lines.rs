//! Lines that one dialect alone has: what they do to clusters.

use std::collections::BTreeSet;

use super::cure::give_setting;
use super::membership::{Fault, Placed, faults, lookup_in, placed};
use super::words::Mender;
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Key, Subject, Unregistered, Value};
use crate::net::mac;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::render::Step;
use crate::source::Span;
use crate::vendor::{Lookup, PortCount};

pub(super) const RULES: &[Rule] = &[
    UNREGISTERED_MULTICAST_DROPPED,
    MULTICAST_FILTERING_OFF,
    NEXUS_LOOKUP_BY_IP,
    FTOS_ARP_PORT,
    FTOS_VLAN_FLOODING_GLOBAL,
    FTOS_KEYWORD,
    MARVELL_GROUP_MODE,
];

/// Multicast that no entry knows is dropped at a node.
const UNREGISTERED_MULTICAST_DROPPED: Rule = Rule {
    code: Code(517),
    name: "unregistered-multicast-dropped",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB517.md"),
    check: unregistered_multicast_dropped,
};

/// Whether multicast filtering is on, where it must be for what rests on it to act.
fn filters(placed: &Placed<'_>) -> bool {
    let prerequisites = &placed.config.pack.prerequisites;
    let rests = prerequisites.iter().any(|one| one.asks_for(EntryKind::MulticastFiltering));
    let on = placed.config.state.get(&Key::MulticastFiltering);
    !rests || matches!(on, Some(Entry::MulticastFiltering { enabled: true }))
}

/// Where the port drops the frames of a cluster that no entry leads to it.
pub(super) fn dropped_at(placed: &Placed<'_>, port: &PortName) -> Option<Span> {
    // Where the entry holds heartbeats alone, only a router port gets clients' frames all the same.
    let led = match placed.config.facts().static_mac_ports() {
        PortCount::NonIp => {
            placed.config.state.flag(EntryKind::RouterPort, &Subject::Port(port.clone())) == Some(true)
        }
        _ => matches!(placed.entry(), Some(Entry::StaticMac { ports, .. }) if ports.contains(port)),
    };
    if placed.mode == Mode::Unicast || led || !filters(placed) {
        return None;
    }
    let entry = placed.config.state.get(&Key::UnregisteredMulticast { port: port.clone() })?;
    let drops = matches!(entry, Entry::UnregisteredMulticast { action: Unregistered::Drop, .. });
    drops.then(|| placed.config.span_of(entry)).flatten()
}

fn unregistered_multicast_dropped(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let placed = placed(estate);
    for fault in faults(&placed, dropped_at) {
        let reported = fault.clusters.iter().all(|placed| placed.mode == Mode::IgmpMulticast);
        let message = format!(
            "{} {} multicast that no entry knows, as are the frames of {}{}",
            fault.ports_text(),
            if fault.ports.len() == 1 { "drops" } else { "drop" },
            fault.clusters_text(estate),
            if reported { " until its nodes have reported" } else { "" }
        );
        let finding = findings.report(&UNREGISTERED_MULTICAST_DROPPED, fault.span, message);
        fault.tell(estate, finding);
        if reported {
            finding.severity(Severity::Warning);
        }
        finding
            .help("bind the cluster's MAC to the ports of its nodes, or forward unregistered multicast here");
        let config = fault.clusters[0].config;
        let steps = entries_planned(estate, &fault).unwrap_or_else(|| forwarding(&fault));
        mender.on_config(config, &config.name, finding, &steps);
    }
}

/// The static MAC entries that the plan has for the clusters at fault, where it has one for each.
fn entries_planned(estate: &Estate<'_>, fault: &Fault<'_, '_>) -> Option<Vec<Step>> {
    let config = fault.clusters[0].config;
    if config.facts().static_mac_ports() == PortCount::NonIp {
        return None; // it would lead heartbeats there, and no client's frames
    }
    let planned = fault.clusters.iter().map(|placed| {
        let needs = &estate.device(placed.config.device?).needs;
        let key = Key::StaticMac { vlan: placed.vlan, mac: placed.mac };
        let need = needs.iter().find(|need| need.entry.key() == key)?;
        Some(Step { old: placed.config.state.get(&key).cloned(), new: Some(need.entry.clone()) })
    });
    planned.collect()
}

/// What lets the ports at fault forward multicast that no entry knows.
fn forwarding(fault: &Fault<'_, '_>) -> Vec<Step> {
    let state = &fault.clusters[0].config.state;
    let forward = |port: &PortName| {
        let key = Key::UnregisteredMulticast { port: port.clone() };
        let action = Unregistered::Flood;
        let new = Some(Entry::UnregisteredMulticast { port: port.clone(), action });
        Step { old: state.get(&key).cloned(), new }
    };
    fault.ports.iter().map(forward).collect()
}

/// An entry that does nothing while filtering is off.
const MULTICAST_FILTERING_OFF: Rule = Rule {
    code: Code(518),
    name: "multicast-filtering-off",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB518.md"),
    check: multicast_filtering_off,
};

fn multicast_filtering_off(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut told = BTreeSet::new();
    for placed in placed(estate) {
        let (config, entry) = (placed.config, placed.entry());
        let Some(entry) = entry.filter(|_| placed.mode != Mode::Unicast && !filters(&placed)) else {
            continue;
        };
        if !told.insert(config.file) {
            continue;
        }
        let message = format!(
            "multicast filtering is off: the static MAC entry of {} does nothing, and its frames flood VLAN {}",
            placed.title(estate),
            placed.vlan
        );
        let finding = findings.report(&MULTICAST_FILTERING_OFF, config.span_of(entry), message);
        placed.tell(estate, finding);
        finding.help("switch multicast filtering on for the switch");
        mender.exchange(config, finding, &[], &[Entry::MulticastFiltering { enabled: true }]);
    }
}

/// A VLAN whose multicast is looked up by IP, although the switch could look it up by MAC.
const NEXUS_LOOKUP_BY_IP: Rule = Rule {
    code: Code(701),
    name: "nexus-lookup-by-ip",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB701.md"),
    check: nexus_lookup_by_ip,
};

/// Whether the pack of the config has words by which a VLAN is told to look multicast up by MAC.
pub(super) fn can_look_up_by_mac(config: &ConfigFile<'_>) -> bool {
    config.pack.writes.contains(&EntryKind::MulticastLookup)
}

fn nexus_lookup_by_ip(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for placed in placed(estate).iter().filter(|placed| placed.mode != Mode::Unicast) {
        let config = placed.config;
        let (lookup, stated) = lookup_in(config, placed.vlan);
        if lookup == Lookup::Mac || !can_look_up_by_mac(config) || !told.insert((config.file, placed.vlan)) {
            continue;
        }
        let certain = lookup == Lookup::Ip;
        let message = format!(
            "VLAN {} {}looks multicast up by IP: frames to {} match no group, for their IP is none",
            placed.vlan,
            if certain { "" } else { "likely " },
            placed.title(estate)
        );
        let entry = placed.entry().and_then(|entry| config.span_of(entry));
        let arp = || {
            config.state.entries().find(|entry| is_arp_of(entry, placed)).and_then(|arp| config.span_of(arp))
        };
        let stated = stated.and_then(|(kind, of)| config.span_of_setting(kind, &of));
        let span = stated.or(entry).or_else(arp);
        let finding = findings.report(&NEXUS_LOOKUP_BY_IP, span, message);
        placed.tell(estate, finding);
        finding
            .help(format!("add `layer-2 multicast lookup mac` under `vlan configuration {}`", placed.vlan));
        let (of, value) = (Subject::Vlan(placed.vlan), Value::Word("mac".to_owned()));
        give_setting(config, finding, EntryKind::MulticastLookup, of, value);
    }
}

fn is_arp_of(entry: &Entry, placed: &Placed<'_>) -> bool {
    matches!(entry, Entry::StaticArp { mac, .. } if *mac == placed.mac)
}

/// A static ARP whose port the static MAC entry does not have.
const FTOS_ARP_PORT: Rule = Rule {
    code: Code(703),
    name: "ftos-arp-port",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB703.md"),
    check: ftos_arp_port,
};

fn ftos_arp_port(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        if !config.pack.static_arp_names_port || sighting.macs.is_empty() {
            continue;
        }
        let ports = sighting.all_ports();
        for arp in &sighting.arps {
            let Entry::StaticArp { port: Some(port), ip, .. } = &arp.entry else { continue };
            if ports.contains(port) {
                continue;
            }
            let message = format!(
                "the static ARP of `{ip}` names `{port}`, which the static MAC entry of `{}` does not lead to",
                sighting.mac.to_string().to_lowercase()
            );
            let finding = findings.report(&FTOS_ARP_PORT, config.span_of(&arp.entry), message);
            finding.switch(config.name.clone());
            if let Some(at) = sighting.cluster {
                finding.cluster(estate.design().clusters[at].name.to_string());
            }
            if let Some(span) = sighting.macs.first().and_then(|seen| config.span_of(&seen.entry)) {
                finding.related(span, "the static MAC entry");
            }
            finding.help("name one of the entry's ports");
            let mut mended = arp.entry.clone();
            if let (Entry::StaticArp { port, .. }, Some(first)) = (&mut mended, ports.first()) {
                *port = Some(first.clone());
                mender.exchange(config, finding, std::slice::from_ref(&arp.entry), &[mended]);
            }
        }
    }
}

/// A flood of every VLAN that no cluster needs.
const FTOS_VLAN_FLOODING_GLOBAL: Rule = Rule {
    code: Code(704),
    name: "ftos-vlan-flooding-global",
    severity: Severity::Info,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB704.md"),
    check: ftos_vlan_flooding_global,
};

fn ftos_vlan_flooding_global(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    for config in &estate.configs {
        let Some(entry @ Entry::VlanFlooding { enabled: true }) = config.state.get(&Key::VlanFlooding) else {
            continue;
        };
        let here = || placed.iter().filter(|placed| placed.config.file == config.file);
        let Some(pinned) = here().find(|placed| placed.mode != Mode::Unicast) else { continue };
        let needed = here().any(|placed| placed.mode == Mode::Unicast);
        let message = format!(
            "`ip vlan-flooding` counts for every VLAN, and {} {}",
            pinned.title(estate),
            if needed { "shares the switch with a unicast cluster" } else { "does not need it" }
        );
        let finding = findings.report(&FTOS_VLAN_FLOODING_GLOBAL, config.span_of(entry), message);
        pinned.tell(estate, finding);
        if !needed {
            finding.severity(Severity::Warning);
        }
        finding.help("leave it out where no cluster is in unicast mode: static entries do for the others");
    }
}

/// A keyword that the switch does not take.
const FTOS_KEYWORD: Rule = Rule {
    code: Code(706),
    name: "ftos-keyword",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB706.md"),
    check: ftos_keyword,
};

fn ftos_keyword(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        for seen in &sighting.macs {
            let Some(fact) = config.reading.origin(&seen.entry) else { continue };
            if !fact.spelling.pattern.text().contains("range-output") {
                continue;
            }
            let mac = mac::format(sighting.mac, config.pack.mac);
            let message = format!(
                "the switch likely does not take the entry of `{mac}`: its word is `output-range`, not `range-output`"
            );
            let finding = findings.report(&FTOS_KEYWORD, fact.span(config.file), message);
            finding.switch(config.name.clone());
            if let Some(at) = sighting.cluster {
                finding.cluster(estate.design().clusters[at].name.to_string());
            }
            finding.help("write `output-range` in front of the ports");
            // The switch likely never took the line: there is nothing to take back.
            mender.exchange(config, finding, &[], std::slice::from_ref(&seen.entry));
        }
    }
}

/// Groups kept by IP where NLB's frames carry none.
const MARVELL_GROUP_MODE: Rule = Rule {
    code: Code(708),
    name: "marvell-group-mode",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB708.md"),
    check: marvell_group_mode,
};

fn marvell_group_mode(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for placed in placed(estate).iter().filter(|placed| placed.mode != Mode::Unicast) {
        let places = [Subject::Vlan(placed.vlan), Subject::Switch];
        let mode = places.iter().find_map(|of| {
            let mode = placed.config.state.word(EntryKind::MulticastMode, of)?;
            Some((mode, placed.config.span_of_setting(EntryKind::MulticastMode, of)?))
        });
        let Some((mode, span)) = mode.filter(|(mode, _)| mode.starts_with("ipv4")) else { continue };
        if !told.insert(span) {
            continue;
        }
        let message = format!(
            "VLAN {} keeps multicast groups by IP (`{mode}`): frames to {} match none, for their IP is no group",
            placed.vlan,
            placed.title(estate)
        );
        let finding = findings.report(&MARVELL_GROUP_MODE, span, message);
        placed.tell(estate, finding);
        finding.help("use `bridge multicast mode mac-group` in the cluster's VLAN");
        let (of, value) = (Subject::Vlan(placed.vlan), Value::Word("mac-group".to_owned()));
        give_setting(placed.config, finding, EntryKind::MulticastMode, of, value);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, design, findings, found};

    fn powerconnect(text: &str) -> Vec<String> {
        alone(&[("sw1.cfg", "dell-powerconnect-5400", text)])
    }

    fn force10(text: &str) -> Vec<String> {
        alone(&[("sw1.cfg", "dell-force10", text)])
    }

    const ENTRY: &str =
        "interface vlan 10\nbridge multicast address 03:bf:ac:1f:01:e8 add ethernet g1\nexit\n";

    #[test]
    fn a_port_that_drops_the_unknown_needs_the_entry() {
        let design = |mode: &str, config: &str| {
            let text = format!(
                "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10, nodes: [{{name: n, attach: sw1 g1}}]}}]\n\
                 switches: [{{name: sw1, vendor: powerconnect, config: sw1.cfg, querier: true}}]\n"
            );
            let found = found(&text, &[("sw1.cfg", config)]);
            found.into_iter().filter(|finding| !finding.starts_with("NLB6")).collect::<Vec<_>>()
        };
        let drops = "bridge multicast filtering\ninterface ethernet g1\nbridge multicast unregistered filtering\nexit\n";
        assert_eq!(
            design("multicast", drops),
            ["NLB517 error 3: `g1` drops multicast that no entry knows, as are the frames of cluster `web`"]
        );
        assert_eq!(
            design("igmp-multicast", drops),
            [
                "NLB517 warning 3: `g1` drops multicast that no entry knows, as are the frames of cluster `web` until its nodes have reported"
            ]
        );
        assert_eq!(design("multicast", &(drops.to_owned() + ENTRY)), NONE);
        assert_eq!(design("unicast", drops), NONE);
    }

    #[test]
    fn an_entry_needs_filtering_where_the_pack_says_so() {
        assert_eq!(
            powerconnect(ENTRY),
            [
                "NLB518 warning sw1.cfg:2: multicast filtering is off: the static MAC entry of cluster `03:bf:ac:1f:01:e8` does nothing, and its frames flood VLAN 10"
            ]
        );
        assert_eq!(powerconnect(&format!("bridge multicast filtering\n{ENTRY}")), NONE);
        let catalyst = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        assert_eq!(alone(&[("sw1.cfg", "cisco-ios", catalyst)]), NONE);
    }

    #[test]
    fn groups_are_kept_by_mac() {
        let text = |mode: &str| {
            powerconnect(&format!(
                "bridge multicast filtering\n{}",
                ENTRY.replace("exit", &format!("bridge multicast mode {mode}\nexit"))
            ))
        };
        assert_eq!(
            text("ipv4-group"),
            [
                "NLB708 error sw1.cfg:4: VLAN 10 keeps multicast groups by IP (`ipv4-group`): frames to cluster `03:bf:ac:1f:01:e8` match none, for their IP is no group"
            ]
        );
        assert_eq!(text("mac-group"), NONE);
    }

    #[test]
    fn igmp_mode_is_not_advised_where_groups_are_kept_by_ip() {
        let codes = |mode: &str, cluster: &str| {
            let config = format!(
                "bridge multicast filtering\nip igmp snooping\nip igmp snooping vlan 10\n\
                 ip igmp snooping vlan 10 querier\ninterface vlan 10\nbridge multicast mode {mode}\n\
                 bridge multicast address 03:bf:ac:1f:01:e8 add gi1\n\
                 bridge multicast address 01:00:5e:7f:01:e8 add gi1\nexit\n"
            );
            let text = design("{name: n, attach: sw1 gi1}", "")
                .replace("mode: multicast", &format!("mode: {cluster}"))
                + "switches: [{name: sw1, vendor: cisco-small-business, platform: sg350, config: sw1.cfg}]\n";
            let found = findings(&text, &[("sw1.cfg", &config)]).into_iter();
            let ours = found.map(|(finding, _)| finding.code.0).filter(|code| [205, 605, 708].contains(code));
            ours.collect::<Vec<_>>()
        };
        assert_eq!(codes("ipv4-group", "multicast"), [708]);
        assert_eq!(codes("ipv4-src-group", "igmp-multicast"), [708]);
        assert_eq!(codes("mac-group", "multicast"), [205]);
        assert_eq!(codes("mac-group", "igmp-multicast"), [0; 0]);
    }

    #[test]
    fn a_nexus_vlan_looks_up_by_mac() {
        let entry = "mac address-table multicast 03bf.ac1f.01e8 vlan 10 interface Ethernet1/1\n";
        let nexus = |lines: &str| {
            let found = alone(&[("sw1.cfg", "cisco-nxos", &format!("{lines}{entry}"))]);
            found.into_iter().filter(|finding| finding.starts_with("NLB7")).collect::<Vec<_>>()
        };
        let told = |line: usize, likely: &str| {
            vec![format!(
                "NLB701 warning sw1.cfg:{line}: VLAN 10 {likely}looks multicast up by IP: frames to cluster `03:bf:ac:1f:01:e8` match no group, for their IP is none"
            )]
        };
        assert_eq!(nexus(""), told(1, "likely "));
        assert_eq!(nexus("vlan configuration 10\n  layer-2 multicast lookup ip\n"), told(2, ""));
        assert_eq!(nexus("vlan configuration 10-12\n  layer-2 multicast lookup mac\n"), NONE);
    }

    const STATIC: &str =
        "mac-address-table static 03:bf:0a:01:0a:32 multicast vlan 10 output-range Te 0/1,Te 0/2\n";

    #[test]
    fn the_port_of_the_arp_is_one_of_the_entry() {
        let text = |port: &str| {
            force10(&format!(
                "interface Vlan 10\n ip address 10.1.10.1/24\n!\narp 10.1.10.50 03:bf:0a:01:0a:32 {port}\n{STATIC}"
            ))
        };
        assert_eq!(
            text("Te 0/3"),
            [
                "NLB703 error sw1.cfg:4: the static ARP of `10.1.10.50` names `TenGigabitEthernet0/3`, which the static MAC entry of `03:bf:0a:01:0a:32` does not lead to"
            ]
        );
        assert_eq!(text("Te 0/2"), NONE);
    }

    #[test]
    fn flooding_of_every_vlan_is_told_beside_static_entries() {
        assert_eq!(
            force10(&format!("ip vlan-flooding\n{STATIC}")),
            [
                "NLB704 warning sw1.cfg:1: `ip vlan-flooding` counts for every VLAN, and cluster `03:bf:0a:01:0a:32` does not need it"
            ]
        );
        assert_eq!(force10(STATIC), NONE);
        assert_eq!(force10("ip vlan-flooding\n"), NONE);
    }

    #[test]
    fn the_keyword_is_output_range() {
        assert_eq!(
            force10(&STATIC.replace("output-range", "range-output")),
            [
                "NLB706 warning sw1.cfg:1: the switch likely does not take the entry of `03:bf:0a:01:0a:32`: its word is `output-range`, not `range-output`"
            ]
        );
    }
}
