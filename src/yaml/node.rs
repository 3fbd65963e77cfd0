//! The tree of one YAML document, with the octets each key and value came from.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, options};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// Collections inside collections: more than any design needs, less than any stack minds.
const MAX_DEPTH: usize = 64;
/// Values that aliases may add to a document. A bomb multiplies; a design repeats a few settings.
const MAX_ALIASED: usize = 100_000;

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
    let mut builder =
        Builder { stack: Vec::new(), anchors: HashMap::new(), aliased: 0, root: None, problems };
    let options = options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        simple_key_max_lookahead: 1024,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| Box::new(syntax_error(file, text, &error)))?;
        let range = span.byte_range().unwrap_or_default();
        builder.take(event, Span::new(file, range)).map_err(Box::new)?;
    }
    builder.root.ok_or_else(|| {
        let mut empty = Diagnostic::invalid(Span::new(file, 0..0), "the file holds no YAML value");
        empty.help("`nlbswitch init` writes a starter file");
        Box::new(empty)
    })
}

fn syntax_error(file: FileId, text: &str, error: &granit_parser::ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut found = Diagnostic::invalid(Span::new(file, at..at), format!("not valid YAML: {}", error.info()));
    if let Some(tab) = indent.find('\t') {
        found.span = Some(Span::new(file, line_start + tab..line_start + tab + 1));
        found.message = "a tab in the indentation: YAML indents with blanks only".to_owned();
        found.help("replace the tab by blanks");
    } else if error.info().contains("nesting") || error.info().contains("recursion") {
        found.message = format!("nested more than {MAX_DEPTH} levels deep");
        found.help("a design needs five levels; is this the file you meant?");
    }
    found
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
    root: Option<Node<'t>>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'t> Builder<'t, '_> {
    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let mut second = Diagnostic::invalid(span, "a second YAML document begins here");
                second.help("one file is one document: use a directory of files, or remove the `---`");
                Err(second)
            }
            Event::Scalar(text, style, anchor, _) => {
                let kind = Kind::Scalar { text, plain: style == ScalarStyle::Plain };
                self.place(Node { span, kind }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.stack.push(Open::Sequence { items: Vec::new(), span, anchor });
                Ok(())
            }
            Event::MappingStart(_, anchor, _) => {
                self.stack.push(Open::Mapping { entries: Vec::new(), key: None, span, anchor });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    return Err(Diagnostic::invalid(span, "an alias inside its own anchor"));
                };
                self.aliased += node.count();
                if self.aliased > MAX_ALIASED {
                    let mut bomb =
                        Diagnostic::invalid(span, "aliases make this document far larger than its text");
                    bomb.help(format!("they may add {MAX_ALIASED} values; write the repeated part out"));
                    return Err(bomb);
                }
                let node = node.clone();
                self.place(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self, end: Span) -> Result<(), Diagnostic> {
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

    fn place(&mut self, node: Node<'t>, anchor: usize) -> Result<(), Diagnostic> {
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
                        return Err(Diagnostic::invalid(
                            node.span,
                            "a key must be a word, not a list or a mapping",
                        ));
                    }
                },
            },
        }
        Ok(())
    }

    /// Merges `<<` and reports keys that stand twice. The first of the two counts.
    fn unique(&mut self, entries: Vec<Entry<'t>>) -> Vec<Entry<'t>> {
        let mut seen: HashMap<Cow<'t, str>, Span> = HashMap::with_capacity(entries.len());
        let mut kept = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        for entry in entries {
            if entry.key == "<<" {
                match entry.value.kind {
                    Kind::Mapping(more) => merged.extend(more),
                    Kind::Sequence(items) => {
                        merged.extend(items.into_iter().flat_map(|item| match item.kind {
                            Kind::Mapping(more) => more,
                            _ => Vec::new(),
                        }));
                    }
                    Kind::Scalar { .. } => {
                        let problem =
                            Diagnostic::invalid(entry.value.span, "`<<` merges a mapping, this is none");
                        self.problems.push(problem);
                    }
                }
                continue;
            }
            if let Some(first) = seen.get(&entry.key) {
                let name = crate::diagnostic::quoted(&entry.key);
                let mut twice =
                    Diagnostic::invalid(entry.key_span, format!("the key `{name}` stands here twice"));
                twice.related(*first, "the first one");
                self.problems.push(twice);
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
        assert!(read("# nothing\n").unwrap_err().contains("no YAML value"));
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
