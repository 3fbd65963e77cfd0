//! The steps one by one: `cargo bench --bench parts`.

#![allow(missing_docs, clippy::expect_used)]

mod support;

use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use nlbswitch::design::{Loaded, load_text};
use nlbswitch::lint::{self, Origin};
use nlbswitch::plan;
use nlbswitch::render::{Options, snippets};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Bound, Packs, bind};

const SIZES: &[usize] = &[3, 100, 1_000, 10_000];

fn main() {
    divan::main();
}

fn loaded(yaml: &str) -> Loaded {
    load_text("design.yaml", yaml, &mut Sources::new())
}

fn bound(loaded: &Loaded) -> Bound<'_> {
    static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);
    let mut problems = Vec::new();
    bind(&loaded.design, &PACKS, &mut problems).expect("packs are whole")
}

/// YAML to a checked design.
#[divan::bench(args = SIZES)]
fn load(bencher: Bencher<'_, '_>, clusters: usize) {
    let yaml = support::design(clusters);
    bencher.counter(divan::counter::BytesCount::new(yaml.len())).bench(|| loaded(black_box(&yaml)));
}

/// Switches to packs, ports to their grammars.
#[divan::bench(args = SIZES)]
fn meet_packs(bencher: Bencher<'_, '_>, clusters: usize) {
    let loaded = loaded(&support::design(clusters));
    bencher.bench(|| bound(black_box(&loaded)).switches.len());
}

/// What every device needs.
#[divan::bench(args = SIZES)]
fn plan_needs(bencher: Bencher<'_, '_>, clusters: usize) {
    let loaded = loaded(&support::design(clusters));
    let bound = bound(&loaded);
    bencher.bench(|| plan::plan(black_box(&bound)));
}

/// Every rule.
#[divan::bench(args = SIZES)]
fn check(bencher: Bencher<'_, '_>, clusters: usize) {
    let mut sources = Sources::new();
    let loaded = load_text("design.yaml", support::design(clusters), &mut sources);
    let bound = bound(&loaded);
    let plan = plan::plan(&bound);
    let origin = Origin { files: &loaded.files, base: &loaded.base, working_directory: Path::new("") };
    bencher.bench_local(|| {
        lint::judge(black_box(&bound), &plan, origin, Vec::new(), lint::Found::default(), &mut sources)
    });
}

/// Every device's lines, read back.
#[divan::bench(args = SIZES)]
fn render(bencher: Bencher<'_, '_>, clusters: usize) {
    let loaded = loaded(&support::design(clusters));
    let bound = bound(&loaded);
    let plan = plan::plan(&bound);
    let devices: Vec<_> = plan.devices.iter().collect();
    bencher.bench(|| {
        snippets(black_box(&plan), &devices, &loaded.design, &Options::default()).map(|all| all.len())
    });
}

/// Packs from their text, with their patterns: what every run begins with.
#[divan::bench]
fn read_packs() -> usize {
    Packs::embedded().all().expect("packs are whole").len()
}
