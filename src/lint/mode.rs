//! Rules on the choice of the mode: what unicast does under teams and hypervisors, and where IGMP would be quieter.

use std::collections::BTreeSet;

use super::guests::{MULTICAST_MODES, Tenants, counted, guests, possible_hosts};
use super::membership::lookup_in;
use super::words::MOST_RELATED;
use super::{ClusterView, Estate, Findings, Rule, Scope, vsphere};
use crate::design::{Cluster, Host, Team, TeamKind, Windows};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::nlb::Mode;
use crate::vendor::Lookup;

pub(super) const RULES: &[Rule] = &[
    UNICAST_SWITCH_DEPENDENT_TEAM,
    UNICAST_TEAM_SINGLE_SWITCH,
    UNICAST_ON_TEAM,
    UNICAST_VIRTUALISED,
    IGMP_PREFERRED,
    SET_TEAM_UNSTATED,
];

/// Unicast on a static or LACP team.
const UNICAST_SWITCH_DEPENDENT_TEAM: Rule = Rule {
    code: Code(201),
    name: "unicast-switch-dependent-team",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB201.md"),
    check: unicast_switch_dependent_team,
};

/// Unicast on a team whose members share one switch.
const UNICAST_TEAM_SINGLE_SWITCH: Rule = Rule {
    code: Code(202),
    name: "unicast-team-single-switch",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB202.md"),
    check: unicast_team_single_switch,
};

/// Unicast on any other team.
const UNICAST_ON_TEAM: Rule = Rule {
    code: Code(203),
    name: "unicast-on-team",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB203.md"),
    check: unicast_on_team,
};

/// Unicast under a hypervisor, with nothing worse to say about it.
const UNICAST_VIRTUALISED: Rule = Rule {
    code: Code(204),
    name: "unicast-virtualised",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB204.md"),
    check: unicast_virtualised,
};

/// Plain multicast where every switch would confine IGMP multicast.
const IGMP_PREFERRED: Rule = Rule {
    code: Code(205),
    name: "igmp-preferred",
    severity: Severity::Info,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB205.md"),
    check: igmp_preferred,
};

/// Switch embedded teaming, about which nobody says anything.
const SET_TEAM_UNSTATED: Rule = Rule {
    code: Code(216),
    name: "set-team-unstated",
    severity: Severity::Info,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB216.md"),
    check: set_team_unstated,
};

/// What is wrong with unicast in one cluster, the worst first. Only one of these speaks about a cluster.
enum UnicastFault<'e> {
    SwitchDependent(Vec<&'e Host>),
    SingleSwitch(Vec<&'e Host>),
    Teamed(Vec<&'e Host>),
    Virtual,
}

fn unicast_fault<'e>(estate: &Estate<'e>, cluster: &'e Cluster) -> Option<UnicastFault<'e>> {
    if cluster.mode.value != Mode::Unicast {
        return None;
    }
    let hosts = possible_hosts(estate.design(), cluster);
    let teamed: Vec<&Host> = hosts.iter().copied().filter(|host| host.team.is_some()).collect();
    let picked = |wanted: &dyn Fn(&Host) -> bool| {
        let picked: Vec<&Host> = teamed.iter().copied().filter(|host| wanted(host)).collect();
        (!picked.is_empty()).then_some(picked)
    };
    if let Some(hosts) = picked(&|host| host.team.as_ref().is_some_and(is_switch_dependent)) {
        Some(UnicastFault::SwitchDependent(hosts))
    } else if let Some(hosts) = picked(&|host| lands_on_one_device(estate, host)) {
        Some(UnicastFault::SingleSwitch(hosts))
    } else if let Some(hosts) = picked(&|_| true) {
        Some(UnicastFault::Teamed(hosts))
    } else {
        (!hosts.is_empty()).then_some(UnicastFault::Virtual)
    }
}

fn is_switch_dependent(team: &Team) -> bool {
    team.mode.is_some_and(|mode| mode.is_switch_dependent())
}

/// Whether the uplinks of a host, two at least, all end on one switch or one stack.
fn lands_on_one_device(estate: &Estate<'_>, host: &Host) -> bool {
    let positions = host.links.iter().map(|link| estate.design().switch_position(&link.switch));
    let devices: Option<BTreeSet<usize>> =
        positions.map(|position| Some(estate.plan.topology.device_of(position?))).collect();
    host.links.len() > 1 && devices.is_some_and(|devices| devices.len() == 1)
}

fn unicast_switch_dependent_team(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let Some(UnicastFault::SwitchDependent(hosts)) = unicast_fault(estate, cluster) else { continue };
        let message =
            format!("cluster `{}` is in unicast mode on a team that the switch takes part in", cluster.name);
        let finding = report(&UNICAST_SWITCH_DEPENDENT_TEAM, cluster, message, findings);
        finding.help("use `igmp-multicast`, or make the teams switch-independent, each on two switches");
        relate_teams(&hosts, finding);
    }
}

fn unicast_team_single_switch(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let Some(UnicastFault::SingleSwitch(hosts)) = unicast_fault(estate, cluster) else { continue };
        let link = hosts[0].links[0].switch.value.as_str();
        let stack = estate.design().switch(link).and_then(|switch| switch.stack.as_ref());
        let place = stack.map_or_else(|| format!("switch `{link}`"), |stack| format!("stack `{stack}`"));
        let message = format!(
            "cluster `{}` is in unicast mode on a team whose members all land on {place}",
            cluster.name
        );
        let finding = report(&UNICAST_TEAM_SINGLE_SWITCH, cluster, message, findings);
        finding.help("use `igmp-multicast`, or spread each team over two switches that are no stack");
        for member in hosts[0].links.iter().take(MOST_RELATED) {
            finding.related(member.span, format!("a member of the team of host `{}`", hosts[0].name));
        }
        relate_teams(&hosts[1..], finding);
    }
}

fn unicast_on_team(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let Some(UnicastFault::Teamed(hosts)) = unicast_fault(estate, cluster) else { continue };
        let message =
            format!("cluster `{}` is in unicast mode on a team under a virtual switch", cluster.name);
        let finding = report(&UNICAST_ON_TEAM, cluster, message, findings);
        finding.help("use `igmp-multicast`, or leave the team out below the virtual switch");
        relate_teams(&hosts, finding);
    }
}

fn unicast_virtualised(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let Some(UnicastFault::Virtual) = unicast_fault(estate, cluster) else { continue };
        if vsphere::refuses_unicast(estate.design(), cluster) {
            continue; // NLB210, NLB211 or NLB212 says it more exactly
        }
        let message = format!(
            "cluster `{}` is in unicast mode under a hypervisor, its least good option",
            cluster.name
        );
        let finding = report(&UNICAST_VIRTUALISED, cluster, message, findings);
        finding.help("use `igmp-multicast` unless the switch cannot be touched");
        for (node, host) in guests(estate.design(), cluster).take(MOST_RELATED) {
            if let Some(home) = &node.host {
                finding.related(home.span, format!("node `{}` is a guest of `{}`", node.name, host.name));
            }
        }
    }
}

fn report<'f>(
    rule: &Rule,
    cluster: &Cluster,
    message: String,
    findings: &'f mut Findings,
) -> &'f mut Diagnostic {
    findings.report(rule, cluster.mode.span, message).cluster(cluster.name.as_str())
}

fn relate_teams(hosts: &[&Host], finding: &mut Diagnostic) {
    for host in hosts.iter().take(MOST_RELATED) {
        let Some(team) = &host.team else { continue };
        let (span, kind) = match team.mode {
            Some(mode) => (mode.span, format!("{} team", mode.value)),
            None => (team.span, "team".to_owned()),
        };
        finding.related(span, format!("the {kind} of host `{}`", host.name));
    }
}

fn igmp_preferred(estate: &Estate<'_>, findings: &mut Findings) {
    for view in estate.clusters() {
        let ClusterView { cluster, .. } = view;
        let has_igmp = cluster.windows.is_none_or(|windows| windows.value >= Windows::W2003);
        if cluster.mode.value != Mode::Multicast || !has_igmp || !all_confine_by_mac(estate, &view) {
            continue;
        }
        let message = format!(
            "cluster `{}` uses plain multicast where every switch of VLAN {} would hold IGMP multicast to its nodes",
            cluster.name, cluster.vlan
        );
        let finding = report(&IGMP_PREFERRED, cluster, message, findings);
        finding.help("use `igmp-multicast` with snooping and a querier: fewer lines to keep when nodes move");
    }
}

/// Whether every switch that the cluster's frames can come to is known to forward multicast by MAC, and no config of theirs has
/// groups of the VLAN kept by IP.
fn all_confine_by_mac(estate: &Estate<'_>, view: &ClusterView<'_>) -> bool {
    let vlan = view.cluster.vlan.value;
    let start = view.plan.devices.iter().copied();
    let reached = estate.plan.topology.reach(start, None, |edge| edge.carries(vlan));
    let by_mac = |device: &usize| {
        let told = estate.config(*device).map(|config| lookup_in(config, vlan.get()).0);
        estate.facts(*device).lookup() == Lookup::Mac && told.is_none_or(|lookup| lookup == Lookup::Mac)
    };
    !reached.is_empty() && reached.iter().all(by_mac)
}

fn set_team_unstated(estate: &Estate<'_>, findings: &mut Findings) {
    let of_set = |host: &Host| host.team.as_ref()?.kind.filter(|kind| kind.value == TeamKind::Set);
    if !estate.design().hosts.iter().any(|host| of_set(host).is_some()) {
        return;
    }
    let tenants = Tenants::of(estate.design());
    let hosts = estate.design().hosts.iter();
    let mut used = hosts.filter_map(|host| Some((host, of_set(host)?, tenants.on(host, &MULTICAST_MODES)?)));
    let Some((host, kind, tenant)) = used.next() else { return };
    let others: Vec<_> = used.map(|(host, kind, _)| (host, kind)).collect();
    let message = format!(
        "switch embedded teaming on {}: no statement for or against NLB exists",
        counted(host, others.len())
    );
    let finding = findings.report(&SET_TEAM_UNSTATED, kind.span, message);
    finding.help("test each node with each member of the team pulled in turn");
    tenant.tie(finding, host);
    for (other, kind) in others.into_iter().take(MOST_RELATED) {
        finding.related(kind.span, format!("the team of host `{}`", other.name));
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::found;

    /// A cluster of two nodes on two hosts; `hosts` says what they are.
    fn design(mode: &str, hosts: &str) -> String {
        format!(
            "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10,
                nodes: [{{name: a, host: hv1}}, {{name: b, host: hv2}}]}}]
{hosts}
switches:
  - {{name: sw1, vendor: cisco-ios, stack: left}}
  - {{name: sw2, vendor: cisco-ios, stack: left}}
  - {{name: sw3, vendor: cisco-ios}}
"
        )
    }

    /// Two hosts of one group, the first with this team and these links, the second with one link and no team.
    fn hosts(team: &str, links: &str) -> String {
        format!(
            "hosts: [{{name: hv1, platform: hyper-v, group: g, team: {team}, links: [{links}]}},
                {{name: hv2, platform: hyper-v, group: g, links: [sw3 Gi1/0/9]}}]
host_groups: [{{name: g, anti_affinity: true}}]"
        )
    }

    #[test]
    fn the_worst_that_unicast_meets_on_a_team_speaks_alone() {
        for (team, links, expected) in [
            ("{mode: lacp}", "sw1 Po1", "NLB201 error unicast"),
            ("{kind: bond, mode: static}", "sw1 Gi1/0/1, sw1 Gi1/0/2", "NLB201 error unicast"),
            ("{mode: switch-independent}", "sw1 Gi1/0/1, sw1 Gi1/0/2", "NLB202 error unicast"),
            ("{mode: switch-independent}", "sw1 Gi1/0/1, sw2 Gi2/0/1", "NLB202 error unicast"), // one stack
            ("{kind: lbfo}", "sw1 Gi1/0/1, sw1 Gi1/0/2", "NLB202 error unicast"), // whatever its mode is
            ("{mode: switch-independent}", "sw1 Gi1/0/1, sw3 Gi1/0/1", "NLB203 warning unicast"),
            ("{kind: set}", "sw1 Gi1/0/1, sw3 Gi1/0/1", "NLB203 warning unicast"),
            ("{kind: lbfo}", "", "NLB203 warning unicast"), // where it ends is not known
            ("{mode: switch-independent}", "sw1 Gi1/0/1", "NLB203 warning unicast"),
        ] {
            assert_eq!(found(&design("unicast", &hosts(team, links))), [expected], "{team} {links}");
            if !team.contains("set") {
                assert_eq!(found(&design("igmp-multicast", &hosts(team, links))), [""; 0], "{team} {links}");
            }
        }
    }

    #[test]
    fn a_team_of_a_host_that_a_node_may_move_to_counts() {
        let moved =
            "hosts: [{name: hv1, group: g}, {name: hv2, group: g}, {name: hv3, group: g, team: {mode: lacp}}]
host_groups: [{name: g, anti_affinity: true}]";
        assert_eq!(found(&design("unicast", moved)), ["NLB201 error unicast"]);
        let fixed = moved.replace("anti_affinity: true", "live_migration: false");
        assert_eq!(found(&design("unicast", &fixed)), ["NLB204 warning unicast"]);
    }

    #[test]
    fn physical_unicast_is_no_fault_and_one_guest_makes_it_one() {
        let cluster = |second: &str| {
            format!(
                "clusters: [{{name: web, mode: unicast, primary_ip: 172.31.1.232/24, vlan: 10,
                    nodes: [{{name: a}}, {{name: b{second}}}]}}]
hosts: [{{name: hv1}}]"
            )
        };
        assert_eq!(found(&cluster("")), [""; 0]);
        assert_eq!(found(&cluster(", host: hv1")), ["NLB204 warning unicast"]);
    }

    #[test]
    fn igmp_is_preferred_only_where_every_switch_is_known_to_confine_it() {
        let design = |mode: &str, more: &str, second: &str| {
            format!(
                "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10{more},
                    nodes: [{{name: a, attach: sw1 Gi1/0/1}}, {{name: b, attach: sw1 Gi1/0/2}}]}}]
switches:
  - {{name: sw1, vendor: cisco-ios, platform: catalyst-3750}}
  - {{name: sw2, vendor: cisco-ios{second}, links: [{{port: Gi1/0/24, to: sw1 Gi1/0/24, vlans: [10-20]}}]}}
"
            )
        };
        let preferred = ["NLB205 info multicast"];
        assert_eq!(found(&design("multicast", "", ", platform: catalyst-3560")), preferred);
        for (mode, more, second) in [
            ("multicast", "", ""),
            ("multicast", "", ", platform: catalyst-9300"),
            ("multicast", ", windows: \"2000\"", ", platform: catalyst-3560"),
            ("igmp-multicast", "", ", platform: catalyst-3560"),
        ] {
            assert_eq!(found(&design(mode, more, second)), [""; 0], "{mode} {more} {second}");
        }
        let elsewhere = design("multicast", "", ", platform: catalyst-9300").replace("10-20", "20-30");
        assert_eq!(found(&elsewhere), preferred);
    }

    #[test]
    fn set_teams_are_told_once() {
        let set = "hosts: [{name: hv1, team: {kind: set}}, {name: hv2, team: {kind: set}}, {name: hv9, team: {kind: set}}]";
        assert_eq!(found(&design("igmp-multicast", set)), ["NLB216 info set"]);
        assert_eq!(found(&design("unicast", set)), ["NLB203 warning unicast"]);
    }
}
