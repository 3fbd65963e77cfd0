//! Storm control that takes a cluster's traffic for a storm.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cure::Cure;
use super::membership::{Fault, Placed, carries, faults, is_described, placed};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{EntryKind, Subject};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[STORM_CONTROL];

/// Storm control of the class that the cluster's frames count as.
const STORM_CONTROL: Rule = Rule {
    code: Code(515),
    name: "storm-control",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB515.md"),
    check: storm_control,
};

/// What storm control takes the frames of a mode for.
fn storm_class(mode: Mode) -> (EntryKind, &'static str) {
    match mode {
        Mode::Unicast => (EntryKind::StormControlUnicast, "unknown unicast"),
        Mode::Multicast | Mode::IgmpMulticast => (EntryKind::StormControlMulticast, "multicast"),
    }
}

/// The ports with storm control of the class that surely carry the cluster's frames: those that lead to nodes, and
/// those by which clients come.
fn limited_ports(placed: &Placed<'_>, class: EntryKind) -> PortSet {
    let limited = placed.config.state.settings(class).filter_map(|(of, _)| match of {
        Subject::Port(port) => Some(port),
        _ => None,
    });
    let carries = |port: &&PortName| {
        placed.ports.contains(port)
            || is_described(placed.config, port) && carries(placed.config, port, placed.vlan) == Some(true)
    };
    limited.filter(carries).cloned().collect()
}

fn storm_control(estate: &Estate<'_>, findings: &mut Findings) {
    let mut placed = placed(estate);
    let mut whole: BTreeMap<Span, (usize, bool)> = BTreeMap::new();
    for (number, at) in placed.iter_mut().enumerate() {
        let (class, _) = storm_class(at.mode);
        at.ports = Cow::Owned(limited_ports(at, class));
        if let Some(span) = at.config.span_of_setting(class, &Subject::Switch) {
            whole.entry(span).or_insert((number, shuts(at.config, &Subject::Switch)));
        }
    }
    for (span, (number, shut)) in whole {
        let clusters = vec![&placed[number]];
        report_storm(estate, findings, &Fault { span, ports: PortSet::new(), clusters }, shut);
    }
    let limited = |placed: &Placed<'_>, port: &PortName| {
        let (class, _) = storm_class(placed.mode);
        placed.config.span_of_setting(class, &Subject::Port(port.clone()))
    };
    for fault in faults(&placed, limited) {
        let config = fault.clusters[0].config;
        let shut = fault.ports.iter().any(|port| shuts(config, &Subject::Port(port.clone())));
        report_storm(estate, findings, &fault, shut);
    }
}

fn shuts(config: &ConfigFile<'_>, of: &Subject) -> bool {
    config.state.word(EntryKind::StormControlAction, of) == Some("shutdown")
}

fn report_storm(estate: &Estate<'_>, findings: &mut Findings, fault: &Fault<'_, '_>, shut: bool) {
    let (_, class) = storm_class(fault.clusters[0].mode);
    let on = match fault.ports.is_empty() {
        true => "on the whole switch".to_owned(),
        false => format!("on {}", fault.ports_text()),
    };
    let message = format!(
        "storm control {on} counts the frames to {} as {class} and {}",
        fault.clusters_text(estate),
        if shut { "shuts the port above its level" } else { "cuts them at its level" }
    );
    let finding = findings.report(&STORM_CONTROL, fault.span, message);
    fault.tell(estate, finding);
    if shut {
        finding.severity(Severity::Error);
    }
    finding.help("raise the level above the cluster's traffic, or leave this class out; never shut the port");
    let (kind, _) = storm_class(fault.clusters[0].mode);
    let mut cure = Cure::new(fault.clusters[0].config);
    match fault.ports.is_empty() {
        true => cure.take_back(kind, &Subject::Switch),
        false => fault.ports.iter().for_each(|port| cure.take_back(kind, &Subject::Port(port.clone()))),
    }
    cure.give(finding);
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{MULTICAST, NONE, UNICAST, alone, on_both, on_first};

    #[test]
    fn storm_control_is_told_for_the_class_of_the_mode() {
        let cut = "storm control on `GigabitEthernet1/0/1` counts the frames to cluster";
        assert_eq!(
            on_first(MULTICAST, "storm-control multicast level 1.00", ""),
            [format!(
                "NLB515 warning sw1.cfg:5: {cut} `03:bf:ac:1f:01:e8` as multicast and cuts them at its level"
            )]
        );
        assert_eq!(
            on_first(UNICAST, "storm-control unicast level 1.00\n storm-control action shutdown", ""),
            [format!(
                "NLB515 error sw1.cfg:5: {cut} `02:bf:ac:1f:01:e8` as unknown unicast and shuts the port above its level"
            )]
        );
        assert_eq!(on_first(UNICAST, "storm-control multicast level 1.00", ""), NONE);
        assert_eq!(on_first(MULTICAST, "storm-control broadcast level 1.00", ""), NONE);
        let uplink = |vlans: &str| {
            let trunk = format!(
                "interface GigabitEthernet1/0/48\n switchport mode trunk\n switchport trunk allowed vlan {vlans}\n \
                 storm-control multicast level 1.00\n"
            );
            on_both(MULTICAST, "description x", &trunk).len()
        };
        assert_eq!((uplink("10,20"), uplink("20")), (1, 0));
        let whole = "storm-control multicast 1000\nmac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Te 0/1\n";
        assert_eq!(
            alone(&[("sw1.cfg", "dell-force10", whole)]),
            [
                "NLB515 warning sw1.cfg:1: storm control on the whole switch counts the frames to cluster `03:bf:ac:1f:01:e8` as multicast and cuts them at its level"
            ]
        );
    }
}
