//! Switch models: what a certain model or release does not do as one would expect.

mod configs;

use super::words::{
    Mender, about, answers_with_multicast, clusters_at, clusters_text, config_shows, config_span,
    device_text, doubtful_line, flood_accepted, gateway_span, is_likely, is_routed, platform_span,
    ports_to_nodes, static_mac_key, view_of,
};
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Switch};
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::{Entry, EntryKind, Key, Subject};
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::{PortCount, Release, UnicastProvision};

pub(super) const RULES: &[Rule] = &[NEXUS9000_RELEASE, FTOS_UNICAST_NEEDS_FLOODING, SOFTWARE_SWITCHED];

/// A release that does not route to a multicast cluster MAC yet.
pub(super) const NEXUS9000_RELEASE: Rule = Rule {
    code: Code(702),
    name: "nexus9000-release",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB702.md"),
    check: nexus9000_release,
};

fn nexus9000_release(estate: &Estate<'_>, findings: &mut Findings) {
    configs::old_release(estate, findings);
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let Some(since) = estate.facts(number).multicast_since() else { continue };
        if (device.pack.name(), device.platform_name()) != ("cisco-nxos", Some("nexus-9000")) {
            continue;
        }
        let clusters = clusters_at(estate, &device.gateway_for, |cluster| {
            answers_with_multicast(cluster) && is_routed(cluster)
        });
        if clusters.is_empty() {
            continue;
        }
        let (named, what) = (device_text(estate, number), clusters_text(&clusters));
        let (stated, place) = stated_release(estate, number);
        let known = stated.and_then(|version| Some((version, Release::parse(version)?)));
        let finding = match (known, Release::parse(since.value.as_str())) {
            (Some((_, known)), Some(first)) if known >= first => continue,
            (Some((version, _)), Some(_)) => {
                let message = format!(
                    "{named} does not route to multicast {what} in release {}: that takes {} or later",
                    quoted(version),
                    since.value
                );
                let finding = findings.report(&NEXUS9000_RELEASE, place, message);
                if is_likely(since) {
                    finding.severity(Severity::Warning);
                }
                finding.help("upgrade it, or let another device route the VLAN")
            }
            _ => {
                let message = format!(
                    "{named} routes to multicast {what} from release {} on, and its own is not {}",
                    since.value,
                    if stated.is_some() { "understood" } else { "stated" }
                );
                let finding = findings.report(&NEXUS9000_RELEASE, place, message);
                finding.severity(Severity::Warning);
                finding.help(format!("state it as the maker writes it: `version: \"{}\"`", since.value))
            }
        };
        finding.switch(device.name.clone());
        about(finding, &clusters);
    }
}

/// The release of a device and where it stands: as the design states it, else as the config does.
fn stated_release<'e>(estate: &'e Estate<'_>, device: usize) -> (Option<&'e str>, Span) {
    if let Some(version) = &estate.switch_of(device).version {
        return (Some(version.as_str()), version.span);
    }
    let told = estate.config(device).and_then(|config| {
        let word = config.state.word(EntryKind::Release, &Subject::Switch)?;
        Some((word, config.span_of_setting(EntryKind::Release, &Subject::Switch)?))
    });
    told.map_or((None, platform_span(estate, device)), |(word, span)| (Some(word), span))
}

/// A gateway that binds a unicast VIP to one port for want of a command.
pub(super) const FTOS_UNICAST_NEEDS_FLOODING: Rule = Rule {
    code: Code(705),
    name: "ftos-unicast-needs-flooding",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB705.md"),
    check: ftos_unicast_needs_flooding,
};

fn ftos_unicast_needs_flooding(estate: &Estate<'_>, findings: &mut Findings) {
    configs::unicast_without_flooding(estate, findings);
    let mender = Mender::default();
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let facts = estate.facts(number);
        let binds = facts.unicast_arp_binds_one_port().filter(|fact| fact.value);
        let provision = facts.unicast_provision().filter(|fact| fact.value == UnicastProvision::VlanFlooding);
        let (Some(binds), Some(provision)) = (binds, provision) else { continue };
        let on = matches!(
            estate.held(number).get(&Key::VlanFlooding),
            Some(Entry::VlanFlooding { enabled: true })
        );
        if on || !config_shows(estate, number, EntryKind::VlanFlooding) {
            continue;
        }
        // All nodes behind one port: a binding to that port loses none of them.
        let exposed = |at: &&usize| {
            let view = view_of(estate, **at);
            view.cluster.mode.value == Mode::Unicast
                && is_routed(view.cluster)
                && ports_to_nodes(estate, view, number).is_none_or(|ports| ports.len() != 1)
        };
        let clusters: Vec<&Cluster> =
            device.gateway_for.iter().filter(exposed).map(|at| &estate.design().clusters[*at]).collect();
        let Some(first) = clusters.first() else { continue };
        let doubt = doubtful_line(estate, number, EntryKind::VlanFlooding);
        let certain = doubt.is_none() && !(is_likely(binds) && is_likely(provision));
        let message = format!(
            "gateway {} {}lacks `ip vlan-flooding`: traffic to unicast {} reaches one port only",
            device_text(estate, number),
            if certain { "" } else { "likely " },
            clusters_text(&clusters)
        );
        let finding = findings.report(&FTOS_UNICAST_NEEDS_FLOODING, config_span(estate, number), message);
        finding.switch(device.name.clone());
        finding.related(first.mode.span, "unicast mode needs the frames on every node port");
        if let Some(line) = doubt {
            finding.related(line, "this line is not understood");
        }
        finding.help("add `ip vlan-flooding`; it counts for every VLAN of the switch");
        mender.set(estate, number, finding, |entry| entry.kind() == EntryKind::VlanFlooding);
        if !certain {
            finding.severity(Severity::Warning);
        }
        about(finding, &clusters);
    }
}

/// A gateway whose CPU carries the cluster's load.
pub(super) const SOFTWARE_SWITCHED: Rule = Rule {
    code: Code(709),
    name: "software-switched",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB709.md"),
    check: software_switched,
};

fn software_switched(estate: &Estate<'_>, findings: &mut Findings) {
    configs::carried_by_the_cpu(estate, findings);
    let mender = Mender::default();
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let facts = estate.facts(number);
        let by_cpu = facts.software_switched().is_some_and(|fact| fact.value);
        let entries_too = facts.static_mac_ports() == PortCount::Software;
        if !by_cpu && !entries_too {
            continue;
        }
        let in_hardware =
            |cluster: &Cluster| !entries_too && estate.held(number).get(&static_mac_key(cluster)).is_some();
        let exposed = |at: &&usize| {
            let view = view_of(estate, **at);
            is_routed(view.cluster)
                && match view.cluster.mode.value {
                    Mode::Unicast => false,
                    Mode::Multicast => !flood_accepted(estate, number) && !in_hardware(view.cluster),
                    Mode::IgmpMulticast => is_querier(estate, view.index, number),
                }
        };
        let clusters: Vec<&Cluster> =
            device.gateway_for.iter().filter(exposed).map(|at| &estate.design().clusters[*at]).collect();
        if clusters.is_empty() {
            continue;
        }
        let igmp = clusters.iter().any(|cluster| cluster.mode.value == Mode::IgmpMulticast);
        let pinned = |entry: &Entry| clusters.iter().any(|cluster| entry.key() == static_mac_key(cluster));
        let message = format!(
            "gateway {} likely forwards the frames of {} by its CPU",
            device_text(estate, number),
            clusters_text(&clusters)
        );
        let finding = findings.report(&SOFTWARE_SWITCHED, platform_span(estate, number), message);
        finding.switch(device.name.clone());
        finding.related(gateway_span(estate, number), "it routes for the cluster");
        let said = device.members.iter().map(|member| &estate.design().switches[*member]);
        if let Some(querier) = said.filter_map(querier_span).next().filter(|_| igmp) {
            finding.related(querier, "and it is the querier");
        }
        if estate.config(number).is_some() && !igmp && !entries_too {
            mender.set(estate, number, finding, pinned);
        }
        finding.help(match igmp {
            true => "make a layer-2 switch of the VLAN the querier, and watch the CPU load",
            false if entries_too => {
                "keep to the static ARP in a VLAN of its own, and say so with `flood_accepted: <reason>`"
            }
            false => "lead the frames through hardware by a static MAC entry with all ports to the nodes",
        });
        about(finding, &clusters);
    }
}

/// Whether NLB709 tells that the device lacks the static MAC entry of a multicast cluster it routes to.
pub(super) fn is_carried_by_cpu(estate: &Estate<'_>, device: usize, cluster: usize) -> bool {
    let by_cpu = estate.facts(device).software_switched().is_some_and(|fact| fact.value);
    by_cpu
        && estate.device(device).gateway_for.contains(&cluster)
        && is_routed(&estate.design().clusters[cluster])
}

fn querier_span(switch: &Switch) -> Option<Span> {
    switch.querier.as_ref().map(|querier| querier.span)
}

/// Whether the device queries the cluster's VLAN: by its config where there is one, else as the design says.
/// Where nobody is said to, NLB602 speaks.
fn is_querier(estate: &Estate<'_>, cluster: usize, device: usize) -> bool {
    let view = view_of(estate, cluster);
    let vlan = view.cluster.vlan.value.get();
    match estate.config(device) {
        Some(config) => {
            [None, Some(vlan)].into_iter().any(|vlan| config.state.get(&Key::IgmpQuerier { vlan }).is_some())
        }
        None => view.plan.querier_stated && view.plan.queriers.contains_key(&device),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, found};

    fn nexus(switch: &str) -> Vec<String> {
        let text = format!(
            "clusters:\n\
             - {{name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n, attach: sw1 Eth1/1}}]}}\n\
             switches: [{{name: sw1, vendor: nxos, {switch}}}]\n"
        );
        found(&text, &[])
    }

    #[test]
    fn an_unknown_release_is_a_warning_an_old_one_an_error() {
        for (switch, expected) in [
            ("platform: nexus-9000, gateway: true, version: \"9.3(1)\"", vec![]),
            ("platform: nexus-9000, version: \"7.0(3)I7(8)\"", vec![]),
            ("platform: nexus-7000, gateway: true", vec![]),
            (
                "platform: nexus-9000, gateway: true",
                vec![
                    "NLB702 warning 3: `sw1` (nexus-9000) routes to multicast cluster `a` from release 9.2(1) on, and its own is not stated",
                ],
            ),
            (
                "platform: nexus-9300, gateway: true, version: latest",
                vec![
                    "NLB702 warning 3: `sw1` (nexus-9300) routes to multicast cluster `a` from release 9.2(1) on, and its own is not understood",
                ],
            ),
            (
                "platform: nexus-9000, gateway: true, version: \"7.0(3)I7(8)\"",
                vec![
                    "NLB702 error 3: `sw1` (nexus-9000) does not route to multicast cluster `a` in release 7.0(3)I7(8): that takes 9.2(1) or later",
                ],
            ),
        ] {
            assert_eq!(nexus(switch), expected, "{switch}");
        }
    }

    #[test]
    fn the_config_tells_a_release_that_the_design_leaves_out() {
        let design = "clusters:\n\
             - {name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: sw1 Eth1/1}]}\n\
             switches: [{name: sw1, vendor: nxos, platform: nexus-9000, gateway: true, config: sw1.cfg}]\n";
        let with = |version: &str| -> Vec<String> {
            let config = format!("version {version}\nhostname sw1\n");
            let found = found(design, &[("sw1.cfg", &config)]);
            found.into_iter().filter(|finding| finding.starts_with("NLB702")).collect()
        };
        assert_eq!(with("9.3(5) Bios:version 05.42"), NONE);
        assert_eq!(
            with("7.0(3)I7(8)"),
            [
                "NLB702 error 1: `sw1` (nexus-9000) does not route to multicast cluster `a` in release 7.0(3)I7(8): that takes 9.2(1) or later"
            ]
        );
    }

    #[test]
    fn a_force10_gateway_with_one_port_towards_the_nodes_needs_no_flooding() {
        let design = |nodes: &str| {
            format!(
                "clusters: [{{name: a, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{nodes}]}}]\n\
                 switches: [{{name: sw1, vendor: ftos, gateway: true, config: sw1.cfg}}]\n"
            )
        };
        let one = design("{name: n, attach: sw1 Po 1}, {name: m, attach: sw1 Po 1}");
        let two = design("{name: n, attach: sw1 Te 0/1}, {name: m, attach: sw1 Te 0/2}");
        assert_eq!(found(&one, &[("sw1.cfg", "hostname sw1\n")]), NONE);
        assert_eq!(found(&two, &[("sw1.cfg", "ip vlan-flooding\n")]), NONE);
        assert_eq!(
            found(&two, &[("sw1.cfg", "ip vlan-flooding\nno ip vlan-flooding\n")]),
            [
                "NLB705 error 2: gateway `sw1` (dell-force10) lacks `ip vlan-flooding`: traffic to unicast cluster `a` reaches one port only"
            ]
        );
    }

    fn software(mode: &str, platform: &str, more: &str, elsewhere: &str) -> Vec<String> {
        let text = format!(
            "clusters:\n\
             - {{name: a, mode: {mode}, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n, attach: acc Gi1/0/1}}, {{name: m, attach: acc Gi1/0/2}}]}}\n\
             switches:\n\
             - {{name: core, vendor: ios, platform: {platform}, gateway: true, links: [Gi1/1 acc Gi1/0/48]{more}}}\n\
             - {{name: acc, vendor: ios, platform: catalyst-3750{elsewhere}}}\n"
        );
        found(&text, &[]).into_iter().filter(|finding| finding.starts_with("NLB709")).collect()
    }

    #[test]
    fn the_cpu_is_spared_by_a_querier_elsewhere_an_entry_or_an_accepted_flood() {
        let told = |platform: &str| {
            vec![format!(
                "NLB709 warning 4: gateway `core` ({platform}) likely forwards the frames of cluster `a` by its CPU"
            )]
        };
        for (mode, platform, more, elsewhere, fires) in [
            ("igmp-multicast", "catalyst-4500", ", querier: true", "", true),
            ("igmp-multicast", "catalyst-4500", "", ", querier: 10.0.0.9", false),
            ("igmp-multicast", "catalyst-3750", ", querier: true", "", false),
            ("multicast", "catalyst-4500", ", flood_accepted: own VLAN", "", false),
            ("multicast", "catalyst-6500", "", "", false),
            ("unicast", "catalyst-4500", "", "", false),
        ] {
            let expected = if fires { told(platform) } else { Vec::new() };
            assert_eq!(software(mode, platform, more, elsewhere), expected, "{mode} {platform} {more}");
        }
    }
}
