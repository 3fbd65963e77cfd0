//! Two macros that write a type, its decoder and its JSON Schema from one declaration.

/// A mapping with named keys. The words before the keys name it in messages (`"a cluster"`).
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident: $what:literal {
            $( $(#[doc = $field_doc:literal])* $field:ident: $ty:ty, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
            /// Where the whole mapping stands.
            pub span: $crate::source::Span,
        }

        impl $crate::yaml::Decode for $name {
            fn decode(node: &$crate::yaml::Node<'_>, cx: &mut $crate::yaml::Decoder) -> Option<Self> {
                let fields = cx.fields(node, $what, &[$(stringify!($field)),*])?;
                $( let $field = fields.take::<$ty>(stringify!($field), cx); )*
                Some(Self { $( $field: $field?, )* span: fields.span() })
            }

            fn schema_name() -> Option<std::borrow::Cow<'static, str>> {
                Some(stringify!($name).into())
            }

            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut properties = serde_json::Map::new();
                let mut required: Vec<&str> = Vec::new();
                $({
                    let mut schema = generator.subschema_for::<$crate::yaml::Schemed<$ty>>();
                    schema.insert("description".to_owned(), concat!($($field_doc, "\n"),*).trim().into());
                    properties.insert(stringify!($field).to_owned(), schema.into());
                    if <$ty as $crate::yaml::Decode>::absent().is_none() {
                        required.push(stringify!($field));
                    }
                })*
                schemars::json_schema!({
                    "type": "object",
                    "description": concat!($($doc, "\n"),*).trim(),
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                })
            }
        }
    };
}

/// A choice among words.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident: $what:literal {
            $( $(#[doc = $variant_doc:literal])* $variant:ident = $word:literal $(| $alias:literal)*, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[doc = $variant_doc])* $variant, )*
        }

        #[allow(dead_code)]
        impl $name {
            /// Every choice, in the order of the documentation.
            $vis const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word it is written as.
            $vis fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// As it is written into answers. What may be read into it is [`Decode`](crate::yaml::Decode)'s.
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words: Vec<&str> = Self::ALL.iter().map(|choice| choice.as_str()).collect();
                schemars::json_schema!({"type": "string", "enum": words})
            }
        }

        impl $crate::yaml::Decode for $name {
            fn decode(node: &$crate::yaml::Node<'_>, cx: &mut $crate::yaml::Decoder) -> Option<Self> {
                let text = cx.scalar(node, $what)?;
                match text {
                    $( word if word.eq_ignore_ascii_case($word) $(|| word.eq_ignore_ascii_case($alias))* => Some(Self::$variant), )*
                    _ => {
                        let words = || Self::ALL.iter().map(|choice| choice.as_str());
                        let help = match $crate::diagnostic::suggest(text, words()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("write {}", $crate::diagnostic::one_of(words())),
                        };
                        let text = $crate::diagnostic::quoted(text);
                        cx.error(node.span, format!("`{text}` is not {}", $what)).help(help);
                        None
                    }
                }
            }

            fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::yaml::choice_schema(&[$($word),*])
            }
        }
    };
}

pub(crate) use {choice, record};
