//! What the number of packs costs: the same configs with five packs at hand and with all, `cargo bench --bench packs`.
//!
//! A line is held against the patterns of its own dialect only; telling the dialects apart, and looking for lines in the
//! words of another one, have something to do for each pack.

#![allow(missing_docs, clippy::expect_used)]

#[path = "support/config.rs"]
mod config;

use std::sync::Arc;

use config::config;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use nlbswitch::config::{Detection, Glancer, detect, read};
use nlbswitch::vendor::{Pack, Packs};

const LINES: usize = 100_000;
const FIVE: [&str; 5] = ["arista-eos", "cisco-ios", "cisco-nxos", "dell-force10", "dell-powerconnect-5400"];

fn main() {
    divan::main();
}

fn packs(which: &str) -> Packs {
    match which {
        "five" => Packs::embedded().only(&FIVE),
        _ => Packs::embedded(),
    }
}

fn ios(packs: &Packs) -> Arc<Pack> {
    packs.get("cisco-ios").expect("packs are whole").expect("it is there")
}

/// Whose config it is.
#[divan::bench(args = ["five", "all"])]
fn recognise(bencher: Bencher<'_, '_>, which: &str) {
    let (packs, text) = (packs(which), config(LINES, "\n"));
    let clues = packs.clues().expect("packs are whole");
    assert!(matches!(detect(clues, &text), Detection::Dialect { .. }), "it is a Catalyst's");
    bencher.bench(|| detect(clues, black_box(&text)));
}

/// Whether a line of it may speak of NLB: asked of every config of a repository, and no line of most does.
#[divan::bench(args = ["five", "all"])]
fn glance(bencher: Bencher<'_, '_>, which: &str) {
    let (packs, text) = (packs(which), config(LINES, "\n").replace("03bf.0a00.0001", "0011.2233.4455"));
    let glancer = Glancer::new(&ios(&packs), &packs.all().expect("packs are whole"));
    bencher.counter(ItemsCount::new(LINES)).bench(|| glancer.glance(black_box(&text)));
}

/// What it says.
#[divan::bench(args = ["five", "all"])]
fn read_whole(bencher: Bencher<'_, '_>, which: &str) {
    let (packs, text) = (packs(which), config(LINES, "\n"));
    let pack = ios(&packs);
    bencher.counter(ItemsCount::new(LINES)).bench(|| read(&pack, black_box(&text)).facts.len());
}
