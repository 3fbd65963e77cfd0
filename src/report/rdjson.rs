//! reviewdog's diagnostic format (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>), as one document.

use serde::Serialize;

use super::edit::edit;
use super::{Report, advice, further, locate};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Sources};

#[derive(Serialize)]
struct Document {
    source: Source,
    severity: &'static str,
    diagnostics: Vec<Entry>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Entry {
    message: String,
    location: Place,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<RuleCode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct RuleCode {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// From the first place to the one behind the last.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both count from 1; the column counts octets.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// The report as one result of diagnostics.
pub(super) fn rdjson(report: &Report<'_>) -> String {
    let failures = report.failures.iter().map(|failure| Entry {
        message: failure.message.clone(),
        location: Place { path: failure.path.clone(), range: None },
        severity: word(Severity::Error),
        code: None,
        suggestions: Vec::new(),
    });
    let found = report.current().map(|finding| entry(finding, report.sources));
    let worst = report.current().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    let worst = if report.failures.is_empty() { worst } else { Severity::Error };
    let document = Document {
        source: Source { name: "nlbswitch" },
        severity: word(worst),
        diagnostics: failures.chain(found).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}

fn entry(finding: &Diagnostic, sources: &Sources) -> Entry {
    let mut message = finding.message.clone();
    for related in &finding.related {
        let at = locate(related.span, sources);
        message.push_str(&format!("\n{}:{}:{}: {}", at.path, at.line, at.column, related.label));
    }
    if let Some(advice) = advice(finding) {
        message = format!("{message}\n{advice}");
    }
    let location = match finding.span {
        Some(span) => {
            let file = sources.file(span.file);
            Place { path: locate(span, sources).path, range: Some(range(file, span.range())) }
        }
        None => Place { path: String::new(), range: None },
    };
    let suggestion = edit(finding, sources)
        .map(|edit| Suggestion { range: range(edit.file, edit.octets.clone()), text: edit.text });
    Entry {
        message,
        location,
        severity: word(finding.severity),
        code: Some(RuleCode { value: finding.code.to_string(), url: further(finding.code) }),
        suggestions: suggestion.into_iter().collect(),
    }
}

fn range(file: &SourceFile, octets: std::ops::Range<usize>) -> Range {
    let position = |at: usize| {
        let at = at.min(file.text().len());
        let index = file.line_index(at);
        Position { line: index + 1, column: at - file.line_range(index).start + 1 }
    };
    Range { start: position(octets.start), end: position(octets.end) }
}
