//! Every command in the documentation runs and prints what the page says.
//!
//! A `console` block holds commands (`$ nlbswitch …`) and what they print; `...` alone on a line stands for any lines. A
//! line `[exit 1]` behind the output states the exit code; 0 when there is none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

struct Step {
    place: String,
    command: String,
    printed: Vec<String>,
    exit: i32,
}

/// Commands that set the project up: `.ci/run` and the README's reader run them, this test is run by them.
fn is_setup(command: &str) -> bool {
    command.starts_with("cargo ") || command.starts_with("git clone")
}

fn steps(page: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(page).expect("a page");
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step {
                    place: format!("{}:{}", page.display(), number + 1),
                    command: command.to_owned(),
                    printed: Vec::new(),
                    exit: 0,
                }),
                (None, Some(step)) => {
                    match line.strip_prefix("[exit ").and_then(|rest| rest.strip_suffix(']')) {
                        Some(code) => step.exit = code.parse().expect("an exit code"),
                        None => step.printed.push(line.to_owned()),
                    }
                }
                (None, None) => panic!("{}:{}: output without a command", page.display(), number + 1),
            }
        }
    }
    steps
}

/// Whether `printed` is `expected`, where `...` stands for any lines.
fn fits(expected: &[String], printed: &[&str]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "..." => (0..=printed.len()).any(|skip| fits(rest, &printed[skip..])),
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, more)| line.trim_end() == first.trim_end() && fits(rest, more)),
    }
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn every_command_in_the_documentation_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for entry in std::fs::read_dir(root.join("docs")).expect("the docs") {
        let path = entry.expect("a page").path();
        if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    let binary = Path::new(env!("CARGO_BIN_EXE_nlbswitch"));
    let path =
        format!("{}:{}", binary.parent().expect("a directory").display(), std::env::var("PATH").unwrap());
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages {
        // A page's commands share one directory that holds the shipped examples, as a fresh clone does.
        let directory = tempfile::tempdir().expect("a directory");
        copy_tree(&root.join("fixtures"), &directory.path().join("fixtures"));
        for step in steps(&page) {
            if is_setup(&step.command) {
                continue;
            }
            count += 1;
            let run = Command::new("sh")
                .args(["-c", &step.command])
                .current_dir(directory.path())
                .env("PATH", &path)
                .env("NO_COLOR", "1")
                .output()
                .expect("a shell");
            let printed =
                String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
            let lines: Vec<&str> = printed.lines().collect();
            if run.status.code() != Some(step.exit) {
                wrong.push(format!(
                    "{}: `{}` gave {:?}:\n{printed}",
                    step.place,
                    step.command,
                    run.status.code()
                ));
            } else if !step.printed.is_empty() && !fits(&step.printed, &lines) {
                wrong.push(format!("{}: `{}` printed:\n{printed}", step.place, step.command));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 8, "the documentation shows {count} commands");
}
