//! What the rules look at: a design, what it needs, and the configs of its switches and of others.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use macaddr::MacAddr6;
use rayon::prelude::*;

use super::cluster_mac::{self, Misfit};
use super::membership::{self, Place};
use super::sightings::{self, Sighting};
use super::static_arp::{self, Gap};
use super::subnets::Subnets;
use crate::config::Reading;
use crate::design::{Cluster, Design, Node, Switch};
use crate::entry::{Entry, EntryKind, State, Subject};
use crate::forwarding::{Answer, Fabric, Held, Lines, Question, WhatIfKind};
use crate::plan::{ClusterPlan, DevicePlan, Plan};
use crate::render::{Dialect, Ground, Known, Target};
use crate::source::{FileId, Span};
use crate::vendor::{Bound, Evidence, Model, Pack, PlatformFacts};

/// A running-config, read in the words of its pack.
#[derive(Debug)]
pub struct ConfigFile<'e> {
    /// The file.
    pub file: FileId,
    /// The pack of its dialect.
    pub pack: &'e Arc<Pack>,
    /// What the design says it is, and the config where the design is silent.
    pub model: Model,
    /// The device of the plan whose config it is; `None` when no design speaks of it.
    pub device: Option<usize>,
    /// What the switch is called: by the design, else by the config itself, else by the file.
    pub name: String,
    /// Its lines, understood.
    pub reading: Reading<'e>,
    /// What holds after the last line, beyond the platform's defaults.
    pub state: State,
    /// The first line that the platform which the design states does not take, and how sure that is.
    pub refused: Option<(Range<usize>, Evidence)>,
}

impl<'e> ConfigFile<'e> {
    /// Reads `text`, which stands in `file`, in the words of `pack`.
    pub fn read(file: FileId, text: &str, pack: &'e Arc<Pack>, model: Model, name: &str) -> Self {
        let reading = crate::config::read(pack, text);
        // What a config tells of itself it does not contradict.
        let refused = model.platform.and_then(|platform| crate::config::refused(pack, platform, text));
        let model = model.or(|| crate::config::model_told(pack, &reading));
        let state = reading.state(&pack.facts(model));
        Self { file, pack, model, device: None, name: name.to_owned(), reading, state, refused }
    }

    /// The words that lines for its switch are made of.
    pub fn dialect(&self) -> Dialect<'_> {
        self.ground().dialect(self.pack)
    }

    /// Its switch, as lines are for it.
    pub fn target(&self) -> Target<'_> {
        Target { name: &self.name, model: self.model, ground: self.ground() }
    }

    fn ground(&self) -> Ground<'_> {
        Ground { names: &self.reading.names, state: &self.state }
    }

    /// What its platform can do.
    pub fn facts(&self) -> PlatformFacts<'e> {
        self.pack.facts(self.model)
    }

    /// The name of its platform, where that is known.
    pub fn platform_name(&self) -> Option<&'e str> {
        self.model.platform.map(|platform| self.pack.platforms[platform].name.as_str())
    }

    /// Whether its pack reads lines about `kind`: else nobody can say that one is missing.
    pub fn shows(&self, kind: EntryKind) -> bool {
        self.held().shows(kind)
    }

    /// What the switch holds, for the questions that a planned switch is asked too.
    pub fn held(&self) -> Held<'_> {
        let config = Some(Lines { file: self.file, reading: &self.reading });
        Held { state: &self.state, pack: self.pack, model: self.model, config, design: None }
    }

    /// The line that states `entry`, the last one where several do.
    pub fn span_of(&self, entry: &Entry) -> Option<Span> {
        self.held().span_of(entry)
    }

    /// The line that states the setting `kind` of `of`.
    pub fn span_of_setting(&self, kind: EntryKind, of: &Subject) -> Option<Span> {
        self.held().span_of_setting(kind, of)
    }
}

/// A file that looks like a switch config and that no pack reads.
#[derive(Debug, Clone)]
pub struct ForeignConfig {
    /// Its first line.
    pub span: Span,
    /// What it looks like.
    pub title: String,
}

/// A config of a switch of the design that seems to be of another dialect than the design says.
#[derive(Debug)]
pub struct OtherDialect {
    /// The switch, by its position in the design.
    pub switch: usize,
    /// Its first line.
    pub span: Span,
    /// What it looks like.
    pub title: String,
}

/// A name that several configs claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The name.
    pub name: String,
    /// Where each of them claims it, in the order of the files.
    pub places: Vec<Span>,
}

/// A `config` path that leads to no file.
#[derive(Debug)]
pub struct MissingConfig {
    /// The switch, by its position in the design.
    pub switch: usize,
    /// Where the path stands.
    pub span: Span,
    /// Why there is none.
    pub why: String,
}

/// Everything the rules judge.
#[derive(Debug)]
pub struct Estate<'e> {
    /// The design, its switches with their packs.
    pub bound: &'e Bound<'e>,
    /// What every device needs.
    pub plan: &'e Plan<'e>,
    /// The configs that were read: those of the design's devices, and others that show an NLB cluster.
    pub configs: Vec<ConfigFile<'e>>,
    /// The files that look like configs and that nobody could read.
    pub foreign: Vec<ForeignConfig>,
    /// The names that several configs claim.
    pub claims: Vec<Claim>,
    /// The configs that could not be read.
    pub missing_configs: Vec<MissingConfig>,
    /// The configs that seem to be of another dialect than they are read in.
    pub other_dialects: Vec<OtherDialect>,
    /// The MACs of the clusters of all designs of the run, this one's included.
    pub known: Arc<HashSet<MacAddr6>>,
    pub(super) planned: Vec<State>,
    pub(super) of_device: Vec<Option<usize>>,
    pub(super) once: Once,
}

/// What several rules ask for, worked out when the first of them does.
#[derive(Debug, Default)]
pub(super) struct Once {
    sightings: OnceLock<Vec<Sighting>>,
    misfits: OnceLock<Vec<Misfit>>,
    gaps: OnceLock<Vec<Gap>>,
    subnets: OnceLock<Subnets>,
    places: OnceLock<Vec<Place>>,
    answers: OnceLock<Vec<Answer>>,
}

/// What the rules ask of the frames. That a link may go down, or a querier fall silent, is no fault.
fn question() -> Question {
    Question { what_ifs: [WhatIfKind::Migration, WhatIfKind::Failover].into(), ..Question::default() }
}

/// A cluster with what the plan found out about it.
#[derive(Debug, Clone, Copy)]
pub struct ClusterView<'e> {
    /// Its position in the design.
    pub index: usize,
    /// The cluster.
    pub cluster: &'e Cluster,
    /// Its surroundings.
    pub plan: &'e ClusterPlan,
}

impl<'e> Estate<'e> {
    /// The design.
    pub fn design(&self) -> &'e Design {
        self.bound.design
    }

    /// Every cluster with its surroundings.
    pub fn clusters(&self) -> impl Iterator<Item = ClusterView<'e>> {
        let plans = self.plan.clusters.iter();
        let pairs = self.bound.design.clusters.iter().zip(plans).enumerate();
        pairs.map(|(index, (cluster, plan))| ClusterView { index, cluster, plan })
    }

    /// Every node with its cluster.
    pub fn nodes(&self) -> impl Iterator<Item = (&'e Cluster, &'e Node)> {
        self.bound
            .design
            .clusters
            .iter()
            .flat_map(|cluster| cluster.nodes.iter().map(move |node| (cluster, node)))
    }

    /// The device with this number.
    pub fn device(&self, device: usize) -> &'e DevicePlan {
        &self.plan.devices[device]
    }

    /// The first switch of a device: what findings about the device point at.
    pub fn switch_of(&self, device: usize) -> &'e Switch {
        &self.bound.design.switches[self.plan.devices[device].members[0]]
    }

    /// The VRF in which a device routes `cluster`, where the design names one.
    pub fn vrf_on(&self, device: usize, cluster: &'e Cluster) -> Option<&'e str> {
        self.design().vrf_on(&self.device(device).members, cluster).map(|vrf| &**vrf)
    }

    /// What the platform of a device can do.
    pub fn facts(&self, device: usize) -> PlatformFacts<'e> {
        self.plan.devices[device].facts()
    }

    /// The config of a device, where the design names one and it was read.
    pub fn config(&self, device: usize) -> Option<&ConfigFile<'e>> {
        self.of_device[device].map(|config| &self.configs[config])
    }

    /// What the configs tell of the devices whose packs need to know, by the devices' names.
    pub fn known(&self) -> BTreeMap<String, Known> {
        let devices = self.plan.devices.iter().enumerate().filter(|(_, device)| device.pack.needs_ground());
        let known = devices.filter_map(|(number, device)| {
            let config = self.config(number)?;
            let known = Known::of(config.reading.names.clone(), config.state.clone());
            Some((device.name.clone(), known))
        });
        known.collect()
    }

    /// The NLB clusters that configs show, with or without a design.
    pub fn sightings(&self) -> &[Sighting] {
        self.once.sightings.get_or_init(|| sightings::sight(&self.configs, &self.bound.design.clusters))
    }

    /// The MACs that do not belong to their clusters.
    pub(super) fn misfits(&self) -> &[Misfit] {
        self.once.misfits.get_or_init(|| cluster_mac::misfits(self))
    }

    /// The static ARP entries that gateways of the design lack.
    pub(super) fn gaps(&self) -> &[Gap] {
        self.once.gaps.get_or_init(|| static_arp::gaps(self))
    }

    /// Where the frames of each cluster go: as things are, after each move of a node, and after each failover. None where
    /// there is no config: what the plan cannot confine other rules say.
    pub fn answers(&self) -> &[Answer] {
        // Not in parallel: a thread that waits for others takes up another rule, which would wait for this here.
        self.once.answers.get_or_init(|| {
            self.follow(|fabric, clusters| {
                clusters.map(|cluster| fabric.traces(cluster, &question())).collect()
            })
        })
    }

    /// Works out [`Estate::answers`] on all threads, before rules ask for it.
    pub(super) fn follow_frames(&self) {
        let answers = self.follow(|fabric, clusters| {
            clusters.into_par_iter().map(|cluster| fabric.traces(cluster, &question())).collect()
        });
        let _ = self.once.answers.set(answers); // somebody was faster, with the same answers
    }

    /// The answers that `each` finds for all clusters; none where no device has a config, and then no fabric is made.
    fn follow(&self, each: impl Fn(&Fabric<'_>, Range<usize>) -> Vec<Answer>) -> Vec<Answer> {
        match self.of_device.iter().any(Option::is_some) {
            true => each(&self.fabric(), 0..self.design().clusters.len()),
            false => Vec::new(),
        }
    }

    /// The clusters in the VLANs of the configs.
    pub(super) fn places(&self) -> &[Place] {
        self.once.places.get_or_init(|| membership::places(self))
    }

    /// The subnets that the configs serve.
    pub(super) fn subnets(&self) -> &Subnets {
        self.once.subnets.get_or_init(|| Subnets::new(self))
    }

    /// The switches with what they hold, for what becomes of frames.
    pub fn fabric(&self) -> Fabric<'_> {
        let held = self.plan.devices.iter().enumerate().map(|(number, device)| {
            let design = Some(super::words::platform_span(self, number));
            match self.config(number) {
                Some(config) => Held { design, ..config.held() },
                None => Held {
                    state: &self.planned[number],
                    pack: &device.pack,
                    model: device.model,
                    config: None,
                    design,
                },
            }
        });
        Fabric::new(self.bound, self.plan, held)
    }

    /// What a device holds: by its config where there is one, else by the plan.
    pub fn held(&self, device: usize) -> &State {
        self.config(device).map_or(&self.planned[device], |config| &config.state)
    }
}
