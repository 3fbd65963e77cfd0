//! Gateways whose interface must be told the mode of the clusters behind it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::words::{
    Mender, about, clusters_text, config_shows, config_span, device_text, doubtful_line, is_likely, is_routed,
};
use super::{Estate, Findings, Rule, Scope};
use crate::design::Cluster;
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::vendor::{DynamicArp, UnicastProvision};

pub(super) const RULES: &[Rule] = &[MISSING_CLUSTER_MODE];

/// An interface that takes no ARP replies of the clusters behind it, or those of another mode.
const MISSING_CLUSTER_MODE: Rule = Rule {
    code: Code(412),
    name: "missing-cluster-mode",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB412.md"),
    check: missing_cluster_mode,
};

const KIND: EntryKind = EntryKind::ClusterMode;

fn missing_cluster_mode(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for (number, device) in estate.plan.devices.iter().enumerate() {
        if !config_shows(estate, number, KIND) {
            continue;
        }
        let held = estate.held(number);
        for need in device.needs.iter().filter(|need| need.entry.kind() == KIND) {
            let Entry::Setting { of: Subject::Svi(vlan), value: Value::Word(wanted), .. } = &need.entry
            else {
                continue;
            };
            let told = held.cluster_mode(*vlan);
            if told == Some(wanted.as_str()) {
                continue;
            }
            // A static ARP of every VIP reaches the nodes without the mode, as far as is known.
            let bound: BTreeSet<IpAddr> = held.entries().filter_map(bound_ip).collect();
            let reached = |cluster: &Cluster| cluster.vips().all(|vip| bound.contains(&vip.value));
            let clusters = need.clusters.iter().map(|at| &estate.design().clusters[*at]);
            let cut_off: Vec<&Cluster> = clusters
                .filter(|cluster| is_routed(cluster) && !(told.is_none() && reached(cluster)))
                .collect();
            if cut_off.is_empty() {
                continue;
            }
            let doubt = doubtful_line(estate, number, EntryKind::StaticArp);
            let certain = doubt.is_none() && refuses_otherwise(estate, number, wanted);
            let likely = if certain { "" } else { "likely " };
            let message = match told {
                None => format!(
                    "the interface of VLAN {vlan} on {} is not told the mode of {}: it {likely}does not take the ARP replies",
                    device_text(estate, number),
                    clusters_text(&cut_off)
                ),
                Some(other) => format!(
                    "the interface of VLAN {vlan} on {} {likely}takes the ARP replies of mode `{}`, and {} {} in mode `{wanted}`",
                    device_text(estate, number),
                    quoted(other),
                    clusters_text(&cut_off),
                    if cut_off.len() == 1 { "is" } else { "are" }
                ),
            };
            let of = Subject::Svi(*vlan);
            let line = estate.of_device[number].and_then(|at| estate.configs[at].span_of_setting(KIND, &of));
            let finding =
                findings.report(&MISSING_CLUSTER_MODE, line.unwrap_or(config_span(estate, number)), message);
            finding.switch(device.name.clone());
            if let Some(line) = doubt {
                finding.related(line, "this line is not understood");
            }
            if !certain {
                finding.severity(Severity::Warning);
            }
            finding.help(format!("tell the interface of VLAN {vlan} the mode `{wanted}`"));
            mender.set(estate, number, finding, |entry| *entry == need.entry);
            about(finding, &cut_off);
        }
    }
}

fn bound_ip(entry: &Entry) -> Option<IpAddr> {
    match entry {
        Entry::StaticArp { ip, .. } => Some(IpAddr::V4(*ip)),
        _ => None,
    }
}

/// Whether it is known that the gateway does without the mode what cuts the nodes off.
fn refuses_otherwise(estate: &Estate<'_>, device: usize, mode: &str) -> bool {
    let facts = estate.facts(device);
    match mode {
        "unicast" => {
            let provided =
                facts.unicast_provision().filter(|fact| fact.value == UnicastProvision::ClusterMode);
            provided.is_some_and(|fact| !is_likely(fact))
        }
        _ => {
            let refused = facts.dynamic_arp_multicast().filter(|fact| fact.value == DynamicArp::Refused);
            refused.is_some_and(|fact| !is_likely(fact))
        }
    }
}
