//! Rules on Hyper-V guests: MAC spoofing, static MACs, backup, and the domain controllers they hang on.

use super::guests::{Tenants, guests, runs};
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Host, Hypervisor, MacAddressKind, Node, Placement, Windows};
use crate::diagnostic::{Code, Severity};
use crate::nlb::Mode;

pub(super) const RULES: &[Rule] =
    &[MAC_SPOOFING_OFF, STATIC_VM_MAC, VM_WITHOUT_SCSI_CONTROLLER, DOMAIN_CONTROLLER_DEPENDENCY];

/// A guest whose virtual adapter may not change its MAC.
const MAC_SPOOFING_OFF: Rule = Rule {
    code: Code(206),
    name: "mac-spoofing-off",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB206.md"),
    check: mac_spoofing_off,
};

/// A guest with a MAC that was typed in.
const STATIC_VM_MAC: Rule = Rule {
    code: Code(207),
    name: "static-vm-mac",
    severity: Severity::Info,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB207.md"),
    check: static_vm_mac,
};

/// A guest that a 2012 R2 host cannot back up while it runs.
const VM_WITHOUT_SCSI_CONTROLLER: Rule = Rule {
    code: Code(223),
    name: "vm-without-scsi-controller",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB223.md"),
    check: vm_without_scsi_controller,
};

/// A host group that needs a domain controller which runs on itself.
const DOMAIN_CONTROLLER_DEPENDENCY: Rule = Rule {
    code: Code(224),
    name: "domain-controller-dependency",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB224.md"),
    check: domain_controller_dependency,
};

/// The guests of one cluster on hosts that are stated to run Hyper-V.
fn hyperv_guests<'e>(
    estate: &Estate<'e>,
    cluster: &'e crate::design::Cluster,
) -> impl Iterator<Item = &'e Node> {
    guests(estate.design(), cluster).filter(|(_, host)| runs(host, Hypervisor::HyperV)).map(|(node, _)| node)
}

fn mac_spoofing_off(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        for node in hyperv_guests(estate, cluster) {
            let Some(spoofing) = node.mac_spoofing.filter(|spoofing| !spoofing.value) else { continue };
            let message =
                format!("MAC address spoofing is off for node `{}` of cluster `{}`", node.name, cluster.name);
            let finding = findings.report(&MAC_SPOOFING_OFF, spoofing.span, message);
            finding.cluster(cluster.name.as_str());
            if cluster.mode.value == Mode::Unicast {
                finding.help(
                    "enable it on the virtual adapter before NLB is set up: binding NLB fails without it",
                );
            } else {
                finding.severity(Severity::Warning);
                finding.help(
                    "enable it on the virtual adapter: the proven set-up has it on in multicast modes too",
                );
            }
        }
    }
}

fn static_vm_mac(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        for node in hyperv_guests(estate, cluster) {
            let typed_in =
                |kind: &crate::source::Spanned<MacAddressKind>| kind.value == MacAddressKind::Static;
            let Some(kind) = node.mac_address.filter(typed_in) else { continue };
            let message = format!(
                "node `{}` of cluster `{}` has a static MAC on its virtual adapter",
                node.name, cluster.name
            );
            findings
                .report(&STATIC_VM_MAC, kind.span, message)
                .cluster(cluster.name.as_str())
                .help("a dynamic MAC with MAC address spoofing is enough, and nothing goes stale");
        }
    }
}

fn vm_without_scsi_controller(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        if cluster.windows.is_some_and(|windows| windows.value != Windows::W2012R2) {
            continue; // the fact is known of that release alone
        }
        for node in hyperv_guests(estate, cluster) {
            let Some(controller) = node.scsi_controller.filter(|controller| !controller.value) else {
                continue;
            };
            let message = format!(
                "node `{}` of cluster `{}` has no SCSI controller, which Windows Server 2012 R2 needs for a hot backup",
                node.name, cluster.name
            );
            findings
                .report(&VM_WITHOUT_SCSI_CONTROLLER, controller.span, message)
                .cluster(cluster.name.as_str())
                .help(
                    "add a SCSI controller, an empty one is enough; without it backup stops with event 10103",
                );
        }
    }
}

fn domain_controller_dependency(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let inside = |placement: &crate::source::Spanned<Placement>| placement.value == Placement::Inside;
    let groups =
        design.host_groups.iter().filter_map(|group| Some((group, group.domain_controllers.filter(inside)?)));
    let groups: Vec<_> = groups.collect();
    if groups.is_empty() {
        return;
    }
    let tenants = Tenants::of(design);
    for (group, placement) in groups {
        let hyperv = |host: &&Host| runs(host, Hypervisor::HyperV);
        let mut hosts = design.hosts_of_group(&group.name).filter(hyperv);
        let Some((host, tenant)) = hosts.find_map(|host| Some((host, tenants.on(host, &Mode::ALL)?))) else {
            continue;
        };
        let message =
            format!("host group `{}` has no domain controller but those it runs itself", group.name);
        let finding = findings.report(&DOMAIN_CONTROLLER_DEPENDENCY, placement.span, message);
        finding.help(
            "keep one domain controller outside: without one the group cannot register its guests again",
        );
        tenant.tie(finding, host);
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::found;

    fn design(mode: &str, node: &str, platform: &str) -> String {
        format!(
            "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10,
                nodes: [{{name: a, host: hv1, {node}}}, {{name: b}}]}}]
hosts: [{{name: hv1{platform}}}]"
        )
    }

    #[test]
    fn what_a_guest_states_is_judged_and_what_it_leaves_out_is_not() {
        let hyperv = ", platform: hyper-v";
        for (mode, node, expected) in [
            ("multicast", "mac_spoofing: false", "NLB206 warning false"),
            ("igmp-multicast", "mac_spoofing: off", "NLB206 warning off"),
            ("igmp-multicast", "mac_address: static", "NLB207 info static"),
            ("igmp-multicast", "scsi_controller: false", "NLB223 warning false"),
        ] {
            assert_eq!(found(&design(mode, node, hyperv)), [expected], "{mode} {node}");
            assert_eq!(found(&design(mode, node, "")), [""; 0], "{mode} {node}, hypervisor unknown");
            assert_eq!(found(&design(mode, node, ", platform: vsphere")), [""; 0], "{mode} {node}");
        }
        let good = "mac_spoofing: true, mac_address: dynamic, scsi_controller: true";
        assert_eq!(found(&design("igmp-multicast", good, hyperv)), [""; 0]);
        assert_eq!(
            found(&design("unicast", "mac_spoofing: false", hyperv)),
            ["NLB204 warning unicast", "NLB206 error false"]
        );
    }

    #[test]
    fn the_scsi_controller_matters_on_2012_r2_only() {
        for (windows, expected) in [
            ("2012 R2", vec!["NLB218 info 2012 R2", "NLB223 warning false"]),
            ("2016", vec!["NLB218 info 2016"]),
        ] {
            let text = design("multicast", "scsi_controller: false", ", platform: hyper-v")
                .replace("vlan: 10", &format!("vlan: 10, windows: {windows}"));
            assert_eq!(found(&text), expected);
        }
    }

    #[test]
    fn a_group_without_nodes_may_host_its_domain_controllers() {
        let text = |host: &str| {
            format!(
                "clusters: [{{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10,
                    nodes: [{{name: a, host: {host}}}, {{name: b}}]}}]
hosts: [{{name: hv1, platform: hyper-v, group: g}}, {{name: hv2, platform: hyper-v}}, {{name: hv3, platform: hyper-v, group: o}}]
host_groups: [{{name: g, domain_controllers: inside}}, {{name: o, domain_controllers: outside}}]"
            )
        };
        assert_eq!(found(&text("hv1")), ["NLB224 warning inside"]);
        assert_eq!(found(&text("hv2")), [""; 0]);
        assert_eq!(found(&text("hv3")), [""; 0]);
    }
}
