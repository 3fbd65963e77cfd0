//! The comment lines above the commands: the device, its clusters, how each MAC is derived, and what to know.

use super::comments::comment;
use super::snippet::Snippet;
use super::view::ClusterFacts;
use crate::design::Cluster;
use crate::net::PortSet;
use crate::net::mac::{self, Notation};
use crate::nlb::Mode;
use crate::plan::DevicePlan;

pub(super) fn cluster_facts(cluster: &Cluster, notation: Notation, inlets: PortSet) -> ClusterFacts {
    ClusterFacts {
        name: cluster.name.to_string(),
        mode: cluster.mode.to_string(),
        mac: mac::format(cluster.mac(), notation),
        primary: cluster.primary_ip.ip().to_string(),
        vips: cluster.vips().map(|vip| vip.to_string()).collect(),
        vlan: cluster.vlan.get(),
        vrf: cluster.vrf.as_ref().map(|vrf| vrf.to_string()),
        group: cluster.group().map(|group| group.to_string()),
        inlets,
    }
}

pub(super) fn header<'c>(
    snippet: &Snippet,
    device: &DevicePlan,
    clusters: impl Iterator<Item = &'c Cluster>,
) -> Vec<String> {
    let sign = device.pack.comment.as_str();
    let mut lines = Vec::new();
    let mut say = |text: &str, hang: usize| lines.extend(comment(sign, text, hang));
    let platform = snippet.platform.as_deref().map_or("platform not stated".to_owned(), str::to_owned);
    say(&format!("nlbswitch: {} ({}, {platform})", snippet.switch, snippet.vendor), 2);
    for cluster in clusters {
        let vrf = cluster.vrf.as_ref().map(|vrf| format!(", VRF {vrf}")).unwrap_or_default();
        say(&format!("cluster {}: {} mode, VLAN {}{vrf}", cluster.name, *cluster.mode, *cluster.vlan), 2);
        let mut vips = vec![format!("{} (primary)", cluster.primary_ip.ip())];
        vips.extend(cluster.further_vips().map(|vip| vip.to_string()));
        say(&format!("  VIPs: {}", vips.join(", ")), 2);
        say(&format!("  MAC: {}", derivation(cluster, device.pack.mac)), 2);
    }
    lines
}

pub(super) fn remarks(snippet: &Snippet, sign: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for note in &snippet.notes {
        let grade = note.evidence.map(|grade| format!(" ({grade})")).unwrap_or_default();
        lines.extend(comment(sign, &format!("note: {}{grade}", note.text), 2));
    }
    for left_out in &snippet.left_out {
        lines.extend(comment(sign, left_out, 2));
    }
    if snippet.apply.is_empty() {
        lines.extend(comment(sign, "nothing to configure here", 0));
    }
    lines
}

/// The cluster MAC and how it came about.
fn derivation(cluster: &Cluster, notation: Notation) -> String {
    let shown = mac::format(cluster.mac(), notation);
    if cluster.mac_override.is_some() {
        return format!("{shown}, as stated (mac_override)");
    }
    let Some(primary) = cluster.primary_v4() else { return shown };
    let [a, b, c, d] = primary.octets();
    match cluster.mode.value {
        Mode::Unicast => format!("{shown} = 02-bf, then {primary} in hex ({a:02x} {b:02x} {c:02x} {d:02x})"),
        Mode::Multicast => {
            format!("{shown} = 03-bf, then {primary} in hex ({a:02x} {b:02x} {c:02x} {d:02x})")
        }
        Mode::IgmpMulticast => {
            let group = cluster.group().map(|group| format!("; group {group}")).unwrap_or_default();
            format!(
                "{shown} = 01-00-5e-7f, then the last two octets of {primary} in hex ({c:02x} {d:02x}){group}"
            )
        }
    }
}
