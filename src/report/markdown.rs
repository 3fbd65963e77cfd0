//! Markdown for a comment on a merge request or a job's summary, in GitHub's and GitLab's dialect.
//!
//! Nothing that comes from a config or a name can act there: neither as a table's border nor as HTML, a link, an image
//! or a mention.

use std::fmt::Write as _;

use super::{Report, gone, locate, totals};
use crate::diagnostic::{Diagnostic, Remediation};

/// The longest report, in octets: GitHub takes 65,536 characters for a comment.
const LONGEST: usize = 60_000;

/// The report as a heading, a table, and what to type.
pub(super) fn markdown(report: &Report<'_>) -> String {
    let findings: Vec<&Diagnostic> = report.current().collect();
    let mut out = format!("### nlbswitch: {}\n", totals(findings.iter().copied()));
    if !report.failures.is_empty() {
        let rows = report
            .failures
            .iter()
            .map(|failure| format!("| {} | {} |", code(&failure.path), cell(&failure.message)));
        table(&mut out, "Could not be read", "| Input | Why |\n| --- | --- |", rows);
    }
    let rows = findings.iter().map(|finding| row(finding, report));
    table(&mut out, "", "| Severity | Rule | Where | What |\n| --- | --- | --- | --- |", rows);
    let remedies: Vec<&Remediation> =
        findings.iter().filter_map(|finding| finding.remediation.as_ref()).collect();
    remedy(&mut out, &remedies);
    let rows = report.suppressed.iter().map(|suppressed| {
        let owner = suppressed.owner.as_deref().unwrap_or_default();
        let finding = &suppressed.finding;
        format!(
            "| {} | {} | {} | {} |",
            finding.code,
            place(finding, report),
            cell(&suppressed.reason),
            cell(owner)
        )
    });
    table(&mut out, "Suppressed", "| Rule | Where | Reason | Owner |\n| --- | --- | --- | --- |", rows);
    let rows = report.gone.iter().map(|one| format!("| {} | {} |", one.code, cell(&gone(one))));
    table(&mut out, "Gone", "| Rule | What |\n| --- | --- |", rows);
    out
}

/// A table under a heading, when it has rows. It stops where the whole would be too long, and says so.
fn table(out: &mut String, title: &str, head: &str, rows: impl ExactSizeIterator<Item = String>) {
    let count = rows.len();
    if count == 0 {
        return;
    }
    if !title.is_empty() {
        let _ = write!(out, "\n#### {title}\n");
    }
    let _ = write!(out, "\n{head}\n");
    for (index, row) in rows.enumerate() {
        if out.len() + row.len() > LONGEST {
            let _ =
                write!(out, "\n{} more rows are left out: the comment would be too long.\n", count - index);
            return;
        }
        out.push_str(&row);
        out.push('\n');
    }
}

fn row(finding: &Diagnostic, report: &Report<'_>) -> String {
    let mut what = cell(&finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(what, "<br>{}", cell(help));
    }
    format!("| {} | {} | {} | {what} |", finding.severity, finding.code, place(finding, report))
}

fn place(finding: &Diagnostic, report: &Report<'_>) -> String {
    let at = finding.span.map(|span| locate(span, report.sources));
    match (at, &finding.switch) {
        (Some(at), _) => code(&format!("{}:{}:{}", at.path, at.line, at.column)),
        (None, Some(switch)) => code(switch),
        (None, None) => String::new(),
    }
}

/// What to type on each device, folded away.
fn remedy(out: &mut String, remedies: &[&Remediation]) {
    let mut body = String::new();
    for remediation in remedies {
        let fence = fence(&remediation.lines);
        let lines = remediation.lines.join("\n");
        let block = format!("\nOn {}:\n\n{fence}text\n{lines}\n{fence}\n", code(&remediation.switch));
        if out.len() + body.len() + block.len() > LONGEST {
            break;
        }
        body.push_str(&block);
    }
    if !body.is_empty() {
        let _ = write!(out, "\n<details><summary>What to type</summary>\n{body}\n</details>\n");
    }
}

/// A fence that no line ends.
pub fn fence(lines: &[String]) -> String {
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// A sentence in a cell: what stands between backticks as code, the rest as nothing but text.
pub fn cell(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text); // one backtick has no partner
    }
    let part = |(index, part): (usize, &&str)| if index % 2 == 1 { code(part) } else { plain(part) };
    parts.iter().enumerate().map(part).collect()
}

/// Text as code; nothing for none.
pub fn code(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", escaped(text)),
    }
}

/// Text outside of code, where `@name` would call somebody.
fn plain(text: &str) -> String {
    escaped(text).replace("&#64;", "<code>&#64;</code>")
}

/// `text` with a character reference for all that Markdown or HTML would act on: a reference is never markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let acts = match character {
            '&' | '<' | '>' | '"' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '!' | '$'
            | '@' => true,
            // What makes a link of a bare address
            ':' => text[at..].starts_with("://"),
            '.' => text[..at].to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        match character {
            '\n' => escaped.push_str("<br>"),
            _ if acts => escaped.push_str(&format!("&#{};", u32::from(character))),
            _ => escaped.push(character),
        }
    }
    escaped
}
