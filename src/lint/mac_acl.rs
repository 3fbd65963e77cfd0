//! MAC ACLs that stop a cluster: its heartbeats, or all frames to its MAC.

use std::collections::{BTreeMap, BTreeSet};

use macaddr::MacAddr6;

use super::cure::Cure;
use super::membership::{Fault, Placed, faults, holders, placed};
use super::words::is_likely;
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Change, Entry, EntryKind, Subject, Value};
use crate::net::mac;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::render::setting_lines;
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[MAC_ACL_BLOCKS];

/// The EtherType of heartbeats.
const HEARTBEAT: u16 = 0x886f;

/// A MAC ACL that stops heartbeats where nodes send them.
const MAC_ACL_BLOCKS: Rule = Rule {
    code: Code(516),
    name: "mac-acl-blocks",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB516.md"),
    check: mac_acl_blocks,
};

fn mac_acl_blocks(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    let stopped = |placed: &Placed<'_>, port: &PortName| {
        applied(placed, port).iter().find_map(|name| stopped_by(placed, name))
    };
    for fault in faults(&placed, stopped) {
        let first = fault.clusters[0];
        let applied: Vec<String> = fault.ports.iter().flat_map(|port| applied(first, port)).collect();
        let name = applied.into_iter().find(|name| stopped_by(first, name).is_some()).unwrap_or_default();
        let message = format!(
            "MAC ACL `{name}` stops the heartbeats (EtherType 0x886F) of {} on {}",
            fault.clusters_text(estate),
            fault.ports_text()
        );
        let finding = findings.report(&MAC_ACL_BLOCKS, fault.span, message);
        fault.tell(estate, finding);
        for of in fault.ports.iter().flat_map(|port| holders(first.config, port)) {
            if let Some(span) = first.config.span_of_setting(EntryKind::MacAcl, &of) {
                finding.related(span, "the list is applied here");
                break;
            }
        }
        finding.help("permit EtherType 0x886F and the cluster's MAC in front of what denies them");
        let mut cure = Cure::new(first.config);
        permit_in_front(&fault, &mut cure);
        cure.give(finding);
    }
}

/// A copy of each list that stops heartbeats, with the cluster's MAC permitted in front of its rules, in the list's
/// place on the ports at fault: not every dialect can put a rule in front of others, and a port between two lists lets
/// everything through, or nothing.
fn permit_in_front(fault: &Fault<'_, '_>, cure: &mut Cure<'_>) {
    let config = fault.clusters[0].config;
    // Heartbeats of unicast mode are broadcast: only by their EtherType could they be told from the rest.
    if fault.clusters.iter().any(|placed| placed.mode == Mode::Unicast) {
        return cure.give_up();
    }
    let stops = |name: &str| fault.clusters.iter().any(|placed| stopped_by(placed, name).is_some());
    let holders: BTreeSet<Subject> = fault.ports.iter().flat_map(|port| holders(config, port)).collect();
    let mut lists: BTreeMap<&str, Vec<&Subject>> = BTreeMap::new();
    for of in &holders {
        if let Some(name) = config.state.word(EntryKind::MacAcl, of).filter(|name| stops(name)) {
            lists.entry(name).or_default().push(of);
        }
    }
    if lists.is_empty() {
        cure.give_up(); // a VLAN applies it
    }
    for (name, places) in lists {
        let copy = format!("{name}-NLB");
        let taken = config.state.settings(EntryKind::MacAcl).any(|(_, held)| held.to_string() == copy);
        if taken
            || !rules_of(config, &copy).is_empty()
            || !places.iter().all(|of| applies_plainly(config, of))
        {
            return cure.give_up();
        }
        let mut add = |permits, text: String| {
            let kind = if permits { EntryKind::MacAclPermit } else { EntryKind::MacAclDeny };
            cure.set(kind, Subject::Acl(copy.clone()), Value::Word(text));
        };
        let nothing = mac::format(MacAddr6::nil(), config.pack.mac);
        for placed in &fault.clusters {
            add(true, format!("any {} {nothing}", mac::format(placed.mac, config.pack.mac)));
        }
        for (permits, text, _) in rules_of(config, name) {
            add(permits, text.to_owned());
        }
        for of in places {
            cure.set(EntryKind::MacAcl, of.clone(), Value::Word(copy.clone()));
        }
    }
}

/// Whether the line that applies a list there says no more than that: some can narrow it to VLANs, which a line in its
/// place would have to say too.
fn applies_plainly(config: &ConfigFile<'_>, of: &Subject) -> bool {
    let Some(name) = config.state.word(EntryKind::MacAcl, of) else { return false };
    let value = Value::Word(name.to_owned());
    let entry = Entry::Setting { kind: EntryKind::MacAcl, of: of.clone(), value };
    let Some(lines) = setting_lines(config.dialect(), &entry) else { return false };
    // Around it stand the lines that open and close its block, as many of each.
    let line = lines.get(lines.len() / 2).map(|line| line.trim_start().len());
    let origin = config.reading.origin(&entry);
    origin.is_some_and(|origin| Some(origin.range().len()) == line)
}

/// The MAC ACLs that frames from the port meet.
fn applied(placed: &Placed<'_>, port: &PortName) -> Vec<String> {
    let mut of = holders(placed.config, port);
    of.push(Subject::Vlan(placed.vlan));
    let names = of.iter().filter_map(|of| placed.config.state.word(EntryKind::MacAcl, of));
    names.map(str::to_owned).collect()
}

/// The line of the ACL that stops heartbeats; its last rule where none knows them and the rest is denied. `None` where
/// they pass, and where that cannot be told.
fn stopped_by(placed: &Placed<'_>, name: &str) -> Option<Span> {
    let to = match placed.mode {
        Mode::Unicast => MacAddr6::broadcast(),
        Mode::Multicast | Mode::IgmpMulticast => placed.mac,
    };
    let rules = rules_of(placed.config, name);
    for (permits, text, span) in &rules {
        match Terms::read(text).map(|terms| terms.fits(to)) {
            Some(Some(true)) => return (!permits).then_some(*span),
            Some(Some(false)) => {}
            // Of some senders it is true, or nobody knows what it says.
            Some(None) | None => return None,
        }
    }
    let denies_rest = placed.config.facts().mac_acl_ends_in_deny();
    let certain = denies_rest.is_some_and(|fact| fact.value && !is_likely(fact));
    rules.last().filter(|_| certain).map(|(_, _, span)| *span)
}

/// The rules of the ACL in their order: whether each permits, its terms, its line.
fn rules_of<'c>(config: &'c ConfigFile<'_>, name: &str) -> Vec<(bool, &'c str, Span)> {
    let rules = config.reading.facts.iter().filter_map(|fact| {
        let (Change::Add(entry) | Change::Replace(entry)) = &fact.change else { return None };
        let Entry::Setting { kind, of: Subject::Acl(list), value: Value::Word(text) } = entry else {
            return None;
        };
        let permits = match kind {
            EntryKind::MacAclPermit => true,
            EntryKind::MacAclDeny => false,
            _ => return None,
        };
        let holds = list == name && config.state.get(&entry.key()).is_some();
        holds.then(|| (permits, text.as_str(), fact.span(config.file)))
    });
    rules.collect()
}

/// The addresses that a term lets in: those that differ from `mac` only where `ignored` has ones.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    mac: u64,
    ignored: u64,
}

/// What a rule of a MAC ACL asks of a frame.
#[derive(Debug, PartialEq, Eq)]
struct Terms {
    source: Range,
    destination: Range,
    /// The EtherType and the bits of it that do not count; any when `None`.
    ether_type: Option<(u16, u16)>,
}

const ALL: u64 = 0xffff_ffff_ffff;

/// EtherTypes that rules call by name: none of them is NLB's.
const NAMED: &[&str] = &[
    "aarp",
    "amber",
    "appletalk",
    "arp",
    "bpdu",
    "cdp",
    "dec-spanning",
    "decnet",
    "decnet-iv",
    "diagnostic",
    "dot1x",
    "dsm",
    "etype-6000",
    "etype-8042",
    "ip",
    "ipv4",
    "ipv6",
    "ipx",
    "lacp",
    "lat",
    "lavc-sca",
    "lldp",
    "mop-console",
    "mop-dump",
    "msdos",
    "mumps",
    "netbios",
    "rarp",
    "vines-echo",
    "vines-ip",
    "xns-idp",
];

impl Terms {
    /// Reads the words behind `permit` or `deny`; `None` when there are some that nobody knows.
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace().peekable();
        let source = Range::read(&mut words)?;
        let destination = Range::read(&mut words)?;
        let ether_type = match words.next() {
            None | Some("log" | "count") => None,
            Some(word) => Some(match hexadecimal(word) {
                Some(found) => {
                    let ignored = words.next().and_then(hexadecimal);
                    (found, ignored.unwrap_or(0))
                }
                None if NAMED.contains(&word.to_ascii_lowercase().as_str()) => (0, 0),
                None => return None,
            }),
        };
        Some(Self { source, destination, ether_type })
    }

    /// Whether heartbeats to `mac` meet it; `None` when that depends on who sends them.
    fn fits(&self, to: MacAddr6) -> Option<bool> {
        let same_type = self.ether_type.is_none_or(|(found, ignored)| (found ^ HEARTBEAT) & !ignored == 0);
        if !same_type || !self.destination.contains(to) {
            return Some(false);
        }
        (self.source.ignored == ALL).then_some(true)
    }
}

impl Range {
    fn read<'w>(words: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>) -> Option<Self> {
        let word = words.next()?;
        if word.eq_ignore_ascii_case("any") {
            return Some(Self { mac: 0, ignored: ALL });
        }
        if word.eq_ignore_ascii_case("host") {
            return Some(Self { mac: number(mac::parse(words.next()?).ok()?), ignored: 0 });
        }
        let mac = number(mac::parse(word).ok()?);
        Some(Self { mac, ignored: number(mac::parse(words.next()?).ok()?) })
    }

    fn contains(&self, mac: MacAddr6) -> bool {
        (number(mac) ^ self.mac) & !self.ignored & ALL == 0
    }
}

fn number(mac: MacAddr6) -> u64 {
    mac.as_bytes().iter().fold(0, |number, octet| number << 8 | u64::from(*octet))
}

/// `0x886F`, `886f`, `0`: as rules write EtherTypes and their masks.
fn hexadecimal(word: &str) -> Option<u16> {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    fn with_list(rules: &str, entry: &str) -> Vec<String> {
        let rules: String = rules.lines().map(|rule| format!(" {}\n", rule.trim())).collect();
        let text = format!(
            "mac access-list extended GUARD\n{rules}interface GigabitEthernet1/0/1\n mac access-group GUARD in\n{entry}"
        );
        let found = alone(&[("sw1.cfg", "cisco-ios", &text)]);
        found.into_iter().filter(|finding| finding.starts_with("NLB516")).collect()
    }

    fn told(line: usize, mac: &str) -> Vec<String> {
        vec![format!(
            "NLB516 error sw1.cfg:{line}: MAC ACL `GUARD` stops the heartbeats (EtherType 0x886F) of cluster `{mac}` on `GigabitEthernet1/0/1`"
        )]
    }

    #[test]
    fn rules_are_read_in_their_order_and_the_rest_is_denied() {
        let multicast = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";
        for (rules, line) in [
            ("deny any any 0x886F 0x0\npermit any any", Some(2)),
            ("permit any any 0x886f 0x0\ndeny any any", None),
            ("permit any any\ndeny any any 0x886F 0x0", None),
            ("permit any any 0x0800 0x0", Some(2)),
            ("deny any host 03bf.ac1f.01e8\npermit any any", Some(2)),
            ("deny any 03bf.0000.0000 0000.ffff.ffff\npermit any any", Some(2)),
            ("deny any host 0011.2233.4455\npermit any any", None),
            ("deny any any 0x8860 0xf\npermit any any", Some(2)),
            ("deny any any netbios\npermit any any", None),
            ("permit host 0011.2233.4455 any", None),
            ("deny any any lsap 0xAAAA 0x0\npermit any any 0x0800 0x0", None),
            ("", None),
        ] {
            let expected = line.map_or_else(Vec::new, |line| told(line, "03:bf:ac:1f:01:e8"));
            assert_eq!(with_list(rules, multicast), expected, "{rules}");
        }
    }

    #[test]
    fn unicast_heartbeats_are_broadcast() {
        let unicast = "mac address-table static 02bf.ac1f.01e8 vlan 10 interface Gi1/0/1 Gi1/0/2\n";
        assert_eq!(with_list("deny any host 02bf.ac1f.01e8\npermit any any", unicast), NONE);
        assert_eq!(
            with_list("deny any host ffff.ffff.ffff\npermit any any", unicast),
            told(2, "02:bf:ac:1f:01:e8")
        );
    }
}
