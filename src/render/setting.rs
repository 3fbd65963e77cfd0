//! Lines that set a setting or take a line back, in the words of the pack's own patterns.

use crate::config;
use crate::entry::{Change, Entry, Subject, Value};
use crate::net::port::{Naming, PortName};
use crate::vendor::{CompiledLine, Effect, Pack, subject_names, value_names};

/// The lines that set `entry`, a setting, with the lines that open its block. `None` when the pack has no words for it,
/// or would not read them back as what was meant.
pub fn setting_lines(pack: &Pack, entry: &Entry) -> Option<Vec<String>> {
    let Entry::Setting { kind, of, value } = entry else { return None };
    let shape = kind.setting()?;
    let spellings = pack.lines().iter().filter(|line| line.entry == *kind && line.effect == Effect::State);
    let fits = |line: &&crate::vendor::CompiledLine| match value {
        Value::Flag(flag) => line.enabled.unwrap_or(true) == *flag,
        _ => line.value.as_ref().is_none_or(|implied| implied == value),
    };
    spellings.filter(fits).find_map(|spelling| {
        let named = |name: &str| {
            let is_value = value_names(shape.takes).contains(&name) || name == "mask";
            let of_subject = subject_of(pack, of, name);
            let of_value = || (is_value && spelling.value.is_none()).then(|| value_as(value, name)).flatten();
            of_subject.or_else(of_value)
        };
        let openers = openers_of(pack, spelling, named)?;
        let line = spelling.pattern.write(named)?;
        let lines = in_block(&openers.iter().map(String::as_str).collect::<Vec<_>>(), &line);
        let text = lines.join("\n");
        let reads_back =
            |change: &Change| matches!(change, Change::Add(read) | Change::Replace(read) if read == entry);
        let reading = config::read(pack, &text);
        reading.facts.iter().any(|fact| reads_back(&fact.change)).then_some(lines)
    })
}

/// The lines that open the block of `spelling`, the outermost first. What its dialect keeps apart stands apart: `Vlan 10`.
pub(super) fn openers_of(
    pack: &Pack,
    spelling: &CompiledLine,
    named: impl Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let apart = |name: &str| {
        let value = named(name)?;
        let is_id = matches!(name, "svi" | "vlan");
        Some(if is_id { format!("{}{value}", pack.ports.between) } else { value })
    };
    let written = pack.block(spelling).iter().map(|opener| opener.write(apart));
    let plain = |line: String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    written.map(|line| line.map(plain)).collect()
}

/// The lines that take `line` back, which stands in the block that `openers` opened, the outermost first.
pub fn undo_lines(pack: &Pack, openers: &[&str], line: &str) -> Vec<String> {
    in_block(openers, &negated(pack, line))
}

/// `line` with the word that takes a line back, or without it where it has it.
pub(super) fn negated(pack: &Pack, line: &str) -> String {
    match line.split_once(char::is_whitespace) {
        Some((first, rest)) if first.eq_ignore_ascii_case(&pack.negation) => rest.trim_start().to_owned(),
        _ => format!("{} {line}", pack.negation),
    }
}

/// `line` in its block, which is closed behind it.
pub(super) fn in_block(openers: &[&str], line: &str) -> Vec<String> {
    let indent = |depth: usize, line: &str| format!("{}{line}", " ".repeat(depth));
    let mut lines: Vec<String> =
        openers.iter().enumerate().map(|(depth, opener)| indent(depth, opener)).collect();
    lines.push(indent(openers.len(), line));
    lines.extend((1..=openers.len()).rev().map(|depth| indent(depth, "exit")));
    lines
}

pub(super) fn subject_of(pack: &Pack, of: &Subject, name: &str) -> Option<String> {
    let fits = |kind| subject_names(kind).contains(&name);
    use crate::entry::Of;
    match of {
        Subject::Switch => None,
        Subject::Vlan(vlan) => fits(Of::Vlan).then(|| vlan.to_string()),
        Subject::Svi(vlan) => fits(Of::Svi).then(|| vlan.to_string()),
        Subject::Acl(list) => fits(Of::Acl).then(|| list.clone()),
        Subject::Port(port) => match name {
            "lags" => None, // bare numbers stand behind a word that a pattern need not have
            _ => fits(Of::Port).then(|| port_in_words(pack, port)),
        },
    }
}

/// `port` behind the word that the dialect puts before ports of its kind: `ethernet g1`, `port-channel 3`.
fn port_in_words(pack: &Pack, port: &PortName) -> String {
    let lists = pack.ports.lists(std::slice::from_ref(port), Naming::Long, usize::MAX);
    let words = lists.iter().flat_map(|list| [list.keyword.as_str(), list.text.as_str()]);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

pub(super) fn value_as(value: &Value, name: &str) -> Option<String> {
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
    use crate::entry::{EntryKind, State};
    use crate::net::VlanSet;
    use crate::vendor::{Packs, Templates};

    #[test]
    fn a_line_is_taken_back_in_its_block() {
        let pack = Packs::embedded().get("cisco-ios").unwrap().unwrap();
        assert_eq!(
            undo_lines(&pack, &["interface Gi1/0/1"], "switchport block multicast"),
            ["interface Gi1/0/1", " no switchport block multicast", " exit"]
        );
        assert_eq!(undo_lines(&pack, &[], "no ip igmp snooping"), ["ip igmp snooping"]);
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
            let lines = setting_lines(&pack, &Entry::Setting { kind, of: of.clone(), value })?;
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
    fn ports_stand_behind_the_words_of_their_dialect() {
        let opened = |pack: &str, port: &str| {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let of = Subject::Port(pack.ports.parse(port).unwrap());
            let entry = Entry::Setting { kind: EntryKind::Shutdown, of, value: Value::Flag(false) };
            setting_lines(&pack, &entry).unwrap().join("/")
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
