//! Models and releases as configs tell them, without a design.

use std::collections::BTreeMap;

use super::{FTOS_UNICAST_NEEDS_FLOODING, NEXUS9000_RELEASE, SOFTWARE_SWITCHED, is_likely};
use crate::diagnostic::Severity;
use crate::entry::{Entry, EntryKind, Key, Subject};
use crate::lint::routing::serves;
use crate::lint::words::{MOST_RELATED, Mender, cluster_of, config_text, doubtful_line_in, listed};
use crate::lint::{ConfigFile, Estate, Findings, SeenArp, Sighting};
use crate::net::mac::format;
use crate::nlb::Mode;
use crate::vendor::{PortCount, Release, UnicastProvision};

/// The clusters that a config without a design routes to by static ARP, by the config, each with the first entry.
fn routed<'e>(
    estate: &'e Estate<'_>,
    wanted: impl Fn(&ConfigFile<'_>, &Sighting) -> bool,
) -> BTreeMap<usize, Vec<(&'e Sighting, &'e SeenArp)>> {
    let mut found: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        if config.device.is_some() || !wanted(config, sighting) {
            continue;
        }
        if let Some(arp) = sighting.arps.iter().find(|arp| serves(estate, sighting, arp)) {
            found.entry(sighting.config).or_default().push((sighting, arp));
        }
    }
    found
}

/// ``cluster `03bf.0a00.0001` ``, ``clusters `03bf.0a00.0001` and `03bf.0a00.0002` ``.
fn names(config: &ConfigFile<'_>, clusters: &[(&Sighting, &SeenArp)]) -> String {
    match clusters {
        [(one, _)] => cluster_of(config, one.mac),
        _ => format!("clusters {}", listed(clusters.iter().map(|(at, _)| format(at.mac, config.pack.mac)))),
    }
}

/// A Nexus 9000 that routes to multicast clusters, in a release that cannot or in one that nobody knows.
pub(super) fn old_release(estate: &Estate<'_>, findings: &mut Findings) {
    let multicast = |config: &ConfigFile<'_>, sighting: &Sighting| {
        let is_nexus = (config.pack.name(), config.platform_name()) == ("cisco-nxos", Some("nexus-9000"));
        is_nexus && sighting.mode != Mode::Unicast
    };
    for (number, clusters) in routed(estate, multicast) {
        let config = &estate.configs[number];
        let facts = config.facts();
        let Some(since) = facts.multicast_since() else { continue };
        let Some(first) = Release::parse(since.value.as_str()) else { continue };
        let stated = config.state.word(EntryKind::Release, &Subject::Switch);
        let known = stated.and_then(Release::parse);
        let (named, what) = (config_text(config), names(config, &clusters));
        let (message, severity, help) = match (stated, known) {
            (_, Some(known)) if known >= first => continue,
            (Some(stated), Some(_)) => (
                format!(
                    "{named} does not route to multicast {what} in release {}: that takes {} or later",
                    crate::diagnostic::quoted(stated),
                    since.value
                ),
                if is_likely(since) { Severity::Warning } else { Severity::Error },
                "upgrade it, or let another device route the VLAN",
            ),
            _ => (
                format!(
                    "{named} routes to multicast {what} from release {} on, and its own is not {}",
                    since.value,
                    if stated.is_some() { "understood" } else { "in the config" }
                ),
                Severity::Warning,
                "look at `show version`, or describe the switch in a design with its `version`",
            ),
        };
        let line = config.span_of_setting(EntryKind::Release, &Subject::Switch);
        let arps = || clusters.iter().filter_map(|(_, arp)| config.span_of(&arp.entry));
        let finding = findings.report(&NEXUS9000_RELEASE, line.or(arps().next()), message);
        finding.severity(severity).switch(config.name.clone()).help(help);
        for arp in arps().filter(|arp| finding.span != Some(*arp)).take(MOST_RELATED).collect::<Vec<_>>() {
            finding.related(arp, "a cluster that it routes to");
        }
    }
}

/// A Force10 gateway that ties a unicast cluster to one port.
pub(super) fn unicast_without_flooding(estate: &Estate<'_>, findings: &mut Findings) {
    let tied = |config: &ConfigFile<'_>, sighting: &Sighting| {
        let facts = config.facts();
        let provision =
            facts.unicast_provision().is_some_and(|fact| fact.value == UnicastProvision::VlanFlooding);
        let binds = facts.unicast_arp_binds_one_port().is_some_and(|fact| fact.value);
        let on = config.state.get(&Key::VlanFlooding) == Some(&Entry::VlanFlooding { enabled: true });
        provision && binds && !on && config.shows(EntryKind::VlanFlooding) && sighting.mode == Mode::Unicast
    };
    let mender = Mender::default();
    for (number, clusters) in routed(estate, tied) {
        let config = &estate.configs[number];
        let doubt = doubtful_line_in(config, EntryKind::VlanFlooding);
        // One port may lead to all nodes; only an entry with several shows that they are apart.
        let apart = clusters.iter().any(|(sighting, _)| sighting.all_ports().len() > 1);
        let certain = apart && doubt.is_none();
        let message = format!(
            "gateway {} {}lacks `ip vlan-flooding`: traffic to unicast {} reaches one port only",
            config_text(config),
            if certain { "" } else { "likely " },
            names(config, &clusters)
        );
        let mut lines = clusters.iter().filter_map(|(_, arp)| config.span_of(&arp.entry));
        let finding = findings.report(&FTOS_UNICAST_NEEDS_FLOODING, lines.next(), message);
        finding.switch(config.name.clone());
        for line in lines.take(MOST_RELATED) {
            finding.related(line, "another unicast cluster");
        }
        if let Some(line) = doubt {
            finding.related(line, "this line is not understood");
        }
        if !certain {
            finding.severity(Severity::Warning);
        }
        finding.help("add `ip vlan-flooding`, unless one port leads to all nodes; it counts for every VLAN of the switch");
        let held: Vec<Entry> = config.state.get(&Key::VlanFlooding).cloned().into_iter().collect();
        mender.exchange(config, finding, &held, &[Entry::VlanFlooding { enabled: true }]);
    }
}

/// A gateway that forwards the frames of clusters by its CPU.
pub(super) fn carried_by_the_cpu(estate: &Estate<'_>, findings: &mut Findings) {
    let carried = |config: &ConfigFile<'_>, sighting: &Sighting| {
        let facts = config.facts();
        let by_cpu = facts.software_switched().is_some_and(|fact| fact.value);
        let entries_too = facts.static_mac_ports() == PortCount::Software;
        match sighting.mode {
            Mode::Unicast => false,
            // Where entries with several ports are the trouble, a VLAN of its own without one is the cure.
            Mode::Multicast if entries_too => sighting.all_ports().len() > 1,
            Mode::Multicast => by_cpu && sighting.macs.is_empty(),
            Mode::IgmpMulticast => (by_cpu || entries_too) && asks(config, sighting),
        }
    };
    for (number, clusters) in routed(estate, carried) {
        let config = &estate.configs[number];
        let igmp = clusters.iter().any(|(sighting, _)| sighting.mode == Mode::IgmpMulticast);
        let pinned = clusters.iter().any(|(sighting, _)| !sighting.macs.is_empty());
        let message = format!(
            "gateway {} likely forwards the frames of {} by its CPU",
            config_text(config),
            names(config, &clusters)
        );
        let mut lines = clusters.iter().filter_map(|(_, arp)| config.span_of(&arp.entry));
        let finding = findings.report(&SOFTWARE_SWITCHED, lines.next(), message);
        finding.switch(config.name.clone());
        for line in lines.take(MOST_RELATED) {
            finding.related(line, "another cluster that it routes to");
        }
        finding.help(match (igmp, pinned) {
            (true, _) => "make a layer-2 switch of the VLAN the querier, and watch the CPU load",
            (false, true) => "keep to the static ARP in a VLAN of its own, and watch the CPU load",
            (false, false) => {
                "lead the frames through hardware by a static MAC entry with all ports to the nodes"
            }
        });
    }
}

/// Whether the switch is the querier in a VLAN of the cluster.
fn asks(config: &ConfigFile<'_>, sighting: &Sighting) -> bool {
    let querier = |vlan| config.state.get(&Key::IgmpQuerier { vlan }).is_some();
    let pim = |vlan: &u16| config.state.flag(EntryKind::Pim, &Subject::Svi(*vlan)) == Some(true);
    querier(None) || sighting.vlans.iter().any(|vlan| querier(Some(*vlan)) || pim(vlan))
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    fn ours(code: &str, pack: &str, text: &str) -> Vec<String> {
        let found = alone(&[("a.cfg", pack, text)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn the_config_of_a_nexus_9000_tells_its_release() {
        let text = |version: &str, mac: &str| {
            ours(
                "NLB702",
                "cisco-nxos",
                &format!(
                    "{version}boot nxos bootflash:/nxos.bin\ninterface Vlan10\n  ip address 10.0.0.254/24\n  ip arp 10.0.0.1 {mac}\n"
                ),
            )
        };
        let multicast = "03bf.0a00.0001";
        assert_eq!(text("version 9.3(5) Bios:version 05.42\n", multicast), NONE);
        assert_eq!(text("version 7.0(3)I7(8)\n", "02bf.0a00.0001"), NONE);
        assert_eq!(
            text("version 7.0(3)I7(8)\n", multicast),
            [
                "NLB702 error a.cfg:1: `a` (nexus-9000) does not route to multicast cluster `03bf.0a00.0001` in release 7.0(3)I7(8): that takes 9.2(1) or later"
            ]
        );
        assert_eq!(
            text("", multicast),
            [
                "NLB702 warning a.cfg:4: `a` (nexus-9000) routes to multicast cluster `03bf.0a00.0001` from release 9.2(1) on, and its own is not in the config"
            ]
        );
        assert!(text("version latest\n", multicast)[0].contains("warning a.cfg:1"));
        let unknown = "version 7.0(3)I7(8)\ninterface Vlan10\n  ip arp 10.0.0.1 03bf.0a00.0001\n";
        assert_eq!(ours("NLB702", "cisco-nxos", unknown), NONE, "it may be a Nexus 7000");
    }

    #[test]
    fn a_unicast_cluster_behind_ports_apart_needs_flooding() {
        let text = |more: &str| {
            ours(
                "NLB705",
                "dell-force10",
                &format!(
                    "interface Vlan 10\n ip address 10.0.0.254/24\n!\narp 10.0.0.1 02:bf:0a:00:00:01 Te 0/1\n{more}"
                ),
            )
        };
        let message =
            "lacks `ip vlan-flooding`: traffic to unicast cluster `02:bf:0a:00:00:01` reaches one port only";
        assert_eq!(
            text(""),
            [format!("NLB705 warning a.cfg:4: gateway `a` (dell-force10) likely {message}")]
        );
        let entry = "mac-address-table static 02:bf:0a:00:00:01 vlan 10 output-range Te 0/1,Te 0/2\n";
        assert_eq!(text(entry), [format!("NLB705 error a.cfg:4: gateway `a` (dell-force10) {message}")]);
        assert_eq!(text("ip vlan-flooding\n"), NONE);
    }

    #[test]
    fn the_cpu_carries_what_the_model_does_not_forward() {
        let text = |model: &str, mac: &str, more: &str| {
            let text = format!(
                "! Chassis type: {model}\ninterface Vlan10\n ip address 10.0.0.254 255.255.255.0\n!\narp 10.0.0.1 {mac} ARPA\n{more}"
            );
            ours("NLB709", "cisco-ios", &text).len()
        };
        let (multicast, igmp) = ("03bf.0a00.0001", "0100.5e7f.0001");
        let entry =
            |ports: &str| format!("mac address-table static 03bf.0a00.0001 vlan 10 interface {ports}\n");
        let querier = "ip igmp snooping vlan 10 querier\n";
        for (model, mac, more, told) in [
            ("WS-C4506-E", multicast, entry("Gi1/1 Gi1/2"), 1),
            ("WS-C4506-E", multicast, entry("Gi1/1"), 0),
            ("WS-C4506-E", multicast, String::new(), 0),
            ("WS-C6509-E", multicast, String::new(), 1),
            ("WS-C6509-E", multicast, entry("Gi1/1 Gi1/2"), 0),
            ("WS-C3750-24", multicast, String::new(), 0),
            ("WS-C6509-E", "02bf.0a00.0001", String::new(), 0),
            ("WS-C4506-E", igmp, querier.to_owned(), 1),
            ("WS-C4506-E", igmp, "interface Vlan10\n ip pim sparse-mode\n".to_owned(), 1),
            ("WS-C4506-E", igmp, String::new(), 0),
        ] {
            assert_eq!(text(model, mac, &more), told, "{model} {mac} {more}");
        }
    }
}
