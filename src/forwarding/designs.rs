//! Designs and what becomes of their frames.

use proptest::prelude::*;

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
    let packs = Packs::embedded();
    let bound = crate::vendor::bind(&loaded.design, &packs, &mut problems).unwrap();
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
            model: device.model,
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
    let from = trace.from.word(cluster);
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

#[test]
fn a_trunk_without_the_vlan_and_a_shut_port_are_black_holes() {
    let core = |line: &str| format!("interface GigabitEthernet1/0/1\n switchport mode trunk\n {line}\n");
    let design = site("unicast", "").replace(", links: [Gi1/0/48 core Gi1/0/2]", "");
    let found = |line: &str| {
        told(&design, &[("core", &core(line))], &Question { from: Some(Side::Gateway), ..now() }).remove(0)
    };
    assert_eq!(found("switchport trunk allowed vlan 10"), "gateway: confined");
    for closed in ["switchport trunk allowed vlan 20", "shutdown"] {
        assert_eq!(found(closed), "gateway: black-hole, misses n1 n2", "{closed}");
    }
}

#[test]
fn a_gateway_without_an_arp_entry_sends_nothing() {
    let gateway = |config: &str| {
        let question = Question { from: Some(Side::Gateway), ..now() };
        told(&site("multicast", ""), &[("core", config)], &question).remove(0)
    };
    assert_eq!(gateway("arp 10.0.0.1 03bf.0a00.0001 ARPA\n"), "gateway: confined");
    assert_eq!(gateway("hostname core\n"), "gateway: black-hole, misses n1 n2");
    assert_eq!(gateway("arp 10.0.0.1 03bf.0a00.0002 ARPA\n"), "gateway: black-hole, misses n1 n2");
    let svi = "interface Vlan10\n ip address 10.0.0.254 255.255.255.0\n";
    let arp = "arp 10.0.0.1 03bf.0a00.0001 ARPA\n";
    assert_eq!(gateway(&format!("{svi}!\n{arp}")), "gateway: confined");
    assert_eq!(gateway(&format!("{svi} shutdown\n!\n{arp}")), "gateway: black-hole, misses n1 n2");
}

#[test]
fn what_nobody_knows_is_taken_for_the_best_and_said() {
    let design = site("igmp-multicast", "").replace("vendor: ios, platform: catalyst-3750", "vendor: eos");
    let design =
        design.replace("Gi1/0/", "Ethernet").replace("gateway: true", "gateway: true, querier: true");
    let found = told(&design, &[], &now());
    assert!(found.iter().all(|line| line.ends_with("confined?")), "{found:?}");
}

#[test]
fn without_a_querier_igmp_mode_floods() {
    let port = "interface GigabitEthernet1/0/9\n switchport mode access\n switchport access vlan 10\n";
    let question =
        Question { from: Some(Side::Vlan), what_ifs: [WhatIfKind::Querier].into(), unchanged: false };
    let found = told(&site("igmp-multicast", ""), &[("acc1", port)], &question);
    assert_eq!(
        found,
        [
            "vlan: confined",
            "if nobody asks for reports in VLAN 10: vlan: flood, floods acc1 GigabitEthernet1/0/9"
        ]
    );
}

/// A vPC pair that a host hangs on by one port-channel; each peer's entry as given.
fn pair(first: &str, second: &str) -> Vec<String> {
    let design = "clusters: [{name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n1, host: hv1}]}]\n\
        hosts: [{name: hv1, team: {mode: lacp}, links: [p1 Po1, p2 Po1]}]\n\
        switches:\n  - {name: p1, vendor: ios, platform: catalyst-3750, gateway: true, links: [Po9 p2 Po9]}\n\
        \x20 - {name: p2, vendor: ios, platform: catalyst-3750, gateway: true}\n";
    let config = |ports: &str| {
        format!(
            "arp 10.0.0.1 03bf.0a00.0001 ARPA\nmac address-table static 03bf.0a00.0001 vlan 10 interface {ports}\n"
        )
    };
    let question =
        Question { from: Some(Side::Gateway), what_ifs: [WhatIfKind::Failover].into(), unchanged: true };
    told(design, &[("p1", &config(first)), ("p2", &config(second))], &question)
}

#[test]
fn what_comes_over_a_peer_link_does_not_leave_by_a_shared_port_channel() {
    let over = "if p2 is the active gateway: gateway";
    let both = "Port-channel1 Port-channel9";
    assert_eq!(pair(both, both), ["gateway: confined".to_owned(), format!("{over}: confined")]);
    let lost = pair(both, "Port-channel9");
    assert_eq!(lost, ["gateway: confined".to_owned(), format!("{over}: black-hole, misses n1")]);
}

/// A tree of switches with a node on some, links in any order, some of them doubled.
#[derive(Debug, Clone)]
struct Net {
    parents: Vec<usize>,
    nodes: Vec<usize>,
    mode: usize,
}

fn net() -> impl Strategy<Value = Net> {
    (2usize..7).prop_flat_map(|count| {
        let parents: Vec<_> = (1..count).map(|at| 0..at).collect();
        (parents, proptest::collection::vec(0..count, 2..5), 0usize..3)
            .prop_map(|(parents, nodes, mode)| Net { parents, nodes, mode })
    })
}

fn written(net: &Net, order: &[usize], doubled: bool) -> String {
    let mode = ["unicast", "multicast", "igmp-multicast"][net.mode];
    let nodes: Vec<String> = net
        .nodes
        .iter()
        .enumerate()
        .map(|(number, switch)| format!("{{name: n{number}, attach: s{switch} Gi1/0/{}}}", number + 1))
        .collect();
    let mut text = format!(
        "clusters: [{{name: web, mode: {mode}, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{}]}}]\nswitches:\n",
        nodes.join(", ")
    );
    for switch in order {
        let gateway = if *switch == 0 { ", gateway: true, querier: true" } else { "" };
        let up = switch.checked_sub(1).map(|at| net.parents[at]);
        let link = |own: usize, far: usize| {
            up.map(|up| format!("Gi1/0/{own} s{up} Gi2/0/{}", switch + far)).into_iter()
        };
        let links: Vec<String> = link(48, 0).chain(link(47, 20).filter(|_| doubled)).collect();
        text += &format!(
            "  - {{name: s{switch}, vendor: ios, platform: catalyst-3750{gateway}, links: [{}]}}\n",
            links.join(", ")
        );
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_planned_is_confined_wherever_nodes_are(net in net()) {
        prop_assume!(net.mode != 0); // unicast mode floods by design
        let order: Vec<usize> = (0..=net.parents.len()).collect();
        let found = told(&written(&net, &order, false), &[], &now());
        prop_assert!(found.iter().all(|line| line.ends_with(": confined")), "{:?}", found);
    }

    #[test]
    fn the_order_of_switches_and_a_second_link_beside_each_change_nothing(
        net in net(),
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        silent in 0usize..7,
    ) {
        let plain: Vec<usize> = (0..=net.parents.len()).collect();
        let order: Vec<usize> = order.into_iter().filter(|switch| plain.contains(switch)).collect();
        let what_ifs = [WhatIfKind::Failover, WhatIfKind::Querier].into();
        let question = Question { what_ifs, ..now() };
        // One switch without an entry, and with a port more in the VLAN: then something floods.
        let name = format!("s{}", silent.min(net.parents.len()));
        let port = "interface GigabitEthernet1/0/30\n switchport mode access\n switchport access vlan 10\n\
                    arp 10.0.0.1 03bf.0a00.0001 ARPA\n";
        let configs = [(name.as_str(), port)];
        let first = told(&written(&net, &plain, false), &configs, &question);
        prop_assert_eq!(&first, &told(&written(&net, &order, false), &configs, &question));
        prop_assert_eq!(&first, &told(&written(&net, &plain, true), &configs, &question));
    }

    #[test]
    fn a_ring_neither_hangs_nor_doubles(count in 3usize..8, at in 0usize..8) {
        let ring: Vec<String> = (0..count)
            .map(|switch| {
                let gateway = if switch == 0 { ", gateway: true" } else { "" };
                format!(
                    "  - {{name: s{switch}, vendor: ios, platform: catalyst-3750{gateway}, links: [Gi1/0/48 s{} Gi1/0/47]}}\n",
                    (switch + 1) % count
                )
            })
            .collect();
        let text = format!(
            "clusters: [{{name: web, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{{name: n1, attach: s1 Gi1/0/1}}, \
             {{name: n2, attach: s2 Gi1/0/1}}]}}]\nswitches:\n{}",
            ring.concat()
        );
        let name = format!("s{}", at % count);
        let port = "interface GigabitEthernet1/0/30\n switchport mode access\n switchport access vlan 10\n";
        let found = told(&text, &[(name.as_str(), port)], &now());
        let flooded = format!("flood, floods {name} GigabitEthernet1/0/30");
        prop_assert_eq!(found, ["gateway", "vlan", "n1", "n2"].map(|from| format!("{from}: {flooded}")));
    }
}
