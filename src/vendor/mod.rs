//! Vendor packs: what a dialect writes, what its platforms can do, and how sure that is. A pack is data
//! (`vendors/<pack>.yaml`, `templates/<pack>/`); this room loads and checks it and answers questions about it.

mod bind;
mod clues;
mod dispatch;
mod facts;
mod first_octets;
mod layout;
mod model;
mod own;
mod pack;
mod pattern;
mod prerequisite;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod registry;
mod types;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

pub use bind::{Bound, BoundSwitch, bind};
pub use clues::{Clues, Dialect};
pub use facts::{Gate, PlatformFacts, Stated};
pub use first_octets::FirstOctets;
pub use layout::{Layout, Passage, TableWord, TableWords, behind_words};
pub use model::{Model, Release};
pub use own::{Own, OwnPack, clashes, read_own};
pub use pack::{
    CompiledLine, Effect, Pack, Platform, Refusal, Templates, VlanNaming, subject_names, value_names,
};
pub use pattern::{Captures, Pattern, PatternError, Words};
pub use prerequisite::Prerequisite;
pub use types::{
    Acceptance, Advice, BlockStyle, Capabilities, ConfigForm, DynamicArp, Evidence, ForeignFile, Implied,
    Lookup, MacClass, MacNotation, Modes, NameOf, PackFile, PortCount, QuerierAddress, RepeatedLine,
    SetChange, Statement, UnicastProvision, VlanScope, WithQuerier,
};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};
use crate::yaml::{self, Decode, Decoder};

/// A YAML file as it is built into the program, with the events that the build parsed it to.
#[derive(Debug, Clone, Copy)]
struct EmbeddedYaml {
    text: &'static str,
    tape: &'static [u8],
}

/// A pack as it is built into the program.
#[derive(Debug)]
struct EmbeddedPack {
    name: &'static str,
    yaml: EmbeddedYaml,
    apply: Option<&'static str>,
    remove: Option<&'static str>,
    verify: Option<&'static str>,
}

static EMBEDDED: &[EmbeddedPack] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The dialects that no pack reads. One that gets a pack moves its `detect` there.
static FOREIGN: EmbeddedYaml = include!(concat!(env!("OUT_DIR"), "/foreign.rs"));

/// Where a pack comes from.
#[derive(Debug)]
enum Origin {
    /// It comes with the program, and is read when it is first asked for.
    Embedded(&'static EmbeddedPack, OnceLock<Result<Arc<Pack>, PackError>>),
    /// It is the user's own.
    Own(OwnPack),
}

impl Origin {
    fn name(&self) -> &str {
        match self {
            Self::Embedded(pack, _) => pack.name,
            Self::Own(own) => own.pack.name(),
        }
    }
}

/// The vendor packs at hand, by name.
#[derive(Debug)]
pub struct Packs {
    slots: Vec<Origin>,
    names: OnceLock<HashMap<String, usize>>,
    clues: OnceLock<Result<Clues, PackError>>,
}

/// A pack that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the vendor pack `{name}` is broken: {}", problems.first().map_or("", |problem| problem.message.as_str()))]
pub struct PackError {
    /// The pack's name.
    pub name: String,
    /// What is wrong in it.
    pub problems: Vec<Diagnostic>,
}

impl Default for Packs {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Packs {
    /// The packs that come with the program.
    pub fn embedded() -> Self {
        Self::of(EMBEDDED.iter().map(|pack| Origin::Embedded(pack, OnceLock::new())).collect())
    }

    fn of(slots: Vec<Origin>) -> Self {
        Self { slots, names: OnceLock::new(), clues: OnceLock::new() }
    }

    /// Those of these packs that are called so, by their own names.
    pub fn only(mut self, names: &[&str]) -> Self {
        self.slots.retain(|slot| names.contains(&slot.name()));
        Self::of(self.slots)
    }

    /// These packs with those of the user's own beside them, or in place of those of their names. Gives the names of
    /// the packs that were replaced, too.
    pub fn with_own(self, own: Vec<OwnPack>) -> (Self, Vec<String>) {
        let mut slots = self.slots;
        let mut replaced = Vec::new();
        for pack in own {
            let before = slots.len();
            slots.retain(|slot| slot.name() != pack.pack.name());
            if slots.len() < before {
                replaced.push(pack.pack.name().to_owned());
            }
            slots.push(Origin::Own(pack));
        }
        slots.sort_by(|one, other| one.name().cmp(other.name()));
        (Self::of(slots), replaced)
    }

    fn slot(&self, index: usize) -> Result<Arc<Pack>, PackError> {
        match &self.slots[index] {
            Origin::Own(own) => Ok(Arc::clone(&own.pack)),
            Origin::Embedded(EmbeddedPack { name, yaml, apply, remove, verify }, ready) => {
                let load = || {
                    let decoded = yaml.decode(name)?;
                    Pack::check(name, decoded, Templates::from_parts(*apply, *remove, *verify)).map(Arc::new)
                };
                ready.get_or_init(load).clone()
            }
        }
    }

    /// The pack called `name`, by its name or an alias, in any case.
    ///
    /// # Errors
    /// [`PackError`] when the pack is broken. `Ok(None)` when there is none of that name.
    pub fn get(&self, name: &str) -> Result<Option<Arc<Pack>>, PackError> {
        // A pack's own name is its file's name: no other pack needs to be read to find it.
        if let Some(index) = self.slots.iter().position(|slot| slot.name().eq_ignore_ascii_case(name)) {
            return self.slot(index).map(Some);
        }
        let names = self.names.get_or_init(|| {
            let mut names = HashMap::new();
            for index in 0..self.slots.len() {
                if let Ok(pack) = self.slot(index) {
                    names.extend(pack.aliases().iter().map(|alias| (alias.to_lowercase(), index)));
                }
            }
            names
        });
        names.get(&name.to_lowercase()).map(|index| self.slot(*index)).transpose()
    }

    /// Every pack, by name.
    ///
    /// # Errors
    /// [`PackError`] of the first broken one.
    pub fn all(&self) -> Result<Vec<Arc<Pack>>, PackError> {
        (0..self.slots.len()).map(|index| self.slot(index)).collect()
    }

    /// Everything that the pack of this name is made of: its YAML, then its templates. `None` when there is none.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        Some(match self.slots.iter().find(|slot| slot.name() == name)? {
            Origin::Own(own) => own.texts.iter().map(String::as_str).collect(),
            Origin::Embedded(pack, _) => {
                let templates = [pack.apply, pack.remove, pack.verify].into_iter().flatten();
                std::iter::once(pack.yaml.text).chain(templates).collect()
            }
        })
    }

    /// What tells the dialects apart: those of every pack, and the foreign ones.
    ///
    /// # Errors
    /// [`PackError`] of the first broken pack, or of the file of foreign dialects.
    pub fn clues(&self) -> Result<&Clues, PackError> {
        let gather = || {
            let mut all = Clues::default();
            for pack in self.all()? {
                let clues = pack.clues.clone();
                // Facts alone, without lines: `foreign.yaml` may know the dialect, and nothing reads it.
                if !clues.is_empty() {
                    all.add(Dialect::Known(pack), clues);
                }
            }
            add_foreign(FOREIGN, &mut all)?;
            Ok(all)
        };
        self.clues.get_or_init(gather).as_ref().map_err(Clone::clone)
    }

    /// Every name and alias, for suggestions.
    pub fn known_names(&self) -> Vec<String> {
        let aliases = self.all().unwrap_or_default();
        let mut names: Vec<String> = self.slots.iter().map(|slot| slot.name().to_owned()).collect();
        names.extend(aliases.iter().flat_map(|pack| pack.aliases().to_vec()));
        names
    }
}

/// Adds the foreign dialects to `all`.
fn add_foreign(yaml: EmbeddedYaml, all: &mut Clues) -> Result<(), PackError> {
    let (file, mut cx): (ForeignFile, _) = yaml.decode("foreign")?;
    for dialect in file.dialects {
        let read = clues::read_clues(&dialect.detect, &mut cx);
        all.add(Dialect::Foreign { name: dialect.name.to_string(), title: dialect.title.into() }, read);
    }
    match cx.problems.is_empty() {
        true => Ok(()),
        false => Err(PackError { name: "foreign".to_owned(), problems: cx.problems }),
    }
}

impl EmbeddedYaml {
    /// The text of `vendors/NAME.yaml`, decoded.
    fn decode<T: Decode>(self, name: &str) -> Result<(T, Decoder), PackError> {
        let file = named(name, self.text);
        let mut cx = Decoder::default();
        match yaml::replay(file, self.text, self.tape, &mut cx.problems) {
            Some(root) => decoded(name, T::decode(&root, &mut cx), cx),
            None => decode(name, self.text),
        }
    }
}

/// A pack's text, decoded.
fn decode<T: Decode>(name: &str, text: &str) -> Result<(T, Decoder), PackError> {
    let mut cx = Decoder::default();
    let file = match yaml::parse(named(name, text), text, &mut cx.problems) {
        Ok(root) => T::decode(&root, &mut cx),
        Err(problem) => {
            cx.problems.push(*problem);
            None
        }
    };
    decoded(name, file, cx)
}

fn named(name: &str, text: &str) -> FileId {
    Sources::new().add(format!("vendors/{name}.yaml"), text)
}

fn decoded<T>(name: &str, file: Option<T>, cx: Decoder) -> Result<(T, Decoder), PackError> {
    match file {
        Some(file) => Ok((file, cx)),
        None => Err(PackError { name: name.to_owned(), problems: cx.problems }),
    }
}
