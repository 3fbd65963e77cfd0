//! Protections of ports that hit a cluster: what is meant against floods and strange MACs stops NLB too.

use std::collections::BTreeSet;

use super::cure::Cure;
use super::membership::{Fault, Placed, faults, flag_at, holders, is_access, is_described, placed};
use super::words::{MOST_RELATED, is_likely, listed};
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::entry::{EntryKind, Subject};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::source::Span;

pub(super) const RULES: &[Rule] =
    &[UNKNOWN_UNICAST_BLOCKED, MULTICAST_BLOCKED, PROTECTED_NODE_PORTS, PORT_SECURITY, NODE_PORT_NOT_EDGE];

/// A port that lets no flooded frames out to a unicast node.
const UNKNOWN_UNICAST_BLOCKED: Rule = Rule {
    code: Code(509),
    name: "unknown-unicast-blocked",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB509.md"),
    check: unknown_unicast_blocked,
};

fn unknown_unicast_blocked(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let blocked = |placed: &Placed<'_>, port: &PortName| {
        let exposed = placed.mode == Mode::Unicast;
        exposed.then(|| flag_at(placed.config, port, EntryKind::BlockUnknownUnicast)).flatten()
    };
    for fault in faults(&placed, blocked) {
        let message = format!(
            "unknown unicast is blocked on {}: nodes of unicast {} get nothing",
            fault.ports_text(),
            fault.clusters_text(estate)
        );
        let finding = findings.report(&UNKNOWN_UNICAST_BLOCKED, fault.span, message);
        fault.tell(estate, finding);
        finding
            .help("lift the block here: a unicast cluster's MAC is never learned, so its frames are flooded");
        cure_flags(&fault, EntryKind::BlockUnknownUnicast, finding);
    }
}

/// A port that lets no multicast out to a node.
const MULTICAST_BLOCKED: Rule = Rule {
    code: Code(510),
    name: "multicast-blocked",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB510.md"),
    check: multicast_blocked,
};

fn multicast_blocked(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let blocked = |placed: &Placed<'_>, port: &PortName| {
        let exposed = placed.mode != Mode::Unicast;
        exposed.then(|| flag_at(placed.config, port, EntryKind::BlockMulticast)).flatten()
    };
    for fault in faults(&placed, blocked) {
        let config = fault.clusters[0].config;
        let only_layer_2 = config.facts().routes().is_some_and(|fact| !fact.value && !is_likely(fact));
        let message = format!(
            "multicast is blocked on {}: heartbeats of {} {}do not reach its nodes",
            fault.ports_text(),
            fault.clusters_text(estate),
            if only_layer_2 { "" } else { "likely " }
        );
        let finding = findings.report(&MULTICAST_BLOCKED, fault.span, message);
        fault.tell(estate, finding);
        if only_layer_2 {
            finding.severity(Severity::Error);
        }
        finding.help("lift the block on the ports that lead to nodes");
        cure_flags(&fault, EntryKind::BlockMulticast, finding);
    }
}

/// Gives the finding the lines that turn a flag off on the ports at fault.
fn cure_flags(fault: &Fault<'_, '_>, kind: EntryKind, finding: &mut Diagnostic) {
    let mut cure = Cure::new(fault.clusters[0].config);
    fault.ports.iter().for_each(|port| cure.take_from_port(kind, port));
    cure.give(finding);
}

/// Nodes that are kept from hearing each other.
const PROTECTED_NODE_PORTS: Rule = Rule {
    code: Code(511),
    name: "protected-node-ports",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB511.md"),
    check: protected_node_ports,
};

fn protected_node_ports(estate: &Estate<'_>, findings: &mut Findings) {
    for placed in placed(estate) {
        let vlan = Subject::Vlan(placed.vlan);
        let isolated = placed.config.state.word(EntryKind::PrivateVlan, &vlan) == Some("isolated");
        let protected = |port: &&PortName| flag_at(placed.config, port, EntryKind::Protected).is_some();
        let ports: PortSet = match isolated {
            true => placed.ports.clone().into_owned(),
            false => placed.ports.iter().filter(protected).cloned().collect(),
        };
        // Two ports of one node keep nobody from anybody.
        if ports.len() < 2 || placed.nodes_behind(estate, &ports).is_some_and(|nodes| nodes < 2) {
            continue;
        }
        let flags = ports.iter().filter_map(|port| flag_at(placed.config, port, EntryKind::Protected));
        let spans: BTreeSet<Span> = match isolated {
            true => placed.config.span_of_setting(EntryKind::PrivateVlan, &vlan).into_iter().collect(),
            false => flags.collect(),
        };
        let Some(first) = spans.first() else { continue };
        let message = format!(
            "{} {}: nodes of {} behind them do not hear each other",
            listed(&ports),
            match isolated {
                true => format!("are in isolated VLAN {}", placed.vlan),
                false => "are protected".to_owned(),
            },
            placed.title(estate)
        );
        let finding = findings.report(&PROTECTED_NODE_PORTS, *first, message);
        placed.tell(estate, finding);
        for span in spans.iter().skip(1).take(MOST_RELATED) {
            finding.related(*span, "a protected port");
        }
        match isolated {
            // What else is in the VLAN may rely on being kept apart.
            true => finding.help("nodes exchange heartbeats: put them into a community VLAN"),
            false => {
                finding.help("nodes exchange heartbeats: take the protection off the ports that lead to them")
            }
        };
        if !isolated {
            let mut cure = Cure::new(placed.config);
            ports.iter().for_each(|port| cure.take_from_port(EntryKind::Protected, port));
            cure.give(finding);
        }
    }
}

/// Port security on a port with a node.
const PORT_SECURITY: Rule = Rule {
    code: Code(512),
    name: "port-security",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB512.md"),
    check: port_security,
};

fn port_security(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let secured =
        |placed: &Placed<'_>, port: &PortName| flag_at(placed.config, port, EntryKind::PortSecurity);
    for fault in faults(&placed, secured) {
        let config = fault.clusters[0].config;
        let maximum = |port: &PortName| {
            let mut held = holders(config, port).into_iter();
            held.find_map(|of| config.state.number(EntryKind::PortSecurityMaximum, &of))
        };
        let virtual_node = |port: &PortName| {
            maximum(port) == Some(1) && fault.clusters.iter().any(|at| at.has_hypervisor(estate, port))
        };
        let starved = fault.ports.iter().find(|port| virtual_node(port));
        let message = match starved {
            Some(port) => format!(
                "port security lets one MAC through `{port}`, behind which a hypervisor runs nodes of {}",
                fault.clusters_text(estate)
            ),
            None => format!(
                "port security on {} likely counts more MACs than one for each node of {}",
                fault.ports_text(),
                fault.clusters_text(estate)
            ),
        };
        let finding = findings.report(&PORT_SECURITY, fault.span, message);
        fault.tell(estate, finding);
        if starved.is_some() {
            finding.severity(Severity::Error);
        }
        finding.help(
            "take it off the ports that lead to nodes, or allow the MACs of all hosts and nodes that may appear there",
        );
        cure_flags(&fault, EntryKind::PortSecurity, finding);
    }
}

/// An access port with a node that spanning tree does not take for an edge.
const NODE_PORT_NOT_EDGE: Rule = Rule {
    code: Code(523),
    name: "node-port-not-edge",
    severity: Severity::Info,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB523.md"),
    check: node_port_not_edge,
};

fn node_port_not_edge(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let no_edge = |placed: &Placed<'_>, port: &PortName| {
        let config = placed.config;
        let edge_by_itself = config.facts().edge_port_default();
        let says_no = config.state.flag(EntryKind::EdgePort, &Subject::Port(port.clone())) == Some(false);
        let knows = says_no || edge_by_itself.is_some_and(|fact| !fact.value && !is_likely(fact));
        let is_edge = config.state.flag(EntryKind::EdgePort, &Subject::Switch) == Some(true)
            || flag_at(config, port, EntryKind::EdgePort).is_some();
        if !knows || is_edge || !is_access(config, port) || !is_described(config, port) {
            return None;
        }
        // One finding for all ports of an entry.
        let entry = placed.entry().and_then(|entry| config.span_of(entry));
        entry.or_else(|| config.span_of_setting(EntryKind::PortMode, &Subject::Port(port.clone())))
    };
    for fault in faults(&placed, no_edge) {
        let message = format!(
            "spanning tree does not take {}, with nodes of {}, for an edge",
            fault.ports_text(),
            fault.clusters_text(estate)
        );
        let finding = findings.report(&NODE_PORT_NOT_EDGE, fault.span, message);
        fault.tell(estate, finding);
        let config = fault.clusters[0].config;
        for port in fault.ports.iter().take(MOST_RELATED) {
            let mode = config.span_of_setting(EntryKind::PortMode, &Subject::Port(port.clone()));
            if let Some(mode) = mode.filter(|mode| *mode != fault.span) {
                finding.related(mode, format!("`{port}` is an access port"));
            }
        }
        finding.help(
            "make them edge ports: else each reboot of a node makes the VLAN forget its MACs and flood",
        );
        let mut cure = Cure::new(config);
        fault.ports.iter().for_each(|port| cure.turn_on(EntryKind::EdgePort, port));
        cure.give(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{MULTICAST, NONE, PORT, UNICAST, found, on_both, on_first};

    #[test]
    fn blocks_hurt_the_mode_whose_frames_they_stop() {
        assert_eq!(on_both(MULTICAST, "switchport block unicast", ""), NONE);
        assert_eq!(on_both(UNICAST, "switchport block multicast", ""), NONE);
        assert_eq!(on_both(MULTICAST, "no switchport block multicast", ""), NONE);
        assert_eq!(
            on_both(UNICAST, "switchport block unicast", ""),
            [
                "NLB509 error sw1.cfg:5: unknown unicast is blocked on `GigabitEthernet1/0/1` and `GigabitEthernet1/0/2`: nodes of unicast cluster `02:bf:ac:1f:01:e8` get nothing"
            ]
        );
        assert_eq!(
            on_first(MULTICAST, "switchport block multicast", ""),
            [
                "NLB510 warning sw1.cfg:5: multicast is blocked on `GigabitEthernet1/0/1`: heartbeats of cluster `03:bf:ac:1f:01:e8` likely do not reach its nodes"
            ]
        );
    }

    #[test]
    fn two_protected_ports_keep_nodes_apart_and_one_does_not() {
        assert_eq!(on_first(MULTICAST, "switchport protected", ""), NONE);
        assert_eq!(
            on_both(MULTICAST, "switchport protected", ""),
            [
                "NLB511 error sw1.cfg:5: `GigabitEthernet1/0/1` and `GigabitEthernet1/0/2` are protected: nodes of cluster `03:bf:ac:1f:01:e8` behind them do not hear each other"
            ]
        );
        let isolated = "vlan 10\n private-vlan isolated\n!\n";
        assert_eq!(
            on_both(MULTICAST, "description x", isolated),
            [
                "NLB511 error sw1.cfg:2: `GigabitEthernet1/0/1` and `GigabitEthernet1/0/2` are in isolated VLAN 10: nodes of cluster `03:bf:ac:1f:01:e8` behind them do not hear each other"
            ]
        );
        let community = isolated.replace("isolated", "community");
        assert_eq!(on_both(MULTICAST, "description x", &community), NONE);
    }

    #[test]
    fn two_ports_of_one_node_may_be_protected() {
        let design = |nodes: &str| {
            let text = format!(
                "clusters: [{{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10, nodes: [{nodes}]}}]\n\
                 switches: [{{name: sw1, vendor: ios, config: sw1.cfg}}]\n"
            );
            let config = format!("interface range Gi1/0/1 - 2\n {PORT}\n switchport protected\n{MULTICAST}");
            found(&text, &[("sw1.cfg", &config)])
        };
        assert_eq!(design("{name: n, attach: [sw1 Gi1/0/1, sw1 Gi1/0/2]}"), NONE);
        assert_eq!(design("{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw1 Gi1/0/2}").len(), 1);
    }

    #[test]
    fn port_security_is_worst_where_it_lets_one_mac_through_to_a_hypervisor() {
        let secured = "switchport port-security maximum 1\n switchport port-security";
        let told = "port security on `GigabitEthernet1/0/1` likely counts more MACs than one for each node of cluster `03:bf:ac:1f:01:e8`";
        assert_eq!(on_first(MULTICAST, secured, ""), [format!("NLB512 warning sw1.cfg:6: {told}")]);
        assert_eq!(on_first(MULTICAST, "switchport port-security maximum 1", ""), NONE);
        let design = "clusters: [{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
                      nodes: [{name: n, host: hv1}, {name: m, attach: sw1 Gi1/0/2}]}]\n\
                      hosts: [{name: hv1, platform: hyper-v, links: [sw1 Gi1/0/1]}]\n\
                      switches: [{name: sw1, vendor: ios, config: sw1.cfg}]\n";
        let config = format!("interface GigabitEthernet1/0/1\n {PORT}\n {secured}\n{MULTICAST}");
        assert_eq!(
            found(design, &[("sw1.cfg", &config)]),
            [
                "NLB512 error 6: port security lets one MAC through `GigabitEthernet1/0/1`, behind which a hypervisor runs nodes of cluster `web`"
            ]
        );
    }

    #[test]
    fn access_ports_of_nodes_are_edge_ports() {
        let one = "no spanning-tree portfast";
        assert_eq!(
            on_first(MULTICAST, one, ""),
            [
                "NLB523 info sw1.cfg:10: spanning tree does not take `GigabitEthernet1/0/1`, with nodes of cluster `03:bf:ac:1f:01:e8`, for an edge"
            ]
        );
        assert_eq!(on_first(MULTICAST, one, "spanning-tree portfast default\n"), NONE);
        assert_eq!(on_first(MULTICAST, "no spanning-tree portfast\n switchport mode trunk", ""), NONE);
    }
}
