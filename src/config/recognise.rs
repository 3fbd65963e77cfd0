//! One line to the changes it makes.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::ops::Range;

use crate::entry::{Change, Entry, EntryKind, Key, Unregistered};
use crate::net::mac;
use crate::net::port::PortName;
use crate::vendor::{Captures, CompiledLine, Effect, Pack, RepeatedLine, Words};

/// What a line does.
pub(super) struct Understood<'p> {
    /// One change, or one for each port of a block for several.
    pub(super) changes: Vec<Change>,
    /// The octets of the line's MAC, where it names one.
    pub(super) mac: Option<Range<usize>>,
    /// The spelling that fits it.
    pub(super) spelling: &'p CompiledLine,
}

/// What `line`, standing in the block that `parent` opened, does. `None` when it begins like no line the pack knows, or
/// like one that is known to be irrelevant; an error when it does and fits none.
pub(super) fn understand<'p>(
    pack: &'p Pack,
    line: &Words<'_>,
    parent: Option<&str>,
) -> Option<Result<Understood<'p>, ()>> {
    let mut looked_alike = false;
    let parent = parent.map(Words::new);
    for spelling in pack.lines_like(line).filter(|spelling| spelling.pattern.begins(line)) {
        let block = match (&spelling.under, &parent) {
            (None, None) => None,
            (Some(under), Some(parent)) => match under.captures(parent) {
                Some(captures) => Some(captures),
                None => continue,
            },
            _ => continue,
        };
        let Some(captures) = spelling.pattern.captures(line) else {
            looked_alike |= distinctive(spelling, line);
            continue;
        };
        let values = Values { pack, line: &captures, block: block.as_ref() };
        let understood = |changes| Understood { changes, mac: captures.range("mac"), spelling };
        return Some(values.changes(spelling).map(understood).ok_or(()));
    }
    (looked_alike && !pack.is_irrelevant(line.line())).then_some(Err(()))
}

/// The kinds of entries that `line` looks as if it stated.
pub(super) fn look_alikes(pack: &Pack, line: &Words<'_>, parent: Option<&str>) -> Vec<EntryKind> {
    let fits_block = |spelling: &&CompiledLine| match (&spelling.under, parent) {
        (None, None) => true,
        (Some(under), Some(parent)) => under.fits(parent),
        _ => false,
    };
    let looks =
        |spelling: &&CompiledLine| distinctive(spelling, line) || spelling.pattern.captures(line).is_some();
    let alike = pack.lines_like(line).filter(fits_block).filter(looks);
    let mut kinds: Vec<EntryKind> = Vec::new();
    for spelling in alike {
        if !kinds.contains(&spelling.entry) {
            kinds.push(spelling.entry);
        }
    }
    kinds
}

/// Whether `line` shares the pattern's literal beginning: `arp timeout 60` does not begin like `arp <ip> …` does.
fn distinctive(spelling: &CompiledLine, line: &Words<'_>) -> bool {
    let head = spelling.pattern.head();
    spelling.pattern.begins(line) && (head >= 3 || line.from(head).any(|word| mac::parse(word).is_ok()))
}

/// The values that a line and its block name.
struct Values<'a, 'l> {
    pack: &'a Pack,
    line: &'a Captures<'l>,
    block: Option<&'a Captures<'l>>,
}

impl Values<'_, '_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.line.get(name).or_else(|| self.block.and_then(|block| block.get(name)))
    }

    fn ip(&self, name: &str) -> Option<Ipv4Addr> {
        self.text(name)?.parse().ok()
    }

    /// `Some(None)` when the line names no address, `None` when it names an impossible one.
    fn optional_ip(&self, name: &str) -> Option<Option<Ipv4Addr>> {
        match self.text(name) {
            None => Some(None),
            Some(_) => self.ip(name).map(Some),
        }
    }

    fn vlan(&self) -> Option<u16> {
        self.text("vlan")?.parse().ok().filter(|vlan| (1..=4094).contains(vlan))
    }

    /// `Some(None)` when the line names no ports, `None` when they cannot be read.
    fn ports(&self) -> Option<Option<BTreeSet<PortName>>> {
        let syntax = &self.pack.ports;
        let read = match (self.text("ports"), self.text("lags")) {
            (Some(ports), _) => syntax.parse_list(ports, None),
            (None, Some(lags)) => syntax.parse_list(lags, syntax.lag_kind()),
            (None, None) => return Some(None),
        };
        read.ok().map(|ports| Some(ports.into_iter().collect()))
    }

    fn port(&self) -> Option<PortName> {
        self.pack.ports.parse(self.text("port")?).ok()
    }

    /// The changes of a line: one for each port where its block or itself names several for an entry that holds one.
    fn changes(&self, spelling: &CompiledLine) -> Option<Vec<Change>> {
        let holds_ports = matches!(spelling.entry, EntryKind::StaticMac | EntryKind::MrouterPort);
        if !holds_ports
            && let Some(ports) = self.ports()?
            && spelling.entry == EntryKind::UnregisteredMulticast
        {
            let action = spelling.action.unwrap_or(Unregistered::Drop);
            let entries = ports.into_iter().map(|port| Entry::UnregisteredMulticast { port, action });
            return Some(entries.map(|entry| settle(entry, spelling.effect)).collect());
        }
        self.change(spelling).map(|change| vec![change])
    }

    fn change(&self, spelling: &CompiledLine) -> Option<Change> {
        let enabled = spelling.enabled.unwrap_or(true);
        let entry = match spelling.entry {
            EntryKind::StaticArp => {
                let (ip, vrf) = (self.ip("ip")?, self.text("vrf").map(str::to_owned));
                if spelling.effect == Effect::Remove {
                    return Some(Change::Remove(Key::StaticArp { vrf, ip }));
                }
                let port = match self.text("port") {
                    Some(_) => Some(self.port()?),
                    None => None,
                };
                Entry::StaticArp { ip, mac: mac::parse(self.text("mac")?).ok()?, vrf, port }
            }
            EntryKind::StaticMac => {
                let (mac, vlan) = (mac::parse(self.text("mac")?).ok()?, self.vlan()?);
                match (spelling.effect, self.ports()?) {
                    (Effect::Remove, None) => return Some(Change::Remove(Key::StaticMac { vlan, mac })),
                    (Effect::Remove, Some(ports)) => {
                        return Some(Change::RemovePorts(Key::StaticMac { vlan, mac }, ports));
                    }
                    (Effect::State, ports) => {
                        let entry = Entry::StaticMac { mac, vlan, ports: ports? };
                        return Some(match self.pack.repeated_static_mac.value {
                            RepeatedLine::Adds => Change::Add(entry),
                            RepeatedLine::Replaces => Change::Replace(entry),
                        });
                    }
                }
            }
            EntryKind::MrouterPort => {
                let vlan = self.vlan()?;
                match (spelling.effect, self.ports()?) {
                    (Effect::Remove, None) => return Some(Change::Remove(Key::MrouterPort { vlan })),
                    (Effect::Remove, Some(ports)) => {
                        return Some(Change::RemovePorts(Key::MrouterPort { vlan }, ports));
                    }
                    (Effect::State, ports) => {
                        return Some(Change::Add(Entry::MrouterPort { vlan, ports: ports? }));
                    }
                }
            }
            EntryKind::IgmpSnooping => Entry::IgmpSnooping { vlan: self.optional_vlan()?, enabled },
            EntryKind::IgmpQuerier => {
                let address = self.optional_ip("address")?;
                let entry = Entry::IgmpQuerier { vlan: self.optional_vlan()?, address };
                return Some(match spelling.effect {
                    Effect::State => Change::Add(entry),
                    // A removal that can name the address is about the address alone.
                    Effect::Remove if spelling.pattern.has("address") => Change::RemoveAddress(entry.key()),
                    Effect::Remove => Change::Remove(entry.key()),
                });
            }
            EntryKind::MulticastFiltering => Entry::MulticastFiltering { enabled },
            EntryKind::VlanFlooding => Entry::VlanFlooding { enabled },
            EntryKind::UnregisteredMulticast => Entry::UnregisteredMulticast {
                port: self.port()?,
                action: spelling.action.unwrap_or(Unregistered::Drop),
            },
        };
        Some(settle(entry, spelling.effect))
    }

    /// `Some(None)` when the line names no VLAN, `None` when it names an impossible one.
    fn optional_vlan(&self) -> Option<Option<u16>> {
        match self.text("vlan") {
            None => Some(None),
            Some(_) => self.vlan().map(Some),
        }
    }
}

fn settle(entry: Entry, effect: Effect) -> Change {
    match effect {
        Effect::State => Change::Replace(entry),
        Effect::Remove => Change::Remove(entry.key()),
    }
}
