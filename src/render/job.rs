//! The lines of one device: written, read back, and each graded by its evidence.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::iter::Peekable;

use super::comments::comment;
use super::dialect::Dialect;
use super::ground::{Ground, Target};
use super::snippet::SnippetLine;
use super::view::ClusterFacts;
use super::writer::{Part, RenderError, Sheet, Writer};
use crate::config::{self, Reading};
use crate::design::Design;
use crate::entry::{Entry, Key, State};
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
    /// What the device has already.
    pub(super) ground: Ground<'a>,
}

impl<'a> Job<'a> {
    /// The device, as lines are for it.
    pub(super) fn target(&self) -> Target<'a> {
        Target { name: &self.device.name, model: self.device.model, ground: self.ground }
    }

    pub(super) fn sheet(&self, needs: &[&'a Need]) -> Sheet<'a> {
        let entries = needs.iter().map(|need| &need.entry).collect();
        self.writer.sheet(self.target(), self.facts, entries)
    }

    /// The words of its lines.
    pub(super) fn dialect(&self) -> Dialect<'a> {
        self.ground.dialect(&self.device.pack)
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
        self.drop_nameless(needs, left_out);
        loop {
            let sheet = self.sheet(needs);
            let (first, others, limit) = match sheet.lines(Part::Apply) {
                Ok(lines) => return Ok((sheet, lines)),
                Err(RenderError::LineTooLong { first, others, limit }) => (first, others, limit),
                Err(error) => return Err(error),
            };
            let mut too_long = BTreeMap::new();
            for line in std::iter::once(&first).chain(&others) {
                let reading = self.dialect().read(line);
                if let Some(entry) = reading.facts.first().and_then(|fact| fact.change.stated()) {
                    too_long.entry(entry.key()).or_insert(line);
                }
            }
            for need in needs.iter() {
                let Some(line) = too_long.get(&need.entry.key()) else { continue };
                left_out.say(format!(
                    "{} for cluster {} left out: its line (`{}…`) would have {} octets and the device takes {limit}, \
                     and whether a second line would add to the first is not known: use port-channels",
                    in_words(need.entry.kind()),
                    self.clusters_of(need),
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

    /// Leaves out the needs whose lines would have to name what nobody knows.
    fn drop_nameless(&self, needs: &mut Vec<&'a Need>, left_out: &mut LeftOut) {
        needs.retain(|need| {
            let lacking = self.ground.lacks(&self.device.pack, &self.device.name, &need.entry);
            let Some(lacking) = lacking else { return true };
            let kind = in_words(need.entry.kind());
            let clusters = self.clusters_of(need);
            left_out.say(match self.ground.is_known() {
                true => format!("{kind} for cluster {clusters} left out: its config does not tell {lacking}"),
                false => format!(
                    "{kind} for cluster {clusters} left out: only its config tells {lacking}: name it as the switch's \
                     `config` in the design, or give it with `--against`"
                ),
            });
            false
        });
    }

    fn clusters_of(&self, need: &Need) -> String {
        let clusters = need.clusters.iter().map(|index| self.design.clusters[*index].name.as_str());
        clusters.collect::<Vec<_>>().join(", ")
    }

    /// Leaves out the needs whose lines are unverified, and what only served them.
    pub(super) fn drop_unverified(
        &self,
        needs: &mut Vec<&'a Need>,
        left_out: &mut LeftOut,
    ) -> Result<(), RenderError> {
        let text = self.apply(needs, left_out)?.1.join("\n");
        let reading = self.dialect().read(&text);
        let mut unverified: BTreeSet<Key> = BTreeSet::new();
        let mut lines: Vec<String> = Vec::new();
        for fact in reading.facts.iter().filter(|fact| !fact.only_mentions()) {
            if let (Some(entry), Evidence::Unverified) = (fact.change.stated(), fact.spelling.evidence) {
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
        let facts = self.device.facts();
        needs.iter().flat_map(|need| prerequisites(facts, need.entry.kind())).collect()
    }

    /// Reads the lines back: apply must give what was meant, rollback must leave nothing. Gives both with the evidence of
    /// every command.
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
        let applied = apply.join("\n");
        let reading = self.dialect().read(&applied);
        if let Some(odd) = reading.unparsed.first() {
            return fail(format!("`{}` is not understood", &applied[odd.range.clone()]));
        }
        let mut state = State::new();
        let said = |reading: Reading<'a>, state: &mut State| {
            let facts = reading.facts.into_iter().filter(|fact| !fact.only_mentions());
            let grade = facts.map(|fact| {
                let place = (fact.range().start, fact.spelling);
                state.apply(fact.change);
                place
            });
            grade.collect::<Vec<_>>()
        };
        let of_apply = said(reading, &mut state);
        let is_meant =
            |entry: &Entry| entry.kind().may_be_demanded() && !config::is_default(entry, &platform);
        state.retain(is_meant);
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
        let of_rollback = said(self.dialect().read(&rollback.join("\n")), &mut state);
        state.retain(|entry| is_meant(entry) && !config::has_unknown_default(entry, &platform));
        if let Some(entry) = state.entries().next() {
            return fail(format!("after the rollback a {} is left", entry.kind()));
        }
        let sign = pack.comment.as_str();
        let with_grades = |lines, grades: Vec<_>| graded(sign, lines, &mut grades.into_iter().peekable());
        Ok((with_grades(apply, of_apply), with_grades(rollback, of_rollback)))
    }
}

/// Grades every command, and puts a comment before those that nobody has shown.
pub(super) fn graded<'p>(
    sign: &str,
    lines: Vec<String>,
    grades: &mut Peekable<impl Iterator<Item = (usize, &'p CompiledLine)>>,
) -> Vec<SnippetLine> {
    let mut graded: Vec<SnippetLine> = Vec::with_capacity(lines.len());
    let mut last_note: Option<&str> = None;
    let mut offset = 0;
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
