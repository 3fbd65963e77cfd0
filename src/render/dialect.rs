//! The words of a pack, among the names that the config of one switch gives.

use super::ground::Ground;
use crate::config::{self, Reading, VlanNames};
use crate::vendor::{CompiledLine, ConfigForm, Pack, Pattern};

/// The words that lines for one switch are made of.
#[derive(Debug, Clone, Copy)]
pub struct Dialect<'d> {
    /// The pack.
    pub pack: &'d Pack,
    /// What the switch calls its VLANs.
    pub names: &'d VlanNames,
}

impl<'d> Dialect<'d> {
    /// Of a switch of which nothing more is known.
    pub fn of(pack: &'d Pack) -> Self {
        Ground::unknown().dialect(pack)
    }

    /// Reads lines of the switch.
    pub fn read(&self, text: &str) -> Reading<'d> {
        config::read_among(self.pack, text, self.names)
    }

    /// What lines call a VLAN; `None` where that takes a name and it has none.
    pub(super) fn vlan(&self, vlan: u16) -> Option<String> {
        match self.pack.names_alone {
            true => self.names.of_vlan(vlan).map(str::to_owned),
            false => Some(vlan.to_string()),
        }
    }

    /// What a line of this spelling calls the routed interface of a VLAN; `None` where it has no name, or one of a kind
    /// that is spelled otherwise: `irb` and `vlan` of Junos.
    pub(super) fn svi(&self, vlan: u16, spelling: &CompiledLine) -> Option<String> {
        if !self.pack.names_svis() {
            return self.vlan(vlan);
        }
        let (kind, own) = self.names.parts_of_svi(vlan)?;
        let kind = kind.trim_end_matches(|sign: char| !sign.is_alphanumeric());
        let spells = |pattern: &Pattern| {
            pattern.text().split(|sign: char| !sign.is_alphanumeric() && sign != '-').any(|word| word == kind)
        };
        let spelled = || self.pack.block(spelling).iter().chain([&spelling.pattern]).any(spells);
        (kind.is_empty() || spelled()).then(|| own.to_owned())
    }

    /// `line` as it is typed: a path of words is set, or deleted.
    pub(crate) fn typed(&self, line: String) -> String {
        match self.pack.layout.form {
            ConfigForm::Paths if !self.is_negated(&line) => format!("{SET} {line}"),
            _ => line,
        }
    }

    /// `line`, as it is typed, with the word that takes a line back, or without it where it has it.
    pub(crate) fn negated(&self, line: &str) -> String {
        if let Some(tables) = &self.pack.layout.tables
            && let Some(line) = tables.taken_back(line)
        {
            return line;
        }
        let paths = self.pack.layout.form == ConfigForm::Paths;
        let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match self.is_negated(line) {
            true if paths => format!("{SET} {}", rest.trim_start()),
            true => rest.trim_start().to_owned(),
            false if paths && first == SET => format!("{} {}", self.pack.negation, rest.trim_start()),
            false => format!("{} {line}", self.pack.negation),
        }
    }

    fn is_negated(&self, line: &str) -> bool {
        let first = line.split_whitespace().next();
        first.is_some_and(|first| first.eq_ignore_ascii_case(&self.pack.negation))
    }
}

/// The word before a path that holds from now on.
const SET: &str = "set";
