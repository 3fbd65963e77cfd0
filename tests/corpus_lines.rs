//! Lines and blocks of real configs, where the corpus is at hand: what a second, simpler reading of the same files says
//! about banners, certificates and interfaces holds in the tree as well.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use nlbswitch::config::lines::{Line, Tree, tree};
use nlbswitch::source::decode_config;
use nlbswitch::vendor::{BlockStyle, Pack, Packs};

/// A dialect's folder, its pack, and the least and the most share of lines that stand in a block, in per cent.
const DIALECTS: &[(&str, &str, usize, usize)] = &[
    ("cisco-ios", "cisco-ios", 30, 90),
    ("nxos", "cisco-nxos", 30, 90),
    ("eos", "arista-eos", 40, 95),
    ("force10", "dell-force10", 30, 95),
    ("powerconnect", "dell-powerconnect-5400", 40, 95),
];

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    corpus.is_dir().then_some(corpus)
}

/// The numbers of the lines within banners, EOS comments and the like.
fn in_banners(text: &str) -> HashSet<usize> {
    let mut found = HashSet::new();
    let mut until: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        if let Some(end) = &until {
            found.insert(number);
            let is_end = if end == "EOF" { line.trim() == "EOF" } else { line.contains(end.as_str()) };
            if is_end {
                until = None;
            }
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let rest = match words.as_slice() {
            ["comment"] | ["banner", "login" | "motd" | "exec"] => {
                until = Some("EOF".to_owned());
                continue;
            }
            ["banner", "login" | "motd" | "exec" | "incoming", _, ..] => {
                line.trim().splitn(3, ' ').nth(2).unwrap().trim()
            }
            ["aaa", "authentication", "banner", _, ..] => line.trim().splitn(4, ' ').nth(3).unwrap(),
            _ => continue,
        };
        let delimiter = if rest.starts_with("^C") { "^C" } else { &rest[..1] };
        if !rest[delimiter.len()..].contains(delimiter) {
            until = Some(delimiter.to_owned());
        }
    }
    // What has no end is read as it can be, and nothing is known about it here.
    if until.is_some() { HashSet::new() } else { found }
}

/// Pairs of line numbers: a line of an interface's block, and the line that opened it.
fn in_interfaces(pack: &Pack, text: &str, banners: &HashSet<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open = None;
    for (number, line) in text.lines().enumerate() {
        if banners.contains(&number) || line.trim().is_empty() || line.trim_start().starts_with('!') {
            continue;
        }
        let opens = line.starts_with("interface ");
        let continues = match pack.blocks {
            BlockStyle::Indent => line.starts_with([' ', '\t']),
            BlockStyle::Exit => !opens && line.trim() != "exit",
        };
        match open {
            _ if opens => open = Some(number),
            Some(opener) if continues && line.trim() != "exit" => found.push((number, opener)),
            _ => open = None,
        }
    }
    found
}

fn outermost<'t, 'l>(tree: &'l Tree<'t>, line: &'l Line<'t>) -> &'l Line<'t> {
    std::iter::successors(Some(line), |line| tree.parent(line)).last().unwrap()
}

fn is_hex_dump(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.clone().count() >= 2
        && words.all(|word| word.len() == 8 && word.chars().all(|c| c.is_ascii_hexdigit()))
}

#[derive(Default)]
struct Counts {
    files: usize,
    lines: usize,
    in_blocks: usize,
    passed_over: usize,
    banner_lines: usize,
    interface_lines: usize,
}

fn check(pack: &Pack, path: &Path, counts: &mut Counts) {
    let (text, _) = decode_config(fs::read(path).unwrap());
    let tree = tree(pack, &text);
    let name = path.display();
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let number = |line: &Line<'_>| starts.partition_point(|start| *start <= line.range.start) - 1;
    let banners = in_banners(&text);
    let mut by_number = std::collections::HashMap::new();
    for line in &tree.lines {
        assert!(!banners.contains(&number(line)), "{name}: `{}` stands in a banner", line.text);
        assert!(!is_hex_dump(&line.text), "{name}: `{}` stands in a certificate", line.text);
        assert!(!line.text.starts_with('!'), "{name}: `{}` is a comment", line.text);
        by_number.insert(number(line), line);
    }
    let interfaces = in_interfaces(pack, &text, &banners);
    for (number, opener) in &interfaces {
        let Some(line) = by_number.get(number) else { continue };
        let top = outermost(&tree, line);
        assert_eq!(Some(&top), by_number.get(opener), "{name}:{}: `{}`", number + 1, line.text);
    }
    counts.files += 1;
    counts.lines += tree.lines.len();
    counts.in_blocks += tree.lines.iter().filter(|line| line.parent.is_some()).count();
    counts.passed_over += tree.passed_over;
    counts.banner_lines += banners.len();
    counts.interface_lines += interfaces.len();
}

#[test]
fn real_configs_have_the_blocks_a_simple_reading_sees() {
    let Some(corpus) = corpus() else { return };
    let packs = Packs::embedded();
    println!(
        "{:<14}{:>7}{:>9}{:>11}{:>13}{:>9}{:>12}",
        "dialect", "files", "lines", "in blocks", "passed over", "banner", "interface"
    );
    for (dialect, pack, least, most) in DIALECTS {
        let Some(pack) = packs.get(pack).unwrap() else { continue };
        let mut counts = Counts::default();
        let mut files: Vec<PathBuf> =
            fs::read_dir(corpus.join(dialect)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().for_each(|file| check(&pack, file, &mut counts));
        let share = counts.in_blocks * 100 / counts.lines;
        let Counts { files, lines, passed_over, banner_lines, interface_lines, .. } = counts;
        println!(
            "{dialect:<14}{files:>7}{lines:>9}{share:>10}%{passed_over:>13}{banner_lines:>9}{interface_lines:>12}"
        );
        assert!((*least..=*most).contains(&share), "{dialect}: {share} % of its lines stand in a block");
    }
}

#[test]
fn every_file_of_every_dialect_has_lines_in_every_pack() {
    let Some(corpus) = corpus() else { return };
    let packs = Packs::embedded().all().unwrap();
    let mut files = 0;
    for folder in
        fs::read_dir(corpus).unwrap().map(|folder| folder.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in fs::read_dir(folder).unwrap() {
            let (text, _) = decode_config(fs::read(file.unwrap().path()).unwrap());
            files += 1;
            for pack in &packs {
                for line in &tree(pack, &text).lines {
                    assert!(text.get(line.range.clone()).is_some_and(|slice| !slice.is_empty()));
                }
            }
        }
    }
    assert!(files > 1000, "{files} files");
}
