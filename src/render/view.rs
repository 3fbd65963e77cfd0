//! What the templates see: one device, its entries grouped by VLAN and written in its pack's notation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ground::Target;
use crate::config::VlanNames;
use crate::entry::{Entry, EntryKind, Subject, Unregistered, Value};
use crate::net::PortSet;
use crate::net::mac;
use crate::net::port::{Naming, PortList};
use crate::vendor::Pack;

/// One cluster, for the comments of checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClusterFacts {
    /// Its name.
    pub name: String,
    /// Its mode.
    pub mode: String,
    /// Its MAC in the pack's notation.
    pub mac: String,
    /// Its primary VIP.
    pub primary: String,
    /// All of its VIPs, the primary first.
    pub vips: Vec<String>,
    /// Its VLAN id.
    pub vlan: u16,
    /// Its VRF, if any.
    pub vrf: Option<String>,
    /// Its IGMP group, in IGMP mode.
    pub group: Option<String>,
    /// The ports of the device by which its frames are known to come in: those of nodes and of links.
    #[serde(skip)]
    pub inlets: PortSet,
}

#[derive(Debug, Serialize)]
pub(super) struct View<'a> {
    pub(super) device: DeviceView<'a>,
    pub(super) clusters: &'a [ClusterFacts],
    only_ports: bool,
    static_arps: Vec<ArpView<'a>>,
    vlans: Vec<VlanView<'a>>,
    snooping: Option<bool>,
    querier: Option<QuerierView>,
    multicast_filtering: Option<bool>,
    vlan_flooding: Option<bool>,
    arp_check: Option<bool>,
    querier_switch: Option<bool>,
    unregistered: Vec<UnregisteredView>,
    router_ports: Vec<FlagView>,
    block_unknown_unicast: Vec<FlagView>,
    unknown_unicast_balance: Option<bool>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct DeviceView<'a> {
    pub(super) name: &'a str,
    pub(super) platform: Option<&'a str>,
    /// Whether it snoops by itself, and in each VLAN.
    snoops: Option<bool>,
    snoops_in_vlans: Option<bool>,
}

#[derive(Debug, Serialize)]
struct ArpView<'a> {
    ip: String,
    mac: String,
    vrf: Option<String>,
    port: Option<String>,
    svi: Option<u16>,
    interface: Option<&'a str>,
    multicast: bool,
    prefix: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct VlanView<'a> {
    id: u16,
    name: Option<&'a str>,
    clusters: Vec<&'a ClusterFacts>,
    static_macs: Vec<MacView>,
    snooping: Option<bool>,
    querier: Option<QuerierView>,
    mrouter: Vec<PortList>,
    lookup: Option<String>,
    cluster_mode: Option<String>,
}

impl<'a> VlanView<'a> {
    fn new(id: u16, names: &'a VlanNames) -> Self {
        Self { id, name: names.of_vlan(id), ..Self::default() }
    }
}

#[derive(Debug, Serialize)]
struct MacView {
    mac: String,
    multicast: bool,
    each: Vec<String>,
    from: Vec<String>,
    lists: Vec<PortList>,
    ports: String,
}

#[derive(Debug, Serialize)]
struct QuerierView {
    address: Option<String>,
}

#[derive(Debug, Serialize)]
struct UnregisteredView {
    port: String,
    action: Unregistered,
}

#[derive(Debug, Serialize)]
struct FlagView {
    port: String,
    enabled: bool,
}

/// How ports are written: long or short, and the longest list in octets. And whether entries only lose these ports.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) naming: Naming,
    pub(super) list_limit: usize,
    pub(super) only_ports: bool,
}

impl<'a> View<'a> {
    /// The view of `entries`, which are in their order.
    pub(super) fn new(
        pack: &'a Pack,
        target: Target<'a>,
        clusters: &'a [ClusterFacts],
        entries: &[&Entry],
        style: Style,
    ) -> Self {
        let platform = target.model.platform.map(|platform| pack.platforms[platform].name.as_str());
        let facts = pack.facts(target.model);
        let ground = target.ground;
        let mut view = Self {
            device: DeviceView {
                name: target.name,
                platform,
                snoops: facts.snooping_default(false),
                snoops_in_vlans: facts.snooping_default(true),
            },
            clusters,
            only_ports: style.only_ports,
            static_arps: Vec::new(),
            vlans: Vec::new(),
            snooping: None,
            querier: None,
            multicast_filtering: None,
            vlan_flooding: None,
            arp_check: None,
            querier_switch: None,
            unregistered: Vec::new(),
            router_ports: Vec::new(),
            block_unknown_unicast: Vec::new(),
            unknown_unicast_balance: None,
        };
        let mut vlans: BTreeMap<u16, VlanView<'a>> = BTreeMap::new();
        let mut in_vlan = |id: u16, change: &mut dyn FnMut(&mut VlanView<'a>)| {
            change(vlans.entry(id).or_insert_with(|| VlanView::new(id, ground.names)));
        };
        let lists = |ports: &PortSet| {
            let ports: Vec<_> = ports.iter().cloned().collect();
            pack.ports.lists(&ports, style.naming, style.list_limit)
        };
        for entry in entries {
            match entry {
                Entry::StaticArp { ip, mac: address, vrf, port, svi } => view.static_arps.push(ArpView {
                    ip: ip.to_string(),
                    mac: mac::format(*address, pack.mac),
                    vrf: vrf.clone(),
                    port: port.as_ref().map(|port| pack.ports.show(port, style.naming)),
                    multicast: address.is_multicast(),
                    interface: svi.and_then(|svi| ground.names.of_svi(svi)),
                    prefix: svi
                        .and_then(|svi| ground.address_beside(svi, *ip))
                        .map(|prefix| prefix.to_string()),
                    svi: *svi,
                }),
                Entry::StaticMac { mac: address, vlan, ports } => in_vlan(*vlan, &mut |vlan| {
                    let show = |port| pack.ports.show(port, style.naming);
                    let each = ports.iter().map(show).collect();
                    let mac = mac::format(*address, pack.mac);
                    let its = clusters.iter().filter(|cluster| cluster.vlan == vlan.id && cluster.mac == mac);
                    let from: BTreeSet<_> = its.flat_map(|cluster| &cluster.inlets).chain(ports).collect();
                    let lists = lists(ports);
                    let texts: Vec<String> =
                        lists.iter().map(|list| format!("{} {}", list.keyword, list.text)).collect();
                    let ports = texts.join(", ").trim().to_owned();
                    vlan.static_macs.push(MacView {
                        mac,
                        multicast: address.is_multicast(),
                        each,
                        from: from.into_iter().map(show).collect(),
                        lists,
                        ports,
                    });
                }),
                Entry::IgmpSnooping { vlan: Some(vlan), enabled } => {
                    in_vlan(*vlan, &mut |vlan| vlan.snooping = Some(*enabled));
                }
                Entry::IgmpSnooping { vlan: None, enabled } => view.snooping = Some(*enabled),
                Entry::IgmpQuerier { vlan, address } => {
                    let querier = || QuerierView { address: address.map(|address| address.to_string()) };
                    match vlan {
                        Some(vlan) => in_vlan(*vlan, &mut |vlan| vlan.querier = Some(querier())),
                        None => view.querier = Some(querier()),
                    }
                }
                Entry::MrouterPort { vlan, ports } => in_vlan(*vlan, &mut |vlan| vlan.mrouter = lists(ports)),
                Entry::MulticastFiltering { enabled } => view.multicast_filtering = enabled.then_some(true),
                Entry::VlanFlooding { enabled } => view.vlan_flooding = enabled.then_some(true),
                Entry::UnregisteredMulticast { port, action } => view
                    .unregistered
                    .push(UnregisteredView { port: pack.ports.show(port, style.naming), action: *action }),
                // What a config may hold and no design demands: no template writes it.
                Entry::Setting { kind: EntryKind::MulticastLookup, of: Subject::Vlan(vlan), value } => {
                    in_vlan(*vlan, &mut |vlan| vlan.lookup = Some(value.to_string()));
                }
                Entry::Setting { kind: EntryKind::ClusterMode, of: Subject::Svi(vlan), value } => {
                    in_vlan(*vlan, &mut |vlan| vlan.cluster_mode = Some(value.to_string()));
                }
                Entry::Setting { kind: EntryKind::ArpCheck, value: Value::Flag(enabled), .. } => {
                    view.arp_check = Some(*enabled);
                }
                Entry::Setting { kind: EntryKind::QuerierSwitch, value: Value::Flag(enabled), .. } => {
                    view.querier_switch = Some(*enabled);
                }
                Entry::Setting {
                    kind: EntryKind::UnknownUnicastBalance,
                    value: Value::Flag(enabled),
                    ..
                } => {
                    view.unknown_unicast_balance = Some(*enabled);
                }
                Entry::Setting { kind, of: Subject::Port(port), value: Value::Flag(enabled) } => {
                    let flag = FlagView { port: pack.ports.show(port, style.naming), enabled: *enabled };
                    match kind {
                        EntryKind::RouterPort => view.router_ports.push(flag),
                        EntryKind::BlockUnknownUnicast => view.block_unknown_unicast.push(flag),
                        _ => {}
                    }
                }
                Entry::StaticGroup { .. } | Entry::Setting { .. } => {}
            }
        }
        for cluster in clusters {
            if let Some(vlan) = vlans.get_mut(&cluster.vlan) {
                vlan.clusters.push(cluster);
            }
        }
        view.vlans = vlans.into_values().collect();
        view
    }
}
