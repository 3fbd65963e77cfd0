//! From a design to what each device needs: the one place that knows NLB practice.
//!
//! Every gateway holds a static ARP entry for every VIP, all with the primary's MAC. Switches hold static MAC entries
//! that list node ports, the uplinks of every host that may run a node, and the links towards other switches with
//! nodes. In IGMP mode switches that look multicast up by MAC snoop instead. What a platform cannot hold is withheld
//! and said.

mod clusters;
mod leads;
mod topology;
mod ways;
mod withheld;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub use clusters::{ClusterPlan, NodePlace};
pub use leads::Leads;
use rayon::prelude::*;
pub use topology::{Edge, Topology};
pub use withheld::{Reason, Withheld, in_words};

use crate::design::VlanId;
use crate::entry::{Entry, EntryKind, Key, State, Subject, Value};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::vendor::{Bound, Model, Pack, PlatformFacts, WithQuerier};

/// An entry that a device must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The entry.
    pub entry: Entry,
    /// The clusters that demand it, by their position in the design, each once and in that order.
    pub clusters: Vec<usize>,
}

/// What one device needs.
#[derive(Debug)]
pub struct DevicePlan {
    /// The name it is shown under: the switch's, or the stack's.
    pub name: String,
    /// Its switches, by their position in the design.
    pub members: Vec<usize>,
    /// The pack that speaks for it.
    pub pack: Arc<Pack>,
    /// What the design says it is.
    pub model: Model,
    /// The clusters whose frames pass it, by their position in the design.
    pub clusters: Vec<usize>,
    /// The clusters it routes for.
    pub gateway_for: Vec<usize>,
    /// What it must hold, in the order of the entries' keys.
    pub needs: Vec<Need>,
    /// What it should hold and cannot, or what is not known well enough to be written.
    pub withheld: Vec<Withheld>,
    /// What its engineer should know, one line each.
    pub notes: Vec<String>,
}

impl DevicePlan {
    /// What its platform can do.
    pub fn facts(&self) -> PlatformFacts<'_> {
        self.pack.facts(self.model)
    }

    /// The name of its platform, where the design states a known one.
    pub fn platform_name(&self) -> Option<&str> {
        self.model.platform.map(|platform| self.pack.platforms[platform].name.as_str())
    }

    /// Whether it leads multicast that no group knows to router ports alone once there is a querier, and can be told which
    /// ports are such: then that is how a cluster's frames are confined, since their IP matches no group.
    pub fn confines_by_router_ports(&self) -> bool {
        confines_by_router_ports(self.facts())
    }

    /// What it must hold, as a state.
    pub fn state(&self) -> State {
        self.needs.iter().map(|need| need.entry.clone()).collect()
    }
}

/// What every device of a design needs.
#[derive(Debug)]
pub struct Plan<'d> {
    /// The devices, in the design's order. A switch whose pack does not exist has none.
    pub devices: Vec<DevicePlan>,
    /// What was found out about each cluster, in the design's order.
    pub clusters: Vec<ClusterPlan>,
    /// The devices and links that it rests on. Its device numbers are those of `devices`.
    pub topology: Topology<'d>,
}

impl Plan<'_> {
    /// The ports of `device` by which the frames of a cluster are known to come in: those of its nodes, and those of links
    /// that carry its VLAN.
    pub fn inlets(&self, device: &DevicePlan, cluster: usize, vlan: VlanId) -> PortSet {
        let Some(number) = device.members.first().map(|member| self.topology.device_of(*member)) else {
            return PortSet::new();
        };
        let places = self.clusters[cluster].places.iter().filter(|place| place.device == number);
        let links = self.topology.edges[number].iter().filter(|edge| edge.carries(vlan));
        places.map(|place| place.port.clone()).chain(links.filter_map(|edge| edge.port.clone())).collect()
    }
}

/// Works out what every device needs.
pub fn plan<'d>(bound: &Bound<'d>) -> Plan<'d> {
    let topology = Topology::new(bound);
    let survey = |cluster| clusters::survey(cluster, bound, &topology);
    let clusters: Vec<ClusterPlan> = bound.design.clusters.par_iter().map(survey).collect();
    let mut on_device: Vec<Vec<usize>> = vec![Vec::new(); topology.members.len()];
    for (index, survey) in clusters.iter().enumerate() {
        survey.devices.iter().for_each(|device| on_device[*device].push(index));
    }
    let device = |(number, indices): (usize, &Vec<usize>)| {
        let mut draft = Draft::default();
        for index in indices {
            clusters::demand(*index, &clusters[*index], number, bound, &topology, &mut draft);
        }
        draft.finish(&topology.members[number], bound)
    };
    let devices = on_device.par_iter().enumerate().map(device).collect();
    Plan { devices, clusters, topology }
}

/// What is gathered for a device while the clusters are walked through.
#[derive(Debug, Default)]
struct Draft {
    clusters: Vec<usize>,
    gateway_for: Vec<usize>,
    needs: BTreeMap<Key, Need>,
    withheld: Vec<Withheld>,
    notes: Vec<String>,
    noted: HashSet<String>,
}

impl Draft {
    fn need(&mut self, entry: Entry, cluster: usize) {
        match self.needs.entry(entry.key()) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Need { entry, clusters: vec![cluster] });
            }
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                let need = taken.get_mut();
                merge(&mut need.entry, entry);
                if need.clusters.last() != Some(&cluster) {
                    need.clusters.push(cluster);
                }
            }
        }
    }

    fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.noted.insert(note.clone()) {
            self.notes.push(note);
        }
    }

    fn finish(mut self, members: &[usize], bound: &Bound<'_>) -> DevicePlan {
        let first = members[0];
        let switch = &bound.design.switches[first];
        let pack = bound.switches[first].pack.clone().unwrap_or_else(Pack::silent);
        let mut demanders: BTreeMap<EntryKind, Vec<usize>> = BTreeMap::new();
        for need in self.needs.values() {
            demanders.entry(need.entry.kind()).or_default().extend(&need.clusters);
        }
        for (kind, clusters) in demanders {
            for entry in prerequisites(pack.facts(bound.switches[first].model), kind) {
                clusters.iter().for_each(|cluster| self.need(entry.clone(), *cluster));
            }
        }
        for need in self.needs.values_mut() {
            need.clusters.sort_unstable();
            need.clusters.dedup();
        }
        DevicePlan {
            name: switch.stack.as_ref().map_or_else(|| switch.name.to_string(), ToString::to_string),
            members: members.to_vec(),
            pack,
            model: bound.switches[first].model,
            clusters: self.clusters,
            gateway_for: self.gateway_for,
            needs: self.needs.into_values().collect(),
            withheld: self.withheld,
            notes: self.notes,
        }
    }
}

/// Whether a device with these facts confines a cluster's frames by router ports.
fn confines_by_router_ports(facts: PlatformFacts<'_>) -> bool {
    let to_routers =
        facts.unregistered_with_querier().is_some_and(|fact| fact.value == WithQuerier::RouterPorts);
    to_routers && facts.speaks_of(EntryKind::RouterPort)
}

/// What a static MAC entry with these ports needs on a device with these facts for the port-channels among them.
pub fn lag_need(facts: PlatformFacts<'_>, ports: &PortSet) -> Option<Entry> {
    let kind = EntryKind::UnknownUnicastBalance;
    let asked =
        ports.iter().any(PortName::is_lag) && facts.needs_of(EntryKind::StaticMac).any(|need| need == kind);
    asked.then(|| Entry::Setting { kind, of: Subject::Switch, value: Value::Flag(true) })
}

/// The entries of the whole switch without which one of `kind` does nothing on a device with these facts.
pub fn prerequisites(facts: PlatformFacts<'_>, kind: EntryKind) -> impl Iterator<Item = Entry> {
    facts.needs_of(kind).filter_map(|kind| match kind {
        EntryKind::MulticastFiltering => Some(Entry::MulticastFiltering { enabled: true }),
        EntryKind::IgmpSnooping => Some(Entry::IgmpSnooping { vlan: None, enabled: true }),
        EntryKind::VlanFlooding => Some(Entry::VlanFlooding { enabled: true }),
        kind @ EntryKind::ArpCheck => {
            Some(Entry::Setting { kind, of: Subject::Switch, value: Value::Flag(false) })
        }
        kind @ EntryKind::QuerierSwitch => {
            Some(Entry::Setting { kind, of: Subject::Switch, value: Value::Flag(true) })
        }
        _ => None, // the others need values that a prerequisite does not name; the pack's check refuses them
    })
}

fn merge(held: &mut Entry, more: Entry) {
    match (held, more) {
        (Entry::StaticMac { ports, .. }, Entry::StaticMac { ports: mut more, .. })
        | (Entry::MrouterPort { ports, .. }, Entry::MrouterPort { ports: mut more, .. }) => {
            ports.append(&mut more)
        }
        (Entry::IgmpQuerier { address: address @ None, .. }, Entry::IgmpQuerier { address: more, .. }) => {
            *address = more;
        }
        _ => {}
    }
}
