//! A config's lines with the block each stands in.

use std::borrow::Cow;
use std::ops::Range;

use crate::vendor::{BlockStyle, Pack};

/// The longest line that can mean anything to a switch, in octets. Longer ones are passed over.
const MAX_LINE: usize = 16 * 1024;

/// A config as its logical lines.
#[derive(Debug)]
pub(crate) struct Tree<'t> {
    /// The lines, in their order.
    pub(crate) lines: Vec<Line<'t>>,
}

impl<'t> Tree<'t> {
    /// The lines that opened the blocks `line` stands in, the outermost first.
    pub(crate) fn openers(&self, line: &Line<'t>) -> Vec<&str> {
        let above = |number: &u32| self.lines[*number as usize].parent;
        let mut openers: Vec<&str> = std::iter::successors(line.parent, above)
            .map(|number| &*self.lines[number as usize].text)
            .collect();
        openers.reverse();
        openers
    }
}

/// One line that is neither empty nor a comment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Its octets, without the indentation and the line end.
    pub(crate) range: Range<usize>,
    /// What the device sees of it.
    pub(crate) text: Cow<'t, str>,
    /// The line that opened its block, by its number; `None` at the top.
    pub(crate) parent: Option<u32>,
}

/// The lines of `text`. Blocks are told apart in the pack's style.
pub(crate) fn tree<'t>(pack: &Pack, text: &'t str) -> Tree<'t> {
    let mut lines: Vec<Line<'t>> = Vec::new();
    let mut blocks: Vec<(usize, u32)> = Vec::new();
    let mut offset = 0;
    for whole in text.split_inclusive('\n') {
        let start = offset;
        offset += whole.len();
        let line = whole.trim_end();
        let content = line.trim_start();
        if content.is_empty() || content.len() > MAX_LINE || content.starts_with(pack.comment.as_str()) {
            continue;
        }
        let indent = line.len() - content.len();
        let closes = content.eq_ignore_ascii_case("exit") || content.eq_ignore_ascii_case("end");
        match pack.blocks {
            BlockStyle::Indent => {
                while blocks.last().is_some_and(|(depth, _)| *depth >= indent) {
                    blocks.pop();
                }
            }
            BlockStyle::Exit => {
                if closes || opens(pack, content) {
                    blocks.clear();
                }
            }
        }
        if closes {
            continue;
        }
        let parent = blocks.last().map(|(_, opener)| *opener);
        if pack.blocks == BlockStyle::Indent || opens(pack, content) {
            blocks.push((indent, lines.len() as u32));
        }
        let begin = start + indent;
        lines.push(Line { range: begin..begin + content.len(), text: Cow::Borrowed(content), parent });
    }
    Tree { lines }
}

fn opens(pack: &Pack, line: &str) -> bool {
    pack.openers.iter().any(|opener| {
        line.get(..opener.len()).is_some_and(|head| head.eq_ignore_ascii_case(opener))
            && line[opener.len()..].chars().next().is_none_or(char::is_whitespace)
    })
}
