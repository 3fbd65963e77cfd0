//! Which line's block a line stands in.

use super::Line;
use crate::vendor::{BlockStyle, Pack, behind_words};

/// How the blocks of one text are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As the dialect has it.
    Own(BlockStyle),
    /// The dialect indents blocks and the text has lost its indentation: words open blocks, and the comment sign
    /// alone on a line closes them.
    Flattened,
}

/// An open block.
struct Open {
    /// The indentation of the line that opened it, in columns.
    indent: usize,
    /// That line.
    line: u32,
    /// The indentation of its first line, once there is one.
    inner: Option<usize>,
}

/// The blocks that are open, the outermost first.
pub(super) struct Blocks<'p> {
    pack: &'p Pack,
    style: Style,
    open: Vec<Open>,
}

/// Whether `line` opens a block by the words it begins with.
pub(super) fn opens(pack: &Pack, line: &str) -> bool {
    pack.openers.iter().any(|words| behind_words(line, words).is_some())
}

impl<'p> Blocks<'p> {
    pub(super) fn new(pack: &'p Pack, style: Style) -> Self {
        Self { pack, style, open: Vec::new() }
    }

    fn indented(&self) -> bool {
        self.style == Style::Own(BlockStyle::Indent)
    }

    /// Whether a line can open no block: one that is taken back, and one that the pack says stands alone.
    fn is_leaf(&self, line: &str) -> bool {
        behind_words(line, &self.pack.negation).is_some() || self.pack.layout.stands_alone(line)
    }

    /// Ends the blocks that a line at this indentation stands behind.
    #[inline]
    pub(super) fn dedent(&mut self, indent: usize) {
        let stays = |open: &Open| match self.style {
            Style::Own(BlockStyle::Indent) => open.indent < indent,
            // A block that is indented all the same ends as such.
            _ => open.inner.is_none_or(|inner| inner <= open.indent || indent > open.indent),
        };
        while self.open.last().is_some_and(|open| !stays(open)) {
            self.open.pop();
        }
    }

    /// Ends every block.
    pub(super) fn close(&mut self) {
        self.open.clear();
    }

    /// Ends the block that an `exit` at this indentation stands in.
    pub(super) fn exit(&mut self, indent: usize) {
        if self.indented() {
            self.dedent(indent);
            self.open.pop();
        } else {
            self.close();
        }
    }

    /// Whether a line at this indentation stands in a block that is indented.
    pub(super) fn is_inside(&mut self, indent: usize) -> bool {
        self.dedent(indent);
        self.indented() && !self.open.is_empty()
    }

    /// A line at this indentation that only separates. Force10 writes one within a block, so that indentation alone
    /// decides where there is any, unless the pack says that the sign ends blocks.
    pub(super) fn separate(&mut self, indent: usize) {
        if self.style == Style::Flattened {
            self.close();
        } else if self.pack.layout.sign_ends_blocks {
            self.dedent(indent);
        }
    }

    /// The block that the next line, `text`, stands in. `lines` are those before it.
    #[inline]
    pub(super) fn place(&mut self, lines: &[Line<'_>], indent: usize, text: &str) -> Option<u32> {
        self.dedent(indent);
        let own = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        if self.indented() {
            let parent = self.parent_by_indent(lines, indent);
            self.open.push(Open { indent, line: own, inner: None });
            return parent;
        }
        if opens(self.pack, text) {
            self.close();
            self.open.push(Open { indent, line: own, inner: None });
            return None;
        }
        if self.pack.layout.stands_alone(text) {
            self.close();
        }
        let parent = self.open.last_mut()?;
        parent.inner.get_or_insert(indent);
        Some(parent.line)
    }

    #[inline]
    fn parent_by_indent(&mut self, lines: &[Line<'_>], indent: usize) -> Option<u32> {
        while let Some(parent) = self.open.last_mut() {
            if parent.inner.is_some() {
                return Some(parent.line);
            }
            parent.inner = Some(indent);
            let line = parent.line;
            // Asked once a block: only its first line can show that it is none.
            if !lines.get(line as usize).is_some_and(|line| self.is_leaf(&line.text)) {
                return Some(line);
            }
            self.open.pop();
        }
        None
    }
}
