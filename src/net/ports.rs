//! Sets of ports, as entries hold them: nearly always two or three, so a sorted list takes a tenth of a tree's memory.

use std::ops::{BitOr, Deref};

use super::port::PortName;

/// A set of ports, in their order, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortSet {
    sorted: Vec<PortName>,
}

impl PortSet {
    /// No port.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `port` is in it.
    pub fn contains(&self, port: &PortName) -> bool {
        self.sorted.binary_search(port).is_ok()
    }

    /// Adds `port`; whether it is new.
    pub fn insert(&mut self, port: PortName) -> bool {
        match self.sorted.binary_search(&port) {
            Ok(_) => false,
            Err(at) => {
                self.sorted.insert(at, port);
                true
            }
        }
    }

    /// Moves the ports of `other` here.
    pub fn append(&mut self, other: &mut Self) {
        self.extend(std::mem::take(&mut other.sorted));
    }

    /// Keeps those that `wanted` is true of.
    pub fn retain(&mut self, wanted: impl FnMut(&PortName) -> bool) {
        self.sorted.retain(wanted);
    }

    /// Those that are not in `other`.
    pub fn difference<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = &'s PortName> {
        self.sorted.iter().filter(|port| !other.contains(port))
    }

    /// Those that are in `other` too.
    pub fn intersection<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = &'s PortName> {
        self.sorted.iter().filter(|port| other.contains(port))
    }

    /// Whether all of them are in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).next().is_none()
    }

    /// Whether none of them is in `other`.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).next().is_none()
    }
}

impl BitOr for &PortSet {
    type Output = PortSet;

    fn bitor(self, other: &PortSet) -> PortSet {
        self.iter().chain(other.iter()).cloned().collect()
    }
}

impl Deref for PortSet {
    type Target = [PortName];

    fn deref(&self) -> &[PortName] {
        &self.sorted
    }
}

impl Extend<PortName> for PortSet {
    fn extend<I: IntoIterator<Item = PortName>>(&mut self, ports: I) {
        self.sorted.extend(ports);
        self.sorted.sort_unstable();
        self.sorted.dedup();
    }
}

impl FromIterator<PortName> for PortSet {
    fn from_iter<I: IntoIterator<Item = PortName>>(ports: I) -> Self {
        let mut set = Self::new();
        set.extend(ports);
        set.sorted.shrink_to_fit();
        set
    }
}

impl<const N: usize> From<[PortName; N]> for PortSet {
    fn from(ports: [PortName; N]) -> Self {
        ports.into_iter().collect()
    }
}

impl IntoIterator for PortSet {
    type Item = PortName;
    type IntoIter = std::vec::IntoIter<PortName>;

    fn into_iter(self) -> Self::IntoIter {
        self.sorted.into_iter()
    }
}

impl<'s> IntoIterator for &'s PortSet {
    type Item = &'s PortName;
    type IntoIter = std::slice::Iter<'s, PortName>;

    fn into_iter(self) -> Self::IntoIter {
        self.sorted.iter()
    }
}
