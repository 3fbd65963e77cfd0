//! Configs of bad shapes: whatever stands in the middle, the wrong line behind it is told, on its own line. The same
//! shapes with 100 MB are measured by `benches/sizes.py`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

use nlbswitch::config::read;
use nlbswitch::lint::{Candidate, Inputs, lint_inputs};
use nlbswitch::source::{Sources, decode_config};
use nlbswitch::vendor::Packs;

/// The size of a shape, about, in octets: as much as is quick in a debug build.
const MUCH: usize = 250_000;

/// `block` again and again, up to `size` octets.
fn repeated(block: &str, size: usize) -> String {
    block.repeat(size / block.len())
}

/// Each line a blank deeper than the one before.
fn staircase(size: usize) -> String {
    let mut text = String::new();
    let mut depth = 0;
    while text.len() < size {
        writeln!(text, "{}interface Vlan10", " ".repeat(depth)).unwrap();
        depth += 1;
    }
    text
}

/// What stands before the wrong line.
fn shapes() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("one line", "x".repeat(2 * MUCH) + "\n"),
        ("one line of words", format!("description {}\n", repeated("03bf.0a01.0128 ", 2 * MUCH))),
        ("one entry of a megabyte", format!("arp 10.0.0.1 {}\n", repeated("03bf.0a01.0128 ", MUCH))),
        ("blank lines", "\n".repeat(MUCH)),
        ("comments", repeated("!\n", MUCH)),
        ("a banner", format!("banner motd ^C\n{}^C\n", repeated("keep out\n", MUCH))),
        (
            "a certificate",
            format!(
                "crypto pki certificate chain A\n certificate 01\n{}\tquit\n",
                repeated("  30820241 308201AA\n", MUCH)
            ),
        ),
        ("a banner without an end", format!("banner motd ^C\n{}!\n", repeated("keep out\n", MUCH))),
        ("zeros", "\0".repeat(MUCH) + "\n"),
        ("backspaces", "x\u{8}".repeat(MUCH / 2) + "\n"),
        ("escapes", "\u{1b}[9999999C".repeat(MUCH / 12) + "\n"),
        ("pagers", repeated("--More--\u{8}\u{8}\u{8}   \u{8}\u{8}\u{8} shutdown\n", MUCH / 4)),
        ("prompts", repeated("sw1(config-if)#shutdown\n", MUCH)),
        ("blocks in blocks", staircase(2 * MUCH)),
        ("blocks that stay open", repeated("interface range Gi1/0/1 - 48\n", MUCH / 4)),
        ("impossible ranges", repeated("interface range Gi1/0/1 - 4294967295\n shutdown\n", MUCH)),
        ("wide lists", repeated(" switchport trunk allowed vlan add 1-4094\n", MUCH / 4)),
        ("blanks", format!("hostname x\n{}\n", " \t".repeat(MUCH))),
        ("wide blanks", format!("hostname x\n{}\n", "\u{a0}".repeat(MUCH / 2))),
    ]
}

#[test]
fn a_wrong_line_behind_anything_is_told_where_it_stands() {
    let packs = Packs::embedded();
    let pack = packs.get("cisco-ios").unwrap().unwrap();
    for (shape, before) in shapes() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{before}arp 10.1.1.40 03bf.0a02.0228 ARPA\nend\n").replace('\n', end);
            let expected = text.matches(if end == "\r" { '\r' } else { '\n' }).count() - 1;
            let (text, _) = decode_config(text.into_bytes());
            let configs = vec![Candidate::from_text("sw1.cfg", text, pack.clone())];
            let mut sources = Sources::new();
            let inputs = Inputs { configs, ..Inputs::default() };
            let outcome = lint_inputs(inputs, Path::new(""), &packs, &mut sources).unwrap();
            let found: Vec<(u16, usize)> = outcome
                .findings
                .iter()
                .map(|finding| (finding.code.0, finding.span.map_or(0, |span| sources.locate(span).line)))
                .collect();
            assert!(found.contains(&(101, expected)), "{shape} {end:?}: {found:?}, and not line {expected}");
        }
    }
}

/// A few kilobytes of ranges would say so many things that the memory could not hold them.
#[test]
fn ranges_without_measure_are_not_taken_apart_without_end() {
    let pack = Packs::embedded().get("cisco-ios").unwrap().unwrap();
    let block = "interface range Gi1/0/1 - 1024\n shutdown\n";
    let of = |blocks: usize| read(&pack, &(block.repeat(blocks) + "arp 10.1.1.40 03bf.0a02.0228 ARPA\n"));
    let (few, many) = (of(20), of(2_000));
    assert_eq!((few.facts.len(), few.ledger.unknown), (20 * 2 * 1024 + 1, 0));
    assert!(many.facts.len() < 300_000, "{} facts", many.facts.len());
    assert_eq!(many.ledger.understood + many.ledger.unknown, 2 * 2_000 + 1);
    assert!(many.ledger.unknown > 3_000, "what is not read is counted: {:?}", many.ledger);
    assert!(many.facts.last().is_some_and(|fact| fact.mac().is_some()), "the line behind them is read");
}
