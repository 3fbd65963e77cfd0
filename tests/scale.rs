//! What must hold for large designs. How fast they are is measured in `benches/` and asserted nowhere.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;

use nlbswitch::design::{Loaded, load_text};
use nlbswitch::lint::{Origin, judge};
use nlbswitch::plan::plan;
use nlbswitch::render::{Options, Snippet, snippets};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};

#[path = "../benches/support/mod.rs"]
mod support;

/// Findings and snippets of a design, worked out on so many threads.
fn results(yaml: &str, threads: usize) -> (Vec<String>, Vec<Snippet>) {
    let work = || {
        let mut sources = Sources::new();
        let Loaded { design, mut problems, base, files } = load_text("design.yaml", yaml, &mut sources);
        let packs = Packs::embedded();
        let bound = bind(&design, &packs, &mut problems).unwrap();
        let plan = plan(&bound);
        let origin = Origin { files: &files, base: &base, working_directory: &base };
        let findings =
            judge(&bound, &plan, origin, problems, nlbswitch::lint::Found::default(), &mut sources).findings;
        let devices: Vec<_> = plan.devices.iter().collect();
        let written = snippets(&plan, &devices, &design, &Options::default()).unwrap();
        let shown = findings.iter().map(|finding| format!("{finding:?}")).collect();
        (shown, written.into_iter().map(|(_, snippet)| snippet).collect())
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn one_thread_and_many_give_the_same() {
    let yaml = support::design(150);
    let (findings, snippets) = results(&yaml, 1);
    assert_eq!(snippets.len(), 6);
    assert_eq!((findings, snippets), results(&yaml, 5));
}

#[test]
fn every_entry_names_each_of_its_clusters_once_and_in_their_order() {
    for snippet in results(&support::design(100), 1).1 {
        for entry in &snippet.entries {
            let sorted = entry.clusters.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(sorted, "{}: {:?}", snippet.switch, entry);
        }
    }
}

/// A template that went through all clusters for each VLAN would run out of fuel here.
#[test]
fn a_gateway_with_a_cluster_in_every_vlan_is_written() {
    let mut yaml =
        "switches: [{name: sw1, vendor: cisco-ios, gateway: true, querier: true}]\nclusters:\n".to_owned();
    for vlan in 1..=4000 {
        let ip = format!("10.{}.{}.10", vlan / 250, vlan % 250);
        writeln!(yaml, "  - {{name: c{vlan}, mode: igmp-multicast, primary_ip: {ip}/24, vlan: {vlan}}}")
            .unwrap();
    }
    let (_, snippets) = results(&yaml, 1);
    assert_eq!((snippets.len(), snippets[0].clusters.len()), (1, 4000));
}
