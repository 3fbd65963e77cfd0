//! The YAML description of clusters, hosts and switches: its types, loading with positions, the checks of its
//! shape, and its JSON Schema.

mod check;
mod load;
mod starter;
mod types;
mod values;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use ipnetwork::IpNetwork;
use macaddr::MacAddr6;

pub(crate) use load::neighbour;
pub use load::{LoadError, Loaded, load, load_files, load_text, looks_like_design};
pub use starter::STARTER;
pub use types::*;
pub use values::{
    Accept, Address, Firewall, GatewayRole, Link, PortRange, PortRef, PortRefs, QuerierRole, RuleVip, Vips,
    VlanId, VlanSpec,
};

use crate::nlb;
use crate::source::Spanned;
use crate::yaml::Schemed;

/// A whole description, merged from all its files, every name in it unique and every reference good.
#[derive(Debug, Clone, Default)]
pub struct Design {
    /// The clusters, in the order they were written.
    pub clusters: Vec<Cluster>,
    /// The hypervisor hosts.
    pub hosts: Vec<Host>,
    /// The host groups.
    pub host_groups: Vec<HostGroup>,
    /// The switches.
    pub switches: Vec<Switch>,
    /// What else is in the site.
    pub site: Option<Site>,
    /// Ports of things that are broken and were left out: whether their switches have such ports is still asked.
    pub(crate) loose_ports: Vec<Spanned<PortRef>>,
    switch_index: HashMap<String, usize>,
    host_index: HashMap<String, usize>,
    group_index: HashMap<String, usize>,
    group_hosts: HashMap<String, Vec<usize>>,
}

impl Design {
    pub(crate) fn new(document: Document) -> Self {
        let Document { clusters, hosts, host_groups, switches, site, .. } = document;
        let index = |names: &mut dyn Iterator<Item = String>| {
            names.enumerate().map(|(at, name)| (name, at)).collect()
        };
        let mut group_hosts: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, host) in hosts.iter().enumerate() {
            if let Some(group) = &host.group {
                group_hosts.entry(group.to_string()).or_default().push(at);
            }
        }
        Self {
            switch_index: index(&mut switches.iter().map(|switch| switch.name.to_string())),
            host_index: index(&mut hosts.iter().map(|host| host.name.to_string())),
            group_index: index(&mut host_groups.iter().map(|group| group.name.to_string())),
            group_hosts,
            clusters,
            hosts,
            host_groups,
            switches,
            site,
            loose_ports: Vec::new(),
        }
    }

    /// The position of the switch named `name` in [`Design::switches`].
    pub fn switch_position(&self, name: &str) -> Option<usize> {
        self.switch_index.get(name).copied()
    }

    /// The switch named `name`.
    pub fn switch(&self, name: &str) -> Option<&Switch> {
        self.switch_position(name).map(|at| &self.switches[at])
    }

    /// The host named `name`.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.host_index.get(name).map(|at| &self.hosts[*at])
    }

    /// The host group named `name`.
    pub fn group(&self, name: &str) -> Option<&HostGroup> {
        self.group_index.get(name).map(|at| &self.host_groups[*at])
    }

    /// The hosts of the group named `name`.
    pub fn hosts_of_group(&self, name: &str) -> impl Iterator<Item = &Host> {
        self.group_hosts.get(name).into_iter().flatten().map(|at| &self.hosts[*at])
    }

    /// The host `node` is said to run on.
    pub fn host_of(&self, node: &Node) -> Option<&Host> {
        node.host.as_ref().and_then(|name| self.host(name))
    }

    /// Every host `node` may run on: its own, and the others of that host's group unless machines do not move
    /// there. Empty for a physical node.
    pub fn possible_hosts(&self, node: &Node) -> Vec<&Host> {
        let Some(home) = self.host_of(node) else { return Vec::new() };
        match &home.group {
            Some(group) if self.machines_move(group) => self.hosts_of_group(group).collect(),
            _ => vec![home],
        }
    }

    /// The VRF in which the device made of the switches `members` (positions) routes `cluster`: the cluster's word, else
    /// that of the first of them that names one; the global table when `None`.
    pub fn vrf_on<'d>(&'d self, members: &[usize], cluster: &'d Cluster) -> Option<&'d VrfName> {
        let gateways = members.iter().filter_map(|member| self.switches[*member].gateway.described());
        let stated = gateways.filter_map(|gateway| gateway.vrf.as_ref()).next();
        cluster.vrf.as_ref().or(stated).map(|vrf| &vrf.value)
    }

    /// Whether virtual machines move among the hosts of the group named `group`; they do unless it says otherwise.
    pub fn machines_move(&self, group: &str) -> bool {
        self.group(group).and_then(|group| group.live_migration).is_none_or(|moves| moves.value)
    }
}

impl Cluster {
    /// The primary cluster IP, where it is IPv4.
    pub fn primary_v4(&self) -> Option<Ipv4Addr> {
        match self.primary_ip.ip() {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        }
    }

    /// The MAC the cluster answers with, for every VIP: the override where there is one, else the MAC derived from
    /// the primary cluster IP (Microsoft: only the primary cluster network address is used,
    /// <https://blogs.technet.microsoft.com/networking/2008/12/11/windows-server-2008-nlb-uses-only-the-primary-cluster-network-address/>).
    pub fn mac(&self) -> MacAddr6 {
        match (&self.mac_override, self.primary_v4()) {
            (Some(mac), _) => mac.value,
            (None, Some(primary)) => self.mode.mac(primary),
            (None, None) => MacAddr6::nil(), // refused while loading
        }
    }

    /// The IGMP group the nodes join, in IGMP mode: the override where there is one, else 239.255.y.z.
    pub fn group(&self) -> Option<Ipv4Addr> {
        (self.mode.value == nlb::Mode::IgmpMulticast)
            .then(|| {
                self.igmp_group_override
                    .map(|group| group.value)
                    .or_else(|| self.primary_v4().map(nlb::group))
            })
            .flatten()
    }

    /// Every VIP with its position, the primary first.
    pub fn vips(&self) -> impl Iterator<Item = Spanned<IpAddr>> {
        let primary = Spanned::new(self.primary_ip.ip(), self.primary_ip.span);
        std::iter::once(primary).chain(self.further_vips())
    }

    /// The VIPs beside the primary.
    pub fn further_vips(&self) -> impl Iterator<Item = Spanned<IpAddr>> {
        self.virtual_ips.iter().flat_map(|vips| vips.iter()).map(|vip| Spanned::new(vip.ip, vip.span))
    }

    /// The primary's subnet.
    pub fn subnet(&self) -> IpNetwork {
        self.primary_ip.value
    }

    /// Where the clients are, as stated or by default.
    pub fn clients(&self) -> Clients {
        self.clients.map_or(Clients::Both, |clients| clients.value)
    }
}

/// The JSON Schema of the description, made from the types that read it.
pub fn schema() -> serde_json::Value {
    let generator = schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12());
    let mut schema = generator.into_root_schema_for::<Schemed<Document>>();
    schema.insert("title".to_owned(), "nlbswitch design".into());
    schema.to_value()
}
