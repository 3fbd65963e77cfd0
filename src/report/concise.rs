//! One line a finding: `path:line:column: severity[code] message`.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// The findings, one line each.
pub fn concise(findings: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for finding in findings {
        if let Some(span) = finding.span {
            let place = sources.locate(span);
            let _ = write!(out, "{}:{}:{}: ", place.path, place.line, place.column);
        }
        let _ = writeln!(out, "{}[{}] {}", finding.severity, finding.code, finding.message);
    }
    out
}
