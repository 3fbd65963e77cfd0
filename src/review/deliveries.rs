//! Where the frames of a cluster go: as figures, and as what an item rests on.

use std::collections::BTreeSet;

use super::document::{Deliveries, Delivery, Evidence as Shown, Hop, Port};
use super::evidence::place;
use super::sight::{Sight, View, some, unseen};
use crate::forwarding::{self, Answer, Fabric, Trace, Verdict, WhatIf};
use crate::source::Sources;
use crate::vendor::Evidence;

/// The figures of one cluster.
pub(super) fn deliveries(
    cluster: usize,
    answer: &Answer,
    fabric: &Fabric<'_>,
    sources: &Sources,
) -> Deliveries {
    Deliveries {
        cluster: fabric.bound.design.clusters[cluster].name.to_string(),
        tried: answer.tried,
        frames: answer.traces.iter().map(|trace| delivery(trace, fabric, sources)).collect(),
    }
}

fn delivery(trace: &Trace, fabric: &Fabric<'_>, sources: &Sources) -> Delivery {
    let cluster = &fabric.bound.design.clusters[trace.cluster];
    let name = |node: usize| cluster.nodes[node].name.to_string();
    let names = |list: &mut dyn Iterator<Item = usize>| list.map(name).collect();
    let switch = |device: usize| fabric.plan.devices[device].name.clone();
    let hop = |hop: &forwarding::Hop| Hop {
        switch: switch(hop.device),
        ports: hop.ports.iter().map(ToString::to_string).collect(),
        decided_by: hop.decided_by.to_string(),
        evidence: hop.evidence.as_str(),
        location: hop.location.map(|span| place(span, sources)),
    };
    Delivery {
        frame: trace.frame.as_str(),
        from: trace.from.word(cluster).to_owned(),
        what_if: trace.what_if.map(|what_if| what_if.text(fabric, trace.cluster)),
        verdict: trace.verdict.as_str(),
        known: is_known(trace),
        evidence: trace.evidence().as_str(),
        reached: names(&mut trace.reached.iter().copied()),
        missed: names(&mut missed(trace)),
        unknown: names(&mut trace.unknown.iter().copied()),
        bystanders: trace
            .bystanders
            .iter()
            .map(|one| Port { switch: switch(one.device), port: one.port.to_string() })
            .collect(),
        switches: trace.switches.iter().map(|of| hop(of)).collect(),
    }
}

fn missed(trace: &Trace) -> impl Iterator<Item = usize> + '_ {
    let nodes: BTreeSet<usize> = trace.missed.iter().map(|missed| missed.node).collect();
    nodes.into_iter()
}

/// Whether every switch on the way says what it does, and every node is somewhere.
fn is_known(trace: &Trace) -> bool {
    !trace.is_unknown() && trace.unknown.is_empty()
}

/// How a frame fares, in one line: `client through gateway core1: flood, 2 of 2 nodes, 46 bystanders`.
pub(super) fn sentence(trace: &Trace, fabric: &Fabric<'_>) -> String {
    let cluster = &fabric.bound.design.clusters[trace.cluster];
    let name = |node: usize| cluster.nodes[node].name.as_str();
    let source = trace.from.text(fabric, cluster);
    let condition = trace.what_if.map(|what_if| format!("if {}, ", what_if.text(fabric, trace.cluster)));
    let known = if is_known(trace) { "" } else { " as far as is known" };
    let receivers = trace.reached.len() + missed(trace).count() + trace.unknown.len();
    let lost: Vec<&str> = missed(trace).map(name).collect();
    let lost = if lost.is_empty() { String::new() } else { format!(", not {}", some(&lost)) };
    let bystanders = match trace.bystanders.len() {
        0 => "no bystander".to_owned(),
        1 => "1 bystander".to_owned(),
        many => format!("{many} bystanders"),
    };
    format!(
        "{}{source}: {}{known}, {} of {receivers} nodes{lost}, {bystanders}",
        condition.unwrap_or_default(),
        trace.verdict.as_str(),
        trace.reached.len(),
    )
}

/// How the frames of a cluster fare as things are.
pub(super) fn now(view: &View<'_>, cluster: usize) -> Sight {
    let traces: Vec<&Trace> =
        view.answers[cluster].traces.iter().filter(|trace| trace.what_if.is_none()).collect();
    let told = |traces: &[&Trace]| -> Vec<Shown> {
        traces.iter().map(|trace| Shown::fact(sentence(trace, view.fabric))).collect()
    };
    if traces.is_empty() {
        return unseen("no frame can be followed: the design does not say where nodes and gateways are");
    }
    let against: Vec<&Trace> =
        traces.iter().copied().filter(|trace| trace.verdict != Verdict::Confined).collect();
    let lost = against.iter().any(|trace| trace.verdict != Verdict::Flood);
    let reasons = accepted_floods(view, cluster);
    let evidence = told(&traces);
    match (against.is_empty(), lost) {
        (false, true) => Sight::Against("frames do not get to every node".to_owned(), evidence),
        (false, false) if reasons.is_empty() => {
            Sight::Against("frames get to ports that lead to no node".to_owned(), evidence)
        }
        (false, false) => Sight::Unseen(
            "frames get to others too, which the design accepts".to_owned(),
            [evidence, reasons].concat(),
        ),
        (true, _) => match doubt(view, cluster, &traces) {
            Some(why) => Sight::Unseen(why, evidence),
            None => Sight::Seen(evidence),
        },
    }
}

/// How the frames of a cluster fare when something happens.
pub(super) fn then(view: &View<'_>, cluster: usize) -> Sight {
    let answer = &view.answers[cluster];
    let changed: Vec<&Trace> = answer.traces.iter().filter(|trace| trace.what_if.is_some()).collect();
    let evidence: Vec<Shown> =
        changed.iter().map(|trace| Shown::fact(sentence(trace, view.fabric))).collect();
    if answer.tried == 0 {
        return unseen("the design speaks of no host, gateway or link that could be another");
    }
    let is_lost = |trace: &Trace| matches!(trace.verdict, Verdict::BlackHole | Verdict::Split);
    // A single link is cut off from what is behind it by its nature: whether that may be is not for us to say.
    let is_link = |trace: &Trace| matches!(trace.what_if, Some(WhatIf::LinkDown { .. }));
    if changed.iter().any(|trace| is_lost(trace) && !is_link(trace)) {
        return Sight::Against("then a node is cut off".to_owned(), evidence);
    }
    if !changed.is_empty() {
        return Sight::Unseen("then frames fare otherwise".to_owned(), evidence);
    }
    let now: Vec<&Trace> = answer.traces.iter().collect();
    match doubt(view, cluster, &now) {
        Some(why) => unseen(why),
        None => Sight::Seen(vec![Shown::fact(match answer.tried {
            1 => "1 thing that may happen was tried, and frames fare the same".to_owned(),
            tried => format!("{tried} things that may happen were tried, and frames fare the same"),
        })]),
    }
}

/// Why nobody can say that frames fare as they seem to.
fn doubt(view: &View<'_>, cluster: usize, traces: &[&Trace]) -> Option<String> {
    let passed: BTreeSet<usize> =
        traces.iter().flat_map(|trace| &trace.switches).map(|hop| hop.device).collect();
    let planned = passed.iter().find(|device| view.estate.config(**device).is_none());
    if let Some(device) = planned {
        let name = &view.estate.device(*device).name;
        return Some(format!("planned, not seen on the device: no config of {name} was read"));
    }
    if view.estate.plan.clusters[cluster].unpinnable.is_some() {
        return Some("the design does not say where every node may be".to_owned());
    }
    let unknown = traces.iter().any(|trace| !is_known(trace));
    if unknown {
        return Some("what a switch does with a frame, or where a node is, is not known".to_owned());
    }
    let unshown = traces.iter().find(|trace| trace.evidence() == Evidence::Unverified);
    unshown.map(|_| "it rests on what nobody has shown (unverified)".to_owned())
}

/// The reasons why the design accepts floods on switches of the cluster.
fn accepted_floods(view: &View<'_>, cluster: usize) -> Vec<Shown> {
    let design = view.estate.design();
    let devices = view.estate.plan.clusters[cluster].devices.iter();
    let members = devices.flat_map(|device| &view.estate.device(*device).members);
    let reasons = members.filter_map(|member| design.switches[*member].flood_accepted.as_ref());
    reasons.map(|reason| Shown::at("flooding is accepted", reason.span, view.sources)).collect()
}
