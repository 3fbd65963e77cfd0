//! The pages of the rules are complete, and their examples do what they say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::Path;

use nlbswitch::diagnostic::Remediation;
use nlbswitch::lint::{self, Example, ExampleConfig, Page, Scope};
use nlbswitch::source::Sources;
use nlbswitch::vendor::Packs;

/// What is found in an example: in words, and the lines that mend it.
fn findings(example: &Example<'_>) -> Vec<(String, Option<Remediation>)> {
    let directory = tempfile::tempdir().expect("a directory");
    let files = example.configs.iter().map(|config| (config.path, config.text));
    for (path, text) in files.chain(example.design.map(|design| ("design.yaml", design))) {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("directories");
        std::fs::write(path, text).expect("a file");
    }
    let packs = Packs::embedded();
    let pack_of = |path: &Path| {
        let config = example.configs.iter().find(|config| path.ends_with(config.path))?;
        packs.get(config.pack?).expect("a whole pack")
    };
    let taking = lint::Taking {
        working_directory: directory.path(),
        dialect: None,
        dialect_of: &pack_of,
        excluded: &|_| false,
        progress: &|_, _| {},
    };
    let inputs = lint::gather(&[directory.path().to_owned()], &packs, &taking).expect("inputs");
    let mut sources = Sources::new();
    let outcome = lint::lint_inputs(inputs, directory.path(), &packs, &mut sources).expect("an outcome");
    assert!(outcome.unreadable.is_empty(), "{:?}", outcome.unreadable);
    let shown = outcome.findings.iter().map(|finding| {
        let line = finding.span.map_or(0, |span| sources.locate(span).line);
        (format!("{} line {line}: {}", finding.code, finding.message), finding.remediation.clone())
    });
    shown.collect()
}

#[test]
fn every_page_is_complete_and_its_examples_run() {
    let mut wrong = Vec::new();
    for rule in lint::rules() {
        let page = Page::new(rule.page);
        let code = rule.code.to_string();
        if page.title != format!("{code} {}", rule.name) {
            wrong.push(format!("{code}: the title is `{}`", page.title));
        }
        let headings: Vec<&str> = page.sections.iter().map(|(heading, _)| *heading).collect();
        if headings != lint::HEADINGS
            || page.sections.iter().any(|(_, text)| text.is_empty())
            || page.summary.is_empty()
        {
            wrong.push(format!("{code}: the headings are {headings:?}"));
            continue;
        }
        let bad = findings(&page.example("Bad").unwrap_or_else(|| panic!("{code} has a bad example")));
        if bad.is_empty() || bad.iter().any(|(finding, _)| !finding.starts_with(&code)) {
            wrong.push(format!("{code}: the bad example gives {bad:#?}"));
        }
        let good = findings(&page.example("Good").unwrap_or_else(|| panic!("{code} has a good example")));
        if !good.is_empty() {
            wrong.push(format!("{code}: the good example gives {good:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_registry_has_each_code_once_and_every_page_has_its_rule() {
    let rules: Vec<_> = lint::rules().collect();
    let codes: BTreeSet<_> = rules.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<_> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!((codes.len(), names.len()), (rules.len(), rules.len()));
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in std::fs::read_dir(pages).expect("the pages") {
        let name = entry.expect("a page").file_name().into_string().expect("a name");
        let code = name.trim_end_matches(".md");
        assert!(lint::rule(code).is_some(), "{name} has no rule");
    }
}

/// The rules about configs whose findings no line of one device can cure, and why.
const WITHOUT_LINES: &[(u16, &str)] = &[
    (109, "a cluster gets another address: that is done on its nodes"),
    (110, "a cluster gets another address: that is done on its nodes"),
    (114, "which address is free no config tells"),
    (405, "which ports lead to the nodes no config tells"),
    (406, "which cluster moves to which other gateway nobody can say"),
    (702, "the release is too old"),
    (704, "a unicast cluster that needs the flood shows in no line"),
];

#[test]
fn every_finding_about_a_config_says_what_to_type_or_why_nothing_helps() {
    let mut wrong = Vec::new();
    let families = [1, 4, 6, 7];
    let about_configs =
        lint::rules().filter(|rule| rule.scope != Scope::Design && families.contains(&(rule.code.0 / 100)));
    for rule in about_configs {
        let example =
            Page::new(rule.page).example("Bad").unwrap_or_else(|| panic!("{} has a bad example", rule.code));
        let cured = findings(&example).iter().any(|(_, lines)| lines.is_some());
        let excused = WITHOUT_LINES.iter().any(|(code, _)| *code == rule.code.0);
        match (example.configs.is_empty(), cured, excused) {
            (true, ..) => wrong.push(format!("{}: the bad example shows no config", rule.code)),
            (_, false, false) => wrong.push(format!("{}: no lines mend the bad example", rule.code)),
            (_, true, true) => {
                wrong.push(format!("{}: lines mend it, and it is said that none do", rule.code))
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rules whose findings speak of a line that the switch never took: a text keeps it, whatever follows.
const LINE_STAYS: &[u16] = &[116, 706];

#[test]
fn what_is_to_be_typed_mends_the_bad_example() {
    let mut wrong = Vec::new();
    for rule in lint::rules().filter(|rule| rule.scope != Scope::Design) {
        let example =
            Page::new(rule.page).example("Bad").unwrap_or_else(|| panic!("{} has a bad example", rule.code));
        let lines: Vec<Remediation> = findings(&example).into_iter().filter_map(|(_, lines)| lines).collect();
        if lines.is_empty() {
            continue;
        }
        let typed = |config: &ExampleConfig<'_>| {
            let own = lines.iter().filter(|lines| config.path == format!("{}.cfg", lines.switch));
            let typed: Vec<&str> = own.flat_map(|lines| &lines.lines).map(String::as_str).collect();
            format!("{}{}\n", config.text.trim_end_matches("end\n"), typed.join("\n"))
        };
        let texts: Vec<String> = example.configs.iter().map(typed).collect();
        let configs = example.configs.iter().zip(&texts);
        let configs = configs.map(|(config, text)| ExampleConfig { text, ..config.clone() }).collect();
        let mut left = findings(&Example { configs, ..example.clone() });
        // A switch keeps the last of two lines about one address; the text keeps both, and NLB112 tells so.
        left.retain(|(finding, _)| !finding.starts_with("NLB112"));
        if !left.is_empty() && !LINE_STAYS.contains(&rule.code.0) {
            wrong.push(format!("{}: {lines:#?} leaves {left:#?}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
