//! The group that a cluster in IGMP mode joins: written wrong, shared with another cluster, or somebody else's.

mod configs;

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use super::addresses::Gateways;
use super::{ClusterView, Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Windows};
use crate::diagnostic::{Code, Severity};
use crate::net::mac::{Notation, format};
use crate::nlb::{self, GroupVerdict, Mode};

pub(super) const RULES: &[Rule] = &[IGMP_GROUP_MISMATCH, IGMP_MAC_COLLISION, IGMP_KNOWN_GROUP];

/// A group that is not 239.255.y.z of the primary.
const IGMP_GROUP_MISMATCH: Rule = Rule {
    code: Code(108),
    name: "igmp-group-mismatch",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB108.md"),
    check: igmp_group_mismatch,
};

/// Two clusters in IGMP mode with one MAC.
const IGMP_MAC_COLLISION: Rule = Rule {
    code: Code(109),
    name: "igmp-mac-collision",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB109.md"),
    check: igmp_mac_collision,
};

/// A group that other software uses.
const IGMP_KNOWN_GROUP: Rule = Rule {
    code: Code(110),
    name: "igmp-known-group",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB110.md"),
    check: igmp_known_group,
};

/// DDS/RTPS discovery: general knowledge only, and x.x.0.1 is seldom a cluster's address.
const RTPS: Ipv4Addr = Ipv4Addr::new(239, 255, 0, 1);

/// What is to be said about a group that was set by hand.
enum Manual {
    /// The cluster is not in IGMP mode and joins no group.
    Unused,
    /// It is the derived one.
    Repeated,
    /// Windows Server 2003 knew groups of one's own.
    Chosen,
    /// It is wrong.
    Wrong(GroupVerdict),
}

fn judge(cluster: &Cluster) -> Option<Manual> {
    let (group, primary) = (cluster.igmp_group_override?, cluster.primary_v4()?);
    if cluster.mode.value != Mode::IgmpMulticast {
        return Some(Manual::Unused);
    }
    // `ClusterIPToMulticastIP` is out of use since Windows Server 2008:
    // https://learn.microsoft.com/en-us/previous-versions/windows/desktop/wlbsprov/microsoftnlb-clustersetting
    let windows = cluster.windows.map(|windows| windows.value);
    let had_a_choice = matches!(windows, Some(Windows::W2003 | Windows::W2003R2));
    Some(match nlb::diagnose_group(primary, group.value) {
        GroupVerdict::Match => Manual::Repeated,
        GroupVerdict::OtherCluster(_) | GroupVerdict::OtherGroup if had_a_choice => Manual::Chosen,
        wrong => Manual::Wrong(wrong),
    })
}

fn igmp_group_mismatch(estate: &Estate<'_>, findings: &mut Findings) {
    configs::wrong_groups(estate, findings);
    for cluster in &estate.design().clusters {
        let (Some(group), Some(primary)) = (cluster.igmp_group_override, cluster.primary_v4()) else {
            continue;
        };
        let Some(Manual::Wrong(verdict)) = judge(cluster) else { continue };
        let what = match verdict {
            GroupVerdict::MicrosoftTypo => "the misprint of Microsoft's article",
            GroupVerdict::OtherCluster(_) => "the group of another primary IP",
            GroupVerdict::NotAGroup => "no multicast group",
            GroupVerdict::OtherGroup | GroupVerdict::Match => "a group that NLB does not derive",
        };
        let right = nlb::group(primary);
        let name = &cluster.name;
        findings
            .report(
                &IGMP_GROUP_MISMATCH,
                group.span,
                format!("the group {} of cluster `{name}` is {what}; the nodes join {right}", group.value),
            )
            .related(cluster.primary_ip.span, "the group is derived from this address")
            .help("leave `igmp_group_override` out: ports that join another group get none of the frames")
            .cluster(name.to_string());
    }
}

/// The part of NLB115 that is about groups.
pub(super) fn manual_group(cluster: &Cluster, rule: &Rule, findings: &mut Findings) {
    let Some(group) = cluster.igmp_group_override else { return };
    let name = &cluster.name;
    let message = match judge(cluster) {
        Some(Manual::Unused) => format!(
            "cluster `{name}` sets the group {} and joins none in {} mode",
            group.value,
            cluster.mode.title()
        ),
        Some(Manual::Repeated) => {
            format!("the override of cluster `{name}` repeats the group {} that it joins anyway", group.value)
        }
        Some(Manual::Chosen) => format!("the group of cluster `{name}` is set by hand"),
        Some(Manual::Wrong(_)) | None => return,
    };
    findings
        .report(rule, group.span, message)
        .related(cluster.mode.span, "the mode")
        .help("leave `igmp_group_override` out: the derived group follows when the address changes")
        .cluster(name.to_string());
}

/// Every cluster is compared with the first of its MAC, and with the first in its VLAN: however many share
/// a MAC, the work and the findings grow with their number and not with its square.
fn igmp_mac_collision(estate: &Estate<'_>, findings: &mut Findings) {
    configs::shared_macs(estate, findings);
    let gateways = Gateways::new(estate);
    let mut primaries = HashSet::new();
    let mut in_one_vlan: HashMap<_, usize> = HashMap::new();
    let mut views = Vec::new();
    for view in estate.clusters().filter(|view| view.cluster.mode.value == Mode::IgmpMulticast) {
        // One primary twice in one VRF is told by NLB114 or NLB310.
        if primaries.insert((gateways.vrf_of(&view), view.cluster.primary_ip.ip())) {
            *in_one_vlan.entry((view.cluster.mac(), view.cluster.vlan.value)).or_default() += 1;
            views.push(view);
        }
    }
    let mut first_of_mac: HashMap<_, ClusterView<'_>> = HashMap::new();
    let mut first_in_segment: HashMap<_, ClusterView<'_>> = HashMap::new();
    for view in views {
        let cluster = view.cluster;
        let mac = cluster.mac();
        let place = (mac, cluster.vlan.value);
        let segment = if in_one_vlan[&place] > 1 { segment(estate, &view) } else { None };
        let in_vlan = *first_in_segment.entry((place, segment)).or_insert(view);
        let of_mac = *first_of_mac.entry(mac).or_insert(view);
        let (other, severity) = match (in_vlan.index == view.index, of_mac.index == view.index) {
            (false, _) => (in_vlan, Severity::Error),
            (true, false) => (of_mac, Severity::Warning),
            (true, true) => continue,
        };
        let shared = format(mac, Notation::Colon);
        let names =
            format!("clusters `{}` and `{}` share the MAC {shared}", cluster.name, other.cluster.name);
        let vlan = cluster.vlan.value;
        let message = match severity {
            Severity::Error => format!("{names} in VLAN {vlan}"),
            _ if vlan == other.cluster.vlan.value => {
                format!("{names} in VLAN {vlan}, at places that no stated link joins")
            }
            _ => format!("{names} in separate VLANs"),
        };
        let help = match severity {
            Severity::Error => {
                "give one a primary IP with other last octets, or its own VLAN: each gets the other's frames"
            }
            _ => "give one a primary IP with other last octets: a table without VLANs likely mixes them up",
        };
        findings
            .report(&IGMP_MAC_COLLISION, cluster.primary_ip.span, message)
            .severity(severity)
            .related(other.cluster.primary_ip.span, "this address ends alike")
            .help(help)
            .cluster(cluster.name.to_string());
    }
}

/// The part of the network a cluster's VLAN is known to span: the least of the devices that links join in this
/// VLAN; `None` when the design places it nowhere. VLAN 10 here and VLAN 10 at another site are two.
fn segment(estate: &Estate<'_>, view: &ClusterView<'_>) -> Option<usize> {
    let devices = view.plan.devices.iter().copied();
    let vlan = view.cluster.vlan.value;
    estate.plan.topology.reach(devices, None, |edge| edge.carries(vlan)).first().copied()
}

fn igmp_known_group(estate: &Estate<'_>, findings: &mut Findings) {
    configs::known_groups(estate, findings);
    for cluster in &estate.design().clusters {
        if cluster.mode.value != Mode::IgmpMulticast || cluster.igmp_group_override.is_some() {
            continue;
        }
        let Some(group) = cluster.primary_v4().map(nlb::group).filter(|group| *group != RTPS) else {
            continue;
        };
        let Some(user) = nlb::known_group_user(group) else { continue };
        findings
            .report(
                &IGMP_KNOWN_GROUP,
                cluster.primary_ip.span,
                format!("cluster `{}` joins {group}, the group of {user}", cluster.name),
            )
            .help("choose other last octets: ports with such listeners get its frames, and it gets theirs")
            .cluster(cluster.name.to_string());
    }
}
