//! What a run looked at.

use std::collections::BTreeSet;

use super::{Candidate, Estate, Inputs};
use crate::source::{FileId, Sources};

/// The names of what was looked at: what a suppression or a baseline says of anything else is another run's business.
#[derive(Debug, Default)]
pub struct Seen {
    /// The switches, of designs and of configs.
    pub switches: BTreeSet<String>,
    /// The clusters of designs.
    pub clusters: BTreeSet<String>,
    /// The files, as output shows them.
    pub files: BTreeSet<String>,
}

impl Seen {
    /// What is in `estate`, whose design was read from `files`.
    pub(super) fn of(estate: &Estate<'_>, files: &[FileId], sources: &Sources) -> Self {
        let design = estate.design();
        let stated = design.switches.iter().map(|switch| switch.name.to_string());
        let found = estate.configs.iter().map(|config| config.name.clone());
        let configs = estate.configs.iter().map(|config| config.file);
        let foreign = estate.foreign.iter().map(|foreign| foreign.span.file);
        let files = files.iter().copied().chain(configs).chain(foreign);
        Self {
            switches: stated.chain(found).collect(),
            clusters: design.clusters.iter().map(|cluster| cluster.name.to_string()).collect(),
            files: files.map(|file| sources.file(file).path().to_owned()).collect(),
        }
    }

    /// The configs among `inputs`. Most of them say nothing about NLB, and are not read further than that.
    pub(super) fn of_configs(inputs: &Inputs) -> Self {
        let foreign = inputs.foreign.iter().map(|foreign| foreign.shown.clone());
        Self {
            switches: inputs.configs.iter().map(Candidate::name).collect(),
            clusters: BTreeSet::new(),
            files: inputs.configs.iter().map(|config| config.shown.clone()).chain(foreign).collect(),
        }
    }

    /// Takes in what another run looked at.
    pub(super) fn absorb(&mut self, mut other: Self) {
        self.switches.append(&mut other.switches);
        self.clusters.append(&mut other.clusters);
        self.files.append(&mut other.files);
    }
}
