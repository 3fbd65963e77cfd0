//! The lines of one device: written, read back, and each graded by its evidence.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::iter::Peekable;

use super::comments::comment;
use super::snippet::SnippetLine;
use super::view::ClusterFacts;
use super::writer::{Part, RenderError, Sheet, Writer};
use crate::config;
use crate::design::Design;
use crate::entry::{Change, Entry, Key, State};
use crate::plan::{DevicePlan, Need, in_words, prerequisites};
use crate::vendor::{CompiledLine, Evidence};

/// What is left out, and why: a line each, none twice.
#[derive(Default)]
pub(super) struct LeftOut {
    pub(super) lines: Vec<String>,
    said: HashSet<String>,
}

impl LeftOut {
    pub(super) fn say(&mut self, line: String) {
        if self.said.insert(line.clone()) {
            self.lines.push(line);
        }
    }
}

pub(super) struct Job<'a> {
    pub(super) device: &'a DevicePlan,
    pub(super) design: &'a Design,
    pub(super) writer: &'a Writer,
    pub(super) facts: &'a [ClusterFacts],
}

impl<'a> Job<'a> {
    pub(super) fn sheet(&self, needs: &[&'a Need]) -> Sheet<'a> {
        let entries = needs.iter().map(|need| &need.entry).collect();
        self.writer.sheet(&self.device.name, self.device.platform_name(), self.facts, entries)
    }

    /// The commands that show the entries. What they should show is wrapped: it is read and not typed.
    pub(super) fn checks(&self, sheet: &Sheet<'_>) -> Result<Vec<SnippetLine>, RenderError> {
        let sign = self.device.pack.comment.as_str();
        let wrap = |line: String| match line.strip_prefix(sign) {
            Some(text) => comment(sign, text.trim_start(), 2),
            None => vec![line],
        };
        Ok(plain(sheet.lines(Part::Verify)?.into_iter().flat_map(wrap)))
    }

    /// The lines that set the needs, with their sheet; needs whose lines the device would not take are left out and
    /// said.
    pub(super) fn apply(
        &self,
        needs: &mut Vec<&'a Need>,
        left_out: &mut LeftOut,
    ) -> Result<(Sheet<'a>, Vec<String>), RenderError> {
        loop {
            let sheet = self.sheet(needs);
            let (first, others, limit) = match sheet.lines(Part::Apply) {
                Ok(lines) => return Ok((sheet, lines)),
                Err(RenderError::LineTooLong { first, others, limit }) => (first, others, limit),
                Err(error) => return Err(error),
            };
            let mut too_long = BTreeMap::new();
            for line in std::iter::once(&first).chain(&others) {
                let reading = config::read(&self.device.pack, line);
                if let Some(Change::Add(entry) | Change::Replace(entry)) =
                    reading.facts.first().map(|fact| &fact.change)
                {
                    too_long.entry(entry.key()).or_insert(line);
                }
            }
            for need in needs.iter() {
                let Some(line) = too_long.get(&need.entry.key()) else { continue };
                let clusters = need.clusters.iter().map(|index| self.design.clusters[*index].name.as_str());
                left_out.say(format!(
                    "{} for cluster {} left out: its line (`{}…`) would have {} octets and the device takes {limit}, \
                     and whether a second line would add to the first is not known: use port-channels",
                    in_words(need.entry.kind()),
                    clusters.collect::<Vec<_>>().join(", "),
                    line.chars().take(60).collect::<String>(),
                    line.len(),
                ));
            }
            let before = needs.len();
            needs.retain(|need| !too_long.contains_key(&need.entry.key()));
            if needs.len() == before {
                return Err(RenderError::LineTooLong { first, others, limit });
            }
        }
    }

    /// Leaves out the needs whose lines are unverified, and what only served them.
    pub(super) fn drop_unverified(
        &self,
        needs: &mut Vec<&'a Need>,
        left_out: &mut LeftOut,
    ) -> Result<(), RenderError> {
        let text = self.apply(needs, left_out)?.1.join("\n");
        let reading = config::read(&self.device.pack, &text);
        let mut unverified: BTreeSet<Key> = BTreeSet::new();
        let mut lines: Vec<String> = Vec::new();
        for fact in reading.facts.iter().filter(|fact| !fact.only_mentions()) {
            if let (Change::Add(entry) | Change::Replace(entry), Evidence::Unverified) =
                (&fact.change, fact.spelling.evidence)
            {
                unverified.insert(entry.key());
                lines.push(format!(
                    "{} left out: nobody has shown that the device takes `{}` (unverified)",
                    in_words(entry.kind()),
                    &text[fact.range()]
                ));
            }
        }
        let required = self.required_by(needs);
        needs.retain(|need| !unverified.contains(&need.entry.key()));
        let still = self.required_by(needs);
        needs.retain(|need| !required.contains(&need.entry) || still.contains(&need.entry));
        lines.into_iter().for_each(|line| left_out.say(line));
        Ok(())
    }

    /// What the needs do nothing without.
    fn required_by(&self, needs: &[&Need]) -> BTreeSet<Entry> {
        let facts = self.device.pack.facts(self.device.platform);
        needs.iter().flat_map(|need| prerequisites(facts, need.entry.kind())).collect()
    }

    /// Reads the lines back, once: apply must give what was meant, rollback must leave nothing. Gives both with the
    /// evidence of every command.
    pub(super) fn proven(
        &self,
        needs: &[&Need],
        apply: Vec<String>,
        rollback: Vec<String>,
    ) -> Result<(Vec<SnippetLine>, Vec<SnippetLine>), RenderError> {
        let pack = &self.device.pack;
        let platform = self.device.facts();
        let fail = |what: String| {
            Err(RenderError::NotReadBack {
                device: self.device.name.clone(),
                pack: pack.name().to_owned(),
                what,
            })
        };
        let applied = apply.join("\n") + "\n";
        let text = format!("{applied}{}\n", rollback.join("\n"));
        let reading = config::read(pack, &text);
        if let Some(odd) = reading.unparsed.iter().find(|odd| odd.range.start < applied.len()) {
            return fail(format!("`{}` is not understood", &text[odd.range.clone()]));
        }
        let mut grades = Vec::with_capacity(reading.facts.len());
        let mut facts = reading.facts.into_iter().filter(|fact| !fact.only_mentions()).peekable();
        let mut state = State::new();
        while let Some(fact) = facts.next_if(|fact| fact.range().start < applied.len()) {
            grades.push((fact.range().start, fact.spelling));
            state.apply(fact.change);
        }
        state.retain(|entry| !config::is_default(entry, &platform));
        let meant: BTreeMap<Key, Cow<'_, Entry>> = needs
            .iter()
            .map(|need| (need.entry.key(), need.entry.as_written()))
            .filter(|(_, entry)| !config::is_default(entry, &platform))
            .collect();
        let odd =
            meant.iter().find(|(key, entry)| state.get(key) != Some(&**entry)).map(|(_, entry)| &**entry);
        let extra = || state.entries().find(|entry| !meant.contains_key(&entry.key()));
        if let Some(differs) = odd.or_else(extra) {
            return fail(format!("a {} differs", differs.kind()));
        }
        for fact in facts {
            grades.push((fact.range().start, fact.spelling));
            state.apply(fact.change);
        }
        state.retain(|entry| {
            !config::is_default(entry, &platform) && !config::has_unknown_default(entry, &platform)
        });
        if let Some(entry) = state.entries().next() {
            return fail(format!("after the rollback a {} is left", entry.kind()));
        }
        let mut grades = grades.into_iter().peekable();
        let sign = pack.comment.as_str();
        let apply = graded(sign, apply, 0, &mut grades);
        let rollback = graded(sign, rollback, applied.len(), &mut grades);
        Ok((apply, rollback))
    }
}

/// Grades every command of a text that begins at `offset`, and puts a comment before those that nobody has shown.
pub(super) fn graded<'p>(
    sign: &str,
    lines: Vec<String>,
    mut offset: usize,
    grades: &mut Peekable<impl Iterator<Item = (usize, &'p CompiledLine)>>,
) -> Vec<SnippetLine> {
    let mut graded: Vec<SnippetLine> = Vec::with_capacity(lines.len());
    let mut last_note: Option<&str> = None;
    for text in lines {
        offset += text.len() + 1;
        let mut spelling = None;
        while let Some((_, found)) = grades.next_if(|(start, _)| *start < offset) {
            spelling = Some(found); // a line for several ports states several entries, in one spelling
        }
        if let Some(spelling) = spelling {
            let unverified = spelling.evidence == Evidence::Unverified;
            let reason = "nobody has shown that the device takes this line so";
            let note = unverified.then(|| spelling.note.as_deref().unwrap_or(reason));
            if let Some(note) = note.filter(|note| last_note != Some(note)) {
                let indent = &text[..text.len() - text.trim_start().len()];
                let said = comment(sign, &format!("unverified: {note}"), 2);
                graded.extend(plain(said.into_iter().map(|line| format!("{indent}{line}"))));
            }
            last_note = note;
        }
        graded.push(SnippetLine {
            text,
            evidence: spelling.map(|spelling| spelling.evidence),
            source: spelling.and_then(|spelling| spelling.source.clone()),
        });
    }
    graded
}

/// Lines that state nothing.
pub(super) fn plain(lines: impl IntoIterator<Item = String>) -> Vec<SnippetLine> {
    lines.into_iter().map(|text| SnippetLine { text, evidence: None, source: None }).collect()
}
