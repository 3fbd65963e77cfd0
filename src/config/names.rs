//! The VLANs that stand behind names: what a config itself says of them.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::lines::Tree;
use crate::net::port::PortName;
use crate::net::{is_vlan_id, vlan_id};
use crate::vendor::{NameOf, Pack, VlanNaming, Words};

/// The VLANs of one config by name. A dialect without names has none.
#[derive(Debug, Default)]
pub(super) struct VlanNames<'t> {
    vlans: HashMap<String, u16>,
    svis: HashMap<String, u16>,
    svis_are_named: bool,
    /// Where it is said which VLAN a port stands for. Hardly any config asks, so that nothing is looked for before.
    of_ports: Option<(&'t Pack, &'t Tree<'t>)>,
    ports: OnceCell<HashMap<PortName, u16>>,
}

impl<'t> VlanNames<'t> {
    /// The names that the lines of `tree` give, wherever they stand, and those that `pack` knows.
    pub(super) fn new(pack: &'t Pack, tree: &'t Tree<'t>) -> Self {
        let mut names = Self::default();
        let mut words = Words::default();
        for naming in &pack.vlan_names {
            if naming.of == NameOf::Port {
                names.of_ports = Some((pack, tree));
                continue;
            }
            names.svis_are_named |= naming.of == NameOf::Svi;
            for (name, vlan) in &naming.known {
                names.put(naming.of, name, *vlan);
            }
            let Some(pattern) = &naming.line else { continue };
            for line in &tree.lines {
                words.take(&line.text);
                let Some(told) = pattern.captures(&words) else { continue };
                let openers = tree.openers(line);
                if openers.len() != naming.under.len() {
                    continue;
                }
                let openers: Vec<Words<'_>> = openers.iter().map(|opener| Words::new(opener)).collect();
                let blocks = naming.under.iter().zip(&openers).map(|(known, opener)| known.captures(opener));
                let Some(blocks) = blocks.collect::<Option<Vec<_>>>() else { continue };
                let vlan =
                    told.get("vlan").or_else(|| blocks.iter().rev().find_map(|block| block.get("vlan")));
                if let (Some(name), Some(vlan)) = (told.given_name(), vlan.and_then(vlan_id)) {
                    names.put(naming.of, name, vlan);
                }
            }
        }
        names
    }

    fn put(&mut self, of: NameOf, name: &str, vlan: u16) {
        let names = match of {
            NameOf::Vlan => &mut self.vlans,
            NameOf::Svi | NameOf::Port => &mut self.svis,
        };
        names.insert(plain(name), vlan);
    }

    /// The VLAN that `word` stands for: by its name, or by its id where it has none such.
    pub(super) fn vlan(&self, word: &str) -> Option<u16> {
        let named = (!self.vlans.is_empty()).then(|| self.vlans.get(&plain(word)).copied());
        named.flatten().or_else(|| word.parse().ok()).filter(|vlan| is_vlan_id(*vlan))
    }

    /// The VLAN that the port `word` stands for: that of its untagged frames, where the config holds its block.
    pub(super) fn of_port(&self, word: &str) -> Option<u16> {
        let (pack, tree) = self.of_ports?;
        let port = pack.ports.parse(word).ok()?;
        self.ports.get_or_init(|| of_ports(pack, tree)).get(&port).copied()
    }

    /// The VLAN whose routed interface `word` stands for: by its own name where interfaces have such, else as a VLAN.
    pub(super) fn svi(&self, word: &str) -> Option<u16> {
        if self.svis_are_named { self.svis.get(&plain(word)).copied() } else { self.vlan(word) }
    }
}

fn of_ports(pack: &Pack, tree: &Tree<'_>) -> HashMap<PortName, u16> {
    let mut found = HashMap::new();
    for VlanNaming { under, line, otherwise, .. } in
        pack.vlan_names.iter().filter(|naming| naming.of == NameOf::Port)
    {
        let (Some(block), Some(told)) = (under.first(), line) else { continue };
        let port = |opener: &str| {
            let opener = block.captures(&Words::new(opener))?.get("word").map(str::to_owned)?;
            pack.ports.parse(&opener).ok()
        };
        for line in &tree.lines {
            if let Some(vlan) = otherwise
                && let Some(port) = port(&line.text)
            {
                found.entry(port).or_insert(*vlan);
            } else if let Some(told) = told.captures(&Words::new(&line.text))
                && let [opener] = tree.openers(line).as_slice()
                && let (Some(port), Some(vlan)) = (port(opener), told.get("vlan").and_then(vlan_id))
            {
                found.insert(port, vlan);
            }
        }
    }
    found
}

/// A name as it counts: case and quotation marks do not.
fn plain(name: &str) -> String {
    name.trim_matches('"').to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::config::read;
    use crate::entry::{Entry, EntryKind, Subject};
    use crate::vendor::Packs;

    #[test]
    fn an_interface_with_a_number_of_its_own_is_that_of_the_vlan_that_says_so() {
        let pack = Packs::embedded().get("brocade-icx").unwrap().unwrap();
        let vlan = "vlan 10 name web by port\n router-interface ve 110\n!\n";
        let interface = "interface ve 110\n ip address 10.0.10.1 255.255.255.0\n!\n";
        let addresses = |text: &str| {
            let state = read(&pack, text).state(&pack.facts(None));
            state.settings(EntryKind::Address).map(|(of, _)| of.clone()).collect::<Vec<_>>()
        };
        assert_eq!(addresses(&format!("{vlan}{interface}")), [Subject::Svi(10)]);
        assert_eq!(addresses(&format!("{interface}{vlan}")), [Subject::Svi(10)]);
        assert!(addresses(interface).is_empty());
    }

    #[test]
    fn a_vlan_is_meant_by_its_name_or_by_its_id() {
        let pack = Packs::embedded().get("extreme-exos").unwrap().unwrap();
        let macs = |vlan: &str| {
            let text = format!(
                "create vlan \"web\"\nconfigure vlan web tag 10\ncreate fdb 03:bf:0a:00:0a:32 vlan {vlan} ports 1,2\n"
            );
            let state = read(&pack, &text).state(&pack.facts(None));
            let vlans = state.entries().filter_map(|entry| match entry {
                Entry::StaticMac { vlan, .. } => Some(*vlan),
                _ => None,
            });
            vlans.collect::<Vec<_>>()
        };
        for name in ["web", "\"web\"", "WEB", "10"] {
            assert_eq!(macs(name), [10], "{name}");
        }
        assert_eq!(macs("20"), [20]);
        assert_eq!(macs("default"), [1]);
        assert!(macs("printers").is_empty());
    }
}
