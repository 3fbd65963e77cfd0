//! The configs of a run, and whose they are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::estate::{Claim, ForeignConfig};
use super::inputs::{Candidate, Foreign, Unreadable};
use super::run::{Given, Strangers};
use crate::config::{Glancer, Network, Owners};
use crate::source::{FileId, Sources, Span, shown_path, system_reason};
use crate::vendor::Bound;

/// The configs that were found, and what has become of them.
#[derive(Debug, Default)]
pub(super) struct Configs {
    candidates: Vec<Candidate>,
    foreign: Vec<Foreign>,
    /// Whether a design speaks of it.
    taken: Vec<bool>,
    files: HashMap<usize, FileId>,
}

impl Configs {
    pub(super) fn new(candidates: Vec<Candidate>, foreign: Vec<Foreign>) -> Self {
        Self { taken: vec![false; candidates.len()], candidates, foreign, files: HashMap::new() }
    }

    /// What looks like a config and what neither a pack nor a design tells the dialect of.
    pub(super) fn foreign(&mut self, sources: &mut Sources) -> Vec<ForeignConfig> {
        let shown = |foreign: Foreign| {
            let length = foreign.first_line.len();
            let file = sources.add_config(foreign.shown, foreign.first_line);
            ForeignConfig { span: Span::new(file, 0..length), title: foreign.title }
        };
        std::mem::take(&mut self.foreign).into_iter().map(shown).collect()
    }

    /// The configs, and what is none.
    pub(super) fn into_parts(self) -> (Vec<Candidate>, Vec<Foreign>) {
        (self.candidates, self.foreign)
    }

    /// Takes in the configs that the switches of a design name, and gives those that are here the dialect that the
    /// design says.
    pub(super) fn take_named(&mut self, bound: &Bound<'_>, base: &Path, working_directory: &Path) {
        for (switch, bound) in bound.design.switches.iter().zip(&bound.switches) {
            let (Some(config), Some(pack)) = (&switch.config, &bound.pack) else { continue };
            let path = base.join(config.as_str());
            let Ok(real) = std::fs::canonicalize(&path) else { continue }; // a finding of `lint` (NLB904)
            let is_it = |other: &Path| std::fs::canonicalize(other).is_ok_and(|other| other == real);
            self.foreign.retain(|foreign| !is_it(&foreign.path));
            match self.candidates.iter_mut().find(|candidate| is_it(&candidate.path)) {
                Some(candidate) => candidate.pack = pack.clone(),
                None => {
                    let shown = shown_path(&path, working_directory);
                    let named =
                        Foreign { path, shown, first_line: String::new(), title: String::new(), text: None };
                    self.candidates.push(Candidate::of_dialect(named, pack.clone()));
                    self.taken.push(true);
                }
            }
        }
        self.give_dialects(bound, &Owners::of(bound.design), &|_| false);
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.candidates.len()
    }

    /// Those that are of no switch of a design that was asked about.
    pub(super) fn strangers(self) -> Strangers {
        Strangers { configs: self.taken.iter().filter(|taken| !**taken).count(), foreign: self.foreign }
    }

    /// The configs of the switches of `design`, but those that it names itself: these it reads. They are in the dialects
    /// that it says, as its platforms are.
    pub(super) fn of(
        &mut self,
        bound: &Bound<'_>,
        base: &Path,
        sources: &mut Sources,
        unreadable: &mut Vec<Unreadable>,
    ) -> Vec<Given> {
        let design = bound.design;
        let named = design.switches.iter().filter_map(|switch| switch.config.as_ref());
        let named: Vec<PathBuf> =
            named.filter_map(|path| std::fs::canonicalize(base.join(path.as_str())).ok()).collect();
        let owners = Owners::of(design);
        let is_named = |path: &Path| {
            !named.is_empty() && std::fs::canonicalize(path).is_ok_and(|path| named.contains(&path))
        };
        self.give_dialects(bound, &owners, &is_named);
        let mut given = Vec::new();
        for index in 0..self.candidates.len() {
            let candidate = &self.candidates[index];
            if is_named(&candidate.path) {
                self.taken[index] = true;
                continue;
            }
            if let Some(switch) = owners.owner(candidate.hostname.as_deref(), &candidate.path) {
                self.taken[index] = true;
                if let Some(pack) = &bound.switches[switch].pack {
                    self.candidates[index].pack = Arc::clone(pack);
                }
                given.extend(self.give(index, Some(switch), sources, unreadable));
            }
        }
        given
    }

    /// Too short to tell its dialect by itself: the design does, where a config's name is that of a switch.
    fn give_dialects(&mut self, bound: &Bound<'_>, owners: &Owners, is_named: &dyn Fn(&Path) -> bool) {
        for foreign in std::mem::take(&mut self.foreign) {
            let pack =
                owners.owner(None, &foreign.path).and_then(|switch| bound.switches[switch].pack.clone());
            match pack {
                _ if is_named(&foreign.path) => {}
                Some(pack) => {
                    self.candidates.push(Candidate::of_dialect(foreign, pack));
                    self.taken.push(false);
                }
                None => self.foreign.push(foreign),
            }
        }
    }

    /// The configs that no design speaks of and that may show a cluster, and those that may serve its subnet with others: a
    /// gateway without a line about it may be the partner of one that has them.
    pub(super) fn left(&mut self, sources: &mut Sources, unreadable: &mut Vec<Unreadable>) -> Vec<Given> {
        let left = (0..self.candidates.len()).filter(|index| !self.taken[*index]);
        let (mut left, silent): (Vec<usize>, Vec<usize>) =
            left.partition(|index| self.candidates[*index].may_speak_of_nlb);
        if !silent.is_empty() {
            let watched = self.networks_of_clusters(&left, sources, unreadable);
            let may_serve = |index: &usize| {
                watched.iter().any(|network| self.candidates[*index].networks.may_hold(*network))
            };
            left.extend(silent.into_iter().filter(may_serve));
            left.sort_unstable();
        }
        left.into_iter().filter_map(|index| self.give(index, None, sources, unreadable)).collect()
    }

    /// The subnets of the interfaces of these configs that hold the VIP of a cluster.
    fn networks_of_clusters(
        &mut self,
        indices: &[usize],
        sources: &mut Sources,
        unreadable: &mut Vec<Unreadable>,
    ) -> HashSet<Network> {
        let mut glancers: HashMap<String, Glancer> = HashMap::new();
        let mut watched = HashSet::new();
        for index in indices {
            let Some(file) = self.file(*index, sources, unreadable) else { continue };
            let pack = &self.candidates[*index].pack;
            let glancer = glancers.entry(pack.name().to_owned()).or_insert_with(|| Glancer::of_one(pack));
            watched.extend(glancer.networks_of_clusters(sources.file(file).text()));
        }
        watched
    }

    /// The names that several configs give themselves.
    pub(super) fn claims(&mut self, sources: &mut Sources, unreadable: &mut Vec<Unreadable>) -> Vec<Claim> {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, candidate) in self.candidates.iter().enumerate() {
            if let Some(hostname) = &candidate.hostname {
                by_name.entry(hostname.to_lowercase()).or_default().push(index);
            }
        }
        let mut claims = Vec::new();
        for indices in by_name.into_values().filter(|indices| indices.len() > 1) {
            let name = self.candidates[indices[0]].hostname.clone().unwrap_or_default();
            let places = indices.into_iter().filter_map(|index| {
                let file = self.file(index, sources, unreadable)?;
                let glancer = Glancer::of_one(&self.candidates[index].pack);
                let place = glancer.glance(sources.file(file).text()).hostname?;
                Some(Span::new(file, place))
            });
            claims.push(Claim { name, places: places.collect() });
        }
        claims
    }

    fn give(
        &mut self,
        index: usize,
        switch: Option<usize>,
        sources: &mut Sources,
        unreadable: &mut Vec<Unreadable>,
    ) -> Option<Given> {
        let file = self.file(index, sources, unreadable)?;
        let candidate = &self.candidates[index];
        Some(Given { file, pack: candidate.pack.clone(), switch, name: candidate.name() })
    }

    /// The file among `sources`, read when it was not yet.
    fn file(
        &mut self,
        index: usize,
        sources: &mut Sources,
        unreadable: &mut Vec<Unreadable>,
    ) -> Option<FileId> {
        if let Some(file) = self.files.get(&index) {
            return Some(*file);
        }
        let candidate = &mut self.candidates[index];
        match candidate.take_text() {
            Ok(text) => {
                let file = sources.add_config(candidate.shown.clone(), text);
                self.files.insert(index, file);
                Some(file)
            }
            Err(error) => {
                let path = candidate.shown.clone();
                unreadable.push(Unreadable::new(path, &system_reason(&error)));
                None
            }
        }
    }
}
