//! What a config lacks, holds wrong, and holds too much of, measured by what its device needs.
//!
//! Entries are compared and not lines: spelling, notations, the order of ports and ranges make no difference. What is
//! taken away belongs to a cluster of the design, by its MAC or its VIP. The entries of others are never touched, and
//! what only may be a leftover is kept and said.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};

use macaddr::MacAddr6;
use serde::Serialize;

use super::words::{differing, entry_text};
use crate::config;
use crate::design::{Cluster, Design};
use crate::entry::{Entry, Key, State};
use crate::net::mac;
use crate::nlb::{self, Mode, Verdict};
use crate::plan::{DevicePlan, Need};

/// What is wrong with what a config holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// It is not there.
    Missing,
    /// It is there and says something else.
    Wrong,
    /// It belongs to a cluster that has no use for it.
    Superfluous,
}

impl std::fmt::Display for Nature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Superfluous => "superfluous",
        })
    }
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// What the config holds, if anything.
    pub old: Option<Entry>,
    /// What it should hold, if anything.
    pub new: Option<Entry>,
    /// The clusters it is about, by their position in the design.
    pub clusters: Vec<usize>,
    /// What differs, in words: the entry, and where it is there already, what is wrong with it.
    pub text: String,
}

impl Amendment {
    /// What is wrong.
    pub fn nature(&self) -> Nature {
        match (&self.old, &self.new) {
            (None, _) => Nature::Missing,
            (Some(_), Some(_)) => Nature::Wrong,
            (Some(_), None) => Nature::Superfluous,
        }
    }
}

/// An entry of a cluster that the plan does not ask for and that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The entry.
    pub entry: Entry,
    /// Why it stays, in words.
    pub text: String,
}

/// How a config differs from what its device needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is missing, wrong, superfluous; in this order, each in the order of the keys.
    pub changes: Vec<Amendment>,
    /// What is left as it is, though nothing asks for it.
    pub kept: Vec<Kept>,
}

/// How `state`, which the config of `device` gives, differs from `needs`. Only the entries of `clusters` are looked at.
pub fn difference(
    design: &Design,
    device: &DevicePlan,
    needs: &[&Need],
    clusters: &[usize],
    state: &State,
) -> Difference {
    let claims = Claims::new(design, device, needs, clusters, state);
    let mut found = Difference::default();
    let mut open: BTreeMap<Key, usize> = BTreeMap::new();
    for need in needs {
        let wanted = claims.settled(&need.entry);
        let held = state.get(&wanted.key());
        if claims.satisfied(&wanted, held) {
            continue;
        }
        let new = match (&wanted, held.and_then(Entry::ports)) {
            (Entry::MrouterPort { ports, .. }, Some(held)) => wanted.with_ports(ports | held),
            _ => wanted,
        };
        if held.is_none() {
            open.insert(new.key(), found.changes.len());
        }
        let clusters = need.clusters.iter().filter(|cluster| clusters.contains(cluster)).copied().collect();
        found.changes.push(Amendment { old: held.cloned(), new: Some(new), clusters, text: String::new() });
    }
    let wanted: BTreeSet<Key> = found
        .changes
        .iter()
        .filter_map(|change| change.new.as_ref())
        .map(Entry::key)
        .chain(needs.iter().map(|need| claims.settled(&need.entry).key()))
        .chain(device.needs.iter().map(|need| need.entry.key())) // those that cannot be written as well
        .collect();
    for entry in state.entries().filter(|entry| !wanted.contains(&entry.key())) {
        match claims.of(entry) {
            None => {}
            Some(Claim::Kept(text)) => found.kept.push(Kept { entry: entry.clone(), text }),
            Some(Claim::Stale { cluster, instead, only_instead, why }) => {
                match instead.and_then(|key| open.remove(&key)) {
                    Some(change) => found.changes[change].old = Some(entry.clone()),
                    None if only_instead => {}
                    None => {
                        let clusters = vec![cluster];
                        found.changes.push(Amendment {
                            old: Some(entry.clone()),
                            new: None,
                            clusters,
                            text: why,
                        });
                    }
                }
            }
        }
    }
    let notation = device.pack.mac;
    for change in &mut found.changes {
        let entry = change.old.as_ref().or(change.new.as_ref());
        let what = entry.map(|entry| entry_text(entry, notation)).unwrap_or_default();
        let why = match (&change.old, &change.new) {
            (Some(old), Some(new)) => differing(old, new, notation),
            _ => std::mem::take(&mut change.text),
        };
        change.text = if why.is_empty() { what } else { format!("{what}: {why}") };
    }
    let key = |entry: &Option<Entry>| entry.as_ref().map(Entry::key);
    found.changes.sort_by_key(|change| (change.nature(), key(&change.new), key(&change.old)));
    found
}

/// What an entry that nothing asks for is to the clusters.
enum Claim {
    /// It belongs to a cluster, and may have its use.
    Kept(String),
    /// It belongs to a cluster that has no use for it.
    Stale {
        /// The cluster.
        cluster: usize,
        /// What the cluster needs in its stead.
        instead: Option<Key>,
        /// Only because that is missing it is certain whose it is.
        only_instead: bool,
        /// Why there is no use for it.
        why: String,
    },
}

/// Whose an entry is.
struct Claims<'a> {
    design: &'a Design,
    device: &'a DevicePlan,
    /// The clusters whose entries are looked at.
    clusters: &'a [usize],
    needs: BTreeMap<Key, &'a Entry>,
    state: &'a State,
    by_mac: HashMap<MacAddr6, Vec<usize>>,
    by_vip: HashMap<Ipv4Addr, Vec<usize>>,
}

impl<'a> Claims<'a> {
    fn new(
        design: &'a Design,
        device: &'a DevicePlan,
        needs: &[&'a Need],
        clusters: &'a [usize],
        state: &'a State,
    ) -> Self {
        let mut by_mac: HashMap<MacAddr6, Vec<usize>> = HashMap::new();
        let mut by_vip: HashMap<Ipv4Addr, Vec<usize>> = HashMap::new();
        for (index, cluster) in design.clusters.iter().enumerate() {
            by_mac.entry(cluster.mac()).or_default().push(index);
            for ip in vips(cluster) {
                by_vip.entry(ip).or_default().push(index);
            }
        }
        let needs = needs.iter().map(|need| (need.entry.key(), &need.entry)).collect();
        Self { design, device, clusters, needs, state, by_mac, by_vip }
    }

    fn cluster(&self, index: usize) -> &'a Cluster {
        &self.design.clusters[index]
    }

    fn vrf_of(&self, index: usize) -> Option<&'a str> {
        self.design.vrf_on(&self.device.members, self.cluster(index)).map(|vrf| &**vrf)
    }

    /// A need with what the design leaves open: an entry in a VRF fits a cluster whose VRF is not stated.
    fn settled(&self, need: &Entry) -> Entry {
        let Entry::StaticArp { ip, mac, vrf: None, port, svi: None } = need else { return need.clone() };
        if self.state.get(&need.key()).is_some() {
            return need.clone();
        }
        let known = |vrf: &str| {
            let owners = self.by_vip.get(ip).into_iter().flatten();
            owners.into_iter().any(|owner| self.vrf_of(*owner) == Some(vrf))
        };
        let mut elsewhere = self.state.entries().filter_map(|entry| match entry {
            Entry::StaticArp { ip: held, mac: found, vrf: Some(vrf), .. }
                if held == ip && found == mac && !known(vrf) =>
            {
                Some(vrf)
            }
            _ => None,
        });
        match (elsewhere.next(), elsewhere.next()) {
            (Some(vrf), None) => {
                let vrf = Some(vrf.clone());
                Entry::StaticArp { ip: *ip, mac: *mac, vrf, port: port.clone(), svi: None }
            }
            _ => need.clone(),
        }
    }

    /// Whether `held` is as good as what is needed.
    fn satisfied(&self, needed: &Entry, held: Option<&Entry>) -> bool {
        let Some(held) = held else { return config::is_default(needed, &self.device.facts()) };
        match (needed, held) {
            // Other ports may have a router of their own behind them.
            (Entry::MrouterPort { ports, .. }, Entry::MrouterPort { ports: held, .. }) => {
                ports.is_subset(held)
            }
            (Entry::IgmpQuerier { address: None, .. }, _) => true,
            // It may name any port that the cluster MAC leads to.
            (
                Entry::StaticArp { mac, port: Some(_), .. },
                Entry::StaticArp { mac: found, port: Some(port), .. },
            ) => {
                let leads = |entry: &&Entry| matches!(entry, Entry::StaticMac { mac: of, ports, .. } if of == mac && ports.contains(port));
                needed == held || mac == found && self.needs.values().any(leads)
            }
            // Under an SVI the VRF is that SVI's, and no line of the entry's own says it.
            _ => needed.as_written() == held.as_written(),
        }
    }

    /// Whose an entry is that nothing asks for; `None` when it is nobody's here.
    fn of(&self, entry: &Entry) -> Option<Claim> {
        match entry {
            Entry::StaticArp { ip, mac, vrf, .. } => self.of_arp(*ip, *mac, vrf.as_deref()),
            Entry::StaticMac { mac, vlan, .. } => self.of_mac(*mac, *vlan),
            _ => None, // it is the switch's or the VLAN's, and not a cluster's
        }
    }

    fn of_arp(&self, ip: Ipv4Addr, found: MacAddr6, vrf: Option<&str>) -> Option<Claim> {
        let owners = self.by_vip.get(&ip)?;
        let here: Vec<usize> = owners.iter().copied().filter(|owner| self.vrf_of(*owner) == vrf).collect();
        if let Some(owner) = here.iter().find(|owner| self.cluster(**owner).mac() == found) {
            let name = &self.cluster(*owner).name;
            let text = format!(
                "the static ARP of {ip} stays as it is: the plan asks for none here (cluster {name})"
            );
            return self.clusters.contains(owner).then_some(Claim::Kept(text));
        }
        let shown = mac::format(found, self.device.pack.mac);
        if !here.is_empty() {
            let ours = here.into_iter().find(|owner| self.clusters.contains(owner))?;
            let right = mac::format(self.cluster(ours).mac(), self.device.pack.mac);
            let why = format!("it has {shown}, and the cluster answers with {right}");
            return Some(Claim::Stale { cluster: ours, instead: None, only_instead: false, why });
        }
        let misplaced = |owner: &&usize| {
            let cluster = self.cluster(**owner);
            let own = |primary: Ipv4Addr| Mode::ALL.into_iter().any(|mode| mode.mac(primary) == found);
            self.clusters.contains(owner)
                && self.device.gateway_for.contains(owner)
                && self.vrf_of(**owner).is_some()
                && (cluster.mac() == found || cluster.primary_v4().is_some_and(own))
        };
        let owner = *owners.iter().find(misplaced)?;
        let routed = self.vrf_of(owner).unwrap_or_default();
        let place = vrf.map_or("the global table".to_owned(), |vrf| format!("VRF {vrf}"));
        Some(Claim::Stale {
            cluster: owner,
            instead: self
                .needs
                .keys()
                .find(|key| matches!(key, Key::StaticArp { ip: of, .. } if *of == ip))
                .cloned(),
            only_instead: false,
            why: format!("it stands in {place}, and the cluster is routed in VRF {routed}"),
        })
    }

    /// A static MAC entry names no address. It is a cluster's when its MAC is that of another mode of the cluster, in
    /// its VLAN; or the cluster's own in another VLAN, or a known mistake for it, where the right one is missing.
    fn of_mac(&self, found: MacAddr6, vlan: u16) -> Option<Claim> {
        let owners = self.by_mac.get(&found).map_or(&[][..], Vec::as_slice);
        let notation = self.device.pack.mac;
        if let Some(owner) = owners.iter().find(|owner| self.cluster(**owner).vlan.get() == vlan) {
            let name = &self.cluster(*owner).name;
            let shown = mac::format(found, notation);
            let text = format!(
                "the static MAC entry of {shown} in VLAN {vlan} stays as it is: the plan asks for none here (cluster {name})"
            );
            return self.clusters.contains(owner).then_some(Claim::Kept(text));
        }
        for index in self.clusters {
            let cluster = self.cluster(*index);
            let right = Key::StaticMac { vlan: cluster.vlan.get(), mac: cluster.mac() };
            let stale = |only_instead, why| {
                let instead = Some(right.clone());
                Some(Claim::Stale { cluster: *index, instead, only_instead, why })
            };
            // In IGMP mode others may have the same MAC: it holds half of the address.
            if cluster.mac() == found && cluster.mode.value != Mode::IgmpMulticast {
                return match self.state.get(&right) {
                    None => stale(true, String::new()),
                    Some(_) => Some(Claim::Kept(format!(
                        "the static MAC entry of {} in VLAN {vlan} stays: private VLANs repeat that of VLAN {} (cluster {})",
                        mac::format(found, notation),
                        cluster.vlan,
                        cluster.name
                    ))),
                };
            }
            if cluster.vlan.get() != vlan || !owners.is_empty() {
                continue;
            }
            let Some(primary) = cluster.primary_v4() else { continue };
            let verdicts = vips(cluster).map(|vip| nlb::diagnose_entry(primary, *cluster.mode, vip, found));
            for verdict in verdicts {
                match verdict {
                    Verdict::OtherMode { found, asked } => {
                        let (found, asked) = (found.title(), asked.title());
                        return stale(
                            false,
                            format!("it is that of {found} mode, and the cluster runs in {asked} mode"),
                        );
                    }
                    Verdict::OwnMacOfSecondary { .. }
                    | Verdict::DecimalOctets { .. }
                    | Verdict::ReversedOctets { .. } => return stale(true, String::new()),
                    _ => {}
                }
            }
        }
        None
    }
}

/// The IPv4 addresses of a cluster, the primary first.
fn vips(cluster: &Cluster) -> impl Iterator<Item = Ipv4Addr> {
    cluster.vips().filter_map(|vip| match vip.value {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    })
}
