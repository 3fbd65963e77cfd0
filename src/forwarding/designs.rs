//! Designs and what becomes of their frames.

use super::*;
use crate::entry::State;
use crate::plan::DevicePlan;
use crate::source::Sources;
use crate::vendor::Packs;

/// What becomes of every frame of a design and its configs (by the name of the switch), a line each.
fn told(text: &str, configs: &[(&str, &str)], question: &Question) -> Vec<String> {
    let mut sources = Sources::new();
    let loaded = crate::design::load_text("design.yaml", text, &mut sources);
    let mut problems = loaded.problems;
    let bound = crate::vendor::bind(&loaded.design, &Packs::embedded(), &mut problems).unwrap();
    assert!(!crate::diagnostic::has_errors(&problems), "{problems:#?}");
    let plan = crate::plan::plan(&bound);
    let planned: Vec<State> = plan.devices.iter().map(DevicePlan::state).collect();
    let read: Vec<_> = configs
        .iter()
        .map(|(name, text)| {
            let number = plan.devices.iter().position(|device| device.name == *name).unwrap();
            let device = &plan.devices[number];
            let reading = crate::config::read(&device.pack, text);
            let state = reading.state(&device.facts());
            (number, sources.add_config(format!("{name}.cfg"), *text), reading, state)
        })
        .collect();
    let held = plan.devices.iter().enumerate().map(|(number, device)| {
        let design = Some(loaded.design.switches[device.members[0]].name.span);
        let config = read.iter().find(|(of, ..)| *of == number);
        Held {
            state: config.map_or(&planned[number], |(.., state)| state),
            pack: &device.pack,
            platform: device.platform,
            config: config.map(|(_, file, reading, _)| Lines { file: *file, reading }),
            design,
        }
    });
    let fabric = Fabric::new(&bound, &plan, held);
    let clusters = 0..loaded.design.clusters.len();
    let traces = clusters.flat_map(|cluster| fabric.traces(cluster, question).traces);
    traces.map(|trace| line(&fabric, &trace)).collect()
}

fn line(fabric: &Fabric<'_>, trace: &Trace) -> String {
    let cluster = &fabric.bound.design.clusters[trace.cluster];
    let node = |node: usize| cluster.nodes[node].name.to_string();
    let from = match trace.from {
        From::Gateway(_) => "gateway".to_owned(),
        From::Vlan => "vlan".to_owned(),
        From::Node(number) => node(number),
    };
    let mut text = String::new();
    if let Some(what_if) = trace.what_if {
        text += &format!("if {}: ", what_if.text(fabric, trace.cluster));
    }
    text += &format!("{from}: {}", trace.verdict.as_str());
    if trace.is_unknown() {
        text += "?";
    }
    let missed: Vec<String> = trace.missed.iter().map(|missed| node(missed.node)).collect();
    if !missed.is_empty() {
        text += &format!(", misses {}", missed.join(" "));
    }
    if !trace.bystanders.is_empty() {
        let names = trace
            .bystanders
            .iter()
            .map(|one| format!("{} {}", fabric.plan.devices[one.device].name, one.port));
        text += &format!(", floods {}", names.collect::<Vec<_>>().join(", "));
    }
    text
}

/// Two hosts below two access switches below a gateway; each host has a link to either.
fn site(mode: &str, more: &str) -> String {
    format!(
        "clusters:\n  - {{name: web, mode: {mode}, primary_ip: 10.0.0.1/24, vlan: 10, \
         nodes: [{{name: n1, host: hv1}}, {{name: n2, host: hv2}}]}}\n\
         hosts:\n  - {{name: hv1, group: g, team: {{mode: switch-independent}}, links: [acc1 Gi1/0/1, acc2 Gi1/0/1]}}\n\
         \x20 - {{name: hv2, group: g, team: {{mode: switch-independent}}, links: [acc1 Gi1/0/2, acc2 Gi1/0/2]}}\n\
         \x20 - {{name: hv3, group: g, team: {{mode: switch-independent}}, links: [acc1 Gi1/0/3, acc2 Gi1/0/3]}}\n\
         host_groups: [{{name: g}}]\n\
         switches:\n  - {{name: core, vendor: ios, platform: catalyst-3750, gateway: true}}\n\
         \x20 - {{name: acc1, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core Gi1/0/1]}}\n\
         \x20 - {{name: acc2, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core Gi1/0/2]}}\n{more}"
    )
}

fn now() -> Question {
    Question::default()
}

#[test]
fn what_is_planned_confines_multicast() {
    for mode in ["multicast", "igmp-multicast"] {
        let found = told(&site(mode, ""), &[], &now());
        assert_eq!(found, ["gateway: confined", "vlan: confined", "n1: confined", "n2: confined"], "{mode}");
    }
}

#[test]
fn an_entry_that_lacks_a_port_cuts_a_node_off_after_a_migration() {
    let acc = |links: &str| {
        format!("mac address-table static 03bf.0a00.0001 vlan 10 interface {links} GigabitEthernet1/0/48\n")
    };
    let core = "arp 10.0.0.1 03bf.0a00.0001 ARPA\nmac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/1 Gi1/0/2\n";
    let (acc1, acc2) = (acc("Gi1/0/1 Gi1/0/2"), acc("Gi1/0/1 Gi1/0/2 Gi1/0/3"));
    let configs = [("core", core), ("acc1", &acc1), ("acc2", &acc2)];
    let question = Question { what_ifs: [WhatIfKind::Migration].into(), ..now() };
    assert_eq!(
        told(&site("multicast", ""), &configs, &question),
        [
            "gateway: confined",
            "vlan: confined",
            "n1: confined",
            "n2: confined",
            "if n1 runs on hv3: gateway: black-hole, misses n1",
            "if n1 runs on hv3: vlan: black-hole, misses n1",
            "if n1 runs on hv3: n2: split, misses n1",
            "if n2 runs on hv3: gateway: black-hole, misses n2",
            "if n2 runs on hv3: vlan: black-hole, misses n2",
            "if n2 runs on hv3: n1: split, misses n2",
        ]
    );
}
