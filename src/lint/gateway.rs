//! The gateways themselves: what some of them do with the frames of a cluster, and what they cannot hold.

mod configs;

use macaddr::MacAddr6;

use super::words::{
    about, answers_with_multicast, clusters_at, clusters_text, device_text, gateway_span, is_likely,
    is_routed, ports_to_nodes, static_mac_key, view_of,
};
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Firewall, FirewallMode};
use crate::diagnostic::{Code, Severity};
use crate::nlb::Mode;
use crate::vendor::{Acceptance, PlatformFacts, UnicastProvision};

pub(super) const RULES: &[Rule] =
    &[UNICAST_GATEWAY_BINDS_PORT, ENTRY_LIMIT, PLATFORM_REFUSES_STATIC_ARP, FIREWALL_GATEWAY];

/// A gateway that sends all unicast frames to one port.
pub(super) const UNICAST_GATEWAY_BINDS_PORT: Rule = Rule {
    code: Code(405),
    name: "unicast-gateway-binds-port",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB405.md"),
    check: unicast_gateway_binds_port,
};

fn unicast_gateway_binds_port(estate: &Estate<'_>, findings: &mut Findings) {
    configs::unicast_without_entry(estate, findings);
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let facts = estate.facts(number);
        let provision = facts.unicast_provision();
        let entry_needed = provision.filter(|fact| fact.value == UnicastProvision::StaticMac);
        let binds = facts.unicast_arp_binds_one_port().filter(|fact| fact.value);
        let likely = match (entry_needed, binds, provision.map(|fact| fact.value)) {
            (_, _, Some(UnicastProvision::VlanFlooding)) => continue, // NLB705's
            (_, _, Some(UnicastProvision::ClusterMode)) => continue,  // NLB412's
            (Some(needed), _, _) => is_likely(needed),
            (None, Some(binds), _) => is_likely(binds),
            (None, None, _) => continue,
        };
        let pinned = |cluster: &Cluster| estate.held(number).get(&static_mac_key(cluster)).is_some();
        let exposed = |at: &&usize| {
            let view = view_of(estate, **at);
            let one_way = || ports_to_nodes(estate, view, number).is_some_and(|ports| ports.len() == 1);
            view.cluster.mode.value == Mode::Unicast
                && is_routed(view.cluster)
                && !pinned(view.cluster)
                && (entry_needed.is_some() || !one_way())
        };
        let exposed: Vec<&Cluster> =
            device.gateway_for.iter().filter(exposed).map(|at| &estate.design().clusters[*at]).collect();
        if exposed.is_empty() {
            continue;
        }
        let (named, clusters) = (device_text(estate, number), clusters_text(&exposed));
        let likely = if likely { "likely " } else { "" };
        let (message, help) = match entry_needed {
            Some(_) => (
                format!(
                    "gateway {named} {likely}needs a static MAC entry for unicast {clusters}: none is known"
                ),
                "bind the cluster MAC to the port towards the nodes, or let another switch route the VLAN",
            ),
            None => (
                format!(
                    "gateway {named} {likely}ties the VIPs of unicast {clusters} to one port: nodes are left out"
                ),
                "let another switch route the VLAN, or use a multicast mode",
            ),
        };
        let finding = findings.report(&UNICAST_GATEWAY_BINDS_PORT, gateway_span(estate, number), message);
        finding.switch(device.name.clone()).help(help);
        about(finding, &exposed);
    }
}

/// More clusters than a platform holds.
const ENTRY_LIMIT: Rule = Rule {
    code: Code(406),
    name: "entry-limit",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB406.md"),
    check: entry_limit,
};

fn entry_limit(estate: &Estate<'_>, findings: &mut Findings) {
    configs::too_many_clusters(estate, findings);
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let Some(limit) = estate.facts(number).max_clusters() else { continue };
        let clusters = clusters_at(estate, &device.gateway_for, is_routed);
        let most = usize::try_from(limit.value).unwrap_or(usize::MAX);
        let Some(first) = clusters.get(most) else { continue };
        let likely = device.model.platform.is_none() || is_likely(limit);
        let message = format!(
            "gateway {} {}holds {most} clusters, and the design has {} behind it",
            device_text(estate, number),
            if likely { "likely " } else { "" },
            clusters.len()
        );
        let finding = findings.report(&ENTRY_LIMIT, gateway_span(estate, number), message);
        finding.switch(device.name.clone());
        finding.related(first.name.span, "the first one that is too many");
        finding.help("let another switch route some of them; what is too many is silently inactive");
    }
}

/// A gateway that cannot hold what a multicast cluster needs.
pub(super) const PLATFORM_REFUSES_STATIC_ARP: Rule = Rule {
    code: Code(409),
    name: "platform-refuses-static-arp",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB409.md"),
    check: platform_refuses_static_arp,
};

/// Why a platform can be no gateway of the cluster with `mac`, a multicast one, and whether that is only likely.
pub(super) fn refusal_of(facts: &PlatformFacts<'_>, mac: MacAddr6) -> Option<(&'static str, bool)> {
    let routes = facts.routes().filter(|fact| !fact.value);
    let no_routing = routes.map(|fact| ("does not route", is_likely(fact)));
    let no_entry = facts.refuses_static_arp(mac).map(|fact| {
        let why = match fact.value {
            Acceptance::IpMulticast => {
                "takes static ARP entries with MACs of IP multicast alone, as IGMP mode has"
            }
            _ => "takes no static ARP entry with a multicast MAC",
        };
        (why, is_likely(fact))
    });
    match (no_routing, no_entry) {
        (Some((_, true)), Some((why, false))) => Some((why, false)),
        (first, second) => first.or(second),
    }
}

/// The clusters that the design wants routed by a device which cannot.
fn refused<'e>(estate: &'e Estate<'_>, device: usize) -> Vec<&'e Cluster> {
    let facts = estate.facts(device);
    clusters_at(estate, &estate.device(device).gateway_for, |cluster| {
        answers_with_multicast(cluster) && is_routed(cluster) && refusal_of(&facts, cluster.mac()).is_some()
    })
}

fn platform_refuses_static_arp(estate: &Estate<'_>, findings: &mut Findings) {
    configs::refused(estate, findings);
    for (number, device) in estate.plan.devices.iter().enumerate() {
        let clusters = refused(estate, number);
        let refusal = clusters.first().and_then(|first| refusal_of(&estate.facts(number), first.mac()));
        let Some((why, likely)) = refusal else { continue };
        let message = format!(
            "{} cannot be the gateway of {}: it {}{why}",
            device_text(estate, number),
            clusters_text(&clusters),
            if likely { "likely " } else { "" }
        );
        let finding = findings.report(&PLATFORM_REFUSES_STATIC_ARP, gateway_span(estate, number), message);
        finding.switch(device.name.clone());
        finding.help("describe the router of the VLAN as the gateway, and leave `gateway` out here");
        configs::take_out(estate, number, finding);
        if likely {
            finding.severity(Severity::Warning);
        }
        about(finding, &clusters);
    }
}

/// A firewall in the way of a cluster's frames.
pub(super) const FIREWALL_GATEWAY: Rule = Rule {
    code: Code(410),
    name: "firewall-gateway",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB410.md"),
    check: firewall_gateway,
};

fn firewall_gateway(estate: &Estate<'_>, findings: &mut Findings) {
    let Some(site) = &estate.design().site else { return };
    for firewall in &site.firewalls {
        let clusters: Vec<&Cluster> =
            estate.design().clusters.iter().filter(|cluster| is_in_the_way(firewall, cluster)).collect();
        let Some(first) = clusters.first() else { continue };
        let (does, why, help) = match firewall.mode.map(|mode| mode.value) {
            Some(FirewallMode::Gateway) => (
                "routes",
                "its VIPs answer ARP with a multicast MAC, which it likely refuses",
                "give the firewall the static ARP entries, or let a switch route the VLAN",
            ),
            Some(FirewallMode::Transparent) => (
                "bridges",
                "frames to the cluster MAC pass it without a session",
                "take the VLAN off the firewall, or route to the cluster behind it",
            ),
            None => (
                "stands in",
                "it refuses the multicast MAC or keeps no session for it",
                "say how with `mode: gateway` or `mode: transparent`, and test with it in the path",
            ),
        };
        let message = format!(
            "firewall `{}` {does} the VLAN of {}: {why}",
            firewall.name.value,
            clusters_text(&clusters)
        );
        let finding = findings.report(&FIREWALL_GATEWAY, firewall.name.span, message);
        finding.related(first.vlan.span, "this VLAN").help(help);
        about(finding, &clusters);
    }
}

fn is_in_the_way(firewall: &Firewall, cluster: &Cluster) -> bool {
    let bridges = firewall.mode.is_some_and(|mode| mode.value == FirewallMode::Transparent);
    let routes = firewall.mode.is_some_and(|mode| mode.value == FirewallMode::Gateway);
    let stands_there =
        firewall.vlans.is_empty() || firewall.vlans.iter().any(|vlan| vlan.value == cluster.vlan.value);
    let harms = bridges || answers_with_multicast(cluster);
    stands_there && harms && (!routes || is_routed(cluster))
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::found;

    #[test]
    fn one_platform_that_cannot_route_is_one_finding_for_all_its_clusters() {
        let design = "clusters:\n\
            - {name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: sw1 g1}]}\n\
            - {name: b, mode: multicast, primary_ip: 10.0.1.1/24, vlan: 11, nodes: [{name: n, attach: sw1 g2}]}\n\
            - {name: c, mode: unicast, primary_ip: 10.0.2.1/24, vlan: 12, nodes: [{name: n, attach: sw1 g3}]}\n\
            switches: [{name: sw1, vendor: powerconnect, gateway: true}]\n";
        let found: Vec<String> =
            found(design, &[]).into_iter().filter(|finding| finding.starts_with("NLB4")).collect();
        assert_eq!(
            found,
            [
                "NLB409 error 5: `sw1` (dell-powerconnect-5400) cannot be the gateway of clusters `a` and `b`: it does not route"
            ]
        );
    }

    #[test]
    fn a_gateway_that_takes_macs_of_ip_multicast_alone_serves_igmp_mode_alone() {
        let design = "clusters:\n\
            - {name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: sw1 1/1/1}]}\n\
            - {name: b, mode: igmp-multicast, primary_ip: 10.0.1.1/24, vlan: 11, nodes: [{name: n, attach: sw1 1/1/2}]}\n\
            switches: [{name: sw1, vendor: aruba-cx, gateway: true}]\n";
        let found: Vec<String> =
            found(design, &[]).into_iter().filter(|finding| finding.starts_with("NLB4")).collect();
        assert_eq!(
            found,
            [
                "NLB409 error 4: `sw1` (aruba-cx) cannot be the gateway of cluster `a`: it takes static ARP entries with MACs of IP multicast alone, as IGMP mode has"
            ]
        );
    }

    #[test]
    fn a_firewall_harms_what_it_cannot_pass() {
        for (mode, clients, firewall, fires) in [
            ("unicast", "both", "fw", false),
            ("unicast", "both", "{name: fw, mode: gateway}", false),
            ("unicast", "both", "{name: fw, mode: transparent}", true),
            ("multicast", "both", "fw", true),
            ("multicast", "both", "{name: fw, vlans: [11]}", false),
            ("multicast", "same-vlan", "{name: fw, vlans: [10], mode: gateway}", false),
            ("multicast", "same-vlan", "{name: fw, vlans: [10], mode: transparent}", true),
        ] {
            let design = format!(
                "clusters: [{{name: a, mode: {mode}, primary_ip: 10.0.0.1/24, vlan: 10, clients: {clients}}}]\n\
                 site: {{firewalls: [{firewall}]}}\n"
            );
            let found = found(&design, &[]);
            let fired = found.iter().any(|finding| finding.starts_with("NLB410 warning 2:"));
            assert_eq!(fired, fires, "{mode} {clients} {firewall}: {found:?}");
        }
    }

    #[test]
    fn a_nexus_9000_gateway_wants_its_entry_however_many_ports_lead_to_nodes() {
        let design = |nodes: &str| {
            format!(
                "clusters: [{{name: a, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{nodes}]}}]\n\
                 switches: [{{name: n9, vendor: nxos, platform: nexus-9000, gateway: true}}]\n"
            )
        };
        for nodes in
            ["{name: n, attach: n9 Eth1/1}", "{name: n, attach: n9 Eth1/1}, {name: m, attach: n9 Eth1/2}"]
        {
            let found = found(&design(nodes), &[]);
            assert_eq!(
                found,
                [
                    "NLB405 warning 2: gateway `n9` (nexus-9000) needs a static MAC entry for unicast cluster `a`: none is known"
                ]
            );
        }
    }
}
