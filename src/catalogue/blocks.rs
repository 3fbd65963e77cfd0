//! A page in pieces, written as Markdown or as plain text.

use std::fmt::Write;

use crate::harmless::harmless;
use crate::report::markdown::{cell, code, fence};

/// One field of a table or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A sentence; what stands between backticks is code.
    Text(String),
    /// What somebody types, or a name.
    Code(String),
    /// Where something is said.
    Source(String),
    /// A page of this project: its title, and the path from the page it stands on.
    Page(String, String),
}

impl Piece {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    /// A source; nothing where nobody says it.
    pub(super) fn source(source: Option<&str>) -> Self {
        source.map_or_else(|| Self::text(""), |source| Self::Source(source.to_owned()))
    }

    fn markdown(&self) -> String {
        match self {
            Self::Text(text) => cell(text),
            Self::Code(text) => code(text),
            Self::Page(title, path) => format!("[{}]({path})", cell(title)),
            Self::Source(source) => match source.strip_prefix("docs/") {
                Some(page) if is_plain(page) => format!("[{}](../{page})", cell(page)),
                None if is_url(source) => format!("[source](<{source}>)"),
                _ => code(source),
            },
        }
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Source(text) | Self::Page(text, _) => {
                harmless(text).to_string()
            }
        }
    }
}

/// Whether a path can stand in a link as it is.
fn is_plain(path: &str) -> bool {
    path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.#".contains(c))
}

/// Whether a text is a URL that can stand in a link as it is.
fn is_url(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web && text.chars().all(|c| c.is_ascii_graphic() && !"<>\\`|".contains(c))
}

#[derive(Debug, Clone)]
enum Block {
    Heading(usize, String),
    Line(Vec<Piece>),
    Item(Vec<Piece>),
    Table(Vec<&'static str>, Vec<Vec<Piece>>),
    Lines(Vec<String>),
}

/// A page, ready to be written.
#[derive(Debug, Clone, Default)]
pub struct Page {
    blocks: Vec<Block>,
}

impl Page {
    pub(super) fn heading(&mut self, level: usize, text: impl Into<String>) {
        self.blocks.push(Block::Heading(level, text.into()));
    }

    pub(super) fn line(&mut self, pieces: Vec<Piece>) {
        self.blocks.push(Block::Line(pieces));
    }

    pub(super) fn item(&mut self, pieces: Vec<Piece>) {
        self.blocks.push(Block::Item(pieces));
    }

    /// A table; nothing where it has no rows.
    pub(super) fn table(&mut self, head: Vec<&'static str>, rows: Vec<Vec<Piece>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table(head, rows));
        }
    }

    pub(super) fn lines(&mut self, lines: Vec<String>) {
        self.blocks.push(Block::Lines(lines));
    }

    /// As Markdown.
    pub fn to_markdown(&self) -> String {
        let joined = |pieces: &[Piece]| pieces.iter().map(Piece::markdown).collect::<Vec<_>>().join(" ");
        self.block_by_block(|block| match block {
            Block::Heading(level, text) => format!("{} {}\n", "#".repeat(*level), cell(text)),
            Block::Line(pieces) => format!("{}\n", joined(pieces).trim_end()),
            Block::Item(pieces) => format!("- {}\n", joined(pieces).trim_end()),
            Block::Table(head, rows) => {
                let rule = head.iter().map(|_| "---").collect::<Vec<_>>().join(" | ");
                let row = |row: &Vec<Piece>| {
                    let cells: Vec<String> = row.iter().map(Piece::markdown).collect();
                    format!("| {} |\n", cells.join(" | "))
                };
                let rows: String = rows.iter().map(row).collect();
                format!("| {} |\n| {rule} |\n{rows}", head.join(" | "))
            }
            Block::Lines(lines) => {
                let fence = fence(lines);
                format!("{fence}text\n{}\n{fence}\n", lines.join("\n"))
            }
        })
    }

    /// As text for a terminal.
    pub fn to_text(&self) -> String {
        let joined = |pieces: &[Piece]| {
            let words: Vec<String> =
                pieces.iter().map(Piece::plain).filter(|word| !word.is_empty()).collect();
            words.join(" ")
        };
        self.block_by_block(|block| match block {
            Block::Heading(_, text) => format!("{}\n", harmless(text)),
            Block::Line(pieces) => format!("{}\n", joined(pieces)),
            Block::Item(pieces) => format!("- {}\n", joined(pieces)),
            Block::Table(head, rows) => aligned(head, rows),
            Block::Lines(lines) => lines.iter().map(|line| format!("  {}\n", harmless(line))).collect(),
        })
    }

    /// The blocks, with an empty line between two that are not of one list.
    fn block_by_block(&self, write: impl Fn(&Block) -> String) -> String {
        let mut out = String::new();
        let mut in_list = false;
        for block in &self.blocks {
            let item = matches!(block, Block::Item(_));
            if !(out.is_empty() || in_list && item) {
                out.push('\n');
            }
            in_list = item;
            out.push_str(&write(block));
        }
        out
    }
}

/// A table for a terminal: every column as wide as its widest field, but for the last.
fn aligned(head: &[&'static str], rows: &[Vec<Piece>]) -> String {
    let head: Vec<String> = head.iter().map(|&title| title.to_owned()).collect();
    let rows: Vec<Vec<String>> =
        std::iter::once(head).chain(rows.iter().map(|row| row.iter().map(Piece::plain).collect())).collect();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max();
    let widths: Vec<usize> = (0..rows[0].len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in &rows {
        let fields: Vec<String> =
            row.iter().zip(&widths).map(|(text, width)| format!("{text:width$}")).collect();
        let _ = writeln!(out, "{}", fields.join("  ").trim_end());
    }
    out
}
