//! The review as one page of HTML, through a template that escapes everything.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::document::Document;
use super::record;

/// The page.
const TEMPLATE: &str = include_str!("../../templates/review/review.html.j2");

/// The page as text. The template gets `review`, which is what JSON holds, and `record_comment`, a comment that holds the
/// record for `review --check` and that goes into the page as it is.
pub(super) fn html(document: &Document) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = minijinja::syntax::SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    environment.add_template("review", TEMPLATE)?;
    let comment = Value::from_safe_string(record::comment(&document.record));
    let page = environment.get_template("review")?;
    Ok(page.render(context! { review => Value::from(Serde(document)), record_comment => comment })?)
}
