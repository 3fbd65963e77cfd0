//! The tree of one YAML document, with the octets each key and value came from.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag, options};

use super::decode::MAX_PROBLEMS;
use super::syntax::syntax_error;
use super::tape::Tape;
use crate::diagnostic::{Diagnostic, quoted};
use crate::source::{FileId, Span};

/// Collections inside collections: more than any design needs, less than any stack minds.
pub(super) const MAX_DEPTH: usize = 64;
/// Values that aliases may add to a document. A bomb multiplies; a design repeats a few settings.
const MAX_ALIASED: usize = 100_000;
/// Values of one document: forty times a design of ten thousand clusters, and less than 300 MB.
pub(super) const MAX_VALUES: usize = 4_000_000;

/// One value.
#[derive(Debug, Clone)]
pub struct Node<'t> {
    /// Where it was written; for an aliased value, where its anchor stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind<'t>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Kind<'t> {
    /// Text. `plain` when it was written without quotes: only then may it be a number, a switch or null.
    Scalar {
        /// The text, escapes resolved.
        text: Cow<'t, str>,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node<'t>>),
    /// Keys and values, in the order they were written, no key twice.
    Mapping(Vec<Entry<'t>>),
}

/// One key of a mapping and its value.
#[derive(Debug, Clone)]
pub struct Entry<'t> {
    /// The key.
    pub key: Cow<'t, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Node<'t> {
    /// Whether this is YAML's null: nothing, `~` or `null`, unquoted.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The value under `key`, where this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        let Kind::Mapping(entries) = &self.kind else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The text, where this is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    fn count(&self) -> usize {
        1 + match &self.kind {
            Kind::Scalar { .. } => 0,
            Kind::Sequence(items) => items.iter().map(Node::count).sum(),
            Kind::Mapping(entries) => entries.iter().map(|entry| 1 + entry.value.count()).sum(),
        }
    }
}

/// Reads the one document of `text`.
///
/// # Errors
/// What makes it unreadable (syntax, budget, a second document, nothing in it): one diagnostic, because after it
/// nothing can be trusted. Duplicate keys do not stop the reading; they are pushed to `problems`.
pub fn parse<'t>(
    file: FileId,
    text: &'t str,
    problems: &mut Vec<Diagnostic>,
) -> Result<Node<'t>, Box<Diagnostic>> {
    let root = tree(file, text, 0, problems)?.map(|tree| tree.root);
    root.ok_or_else(|| {
        let message = match text.trim().is_empty() {
            true => "the file is empty",
            false => "the file holds comments and no design",
        };
        let mut empty = Diagnostic::invalid(Span::new(file, 0..0), message);
        empty.help("`nlbswitch init` writes a starter file");
        Box::new(empty)
    })
}

/// One text as a tree.
pub(super) struct Tree<'t> {
    pub(super) root: Node<'t>,
    /// How many values it holds.
    pub(super) values: usize,
}

/// Reads `text`, which stands at octet `base` of its file; `None` when nothing is written there.
pub(super) fn tree<'t>(
    file: FileId,
    text: &'t str,
    base: usize,
    problems: &mut Vec<Diagnostic>,
) -> Result<Option<Tree<'t>>, Box<Diagnostic>> {
    let mut builder = Builder::new(problems);
    let options = options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        simple_key_max_lookahead: 1024,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| Box::new(syntax_error(file, text, &error)))?;
        let range = span.byte_range().unwrap_or_default();
        builder.take(event, Span::new(file, base + range.start..base + range.end))?;
    }
    Ok(builder.root.map(|root| Tree { root, values: builder.values }))
}

/// The tree of a text that the build has parsed: `tape` holds its events. `None` when they do not fit the text.
pub(crate) fn replay<'t>(
    file: FileId,
    text: &'t str,
    tape: &'t [u8],
    problems: &mut Vec<Diagnostic>,
) -> Option<Node<'t>> {
    let mut builder = Builder::new(problems);
    for event in Tape::new(text, tape) {
        let (event, range) = event.ok()?;
        builder.take(event, Span::new(file, range)).ok()?;
    }
    builder.root
}

/// A collection that is still being filled.
enum Open<'t> {
    Sequence { items: Vec<Node<'t>>, span: Span, anchor: usize },
    Mapping { entries: Vec<Entry<'t>>, key: Option<(Cow<'t, str>, Span)>, span: Span, anchor: usize },
}

struct Builder<'t, 'p> {
    stack: Vec<Open<'t>>,
    anchors: HashMap<usize, Node<'t>>,
    aliased: usize,
    values: usize,
    root: Option<Node<'t>>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'t, 'p> Builder<'t, 'p> {
    fn new(problems: &'p mut Vec<Diagnostic>) -> Self {
        Self { stack: Vec::new(), anchors: HashMap::new(), aliased: 0, values: 0, root: None, problems }
    }

    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let mut second = Diagnostic::invalid(span, "a second YAML document begins here");
                second.help("one file is one document: use a directory of files, or remove the `---`");
                Err(Box::new(second))
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                let kind = Kind::Scalar { text, plain: style == ScalarStyle::Plain };
                self.place(Node { span, kind }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.stack.push(Open::Sequence { items: Vec::new(), span, anchor });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.stack.push(Open::Mapping { entries: Vec::new(), key: None, span, anchor });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    let mut endless =
                        Diagnostic::invalid(span, "an alias inside its own anchor repeats without end");
                    endless.help("write the value out");
                    return Err(Box::new(endless));
                };
                self.aliased += node.count();
                if self.aliased > MAX_ALIASED {
                    let mut bomb =
                        Diagnostic::invalid(span, "aliases make this document far larger than its text");
                    bomb.help(format!("they may add {MAX_ALIASED} values; write the repeated part out"));
                    return Err(Box::new(bomb));
                }
                let node = node.clone();
                self.place(node, 0)
            }
            _ => Ok(()),
        }
    }

    /// YAML's own tags say what is said anyway; any other would be ignored in silence.
    fn check_tag(&mut self, tag: Option<&Tag>, span: Span) {
        let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema() && tag.original() != "!") else { return };
        let mut unknown =
            Diagnostic::invalid(span, format!("the tag `{}` means nothing here", quoted(&tag.original())));
        unknown.help("write the value itself");
        self.report(unknown);
    }

    fn report(&mut self, problem: Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn close(&mut self, end: Span) -> Result<(), Box<Diagnostic>> {
        match self.stack.pop() {
            Some(Open::Sequence { items, span, anchor }) => {
                let span = Span { end: end.end.max(span.end), ..span };
                self.place(Node { span, kind: Kind::Sequence(items) }, anchor)
            }
            Some(Open::Mapping { entries, span, anchor, .. }) => {
                let entries = self.unique(entries);
                let span = Span { end: end.end.max(span.end), ..span };
                self.place(Node { span, kind: Kind::Mapping(entries) }, anchor)
            }
            None => Ok(()),
        }
    }

    fn place(&mut self, node: Node<'t>, anchor: usize) -> Result<(), Box<Diagnostic>> {
        self.values += if anchor == 0 { 1 } else { 1 + node.count() }; // what has an anchor is kept twice
        if self.values > MAX_VALUES {
            let mut huge = Diagnostic::invalid(node.span, format!("more than {MAX_VALUES} values"));
            huge.help("no design has so many; is this the file you meant?");
            return Err(Box::new(huge));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, .. }) => match key.take() {
                Some((name, key_span)) => entries.push(Entry { key: name, key_span, value: node }),
                None => match node.kind {
                    Kind::Scalar { text, .. } => *key = Some((text, node.span)),
                    _ => {
                        let mut odd =
                            Diagnostic::invalid(node.span, "a key must be a word, not a list or a mapping");
                        odd.help("a text that begins with `{` or `[` stands in quotes");
                        return Err(Box::new(odd));
                    }
                },
            },
        }
        Ok(())
    }

    /// Merges `<<` and reports keys that stand twice. The first of the two counts.
    fn unique(&mut self, entries: Vec<Entry<'t>>) -> Vec<Entry<'t>> {
        if plainly_unique(&entries) {
            return entries;
        }
        let mut seen: HashMap<Cow<'t, str>, Span> = HashMap::with_capacity(entries.len());
        let mut kept = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        for entry in entries {
            if entry.key == "<<" {
                match entry.value.kind {
                    Kind::Mapping(more) => merged.extend(more),
                    Kind::Sequence(items) => {
                        for item in items {
                            match item.kind {
                                Kind::Mapping(more) => merged.extend(more),
                                _ => self.report(no_mapping(item.span)),
                            }
                        }
                    }
                    Kind::Scalar { .. } => self.report(no_mapping(entry.value.span)),
                }
                continue;
            }
            if let Some(first) = seen.get(&entry.key) {
                let name = quoted(&entry.key);
                let mut twice =
                    Diagnostic::invalid(entry.key_span, format!("the key `{name}` stands here twice"));
                twice.related(*first, "the first one").help("keep one of the two");
                self.report(twice);
                continue;
            }
            seen.insert(entry.key.clone(), entry.key_span);
            kept.push(entry);
        }
        for entry in merged {
            if !seen.contains_key(&entry.key) {
                seen.insert(entry.key.clone(), entry.key_span);
                kept.push(entry);
            }
        }
        kept
    }
}

fn no_mapping(span: Span) -> Diagnostic {
    let mut problem = Diagnostic::invalid(span, "`<<` merges a mapping, and this is none");
    problem.help("write `<<: *anchor`, where `&anchor` stands before a mapping");
    problem
}

/// Whether a mapping is seen at a glance to merge nothing and to have no key twice: nearly every one of a design.
fn plainly_unique(entries: &[Entry<'_>]) -> bool {
    const GLANCE: usize = 16; // more keys than any record of a design states; comparing pairs is quadratic
    let keys = || entries.iter().map(|entry| &*entry.key);
    entries.len() <= GLANCE
        && keys().enumerate().all(|(index, key)| key != "<<" && keys().take(index).all(|other| other != key))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(text: &str) -> Result<(String, Vec<String>), String> {
        let mut sources = Sources::new();
        let file = sources.add("t.yaml", text);
        let mut problems = Vec::new();
        let node = parse(file, text, &mut problems).map_err(|error| error.message)?;
        fn show(node: &Node<'_>) -> String {
            match &node.kind {
                Kind::Scalar { text, plain } => {
                    if *plain {
                        text.to_string()
                    } else {
                        format!("'{text}'")
                    }
                }
                Kind::Sequence(items) => {
                    format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
                }
                Kind::Mapping(entries) => {
                    let pairs: Vec<_> =
                        entries.iter().map(|e| format!("{}:{}", e.key, show(&e.value))).collect();
                    format!("{{{}}}", pairs.join(","))
                }
            }
        }
        Ok((show(&node), problems.into_iter().map(|problem| problem.message).collect()))
    }

    #[test]
    fn documents_become_trees() {
        assert_eq!(read("a: [1, 'x']\nb: {c: 020110203040}").unwrap().0, "{a:[1,'x'],b:{c:020110203040}}");
        assert_eq!(
            read("a: &x {k: 1}\nb: *x\nc: {<<: *x, k: 2, z: 3}").unwrap().0,
            "{a:{k:1},b:{k:1},c:{k:2,z:3}}"
        );
    }

    #[test]
    fn duplicate_keys_are_reported_and_the_first_counts() {
        let (tree, problems) = read("a: 1\nb: 2\na: 3").unwrap();
        assert_eq!(tree, "{a:1,b:2}");
        assert_eq!(problems, ["the key `a` stands here twice"]);
    }

    #[test]
    fn what_is_no_single_document_is_refused() {
        assert!(read("a: 1\n---\nb: 2").unwrap_err().contains("second YAML document"));
        assert!(read("# nothing\n").unwrap_err().contains("comments and no design"));
        assert!(read("a:\n\tb: 1").unwrap_err().contains("tab"));
        assert!(read("? [a]\n: 1").unwrap_err().contains("key must be a word"));
    }

    #[test]
    fn bombs_and_depth_cost_nothing() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..40 {
            let inner = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [inner.as_str(); 10].join(",")));
        }
        assert!(read(&bomb).unwrap_err().contains("far larger"));
        for deep in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000)] {
            let error = read(&deep).unwrap_err();
            assert!(error.contains("levels deep"), "{error}");
        }
    }
}
