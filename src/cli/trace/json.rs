//! The answer for programs: a contract with version 1. Changes need a new version.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::io::Write;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::forwarding::{Answer, DecidedBy, Fabric, FrameKind, Hop, Trace};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::source::Sources;

const VERSION: u32 = 1;

/// Where the frames of clusters go.
#[derive(JsonSchema)]
#[allow(dead_code)] // its parts are written one by one
#[schemars(deny_unknown_fields, title = "nlbswitch trace")]
struct Contract<'t> {
    /// The version of this document.
    version: u32,
    /// One for each frame: first as things are, then under each condition that changes something.
    traces: Vec<Shown<'t>>,
}

/// A frame, followed to the end.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Shown<'t> {
    /// The cluster's name.
    cluster: &'t str,
    /// What a client sends to a VIP, or what a node tells the others.
    frame: Kind,
    /// `gateway`, `vlan`, or the name of the node that sends it.
    from: &'t str,
    /// The condition; null for how things are.
    what_if: Option<String>,
    /// How it fares. Where a switch does something that nobody knows, the best that can be.
    verdict: Word,
    /// The nodes that get it.
    reached: Vec<&'t str>,
    /// The nodes that do not. One of which nobody can say stands in neither list.
    missed: Vec<&'t str>,
    /// The ports that get it, lead to no node, and are not the way to one.
    bystanders: Vec<End<'t>>,
    /// What each switch that gets it does.
    #[schemars(with = "Vec<Decided<'t>>")]
    switches: Vec<&'t RawValue>,
}

/// Which frame.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Client,
    Heartbeat,
}

/// How a frame fares.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Word {
    /// All nodes get it, and nobody else.
    Confined,
    /// All nodes get it, and others too.
    Flood,
    /// What a client sends does not get to every node.
    BlackHole,
    /// What a node tells the others does not get to all of them.
    Split,
}

/// A port of a switch.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct End<'t> {
    /// The switch, or the stack.
    switch: &'t str,
    /// The port, in its long spelling.
    #[serde(serialize_with = "written")]
    #[schemars(with = "String")]
    port: &'t PortName,
}

/// What one switch does with a frame.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Decided<'t> {
    /// The switch, or the stack.
    switch: &'t str,
    /// The ports the frame leaves by.
    #[serde(serialize_with = "all_written")]
    #[schemars(with = "Vec<String>")]
    ports: &'t PortSet,
    /// The entry or default that decided, in words.
    #[serde(serialize_with = "written")]
    #[schemars(with = "String")]
    decided_by: &'t DecidedBy,
    /// How sure that is: `vendor`, `lab`, `field` or `unverified`.
    evidence: &'t str,
    /// Where it is said: a line of the config, or the switch in the design.
    location: Option<Place>,
}

/// A place in a config or design.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Place {
    /// The file, relative to the working directory.
    path: String,
    /// The line, from 1.
    line: usize,
    /// The column, from 1, in characters.
    column: usize,
}

fn written<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn all_written<S: Serializer>(ports: &PortSet, serializer: S) -> Result<S::Ok, S::Error> {
    struct Written<'p>(&'p PortName);
    impl Serialize for Written<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self.0)
        }
    }
    serializer.collect_seq(ports.iter().map(Written))
}

/// The frames of one answer, each in a line of its own. They are written one cluster at a time, since a flood in a large
/// network names every port of it.
pub(super) fn lines(fabric: &Fabric<'_>, answer: &Answer, sources: &Sources) -> anyhow::Result<String> {
    // Most frames pass the same switches, which do the same with them: that is written once.
    let mut hops: HashMap<*const Hop, Box<RawValue>> = HashMap::new();
    for hop in answer.traces.iter().flat_map(|trace| &trace.switches) {
        if let Entry::Vacant(free) = hops.entry(Arc::as_ptr(hop)) {
            free.insert(serde_json::value::to_raw_value(&decided(fabric, hop, sources))?);
        }
    }
    let mut text = Vec::new();
    for trace in &answer.traces {
        text.extend_from_slice(if text.is_empty() { b"    " } else { b",\n    " });
        serde_json::to_writer(&mut text, &shown(fabric, trace, &hops))?;
    }
    Ok(String::from_utf8(text)?)
}

/// A document that is written as its lines come.
pub(super) struct Document<'o> {
    out: &'o mut dyn Write,
    is_empty: bool,
}

impl<'o> Document<'o> {
    /// Writes its head.
    pub(super) fn begin(out: &'o mut dyn Write) -> anyhow::Result<Self> {
        write!(out, "{{\n  \"version\": {VERSION},\n  \"traces\": [")?;
        Ok(Self { out, is_empty: true })
    }

    /// Writes the frames of one answer.
    pub(super) fn add(&mut self, lines: &str) -> anyhow::Result<()> {
        if !lines.is_empty() {
            self.out.write_all(if std::mem::take(&mut self.is_empty) { b"\n" } else { b",\n" })?;
            self.out.write_all(lines.as_bytes())?;
        }
        Ok(())
    }

    /// Writes its end.
    pub(super) fn end(self) -> anyhow::Result<()> {
        Ok(self.out.write_all(b"\n  ]\n}\n")?)
    }
}

/// The JSON Schema of the document.
pub(in crate::cli) fn schema() -> serde_json::Value {
    let generator = schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12());
    generator.into_root_schema_for::<Contract<'_>>().to_value()
}

fn shown<'t>(
    fabric: &'t Fabric<'_>,
    trace: &'t Trace,
    hops: &'t HashMap<*const Hop, Box<RawValue>>,
) -> Shown<'t> {
    let cluster = &fabric.bound.design.clusters[trace.cluster];
    let node = |node: &usize| cluster.nodes[*node].name.as_str();
    let switch = |device: usize| fabric.plan.devices[device].name.as_str();
    let bystanders = trace.bystanders.iter();
    Shown {
        cluster: cluster.name.as_str(),
        frame: match trace.frame {
            FrameKind::Client => Kind::Client,
            FrameKind::Heartbeat => Kind::Heartbeat,
        },
        from: trace.from.word(cluster),
        what_if: trace.what_if.map(|what_if| what_if.text(fabric, trace.cluster)),
        verdict: match trace.verdict {
            crate::forwarding::Verdict::Confined => Word::Confined,
            crate::forwarding::Verdict::Flood => Word::Flood,
            crate::forwarding::Verdict::BlackHole => Word::BlackHole,
            crate::forwarding::Verdict::Split => Word::Split,
        },
        reached: trace.reached.iter().map(node).collect(),
        missed: trace.missed.iter().map(|missed| node(&missed.node)).collect(),
        bystanders: bystanders.map(|one| End { switch: switch(one.device), port: &one.port }).collect(),
        switches: trace.switches.iter().map(|hop| &*hops[&Arc::as_ptr(hop)]).collect(),
    }
}

fn decided<'t>(fabric: &'t Fabric<'_>, hop: &'t Hop, sources: &Sources) -> Decided<'t> {
    let place = |span| {
        let at = sources.locate(span);
        Place { path: at.path, line: at.line, column: at.column }
    };
    Decided {
        switch: &fabric.plan.devices[hop.device].name,
        ports: &hop.ports,
        decided_by: &hop.decided_by,
        evidence: hop.evidence.as_str(),
        location: hop.location.map(place),
    }
}
