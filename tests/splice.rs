//! How right the rules about configs are: lines about NLB, right ones and wrong ones, spliced into configs without any.
//!
//! The truth is known by construction: `fixtures/splice/` says of each line what must be told of it. The bases are the whole
//! configs of the corpus where it is at hand, and the project's own fixtures.
//!
//! Every case is tried in some bases and every base with some cases; `NLBSWITCH_SPLICE=all` tries all of them in all, and
//! `NLBSWITCH_SPLICE=own` leaves the corpus out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "splice/bases.rs"]
mod bases;
#[path = "splice/cases.rs"]
mod cases;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use nlbswitch::config::Glancer;
use nlbswitch::design::{self, Design, Loaded};
use nlbswitch::diagnostic::{Diagnostic, Severity};
use nlbswitch::lint::{self, Candidate, Found, Given, Inputs, Origin, Scope, judge, lint_inputs};
use nlbswitch::plan::plan;
use nlbswitch::source::{FileId, Sources};
use nlbswitch::vendor::{Pack, Packs, bind};
use rayon::prelude::*;

use bases::{Base, bases};
use cases::{Case, Filled, Marked, cases};
use support::packs::splices;

/// How many bases a case is tried in, about, where not all are asked for.
const BASES_PER_CASE: usize = 24;

/// Rules about configs that no spliced line can be about, and why.
const OTHER_WAYS: &[(u16, &str)] = &[
    (902, "it is about whole files: tests/dialects.rs"),
    (903, "it is about suppressions: tests/settings.rs"),
    (904, "it is about files that are not there"),
    (906, "it is about whole files beside what a design says of them: src/lint/input.rs"),
];

/// A finding, or one that there must be: the file, the line, the rule and the severity.
type Told = (&'static str, usize, u16, Severity);

const BASE: &str = "base.cfg";
const PARTNER: &str = "partner.cfg";
const DESIGN: &str = "design.yaml";

struct Trial<'t> {
    base: &'t Base,
    case: &'t Case,
}

/// What came of a trial.
struct Result {
    expected: Vec<Told>,
    found: Vec<Told>,
    /// For people: the findings in words.
    shown: Vec<String>,
}

impl Trial<'_> {
    fn run(&self, packs: &Packs, seed: usize) -> Result {
        let Filled { spliced, partner, design } = self.case.fill(&self.base.site, self.base.pack.mac);
        let at = self.base.gaps[seed % self.base.gaps.len()];
        let (before, after) = self.base.text.split_at(at);
        let end = self.base.line_end();
        let text = format!("{before}{}{end}{after}", spliced.lines.join(end));
        let counted = if self.base.text.contains('\n') { '\n' } else { '\r' };
        let offset = before.matches(counted).count();
        let mut expected: Vec<Told> = Vec::new();
        let mut expect = |file, offset, marked: &Marked| {
            let marks = marked.marks.iter();
            expected.extend(marks.map(|(line, code, severity)| (file, line + offset, *code, *severity)));
        };
        expect(BASE, offset, &spliced);
        let mut configs = vec![(BASE, text)];
        if let Some(partner) = &partner {
            expect(PARTNER, 0, partner);
            configs.push((PARTNER, partner.lines.join("\n") + "\n"));
        }
        if let Some(design) = &design {
            expect(DESIGN, 0, design);
        }
        let mut sources = Sources::new();
        let design = design.map(|design| design.lines.join("\n") + "\n");
        let findings = findings(&self.base.pack, configs, design, packs, &mut sources);
        let (mut found, mut shown): (Vec<Told>, Vec<String>) = (Vec::new(), Vec::new());
        for finding in &findings {
            let at = finding.span.map(|span| sources.locate(span));
            let (path, line) = at.map_or((String::new(), 0), |at| (at.path, at.line));
            let file = [BASE, PARTNER, DESIGN].into_iter().find(|file| *file == path).unwrap_or("nowhere");
            found.push((file, line, finding.code.0, finding.severity));
            shown.push(format!("{path}:{line}: {} {}: {}", finding.code, finding.severity, finding.message));
        }
        Result { expected, found, shown }
    }
}

/// What the rules tell of these configs, of which a design may speak.
fn findings(
    pack: &Arc<Pack>,
    configs: Vec<(&'static str, String)>,
    design: Option<String>,
    packs: &Packs,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let Some(design) = design else {
        // As in a directory: what a glance sees nothing in is not read.
        let glancer = Glancer::of_one(pack);
        let candidates = configs.into_iter().map(|(name, text)| {
            let may_speak_of_nlb = glancer.glance(&text).may_speak_of_nlb;
            let mut candidate = Candidate::from_text(name, text, Arc::clone(pack));
            candidate.may_speak_of_nlb = may_speak_of_nlb;
            candidate
        });
        let inputs = Inputs { configs: candidates.collect(), ..Inputs::default() };
        return lint_inputs(inputs, Path::new(""), packs, sources).unwrap().findings;
    };
    let Loaded { design, mut problems, base, files }: Loaded = design::load_text(DESIGN, &design, sources);
    let design: Design = design;
    let bound = bind(&design, packs, &mut problems).unwrap();
    let plan = plan(&bound);
    let origin = Origin { files: &files, base: &base, working_directory: Path::new("") };
    let given = configs.into_iter().enumerate().map(|(switch, (name, text))| {
        let file: FileId = sources.add_config(name, text);
        Given { file, pack: Arc::clone(pack), switch: Some(switch), name: name.to_owned() }
    });
    let given = given.collect();
    judge(&bound, &plan, origin, problems, Found { given, ..Found::default() }, sources).findings
}

/// What a rule was measured at.
#[derive(Default, Clone, Copy)]
struct Score {
    spliced: usize,
    found: usize,
    missed: usize,
    extra: usize,
}

/// How many of each item there are more in `these` than in `those`.
fn more(these: &[Told], those: &[Told]) -> Vec<Told> {
    let mut left: BTreeMap<Told, usize> = BTreeMap::new();
    those.iter().for_each(|told| *left.entry(*told).or_default() += 1);
    let unmatched = these.iter().filter(|told| match left.get_mut(told) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    unmatched.copied().collect()
}

#[test]
fn spliced_lines_are_told_as_what_they_are_and_no_others() {
    let packs = Packs::embedded();
    let asked = std::env::var("NLBSWITCH_SPLICE").unwrap_or_default();
    let every = asked == "all";
    let bases = bases(&packs, asked != "own");
    let texts = splices();
    let all: BTreeMap<&str, Vec<Case>> =
        texts.iter().map(|(pack, text)| (pack.as_str(), cases(text))).collect();
    let mut trials = Vec::new();
    println!("{:<24}{:>6}{:>7}{:>8}", "dialect", "bases", "cases", "trials");
    for (dialect, cases) in &all {
        let own: Vec<&Base> = bases.iter().filter(|base| base.pack.name() == *dialect).collect();
        assert!(own.len() >= 2, "{dialect}: {} bases", own.len());
        let stride = if every { 1 } else { (own.len() / BASES_PER_CASE).max(1) };
        let before = trials.len();
        for (at, base) in own.iter().enumerate() {
            let its = cases.iter().enumerate();
            let its = its.filter(|(number, case)| (at + number) % stride == 0 && case.fits(&base.text));
            trials.extend(its.map(|(number, case)| (at * 7 + number * 5, Trial { base, case })));
        }
        println!("{dialect:<24}{:>6}{:>7}{:>8}", own.len(), cases.len(), trials.len() - before);
    }
    for (dialect, cases) in &all {
        let is_tried = |case: &&Case| trials.iter().any(|(_, trial)| std::ptr::eq(trial.case, *case));
        let untried: Vec<&str> =
            cases.iter().filter(|case| !is_tried(case)).map(|case| case.title.as_str()).collect();
        assert!(untried.is_empty(), "{dialect}: no base for {untried:?}");
    }
    let results: Vec<Result> = trials.par_iter().map(|(seed, trial)| trial.run(&packs, *seed)).collect();

    let mut scores: BTreeMap<u16, Score> = BTreeMap::new();
    let mut wrong: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for ((_, Trial { base, case }), result) in trials.iter().zip(&results) {
        let missed = more(&result.expected, &result.found);
        let extra = more(&result.found, &result.expected);
        for (_, _, code, _) in &result.expected {
            scores.entry(*code).or_default().spliced += 1;
        }
        for (_, _, code, _) in &missed {
            scores.entry(*code).or_default().missed += 1;
        }
        for (_, _, code, _) in &extra {
            scores.entry(*code).or_default().extra += 1;
        }
        if !missed.is_empty() || !extra.is_empty() {
            let told = format!("{}: missed {missed:?}, extra {extra:?}; {:#?}", base.name, result.shown);
            wrong.entry((base.pack.name(), &case.title)).or_default().push(told);
        }
    }
    println!(
        "\n{:<34}{:>8}{:>8}{:>8}{:>8}{:>11}{:>8}",
        "rule", "spliced", "found", "missed", "extra", "precision", "recall"
    );
    for (code, score) in &mut scores {
        score.found = score.spliced - score.missed;
        let share = |of: usize| if of == 0 { 100.0 } else { score.found as f64 * 100.0 / of as f64 };
        let name = lint::rule(&code.to_string()).map_or("", |rule| rule.name);
        println!(
            "NLB{code:<4}{name:<27}{:>8}{:>8}{:>8}{:>8}{:>10.1}%{:>7.1}%",
            score.spliced,
            score.found,
            score.missed,
            score.extra,
            share(score.found + score.extra),
            share(score.spliced)
        );
    }
    let shown: Vec<String> = wrong
        .iter()
        .map(|((dialect, case), told)| {
            format!("{dialect}: {case}: in {} bases, as in {}", told.len(), told[0])
        })
        .collect();
    assert!(wrong.is_empty(), "{}", shown.join("\n"));
}

/// The rules that look at configs and that some case is about.
#[test]
fn every_rule_about_configs_has_a_case() {
    let spliced: BTreeSet<u16> =
        splices().values().flat_map(|text| cases(text)).flat_map(|case| case.codes()).collect();
    let about_configs = lint::rules().filter(|rule| rule.scope != Scope::Design);
    let missing: Vec<String> = about_configs
        .map(|rule| rule.code.0)
        .filter(|code| !spliced.contains(code) && OTHER_WAYS.iter().all(|(other, _)| other != code))
        .map(|code| format!("NLB{code}"))
        .collect();
    assert!(missing.is_empty(), "no line is spliced for {missing:?}");
    for (code, why) in OTHER_WAYS {
        assert!(!spliced.contains(code), "NLB{code} has a case, and the list says: {why}");
    }
}
