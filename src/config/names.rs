//! The VLANs that stand behind names: what a config itself says of them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::lines::{self, Tree};
use crate::net::port::PortName;
use crate::net::{PortSet, is_vlan_id, vlan_id};
use crate::vendor::{Captures, NameOf, Pack, VlanNaming, Words};

/// The VLANs of one config by name. A dialect without names has none.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct VlanNames {
    vlans: Names,
    svis: Names,
    svis_are_named: bool,
    /// Whether two names that differ in case alone are two.
    exact: bool,
}

/// Names of one sort, both ways.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Names {
    ids: HashMap<String, u16>,
    /// As the config writes them, with the place where the name itself begins: at the 7 in `irb.7`.
    written: BTreeMap<u16, (String, usize)>,
}

impl VlanNames {
    /// The names that the lines of `text` give.
    pub fn of(pack: &Pack, text: &str) -> Self {
        match pack.vlan_names.is_empty() {
            true => Self::default(),
            false => Self::default().and_those_of(pack, &lines::tree(pack, text)),
        }
    }

    /// Beside these the names that the lines of `tree` give, wherever they stand, and those that `pack` knows.
    pub(super) fn and_those_of(mut self, pack: &Pack, tree: &Tree<'_>) -> Self {
        self.exact = pack.exact_names;
        for naming in pack.vlan_names.iter().filter(|naming| naming.of != NameOf::Port) {
            self.svis_are_named |= naming.of == NameOf::Svi;
            for (name, vlan) in &naming.known {
                let key = self.key(name);
                self.of_kind(naming.of).ids.insert(key, *vlan);
            }
            self.take(naming, tree);
        }
        self
    }

    /// The names that the lines of `tree` give in one way.
    fn take(&mut self, naming: &VlanNaming, tree: &Tree<'_>) {
        let Some(pattern) = &naming.line else { return };
        let mut words = Words::default();
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
            let vlan = told.get("vlan").or_else(|| blocks.iter().rev().find_map(|block| block.get("vlan")));
            let id = vlan.and_then(|vlan| match naming.of {
                // It may name the VLAN of the interface by that one's name.
                NameOf::Svi => self.vlan(vlan),
                NameOf::Vlan | NameOf::Port => vlan_id(vlan),
            });
            if let (Some(name), Some(id)) = (told.given_name(), id) {
                let key = self.key(name);
                let whole = whole_word(&told, &words).unwrap_or(name).to_owned();
                let begins = whole.len() - name.len();
                let names = self.of_kind(naming.of);
                names.ids.insert(key, id);
                names.written.insert(id, (whole, begins));
            }
        }
    }

    fn of_kind(&mut self, of: NameOf) -> &mut Names {
        match of {
            NameOf::Vlan | NameOf::Port => &mut self.vlans,
            NameOf::Svi => &mut self.svis,
        }
    }

    /// A name as it counts: quotation marks do not, nor does case in most dialects.
    fn key(&self, name: &str) -> String {
        let bare = name.trim_matches('"');
        if self.exact { bare.to_owned() } else { bare.to_lowercase() }
    }

    /// The VLAN that `word` stands for: by its name, or by its id where it has none such.
    pub(super) fn vlan(&self, word: &str) -> Option<u16> {
        self.named(word).or_else(|| word.parse().ok()).filter(|vlan| is_vlan_id(*vlan))
    }

    /// The VLAN of this name.
    pub(super) fn named(&self, word: &str) -> Option<u16> {
        if self.vlans.ids.is_empty() { None } else { self.vlans.ids.get(&self.key(word)).copied() }
    }

    /// The VLAN whose routed interface `word` stands for: by its own name where interfaces have such, else as a VLAN.
    pub(super) fn svi(&self, word: &str) -> Option<u16> {
        if self.svis_are_named { self.svis.ids.get(&self.key(word)).copied() } else { self.vlan(word) }
    }

    /// What the config calls a VLAN, in its own words; `None` where it gives no name.
    pub fn of_vlan(&self, vlan: u16) -> Option<&str> {
        self.vlans.written.get(&vlan).map(|(whole, _)| whole.as_str())
    }

    /// What the config calls the routed interface of a VLAN where interfaces have names of their own: `irb.7`.
    pub fn of_svi(&self, vlan: u16) -> Option<&str> {
        self.svis.written.get(&vlan).map(|(whole, _)| whole.as_str())
    }

    /// The same in two: what stands before the name itself, and that: `irb.` and `7`.
    pub fn parts_of_svi(&self, vlan: u16) -> Option<(&str, &str)> {
        self.svis.written.get(&vlan).map(|(whole, begins)| whole.split_at(*begins))
    }
}

/// How many ports may have names in one config, and how many one name. No device has as many.
const MOST_NAMED: usize = 10_000;
const MOST_OF_ONE: usize = 1024;

/// What stands for VLANs and ports in the lines of one config: names, and ports where a line that names one may leave its
/// VLAN out.
pub(super) struct Standing<'t> {
    pub(super) names: &'t VlanNames,
    pack: &'t Pack,
    tree: Option<&'t Tree<'t>>,
    /// Hardly any config asks, so that nothing is looked for before.
    ports: OnceCell<HashMap<PortName, u16>>,
    groups: OnceCell<HashMap<String, Option<PortSet>>>,
}

impl<'t> Standing<'t> {
    pub(super) fn new(names: &'t VlanNames, pack: &'t Pack, tree: Option<&'t Tree<'t>>) -> Self {
        Self { names, pack, tree, ports: OnceCell::new(), groups: OnceCell::new() }
    }

    /// The VLAN that the port `word` stands for: that of its untagged frames, where the config holds its block.
    pub(super) fn of_port(&self, word: &str) -> Option<u16> {
        let port = self.pack.ports.parse(word).ok()?;
        let tree = self.tree?;
        self.ports.get_or_init(|| of_ports(self.pack, tree)).get(&port).copied()
    }
}

impl Standing<'_> {
    /// Whether `line` gives ports a name by which they can be meant.
    pub(super) fn is_name_of_ports(&self, line: &Words<'_>) -> bool {
        let told = self.pack.port_names.iter().find_map(|known| known.captures(line));
        told.and_then(|told| self.ports_called(told.get("word")?)).is_some()
    }

    /// The ports that are called `word`. `None` where none are, and where one of them cannot be read.
    pub(super) fn ports_called(&self, word: &str) -> Option<&PortSet> {
        let tree = self.tree.filter(|_| !self.pack.port_names.is_empty())?;
        let groups = self.groups.get_or_init(|| groups(self.pack, self.names, tree));
        groups.get(&self.names.key(word))?.as_ref()
    }
}

/// The ports by the names that lines give them; none for a name with a port that cannot be read.
fn groups(pack: &Pack, names: &VlanNames, tree: &Tree<'_>) -> HashMap<String, Option<PortSet>> {
    let mut found: HashMap<String, Option<PortSet>> = HashMap::new();
    let mut words = Words::default();
    let mut all = 0;
    for line in &tree.lines {
        words.take(&line.text);
        let told = pack.port_names.iter().find_map(|known| known.captures(&words));
        let Some((name, list)) = told.and_then(|told| Some((told.get("word")?, told.get("ports")?))) else {
            continue;
        };
        let group = found.entry(names.key(name)).or_insert_with(|| Some(PortSet::new()));
        let ports = pack.ports.parse_list(list, None).ok();
        match (group.as_mut(), ports) {
            (Some(known), Some(ports)) => {
                all += ports.len();
                known.extend(ports);
            }
            _ => *group = None,
        }
        if all > MOST_NAMED {
            return HashMap::new();
        }
        if group.as_ref().is_some_and(|known| known.len() > MOST_OF_ONE) {
            *group = None;
        }
    }
    found
}

fn of_ports(pack: &Pack, tree: &Tree<'_>) -> HashMap<PortName, u16> {
    let mut found = HashMap::new();
    for naming in pack.vlan_names.iter().filter(|naming| naming.of == NameOf::Port) {
        let VlanNaming { under, line, otherwise, .. } = naming;
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

/// The word of the line that the name is, or is the end of: `irb.7` of the interface 7. Of a word with a name, as
/// `name=vlan10`, it is what stands behind that.
fn whole_word<'l>(told: &Captures<'l>, words: &Words<'l>) -> Option<&'l str> {
    let name = told.range("word").or_else(|| told.range("number"))?;
    let whole = (0..).map_while(|at| words.place(at)).find(|place| place.end == name.end)?;
    let named = words.line()[whole.start..name.start].rfind('=').map_or(0, |at| at + 1);
    Some(&words.line()[whole.start + named..whole.end])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::config::read;
    use crate::entry::{Entry, EntryKind, Subject};
    use crate::vendor::Packs;

    #[test]
    fn a_name_behind_the_name_of_a_value_is_that_alone() {
        let pack = Packs::embedded().get("mikrotik").unwrap().unwrap();
        let named = super::VlanNames::of(&pack, "/interface vlan\nadd interface=b name=web vlan-id=10\n");
        assert_eq!(named.of_svi(10), Some("web"));
        assert_eq!(named.svi("web"), Some(10));
    }

    #[test]
    fn ports_are_meant_by_the_name_that_lines_give_them() {
        let pack = Packs::embedded().get("juniper-junos").unwrap().unwrap();
        let of = |text: &str| {
            let text: String = text.lines().map(|line| format!("set interfaces {line}\n")).collect();
            let reading = read(&pack, &text);
            let state = reading.state(&pack.facts(None));
            let shut = state.settings(EntryKind::Shutdown).map(|(of, _)| of.to_string());
            (shut.collect::<Vec<_>>(), reading.unparsed.len())
        };
        let range =
            |lines: &[&str]| lines.iter().map(|line| format!("interface-range {line}\n")).collect::<String>();
        let ports = |numbers: std::ops::RangeInclusive<u32>| {
            numbers.map(|number| format!("ge-0/0/{number}")).collect::<Vec<_>>()
        };
        let users = ["users member-range ge-0/0/1 to ge-0/0/3", "users member ge-0/0/4", "users disable"];
        assert_eq!(of(&range(&users)), (ports(1..=4), 0));
        // The name may stand before its ports, and is the same in this very case alone.
        assert_eq!(of(&range(&[users[2], users[0], users[1], "Users member ge-0/0/9"])), (ports(1..=4), 0));
        // Where a port cannot be read, nothing is: that is told.
        assert_eq!(of(&range(&[users[0], "users member \"ge-1/0/[0-3]\"", users[2]])), (Vec::new(), 3));
        assert_eq!(of(&range(&["none disable"])), (Vec::new(), 1));
        // More ports than any device has are none.
        let many: Vec<String> = (0..40)
            .map(|slot| format!("r{slot} member-range ge-{slot}/0/0 to ge-{slot}/0/999"))
            .chain(["r0 disable".to_owned()])
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(of(&range(&many)), (Vec::new(), 41));
        assert_eq!(of(&range(&["r0 member-range ge-0/0/0 to ge-0/0/999", "r0 disable"])).0.len(), 1000);
    }

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
