//! Which mode to choose: the design is planned, followed and judged with each mode in turn, on the switches that it has
//! and with what their configs say beside the cluster. Nothing here knows what is good for which vendor: the forwarding
//! model, the plan, the rules and the packs say it.

mod rank;
mod trial;

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::design::Loaded;
use crate::diagnostic::{Code, Severity};
use crate::lint::{self, Found, MissingConfig, Origin, OtherDialect};
use crate::nlb::Mode;
use crate::plan;
use crate::render::RenderError;
use crate::source::Sources;
use crate::vendor::{Evidence, PackError, Packs, Stated, bind};

/// Why modes could not be weighed.
#[derive(Debug, thiserror::Error)]
pub enum WeighError {
    /// A pack is broken.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A snippet could not be written.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// What came of weighing.
#[derive(Debug)]
pub struct Weighed {
    /// The modes for each cluster.
    pub choices: Vec<Choice>,
    /// The configs that the design names and nobody can read: without them its switches hold the planned entries only.
    pub missing_configs: Vec<MissingConfig>,
    /// The configs that seem to be of another dialect than the design says.
    pub other_dialects: Vec<OtherDialect>,
}

/// The modes for one cluster, the best first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Choice {
    /// The cluster.
    pub cluster: String,
    /// Its VLAN.
    pub vlan: u16,
    /// The mode that the design states.
    pub stated: Mode,
    /// The mode to choose; none where none works.
    pub recommended: Option<Mode>,
    /// The modes, the best first.
    pub modes: Vec<Trial>,
}

/// How a mode fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fares {
    /// Every node gets every frame, as far as somebody says.
    Works,
    /// The same, where nobody says what one of the switches does: the best that can be.
    WorksAsFarAsKnown,
    /// A node does not get a frame, or a rule says that it cannot work.
    Fails,
}

impl Fares {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::WorksAsFarAsKnown => "works as far as is known",
            Self::Fails => "does not work",
        }
    }
}

/// One mode, tried.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Trial {
    /// The mode.
    pub mode: Mode,
    /// How it fares.
    pub fares: Fares,
    /// The weakest of what says so: how frames are forwarded, and how the lines are written.
    pub evidence: Evidence,
    /// Why it does not work, or what is not known.
    pub reasons: Vec<String>,
    /// The frames, and who gets them.
    pub frames: Vec<Fate>,
    /// Where it floods.
    pub floods: Vec<Flood>,
    /// What each switch needs.
    pub switches: Vec<Work>,
    /// What the rules say of the design in this mode: the hosts' side too.
    pub findings: Vec<Remark>,
}

/// What becomes of one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fate {
    /// Where it comes from.
    pub from: String,
    /// How it fares.
    pub verdict: &'static str,
    /// The nodes that do not get it.
    pub missed: Vec<String>,
    /// How sure that is.
    pub evidence: Evidence,
}

/// A switch that floods the cluster's frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Flood {
    /// The switch.
    pub switch: String,
    /// Why.
    pub why: String,
    /// How many ports without a node are known to get them.
    pub bystanders: usize,
    /// How sure that is.
    pub evidence: Evidence,
}

/// What one switch needs for a mode.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Work {
    /// The switch.
    pub switch: String,
    /// Its pack.
    pub vendor: String,
    /// Its platform, where the design states a known one.
    pub platform: Option<String>,
    /// The entries, in words.
    pub entries: Vec<String>,
    /// How many command lines set them.
    pub lines: usize,
    /// How many of these nobody has shown to work.
    pub unverified_lines: usize,
    /// What it should hold and cannot, and why.
    pub left_out: Vec<String>,
    /// What holds for its platform that decides about this mode.
    pub facts: Vec<Fact>,
}

/// Something that holds for a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fact {
    /// The key by which packs state it.
    pub key: &'static str,
    /// What holds.
    pub value: String,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<String>,
    /// The releases for which it holds, as `from release 10.4.3.0 on`; all when `None`.
    pub releases: Option<String>,
}

impl Fact {
    /// What holds, and for which releases, where it does for some alone.
    pub fn holds(&self) -> String {
        let releases = self.releases.as_ref().map(|releases| format!(" {releases}")).unwrap_or_default();
        format!("{}{releases}", self.value)
    }
}

impl From<Stated<'_>> for Fact {
    fn from(stated: Stated<'_>) -> Self {
        Self {
            key: stated.key,
            value: stated.value,
            evidence: stated.evidence,
            source: stated.source.map(str::to_owned),
            releases: stated.releases,
        }
    }
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Remark {
    /// The rule.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Weighs the modes for these clusters of a design, by their positions. `found` are the configs beside it: what they hold
/// that is not about a cluster of the design counts, and the entries of each mode are taken for set.
///
/// # Errors
/// [`WeighError`] when a pack is broken. The design has no mistakes.
pub fn weigh(
    loaded: &Loaded,
    clusters: &[usize],
    found: &Found,
    packs: &Packs,
    working_directory: &std::path::Path,
    sources: &mut Sources,
) -> Result<Weighed, WeighError> {
    let mut trials: Vec<Vec<Trial>> = clusters.iter().map(|_| Vec::new()).collect();
    let bound = bind(&loaded.design, packs, &mut Vec::new())?;
    let origin = Origin { files: &loaded.files, base: &loaded.base, working_directory };
    let (mut given, missing_configs) = lint::named_configs(&bound, &plan::plan(&bound), origin, sources);
    let named: HashSet<Option<usize>> = given.iter().map(|given| given.switch).collect();
    given.extend(found.given.iter().filter(|given| !named.contains(&given.switch)).cloned());
    let of_design = given.iter().filter_map(|given| Some((given.file, given.switch?))).collect();
    let other_dialects = lint::other_dialects(of_design, &bound, sources);
    let found = Found { given, ..found.clone() };
    for mode in Mode::ALL {
        let tried = trial::try_mode(mode, &loaded.design, clusters, &found, packs, origin, sources)?;
        for (all, trial) in trials.iter_mut().zip(tried) {
            all.push(trial);
        }
    }
    let choice = |(position, mut modes): (&usize, Vec<Trial>)| {
        let cluster = &loaded.design.clusters[*position];
        modes.sort_by_key(rank::cost);
        Choice {
            cluster: cluster.name.to_string(),
            vlan: cluster.vlan.value.get(),
            stated: cluster.mode.value,
            recommended: modes.first().filter(|best| best.fares != Fares::Fails).map(|best| best.mode),
            modes,
        }
    };
    let choices = clusters.iter().zip(trials).map(choice).collect();
    Ok(Weighed { choices, missing_configs, other_dialects })
}
