//! What was recovered, as a design in YAML.

use std::fmt::Write;

use super::recover::{Recovered, RecoveredCluster, RecoveredSwitch};
use crate::harmless::harmless;
use crate::yaml::Name;

/// The design, with a comment wherever the configs do not say.
pub fn yaml(recovered: &Recovered) -> String {
    let mut text = String::from(
        "# Recovered from switch configs. Lines marked `unknown` are what no config can show: fill them in.\n",
    );
    for orphan in &recovered.orphans {
        let _ = writeln!(text, "# orphan on {}: {}", harmless(&orphan.switch), harmless(&orphan.what));
    }
    if !recovered.clusters.is_empty() {
        text.push_str("\nclusters:\n");
        recovered.clusters.iter().for_each(|cluster| write_cluster(&mut text, cluster));
    }
    if !recovered.switches.is_empty() {
        text.push_str("\nswitches:\n");
        recovered.switches.iter().for_each(|switch| write_switch(&mut text, switch));
    }
    text
}

fn write_cluster(text: &mut String, cluster: &RecoveredCluster) {
    let RecoveredCluster { name, mode, primary, primary_from, prefix, vips, vlan, vrf, ports } = cluster;
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!("  - name: {name}  # unknown: what the cluster is called"));
    line(format!("    mode: {mode}"));
    match prefix {
        Some(prefix) => line(format!("    primary_ip: {primary}/{prefix}  # from {primary_from}")),
        None => line(format!(
            "    primary_ip: {primary}/24  # from {primary_from}; unknown: the length of its subnet"
        )),
    }
    if !vips.is_empty() {
        let vips: Vec<String> = vips.iter().map(ToString::to_string).collect();
        line(format!("    virtual_ips: [{}]", vips.join(", ")));
    }
    line(format!("    vlan: {vlan}"));
    if let Some(vrf) = vrf {
        line(format!("    vrf: {}", quoted(vrf)));
    }
    if ports.is_empty() {
        line("    # unknown: the nodes; no config has a static MAC entry of this cluster".to_owned());
        return;
    }
    line(
        "    nodes:  # unknown: which of these ports lead to one node, and which to another switch"
            .to_owned(),
    );
    for (number, (switch, port)) in ports.iter().enumerate() {
        let attach = quoted(&format!("{} {port}", as_name(switch)));
        line(format!("      - {{name: {name}-node{}, attach: {attach}}}", number + 1));
    }
}

fn write_switch(text: &mut String, switch: &RecoveredSwitch) {
    let RecoveredSwitch { name, vendor, gateway, querier } = switch;
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!("  - name: {}", quoted(&as_name(name))));
    line(format!("    vendor: {vendor}"));
    line("    # unknown: platform, version, links".to_owned());
    if let Some(gateway) = gateway {
        let peers: Vec<String> = gateway.peers.iter().map(|peer| quoted(&as_name(peer))).collect();
        let protocol = gateway.protocol.map(|protocol| format!("protocol: {protocol}, ")).unwrap_or_default();
        match peers.is_empty() {
            true => line("    gateway: true".to_owned()),
            false => line(format!("    gateway: {{{protocol}peers: [{}]}}", peers.join(", "))),
        }
    }
    match querier {
        Some(Some(address)) => line(format!("    querier: {address}")),
        Some(None) => line("    querier: true".to_owned()),
        None => {}
    }
}

/// A hostname as a design may name a switch: what does not belong into a name, or would divide it from a port, becomes
/// a hyphen.
fn as_name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c != ' ' && Name::new(&format!("a{c}a")).is_ok() { c } else { '-' })
        .take(Name::MAX)
        .collect();
    if plain.is_empty() { "switch".to_owned() } else { plain }
}

/// A text that YAML takes for nothing else.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
