//! The answer for people: for each frame how it fares, switch by switch, and what may happen to it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use crate::forwarding::{Answer, Fabric, FrameKind, From, Hop, Question, Trace, Verdict, WhatIf};
use crate::net::PortSet;
use crate::source::Sources;

/// The answer about one cluster.
pub(super) fn page(fabric: &Fabric<'_>, answer: &Answer, question: &Question, sources: &Sources) -> String {
    let mut page = Page { fabric, sources, out: String::new() };
    page.cluster(answer, question);
    page.out
}

struct Page<'p, 'f> {
    fabric: &'p Fabric<'f>,
    sources: &'p Sources,
    out: String,
}

impl Page<'_, '_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn cluster(&mut self, answer: &Answer, question: &Question) {
        let Some(first) = answer.traces.first() else {
            return self
                .line("no frame can be followed: the design does not say where nodes or gateways are");
        };
        let cluster = &self.fabric.bound.design.clusters[first.cluster];
        let mac = cluster.mac().to_string().to_lowercase();
        let mode = cluster.mode.value.title();
        self.line(&format!("{}: {mode}, {mac}, VLAN {}", *cluster.name, cluster.vlan.value));
        let now: Vec<&Trace> = answer.traces.iter().filter(|trace| trace.what_if.is_none()).collect();
        for group in groups(&now) {
            self.line("");
            self.frame(&group);
        }
        if question.what_ifs.is_empty() {
            return;
        }
        self.line("");
        self.conditions(answer);
    }

    /// One frame, or the heartbeats that fare alike.
    fn frame(&mut self, group: &[&Trace]) {
        let Some(first) = group.first() else { return };
        self.line(&format!("{}: {}", self.source(group), self.fares(first)));
        let rows: Vec<[String; 3]> = self.hops(group);
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (switch, ports) = (width(0), width(1).min(44));
        for [name, out, why] in &rows {
            self.line(&format!("  {name:switch$}  {out:ports$}  {why}"));
        }
        for line in self.stops(first, true) {
            self.line(&format!("  {line}"));
        }
        let bystanders = first.bystanders_by_switch(self.fabric);
        if !bystanders.is_empty() {
            self.line(&format!("  bystanders: {}", bystanders.join("; ")));
        }
        let unknown = self.nodes(first, &first.unknown);
        if !unknown.is_empty() {
            self.line(&format!(
                "  not known: whether {unknown} gets it, since the design states no way there"
            ));
        }
    }

    /// What each switch does; of several frames together.
    fn hops(&self, group: &[&Trace]) -> Vec<[String; 3]> {
        let mut order: Vec<&Hop> = Vec::new();
        let mut ports: BTreeMap<usize, PortSet> = BTreeMap::new();
        let mut told: HashSet<*const Hop> = HashSet::new();
        for hop in group.iter().flat_map(|trace| &trace.switches) {
            if !told.insert(Arc::as_ptr(hop)) {
                continue;
            }
            if !ports.contains_key(&hop.device) {
                order.push(hop);
            }
            ports.entry(hop.device).or_default().extend(hop.ports.iter().cloned());
        }
        let row = |hop: &&Hop| {
            let device = &self.fabric.plan.devices[hop.device];
            let out = match ports.get(&hop.device).map(|ports| device.pack.ports.brief(ports)) {
                Some(out) if !out.is_empty() => out,
                _ => "nothing".to_owned(),
            };
            [device.name.clone(), out, self.why(hop)]
        };
        order.iter().map(row).collect()
    }

    fn why(&self, hop: &Hop) -> String {
        let at = hop.location.map(|span| self.sources.locate(span));
        let at = at.map(|at| format!(", {}:{}", at.path, at.line)).unwrap_or_default();
        format!("{} [{}{at}]", hop.decided_by, hop.evidence)
    }

    /// Where one frame comes from, or those of a group of heartbeats.
    fn source(&self, group: &[&Trace]) -> String {
        match group {
            [] => String::new(),
            [one] => one.from.text(self.fabric, &self.fabric.bound.design.clusters[one.cluster]),
            [first, ..] => {
                let sender = |trace: &&Trace| match trace.from {
                    From::Node(node) => Some(node),
                    _ => None,
                };
                let senders: Vec<usize> = group.iter().filter_map(sender).collect();
                format!("heartbeats of {}", self.nodes(first, &senders))
            }
        }
    }

    /// `flood, all 4 nodes get it, 46 bystanders do`.
    fn fares(&self, trace: &Trace) -> String {
        let mut text = trace.verdict.as_str().to_owned();
        if trace.is_unknown() {
            text.push_str(" as far as is known");
        }
        let of = |partly: bool| {
            let missed = trace.missed.iter().filter(move |missed| missed.partly == partly);
            missed.map(|missed| missed.node).collect::<Vec<_>>()
        };
        let (lost, partly) = (of(false), of(true));
        let reached = trace.reached.len();
        let verb = |nodes: &[usize], one: &'static str, many: &'static str| {
            if nodes.len() == 1 { one } else { many }
        };
        if !lost.is_empty() {
            let names = self.nodes(trace, &lost);
            let _ = match reached + partly.len() {
                0 => write!(text, ", no node gets it"),
                _ => write!(text, ", {names} {} not get it", verb(&lost, "does", "do")),
            };
        }
        if !partly.is_empty() {
            let names = self.nodes(trace, &partly);
            let _ = write!(text, ", {names} {} it by some uplinks only", verb(&partly, "gets", "get"));
        }
        if trace.missed.is_empty() {
            let others = if trace.frame == FrameKind::Heartbeat { "other node" } else { "node" };
            let _ = match (reached, trace.unknown.is_empty()) {
                (0, _) => write!(text, ", no {others} is known to get it"),
                (1, _) => write!(text, ", 1 {others} gets it"),
                (_, true) => write!(text, ", all {reached} {others}s get it"),
                (_, false) => write!(text, ", {reached} {others}s get it"),
            };
        }
        match trace.bystanders.len() {
            0 => {}
            1 => text.push_str(", 1 bystander does"),
            many => {
                let _ = write!(text, ", {many} bystanders do");
            }
        }
        text
    }

    /// `n1, n2 and n3`.
    fn nodes(&self, trace: &Trace, nodes: &[usize]) -> String {
        let cluster = &self.fabric.bound.design.clusters[trace.cluster];
        let names: Vec<&str> = nodes.iter().map(|node| cluster.nodes[*node].name.as_str()).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    /// Where the frame stops that does not get to every node; with the reason, unless it was told of each switch.
    fn stops(&self, trace: &Trace, reasons_told: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for missed in &trace.missed {
            let hop = missed.at.map(|at| &trace.switches[at]);
            let line = match (&missed.closed, hop) {
                (Some(closed), _) => {
                    let device = &self.fabric.plan.devices[closed.device];
                    let at = closed.location.map(|span| self.sources.locate(span));
                    let at = at.map(|at| format!(" [{}:{}]", at.path, at.line)).unwrap_or_default();
                    let port = device.pack.ports.brief(std::slice::from_ref(&closed.port));
                    format!("{} {port} {}{at}", device.name, closed.by.text())
                }
                (None, Some(hop)) => {
                    let name = &self.fabric.plan.devices[hop.device].name;
                    match reasons_told {
                        true => format!("it stops at {name}"),
                        false => format!("{name} does not pass it on: {}", self.why(hop)),
                    }
                }
                (None, None) => continue,
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// What may happen, and what it changes.
    fn conditions(&mut self, answer: &Answer) {
        let told: BTreeSet<WhatIf> = answer.traces.iter().filter_map(|trace| trace.what_if).collect();
        let tried = answer.tried;
        let things = if tried == 1 { "1 thing".to_owned() } else { format!("{tried} things") };
        self.line(&match told.len() {
            _ if tried == 0 => "what may happen: nothing that the design speaks of".to_owned(),
            0 => format!("what may happen: {things} tried, and frames fare the same"),
            1 => format!("what may happen: {things} tried, 1 changes something"),
            many => format!("what may happen: {things} tried, {many} change something"),
        });
        let mut last = None;
        let then: Vec<&Trace> = answer.traces.iter().filter(|trace| trace.what_if.is_some()).collect();
        for group in groups(&then) {
            let Some((first, what_if)) = group.first().and_then(|first| Some((first, first.what_if?))) else {
                continue;
            };
            if last != Some(what_if) {
                self.line(&format!("  if {}", what_if.text(self.fabric, first.cluster)));
                last = Some(what_if);
            }
            self.line(&format!("    {}: {}", self.source(&group), self.fares(first)));
            for line in self.stops(first, false) {
                self.line(&format!("      {line}"));
            }
            if first.verdict == Verdict::Flood {
                let bystanders = first.bystanders_by_switch(self.fabric);
                self.line(&format!("      bystanders: {}", bystanders.join("; ")));
            }
        }
    }
}

/// The frames, those heartbeats together that fare alike under the same condition.
fn groups<'t>(traces: &[&'t Trace]) -> Vec<Vec<&'t Trace>> {
    let alike = |one: &Trace, other: &Trace| {
        one.frame == FrameKind::Heartbeat
            && other.frame == FrameKind::Heartbeat
            && one.what_if == other.what_if
            && one.verdict == other.verdict
            && one.missed.is_empty()
            && other.missed.is_empty()
            && one.bystanders == other.bystanders
            && one.unknown == other.unknown
            && one.is_unknown() == other.is_unknown()
    };
    let mut groups: Vec<Vec<&Trace>> = Vec::new();
    for trace in traces {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| alike(first, trace))) {
            Some(group) => group.push(trace),
            None => groups.push(vec![trace]),
        }
    }
    groups
}
