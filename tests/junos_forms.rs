//! Real configs in braces say the same as the `set` lines that a converter of others makes of them, where the corpus and the
//! converter (`junoscfg`, of PyPI; `JUNOSCFG` names it where it is not on the path) are at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nlbswitch::config::lines::tree;
use nlbswitch::config::read;
use nlbswitch::entry::EntryKind;
use nlbswitch::source::decode_config;
use nlbswitch::vendor::Packs;

use support::repository;

/// How many of the largest configs are converted: each takes the converter seconds.
const FILES: usize = 8;

fn converter() -> String {
    std::env::var("JUNOSCFG").unwrap_or_else(|_| "junoscfg".to_owned())
}

/// Why nothing can be converted here.
fn missing(corpus: &Path) -> Option<String> {
    if !corpus.is_dir() {
        return Some("the corpus is not at hand".to_owned());
    }
    let found = Command::new(converter()).arg("--version").output();
    found.is_err().then(|| format!("`{}` is not installed", converter()))
}

/// The `set` lines of a config in braces; `None` where the converter refuses it.
fn converted(path: &Path) -> Option<String> {
    let run = Command::new(converter())
        .args(["convert", "--no-field-validate", "-i", "structured", "-e", "set"])
        .arg(path)
        .output()
        .unwrap();
    run.status.success().then(|| String::from_utf8(run.stdout).unwrap())
}

#[test]
fn real_configs_in_braces_say_what_their_set_lines_say() {
    let corpus = repository("../shared/corpus/junos");
    if let Some(reason) = missing(&corpus) {
        let line = format!("\nSKIPPED: the two forms of real Junos configs: {reason}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    }
    let pack = Packs::embedded().get("juniper-junos").unwrap().unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(corpus).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort_by_key(|file| (std::cmp::Reverse(std::fs::metadata(file).unwrap().len()), file.clone()));
    let mut compared = 0;
    for path in files {
        let (braces, _) = decode_config(std::fs::read(&path).unwrap());
        // What takes the place of another statement, the converter reads otherwise.
        let Some(set) = converted(&path).filter(|set| !set.is_empty() && !braces.contains("replace:")) else {
            continue;
        };
        let paths = |text: &str| -> BTreeSet<String> {
            tree(&pack, text).lines.iter().map(|line| line.text.to_string()).collect()
        };
        let (own, others) = (paths(&braces), paths(&set));
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
        println!("{}: {} and {} statements", path.display(), own.len(), others.len());
        println!("  only in braces: {:#?}\n  only set: {:#?}", only(&own, &others), only(&others, &own));
        // The converter drops the comments, and one of them tells the model.
        let state = |text: &str| {
            let mut state = read(&pack, text).state(&pack.facts(None));
            state.retain(|entry| entry.kind() != EntryKind::Model);
            state
        };
        assert!(state(&braces) == state(&set), "{}: the forms differ", path.display());
        compared += 1;
        if compared == FILES {
            return;
        }
    }
    assert!(compared > 0, "the converter took none of the corpus");
}
