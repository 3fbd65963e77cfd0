//! Findings as JSON: a contract with version 1 (DESIGN section 6). Changes need a new version.

use serde::Serialize;

use super::{Report, count, locate, page};
use crate::diagnostic::{Code, Diagnostic, Remediation, Severity};
use crate::source::Sources;

#[derive(Serialize)]
struct Document<'f> {
    version: u32,
    summary: Summary,
    findings: Vec<Finding<'f>>,
}

#[derive(Serialize)]
struct Summary {
    designs: usize,
    configs: usize,
    skipped: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
}

#[derive(Serialize)]
struct Finding<'f> {
    code: Code,
    name: &'f str,
    severity: Severity,
    message: &'f str,
    location: Option<Place>,
    related: Vec<Related<'f>>,
    cluster: Option<&'f str>,
    switch: Option<&'f str>,
    remediation: Option<&'f Remediation>,
    help: Option<&'f str>,
    url: String,
}

#[derive(Serialize)]
struct Place {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related<'f> {
    path: String,
    line: usize,
    column: usize,
    label: &'f str,
}

/// The findings as JSON, with a line end.
pub(super) fn json(report: &Report<'_>) -> String {
    fn shown<'f>(finding: &'f Diagnostic, sources: &Sources) -> Finding<'f> {
        let place = finding.span.map(|span| locate(span, sources)).map(|at| Place {
            path: at.path,
            line: at.line,
            column: at.column,
            end_line: at.end_line,
            end_column: at.end_column,
        });
        let related = finding.related.iter().map(|related| {
            let at = locate(related.span, sources);
            Related { path: at.path, line: at.line, column: at.column, label: &related.label }
        });
        Finding {
            code: finding.code,
            name: finding.name,
            severity: finding.severity,
            message: &finding.message,
            location: place,
            related: related.collect(),
            cluster: finding.cluster.as_deref(),
            switch: finding.switch.as_deref(),
            remediation: finding.remediation.as_ref(),
            help: finding.help.as_deref(),
            url: page(finding.code),
        }
    }
    let findings: Vec<&Diagnostic> = report.current().collect();
    let counts = report.counts;
    let document = Document {
        version: 1,
        summary: Summary {
            designs: counts.designs,
            configs: counts.configs,
            skipped: counts.skipped,
            errors: count(findings.iter().copied(), Severity::Error),
            warnings: count(findings.iter().copied(), Severity::Warning),
            infos: count(findings.iter().copied(), Severity::Info),
            suppressed: counts.suppressed,
        },
        findings: findings.iter().map(|finding| shown(finding, report.sources)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
