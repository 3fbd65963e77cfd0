//! From a [`Node`] to a typed value, collecting every mistake instead of stopping at the first.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::node::{Kind, Node};
use crate::diagnostic::{Diagnostic, one_of, quoted, suggest};
use crate::source::{Span, Spanned};

/// Mistakes that are kept. A file that is no design at all would have millions.
pub(super) const MAX_PROBLEMS: usize = 1000;

/// What is gathered while a document is decoded.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Every mistake so far.
    pub problems: Vec<Diagnostic>,
    /// How many further mistakes there were when the list was full.
    pub unlisted: usize,
    spare: Option<Diagnostic>,
}

impl Decoder {
    /// Reports a mistake at `span`.
    pub fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let problem = Diagnostic::invalid(span, message);
        if self.problems.len() >= MAX_PROBLEMS {
            self.unlisted += 1;
            return self.spare.insert(problem);
        }
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The text of a scalar, else a mistake that says that `what` was expected.
    pub fn scalar<'n>(&mut self, node: &'n Node<'_>, what: &str) -> Option<&'n str> {
        match &node.kind {
            Kind::Scalar { text, .. } if !node.is_null() => Some(text),
            Kind::Scalar { .. } => {
                self.error(node.span, format!("nothing is written here: {what} is expected"));
                None
            }
            Kind::Sequence(_) => {
                self.error(node.span, format!("a list stands here: {what} is expected"));
                None
            }
            Kind::Mapping(_) => {
                self.error(node.span, format!("a mapping stands here: {what} is expected"));
                None
            }
        }
    }

    /// A scalar read by `read`, which says in words why a text does not fit.
    pub fn parsed<T>(
        &mut self,
        node: &Node<'_>,
        what: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.scalar(node, what)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.error(node.span, format!("`{}` is not {what}: {why}", quoted(text)));
                None
            }
        }
    }

    /// Opens a mapping whose keys are `keys`; unknown ones are mistakes.
    pub fn fields<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        what: &'static str,
        keys: &[&str],
    ) -> Option<Fields<'n, 't>> {
        let Kind::Mapping(entries) = &node.kind else {
            let found = if matches!(node.kind, Kind::Sequence(_)) { "a list" } else { "a value" };
            self.error(node.span, format!("{found} stands here: {what} is a mapping"))
                .help(format!("its keys are {}", one_of(keys.iter().copied())));
            return None;
        };
        for entry in entries {
            if !keys.contains(&&*entry.key) {
                let name = quoted(&entry.key);
                let help = match suggest(&entry.key, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys of {what} are {}", one_of(keys.iter().copied())),
                };
                self.error(entry.key_span, format!("{what} has no key `{name}`")).help(help);
            }
        }
        Some(Fields { node, what })
    }
}

/// An open mapping.
#[derive(Debug)]
pub struct Fields<'n, 't> {
    node: &'n Node<'t>,
    what: &'static str,
}

impl Fields<'_, '_> {
    /// Where the mapping stands; its first line is enough to show.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The value of `key`. A broken optional value is reported and counts as absent, so that the rest of the
    /// record is still checked; `None` is a required one that is broken or missing, reported as well.
    pub fn take<T: Decode>(&self, key: &str, cx: &mut Decoder) -> Option<T> {
        match self.node.get(key) {
            Some(value) => T::decode(value, cx).or_else(T::absent),
            None => T::absent().or_else(|| {
                let start = match &self.node.kind {
                    Kind::Mapping(entries) => entries.first().map_or(self.node.span, |entry| entry.key_span),
                    _ => self.node.span,
                };
                cx.error(start, format!("{} needs `{key}`", self.what));
                None
            }),
        }
    }
}

/// A type that can be read from YAML and that describes itself as JSON Schema: one source for both.
pub trait Decode: Sized + Send {
    /// Reads it; mistakes go to `cx`.
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self>;

    /// What stands for a key that is not there; `None` when the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The name of its schema where it is a definition of its own.
    fn schema_name() -> Option<Cow<'static, str>> {
        None
    }

    /// Its JSON Schema.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// Hands a [`Decode`] type to `schemars`: named types become definitions, the others stand inline.
pub(crate) struct Schemed<T>(PhantomData<T>);

impl<T: Decode> JsonSchema for Schemed<T> {
    fn inline_schema() -> bool {
        T::schema_name().is_none()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name().unwrap_or_else(|| std::any::type_name::<T>().into())
    }

    fn schema_id() -> Cow<'static, str> {
        std::any::type_name::<T>().into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

/// The schema of a choice among words. A word that is a number may be written without quotes.
pub(crate) fn choice_schema(words: &[&str]) -> Schema {
    let numbers = words.iter().filter_map(|word| word.parse::<u64>().ok()).map(serde_json::Value::from);
    let all: Vec<serde_json::Value> = words.iter().map(|word| (*word).into()).chain(numbers).collect();
    schemars::json_schema!({"enum": all})
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        T::decode(node, cx).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Schemed<T>>()
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        T::decode(node, cx).map(|value| Spanned::new(value, node.span))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Schemed<T>>()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let Kind::Sequence(items) = &node.kind else {
            cx.error(node.span, "a list is expected here").help("write `[a, b]`, or one `- a` per line");
            return None;
        };
        Some(items.iter().filter_map(|item| T::decode(item, cx)).collect())
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<Schemed<T>>();
        schemars::json_schema!({"type": "array", "items": items})
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        T::decode(node, cx).map(Box::new)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Schemed<T>>()
    }
}
