//! Inspection of ARP on ports that lead to nodes: what is meant against forged answers stops NLB's too.

use super::cure::Cure;
use super::membership::{Placed, faults, flag_at, is_described, placed};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{EntryKind, Subject};
use crate::net::port::PortName;
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[ARP_INSPECTION_SRC_MAC, ARP_INSPECTION_UNTRUSTED];

/// ARP inspection that compares what NLB makes differ.
const ARP_INSPECTION_SRC_MAC: Rule = Rule {
    code: Code(513),
    name: "arp-inspection-src-mac",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB513.md"),
    check: arp_inspection_src_mac,
};

/// Whether ARP from the port is inspected: of a port that the config does not describe nobody knows.
fn is_inspected(placed: &Placed<'_>, port: &PortName) -> bool {
    let config = placed.config;
    let inspected = config.state.vlans(EntryKind::ArpInspection, &Subject::Switch);
    inspected.is_some_and(|vlans| vlans.contains(placed.vlan))
        && is_described(config, port)
        && flag_at(config, port, EntryKind::ArpInspectionTrust).is_none()
}

fn compares_sources(config: &ConfigFile<'_>) -> Option<Span> {
    let on = config.state.flag(EntryKind::ArpInspectionSource, &Subject::Switch) == Some(true);
    on.then(|| config.span_of_setting(EntryKind::ArpInspectionSource, &Subject::Switch)).flatten()
}

fn arp_inspection_src_mac(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let refused = |placed: &Placed<'_>, port: &PortName| {
        is_inspected(placed, port).then(|| compares_sources(placed.config)).flatten()
    };
    for fault in faults(&placed, refused) {
        let message = format!(
            "ARP inspection drops the answers of {} on {}: it wants both source MACs equal, and NLB's differ",
            fault.clusters_text(estate),
            fault.ports_text()
        );
        let finding = findings.report(&ARP_INSPECTION_SRC_MAC, fault.span, message);
        fault.tell(estate, finding);
        let config = fault.clusters[0].config;
        if let Some(span) = config.span_of_setting(EntryKind::ArpInspection, &Subject::Switch) {
            finding.related(span, "the cluster's VLAN is inspected");
        }
        finding.help("trust the ports that lead to nodes, or leave `src-mac` out of the checks");
        let mut cure = Cure::new(config);
        fault.ports.iter().for_each(|port| cure.turn_on(EntryKind::ArpInspectionTrust, port));
        cure.give(finding);
    }
}

/// ARP inspection or source guard that knows nothing of the nodes.
const ARP_INSPECTION_UNTRUSTED: Rule = Rule {
    code: Code(514),
    name: "arp-inspection-untrusted",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB514.md"),
    check: arp_inspection_untrusted,
};

fn arp_inspection_untrusted(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let bound = |placed: &Placed<'_>| {
        if placed.config.pack.grade_of(EntryKind::ArpBindings).is_none() {
            return true; // the pack would not see a binding
        }
        let bound = placed.config.state.vlans(EntryKind::ArpBindings, &Subject::Switch);
        bound.is_some_and(|vlans| vlans.contains(placed.vlan))
    };
    let unknown = |placed: &Placed<'_>, port: &PortName| {
        if bound(placed) {
            return None;
        }
        let inspected = || {
            let span = placed.config.span_of_setting(EntryKind::ArpInspection, &Subject::Switch);
            span.filter(|_| is_inspected(placed, port) && compares_sources(placed.config).is_none())
        };
        flag_at(placed.config, port, EntryKind::SourceGuard).or_else(inspected)
    };
    for fault in faults(&placed, unknown) {
        let message = format!(
            "{} checked against bindings that nodes of {} do not have",
            match fault.ports.len() {
                1 => format!("{} is", fault.ports_text()),
                _ => format!("{} are", fault.ports_text()),
            },
            fault.clusters_text(estate)
        );
        let finding = findings.report(&ARP_INSPECTION_UNTRUSTED, fault.span, message);
        fault.tell(estate, finding);
        let config = fault.clusters[0].config;
        let guarded = |port: &PortName| flag_at(config, port, EntryKind::SourceGuard) == Some(fault.span);
        let what = match fault.ports.iter().all(guarded) {
            true => "take source guard off",
            false => "trust",
        };
        finding.help(format!(
            "{what} the ports that lead to nodes: NLB uses no DHCP, and a VIP answers with one MAC from several ports"
        ));
        let mut cure = Cure::new(config);
        for port in &fault.ports {
            match guarded(port) {
                true => cure.take_from_port(EntryKind::SourceGuard, port),
                false => cure.turn_on(EntryKind::ArpInspectionTrust, port),
            }
        }
        cure.give(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{MULTICAST, NONE, on_both, on_first};

    #[test]
    fn arp_inspection_spares_trusted_ports_and_other_vlans() {
        let inspect = "ip arp inspection vlan 10\n";
        let compare = "ip arp inspection vlan 10\nip arp inspection validate src-mac\n";
        assert_eq!(
            on_both(MULTICAST, "description x", compare),
            [
                "NLB513 error sw1.cfg:2: ARP inspection drops the answers of cluster `03:bf:ac:1f:01:e8` on `GigabitEthernet1/0/1` and `GigabitEthernet1/0/2`: it wants both source MACs equal, and NLB's differ"
            ]
        );
        assert_eq!(
            on_first(MULTICAST, "ip arp inspection trust", inspect),
            [
                "NLB514 error sw1.cfg:1: `GigabitEthernet1/0/2` is checked against bindings that nodes of cluster `03:bf:ac:1f:01:e8` do not have"
            ]
        );
        assert_eq!(
            on_first(MULTICAST, "ip verify source", ""),
            [
                "NLB514 error sw1.cfg:5: `GigabitEthernet1/0/1` is checked against bindings that nodes of cluster `03:bf:ac:1f:01:e8` do not have"
            ]
        );
        for (more, global) in [
            ("ip arp inspection trust", compare),
            ("ip arp inspection trust", inspect),
            ("description x", "ip arp inspection vlan 20\nip arp inspection validate src-mac\n"),
            ("description x", "ip arp inspection vlan 10\nip arp inspection filter nlb vlan 10\n"),
            ("description x", "ip dhcp snooping vlan 10\n"),
        ] {
            assert_eq!(on_both(MULTICAST, more, global), NONE, "{more} {global}");
        }
    }
}
