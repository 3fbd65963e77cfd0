//! What a switch has already and lines have to speak of: the names of its VLANs, and the addresses of its interfaces.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::LazyLock;

use ipnetwork::Ipv4Network;

use super::dialect::Dialect;
use super::setting::setting_lines;
use crate::config::VlanNames;
use crate::entry::{Change, Entry, EntryKind, State, Subject, Value};
use crate::vendor::{Model, NameOf, Pack};

/// What the config of a switch holds, kept for lines that are written later.
#[derive(Debug, Clone, Default)]
pub struct Known {
    names: VlanNames,
    state: State,
}

impl Known {
    /// Of these names and entries.
    pub fn of(names: VlanNames, state: State) -> Self {
        Self { names, state }
    }

    /// As the config of a switch of `pack` could have it, with its lines: a name for each VLAN that `entries` are about, given
    /// in the way with the number `way` or the one that comes around to, and addresses for their interfaces. Nothing, where
    /// the pack need not know.
    pub fn example<'e>(
        pack: &Pack,
        entries: impl Iterator<Item = &'e Entry>,
        way: usize,
    ) -> (Self, Vec<String>) {
        let (mut lines, mut state) = (BTreeSet::new(), State::new());
        if !pack.needs_ground() {
            return (Self::default(), Vec::new());
        }
        let ways = |of| {
            let namings = pack.vlan_names.iter().filter(move |naming| naming.of == of);
            namings.filter_map(|naming| naming.line.as_ref()).collect::<Vec<_>>()
        };
        let of_kinds = [ways(NameOf::Vlan), ways(NameOf::Svi)];
        let vlans_are_named = !of_kinds[0].is_empty();
        for entry in entries {
            let svi = match entry {
                Entry::StaticArp { svi: Some(svi), ip, .. } => {
                    let value = Value::Address(Ipv4Addr::from(u32::from(*ip) ^ 1), 24);
                    let (kind, of) = (EntryKind::SecondaryAddress, Subject::Svi(*svi));
                    state.apply(Change::Add(Entry::Setting { kind, of, value }));
                    Some(*svi)
                }
                _ => None,
            };
            let Some(vlan) = svi.or(entry.vlan()) else { continue };
            for (ways, in_svi) in of_kinds.iter().zip([false, true]) {
                let named = |name: &str| match name {
                    "word" => Some(format!("v{vlan}")),
                    "vlan" if in_svi && vlans_are_named => Some(format!("v{vlan}")),
                    "vlan" | "number" => Some(vlan.to_string()),
                    _ => None,
                };
                let line = ways.get(way % ways.len().max(1)).and_then(|line| line.write(named));
                lines.extend(line.map(|line| (in_svi, line)));
            }
        }
        let dialect = Dialect::of(pack);
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| dialect.typed(line)).collect();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let names = VlanNames::of(pack, &text);
        let dialect = Dialect { pack, names: &names };
        let addresses = state.entries().filter_map(|entry| setting_lines(dialect, entry)).flatten();
        let lines = lines.into_iter().chain(addresses).collect();
        (Self { names, state }, lines)
    }

    /// What lines are written on.
    pub fn ground(&self) -> Ground<'_> {
        Ground { names: &self.names, state: &self.state }
    }
}

/// What a switch has before lines are typed on it, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'h> {
    /// What it calls its VLANs.
    pub names: &'h VlanNames,
    /// What it holds.
    pub state: &'h State,
}

impl Ground<'static> {
    /// That of a switch of which nothing is known.
    pub fn unknown() -> Self {
        static NOTHING: LazyLock<Known> = LazyLock::new(Known::default);
        NOTHING.ground()
    }
}

impl<'h> Ground<'h> {
    /// The words of `pack` for lines of this switch.
    pub fn dialect<'d>(&self, pack: &'d Pack) -> Dialect<'d>
    where
        'h: 'd,
    {
        Dialect { pack, names: self.names }
    }

    /// Whether a config tells anything of the switch.
    pub fn is_known(&self) -> bool {
        self.state.entries().next().is_some()
    }

    /// The address, with the length of its prefix, that the interface of VLAN `svi` has in the subnet of `ip`.
    pub fn address_beside(&self, svi: u16, ip: Ipv4Addr) -> Option<Ipv4Network> {
        let of = |subject: &Subject| matches!(subject, Subject::Svi(vlan) if *vlan == svi);
        let addresses = [EntryKind::Address, EntryKind::SecondaryAddress].into_iter();
        let mut stated = addresses.flat_map(|kind| self.state.settings(kind)).filter(|(on, _)| of(on));
        stated.find_map(|(_, value)| match value {
            Value::Address(address, length) => {
                Ipv4Network::new(*address, *length).ok().filter(|network| network.contains(ip))
            }
            _ => None,
        })
    }

    /// What lines of `pack` for `entry` on `switch` would have to name, and nobody knows.
    pub fn lacks(&self, pack: &Pack, switch: &str, entry: &Entry) -> Option<String> {
        let nameless = |vlan: u16| pack.names_alone && self.names.of_vlan(vlan).is_none();
        match entry {
            Entry::StaticArp { svi: Some(svi), .. }
                if pack.names_svis() && self.names.of_svi(*svi).is_none() =>
            {
                Some(format!("what {switch} calls the routed interface of VLAN {svi}"))
            }
            Entry::StaticArp { svi: Some(svi), ip, .. }
                if pack.must_name(EntryKind::StaticArp, "prefix")
                    && self.address_beside(*svi, *ip).is_none() =>
            {
                Some(format!(
                    "the address that {switch} has in the subnet of {ip} on its interface of VLAN {svi}"
                ))
            }
            _ => {
                let vlan = entry.vlan().filter(|vlan| nameless(*vlan))?;
                Some(format!("what {switch} calls VLAN {vlan}"))
            }
        }
    }
}

/// The switch that lines are for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'t> {
    /// Its name.
    pub name: &'t str,
    /// What it is.
    pub model: Model,
    /// What it has already.
    pub ground: Ground<'t>,
}
