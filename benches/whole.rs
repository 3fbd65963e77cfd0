//! One run over a whole design in this process: seconds for each step, and the peak memory. `compare.py` reads it.
//!
//!     cargo bench --bench whole                     10,000 clusters
//!     cargo bench --bench whole -- run 2500         so many
//!     cargo bench --bench whole -- write 2500 FILE  their YAML, for other tools

#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/memory.rs"]
mod memory;
mod support;

use std::path::Path;
use std::time::Instant;

use nlbswitch::design::{Loaded, load_text};
use nlbswitch::lint::{self, Origin};
use nlbswitch::plan;
use nlbswitch::render::{Options, snippets};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let benchmarked = arguments.iter().any(|argument| argument == "--bench");
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    match words.as_slice() {
        ["write", clusters, file] => {
            std::fs::write(file, support::design(clusters.parse().expect("a number"))).expect("written");
        }
        ["run", clusters] => run(clusters.parse().expect("a number")),
        _ if benchmarked => run(10_000),
        _ => run(3), // `cargo test --benches` only asks whether it works
    }
}

fn run(clusters: usize) {
    let yaml = support::design(clusters);
    let (lines, octets) = (yaml.lines().count(), yaml.len());
    let start = Instant::now();
    let mut sources = Sources::new();
    let packs = Packs::embedded();
    let Loaded { design, mut problems, base, files } = load_text("design.yaml", yaml, &mut sources);
    let bound = bind(&design, &packs, &mut problems).expect("packs are whole");
    let loaded = start.elapsed();
    assert!(!nlbswitch::diagnostic::has_errors(&problems), "{:?}", problems.first());
    let plan = plan::plan(&bound);
    let planned = start.elapsed();
    let origin = Origin { files: &files, base: &base, working_directory: Path::new("") };
    let outcome = lint::judge(&bound, &plan, origin, problems, lint::Found::default(), &mut sources);
    let judged = start.elapsed();
    let devices: Vec<_> = plan.devices.iter().collect();
    let all = snippets(&plan, &devices, &design, &Options::default()).expect("templates are whole");
    let rendered = start.elapsed();
    let written: usize = all.iter().map(|(_, snippet)| snippet.apply.len() + snippet.rollback.len()).sum();
    let document = serde_json::json!({
        "clusters": clusters,
        "yaml_lines": lines,
        "yaml_octets": octets,
        "snippets": all.len(),
        "lines_written": written,
        "findings": outcome.findings.len(),
        "threads": rayon::current_num_threads(),
        "seconds": {
            "load": loaded.as_secs_f64(),
            "plan": (planned - loaded).as_secs_f64(),
            "check": (judged - planned).as_secs_f64(),
            "render": (rendered - judged).as_secs_f64(),
            "whole": rendered.as_secs_f64(),
        },
        "peak_kib": memory::peak_kib(),
    });
    println!("{document}");
}
