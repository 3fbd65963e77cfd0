//! GitLab's code quality report (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).

use serde::Serialize;

use super::{Report, advice, locate};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::fingerprint::fingerprints;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The report as a list of issues.
pub(super) fn gitlab(report: &Report<'_>) -> String {
    let mut findings: Vec<Diagnostic> = report.current().cloned().collect();
    let known = findings.len();
    // What could not be read is an issue too: a report that is clean because nothing was read would mislead.
    findings.extend(report.failures.iter().map(|failure| {
        let message = format!("{}: {}", failure.path, failure.message);
        Diagnostic::new(Code(901), "unreadable-input", Severity::Error, message)
    }));
    let prints = fingerprints(&findings, report.sources);
    let issues = findings.iter().zip(prints).enumerate().map(|(index, (finding, fingerprint))| {
        let failed = index.checked_sub(known).and_then(|index| report.failures.get(index));
        // Every issue has a place: what is about no line is shown at the root.
        let (path, begin, end) = match (finding.span, failed) {
            (Some(span), _) => {
                let at = locate(span, report.sources);
                (at.path, at.line, at.end_line)
            }
            (None, Some(failure)) => (failure.path.clone(), 1, 1),
            (None, None) => (".".to_owned(), 1, 1),
        };
        let description = match advice(finding) {
            Some(advice) => format!("{}\n{advice}", finding.message),
            None => finding.message.clone(),
        };
        Issue {
            description,
            check_name: format!("{} {}", finding.code, finding.name),
            fingerprint,
            severity: severity(finding.severity),
            location: Place { path, lines: Lines { begin, end } },
        }
    });
    let mut text = serde_json::to_string_pretty(&issues.collect::<Vec<_>>()).unwrap_or_default();
    text.push('\n');
    text
}

/// GitLab knows `info`, `minor`, `major`, `critical` and `blocker`.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    }
}
