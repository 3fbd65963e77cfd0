//! The review as one page of HTML, through a template that escapes everything.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, HtmlEscape, UndefinedBehavior, Value, context};

use super::document::{Document, Verdict};
use super::record;

/// The page.
const TEMPLATE: &str = include_str!("../../templates/review/review.html.j2");

const STYLE: &str = include_str!("../../templates/review/review.css");
const SCRIPT: &str = include_str!("../../templates/review/review.js");

/// The digest of [`SCRIPT`] as the page's policy names it: no other script runs in it. A test keeps it right.
const SCRIPT_HASH: &str = "sha256-YqmT/zZD50w1OaOapk32joanMpxWET0x3x8oX0BrgbI=";

/// The page as text. The template gets `review`, which is what JSON holds, `pictures`, and `record_comment`, a comment that
/// holds the record for `review --check`. That, the pictures, styles and the script go into the page as they are.
pub(super) fn html(document: &Document) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = minijinja::syntax::SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    environment.add_filter("prose", |text: &str| Value::from_safe_string(prose(text)));
    environment.add_template("review", TEMPLATE)?;
    let comment = Value::from_safe_string(record::comment(&document.record));
    let words: BTreeMap<&str, &str> =
        Verdict::ALL.iter().map(|verdict| (verdict.as_str(), verdict.short())).collect();
    let page = environment.get_template("review")?;
    Ok(page.render(context! {
        review => Value::from(Serde(document)),
        pictures => Value::from(Serde(&document.pictures)),
        words => words,
        record_comment => comment,
        style => Value::from_safe_string(STYLE.to_owned()),
        picture_style => Value::from_safe_string(crate::picture::STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        script_hash => SCRIPT_HASH,
    })?)
}

/// A sentence as HTML, in which what stands between backticks is code.
fn prose(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(|part| HtmlEscape(part).to_string()).collect();
    if parts.len().is_multiple_of(2) {
        return parts.join("`");
    }
    let shown = |(at, part): (usize, &String)| match at % 2 {
        0 => part.clone(),
        _ => format!("<code>{part}</code>"),
    };
    parts.iter().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Base64, as policies write digests (RFC 4648, section 4).
    fn base64(octets: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let group = |chunk: &[u8]| {
            let octet = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
            let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
            let digit = |place: usize| match place <= chunk.len() {
                true => char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]),
                false => '=',
            };
            [0, 1, 2, 3].map(digit)
        };
        octets.chunks(3).flat_map(group).collect()
    }

    #[test]
    fn what_stands_between_backticks_is_code_and_nothing_acts() {
        assert_eq!(prose("`a<b` is `c`"), "<code>a&lt;b</code> is <code>c</code>");
        assert_eq!(prose("it`s <b>"), "it`s &lt;b&gt;");
    }

    #[test]
    fn the_policy_of_the_page_names_its_script() {
        assert_eq!(base64(b"nlb"), "bmxi");
        assert_eq!(base64(b"nl"), "bmw=");
        assert_eq!(SCRIPT_HASH, format!("sha256-{}", base64(&Sha256::digest(SCRIPT))));
    }
}
