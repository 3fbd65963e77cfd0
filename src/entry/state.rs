//! What holds on a switch: the entries after all changes.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::key::KeyRef;
use super::{Change, Entry, EntryKind, Key, Subject, Value};
use crate::net::VlanSet;

/// What holds on a switch beyond its defaults: the entries, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// In the order of their keys. Changes come in that order too where there are many, and entries are looked up far
    /// more often than made: a sorted list takes a third of the time of a tree.
    entries: Vec<Entry>,
    /// Where the entries of each kind begin, and where the last ones end: most of what is asked for is of a kind that
    /// is not there at all.
    begins: [u32; EntryKind::ALL.len() + 1],
}

impl Default for State {
    fn default() -> Self {
        Self { entries: Vec::new(), begins: [0; EntryKind::ALL.len() + 1] }
    }
}

impl State {
    /// Nothing but defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether its lines let ARP entries hold multicast MACs: the check against that is off.
    pub fn lets_arp_be_multicast(&self) -> bool {
        self.flag(EntryKind::ArpCheck, &Subject::Switch) == Some(false)
    }

    /// The mode of the clusters whose ARP replies the interface of `vlan` takes, as its lines say it.
    pub fn cluster_mode(&self, vlan: u16) -> Option<&str> {
        self.word(EntryKind::ClusterMode, &Subject::Svi(vlan))
    }

    /// Lets one line act.
    pub fn apply(&mut self, change: Change) {
        let place = self.place(change.key_ref());
        let held = place.ok().map(|at| &mut self.entries[at]);
        match (change, held) {
            (Change::Replace(entry), Some(held)) => *held = entry,
            (Change::Add(mut entry), Some(held)) => {
                entry.take_over(held);
                *held = entry;
            }
            (Change::UnlessStated(entry), Some(held)) => {
                if matches!(held, Entry::Setting { value: Value::Word(word), .. } if word == "routed") {
                    *held = entry;
                }
            }
            (Change::Replace(entry) | Change::Add(entry) | Change::UnlessStated(entry), None) => {
                let (Ok(at) | Err(at)) = place;
                self.begins[entry.kind() as usize + 1..].iter_mut().for_each(|begin| *begin += 1);
                self.entries.insert(at, entry);
            }
            (Change::RemoveVlans(_, _, leaving), Some(held)) => {
                if let Some(vlans) = held.vlans_mut() {
                    *vlans = vlans.without(&leaving);
                }
            }
            (Change::RemoveAddress(_), Some(held)) => {
                if let Entry::IgmpQuerier { address, .. } = held {
                    *address = None;
                }
            }
            (Change::RemovePorts(_, leaving), Some(held)) => {
                let Some(ports) = held.ports_mut() else { return };
                ports.retain(|port| !leaving.contains(port));
                if ports.is_empty() {
                    self.remove(place);
                }
            }
            (Change::Remove(_), Some(_)) => self.remove(place),
            (
                Change::Remove(_)
                | Change::RemoveVlans(..)
                | Change::RemoveAddress(_)
                | Change::RemovePorts(..),
                None,
            ) => {}
        }
    }

    /// Where the entries of `kind` stand.
    fn of_kind(&self, kind: EntryKind) -> Range<usize> {
        self.begins[kind as usize] as usize..self.begins[kind as usize + 1] as usize
    }

    /// Where the entry under `key` stands, or would.
    fn place(&self, key: KeyRef<'_>) -> Result<usize, usize> {
        let range = self.of_kind(key.kind());
        let entries = &self.entries[range.clone()];
        let place = match entries.last().map(|last| last.key_ref().cmp(&key)) {
            None | Some(Ordering::Less) => Err(entries.len()),
            Some(Ordering::Equal) => Ok(entries.len() - 1),
            Some(Ordering::Greater) => entries.binary_search_by(|entry| entry.key_ref().cmp(&key)),
        };
        place.map(|at| range.start + at).map_err(|at| range.start + at)
    }

    fn remove(&mut self, place: Result<usize, usize>) {
        if let Ok(at) = place {
            let gone = self.entries.remove(at);
            self.begins[gone.kind() as usize + 1..].iter_mut().for_each(|begin| *begin -= 1);
        }
    }

    fn under(&self, key: KeyRef<'_>) -> Option<&Entry> {
        self.place(key).ok().map(|at| &self.entries[at])
    }

    /// The entries, in the order of their keys.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The entry under `key`.
    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.under(key.as_ref())
    }

    /// What the setting `kind` of `of` holds.
    pub fn setting(&self, kind: EntryKind, of: &Subject) -> Option<&Value> {
        match self.under(KeyRef::Setting { kind, of, item: None })? {
            Entry::Setting { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether a setting is on; `None` when the config does not say.
    pub fn flag(&self, kind: EntryKind, of: &Subject) -> Option<bool> {
        match self.setting(kind, of)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number a setting holds.
    pub fn number(&self, kind: EntryKind, of: &Subject) -> Option<u32> {
        match self.setting(kind, of)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The word a setting holds.
    pub fn word(&self, kind: EntryKind, of: &Subject) -> Option<&str> {
        match self.setting(kind, of)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The VLANs a setting holds.
    pub fn vlans(&self, kind: EntryKind, of: &Subject) -> Option<&VlanSet> {
        match self.setting(kind, of)? {
            Value::Vlans(vlans) => Some(vlans),
            _ => None,
        }
    }

    /// Every setting of `kind`: what it is about, and what it holds.
    pub fn settings(&self, kind: EntryKind) -> impl Iterator<Item = (&Subject, &Value)> {
        self.entries[self.of_kind(kind)].iter().filter_map(|entry| match entry {
            Entry::Setting { of, value, .. } => Some((of, value)),
            _ => None,
        })
    }

    /// Gives the static ARP entries that stand under an SVI the VRF of that SVI.
    pub fn settle_vrfs(&mut self) {
        let vrfs: BTreeMap<u16, String> = self
            .entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Setting { kind: EntryKind::Vrf, of: Subject::Svi(svi), value } => {
                    Some((*svi, value.to_string()))
                }
                _ => None,
            })
            .collect();
        for entry in &mut self.entries {
            if let Entry::StaticArp { vrf, svi: Some(svi), .. } = entry {
                *vrf = vrfs.get(svi).cloned();
            }
        }
    }

    /// Drops the entries for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&Entry) -> bool) {
        self.entries.retain(keep);
        self.begins = EntryKind::begins(self.entries.iter().map(Entry::kind));
    }
}

impl FromIterator<Entry> for State {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by(|a, b| a.key_ref().cmp(&b.key_ref()));
        let mut state = Self::new();
        entries.into_iter().for_each(|entry| state.apply(Change::Add(entry)));
        state
    }
}
