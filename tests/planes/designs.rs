//! Random designs on one Linux bridge: what `generate` writes is applied, and the nodes alone get the frames; its
//! rollback leaves the bridge as it was.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::Ipv4Addr;

use nlbswitch::design::{self, Loaded};
use nlbswitch::nlb::Mode;
use nlbswitch::plan::plan;
use nlbswitch::render::{Options, SnippetLine, snippets};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};

use crate::bench::{Bench, Case, Kind, Seen, Source, Step, measure, skipped};
use crate::frames::Shot;
use crate::model::{Heard, expected};
use crate::random::{Random, cases};
use crate::{HURRIED, HURRY, pack};

const PORTS: [&str; 8] = ["swp1", "swp2", "swp3", "swp4", "swp5", "swp6", "swp7", "swp8"];
/// The address of the bridge, which is the gateway in some designs.
const GATEWAY: &str = "10.0.0.254/24";
/// How many designs are tried.
const DESIGNS: usize = 20;

struct Cluster {
    mode: Mode,
    vip: Ipv4Addr,
    nodes: BTreeSet<String>,
}

struct Design {
    clusters: Vec<Cluster>,
    /// Whether something queries the VLAN.
    queried: bool,
    gateway: bool,
    no_flood: BTreeSet<String>,
    /// The port of a client.
    client: &'static str,
    text: String,
}

fn names(ports: &[&str]) -> BTreeSet<String> {
    ports.iter().map(ToString::to_string).collect()
}

fn a_design(random: &mut Random) -> Design {
    let mut free = random.shuffled(&PORTS);
    let client = free.pop().unwrap();
    let mut clusters = Vec::new();
    for number in 0..1 + random.below(2) {
        let at = free.len() - 2 - random.below(2);
        let nodes = names(&free.split_off(at));
        let vip = Ipv4Addr::new(10, 0, 0, 1 + random.below(40) as u8 + 50 * number as u8);
        clusters.push(Cluster { mode: random.one_of(&Mode::ALL), vip, nodes });
    }
    let no_flood = names(&random.some_of(&free, 2));
    let (asks, gateway) = (random.one_in(2), random.one_in(2));
    let confined = clusters.iter().any(|cluster| cluster.mode != Mode::Unicast);
    let mut text = "clusters:\n".to_owned();
    for (number, cluster) in clusters.iter().enumerate() {
        let nodes = cluster.nodes.iter().enumerate();
        let nodes: Vec<String> =
            nodes.map(|(node, port)| format!("{{name: n{number}{node}, attach: hv1 {port}}}")).collect();
        let (mode, vip, nodes) = (cluster.mode, cluster.vip, nodes.join(", "));
        writeln!(
            text,
            "  - {{name: c{number}, mode: {mode}, primary_ip: {vip}/24, vlan: 10, nodes: [{nodes}]}}"
        )
        .unwrap();
    }
    let told = if asks { ", querier: true" } else { "" };
    let kept: Vec<&str> = no_flood.iter().map(String::as_str).collect();
    writeln!(
        text,
        "switches: [{{name: hv1, vendor: linux-bridge, gateway: {gateway}{told}, no_flood: [{}]}}]",
        kept.join(", ")
    )
    .unwrap();
    Design { clusters, queried: confined && (asks || gateway), gateway, no_flood, client, text }
}

/// What `generate` writes: the lines to apply, and those that take them back.
fn generated(text: &str) -> (Vec<String>, Vec<String>) {
    let mut sources = Sources::new();
    let Loaded { design, mut problems, .. } = design::load_text("design.yaml", text, &mut sources);
    let packs = Packs::embedded();
    let bound = bind(&design, &packs, &mut problems).unwrap();
    assert!(problems.is_empty(), "{text}{problems:?}");
    let plan = plan(&bound);
    let devices: Vec<_> = plan.devices.iter().collect();
    let written = snippets(&plan, &devices, &design, &Options::default()).unwrap();
    let [(_, snippet)] = written.as_slice() else { panic!("{text}: {} devices", written.len()) };
    let commands = |lines: &[SnippetLine]| {
        let lines = lines.iter().map(|line| line.text.clone());
        lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>()
    };
    (commands(&snippet.apply), commands(&snippet.rollback))
}

impl Design {
    /// For each cluster a client's frame, one of the gateway where it is one, and in the multicast modes a heartbeat; with
    /// who is to get it.
    fn probes(&self) -> Vec<(Source, Shot, BTreeSet<String>)> {
        let all = names(&PORTS);
        let kept_out = |from: &str, ports: &BTreeSet<String>| -> BTreeSet<String> {
            ports.iter().filter(|port| *port != from).cloned().collect()
        };
        let flooded = kept_out("", &all.difference(&self.no_flood).cloned().collect());
        // A router port gets the frames of every cluster.
        let confined = self.clusters.iter().filter(|cluster| cluster.mode != Mode::Unicast);
        let routers: BTreeSet<String> = confined.flat_map(|cluster| cluster.nodes.clone()).collect();
        let mut probes = Vec::new();
        for cluster in &self.clusters {
            let mac = cluster.mode.mac(cluster.vip);
            let client = Shot { mac, ip: Some(cluster.vip) };
            let heartbeat = Shot { mac, ip: None };
            let first = cluster.nodes.first().unwrap();
            let node = PORTS.into_iter().find(|port| port == first).unwrap();
            let expected = match (cluster.mode, self.queried) {
                (Mode::Unicast, _) | (_, false) => &flooded,
                (_, true) => &routers,
            };
            probes.push((Source::Port(self.client), client, kept_out(self.client, expected)));
            if cluster.mode == Mode::Unicast {
                continue;
            }
            if self.gateway {
                probes.push((Source::Itself, client, expected.clone()));
            }
            // The mdb entries lead heartbeats to the nodes, and router ports get all multicast.
            let told: BTreeSet<String> = cluster.nodes.union(&routers).cloned().collect();
            probes.push((Source::Port(node), heartbeat, kept_out(node, &told)));
        }
        probes
    }

    fn case(&self) -> Case {
        let (apply, rollback) = generated(&self.text);
        let probes = self.probes().into_iter().map(|(source, shot, _)| (source, shot)).collect();
        let wait = if self.queried { HURRIED } else { 0 };
        let steps = vec![
            Step::default(),
            Step { run: apply, wait, probes, ..Step::default() },
            Step { run: rollback, ..Step::default() },
        ];
        Case { setup: vec![HURRY.to_owned()], steps }
    }

    fn judge(&self, steps: &[Seen]) {
        let [before, applied, after] = steps else { panic!("{steps:?}") };
        for step in steps {
            assert_eq!(step.failed, [], "{}", self.text);
        }
        let (apply, _) = generated(&self.text);
        let heard = Heard { settled: true, ..Heard::default() };
        let probes: Vec<_> = self.probes().iter().map(|(source, shot, _)| (*source, *shot)).collect();
        let said = expected(&pack(), &apply, &heard, &PORTS, &probes);
        for (((source, shot, wanted), got), said) in self.probes().iter().zip(&applied.got).zip(&said) {
            assert_eq!(got, wanted, "{source:?} {shot:?} of\n{}{apply:#?}", self.text);
            assert_eq!(
                said, wanted,
                "what the model says of {source:?} {shot:?} of\n{}{apply:#?}",
                self.text
            );
        }
        for cluster in self.clusters.iter().filter(|cluster| cluster.mode != Mode::Unicast) {
            assert_ne!(before.state, applied.state, "{}", cluster.vip);
        }
        assert_eq!(before.state, after.state, "the rollback of\n{}", self.text);
    }
}

#[test]
fn what_is_generated_for_random_designs_gives_the_frames_to_the_nodes_and_is_taken_back_whole() {
    if skipped(Kind::Linux, "random designs on Linux bridges") {
        return;
    }
    let mut random = Random::new(1);
    let designs: Vec<Design> = (0..cases(DESIGNS)).map(|_| a_design(&mut random)).collect();
    let order: Vec<Case> = designs.iter().map(Design::case).collect();
    let seen = measure(Bench { kind: Kind::Linux, address: Some(GATEWAY), ports: &PORTS }, &order);
    designs.iter().zip(&seen).for_each(|(design, steps)| design.judge(steps));
}
