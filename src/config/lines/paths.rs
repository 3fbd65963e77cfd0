//! Configs whose lines are paths of words: each statement in braces, `interfaces { irb { unit 10 { … } } }`, is what a flat
//! line says, `set interfaces irb unit 10 …`. Both become the same lines, so that a pack writes its patterns once, against
//! the words from the root.
//!
//! Nothing here recurses, and what a hostile text can make of its paths is bounded: a statement too deep, or past the share
//! of paths that a text may be made into, keeps its own words behind a brace. It fits no pattern then and is still seen.

mod braces;
mod settle;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use braces::Braces;

use super::ends::PhysicalLines;
use super::prompt::prompt;
use super::{Line, Tree, is_blank};
use crate::vendor::Pack;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// It states what its path says.
    Set,
    /// It takes back what begins with its path.
    Delete,
    /// What begins with its path does not hold, and stays in the config.
    Deactivate,
    /// It holds again.
    Activate,
}

/// One statement, from the root.
#[derive(Debug)]
struct Statement<'t> {
    verb: Verb,
    /// Its path; behind the negation where it takes something back.
    text: Cow<'t, str>,
    /// Its own octets: those of its last words, in braces.
    range: Range<usize>,
}

/// The lines of `text`, in their order: what is deactivated or deleted is none.
pub(super) fn tree<'t>(pack: &Pack, text: &'t str) -> Tree<'t> {
    let mut statements = Vec::new();
    read(pack, text, |statement| {
        statements.push(statement);
        ControlFlow::Continue(())
    });
    let lines: Vec<Line<'t>> = settle::settle(statements)
        .into_iter()
        .map(|statement| Line { range: statement.range, text: statement.text, parent: None })
        .collect();
    Tree::of_statements(text, lines)
}

/// Shows `visit` every statement, also those that another one takes back.
pub(super) fn visit<'t>(
    pack: &Pack,
    text: &'t str,
    mut visit: impl FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>,
) {
    read(pack, text, |statement| match statement.verb {
        Verb::Set | Verb::Delete => visit(statement.text, statement.range),
        Verb::Deactivate | Verb::Activate => ControlFlow::Continue(()),
    });
}

fn read<'t>(pack: &Pack, text: &'t str, mut take: impl FnMut(Statement<'t>) -> ControlFlow<()>) {
    let mut braces = Braces::new(text, &pack.negation);
    for line in PhysicalLines::new(text) {
        let going_on = match braces.may_begin_flat(&line).then(|| flat(pack, text, line.clone())) {
            Some(Flat::Statement(verb, range)) => {
                braces.forget();
                flat_statements(text, verb, range, &mut take)
            }
            Some(Flat::Nothing) => ControlFlow::Continue(()),
            Some(Flat::No) | None => braces.line(line, &mut take),
        };
        if going_on.is_break() {
            return;
        }
    }
    _ = braces.finish(&mut take);
}

/// What a line is that may be flat.
enum Flat {
    /// A statement: what it does, and the octets of its path, the negation included.
    Statement(Verb, Range<usize>),
    /// What a session shows around the config.
    Nothing,
    /// None.
    No,
}

fn flat(pack: &Pack, text: &str, line: Range<usize>) -> Flat {
    let own = &text[line.clone()];
    let begins = own.len() - own.trim_start_matches(super::is_padding).len();
    let typed = prompt(&own[begins..]).map_or(0, |prompt| prompt.typed);
    let start = line.start + begins + typed;
    let end = end_of(text, start, line.end);
    let rest = &text[start..end];
    let word = rest.split([' ', '\t']).next().unwrap_or_default();
    let verb = match word {
        "set" => Verb::Set,
        "deactivate" => Verb::Deactivate,
        "activate" => Verb::Activate,
        _ if word == pack.negation => Verb::Delete,
        _ if pack.layout.is_comment(rest) => return Flat::Nothing,
        // `{master:0}[edit]` stands over what a session shows.
        _ if typed > 0 || rest.is_empty() || rest.starts_with(['{', '[']) => return Flat::Nothing,
        _ => return Flat::No,
    };
    let path = rest[word.len()..].trim_start();
    if path.is_empty() || path.ends_with([';', '{']) {
        return if typed > 0 { Flat::Nothing } else { Flat::No };
    }
    Flat::Statement(verb, if verb == Verb::Delete { start..end } else { end - path.len()..end })
}

/// Where a flat line ends that may have a comment behind it.
fn end_of(text: &str, start: usize, end: usize) -> usize {
    let octets = text.as_bytes();
    let (mut quoted, mut kept) = (false, end);
    for at in start..end {
        match octets[at] {
            b'"' => quoted ^= !(quoted && octets[at - 1] == b'\\'),
            b'#' if !quoted && (at == start || is_blank(octets[at - 1])) => {
                kept = at;
                break;
            }
            _ => {}
        }
    }
    start + text[start..kept].trim_end_matches(super::is_padding).len()
}

/// One statement for each item of a list at the end of a flat line.
fn flat_statements<'t>(
    text: &'t str,
    verb: Verb,
    range: Range<usize>,
    take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let path = &text[range.clone()];
    let list = path.strip_suffix(']').and_then(|open| open.rfind(" [").map(|at| (at, &open[at + 2..])));
    let Some((at, items)) =
        list.filter(|(at, _)| !path[..*at].contains('"') && path.len() <= super::MAX_LINE)
    else {
        if path.len() > super::MAX_LINE {
            return ControlFlow::Continue(());
        }
        return take(Statement { verb, text: Cow::Borrowed(path), range });
    };
    let mut start = range.start;
    let first = range.start + at + 2;
    let mut behind = 0;
    for item in items.split_ascii_whitespace() {
        let here = behind + items[behind..].find(item).unwrap_or_default();
        behind = here + item.len();
        let text = Cow::Owned(format!("{} {item}", &path[..at]));
        take(Statement { verb, text, range: start..first + behind })?;
        start = first + behind;
        start += text_blanks(&items[behind..]);
    }
    ControlFlow::Continue(())
}

fn text_blanks(rest: &str) -> usize {
    rest.len() - rest.trim_start().len()
}
