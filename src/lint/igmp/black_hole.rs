//! Frames of a cluster that a config sends to router ports only.

use std::collections::BTreeMap;

use super::configs::line_of;
use super::{QUERIER_BLACK_HOLE, is_off_in};
use crate::diagnostic::Severity;
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::lint::cure::give_setting;
use crate::lint::membership::{Placed, lookup_in, placed};
use crate::lint::words::config_text;
use crate::lint::{Estate, Findings};
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::Lookup;

/// The line that sends multicast which no group knows to router ports only, where the frames of the cluster are such: they
/// are looked up by IP, no entry leads them to ports, and not all nodes are behind router ports.
fn hole(at: &Placed<'_>) -> Option<(Subject, Span)> {
    let config = at.config;
    if at.mode == Mode::Unicast || at.entry().is_some() || lookup_in(config, at.vlan).0 != Lookup::Ip {
        return None;
    }
    let facts = config.facts();
    let snooped = [None, Some(at.vlan)].iter().all(|vlan| is_off_in(&config.state, &facts, *vlan).is_none());
    let routers = match config.state.get(&Key::MrouterPort { vlan: at.vlan }) {
        Some(Entry::MrouterPort { ports, .. }) => !at.ports.is_empty() && at.ports.is_subset(ports),
        _ => false,
    };
    let places = [Subject::Vlan(at.vlan), Subject::Switch];
    let of =
        places.into_iter().find(|of| config.state.flag(EntryKind::UnregisteredToRouters, of).is_some())?;
    let on = config.state.flag(EntryKind::UnregisteredToRouters, &of) == Some(true);
    let span = config.span_of_setting(EntryKind::UnregisteredToRouters, &of)?;
    (snooped && !routers && on).then_some((of, span))
}

/// Whether NLB607 tells of the cluster: then its frames neither flood nor are held.
pub(in crate::lint) fn goes_to_routers(at: &Placed<'_>) -> bool {
    hole(at).is_some()
}

/// Frames of a cluster that only router ports get.
pub(super) fn black_hole(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told: BTreeMap<Span, (Subject, Vec<Placed<'_>>)> = BTreeMap::new();
    for at in placed(estate) {
        if let Some((of, span)) = hole(&at) {
            told.entry(span).or_insert_with(|| (of, Vec::new())).1.push(at);
        }
    }
    for (span, (of, clusters)) in told {
        let first = &clusters[0];
        let others = clusters.iter().filter(|at| at.mac != first.mac).count();
        let more = if others == 0 { String::new() } else { format!(" and {others} more") };
        let message = format!(
            "{} likely sends the frames of {}{more} to router ports only: it looks them up by IP, and they are no group's",
            config_text(first.config),
            first.title(estate)
        );
        let finding = findings.report(&QUERIER_BLACK_HOLE, span, message);
        // That frames with a unicast IP fare like groups that nobody joined was measured on software bridges only.
        finding.severity(Severity::Warning);
        first.tell(estate, finding);
        if let Some(line) = line_of(first) {
            finding.related(line, "this cluster");
        }
        finding.help(
            "flood such multicast, or bind the cluster MAC to the ports of its nodes by a static entry",
        );
        give_setting(first.config, finding, EntryKind::UnregisteredToRouters, of, Value::Flag(false));
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
