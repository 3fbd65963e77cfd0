//! IGMP filters and limits of ports: whether they let a cluster's group in.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::cure::Cure;
use super::igmp_config::{group_of, in_igmp_mode};
use super::membership::{Placed, faults, holders};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{EntryKind, Subject, Value};
use crate::net::PortSet;
use crate::net::port::PortName;

pub(super) const RULES: &[Rule] = &[SNOOPING_FILTER];

/// A filter or limit that leaves the cluster's group out.
const SNOOPING_FILTER: Rule = Rule {
    code: Code(606),
    name: "snooping-filter",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB606.md"),
    check: snooping_filter,
};

fn snooping_filter(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = in_igmp_mode(estate);
    let refused = |placed: &Placed<'_>, port: &PortName| {
        holders(placed.config, port).into_iter().find_map(|of| {
            let profile = placed.config.state.word(EntryKind::IgmpFilter, &of)?;
            let refuses = lets_in(placed.config, profile, group_of(placed)) == Some(false);
            refuses.then(|| placed.config.span_of_setting(EntryKind::IgmpFilter, &of)).flatten()
        })
    };
    for fault in faults(&placed, refused) {
        let message = format!(
            "the IGMP filter on {} refuses group `{}` of {}",
            fault.ports_text(),
            group_of(fault.clusters[0]),
            fault.clusters_text(estate)
        );
        let finding = findings.report(&SNOOPING_FILTER, fault.span, message);
        fault.tell(estate, finding);
        let profile = fault.ports.iter().flat_map(|port| holders(fault.clusters[0].config, port));
        let profile =
            profile.filter_map(|of| fault.clusters[0].config.state.word(EntryKind::IgmpFilter, &of)).next();
        let action = profile.map(|name| Subject::Acl(name.to_owned()));
        let config = fault.clusters[0].config;
        if let Some(span) = action.and_then(|of| config.span_of_setting(EntryKind::IgmpProfileAction, &of)) {
            finding.related(span, "the profile");
        }
        finding.help("let the profile permit the group, or take the filter off the ports that lead to nodes");
        let groups: BTreeSet<Ipv4Addr> = fault.clusters.iter().map(|placed| group_of(placed)).collect();
        let mut cure = Cure::new(config);
        let_in(&mut cure, config, &fault.ports, &groups);
        cure.give(finding);
    }
    let limited = |placed: &Placed<'_>, port: &PortName| {
        holders(placed.config, port).into_iter().find_map(|of| {
            let limit = placed.config.state.number(EntryKind::IgmpGroupLimit, &of)?;
            (limit == 0).then(|| placed.config.span_of_setting(EntryKind::IgmpGroupLimit, &of)).flatten()
        })
    };
    for fault in faults(&placed, limited) {
        let message = format!(
            "{} lets no IGMP group in: {} needs one",
            fault.ports_text(),
            fault.clusters_text(estate)
        );
        let finding = findings.report(&SNOOPING_FILTER, fault.span, message);
        fault.tell(estate, finding);
        finding.help("raise the limit: each cluster in IGMP mode behind the port needs a group");
        let config = fault.clusters[0].config;
        let mut cure = Cure::new(config);
        fault.ports.iter().for_each(|port| cure.take_from_port(EntryKind::IgmpGroupLimit, port));
        cure.give(finding);
    }
}

/// Lets the groups through the filters of these ports: a profile that permits is told to permit them too; one that denies is
/// taken off.
fn let_in(cure: &mut Cure<'_>, config: &ConfigFile<'_>, ports: &PortSet, groups: &BTreeSet<Ipv4Addr>) {
    let held = ports.iter().flat_map(|port| holders(config, port));
    let profiles: BTreeSet<String> =
        held.filter_map(|of| config.state.word(EntryKind::IgmpFilter, &of).map(str::to_owned)).collect();
    let permits = |profile: &String| {
        let of = Subject::Acl(profile.clone());
        config.state.word(EntryKind::IgmpProfileAction, &of) == Some("permit")
    };
    if !profiles.iter().all(permits) {
        return ports.iter().for_each(|port| cure.take_from_port(EntryKind::IgmpFilter, port));
    }
    for (profile, group) in
        profiles.iter().flat_map(|profile| groups.iter().map(move |group| (profile, group)))
    {
        let of = Subject::Acl(profile.clone());
        cure.set(EntryKind::IgmpProfileRange, of, Value::Word(group.to_string()));
    }
}

/// Whether an IGMP profile lets the group in; `None` where the config does not say.
fn lets_in(config: &ConfigFile<'_>, profile: &str, group: Ipv4Addr) -> Option<bool> {
    let of = Subject::Acl(profile.to_owned());
    let permits = config.state.word(EntryKind::IgmpProfileAction, &of)? == "permit";
    let mut listed = false;
    for (list, range) in config.state.settings(EntryKind::IgmpProfileRange).filter(|(list, _)| **list == of) {
        let Value::Word(range) = range else { return None };
        let mut ends = range.split([' ', '-']).filter(|end| !end.is_empty()).map(str::parse::<Ipv4Addr>);
        let first = ends.next()?.ok()?;
        let last = ends.next().transpose().ok()?.unwrap_or(first);
        listed |= *list == of && (first..=last).contains(&group);
    }
    Some(listed == permits)
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, findings_alone};
    use crate::source::Sources;

    /// A cluster in IGMP mode in VLAN 10.
    const CLUSTER: &str = "arp 10.0.0.5 0100.5e7f.0005 ARPA\n\
                           mac address-table static 0100.5e7f.0005 vlan 10 interface Gi1/0/1\n";

    fn found(code: &str, text: &str) -> Vec<String> {
        let found = alone(&[("sw1.cfg", "cisco-ios", text)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn a_profile_that_leaves_the_group_out_is_told() {
        let text = |profile: &str| {
            found(
                "NLB606",
                &format!(
                    "ip igmp profile 1\n{profile}interface GigabitEthernet1/0/1\n ip igmp filter 1\n{CLUSTER}"
                ),
            )
        };
        let told = |line: usize| {
            vec![format!(
                "NLB606 error sw1.cfg:{line}: the IGMP filter on `GigabitEthernet1/0/1` refuses group `239.255.0.5` of cluster `01:00:5e:7f:00:05`"
            )]
        };
        assert_eq!(text(" permit\n range 239.1.0.0 239.1.255.255\n"), told(5));
        assert_eq!(text(" permit\n range 239.255.0.0 239.255.255.255\n"), NONE);
        assert_eq!(text(" deny\n range 239.255.0.5\n"), told(5));
        assert_eq!(text(" deny\n range 239.1.0.0 239.1.255.255\n"), NONE);
        assert_eq!(text(" range 239.255.0.5\n"), NONE, "the action is not stated");
        let limit = |number: u32| {
            found(
                "NLB606",
                &format!("interface GigabitEthernet1/0/1\n ip igmp max-groups {number}\n{CLUSTER}"),
            )
        };
        assert_eq!((limit(0).len(), limit(5).len()), (1, 0));
    }

    #[test]
    fn a_profile_that_permits_is_told_the_group_and_one_that_denies_is_taken_off() {
        let lines = |profile: &str, port: &str| {
            let text = format!("{profile}interface GigabitEthernet1/0/1\n {port}\n{CLUSTER}");
            let found = findings_alone(&[("sw1.cfg", "cisco-ios", &text)], &mut Sources::new());
            let ours = found.into_iter().find(|(finding, _)| finding.code.0 == 606);
            ours.and_then(|(finding, _)| finding.remediation).map(|remedy| remedy.lines.join("/"))
        };
        assert_eq!(
            lines("ip igmp profile 1\n permit\n range 239.1.0.0 239.1.255.255\n", "ip igmp filter 1")
                .as_deref(),
            Some(
                "ip igmp profile 1/ ! unverified: general knowledge of the command reference/ range 239.255.0.5/ exit"
            )
        );
        assert_eq!(
            lines("ip igmp profile 1\n deny\n range 239.255.0.0 239.255.255.255\n", "ip igmp filter 1")
                .as_deref(),
            Some(
                "interface GigabitEthernet1/0/1/ ! unverified: general knowledge of the command reference/ no ip igmp filter 1/ exit"
            )
        );
        assert_eq!(
            lines("", "ip igmp max-groups 0").as_deref(),
            Some(
                "interface GigabitEthernet1/0/1/ ! unverified: general knowledge of the command reference/ no ip igmp max-groups 0/ exit"
            )
        );
    }
}
