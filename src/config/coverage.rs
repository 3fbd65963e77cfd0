//! How much of a config is understood: every line counted once, and the beginnings of those that nobody here knows.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::{Line, Tree};
use super::{Fate, Ledger, VlanNames, read_watched};
use crate::mask;
use crate::vendor::{Pack, Words};

/// What an unknown line begins with: enough for the author of a pack to see what is missing, and no value of the config.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beginning {
    /// The first word of the line that opened its block; `None` at the top.
    pub under: Option<String>,
    /// Its first words, the negation aside.
    pub words: String,
}

impl std::fmt::Display for Beginning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(under) = &self.under {
            write!(f, "{under}: ")?;
        }
        f.write_str(&self.words)
    }
}

/// What became of the lines of a config.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many lines became what.
    pub ledger: Ledger,
    /// With which words unknown lines begin, and how many of them.
    pub unknown: BTreeMap<Beginning, usize>,
    /// The octets of the lines that begin like lines about NLB and are not understood. They count as unknown.
    pub doubtful: Vec<Range<usize>>,
}

/// Counts what `pack` makes of the lines of `text`.
pub fn coverage(pack: &Pack, text: &str) -> Coverage {
    let (mut unknown, mut doubtful) = (BTreeMap::new(), Vec::new());
    let reading = read_watched(pack, text, &VlanNames::default(), |tree, line, fate| match fate {
        Fate::Understood | Fate::Unrelated => {}
        Fate::Doubtful => doubtful.push(line.range.clone()),
        Fate::Unknown => *unknown.entry(beginning(pack, tree, line)).or_default() += 1,
    });
    Coverage { ledger: reading.ledger, unknown, doubtful }
}

fn beginning(pack: &Pack, tree: &Tree<'_>, line: &Line<'_>) -> Beginning {
    let opener = tree.parent(line).and_then(|opener| opener.text.split_ascii_whitespace().next());
    let masked = mask::lines(&line.text);
    let words = Words::new(&masked);
    let negated = words.get(0).is_some_and(|word| word.eq_ignore_ascii_case(&pack.negation));
    let mut said = words.from(usize::from(negated));
    let first = said.next().map(command).unwrap_or_default();
    let second = said.next().map(keyword).filter(|word| !word.is_empty());
    let words = match (first.is_empty(), second) {
        (true, _) => VALUE.to_owned(),
        (false, Some(second)) => format!("{first} {second}"),
        (false, None) => first,
    };
    Beginning { under: opener.map(command).filter(|word| !word.is_empty()), words }
}

/// What stands for a first word that is no keyword.
const VALUE: &str = "<value>";

/// A first word in lower case; nothing when it begins like no command does.
fn command(word: &str) -> String {
    let plain = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if plain { word.to_ascii_lowercase() } else { String::new() }
}

/// The letters that a word begins with, in lower case; nothing when it is a value: a name, a number, something hidden.
fn keyword(word: &str) -> String {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || "/.".contains(c));
    let plain = letters.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    if plain { letters.to_ascii_lowercase() } else { String::new() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::vendor::Packs;

    fn of(text: &str) -> Coverage {
        coverage(&Packs::embedded().get("cisco-ios").unwrap().unwrap(), text)
    }

    #[test]
    fn every_line_counts_once() {
        let found = of("hostname a\nzebra stripes\n!\ninterface GigabitEthernet1/0/1\n zebra 7\n shutdown\n\
                        banner motd ^C\narp 10.0.0.1\n^C\nip igmp snooping vlan 10 something\n");
        let Ledger { understood, unrelated, unknown, passed_over } = found.ledger;
        assert_eq!((understood, unrelated, unknown, passed_over), (3, 0, 3, 4));
        let unknown: Vec<String> =
            found.unknown.iter().map(|(words, count)| format!("{count} {words}")).collect();
        assert_eq!(unknown, ["1 zebra stripes", "1 interface: zebra"]);
        assert_eq!(found.doubtful.len(), 1);
    }

    #[test]
    fn beginnings_hold_no_value_of_the_config() {
        for (line, expected) in [
            ("no zebra stripes", "zebra stripes"),
            ("zebra Stripes-and-more", "zebra stripes-and-more"),
            ("zebra 10.0.0.1", "zebra"),
            ("zebra GigabitEthernet1/0/1", "zebra gigabitethernet"),
            ("password hunter", "password"),
            ("zebra secret hunter", "zebra secret"),
            ("key 7 zebra", "key"),
            ("Pa$$word", "<value>"),
            ("10 zebra", "<value>"),
        ] {
            let found = of(&format!("interface Zebra1\n {line}"));
            let said: Vec<String> = found.unknown.keys().map(|words| words.words.clone()).collect();
            assert!(said.contains(&expected.to_owned()), "{line}: {said:?}");
        }
    }
}
