//! Which configs serve which subnet, and which of them stand in for each other.

use std::collections::{BTreeSet, HashMap};
use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::sightings::{Connected, connected};
use super::{ConfigFile, Estate};
use crate::entry::{EntryKind, Subject, Value};

/// A subnet in a VRF.
type Served = (Option<String>, Ipv4Network);

/// The subnets that the interfaces of all configs are in.
#[derive(Debug)]
pub(super) struct Subnets {
    of_config: Vec<Vec<Connected>>,
    serving: HashMap<Served, Vec<(usize, usize)>>,
}

/// Another config that serves the same subnet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partner<'s> {
    /// The config, by its position.
    pub config: usize,
    /// Its interface.
    pub at: &'s Connected,
    /// Whether the two share a virtual address. Without one, two sites may use the same addresses.
    pub certain: bool,
}

impl Subnets {
    pub(super) fn new(estate: &Estate<'_>) -> Self {
        let of_config: Vec<Vec<Connected>> =
            estate.configs.iter().map(|config| connected(&config.state)).collect();
        let mut serving: HashMap<_, Vec<(usize, usize)>> = HashMap::new();
        for (config, places) in of_config.iter().enumerate() {
            for (place, at) in places.iter().enumerate() {
                serving.entry(key(at)).or_default().push((config, place));
            }
        }
        Self { of_config, serving }
    }

    /// The interfaces of `config` that have an address.
    pub(super) fn of(&self, config: usize) -> &[Connected] {
        &self.of_config[config]
    }

    /// The interfaces of `config` in whose subnet `ip` is, in one VRF.
    pub(super) fn holding<'s>(
        &'s self,
        config: usize,
        vrf: Option<&'s str>,
        ip: Ipv4Addr,
    ) -> impl Iterator<Item = &'s Connected> {
        let there = self.of(config).iter();
        there.filter(move |at| at.vrf.as_deref() == vrf && at.subnet.contains(ip))
    }

    /// The other configs that stand in for `config` in the subnet of its interface `at`.
    pub(super) fn partners<'s>(
        &'s self,
        estate: &Estate<'_>,
        config: usize,
        at: &Connected,
    ) -> Vec<Partner<'s>> {
        let own = virtual_addresses(&estate.configs[config], &at.of);
        let others = self.serving.get(&key(at)).into_iter().flatten();
        let others = others.filter(|(other, _)| *other != config).filter_map(|(other, place)| {
            let there = &self.of_config[*other][*place];
            let theirs = virtual_addresses(&estate.configs[*other], &there.of);
            let shared = !own.is_disjoint(&theirs);
            let likely = own.is_empty() && theirs.is_empty() && there.subnet.ip() != at.subnet.ip();
            (shared || likely).then_some(Partner { config: *other, at: there, certain: shared })
        });
        let mut partners: Vec<Partner<'s>> = others.collect();
        // Where two of them have one address, these are several sites of one pattern, and nobody can say who is with whom.
        let addresses = std::iter::once(at).chain(partners.iter().map(|partner| partner.at));
        let addresses = addresses.map(|at| at.subnet.ip()).filter(|ip| !own.contains(ip));
        let mut seen = BTreeSet::new();
        if addresses.into_iter().any(|ip| !seen.insert(ip)) {
            partners.iter_mut().for_each(|partner| partner.certain = false);
        }
        partners
    }

    /// The other configs that stand in for `config` where it serves `ip`.
    pub(super) fn partners_for<'s>(
        &'s self,
        estate: &Estate<'_>,
        config: usize,
        vrf: Option<&str>,
        ip: Ipv4Addr,
    ) -> Vec<Partner<'s>> {
        let mut partners: Vec<Partner<'s>> =
            self.holding(config, vrf, ip).flat_map(|at| self.partners(estate, config, at)).collect();
        partners.sort_by_key(|partner| (partner.config, !partner.certain));
        partners.dedup_by_key(|partner| partner.config);
        partners
    }
}

fn key(at: &Connected) -> Served {
    // A network of a known prefix length is always one again.
    let network = Ipv4Network::new(at.subnet.network(), at.subnet.prefix()).unwrap_or(at.subnet);
    (at.vrf.clone(), network)
}

/// The addresses that an interface shares with those of other gateways.
pub(super) fn virtual_addresses(config: &ConfigFile<'_>, of: &Subject) -> BTreeSet<Ipv4Addr> {
    let all = config.state.settings(EntryKind::VirtualAddress).filter(|(at, _)| *at == of);
    all.filter_map(|(_, value)| match value {
        Value::Ip(ip) => Some(*ip),
        _ => None,
    })
    .collect()
}
