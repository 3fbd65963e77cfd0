//! What output may show of a run: findings without the secrets of the lines they are about, and without characters
//! that a terminal would act on. Every format gets this, and only this.

use std::borrow::Cow;

use super::Report;
use crate::diagnostic::{Diagnostic, Failure, Gone, Remediation, Suppressed};
use crate::harmless::{self, harmless, inert};
use crate::mask;
use crate::source::{Location, Sources, Span};

/// The longest part of a line that is searched for secrets, before and behind a place in it, in octets: no device
/// takes a longer line.
pub(super) const REACH: usize = 4096;

/// The parts of a report that are texts.
pub(super) struct Shown {
    findings: Vec<Diagnostic>,
    suppressed: Vec<Suppressed>,
    gone: Vec<Gone>,
    failures: Vec<Failure>,
}

impl Shown {
    /// What may be shown of `report`.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let sources = report.sources;
        let suppressed = report.suppressed.iter().map(|suppressed| Suppressed {
            finding: shown_finding(&suppressed.finding, sources),
            reason: sentence(&suppressed.reason, &[]),
            owner: suppressed.owner.as_deref().map(name),
            in_source: suppressed.in_source,
        });
        let gone = report.gone.iter().map(|gone| Gone {
            code: gone.code,
            name: name(&gone.name),
            switch: gone.switch.as_deref().map(name),
            cluster: gone.cluster.as_deref().map(name),
            message: sentence(&gone.message, &[]),
        });
        let failures = report
            .failures
            .iter()
            .map(|failure| Failure { path: name(&failure.path), message: sentence(&failure.message, &[]) });
        Self {
            findings: report.findings.iter().map(|found| shown_finding(found, sources)).collect(),
            suppressed: suppressed.collect(),
            gone: gone.collect(),
            failures: failures.collect(),
        }
    }

    /// `report` with these texts in the place of its own.
    pub(super) fn report<'r>(&'r self, report: &Report<'r>) -> Report<'r> {
        Report {
            findings: &self.findings,
            suppressed: &self.suppressed,
            gone: &self.gone,
            failures: &self.failures,
            ..*report
        }
    }
}

/// A finding whose texts may be shown: secrets hidden, and nothing in them that a terminal or a runner would act on.
pub fn shown_finding(finding: &Diagnostic, sources: &Sources) -> Diagnostic {
    let mut shown = finding.clone();
    let spans = finding.span.into_iter().chain(finding.related.iter().map(|related| related.span));
    let mut secrets: Vec<String> = spans.flat_map(|span| mask::words(&around(span, sources))).collect();
    secrets.dedup();
    shown.message = sentence(&finding.message, &secrets);
    for related in &mut shown.related {
        related.label = sentence(&related.label, &secrets);
    }
    // Help may have several lines.
    shown.help = finding.help.as_deref().map(|help| {
        let lines = help.lines().map(|line| sentence(line, &secrets));
        lines.collect::<Vec<_>>().join("\n")
    });
    shown.cluster = finding.cluster.as_deref().map(name);
    shown.switch = finding.switch.as_deref().map(name);
    shown.remediation = finding.remediation.as_ref().map(|remediation| Remediation {
        switch: name(&remediation.switch),
        lines: remediation
            .lines
            .iter()
            .map(|line| inert(harmless(&mask::lines(line))).into_owned())
            .collect(),
    });
    shown
}

/// The lines that `span` touches, or what is near it in very long ones.
fn around(span: Span, sources: &Sources) -> Cow<'_, str> {
    let file = sources.file(span.file);
    let octets = file.text().as_bytes();
    let (start, end) = ((span.start as usize).min(octets.len()), (span.end as usize).min(octets.len()));
    let first = file.line_range(file.line_index(start)).start.max(start.saturating_sub(REACH));
    let last = file.line_range(file.line_index(end.saturating_sub(1).max(start))).end;
    String::from_utf8_lossy(&octets[first..last.min(start + REACH).max(start)])
}

fn sentence(text: &str, secrets: &[String]) -> String {
    inert(harmless(&mask::message(text, secrets))).into_owned()
}

fn name(text: &str) -> String {
    harmless(text).into_owned()
}

/// Where `span` lies, under a path that may be shown.
pub fn locate(span: Span, sources: &Sources) -> Location {
    let mut place = sources.locate(span);
    if let Cow::Owned(path) = harmless::path(&place.path) {
        place.path = path;
    }
    place
}
