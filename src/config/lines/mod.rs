//! A config as a tree of logical lines: what the device would see, and the block each line stands in.
//!
//! This is the only place that knows of line ends, banners, certificates, comments, prompts, pagers and the ends of
//! blocks. What it needs to know of a dialect stands under `syntax` in the pack.

mod blocks;
mod ends;
mod free_text;
mod menus;
mod paths;
mod prompt;
mod screen;
mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use blocks::{Blocks, Style, opens};
use ends::PhysicalLines;
use free_text::{Ends, is_blob};
use memchr::{memchr_iter, memchr3, memmem};
use prompt::{may_hold_prompts, prompt};
use screen::{behind_mark, show};

use crate::vendor::{BlockStyle, ConfigForm, Pack, Passage};

/// The longest line that can mean anything to a switch, in octets. Longer ones are passed over.
pub const MAX_LINE: usize = 16 * 1024;

/// Lines that room is made for at once: more come from long texts only, which can wait for it.
const FIRST_LINES: usize = 1 << 16;

/// How many times as long as the text its paths may be. Those of real configs are three times as long.
const MOST_EXPANDED: usize = 8;
/// What short texts may have beyond that, in octets.
const SPARE: usize = 1 << 16;

/// How many octets may stand in all before the own words of the statements of `text`, where each has its path from the root:
/// a text of a few kilobytes in blocks with long names could else fill the memory.
fn room_for_paths(text: &str) -> usize {
    text.len().saturating_mul(MOST_EXPANDED).saturating_add(SPARE)
}

/// The lines of a config that say something, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree<'t> {
    /// Each line, its block before it.
    pub lines: Vec<Line<'t>>,
    /// Physical lines that are none of these: blank, comment, banner, certificate, prompt, pager, end of a block.
    pub passed_over: usize,
}

impl<'t> Tree<'t> {
    /// Statements of `text` that stand in no block, in the order of their places: the physical lines in which none begins are
    /// passed over.
    fn of_statements(text: &str, lines: Vec<Line<'t>>) -> Self {
        let mut starts = lines.iter().map(|line| line.range.start).peekable();
        let mut passed_over = 0;
        for physical in PhysicalLines::new(text) {
            let mut says = false;
            while starts.next_if(|start| *start < physical.end).is_some() {
                says = true;
            }
            passed_over += usize::from(!says);
        }
        Self { lines, passed_over }
    }
}

/// One logical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'t> {
    /// Its octets in the text, without indentation and line end.
    pub range: Range<usize>,
    /// What the device would see. It is the text of these octets, unless a pager's marks were wiped out of it. Blanks
    /// within are as they were.
    pub text: Cow<'t, str>,
    /// The line, in [`Tree::lines`], whose block it stands in.
    pub parent: Option<u32>,
}

impl Line<'_> {
    /// The octets in `text`, the whole config in the dialect of `pack`, that octets of this line came from.
    pub fn place(&self, pack: &Pack, text: &str, part: Range<usize>) -> Option<Range<usize>> {
        place(pack, text, &self.text, &self.range, part)
    }
}

/// The octets in `text` that `part` of `line` came from, which stands at `range`. Where a pager's marks were wiped out of
/// it they are not in a row: `None`. Of a path those are known that its own words have at its end.
#[allow(clippy::ptr_arg)] // whether it is borrowed counts
pub(super) fn place(
    pack: &Pack,
    text: &str,
    line: &Cow<'_, str>,
    range: &Range<usize>,
    part: Range<usize>,
) -> Option<Range<usize>> {
    let start = match line {
        Cow::Borrowed(_) => range.start + part.start,
        Cow::Owned(_) if pack.layout.form == ConfigForm::Lines => return None,
        // What a value is stands behind its name, and a statement may be of several lines.
        Cow::Owned(_) if pack.layout.form == ConfigForm::Tables => {
            let found = text.get(range.clone())?.rfind(line.get(part.clone())?)?;
            range.start + found
        }
        Cow::Owned(_) => (range.end + part.start).checked_sub(line.len())?,
    };
    let found = start..start + part.len();
    (found.start >= range.start && text.get(found.clone())? == line.get(part)?).then_some(found)
}

impl<'t> Tree<'t> {
    /// The line whose block `line` stands in.
    pub fn parent(&self, line: &Line<'t>) -> Option<&Line<'t>> {
        line.parent.and_then(|parent| self.lines.get(parent as usize))
    }

    /// The lines that opened the blocks `line` stands in, the outermost first.
    pub fn openers(&self, line: &Line<'t>) -> Vec<&str> {
        let parents = std::iter::successors(self.parent(line), |parent| self.parent(parent));
        let mut openers: Vec<&str> = parents.map(|parent| &*parent.text).collect();
        openers.reverse();
        openers
    }
}

/// Reads the lines of `text` in the way of `pack`'s dialect. It takes any text: what is no config has lines all the same.
pub fn tree<'t>(pack: &Pack, text: &'t str) -> Tree<'t> {
    match pack.layout.form {
        ConfigForm::Lines => {}
        ConfigForm::Paths => return paths::tree(pack, text),
        ConfigForm::Menus => return menus::tree(pack, text),
        ConfigForm::Tables => return tables::tree(pack, text),
    }
    let grow = |style| Reader::new(pack, text, Growing::new(pack, text, style)).read().tree;
    let tree = grow(Style::Own(pack.blocks));
    // A paste can lose its indentation, and the words that open blocks still tell them.
    let is_flat = pack.blocks == BlockStyle::Indent && tree.lines.iter().all(|line| line.parent.is_none());
    if is_flat && tree.lines.iter().any(|line| opens(pack, &line.text)) {
        return grow(Style::Flattened);
    }
    tree
}

/// The octets of each line of `text`, whatever ends it.
pub(super) fn physical(text: &str) -> impl Iterator<Item = Range<usize>> {
    PhysicalLines::new(text)
}

/// Shows `visit` every line of `text` that [`tree`] would have, without its block: what the device would see, and its octets
/// in the text. It stops where `visit` breaks.
pub(super) fn visit<'t>(
    pack: &Pack,
    text: &'t str,
    visit: impl FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>,
) {
    match pack.layout.form {
        ConfigForm::Lines => visit_lines(pack, text, visit),
        ConfigForm::Paths => paths::visit(pack, text, visit),
        ConfigForm::Menus => menus::visit(pack, text, visit),
        ConfigForm::Tables => tables::visit(pack, text, visit),
    }
}

/// Shows `visit` the lines as they stand there.
fn visit_lines<'t>(
    pack: &Pack,
    text: &'t str,
    visit: impl FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>,
) {
    _ = Reader::new(pack, text, Visiting { visit, is_over: false }).read();
}

/// What becomes of the lines that configure something.
trait Keeper<'t> {
    /// Takes a line.
    fn keep(&mut self, piece: Piece<'t>);

    /// Counts a physical line that says nothing.
    fn pass_over(&mut self) {}

    /// Whether no further line is wanted.
    fn is_over(&self) -> bool {
        false
    }

    /// Something that the lines say of the blocks they stand in. Whether it stands in one itself; unknown is yes.
    fn block(&mut self, _: Edge) -> bool {
        true
    }
}

/// What a line that configures nothing says of the blocks around it.
#[derive(Debug, Clone, Copy)]
enum Edge {
    /// Those that a line at this indentation stands behind have ended.
    Dedent(usize),
    /// It leaves the block it stands in, at this indentation.
    Exit(usize),
    /// All have ended.
    Close,
    /// It only separates, at this indentation.
    Separate(usize),
    /// Nothing: it stands at this indentation.
    At(usize),
}

/// Keeps the lines as a tree.
struct Growing<'p, 't> {
    tree: Tree<'t>,
    blocks: Blocks<'p>,
}

impl<'p, 't> Growing<'p, 't> {
    fn new(pack: &'p Pack, text: &'t str, style: Style) -> Self {
        let lines = Vec::with_capacity((text.len() / 32).min(FIRST_LINES));
        Self { tree: Tree { lines, passed_over: 0 }, blocks: Blocks::new(pack, style) }
    }
}

impl<'t> Keeper<'t> for Growing<'_, 't> {
    #[inline]
    fn keep(&mut self, piece: Piece<'t>) {
        let parent = self.blocks.place(&self.tree.lines, piece.indent, &piece.text);
        self.tree.lines.push(Line { range: piece.range, text: piece.text, parent });
    }

    fn pass_over(&mut self) {
        self.tree.passed_over += 1;
    }

    fn block(&mut self, edge: Edge) -> bool {
        match edge {
            Edge::Dedent(indent) => self.blocks.dedent(indent),
            Edge::Exit(indent) => self.blocks.exit(indent),
            Edge::Close => self.blocks.close(),
            Edge::Separate(indent) => self.blocks.separate(indent),
            Edge::At(indent) => return self.blocks.is_inside(indent),
        }
        false
    }
}

/// Shows the lines and keeps none.
struct Visiting<V> {
    visit: V,
    is_over: bool,
}

impl<'t, V: FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>> Keeper<'t> for Visiting<V> {
    #[inline]
    fn keep(&mut self, piece: Piece<'t>) {
        self.is_over |= (self.visit)(piece.text, piece.range).is_break();
    }

    fn is_over(&self) -> bool {
        self.is_over
    }
}

/// What the lines at hand are part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// The config.
    Config,
    /// The digits of a certificate or key; with the dashed lines of an armour around them, or without.
    Blob { armour: bool },
    /// What follows the config.
    Tail,
}

/// A physical line, or what is left of it.
struct Piece<'t> {
    range: Range<usize>,
    text: Cow<'t, str>,
    /// Columns before it.
    indent: usize,
}

impl Piece<'_> {
    /// Leaves the first `count` octets out, and the blanks behind them.
    fn without(mut self, count: usize) -> Self {
        let kept = self.text[count..].trim_start();
        let gone = self.text.len() - kept.len();
        self.text = match self.text {
            Cow::Borrowed(text) => {
                self.range.start += gone;
                Cow::Borrowed(&text[gone..])
            }
            Cow::Owned(text) => Cow::Owned(text[gone..].to_owned()),
        };
        self
    }
}

struct Reader<'p, 't, K> {
    pack: &'p Pack,
    text: &'t str,
    keeper: K,
    ends: Ends<'p, 't>,
    within: Within,
    /// Lines that begin before this octet belong to a banner or script.
    skip_to: usize,
    /// Whether the text holds what only a terminal makes sense of.
    is_log: bool,
    has_prompts: bool,
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | 0x0b | 0x0c)
}

fn columns(blanks: &str) -> usize {
    blanks.chars().fold(0, |column, blank| match blank {
        '\t' => (column / 8 + 1) * 8,
        '\u{feff}' => column,
        _ => column + 1,
    })
}

/// Whether a character before or behind a line is none of it: a blank of any kind, or the mark of an encoding that was
/// left where files were joined.
fn is_padding(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Whether a line comes from the console and not from the config: a message of the system, the complaint about a command
/// and the mark under it, what is left of a banner.
fn is_console_message(line: &str, indent: usize) -> bool {
    match line.as_bytes() {
        [b'%', ..] | [b'.' | b'^' | 0x03] | [b'^', b'C'] => true,
        [b'*', ..] => indent == 0,
        [b'.', ..] => line.contains(": %"),
        _ => false,
    }
}

/// `line` without the comment behind it. The sign counts between blanks, and not within quotes.
fn without_comment<'l>(line: &'l str, sign: &str) -> &'l str {
    let octets = line.as_bytes();
    let begins = memmem::find_iter(octets, sign.as_bytes()).find(|at| {
        let behind = octets.get(at + sign.len());
        *at > 0
            && is_blank(octets[at - 1])
            && behind.is_none_or(|octet| is_blank(*octet))
            && memchr_iter(b'"', &octets[..*at]).count().is_multiple_of(2)
    });
    begins.map_or(line, |at| line[..at].trim_end())
}

impl<'p, 't, K: Keeper<'t>> Reader<'p, 't, K> {
    fn new(pack: &'p Pack, text: &'t str, keeper: K) -> Self {
        Self {
            pack,
            text,
            keeper,
            ends: Ends::new(text, pack.layout.comments.first().map_or("!", String::as_str)),
            within: Within::Config,
            skip_to: 0,
            is_log: memchr3(0, 0x08, 0x1b, text.as_bytes()).is_some(),
            has_prompts: may_hold_prompts(text),
        }
    }

    fn read(mut self) -> K {
        for range in PhysicalLines::new(self.text) {
            if range.start < self.skip_to {
                self.pass_over();
            } else if range.len() > MAX_LINE {
                self.read_long(&range);
            } else {
                self.read_physical(range);
            }
            if self.keeper.is_over() {
                break;
            }
        }
        self.keeper
    }

    fn pass_over(&mut self) {
        self.keeper.pass_over();
    }

    /// A line that is too long to mean anything. All the same a banner may begin in it.
    fn read_long(&mut self, range: &Range<usize>) {
        self.pass_over();
        let line = &self.text[range.clone()];
        let begins = line.as_bytes().iter().take_while(|octet| is_blank(**octet)).count();
        if self.pack.layout.is_special(&line.as_bytes()[begins..])
            && let Some((Passage::Delimited, behind)) = self.pack.layout.passage(&line[begins..])
        {
            let end = self.ends.of_delimited(range.start + begins + behind, range.end);
            self.skip_to = end.map_or(0, |end| end + 1);
        }
    }

    #[inline]
    fn read_physical(&mut self, line: Range<usize>) {
        let octets = self.text.as_bytes();
        let Range { mut start, mut end } = line;
        let mut only_spaces = true;
        while start < end && is_blank(octets[start]) {
            only_spaces &= octets[start] == b' ';
            start += 1;
        }
        while end > start && is_blank(octets[end - 1]) {
            end -= 1;
        }
        if start == end {
            return self.pass_over();
        }
        if self.is_log && memchr3(0, 0x08, 0x1b, &octets[line.clone()]).is_some() {
            return self.read_screen(&line);
        }
        if octets[start] >= 0x80 || octets[end - 1] >= 0x80 {
            let text = &self.text[start..end];
            let without_left = text.trim_start_matches(is_padding);
            start = end - without_left.len();
            end = start + without_left.trim_end_matches(is_padding).len();
            only_spaces = false;
            if start == end {
                return self.pass_over();
            }
        }
        let indent = if only_spaces { start - line.start } else { columns(&self.text[line.start..start]) };
        let piece = Piece { range: start..end, text: Cow::Borrowed(&self.text[start..end]), indent };
        let is_config = self.within == Within::Config && !self.has_prompts;
        if is_config && !self.pack.layout.is_special(&octets[start..end]) {
            self.keep(piece);
        } else {
            self.consider(piece);
        }
    }

    /// A line that only makes sense on a screen.
    fn read_screen(&mut self, line: &Range<usize>) {
        let shown = show(&self.text[line.clone()]);
        let text = shown.text.trim_matches(is_padding);
        if text.is_empty() {
            return self.pass_over();
        }
        let before = shown.text.len() - shown.text.trim_start_matches(is_padding).len();
        let indent = columns(&shown.text[..before]);
        let range = line.start + shown.range.start..line.start + shown.range.end;
        self.consider(Piece { range, text: Cow::Owned(text.to_owned()), indent });
    }

    /// Adds a line that configures something.
    #[inline]
    fn keep(&mut self, mut piece: Piece<'t>) {
        if self.pack.layout.inline_comments {
            let kept = without_comment(&piece.text, &self.pack.comment).len();
            if let Cow::Borrowed(text) = piece.text {
                piece.text = Cow::Borrowed(&text[..kept]);
                piece.range.end = piece.range.start + kept;
            } else {
                piece.text.to_mut().truncate(kept);
            }
        }
        self.keeper.keep(piece);
    }

    /// Decides whether a line configures something.
    fn consider(&mut self, mut piece: Piece<'t>) {
        if self.is_within(&piece) {
            return self.pass_over();
        }
        let layout = &self.pack.layout;
        // What a pager wrote is often followed by the line it held back.
        while let Some(behind) = behind_mark(&piece.text) {
            if behind == piece.text.len() {
                return self.pass_over();
            }
            piece = self.behind_mark(piece, behind);
        }
        if layout.is_comment(&piece.text) {
            if layout.comments.iter().any(|sign| *piece.text == **sign) {
                self.keeper.block(Edge::Separate(piece.indent));
            }
            return self.pass_over();
        }
        if is_console_message(&piece.text, piece.indent) {
            return self.pass_over();
        }
        if piece.text.starts_with("-----BEGIN ") {
            self.within = Within::Blob { armour: true };
            return self.pass_over();
        }
        if piece.text.starts_with("-----END ") {
            return self.pass_over();
        }
        if self.has_prompts
            && let Some(prompt) = prompt(&piece.text)
        {
            let Some(depth) = prompt.depth else {
                self.keeper.block(Edge::Close);
                return self.pass_over();
            };
            if prompt.typed == piece.text.len() {
                return self.pass_over();
            }
            piece = piece.without(prompt.typed);
            piece.indent = if opens(self.pack, &piece.text) { 0 } else { depth };
            if piece.indent == 0 {
                self.keeper.block(Edge::Close);
            }
        }
        match layout.passage(&piece.text) {
            Some((passage, behind)) => self.pass(piece, passage, behind),
            None => self.keep(piece),
        }
    }

    /// Whether a line belongs to a certificate or to what follows the config; when it does not, that has ended.
    fn is_within(&mut self, piece: &Piece<'_>) -> bool {
        let (belongs, ends) = match self.within {
            Within::Config => return false,
            Within::Tail => (prompt(&piece.text).is_none(), false),
            Within::Blob { armour } => {
                let quits = piece.text.eq_ignore_ascii_case("quit");
                let closes = armour && piece.text.starts_with("-----END ");
                let is_mark = behind_mark(&piece.text) == Some(piece.text.len());
                (quits || closes || is_mark || is_blob(&piece.text, armour), quits || closes)
            }
        };
        if ends || !belongs {
            self.within = Within::Config;
        }
        belongs
    }

    /// A line of which its first words say that it configures nothing.
    fn pass(&mut self, piece: Piece<'t>, passage: &Passage, behind: usize) {
        match passage {
            // `enable` within an interface's block is a line like any other.
            Passage::Chatter | Passage::Act if self.keeper.block(Edge::At(piece.indent)) => {
                return self.keep(piece);
            }
            Passage::Exit => _ = self.keeper.block(Edge::Exit(piece.indent)),
            Passage::Leave => _ = self.keeper.block(Edge::Dedent(piece.indent)),
            Passage::End | Passage::Chatter | Passage::Act => _ = self.keeper.block(Edge::Close),
            Passage::Delimited => {
                let begins = self.place_of(&piece, behind);
                match self.ends.of_delimited(begins, piece.range.end.max(begins)) {
                    Some(end) => self.skip_to = end + 1,
                    None => return self.keep(piece),
                }
                self.keeper.block(Edge::Dedent(piece.indent));
            }
            Passage::Script { until } => {
                self.skip_to = self.ends.of_script(piece.range.end, until) + 1;
                self.keeper.block(Edge::Dedent(piece.indent));
            }
            Passage::Blob => {
                self.within = Within::Blob { armour: false };
                self.keeper.block(Edge::Dedent(piece.indent));
            }
            Passage::Tail => {
                self.within = Within::Tail;
                self.keeper.block(Edge::Close);
            }
        }
        self.pass_over();
    }

    /// The octet of the text that octet `at` of a line came from.
    fn place_of(&self, piece: &Piece<'t>, at: usize) -> usize {
        match &piece.text {
            Cow::Borrowed(_) => piece.range.start + at,
            Cow::Owned(shown) => {
                let rest = shown[at..].trim_start();
                let found = self.text[piece.range.clone()].rfind(rest);
                found.map_or(piece.range.end, |found| piece.range.start + found)
            }
        }
    }

    /// What stands behind a pager's mark of `length` octets. The blanks that wiped it out are no indentation: there are
    /// as many as the mark had characters and the blank behind it. A line that opens a block has none.
    fn behind_mark(&self, piece: Piece<'t>, length: usize) -> Piece<'t> {
        let rest = &piece.text[length..];
        let blanks = columns(&rest[..rest.len() - rest.trim_start().len()]);
        let indent = if blanks > length { blanks - length - 1 } else { blanks };
        let mut piece = piece.without(length);
        piece.indent = if opens(self.pack, &piece.text) { 0 } else { indent };
        piece
    }
}
