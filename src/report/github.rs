//! Annotations for GitHub Actions: workflow commands
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).
//!
//! GitHub shows ten annotations of each kind a step: the worst come first, and a summary says what has none.

use std::fmt::Write as _;

use super::{Report, advice, locate, totals};
use crate::diagnostic::{Diagnostic, Severity};

/// How many annotations of one kind GitHub shows of a step.
const SHOWN: usize = 10;

/// The report as workflow commands, and a last line that sums up.
pub(super) fn github(report: &Report<'_>) -> String {
    let mut out = String::new();
    let mut left_out = 0;
    let findings: Vec<&Diagnostic> = report.current().collect();
    // What could not be read comes before what was found, and shares the ten errors with it.
    for failure in report.failures.iter().take(SHOWN) {
        let properties = format!("file={},title=unreadable", property(&failure.path));
        let _ = writeln!(out, "::error {properties}::{}", data(&failure.message));
    }
    left_out += report.failures.len().saturating_sub(SHOWN);
    for (severity, command) in
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "notice")]
    {
        let of_kind = findings.iter().filter(|finding| finding.severity == severity);
        let taken = if severity == Severity::Error { report.failures.len().min(SHOWN) } else { 0 };
        let room = SHOWN - taken;
        left_out += of_kind.clone().count().saturating_sub(room);
        for finding in of_kind.take(room) {
            annotate(&mut out, command, finding, report);
        }
    }
    // The words of this line are our own: nothing in it can be taken for a command.
    let _ = write!(out, "nlbswitch: {}", totals(findings.iter().copied()));
    if !report.failures.is_empty() {
        let _ = write!(out, ", {} unreadable", report.failures.len());
    }
    if left_out > 0 {
        let _ = write!(out, "; {left_out} without an annotation, since GitHub shows {SHOWN} of a kind");
    }
    out.push('\n');
    out
}

fn annotate(out: &mut String, command: &str, finding: &Diagnostic, report: &Report<'_>) {
    let _ = write!(out, "::{command} ");
    if let Some(span) = finding.span {
        let at = locate(span, report.sources);
        let _ = write!(out, "file={},line={},endLine={},", property(&at.path), at.line, at.end_line);
        // Columns are for places on one line; the last one is within the place.
        if at.line == at.end_line {
            let _ = write!(out, "col={},endColumn={},", at.column, at.end_column.max(at.column + 1) - 1);
        }
    }
    let title = format!("{} {}", finding.code, finding.name);
    let message = match advice(finding) {
        Some(advice) => format!("{}\n\n{advice}", finding.message),
        None => finding.message.clone(),
    };
    let _ = writeln!(out, "title={}::{}", property(&title), data(&message));
}

/// What stands behind `::`, where a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
