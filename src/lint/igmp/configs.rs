//! IGMP mode as configs show it without a design.

use std::collections::{BTreeMap, BTreeSet};

use super::{NO_QUERIER, SNOOPING_BY_IP, SNOOPING_DISABLED, asked_by, goes_to_routers, is_likely, is_off_in};
use crate::diagnostic::Severity;
use crate::entry::{Entry, EntryKind, Key, Subject};
use crate::lint::dialect_lines::can_look_up_by_mac;
use crate::lint::igmp_config::group_of;
use crate::lint::membership::{Placed, lookup_in, placed};
use crate::lint::words::{MOST_RELATED, Mender, cluster_of, config_text, doubtful_line_in, listed};
use crate::lint::{ConfigFile, Estate, Findings};
use crate::net::mac::format;
use crate::nlb::Mode;
use crate::source::{FileId, Span};
use crate::vendor::{Lookup, QuerierAddress};

/// The clusters in IGMP mode that no design speaks of, in every VLAN where they are seen.
fn alone<'e>(estate: &'e Estate<'e>) -> Vec<Placed<'e>> {
    let numbers = estate.configs.iter().enumerate().map(|(number, config)| (config.file, number));
    let numbers: BTreeMap<FileId, usize> = numbers.collect();
    let wrong = |at: &Placed<'_>| {
        let number = numbers.get(&at.config.file);
        number.is_some_and(|number| estate.misfits().iter().any(|misfit| misfit.is_about(*number, at.mac)))
    };
    let mut all = placed(estate);
    // What is said of a MAC that is wrong itself (NLB101 to NLB107) would rest on it.
    all.retain(|at| at.mode == Mode::IgmpMulticast && at.config.device.is_none() && !wrong(at));
    all
}

/// The same, by the config and in it by the VLAN.
fn by_config<'e>(all: Vec<Placed<'e>>) -> BTreeMap<FileId, BTreeMap<u16, Vec<Placed<'e>>>> {
    let mut found: BTreeMap<_, BTreeMap<u16, Vec<Placed<'e>>>> = BTreeMap::new();
    for at in all {
        found.entry(at.config.file).or_default().entry(at.vlan).or_default().push(at);
    }
    found
}

/// ``cluster `0100.5e7f.0001` ``, ``clusters `0100.5e7f.0001` and `0100.5e7f.0002` ``.
fn names(clusters: &[&Placed<'_>]) -> String {
    let macs: BTreeSet<String> = clusters.iter().map(|at| format(at.mac, at.config.pack.mac)).collect();
    match clusters {
        [one] => cluster_of(one.config, one.mac),
        _ if macs.len() == 1 => cluster_of(clusters[0].config, clusters[0].mac),
        _ => format!("clusters {}", listed(macs)),
    }
}

/// The line that shows the cluster: a static ARP, else its static MAC entry.
pub(super) fn line_of(at: &Placed<'_>) -> Option<Span> {
    let arp = at
        .config
        .state
        .entries()
        .find(|entry| matches!(entry, Entry::StaticArp { mac, .. } if *mac == at.mac));
    arp.or(at.entry()).and_then(|entry| at.config.span_of(entry))
}

/// Whether an entry leads the cluster's frames to ports, whatever snooping does.
fn is_led(at: &Placed<'_>) -> bool {
    let group = Key::StaticGroup { vlan: at.vlan, group: group_of(at) };
    at.entry().is_some() || at.config.state.get(&group).is_some()
}

/// Snooping that a config switches off, or does not switch on, in the VLAN of a cluster.
pub(super) fn snooping_off(estate: &Estate<'_>, findings: &mut Findings) {
    let mut exposed = alone(estate);
    exposed.retain(|at| lookup_in(at.config, at.vlan).0 != Lookup::Ip && !is_led(at)); // NLB605
    for vlans in by_config(exposed).into_values() {
        let Some(config) = vlans.values().flatten().next().map(|at| at.config) else { continue };
        if !config.shows(EntryKind::IgmpSnooping) {
            continue;
        }
        let facts = config.facts();
        if let Some(certain) = is_off_in(&config.state, &facts, None) {
            let all: Vec<&Placed<'_>> = vlans.values().flatten().collect();
            report_off(config, None, certain, &all, findings);
            continue;
        }
        for (vlan, clusters) in &vlans {
            if let Some(certain) = is_off_in(&config.state, &facts, Some(*vlan)) {
                report_off(config, Some(*vlan), certain, &clusters.iter().collect::<Vec<_>>(), findings);
            }
        }
    }
}

fn report_off(
    config: &ConfigFile<'_>,
    vlan: Option<u16>,
    certain: bool,
    clusters: &[&Placed<'_>],
    findings: &mut Findings,
) {
    let stated = config.span_of(&Entry::IgmpSnooping { vlan, enabled: false });
    let doubt = doubtful_line_in(config, EntryKind::IgmpSnooping).filter(|_| stated.is_none());
    let certain = certain && doubt.is_none();
    let message = format!(
        "IGMP snooping is {}off {} `{}`: the frames of {} flood it",
        if certain { "" } else { "likely " },
        vlan.map_or_else(|| "on".to_owned(), |vlan| format!("in VLAN {vlan} of")),
        crate::diagnostic::quoted(&config.name),
        names(clusters)
    );
    let shown = clusters.iter().filter_map(|at| line_of(at));
    let finding = findings.report(&SNOOPING_DISABLED, stated.or(shown.clone().next()), message);
    finding.switch(config.name.clone());
    for line in shown.filter(|line| finding.span != Some(*line)).take(MOST_RELATED).collect::<Vec<_>>() {
        finding.related(line, "a cluster in IGMP mode");
    }
    if let Some(line) = doubt {
        finding.related(line, "this line is not understood");
    }
    if !certain {
        finding.severity(Severity::Warning);
    }
    finding.help("switch it on for the VLAN, or bind the cluster MAC to the node ports by a static entry");
    let mut wanted: Vec<Entry> = Vec::new();
    let mut needs = config.facts().needs_of(EntryKind::IgmpSnooping);
    if needs.any(|need| need == EntryKind::MulticastFiltering) {
        wanted.push(Entry::MulticastFiltering { enabled: true });
    }
    wanted.extend(vlan.is_none().then_some(Entry::IgmpSnooping { vlan: None, enabled: true }));
    let vlans: BTreeSet<u16> = clusters.iter().map(|at| at.vlan).collect();
    let off = |vlan: &u16| is_off_in(&config.state, &config.facts(), Some(*vlan)).is_some();
    wanted.extend(
        vlans.into_iter().filter(off).map(|vlan| Entry::IgmpSnooping { vlan: Some(vlan), enabled: true }),
    );
    wanted.retain(|entry| config.state.get(&entry.key()) != Some(entry));
    let held: Vec<Entry> =
        wanted.iter().filter_map(|entry| config.state.get(&entry.key())).cloned().collect();
    Mender::default().exchange(config, finding, &held, &wanted);
}

/// Clusters of one VLAN that share a config, or whose configs share one of them: they are in one place. The places stand in
/// the order of their first clusters.
fn places<'p, 'e>(all: &'p [Placed<'e>]) -> Vec<Vec<&'p Placed<'e>>> {
    let mut leader: Vec<usize> = (0..all.len()).collect();
    let lead = |leader: &[usize], mut at: usize| {
        while leader[at] != at {
            at = leader[at];
        }
        at
    };
    let (mut of_file, mut of_mac) = (BTreeMap::new(), BTreeMap::new());
    for (number, at) in all.iter().enumerate() {
        let near = [
            *of_file.entry((at.vlan, at.config.file)).or_insert(number),
            *of_mac.entry((at.vlan, at.mac)).or_insert(number),
        ];
        for other in near {
            let (one, two) = (lead(&leader, number), lead(&leader, other));
            leader[one.max(two)] = one.min(two);
        }
    }
    let mut places: BTreeMap<usize, Vec<&Placed<'_>>> = BTreeMap::new();
    for (number, at) in all.iter().enumerate() {
        places.entry(lead(&leader, number)).or_default().push(at);
    }
    places.into_values().collect()
}

/// A VLAN in which no config shows a querier, or the way to one.
pub(super) fn nobody_asks(estate: &Estate<'_>, findings: &mut Findings) {
    let asked: BTreeSet<Option<u16>> =
        estate.configs.iter().filter(|config| config.device.is_none()).flat_map(asked_by).collect();
    let mut all = alone(estate);
    all.retain(|at| {
        let facts = at.config.facts();
        // Where nothing is snooped, or snooping holds nothing, NLB601 or NLB605 speaks.
        let snooped = [None, Some(at.vlan)];
        let snooped = snooped.iter().all(|vlan| is_off_in(&at.config.state, &facts, *vlan).is_none());
        lookup_in(at.config, at.vlan).0 != Lookup::Ip && snooped && !is_led(at)
    });
    let mender = Mender::default();
    for place in places(&all) {
        let vlan = place[0].vlan;
        // A querier of the whole switch asks in every VLAN, and one of this VLAN number may be anywhere.
        if asked.contains(&None) || asked.contains(&Some(vlan)) {
            continue;
        }
        let clusters: BTreeSet<_> = place.iter().map(|at| at.mac).collect();
        let message = format!(
            "no IGMP querier is known in VLAN {vlan}, and {} {} in IGMP mode",
            names(&place),
            if clusters.len() == 1 { "is" } else { "are" }
        );
        let finding = findings.report(&NO_QUERIER, line_of(place[0]), message);
        finding.switch(place[0].config.name.clone());
        for line in place.iter().skip(1).filter_map(|at| line_of(at)).take(MOST_RELATED) {
            finding.related(line, "another line of a cluster in this VLAN");
        }
        finding
            .help(format!("let one switch ask in VLAN {vlan}; no config with a line about the cluster does"));
        let gateway = place.iter().find(|at| can_ask(at.config, vlan));
        if let Some(at) = gateway {
            let querier = Entry::IgmpQuerier { vlan: Some(vlan), address: None };
            mender.exchange(at.config, finding, &[], &[querier]);
        }
    }
}

/// Whether the switch can be the querier of the VLAN as it is: it has an address there, and its CPU does not carry what a
/// querier draws.
fn can_ask(config: &ConfigFile<'_>, vlan: u16) -> bool {
    let facts = config.facts();
    let own = config.state.setting(EntryKind::Address, &Subject::Svi(vlan)).is_some();
    let by_cpu = facts.software_switched().is_some_and(|fact| fact.value);
    let needed = facts.querier_address().map(|fact| fact.value);
    own && !by_cpu && matches!(needed, Some(QuerierAddress::Svi | QuerierAddress::Any))
}

/// Clusters in IGMP mode on switches that look multicast up by IP.
pub(super) fn looked_up_by_ip(estate: &Estate<'_>, findings: &mut Findings) {
    let mut relying = alone(estate);
    relying.retain(|at| {
        let by_ip = lookup_in(at.config, at.vlan).0 == Lookup::Ip;
        let by_mode = at.config.held().keeps_groups_by_ip(at.vlan); // NLB708's
        by_ip && !by_mode && at.entry().is_none() && !can_look_up_by_mac(at.config) && !goes_to_routers(at)
    });
    for vlans in by_config(relying).into_values() {
        let all: Vec<&Placed<'_>> = vlans.values().flatten().collect();
        let Some(config) = all.first().map(|at| at.config) else { continue };
        let likely = config.facts().multicast_lookup().is_none_or(is_likely);
        let message = format!(
            "{} {}looks multicast up by IP: IGMP snooping does not hold the frames of {}",
            config_text(config),
            if likely { "likely " } else { "" },
            names(&all)
        );
        let mut lines = all.iter().filter_map(|at| line_of(at));
        let finding = findings.report(&SNOOPING_BY_IP, lines.next(), message);
        finding.switch(config.name.clone());
        for line in lines.filter(|line| finding.span != Some(*line)).take(MOST_RELATED).collect::<Vec<_>>() {
            finding.related(line, "another cluster in IGMP mode");
        }
        finding.help("hold them by a static MAC entry with the ports of the nodes, in a VLAN of its own");
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::lint::words::tests::{NONE, findings_alone};
    use crate::source::Sources;

    /// What the rules of this family find in configs of one dialect, with the lines that mend it.
    pub(in crate::lint::igmp) fn found(
        code: u16,
        pack: &str,
        configs: &[(&str, &str)],
    ) -> Vec<(String, Vec<String>)> {
        let configs: Vec<_> = configs.iter().map(|(name, text)| (*name, pack, *text)).collect();
        let found = findings_alone(&configs, &mut Sources::new()).into_iter();
        let ours = found.filter(|(finding, _)| finding.code.0 == code).map(|(finding, place)| {
            let lines = finding.remediation.map_or(Vec::new(), |remedy| remedy.lines);
            (format!("{} {place}: {}", finding.severity, finding.message), lines)
        });
        ours.collect()
    }

    fn told(code: u16, pack: &str, text: &str) -> Vec<String> {
        found(code, pack, &[("a.cfg", text)]).into_iter().map(|(told, _)| told).collect()
    }

    const IOS: &str = "interface Vlan10\n ip address 10.0.0.254 255.255.255.0\n!\n\
                       interface Vlan20\n ip address 10.2.0.254 255.255.255.0\n!\n\
                       arp 10.0.0.5 0100.5e7f.0005 ARPA\n";

    fn ios(more: &str) -> String {
        IOS.to_owned() + more
    }

    #[test]
    fn snooping_that_is_off_is_told_of_a_bare_config() {
        let off = |more: &str| found(601, "cisco-ios", &[("a.cfg", &ios(more))]);
        assert_eq!(off(""), []);
        assert_eq!(
            off("no ip igmp snooping vlan 10\n"),
            [(
                "error a.cfg:8: IGMP snooping is off in VLAN 10 of `a`: the frames of cluster `0100.5e7f.0005` flood it"
                    .to_owned(),
                vec!["ip igmp snooping vlan 10".to_owned()]
            )]
        );
        assert_eq!(off("no ip igmp snooping vlan 20\n"), []);
        let both = off("no ip igmp snooping vlan 10\nno ip igmp snooping\n");
        assert_eq!(both.len(), 1);
        assert_eq!(both[0].1, ["ip igmp snooping vlan 10", "ip igmp snooping"]);
        let entry = "no ip igmp snooping vlan 10\nmac address-table static 0100.5e7f.0005 vlan 10 interface Gi1/0/1\n";
        assert_eq!(off(entry), []);
        assert_eq!(
            off("no ip igmp snooping\nip igmp snooping vlan 10 static 239.255.0.5 interface Gi1/0/1\n"),
            []
        );
    }

    #[test]
    fn snooping_that_is_off_is_told_where_the_entry_stands_under_its_interface() {
        let text = |family: &str, vlan: &str| {
            let text = format!(
                "{family}vlan configuration 10\n  layer-2 multicast lookup mac\nvlan configuration {vlan}\n  no ip igmp snooping\n\
                 interface Vlan10\n  ip arp 10.0.0.5 0100.5e7f.0005\n"
            );
            found(601, "cisco-nxos", &[("a.cfg", &text)])
        };
        let nexus = "boot nxos bootflash:/nxos.9.3.3.bin\n";
        assert_eq!(
            text(nexus, "10"),
            [(
                "error a.cfg:5: IGMP snooping is off in VLAN 10 of `a`: the frames of cluster `0100.5e7f.0005` flood it"
                    .to_owned(),
                vec!["vlan configuration 10".to_owned(), " ip igmp snooping".to_owned(), " exit".to_owned()]
            )]
        );
        assert_eq!(text(nexus, "11"), []);
    }

    #[test]
    fn what_a_silent_config_means_is_told_by_its_release() {
        let of = |header: &str| {
            let text = format!("{header}interface vlan10\n ip arp 10.0.0.5 01:00:5e:7f:00:05\n");
            told(601, "dell-os10", &text)
        };
        assert_eq!(of(""), NONE);
        assert_eq!(of("! Version 10.5.2.3\n"), NONE);
        assert_eq!(
            of("! Version 10.4.1.0\n"),
            [
                "warning a.cfg:3: IGMP snooping is likely off on `a`: the frames of cluster `01:00:5e:7f:00:05` flood it"
            ]
        );
    }

    #[test]
    fn a_querier_a_pim_router_or_the_way_to_one_will_do() {
        let quiet = |more: &str| found(602, "cisco-ios", &[("a.cfg", &ios(more))]);
        assert_eq!(
            quiet(""),
            [(
                "warning a.cfg:7: no IGMP querier is known in VLAN 10, and cluster `0100.5e7f.0005` is in IGMP mode"
                    .to_owned(),
                [
                    "! unverified: from 15.x E on and IOS XE, by general knowledge; the form with an address is in",
                    "!   Cisco's test library",
                    "ip igmp snooping vlan 10 querier"
                ]
                .map(str::to_owned)
                .to_vec()
            )]
        );
        for known in [
            "ip igmp snooping querier\n",
            "ip igmp snooping vlan 10 querier address 10.0.0.9\n",
            "ip igmp snooping vlan 10 mrouter interface Gi1/0/48\n",
            "interface Vlan10\n ip pim sparse-mode\n",
            "no ip igmp snooping\n",
            "switch 1 provision c9300-24ux\n",
            "mac address-table static 0100.5e7f.0005 vlan 10 interface Gi1/0/1\n",
        ] {
            assert_eq!(quiet(known), [], "{known}");
        }
        assert_eq!(quiet("ip igmp snooping vlan 20 querier\n").len(), 1);
        let partner = ios("").replace("10.0.0.254", "10.0.0.253");
        let (first, second) = (ios(""), partner.clone() + "ip igmp snooping vlan 10 querier\n");
        assert_eq!(found(602, "cisco-ios", &[("a.cfg", &first), ("b.cfg", &second)]), []);
        assert_eq!(found(602, "cisco-ios", &[("a.cfg", &first), ("b.cfg", &partner)]).len(), 1);
    }

    #[test]
    fn a_switch_that_looks_up_by_ip_is_told_by_its_own_words() {
        let by_ip = |more: &str| told(605, "cisco-ios", &ios(more));
        assert_eq!(by_ip(""), NONE);
        assert_eq!(by_ip("switch 1 provision ws-c3750-24p\n"), NONE);
        assert_eq!(
            by_ip("switch 1 provision c9300-24ux\n"),
            [
                "warning a.cfg:7: `a` (catalyst-9000) looks multicast up by IP: IGMP snooping does not hold the frames of cluster `0100.5e7f.0005`"
            ]
        );
        assert!(by_ip("switch 1 provision ws-c3850-24p\n")[0].contains("likely looks"));
        let pinned = "switch 1 provision c9300-24ux\nmac address-table static 0100.5e7f.0005 vlan 10 interface Gi1/0/1\n";
        assert_eq!(by_ip(pinned), NONE);
    }
}
