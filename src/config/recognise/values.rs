//! The values that a line and its block name, as changes.

use std::cell::OnceCell;
use std::net::Ipv4Addr;

use smallvec::{SmallVec, smallvec};

use crate::config::names::Standing;
use crate::entry::{
    Change, Entry, EntryKind, Key, Of, SettingShape, Subject, Takes, Unregistered, Value, prefix_length,
};
use crate::net::PortSet;
use crate::net::VlanSet;
use crate::net::mac;
use crate::net::port::{Naming, PortName};
use crate::vendor::{
    Captures, CompiledLine, Effect, Pack, RepeatedLine, SetChange, subject_names, value_names,
};

/// Nearly every line changes one thing.
pub(in crate::config) type Changes = SmallVec<[Change; 1]>;
/// Nearly every line is about one thing.
pub(super) type Subjects = SmallVec<[Subject; 1]>;

/// What the lines that opened a block say; nothing at the top.
#[derive(Clone, Copy, Default)]
pub(super) struct Openers<'a, 'l> {
    pub(super) values: &'a [Captures<'l>],
    pub(super) ports: Option<&'a OnceCell<Option<Subjects>>>,
}

/// The values that a line and its block name.
pub(super) struct Values<'a, 'l> {
    pub(super) pack: &'a Pack,
    pub(super) standing: &'a Standing<'a>,
    pub(super) line: &'a Captures<'l>,
    pub(super) openers: Openers<'a, 'l>,
    /// The one of several VLANs of a block that is looked at.
    pub(super) one_of_vlans: Option<u16>,
}

impl Values<'_, '_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.line.get(name).or_else(|| self.openers.values.iter().rev().find_map(|opener| opener.get(name)))
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
        self.one_of_vlans.or_else(|| match self.text("vlan") {
            Some(_) => self.id("vlan"),
            None => self.standing.of_port(self.text("word")?),
        })
    }

    fn id(&self, name: &str) -> Option<u16> {
        let word = self.text(name)?;
        if name == "svi" { self.standing.names.svi(word) } else { self.standing.names.vlan(word) }
    }

    /// The VLANs of a list, or the one that is called by its name.
    fn list(&self, text: &str) -> Option<VlanSet> {
        self.standing.names.named(text).map(VlanSet::one).or_else(|| self.pack.vlans(text).ok())
    }

    /// The VLAN that the line or its block calls by its name, where the value is that of one VLAN.
    fn named_vlan(&self) -> Option<u16> {
        let of_one = self.text("number").is_none() && self.text("vlans").is_none();
        if of_one { self.id("vlan") } else { None }
    }

    /// `Some(None)` when the line names no ports, `None` when they cannot be read.
    fn ports(&self) -> Option<Option<PortSet>> {
        let syntax = &self.pack.ports;
        let read = match (self.text("ports"), self.text("lags")) {
            (Some(ports), _) => match syntax.parse_list(ports, None) {
                Ok(ports) => ports,
                Err(_) => return self.standing.ports_called(ports).cloned().map(Some),
            },
            (None, Some(lags)) => syntax.parse_list(lags, syntax.lag_kind()).ok()?,
            (None, None) => return Some(None),
        };
        Some(Some(read.into_iter().collect()))
    }

    fn port(&self) -> Option<PortName> {
        self.pack.ports.parse(self.text("port")?).ok()
    }

    /// The changes of a line: one for each port where its block or itself names several for an entry that holds one.
    pub(super) fn changes(&self, spelling: &CompiledLine) -> Option<Changes> {
        // No device takes a line with a MAC that is none, not even one that only takes an entry back.
        if self.text("mac").is_some_and(|mac| mac::parse(mac).is_err()) {
            return None;
        }
        if let Some(shape) = spelling.entry.setting() {
            return self.setting(spelling, shape);
        }
        let holds_ports = matches!(spelling.entry, EntryKind::StaticMac | EntryKind::MrouterPort);
        if !holds_ports
            && let Some(ports) = self.ports()?
            && spelling.entry == EntryKind::UnregisteredMulticast
        {
            let action = spelling.action.unwrap_or(Unregistered::Drop);
            let entries = ports.into_iter().map(|port| Entry::UnregisteredMulticast { port, action });
            return Some(entries.map(|entry| settle(entry, spelling.effect)).collect());
        }
        match self.text("vlans") {
            // A block for several VLANs says the same of each.
            Some(vlans) => {
                let vlans = self.list(vlans)?;
                let of_one = |vlan| Values { one_of_vlans: Some(vlan), ..*self }.change(spelling);
                vlans.iter().map(of_one).collect()
            }
            None => self.change(spelling).map(|change| smallvec![change]),
        }
    }

    fn change(&self, spelling: &CompiledLine) -> Option<Change> {
        let enabled = spelling.enabled.unwrap_or(true);
        let entry = match spelling.entry {
            EntryKind::StaticArp => {
                let (ip, vrf) = (self.ip("ip")?, self.text("vrf").map(str::to_owned));
                let svi = match self.text("svi") {
                    Some(_) => Some(self.id("svi")?),
                    None => None,
                };
                if spelling.effect == Effect::Remove {
                    return Some(Change::Remove(Key::StaticArp { vrf, svi, ip }));
                }
                let port = match self.text("port") {
                    Some(_) => Some(self.port()?),
                    None => None,
                };
                Entry::StaticArp { ip, mac: mac::parse(self.text("mac")?).ok()?, vrf, port, svi }
            }
            EntryKind::StaticMac => {
                let (mac, vlan) = (mac::parse(self.text("mac")?).ok()?, self.vlan()?);
                match (spelling.effect, self.ports()?) {
                    (Effect::Remove, None) => return Some(Change::Remove(Key::StaticMac { vlan, mac })),
                    (Effect::Remove, Some(ports)) => {
                        return Some(Change::RemovePorts(Key::StaticMac { vlan, mac }, Box::new(ports)));
                    }
                    (Effect::State, ports) => {
                        let entry = Entry::StaticMac { mac, vlan, ports: ports? };
                        return Some(match self.pack.repeated_static_mac.value {
                            RepeatedLine::Adds | RepeatedLine::Unknown => Change::Add(entry),
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
                        return Some(Change::RemovePorts(Key::MrouterPort { vlan }, Box::new(ports)));
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
            EntryKind::StaticGroup => {
                let vlan = self.id("vlan").or(self.id("svi"))?;
                let group = self.ip("group")?;
                let ports = self.ports()?;
                return Some(match (spelling.effect, ports) {
                    (Effect::Remove, None) => Change::Remove(Key::StaticGroup { vlan, group }),
                    (Effect::Remove, Some(ports)) => {
                        Change::RemovePorts(Key::StaticGroup { vlan, group }, Box::new(ports))
                    }
                    (Effect::State, ports) => {
                        Change::Add(Entry::StaticGroup { vlan, group, ports: ports.unwrap_or_default() })
                    }
                });
            }
            EntryKind::MulticastFiltering => Entry::MulticastFiltering { enabled },
            EntryKind::VlanFlooding => Entry::VlanFlooding { enabled },
            EntryKind::UnregisteredMulticast => Entry::UnregisteredMulticast {
                port: self.port()?,
                action: spelling.action.unwrap_or(Unregistered::Drop),
            },
            _ => return None, // a setting: read elsewhere
        };
        Some(match (spelling.effect, spelling.change) {
            (Effect::State, SetChange::UnlessStated) => Change::UnlessStated(entry),
            (effect, _) => settle(entry, effect),
        })
    }

    /// `Some(None)` when the line names no VLAN, `None` when it names an impossible one.
    fn optional_vlan(&self) -> Option<Option<u16>> {
        match self.text("vlan").or(self.text("vlans")) {
            None => Some(None),
            Some(_) => self.vlan().map(Some),
        }
    }

    /// The changes of a line about a setting: one for each thing it is about.
    fn setting(&self, spelling: &CompiledLine, shape: SettingShape) -> Option<Changes> {
        let kind = spelling.entry;
        let value = self.value(spelling, shape.takes);
        let change = |of: Subject| {
            let whole = |of| Change::Remove(Key::Setting { kind, of, item: None });
            Some(match (spelling.effect, spelling.change, value.clone()) {
                (Effect::Remove, _, Some(Value::Vlans(vlans))) if spelling.value.is_none() => {
                    Change::RemoveVlans(kind, of, vlans)
                }
                (Effect::Remove, _, Some(item)) if shape.many => {
                    Change::Remove(Key::Setting { kind, of, item: Some(item) })
                }
                (Effect::Remove, ..) => whole(of),
                (Effect::State, SetChange::Removes, Some(Value::Vlans(vlans))) => {
                    Change::RemoveVlans(kind, of, vlans)
                }
                (Effect::State, SetChange::Adds, Some(value)) => {
                    Change::Add(Entry::Setting { kind, of, value })
                }
                (Effect::State, SetChange::AllBut, Some(Value::Vlans(vlans))) => {
                    let value = Value::Vlans(VlanSet::all().without(&vlans));
                    Change::Replace(Entry::Setting { kind, of, value })
                }
                (Effect::State, SetChange::UnlessStated, Some(value)) => {
                    Change::UnlessStated(Entry::Setting { kind, of, value })
                }
                (Effect::State, _, Some(value)) => Change::Replace(Entry::Setting { kind, of, value }),
                (Effect::State, _, None) => return None,
            })
        };
        self.subjects(shape.of)?.into_iter().map(change).collect()
    }

    /// What a setting is about: the first of `kinds` that the line or its block names.
    fn subjects(&self, kinds: &[Of]) -> Option<Subjects> {
        let named = |of: &&Of| subject_names(**of).iter().any(|name| self.text(name).is_some());
        let of = kinds.iter().find(named).or(kinds.iter().find(|of| **of == Of::Switch))?;
        match of {
            Of::Switch => Some(smallvec![Subject::Switch]),
            Of::Svi => self.id("svi").map(|svi| smallvec![Subject::Svi(svi)]),
            Of::Acl => self.text("list").map(|name| smallvec![Subject::Acl(name.to_owned())]),
            Of::Vlan => match self.text("vlan") {
                Some(_) => self.vlan().map(|vlan| smallvec![Subject::Vlan(vlan)]),
                None => {
                    let vlans = self.list(self.text("vlans")?)?;
                    Some(vlans.iter().map(Subject::Vlan).collect())
                }
            },
            Of::Port => {
                let by_line = ["port", "ports", "lags"].iter().any(|name| self.line.get(name).is_some());
                match self.openers.ports.filter(|_| !by_line) {
                    Some(read) => read.get_or_init(|| self.named_ports()).clone(),
                    None => self.named_ports(),
                }
            }
        }
    }

    /// The ports that the line names, or else its block.
    fn named_ports(&self) -> Option<Subjects> {
        match self.text("port") {
            Some(_) => self.port().map(|port| smallvec![Subject::Port(port)]),
            None => Some(self.ports()??.into_iter().map(Subject::Port).collect()),
        }
    }

    /// What a setting holds, where the line implies or names it.
    fn value(&self, spelling: &CompiledLine, takes: Takes) -> Option<Value> {
        if takes == Takes::Flag {
            return Some(Value::Flag(spelling.enabled.unwrap_or(true)));
        }
        if let Some(value) = &spelling.value {
            return Some(value.clone());
        }
        let (name, text) = value_names(takes).iter().find_map(|name| Some((*name, self.text(name)?)))?;
        match takes {
            Takes::Flag => None,
            // Where ports are bare numbers, the pattern tells which of the two it is.
            Takes::Bundle if name == "word" => {
                let port = self.pack.ports.parse(text).ok()?;
                Some(Value::Word(self.pack.ports.show(&port, Naming::Long)))
            }
            Takes::Number | Takes::Bundle => {
                text.parse().ok().or_else(|| self.named_vlan().map(u32::from)).map(Value::Number)
            }
            Takes::Word => Some(Value::Word(text.trim_matches('"').to_owned())),
            Takes::Vlans => self.list(text).map(Value::Vlans),
            Takes::Ip => text.split('/').next()?.parse().ok().map(Value::Ip),
            Takes::Mac => mac::parse(text).ok().map(Value::Mac),
            Takes::Address => {
                let (ip, mask) = match text.split_once('/') {
                    Some((ip, _)) => (ip, &text[ip.len()..]),
                    None => (text, self.text("mask").or_else(|| self.text("length"))?),
                };
                let length = match mask.strip_prefix('/').or_else(|| self.text("length")) {
                    Some(length) => length.parse().ok().filter(|length| *length <= 32)?,
                    None => prefix_length(mask.parse().ok()?)?,
                };
                Some(Value::Address(ip.parse().ok()?, length))
            }
        }
    }
}

fn settle(entry: Entry, effect: Effect) -> Change {
    match effect {
        Effect::State => Change::Replace(entry),
        Effect::Remove => Change::Remove(entry.key()),
    }
}
