//! What the rules look at: a design, what it needs, and the configs it names.

use crate::config::Reading;
use crate::design::{Cluster, Design, Node, Switch};
use crate::entry::State;
use crate::plan::{ClusterPlan, DevicePlan, Plan};
use crate::source::{FileId, Span};
use crate::vendor::{Bound, PlatformFacts};

/// A running-config that a switch of the design names, read in the words of its pack.
#[derive(Debug)]
pub struct ConfigFile<'e> {
    /// The file.
    pub file: FileId,
    /// Its lines, understood.
    pub reading: Reading<'e>,
    /// What holds after the last line, beyond the platform's defaults.
    pub state: State,
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
    /// The config of each device, where one is named and was read. In the order of [`Plan::devices`].
    pub configs: Vec<Option<ConfigFile<'e>>>,
    /// The configs that could not be read.
    pub missing_configs: Vec<MissingConfig>,
    pub(super) planned: Vec<State>,
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
        self.configs[device].as_ref()
    }

    /// What a device holds: by its config where there is one, else by the plan.
    pub fn held(&self, device: usize) -> &State {
        self.config(device).map_or(&self.planned[device], |config| &config.state)
    }
}
