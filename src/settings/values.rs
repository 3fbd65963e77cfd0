//! Values of the settings that are neither a record nor a choice.

use schemars::{Schema, SchemaGenerator, json_schema};

use super::types::Level;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::yaml::{Decode, Decoder, Kind, Node, Schemed, Text};

/// Rules and the severities that their findings have here, in the order they are written.
#[derive(Debug, Clone, Default)]
pub struct Levels(pub Vec<(Spanned<Text>, Spanned<Level>)>);

impl Decode for Levels {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let Kind::Mapping(entries) = &node.kind else {
            let mistake: &mut Diagnostic =
                cx.error(node.span, "a mapping of rules to severities is expected");
            mistake.help("write `severity: {NLB501: error}`");
            return None;
        };
        let mut levels = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = Kind::Scalar { text: entry.key.clone(), plain: true };
            let rule = Spanned::<Text>::decode(&Node { span: entry.key_span, kind: key }, cx);
            let level = Spanned::<Level>::decode(&entry.value, cx);
            levels.extend(rule.zip(level));
        }
        Some(Self(levels))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Schemed<Level>>();
        json_schema!({"type": "object", "additionalProperties": level})
    }
}
