//! Line patterns in words: `mac address-table static <mac> vlan <vlan> interface <ports>`. A word in brackets may be
//! missing (`[multicast]`), words in parentheses are alternatives (`(output-range|range-output)`), and a word glued to a
//! placeholder may stand apart from it in the line (`interface Vlan<vlan>` fits `interface vlan 10`).
//!
//! A pack never writes a regular expression, and none is made: a pattern is compared word by word, which costs a large
//! config a tenth of what captures of an expression would.

use std::ops::Range;

/// What a placeholder stands for, and the texts it fits.
pub(super) const PLACEHOLDERS: &[(&str, Shape)] = &[
    ("ip", Shape::Address),
    ("group", Shape::Address),
    ("address", Shape::Address),
    ("mac", Shape::Mac),
    ("vlan", Shape::Digits),
    ("vrf", Shape::Word),
    ("number", Shape::Digits),
    ("word", Shape::Word),
    ("port", Shape::Words),
    ("ports", Shape::Words),
    ("lags", Shape::Words),
];

/// The texts a placeholder fits. Whether a text is a right address or port is its reader's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Address,
    Mac,
    Digits,
    Word,
    Words,
}

impl Shape {
    fn fits(self, word: &str) -> bool {
        let all = |fits: fn(&u8) -> bool| word.as_bytes().iter().all(fits);
        let begins = |fits: fn(&u8) -> bool| word.as_bytes().first().is_some_and(fits);
        match self {
            Self::Address => {
                all(|octet| octet.is_ascii_digit() || *octet == b'.')
                    && begins(u8::is_ascii_digit)
                    && word.find('.').is_some_and(|dot| dot + 1 < word.len())
            }
            Self::Mac => {
                all(|octet| octet.is_ascii_hexdigit() || b".:-".contains(octet))
                    && begins(u8::is_ascii_hexdigit)
            }
            Self::Digits => begins(u8::is_ascii_digit) && all(u8::is_ascii_digit),
            Self::Word | Self::Words => !word.is_empty(),
        }
    }
}

/// The longest pattern a pack may write, in octets.
const MAX_LENGTH: usize = 200;

/// Why a pattern is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Too long, or nothing in it.
    #[error("a pattern has between 1 and {MAX_LENGTH} octets")]
    Length,
    /// It begins with something that may be missing or may be anything.
    #[error("a pattern begins with a word")]
    NoFirstWord,
    /// A placeholder that does not exist.
    #[error(
        "`<{0}>` is no placeholder; there are <ip>, <group>, <address>, <mac>, <vlan>, <vrf>, <number>, <word>, <port>, <ports>, <lags>"
    )]
    UnknownPlaceholder(String),
    /// The same placeholder twice.
    #[error("`<{0}>` stands there twice")]
    Twice(String),
    /// Two placeholders of several words: where one ends and the other begins could be tried in too many ways.
    #[error("a line names its ports once: in <port>, in <ports> or in <lags>")]
    TwoLists,
    /// Brackets that do not match, or stand inside each other.
    #[error("`{0}` has no partner, or stands inside another")]
    Unbalanced(char),
    /// A sign that patterns do not have.
    #[error("`{0}` has no meaning in a pattern")]
    Stray(String),
}

/// A line pattern, ready to compare.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    head: usize,
    pieces: Vec<Piece>,
}

/// What one word of a pattern asks of a line.
#[derive(Debug)]
struct Piece {
    what: What,
    /// Where this begins something that may be missing: the piece behind it.
    behind: Option<usize>,
}

#[derive(Debug)]
enum What {
    /// One of these words.
    OneOf(Vec<String>),
    /// A value, and the word it may be glued to.
    Value { name: &'static str, shape: Shape, glued: String },
}

/// The values of a line that fits a pattern.
#[derive(Debug)]
pub struct Captures<'l> {
    line: &'l str,
    values: Vec<(&'static str, Range<usize>)>,
}

impl<'l> Captures<'l> {
    /// The octets of the line that `name` stands for; `None` when the line leaves it out.
    pub fn range(&self, name: &str) -> Option<Range<usize>> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, range)| range.clone())
    }

    /// The text that `name` stands for.
    pub fn get(&self, name: &str) -> Option<&'l str> {
        self.range(name).map(|range| &self.line[range])
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`] says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() || text.len() > MAX_LENGTH {
            return Err(PatternError::Length);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut option: Option<usize> = None;
        for (index, raw) in text.split_whitespace().enumerate() {
            let mut word = raw;
            if index == 0 && !word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                return Err(PatternError::NoFirstWord);
            }
            if let Some(rest) = word.strip_prefix('[') {
                if option.is_some() {
                    return Err(PatternError::Unbalanced('['));
                }
                (word, option) = (rest, Some(index));
            }
            let closes = word.ends_with(']');
            if closes {
                word = &word[..word.len() - 1];
                if option.is_none() {
                    return Err(PatternError::Unbalanced(']'));
                }
            }
            pieces.push(Piece { what: What::new(word, &pieces)?, behind: None });
            if let Some(begin) = option.take_if(|_| closes) {
                pieces[begin].behind = Some(index + 1);
            }
        }
        if option.is_some() {
            return Err(PatternError::Unbalanced('['));
        }
        let fixed = |piece: &&Piece| piece.fixed_word().is_some();
        let head = pieces.iter().take_while(fixed).count();
        Ok(Self { text: text.to_owned(), head, pieces })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many fixed words every line that fits begins with.
    pub fn head(&self) -> usize {
        self.head
    }

    /// What of `line` follows the pattern's head, word by word; `None` when it begins otherwise, and so cannot fit.
    pub fn behind_head<'l>(&self, line: &'l str) -> Option<std::str::SplitWhitespace<'l>> {
        let mut words = line.split_whitespace();
        let mut fixed = self.pieces[..self.head].iter().filter_map(Piece::fixed_word);
        let begins = fixed.all(|fixed| words.next().is_some_and(|word| word.eq_ignore_ascii_case(fixed)));
        begins.then_some(words)
    }

    /// The first word, in lower case; with the second one when the first is `negation`.
    pub fn dispatch_key(&self, negation: &str) -> String {
        dispatch_key(&self.text, negation)
    }

    /// Whether the pattern has the placeholder `name`.
    pub fn has(&self, name: &str) -> bool {
        self.pieces.iter().any(|piece| matches!(piece.what, What::Value { name: known, .. } if known == name))
    }

    /// The values, when the whole of `line` fits, blanks at its ends aside.
    pub fn captures<'l>(&self, line: &'l str) -> Option<Captures<'l>> {
        let begin = line.len() - line.trim_start().len();
        let mut found = Captures { line: &line[..line.trim_end().len()], values: Vec::new() };
        self.fits(0, begin, &mut found).then_some(found)
    }

    /// Whether the line from the word that begins at `from` fits the pieces from `at` on.
    fn fits(&self, at: usize, from: usize, found: &mut Captures<'_>) -> bool {
        let Some(piece) = self.pieces.get(at) else { return from >= found.line.len() };
        let known = found.values.len();
        if self.piece_fits(piece, at, from, found) {
            return true;
        }
        found.values.truncate(known);
        piece.behind.is_some_and(|behind| self.fits(behind, from, found))
    }

    fn piece_fits(&self, piece: &Piece, at: usize, from: usize, found: &mut Captures<'_>) -> bool {
        let line = found.line;
        match &piece.what {
            What::OneOf(words) => {
                let end = word_end(line, from);
                let word = line.get(from..end).unwrap_or_default();
                words.iter().any(|known| known.eq_ignore_ascii_case(word))
                    && self.fits(at + 1, next_word(line, end), found)
            }
            What::Value { name, shape, glued } => {
                let head = line.get(from..).and_then(|rest| rest.get(..glued.len()));
                if !head.is_some_and(|head| head.eq_ignore_ascii_case(glued)) {
                    return false;
                }
                let begin = if glued.is_empty() { from } else { next_word(line, from + glued.len()) };
                let mut end = word_end(line, begin);
                loop {
                    let value = line.get(begin..end).unwrap_or_default();
                    if !shape.fits(value) {
                        return false;
                    }
                    found.values.push((name, begin..end));
                    let next = next_word(line, end);
                    if self.fits(at + 1, next, found) {
                        return true;
                    }
                    found.values.pop();
                    if *shape != Shape::Words || next >= line.len() {
                        return false;
                    }
                    end = word_end(line, next);
                }
            }
        }
    }
}

impl Piece {
    /// The one word that must stand here, in whatever case.
    fn fixed_word(&self) -> Option<&str> {
        match (&self.what, self.behind) {
            (What::OneOf(words), None) if words.len() == 1 => words.first().map(String::as_str),
            _ => None,
        }
    }
}

impl What {
    fn new(word: &str, before: &[Piece]) -> Result<Self, PatternError> {
        if let Some((glued, placeholder)) = word.find('<').map(|begin| word.split_at(begin)) {
            let glued = if glued.is_empty() { String::new() } else { literal(glued)? };
            let Some(name) = placeholder.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
                return Err(PatternError::Stray(placeholder.to_owned()));
            };
            let Some((name, shape)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) else {
                return Err(PatternError::UnknownPlaceholder(name.to_owned()));
            };
            let values = before.iter().filter_map(|piece| match piece.what {
                Self::Value { name, shape, .. } => Some((name, shape)),
                Self::OneOf(_) => None,
            });
            for (other, other_shape) in values {
                if other == *name {
                    return Err(PatternError::Twice(other.to_owned()));
                }
                if other_shape == Shape::Words && *shape == Shape::Words {
                    return Err(PatternError::TwoLists);
                }
            }
            return Ok(Self::Value { name, shape: *shape, glued });
        }
        let choices = match word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => inner.split('|').map(literal).collect::<Result<Vec<String>, PatternError>>()?,
            None => vec![literal(word)?],
        };
        Ok(Self::OneOf(choices))
    }
}

fn literal(word: &str) -> Result<String, PatternError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:#!".contains(c);
    match word.is_empty() || !word.chars().all(plain) {
        true => Err(PatternError::Stray(word.to_owned())),
        false => Ok(word.to_owned()),
    }
}

/// Where the word that begins at `from` ends.
fn word_end(line: &str, from: usize) -> usize {
    let rest = line.as_bytes().get(from..).unwrap_or_default();
    rest.iter().position(|octet| is_blank(*octet)).map_or(line.len(), |length| from + length)
}

/// Where the next word begins behind `end`; the line's length when there is none.
fn next_word(line: &str, end: usize) -> usize {
    let rest = line.as_bytes().get(end..).unwrap_or_default();
    rest.iter().position(|octet| !is_blank(*octet)).map_or(line.len(), |blanks| end + blanks)
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// What a line is dispatched by: its first word in lower case; with the second one when the first is `negation`.
pub fn dispatch_key(line: &str, negation: &str) -> String {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let mut key = first.to_ascii_lowercase();
    if first.eq_ignore_ascii_case(negation) {
        key.push(' ');
        key.extend(words.next().unwrap_or_default().chars().map(|c| c.to_ascii_lowercase()));
    }
    key
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_placeholders_options_and_alternatives_match_whole_lines() {
        let pattern = Pattern::new("arp [vrf <vrf>] <ip> <mac> (arpa|snap) [alias]").unwrap();
        for (line, fits) in [
            ("arp 10.0.0.1 03bf.0a00.0001 ARPA", true),
            ("  ARP  vrf RED 10.0.0.1 03bf.0a00.0001 snap alias ", true),
            ("arp 10.0.0.1 03bf.0a00.0001", false),
            ("arp 10.0.0.1 03bf.0a00.0001 ARPA now", false),
            ("xarp 10.0.0.1 03bf.0a00.0001 ARPA", false),
        ] {
            assert_eq!(pattern.captures(line).is_some(), fits, "{line}");
        }
        let found = pattern.captures(" arp vrf RED 10.0.0.1 03bf.0a00.0001 arpa").unwrap();
        assert_eq!(
            (found.get("vrf"), found.range("ip"), found.get("ports")),
            (Some("RED"), Some(13..21), None)
        );
        assert!(pattern.has("vrf") && !pattern.has("ports"));
    }

    #[test]
    fn a_word_glued_to_a_placeholder_may_stand_apart() {
        let pattern = Pattern::new("interface Vlan<vlan>").unwrap();
        for line in ["interface Vlan10", "interface vlan 10", "INTERFACE  VLAN  10"] {
            assert_eq!(pattern.captures(line).and_then(|found| found.get("vlan")), Some("10"), "{line}");
        }
        assert!(pattern.captures("interface Vlan").is_none());
        assert!(pattern.captures("interface Vlanx10").is_none());
    }

    #[test]
    fn a_list_takes_as_many_words_as_leave_the_rest_fitting() {
        let pattern = Pattern::new("mac static <mac> output <ports> [vlan <vlan>]").unwrap();
        let line = "mac static 03bf.0a00.0001 output Te 0/1 , Po 2";
        assert_eq!(pattern.captures(line).unwrap().get("ports"), Some("Te 0/1 , Po 2"));
        let line = "mac static 03bf.0a00.0001 output Te 0/1 vlan 10";
        let found = pattern.captures(line).unwrap();
        assert_eq!((found.get("ports"), found.get("vlan")), (Some("Te 0/1"), Some("10")));
        assert!(pattern.captures("mac static 03bf.0a00.0001 output ").is_none());
    }

    #[test]
    fn a_line_is_dispatched_by_its_first_words() {
        assert_eq!(dispatch_key(" No  ARP 10.0.0.1", "no"), "no arp");
        assert_eq!(dispatch_key("arp 10.0.0.1", "no"), "arp");
        assert_eq!(Pattern::new("no arp <ip>").unwrap().dispatch_key("no"), "no arp");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (text, error) in [
            ("", PatternError::Length),
            ("[x] y", PatternError::NoFirstWord),
            ("<ip> x", PatternError::NoFirstWord),
            ("x <zebra>", PatternError::UnknownPlaceholder("zebra".to_owned())),
            ("x <ip> <ip>", PatternError::Twice("ip".to_owned())),
            ("x <ports> to <lags>", PatternError::TwoLists),
            ("x y*<ip>", PatternError::Stray("y*".to_owned())),
            ("x y<ip", PatternError::Stray("<ip".to_owned())),
            ("x [y", PatternError::Unbalanced('[')),
            ("x y]", PatternError::Unbalanced(']')),
            ("x .*", PatternError::Stray(".*".to_owned())),
            ("x (a|b*)", PatternError::Stray("b*".to_owned())),
        ] {
            assert_eq!(Pattern::new(text).unwrap_err(), error, "{text}");
        }
        assert!(Pattern::new(&"x".repeat(MAX_LENGTH + 1)).is_err());
    }
}
