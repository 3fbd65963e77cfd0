//! Line patterns in words: `mac address-table static <mac> vlan <vlan> interface <ports>`. A word in brackets may be
//! missing (`[multicast]`), words in parentheses are alternatives (`(output-range|range-output)`), and a word glued to a
//! placeholder may stand apart from it in the line (`interface Vlan<vlan>` fits `interface vlan 10`).
//!
//! A pack never writes a regular expression; each pattern is compiled to one anchored expression, once, and only when a
//! line begins with the pattern's fixed words.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// What a placeholder stands for, as an expression. Whether a text is a right address or port is its reader's to say.
pub(super) const PLACEHOLDERS: &[(&str, &str)] = &[
    ("ip", ADDRESS),
    ("group", ADDRESS),
    ("address", ADDRESS),
    ("mac", "[0-9A-Fa-f][0-9A-Fa-f.:-]*"),
    ("vlan", "[0-9]+"),
    ("vrf", WORD),
    ("number", "[0-9]+"),
    ("word", WORD),
    ("port", WORDS),
    ("ports", WORDS),
    ("lags", WORDS),
];

const ADDRESS: &str = "[0-9]+[.][0-9.]+";
const WORD: &str = "[!-~]+";
/// One word or more. No two of these stand in one pattern, so that there is one way to share out a line's words.
const WORDS: &str = "[!-~][ -~\t]*?";

const BLANKS: [char; 2] = [' ', '\t'];

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

/// A compiled line pattern.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    head: Vec<String>,
    expression: String,
    placeholders: Vec<&'static str>,
    compiled: OnceLock<Option<Regex>>,
}

/// The values of a line that fits a pattern.
#[derive(Debug)]
pub struct Captures<'l> {
    found: regex::Captures<'l>,
    indentation: usize,
}

impl<'l> Captures<'l> {
    /// The octets of the line that `name` stands for; `None` when the line leaves it out.
    pub fn range(&self, name: &str) -> Option<Range<usize>> {
        self.found.name(name).map(|found| found.start() + self.indentation..found.end() + self.indentation)
    }

    /// The text that `name` stands for.
    pub fn get(&self, name: &str) -> Option<&'l str> {
        self.found.name(name).map(|found| found.as_str())
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
        let mut expression = String::from("^");
        let mut placeholders = Vec::new();
        let mut head = Vec::new();
        let mut optional = false;
        for (index, raw) in text.split_whitespace().enumerate() {
            let mut word = raw;
            if index == 0 && !word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                return Err(PatternError::NoFirstWord);
            }
            if let Some(rest) = word.strip_prefix('[') {
                if optional {
                    return Err(PatternError::Unbalanced('['));
                }
                (word, optional) = (rest, true);
                expression.push_str("(?:");
            }
            let closes = word.ends_with(']');
            if closes {
                word = &word[..word.len() - 1];
                if !optional {
                    return Err(PatternError::Unbalanced(']'));
                }
            }
            if index > 0 {
                expression.push_str("[ \t]+");
            }
            expression.push_str(&word_expression(word, &mut placeholders)?);
            if head.len() == index && !optional && literal(word).is_ok() {
                head.push(word.to_owned());
            }
            if closes {
                expression.push_str(")?");
                optional = false;
            }
        }
        if optional {
            return Err(PatternError::Unbalanced('['));
        }
        expression.push('$');
        Ok(Self { text: text.to_owned(), head, expression, placeholders, compiled: OnceLock::new() })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many fixed words every line that fits begins with.
    pub fn head(&self) -> usize {
        self.head.len()
    }

    /// What of `line` follows the pattern's head, word by word; `None` when it begins otherwise, and so cannot fit.
    pub fn behind_head<'l>(&self, line: &'l str) -> Option<std::str::SplitWhitespace<'l>> {
        let mut words = line.split_whitespace();
        let begins =
            self.head.iter().all(|fixed| words.next().is_some_and(|word| word.eq_ignore_ascii_case(fixed)));
        begins.then_some(words)
    }

    /// The first word, in lower case; with the second one when the first is `negation`.
    pub fn dispatch_key(&self, negation: &str) -> String {
        dispatch_key(&self.text, negation)
    }

    /// Whether the pattern has the placeholder `name`.
    pub fn has(&self, name: &str) -> bool {
        self.placeholders.contains(&name)
    }

    /// The values, when the whole of `line` fits, blanks at its ends aside.
    pub fn captures<'l>(&self, line: &'l str) -> Option<Captures<'l>> {
        // Without Unicode tables most patterns fit an automaton that finds the values in one pass.
        let compile =
            || RegexBuilder::new(&self.expression).case_insensitive(true).unicode(false).build().ok();
        let content = line.trim_start_matches(BLANKS);
        let found =
            self.compiled.get_or_init(compile).as_ref()?.captures(content.trim_end_matches(BLANKS))?;
        Some(Captures { found, indentation: line.len() - content.len() })
    }
}

fn word_expression(word: &str, placeholders: &mut Vec<&'static str>) -> Result<String, PatternError> {
    if let Some((glued, placeholder)) = word.find('<').map(|begin| word.split_at(begin)) {
        let glued = if glued.is_empty() { String::new() } else { format!("{}[ \t]*", literal(glued)?) };
        let Some(name) = placeholder.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
            return Err(PatternError::Stray(placeholder.to_owned()));
        };
        let Some((name, fits)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) else {
            return Err(PatternError::UnknownPlaceholder(name.to_owned()));
        };
        if placeholders.contains(name) {
            return Err(PatternError::Twice((*name).to_owned()));
        }
        let is_list = |name: &&str| PLACEHOLDERS.iter().any(|(known, fits)| known == name && *fits == WORDS);
        if is_list(name) && placeholders.iter().any(is_list) {
            return Err(PatternError::TwoLists);
        }
        placeholders.push(name);
        return Ok(format!("{glued}(?P<{name}>{fits})"));
    }
    if let Some(inner) = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let choices: Result<Vec<String>, PatternError> = inner.split('|').map(literal).collect();
        return Ok(format!("(?:{})", choices?.join("|")));
    }
    literal(word)
}

fn literal(word: &str) -> Result<String, PatternError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:#!".contains(c);
    match word.is_empty() || !word.chars().all(plain) {
        true => Err(PatternError::Stray(word.to_owned())),
        false => Ok(regex::escape(word)),
    }
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
