//! Port names: what a dialect calls its ports, how it abbreviates them, and how it writes lists and ranges.

use std::fmt;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

/// The most ports that one range may name: more than any switch has, less than a slip of the keyboard costs.
const MAX_RANGE: u32 = 1024;

/// The numbers of a port: stack, slot, port, and a part of it where it is split.
type Numbers = SmallVec<[u32; 4]>;

/// A port or a port-channel, in one spelling: equal when they are the same port, however they were written.
///
/// A copy costs nothing: every line of a port's block is about that port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortName(Arc<Parts>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Parts {
    lag: bool,
    kind: Arc<str>,
    numbers: Numbers,
    /// What stands between the numbers, where it is not a slash.
    joints: Joints,
    subinterface: Option<u32>,
}

/// What stands between two numbers of a port, one for each place: `s` and `f` in `enp3s0f1`. Slashes when `None`, which
/// costs nothing where every name is copied.
type Joints = Option<Arc<[Box<str>]>>;

impl PortName {
    /// Whether it is a port-channel.
    pub fn is_lag(&self) -> bool {
        self.0.lag
    }

    /// Whether it is a subinterface: a part of a routed port, which switches nothing.
    pub fn is_subinterface(&self) -> bool {
        self.0.subinterface.is_some()
    }

    /// The kind, in the dialect's long spelling.
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The numbers, as every dialect writes them.
    fn write_number(&self, out: &mut impl fmt::Write) -> fmt::Result {
        for (index, number) in self.0.numbers.iter().enumerate() {
            if index > 0 {
                out.write_str(joint(&self.0.joints, index))?;
            }
            write!(out, "{number}")?;
        }
        match self.0.subinterface {
            Some(sub) => write!(out, ".{sub}"),
            None => Ok(()),
        }
    }

    /// Whether `next` is the same kind of port with the next number.
    fn is_followed_by(&self, next: &Self) -> bool {
        let (Some((last, head)), Some((next_last, next_head))) =
            (self.0.numbers.split_last(), next.0.numbers.split_last())
        else {
            return false;
        };
        self.0.kind == next.0.kind
            && self.0.subinterface.is_none()
            && next.0.subinterface.is_none()
            && head == next_head
            && *next_last == last + 1
    }
}

impl fmt::Display for PortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.kind)?;
        self.write_number(f)
    }
}

/// What stands before the number at `index`, which is not the first.
fn joint(joints: &Joints, index: usize) -> &str {
    joints.as_ref().and_then(|joints| joints.get(index - 1)).map_or("/", |joint| joint)
}

/// One kind of port of a dialect.
#[derive(Debug, Clone)]
pub struct PortKind {
    /// The long name, as it is saved.
    pub name: Arc<str>,
    /// The short name.
    pub short: String,
    /// Further spellings that are accepted.
    pub also: Vec<String>,
    /// Whether it is a port-channel.
    pub lag: bool,
    /// How many numbers the name has: least and most.
    pub parts: (usize, usize),
    /// What stands between two of them, one for each place; a slash where nothing is said.
    pub joints: Option<Arc<[Box<str>]>>,
    /// The word that stands before a list of these ports, where the grammar wants one.
    pub keyword: String,
    /// In such a list, the number stands alone.
    pub number_only: bool,
}

/// How a dialect writes ports.
#[derive(Debug, Clone)]
pub struct PortSyntax {
    /// The kinds of ports.
    pub kinds: Vec<PortKind>,
    /// What stands between the name and the number.
    pub between: String,
    /// What stands between two ports of a list.
    pub separator: String,
    /// Whether lists that are written use ranges (`g1-4`). Ranges are always read.
    pub ranges: bool,
    /// The word between the ends of a range: `to`. A hyphen where there is none.
    pub range_word: Option<String>,
    /// What is written behind it.
    pub range_end: RangeEnd,
    /// How many ports and ranges a list may have.
    pub list_items: Option<usize>,
    /// Whether any unambiguous beginning of a long name is accepted.
    pub abbreviate: bool,
    /// Whether a subinterface can be a port of a VLAN: elsewhere it routes.
    pub subinterfaces_switch: bool,
    /// The number of the subinterface that is the port itself: `ge-0/0/1.0` is `ge-0/0/1` where it is 0.
    pub own_unit: Option<u32>,
    /// Ports as they are right on this dialect, for messages.
    pub examples: Vec<String>,
}

/// What stands at the end of a range that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RangeEnd {
    /// The last number: `g1-4`.
    #[default]
    Number,
    /// All numbers: `1/1/1 to 1/1/4`.
    Path,
    /// The whole port: `A1-A4`.
    Port,
}

/// Why a text is no port, or no list of ports, of a dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// No kind of port is called so.
    #[error("no port here begins with `{0}`")]
    UnknownKind(String),
    /// Several kinds begin so.
    #[error("`{0}` could begin several kinds of port")]
    AmbiguousKind(String),
    /// No number where one belongs.
    #[error("a number is missing behind `{0}`")]
    NoNumber(String),
    /// Too few or too many numbers.
    #[error("`{0}` has {1} number{s} where {wanted}", s = if *.1 == 1 { "" } else { "s" }, wanted = wanted(*.2, *.3))]
    Parts(String, usize, usize, usize),
    /// A range that runs backwards, or across modules, or over more ports than a switch has.
    #[error("`{0}` is no range of ports")]
    Range(String),
    /// Nothing.
    #[error("no port is named")]
    Empty,
    /// Several ports where one belongs.
    #[error("it names {0} ports where one belongs; give each on its own")]
    Several(usize),
    /// Something behind the port.
    #[error("`{0}` does not belong behind a port")]
    Trailing(String),
}

fn wanted(least: usize, most: usize) -> String {
    match (least, most) {
        (1, 1) => "one belongs".to_owned(),
        _ if least == most => format!("{least} belong"),
        _ => format!("{least} to {most} belong"),
    }
}

/// Long names, or short ones where a line gets long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// As saved.
    Long,
    /// As `show` commands print them.
    Short,
}

impl PortSyntax {
    /// Reads one port.
    ///
    /// # Errors
    /// [`PortError`] says what does not fit this dialect.
    pub fn parse(&self, text: &str) -> Result<PortName, PortError> {
        let ports = self.parse_list(text, None)?;
        match <[PortName; 1]>::try_from(ports) {
            Ok([port]) => Ok(port),
            Err(ports) => Err(PortError::Several(ports.len())),
        }
    }

    /// Reads a list of ports with its ranges: blanks or commas between, `Gi1/0/1-4`, `g(1-4,7)`, `g1-g4`. `kind` is
    /// what numbers without a name are; one behind a comma is of the module before it: `Te 0/1-4,7`. Where a kind has
    /// no name, they are of that: `A1-A4,7`.
    ///
    /// # Errors
    /// [`PortError`] says what does not fit this dialect.
    pub fn parse_list(&self, text: &str, kind: Option<&PortKind>) -> Result<Vec<PortName>, PortError> {
        let mut scanner = Scanner { rest: text.trim(), own_unit: self.own_unit };
        let nameless = self.nameless().filter(|_| kind.is_none());
        let mut kind = kind;
        let mut ports: Vec<PortName> = Vec::new();
        let mut comma = scanner.skip_separators();
        while !scanner.rest.is_empty() {
            let word = scanner.name(&self.kinds);
            match (word.is_empty(), nameless) {
                (true, Some(nameless)) => kind = Some(nameless),
                (true, None) => {}
                (false, _) => kind = Some(self.kind(word)?),
            }
            let Some(current) = kind else {
                return Err(PortError::UnknownKind(scanner.rest.chars().take(12).collect()));
            };
            scanner.skip_blanks();
            let module = ports.last().filter(|_| comma && word.is_empty() && nameless.is_none());
            let first = scanner.port(current, word, module)?;
            let mut last = None;
            if scanner.take_dash() || self.range_word.as_ref().is_some_and(|word| scanner.take_word(word)) {
                let word = scanner.name(&self.kinds);
                if !word.is_empty() && !Arc::ptr_eq(&self.kind(word)?.name, &current.name) {
                    return Err(PortError::Range(text.to_owned()));
                }
                last = Some(scanner.range_end(&first, text)?);
            }
            match last {
                None => ports.push(first),
                Some(last) => {
                    ports.extend(expand(&first, &last).ok_or_else(|| PortError::Range(text.to_owned()))?)
                }
            }
            if ports.len() > MAX_RANGE as usize {
                return Err(PortError::Range(text.chars().take(40).collect()));
            }
            comma = scanner.skip_separators();
        }
        if ports.is_empty() { Err(PortError::Empty) } else { Ok(ports) }
    }

    /// The port that `text`, numbers without a name, must mean: where they fit one kind alone, port-channels aside.
    pub fn completed(&self, text: &str) -> Option<PortName> {
        let named =
            self.kinds.iter().filter(|kind| !kind.lag && text.starts_with(|c: char| c.is_ascii_digit()));
        let mut fitting =
            named.filter_map(|kind| self.parse(&format!("{}{}{text}", kind.name, self.between)).ok());
        let first = fitting.next();
        first.filter(|_| fitting.next().is_none())
    }

    /// The kind whose ports have numbers and no name.
    fn nameless(&self) -> Option<&PortKind> {
        self.kinds.iter().find(|kind| kind.name.is_empty())
    }

    /// The kind that `word` names.
    fn kind(&self, word: &str) -> Result<&PortKind, PortError> {
        let same = |kind: &&PortKind| {
            kind.name.eq_ignore_ascii_case(word)
                || kind.short.eq_ignore_ascii_case(word)
                || kind.also.iter().any(|also| also.eq_ignore_ascii_case(word))
        };
        if let Some(kind) = self.kinds.iter().find(same) {
            return Ok(kind);
        }
        let begins = |kind: &&PortKind| {
            kind.name.get(..word.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(word))
        };
        let mut candidates = self.kinds.iter().filter(|_| self.abbreviate).filter(begins);
        match (candidates.next(), candidates.next()) {
            (Some(kind), None) => Ok(kind),
            (Some(_), Some(_)) => Err(PortError::AmbiguousKind(word.to_owned())),
            _ => Err(PortError::UnknownKind(word.to_owned())),
        }
    }

    fn kind_of(&self, port: &PortName) -> Option<&PortKind> {
        self.kinds.iter().find(|kind| kind.name == port.0.kind)
    }

    /// The port of `kind` with these numbers, as it is written; `None` where the kind takes no such numbers.
    pub fn numbered(&self, kind: &PortKind, numbers: &[u32]) -> Option<PortName> {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        self.parse(&format!("{}{}{}", kind.name, self.between, numbers.join("/"))).ok()
    }

    /// The kind that port-channels are of.
    pub fn lag_kind(&self) -> Option<&PortKind> {
        self.kinds.iter().find(|kind| kind.lag)
    }

    /// One port, as this dialect writes it.
    pub fn show(&self, port: &PortName, naming: Naming) -> String {
        let mut text = String::new();
        self.push(&mut text, port, naming);
        text
    }

    fn push(&self, text: &mut String, port: &PortName, naming: Naming) {
        text.push_str(match (naming, self.kind_of(port)) {
            (Naming::Short, Some(kind)) => kind.short.as_str(),
            _ => &port.0.kind,
        });
        text.push_str(&self.between);
        let _ = port.write_number(text); // a string takes everything
    }

    /// Ports as lists, one for each keyword of the grammar, each list cut so that its text has at most `limit` octets.
    pub fn lists(&self, ports: &[PortName], naming: Naming, limit: usize) -> Vec<PortList> {
        let mut sorted: Vec<&PortName> = ports.iter().collect();
        sorted.sort();
        sorted.dedup();
        let mut lists: Vec<PortList> = Vec::new();
        let (mut at, mut items) = (0, 0);
        while at < sorted.len() {
            let mut end = at;
            while self.ranges && end + 1 < sorted.len() && sorted[end].is_followed_by(sorted[end + 1]) {
                end += 1;
            }
            let keyword = self.kind_of(sorted[at]).map(|kind| kind.keyword.as_str()).unwrap_or_default();
            let item = self.item(sorted[at], sorted[end], naming);
            match lists.last_mut() {
                Some(list)
                    if list.keyword == keyword
                        && self.list_items.is_none_or(|most| items < most)
                        && list.text.len() + self.separator.len() + item.len() <= limit =>
                {
                    list.text.push_str(&self.separator);
                    list.text.push_str(&item);
                    items += 1;
                }
                _ => {
                    lists.push(PortList { keyword: keyword.to_owned(), text: item });
                    items = 1;
                }
            }
            at = end + 1;
        }
        lists
    }

    /// Ports for people: short names, runs of them as ranges.
    pub fn brief(&self, ports: &[PortName]) -> String {
        let mut text = String::new();
        let mut rest = ports;
        while let Some(first) = rest.first() {
            let run = rest.windows(2).take_while(|pair| pair[0].is_followed_by(&pair[1])).count();
            text.push_str(if text.is_empty() { "" } else { ", " });
            self.push(&mut text, first, Naming::Short);
            if let Some(end) = rest[run].0.numbers.last().filter(|_| run > 0) {
                text.push_str(&format!("-{end}"));
            }
            rest = &rest[run + 1..];
        }
        text
    }

    fn item(&self, first: &PortName, last: &PortName, naming: Naming) -> String {
        let mut item = String::new();
        match self.kind_of(first).is_some_and(|kind| kind.number_only) {
            true => _ = first.write_number(&mut item),
            false => self.push(&mut item, first, naming),
        }
        let Some(end) = last.0.numbers.last().filter(|_| first != last) else { return item };
        match &self.range_word {
            Some(word) => item.push_str(&format!(" {word} ")),
            None => item.push('-'),
        }
        match self.range_end {
            RangeEnd::Number => item.push_str(&end.to_string()),
            RangeEnd::Path => _ = last.write_number(&mut item),
            RangeEnd::Port => self.push(&mut item, last, naming),
        }
        item
    }
}

/// A list of ports as it stands in one line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PortList {
    /// The word before it; empty where the grammar has none.
    pub keyword: String,
    /// The ports.
    pub text: String,
}

fn expand(first: &PortName, last: &PortName) -> Option<impl Iterator<Item = PortName>> {
    let ((from, head), (to, last_head)) = (first.0.numbers.split_last()?, last.0.numbers.split_last()?);
    if head != last_head || to < from || to - from >= MAX_RANGE {
        return None;
    }
    let model = first.clone();
    Some((*from..=*to).map(move |number| {
        let mut port = model.clone();
        if let Some(last) = Arc::make_mut(&mut port.0).numbers.last_mut() {
            *last = number;
        }
        port
    }))
}

struct Scanner<'t> {
    rest: &'t str,
    own_unit: Option<u32>,
}

impl<'t> Scanner<'t> {
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        // Only ASCII is wanted.
        let end = self.rest.bytes().position(|octet| !octet.is_ascii() || !wanted(octet.into()));
        let end = end.unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn skip_blanks(&mut self) {
        self.take_while(|c| c == ' ' || c == '\t' || c == '(');
    }

    /// Passes over what stands between two ports, and says whether a comma was among it.
    fn skip_separators(&mut self) -> bool {
        self.take_while(|c| matches!(c, ' ' | '\t' | ',' | '(' | ')')).contains(',')
    }

    /// Letters with hyphens inside: `port-channel`, `Gi`. A trailing hyphen is a range's.
    fn word(&mut self) -> &'t str {
        if !self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return "";
        }
        self.take_while(|c| c.is_ascii_alphabetic() || c == '-')
    }

    /// The name before a port's numbers: a [word](Self::word), or one that a kind has and that begins with a digit, as
    /// `10GE` does.
    fn name(&mut self, kinds: &[PortKind]) -> &'t str {
        if !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.word();
        }
        let rest = self.rest;
        let begun = |name: &str| {
            let same = name.starts_with(|c: char| c.is_ascii_digit())
                && rest.get(..name.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(name));
            let behind = rest.as_bytes().get(name.len());
            same && behind.is_some_and(|octet| octet.is_ascii_digit() || *octet == b' ')
        };
        let names = kinds.iter().flat_map(|kind| {
            [&*kind.name, &kind.short].into_iter().chain(kind.also.iter().map(String::as_str))
        });
        let longest = names.filter(|name| begun(name)).map(str::len).max().unwrap_or_default();
        let (name, behind) = rest.split_at(longest);
        self.rest = behind;
        name
    }

    /// The word of a range, with blanks around it.
    fn take_word(&mut self, word: &str) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t']);
        let (Some(begun), Some(behind)) = (trimmed.get(..word.len()), trimmed.get(word.len()..)) else {
            return false;
        };
        let taken = begun.eq_ignore_ascii_case(word) && behind.starts_with([' ', '\t']);
        if taken {
            self.rest = behind.trim_start_matches([' ', '\t']);
        }
        taken
    }

    fn number(&mut self) -> Option<u32> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.len() > 6 { None } else { digits.parse().ok() }
    }

    /// A port's numbers. One number alone stands for the port of that number in the module of `module`.
    fn port(
        &mut self,
        kind: &PortKind,
        word: &str,
        module: Option<&PortName>,
    ) -> Result<PortName, PortError> {
        let start = self.rest;
        let missing = || match (word, &*kind.name) {
            ("", "") => PortError::UnknownKind(start.chars().take(12).collect()),
            ("", name) | (name, _) => PortError::NoNumber(name.to_owned()),
        };
        let mut numbers: Numbers = smallvec![self.number().ok_or_else(missing)?];
        while self.take_joint(&kind.joints, numbers.len()) {
            numbers.push(self.number().ok_or_else(missing)?);
        }
        if let (Some(module), [alone]) = (module, numbers.as_slice()) {
            let mut completed = module.0.numbers.clone();
            if let Some(last) = completed.last_mut() {
                *last = *alone;
            }
            numbers = completed;
        }
        let mut subinterface = None;
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            subinterface = Some(self.number().ok_or_else(missing)?);
            subinterface = subinterface.filter(|number| Some(*number) != self.own_unit);
        }
        if let Some(odd) = self.rest.chars().next().filter(|c| !matches!(c, ' ' | '\t' | ',' | ')' | '-')) {
            return Err(PortError::Trailing(odd.escape_default().to_string()));
        }
        let (least, most) = kind.parts;
        if !(least..=most).contains(&numbers.len()) {
            let joined: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            return Err(PortError::Parts(
                format!("{}{}", kind.name, joined.join("/")),
                numbers.len(),
                least,
                most,
            ));
        }
        let joints = kind.joints.clone();
        Ok(PortName(Arc::new(Parts {
            lag: kind.lag,
            kind: Arc::clone(&kind.name),
            numbers,
            joints,
            subinterface,
        })))
    }

    /// What stands before the number at `index`: a slash everywhere, and what the kind of port writes.
    fn take_joint(&mut self, joints: &Joints, index: usize) -> bool {
        let written = joint(joints, index);
        let taken = self.rest.strip_prefix('/').or_else(|| self.rest.strip_prefix(written));
        self.rest = taken.unwrap_or(self.rest);
        taken.is_some()
    }

    /// A hyphen, blanks around it allowed.
    fn take_dash(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t']);
        match trimmed.strip_prefix('-') {
            Some(rest) => {
                self.rest = rest.trim_start_matches([' ', '\t']);
                true
            }
            None => false,
        }
    }

    /// The end of a range: the last number alone, or the whole path again.
    fn range_end(&mut self, first: &PortName, text: &str) -> Result<PortName, PortError> {
        let wrong = || PortError::Range(text.chars().take(40).collect());
        self.skip_blanks();
        let mut numbers: Numbers = smallvec![self.number().ok_or_else(wrong)?];
        while self.take_joint(&first.0.joints, numbers.len()) {
            numbers.push(self.number().ok_or_else(wrong)?);
        }
        let mut last = first.clone();
        let parts = Arc::make_mut(&mut last.0);
        match (numbers.as_slice(), parts.numbers.last_mut()) {
            ([alone], Some(end)) => *end = *alone,
            _ => parts.numbers = numbers,
        }
        Ok(last)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn kind(name: &str, short: &str, lag: bool, parts: (usize, usize)) -> PortKind {
        PortKind {
            name: name.into(),
            short: short.to_owned(),
            also: Vec::new(),
            lag,
            parts,
            joints: None,
            keyword: String::new(),
            number_only: false,
        }
    }

    fn ios() -> PortSyntax {
        PortSyntax {
            kinds: vec![
                kind("GigabitEthernet", "Gi", false, (1, 4)),
                kind("TenGigabitEthernet", "Te", false, (1, 4)),
                kind("TwoGigabitEthernet", "Tw", false, (1, 4)),
                kind("TwentyFiveGigE", "Twe", false, (1, 4)),
                kind("Port-channel", "Po", true, (1, 1)),
            ],
            between: String::new(),
            separator: " ".to_owned(),
            ranges: false,
            range_word: None,
            range_end: RangeEnd::Number,
            list_items: None,
            abbreviate: true,
            subinterfaces_switch: false,
            own_unit: None,
            examples: Vec::new(),
        }
    }

    fn powerconnect() -> PortSyntax {
        let mut port = kind("g", "g", false, (1, 1));
        port.keyword = "ethernet".to_owned();
        let mut lag = kind("port-channel", "ch", true, (1, 1));
        lag.keyword = "port-channel".to_owned();
        lag.number_only = true;
        PortSyntax {
            kinds: vec![port, lag],
            between: String::new(),
            separator: ",".to_owned(),
            ranges: true,
            range_word: None,
            range_end: RangeEnd::Number,
            list_items: None,
            abbreviate: false,
            subinterfaces_switch: false,
            own_unit: None,
            examples: Vec::new(),
        }
    }

    /// Ports with numbers and no name, and modules of letters.
    fn procurve() -> PortSyntax {
        PortSyntax {
            kinds: vec![
                kind("", "", false, (1, 2)),
                kind("A", "A", false, (1, 1)),
                kind("2/B", "2/B", false, (1, 1)),
                kind("Trk", "Trk", true, (1, 1)),
            ],
            range_end: RangeEnd::Port,
            ..powerconnect()
        }
    }

    /// Ranges by a word, the port named twice.
    fn comware() -> PortSyntax {
        PortSyntax {
            kinds: vec![
                kind("GigabitEthernet", "GE", false, (2, 4)),
                kind("10GE", "10GE", false, (2, 4)),
                kind("Bridge-Aggregation", "BAGG", true, (1, 1)),
            ],
            separator: " ".to_owned(),
            range_word: Some("to".to_owned()),
            range_end: RangeEnd::Port,
            list_items: Some(2),
            ..powerconnect()
        }
    }

    #[test]
    fn spellings_of_one_port_are_one_port() {
        let syntax = ios();
        let long = syntax.parse("GigabitEthernet1/0/1").unwrap();
        for text in ["Gi1/0/1", "gi 1/0/1", "gig1/0/1", "GIGABITETHERNET 1/0/1", " Gi1/0/1 "] {
            assert_eq!(syntax.parse(text).unwrap(), long, "{text}");
        }
        assert_eq!(syntax.parse("Tw1/0/1").unwrap().kind(), "TwoGigabitEthernet");
        assert_eq!(syntax.parse("Twe1/0/1").unwrap().kind(), "TwentyFiveGigE");
        assert_eq!(syntax.parse("T1/0/1"), Err(PortError::AmbiguousKind("T".to_owned())));
        assert!(syntax.parse("Po1").unwrap().is_lag());
    }

    #[test]
    fn lists_and_ranges_are_read_in_every_spelling() {
        let syntax = powerconnect();
        let shown = |text: &str| {
            let ports = syntax.parse_list(text, None).map_err(|error| error.to_string())?;
            Ok::<_, String>(ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        for text in ["g1-4,g7", "g(1-4,7)", "g1-g4, g7", "g1 - 4 g7", "g1,g2,g3,g4,g7"] {
            assert_eq!(shown(text).as_deref(), Ok("g1 g2 g3 g4 g7"), "{text}");
        }
        for text in [
            "",
            "x1",
            "g",
            "g1-",
            "g4-1",
            "g1/2",
            "g1-99999",
            "g1;reload",
            "g1\u{1b}",
            "port-channel 1-9999999999",
        ] {
            assert!(shown(text).is_err(), "{text:?}");
        }
        let lags = syntax.parse_list("1-3", syntax.lag_kind()).unwrap();
        assert_eq!(lags.len(), 3);
    }

    #[test]
    fn a_number_behind_a_comma_is_of_the_module_before_it() {
        let syntax = ios();
        let shown = |text: &str| {
            let ports = syntax.parse_list(text, None).map_err(|error| error.to_string())?;
            Ok::<_, String>(ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let three = "TenGigabitEthernet0/1 TenGigabitEthernet0/2 TenGigabitEthernet0/7";
        for text in ["Te 0/1-2,7", "Te 0/1 - 2 , 7", "Te 0/1-2,0/7"] {
            assert_eq!(shown(text).as_deref(), Ok(three), "{text}");
        }
        assert_eq!(
            shown("Te 1/0/1,3-4,Po 2,5").as_deref(),
            Ok(
                "TenGigabitEthernet1/0/1 TenGigabitEthernet1/0/3 TenGigabitEthernet1/0/4 Port-channel2 Port-channel5"
            )
        );
        assert_eq!(
            shown("Gi1/0/9 10").as_deref(),
            Ok("GigabitEthernet1/0/9 GigabitEthernet10"),
            "a number behind a blank is a port's whole name, where the kind has such"
        );
    }

    #[test]
    fn ranges_have_the_word_of_their_dialect() {
        let syntax = comware();
        let read = |text: &str| syntax.parse_list(text, None).map_err(|error| error.to_string());
        let four: Vec<PortName> =
            (1..5).map(|number| syntax.parse(&format!("GE1/0/{number}")).unwrap()).collect();
        for text in [
            "GigabitEthernet 1/0/1 to GigabitEthernet 1/0/4",
            "GigabitEthernet1/0/1 TO 1/0/4",
            "ge1/0/1 ge1/0/2 to ge1/0/4",
        ] {
            assert_eq!(read(text), Ok(four.clone()), "{text}");
        }
        for wrong in ["GE1/0/1 to", "GE1/0/1 to GE2/0/4", "GE1/0/1 to 10GE1/0/4", "GE1/0/1 too 4", "10GE"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(ios().parse_list("Gi1/0/1 to Gi1/0/4", None).is_err(), "elsewhere it is no range");
        let ports = [four, read("10GE1/0/7 10GE1/0/9 Bridge-Aggregation 3").unwrap()].concat();
        let texts = |naming| {
            let lists = syntax.lists(&ports, naming, 100);
            lists.into_iter().map(|list| list.text).collect::<Vec<_>>()
        };
        assert_eq!(
            texts(Naming::Long),
            ["10GE1/0/7 10GE1/0/9", "GigabitEthernet1/0/1 to GigabitEthernet1/0/4 Bridge-Aggregation3"],
            "two items a list"
        );
        let path = PortSyntax { range_end: RangeEnd::Path, ..syntax.clone() };
        assert_eq!(path.lists(&ports[..4], Naming::Short, 100)[0].text, "GE1/0/1 to 1/0/4");
    }

    #[test]
    fn numbers_without_a_name_are_of_the_kind_that_has_none() {
        let syntax = procurve();
        let shown = |text: &str| {
            let ports = syntax.parse_list(text, None).map_err(|error| error.to_string())?;
            Ok::<_, String>(ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        for (text, expected) in [
            ("1-3,A1-A2,7", "1 2 3 A1 A2 7"),
            ("Trk1-Trk2,5", "Trk1 Trk2 5"),
            ("1/1-1/2,2/B1", "1/1 1/2 2/B1"),
            ("2/1", "2/1"),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        }
        for wrong in ["1-A3", "A1-Trk2", "B1", "1/2/3"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
        for (text, written) in [("A2,1,2,3,Trk1,A1", "1-3,A1-A2,Trk1"), ("1/2,2/1,1/1", "1/1-1/2,2/1")] {
            let ports = syntax.parse_list(text, None).unwrap();
            assert_eq!(syntax.lists(&ports, Naming::Long, 100)[0].text, written);
        }
    }

    #[test]
    fn numbers_without_a_name_are_completed_where_one_kind_fits() {
        let mut syntax = ios();
        assert_eq!(syntax.completed("1/0/7"), None, "Gigabit, or ten");
        syntax.kinds.retain(|kind| kind.name.starts_with("Gig") || kind.lag);
        let shown = |text| syntax.completed(text).map(|port| port.to_string());
        assert_eq!(shown("1/0/7").as_deref(), Some("GigabitEthernet1/0/7"));
        for wrong in ["Te1/0/7", "1/0/7/1/1", "\"1\"", ""] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_number_is_named_where_ports_have_no_names() {
        let syntax = PortSyntax { kinds: vec![kind("", "", false, (1, 2))], ..ios() };
        assert_eq!(syntax.parse("\"1\""), Err(PortError::UnknownKind("\"1\"".to_owned())));
        assert_eq!(syntax.parse("1/"), Err(PortError::UnknownKind("1/".to_owned())));
    }

    #[test]
    fn letters_between_the_numbers_belong_to_the_kind() {
        let mut pci = kind("enp", "enp", false, (2, 3));
        pci.joints = Some(Arc::from([Box::from("s"), Box::from("f")]));
        let syntax = PortSyntax { kinds: vec![pci, kind("eth", "eth", false, (1, 1))], ..ios() };
        let port = syntax.parse("enp3s0f1").unwrap();
        assert_eq!(
            (port.to_string(), syntax.show(&port, Naming::Short)),
            ("enp3s0f1".into(), "enp3s0f1".into())
        );
        assert_eq!(syntax.parse("enp3/0/1").unwrap(), port);
        assert_eq!(syntax.parse("enp3s0.10").unwrap().to_string(), "enp3s0.10");
        let range: Vec<String> =
            syntax.parse_list("enp3s0f0-2", None).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(range, ["enp3s0f0", "enp3s0f1", "enp3s0f2"]);
        for wrong in ["enp3f0", "enp3s0s1", "enp3", "enp3s", "eth0s1", "enp3s0np0"] {
            assert!(syntax.parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_are_written_by_keyword_with_ranges_and_cut_at_the_limit() {
        let syntax = powerconnect();
        let ports = syntax.parse_list("g7,g1-4,port-channel 2,port-channel 1", None).unwrap();
        let lists = syntax.lists(&ports, Naming::Long, 100);
        let texts: Vec<_> = lists.iter().map(|list| (list.keyword.as_str(), list.text.as_str())).collect();
        assert_eq!(texts, [("ethernet", "g1-4,g7"), ("port-channel", "1-2")]);
        assert_eq!(syntax.lists(&ports, Naming::Long, 5).len(), 3);
        let ios = ios();
        let ports = ios.parse_list("Gi1/0/2 Gi1/0/10 Po1", None).unwrap();
        assert_eq!(ios.lists(&ports, Naming::Short, 100)[0].text, "Gi1/0/2 Gi1/0/10 Po1");
    }
}
