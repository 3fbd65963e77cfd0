//! One line a finding: `path:line:column: severity[code] message`.

use std::fmt::Write as _;

use super::{Report, locate};

/// The findings, one line each.
pub(super) fn concise(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report.current() {
        if let Some(span) = finding.span {
            let place = locate(span, report.sources);
            let _ = write!(out, "{}:{}:{}: ", place.path, place.line, place.column);
        }
        let _ = writeln!(out, "{}[{}] {}", finding.severity, finding.code, finding.message);
    }
    for gone in report.gone {
        let _ = writeln!(out, "note[{}] {}", gone.code, super::gone(gone));
    }
    out
}
