//! NLB clusters as configs show them, with or without a design.
//!
//! A config shows a cluster when a static ARP or static MAC entry holds a MAC that decodes as NLB's (02-BF or 03-BF and an
//! IPv4 address), when a static ARP binds a unicast address to 01-00-5E-7F, and when an entry holds the MAC of a cluster
//! of the design. Never by a name or a description.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use macaddr::MacAddr6;

use super::ConfigFile;
use crate::design::Cluster;
use crate::entry::{Entry, EntryKind, State, Subject, Value};
use crate::net::PortSet;
use crate::nlb::{self, Decoded, Mode};

/// A static ARP entry of a sighting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenArp {
    /// The VIP.
    pub ip: Ipv4Addr,
    /// The VRF; the global table when `None`.
    pub vrf: Option<String>,
    /// The entry.
    pub entry: Entry,
}

/// A static MAC entry of a sighting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMac {
    /// The VLAN id.
    pub vlan: u16,
    /// The ports.
    pub ports: PortSet,
    /// The entry.
    pub entry: Entry,
}

/// One cluster MAC in one config.
#[derive(Debug)]
pub struct Sighting {
    /// The config, by its position in the configs that were read.
    pub config: usize,
    /// The MAC.
    pub mac: MacAddr6,
    /// The mode that has such MACs.
    pub mode: Mode,
    /// The cluster of the design that answers with it, by its position.
    pub cluster: Option<usize>,
    /// The static ARP entries with this MAC.
    pub arps: Vec<SeenArp>,
    /// The static MAC entries of this MAC.
    pub macs: Vec<SeenMac>,
    /// The VLANs it lives in, as far as the design, the static MAC entries or the subnets of SVIs tell.
    pub vlans: BTreeSet<u16>,
}

impl Sighting {
    /// The ports that its static MAC entry in `vlan` leads to.
    pub fn ports(&self, vlan: u16) -> PortSet {
        self.macs
            .iter()
            .filter(|seen| seen.vlan == vlan)
            .flat_map(|seen| seen.ports.iter().cloned())
            .collect()
    }

    /// Every port that its static MAC entries lead to.
    pub fn all_ports(&self) -> PortSet {
        self.macs.iter().flat_map(|seen| seen.ports.iter().cloned()).collect()
    }
}

/// An interface with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The interface: an SVI or a routed port.
    pub of: Subject,
    /// Its subnet, with its own address in it.
    pub subnet: Ipv4Network,
    /// Its VRF; the global table when `None`.
    pub vrf: Option<String>,
}

impl Connected {
    /// The VLAN whose routed interface it is.
    pub fn svi(&self) -> Option<u16> {
        match self.of {
            Subject::Svi(vlan) => Some(vlan),
            _ => None,
        }
    }
}

/// The subnets that a config's interfaces are in.
pub fn connected(state: &State) -> Vec<Connected> {
    let addressed = [EntryKind::Address, EntryKind::SecondaryAddress];
    let settings = addressed.into_iter().flat_map(|kind| state.settings(kind));
    let subnets = settings.filter_map(|(of, value)| match value {
        Value::Address(ip, length) => {
            let subnet = Ipv4Network::new(*ip, *length).ok()?;
            let vrf = state.word(EntryKind::Vrf, of).map(str::to_owned);
            Some(Connected { of: of.clone(), subnet, vrf })
        }
        _ => None,
    });
    subnets.collect()
}

/// The mode whose MACs look so, by themselves (`02bf`, `03bf`).
fn evident_mode(mac: MacAddr6) -> Option<Mode> {
    match nlb::decode(mac) {
        Decoded::Unicast(_) => Some(Mode::Unicast),
        Decoded::Multicast(_) => Some(Mode::Multicast),
        _ => None,
    }
}

/// Every sighting in `configs`, in their order and that of the MACs. `clusters` are those of the design that some of them
/// belong to.
pub fn sight(configs: &[ConfigFile<'_>], clusters: &[Cluster]) -> Vec<Sighting> {
    let by_mac: BTreeMap<MacAddr6, usize> =
        clusters.iter().enumerate().rev().map(|(index, cluster)| (cluster.mac(), index)).collect();
    let mut all = Vec::new();
    for (number, config) in configs.iter().enumerate() {
        let mut seen: BTreeMap<MacAddr6, Sighting> = BTreeMap::new();
        let known = |mac: MacAddr6| by_mac.get(&mac).copied().filter(|_| config.device.is_some());
        let fresh = |mac: MacAddr6, mode: Mode| Sighting {
            config: number,
            mac,
            mode,
            cluster: known(mac),
            arps: Vec::new(),
            macs: Vec::new(),
            vlans: BTreeSet::new(),
        };
        let mode_of =
            |mac: MacAddr6| known(mac).map(|index| clusters[index].mode.value).or(evident_mode(mac));
        for entry in config.state.entries() {
            let Entry::StaticArp { ip, mac, vrf, .. } = entry else { continue };
            let igmp = || is_igmp_mac(*mac).then_some(Mode::IgmpMulticast).filter(|_| !ip.is_multicast());
            let Some(mode) = mode_of(*mac).or_else(igmp) else { continue };
            let found = seen.entry(*mac).or_insert_with(|| fresh(*mac, mode));
            found.arps.push(SeenArp { ip: *ip, vrf: vrf.clone(), entry: entry.clone() });
        }
        for entry in config.state.entries() {
            let Entry::StaticMac { mac, vlan, ports } = entry else { continue };
            let found = match (seen.contains_key(mac), mode_of(*mac)) {
                (false, None) => continue,
                (_, mode) => {
                    let mode = mode.unwrap_or(Mode::IgmpMulticast);
                    seen.entry(*mac).or_insert_with(|| fresh(*mac, mode))
                }
            };
            found.macs.push(SeenMac { vlan: *vlan, ports: ports.clone(), entry: entry.clone() });
        }
        let connected = connected(&config.state);
        for sighting in seen.values_mut() {
            sighting.vlans.extend(sighting.cluster.map(|index| clusters[index].vlan.get()));
            sighting.vlans.extend(sighting.macs.iter().map(|seen| seen.vlan));
            for arp in &sighting.arps {
                if let Entry::StaticArp { svi: Some(svi), .. } = arp.entry {
                    sighting.vlans.insert(svi);
                }
                let here = connected.iter().filter(|at| at.vrf == arp.vrf && at.subnet.contains(arp.ip));
                sighting.vlans.extend(here.filter_map(Connected::svi));
            }
        }
        all.extend(seen.into_values());
    }
    all
}

fn is_igmp_mac(mac: MacAddr6) -> bool {
    mac.as_bytes().starts_with(&[0x01, 0x00, 0x5e, 0x7f])
}
