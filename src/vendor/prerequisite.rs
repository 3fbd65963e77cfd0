//! What does nothing without something else, and where.

use super::facts::PlatformFacts;
use super::pack::{CompiledLine, Effect};
use super::types::{Evidence, PlatformRecord, PrerequisiteRecord};
use crate::entry::EntryKind;
use crate::yaml::Decoder;

/// Entries that do nothing without others.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Prerequisite {
    /// The kind of entry that needs others.
    pub entry: EntryKind,
    /// The kinds that it needs.
    pub needs: Vec<EntryKind>,
    /// The names of the platforms on which alone it does; of all, where there is none.
    pub platforms: Vec<String>,
    /// How the lines begin of which alone it holds; of all, where there is none.
    pub lines: Vec<String>,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<String>,
    /// What else there is to know.
    pub note: Option<String>,
    /// The platforms, by their numbers.
    #[serde(skip)]
    numbers: Vec<usize>,
}

impl Prerequisite {
    /// Whether an entry that `line` states falls under it.
    pub fn holds_of(&self, line: &CompiledLine) -> bool {
        self.lines.is_empty() || self.lines.iter().any(|beginning| begins(line, beginning))
    }

    /// Whether it needs an entry of `kind`.
    pub fn asks_for(&self, kind: EntryKind) -> bool {
        self.needs.contains(&kind)
    }
}

fn begins(line: &CompiledLine, beginning: &str) -> bool {
    let mut words = line.pattern.text().split_whitespace();
    beginning.split_whitespace().all(|word| words.next().is_some_and(|said| said.eq_ignore_ascii_case(word)))
}

impl<'p> PlatformFacts<'p> {
    /// What an entry of `kind` does nothing without.
    pub fn prerequisites_of(&self, kind: EntryKind) -> impl Iterator<Item = &'p Prerequisite> + use<'p> {
        let platform = self.platform;
        let here = move |one: &&Prerequisite| {
            one.numbers.is_empty() || platform.is_some_and(|platform| one.numbers.contains(&platform))
        };
        self.pack.prerequisites.iter().filter(move |one| one.entry == kind).filter(here)
    }

    /// The kinds of entries without which one of `kind` does nothing.
    pub fn needs_of(&self, kind: EntryKind) -> impl Iterator<Item = EntryKind> + use<'p> {
        self.prerequisites_of(kind).flat_map(|one| one.needs.iter().copied())
    }

    /// What an entry of `kind` does nothing without on some platforms, where nobody says which this is.
    pub fn perhaps_prerequisites_of(
        &self,
        kind: EntryKind,
    ) -> impl Iterator<Item = &'p Prerequisite> + use<'p> {
        let unstated = self.platform.is_none();
        let of_some = move |one: &&Prerequisite| unstated && one.entry == kind && !one.numbers.is_empty();
        self.pack.prerequisites.iter().filter(of_some)
    }
}

/// Says what is wrong in the prerequisites of a pack with these platforms and lines.
pub(super) fn check(
    records: &[PrerequisiteRecord],
    platforms: &[PlatformRecord],
    lines: &[CompiledLine],
    cx: &mut Decoder,
) {
    for record in records {
        if record.source.is_none() && record.evidence != Evidence::Unverified {
            cx.error(record.span, format!("a prerequisite graded `{}` needs its source", record.evidence));
        }
        for name in &record.platforms {
            if number_of(name.as_str(), platforms).is_none() {
                cx.error(name.span, format!("there is no platform `{}`", name.value));
            }
        }
        for beginning in &record.lines {
            let states = |line: &&CompiledLine| line.entry == record.entry && line.effect == Effect::State;
            if !lines.iter().filter(states).any(|line| begins(line, beginning.as_str())) {
                cx.error(beginning.span, format!("no line that states `{}` begins so", record.entry));
            }
        }
    }
}

/// The prerequisite that was checked.
pub(super) fn ready(record: PrerequisiteRecord, platforms: &[PlatformRecord]) -> Prerequisite {
    Prerequisite {
        entry: record.entry,
        needs: record.needs,
        numbers: record.platforms.iter().filter_map(|name| number_of(name.as_str(), platforms)).collect(),
        platforms: record.platforms.iter().map(ToString::to_string).collect(),
        lines: record.lines.iter().map(ToString::to_string).collect(),
        evidence: record.evidence,
        source: record.source.as_ref().map(ToString::to_string),
        note: record.note.as_ref().map(ToString::to_string),
    }
}

fn number_of(name: &str, platforms: &[PlatformRecord]) -> Option<usize> {
    platforms.iter().position(|platform| platform.name.as_str() == name)
}
