//! Which pictures a review has of each cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::deliveries::sentence;
use super::document::{Place, SwitchLines};
use super::evidence::place;
use crate::forwarding::{Answer, Fabric, FrameKind, Hop, Trace, Verdict, WhatIf};
use crate::picture;
use crate::source::Sources;

/// Pictures of things that may happen, for each cluster, at most.
const CONDITIONS: usize = 6;
/// Above this many clusters each has one picture only.
const MANY_CLUSTERS: usize = 24;

/// The pictures of a review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pictures {
    /// Those that it has, cluster by cluster.
    pub drawn: Vec<Picture>,
    /// How many of each cluster it could have beside them, since there are too many for a page.
    pub left_out: BTreeMap<String, usize>,
}

/// A picture of one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// The cluster.
    pub cluster: String,
    /// What it shows, in one line.
    pub title: String,
    /// The picture, as an element of a page that has [`picture::STYLE`].
    pub svg: String,
    /// What each switch that gets the frame does.
    pub switches: Vec<Decided>,
    /// The ports that get it and lead to no node, by switch, short.
    pub bystanders: Vec<String>,
}

/// What a switch does with a frame, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The switch.
    pub switch: String,
    /// The ports the frame leaves by, short.
    pub ports: String,
    /// What decided.
    pub decided_by: String,
    /// How sure that is.
    pub evidence: &'static str,
    /// Where it is said.
    pub location: Option<Place>,
}

/// The pictures of all clusters. A click on a switch leads to its place in `switches`.
///
/// # Errors
/// When a picture cannot be written: a mistake of ours.
pub(super) fn pictures(
    fabric: &Fabric<'_>,
    answers: &[Answer],
    switches: &[SwitchLines],
    sources: &Sources,
) -> Result<Pictures, minijinja::Error> {
    let link = |device: usize| {
        let name = &fabric.plan.devices[device].name;
        let place = switches.iter().position(|switch| switch.name == *name)?;
        Some(format!("#{}", anchor(place)))
    };
    let mut pictures = Pictures::default();
    for answer in answers {
        let wanted = chosen(answer);
        let now = wanted.iter().filter(|trace| trace.what_if.is_none()).count();
        let kept = if answers.len() > MANY_CLUSTERS { 1 } else { now + CONDITIONS };
        let Some(first) = wanted.first() else { continue };
        let cluster = fabric.bound.design.clusters[first.cluster].name.to_string();
        pictures.left_out.insert(cluster.clone(), wanted.len().saturating_sub(kept));
        for trace in wanted.into_iter().take(kept) {
            let id = format!("picture-{}", pictures.drawn.len() + 1);
            let frame = picture::Frame { id: &id, alone: false, link: &link };
            pictures.drawn.push(Picture {
                cluster: cluster.clone(),
                title: sentence(trace, fabric),
                svg: picture::svg(fabric, trace, &frame)?,
                switches: trace.switches.iter().map(|hop| decided(hop, fabric, sources)).collect(),
                bystanders: trace.bystanders_by_switch(fabric),
            });
        }
    }
    Ok(pictures)
}

fn decided(hop: &Hop, fabric: &Fabric<'_>, sources: &Sources) -> Decided {
    let device = &fabric.plan.devices[hop.device];
    Decided {
        switch: device.name.clone(),
        ports: device.pack.ports.brief(&hop.ports),
        decided_by: hop.decided_by.to_string(),
        evidence: hop.evidence.as_str(),
        location: hop.location.map(|span| place(span, sources)),
    }
}

/// What the place of a switch in the page is called.
fn anchor(place: usize) -> String {
    format!("switch-{}", place + 1)
}

/// What clients send, always; heartbeats that do not fare as they should, and conditions that cut nodes off.
fn chosen(answer: &Answer) -> Vec<&Trace> {
    let now = |trace: &&Trace| trace.what_if.is_none();
    let clients = answer.traces.iter().filter(now).filter(|trace| trace.frame == FrameKind::Client);
    let wrong = |trace: &&Trace| trace.frame == FrameKind::Heartbeat && trace.verdict != Verdict::Confined;
    let heartbeat = answer.traces.iter().filter(now).find(wrong);
    let mut told: BTreeSet<WhatIf> = BTreeSet::new();
    let lost = answer.traces.iter().filter(|trace| !trace.missed.is_empty());
    let conditions = lost.filter(|trace| trace.what_if.is_some_and(|what_if| told.insert(what_if)));
    let conditions: Vec<&Trace> = conditions.collect();
    clients.chain(heartbeat).chain(conditions).collect()
}
