//! Rooms import only downwards: each one from those above it in the list of `src/lib.rs`, and never in a circle.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

/// The rooms, in the order of the list.
fn rooms() -> Vec<String> {
    let library = std::fs::read_to_string(support::repository("src/lib.rs")).unwrap();
    let rooms = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    rooms.map(str::to_owned).collect()
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The code of a file, comments blanked out.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find("//") {
        // `//` in a string is a URL.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names behind `crate::`, with the lines they are named in.
fn imports(text: &str) -> Vec<(usize, String)> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let code = code(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push((line, word(rest))),
            // `use crate::{a::B, c}`: the names at the outer level.
            Some(list) => {
                let mut depth = 0;
                let mut start = 0;
                for (offset, character) in list.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth > 0 => depth -= 1,
                        ',' | '}' if depth == 0 => {
                            found.push((line, word(&list[start..offset])));
                            start = offset + 1;
                            if character == '}' {
                                break;
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found.retain(|(_, room)| !room.is_empty());
    found
}

#[test]
fn rooms_import_only_downwards() {
    let rooms = rooms();
    assert!(rooms.len() > 10, "the list in src/lib.rs was found: {rooms:?}");
    let rank = |name: &str| rooms.iter().position(|room| room == name);
    let source = support::repository("src");
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let mut wrong = Vec::new();
    let mut edges = 0;
    for path in &paths {
        let shown = path.strip_prefix(&source).unwrap();
        let first = shown.components().next().unwrap().as_os_str().to_str().unwrap();
        let room = first.trim_end_matches(".rs");
        if ["lib", "main"].contains(&room) {
            continue;
        }
        let Some(own) = rank(room) else {
            wrong
                .push(format!("src/{}: the room `{room}` is not in the list of src/lib.rs", shown.display()));
            continue;
        };
        let text = std::fs::read_to_string(path).unwrap();
        for (line, import) in imports(&text) {
            let place = format!("src/{}:{line}", shown.display());
            match rank(&import) {
                Some(other) if other <= own => edges += 1,
                Some(_) => {
                    let said = text.lines().nth(line - 1).unwrap_or_default().trim();
                    wrong.push(format!("{place}: `{room}` imports from `{import}` below it: {said}"));
                }
                None => wrong.push(format!("{place}: `crate::{import}` is no room of src/lib.rs")),
            }
        }
    }
    assert!(edges > 50, "the imports were found: {edges}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_imports_of_a_file_are_found() {
    let text = "use crate::net::mac;\n// crate::cli is only named here\nuse crate::{\n    design::{self, Node},\n    plan,\n};\nlet x = crate::source::Span;\nlet u = \"https://crate::x\";";
    let names: Vec<String> = imports(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
    assert_eq!(names, ["1 net", "3 design", "3 plan", "7 source", "8 x"]);
}
