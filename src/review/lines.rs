//! What to type on each switch, how to take it back, and the commands that show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{Commands, Line, SwitchLines};
use super::scope::Subject;
use crate::design::Design;
use crate::entry::EntryKind;
use crate::harmless::harmless;
use crate::lint::Estate;
use crate::mask;
use crate::plan::DevicePlan;
use crate::render::{
    Amended, ConfigText, Known, Options, RenderError, Snippet, SnippetLine, Writers, all_against, checks,
    snippets,
};
use crate::source::Sources;

/// The lines of every device, in the plan's order: only what is missing or wrong where there is a config, all that is
/// planned where there is none.
///
/// # Errors
/// [`RenderError`] when lines do not read back as what was meant.
pub(super) fn lines(estate: &Estate<'_>, sources: &Sources) -> Result<Vec<SwitchLines>, RenderError> {
    let (plan, design) = (estate.plan, estate.design());
    let options = Options::default();
    let bare: Vec<&DevicePlan> = (0..plan.devices.len())
        .filter(|device| estate.config(*device).is_none())
        .map(|device| &plan.devices[device])
        .collect();
    let mut found: Vec<SwitchLines> = snippets(plan, &bare, design, &options)?
        .into_iter()
        .map(|(device, snippet)| shown(device, snippet, None, design))
        .collect();
    let mut configured = Vec::new();
    for (number, device) in plan.devices.iter().enumerate() {
        if let Some(config) = estate.config(number) {
            let file = sources.file(config.file);
            configured.push((device, ConfigText { path: file.path(), text: file.text() }));
        }
    }
    let amended = all_against(plan, &configured, design, &options)?;
    found.extend(amended.into_iter().map(|(device, amended)| {
        let Amended { snippet, config, needs_window, kept, .. } = amended;
        let mut lines = shown(device, snippet, Some(config), design);
        lines.needs_window = needs_window;
        lines.notes.extend(kept.iter().map(|kept| harmless(kept).into_owned()));
        lines
    }));
    let place = |lines: &SwitchLines| plan.devices.iter().position(|device| device.name == lines.name);
    found.sort_by_key(place);
    Ok(found)
}

fn shown(device: &DevicePlan, snippet: Snippet, config: Option<String>, design: &Design) -> SwitchLines {
    let text = |text: &str| harmless(&mask::lines(text)).into_owned();
    let line = |line: &SnippetLine| Line {
        text: text(&line.text),
        evidence: line.evidence.map(|evidence| evidence.as_str()),
    };
    let notes = snippet.notes.iter().map(|note| text(&note.text));
    let name = |cluster: &usize| design.clusters[*cluster].name.to_string();
    SwitchLines {
        name: device.name.clone(),
        vendor: snippet.vendor,
        platform: snippet.platform,
        against_config: config.is_some(),
        config: config.as_deref().map(text),
        clusters: device.clusters.iter().map(name).collect(),
        gateway_for: device.gateway_for.iter().map(name).collect(),
        needs_window: false,
        apply: snippet.apply.iter().map(line).collect(),
        rollback: snippet.rollback.iter().map(line).collect(),
        verify: snippet.verify.iter().map(line).collect(),
        notes: notes.chain(snippet.left_out.iter().map(|left_out| text(left_out))).collect(),
    }
}

/// The commands that show entries.
pub(super) struct Checks<'c> {
    writers: Writers,
    design: &'c Design,
    known: Arc<BTreeMap<String, Known>>,
}

impl<'c> Checks<'c> {
    pub(super) fn new(estate: &Estate<'c>) -> Self {
        Self { writers: Writers::default(), design: estate.design(), known: Arc::new(estate.known()) }
    }

    /// The commands that show entries of these kinds, on each switch of `subject`.
    pub(super) fn of(&self, subject: Subject, kinds: &[EntryKind], estate: &Estate<'_>) -> Vec<Commands> {
        if kinds.is_empty() {
            return Vec::new();
        }
        let clusters = subject.clusters(estate).into_iter().collect();
        let options =
            Options { clusters: Some(clusters), known: Arc::clone(&self.known), ..Options::default() };
        let on = |device: usize| {
            let plan = estate.device(device);
            let writer = plan.pack.renders().then(|| self.writers.get(&plan.pack).ok()).flatten()?;
            // What cannot be written is told where the lines are.
            let lines = checks(estate.plan, plan, self.design, &writer, &options, kinds).ok()?;
            let lines: Vec<String> =
                lines.iter().map(|line| harmless(&mask::lines(&line.text)).into_owned()).collect();
            (!lines.is_empty()).then(|| Commands { switch: plan.name.clone(), lines })
        };
        subject.devices(estate).into_iter().filter_map(on).collect()
    }
}
