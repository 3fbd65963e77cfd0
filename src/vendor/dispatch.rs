//! Lines by the words they begin with: of the hundreds of spellings of a pack a line meets only those it can be.

use super::pattern::{Pattern, Words};

/// Numbers of spellings, by the first words of the lines that they fit.
#[derive(Debug, Default)]
pub(super) struct Dispatch {
    /// By the first octet of the first word, the negation aside, in lower case.
    by_octet: Vec<Vec<Beginning>>,
    /// Those of lines that begin with a sequence number.
    numbered: Vec<u32>,
}

/// The spellings whose lines begin with one word.
#[derive(Debug)]
struct Beginning {
    word: Box<str>,
    negated: bool,
    /// Those of which no second word is fixed.
    alone: Vec<u32>,
    /// By the second word.
    second: Vec<(Box<str>, Vec<u32>)>,
}

impl Dispatch {
    /// Of patterns in their order, in a dialect that takes lines back with the word `negation`.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>, negation: &str) -> Self {
        let mut dispatch = Self::default();
        dispatch.by_octet.resize_with(256, Vec::new);
        for (number, pattern) in (0..).zip(patterns) {
            let mut head = pattern.head_words().peekable();
            let negated = head.next_if(|word| word.eq_ignore_ascii_case(negation)).is_some();
            let (Some(first), second) = (head.next(), head.next()) else {
                dispatch.numbered.push(number);
                continue;
            };
            let beginnings = &mut dispatch.by_octet[octet_of(first)];
            let same = |known: &Beginning| known.negated == negated && known.word.eq_ignore_ascii_case(first);
            let at = beginnings.iter().position(same).unwrap_or_else(|| {
                let (alone, second) = (Vec::new(), Vec::new());
                beginnings.push(Beginning { word: first.into(), negated, alone, second });
                beginnings.len() - 1
            });
            let beginning = &mut beginnings[at];
            let Some(second) = second else {
                beginning.alone.push(number);
                continue;
            };
            match beginning.second.iter_mut().find(|(word, _)| word.eq_ignore_ascii_case(second)) {
                Some((_, numbers)) => numbers.push(number),
                None => beginning.second.push((second.into(), vec![number])),
            }
        }
        dispatch
    }

    /// The spellings that `line` can be, in their order, and how many first words each shares with it; `negated` says that
    /// its first word takes it back.
    pub(super) fn of(&self, line: &Words<'_>, negated: bool) -> impl Iterator<Item = (u32, usize)> {
        let (mut one, mut two): (&[u32], &[u32]) = (&[], &[]);
        let at = usize::from(negated);
        let mut numbered = false;
        if let Some(first) = line.get(at) {
            let beginnings = self.by_octet.get(octet_of(first)).map_or(&[][..], Vec::as_slice);
            let same =
                |known: &&Beginning| known.negated == negated && known.word.eq_ignore_ascii_case(first);
            if let Some(beginning) = beginnings.iter().find(same) {
                one = &beginning.alone;
                let second = line.get(at + 1);
                let found = second.and_then(|second| {
                    beginning.second.iter().find(|(word, _)| word.eq_ignore_ascii_case(second))
                });
                two = found.map_or(&[], |(_, numbers)| numbers);
            } else if !negated && first.bytes().all(|octet| octet.is_ascii_digit()) {
                (one, numbered) = (&self.numbered, true);
            }
        }
        let shared = if numbered { 0 } else { at + 1 };
        std::iter::from_fn(move || {
            let (from, shared) = match (one.first(), two.first()) {
                (Some(a), Some(b)) if a < b => (&mut one, shared),
                (Some(_), None) => (&mut one, shared),
                _ => (&mut two, shared + 1),
            };
            let (first, rest) = from.split_first()?;
            *from = rest;
            Some((*first, shared))
        })
    }
}

/// What lines begin with: some words each.
#[derive(Debug, Default)]
pub(super) struct Beginnings {
    /// By the first octet, in lower case.
    by_octet: Vec<Vec<Vec<Box<str>>>>,
}

impl Beginnings {
    /// Of texts of one word or more.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut by_octet: Vec<Vec<Vec<Box<str>>>> = Vec::new();
        by_octet.resize_with(256, Vec::new);
        for text in texts {
            let words: Vec<Box<str>> = text.split_whitespace().map(Box::from).collect();
            let Some(first) = words.first() else { continue };
            by_octet[octet_of(first)].push(words);
        }
        Self { by_octet }
    }

    /// Whether the words of `line` from `from` on begin with one of them.
    pub(super) fn are_of(&self, line: &Words<'_>, from: usize) -> bool {
        let alike = line.get(from).and_then(|first| self.by_octet.get(octet_of(first)));
        alike.into_iter().flatten().any(|beginning| {
            let mut words = beginning.iter().enumerate();
            words.all(|(at, word)| line.get(from + at).is_some_and(|said| said.eq_ignore_ascii_case(word)))
        })
    }
}

fn octet_of(word: &str) -> usize {
    usize::from(word.bytes().next().unwrap_or_default().to_ascii_lowercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_meets_the_spellings_that_begin_as_it_does_in_their_order() {
        let texts = [
            "arp <ip>",
            "ip arp <ip>",
            "no ip arp <ip>",
            "ip <word>",
            "<number> permit",
            "IP ARP x",
            "no arp",
        ];
        let patterns: Vec<Pattern> = texts.iter().map(|text| Pattern::new(text).unwrap()).collect();
        let dispatch = Dispatch::new(patterns.iter(), "no");
        for (line, negated, found) in [
            ("arp 10.0.0.1", false, vec![(0, 1)]),
            ("ip arp 10.0.0.1", false, vec![(1, 2), (3, 1), (5, 2)]),
            ("Ip ARP", false, vec![(1, 2), (3, 1), (5, 2)]),
            ("ip", false, vec![(3, 1)]),
            ("no ip arp 10.0.0.1", true, vec![(2, 3)]),
            ("no arp", true, vec![(6, 2)]),
            ("10 permit", false, vec![(4, 0)]),
            ("ipx arp", false, vec![]),
            ("no", true, vec![]),
            ("", false, vec![]),
        ] {
            assert_eq!(dispatch.of(&Words::new(line), negated).collect::<Vec<_>>(), found, "{line}");
        }
    }
}
