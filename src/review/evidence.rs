//! What an item rests on, as it may be shown: secrets hidden, and nothing in it that would act.

use super::document::{Accepted, Evidence, Place};
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::harmless::harmless;
use crate::mask;
use crate::report;
use crate::source::{Sources, Span};

/// The longest part of a line that is shown, in characters.
const LINE: usize = 240;

impl Evidence {
    /// A fact in words.
    pub(super) fn fact(text: impl Into<String>) -> Self {
        let text = harmless(&mask::message(&text.into(), &[])).into_owned();
        Self { text, rule: None, severity: None, location: None, line: None, accepted: None }
    }

    /// A fact, and the line that says so.
    pub(super) fn at(text: impl Into<String>, span: Span, sources: &Sources) -> Self {
        Self { location: Some(place(span, sources)), line: Some(line(span, sources)), ..Self::fact(text) }
    }

    /// What a rule found.
    pub(super) fn finding(finding: &Diagnostic, sources: &Sources) -> Self {
        let shown = report::shown_finding(finding, sources);
        Self {
            text: shown.message,
            rule: Some(finding.code.to_string()),
            severity: Some(finding.severity.to_string()),
            location: finding.span.map(|span| place(span, sources)),
            line: finding.span.map(|span| line(span, sources)),
            accepted: None,
        }
    }

    /// What a rule found and somebody accepted.
    pub(super) fn accepted(suppressed: &Suppressed, sources: &Sources) -> Self {
        let shown = |text: &str| harmless(&mask::message(text, &[])).into_owned();
        let accepted =
            Accepted { reason: shown(&suppressed.reason), owner: suppressed.owner.as_deref().map(shown) };
        Self { accepted: Some(accepted), ..Self::finding(&suppressed.finding, sources) }
    }
}

/// Where `span` begins.
pub(super) fn place(span: Span, sources: &Sources) -> Place {
    let at = report::locate(span, sources);
    Place { path: at.path, line: at.line, column: at.column }
}

/// The line that `span` begins on, without its secrets; of a long one the beginning.
fn line(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let range = file.line_range(file.line_index((span.start as usize).min(file.text().len())));
    let masked = mask::lines(&file.text()[range]).trim().to_owned();
    let mut shown: String = masked.chars().take(LINE).collect();
    if shown.len() < masked.len() {
        shown.push('…');
    }
    harmless(&shown).into_owned()
}
