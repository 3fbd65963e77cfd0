//! Checkstyle's XML: what many CI servers and review tools read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Report, advice, locate};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Location;

/// The report as XML, the findings under their files.
pub(super) fn checkstyle(report: &Report<'_>) -> String {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for failure in report.failures {
        let errors = files.entry(failure.path.clone()).or_default();
        let message = attribute(&failure.message);
        let _ = writeln!(
            errors,
            r#"    <error line="1" severity="error" message="{message}" source="nlbswitch.unreadable-input"/>"#
        );
    }
    for finding in report.current() {
        let at = finding.span.map(|span| locate(span, report.sources));
        // What is about no file is said under an empty name.
        let path = at.as_ref().map_or_else(String::new, |at| at.path.clone());
        error(files.entry(path).or_default(), finding, at.as_ref());
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">\n");
    for (path, errors) in files {
        let _ = write!(out, "  <file name=\"{}\">\n{errors}  </file>\n", attribute(&path));
    }
    out.push_str("</checkstyle>\n");
    out
}

fn error(out: &mut String, finding: &Diagnostic, at: Option<&Location>) {
    out.push_str("    <error ");
    match at {
        Some(at) => drop(write!(out, r#"line="{}" column="{}" "#, at.line, at.column)),
        // Readers count on a line, also of what is about a whole file or about none.
        None => out.push_str("line=\"1\" "),
    }
    // Checkstyle's own words for severities happen to be ours.
    let severity: Severity = finding.severity;
    let message = match advice(finding) {
        Some(advice) => format!("{}\n{advice}", finding.message),
        None => finding.message.clone(),
    };
    let source = format!("nlbswitch.{}.{}", finding.code, finding.name);
    let _ = writeln!(
        out,
        r#"severity="{severity}" message="{}" source="{}"/>"#,
        attribute(&message),
        attribute(&source)
    );
}

/// The value of an attribute. XML 1.0 has no way to write most control characters; they become U+FFFD.
fn attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // As themselves they would be read as blanks.
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn attributes_hold_whatever_text_there_is() {
        assert_eq!(
            attribute("a<b>&\"'\n\r\t\u{1}\u{b}\u{ffff}ü"),
            "a&lt;b&gt;&amp;&quot;&apos;&#10;&#13;&#9;\u{fffd}\u{fffd}\u{fffd}ü"
        );
    }
}
