//! IGMP mode: whether the switches listen to the nodes' reports, and whether that helps.

mod black_hole;
mod configs;

pub(super) use black_hole::goes_to_routers;

use std::collections::{BTreeMap, BTreeSet};

use super::dialect_lines::can_look_up_by_mac;
use super::membership::of_cluster;
use super::words::{
    MOST_RELATED, Mender, about, clusters_at, clusters_text, config_shows, config_span, device_text,
    doubtful_line, flood_accepted, is_likely, islands, platform_span, static_mac_key,
};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::design::{Cluster, VlanId};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Key, State, Subject, Value};
use crate::nlb::Mode;
use crate::vendor::{Lookup, PlatformFacts};

pub(super) const RULES: &[Rule] = &[SNOOPING_DISABLED, NO_QUERIER, SNOOPING_BY_IP, QUERIER_BLACK_HOLE];

fn is_igmp(cluster: &Cluster) -> bool {
    cluster.mode.value == Mode::IgmpMulticast
}

fn is_pinned(estate: &Estate<'_>, device: usize, cluster: &Cluster) -> bool {
    estate.held(device).get(&static_mac_key(cluster)).is_some()
}

/// Reports that no switch reads.
pub(super) const SNOOPING_DISABLED: Rule = Rule {
    code: Code(601),
    name: "snooping-disabled",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB601.md"),
    check: snooping_disabled,
};

fn snooping_disabled(estate: &Estate<'_>, findings: &mut Findings) {
    configs::snooping_off(estate, findings);
    let mender = Mender::default();
    for number in 0..estate.plan.devices.len() {
        if !config_shows(estate, number, EntryKind::IgmpSnooping) || flood_accepted(estate, number) {
            continue;
        }
        let exposed = |cluster: &Cluster| {
            is_igmp(cluster)
                && !is_looked_up_by_ip(estate, number, cluster) // NLB605's
                && !is_pinned(estate, number, cluster)
        };
        let exposed = clusters_at(estate, &estate.device(number).clusters, exposed);
        if let Some(certain) = is_off(estate, number, None) {
            // Off on the whole switch: one cause, whatever the VLANs say.
            report_off(estate, number, None, certain, &exposed, &mender, findings);
            continue;
        }
        let mut vlans: BTreeMap<VlanId, Vec<&Cluster>> = BTreeMap::new();
        for cluster in exposed {
            vlans.entry(cluster.vlan.value).or_default().push(cluster);
        }
        for (vlan, clusters) in vlans {
            if let Some(certain) = is_off(estate, number, Some(vlan)) {
                report_off(estate, number, Some(vlan), certain, &clusters, &mender, findings);
            }
        }
    }
}

/// Whether snooping is off, in the VLAN or on the whole switch: `Some(false)` when that rests on a default that
/// nobody but us states.
fn is_off(estate: &Estate<'_>, device: usize, vlan: Option<VlanId>) -> Option<bool> {
    // What a config holds is told beyond the defaults of the platform that the config itself may name.
    let facts = estate.config(device).map_or_else(|| estate.facts(device), |config| config.facts());
    is_off_in(estate.held(device), &facts, vlan.map(VlanId::get))
}

/// The same of what a switch holds.
pub(super) fn is_off_in(state: &State, facts: &PlatformFacts<'_>, vlan: Option<u16>) -> Option<bool> {
    match state.get(&Key::IgmpSnooping { vlan }) {
        Some(Entry::IgmpSnooping { enabled, .. }) => (!enabled).then_some(true),
        _ => {
            let default = match vlan {
                Some(_) => facts.igmp_snooping_vlan_default(),
                None => facts.igmp_snooping_default(),
            };
            default.filter(|fact| !fact.value).map(|fact| !is_likely(fact))
        }
    }
}

fn report_off(
    estate: &Estate<'_>,
    device: usize,
    vlan: Option<VlanId>,
    certain: bool,
    clusters: &[&Cluster],
    mender: &Mender,
    findings: &mut Findings,
) {
    if clusters.is_empty() {
        return;
    }
    let stated = estate.config(device).and_then(|config| {
        let entry = Entry::IgmpSnooping { vlan: vlan.map(VlanId::get), enabled: false };
        config.reading.origin(&entry).map(|fact| fact.span(config.file))
    });
    let doubt = doubtful_line(estate, device, EntryKind::IgmpSnooping).filter(|_| stated.is_none());
    let certain = certain && doubt.is_none();
    let message = format!(
        "IGMP snooping is {}off {} `{}`: the frames of {} flood it",
        if certain { "" } else { "likely " },
        vlan.map_or_else(|| "on".to_owned(), |vlan| format!("in VLAN {vlan} of")),
        estate.device(device).name,
        clusters_text(clusters)
    );
    let span = stated.unwrap_or(config_span(estate, device));
    let finding = findings.report(&SNOOPING_DISABLED, span, message);
    finding.switch(estate.device(device).name.clone());
    for cluster in clusters.iter().take(MOST_RELATED) {
        finding.related(cluster.mode.span, "this mode confines frames by snooping alone");
    }
    if let Some(line) = doubt {
        finding.related(line, "this line is not understood");
    }
    finding.help("switch it on for the VLAN, or bind the cluster MAC to the node ports by a static entry");
    mender.set(estate, device, finding, |entry| match entry {
        Entry::IgmpSnooping { vlan: Some(on), .. } => vlan.is_none_or(|vlan| vlan.get() == *on),
        Entry::IgmpSnooping { vlan: None, .. } => vlan.is_none(),
        Entry::MulticastFiltering { .. } => true,
        _ => false,
    });
    if !certain {
        finding.severity(Severity::Warning);
    }
    about(finding, clusters);
}

/// A VLAN in which nobody asks for reports.
pub(super) const NO_QUERIER: Rule = Rule {
    code: Code(602),
    name: "no-querier",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB602.md"),
    check: no_querier,
};

fn no_querier(estate: &Estate<'_>, findings: &mut Findings) {
    configs::nobody_asks(estate, findings);
    let islands = islands(estate);
    let configured = configured_queriers(estate, &islands);
    let asks = |vlan: Option<u16>, island: usize| configured.contains(&(vlan, island));
    let mut silent: BTreeMap<(VlanId, usize), Vec<&Cluster>> = BTreeMap::new();
    for view in estate.clusters().filter(|view| is_igmp(view.cluster) && !view.plan.querier_stated) {
        // Where every switch looks up by IP, snooping holds nothing anyway, and NLB605 speaks.
        let mut snooping =
            view.plan.devices.iter().filter(|device| !is_looked_up_by_ip(estate, **device, view.cluster));
        let Some(island) = snooping.next().map(|device| islands[*device]) else { continue };
        let vlan = view.cluster.vlan.value;
        if !asks(None, island) && !asks(Some(vlan.get()), island) {
            silent.entry((vlan, island)).or_default().push(view.cluster);
        }
    }
    for ((vlan, _), clusters) in silent {
        let message = format!(
            "no IGMP querier is known in VLAN {vlan}, and {} is in IGMP mode",
            clusters_text(&clusters)
        );
        let message = match clusters.len() {
            1 => message,
            _ => message.replace(" is in IGMP mode", " are in IGMP mode"),
        };
        let finding = findings.report(&NO_QUERIER, clusters[0].vlan.span, message);
        finding.help(format!("say `querier: true` (or its address) on the switch that queries VLAN {vlan}"));
        about(finding, &clusters);
    }
}

/// The VLANs (`None` for all of them) and islands in which a config shows a querier, or the way to one.
fn configured_queriers(estate: &Estate<'_>, islands: &[usize]) -> BTreeSet<(Option<u16>, usize)> {
    let mut known = BTreeSet::new();
    for config in &estate.configs {
        let Some(device) = config.device else { continue };
        known.extend(asked_by(config).map(|vlan| (vlan, islands[device])));
    }
    known
}

/// The VLANs (`None` for all of them) in which the config shows a querier that runs, or the way to one.
fn asked_by<'e>(config: &'e ConfigFile<'_>) -> impl Iterator<Item = Option<u16>> + use<'e> {
    let idle = config.facts().needs_of(EntryKind::IgmpQuerier).any(|kind| kind == EntryKind::QuerierSwitch)
        && config.state.flag(EntryKind::QuerierSwitch, &Subject::Switch) != Some(true);
    let runs = move |entry: &&Entry| !(idle && entry.kind() == EntryKind::IgmpQuerier);
    config.state.entries().filter(runs).filter_map(asks_in)
}

/// The VLAN (`None` for all of them) in which the entry shows a querier, or the way to one: a PIM router is a querier.
fn asks_in(entry: &Entry) -> Option<Option<u16>> {
    match entry {
        Entry::IgmpQuerier { vlan, .. } => Some(*vlan),
        Entry::MrouterPort { vlan, .. } => Some(Some(*vlan)),
        Entry::Setting { kind: EntryKind::Pim, of: Subject::Svi(vlan), value: Value::Flag(true) } => {
            Some(Some(*vlan))
        }
        _ => None,
    }
}

/// Frames that go to router ports, where no node is.
const QUERIER_BLACK_HOLE: Rule = Rule {
    code: Code(607),
    name: "querier-black-hole",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB607.md"),
    check: black_hole::black_hole,
};

/// IGMP mode where joins hold nothing.
pub(super) const SNOOPING_BY_IP: Rule = Rule {
    code: Code(605),
    name: "snooping-by-ip",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB605.md"),
    check: snooping_by_ip,
};

fn snooping_by_ip(estate: &Estate<'_>, findings: &mut Findings) {
    configs::looked_up_by_ip(estate, findings);
    let mender = Mender::default();
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let Some(fact) = estate.facts(number).multicast_lookup() else { continue };
        if fact.value != Lookup::Ip || flood_accepted(estate, number) || device.confines_by_router_ports() {
            continue;
        }
        if estate.config(number).is_some_and(can_look_up_by_mac) {
            continue; // NLB701's
        }
        let relies = |cluster: &Cluster| {
            is_igmp(cluster)
                && !is_told_to_look_up_by_mac(estate, number, cluster)
                && !(estate.config(number).is_some() && is_pinned(estate, number, cluster))
        };
        let held_back = |at: &&usize| {
            let placed = estate.config(number).map(|config| of_cluster(estate, config, **at));
            placed.is_some_and(|placed| goes_to_routers(&placed))
        };
        let passing: Vec<usize> = device.clusters.iter().filter(|at| !held_back(at)).copied().collect();
        let clusters = clusters_at(estate, &passing, relies);
        if clusters.is_empty() {
            continue;
        }
        let message = format!(
            "{} {}looks multicast up by IP: IGMP snooping does not hold the frames of {}",
            device_text(estate, number),
            if is_likely(fact) { "likely " } else { "" },
            clusters_text(&clusters)
        );
        let finding = findings.report(&SNOOPING_BY_IP, platform_span(estate, number), message);
        finding.switch(device.name.clone());
        for cluster in clusters.iter().take(MOST_RELATED) {
            finding.related(cluster.mode.span, "this mode confines frames by snooping alone");
        }
        if estate.config(number).is_some() {
            let wanted =
                |entry: &Entry| clusters.iter().any(|cluster| entry.key() == static_mac_key(cluster));
            mender.set(estate, number, finding, wanted);
        }
        let pinned = estate.config(number).is_none()
            && clusters.iter().all(|cluster| is_pinned(estate, number, cluster));
        finding.help(match pinned {
            true => "`generate` writes a static MAC entry that holds them; with it, plain `mode: multicast` does as well",
            false => "hold them by a static MAC entry, or accept the flood with `flood_accepted: <reason>`",
        });
        about(finding, &clusters);
    }
}

/// Whether the platform looks the cluster's frames up by IP, and nothing tells it otherwise for the cluster's VLAN.
fn is_looked_up_by_ip(estate: &Estate<'_>, number: usize, cluster: &Cluster) -> bool {
    estate.facts(number).lookup() == Lookup::Ip && !is_told_to_look_up_by_mac(estate, number, cluster)
}

/// Whether the config, or the plan where there is none, has the cluster's VLAN looked up by MAC.
fn is_told_to_look_up_by_mac(estate: &Estate<'_>, number: usize, cluster: &Cluster) -> bool {
    let of = Subject::Vlan(cluster.vlan.value.get());
    let key = Key::Setting { kind: EntryKind::MulticastLookup, of, item: None };
    let held = estate.held(number).get(&key);
    matches!(held, Some(Entry::Setting { value: Value::Word(by), .. }) if by == "mac")
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, found};

    fn two_vlans(switch: &str, port: [&str; 2], config: &str) -> Vec<String> {
        let [first, second] = port;
        let text = format!(
            "clusters:\n\
             - {{name: a, mode: igmp-multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n, attach: sw1 {first}}}]}}\n\
             - {{name: b, mode: igmp-multicast, primary_ip: 10.0.1.2/24, vlan: 11, nodes: [{{name: n, attach: sw1 {second}}}]}}\n\
             switches: [{{name: sw1, {switch}, querier: true, config: sw1.cfg}}]\n"
        );
        found(&text, &[("sw1.cfg", config)])
    }

    const C3750: &str = "vendor: ios, platform: catalyst-3750";
    const GI: [&str; 2] = ["Gi1/0/1", "Gi1/0/2"];

    #[test]
    fn snooping_off_is_told_where_the_config_says_so() {
        assert_eq!(two_vlans(C3750, GI, "hostname sw1\n"), NONE);
        assert_eq!(
            two_vlans(C3750, GI, "hostname sw1\nno ip igmp snooping vlan 11\n"),
            ["NLB601 error 2: IGMP snooping is off in VLAN 11 of `sw1`: the frames of cluster `b` flood it"]
        );
        assert_eq!(
            two_vlans(C3750, GI, "hostname sw1\nno ip igmp snooping\nno ip igmp snooping vlan 11\n"),
            ["NLB601 error 2: IGMP snooping is off on `sw1`: the frames of clusters `a` and `b` flood it"]
        );
        let back_on = "no ip igmp snooping vlan 11\nip igmp snooping vlan 11\n";
        assert_eq!(two_vlans(C3750, GI, back_on), NONE);
    }

    #[test]
    fn a_static_entry_does_the_work_of_snooping() {
        let config = "no ip igmp snooping vlan 11\n\
                      mac address-table static 0100.5e7f.0102 vlan 11 interface Gi1/0/2\n";
        assert_eq!(two_vlans(C3750, GI, config), NONE);
    }

    #[test]
    fn a_silent_config_means_the_platforms_default() {
        let found = two_vlans("vendor: powerconnect, platform: \"5424\"", ["g1", "g2"], "hostname sw1\n");
        assert_eq!(
            found,
            ["NLB601 error 4: IGMP snooping is off on `sw1`: the frames of clusters `a` and `b` flood it"]
        );
    }

    #[test]
    fn the_release_that_a_design_states_comes_before_the_one_in_the_config() {
        let ports = ["ethernet1/1/1", "ethernet1/1/2"];
        let told = |version: &str| {
            two_vlans(&format!("vendor: os10{version}"), ports, "! Version 10.4.1.0\nhostname sw1\n")
        };
        assert_eq!(
            told(""),
            [
                "NLB601 warning 4: IGMP snooping is likely off on `sw1`: the frames of clusters `a` and `b` flood it"
            ]
        );
        assert_eq!(told(", version: \"10.5.2.3\""), NONE);
    }

    fn no_querier(querier: &str, config: &str) -> Vec<String> {
        let text = format!(
            "clusters:\n\
             - {{name: a, mode: igmp-multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n, attach: sw1 Gi1/0/1}}]}}\n\
             - {{name: b, mode: igmp-multicast, primary_ip: 10.0.0.2/24, vlan: 10, nodes: [{{name: n, attach: sw1 Gi1/0/2}}]}}\n\
             switches:\n\
             - {{name: sw1, {C3750}}}\n\
             - {{name: sw2, {C3750}, links: [Gi1/0/48 sw1 Gi1/0/48]{querier}, config: sw2.cfg}}\n"
        );
        found(&text, &[("sw2.cfg", config)])
    }

    #[test]
    fn one_querier_anywhere_in_the_vlan_will_do() {
        assert_eq!(
            no_querier("", "hostname sw2\n"),
            [
                "NLB602 warning 2: no IGMP querier is known in VLAN 10, and clusters `a` and `b` are in IGMP mode"
            ]
        );
        assert_eq!(no_querier(", querier: true", "hostname sw2\n"), NONE);
        assert_eq!(no_querier("", "ip igmp snooping querier\n"), NONE);
        assert_eq!(no_querier("", "ip igmp snooping vlan 10 mrouter interface Gi1/0/40\n"), NONE);
        assert_eq!(no_querier("", "ip igmp snooping vlan 11 mrouter interface Gi1/0/40\n").len(), 1);
    }

    #[test]
    fn a_vlan_that_is_told_to_look_up_by_mac_confines_igmp_mode() {
        let design = "clusters:\n  - {name: web, mode: igmp-multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
                      nodes: [{name: nlb1, attach: sw1 Eth1/1}]}\nswitches:\n  - {name: sw1, vendor: nxos, \
                      platform: nexus-7000, querier: 172.31.1.250, config: sw1.cfg}\n";
        let by_ip = |config: &str| {
            let all = found(design, &[("sw1.cfg", config)]);
            assert!(!all.iter().any(|finding| finding.starts_with("NLB605")), "a config is NLB701's");
            all.iter().any(|finding| finding.starts_with("NLB701"))
        };
        assert!(by_ip("hostname sw1\n"));
        assert!(!by_ip("hostname sw1\nvlan configuration 10-11\n  layer-2 multicast lookup mac\n"));
        assert!(by_ip("hostname sw1\nvlan configuration 11\n  layer-2 multicast lookup mac\n"));
        assert!(by_ip("hostname sw1\nvlan configuration 10\n  layer-2 multicast lookup ip\n"));
    }

    #[test]
    fn where_a_vlan_is_told_to_look_up_by_mac_snooping_and_a_querier_count() {
        let design = |querier: &str| {
            format!(
                "clusters:\n  - {{name: web, mode: igmp-multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
                 nodes: [{{name: nlb1, attach: sw1 Eth1/1}}]}}\nswitches:\n  - {{name: sw1, vendor: nxos, \
                 platform: nexus-7000{querier}, config: sw1.cfg}}\n"
            )
        };
        let codes = |querier: &str, config: &str| -> Vec<String> {
            let found = found(&design(querier), &[("sw1.cfg", config)]);
            found.into_iter().map(|finding| finding[..6].to_owned()).filter(|code| code != "NLB701").collect()
        };
        let by_mac = "hostname sw1\nvlan configuration 10\n  layer-2 multicast lookup mac\n";
        let off = format!("{by_mac}  no ip igmp snooping\n");
        let querier = ", querier: 172.31.1.250";
        assert_eq!(codes(querier, by_mac), NONE);
        assert_eq!(codes(querier, &off), ["NLB601"]);
        assert_eq!(codes("", by_mac), ["NLB602"]);
        assert_eq!(codes("", "hostname sw1\n"), NONE, "by IP neither helps");
    }

    #[test]
    fn lookup_by_ip_is_told_once_a_switch_and_not_where_a_config_pins_the_mac() {
        let c9300 = "vendor: ios, platform: catalyst-9300";
        assert_eq!(
            two_vlans(c9300, GI, "hostname sw1\n"),
            [
                "NLB605 warning 4: `sw1` (catalyst-9300) looks multicast up by IP: IGMP snooping does not hold the \
              frames of clusters `a` and `b`"
            ]
        );
        let pinned = "mac address-table static 0100.5e7f.0001 vlan 10 interface Gi1/0/1\n\
                      mac address-table static 0100.5e7f.0102 vlan 11 interface Gi1/0/2\n";
        assert_eq!(two_vlans(c9300, GI, pinned), NONE);
        let accepted = "vendor: ios, platform: catalyst-9300, flood_accepted: own VLAN";
        assert_eq!(two_vlans(accepted, GI, "hostname sw1\n"), NONE);
    }
}
