//! What tells the dialects apart: lines that speak for one of them, each with a weight.

use std::collections::HashMap;
use std::sync::Arc;

use super::pack::{Pack, read_pattern};
use super::pattern::{Pattern, Words};
use super::types::ClueRecord;
use crate::yaml::Decoder;

/// The most that one clue may weigh: such a line decides alone.
const MAX_WEIGHT: u32 = 10;
/// First words that are longer begin no clue.
const LONGEST_WORD: usize = 32;

/// A line that speaks for a dialect.
#[derive(Debug)]
pub(super) struct Clue {
    line: Pattern,
    weight: u32,
    indent: Option<usize>,
    /// In lower case.
    holds: Option<String>,
}

impl Clue {
    /// Whether `line`, which `indent` blanks stand before, is such a line.
    fn fits(&self, line: &Words<'_>, indent: usize) -> bool {
        self.indent.is_none_or(|wanted| wanted == indent)
            && self.line.captures(line).is_some()
            && self.holds.as_ref().is_none_or(|held| holds(line.line(), held))
    }
}

/// Whether `text` holds `held`, which is in lower case, in any case.
fn holds(text: &str, held: &str) -> bool {
    text.as_bytes().windows(held.len()).any(|window| window.eq_ignore_ascii_case(held.as_bytes()))
}

/// What a first word is found by: of one with a value (`#config-version=S248DN`) its name.
fn name_in(word: &str) -> &str {
    word.split_inclusive('=').next().unwrap_or_default()
}

/// Reads the `detect` of a pack or of a foreign dialect.
pub(super) fn read_clues(records: &[ClueRecord], cx: &mut Decoder) -> Vec<Arc<Clue>> {
    let mut clues = Vec::with_capacity(records.len());
    for record in records {
        let Some(line) = read_pattern(&record.line, cx) else { continue };
        if line.first_word().is_none_or(|first| name_in(first).len() > LONGEST_WORD) {
            let message = format!("a clue begins with one fixed word of at most {LONGEST_WORD} octets");
            cx.error(record.line.span, message);
        }
        if !(1..=MAX_WEIGHT).contains(&*record.weight) {
            cx.error(record.weight.span, format!("a clue weighs from 1 to {MAX_WEIGHT}"));
        }
        clues.push(Arc::new(Clue {
            line,
            weight: *record.weight,
            indent: record.indent.map(|blanks| blanks as usize),
            holds: record.holds.as_ref().map(|text| text.to_lowercase()),
        }));
    }
    clues
}

/// A dialect that configs are told apart by.
#[derive(Debug, Clone)]
pub enum Dialect {
    /// A pack reads it.
    Known(Arc<Pack>),
    /// No pack reads it.
    Foreign {
        /// The name its pack would have.
        name: String,
        /// What it is, for people.
        title: String,
    },
}

impl Dialect {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(pack) => pack.name(),
            Self::Foreign { name, .. } => name,
        }
    }
}

/// The clues of all dialects, found by the first word of a line.
#[derive(Debug, Default)]
pub struct Clues {
    dialects: Vec<Dialect>,
    clues: Vec<(usize, Arc<Clue>)>,
    by_first_word: HashMap<Box<[u8]>, Vec<u32>>,
}

impl Clues {
    /// Adds a dialect with what speaks for it.
    pub(super) fn add(&mut self, dialect: Dialect, clues: Vec<Arc<Clue>>) {
        for clue in clues {
            let first = name_in(clue.line.first_word().unwrap_or_default()).to_ascii_lowercase();
            self.by_first_word.entry(first.into_bytes().into()).or_default().push(self.clues.len() as u32);
            self.clues.push((self.dialects.len(), clue));
        }
        self.dialects.push(dialect);
    }

    /// The dialects, packs first.
    pub fn dialects(&self) -> &[Dialect] {
        &self.dialects
    }

    /// How many clues there are.
    pub fn len(&self) -> usize {
        self.clues.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.clues.is_empty()
    }

    /// The clues that `line` may be: those that begin with its first word. Most lines begin no clue, and need not be
    /// divided into words to know it.
    pub fn beginning_like(&self, line: &str) -> &[u32] {
        let first = name_in(line.split([' ', '\t']).next().unwrap_or_default()).as_bytes();
        let mut lower = [0; LONGEST_WORD];
        let Some(lower) = lower.get_mut(..first.len()) else { return &[] };
        lower.copy_from_slice(first);
        lower.make_ascii_lowercase();
        self.by_first_word.get(&*lower).map_or(&[], Vec::as_slice)
    }

    /// The dialect that `line`, which `indent` blanks stand before, speaks for as the clue at `index`, and how much that
    /// says; `None` when it is not that line.
    pub fn speaks(&self, index: u32, line: &Words<'_>, indent: usize) -> Option<(usize, u32)> {
        let (dialect, clue) = &self.clues[index as usize];
        clue.fits(line, indent).then_some((*dialect, clue.weight))
    }
}
