//! Which nodes run on which hosts: what the rules on virtualisation ask a design.

use std::collections::{HashMap, HashSet};

use crate::design::{Cluster, Design, Host, Hypervisor, Node};
use crate::diagnostic::Diagnostic;
use crate::nlb::Mode;

/// The modes whose cluster MAC is a multicast MAC.
pub(super) const MULTICAST_MODES: [Mode; 2] = [Mode::Multicast, Mode::IgmpMulticast];

/// Whether a host stands in a public cloud. Of a node there only NLB214 speaks.
pub(super) fn is_cloud(host: &Host) -> bool {
    let cloud = [Hypervisor::Azure, Hypervisor::Aws, Hypervisor::Gcp];
    host.platform.is_some_and(|platform| cloud.contains(&platform.value))
}

/// Whether a host is stated to run `platform`.
pub(super) fn runs(host: &Host, platform: Hypervisor) -> bool {
    host.platform.is_some_and(|stated| stated.value == platform)
}

/// The nodes of `cluster` that run on a hypervisor of the site, each with the host it is described on.
pub(super) fn guests<'e>(
    design: &'e Design,
    cluster: &'e Cluster,
) -> impl Iterator<Item = (&'e Node, &'e Host)> {
    let on_hosts = cluster.nodes.iter().filter_map(|node| Some((node, design.host_of(node)?)));
    on_hosts.filter(|(_, host)| !is_cloud(host))
}

/// Every host of the site that may run a node of `cluster`, once.
pub(super) fn possible_hosts<'e>(design: &'e Design, cluster: &'e Cluster) -> Vec<&'e Host> {
    let mut hosts = Vec::new();
    let mut seen = HashSet::new();
    for (node, host) in guests(design, cluster) {
        if seen.insert(Place::of(design, host)) {
            hosts.extend(design.possible_hosts(node).into_iter().filter(|host| !is_cloud(host)));
        }
    }
    hosts
}

/// `host`, and how many more there are, for a message about all of them.
pub(super) fn counted(host: &Host, others: usize) -> String {
    match others {
        0 => format!("host `{}`", host.name),
        1 => format!("host `{}` and another", host.name),
        _ => format!("host `{}` and {others} others", host.name),
    }
}

/// Where a virtual machine is at home: the group among whose hosts it moves, or the one host it stays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place<'e> {
    Group(&'e str),
    Host(&'e str),
}

impl<'e> Place<'e> {
    fn of(design: &Design, host: &'e Host) -> Self {
        match &host.group {
            Some(group) if design.machines_move(group) => Self::Group(group),
            _ => Self::Host(&host.name),
        }
    }
}

/// The first node that a place runs in one mode.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenant<'e> {
    /// Its cluster.
    pub(super) cluster: &'e Cluster,
    /// The node.
    pub(super) node: &'e Node,
    alone: bool,
}

impl Tenant<'_> {
    /// Ties a finding about a host to the node that makes it one; to the cluster too, where no other is concerned.
    pub(super) fn tie(&self, finding: &mut Diagnostic, host: &Host) {
        if let Some(home) = &self.node.host {
            let there = if home.value == host.name.value { "runs on it" } else { "may move there" };
            finding.related(
                home.span,
                format!("node `{}` of cluster `{}` {there}", self.node.name, self.cluster.name),
            );
        }
        if self.alone {
            finding.cluster(self.cluster.name.as_str());
        }
    }
}

/// Who may run on each host, for rules whose cause is a host's setting: one finding a host, not one a node.
#[derive(Debug)]
pub(super) struct Tenants<'e> {
    design: &'e Design,
    first: HashMap<(Place<'e>, Mode), Tenant<'e>>,
}

impl<'e> Tenants<'e> {
    pub(super) fn of(design: &'e Design) -> Self {
        let mut first: HashMap<(Place<'e>, Mode), Tenant<'e>> = HashMap::new();
        for cluster in &design.clusters {
            for (node, host) in guests(design, cluster) {
                let tenant = Tenant { cluster, node, alone: true };
                let held = first.entry((Place::of(design, host), cluster.mode.value)).or_insert(tenant);
                held.alone &= std::ptr::eq(held.cluster, cluster);
            }
        }
        Self { design, first }
    }

    /// A node of a cluster in one of `modes` that runs on `host` or may move there.
    pub(super) fn on(&self, host: &'e Host, modes: &[Mode]) -> Option<Tenant<'e>> {
        let place = Place::of(self.design, host);
        let mut found = modes.iter().filter_map(|mode| self.first.get(&(place, *mode)));
        let tenant = *found.next()?;
        Some(Tenant {
            alone: tenant.alone && found.all(|other| std::ptr::eq(other.cluster, tenant.cluster)),
            ..tenant
        })
    }
}

/// What the rules of 200 to 299 find in a design: code, severity, and the text that each finding points at.
#[cfg(test)]
pub(super) fn found(text: &str) -> Vec<String> {
    found_beside(text, &[])
}

/// The same, with config files beside the design.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn found_beside(text: &str, configs: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let design = directory.path().join("design.yaml");
    for (name, text) in configs.iter().chain(&[("design.yaml", text)]) {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let mut sources = crate::source::Sources::new();
    let packs = crate::vendor::Packs::embedded();
    let outcome = super::lint_design(&design, directory.path(), &packs, &mut sources).unwrap();
    let shown = outcome.findings.iter().filter(|finding| finding.code.0 / 100 == 2 || finding.code.0 == 901);
    shown
        .map(|finding| {
            let pointed_at = finding.span.map_or("", |span| sources.slice(span));
            format!("{} {} {pointed_at}", finding.code, finding.severity)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::design::load_text;
    use crate::source::Sources;

    fn design(text: &str) -> Design {
        load_text("design.yaml", text, &mut Sources::new()).design
    }

    const TWO_CLUSTERS: &str = "
clusters:
  - {name: web, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: a, host: hv1}, {name: b, host: hv2}]}
  - {name: mail, mode: multicast, primary_ip: 10.0.0.2/24, vlan: 10, nodes: [{name: c, host: hv3}, {name: d}]}
  - {name: rds, mode: multicast, primary_ip: 10.0.0.3/24, vlan: 10, nodes: [{name: e, host: hv4}, {name: f, host: az}]}
hosts: [{name: hv1, group: g}, {name: hv2, group: g}, {name: hv3, group: g}, {name: hv4, group: fixed},
  {name: hv5, group: fixed}, {name: az, platform: azure}]
host_groups: [{name: g}, {name: fixed, live_migration: false}]
";

    #[test]
    fn nodes_may_run_on_the_whole_group_once_and_never_counted_in_a_cloud() {
        let design = design(TWO_CLUSTERS);
        let names = |cluster: usize| -> Vec<&str> {
            possible_hosts(&design, &design.clusters[cluster]).iter().map(|host| host.name.as_str()).collect()
        };
        assert_eq!(names(0), ["hv1", "hv2", "hv3"]);
        assert_eq!(names(1), ["hv1", "hv2", "hv3"]);
        assert_eq!(names(2), ["hv4"]);
    }

    #[test]
    fn a_host_has_the_tenants_of_its_group_unless_machines_stay() {
        let design = design(TWO_CLUSTERS);
        let tenants = Tenants::of(&design);
        let on = |host: &str, modes: &[Mode]| {
            let tenant = tenants.on(design.host(host).unwrap(), modes)?;
            Some((tenant.cluster.name.as_str(), tenant.node.name.as_str(), tenant.alone))
        };
        assert_eq!(on("hv3", &[Mode::Unicast]), Some(("web", "a", true)));
        assert_eq!(on("hv1", &MULTICAST_MODES), Some(("mail", "c", true)));
        assert_eq!(on("hv1", &Mode::ALL), Some(("web", "a", false)));
        assert_eq!(on("hv4", &MULTICAST_MODES), Some(("rds", "e", true)));
        assert_eq!(on("hv5", &MULTICAST_MODES), None);
        assert_eq!(on("az", &Mode::ALL), None);
    }
}
