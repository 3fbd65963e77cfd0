//! Which configs serve which subnet, and which of them stand in for each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::sightings::{Connected, connected};
use super::{ConfigFile, Estate};
use crate::entry::{EntryKind, Subject, Value};

/// A subnet in a VRF.
type Served = (Option<String>, Ipv4Network);

/// An interface: the position of its config, and its own among those of the config.
type Place = (usize, usize);

/// The subnets that the interfaces of all configs are in.
#[derive(Debug)]
pub(super) struct Subnets {
    of_config: Vec<Vec<Connected>>,
    serving: HashMap<Served, Serving>,
}

/// The interfaces that serve one subnet, in the order of their configs.
#[derive(Debug, Default)]
struct Serving {
    /// Those that share an address with other gateways, by that address.
    sharing: HashMap<Ipv4Addr, Vec<Place>>,
    /// Those that share none, by their own address. A hundred sites of one pattern have one.
    alone: BTreeMap<Ipv4Addr, Vec<Place>>,
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
        let mut serving: HashMap<Served, Serving> = HashMap::new();
        for (number, (config, places)) in estate.configs.iter().zip(&of_config).enumerate() {
            for (place, at) in places.iter().enumerate() {
                let serving = serving.entry(key(at)).or_default();
                let shared = virtual_addresses(config, &at.of);
                if shared.is_empty() {
                    serving.alone.entry(at.subnet.ip()).or_default().push((number, place));
                }
                for ip in shared {
                    serving.sharing.entry(ip).or_default().push((number, place));
                }
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
        let shares = !own.is_empty();
        let mut others: Vec<Place> = match self.serving.get(&key(at)) {
            None => Vec::new(),
            Some(serving) if shares => {
                own.iter().filter_map(|ip| serving.sharing.get(ip)).flatten().copied().collect()
            }
            Some(serving) => {
                let others = serving.alone.iter().filter(|(ip, _)| **ip != at.subnet.ip());
                others.flat_map(|(_, places)| places).copied().collect()
            }
        };
        others.retain(|(other, _)| *other != config);
        others.sort_unstable();
        others.dedup();
        let partner =
            |(config, place): Place| Partner { config, at: &self.of_config[config][place], certain: shares };
        let mut partners: Vec<Partner<'s>> = others.into_iter().map(partner).collect();
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
