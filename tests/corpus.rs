//! Real configs of every dialect, where the corpus is at hand: each is linted by itself, and all of them in one run. They
//! hold no NLB lines, so nothing may be wrong with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nlbswitch::config::{self, Detection, Glancer, Ledger, detect};
use nlbswitch::diagnostic::Severity;
use nlbswitch::lint::{self, Candidate, Inputs, gather, lint_inputs};
use nlbswitch::report::{Format, Report, render};
use nlbswitch::source::{Sources, decode_config};
use nlbswitch::vendor::Packs;
use rayon::prelude::*;

/// A file of the corpus: its label, its kind, its path below the corpus.
struct Labelled {
    label: String,
    kind: String,
    file: String,
}

fn corpus() -> Option<(PathBuf, Vec<Labelled>)> {
    let corpus = support::repository("../shared/corpus");
    let Ok(manifest) = std::fs::read_to_string(corpus.join("manifest.tsv")) else {
        println!("the corpus is not at hand: nothing is tried");
        return None;
    };
    let files = manifest.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        Labelled { label: fields[0].to_owned(), kind: fields[3].to_owned(), file: fields[1].to_owned() }
    });
    Some((corpus, files.collect()))
}

/// What came of one file.
struct Read {
    dialect: String,
    speaks: bool,
    ledger: Ledger,
    findings: Vec<String>,
    took: Duration,
}

/// Reads and lints a file by itself, whether a glance sees something in it or not.
fn alone(packs: &Packs, path: &Path) -> Read {
    let begun = Instant::now();
    let (text, _) = decode_config(std::fs::read(path).unwrap());
    let nothing = |dialect: String| Read {
        dialect,
        speaks: false,
        ledger: Ledger::default(),
        findings: Vec::new(),
        took: begun.elapsed(),
    };
    let pack = match detect(packs.clues().unwrap(), &text) {
        Detection::Dialect { pack, .. } => pack,
        Detection::Foreign { .. } => return nothing("of others".to_owned()),
        Detection::Unclear { .. } => return nothing("unclear".to_owned()),
        Detection::NotAConfig => return nothing("none".to_owned()),
    };
    let speaks = Glancer::of_one(&pack).glance(&text).may_speak_of_nlb;
    let ledger = config::read(&pack, &text).ledger;
    let configs = vec![Candidate::from_text("sw1.cfg", text, pack.clone())];
    let mut sources = Sources::new();
    let inputs = Inputs { configs, ..Inputs::default() };
    let outcome = lint_inputs(inputs, Path::new(""), packs, &mut sources).unwrap();
    let shown = outcome.findings.iter().map(|finding| format!("{} {}", finding.code, finding.message));
    Read { dialect: pack.name().to_owned(), speaks, ledger, findings: shown.collect(), took: begun.elapsed() }
}

#[test]
fn nothing_is_wrong_with_configs_that_hold_no_nlb_line() {
    let Some((corpus, files)) = corpus() else { return };
    let packs = Packs::embedded();
    let read: Vec<Read> = files.par_iter().map(|one| alone(&packs, &corpus.join(&one.file))).collect();
    let mut table: BTreeMap<(&str, &str), (usize, usize, usize, Ledger)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (one, read) in files.iter().zip(&read) {
        let row = table.entry((&one.label, &read.dialect)).or_default();
        row.0 += 1;
        row.1 += usize::from(read.speaks);
        row.2 += read.findings.len();
        row.3 += read.ledger;
        wrong.extend(read.findings.iter().map(|finding| format!("{} ({}): {finding}", one.file, one.kind)));
    }
    println!(
        "{:<18}{:<24}{:>6}{:>8}{:>10}{:>12}{:>11}{:>9}",
        "label", "read as", "files", "speaks", "findings", "understood", "unrelated", "unknown"
    );
    for ((label, dialect), (count, speaks, findings, ledger)) in &table {
        let Ledger { understood, unrelated, unknown, .. } = ledger;
        println!(
            "{label:<18}{dialect:<24}{count:>6}{speaks:>8}{findings:>10}{understood:>12}{unrelated:>11}{unknown:>9}"
        );
    }
    let slowest = files.iter().zip(&read).max_by_key(|(_, read)| read.took).unwrap();
    println!("the slowest: {} in {:?}", slowest.0.file, slowest.1.took);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_run_over_everything_reads_everything_and_finds_no_error() {
    let Some((corpus, files)) = corpus() else { return };
    let packs = Packs::embedded();
    let taking = lint::Taking {
        working_directory: &corpus,
        dialect: None,
        dialect_of: &|_| None,
        excluded: &|path| path.extension().is_some_and(|ending| ending == "md" || ending == "tsv"),
        progress: &|_, _| {},
    };
    let inputs = gather(std::slice::from_ref(&corpus), &packs, &taking).unwrap();
    let seen = inputs.configs.len() + inputs.foreign.len() + inputs.skipped;
    println!(
        "{} configs, {} foreign, {} skipped",
        inputs.configs.len(),
        inputs.foreign.len(),
        inputs.skipped
    );
    assert_eq!((seen, inputs.unreadable.len()), (files.len(), 0));
    let mut sources = Sources::new();
    let outcome = lint_inputs(inputs, &corpus, &packs, &mut sources).unwrap();
    let mut counts: BTreeMap<(u16, Severity), usize> = BTreeMap::new();
    for finding in &outcome.findings {
        *counts.entry((finding.code.0, finding.severity)).or_default() += 1;
    }
    println!("{counts:?}");
    // What nobody reads is said (NLB902), and so is a name that two files claim (NLB905); there is nothing else to say.
    assert!(counts.keys().all(|(code, _)| [902, 905].contains(code)), "{counts:?}");
    assert!(outcome.findings.iter().all(|finding| finding.severity < Severity::Error));
    for format in Format::ALL {
        assert!(!render(format, &Report::new(&outcome.findings, &sources), false).is_empty(), "{format}");
    }
}
