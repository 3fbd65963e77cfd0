//! Findings to text: one file an output format.

mod concise;
mod full;
mod json;

pub use concise::concise;
pub use full::full;
pub use json::json;

use crate::diagnostic::{Diagnostic, Severity};

/// What a report is about, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Designs read.
    pub designs: usize,
    /// Configs read.
    pub configs: usize,
    /// Files passed over.
    pub skipped: usize,
    /// Findings that a suppression silenced.
    pub suppressed: usize,
}

/// How many findings have this severity.
pub fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

/// `1 error, 2 warnings`, or that there is nothing.
pub fn totals(findings: &[Diagnostic]) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter_map(|severity| match count(findings, severity) {
            0 => None,
            1 => Some(format!("1 {severity}")),
            many if severity == Severity::Info => Some(format!("{many} infos")),
            many => Some(format!("{many} {severity}s")),
        })
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}
