//! Frames of a cluster that a config sends to router ports only.

use std::collections::{BTreeMap, BTreeSet};

use super::configs::line_of;
use super::{QUERIER_BLACK_HOLE, is_off_in};
use crate::diagnostic::{Diagnostic, Severity};
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::forwarding::{DecidedBy, FrameKind};
use crate::lint::cure::give_setting;
use crate::lint::membership::{Placed, lookup_in, placed};
use crate::lint::words::{config_text, device_text};
use crate::lint::{ConfigFile, Estate, Findings};
use crate::net::PortSet;
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::{Evidence, Lookup, PortCount, WithQuerier};

/// Why the frames of a cluster go to router ports only.
struct Hole {
    /// The line that says so, or that makes the platform do so: its querier's.
    span: Span,
    /// What the line is about, where it is a setting that can be taken back.
    of: Option<Subject>,
    /// How sure it is that frames with a unicast IP fare so.
    evidence: Evidence,
}

/// Whether a switch sends the frames of the cluster to router ports only: they are looked up by IP, no entry leads them to
/// ports, and not all nodes are behind router ports.
fn hole(at: &Placed<'_>) -> Option<Hole> {
    let config = at.config;
    let facts = config.facts();
    let led = at.entry().is_some() && facts.static_mac_ports() != PortCount::NonIp;
    if at.mode == Mode::Unicast || led || lookup_in(config, at.vlan).0 != Lookup::Ip {
        return None;
    }
    let snooped = [None, Some(at.vlan)].iter().all(|vlan| is_off_in(&config.state, &facts, *vlan).is_none());
    if !snooped || (!at.ports.is_empty() && at.ports.is_subset(&router_ports(config, at.vlan))) {
        return None;
    }
    let places = [Subject::Vlan(at.vlan), Subject::Switch];
    let said = |of: &Subject| config.state.flag(EntryKind::UnregisteredToRouters, of);
    if let Some(of) = places.into_iter().find(|of| said(of).is_some()) {
        let span = config.span_of_setting(EntryKind::UnregisteredToRouters, &of)?;
        // That frames with a unicast IP fare like groups that nobody joined was measured on software bridges only.
        let evidence = Evidence::Unverified;
        return (said(&of) == Some(true)).then_some(Hole { span, of: Some(of), evidence });
    }
    let fact = facts.unregistered_with_querier().filter(|fact| fact.value == WithQuerier::RouterPorts)?;
    let asks = |vlan| config.state.get(&Key::IgmpQuerier { vlan });
    let querier = asks(Some(at.vlan)).or_else(|| asks(None))?;
    Some(Hole { span: config.span_of(querier)?, of: None, evidence: fact.evidence })
}

/// The ports that the config makes router ports in the VLAN.
fn router_ports(config: &ConfigFile<'_>, vlan: u16) -> PortSet {
    let everywhere =
        config.state.settings(EntryKind::RouterPort).filter_map(|(of, value)| match (of, value) {
            (Subject::Port(port), Value::Flag(true)) => Some(port.clone()),
            _ => None,
        });
    let mut ports: PortSet = everywhere.collect();
    if let Some(Entry::MrouterPort { ports: stated, .. }) = config.state.get(&Key::MrouterPort { vlan }) {
        ports.extend(stated.iter().cloned());
    }
    ports
}

/// Whether NLB607 tells of the cluster: then its frames neither flood nor are held.
pub(in crate::lint) fn goes_to_routers(at: &Placed<'_>) -> bool {
    hole(at).is_some()
}

/// Frames of a cluster that only router ports get.
pub(super) fn black_hole(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told: BTreeMap<Span, (Hole, Vec<Placed<'_>>)> = BTreeMap::new();
    let mut known: BTreeSet<(usize, usize)> = BTreeSet::new();
    for at in placed(estate) {
        if let Some(hole) = hole(&at) {
            known.extend(at.cluster.zip(at.config.device));
            told.entry(hole.span).or_insert_with(|| (hole, Vec::new())).1.push(at);
        }
    }
    for (span, (hole, clusters)) in told {
        let first = &clusters[0];
        let others = clusters.iter().filter(|at| at.mac != first.mac).count();
        let more = if others == 0 { String::new() } else { format!(" and {others} more") };
        let message = format!(
            "{} {}sends the frames of {}{more} to router ports only: it looks them up by IP, and they are no group's",
            config_text(first.config),
            likely(hole.evidence),
            first.title(estate)
        );
        let finding = findings.report(&QUERIER_BLACK_HOLE, span, message);
        grade(finding, hole.evidence);
        first.tell(estate, finding);
        if let Some(line) = line_of(first) {
            finding.related(line, "this cluster");
        }
        match hole.of {
            Some(of) => {
                finding.help(
                    "flood such multicast, or bind the cluster MAC to the ports of its nodes by a static entry",
                );
                give_setting(first.config, finding, EntryKind::UnregisteredToRouters, of, Value::Flag(false));
            }
            None => {
                finding.help(REMEDY);
            }
        }
    }
    by_another_querier(estate, &known, findings);
}

/// What keeps the frames of a cluster on its nodes' ports where only router ports get them.
const REMEDY: &str = "make the ports of the nodes router ports before anything asks for reports in the VLAN";

/// The same where the querier is another switch, or where no config is there: by the ways of the frames.
fn by_another_querier(estate: &Estate<'_>, known: &BTreeSet<(usize, usize)>, findings: &mut Findings) {
    let mut told = known.clone();
    let now = estate.answers().iter().flat_map(|answer| &answer.traces);
    let now = now.filter(|trace| trace.what_if.is_none() && trace.frame == FrameKind::Client);
    for (trace, at) in
        now.flat_map(|trace| trace.missed.iter().filter_map(move |missed| Some((trace, missed.at?))))
    {
        let hop = &trace.switches[at];
        if hop.decided_by != DecidedBy::RouterPorts || !told.insert((trace.cluster, hop.device)) {
            continue;
        }
        let cluster = &estate.design().clusters[trace.cluster];
        let message = format!(
            "{} {}sends the frames of cluster `{}` to router ports only: it looks them up by IP, and they are no group's",
            device_text(estate, hop.device),
            likely(hop.evidence),
            *cluster.name
        );
        let span = hop.location.unwrap_or(cluster.name.span);
        let finding = findings.report(&QUERIER_BLACK_HOLE, span, message);
        grade(finding, hop.evidence);
        finding.switch(estate.device(hop.device).name.clone()).cluster(cluster.name.to_string());
        finding.related(cluster.mode.span, format!("cluster `{}` is described here", *cluster.name));
        finding.help(REMEDY);
    }
}

fn likely(evidence: Evidence) -> &'static str {
    if evidence == Evidence::Unverified { "likely " } else { "" }
}

fn grade(finding: &mut Diagnostic, evidence: Evidence) {
    if evidence == Evidence::Unverified {
        finding.severity(Severity::Warning);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::igmp::configs::tests::found;

    #[test]
    fn multicast_for_router_ports_only_leaves_the_nodes_out() {
        let config = |more: &str, entry: &str| {
            format!(
                "ip igmp snooping enable\n{more}!\ninterface Vlan 10\n ip address 10.0.0.254/24\n!\n\
                 arp 10.0.0.1 03:bf:0a:00:00:01 Te 0/1\n{entry}"
            )
        };
        let hole = |more: &str, entry: &str| found(607, "dell-force10", &[("a.cfg", &config(more, entry))]);
        assert_eq!(hole("", ""), []);
        assert_eq!(
            hole("no ip igmp snooping flood\n", ""),
            [(
                "warning a.cfg:2: `a` (dell-force10) likely sends the frames of cluster `03:bf:0a:00:00:01` to router \
                 ports only: it looks them up by IP, and they are no group's"
                    .to_owned(),
                vec!["ip igmp snooping flood".to_owned()]
            )]
        );
        assert_eq!(hole("no ip igmp snooping flood\nip igmp snooping flood\n", ""), []);
        let entry = "mac-address-table static 03:bf:0a:00:00:01 multicast vlan 10 output-range Te 0/1\n";
        assert_eq!(hole("no ip igmp snooping flood\n", entry), []);
        let off = config("no ip igmp snooping flood\n", "").replace("ip igmp snooping enable\n", "");
        assert_eq!(found(607, "dell-force10", &[("a.cfg", &off)]), []);
    }
}
