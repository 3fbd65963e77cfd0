//! Lines that put one static group in the place of another, which no template writes. They are read back on top of what was
//! there, and none are given that do not lead there.

use std::net::Ipv4Addr;

use super::dialect::Dialect;
use super::setting::{borrowed, in_block, openers_of};
use crate::entry::{Entry, EntryKind, State};
use crate::net::port::Naming;
use crate::vendor::{CompiledLine, Effect, Pack};

/// What holds after `lines`, where `before` held before them.
fn after(dialect: Dialect<'_>, before: &[Entry], lines: &[String]) -> State {
    let mut state: State = before.iter().cloned().collect();
    let text = lines.join("\n");
    let reading = dialect.read(&text);
    reading
        .facts
        .iter()
        .filter(|fact| !fact.only_mentions())
        .for_each(|fact| state.apply(fact.change.clone()));
    state
}

/// `line` in the block that `spelling` stands in.
fn written(
    pack: &Pack,
    spelling: &CompiledLine,
    line: &str,
    named: impl Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let openers = openers_of(pack, spelling, named)?;
    Some(in_block(pack, &borrowed(&openers), line))
}

/// The lines that put the static group `right` in the place of that of `entry`, the new one first, in the spelling of the
/// old one: one line a port, as every dialect takes it.
pub fn regrouping_lines(
    dialect: Dialect<'_>,
    spelling: &CompiledLine,
    entry: &Entry,
    right: Ipv4Addr,
) -> Option<Vec<String>> {
    let Entry::StaticGroup { vlan, group, ports } = entry else { return None };
    let pack = dialect.pack;
    if pack.reads_only.contains(&EntryKind::StaticGroup) {
        return None;
    }
    let lists: Vec<String> = match ports.is_empty() {
        true => vec![String::new()],
        false => ports
            .iter()
            .map(|port| pack.ports.lists(std::slice::from_ref(port), Naming::Long, usize::MAX))
            .flat_map(|lists| lists.into_iter().map(|list| list.text))
            .collect(),
    };
    let is_text = |list: &str, number: bool| {
        !list.is_empty() && list.bytes().all(|octet| octet.is_ascii_digit()) == number
    };
    let spelled = |group: Ipv4Addr, list: &str, spelling: &CompiledLine, taken_back: bool| {
        let named = |name: &str| match name {
            "vlan" | "vlans" => dialect.vlan(*vlan),
            "svi" => dialect.svi(*vlan, spelling),
            "group" => Some(group.to_string()),
            "port" | "ports" => is_text(list, false).then(|| list.to_owned()),
            "lags" => is_text(list, true).then(|| list.to_owned()),
            _ => None,
        };
        let line = dialect.typed(spelling.pattern.write(named)?);
        let line = if taken_back { dialect.negated(&line) } else { line };
        written(pack, spelling, &line, named)
    };
    // The ports and the port-channels of one group may need spellings of their own.
    let stating = || {
        let others = pack.lines().iter().filter(|line| line.entry == spelling.entry);
        std::iter::once(spelling).chain(others.filter(|line| line.effect == Effect::State))
    };
    let mut lines = Vec::new();
    let mut wanted = entry.clone();
    if let Entry::StaticGroup { group, .. } = &mut wanted {
        *group = right;
    }
    for list in &lists {
        let found = stating().find_map(|spelling| {
            let lines = spelled(right, list, spelling, false)?;
            let state = after(dialect, &[], &lines);
            let is_part = match state.get(&wanted.key()) {
                Some(Entry::StaticGroup { ports: found, .. }) => {
                    found.is_subset(ports) && found.is_empty() == ports.is_empty()
                }
                _ => false,
            };
            is_part.then_some(lines)
        });
        lines.extend(found?);
    }
    let negating = || lists.iter().map(|list| spelled(*group, list, spelling, true));
    let removing =
        pack.lines().iter().filter(|line| line.entry == spelling.entry && line.effect == Effect::Remove);
    let ways = std::iter::once(negating().collect::<Option<Vec<_>>>()).chain(
        removing.map(|removal| lists.iter().map(|list| spelled(*group, list, removal, false)).collect()),
    );
    let held: Vec<Entry> = vec![entry.clone(), wanted.clone()];
    let gone = ways.flatten().map(|lines| lines.concat()).find(|lines| {
        let state = after(dialect, &held, lines);
        state.get(&entry.key()).is_none() && state.get(&wanted.key()) == Some(&wanted)
    })?;
    // A line that takes the whole group need not stand there for every port.
    let of_one = &gone[..gone.len() / lists.len()];
    let whole = after(dialect, &held, of_one).get(&entry.key()).is_none();
    lines.extend_from_slice(if whole { of_one } else { &gone });
    (after(dialect, std::slice::from_ref(entry), &lines).get(&wanted.key()) == Some(&wanted)).then_some(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config;
    use crate::entry::Change;
    use crate::vendor::Packs;

    #[test]
    fn a_static_group_is_replaced_in_its_own_spelling_the_new_one_first() {
        for (pack, text, expected) in [
            (
                "cisco-ios",
                "ip igmp snooping vlan 10 static 239.244.0.1 interface Gi1/0/1\n\
                 ip igmp snooping vlan 10 static 239.244.0.1 interface Gi1/0/2\n",
                "ip igmp snooping vlan 10 static 239.255.0.1 interface GigabitEthernet1/0/1/\
                 ip igmp snooping vlan 10 static 239.255.0.1 interface GigabitEthernet1/0/2/\
                 no ip igmp snooping vlan 10 static 239.244.0.1 interface GigabitEthernet1/0/1/\
                 no ip igmp snooping vlan 10 static 239.244.0.1 interface GigabitEthernet1/0/2",
            ),
            (
                "cisco-ios",
                "interface Vlan10\n ip igmp join-group 239.244.0.1\n",
                "interface Vlan10/ ip igmp join-group 239.255.0.1/ exit/\
                 interface Vlan10/ no ip igmp join-group 239.244.0.1/ exit",
            ),
            (
                "cisco-nxos",
                "vlan configuration 10\n  ip igmp snooping static-group 239.244.0.1 interface Ethernet1/1\n",
                "vlan configuration 10/ ip igmp snooping static-group 239.255.0.1 interface Ethernet1/1/ exit/\
                 vlan configuration 10/ no ip igmp snooping static-group 239.244.0.1 interface Ethernet1/1/ exit",
            ),
            (
                "arista-eos",
                "ip igmp snooping vlan 10 member 239.244.0.1 interface Ethernet1\n",
                "ip igmp snooping vlan 10 member 239.255.0.1 interface Ethernet1/\
                 no ip igmp snooping vlan 10 member 239.244.0.1 interface Ethernet1",
            ),
            (
                "dell-powerconnect-5400",
                "interface vlan 10\nbridge multicast address 239.244.0.1 add ethernet g1-2\n\
                 bridge multicast address 239.244.0.1 add port-channel 3\nexit\n",
                "interface vlan 10/ bridge multicast address 239.255.0.1 ethernet g1/ exit/\
                 interface vlan 10/ bridge multicast address 239.255.0.1 ethernet g2/ exit/\
                 interface vlan 10/ bridge multicast address 239.255.0.1 port-channel 3/ exit/\
                 interface vlan 10/ no bridge multicast address 239.244.0.1/ exit",
            ),
        ] {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let reading = config::read(&pack, text);
            let state = reading.state(&pack.facts(None));
            let entry = state.entries().find(|entry| matches!(entry, Entry::StaticGroup { .. })).unwrap();
            let fact = reading.origin(entry).unwrap();
            assert!(matches!(fact.change, Change::Add(_)));
            let lines = regrouping_lines(
                Dialect { pack: &pack, names: &reading.names },
                fact.spelling,
                entry,
                [239, 255, 0, 1].into(),
            );
            assert_eq!(lines.map(|lines| lines.join("/")).as_deref(), Some(expected), "{text}");
        }
    }
}
