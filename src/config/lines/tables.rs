//! Configs of tables: `config switch vlan` opens one, `edit 10` a record in it, and `set igmp-snooping enable` states a value of
//! that. Each value becomes a line with all words from the root, `config switch vlan edit 10 set igmp-snooping enable`, or a
//! record one with all its values, where the pack says that they mean something together alone. The words are the pack's own.
//!
//! What a later line takes back, or states anew, is no line. Indentation says nothing. Nothing here recurses, and what a hostile
//! text can make of its paths is bounded: a statement whose path is too long, or past the share of paths that a text may have,
//! has its own words alone, and no pattern fits it.

mod nodes;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::{ControlFlow, Range};

use memchr::memchr_iter;
use nodes::Nodes;

use super::{Line, MAX_LINE, Tree, room_for_paths, visit_lines};
use crate::vendor::{Pack, TableWord, TableWords};

/// What ends a prompt, between blanks.
const PROMPT: &str = "#";
/// The longest path before the own words of a statement, in octets.
const MAX_PATH: usize = 1024;

/// One statement, from the root.
struct Statement<'t> {
    text: Cow<'t, str>,
    /// Its own octets; of a whole record those of the value that tells it.
    range: Range<usize>,
    /// What it is about.
    node: usize,
    /// Whether it takes the place of those before it that are about the same.
    replaces: bool,
}

/// The lines of `text`, by their places: what is deleted or stated anew is none.
pub(super) fn tree<'t>(pack: &Pack, text: &'t str) -> Tree<'t> {
    let mut statements = Vec::new();
    let stands = read(pack, text, |statement| {
        statements.push(statement);
        ControlFlow::Continue(())
    })
    .standing();
    let mut last = vec![0; stands.len()];
    for (number, statement) in statements.iter().enumerate().filter(|(_, statement)| statement.replaces) {
        last[statement.node] = number;
    }
    let holds = |(number, statement): &(usize, Statement<'t>)| {
        stands[statement.node] && (!statement.replaces || last[statement.node] == *number)
    };
    let held = statements.into_iter().enumerate().filter(holds);
    let mut lines: Vec<Line<'t>> =
        held.map(|(_, said)| Line { range: said.range, text: said.text, parent: None }).collect();
    // A whole record is told behind what stands in it.
    lines.sort_by_key(|line| line.range.start);
    Tree::of_statements(text, lines)
}

/// Shows `visit` every statement, also those that another one takes back.
pub(super) fn visit<'t>(
    pack: &Pack,
    text: &'t str,
    mut visit: impl FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>,
) {
    read(pack, text, |statement| visit(statement.text, statement.range));
}

/// Gives `take` every statement, and tells in the end what they were about.
fn read<'t>(pack: &Pack, text: &'t str, take: impl FnMut(Statement<'t>) -> ControlFlow<()>) -> Nodes {
    let Some(words) = &pack.layout.tables else { return Nodes::new() };
    let mut reader = Reader {
        pack,
        words,
        open: Vec::new(),
        path: String::new(),
        nodes: Nodes::new(),
        records: HashMap::new(),
        room: room_for_paths(text),
        take,
    };
    let mut going_on = ControlFlow::Continue(());
    // Where a text between quotation marks ends that goes on over several lines.
    let mut behind = 0;
    visit_lines(pack, text, |line, range| {
        if range.start >= behind && line.len() <= MAX_LINE {
            let words = split(&line);
            behind = words.last().and_then(|last| end_of_text(text, last, range.end)).unwrap_or(behind);
            going_on = reader.line(&line, &words, range);
        }
        going_on
    });
    if going_on.is_continue() {
        _ = reader.leave_to(0);
    }
    reader.nodes
}

/// An open table or record.
struct Open {
    is_record: bool,
    /// The name of the table, or the key of the record.
    name: String,
    node: usize,
    /// How long the path was before it.
    outside: usize,
    /// Whether the path of what stands in it is too long to be had.
    is_lost: bool,
    /// Of a record that is one statement: the name of the value that tells it, and the line that opened it.
    whole: Option<(String, Own)>,
}

/// The own words of a line, and its octets.
type Own = (String, Range<usize>);

/// What holds of a record that is one statement.
#[derive(Default)]
struct Whole {
    /// Its values by their names.
    values: BTreeMap<String, Own>,
    /// How many octets they have in one line.
    length: usize,
}

impl Whole {
    fn forget(&mut self, name: &str) {
        self.length -= self.values.remove(name).map_or(0, |(words, _)| words.len() + 1);
    }

    fn state(&mut self, name: &str, own: Own) {
        self.forget(name);
        self.length += own.0.len() + 1;
        self.values.insert(name.to_owned(), own);
    }

    fn words(&self) -> String {
        self.values.values().map(|(words, _)| words.as_str()).collect::<Vec<_>>().join(" ")
    }
}

struct Reader<'p, T> {
    pack: &'p Pack,
    words: &'p TableWords,
    open: Vec<Open>,
    path: String,
    nodes: Nodes,
    /// The records that are one statement.
    records: HashMap<usize, Whole>,
    /// Octets that paths, and records that are told, may still take.
    room: usize,
    take: T,
}

impl<'t, T: FnMut(Statement<'t>) -> ControlFlow<()>> Reader<'_, T> {
    #[allow(clippy::ptr_arg)] // whether it is borrowed counts
    fn line(&mut self, line: &Cow<'t, str>, words: &[&str], range: Range<usize>) -> ControlFlow<()> {
        let own = &words[behind_prompt(words, self.words)..];
        let Some(first) = own.first() else { return ControlFlow::Continue(()) };
        let opens = self.words.does(first) == Some(TableWord::Table);
        let is_typed = own.len() < words.len();
        let begins = line.find(PROMPT).filter(|_| is_typed && matches!(line, Cow::Borrowed(_)));
        let blanks = |rest: &str| rest.len() - rest.trim_start().len();
        let begins = begins.map_or(0, |sign| sign + 1 + blanks(&line[sign + 1..]));
        let range = range.start + begins..range.end;
        let is_whole = opens && self.words.length_of_first(own) < own.len();
        if let (Cow::Borrowed(text), true) = (line, is_whole) {
            return self.whole_line(&text[begins..], own, range.start);
        }
        if is_whole || self.open.is_empty() && !opens && !is_typed {
            return (self.take)(Statement { text: line.clone(), range, node: 0, replaces: false });
        }
        self.command(own, &range)
    }

    /// A line that holds all commands from the root, these `words`, and begins at octet `start`. It leaves the blocks that are
    /// open as they are.
    fn whole_line(&mut self, line: &str, mut words: &[&str], start: usize) -> ControlFlow<()> {
        let (open, path) = (std::mem::take(&mut self.open), std::mem::take(&mut self.path));
        let mut behind = 0;
        while !words.is_empty() {
            let (command, rest) = words.split_at(self.words.length_of_first(words));
            let mut begins = None;
            for word in command {
                let at = behind + line[behind..].find(word).unwrap_or(0);
                begins.get_or_insert(at);
                behind = at + word.len();
            }
            self.command(command, &(start + begins.unwrap_or(0)..start + behind))?;
            words = rest;
        }
        self.leave_to(0)?;
        (self.open, self.path) = (open, path);
        ControlFlow::Continue(())
    }

    /// Does what a command says.
    fn command(&mut self, words: &[&str], range: &Range<usize>) -> ControlFlow<()> {
        let Some((first, rest)) = words.split_first() else { return ControlFlow::Continue(()) };
        let depth = self.open.len();
        let in_record = self.open.last().is_some_and(|open| open.is_record);
        match (self.words.does(first), rest.first()) {
            (Some(TableWord::Table), Some(_)) => self.open_table(words),
            (Some(TableWord::Record), Some(key)) if depth > 0 => {
                if in_record {
                    self.leave_to(depth - 1)?; // the one before it was not left
                }
                self.open_record(words, bare(key), range);
                if self.open.last().is_some_and(|open| open.whole.is_none()) {
                    return self.state(&[], range, None);
                }
            }
            (Some(TableWord::Next), None) if in_record => return self.leave_to(depth - 1),
            (Some(TableWord::End), None) if depth > 0 => {
                return self.leave_to(depth - 1 - usize::from(in_record));
            }
            (Some(does @ (TableWord::Value | TableWord::Unset)), Some(name)) if depth > 0 => {
                return self.value(does, bare(name), words, range);
            }
            (Some(TableWord::Delete), Some(key)) if depth > 0 && !in_record => {
                self.nodes.delete(self.node(), &key_of_record(bare(key)));
                return self.state(words, range, None);
            }
            (Some(TableWord::Purge), None) if depth > 0 && !in_record => {
                self.purge();
                return self.state(words, range, None);
            }
            _ => return self.state(words, range, None),
        }
        ControlFlow::Continue(())
    }

    /// What the innermost block is about.
    fn node(&self) -> usize {
        self.open.last().map_or(0, |open| open.node)
    }

    fn open_table(&mut self, words: &[&str]) {
        let node = self.nodes.of(self.node(), &key_of_table(&joined(&words[1..])));
        self.open(words, Open { name: joined(&words[1..]), ..Open::of(node, false) });
    }

    fn open_record(&mut self, words: &[&str], key: &str, range: &Range<usize>) {
        let node = match self.words.is_new(key) {
            true => self.nodes.fresh(self.node()),
            false => self.nodes.of(self.node(), &key_of_record(key)),
        };
        let told_by = self.open.last().and_then(|table| self.words.whole(&table.name));
        let whole = told_by.map(|value| (value.to_owned(), (joined(words), range.clone())));
        self.open(words, Open { whole, ..Open::of(node, true) });
    }

    fn open(&mut self, words: &[&str], open: Open) {
        let (outside, own) = (self.path.len(), joined(words));
        let around_is_lost = self.open.last().is_some_and(|open| open.is_lost);
        let is_lost = around_is_lost || outside + own.len() > MAX_PATH;
        if !is_lost {
            self.path = placed(std::mem::take(&mut self.path), &own);
        }
        self.open.push(Open { outside, is_lost, ..open });
    }

    /// Leaves blocks until so many are open. Records that are one statement are told then.
    fn leave_to(&mut self, depth: usize) -> ControlFlow<()> {
        while self.open.len() > depth
            && let Some(open) = self.open.pop()
        {
            let going_on = match &open.whole {
                Some((value, opened)) => self.tell(&open, value, opened),
                None => ControlFlow::Continue(()),
            };
            self.path.truncate(open.outside);
            going_on?;
        }
        ControlFlow::Continue(())
    }

    /// Tells a record that is one statement: by the words of one line where all would be too many.
    fn tell(&mut self, record: &Open, told_by: &str, opened: &Own) -> ControlFlow<()> {
        let whole = self.records.entry(record.node).or_default();
        let (words, range) = whole.values.get(told_by).unwrap_or(opened).clone();
        let is_had = self.path.len() + whole.length <= self.room.min(MAX_LINE) && !record.is_lost;
        if is_had {
            self.room -= whole.length;
        }
        let own = if is_had { whole.words() } else { words };
        self.take(&own, !is_had, range, record.node, true)
    }

    /// A value that is stated or taken back.
    fn value(
        &mut self,
        does: TableWord,
        name: &str,
        words: &[&str],
        range: &Range<usize>,
    ) -> ControlFlow<()> {
        if self.open.last().is_none_or(|open| open.whole.is_none()) {
            return self.state(words, range, Some(name));
        }
        let whole = self.records.entry(self.node()).or_default();
        if does == TableWord::Value && !self.pack.layout.is_remark(name) {
            whole.state(name, (joined(words), range.clone()));
        } else {
            whole.forget(name);
        }
        ControlFlow::Continue(())
    }

    fn purge(&mut self) {
        let around = self.open.len().checked_sub(2).map_or(0, |at| self.open[at].node);
        if let Some(table) = self.open.last_mut() {
            let key = key_of_table(&table.name);
            self.nodes.delete(around, &key);
            table.node = self.nodes.of(around, &key);
        }
    }

    /// Tells a statement of these words in the open block. What it says of `value` is what holds of it from now on.
    fn state(&mut self, words: &[&str], range: &Range<usize>, value: Option<&str>) -> ControlFlow<()> {
        let node = value.map_or(self.node(), |name| self.nodes.of(self.node(), name));
        let is_lost = self.open.last().is_some_and(|open| open.is_lost);
        self.take(&joined(words), is_lost, range.clone(), node, value.is_some())
    }

    fn take(
        &mut self,
        own: &str,
        is_lost: bool,
        range: Range<usize>,
        node: usize,
        replaces: bool,
    ) -> ControlFlow<()> {
        let is_had = !is_lost && self.path.len() <= self.room && self.path.len() + own.len() < MAX_LINE;
        let text = match is_had {
            true => {
                self.room -= self.path.len();
                placed(self.path.clone(), own)
            }
            false => own.to_owned(),
        };
        match text.is_empty() {
            true => ControlFlow::Continue(()),
            false => (self.take)(Statement { text: Cow::Owned(text), range, node, replaces }),
        }
    }
}

impl Open {
    fn of(node: usize, is_record: bool) -> Self {
        Self { is_record, name: String::new(), node, outside: 0, is_lost: false, whole: None }
    }
}

/// What a table is known by in the record or at the root that it stands in.
fn key_of_table(name: &str) -> String {
    format!("table {name}")
}

/// What a record is known by in its table, which may have values too.
fn key_of_record(key: &str) -> String {
    format!("record {key}")
}

/// `own` words behind a path.
fn placed(mut path: String, own: &str) -> String {
    if !path.is_empty() && !own.is_empty() {
        path.push(' ');
    }
    path + own
}

/// The words of a statement in one text.
fn joined(words: &[&str]) -> String {
    words.iter().map(|word| bare(word)).collect::<Vec<_>>().join(" ")
}

/// A word without its quotation marks, unless they hold several together.
fn bare(word: &str) -> &str {
    let sign = word.as_bytes().first().copied().filter(|sign| is_quote(*sign)).map(char::from);
    let inner = sign.and_then(|sign| word.strip_prefix(sign)?.strip_suffix(sign));
    inner.filter(|inner| !inner.is_empty() && !inner.contains([' ', '\t'])).unwrap_or(word)
}

fn is_quote(octet: u8) -> bool {
    matches!(octet, b'"' | b'\'')
}

/// The words of a line: blanks within quotation marks divide none.
fn split(line: &str) -> Vec<&str> {
    let octets = line.as_bytes();
    let divides = |at: usize| octets.get(at).is_none_or(|octet| matches!(octet, b' ' | b'\t'));
    let mut words = Vec::new();
    let mut at = 0;
    while at < octets.len() {
        if divides(at) {
            at += 1;
            continue;
        }
        let begins = at;
        if is_quote(octets[at]) {
            at = end_of_quoted(octets, at).unwrap_or(octets.len());
        }
        while !divides(at) {
            at += 1;
        }
        words.extend(line.get(begins..at));
    }
    words
}

/// The octet behind the mark that ends what the one at `begins` began.
fn end_of_quoted(octets: &[u8], begins: usize) -> Option<usize> {
    let mut is_escaped = false;
    let ends = octets[begins + 1..].iter().position(|octet| {
        let ends = *octet == octets[begins] && !is_escaped;
        is_escaped = *octet == b'\\' && !is_escaped;
        ends
    });
    ends.map(|at| begins + at + 2)
}

/// Where a text between double marks ends that begins with `last`, the last word of a line which ends at `end`, and goes on in
/// the next ones: at the next mark, unless something stands right behind that. A mark that stands alone begins none, nor does
/// an apostrophe.
fn end_of_text(text: &str, last: &str, end: usize) -> Option<usize> {
    if !last.starts_with('"') || end_of_quoted(last.as_bytes(), 0).is_some() {
        return None;
    }
    let octets = text.as_bytes();
    let is_escaped =
        |at: usize| octets[..at].iter().rev().take_while(|octet| **octet == b'\\').count() % 2 == 1;
    let mark = memchr_iter(b'"', &octets[end..]).map(|at| end + at).find(|at| !is_escaped(*at))?;
    let behind = octets.get(mark + 1);
    behind.is_none_or(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n')).then_some(mark + 1)
}

/// How many words of a line are the prompt it was typed at: `sw1 #`, `sw1 (vlan) #`.
fn behind_prompt(line: &[&str], words: &TableWords) -> usize {
    match line {
        [name, ..] if words.does(name).is_some() => 0,
        [_, PROMPT, ..] => 2,
        [_, block, PROMPT, ..] if block.starts_with('(') && block.ends_with(')') => 3,
        _ => 0,
    }
}
