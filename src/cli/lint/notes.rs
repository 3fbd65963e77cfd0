//! What is said on standard error beside the report.

use std::collections::BTreeSet;

use super::LintArgs;
use crate::cli::Console;
use crate::diagnostic::{Diagnostic, quoted};
use crate::mask;
use crate::report::{self, Counts, Format, Report};
use crate::source::{Location, Sources, Span};

/// Doubtful lines that are named one by one.
const MOST_DOUBTS: usize = 20;

/// Names the lines that look as if they were about NLB and that nothing was made of.
pub(super) fn doubts(
    lines: &BTreeSet<Span>,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    for line in lines.iter().take(MOST_DOUBTS) {
        let Location { path, line: number, .. } = sources.locate(*line);
        let text = quoted(&mask::lines(sources.slice(*line)));
        writeln!(
            console.err,
            "note: {path}:{number}: `{text}` looks like a line about NLB and is not understood: it was not judged"
        )?;
    }
    if lines.len() > MOST_DOUBTS {
        let more = lines.len() - MOST_DOUBTS;
        writeln!(console.err, "note: {more} more such lines: `nlbswitch lint --coverage` names all")?;
    }
    Ok(())
}

/// How many files are named before the others are counted.
const NAMED: usize = 5;

/// Says which of the files that were typed are nothing to lint.
pub(super) fn passed_over(files: &[String], console: &mut Console<'_>) -> anyhow::Result<()> {
    for file in files.iter().take(NAMED) {
        writeln!(console.err, "note: {file} is neither a design nor a switch config")?;
    }
    match files.len().saturating_sub(NAMED) {
        0 => {}
        1 => writeln!(console.err, "note: nor is 1 file more")?,
        more => writeln!(console.err, "note: nor are {more} files more")?,
    }
    Ok(())
}

/// Says what is accepted where that was asked for, what is gone from the baseline of `known` findings, how many
/// suppressions are `out_of_sight`; and the totals, when no program reads standard output.
pub(super) fn write(
    args: &LintArgs,
    report: &Report<'_>,
    out_of_sight: usize,
    known: usize,
    on_terminal: Option<Format>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if args.verbose {
        for suppressed in report.suppressed {
            let finding = &suppressed.finding;
            let place = finding.span.map(|span| report.sources.locate(span));
            let place =
                place.map(|at| format!("{}:{}:{}: ", at.path, at.line, at.column)).unwrap_or_default();
            let owner = suppressed.owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default();
            writeln!(console.err, "suppressed: {place}{}: {}{owner}", finding.code, suppressed.reason)?;
        }
    }
    if !report.gone.is_empty() {
        let what = match report.gone.len() {
            1 => "1 known finding is".to_owned(),
            many => format!("{many} known findings are"),
        };
        writeln!(console.err, "note: {what} gone; `--write-baseline` leaves out what is gone")?;
    }
    if out_of_sight > 0 {
        let what = plural(out_of_sight, "suppression");
        let why = "this run looked at nothing of that name";
        writeln!(console.err, "note: {what} of the settings could not be checked: {why}")?;
    }
    let Some(format) = on_terminal.filter(|_| report.counts.designs + report.counts.configs > 0) else {
        return Ok(());
    };
    let Counts { designs, configs, suppressed, .. } = report.counts;
    let read = match (designs, configs) {
        (_, 0) => plural(designs, "design"),
        (0, _) => plural(configs, "config"),
        _ => format!("{}, {}", plural(designs, "design"), plural(configs, "config")),
    };
    let mut beside = String::new();
    if suppressed > 0 {
        beside.push_str(&format!(", {suppressed} suppressed"));
    }
    let unchanged = report.findings.len() - report.current().count();
    if unchanged > 0 {
        beside.push_str(&format!(", {unchanged} in the baseline"));
    }
    if args.write_baseline {
        writeln!(console.err, "the baseline knows {}", plural(known, "finding"))?;
    }
    let current: Vec<&Diagnostic> = report.current().collect();
    writeln!(console.err, "{} in {read}{beside}", report::totals(current.iter().copied()))?;
    if format == Format::Full && !current.is_empty() && !args.statistics {
        writeln!(console.err, "`nlbswitch explain CODE` says more about a finding")?;
    }
    Ok(())
}
