//! A large design, the same on every run and every machine: what the benchmarks measure.
//!
//! A hundred clusters make a group. Each group is a site of its own: a Catalyst 3750 as gateway and querier, a
//! PowerConnect 5424 and a Force10 S4810 below it, four hypervisor hosts in two groups. Every cluster has nodes behind
//! both access switches, so its frames pass all three devices: 10,000 clusters demand lines of 30,000 pairs of cluster
//! and device, and take a quarter of a million lines of YAML.

#![allow(clippy::expect_used)]

use std::fmt::Write;

/// Clusters that share their three switches.
const GROUP: usize = 100;

/// The most clusters there are addresses for.
pub(crate) const MOST: usize = 200 * GROUP;

/// The YAML of a design with this many clusters, in block style.
///
/// # Panics
/// When there are no addresses for so many.
pub(crate) fn design(clusters: usize) -> String {
    assert!(clusters <= MOST, "there are addresses for {MOST} clusters");
    let groups = clusters.div_ceil(GROUP);
    let mut yaml = String::with_capacity(clusters * 800);
    yaml.push_str("clusters:\n");
    for index in 0..clusters {
        cluster(&mut yaml, index / GROUP, index % GROUP).expect("a string takes everything");
    }
    surroundings(&mut yaml, groups).expect("a string takes everything");
    yaml
}

/// The modes of ten clusters, and which of these run on hypervisors.
const TEN: [(&str, bool); 10] = [
    ("multicast", false),
    ("igmp-multicast", true),
    ("multicast", false),
    ("unicast", false),
    ("multicast", true),
    ("igmp-multicast", false),
    ("multicast", false),
    ("multicast", true),
    ("unicast", false),
    ("igmp-multicast", false),
];

fn cluster(yaml: &mut String, group: usize, member: usize) -> std::fmt::Result {
    // The last two octets differ in all clusters of a hundred groups, so that their IGMP MACs differ too.
    let network = format!("10.{group}.{}", member + GROUP * (group % 2));
    let primary = 100 + group / 2 % 50 * 3;
    let (mode, virtual_machines) = TEN[member % 10];
    writeln!(yaml, "  - name: app-{group:03}-{member:02}")?;
    writeln!(yaml, "    mode: {mode}")?;
    writeln!(yaml, "    primary_ip: {network}.{primary}/24")?;
    if !member.is_multiple_of(3) {
        writeln!(yaml, "    virtual_ips:")?;
        for further in 1..=member % 3 {
            writeln!(yaml, "      - {network}.{}", primary + further)?;
        }
    }
    writeln!(yaml, "    vlan: {}", 100 + member)?;
    writeln!(yaml, "    nodes:")?;
    for node in 0..2 + member % 3 {
        writeln!(yaml, "      - name: app-{group:03}-{member:02}-{node}")?;
        writeln!(yaml, "        priority: {}", node + 1)?;
        writeln!(yaml, "        ip: {network}.{}", 11 + node)?;
        match (virtual_machines, node % 2) {
            (true, side) => {
                writeln!(yaml, "        host: hv-{group:03}-{}", 2 * side + node / 2)?;
                writeln!(yaml, "        mac_spoofing: true")?;
            }
            (false, 0) => writeln!(yaml, "        attach: acc-{group:03} g{}", 1 + (member + node) % 20)?,
            (false, _) => writeln!(yaml, "        attach: dist-{group:03} Te 0/{}", (member + node) % 40)?,
        }
    }
    writeln!(yaml, "    port_rules:")?;
    writeln!(yaml, "      - ports: {}", if member.is_multiple_of(2) { "443" } else { "80-443" })?;
    writeln!(yaml, "        protocol: tcp")?;
    writeln!(yaml, "        filtering: multiple")?;
    writeln!(yaml, "        affinity: single")
}

fn surroundings(yaml: &mut String, groups: usize) -> std::fmt::Result {
    writeln!(yaml, "hosts:")?;
    for group in 0..groups {
        for host in 0..4 {
            writeln!(yaml, "  - name: hv-{group:03}-{host}")?;
            writeln!(yaml, "    platform: hyper-v")?;
            writeln!(yaml, "    group: rack-{group:03}-{}", host / 2)?;
            writeln!(yaml, "    links:")?;
            match host {
                0 | 1 => writeln!(yaml, "      - acc-{group:03} g{}", 21 + host)?,
                _ => writeln!(yaml, "      - dist-{group:03} Te 0/{}", 39 + host)?,
            }
        }
    }
    writeln!(yaml, "host_groups:")?;
    for group in 0..groups {
        for rack in 0..2 {
            writeln!(yaml, "  - name: rack-{group:03}-{rack}")?;
            writeln!(yaml, "    anti_affinity: true")?;
        }
    }
    writeln!(yaml, "switches:")?;
    for group in 0..groups {
        writeln!(yaml, "  - name: core-{group:03}")?;
        writeln!(yaml, "    vendor: cisco-ios")?;
        writeln!(yaml, "    platform: catalyst-3750")?;
        writeln!(yaml, "    gateway: true")?;
        writeln!(yaml, "    querier: true")?;
        writeln!(yaml, "    links:")?;
        writeln!(yaml, "      - Po1 acc-{group:03} port-channel 1")?;
        writeln!(yaml, "      - Po2 dist-{group:03} Po 1")?;
        writeln!(yaml, "  - name: acc-{group:03}")?;
        writeln!(yaml, "    vendor: dell-powerconnect-5400")?;
        writeln!(yaml, "    platform: \"5424\"")?;
        writeln!(yaml, "  - name: dist-{group:03}")?;
        writeln!(yaml, "    vendor: dell-force10")?;
        writeln!(yaml, "    platform: S4810")?;
    }
    Ok(())
}
