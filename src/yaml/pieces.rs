//! A long design on all threads: its lists are cut between two items, and each piece is read for itself.
//!
//! The parser runs on one thread and takes most of the time that loading takes, and a whole tree most of the memory. Cutting is safe where nothing reaches
//! over a cut: no anchor, no block text, no directive, no second document, and an item that begins in the list's own column. Whatever
//! looks otherwise, or does not read as what was expected, is read again as a whole, so that a mistake is told in one
//! way only.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr_iter, memchr2, memchr3};
use rayon::prelude::*;

use super::node::{Entry, Kind, MAX_VALUES, Node, Tree, tree};
use crate::source::{FileId, Span};

/// Octets of a piece: some hundred items, so that every thread gets several.
const PIECE: usize = 128 * 1024;

/// One top-level key of a document with all that stands under it, as octets.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Read as it stands.
    Whole(Range<usize>),
    /// A key with a list under it, cut between items.
    List { key: Range<usize>, pieces: Vec<Range<usize>> },
}

/// What `read` makes of each piece of `text`, in their order, when it is long and can be cut: a piece is a document with one
/// key and some items of its list. Each tree is gone when its piece is read, so that only what was made of it
/// takes memory. `None` when `text` is to be read as a whole.
pub(crate) fn in_pieces<T: Send>(
    file: FileId,
    text: &str,
    read: impl Fn(&Node<'_>) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    if text.len() < 2 * PIECE { None } else { read_pieces(file, text, PIECE, read) }
}

fn read_pieces<T: Send>(
    file: FileId,
    text: &str,
    piece: usize,
    read: impl Fn(&Node<'_>) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    let pieces: Vec<Piece> = parts(text, piece)?.into_iter().flat_map(Part::into_pieces).collect();
    let each = pieces.into_par_iter().map(|piece| {
        let begins = piece.begins_part;
        let (node, values) = piece.tree(file, text)?;
        let key = match &node.kind {
            Kind::Mapping(one) if one.len() == 1 => one[0].key.clone().into_owned(),
            _ => return None,
        };
        Some((begins.then_some(key), values, read(&node)?))
    });
    let each: Vec<(Option<String>, usize, T)> = each.collect::<Option<_>>()?;
    let keys: Vec<&String> = each.iter().filter_map(|(key, ..)| key.as_ref()).collect();
    let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    let values: usize = each.iter().map(|(_, values, _)| values).sum();
    if twice || values > MAX_VALUES {
        return None;
    }
    Some(each.into_iter().map(|(_, _, made)| made).collect())
}

/// What one thread reads at a time.
struct Piece {
    /// The key of the list that it is a piece of; `None` when it has its key in it.
    key: Option<Range<usize>>,
    range: Range<usize>,
    /// Whether no piece before it has its key.
    begins_part: bool,
}

impl Part {
    fn into_pieces(self) -> Vec<Piece> {
        match self {
            Self::Whole(range) => vec![Piece { key: None, range, begins_part: true }],
            Self::List { key, pieces } => {
                let piece = |(at, range)| Piece { key: Some(key.clone()), range, begins_part: at == 0 };
                pieces.into_iter().enumerate().map(piece).collect()
            }
        }
    }
}

impl Piece {
    /// Its tree and how many values that has, when there is nothing to say against it.
    fn tree<'t>(&self, file: FileId, text: &'t str) -> Option<(Node<'t>, usize)> {
        let mut problems = Vec::new();
        let Tree { root, values } =
            tree(file, &text[self.range.clone()], self.range.start, &mut problems).ok()??;
        if !problems.is_empty() {
            return None;
        }
        let Some(key) = &self.key else { return Some((root, values)) };
        let Kind::Sequence(_) = &root.kind else { return None };
        let key_span = Span::new(file, key.clone());
        let span = Span { end: root.span.end, ..key_span };
        let entry = Entry { key: Cow::Borrowed(&text[key.clone()]), key_span, value: root };
        Some((Node { span, kind: Kind::Mapping(vec![entry]) }, values))
    }
}

/// The parts of `text`; `None` when something in it may reach over a cut.
fn parts(text: &str, piece: usize) -> Option<Vec<Part>> {
    let octets = text.as_bytes();
    if memchr3(b'&', b'*', b'|', octets).is_some() || memchr2(b'>', b'\t', octets).is_some() {
        return None;
    }
    let mut keys = Vec::new();
    for line in lines(text, 0..text.len()) {
        match octets[line.start] {
            b' ' | b'#' | b'\n' | b'\r' => {}
            b'-' if octets.get(line.start + 1) == Some(&b' ') => {}
            letter if letter.is_ascii_lowercase() => keys.push(line),
            _ => return None, // a directive, a new document, a byte order mark, a quoted key
        }
    }
    let first = keys.first()?.start;
    let blank = |line: Range<usize>| matches!(octets[line.start], b'#' | b'\n' | b'\r');
    if !lines(text, 0..first).all(blank) {
        return None;
    }
    let ends = keys.iter().skip(1).map(|line| line.start).chain([text.len()]);
    Some(keys.iter().zip(ends).map(|(key, end)| part(text, key, end, piece)).collect())
}

/// The key in the line `key` with what stands under it, up to `end`.
fn part(text: &str, key: &Range<usize>, end: usize, piece: usize) -> Part {
    let whole = Part::Whole(key.start..end);
    let Some(name) = text[key.clone()].trim_end().strip_suffix(':') else { return whole };
    if end - key.end < piece || !name.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_') {
        return whole;
    }
    let Some(item) = lines(text, key.end..end).find_map(|line| item_column(&text[line])) else {
        return whole;
    };
    let Some(column) = item else { return whole };
    let begins = |line: &Range<usize>| item_column(&text[line.clone()]) == Some(Some(column));
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut from = key.end;
    let mut filled = false;
    for line in lines(text, key.end..end).filter(begins) {
        if filled && line.start - from >= piece {
            pieces.push(from..line.start);
            from = line.start;
        }
        filled = true;
    }
    pieces.push(from..end);
    Part::List { key: key.start..key.start + name.len(), pieces }
}

/// The column at which an item of a list begins in `line`; `Some(None)` where something else stands, `None` where
/// nothing does.
fn item_column(line: &str) -> Option<Option<usize>> {
    let indent = line.bytes().take_while(|octet| *octet == b' ').count();
    let content = &line[indent..];
    match content.as_bytes().first() {
        None | Some(b'#' | b'\n' | b'\r') => None,
        Some(b'-') if content[1..].starts_with(' ') => Some(Some(indent)),
        Some(_) => Some(None),
    }
}

/// The lines of `text[range]`, each with its line end; `range` begins at one.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    let ends = memchr_iter(b'\n', &text.as_bytes()[range.clone()]).map(move |at| range.start + at + 1);
    ends.chain([range.end]).filter_map(move |end| {
        let from = std::mem::replace(&mut start, end);
        (from < end).then_some(from..end)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Sources;

    /// What a decoder tells of a tree: everything but where collections end, where lists begin, and the
    /// place of what is not written.
    fn seen(node: &Node<'_>) -> String {
        match &node.kind {
            Kind::Scalar { plain: true, .. } if node.span.range().is_empty() => "nothing".to_owned(),
            Kind::Scalar { text, plain } => format!("{}-{} {plain} {text:?}", node.span.start, node.span.end),
            Kind::Sequence(items) => {
                format!("[{}]", items.iter().map(seen).collect::<Vec<_>>().join(","))
            }
            Kind::Mapping(entries) => {
                let pair = |entry: &Entry<'_>| {
                    format!("{}@{}:{}", entry.key, entry.key_span.start, seen(&entry.value))
                };
                format!("{}{{{}}}", node.span.start, entries.iter().map(pair).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// Each key with the items or the value under it, the pieces of a list one behind the other.
    fn shown<'n>(roots: impl IntoIterator<Item = &'n Node<'n>>) -> Vec<(String, Vec<String>)> {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for root in roots {
            let Kind::Mapping(entries) = &root.kind else { return vec![(seen(root), Vec::new())] };
            for entry in entries {
                let key = format!("{}@{}", entry.key, entry.key_span.start);
                let values = match &entry.value.kind {
                    Kind::Sequence(items) => items.iter().map(seen).collect(),
                    _ => vec![seen(&entry.value)],
                };
                match all.last_mut().filter(|(last, _)| *last == key) {
                    Some((_, before)) => before.extend(values),
                    None => all.push((key, values)),
                }
            }
        }
        all
    }

    type Shown = Option<Vec<(String, Vec<String>)>>;

    fn both(text: &str) -> (Shown, Shown) {
        let file = Sources::new().add("t.yaml", text);
        let mut problems = Vec::new();
        let whole = tree(file, text, 0, &mut problems).ok().flatten().filter(|_| problems.is_empty());
        let pieces = read_pieces(file, text, 1, |node| Some(shown([node])));
        let pieces = pieces.map(|pieces| {
            pieces.into_iter().flatten().fold(
                Vec::new(),
                |mut all: Vec<(String, Vec<String>)>, (key, values)| {
                    match all.last_mut().filter(|(last, _)| *last == key) {
                        Some((_, before)) => before.extend(values),
                        None => all.push((key, values)),
                    }
                    all
                },
            )
        });
        (pieces, whole.map(|tree| shown([&tree.root])))
    }

    #[test]
    fn a_design_in_pieces_is_the_design() {
        let text = "# top\nclusters:\n  # first\n  - name: a\n    vlan: 1\n\n  - name: b\n    nodes:\n      - {name: x}\n\
                    switches:\n- name: s\n- {name: t, links: [a,\n   b]}\nsite: {wireless_vlans: [1]}\n";
        let (pieces, whole) = both(text);
        assert!(pieces.is_some());
        assert_eq!(pieces, whole);
    }

    #[test]
    fn what_may_reach_over_a_cut_is_read_as_a_whole() {
        for text in [
            "clusters:\n- &a {name: a}\n- *a\n",
            "clusters:\n- name: a\n- name: b\nclusters:\n- name: c\n- name: d\n",
            "clusters:\n- name: a\n---\nclusters:\n- name: b\n",
            "clusters:\n- name: \"a\n- name: b\"\n- name: c\n",
            "clusters:\n- [a,\n- b]\n",
            "clusters:\n- {name: a, name: b}\n- name: c\n",
            "clusters:\n  - name: a\n - name: b\n",
        ] {
            assert_eq!(both(text).0, None, "{text}");
        }
    }

    proptest! {
        /// Whatever reads in pieces reads the same as a whole.
        #[test]
        fn pieces_never_say_other_than_the_whole(
            lines in proptest::collection::vec(
                ("( {0,5})", prop::sample::select(vec![
                    "- a", "- name: x", "name: y", "- ", "-", "clusters:", "switches:", "- |", "- >-", "text", "# c",
                    "\"open", "close\"", "- 'q", "q'", "- {a: b", "c: d}", "- [x,", "y]", "key: |", "- - z", "? k", ": v",
                    "", "- a: {b: c}", "...", "---", "- !t x", "x: - y", "- a: b: c",
                ])),
                1..12,
            ),
            first in prop::sample::select(vec!["clusters:", "clusters:\n  - a", "site: {a: b}\nclusters:"]),
        ) {
            let text = lines.iter().fold(format!("{first}\n"), |text, (indent, line)| format!("{text}{indent}{line}\n"));
            let (pieces, whole) = both(&text);
            if pieces.is_some() {
                prop_assert_eq!(pieces, whole, "{}", text);
            }
        }
    }
}
