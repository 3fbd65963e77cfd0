//! From configs to clusters, switches, and what fits nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::lint::{ConfigFile, Connected, Sighting, connected, sight};
use crate::net::mac::{self, Notation};
use crate::net::port::{Naming, PortName};
use crate::nlb::{self, Decoded, IgmpMac, Mode};

/// What configs show of a design.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The clusters, in the order of their primary addresses.
    pub clusters: Vec<RecoveredCluster>,
    /// The switches, in the order of the configs.
    pub switches: Vec<RecoveredSwitch>,
    /// What belongs to NLB and to no cluster that could be recovered.
    pub orphans: Vec<Orphan>,
}

/// A cluster that configs show.
#[derive(Debug)]
pub struct RecoveredCluster {
    /// A name made of the primary address.
    pub name: String,
    /// Its mode.
    pub mode: Mode,
    /// The primary cluster IP: of a MAC that holds it, or the only one that fits.
    pub primary: Ipv4Addr,
    /// How the primary is known.
    pub primary_from: &'static str,
    /// The length of its subnet's prefix, where an interface is in that subnet.
    pub prefix: Option<u8>,
    /// The further VIPs.
    pub vips: BTreeSet<Ipv4Addr>,
    /// The VLAN id.
    pub vlan: u16,
    /// The VRF of its static ARP entries.
    pub vrf: Option<String>,
    /// The ports that its static MAC entries lead to, each with its switch.
    pub ports: Vec<(String, String)>,
}

/// A switch that configs show.
#[derive(Debug)]
pub struct RecoveredSwitch {
    /// Its name.
    pub name: String,
    /// Its pack.
    pub vendor: String,
    /// How it routes for clusters; `None` when nothing shows that it does.
    pub gateway: Option<RecoveredGateway>,
    /// Whether it is an IGMP querier of a cluster's VLAN, and the address it was told.
    pub querier: Option<Option<Ipv4Addr>>,
}

/// A gateway that configs show.
#[derive(Debug, Default)]
pub struct RecoveredGateway {
    /// How it shares its address: `hsrp`, `vrrp`.
    pub protocol: Option<&'static str>,
    /// With which switches.
    pub peers: Vec<String>,
}

/// Something of NLB that fits nowhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The switch whose config holds it.
    pub switch: String,
    /// What it is, and what is missing.
    pub what: String,
}

/// Recovers what `configs` show.
pub fn recover(configs: &[ConfigFile<'_>]) -> Recovered {
    let sightings = sight(configs, &[]);
    let mut by_mac: BTreeMap<MacAddr6, Vec<&Sighting>> = BTreeMap::new();
    for sighting in &sightings {
        by_mac.entry(sighting.mac).or_default().push(sighting);
    }
    let subnets: Vec<Vec<Connected>> = configs.iter().map(|config| connected(&config.state)).collect();
    let mut recovered = Recovered::default();
    for (mac, seen) in by_mac {
        let search = Search { configs, subnets: &subnets, mac, seen: &seen };
        match search.cluster() {
            Ok(cluster) => recovered.clusters.push(cluster),
            Err(missing) => recovered.orphans.extend(seen.iter().map(|sighting| Orphan {
                switch: configs[sighting.config].name.clone(),
                what: format!("{}: {missing}", mac::format(mac, Notation::Colon)),
            })),
        }
    }
    recovered.clusters.sort_by_key(|cluster| (cluster.primary, cluster.vlan));
    let mut vlans: BTreeSet<u16> = recovered.clusters.iter().map(|cluster| cluster.vlan).collect();
    let told = |config| modes(config).filter(|(vlan, _)| !vlans.contains(vlan)).map(move |at| (config, at));
    let told: Vec<(&ConfigFile<'_>, (u16, &str))> = configs.iter().flat_map(told).collect();
    for (config, (vlan, mode)) in told {
        recovered.orphans.push(Orphan {
            switch: config.name.clone(),
            what: format!(
                "VLAN {vlan}: its interface takes the ARP replies of {mode} clusters; no config shows a VIP of one"
            ),
        });
        vlans.insert(vlan);
    }
    recovered.switches =
        configs.iter().enumerate().map(|(number, _)| switch(configs, number, &sightings, &vlans)).collect();
    recovered
}

/// The VLANs whose interfaces are told the mode of the clusters behind them, with that mode: such a gateway learns the
/// clusters by itself, and its config holds none of their addresses.
fn modes<'c>(config: &'c ConfigFile<'_>) -> impl Iterator<Item = (u16, &'c str)> {
    config.state.settings(EntryKind::ClusterMode).filter_map(|(of, value)| match (of, value) {
        (Subject::Svi(vlan), Value::Word(mode)) => Some((*vlan, mode.as_str())),
        _ => None,
    })
}

/// The search for one cluster.
struct Search<'s> {
    configs: &'s [ConfigFile<'s>],
    subnets: &'s [Vec<Connected>],
    mac: MacAddr6,
    seen: &'s [&'s Sighting],
}

impl Search<'_> {
    /// The cluster; else what is missing to know it.
    fn cluster(&self) -> Result<RecoveredCluster, String> {
        let ips: BTreeSet<Ipv4Addr> =
            self.seen.iter().flat_map(|sighting| &sighting.arps).map(|arp| arp.ip).collect();
        let (primary, primary_from) = self.primary(&ips)?;
        let vlans: BTreeSet<u16> =
            self.seen.iter().flat_map(|sighting| sighting.vlans.iter().copied()).collect();
        let vlan = match vlans.iter().collect::<Vec<_>>().as_slice() {
            [only] => **only,
            [] => return Err(format!("the cluster of {primary} is in no VLAN that the configs show")),
            several => {
                let list: Vec<String> = several.iter().map(ToString::to_string).collect();
                return Err(format!(
                    "the cluster of {primary} is in VLANs {}: it can be in one only",
                    list.join(", ")
                ));
            }
        };
        let all = self.subnets.iter().flatten();
        let prefix = all.filter(|at| at.of == Subject::Svi(vlan) && at.subnet.contains(primary));
        let vrf = self.seen.iter().flat_map(|sighting| &sighting.arps).find_map(|arp| arp.vrf.clone());
        let mut ports: Vec<(String, String)> = Vec::new();
        for sighting in self.seen {
            let config = &self.configs[sighting.config];
            let shown = |port: &PortName| (config.name.clone(), config.pack.ports.show(port, Naming::Long));
            ports.extend(sighting.ports(vlan).iter().map(shown));
        }
        Ok(RecoveredCluster {
            name: format!("nlb-{}", primary.to_string().replace('.', "-")),
            mode: self.seen[0].mode,
            primary,
            primary_from,
            prefix: prefix.map(|at| at.subnet.prefix()).max(),
            vips: ips.into_iter().filter(|ip| *ip != primary).collect(),
            vlan,
            vrf,
            ports,
        })
    }

    fn primary(&self, ips: &BTreeSet<Ipv4Addr>) -> Result<(Ipv4Addr, &'static str), String> {
        let igmp = match nlb::decode(self.mac) {
            Decoded::Unicast(ip) | Decoded::Multicast(ip) => return Ok((ip, "its MAC")),
            Decoded::Igmp(igmp) => igmp,
            _ => return Err("no MAC that NLB makes".to_owned()),
        };
        let fits = |ip: &&Ipv4Addr| ip.octets()[2..] == [igmp.y, igmp.z];
        if let [only] = ips.iter().filter(fits).collect::<Vec<_>>().as_slice() {
            return Ok((**only, "the static ARP that ends as its MAC does"));
        }
        let candidates = self.in_subnets(igmp, ips);
        match candidates.iter().collect::<Vec<_>>().as_slice() {
            [only] => Ok((**only, "the only subnet that its MAC's two octets fit in")),
            [] => Err(format!(
                "its primary address ends in .{}.{}; the configs show no subnet of it",
                igmp.y, igmp.z
            )),
            several => {
                let list: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(format!("its primary address may be {}", list.join(" or ")))
            }
        }
    }

    /// The addresses that end as the MAC does, in the subnets that the cluster may be in.
    fn in_subnets(&self, igmp: IgmpMac, ips: &BTreeSet<Ipv4Addr>) -> BTreeSet<Ipv4Addr> {
        let vlans: BTreeSet<u16> =
            self.seen.iter().flat_map(|sighting| sighting.vlans.iter().copied()).collect();
        let here = |at: &&Connected| match at.of {
            Subject::Svi(vlan) => vlans.contains(&vlan) || ips.iter().any(|ip| at.subnet.contains(*ip)),
            _ => ips.iter().any(|ip| at.subnet.contains(*ip)),
        };
        let ending = |at: &Connected| {
            let [a, b, ..] = at.subnet.network().octets();
            let ip = Ipv4Addr::new(a, b, igmp.y, igmp.z);
            (at.subnet.prefix() >= 16 && at.subnet.contains(ip)).then_some(ip)
        };
        self.subnets.iter().flatten().filter(here).filter_map(ending).collect()
    }
}

fn switch(
    configs: &[ConfigFile<'_>],
    number: usize,
    sightings: &[Sighting],
    vlans: &BTreeSet<u16>,
) -> RecoveredSwitch {
    let config = &configs[number];
    let routes = sightings.iter().any(|sighting| sighting.config == number && !sighting.arps.is_empty());
    let shared = |config: &ConfigFile<'_>| -> BTreeSet<(u16, Ipv4Addr)> {
        let addresses = config.state.settings(EntryKind::VirtualAddress);
        let in_vlans = addresses.filter_map(|(of, value)| match (of, value) {
            (Subject::Svi(vlan), Value::Ip(ip)) if vlans.contains(vlan) => Some((*vlan, *ip)),
            _ => None,
        });
        in_vlans.collect()
    };
    let own = shared(config);
    let others = configs.iter().enumerate().filter(|(other, _)| *other != number);
    let peers: Vec<String> = others
        .filter(|(_, other)| !own.is_disjoint(&shared(other)))
        .map(|(_, other)| other.name.clone())
        .collect();
    let routes = routes || modes(config).next().is_some();
    let gateway = (routes || !own.is_empty()).then(|| RecoveredGateway {
        protocol: (!peers.is_empty()).then(|| protocol(config)).flatten(),
        peers,
    });
    let querier = config.state.entries().find_map(|entry| match entry {
        Entry::IgmpQuerier { vlan, address } if vlan.is_none_or(|vlan| vlans.contains(&vlan)) => {
            Some(*address)
        }
        _ => None,
    });
    RecoveredSwitch { name: config.name.clone(), vendor: config.pack.name().to_owned(), gateway, querier }
}

/// The protocol that a config shares addresses by: told by the words of the line.
fn protocol(config: &ConfigFile<'_>) -> Option<&'static str> {
    let spellings = config.reading.facts.iter().map(|fact| fact.spelling);
    let mut sharing = spellings.filter(|spelling| spelling.entry == EntryKind::VirtualAddress);
    sharing.find_map(|spelling| {
        let openers = config.pack.block(spelling).iter().map(|opener| opener.text());
        let mut texts = openers.chain([spelling.pattern.text()]);
        texts.find_map(|text| match text.split(' ').next().unwrap_or_default() {
            "standby" | "hsrp" => Some("hsrp"),
            word if word.starts_with("vrrp") => Some("vrrp"),
            _ => None,
        })
    })
}
