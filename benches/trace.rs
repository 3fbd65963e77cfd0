//! `trace` over a large network, with everything that may happen: seconds and peak memory, as JSON.
//!
//!     cargo bench --bench trace                200 clusters, 2,000 nodes, 500 switches
//!     cargo bench --bench trace -- run 100     so many clusters, the same switches
//!     cargo bench --bench trace -- write FILE  the YAML

#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/memory.rs"]
mod memory;

use std::fmt::Write;
use std::time::Instant;

use clap::Parser;
use nlbswitch::cli::{Cli, Console, run};
use rayon::prelude::*;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SWITCHES: usize = 500;

/// Two core switches that route, and access switches with a link to either: one network, in which a flood gets
/// everywhere. Each cluster has a VLAN, ten hosts behind four access switches with two links each, and ten nodes, which
/// may run on each of these hosts.
fn design(clusters: usize) -> String {
    let access = SWITCHES - 2;
    let mut text = String::from(
        "switches:\n  - {name: core1, vendor: cisco-ios, platform: catalyst-3750, gateway: true, querier: true, \
         links: [Te1/0/1 core2 Te1/0/1]}\n  - {name: core2, vendor: cisco-ios, platform: catalyst-3750, gateway: true}\n",
    );
    for number in 0..access {
        let (stack, port) = (number / 48 + 1, number % 48 + 1);
        writeln!(
            text,
            "  - {{name: acc{number}, vendor: cisco-ios, platform: catalyst-3750, links: [Gi1/0/47 core1 \
             Gi{stack}/0/{port}, Gi1/0/48 core2 Gi{stack}/0/{port}]}}"
        )
        .unwrap();
    }
    let (mut hosts, mut groups, mut described) =
        (String::from("hosts:\n"), String::from("host_groups:\n"), String::from("clusters:\n"));
    for cluster in 0..clusters {
        let mode = ["multicast", "multicast", "igmp-multicast", "unicast", "multicast"][cluster % 5];
        let ip = format!("10.{}.{}.10", cluster / 250, cluster % 250);
        let vlan = cluster + 10;
        writeln!(groups, "  - {{name: g{cluster}}}").unwrap();
        let mut nodes = Vec::new();
        for host in 0..10 {
            let pair = (cluster * 4 + host / 5 * 2) % access;
            let port = cluster * 10 % 40 + host % 5 + 1;
            writeln!(
                hosts,
                "  - {{name: h{cluster}-{host}, group: g{cluster}, team: {{mode: switch-independent}}, links: \
                 [acc{pair} Gi1/0/{port}, acc{} Gi1/0/{port}]}}",
                (pair + 1) % access
            )
            .unwrap();
            nodes.push(format!("{{name: n{host}, host: h{cluster}-{host}}}"));
        }
        writeln!(
            described,
            "  - {{name: c{cluster}, mode: {mode}, primary_ip: {ip}/24, vlan: {vlan}, nodes: [{}]}}",
            nodes.join(", ")
        )
        .unwrap();
    }
    format!("{described}{hosts}{groups}{text}")
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let benchmarked = arguments.iter().any(|argument| argument == "--bench");
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    match words.as_slice() {
        ["write", file] => std::fs::write(file, design(200)).expect("written"),
        ["run", clusters] => measure(clusters.parse().expect("a number")),
        _ if benchmarked => measure(200),
        _ => measure(2), // `cargo test --benches` only asks whether it works
    }
}

/// What `trace` wrote, as far as it is counted.
#[derive(serde::Deserialize)]
struct Traces {
    traces: Vec<serde::de::IgnoredAny>,
}

fn measure(clusters: usize) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("design.yaml");
    std::fs::write(&file, design(clusters)).expect("written");
    let output = directory.path().join("trace.json");
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let typed = ["nlbswitch", "trace", &path(&file), "--no-config", "-f", "json", "-o", &path(&output)];
    let cli = Cli::parse_from(typed);
    (0..rayon::current_num_threads()).into_par_iter().for_each(|_| {}); // threads are there
    let start = Instant::now();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console {
        input: &mut std::io::empty(),
        out: &mut out,
        err: &mut err,
        color_out: false,
        color_err: false,
        columns_out: None,
        watched: false,
        working_directory: directory.path().to_owned(),
        vendor_directories: Vec::new(),
    };
    let code = run(&cli, &mut console).expect("done");
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!((code, String::from_utf8_lossy(&err).as_ref()), (0, ""));
    let peak = memory::peak_kib();
    let text = std::fs::read(&output).expect("written");
    let Traces { traces } = serde_json::from_slice(&text).expect("JSON");
    let figures = serde_json::json!({
        "clusters": clusters,
        "switches": SWITCHES,
        "traces": traces.len(),
        "octets": text.len(),
        "seconds": seconds,
        "peak_kib": peak,
        "threads": rayon::current_num_threads(),
    });
    println!("{figures}");
}
