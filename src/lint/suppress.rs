//! Suppressions in a design: `# nlbswitch: ignore[NLB208] the reason`, behind the line it is about or alone above it.
//! Those of the settings are `accept`'s.

use std::collections::HashMap;

use memchr::memmem;

use super::input::hides_others;
use super::{Findings, Rule, Scope, rule};
use crate::diagnostic::{Code, Diagnostic, Severity, Suppressed};
use crate::source::{FileId, Sources, Span};

/// A suppression that suppresses nothing.
pub(super) const UNUSED_SUPPRESSION: Rule = Rule {
    code: Code(903),
    name: "unused-suppression",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB903.md"),
    check: |_, _| {}, // found while suppressions are applied, after every other rule has spoken
};

const MARK: &str = "# nlbswitch: ignore[";

/// One code of one comment.
#[derive(Debug)]
struct Suppression {
    code: u16,
    reason: String,
    span: Span,
    used: bool,
}

/// Takes the findings out that the design's comments suppress, and gives them with the reasons. Comments that suppress
/// nothing, or give no reason, are findings themselves.
pub(super) fn apply(findings: &mut Vec<Diagnostic>, files: &[FileId], sources: &Sources) -> Vec<Suppressed> {
    let mut by_line: HashMap<(FileId, usize), Vec<Suppression>> = HashMap::new();
    let mut complaints = Findings::default();
    for file in files {
        read(*file, sources, &mut by_line, &mut complaints);
    }
    if by_line.is_empty() {
        findings.extend(complaints.into_sorted());
        return Vec::new();
    }
    let mut suppressed = Vec::new();
    let mut spoken = Vec::with_capacity(findings.len());
    for finding in std::mem::take(findings) {
        match reason_against(&finding, &mut by_line, sources) {
            Some(reason) => suppressed.push(Suppressed { finding, reason, owner: None, in_source: true }),
            None => spoken.push(finding),
        }
    }
    *findings = spoken;
    for suppression in by_line.into_values().flatten().filter(|suppression| !suppression.used) {
        let message =
            format!("nothing on this line is {}: the suppression has no use", Code(suppression.code));
        complaints.report(&UNUSED_SUPPRESSION, suppression.span, message).help("remove it");
    }
    findings.extend(complaints.into_sorted());
    suppressed
}

/// Why `finding` is accepted, where a comment on its line says so.
fn reason_against(
    finding: &Diagnostic,
    by_line: &mut HashMap<(FileId, usize), Vec<Suppression>>,
    sources: &Sources,
) -> Option<String> {
    let span = finding.span.filter(|_| !hides_others(finding.code))?;
    let line = sources.file(span.file).line_index(span.start as usize);
    let on_line = by_line.get_mut(&(span.file, line))?;
    let mut reason = None;
    for suppression in on_line.iter_mut().filter(|suppression| suppression.code == finding.code.0) {
        suppression.used = true;
        reason.get_or_insert_with(|| suppression.reason.clone());
    }
    reason
}

fn read(
    file: FileId,
    sources: &Sources,
    by_line: &mut HashMap<(FileId, usize), Vec<Suppression>>,
    complaints: &mut Findings,
) {
    let source = sources.file(file);
    let text = source.text();
    for at in memmem::find_iter(text.as_bytes(), MARK) {
        let line = source.line_index(at);
        let range = source.line_range(line);
        let before = &text[range.start..at];
        if !before.is_empty() && !before.ends_with([' ', '\t']) {
            continue; // `#` in the middle of a word begins no comment
        }
        let span = Span::new(file, at..range.end);
        let rest = &text[at + MARK.len()..range.end];
        let Some((codes, reason)) = rest.split_once(']') else { continue };
        if reason.trim().is_empty() {
            complaints
                .report(&UNUSED_SUPPRESSION, span, "a suppression without a reason suppresses nothing")
                .help("say why behind the bracket");
            continue;
        }
        let about = if before.trim().is_empty() { next_content(source, line) } else { line };
        for name in codes.split(',').map(str::trim) {
            match rule(name) {
                Some(rule) => by_line.entry((file, about)).or_default().push(Suppression {
                    code: rule.code.0,
                    reason: reason.trim().to_owned(),
                    span,
                    used: false,
                }),
                None => {
                    let name = crate::diagnostic::quoted(name);
                    complaints.report(
                        &UNUSED_SUPPRESSION,
                        span,
                        format!("there is no rule `{name}` to suppress"),
                    );
                }
            }
        }
    }
}

/// The next line that is neither empty nor a comment.
fn next_content(source: &crate::source::SourceFile, line: usize) -> usize {
    let content = |index: &usize| {
        let text = source.text()[source.line_range(*index)].trim();
        source.line_range(*index).start >= source.text().len() || !(text.is_empty() || text.starts_with('#'))
    };
    (line + 1..).find(content).unwrap_or(line)
}
