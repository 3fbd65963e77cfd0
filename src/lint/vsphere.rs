//! Rules on vSphere hosts: what VMware asks of NLB in each mode.

use std::collections::BTreeSet;

use super::guests::{MULTICAST_MODES, Tenants, guests, possible_hosts, runs};
use super::words::MOST_RELATED;
use super::{Estate, Findings, Rule, Scope};
use crate::design::{Cluster, Design, Host, Hypervisor, MulticastFilter};
use crate::diagnostic::{Code, Severity};
use crate::nlb::Mode;

pub(super) const RULES: &[Rule] =
    &[VSPHERE_NOTIFY_SWITCHES, VSPHERE_FORGED_TRANSMITS, VSPHERE_UNICAST_SPREAD, VDS_MULTICAST_FILTER];

/// Notify Switches on with unicast, or off with multicast.
const VSPHERE_NOTIFY_SWITCHES: Rule = Rule {
    code: Code(210),
    name: "vsphere-notify-switches",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB210.md"),
    check: vsphere_notify_switches,
};

/// Unicast with forged transmits rejected.
const VSPHERE_FORGED_TRANSMITS: Rule = Rule {
    code: Code(211),
    name: "vsphere-forged-transmits",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB211.md"),
    check: vsphere_forged_transmits,
};

/// Unicast nodes on several hosts.
const VSPHERE_UNICAST_SPREAD: Rule = Rule {
    code: Code(212),
    name: "vsphere-unicast-spread",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB212.md"),
    check: vsphere_unicast_spread,
};

/// A distributed switch that filters multicast by IP.
const VDS_MULTICAST_FILTER: Rule = Rule {
    code: Code(213),
    name: "vds-multicast-filter",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB213.md"),
    check: vds_multicast_filter,
};

/// Whether NLB210, NLB211 or NLB212 speaks about the unicast mode of `cluster`.
pub(super) fn refuses_unicast(design: &Design, cluster: &Cluster) -> bool {
    let refuses = |host: &&Host| announces(host) || drops_masked_frames(host);
    cluster.mode.value == Mode::Unicast
        && (possible_hosts(design, cluster).iter().any(refuses) || spread(design, cluster).is_some())
}

fn announces(host: &Host) -> bool {
    runs(host, Hypervisor::Vsphere) && host.notify_switches.is_some_and(|notify| notify.value)
}

fn drops_masked_frames(host: &Host) -> bool {
    runs(host, Hypervisor::Vsphere) && host.forged_transmits.is_some_and(|policy| !policy.value.0)
}

/// The vSphere hosts that the nodes of a cluster are spread over, two at least.
fn spread<'e>(design: &'e Design, cluster: &'e Cluster) -> Option<BTreeSet<&'e str>> {
    let hosts = guests(design, cluster).filter(|(_, host)| runs(host, Hypervisor::Vsphere));
    let hosts: BTreeSet<&str> = hosts.map(|(_, host)| host.name.as_str()).collect();
    (hosts.len() > 1).then_some(hosts)
}

fn vsphere_notify_switches(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let stated = |host: &&Host| runs(host, Hypervisor::Vsphere) && host.notify_switches.is_some();
    if !design.hosts.iter().any(|host| stated(&host)) {
        return;
    }
    let tenants = Tenants::of(design);
    for host in design.hosts.iter().filter(stated) {
        let Some(notify) = host.notify_switches else { continue };
        if notify.value {
            let Some(tenant) = tenants.on(host, &[Mode::Unicast]) else { continue };
            let message = format!(
                "host `{}` announces its guests to the switches, which unicast mode cannot bear",
                host.name
            );
            let finding = findings.report(&VSPHERE_NOTIFY_SWITCHES, notify.span, message);
            finding.help("set Notify Switches to No, or use a multicast mode: an announced cluster MAC ends on one port");
            tenant.tie(finding, host);
        } else {
            let Some(tenant) = tenants.on(host, &MULTICAST_MODES) else { continue };
            // VMware says so of multicast mode; for IGMP mode it is an inference.
            let sure = tenants.on(host, &[Mode::Multicast]).is_some();
            let likely = if sure { "needs" } else { "likely needs" };
            let mode = tenant.cluster.mode.value.title();
            let message = format!(
                "host `{}` does not announce its guests to the switches, which {mode} {likely}",
                host.name
            );
            let finding = findings.report(&VSPHERE_NOTIFY_SWITCHES, notify.span, message);
            finding.severity(Severity::Warning);
            finding.help("set Notify Switches to Yes: without it no switch hears of an uplink failover");
            tenant.tie(finding, host);
        }
    }
}

fn vsphere_forged_transmits(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let mut rejecting = design.hosts.iter().filter(|host| drops_masked_frames(host)).peekable();
    if rejecting.peek().is_none() {
        return;
    }
    let tenants = Tenants::of(design);
    for host in rejecting {
        let (Some(policy), Some(tenant)) = (host.forged_transmits, tenants.on(host, &[Mode::Unicast])) else {
            continue;
        };
        let message =
            format!("host `{}` drops the masked source MAC that unicast nodes send with", host.name);
        let finding = findings.report(&VSPHERE_FORGED_TRANSMITS, policy.span, message);
        finding.help("accept forged transmits on the port group, or use a multicast mode");
        tenant.tie(finding, host);
    }
}

fn vsphere_unicast_spread(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    for cluster in design.clusters.iter().filter(|cluster| cluster.mode.value == Mode::Unicast) {
        let Some(hosts) = spread(design, cluster) else { continue };
        let message =
            format!("the nodes of unicast cluster `{}` run on {} vSphere hosts", cluster.name, hosts.len());
        let finding = findings.report(&VSPHERE_UNICAST_SPREAD, cluster.mode.span, message);
        finding.help("use a multicast mode: VMware wants unicast nodes on one host, which then is a single point of failure");
        finding.cluster(cluster.name.as_str());
        let spread = guests(design, cluster).filter(|(_, host)| hosts.contains(host.name.as_str()));
        for node in spread.map(|(node, _)| node).take(MOST_RELATED) {
            if let Some(home) = &node.host {
                finding.related(home.span, format!("node `{}`", node.name));
            }
        }
    }
}

fn vds_multicast_filter(estate: &Estate<'_>, findings: &mut Findings) {
    let design = estate.design();
    let snoops = |host: &&Host| {
        runs(host, Hypervisor::Vsphere)
            && host.multicast_filter.is_some_and(|filter| filter.value == MulticastFilter::Snooping)
    };
    if !design.hosts.iter().any(|host| snoops(&host)) {
        return;
    }
    let tenants = Tenants::of(design);
    for host in design.hosts.iter().filter(snoops) {
        let (Some(filter), Some(tenant)) = (host.multicast_filter, tenants.on(host, &MULTICAST_MODES)) else {
            continue;
        };
        let message = format!(
            "the distributed switch of host `{}` filters multicast by IP and likely drops frames for the VIP",
            host.name
        );
        let finding = findings.report(&VDS_MULTICAST_FILTER, filter.span, message);
        finding
            .help("set the multicast filtering mode to basic: it goes by the MAC that the guest registers");
        tenant.tie(finding, host);
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::found;

    fn design(mode: &str, settings: &str, second_node: &str) -> String {
        format!(
            "clusters: [{{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10,
                nodes: [{{name: a, host: esx1}}, {{name: b{second_node}}}]}}]
hosts: [{{name: esx1, platform: vsphere{settings}}}, {{name: esx2, platform: vsphere}}]"
        )
    }

    #[test]
    fn each_setting_is_judged_by_the_mode() {
        for (mode, settings, expected) in [
            ("unicast", ", notify_switches: true", "NLB210 error true"),
            ("unicast", ", notify_switches: false", "NLB204 warning unicast"),
            ("unicast", ", forged_transmits: reject", "NLB211 error reject"),
            ("unicast", ", forged_transmits: accept", "NLB204 warning unicast"),
            ("unicast", ", multicast_filter: snooping", "NLB204 warning unicast"),
            ("multicast", ", notify_switches: false", "NLB210 warning false"),
            ("igmp-multicast", ", notify_switches: no", "NLB210 warning no"),
            ("igmp-multicast", ", multicast_filter: snooping", "NLB213 warning snooping"),
        ] {
            assert_eq!(found(&design(mode, settings, "")), [expected], "{mode}{settings}");
        }
        for (mode, settings) in [
            ("multicast", ", notify_switches: true, forged_transmits: false, multicast_filter: basic"),
            ("igmp-multicast", ""),
        ] {
            assert_eq!(found(&design(mode, settings, "")), [""; 0], "{mode}{settings}");
        }
    }

    #[test]
    fn settings_of_vsphere_say_nothing_on_another_hypervisor() {
        let settings = ", notify_switches: true, forged_transmits: reject";
        let hyperv = design("unicast", settings, "").replace("platform: vsphere", "platform: hyper-v");
        assert_eq!(found(&hyperv), ["NLB204 warning unicast"]);
    }

    #[test]
    fn unicast_nodes_on_two_hosts_are_spread() {
        assert_eq!(found(&design("unicast", "", ", host: esx2")), ["NLB212 warning unicast"]);
        assert_eq!(found(&design("multicast", "", ", host: esx2")), [""; 0]);
    }

    #[test]
    fn a_host_that_a_node_may_move_to_counts_once() {
        let text = "clusters:
  - {name: web, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: a, host: esx1}, {name: b}]}
  - {name: mail, mode: unicast, primary_ip: 10.0.0.2/24, vlan: 20, nodes: [{name: c, host: esx1}, {name: d}]}
hosts: [{name: esx1, platform: vsphere, group: g}, {name: esx2, platform: vsphere, group: g, forged_transmits: no}]
host_groups: [{name: g}]";
        assert_eq!(found(text), ["NLB211 error no"]);
        let fixed = text.replace("{name: g}]", "{name: g, live_migration: false}]");
        assert_eq!(found(&fixed), ["NLB204 warning unicast", "NLB204 warning unicast"]);
    }
}
