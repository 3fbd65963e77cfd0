//! Statements in braces, one word after another.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use memchr::{memmem, memrchr2};

use super::super::{MAX_LINE, is_blank, is_padding, room_for_paths};
use super::{Statement, Verb};

/// How many blocks within each other have a path. No device has a tenth of them.
const MAX_DEPTH: usize = 256;
/// What stands before the words of a statement whose path is too long to be had.
const SOMEWHERE: &str = "{ ";

/// An open block.
struct Open {
    /// How long the path was before it.
    outside: usize,
    /// Whether it is deactivated.
    is_off: bool,
}

/// A list between brackets within a statement.
#[derive(Clone, Copy)]
struct List {
    /// The number of its first item among the words.
    first: usize,
    is_closed: bool,
}

pub(super) struct Braces<'p, 't> {
    text: &'t str,
    negation: &'p str,
    path: String,
    open: Vec<Open>,
    /// Blocks that are open beyond [`MAX_DEPTH`] or the longest path.
    deeper: usize,
    /// How many of the open blocks are deactivated.
    off: usize,
    /// The words of the statement at hand.
    words: Vec<Range<usize>>,
    /// How long they are.
    length: usize,
    list: Option<List>,
    in_comment: bool,
    /// Whether no comment ends in what follows.
    no_comment_ends: bool,
    /// Octets that paths may still take.
    budget: usize,
}

impl<'p, 't> Braces<'p, 't> {
    pub(super) fn new(text: &'t str, negation: &'p str) -> Self {
        Self {
            text,
            negation,
            path: String::new(),
            open: Vec::new(),
            deeper: 0,
            off: 0,
            words: Vec::new(),
            length: 0,
            list: None,
            in_comment: false,
            no_comment_ends: false,
            budget: room_for_paths(text),
        }
    }

    /// Whether `line` may be a flat one. Within braces only one that no brace or semicolon ends is: the braces before it
    /// were cut off.
    pub(super) fn may_begin_flat(&self, line: &Range<usize>) -> bool {
        if self.in_comment || !self.words.is_empty() {
            return false;
        }
        let own = self.text[line.clone()].trim_ascii();
        self.open.is_empty() && self.deeper == 0
            || own.starts_with("set ") && !own.ends_with([';', '{', '}', '/'])
    }

    /// Leaves every block.
    pub(super) fn forget(&mut self) {
        self.open.clear();
        self.path.clear();
        (self.deeper, self.off) = (0, 0);
    }

    /// Reads a physical line.
    pub(super) fn line(
        &mut self,
        line: Range<usize>,
        take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let octets = self.text.as_bytes();
        let mut at = line.start + behind_mark(&self.text[line.clone()]);
        while at < line.end {
            if self.in_comment {
                match memmem::find(&octets[at..line.end], b"*/") {
                    Some(end) => {
                        at += end + 2;
                        self.in_comment = false;
                    }
                    None => return ControlFlow::Continue(()),
                }
                continue;
            }
            match octets[at] {
                octet if is_blank(octet) => at += 1,
                b'#' => break,
                b'/' if octets[at + 1..line.end].first() == Some(&b'*') => {
                    if !self.begins_comment(at + 2) {
                        break;
                    }
                    at += 2;
                }
                b';' => {
                    self.end_statement(take)?;
                    at += 1;
                }
                b'{' => {
                    self.open_block();
                    at += 1;
                }
                b'}' => {
                    self.end_statement(take)?;
                    self.close_block(at, take)?;
                    at += 1;
                }
                b'[' if self.list.is_none() && !self.words.is_empty() => {
                    self.list = Some(List { first: self.words.len(), is_closed: false });
                    at += 1;
                }
                b']' if self.list.is_some() => {
                    self.list = self.list.map(|list| List { is_closed: true, ..list });
                    at += 1;
                }
                0x80.. if let Some(blank) = padding(&self.text[at..line.end]) => at += blank,
                _ => at = self.word(at, line.end),
            }
        }
        // Outside of braces nothing goes on in the next line: what a session shows must not become a part of a path.
        if self.open.is_empty() && self.deeper == 0 && !self.words.is_empty() {
            return self.end_statement(take);
        }
        ControlFlow::Continue(())
    }

    /// What the text broke off in.
    pub(super) fn finish(
        &mut self,
        take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.end_statement(take)
    }

    /// Whether a comment that begins before `at` ends anywhere.
    fn begins_comment(&mut self, at: usize) -> bool {
        self.no_comment_ends =
            self.no_comment_ends || memmem::find(&self.text.as_bytes()[at..], b"*/").is_none();
        self.in_comment = !self.no_comment_ends;
        self.in_comment
    }

    /// Takes the word at `at`. Where it ends.
    fn word(&mut self, at: usize, end: usize) -> usize {
        let octets = self.text.as_bytes();
        let (mut to, mut quoted) = (at, false);
        while to < end {
            match octets[to] {
                b'\\' if quoted => to += 1,
                b'"' => quoted = !quoted,
                b';' | b'{' | b'}' if !quoted => break,
                b']' if !quoted && self.list.is_some_and(|list| !list.is_closed) => break,
                octet if !quoted && is_blank(octet) => break,
                _ => {}
            }
            to += 1;
        }
        // A backslash at the end escapes nothing; a word has an octet.
        let to = to.min(end).max(at + 1);
        self.length = self.length.saturating_add(to - at + 1);
        if self.length <= MAX_LINE {
            self.words.push(at..to);
        }
        to
    }

    fn clear(&mut self) {
        self.words.clear();
        self.length = 0;
        self.list = None;
    }

    /// How many words mark a statement, whether it is deactivated, and what it does.
    fn marks(&self) -> (usize, bool, Verb) {
        let (mut count, mut is_off, mut verb) = (0, false, Verb::Set);
        for word in &self.words {
            match &self.text[word.clone()] {
                "inactive:" => is_off = true,
                "protect:" | "replace:" | "active:" => {}
                mark if mark.strip_suffix(':') == Some(self.negation) => verb = Verb::Delete,
                _ => break,
            }
            count += 1;
        }
        (count, is_off, verb)
    }

    fn open_block(&mut self) {
        let (marks, is_off, _) = self.marks();
        let outside = self.path.len();
        let longer = outside + self.length;
        if self.open.len() >= MAX_DEPTH || longer > MAX_LINE || self.deeper > 0 {
            self.deeper += 1;
        } else {
            for word in &self.words[marks..] {
                if !self.path.is_empty() {
                    self.path.push(' ');
                }
                self.path.push_str(&self.text[word.clone()]);
            }
            self.open.push(Open { outside, is_off });
            self.off += usize::from(is_off);
        }
        self.clear();
    }

    fn close_block(
        &mut self,
        at: usize,
        take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(open) = self.open.pop() {
            self.path.truncate(open.outside);
            self.off -= usize::from(open.is_off);
        } else {
            // One too many: somebody should hear of it.
            let text = Cow::Borrowed(&self.text[at..=at]);
            return take(Statement { verb: Verb::Set, text, range: at..at + 1 });
        }
        ControlFlow::Continue(())
    }

    fn end_statement(&mut self, take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>) -> ControlFlow<()> {
        let (marks, is_off, verb) = self.marks();
        let going_on = if is_off || self.off > 0 || self.words.len() == marks || self.length > MAX_LINE {
            ControlFlow::Continue(())
        } else {
            self.tell(marks, verb, take)
        };
        self.clear();
        going_on
    }

    /// Tells of the statement at hand: of each item where it ends in a list.
    fn tell(
        &mut self,
        marks: usize,
        verb: Verb,
        take: &mut impl FnMut(Statement<'t>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let count = self.words.len();
        let items = self.list.filter(|list| list.first > marks && list.first < count).map(|list| list.first);
        let Some(first) = items else {
            let statement = self.statement(verb, marks..count, None, self.words[marks].start);
            return take(statement);
        };
        let mut start = self.words[marks].start;
        for item in first..count {
            let statement = self.statement(verb, marks..first, Some(item), start);
            start = self.words.get(item + 1).map_or(start, |next| next.start);
            take(statement)?;
        }
        ControlFlow::Continue(())
    }

    /// The statement of these words and one `item` of a list, whose own octets begin at `start`.
    fn statement(
        &mut self,
        verb: Verb,
        words: Range<usize>,
        item: Option<usize>,
        start: usize,
    ) -> Statement<'t> {
        let last = item.unwrap_or(words.end - 1);
        let end = self.words[last].end;
        // Of a statement of several lines, what stands in the last of them.
        let broken = memrchr2(b'\n', b'\r', &self.text.as_bytes()[start..end]);
        let range = match broken.map(|at| start + at) {
            Some(broken) => {
                let mut starts = self.words[..=last].iter().map(|word| word.start);
                starts.find(|word| *word > broken).unwrap_or(self.words[last].start)..end
            }
            None => start..end,
        };
        let own = &self.text[range.clone()];
        let is_whole = verb == Verb::Set && item.is_none() && self.path.is_empty() && self.deeper == 0;
        if is_whole && broken.is_none() && !own.contains(['#', '/', '[']) {
            return Statement { verb, text: Cow::Borrowed(own), range };
        }
        // What every item of a list repeats counts as its path does.
        let again = match (self.words.get(words.start), self.words[..words.end].last()) {
            (Some(first), Some(last)) if item.is_some() => last.end - first.start,
            _ => 0,
        };
        let again = self.path.len() + again;
        let is_had = self.deeper == 0 && self.budget >= again && self.path.len() + self.length <= MAX_LINE;
        let mut text = String::new();
        if is_had {
            if verb == Verb::Delete {
                text.push_str(self.negation);
                text.push(' ');
            }
            text.push_str(&self.path);
        } else {
            text.push_str(SOMEWHERE);
        }
        // The words before a list are repeated for each of its items, as the path is.
        let shown = if is_had || item.is_none() { words } else { words.end..words.end };
        for word in shown.chain(item) {
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
            text.push_str(&self.text[self.words[word].clone()]);
        }
        if is_had {
            self.budget -= again;
        }
        Statement { verb, text: Cow::Owned(text), range }
    }
}

/// The octets of the blank that no device writes and that `rest` begins with.
fn padding(rest: &str) -> Option<usize> {
    rest.chars().next().filter(|first| is_padding(*first)).map(char::len_utf8)
}

/// The octets of a pager's mark, `---(more 12%)---`, at the beginning of a line.
fn behind_mark(line: &str) -> usize {
    let blanks = line.len() - line.trim_ascii_start().len();
    let Some(rest) = line[blanks..].strip_prefix("---(more") else { return 0 };
    rest.find(")---").filter(|at| *at < 16).map_or(0, |at| blanks + "---(more".len() + at + ")---".len())
}
