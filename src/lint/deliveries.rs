//! What the forwarding model finds: frames that reach no node, frames that reach others, and nodes that do not hear
//! each other.
//!
//! These rules name an effect. Where another rule has named its cause, on the same switch and for the same cluster,
//! they stay silent.

use std::collections::{BTreeMap, BTreeSet};

use super::layer2::shared_floods;
use super::words::{flood_accepted, listed};
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::forwarding::{Bar, Closed, DecidedBy, FrameKind, From, Hop, Missed, Trace, WhatIf};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::source::Span;
use crate::vendor::Evidence;

pub(super) const RULES: &[Rule] = &[BLACK_HOLE, FLOOD, HEARTBEAT_SPLIT];

/// What clients send does not get to every node.
const BLACK_HOLE: Rule = Rule {
    code: Code(801),
    name: "black-hole",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB801.md"),
    check: black_hole,
};

/// Frames get to ports that hold no node.
const FLOOD: Rule = Rule {
    code: Code(802),
    name: "flood",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB802.md"),
    check: flood,
};

/// What nodes tell each other does not get to all of them.
const HEARTBEAT_SPLIT: Rule = Rule {
    code: Code(803),
    name: "heartbeat-split",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB803.md"),
    check: heartbeat_split,
};

/// Why a frame is lost: what decided on which switch, or the port that a config closes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Closed { device: usize, port: PortName },
    Decided { device: usize, by: u8 },
}

/// What one cause takes from a cluster.
struct Loss<'t> {
    cluster: usize,
    /// The nodes that get nothing as things are.
    now: BTreeSet<usize>,
    /// The same under a condition.
    then: BTreeMap<WhatIf, BTreeSet<usize>>,
    /// Whether some node gets what others do not.
    reached: bool,
    /// The nodes whose heartbeats are lost.
    senders: BTreeSet<usize>,
    hop: Option<&'t Hop>,
    closed: Option<&'t Closed>,
    partly: bool,
}

impl Loss<'_> {
    fn device(&self) -> Option<usize> {
        self.closed.map(|closed| closed.device).or(self.hop.map(|hop| hop.device))
    }

    fn span(&self) -> Option<Span> {
        match self.closed {
            Some(closed) => closed.location,
            None => self.hop.and_then(|hop| hop.location),
        }
    }

    /// Whether it rests on what nobody shows, or on what a host does with its links, or is likely meant.
    fn is_doubtful(&self) -> bool {
        let shown = |hop: &Hop| hop.evidence != Evidence::Unverified;
        self.partly
            || match self.closed {
                Some(closed) => closed.by == Bar::Shut,
                None => !self.hop.is_some_and(shown),
            }
    }
}

fn cause(trace: &Trace, missed: &Missed) -> Option<Cause> {
    match (&missed.closed, missed.at) {
        (Some(Closed { device, port, .. }), _) => Some(Cause::Closed { device: *device, port: port.clone() }),
        (None, Some(at)) => {
            let hop = &trace.switches[at];
            Some(Cause::Decided { device: hop.device, by: kind_of(hop.decided_by) })
        }
        (None, None) => None,
    }
}

/// A number for what decided, the same for what has one cure.
fn kind_of(by: DecidedBy) -> u8 {
    match by {
        DecidedBy::NoArp => 0,
        DecidedBy::WrongMac => 1,
        DecidedBy::OnePort => 2,
        DecidedBy::StaticMac | DecidedBy::StaticMacNonIp => 3,
        DecidedBy::StaticGroup | DecidedBy::Joined => 4,
        DecidedBy::RouterPorts => 5,
        DecidedBy::Dropped => 6,
        DecidedBy::UnregisteredDropped => 7,
        DecidedBy::Broadcast
        | DecidedBy::UnknownUnicast
        | DecidedBy::Unregistered
        | DecidedBy::UnregisteredDespite(_) => 8,
        DecidedBy::Unknown(_) => 9,
        DecidedBy::SviDown => 10,
    }
}

/// The rules that name the cause of a loss.
fn causes_of_loss(loss: &Loss<'_>) -> &'static [u16] {
    match loss.closed.map(|closed| closed.by) {
        Some(Bar::Protected) => return &[511, 521],
        Some(Bar::Shut | Bar::OtherVlan) => return &[504, 505, 522],
        None => {}
    }
    match loss.hop.map(|hop| kind_of(hop.decided_by)) {
        Some(0) => &[116, 401, 402, 403, 407, 409, 410, 411, 412],
        Some(1) => &[101, 102, 103, 104, 105, 106, 107, 108, 112, 115],
        Some(2) => &[405, 412, 705],
        Some(3) => &[116, 209, 501, 502, 503, 504, 505, 507, 508, 522, 703, 707, 710],
        Some(4) => &[108, 601, 602, 603, 604, 606, 608, 609],
        Some(5) => &[607],
        Some(6) => &[520],
        Some(7) => &[517],
        Some(10) => &[407],
        _ => &[509, 510, 511, 517, 518, 521, 522, 705],
    }
}

/// The losses among the frames of one kind, by cluster and cause.
fn losses<'e>(estate: &'e Estate<'_>, kind: FrameKind) -> BTreeMap<(usize, Cause), Loss<'e>> {
    let mut found: BTreeMap<(usize, Cause), Loss<'e>> = BTreeMap::new();
    let traces = estate.answers().iter().flat_map(|answer| &answer.traces);
    for trace in traces.filter(|trace| trace.frame == kind) {
        for missed in &trace.missed {
            let Some(cause) = cause(trace, missed) else { continue };
            let loss = found.entry((trace.cluster, cause)).or_insert_with(|| Loss {
                cluster: trace.cluster,
                now: BTreeSet::new(),
                then: BTreeMap::new(),
                reached: false,
                senders: BTreeSet::new(),
                hop: missed.at.map(|at| trace.switches[at].as_ref()),
                closed: missed.closed.as_ref(),
                partly: missed.partly,
            });
            loss.partly &= missed.partly;
            loss.reached |= !trace.reached.is_empty();
            match trace.what_if {
                None => loss.now.insert(missed.node),
                Some(what_if) => loss.then.entry(what_if).or_default().insert(missed.node),
            };
            if let From::Node(sender) = trace.from {
                loss.senders.insert(sender);
            }
        }
    }
    found
}

fn black_hole(estate: &Estate<'_>, findings: &mut Findings) {
    for loss in losses(estate, FrameKind::Client).values() {
        let cluster = &estate.design().clusters[loss.cluster];
        let likely = if loss.is_doubtful() { "likely " } else { "" };
        let whom = match loss.now.is_empty() || loss.reached {
            true => format!("do not reach {}", nodes_and_condition(estate, loss)),
            false => "reach no node".to_owned(),
        };
        let message = format!("frames to cluster `{}` {likely}{whom}", *cluster.name);
        let finding = findings.report(
            &BLACK_HOLE,
            loss.span().or(Some(cluster.name.span)),
            format!("{message}: {}", because(estate, loss)),
        );
        tell(estate, loss, finding);
    }
}

fn heartbeat_split(estate: &Estate<'_>, findings: &mut Findings) {
    let of_clients = losses(estate, FrameKind::Client);
    for (key, loss) in losses(estate, FrameKind::Heartbeat) {
        if of_clients.contains_key(&key) {
            continue; // NLB801's, or that of the rule which names the cause
        }
        let cluster = &estate.design().clusters[loss.cluster];
        let senders = loss.senders.iter().map(|node| cluster.nodes[*node].name.as_str());
        let message = format!(
            "heartbeats of {} in cluster `{}` {}do not reach {}: {}",
            listed(senders),
            *cluster.name,
            if loss.is_doubtful() { "likely " } else { "" },
            nodes_and_condition(estate, &loss),
            because(estate, &loss)
        );
        let span = loss.span().or(Some(cluster.name.span));
        let finding = findings.report(&HEARTBEAT_SPLIT, span, message);
        tell(estate, &loss, finding);
        finding.help("nodes that do not hear each other answer for the same clients, or for none");
    }
}

/// ``  `n1` ``, ``  `n1` once it runs on `hv3` ``.
fn nodes_and_condition(estate: &Estate<'_>, loss: &Loss<'_>) -> String {
    let cluster = &estate.design().clusters[loss.cluster];
    let named = |nodes: &BTreeSet<usize>| listed(nodes.iter().map(|node| cluster.nodes[*node].name.as_str()));
    if !loss.now.is_empty() {
        return named(&loss.now);
    }
    let Some((first, nodes)) = loss.then.first_key_value() else { return String::new() };
    let more = loss.then.len() - 1;
    let when = match first {
        WhatIf::Moved { node, host } => {
            let host = &estate.design().hosts[*host].name;
            match nodes.len() == 1 && nodes.contains(node) {
                true => format!("once it runs on `{}`", host.value),
                false => format!("once `{}` runs on `{}`", *cluster.nodes[*node].name, host.value),
            }
        }
        WhatIf::FailedOver { to } => format!("once `{}` is the active gateway", estate.device(*to).name),
        WhatIf::UplinkDown { .. } | WhatIf::LinkDown { .. } => "once a link is down".to_owned(),
        WhatIf::QuerierGone => "once nobody asks for reports".to_owned(),
    };
    match more {
        0 => format!("{} {when}", named(nodes)),
        _ => format!("{} {when}, and so in {more} more cases", named(nodes)),
    }
}

fn because(estate: &Estate<'_>, loss: &Loss<'_>) -> String {
    let vlan = estate.design().clusters[loss.cluster].vlan.value;
    if let Some(closed) = loss.closed {
        let name = &estate.device(closed.device).name;
        return match closed.by {
            Bar::Shut => format!("`{}` of `{name}` is shut", closed.port),
            Bar::OtherVlan => format!("`{}` of `{name}` does not carry VLAN {vlan}", closed.port),
            Bar::Protected => {
                format!("`{}` of `{name}` is protected, and so is the port that they come by", closed.port)
            }
        };
    }
    let Some(hop) = loss.hop else { return "no way there is known".to_owned() };
    let name = &estate.device(hop.device).name;
    match hop.decided_by {
        DecidedBy::StaticMac | DecidedBy::StaticMacNonIp => {
            format!("the static MAC entry of `{name}` does not lead there")
        }
        by => format!("on `{name}`, {by}"),
    }
}

fn tell(estate: &Estate<'_>, loss: &Loss<'_>, finding: &mut Diagnostic) {
    let cluster = &estate.design().clusters[loss.cluster];
    finding.cluster(cluster.name.to_string());
    if let Some(device) = loss.device() {
        finding.switch(estate.device(device).name.clone());
    }
    if finding.span != Some(cluster.name.span) {
        finding.related(cluster.name.span, format!("cluster `{}` is described here", *cluster.name));
    }
    if loss.is_doubtful() {
        finding.severity(Severity::Warning);
    }
    finding.help("`nlbswitch trace` shows the way of the frames, switch by switch");
    finding.yields_to = causes_of_loss(loss);
}

/// The rules that name why a switch floods.
fn causes_of_flood(by: DecidedBy) -> &'static [u16] {
    match by {
        DecidedBy::StaticMac | DecidedBy::StaticMacNonIp => &[502, 503, 504, 505, 506],
        DecidedBy::UnknownUnicast | DecidedBy::Broadcast => &[503, 509],
        _ => &[116, 501, 503, 504, 507, 517, 518, 521, 601, 602, 603, 605, 607, 701, 702, 706, 708, 709],
    }
}

/// The ports of one switch that get a cluster's frames for one reason.
struct Exposed<'t> {
    hop: &'t Hop,
    ports: PortSet,
}

fn flood(estate: &Estate<'_>, findings: &mut Findings) {
    if estate.answers().is_empty() {
        return; // what is shared need not be found out
    }
    let shared: BTreeSet<usize> =
        shared_floods(estate).iter().flat_map(|shared| shared.views.iter().map(|view| view.index)).collect();
    for answer in estate.answers() {
        // By switch; what floods by design is one thing, wherever it does.
        let mut exposed: BTreeMap<usize, Exposed<'_>> = BTreeMap::new();
        let now = answer.traces.iter().filter(|trace| trace.what_if.is_none());
        for trace in now.filter(|trace| trace.frame == FrameKind::Client) {
            for bystander in &trace.bystanders {
                let Some(hop) = trace.switches.iter().find(|hop| hop.device == bystander.device) else {
                    continue;
                };
                if matches!(hop.decided_by, DecidedBy::Joined | DecidedBy::StaticGroup) {
                    continue; // a router port: snooping works so
                }
                let known = exposed.entry(bystander.device);
                known.or_insert(Exposed { hop, ports: PortSet::new() }).ports.insert(bystander.port.clone());
            }
        }
        let Some(cluster) = answer.traces.first().map(|trace| trace.cluster) else { continue };
        if shared.contains(&cluster) {
            continue; // NLB519's
        }
        let (by_mode, alone): (Vec<Exposed<'_>>, Vec<Exposed<'_>>) =
            exposed.into_values().partition(|exposed| exposed.hop.decided_by == DecidedBy::UnknownUnicast);
        for one in alone {
            report_flood(estate, cluster, &[one], findings);
        }
        if !by_mode.is_empty() {
            report_flood(estate, cluster, &by_mode, findings);
        }
    }
}

fn report_flood(estate: &Estate<'_>, cluster: usize, exposed: &[Exposed<'_>], findings: &mut Findings) {
    let Some(first) = exposed.first() else { return };
    let cluster = &estate.design().clusters[cluster];
    let count: usize = exposed.iter().map(|exposed| exposed.ports.len()).sum();
    let likely = exposed.iter().any(|exposed| exposed.hop.evidence == Evidence::Unverified);
    let accepted = exposed.iter().all(|exposed| flood_accepted(estate, exposed.hop.device));
    let ports = |exposed: &Exposed<'_>| {
        let device = estate.device(exposed.hop.device);
        format!("{} {}", device.name, device.pack.ports.brief(&exposed.ports))
    };
    let message = format!(
        "frames to cluster `{}` {}reach {} that {} no node: {}",
        *cluster.name,
        if likely { "likely " } else { "" },
        if count == 1 { "1 port".to_owned() } else { format!("{count} ports") },
        if count == 1 { "holds" } else { "hold" },
        listed(exposed.iter().map(ports))
    );
    let span = first.hop.location.unwrap_or(cluster.name.span);
    let finding = findings.report(&FLOOD, span, message);
    finding.cluster(cluster.name.to_string());
    if let [one] = exposed {
        finding.switch(estate.device(one.hop.device).name.clone());
    }
    for other in exposed.iter().skip(1).filter_map(|exposed| exposed.hop.location).take(3) {
        finding.related(other, "here too");
    }
    finding.related(cluster.vlan.span, format!("{}: {}", cluster.name.value, first.hop.decided_by));
    finding.help(match first.hop.decided_by {
        DecidedBy::UnknownUnicast => {
            "keep the VLAN to the cluster, or state `flood_accepted: <reason>` on the switch"
        }
        _ => "take the ports out, hold the frames by a static MAC entry, or state `flood_accepted: <reason>` on the switch",
    });
    if accepted {
        finding.severity(Severity::Info);
    }
    finding.yields_to = causes_of_flood(first.hop.decided_by);
}
