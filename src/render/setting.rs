//! Lines that set a setting or take a line back, in the words of the pack's own patterns.

use super::dialect::Dialect;
use crate::entry::{Change, Entry, Subject, Value};
use crate::net::mac;
use crate::net::port::{Naming, PortName};
use crate::vendor::{CompiledLine, Effect, Pack, Pattern, SetChange, subject_names, value_names};

/// The lines that set `entry`, a setting, with the lines that open its block. `None` when the pack has no words for it,
/// or would not read them back as what was meant.
pub fn setting_lines(dialect: Dialect<'_>, entry: &Entry) -> Option<Vec<String>> {
    stated_by(dialect, entry, |_| true)
}

/// The lines that add the VLANs of `entry` to those that the setting holds; `None` as with [`setting_lines`].
pub fn addition_lines(dialect: Dialect<'_>, entry: &Entry) -> Option<Vec<String>> {
    stated_by(dialect, entry, |spelling| spelling.change == SetChange::Adds)
}

/// The lines of the first spelling that may be taken and that says what `entry` does.
fn stated_by(
    dialect: Dialect<'_>,
    entry: &Entry,
    may_be: impl Fn(&CompiledLine) -> bool,
) -> Option<Vec<String>> {
    let Entry::Setting { kind, value, .. } = entry else { return None };
    let pack = dialect.pack;
    if pack.reads_only.contains(kind) {
        return None;
    }
    let spellings = pack.lines().iter().filter(|line| line.entry == *kind && line.effect == Effect::State);
    let fits = |line: &&CompiledLine| match value {
        Value::Flag(flag) => line.enabled.unwrap_or(true) == *flag,
        _ => line.value.as_ref().is_none_or(|implied| implied == value),
    };
    spellings.filter(fits).filter(|line| may_be(line)).find_map(|spelling| {
        let (openers, line) = written(dialect, spelling, entry)?;
        let lines = in_block(pack, &borrowed(&openers), &line);
        let reads_back =
            |change: &Change| matches!(change, Change::Add(read) | Change::Replace(read) if read == entry);
        says(dialect, &lines, reads_back).then_some(lines)
    })
}

/// The lines that take `held`, a setting, back, which a line of this `spelling` states: the opposite of a flag where the
/// pack has words for it, else the line itself behind the word that takes it back. `None` when the pack would not read
/// them as that.
pub fn retraction_lines(dialect: Dialect<'_>, spelling: &CompiledLine, held: &Entry) -> Option<Vec<String>> {
    let Entry::Setting { kind, of, value } = held else { return None };
    let pack = dialect.pack;
    if let Value::Flag(flag) = value {
        let opposite = Entry::Setting { kind: *kind, of: of.clone(), value: Value::Flag(!flag) };
        if let Some(lines) = setting_lines(dialect, &opposite) {
            return Some(lines);
        }
    }
    let undone = || {
        let (openers, line) = written(dialect, spelling, held)?;
        Some(undo_lines(dialect, &borrowed(&openers), &line))
    };
    let removals = pack.lines().iter().filter(|line| line.entry == *kind && line.effect == Effect::Remove);
    let removals = removals.filter_map(|removal| {
        let (openers, line) = written(dialect, removal, held)?;
        Some(in_block(pack, &borrowed(&openers), &line))
    });
    let takes_back = |change: &Change| match change {
        Change::Remove(key) => *key == held.key(),
        Change::RemoveVlans(of_kind, of_thing, vlans) => {
            of_kind == kind && of_thing == of && *value == Value::Vlans(vlans.clone())
        }
        _ => false,
    };
    undone().into_iter().chain(removals).find(|lines| says(dialect, lines, takes_back))
}

/// Whether a line among `lines` is read as the change that is meant.
fn says(dialect: Dialect<'_>, lines: &[String], meant: impl Fn(&Change) -> bool) -> bool {
    dialect.read(&lines.join("\n")).facts.iter().any(|fact| meant(&fact.change))
}

pub(super) fn borrowed(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// A line of this spelling that names what `entry`, a setting, is about and holds, behind those that open its block.
/// `None` where the line needs to know more, be it which of several words is meant.
fn written(dialect: Dialect<'_>, spelling: &CompiledLine, entry: &Entry) -> Option<(Vec<String>, String)> {
    let Entry::Setting { kind, of, value } = entry else { return None };
    let pack = dialect.pack;
    let shape = kind.setting()?;
    let block = pack.block(spelling);
    if !block.iter().chain([&spelling.pattern]).all(Pattern::is_definite) {
        return None;
    }
    let of_value = |name: &str| {
        let is_value = value_names(shape.takes).contains(&name) || name == "mask";
        match value {
            _ if !is_value || spelling.value.is_some() => None,
            Value::Mac(held) => Some(mac::format(*held, pack.mac)),
            Value::Vlans(vlans) if pack.names_alone => match vlans.iter().collect::<Vec<_>>().as_slice() {
                [vlan] => dialect.vlan(*vlan),
                _ => None, // a line names one
            },
            _ => value_as(value, name),
        }
    };
    let subject_first = |name: &str| subject_of(dialect, spelling, of, name).or_else(|| of_value(name));
    let openers = openers_of(pack, spelling, subject_first)?;
    // Where the block says what the line is about, `<vlans>` in it are those that the setting holds.
    let names = shape.of.iter().flat_map(|of| subject_names(*of));
    let told = names.into_iter().any(|name| block.iter().any(|opener| opener.has(name)));
    let space = space_in_names(pack);
    let line = match told {
        true => {
            let value_first = |name: &str| of_value(name).or_else(|| subject_of(dialect, spelling, of, name));
            spelling.pattern.write_spaced(space, value_first)
        }
        false => spelling.pattern.write_spaced(space, subject_first),
    };
    Some((openers, dialect.typed(line?)))
}

/// The lines that open the block of `spelling`, the outermost first.
pub(super) fn openers_of(
    pack: &Pack,
    spelling: &CompiledLine,
    named: impl Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let space = space_in_names(pack);
    pack.block(spelling).iter().map(|opener| opener.write_spaced(space, &named)).collect()
}

/// The lines that take `line` back, which stands in the block that `openers` opened, the outermost first.
pub fn undo_lines(dialect: Dialect<'_>, openers: &[&str], line: &str) -> Vec<String> {
    in_block(dialect.pack, openers, &dialect.negated(line))
}

/// `line` in its block, which is closed behind it.
pub(super) fn in_block(pack: &Pack, openers: &[&str], line: &str) -> Vec<String> {
    if let Some(tables) = &pack.layout.tables {
        return tables.typed(line);
    }
    let indent = |depth: usize, line: &str| format!("{}{line}", " ".repeat(depth));
    let mut lines: Vec<String> =
        openers.iter().enumerate().map(|(depth, opener)| indent(depth, opener)).collect();
    lines.push(indent(openers.len(), line));
    lines.extend((1..=openers.len()).rev().map(|depth| indent(depth, "exit")));
    lines
}

fn subject_of(dialect: Dialect<'_>, spelling: &CompiledLine, of: &Subject, name: &str) -> Option<String> {
    let fits = |kind| subject_names(kind).contains(&name);
    use crate::entry::Of;
    match of {
        Subject::Switch => None,
        Subject::Vlan(vlan) => {
            if fits(Of::Vlan) {
                dialect.vlan(*vlan)
            } else {
                None
            }
        }
        Subject::Svi(vlan) => {
            if fits(Of::Svi) {
                dialect.svi(*vlan, spelling)
            } else {
                None
            }
        }
        Subject::Acl(list) => fits(Of::Acl).then(|| list.clone()),
        Subject::Port(port) => match name {
            "lags" => None, // bare numbers stand behind a word that a pattern need not have
            _ => fits(Of::Port).then(|| port_in_words(dialect.pack, port)),
        },
    }
}

/// `port` behind the word that the dialect puts before ports of its kind: `ethernet g1`, `port-channel 3`.
fn port_in_words(pack: &Pack, port: &PortName) -> String {
    let lists = pack.ports.lists(std::slice::from_ref(port), Naming::Long, usize::MAX);
    let words = lists.iter().flat_map(|list| [list.keyword.as_str(), list.text.as_str()]);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What the dialect puts between what an interface is and its number: a blank in `Port-channel 3`.
fn space_in_names(pack: &Pack) -> &'static str {
    let first = pack.ports.lag_kind().and_then(|kind| pack.ports.parse_list("1", Some(kind)).ok()?.pop());
    if first.is_some_and(|port| port_in_words(pack, &port).contains(' ')) { " " } else { "" }
}

fn value_as(value: &Value, name: &str) -> Option<String> {
    match (value, name) {
        (Value::Address(ip, _), "address") => Some(ip.to_string()),
        (Value::Address(_, length), "mask") => {
            let bits = u32::MAX.checked_shl(32 - u32::from(*length)).unwrap_or(0);
            Some(std::net::Ipv4Addr::from(bits).to_string())
        }
        (Value::Flag(_), _) => None,
        _ => Some(value.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config;
    use crate::entry::{EntryKind, State};
    use crate::net::VlanSet;
    use crate::vendor::{Packs, Templates};

    #[test]
    fn a_line_is_taken_back_in_its_block() {
        let pack = Packs::embedded().get("cisco-ios").unwrap().unwrap();
        assert_eq!(
            undo_lines(Dialect::of(&pack), &["interface Gi1/0/1"], "switchport block multicast"),
            ["interface Gi1/0/1", " no switchport block multicast", " exit"]
        );
        assert_eq!(undo_lines(Dialect::of(&pack), &[], "no ip igmp snooping"), ["ip igmp snooping"]);
    }

    #[test]
    fn a_setting_is_taken_back_by_its_opposite_or_by_the_line_that_states_it() {
        for (pack, stated, expected) in [
            (
                "cisco-ios",
                "interface GigabitEthernet1/0/1\n switchport block unicast\n",
                Some("interface GigabitEthernet1/0/1/ no switchport block unicast/ exit"),
            ),
            (
                "cisco-ios",
                "interface Gi1/0/1\n storm-control multicast level 1.00\n",
                Some("interface GigabitEthernet1/0/1/ no storm-control multicast level 1.00/ exit"),
            ),
            (
                "cisco-ios",
                "interface Gi1/0/1\n storm-control broadcast include multicast\n",
                Some("interface GigabitEthernet1/0/1/ no storm-control broadcast include multicast/ exit"),
            ),
            (
                "cisco-ios",
                "mac-address-table static 02bf.ac1f.01e8 vlan 10 drop\n",
                Some("no mac-address-table static 02bf.ac1f.01e8 vlan 10 drop"),
            ),
            (
                "dell-force10",
                "interface TenGigabitEthernet 0/1\n mac learning-limit 1 dynamic\n",
                Some("interface TenGigabitEthernet 0/1/ no mac learning-limit/ exit"),
            ),
            ("dell-force10", "storm-control multicast 1000\n", Some("no storm-control multicast 1000")),
            (
                "dell-powerconnect-5400",
                "interface ethernet g1\nport security discard trap 30\nexit\n",
                Some("interface ethernet g1/ no port security/ exit"),
            ),
            (
                "fortiswitch",
                "config switch physical-port edit port1 config storm-control set broadcast enable\n",
                Some(
                    "config switch physical-port/ edit port1/  config storm-control/   unset broadcast/   end/  next/ end",
                ),
            ),
            (
                "fortiswitch",
                "config switch physical-port edit port1 set status down\n",
                Some("config switch physical-port/ edit port1/  set status up/  next/ end"),
            ),
            ("cisco-ios", "version 15.2\n", None),
        ] {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let reading = config::read(&pack, stated);
            let fact = reading.facts.iter().find(|fact| !fact.only_mentions()).unwrap();
            let (Change::Add(held) | Change::Replace(held)) = &fact.change else { panic!("{fact:?}") };
            let lines =
                retraction_lines(Dialect::of(&pack), fact.spelling, held).map(|lines| lines.join("/"));
            assert_eq!(lines.as_deref(), expected, "{stated}");
        }
    }

    #[test]
    fn settings_are_written_in_the_words_of_the_pack_and_read_back() {
        let text = include_str!("../../vendors/cisco-ios.yaml");
        let (head, _) = text.split_once("\nrecognise:").unwrap();
        let pack = format!(
            "{head}\nrecognise:\n\
             \x20 - {{entry: block-multicast, under: interface <port>, lines: [switchport block multicast], evidence: unverified}}\n\
             \x20 - {{entry: block-multicast, under: interface <port>, lines: [no switchport block multicast], implies: {{enabled: false}}, evidence: unverified}}\n\
             \x20 - {{entry: address, under: interface Vlan<svi>, lines: [ip address <address> <mask>], evidence: unverified}}\n\
             \x20 - {{entry: trunk-vlans, under: interface <port>, lines: [\"switchport trunk allowed vlan <vlans>\"], evidence: unverified}}\n\
             \x20 - {{entry: port-mode, under: interface <port>, lines: [switchport mode access], implies: {{value: access}}, evidence: unverified}}\n"
        );
        let pack = Pack::read("cisco-ios", &pack, None::<Templates>).unwrap();
        let port = Subject::Port(pack.ports.parse("Gi1/0/1").unwrap());
        let lines = |kind, of: &Subject, value| {
            let lines = setting_lines(Dialect::of(&pack), &Entry::Setting { kind, of: of.clone(), value })?;
            let reading = config::read(&pack, &lines.join("\n"));
            let state: State = reading.state(&pack.facts(None));
            assert!(state.setting(kind, of).is_some());
            Some(lines[..lines.len() - 1].join("/"))
        };
        for (kind, of, value, expected) in [
            (
                EntryKind::BlockMulticast,
                &port,
                Value::Flag(false),
                Some("interface GigabitEthernet1/0/1/ no switchport block multicast"),
            ),
            (
                EntryKind::BlockMulticast,
                &port,
                Value::Flag(true),
                Some("interface GigabitEthernet1/0/1/ switchport block multicast"),
            ),
            (
                EntryKind::Address,
                &Subject::Svi(10),
                Value::Address([10, 0, 0, 1].into(), 24),
                Some("interface Vlan10/ ip address 10.0.0.1 255.255.255.0"),
            ),
            (
                EntryKind::TrunkVlans,
                &port,
                Value::Vlans(VlanSet::one(10)),
                Some("interface GigabitEthernet1/0/1/ switchport trunk allowed vlan 10"),
            ),
            (
                EntryKind::PortMode,
                &port,
                Value::Word("access".into()),
                Some("interface GigabitEthernet1/0/1/ switchport mode access"),
            ),
            (EntryKind::PortMode, &port, Value::Word("trunk".into()), None),
            (EntryKind::Protected, &port, Value::Flag(true), None),
        ] {
            assert_eq!(lines(kind, of, value).as_deref(), expected);
        }
    }

    #[test]
    fn what_hangs_on_a_choice_of_words_is_not_written() {
        // Which of its protocols a Force10 runs, the line that makes an edge port has to know.
        for (pack, port, written) in [
            ("cisco-ios", "Gi1/0/1", true),
            ("dell-powerconnect-5400", "g1", true),
            ("dell-force10", "Te 0/1", false),
        ] {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let of = Subject::Port(pack.ports.parse(port).unwrap());
            let edge = Entry::Setting { kind: EntryKind::EdgePort, of, value: Value::Flag(true) };
            assert_eq!(setting_lines(Dialect::of(&pack), &edge).is_some(), written, "{}", pack.name());
        }
    }

    #[test]
    fn vlans_are_added_to_those_that_a_trunk_has() {
        let added = |pack: &str, port: &str| {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let of = Subject::Port(pack.ports.parse(port).unwrap());
            let value = Value::Vlans(VlanSet::one(10));
            addition_lines(Dialect::of(&pack), &Entry::Setting { kind: EntryKind::TrunkVlans, of, value })
                .unwrap()
                .join("/")
        };
        assert_eq!(
            added("cisco-ios", "Gi1/0/1"),
            "interface GigabitEthernet1/0/1/ switchport trunk allowed vlan add 10/ exit"
        );
        assert_eq!(
            added("dell-powerconnect-5400", "g1"),
            "interface ethernet g1/ switchport trunk allowed vlan add 10/ exit"
        );
        assert_eq!(added("dell-force10", "Te 0/1"), "interface Vlan 10/ tagged TenGigabitEthernet 0/1/ exit");
    }

    #[test]
    fn ports_stand_behind_the_words_of_their_dialect() {
        let opened = |pack: &str, port: &str| {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let of = Subject::Port(pack.ports.parse(port).unwrap());
            let entry = Entry::Setting { kind: EntryKind::Shutdown, of, value: Value::Flag(false) };
            setting_lines(Dialect::of(&pack), &entry).unwrap().join("/")
        };
        for (pack, port, expected) in [
            ("cisco-ios", "Gi1/0/1", "interface GigabitEthernet1/0/1/ no shutdown/ exit"),
            ("dell-force10", "Po 3", "interface Port-channel 3/ no shutdown/ exit"),
            ("dell-powerconnect-5400", "g1", "interface ethernet g1/ no shutdown/ exit"),
            ("dell-powerconnect-5400", "port-channel 3", "interface port-channel 3/ no shutdown/ exit"),
        ] {
            assert_eq!(opened(pack, port), expected);
        }
    }
}
