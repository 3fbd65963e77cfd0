//! What several families ask about a device, and say, in the same way.

use std::net::Ipv4Addr;
use std::sync::Arc;

use macaddr::MacAddr6;

use super::cure::{in_its_form, remarked};
use super::estate::{ClusterView, ConfigFile, Estate};
use super::sightings::Connected;
use crate::config::Unparsed;
use crate::design::{Clients, Cluster, Switch};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind, Key, State};
use crate::net::PortSet;
use crate::nlb::Mode;
use crate::plan::{DevicePlan, NodePlace, lag_need};
use crate::render::{Dialect, Ground, Step, Target, Transition, Writers};
use crate::source::Span;
use crate::vendor::{Evidence, Pack, Statement};

/// How many related places a finding shows: more would hide the headline.
pub(super) const MOST_RELATED: usize = 4;

/// Whether the cluster answers with a multicast MAC.
pub(super) fn answers_with_multicast(cluster: &Cluster) -> bool {
    cluster.mode.value != Mode::Unicast
}

/// Whether clients reach the cluster through a gateway.
pub(super) fn is_routed(cluster: &Cluster) -> bool {
    cluster.clients() != Clients::SameVlan
}

/// The cluster at this position, with what the plan found out about it.
pub(super) fn view_of<'e>(estate: &Estate<'e>, index: usize) -> ClusterView<'e> {
    ClusterView { index, cluster: &estate.design().clusters[index], plan: &estate.plan.clusters[index] }
}

/// The clusters at these positions for which `fits` holds.
pub(super) fn clusters_at<'e>(
    estate: &Estate<'e>,
    positions: &[usize],
    fits: impl Fn(&Cluster) -> bool,
) -> Vec<&'e Cluster> {
    positions.iter().map(|at| &estate.design().clusters[*at]).filter(|cluster| fits(cluster)).collect()
}

/// ``  `a` ``, ``  `a` and `b` ``, ``  `a`, `b` and 3 more ``: at most three by name.
pub(super) fn listed<T: std::fmt::Display>(things: impl IntoIterator<Item = T>) -> String {
    let mut names: Vec<String> = things.into_iter().map(|thing| format!("`{thing}`")).collect();
    if names.len() > 3 {
        let more = names.len() - 2;
        names.truncate(2);
        names.push(format!("{more} more"));
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// ``cluster `web` ``, ``clusters `web` and `mail` ``: at most three by name.
pub(super) fn clusters_text(clusters: &[&Cluster]) -> String {
    let names = listed(clusters.iter().map(|cluster| &cluster.name));
    match clusters.len() {
        0 => "no cluster".to_owned(),
        1 => format!("cluster {names}"),
        _ => format!("clusters {names}"),
    }
}

/// Names the cluster in the finding when it is about one only.
pub(super) fn about(finding: &mut Diagnostic, clusters: &[&Cluster]) {
    if let [only] = clusters {
        finding.cluster(only.name.to_string());
    }
}

/// ``  `sw1` (catalyst-9300) ``: the device and what it is.
pub(super) fn device_text(estate: &Estate<'_>, device: usize) -> String {
    let plan = estate.device(device);
    let stated = estate.switch_of(device).platform.as_ref().filter(|_| plan.model.platform.is_some());
    format!("`{}` ({})", plan.name, stated.map_or_else(|| plan.pack.name(), |platform| platform.as_str()))
}

fn members<'e>(estate: &Estate<'e>, device: usize) -> impl Iterator<Item = &'e Switch> {
    estate.device(device).members.iter().map(|member| &estate.design().switches[*member])
}

/// Where the design says what the device is.
pub(super) fn platform_span(estate: &Estate<'_>, device: usize) -> Span {
    let switch = estate.switch_of(device);
    switch.platform.as_ref().map_or(switch.vendor.span, |platform| platform.span)
}

/// Where the design says that the device routes.
pub(super) fn gateway_span(estate: &Estate<'_>, device: usize) -> Span {
    let stated = members(estate, device).filter(|switch| switch.gateway.is_gateway());
    stated.filter_map(|switch| switch.gateway.span()).next().unwrap_or(estate.switch_of(device).name.span)
}

/// Where the design names the device's config.
pub(super) fn config_span(estate: &Estate<'_>, device: usize) -> Span {
    let named = members(estate, device).filter_map(|switch| switch.config.as_ref());
    named.map(|config| config.span).next().unwrap_or(estate.switch_of(device).name.span)
}

/// Whether the design accepts flooding on the device.
pub(super) fn flood_accepted(estate: &Estate<'_>, device: usize) -> bool {
    members(estate, device).any(|switch| switch.flood_accepted.is_some())
}

/// Whether nobody but us says so.
pub(super) fn is_likely<T>(fact: &Statement<T>) -> bool {
    fact.evidence == Evidence::Unverified
}

/// Whether the device's config was read by a pack that would have seen an entry of `kind`.
pub(super) fn config_shows(estate: &Estate<'_>, device: usize, kind: EntryKind) -> bool {
    estate.config(device).is_some_and(|config| config.shows(kind))
}

/// The line of the device's config that looks like an entry of `kind` and was not understood: with it, nobody can
/// say that an entry is missing.
pub(super) fn doubtful_line(estate: &Estate<'_>, device: usize, kind: EntryKind) -> Option<Span> {
    doubtful_line_in(estate.config(device)?, kind)
}

/// The same in a config. What NLB116 tells of static ARP needs no second mention: it is known which entry is missing.
pub(super) fn doubtful_line_in(config: &ConfigFile<'_>, kind: EntryKind) -> Option<Span> {
    let doubtful = |line: &&Unparsed| {
        line.kinds.contains(&kind) && (kind != EntryKind::StaticArp || !super::malformed::is_told(line))
    };
    let line = config.reading.unparsed.iter().find(doubtful)?;
    Some(Span::new(config.file, line.range.clone()))
}

/// Where the design states that a node is, or may be, behind the port.
pub(super) fn place_span(estate: &Estate<'_>, cluster: &Cluster, place: &NodePlace) -> Option<Span> {
    let same = |port: &&crate::source::Spanned<crate::design::PortRef>| {
        let switch = estate.design().switch_position(&port.switch);
        switch.is_some_and(|switch| estate.plan.topology.device_of(switch) == place.device)
            && estate.bound.port(port).as_ref() == Some(&place.port)
    };
    let ports = match &place.host {
        Some(host) => estate.design().host(host)?.links.iter().find(same),
        None => cluster.nodes[place.node].attach.iter().find(same),
    };
    ports.map(|port| port.span)
}

/// The ports of the device that lead to nodes, here or beyond; `None` when the design does not tell them all.
pub(super) fn ports_to_nodes(estate: &Estate<'_>, view: ClusterView<'_>, device: usize) -> Option<PortSet> {
    view.plan.ports_to_nodes(&estate.plan.topology, device, view.cluster.vlan.value).ok()
}

/// What a cluster is called that no design describes: by its MAC, as the switch writes it.
pub(super) fn cluster_of(config: &ConfigFile<'_>, mac: MacAddr6) -> String {
    format!("cluster `{}`", crate::net::mac::format(mac, config.pack.mac))
}

/// ``  `sw1` (catalyst-9300) ``: the switch of a config and what it is.
pub(super) fn config_text(config: &ConfigFile<'_>) -> String {
    let what = config.platform_name().unwrap_or(config.pack.name());
    format!("`{}` ({what})", crate::diagnostic::quoted(&config.name))
}

/// The static ARP entry of `ip` in a VRF, wherever the platform keeps it.
pub(super) fn bound<'s>(state: &'s State, vrf: Option<&str>, ip: Ipv4Addr) -> Option<&'s Entry> {
    state.entries().find(|entry| match entry {
        Entry::StaticArp { ip: found, vrf: of, .. } => *found == ip && of.as_deref() == vrf,
        _ => false,
    })
}

/// A static ARP entry as the switch of `config` keeps it on its interface `at`. `None` where it would have to name a
/// port, and no static MAC entry leads `mac` to any.
pub(super) fn static_arp_on(
    config: &ConfigFile<'_>,
    at: &Connected,
    ip: Ipv4Addr,
    mac: MacAddr6,
) -> Option<Entry> {
    let svi = at.svi().filter(|_| config.pack.can_name(EntryKind::StaticArp, "svi"));
    let port = match config.pack.static_arp_names_port {
        true => Some(config.state.entries().find_map(|entry| match entry {
            Entry::StaticMac { mac: led, ports, .. } if *led == mac => ports.first().cloned(),
            _ => None,
        })?),
        false => None,
    };
    Some(Entry::StaticArp { ip, mac, vrf: at.vrf.clone(), port, svi })
}

/// Writes the lines that mend findings. The templates of each pack are compiled once.
#[derive(Default)]
pub(super) struct Mender {
    writers: Writers,
}

impl Mender {
    /// Gives the finding the lines that set the planned entries for which `wanted` holds, where the plan has any.
    pub(super) fn set(
        &self,
        estate: &Estate<'_>,
        device: usize,
        finding: &mut Diagnostic,
        wanted: impl Fn(&Entry) -> bool,
    ) {
        let planned = estate.device(device).needs.iter().map(|need| &need.entry);
        let held = |entry: &Entry| estate.config(device)?.state.get(&entry.key()).cloned();
        let steps: Vec<Step> = planned
            .filter(|entry| wanted(entry))
            .map(|entry| Step { old: held(entry), new: Some(entry.clone()) })
            .collect();
        self.of_device(estate, device, finding, &steps);
    }

    /// Gives the finding the lines that put the planned entry in the place of `old`.
    pub(super) fn replace(&self, estate: &Estate<'_>, device: usize, finding: &mut Diagnostic, old: &Entry) {
        let needs = &estate.device(device).needs;
        let planned = needs.iter().find(|need| need.entry.key() == old.key());
        let Some(new) = planned.map(|need| need.entry.clone()) else { return };
        self.of_device(estate, device, finding, &[Step { old: Some(old.clone()), new: Some(new) }]);
    }

    /// Gives the finding the lines that take `taken` from the switch of `config` and set `set`.
    pub(super) fn exchange(
        &self,
        config: &ConfigFile<'_>,
        finding: &mut Diagnostic,
        taken: &[Entry],
        set: &[Entry],
    ) {
        let same =
            |entry: &Entry, others: &[Entry]| others.iter().find(|other| other.key() == entry.key()).cloned();
        let set_steps = set.iter().map(|new| Step { old: same(new, taken), new: Some(new.clone()) });
        let gone = taken.iter().filter(|old| same(old, set).is_none());
        let gone = gone.map(|old| Step { old: Some(old.clone()), new: None });
        let steps: Vec<Step> = set_steps.chain(gone).collect();
        self.on_config(config, &config.name, finding, &steps);
    }

    /// Gives the finding the lines that take `entry` out and state it again, in the words that the pack has for it.
    pub(super) fn restate(&self, config: &ConfigFile<'_>, finding: &mut Diagnostic, entry: &Entry) {
        let steps = Step::between(Some(entry.clone()), None).into_iter();
        let steps = steps.chain(Step::between(None, Some(entry.clone())));
        let target = config.target();
        let lines = steps.map(|step| self.steps(config.pack, target, &[step])).collect::<Option<Vec<_>>>();
        if let Some(lines) = lines {
            finding.remedy(config.name.clone(), remarked(config.dialect(), lines.concat()));
        }
    }

    fn of_device(&self, estate: &Estate<'_>, device: usize, finding: &mut Diagnostic, steps: &[Step]) {
        match estate.config(device) {
            Some(config) => self.on_config(config, &estate.device(device).name, finding, steps),
            None => self.write(estate.device(device), finding, steps),
        }
    }

    /// Gives the finding the lines of `steps`, in the order that is safe; none when one of them cannot be written.
    pub(super) fn write(&self, plan: &DevicePlan, finding: &mut Diagnostic, steps: &[Step]) {
        let target = Target { name: &plan.name, model: plan.model, ground: Ground::unknown() };
        if let Some(lines) = self.steps(&plan.pack, target, steps) {
            finding.remedy(plan.name.clone(), remarked(Dialect::of(&plan.pack), lines));
        }
    }

    /// As [`Mender::write`], for a config that need not be of the plan, on the switch that is called `name`.
    pub(super) fn on_config(
        &self,
        config: &ConfigFile<'_>,
        name: &str,
        finding: &mut Diagnostic,
        steps: &[Step],
    ) {
        // What an entry that comes to lead to a port-channel needs of it.
        let led = steps.iter().filter_map(|step| match &step.new {
            Some(Entry::StaticMac { ports, .. }) => lag_need(config.facts(), ports),
            _ => None,
        });
        let lacking = led.take(1).filter(|entry| config.state.get(&entry.key()) != Some(entry));
        let needed = lacking.map(|new| Step { old: config.state.get(&new.key()).cloned(), new: Some(new) });
        let steps: Vec<Step> = steps.iter().cloned().chain(needed).collect();
        let target = Target { name, ..config.target() };
        if let Some(lines) = self.steps(config.pack, target, &steps) {
            finding.remedy(name.to_owned(), remarked(config.dialect(), in_its_form(config, lines)));
        }
    }

    fn steps(&self, pack: &Arc<Pack>, target: Target<'_>, steps: &[Step]) -> Option<Vec<String>> {
        let writer = self.writers.get(pack).ok()?;
        let transition = Transition { writer: &writer, target, clusters: &[] };
        let written = transition.write(steps).ok()?; // `generate` says why
        (written.impossible.is_empty() && !written.lines.is_empty()).then_some(written.lines)
    }
}

/// What a switch keeps the cluster's static MAC entry by.
pub(super) fn static_mac_key(cluster: &Cluster) -> Key {
    Key::StaticMac { vlan: cluster.vlan.value.get(), mac: cluster.mac() }
}

/// A number for each device that is the same for devices connected by links, whatever these carry.
pub(super) fn islands(estate: &Estate<'_>) -> Vec<usize> {
    let topology = &estate.plan.topology;
    let mut island = vec![usize::MAX; topology.members.len()];
    for device in 0..island.len() {
        if island[device] == usize::MAX {
            for member in topology.reach([device], None, |_| true) {
                island[member] = device;
            }
        }
    }
    island
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::source::Sources;
    use crate::vendor::Packs;

    /// No findings.
    pub(in crate::lint) const NONE: [&str; 0] = [];

    /// The entry of a multicast cluster behind two ports of a Catalyst.
    pub(in crate::lint) const MULTICAST: &str =
        "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Gi1/0/2\n";
    /// That of a unicast cluster.
    pub(in crate::lint) const UNICAST: &str =
        "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Gi1/0/2\n";
    /// The lines of an edge port in the cluster's VLAN.
    pub(in crate::lint) const PORT: &str =
        "switchport mode access\n switchport access vlan 10\n spanning-tree portfast";

    /// What is found where the first of the two ports has `more` lines, and the switch those of `global`.
    pub(in crate::lint) fn on_first(entry: &str, more: &str, global: &str) -> Vec<String> {
        let text = format!(
            "{global}interface GigabitEthernet1/0/1\n {PORT}\n {more}\ninterface GigabitEthernet1/0/2\n {PORT}\n{entry}"
        );
        alone(&[("sw1.cfg", "cisco-ios", &text)])
    }

    /// What is found where both ports have `more` lines.
    pub(in crate::lint) fn on_both(entry: &str, more: &str, global: &str) -> Vec<String> {
        let text = format!("{global}interface range GigabitEthernet1/0/1 - 2\n {PORT}\n {more}\n{entry}");
        alone(&[("sw1.cfg", "cisco-ios", &text)])
    }

    /// A multicast cluster in VLAN 10 with these nodes, and the rest of its design.
    pub(in crate::lint) fn design(nodes: &str, rest: &str) -> String {
        format!(
            "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n    vlan: 10\n    \
             nodes: [{nodes}]\n{rest}"
        )
    }

    /// What the rules from NLB401 on find in a design and its configs, as `NLB401 error 9: message`.
    pub(in crate::lint) fn found(design: &str, configs: &[(&str, &str)]) -> Vec<String> {
        let shown = |(finding, line): (Diagnostic, usize)| {
            format!("{} {} {line}: {}", finding.code, finding.severity, finding.message)
        };
        let ours = findings(design, configs).into_iter().filter(|(finding, _)| finding.code.0 > 400);
        ours.map(shown).collect()
    }

    /// What all rules find in configs without a design, each with the pack of its dialect, as
    /// `NLB112 error a.cfg:3: message`.
    pub(in crate::lint) fn alone(configs: &[(&str, &str, &str)]) -> Vec<String> {
        let mut sources = Sources::new();
        let shown = |(finding, place): (Diagnostic, String)| {
            format!("{} {} {place}: {}", finding.code, finding.severity, finding.message)
        };
        findings_alone(configs, &mut sources).into_iter().map(shown).collect()
    }

    /// The same as findings, each with its file and line.
    pub(in crate::lint) fn findings_alone(
        configs: &[(&str, &str, &str)],
        sources: &mut Sources,
    ) -> Vec<(Diagnostic, String)> {
        let packs = Packs::embedded();
        let candidate = |(name, pack, text): &(&str, &str, &str)| {
            crate::lint::Candidate::from_text(name, (*text).to_owned(), packs.get(pack).unwrap().unwrap())
        };
        let inputs =
            crate::lint::Inputs { configs: configs.iter().map(candidate).collect(), ..Default::default() };
        let outcome = crate::lint::lint_inputs(inputs, std::path::Path::new(""), &packs, sources).unwrap();
        let place = |finding: &Diagnostic| {
            let at = finding.span.map(|span| sources.locate(span));
            at.map_or_else(String::new, |at| format!("{}:{}", at.path, at.line))
        };
        outcome.findings.iter().map(|finding| (finding.clone(), place(finding))).collect()
    }

    /// The findings, each with the line it points at.
    pub(in crate::lint) fn findings(design: &str, configs: &[(&str, &str)]) -> Vec<(Diagnostic, usize)> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("design.yaml");
        std::fs::write(&path, design).unwrap();
        for (name, text) in configs {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let mut sources = Sources::new();
        let outcome =
            crate::lint::lint_design(&path, directory.path(), &Packs::embedded(), &mut sources).unwrap();
        let line = |finding: &Diagnostic| finding.span.map_or(0, |span| sources.locate(span).line);
        outcome.findings.into_iter().map(|finding| (finding.clone(), line(&finding))).collect()
    }
}
