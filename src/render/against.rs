//! The snippet of one device that has a config already: only what changes, its rollback and its checks.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use super::comments::comment;
use super::dialect::Dialect;
use super::difference::{Amendment, Nature, difference};
use super::ground::Ground;
use super::job::{Job, graded, plain};
use super::snippet::{Brief, Options, Snippet, SnippetLine};
use super::transition::{Step, Transition, Written};
use super::words::entry_text;
use super::writer::{Part, RenderError, Writer, Writers};
use crate::config::{self, Reading};
use crate::design::Design;
use crate::entry::{Entry, State};
use crate::mask;
use crate::plan::{DevicePlan, Plan};
use crate::vendor::Evidence;

/// A running-config to compare with.
#[derive(Debug, Clone, Copy)]
pub struct ConfigText<'c> {
    /// The path it is shown under.
    pub path: &'c str,
    /// Its text.
    pub text: &'c str,
}

/// One change, for people and for JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownChange {
    /// What is wrong.
    pub change: Nature,
    /// What it is about and what differs, in words.
    pub text: String,
    /// The clusters.
    pub clusters: Vec<String>,
    /// The line of the config that states the old entry, from 1.
    pub line: Option<usize>,
    /// What the config holds.
    pub old: Option<Entry>,
    /// What it should hold.
    pub new: Option<Entry>,
    /// The old entry in the pack's own words, with the lines of its block.
    #[serde(skip)]
    pub before: Vec<String>,
    /// The new entry in the pack's own words, with the lines of its block.
    #[serde(skip)]
    pub after: Vec<String>,
}

/// A line of the config that begins like one about NLB and was not understood: it may hold an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The line, from 1.
    pub line: usize,
    /// Its text, without secrets.
    pub text: String,
}

/// What changes on one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amended {
    /// The lines, with their comments. Its entries are those that are set.
    #[serde(flatten)]
    pub snippet: Snippet,
    /// The config it was compared with.
    pub config: String,
    /// What changes.
    pub changes: Vec<ShownChange>,
    /// Whether an entry is gone for a moment while the lines are typed.
    pub needs_window: bool,
    /// Entries of the clusters that nothing asks for and that stay.
    pub kept: Vec<String>,
    /// Lines that may hold an entry and were not understood.
    pub not_understood: Vec<Doubt>,
}

impl Amended {
    /// `2 missing, 1 wrong`; `nothing to change`.
    pub fn summary(&self) -> String {
        summary(&self.changes)
    }
}

/// Compares each device with its config, on as many threads as there are. The order is that of `devices`, and an error
/// that of the first device that has one.
///
/// # Errors
/// As [`against`].
pub fn all_against<'p>(
    plan: &'p Plan<'_>,
    devices: &[(&'p DevicePlan, ConfigText<'_>)],
    design: &Design,
    options: &Options,
) -> Result<Vec<(&'p DevicePlan, Amended)>, RenderError> {
    let writers = Writers::default();
    let compared: Vec<Result<Option<Amended>, RenderError>> = devices
        .par_iter()
        .map(|(device, config)| {
            let writer = if device.pack.renders() { Some(writers.get(&device.pack)?) } else { None };
            against(plan, device, design, writer.as_deref(), options, *config)
        })
        .collect();
    let mut all = Vec::with_capacity(devices.len());
    for ((device, _), amended) in devices.iter().zip(compared) {
        all.extend(amended?.map(|amended| (*device, amended)));
    }
    Ok(all)
}

/// Writes what is to change on a device whose config is at hand, and reads it back on top of that config. `None` when
/// `options` leave no cluster on it.
///
/// # Errors
/// [`RenderError`] when a template is wrong, or what was written does not lead where it should.
pub fn against(
    plan: &Plan<'_>,
    device: &DevicePlan,
    design: &Design,
    writer: Option<&Writer>,
    options: &Options,
    config: ConfigText<'_>,
) -> Result<Option<Amended>, RenderError> {
    let Some((mut brief, facts)) = Brief::new(plan, device, design, options) else { return Ok(None) };
    let reading = config::read(&device.pack, config.text);
    let lines = Lines::new(config.text);
    let held = reading.state(&device.facts());
    let ground = Ground { names: &reading.names, state: &held };
    let state: State = held.entries().filter(|entry| entry.kind().may_be_demanded()).cloned().collect();
    let (mut apply, mut rollback, mut verify) = (Vec::new(), Vec::new(), Vec::new());
    let (mut entries, mut shown_changes, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let mut needs_window = false;
    if let Some(writer) = writer {
        let job = Job { device, design, writer, facts: &facts, ground };
        brief.fit(&job, options)?;
        let found = difference(design, device, &brief.needs, &brief.clusters, &state);
        let transition = Transition { writer, target: job.target(), clusters: &facts };
        let mut changes = found.changes;
        let (there, back) = possible(&transition, &mut changes, options.verified_only, &mut brief)?;
        apply = proven_grades(job.dialect(), there.lines);
        rollback = proven_grades(job.dialect(), back.lines);
        verify = checks(&job, &changes)?;
        needs_window = there.needs_window;
        kept = found.kept.into_iter().map(|kept| kept.text).collect();
        let set = changes.iter().filter_map(|change| Some((change.new.clone()?, &change.clusters)));
        entries = set.map(|(entry, clusters)| brief.entry(entry, clusters)).collect();
        let shown = changes.into_iter().map(|change| shown(change, &transition, &reading, &lines, &brief));
        shown_changes = shown.collect();
    }
    let mut snippet = brief.finish(entries, apply, rollback, verify);
    let mut said = |text: &str| snippet.header.extend(comment(&device.pack.comment, text, 2));
    said(&format!("compared with {}: {}", config.path, summary(&shown_changes)));
    for change in &shown_changes {
        let clusters = match change.clusters.as_slice() {
            [] => String::new(),
            names => format!(" (cluster {})", names.join(", ")),
        };
        said(&format!("  {}: {}{clusters}", change.change, change.text));
    }
    kept.iter().for_each(|kept: &String| said(&format!("  kept: {kept}")));
    Ok(Some(Amended {
        snippet,
        config: config.path.to_owned(),
        changes: shown_changes,
        needs_window,
        kept,
        not_understood: reading.unparsed.iter().map(|line| lines.doubt(line.range.clone())).collect(),
    }))
}

fn summary(changes: &[ShownChange]) -> String {
    let mut said = Vec::new();
    for nature in [Nature::Missing, Nature::Wrong, Nature::Superfluous] {
        match changes.iter().filter(|change| change.change == nature).count() {
            0 => {}
            count => said.push(format!("{count} {nature}")),
        }
    }
    if said.is_empty() { "nothing to change".to_owned() } else { said.join(", ") }
}

fn steps(changes: &[Amendment]) -> (Vec<Step>, Vec<usize>) {
    let (mut steps, mut of) = (Vec::new(), Vec::new());
    for (number, change) in changes.iter().enumerate() {
        for step in Step::between(change.old.clone(), change.new.clone()) {
            steps.push(step);
            of.push(number);
        }
    }
    (steps, of)
}

/// Writes the changes and their way back. What the pack has no lines for, in either direction, stays as it is and is
/// said; so does, where that is wanted, what would take lines that nobody has shown.
fn possible(
    transition: &Transition<'_>,
    changes: &mut Vec<Amendment>,
    verified_only: bool,
    brief: &mut Brief<'_>,
) -> Result<(Written, Written), RenderError> {
    let mut unshown = BTreeSet::new();
    if verified_only {
        for (number, change) in changes.iter().enumerate() {
            let written = transition.write(&Step::between(change.old.clone(), change.new.clone()))?;
            let doubtful = |line: &SnippetLine| line.evidence == Some(Evidence::Unverified);
            if proven_grades(transition.dialect(), written.lines).iter().any(doubtful) {
                unshown.insert(number);
            }
        }
        leave_out(changes, &unshown, "nobody has shown the lines that would change it (unverified)", brief);
    }
    loop {
        let (there, of) = steps(changes);
        let back: Vec<Step> = there.iter().map(Step::back).collect();
        let (there, back) = (transition.write(&there)?, transition.write(&back)?);
        let stuck: BTreeSet<usize> =
            there.impossible.union(&back.impossible).map(|number| of[*number]).collect();
        if stuck.is_empty() {
            return Ok((there, back));
        }
        leave_out(changes, &stuck, "there are no lines that would change it, and change it back", brief);
    }
}

fn leave_out(changes: &mut Vec<Amendment>, which: &BTreeSet<usize>, why: &str, brief: &mut Brief<'_>) {
    for number in which {
        let change = &changes[*number];
        let names = brief.names(&change.clusters).join(", ");
        brief.left_out.say(format!("{}, for cluster {names}, left as it is: {why}", change.text));
    }
    let mut number = 0;
    changes.retain(|_| {
        number += 1;
        !which.contains(&(number - 1))
    });
}

/// Lines that were read back when they were written, with the evidence of each and a comment before those that nobody has
/// shown.
pub fn proven_grades(dialect: Dialect<'_>, lines: Vec<String>) -> Vec<SnippetLine> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let reading = dialect.read(&text);
    let facts = reading.facts.iter().filter(|fact| !fact.only_mentions());
    let mut grades = facts.map(|fact| (fact.range().start, fact.spelling)).peekable();
    graded(&dialect.pack.comment, lines, &mut grades)
}

/// The commands that show what changed: what is set is there, what is gone is not.
fn checks(job: &Job<'_>, changes: &[Amendment]) -> Result<Vec<SnippetLine>, RenderError> {
    let pack = &job.device.pack;
    let sheet = |entries| job.writer.sheet(job.target(), job.facts, entries);
    let set: Vec<&Entry> = changes.iter().filter_map(|change| change.new.as_ref()).collect();
    let mut lines = if set.is_empty() { Vec::new() } else { job.checks(&sheet(set))? };
    for change in changes {
        let Some(old) = &change.old else { continue };
        if change.new.as_ref().is_some_and(|new| new.key() == old.key()) {
            continue;
        }
        let shows = sheet(vec![old]).lines(Part::Verify)?;
        let commands = shows.into_iter().filter(|line| !line.starts_with(pack.comment.as_str()));
        lines.extend(plain(commands));
        let expected = format!("expect: {} is gone", entry_text(old, pack.mac));
        lines.extend(plain(comment(&pack.comment, &expected, 2)));
    }
    Ok(lines)
}

fn shown(
    change: Amendment,
    transition: &Transition<'_>,
    reading: &Reading<'_>,
    lines: &Lines<'_>,
    brief: &Brief<'_>,
) -> ShownChange {
    let origin = change.old.as_ref().and_then(|old| reading.origin(old));
    // An entry that the templates have no words for is shown as it stands in the config.
    let stated = || origin.map(|fact| mask::lines(&lines.text[fact.range()]).into_owned());
    let written =
        |entry: &Option<Entry>| entry.as_ref().map_or(Vec::new(), |entry| transition.entry_lines(entry));
    let before = match written(&change.old) {
        lines if lines.is_empty() => stated().into_iter().collect(),
        lines => lines,
    };
    ShownChange {
        change: change.nature(),
        clusters: brief.names(&change.clusters),
        line: origin.map(|fact| lines.number(fact.range().start)),
        before,
        after: written(&change.new),
        text: change.text,
        old: change.old,
        new: change.new,
    }
}

/// Where the lines of a config begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, octet)| *octet == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line that holds octet `at`, from 1.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn doubt(&self, range: std::ops::Range<usize>) -> Doubt {
        Doubt { line: self.number(range.start), text: mask::lines(&self.text[range]).into_owned() }
    }
}
