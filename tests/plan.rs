//! What the plan demands of each device, and what it withholds.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use nlbswitch::design::load_text;
use nlbswitch::entry::Entry;
use nlbswitch::net::mac::{Notation, format};
use nlbswitch::plan::plan;
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};

/// The entries of each device in short words, and what is withheld from it.
fn planned(yaml: &str) -> BTreeMap<String, (Vec<String>, Vec<String>)> {
    let mut sources = Sources::new();
    let loaded = load_text("design.yaml", yaml, &mut sources);
    let mut problems = loaded.problems;
    let packs = Packs::embedded();
    let bound = bind(&loaded.design, &packs, &mut problems).expect("good packs");
    assert!(problems.is_empty(), "{problems:#?}");
    let plan = plan(&bound);
    let name = |number: usize| plan.devices[number].name.clone();
    let devices = plan.devices.iter().map(|device| {
        let entries = device.needs.iter().map(|need| show(&need.entry)).collect();
        let withheld = device.withheld.iter().map(|withheld| withheld.text("web", name)).collect();
        (device.name.clone(), (entries, withheld))
    });
    devices.collect()
}

fn show(entry: &Entry) -> String {
    let ports =
        |ports: &nlbswitch::net::PortSet| ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    match entry {
        Entry::StaticArp { ip, mac, vrf, port, svi } => {
            let vrf = vrf.as_ref().map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
            let port = port.as_ref().map(|port| format!(" on {port}")).unwrap_or_default();
            let svi = svi.map(|svi| format!(" under Vlan{svi}")).unwrap_or_default();
            format!("arp {ip} {}{vrf}{port}{svi}", format(*mac, Notation::Dotted))
        }
        Entry::StaticMac { mac, vlan, ports: list } => {
            format!("mac {} vlan {vlan}: {}", format(*mac, Notation::Dotted), ports(list))
        }
        Entry::IgmpSnooping { vlan: None, .. } => "snooping".to_owned(),
        Entry::IgmpSnooping { vlan: Some(vlan), .. } => format!("snooping vlan {vlan}"),
        Entry::IgmpQuerier { vlan, address } => {
            let address = address.map(|address| format!(" from {address}")).unwrap_or_default();
            format!("querier vlan {}{address}", vlan.unwrap_or_default())
        }
        other => other.kind().to_string(),
    }
}

/// A cluster in VLAN 10 with two physical nodes on `sw1`, and the switches given.
fn design(mode: &str, further: &str, switches: &str) -> String {
    format!(
        "clusters:\n  - name: web\n    mode: {mode}\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n{further}    \
         nodes: [{{name: nlb1, attach: sw1 Gi1/0/1}}, {{name: nlb2, attach: sw1 Gi1/0/2}}]\nswitches:\n{switches}"
    )
}

const GATEWAY: &str = "  - {name: sw1, vendor: cisco-ios, platform: catalyst-3750, gateway: true}\n";

#[test]
fn every_vip_takes_the_primary_mac_on_every_gateway() {
    let yaml = design("multicast", "    virtual_ips: [172.31.1.233, 172.31.1.9]\n", GATEWAY);
    let (entries, withheld) = &planned(&yaml)["sw1"];
    assert_eq!(
        entries,
        &[
            "arp 172.31.1.9 03bf.ac1f.01e8",
            "arp 172.31.1.232 03bf.ac1f.01e8",
            "arp 172.31.1.233 03bf.ac1f.01e8",
            "mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet1/0/2",
        ]
    );
    assert!(withheld.is_empty());
}

#[test]
fn igmp_mode_snoops_where_multicast_is_looked_up_by_mac_and_keeps_the_static_arp() {
    let (entries, _) = &planned(&design("igmp-multicast", "", GATEWAY))["sw1"];
    assert_eq!(
        entries,
        &["arp 172.31.1.232 0100.5e7f.01e8", "snooping", "snooping vlan 10", "querier vlan 10"]
    );
}

#[test]
fn igmp_mode_pins_the_mac_where_multicast_is_looked_up_by_ip() {
    let switches = "  - {name: sw1, vendor: cisco-ios, platform: catalyst-9300, gateway: true}\n";
    let (entries, _) = &planned(&design("igmp-multicast", "", switches))["sw1"];
    assert_eq!(
        entries,
        &[
            "arp 172.31.1.232 0100.5e7f.01e8",
            "mac 0100.5e7f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet1/0/2"
        ]
    );
}

#[test]
fn unicast_mode_needs_flooding_on_force10_gateways_and_nothing_on_others() {
    assert!(planned(&design("unicast", "", GATEWAY))["sw1"].0.is_empty());
    let ftos = "clusters:\n  - name: web\n    mode: unicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    \
                nodes: [{name: nlb1, attach: f1 Te 0/1}]\nswitches:\n  \
                - {name: f1, vendor: ftos, platform: S4810, gateway: true}\n";
    assert_eq!(planned(ftos)["f1"].0, ["vlan-flooding"]);
}

#[test]
fn entries_list_the_links_towards_other_switches_with_nodes() {
    let yaml = "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    nodes:\n      \
                - {name: nlb1, attach: acc1 g1}\n      - {name: nlb2, attach: acc2 g1}\nswitches:\n  \
                - {name: acc1, vendor: powerconnect, links: [g24 dist Gi1/0/1]}\n  \
                - {name: acc2, vendor: powerconnect, links: [{port: port-channel 1, to: dist Po2}]}\n  \
                - {name: leaf, vendor: powerconnect, links: [g24 dist Gi1/0/9]}\n  \
                - {name: dist, vendor: ios, platform: catalyst-3750, links: [Te1/1/1 core Te1/0/1]}\n  \
                - {name: core, vendor: ios, platform: catalyst-3750, gateway: true}\n";
    let plan = planned(yaml);
    let mac = |device: &str| {
        plan[device].0.iter().find(|entry| entry.starts_with("mac")).cloned().unwrap_or_default()
    };
    assert_eq!(mac("acc1"), "mac 03bf.ac1f.01e8 vlan 10: g1 g24");
    assert_eq!(mac("acc2"), "mac 03bf.ac1f.01e8 vlan 10: g1 port-channel1");
    assert_eq!(mac("dist"), "mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 Port-channel2");
    assert_eq!(mac("core"), "mac 03bf.ac1f.01e8 vlan 10: TenGigabitEthernet1/0/1");
    assert!(plan["leaf"].0.is_empty(), "no frame has to pass the leaf");
    assert!(plan["core"].0.iter().any(|entry| entry.starts_with("arp")));
    assert!(plan["dist"].0.iter().all(|entry| !entry.starts_with("arp")));
}

#[test]
fn loops_and_parallel_links_are_all_listed() {
    let yaml = "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    nodes:\n      \
                - {name: nlb1, attach: a Gi1/0/1}\n      - {name: nlb2, attach: b Gi1/0/1}\nswitches:\n  \
                - {name: a, vendor: ios, links: [Gi1/0/47 b Gi1/0/47, Gi1/0/48 b Gi1/0/48, Gi1/0/46 c Gi1/0/1]}\n  \
                - {name: b, vendor: ios, links: [Gi1/0/46 c Gi1/0/2]}\n  - {name: c, vendor: ios, gateway: true}\n";
    let plan = planned(yaml);
    let ports = |device: &str| plan[device].0.iter().find(|entry| entry.starts_with("mac")).cloned().unwrap();
    assert_eq!(
        ports("a"),
        "mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet1/0/46 GigabitEthernet1/0/47 GigabitEthernet1/0/48"
    );
    assert_eq!(ports("c"), "mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet1/0/2");
}

/// A cluster of two virtual nodes on hosts with these links.
fn virtual_design(links1: &str, links2: &str, group: &str) -> String {
    format!(
        "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    nodes: \
         [{{name: nlb1, host: hv1}}, {{name: nlb2, host: hv1}}]\nhosts:\n  \
         - {{name: hv1, group: hv, links: [{links1}]}}\n  - {{name: hv2, group: hv, links: [{links2}]}}\n\
         host_groups:\n  - {{name: hv{group}}}\nswitches:\n{GATEWAY}"
    )
}

#[test]
fn nodes_that_migrate_are_pinned_only_when_every_uplink_is_known() {
    let all = planned(&virtual_design("sw1 Gi1/0/1", "sw1 Gi1/0/2, sw1 Po3", ""));
    assert!(all["sw1"].0.contains(
        &"mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet1/0/2 Port-channel3".to_owned()
    ));
    let unknown = planned(&virtual_design("sw1 Gi1/0/1", "", ""));
    assert_eq!(unknown["sw1"].0, ["arp 172.31.1.232 03bf.ac1f.01e8"], "static ARP only");
    assert!(unknown["sw1"].1[0].contains("hv2"), "{:?}", unknown["sw1"].1);
    let fixed = planned(&virtual_design("sw1 Gi1/0/1", "", ", live_migration: false"));
    assert!(fixed["sw1"].0.contains(&"mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1".to_owned()));
}

#[test]
fn a_link_that_does_not_carry_the_vlan_is_no_path() {
    let yaml = |vlans: &str| {
        format!(
            "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    nodes:\n      \
             - {{name: nlb1, attach: a Gi1/0/1}}\n      - {{name: nlb2, attach: b Gi1/0/1}}\nswitches:\n  \
             - {{name: a, vendor: ios, gateway: true, links: [{{port: Gi1/0/48, to: b Gi1/0/48{vlans}}}]}}\n  - {{name: b, vendor: ios}}\n"
        )
    };
    assert!(planned(&yaml(", vlans: [1-20]"))["a"].1.is_empty());
    let cut = planned(&yaml(", vlans: [20]"));
    assert!(cut["a"].1[0].contains("no link to it that carries the VLAN"), "{:?}", cut["a"].1);
    assert!(cut["a"].0.iter().all(|entry| !entry.starts_with("mac")), "a pinned entry would cut node 2 off");
}

#[test]
fn a_stack_is_one_device() {
    let switches = "  - {name: sw1, vendor: ios, stack: core, gateway: true}\n  - {name: sw2, vendor: ios, stack: core}\n";
    let yaml = design("multicast", "", switches).replace("attach: sw1 Gi1/0/2", "attach: sw2 Gi2/0/2");
    let plan = planned(&yaml);
    assert_eq!(plan.len(), 1);
    assert_eq!(plan["core"].0[1], "mac 03bf.ac1f.01e8 vlan 10: GigabitEthernet1/0/1 GigabitEthernet2/0/2");
}

#[test]
fn gateways_serve_their_vrf_and_their_peers_get_the_same_entries() {
    let switches = "  - {name: sw1, vendor: ios, gateway: {vrf: RED, protocol: hsrp, peers: [sw2]}, links: [Po1 sw2 Po1]}\n  \
                    - {name: sw2, vendor: ios, gateway: {vrf: RED}}\n  - {name: sw3, vendor: ios, gateway: {vrf: BLUE}}\n";
    let plan = planned(&design("multicast", "    vrf: RED\n", switches));
    assert_eq!(plan["sw1"].0[0], "arp 172.31.1.232 03bf.ac1f.01e8 vrf RED");
    assert_eq!(plan["sw2"].0[0], "arp 172.31.1.232 03bf.ac1f.01e8 vrf RED");
    assert!(plan["sw3"].0.is_empty());
}

#[test]
fn force10_arp_entries_name_a_port_of_the_static_mac() {
    let yaml = "clusters:\n  - name: web\n    mode: igmp-multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    \
                nodes: [{name: nlb1, attach: f1 Te 0/7}, {name: nlb2, attach: f1 Te 0/3}]\nswitches:\n  \
                - {name: f1, vendor: ftos, platform: S4810, gateway: true}\n";
    let (entries, withheld) = &planned(yaml)["f1"];
    assert_eq!(
        entries,
        &[
            "arp 172.31.1.232 0100.5e7f.01e8 on TenGigabitEthernet0/3",
            "mac 0100.5e7f.01e8 vlan 10: TenGigabitEthernet0/3 TenGigabitEthernet0/7"
        ]
    );
    assert!(withheld.is_empty());
}

#[test]
fn what_a_platform_cannot_hold_is_withheld_and_said() {
    let switches = "  - {name: sw1, vendor: powerconnect, platform: \"5424\", gateway: true}\n";
    let yaml = design("multicast", "", switches).replace("Gi1/0/", "g");
    let (entries, withheld) = &planned(&yaml)["sw1"];
    assert_eq!(entries, &["mac 03bf.ac1f.01e8 vlan 10: g1 g2", "multicast-filtering"]);
    assert!(withheld[0].contains("make another device the gateway"), "{withheld:?}");
    let nexus =
        design("multicast", "", "  - {name: sw1, vendor: cisco-nxos, platform: nexus-9000, gateway: true}\n");
    let nexus = nexus.replace("Gi1/0/", "Eth1/").replace("mode: multicast", "mode: igmp-multicast");
    let (entries, withheld) =
        &planned(&nexus.replace("gateway: true", "gateway: true, querier: true"))["sw1"];
    assert_eq!(entries.len(), 4, "{entries:?}");
    assert!(withheld.len() == 1 && withheld[0].contains("must be told its address"), "{withheld:?}");
}

#[test]
fn a_nexus_is_told_to_look_up_by_mac_and_holds_its_arp_under_the_svi() {
    let plan = |mode: &str, further: &str, platform: &str| {
        let switches = format!(
            "  - {{name: sw1, vendor: nxos, platform: {platform}, gateway: true, querier: 172.31.1.250}}\n"
        );
        let plan = planned(&design(mode, further, &switches).replace("Gi1/0/", "Eth1/"));
        plan["sw1"].0.join("; ")
    };
    let (arp, mac) =
        ("arp 172.31.1.232 03bf.ac1f.01e8", "mac 03bf.ac1f.01e8 vlan 10: Ethernet1/1 Ethernet1/2");
    assert_eq!(
        plan("multicast", "    vrf: RED\n", "nexus-7000"),
        format!("{arp} vrf RED under Vlan10; {mac}; multicast-lookup")
    );
    assert_eq!(plan("multicast", "", "nexus-5500"), format!("{arp} under Vlan10; {mac}"));
    assert_eq!(
        plan("igmp-multicast", "", "nexus-9300"),
        "arp 172.31.1.232 0100.5e7f.01e8 under Vlan10; snooping; snooping vlan 10; \
         querier vlan 10 from 172.31.1.250; multicast-lookup"
    );
}

#[test]
fn a_measured_mac_goes_before_the_derived_one() {
    let yaml = design("multicast", "    mac_override: 03bf.0101.0101\n", GATEWAY);
    assert_eq!(planned(&yaml)["sw1"].0[0], "arp 172.31.1.232 03bf.0101.0101");
    let v6 = yaml.replace("172.31.1.232/24", "2001:db8::10/64\n    virtual_ips: [172.31.1.9]");
    let (entries, withheld) = &planned(&v6)["sw1"];
    assert_eq!(entries[0], "arp 172.31.1.9 03bf.0101.0101");
    assert!(withheld[0].contains("IPv6"), "{withheld:?}");
}

#[test]
fn a_querier_that_cannot_be_told_its_address_is_not_told() {
    for (vendor, port, expected) in [
        ("dell-force10", "Te 0/1", "querier vlan 10"),
        ("cisco-ios, platform: catalyst-3750", "Gi1/0/1", "querier vlan 10 from 172.31.1.2"),
    ] {
        let yaml = format!(
            "clusters:\n  - {{name: web, mode: igmp-multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
             nodes: [{{name: nlb1, attach: sw1 {port}}}]}}\nswitches:\n  \
             - {{name: sw1, vendor: {vendor}, gateway: true, querier: 172.31.1.2}}\n"
        );
        let (entries, _) = &planned(&yaml)["sw1"];
        assert!(entries.iter().any(|entry| entry == expected), "{vendor}: {entries:?}");
    }
}
