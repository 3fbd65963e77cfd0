//! Vendor packs: what a dialect writes, what its platforms can do, and how sure that is. A pack is data
//! (`vendors/<pack>.yaml`, `templates/<pack>/`); this room loads and checks it and answers questions about it.

mod bind;
mod clues;
mod layout;
mod pack;
mod pattern;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod registry;
mod types;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

pub use bind::{Bound, BoundSwitch, bind};
pub use clues::{Clues, Dialect};
pub use layout::{Layout, Passage, behind_words};
pub use pack::{CompiledLine, Effect, Pack, Platform, PlatformFacts, Templates, subject_names, value_names};
pub use pattern::{Captures, Pattern, PatternError, Words};
pub use types::{
    Acceptance, Advice, BlockStyle, Capabilities, DynamicArp, Evidence, ForeignFile, Implied, Lookup,
    MacNotation, PackFile, PortCount, QuerierAddress, RepeatedLine, SetChange, Statement, UnicastProvision,
    VlanScope,
};

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::yaml::{self, Decode, Decoder};

/// A pack as it is built into the program.
#[derive(Debug)]
struct EmbeddedPack {
    name: &'static str,
    yaml: &'static str,
    apply: Option<&'static str>,
    remove: Option<&'static str>,
    verify: Option<&'static str>,
}

static EMBEDDED: &[EmbeddedPack] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The dialects that no pack reads. One that gets a pack moves its `detect` there.
static FOREIGN: &str = include_str!("../../vendors/foreign.yaml");

/// The vendor packs at hand. A pack is read when it is first asked for.
#[derive(Debug)]
pub struct Packs {
    slots: Vec<OnceLock<Result<Arc<Pack>, PackError>>>,
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
        Self {
            slots: EMBEDDED.iter().map(|_| OnceLock::new()).collect(),
            names: OnceLock::new(),
            clues: OnceLock::new(),
        }
    }

    fn slot(&self, index: usize) -> Result<Arc<Pack>, PackError> {
        let load = || {
            let EmbeddedPack { name, yaml, apply, remove, verify } = EMBEDDED[index];
            Pack::read(name, yaml, Templates::from_parts(apply, remove, verify)).map(Arc::new)
        };
        self.slots[index].get_or_init(load).clone()
    }

    /// The pack called `name`, by its name or an alias, in any case.
    ///
    /// # Errors
    /// [`PackError`] when the pack is broken. `Ok(None)` when there is none of that name.
    pub fn get(&self, name: &str) -> Result<Option<Arc<Pack>>, PackError> {
        // A pack's own name is its file's name: no other pack needs to be read to find it.
        if let Some(index) = EMBEDDED.iter().position(|pack| pack.name.eq_ignore_ascii_case(name)) {
            return self.slot(index).map(Some);
        }
        let names = self.names.get_or_init(|| {
            let mut names = HashMap::new();
            for index in 0..EMBEDDED.len() {
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
        (0..EMBEDDED.len()).map(|index| self.slot(index)).collect()
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
                all.add(Dialect::Known(pack), clues);
            }
            add_foreign(FOREIGN, &mut all)?;
            Ok(all)
        };
        self.clues.get_or_init(gather).as_ref().map_err(Clone::clone)
    }

    /// Every name and alias, for suggestions.
    pub fn known_names(&self) -> Vec<String> {
        let aliases = self.all().unwrap_or_default();
        let mut names: Vec<String> = EMBEDDED.iter().map(|pack| pack.name.to_owned()).collect();
        names.extend(aliases.iter().flat_map(|pack| pack.aliases().to_vec()));
        names
    }
}

/// Adds the foreign dialects to `all`.
fn add_foreign(text: &str, all: &mut Clues) -> Result<(), PackError> {
    let (file, mut cx): (ForeignFile, _) = decode("foreign", text)?;
    for dialect in file.dialects {
        let read = clues::read_clues(&dialect.detect, &mut cx);
        all.add(Dialect::Foreign { name: dialect.name.to_string(), title: dialect.title.into() }, read);
    }
    match cx.problems.is_empty() {
        true => Ok(()),
        false => Err(PackError { name: "foreign".to_owned(), problems: cx.problems }),
    }
}

/// The text of `vendors/NAME.yaml`, decoded.
fn decode<T: Decode>(name: &str, text: &str) -> Result<(T, Decoder), PackError> {
    let mut sources = Sources::new();
    let file = sources.add(format!("vendors/{name}.yaml"), text);
    let mut cx = Decoder::default();
    let decoded = match yaml::parse(file, text, &mut cx.problems) {
        Ok(root) => T::decode(&root, &mut cx),
        Err(problem) => {
            cx.problems.push(*problem);
            None
        }
    };
    match decoded {
        Some(file) => Ok((file, cx)),
        None => Err(PackError { name: name.to_owned(), problems: cx.problems }),
    }
}
