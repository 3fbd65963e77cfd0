//! Rules on what nodes run on and beside: clouds, hypervisors without a statement, Windows releases, other clusters.

use super::guests::{Tenants, counted, is_cloud};
use super::words::MOST_RELATED;
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Host, Hypervisor, Windows};
use crate::diagnostic::{Code, Severity};
use crate::nlb::Mode;

pub(super) const RULES: &[Rule] = &[
    CLOUD_UNSUPPORTED,
    HYPERVISOR_UNVERIFIED,
    IGMP_WINDOWS_TOO_OLD,
    NLB_DEPRECATED,
    FAILOVER_CLUSTER_NODE,
    UNICAST_SINGLE_NIC,
    SDN_MUX_VLAN,
];

/// A node in Azure, AWS or Google Cloud.
const CLOUD_UNSUPPORTED: Rule = Rule {
    code: Code(214),
    name: "cloud-unsupported",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB214.md"),
    check: cloud_unsupported,
};

/// A hypervisor about which nobody says anything.
const HYPERVISOR_UNVERIFIED: Rule = Rule {
    code: Code(215),
    name: "hypervisor-unverified",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB215.md"),
    check: hypervisor_unverified,
};

/// IGMP mode before Windows Server 2003.
const IGMP_WINDOWS_TOO_OLD: Rule = Rule {
    code: Code(217),
    name: "igmp-windows-too-old",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB217.md"),
    check: igmp_windows_too_old,
};

/// NLB is on its way out.
const NLB_DEPRECATED: Rule = Rule {
    code: Code(218),
    name: "nlb-deprecated",
    severity: Severity::Info,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB218.md"),
    check: nlb_deprecated,
};

/// A node that is a failover cluster member too.
const FAILOVER_CLUSTER_NODE: Rule = Rule {
    code: Code(220),
    name: "failover-cluster-node",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB220.md"),
    check: failover_cluster_node,
};

/// A unicast node without a second adapter.
const UNICAST_SINGLE_NIC: Rule = Rule {
    code: Code(221),
    name: "unicast-single-nic",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB221.md"),
    check: unicast_single_nic,
};

/// A VLAN shared with the multiplexers of a software load balancer.
const SDN_MUX_VLAN: Rule = Rule {
    code: Code(222),
    name: "sdn-mux-vlan",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB222.md"),
    check: sdn_mux_vlan,
};

/// The platform's name in a sentence.
fn title(platform: Hypervisor) -> &'static str {
    match platform {
        Hypervisor::HyperV => "Hyper-V",
        Hypervisor::Vsphere => "vSphere",
        Hypervisor::Ahv => "Nutanix AHV",
        Hypervisor::Kvm => "KVM",
        Hypervisor::Proxmox => "Proxmox VE",
        Hypervisor::Xen => "Xen",
        Hypervisor::Azure => "Azure",
        Hypervisor::Aws => "AWS",
        Hypervisor::Gcp => "Google Cloud",
    }
}

fn cloud_unsupported(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    for cluster in &design.clusters {
        let nodes = cluster.nodes.iter().filter_map(|node| Some((node, design.host_of(node)?)));
        let mut nodes = nodes.filter(|(_, host)| is_cloud(host));
        let Some((node, host)) = nodes.next() else { continue };
        let (Some(home), Some(platform)) = (&node.host, host.platform) else { continue };
        let message = format!(
            "node `{}` of cluster `{}` runs in {}, whose networks carry no broadcast and no layer-2 multicast",
            node.name,
            cluster.name,
            title(platform.value)
        );
        let finding = findings.report(&CLOUD_UNSUPPORTED, home.span, message);
        finding.cluster(cluster.name.as_str());
        finding.help("no mode of NLB works there: use the cloud's own load balancer");
        finding.related(platform.span, format!("host `{}`", host.name));
        for (other, _) in nodes.take(MOST_RELATED) {
            if let Some(home) = &other.host {
                finding.related(home.span, format!("node `{}` too", other.name));
            }
        }
    }
}

fn hypervisor_unverified(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let silent = [Hypervisor::Ahv, Hypervisor::Kvm, Hypervisor::Proxmox, Hypervisor::Xen];
    let on = |host: &Host| host.platform.filter(|platform| silent.contains(&platform.value));
    if !design.hosts.iter().any(|host| on(host).is_some()) {
        return;
    }
    let tenants = Tenants::of(design);
    for product in silent {
        // The product is the cause: one finding, however many hosts run it.
        let hosts = design.hosts.iter().filter_map(|host| {
            let platform = on(host).filter(|platform| platform.value == product)?;
            Some((host, platform, tenants.on(host, &Mode::ALL)?))
        });
        let hosts: Vec<_> = hosts.collect();
        let Some(((host, platform, tenant), others)) = hosts.split_first() else { continue };
        let message = format!(
            "{} on {}: no statement for or against NLB was found",
            title(product),
            counted(host, others.len())
        );
        let finding = findings.report(&HYPERVISOR_UNVERIFIED, platform.span, message);
        finding.help(
            "ask the vendor for a statement, and test each node alone from its own VLAN and from another",
        );
        tenant.tie(finding, host);
        for (other, platform, _) in others.iter().take(MOST_RELATED) {
            finding.related(platform.span, format!("host `{}`", other.name));
        }
    }
}

/// The release as Microsoft names it.
fn release(windows: Windows) -> String {
    match windows {
        Windows::Nt4 | Windows::W2000 => format!("Windows {windows}"),
        _ => format!("Windows Server {windows}"),
    }
}

fn igmp_windows_too_old(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        let Some(windows) = cluster.windows.filter(|windows| windows.value < Windows::W2003) else {
            continue;
        };
        if cluster.mode.value != Mode::IgmpMulticast {
            continue;
        }
        let message =
            format!("{} has no IGMP mode, which cluster `{}` uses", release(windows.value), cluster.name);
        findings
            .report(&IGMP_WINDOWS_TOO_OLD, windows.span, message)
            .cluster(cluster.name.as_str())
            .help("use `multicast` with static entries, or Windows Server 2003 and later")
            .related(cluster.mode.span, "the mode");
    }
}

fn nlb_deprecated(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        // Of NT 4 and 2000 there is worse to say than that NLB ends with 2025.
        let Some(windows) = cluster.windows.filter(|windows| windows.value >= Windows::W2003) else {
            continue;
        };
        let name = &cluster.name;
        if windows.value >= Windows::W2025 {
            let message =
                format!("cluster `{name}` runs on {}, where NLB is deprecated", release(windows.value));
            findings
                .report(&NLB_DEPRECATED, windows.span, message)
                .severity(Severity::Warning)
                .cluster(name.as_str())
                .help("plan its successor now: a software load balancer or another real load balancer");
        } else {
            let message = format!(
                "cluster `{name}` runs on {}: NLB is deprecated as of Windows Server 2025",
                release(windows.value)
            );
            findings
                .report(&NLB_DEPRECATED, windows.span, message)
                .cluster(name.as_str())
                .help("plan to leave NLB with the next move of the operating system");
        }
    }
}

fn failover_cluster_node(estate: &Estate<'_>, findings: &mut Findings) {
    for (cluster, node) in estate.nodes() {
        let Some(member) = node.failover_cluster.filter(|member| member.value) else { continue };
        let message = format!(
            "node `{}` of cluster `{}` is a member of a failover cluster too",
            node.name, cluster.name
        );
        findings.report(&FAILOVER_CLUSTER_NODE, member.span, message).cluster(cluster.name.as_str()).help(
            "put NLB on servers of their own, or use another load balancer: the two exclude each other",
        );
    }
}

fn unicast_single_nic(estate: &Estate<'_>, findings: &mut Findings) {
    for (cluster, node) in estate.nodes() {
        let Some(nics) = node.nics.filter(|nics| nics.value == 1) else { continue };
        if cluster.mode.value != Mode::Unicast {
            continue;
        }
        let message = format!(
            "node `{}` of unicast cluster `{}` has a single network adapter",
            node.name, cluster.name
        );
        findings
            .report(&UNICAST_SINGLE_NIC, nics.span, message)
            .cluster(cluster.name.as_str())
            .help("add an adapter for traffic between the nodes, or use a multicast mode");
    }
}

fn sdn_mux_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    let Some(site) = &estate.design().site else { return };
    for cluster in &estate.design().clusters {
        let vlan = cluster.vlan;
        let Some(mux) = site.sdn_slb_mux_vlans.iter().find(|mux| mux.value == vlan.value) else { continue };
        let message = format!("cluster `{}` shares VLAN {vlan} with an SDN load balancer MUX", cluster.name);
        findings
            .report(&SDN_MUX_VLAN, vlan.span, message)
            .cluster(cluster.name.as_str())
            .help(
                "move the cluster to a VLAN of its own: the two together were seen to cause broadcast storms",
            )
            .related(mux.span, "the VLAN of the MUX");
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::found;

    fn design(cluster: &str, nodes: &str, more: &str) -> String {
        format!(
            "clusters: [{{name: web, primary_ip: 172.31.1.232/24, vlan: 10, {cluster}, nodes: [{nodes}]}}]\n{more}"
        )
    }

    #[test]
    fn in_a_cloud_nothing_else_is_said_about_a_node() {
        let hosts = "hosts: [{name: az1, platform: azure, team: {mode: lacp}}, {name: gc1, platform: gcp}]";
        let nodes = "{name: a, host: az1, mac_spoofing: false}, {name: b, host: az1}, {name: c, host: gc1}";
        assert_eq!(found(&design("mode: unicast", nodes, hosts)), ["NLB214 error az1"]);
        assert_eq!(found(&design("mode: unicast", "{name: a}, {name: b}", hosts)), [""; 0]);
    }

    #[test]
    fn an_unverified_hypervisor_is_told_once_each() {
        let hosts =
            "hosts: [{name: k1, platform: kvm}, {name: k2, platform: kvm}, {name: n1, platform: ahv}]";
        let nodes = "{name: a, host: k1}, {name: b, host: k2}, {name: c, host: n1}";
        assert_eq!(
            found(&design("mode: igmp-multicast", nodes, hosts)),
            ["NLB215 warning kvm", "NLB215 warning ahv"]
        );
        let unused = "{name: a, host: k1}, {name: b, host: k2}";
        assert_eq!(found(&design("mode: igmp-multicast", unused, hosts)), ["NLB215 warning kvm"]);
    }

    #[test]
    fn each_windows_release_has_its_word() {
        let nodes = "{name: a}, {name: b}";
        for (release, mode, expected) in [
            ("NT 4", "igmp-multicast", vec!["NLB217 error NT 4"]),
            ("\"2000\"", "igmp-multicast", vec!["NLB217 error \"2000\""]),
            ("\"2000\"", "multicast", vec![]),
            ("2003", "igmp-multicast", vec!["NLB218 info 2003"]),
            ("2012 R2", "unicast", vec!["NLB218 info 2012 R2"]),
            ("2022", "multicast", vec!["NLB218 info 2022"]),
            ("2025", "multicast", vec!["NLB218 warning 2025"]),
        ] {
            let cluster = format!("mode: {mode}, windows: {release}");
            assert_eq!(found(&design(&cluster, nodes, "")), expected, "{release} {mode}");
        }
        assert_eq!(found(&design("mode: igmp-multicast", nodes, "")), [""; 0]);
    }

    #[test]
    fn what_a_node_or_the_site_states_is_judged_at_its_value() {
        let mux = "site: {sdn_slb_mux_vlans: [20, 10]}";
        for (mode, node, more, expected) in [
            ("multicast", "failover_cluster: true", "", vec!["NLB220 error true"]),
            ("multicast", "failover_cluster: false", "", vec![]),
            ("unicast", "nics: 1", "", vec!["NLB221 warning 1"]),
            ("unicast", "nics: 2", "", vec![]),
            ("multicast", "nics: 1", "", vec![]),
            ("multicast", "priority: 1", mux, vec!["NLB222 error 10"]),
            ("multicast", "priority: 1", "site: {sdn_slb_mux_vlans: [20]}", vec![]),
        ] {
            let nodes = format!("{{name: a, {node}}}, {{name: b}}");
            assert_eq!(
                found(&design(&format!("mode: {mode}"), &nodes, more)),
                expected,
                "{mode} {node} {more}"
            );
        }
    }
}
