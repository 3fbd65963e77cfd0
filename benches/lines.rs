//! The lines of a long config, each with its block: `cargo bench --bench lines`.

#![allow(missing_docs, clippy::expect_used)]

#[path = "support/config.rs"]
mod config;

use config::config;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use nlbswitch::config::lines::tree;
use nlbswitch::vendor::Packs;

const LINES: usize = 300_000;

fn main() {
    divan::main();
}

/// The text as switches save it, as terminals log it, and with a pager's mark every 24 lines.
#[divan::bench(args = ["lf", "crlf", "pager"])]
fn lines(bencher: Bencher<'_, '_>, kind: &str) {
    let text = match kind {
        "lf" => config(LINES, "\n"),
        "crlf" => config(LINES, "\r\n"),
        _ => {
            let wiped = format!(" --More-- {0}        {0}", "\u{8}".repeat(9));
            let logged = |(number, line): (usize, &str)| match number % 24 {
                23 => format!("{wiped}{line}\r\n"),
                _ => format!("{line}\r\n"),
            };
            config(LINES, "\n").lines().enumerate().map(logged).collect()
        }
    };
    let pack = Packs::embedded().get("cisco-ios").expect("packs are whole").expect("it is there");
    bencher.counter(BytesCount::new(text.len())).bench(|| tree(&pack, black_box(&text)).lines.len());
}
