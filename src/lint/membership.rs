//! Which VLANs the ports of a config carry, and which of its ports lead to the nodes of a cluster.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use macaddr::MacAddr6;

use super::words::{listed, view_of};
use super::{ConfigFile, Estate, Sighting};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind, Key, Subject};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::Lookup;

/// The port-channel that `port` is a member of, where the config says so.
pub(super) fn lag_of(config: &ConfigFile<'_>, port: &PortName) -> Option<PortName> {
    config.held().lag_of(port)
}

/// What can hold a setting of `port`: itself, the port-channel it is a member of, the members it has.
pub(super) fn holders(config: &ConfigFile<'_>, port: &PortName) -> Vec<Subject> {
    let mut holders = vec![Subject::Port(port.clone())];
    holders.extend(lag_of(config, port).map(Subject::Port));
    if config.held().stands_for_lag(port) {
        let bundled = config.state.settings(EntryKind::Lag).map(|(of, _)| of);
        let member = |of: &&Subject| matches!(of, Subject::Port(member) if lag_of(config, member).as_ref() == Some(port));
        holders.extend(bundled.filter(member).cloned());
    }
    holders
}

/// Whether the config speaks of the port at all: of others nobody knows what holds.
pub(super) fn is_described(config: &ConfigFile<'_>, port: &PortName) -> bool {
    config.state.flag(EntryKind::Port, &Subject::Port(port.clone())) == Some(true)
}

/// Where the config shuts the port, or the port-channel it is a member of.
pub(super) fn shut_at(config: &ConfigFile<'_>, port: &PortName) -> Option<Span> {
    let own = [Some(port.clone()), lag_of(config, port)].into_iter().flatten().map(Subject::Port);
    let mut shut = own.filter(|of| config.state.flag(EntryKind::Shutdown, of) == Some(true));
    shut.find_map(|of| config.span_of_setting(EntryKind::Shutdown, &of))
}

/// Whether the port carries the VLAN; `None` where that rests on what the config does not state.
///
/// A member takes the settings of its port-channel.
pub(super) fn carries(config: &ConfigFile<'_>, port: &PortName, vlan: u16) -> Option<bool> {
    config.held().membership(port).carries(vlan)
}

/// Whether the config makes the port an access port: a host is behind it, or a switch that knows no VLANs.
pub(super) fn is_access(config: &ConfigFile<'_>, port: &PortName) -> bool {
    let of = Subject::Port(lag_of(config, port).unwrap_or_else(|| port.clone()));
    config.state.word(EntryKind::PortMode, &of) == Some("access")
}

/// What the config looks multicast up by in a VLAN, and what says so: the VLAN's own word counts, then the switch's,
/// then what the platform does by itself.
pub(super) fn lookup_in(config: &ConfigFile<'_>, vlan: u16) -> (Lookup, Option<(EntryKind, Subject)>) {
    config.held().lookup_in(vlan)
}

/// A cluster in one VLAN of one config, with the ports that lead to its nodes.
#[derive(Debug)]
pub(super) struct Placed<'e> {
    /// The config.
    pub(super) config: &'e ConfigFile<'e>,
    /// The cluster's MAC.
    pub(super) mac: MacAddr6,
    /// Its mode.
    pub(super) mode: Mode,
    /// The VLAN.
    pub(super) vlan: u16,
    /// The ports that lead to nodes: those that the design states, and those of the static MAC entry in the VLAN.
    pub(super) ports: Cow<'e, PortSet>,
    /// The cluster of the design, by its position.
    pub(super) cluster: Option<usize>,
}

impl Placed<'_> {
    /// What the cluster is called: by the design, else by its MAC.
    pub(super) fn title(&self, estate: &Estate<'_>) -> String {
        match self.cluster {
            Some(at) => format!("cluster `{}`", estate.design().clusters[at].name),
            None => format!("cluster `{}`", self.mac.to_string().to_lowercase()),
        }
    }

    /// Its static MAC entry in the VLAN.
    pub(super) fn entry(&self) -> Option<&Entry> {
        self.config.state.get(&Key::StaticMac { vlan: self.vlan, mac: self.mac })
    }

    /// Says in the finding whose cluster it is about, and how the ports are known to lead to it.
    pub(super) fn tell(&self, estate: &Estate<'_>, finding: &mut Diagnostic) {
        finding.switch(self.config.name.clone());
        if let Some(at) = self.cluster {
            let cluster = &estate.design().clusters[at];
            finding.cluster(cluster.name.to_string());
            finding.related(cluster.mode.span, format!("cluster `{}` is described here", cluster.name));
        }
        let entry = self.entry().and_then(|entry| self.config.span_of(entry));
        if let Some(span) = entry.filter(|span| finding.span != Some(*span)) {
            finding.related(span, "its static MAC entry");
        }
    }

    /// How many nodes of the design are behind `ports` here; `None` without a design.
    pub(super) fn nodes_behind(&self, estate: &Estate<'_>, ports: &PortSet) -> Option<usize> {
        let view = view_of(estate, self.cluster?);
        let here = view
            .plan
            .places
            .iter()
            .filter(|place| Some(place.device) == self.config.device && ports.contains(&place.port));
        Some(here.map(|place| place.node).collect::<BTreeSet<_>>().len())
    }

    /// Whether the design states that a hypervisor is behind the port.
    pub(super) fn has_hypervisor(&self, estate: &Estate<'_>, port: &PortName) -> bool {
        self.cluster.is_some_and(|at| {
            view_of(estate, at).plan.places.iter().any(|place| {
                place.host.is_some() && Some(place.device) == self.config.device && place.port == *port
            })
        })
    }

    /// Whether a node is surely behind the port itself, and no other switch: the design says so, or it is an access
    /// port.
    pub(super) fn is_at_node(&self, estate: &Estate<'_>, port: &PortName) -> bool {
        is_access(self.config, port)
            || self.nodes_behind(estate, &PortSet::from([port.clone()])).is_some_and(|nodes| nodes > 0)
    }
}

/// A cluster in one VLAN of one config, kept by positions: worked out once for all rules.
#[derive(Debug)]
pub(super) struct Place {
    /// The config, by its position.
    config: usize,
    mac: MacAddr6,
    mode: Mode,
    vlan: u16,
    ports: PortSet,
    cluster: Option<usize>,
}

fn pinned(config: &ConfigFile<'_>, vlan: u16, mac: MacAddr6) -> PortSet {
    match config.state.get(&Key::StaticMac { vlan, mac }) {
        Some(Entry::StaticMac { ports, .. }) => ports.clone(),
        _ => PortSet::new(),
    }
}

/// The cluster of the design at this position, on the switch of the config.
pub(super) fn of_cluster<'e>(estate: &Estate<'e>, config: &'e ConfigFile<'e>, at: usize) -> Placed<'e> {
    let view = view_of(estate, at);
    let (mac, vlan) = (view.cluster.mac(), view.cluster.vlan.value.get());
    let mut ports = pinned(config, vlan, mac);
    let here = view.plan.places.iter().filter(|place| Some(place.device) == config.device);
    ports.extend(here.map(|place| place.port.clone()));
    let ports = Cow::Owned(ports);
    Placed { config, mac, mode: view.cluster.mode.value, vlan, ports, cluster: Some(at) }
}

/// Every cluster in every VLAN that a config shows it in, or that the design has on the config's switch.
pub(super) fn places(estate: &Estate<'_>) -> Vec<Place> {
    let mut all = Vec::new();
    for (number, config) in estate.configs.iter().enumerate() {
        let clusters = config.device.iter().flat_map(|device| &estate.device(*device).clusters);
        all.extend(clusters.map(|at| {
            let Placed { mac, mode, vlan, ports, cluster, .. } = of_cluster(estate, config, *at);
            Place { config: number, mac, mode, vlan, ports: ports.into_owned(), cluster }
        }));
    }
    for Sighting { config, mac, mode, vlans, .. } in
        estate.sightings().iter().filter(|at| at.cluster.is_none())
    {
        all.extend(vlans.iter().map(|vlan| {
            let ports = pinned(&estate.configs[*config], *vlan, *mac);
            Place { config: *config, mac: *mac, mode: *mode, vlan: *vlan, ports, cluster: None }
        }));
    }
    all
}

/// The same, each with its config at hand.
pub(super) fn placed<'e>(estate: &'e Estate<'e>) -> Vec<Placed<'e>> {
    let with_config = |place: &'e Place| Placed {
        config: &estate.configs[place.config],
        mac: place.mac,
        mode: place.mode,
        vlan: place.vlan,
        ports: Cow::Borrowed(&place.ports),
        cluster: place.cluster,
    };
    estate.places().iter().map(with_config).collect()
}

/// A line at fault, with the ports that lead to nodes and suffer from it.
pub(super) struct Fault<'p, 'e> {
    /// The line.
    pub(super) span: Span,
    /// The ports.
    pub(super) ports: PortSet,
    /// The clusters, the first of which the finding is about.
    pub(super) clusters: Vec<&'p Placed<'e>>,
}

impl Fault<'_, '_> {
    /// ``  `Gi1/0/1` and `Gi1/0/2` ``: at most three by name.
    pub(super) fn ports_text(&self) -> String {
        listed(&self.ports)
    }

    /// The clusters by name: at most three.
    pub(super) fn clusters_text(&self, estate: &Estate<'_>) -> String {
        let mut titles: Vec<String> = self.clusters.iter().map(|placed| placed.title(estate)).collect();
        titles.dedup();
        match titles.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        }
    }

    /// Says in the finding what it is about.
    pub(super) fn tell(&self, estate: &Estate<'_>, finding: &mut Diagnostic) {
        if let Some(placed) = self.clusters.first() {
            placed.tell(estate, finding);
            if self.clusters.iter().any(|other| other.title(estate) != placed.title(estate)) {
                finding.cluster = None;
            }
        }
    }
}

/// The lines at which `fault` finds something wrong with a port that leads to nodes: each line once, however many
/// ports and clusters it concerns.
pub(super) fn faults<'p, 'e>(
    placed: &'p [Placed<'e>],
    fault: impl Fn(&Placed<'e>, &PortName) -> Option<Span>,
) -> Vec<Fault<'p, 'e>> {
    let mut found: BTreeMap<Span, Fault<'p, 'e>> = BTreeMap::new();
    for cluster in placed {
        for port in cluster.ports.iter() {
            let Some(span) = fault(cluster, port) else { continue };
            let at = found.entry(span).or_insert_with(|| Fault {
                span,
                ports: PortSet::new(),
                clusters: Vec::new(),
            });
            at.ports.insert(port.clone());
            // The clusters come one after the other: one that is there already is the last.
            if !at.clusters.last().is_some_and(|known| std::ptr::eq(*known, cluster)) {
                at.clusters.push(cluster);
            }
        }
    }
    found.into_values().collect()
}

/// Where a flag of the port, of its port-channel or of its members is on.
pub(super) fn flag_at(config: &ConfigFile<'_>, port: &PortName, kind: EntryKind) -> Option<Span> {
    let mut on = holders(config, port).into_iter().filter(|of| config.state.flag(kind, of) == Some(true));
    on.find_map(|of| config.span_of_setting(kind, &of))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::vendor::{Model, Packs};

    fn carried(pack: &str, text: &str, port: &str, vlan: u16) -> Option<bool> {
        let pack = Packs::embedded().get(pack).unwrap().unwrap();
        let mut sources = Sources::new();
        let file = sources.add("sw1.cfg", text);
        let config = ConfigFile::read(file, text, &pack, Model::UNKNOWN, "sw1");
        carries(&config, &pack.ports.parse(port).unwrap(), vlan)
    }

    #[test]
    fn a_huawei_vlan_looks_up_by_what_its_line_says_and_by_ip_on_models_whose_reference_says_so() {
        let pack = Packs::embedded().get("huawei-vrp").unwrap().unwrap();
        let looked_up = |platform: Option<&str>, lines: &str| {
            let text = format!("vlan 10\n{lines}\n");
            let mut sources = Sources::new();
            let file = sources.add("sw1.cfg", &text);
            let model = Model::from(platform.and_then(|name| pack.platform(name)));
            lookup_in(&ConfigFile::read(file, &text, &pack, model, "sw1"), 10).0
        };
        let (mac, undo) = (" l2-multicast forwarding-mode mac", " undo l2-multicast forwarding-mode mac");
        for (platform, lines, expected) in [
            (Some("s5731-h"), mac.to_owned(), Lookup::Mac),
            (Some("s5731-h"), String::new(), Lookup::Ip),
            (Some("s5731-h"), format!("{mac}\n{undo}"), Lookup::Ip),
            (Some("s7700"), String::new(), Lookup::Unknown),
            (Some("s7700"), mac.to_owned(), Lookup::Mac),
            (None, " l2-multicast forwarding-mode ip".to_owned(), Lookup::Ip),
        ] {
            assert_eq!(looked_up(platform, &lines), expected, "{platform:?} {lines}");
        }
    }

    #[test]
    fn a_catalyst_port_carries_what_its_mode_says() {
        let trunk = "switchport mode trunk\n switchport trunk allowed vlan 10,20-29";
        for (lines, vlan, expected) in [
            ("switchport mode access\n switchport access vlan 10", 10, Some(true)),
            ("switchport mode access\n switchport access vlan 20", 10, Some(false)),
            ("switchport mode access\n switchport access vlan 20", 1, None),
            ("switchport mode access", 10, None),
            ("switchport access vlan 10", 10, Some(true)),
            ("switchport access vlan 20", 10, None),
            ("switchport access vlan 10\n switchport trunk allowed vlan 30", 10, None),
            (trunk, 25, Some(true)),
            (trunk, 30, Some(false)),
            ("switchport mode trunk", 10, Some(true)),
            (
                "switchport mode trunk\n switchport trunk native vlan 10\n switchport trunk allowed vlan 20",
                10,
                None,
            ),
            ("switchport mode trunk\n switchport trunk allowed vlan none", 10, Some(false)),
            ("no switchport", 10, Some(false)),
            ("switchport mode private-vlan host", 10, None),
            ("description x", 10, None),
        ] {
            let text = format!("interface GigabitEthernet1/0/1\n {lines}\n");
            assert_eq!(carried("cisco-ios", &text, "Gi1/0/1", vlan), expected, "{lines} {vlan}");
        }
    }

    #[test]
    fn a_member_carries_what_its_port_channel_does() {
        let text = "interface Port-channel1\n switchport mode access\n switchport access vlan 20\n\
                    interface GigabitEthernet1/0/1\n switchport mode access\n switchport access vlan 10\n \
                    channel-group 1 mode active\n";
        assert_eq!(carried("cisco-ios", text, "Gi1/0/1", 10), Some(false));
        assert_eq!(carried("cisco-ios", text, "Po1", 20), Some(true));
    }

    #[test]
    fn a_trunk_without_a_list_carries_what_its_maker_says() {
        let dell = "interface ethernet g1\nswitchport mode trunk\nexit\n";
        assert_eq!(carried("dell-powerconnect-5400", dell, "g1", 10), None, "nobody says");
    }

    #[test]
    fn a_general_port_carries_what_is_listed() {
        let text = "interface ethernet g1\nswitchport mode general\nswitchport general allowed vlan add 10,20 tagged\nexit\n";
        for (vlan, expected) in [(10, Some(true)), (30, Some(false)), (1, None)] {
            assert_eq!(carried("dell-powerconnect-5400", text, "g1", vlan), expected, "{vlan}");
        }
        let text = "interface TenGigabitEthernet 0/1\n no ip address\n portmode hybrid\n switchport\n!\n\
                    interface Vlan 10\n tagged TenGigabitEthernet 0/1\n!\n";
        for (vlan, expected) in [(10, Some(true)), (30, Some(false))] {
            assert_eq!(carried("dell-force10", text, "Te 0/1", vlan), expected, "{vlan}");
        }
    }
}
