//! Which dialect a text is in, by the lines that speak for each.
//!
//! A file of a big repository is decided by its first lines, so that this costs next to nothing there; a file without a
//! header is read on for its body. Each clue counts once, however often its line comes again.

use std::sync::Arc;

use crate::vendor::{Clues, Dialect, Pack, Words};

/// The octets of a text that are looked at, and no more.
const SAMPLE: usize = 96 * 1024;
/// Longer lines are no clues, in octets.
const LONGEST_LINE: usize = 400;
/// A dialect with this score, and this far before the next, needs no further line.
const CERTAIN: u32 = 14;
const FAR_AHEAD: u32 = 8;
/// With less than this a dialect is a guess.
const ENOUGH: u32 = 5;
/// With this a dialect goes before what a design says: one line that no other writes, or as much.
const AGAINST_A_DESIGN: u32 = 10;
/// With less than this for every dialect, a text is no config of any.
const SOMETHING: u32 = 3;

/// What a text is.
#[derive(Debug, Clone)]
pub enum Detection {
    /// A config that a pack reads.
    Dialect {
        /// The pack.
        pack: Arc<Pack>,
        /// The weights of the lines that speak for it.
        score: u32,
        /// The next dialect's name and score, where lines speak for another one too.
        runner_up: Option<(String, u32)>,
    },
    /// A config of a dialect that no pack reads.
    Foreign {
        /// The name its pack would have.
        name: String,
        /// What it is, for people.
        title: String,
    },
    /// It looks like a config, and too little in it tells one dialect from another.
    Unclear {
        /// The names of the dialects it may be, the likeliest first.
        likely: Vec<String>,
    },
    /// Nothing that looks like a config.
    NotAConfig,
}

/// Tells which dialect `text` is in.
pub fn detect(clues: &Clues, text: &str) -> Detection {
    heard(clues, text).decide()
}

/// What `text` seems to be where it is clearly a config of another dialect than `pack`, with no line that speaks for this
/// one. Of a pack that no line speaks for nobody can say.
pub fn of_another_dialect(clues: &Clues, text: &str, pack: &Pack) -> Option<String> {
    let tally = heard(clues, text);
    let own = clues.dialects().iter().position(|dialect| dialect.name() == pack.name())?;
    let [(_, best), _] = tally.best_two();
    if tally.scores[own] > 0 || best < AGAINST_A_DESIGN {
        return None;
    }
    match tally.decide() {
        Detection::Dialect { pack, .. } => Some(pack.title.clone()),
        Detection::Foreign { title, .. } => Some(title),
        Detection::Unclear { .. } | Detection::NotAConfig => None,
    }
}

/// What the lines of `text` speak for, up to where nothing more can change it.
fn heard<'c>(clues: &'c Clues, text: &str) -> Tally<'c> {
    let mut tally = Tally::new(clues);
    let mut words = Words::default();
    for whole in sample(text).split('\n').flat_map(|line| line.split('\r')) {
        // A console may have put zeros before and behind it.
        let line = whole.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if line.is_empty() || line.len() > LONGEST_LINE {
            continue;
        }
        let alike = clues.beginning_like(line);
        if alike.is_empty() {
            continue;
        }
        words.take(line);
        let indent = whole.len() - whole.trim_start().len();
        let mut heard = false;
        for index in alike {
            heard |= tally.hear(*index, &words, indent);
        }
        if heard && tally.is_certain() {
            break;
        }
    }
    tally
}

/// The beginning of `text` that is looked at.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What the lines so far say.
struct Tally<'c> {
    clues: &'c Clues,
    heard: Vec<bool>,
    scores: Vec<u32>,
}

impl<'c> Tally<'c> {
    fn new(clues: &'c Clues) -> Self {
        Self { clues, heard: vec![false; clues.len()], scores: vec![0; clues.dialects().len()] }
    }

    /// Counts the line when it is the clue at `index`, and that was not counted yet.
    fn hear(&mut self, index: u32, line: &Words<'_>, indent: usize) -> bool {
        let heard = &mut self.heard[index as usize];
        if *heard {
            return false;
        }
        let Some((dialect, weight)) = self.clues.speaks(index, line, indent) else { return false };
        *heard = true;
        self.scores[dialect] += weight;
        true
    }

    /// The best dialect and the next, with their scores; the first of equals before the later.
    fn best_two(&self) -> [(usize, u32); 2] {
        let mut best = [(0, 0); 2];
        for (dialect, score) in self.scores.iter().copied().enumerate() {
            if score > best[0].1 {
                best = [(dialect, score), best[0]];
            } else if score > best[1].1 {
                best[1] = (dialect, score);
            }
        }
        best
    }

    fn is_certain(&self) -> bool {
        let [(_, best), (_, next)] = self.best_two();
        best >= CERTAIN && best >= next + FAR_AHEAD
    }

    fn decide(self) -> Detection {
        let [(best, score), (next, next_score)] = self.best_two();
        let dialects = self.clues.dialects();
        if score < SOMETHING {
            return Detection::NotAConfig;
        }
        if score < ENOUGH || score == next_score {
            let mut likely: Vec<(u32, &Dialect)> =
                self.scores.iter().copied().zip(dialects).filter(|(score, _)| *score > 0).collect();
            likely.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            let name = |(_, dialect): (u32, &Dialect)| dialect.name().to_owned();
            return Detection::Unclear { likely: likely.into_iter().map(name).collect() };
        }
        match &dialects[best] {
            Dialect::Known(pack) => Detection::Dialect {
                pack: Arc::clone(pack),
                score,
                runner_up: (next_score > 0).then(|| (dialects[next].name().to_owned(), next_score)),
            },
            Dialect::Foreign { name, title } => {
                Detection::Foreign { name: name.clone(), title: title.clone() }
            }
        }
    }
}
