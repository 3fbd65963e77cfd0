//! A design file to its findings.

use std::path::Path;

use rayon::prelude::*;

use super::estate::MissingConfig;
use super::{ConfigFile, Estate, Findings, Rule, rules, suppress};
use crate::config;
use crate::design::{self, LoadError, Loaded};
use crate::diagnostic::Diagnostic;
use crate::plan::{self, Plan};
use crate::source::{FileId, Sources, decode_config, read_plain, shown_path, system_reason};
use crate::vendor::{Bound, PackError, Packs, bind};

/// Why there are no findings to show, not even none.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The design could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A pack is broken.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// What was judged, and what was found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, in their order for output.
    pub findings: Vec<Diagnostic>,
    /// How many designs were read.
    pub designs: usize,
    /// How many configs were read.
    pub configs: usize,
    /// How many findings comments in the design suppressed.
    pub suppressed: usize,
}

/// Where a design came from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// Its files: their comments may suppress findings.
    pub files: &'o [FileId],
    /// The directory its paths are seen from.
    pub base: &'o Path,
    /// The directory that shown paths are relative to.
    pub working_directory: &'o Path,
}

/// Judges the design at `path`, and the configs it names.
///
/// # Errors
/// [`RunError`] when there is nothing that could be judged.
pub fn lint_design(
    path: &Path,
    working_directory: &Path,
    packs: &Packs,
    sources: &mut Sources,
) -> Result<Outcome, RunError> {
    let loaded = design::load(path, working_directory, sources)?;
    judge_loaded(loaded, working_directory, packs, sources)
}

/// Judges a design given as text, as if it were the file `path`.
///
/// # Errors
/// [`RunError`] when a pack is broken.
pub fn lint_text(path: &str, text: &str, packs: &Packs, sources: &mut Sources) -> Result<Outcome, RunError> {
    let loaded = design::load_text(path, text, sources);
    judge_loaded(loaded, Path::new(""), packs, sources)
}

fn judge_loaded(
    loaded: Loaded,
    working_directory: &Path,
    packs: &Packs,
    sources: &mut Sources,
) -> Result<Outcome, RunError> {
    let Loaded { design, mut problems, base, files } = loaded;
    let bound = bind(&design, packs, &mut problems)?;
    if crate::diagnostic::has_errors(&problems) {
        // What rests on a broken design would mislead more than it helps.
        crate::diagnostic::sort(&mut problems);
        return Ok(Outcome { findings: problems, designs: 1, ..Outcome::default() });
    }
    let plan = plan::plan(&bound);
    let origin = Origin { files: &files, base: &base, working_directory };
    Ok(judge(&bound, &plan, origin, problems, sources))
}

/// Judges a design that is planned already. `problems` are what loading it left.
pub fn judge(
    bound: &Bound<'_>,
    plan: &Plan<'_>,
    origin: Origin<'_>,
    problems: Vec<Diagnostic>,
    sources: &mut Sources,
) -> Outcome {
    let (configs, missing_configs) = read_configs(plan, bound, origin, sources);
    let planned = plan.devices.par_iter().map(plan::DevicePlan::state).collect();
    let read = configs.iter().flatten().count();
    let estate = Estate { bound, plan, configs, missing_configs, planned };
    let checks: Vec<&Rule> = rules().collect();
    let found = checks.par_iter().map(|rule| {
        let mut findings = Findings::default();
        (rule.check)(&estate, &mut findings);
        findings.into_sorted()
    });
    let mut findings: Vec<Diagnostic> = found.collect::<Vec<_>>().into_iter().flatten().collect();
    findings.extend(problems);
    let suppressed = suppress::apply(&mut findings, origin.files, sources);
    crate::diagnostic::sort(&mut findings);
    Outcome { findings, designs: 1, configs: read, suppressed }
}

fn read_configs<'e>(
    plan: &'e Plan<'_>,
    bound: &Bound<'_>,
    origin: Origin<'_>,
    sources: &mut Sources,
) -> (Vec<Option<ConfigFile<'e>>>, Vec<MissingConfig>) {
    let mut configs = Vec::with_capacity(plan.devices.len());
    let mut missing = Vec::new();
    for device in &plan.devices {
        let mut found = None;
        for member in &device.members {
            let Some(path) = &bound.design.switches[*member].config else { continue };
            let place = origin.base.join(path.as_str());
            match read_plain(&place) {
                Ok(octets) => {
                    let (text, _) = decode_config(octets);
                    let reading = config::read(&device.pack, &text);
                    let state = reading.state(&device.facts());
                    let file = sources.add_config(shown_path(&place, origin.working_directory), text);
                    found = found.or(Some(ConfigFile { file, reading, state }));
                }
                Err(error) => {
                    let why = system_reason(&error);
                    missing.push(MissingConfig { switch: *member, span: path.span, why });
                }
            }
        }
        configs.push(found);
    }
    (configs, missing)
}
