//! The snippet of one device: header, commands in the order that is safe, rollback and checks, with the evidence of
//! every line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::ground::{Ground, Known};
use super::header::{cluster_facts, header, remarks};
use super::job::{Job, LeftOut};
use super::view::ClusterFacts;
use super::writer::{Part, RenderError, Sheet, Writer, Writers};
use crate::design::Design;
use crate::entry::{Entry, EntryKind};
use crate::plan::{DevicePlan, Need, Plan};
use crate::vendor::{Advice, Evidence};

/// What is wanted of a snippet.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only these clusters, by their position in the design; all when `None`.
    pub clusters: Option<BTreeSet<usize>>,
    /// Leave out entries whose lines nobody has shown.
    pub verified_only: bool,
    /// What the configs of the devices hold, by the devices' names, where their packs [need to
    /// know](crate::vendor::Pack::needs_ground).
    pub known: Arc<BTreeMap<String, Known>>,
}

impl Options {
    /// What `device` has already.
    pub(super) fn ground<'o>(&'o self, device: &DevicePlan) -> Ground<'o> {
        match self.known.get(&device.name) {
            Some(known) => known.ground(),
            None => Ground::unknown(),
        }
    }
}

/// One line of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SnippetLine {
    /// The line, with its indentation.
    pub text: String,
    /// How sure it is that the device takes it so; `None` for comments and for lines that only open or close a block.
    pub evidence: Option<Evidence>,
    /// Where that is said.
    pub source: Option<Arc<str>>,
}

/// One entry of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnippetEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// The clusters that demand it.
    pub clusters: Vec<String>,
}

/// Everything for one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The device.
    pub switch: String,
    /// Its pack.
    pub vendor: String,
    /// Its platform, where the design states a known one.
    pub platform: Option<String>,
    /// The clusters it is about.
    pub clusters: Vec<String>,
    /// The entries.
    pub entries: Vec<SnippetEntry>,
    /// The comment lines at the top: the device, its clusters, and how each MAC is derived.
    pub header: Vec<String>,
    /// The comment lines of the notes and of what was left out.
    pub remarks: Vec<String>,
    /// The lines that set the entries.
    pub apply: Vec<SnippetLine>,
    /// The lines that take them back.
    pub rollback: Vec<SnippetLine>,
    /// The commands that show them, and what to look for.
    pub verify: Vec<SnippetLine>,
    /// What was left out, and why.
    pub left_out: Vec<String>,
    /// What the engineer should know.
    pub notes: Vec<Note>,
}

/// Something the engineer should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What.
    pub text: String,
    /// How sure it is; `None` for what follows from the design.
    pub evidence: Option<Evidence>,
    /// Where it is said.
    pub source: Option<String>,
}

/// Writes the snippets of `devices`, each with its device, on as many threads as there are. The order is that of
/// `devices`, and an error that of the first device that has one.
///
/// # Errors
/// As [`snippet`].
pub fn snippets<'p>(
    plan: &'p Plan<'_>,
    devices: &[&'p DevicePlan],
    design: &Design,
    options: &Options,
) -> Result<Vec<(&'p DevicePlan, Snippet)>, RenderError> {
    let writers = Writers::default();
    let written: Vec<Result<Option<Snippet>, RenderError>> = devices
        .par_iter()
        .map(|device| {
            let writer = if device.pack.renders() { Some(writers.get(&device.pack)?) } else { None };
            snippet(plan, device, design, writer.as_deref(), options)
        })
        .collect();
    let with_device = devices.iter().zip(written).map(|(device, snippet)| Ok((*device, snippet?)));
    let all = with_device.filter_map(|pair| match pair {
        Ok((device, snippet)) => snippet.map(|snippet| Ok((device, snippet))),
        Err(error) => Some(Err(error)),
    });
    all.collect()
}

/// Writes the snippet of one device and reads it back. `None` when `options` leave no cluster on it.
///
/// # Errors
/// [`RenderError`] when a template is wrong, or what was written does not read back as what was meant.
pub fn snippet(
    plan: &Plan<'_>,
    device: &DevicePlan,
    design: &Design,
    writer: Option<&Writer>,
    options: &Options,
) -> Result<Option<Snippet>, RenderError> {
    let Some((mut brief, facts)) = Brief::new(plan, device, design, options) else { return Ok(None) };
    let (mut apply, mut rollback, mut verify) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(writer) = writer {
        let job = Job { device, design, writer, facts: &facts, ground: options.ground(device) };
        let (sheet, lines) = brief.fit(&job, options)?;
        (apply, rollback) = job.proven(&brief.needs, lines, sheet.lines(Part::Rollback)?)?;
        verify = job.checks(&sheet)?;
    }
    let entries = brief.needs.iter().map(|need| brief.entry(need.entry.clone(), &need.clusters)).collect();
    Ok(Some(brief.finish(entries, apply, rollback, verify)))
}

/// The commands that show what the device must hold of these kinds; none when `options` leave no cluster on it.
///
/// # Errors
/// [`RenderError`] when a template is wrong.
pub fn checks(
    plan: &Plan<'_>,
    device: &DevicePlan,
    design: &Design,
    writer: &Writer,
    options: &Options,
    kinds: &[EntryKind],
) -> Result<Vec<SnippetLine>, RenderError> {
    let Some((mut brief, facts)) = Brief::new(plan, device, design, options) else { return Ok(Vec::new()) };
    brief.needs.retain(|need| kinds.contains(&need.entry.kind()));
    if brief.needs.is_empty() {
        return Ok(Vec::new());
    }
    let job = Job { device, design, writer, facts: &facts, ground: options.ground(device) };
    let (sheet, _) = brief.fit(&job, options)?;
    job.checks(&sheet)
}

/// What is to be written for one device, before a line of it is.
pub(super) struct Brief<'a> {
    device: &'a DevicePlan,
    design: &'a Design,
    /// The clusters it is about, by their position in the design.
    pub(super) clusters: Vec<usize>,
    /// What the device must hold for them.
    pub(super) needs: Vec<&'a Need>,
    /// What is left out, and why.
    pub(super) left_out: LeftOut,
}

impl<'a> Brief<'a> {
    /// What `device` must hold, and its clusters as the templates see them; `None` when `options` leave no cluster on it.
    pub(super) fn new(
        plan: &Plan<'_>,
        device: &'a DevicePlan,
        design: &'a Design,
        options: &Options,
    ) -> Option<(Self, Vec<ClusterFacts>)> {
        let wanted =
            |cluster: &usize| options.clusters.as_ref().is_none_or(|chosen| chosen.contains(cluster));
        let clusters: Vec<usize> = device.clusters.iter().copied().filter(wanted).collect();
        if clusters.is_empty() {
            return None;
        }
        let mut left_out = LeftOut::default();
        for withheld in device.withheld.iter().filter(|withheld| wanted(&withheld.cluster)) {
            let cluster = design.clusters[withheld.cluster].name.as_str();
            left_out.say(withheld.text(cluster, |number| plan.devices[number].name.clone()));
        }
        let facts = clusters.iter().map(|index| {
            let cluster = &design.clusters[*index];
            cluster_facts(cluster, device.pack.mac, plan.inlets(device, *index, cluster.vlan.value))
        });
        let brief = Self {
            device,
            design,
            needs: device.needs.iter().filter(|need| need.clusters.iter().any(wanted)).collect(),
            left_out,
            clusters: clusters.clone(),
        };
        Some((brief, facts.collect()))
    }

    /// Leaves out what the device would not take, and where that is wanted what nobody has shown. Gives what is left,
    /// written.
    pub(super) fn fit(
        &mut self,
        job: &Job<'a>,
        options: &Options,
    ) -> Result<(Sheet<'a>, Vec<String>), RenderError> {
        if options.verified_only {
            job.drop_unverified(&mut self.needs, &mut self.left_out)?;
        }
        job.apply(&mut self.needs, &mut self.left_out)
    }

    /// An entry with those of the clusters that demand it.
    pub(super) fn entry(&self, entry: Entry, clusters: &[usize]) -> SnippetEntry {
        SnippetEntry { entry, clusters: self.names(clusters) }
    }

    /// The names of those of `clusters` that it is about.
    pub(super) fn names(&self, clusters: &[usize]) -> Vec<String> {
        let chosen = clusters.iter().filter(|index| self.clusters.contains(index));
        chosen.map(|index| self.design.clusters[*index].name.to_string()).collect()
    }

    /// The snippet, with its comments.
    pub(super) fn finish(
        self,
        entries: Vec<SnippetEntry>,
        apply: Vec<SnippetLine>,
        rollback: Vec<SnippetLine>,
        verify: Vec<SnippetLine>,
    ) -> Snippet {
        let Self { device, design, .. } = self;
        let kinds: BTreeSet<EntryKind> = entries.iter().map(|entry| entry.entry.kind()).collect();
        let own = device.model.platform.map(|platform| device.pack.platforms[platform].advice.iter());
        let fits = |advice: &&Advice| advice.about.is_none_or(|kind| kinds.contains(&kind));
        let advice = device.pack.advice.iter().chain(own.into_iter().flatten()).filter(fits);
        let advice = advice.map(|advice| Note {
            text: advice.value.to_string(),
            evidence: Some(advice.evidence),
            source: advice.source.as_ref().map(ToString::to_string),
        });
        let planned =
            device.notes.iter().map(|text| Note { text: text.clone(), evidence: None, source: None });
        let notes: Vec<Note> = planned.chain(advice).collect();
        // The name the design uses: an alias such as `catalyst-9300` is what its owner knows the switch by.
        let stated_platform =
            design.switches[device.members[0]].platform.as_ref().map(|platform| platform.as_str());
        let mut snippet = Snippet {
            switch: device.name.clone(),
            vendor: device.pack.name().to_owned(),
            platform: device.model.platform.and(stated_platform).map(str::to_owned),
            clusters: self.names(&self.clusters),
            entries,
            header: Vec::new(),
            remarks: Vec::new(),
            apply,
            rollback,
            verify,
            left_out: self.left_out.lines,
            notes,
        };
        snippet.remarks = remarks(&snippet, &device.pack.comment);
        snippet.header = header(&snippet, device, self.clusters.iter().map(|index| &design.clusters[*index]));
        snippet
    }
}
