//! Line patterns in words: `mac address-table static <mac> vlan <vlan> interface <ports>`. A word in brackets may be
//! missing (`[multicast]`), words in parentheses are alternatives (`(output-range|range-output)`), and a word glued to a
//! placeholder may stand apart from it in the line (`interface Vlan<vlan>` fits `interface vlan 10`).
//!
//! A pattern is matched word by word and never becomes a regular expression: nothing is compiled when the program
//! starts, a line costs as many comparisons as it has words, and no pattern of a stranger's pack can make it cost more.

use std::ops::Range;

/// What a placeholder stands for. Whether a text is a right address or port is its reader's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Digits and dots.
    Address,
    /// An address, a slash, a length.
    Prefix,
    /// An address, or a slash and a length.
    Mask,
    /// Hexadecimal digits with what MACs are divided by.
    Mac,
    /// Digits.
    Number,
    /// Digits, perhaps with a dot between them.
    Decimal,
    /// Numbers, commas and hyphens.
    Numbers,
    /// One such word or more, between them words of letters: `10 20 to 29`.
    NumberWords,
    /// Any one word.
    Word,
    /// One word or more. No two of these stand in one pattern, so that there is one way to share out a line's words.
    Words,
}

/// The placeholders.
pub(super) const PLACEHOLDERS: &[(&str, Shape)] = &[
    ("ip", Shape::Address),
    ("group", Shape::Address),
    ("address", Shape::Address),
    ("mask", Shape::Mask),
    ("prefix", Shape::Prefix),
    ("length", Shape::Number),
    ("mac", Shape::Mac),
    ("source", Shape::Mac),
    ("vlan", Shape::Number),
    ("svi", Shape::Number),
    ("vlans", Shape::Numbers),
    ("vrf", Shape::Word),
    ("number", Shape::Number),
    ("level", Shape::Decimal),
    ("word", Shape::Word),
    ("list", Shape::Word),
    ("port", Shape::Words),
    ("ports", Shape::Words),
    ("lags", Shape::Words),
    ("text", Shape::Words),
];

/// The longest pattern a pack may write, in octets.
const MAX_LENGTH: usize = 200;
/// Placeholders of one pattern.
const MAX_SLOTS: usize = 6;
/// Words that may be missing from one pattern: each doubles the ways to try.
const MAX_OPTIONS: usize = 6;

impl Shape {
    fn fits(self, word: &str) -> bool {
        let octets = word.as_bytes();
        let digit = |octet: &u8| octet.is_ascii_digit();
        let begins_with_digit = octets.first().is_some_and(digit);
        let dotted = |octet: &u8| digit(octet) || *octet == b'.';
        match self {
            Self::Address => begins_with_digit && octets.contains(&b'.') && octets.iter().all(dotted),
            Self::Prefix => word
                .split_once('/')
                .is_some_and(|(address, length)| Self::Address.fits(address) && Self::Number.fits(length)),
            Self::Mask => {
                Self::Address.fits(word)
                    || word.strip_prefix('/').is_some_and(|length| Self::Number.fits(length))
            }
            Self::Mac => {
                let part = |octet: &u8| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':' | b'-');
                octets.first().is_some_and(u8::is_ascii_hexdigit) && octets.iter().all(part)
            }
            Self::Number => begins_with_digit && octets.iter().all(digit),
            Self::NumberWords => Self::Numbers.fits(word) || octets.iter().all(u8::is_ascii_alphabetic),
            Self::Decimal => begins_with_digit && octets.iter().all(dotted),
            Self::Numbers => {
                begins_with_digit && octets.iter().all(|octet| digit(octet) || matches!(octet, b',' | b'-'))
            }
            Self::Word | Self::Words => {
                let plain = |octet: &u8| (b' '..0x7f).contains(octet);
                !word.is_empty() && (octets.iter().all(plain) || !word.chars().any(char::is_control))
            }
        }
    }
}

/// Why a pattern is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Too long, or nothing in it.
    #[error("a pattern has between 1 and {MAX_LENGTH} octets")]
    Length,
    /// It begins with something that may be missing or may be anything.
    #[error("a pattern begins with a word, or with the <number> of a list's line")]
    NoFirstWord,
    /// A placeholder that does not exist.
    #[error("`<{0}>` is no placeholder; there are {known}", known = known_placeholders())]
    UnknownPlaceholder(String),
    /// The same placeholder twice.
    #[error("`<{0}>` stands there twice")]
    Twice(String),
    /// Two placeholders of several words: where one ends and the other begins could be tried in too many ways.
    #[error("a line has one placeholder for several words: <port>, <ports>, <lags> or <text>")]
    TwoLists,
    /// More to remember, or more that may be missing, than any line has.
    #[error("a pattern has at most {MAX_SLOTS} placeholders and {MAX_OPTIONS} parts in brackets")]
    TooMuch,
    /// Brackets that do not match, or stand inside each other.
    #[error("`{0}` has no partner, or stands inside another")]
    Unbalanced(char),
    /// A sign that patterns do not have.
    #[error("`{0}` has no meaning in a pattern")]
    Stray(String),
}

fn known_placeholders() -> String {
    PLACEHOLDERS.iter().map(|(name, _)| format!("<{name}>")).collect::<Vec<_>>().join(", ")
}

/// One step of a pattern.
#[derive(Debug)]
enum Step {
    /// This word, in any case.
    Word(Box<str>),
    /// One of these words.
    Choice(Vec<Box<str>>),
    /// A placeholder, behind a word that may be glued to it.
    Slot { glued: Box<str>, name: &'static str, shape: Shape },
    /// The next steps, so many, may be missing.
    Maybe(usize),
}

/// A line pattern, ready to match.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    head: usize,
    steps: Vec<Step>,
}

/// A line as its words.
#[derive(Debug, Default)]
pub struct Words<'l> {
    line: &'l str,
    words: Vec<(u32, u32)>,
}

impl<'l> Words<'l> {
    /// The words of `line`, divided by blanks and tabs.
    pub fn new(line: &'l str) -> Self {
        let mut words = Self::default();
        words.take(line);
        words
    }

    /// Takes the words of another line, in the memory of the last one.
    pub fn take(&mut self, line: &'l str) {
        self.line = line;
        self.words.clear();
        let octets = line.as_bytes();
        let is_blank = |at: usize| matches!(octets[at], b' ' | b'\t');
        let mut at = 0;
        while at < octets.len() {
            if is_blank(at) {
                at += 1;
                continue;
            }
            let start = at;
            while at < octets.len() && !is_blank(at) {
                at += 1;
            }
            self.words.push((start as u32, at as u32));
        }
    }

    /// The word at `index`.
    pub fn get(&self, index: usize) -> Option<&'l str> {
        self.words.get(index).map(|(start, end)| &self.line[*start as usize..*end as usize])
    }

    /// The octets of the word at `index`.
    pub fn place(&self, index: usize) -> Option<Range<usize>> {
        self.words.get(index).map(|(start, end)| *start as usize..*end as usize)
    }

    /// The line.
    pub fn line(&self) -> &'l str {
        self.line
    }

    /// The words from `index` on.
    pub fn from(&self, index: usize) -> impl Iterator<Item = &'l str> {
        self.words.iter().skip(index).map(|(start, end)| &self.line[*start as usize..*end as usize])
    }
}

/// The values of a line that fits a pattern.
#[derive(Debug, Clone)]
pub struct Captures<'l> {
    line: &'l str,
    found: [(&'static str, u32, u32); MAX_SLOTS],
    count: usize,
}

impl<'l> Captures<'l> {
    /// The octets of the line that `name` stands for; `None` when the line leaves it out.
    pub fn range(&self, name: &str) -> Option<Range<usize>> {
        let slot = self.found[..self.count].iter().find(|(known, ..)| *known == name);
        slot.map(|(_, start, end)| *start as usize..*end as usize)
    }

    /// The text that `name` stands for.
    pub fn get(&self, name: &str) -> Option<&'l str> {
        self.range(name).map(|range| &self.line[range])
    }

    /// The name that a line gives to something: a word or a number.
    pub fn given_name(&self) -> Option<&'l str> {
        self.get("word").or_else(|| self.get("number"))
    }

    fn set(&mut self, name: &'static str, start: u32, end: u32) {
        self.found[self.count] = (name, start, end);
        self.count += 1;
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
        let mut steps: Vec<Step> = Vec::new();
        let mut opened: Option<usize> = None;
        for (index, raw) in text.split_whitespace().enumerate() {
            let mut word = raw;
            if index == 0 && word != "<number>" && word.starts_with(['[', '(', '<']) {
                return Err(PatternError::NoFirstWord);
            }
            if let Some(rest) = word.strip_prefix('[') {
                if opened.is_some() {
                    return Err(PatternError::Unbalanced('['));
                }
                (word, opened) = (rest, Some(steps.len()));
                steps.push(Step::Maybe(0));
            }
            let closes = word.ends_with(']');
            if closes {
                word = &word[..word.len() - 1];
            }
            let step = step(word, &steps)?;
            steps.push(step);
            if closes {
                let Some(at) = opened.take() else { return Err(PatternError::Unbalanced(']')) };
                steps[at] = Step::Maybe(steps.len() - at - 1);
            }
        }
        if opened.is_some() {
            return Err(PatternError::Unbalanced('['));
        }
        let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
        if count(|step| matches!(step, Step::Slot { .. })) > MAX_SLOTS
            || count(|step| matches!(step, Step::Maybe(_))) > MAX_OPTIONS
        {
            return Err(PatternError::TooMuch);
        }
        let head = steps.iter().take_while(|step| matches!(step, Step::Word(_))).count();
        Ok(Self { text: text.to_owned(), head, steps })
    }

    /// The same pattern in a dialect whose lists of VLANs are several words.
    ///
    /// # Errors
    /// [`PatternError::TwoLists`] when it has another placeholder for several words.
    pub(super) fn with_vlan_words(mut self) -> Result<Self, PatternError> {
        let mut lists = 0;
        for step in &mut self.steps {
            if let Step::Slot { shape, .. } = step {
                if *shape == Shape::Numbers {
                    *shape = Shape::NumberWords;
                }
                lists += usize::from(matches!(shape, Shape::Words | Shape::NumberWords));
            }
        }
        if lists > 1 { Err(PatternError::TwoLists) } else { Ok(self) }
    }

    /// The same in a dialect whose SVIs have names, and whose VLANs have where `vlans` says so: one word each.
    pub(super) fn with_names(mut self, vlans: bool) -> Self {
        for step in &mut self.steps {
            if let Step::Slot { shape, name, .. } = step
                && (*name == "svi" || vlans && matches!(*name, "vlan" | "vlans"))
            {
                *shape = Shape::Word;
            }
        }
        self
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many fixed words every line that fits begins with.
    pub fn head(&self) -> usize {
        self.head
    }

    /// The fixed words every line that fits begins with, as they are written.
    pub fn head_words(&self) -> impl Iterator<Item = &str> {
        self.steps[..self.head].iter().filter_map(|step| match step {
            Step::Word(word) => Some(&**word),
            _ => None,
        })
    }

    /// The fixed word that it begins with, or the name and the sign before the value that does: `#config-version=`.
    pub fn first_word(&self) -> Option<&str> {
        match self.steps.first()? {
            Step::Word(word) => Some(word),
            Step::Slot { glued, .. } => Some(&**glued).filter(|glued| glued.ends_with('=')),
            Step::Choice(_) | Step::Maybe(_) => None,
        }
    }

    /// Whether it is made of fixed words alone.
    pub fn is_fixed(&self) -> bool {
        self.head == self.steps.len()
    }

    /// Whether `line` begins with the pattern's fixed words.
    pub fn begins(&self, line: &Words<'_>) -> bool {
        self.head_words()
            .enumerate()
            .all(|(at, fixed)| line.get(at).is_some_and(|word| word.eq_ignore_ascii_case(fixed)))
    }

    /// Whether `line` has all fixed words of the pattern where they stand, up to what may be missing, and there are three or
    /// more: values between them may be none, and others may follow.
    pub fn shares_all_words(&self, line: &Words<'_>) -> bool {
        let mut count = 0;
        for (at, step) in self.steps.iter().take_while(|step| !matches!(step, Step::Maybe(_))).enumerate() {
            let said = |word: &str| line.get(at).is_some_and(|own| own.eq_ignore_ascii_case(word));
            match step {
                Step::Word(word) if said(word) => count += 1,
                Step::Choice(words) if words.iter().any(|word| said(word)) => count += 1,
                Step::Slot { glued, .. } if glued.is_empty() => {}
                _ => return false,
            }
        }
        count >= 3
    }

    /// Whether the pattern has the placeholder `name`.
    pub fn has(&self, name: &str) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Slot { name: known, .. } if *known == name))
    }

    /// The values, when the whole of `line` fits, blanks at its ends aside.
    pub fn captures<'l>(&self, line: &Words<'l>) -> Option<Captures<'l>> {
        self.captures_from(line, 0)
    }

    /// The values, when the words of `line` from `first` on fit.
    pub fn captures_from<'l>(&self, line: &Words<'l>, first: usize) -> Option<Captures<'l>> {
        // Most lines differ in the first word.
        if let Some(Step::Word(fixed)) = self.steps.first()
            && !line.get(first).is_some_and(|word| word.eq_ignore_ascii_case(fixed))
        {
            return None;
        }
        fit_all(&self.steps, line, first)
    }

    /// The values, when the whole of `line` fits, of which the first `known` words are known to be the pattern's first.
    pub fn captures_behind<'l>(&self, line: &Words<'l>, known: usize) -> Option<Captures<'l>> {
        fit_all(self.steps.get(known..)?, line, known)
    }

    /// A line that fits: parts that may be missing are left out, of alternatives stands the first, and of a placeholder
    /// what `value` says. `None` when it says nothing of one.
    pub fn write(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        self.write_spaced("", value)
    }

    /// The same with `space` between a placeholder and the word that may be glued to it.
    pub fn write_spaced(&self, space: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut line = String::new();
        let mut left_out = 0;
        for step in &self.steps {
            if left_out > 0 {
                left_out -= 1;
                continue;
            }
            if let Step::Maybe(steps) = step {
                left_out = *steps;
                continue;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            match step {
                Step::Word(word) => line.push_str(word),
                Step::Choice(choices) => line.push_str(choices.first()?),
                Step::Slot { glued, name, .. } => {
                    line.push_str(glued);
                    line.push_str(if glued.is_empty() { "" } else { space });
                    line.push_str(&value(name)?);
                }
                Step::Maybe(_) => {}
            }
        }
        Some(line)
    }

    /// Whether no word of the line it writes is one of several: which of them is meant, nobody but the device knows.
    pub fn is_definite(&self) -> bool {
        let mut left_out = 0;
        self.steps.iter().all(|step| {
            let stands = left_out == 0;
            left_out = match step {
                Step::Maybe(steps) => *steps,
                _ => left_out.saturating_sub(1),
            };
            !(stands && matches!(step, Step::Choice(_)))
        })
    }

    /// Whether the whole of `line` fits.
    pub fn fits(&self, line: &str) -> bool {
        self.captures(&Words::new(line)).is_some()
    }
}

fn fit_all<'l>(steps: &[Step], line: &Words<'l>, at: usize) -> Option<Captures<'l>> {
    let mut captures = Captures { line: line.line, found: [("", 0, 0); MAX_SLOTS], count: 0 };
    fit(steps, line, at, &mut captures).then_some(captures)
}

/// Whether the words of `line` from `at` on are what `steps` say, all of both.
fn fit<'l>(steps: &[Step], line: &Words<'l>, at: usize, captures: &mut Captures<'l>) -> bool {
    let Some((step, rest)) = steps.split_first() else { return at == line.words.len() };
    match step {
        Step::Word(fixed) => {
            line.get(at).is_some_and(|word| word.eq_ignore_ascii_case(fixed))
                && fit(rest, line, at + 1, captures)
        }
        Step::Choice(choices) => {
            line.get(at).is_some_and(|word| choices.iter().any(|choice| word.eq_ignore_ascii_case(choice)))
                && fit(rest, line, at + 1, captures)
        }
        Step::Maybe(steps) => {
            let before = captures.count;
            if fit(rest, line, at, captures) {
                return true;
            }
            captures.count = before;
            fit(&rest[*steps..], line, at, captures)
        }
        Step::Slot { glued, name, shape } => {
            let Some((start, end)) = line.words.get(at).copied() else { return false };
            let word = &line.line[start as usize..end as usize];
            let Some(value) = word.get(glued.len()..) else { return false };
            if !word[..glued.len()].eq_ignore_ascii_case(glued) {
                return false;
            }
            let (at, start) = match value.is_empty() {
                false => (at, end - value.len() as u32),
                true => match line.words.get(at + 1) {
                    Some((start, _)) => (at + 1, *start),
                    None => return false,
                },
            };
            fit_slot(rest, line, at, start, (name, *shape), captures)
        }
    }
}

/// As [`fit`], where a placeholder begins at octet `start` of the word at `at`.
fn fit_slot<'l>(
    rest: &[Step],
    line: &Words<'l>,
    at: usize,
    start: u32,
    (name, shape): (&'static str, Shape),
    captures: &mut Captures<'l>,
) -> bool {
    let before = captures.count;
    let several = matches!(shape, Shape::Words | Shape::NumberWords);
    let longest = if several { line.words.len() } else { at + 1 };
    let mut begin = start;
    for last in at..longest {
        let end = line.words[last].1;
        if !shape.fits(&line.line[begin as usize..end as usize]) {
            return false;
        }
        captures.set(name, start, end);
        if fit(rest, line, last + 1, captures) {
            return true;
        }
        captures.count = before;
        begin = line.words.get(last + 1).map_or(end, |(start, _)| *start);
    }
    false
}

/// What a word of a pattern demands; `before` are the steps that stand before it.
fn step(word: &str, before: &[Step]) -> Result<Step, PatternError> {
    if let Some((glued, placeholder)) = word.find('<').map(|begin| word.split_at(begin)) {
        let glued = if glued.is_empty() { Box::from("") } else { literal(glued)? };
        let Some(name) = placeholder.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
            return Err(PatternError::Stray(placeholder.to_owned()));
        };
        let Some((name, shape)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) else {
            return Err(PatternError::UnknownPlaceholder(name.to_owned()));
        };
        for step in before {
            match step {
                Step::Slot { name: known, .. } if known == name => {
                    return Err(PatternError::Twice((*name).to_owned()));
                }
                Step::Slot { shape: Shape::Words, .. } if *shape == Shape::Words => {
                    return Err(PatternError::TwoLists);
                }
                _ => {}
            }
        }
        return Ok(Step::Slot { glued, name, shape: *shape });
    }
    if let Some(inner) = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        // A bracket would else be one of the pattern's own.
        if let "[" | "]" = inner {
            return Ok(Step::Word(inner.into()));
        }
        return inner.split('|').map(literal).collect::<Result<_, _>>().map(Step::Choice);
    }
    literal(word).map(Step::Word)
}

fn literal(word: &str) -> Result<Box<str>, PatternError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:;#!,=".contains(c);
    match word.is_empty() || !word.chars().all(plain) {
        true => Err(PatternError::Stray(word.to_owned())),
        false => Ok(word.into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_parentheses_are_words_and_values_have_names() {
        let pattern = Pattern::new("/ip arp remove ([) find address=<ip> [disabled=no] (])").unwrap();
        assert!(pattern.fits("/ip arp remove [ find address=10.0.0.1 ]"));
        assert!(pattern.fits("/ip arp remove [ find address=10.0.0.1 disabled=no ]"));
        assert!(!pattern.fits("/ip arp remove find address=10.0.0.1"));
        assert!(pattern.is_definite());
        let written = pattern.write(|_| Some("10.0.0.1".to_owned())).unwrap();
        assert_eq!(written, "/ip arp remove [ find address=10.0.0.1 ]");
    }

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
            assert_eq!(pattern.fits(line), fits, "{line}");
        }
        let found = pattern.captures(&Words::new(" arp vrf RED 10.0.0.1 03bf.0a00.0001 arpa")).unwrap();
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
            assert_eq!(
                pattern.captures(&Words::new(line)).and_then(|found| found.get("vlan")),
                Some("10"),
                "{line}"
            );
        }
        assert!(!pattern.fits("interface Vlan"));
        assert!(!pattern.fits("interface Vlanx10"));
    }

    #[test]
    fn a_list_takes_as_many_words_as_leave_the_rest_fitting() {
        let pattern = Pattern::new("mac static <mac> output <ports> [vlan <vlan>]").unwrap();
        let line = "mac static 03bf.0a00.0001 output Te 0/1 , Po 2";
        assert_eq!(pattern.captures(&Words::new(line)).unwrap().get("ports"), Some("Te 0/1 , Po 2"));
        let line = "mac static 03bf.0a00.0001 output Te 0/1 vlan 10";
        let found = pattern.captures(&Words::new(line)).unwrap();
        assert_eq!((found.get("ports"), found.get("vlan")), (Some("Te 0/1"), Some("10")));
        assert!(!pattern.fits("mac static 03bf.0a00.0001 output "));
    }

    #[test]
    fn a_pattern_writes_a_line_that_fits_it() {
        let pattern = Pattern::new("arp [vrf <vrf>] <ip> (ARPA|SNAP) Vlan<vlan>").unwrap();
        let value = |name: &str| match name {
            "ip" => Some("10.0.0.1".to_owned()),
            "vlan" => Some("10".to_owned()),
            _ => None,
        };
        assert_eq!(pattern.write(value).unwrap(), "arp 10.0.0.1 ARPA Vlan10");
        assert!(pattern.fits("arp 10.0.0.1 ARPA Vlan10"));
        assert_eq!(pattern.write(|_| None), None);
        assert_eq!(pattern.write_spaced(" ", value).unwrap(), "arp 10.0.0.1 ARPA Vlan 10");
        for (text, definite) in [
            ("spanning-tree (rstp|mstp) edge-port", false),
            ("storm [(on|off)] level", true),
            ("no arp", true),
        ] {
            assert_eq!(Pattern::new(text).unwrap().is_definite(), definite, "{text}");
        }
    }

    #[test]
    fn no_line_is_costly_to_refuse() {
        let pattern = Pattern::new("a [b] [b] [b] [b] [b] [b] <ports> c").unwrap();
        assert!(!pattern.fits(&format!("a {}", "b ".repeat(8000))));
        assert!(pattern.fits(&format!("a {} c", "b ".repeat(8000))));
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
            ("x [a] [b] [c] [d] [e] [f] [g]", PatternError::TooMuch),
            ("x <ip> <group> <address> <mac> <vlan> <vrf> <word>", PatternError::TooMuch),
        ] {
            assert_eq!(Pattern::new(text).unwrap_err(), error, "{text}");
        }
        assert!(Pattern::new(&"x".repeat(MAX_LENGTH + 1)).is_err());
    }
}
