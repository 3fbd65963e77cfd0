//! A config's lines with the block each stands in.

use std::ops::Range;

use crate::vendor::{BlockStyle, Pack};

/// The longest line that can mean anything to a switch, in octets. Longer ones are passed over.
const MAX_LINE: usize = 16 * 1024;

/// One line that is neither empty nor a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// Its octets, without the indentation and the line end.
    pub(super) range: Range<usize>,
    /// The text of these octets.
    pub(super) text: &'t str,
    /// The line that opened its block; `None` at the top.
    pub(super) parent: Option<&'t str>,
}

/// The lines of `text`, in their order. Blocks are told apart in the pack's style.
pub(super) fn lines<'t>(pack: &'t Pack, text: &'t str) -> impl Iterator<Item = Line<'t>> {
    let mut blocks: Vec<(usize, &str)> = Vec::new();
    let mut offset = 0;
    text.split_inclusive('\n').filter_map(move |whole| {
        let start = offset;
        offset += whole.len();
        let line = whole.trim_end();
        let content = line.trim_start();
        if content.is_empty() || content.len() > MAX_LINE || content.starts_with(pack.comment.as_str()) {
            return None;
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
            return None;
        }
        let parent = blocks.last().map(|(_, opener)| *opener);
        if pack.blocks == BlockStyle::Indent || opens(pack, content) {
            blocks.push((indent, content));
        }
        let begin = start + indent;
        Some(Line { range: begin..begin + content.len(), text: content, parent })
    })
}

fn opens(pack: &Pack, line: &str) -> bool {
    pack.openers.iter().any(|opener| {
        line.get(..opener.len()).is_some_and(|head| head.eq_ignore_ascii_case(opener))
            && line[opener.len()..].chars().next().is_none_or(char::is_whitespace)
    })
}
