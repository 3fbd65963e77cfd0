//! `lint --coverage`: how much of each config is understood, and with what the unknown lines begin.

use std::collections::{BTreeMap, BTreeSet};

use super::LintArgs;
use super::decisions::Decisions;
use crate::cli::{CLEAN, Console, FAILED, NOTHING};
use crate::config::Ledger;
use crate::lint::{self, CoverageOfRun};
use crate::source::Sources;

/// Beginnings of unknown lines that are shown of each dialect.
const MOST_SHOWN: usize = 15;

pub(super) fn run(
    args: &LintArgs,
    decisions: &Decisions,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<u8> {
    let inputs = super::gather(args, decisions, console)?;
    let all = lint::coverage_of(inputs, &console.working_directory, &decisions.packs, sources)?;
    for input in &all.unreadable {
        writeln!(console.err, "error: {}", input.message)?;
    }
    for (path, title) in &all.foreign {
        writeln!(console.err, "note: {path} was not read: it seems to be {title}")?;
    }
    if all.files.is_empty() {
        writeln!(console.err, "error: nothing here is a switch config that a pack can read")?;
        return Ok(if all.unreadable.is_empty() { NOTHING } else { FAILED });
    }
    table(&all, console)?;
    beginnings(&all, console)?;
    doubts(&all, console)?;
    Ok(if all.unreadable.is_empty() { CLEAN } else { FAILED })
}

/// A row for each file, for each dialect where there are several, and for all of them.
fn table(all: &CoverageOfRun, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut by_pack: BTreeMap<&str, (usize, Ledger)> = BTreeMap::new();
    let mut total = Ledger::default();
    for file in &all.files {
        let (files, ledger) = by_pack.entry(&file.pack).or_default();
        *files += 1;
        *ledger += file.ledger;
        total += file.ledger;
    }
    let several = by_pack.len() > 1;
    writeln!(console.out, "{:>10}  {:>10}  {:>14}  {:>9}", "understood", "irrelevant", "unknown", "lines")?;
    for file in &all.files {
        row(file.ledger, &format!("{} ({})", file.shown, file.pack), console)?;
    }
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    for (pack, (count, ledger)) in by_pack.iter().filter(|_| several) {
        row(*ledger, &format!("all of {pack}: {}", files(*count)), console)?;
    }
    if all.files.len() > 1 {
        row(total, &format!("in total: {}", files(all.files.len())), console)?;
    }
    Ok(())
}

fn row(ledger: Ledger, what: &str, console: &mut Console<'_>) -> anyhow::Result<()> {
    let Ledger { understood, unrelated, unknown, .. } = ledger;
    let lines = understood + unrelated + unknown;
    let share = format!("{unknown} ({:3} %)", (unknown * 100).div_ceil(lines.max(1)));
    Ok(writeln!(console.out, "{understood:>10}  {unrelated:>10}  {share:>14}  {lines:>9}  {what}")?)
}

/// What the unknown lines of each dialect most often begin with.
fn beginnings(all: &CoverageOfRun, console: &mut Console<'_>) -> anyhow::Result<()> {
    let packs: BTreeSet<&str> = all.unknown.keys().map(|(pack, _)| pack.as_str()).collect();
    for pack in packs {
        let mut found: Vec<_> = all.unknown.iter().filter(|((of, _), _)| of == pack).collect();
        found.sort_by_key(|(_, count)| std::cmp::Reverse(**count)); // stable: the words stay in order
        writeln!(console.out, "\nwhat unknown lines of {pack} begin with:")?;
        for ((_, words), count) in found.iter().take(MOST_SHOWN) {
            writeln!(console.out, "{count:>10}  {words}")?;
        }
        if found.len() > MOST_SHOWN {
            let rest: usize = found[MOST_SHOWN..].iter().map(|(_, count)| **count).sum();
            writeln!(console.out, "{rest:>10}  {} other beginnings", found.len() - MOST_SHOWN)?;
        }
    }
    Ok(())
}

/// Every line that begins like one about NLB and is not understood.
fn doubts(all: &CoverageOfRun, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut lines =
        all.files.iter().flat_map(|file| file.doubtful.iter().map(move |doubt| (file, doubt))).peekable();
    if lines.peek().is_some() {
        writeln!(console.out, "\nlines that begin like lines about NLB and are not understood:")?;
    }
    for (file, (line, text)) in lines {
        writeln!(console.out, "{}:{line}: {text}", file.shown)?;
    }
    Ok(console.out.flush()?)
}
