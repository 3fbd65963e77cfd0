//! Designs and configs to their findings.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use macaddr::MacAddr6;
use rayon::prelude::*;

use super::configs::Configs;
use super::estate::{Claim, ForeignConfig, MissingConfig, Once, OtherDialect};
use super::input::hides_others;
use super::inputs::{Foreign, Inputs, Unreadable};
use super::malformed::MALFORMED_NLB_LINE;
use super::{ConfigFile, Estate, Findings, Rule, Seen, rules, suppress};
use crate::config::of_another_dialect;
use crate::design::{self, Design, LoadError, Loaded};
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::plan::{self, DevicePlan, Plan};
use crate::source::{FileId, Sources, Span, decode_config, read_config, shown_path, system_reason};
use crate::vendor::{Bound, Model, Pack, PackError, Packs, bind};

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
    /// The findings that comments in the design suppress.
    pub suppressed: Vec<Suppressed>,
    /// How many files were neither designs nor configs.
    pub skipped: usize,
    /// Those of them that were named, as they are shown.
    pub passed_over: Vec<String>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What was looked at. Of a design with mistakes, nothing.
    pub seen: Seen,
    /// Lines of the judged configs that look as if they were about NLB, that are not understood, and that no finding
    /// speaks of.
    pub doubtful: BTreeSet<Span>,
}

impl Outcome {
    /// Whether everything could be judged.
    pub fn is_whole(&self) -> bool {
        self.unreadable.is_empty() && !self.findings.iter().any(|finding| hides_others(finding.code))
    }

    /// Adds what another judgement found.
    pub fn take(&mut self, mut other: Self) {
        self.findings.append(&mut other.findings);
        self.unreadable.append(&mut other.unreadable);
        self.designs += other.designs;
        self.configs += other.configs;
        self.suppressed.append(&mut other.suppressed);
        self.skipped += other.skipped;
        self.passed_over.append(&mut other.passed_over);
        self.seen.absorb(other.seen);
        self.doubtful.append(&mut other.doubtful);
    }
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
    judge_loaded(loaded, working_directory, packs, &mut Configs::default(), &Arc::default(), sources)
}

/// Judges what the given paths led to: each design with the configs of its switches, then the configs that no design
/// speaks of.
///
/// # Errors
/// [`PackError`] when a pack is broken.
pub fn lint_inputs(
    inputs: Inputs,
    working_directory: &Path,
    packs: &Packs,
    sources: &mut Sources,
) -> Result<Outcome, PackError> {
    let seen = Seen::of_configs(&inputs);
    let mut all = Outcome {
        skipped: inputs.skipped,
        passed_over: inputs.passed_over,
        unreadable: inputs.unreadable,
        seen,
        ..Outcome::default()
    };
    let mut configs = Configs::new(inputs.configs, inputs.foreign);
    let streamed = inputs.streamed.iter().map(|(shown, text)| design::load_text(shown, text, sources));
    let mut designs: Vec<Loaded> = streamed.collect();
    for files in &inputs.designs {
        match design::load_files(&files.files, &files.base, working_directory, sources) {
            Ok(loaded) => designs.push(loaded),
            Err(error) => {
                let path = files.files.first().map(|file| shown_path(file, working_directory));
                let message = error.to_string();
                all.unreadable.push(Unreadable { path: path.unwrap_or_default(), message });
            }
        }
    }
    let clusters = designs.iter().flat_map(|loaded| &loaded.design.clusters);
    let known: Arc<HashSet<MacAddr6>> = Arc::new(clusters.map(design::Cluster::mac).collect());
    for loaded in designs {
        match judge_loaded(loaded, working_directory, packs, &mut configs, &known, sources) {
            Ok(outcome) => all.take(outcome),
            Err(RunError::Pack(error)) => return Err(error),
            Err(RunError::Load(_)) => {} // loaded already
        }
    }
    let found = Found {
        claims: configs.claims(sources, &mut all.unreadable),
        given: configs.left(sources, &mut all.unreadable),
        foreign: configs.foreign(sources),
        known,
    };
    if !(found.given.is_empty() && found.foreign.is_empty() && found.claims.is_empty()) {
        let design = Design::default();
        let bound = bind(&design, packs, &mut Vec::new())?;
        let plan = plan::plan(&bound);
        let origin = Origin { files: &[], base: Path::new(""), working_directory };
        let outcome = judge(&bound, &plan, origin, Vec::new(), found, sources);
        all.take(Outcome { designs: 0, ..outcome });
    }
    all.configs = configs.count();
    crate::diagnostic::sort(&mut all.findings);
    Ok(all)
}

/// Judges a design given as text, as if it were the file `path`.
///
/// # Errors
/// [`RunError`] when a pack is broken.
pub fn lint_text(path: &str, text: &str, packs: &Packs, sources: &mut Sources) -> Result<Outcome, RunError> {
    let loaded = design::load_text(path, text, sources);
    judge_loaded(loaded, Path::new(""), packs, &mut Configs::default(), &Arc::default(), sources)
}

fn judge_loaded(
    loaded: Loaded,
    working_directory: &Path,
    packs: &Packs,
    configs: &mut Configs,
    known: &Arc<HashSet<MacAddr6>>,
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
    let mut unreadable = Vec::new();
    let found = Found {
        given: configs.of(&bound, &base, sources, &mut unreadable),
        known: Arc::clone(known),
        ..Found::default()
    };
    let outcome = judge(&bound, &plan, origin, problems, found, sources);
    Ok(Outcome { unreadable, ..outcome })
}

/// A config that was found beside the design, or without one.
#[derive(Debug, Clone)]
pub struct Given {
    /// The file.
    pub file: FileId,
    /// The pack of its dialect.
    pub pack: Arc<Pack>,
    /// The switch of the design whose config it is, by its position.
    pub switch: Option<usize>,
    /// What the switch is called where no design names it: by the config itself, else by the file.
    pub name: String,
}

/// The configs that a run found, beside those that the design names.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Those that are to be judged.
    pub given: Vec<Given>,
    /// Those that nobody can read.
    pub foreign: Vec<ForeignConfig>,
    /// Names that several claim.
    pub claims: Vec<Claim>,
    /// The MACs of the clusters of all designs of the run.
    pub known: Arc<HashSet<MacAddr6>>,
}

/// The configs that are of no switch of a design.
#[derive(Debug, Default)]
pub struct Strangers {
    /// How many there are.
    pub configs: usize,
    /// Those that nobody can read, beside them.
    pub foreign: Vec<Foreign>,
}

/// Those of the configs of `inputs` that are of switches of a design, beside those that it names itself; what cannot be
/// read; and those that are of none of its switches.
pub fn configs_of(
    inputs: Inputs,
    bound: &Bound<'_>,
    base: &Path,
    sources: &mut Sources,
) -> (Found, Vec<Unreadable>, Strangers) {
    let mut unreadable = inputs.unreadable;
    let mut configs = Configs::new(inputs.configs, inputs.foreign);
    let given = configs.of(bound, base, sources, &mut unreadable);
    let strangers = configs.strangers();
    (Found { given, ..Found::default() }, unreadable, strangers)
}

/// Judges a design that is planned already, and configs. `problems` are what loading the design left.
pub fn judge(
    bound: &Bound<'_>,
    plan: &Plan<'_>,
    origin: Origin<'_>,
    problems: Vec<Diagnostic>,
    found: Found,
    sources: &mut Sources,
) -> Outcome {
    with_estate(bound, plan, origin, found, sources, |estate, sources| {
        judge_estate(estate, origin.files, problems, sources)
    })
}

/// Judges what was read. `files` are those of the design, `problems` what loading it left.
pub fn judge_estate(
    estate: &Estate<'_>,
    files: &[FileId],
    problems: Vec<Diagnostic>,
    sources: &Sources,
) -> Outcome {
    let seen = Seen::of(estate, files, sources);
    estate.follow_frames();
    let checks: Vec<&Rule> = rules().collect();
    let found = checks.par_iter().map(|rule| {
        let mut findings = Findings::default();
        (rule.check)(estate, &mut findings);
        findings.into_sorted()
    });
    let mut findings: Vec<Diagnostic> = found.collect::<Vec<_>>().into_iter().flatten().collect();
    crate::diagnostic::settle(&mut findings);
    let doubtful = doubtful(&estate.configs, &findings);
    findings.extend(problems);
    let suppressed = suppress::apply(&mut findings, files, sources);
    crate::diagnostic::sort(&mut findings);
    let configs = estate.configs.len();
    Outcome { findings, designs: 1, configs, suppressed, seen, doubtful, ..Outcome::default() }
}

/// Reads the configs of a design that is planned already, those that were found beside it included, and has `look` look
/// at it all.
pub fn with_estate<R>(
    bound: &Bound<'_>,
    plan: &Plan<'_>,
    origin: Origin<'_>,
    found: Found,
    sources: &mut Sources,
    look: impl FnOnce(&Estate<'_>, &Sources) -> R,
) -> R {
    let (named, missing_configs) = read_named(plan, bound, origin, sources);
    let Found { mut given, foreign, claims, known } = found;
    given.retain(|given| given.switch.is_none_or(|at| named.iter().all(|one| one.member != at)));
    let of_design = named.iter().map(|one| (one.file, one.member));
    let of_design = of_design.chain(given.iter().filter_map(|given| Some((given.file, given.switch?))));
    let other_dialects = other_dialects(of_design.collect(), bound, sources);
    let given = given.iter().map(|given| {
        let device = given.switch.map(|switch| plan.topology.device_of(switch));
        (given.file, &given.pack, device, given.name.as_str())
    });
    let named = named.iter().map(|one| {
        let device = &plan.devices[one.device];
        (one.file, &device.pack, Some(one.device), device.name.as_str())
    });
    let texts: Vec<_> = named.chain(given).collect();
    let configs: Vec<ConfigFile<'_>> = texts
        .par_iter()
        .map(|(file, pack, device, name)| {
            let model = device.map_or(Model::UNKNOWN, |device| plan.devices[device].model);
            let name = device.map_or(*name, |device| plan.devices[device].name.as_str());
            let config = ConfigFile::read(*file, sources.file(*file).text(), pack, model, name);
            ConfigFile { device: *device, ..config }
        })
        .collect();
    let mut of_device = vec![None; plan.devices.len()];
    for (number, config) in configs.iter().enumerate().rev() {
        if let Some(device) = config.device {
            of_device[device] = Some(number);
        }
    }
    let estate = Estate {
        bound,
        plan,
        configs,
        foreign,
        claims,
        missing_configs,
        other_dialects,
        known,
        planned: plan.devices.par_iter().map(DevicePlan::state).collect(),
        of_device,
        once: Once::default(),
    };
    look(&estate, sources)
}

/// Those of `configs`, each with the position of its switch in the design, that seem to be of another dialect than the
/// design says.
pub fn other_dialects(
    configs: Vec<(FileId, usize)>,
    bound: &Bound<'_>,
    sources: &Sources,
) -> Vec<OtherDialect> {
    // A pack that is broken is told by whoever asks for it next.
    let Ok(clues) = bound.packs.clues() else { return Vec::new() };
    let other = |(file, switch): (FileId, usize)| {
        let text = sources.file(file).text();
        let title = of_another_dialect(clues, text, bound.switches[switch].pack.as_ref()?)?;
        let first = text.lines().next().map_or(0, str::len);
        Some(OtherDialect { switch, span: Span::new(file, 0..first), title })
    };
    configs.into_par_iter().filter_map(other).collect()
}

/// What [`Outcome::doubtful`] is of `configs` when these are the findings.
fn doubtful(configs: &[ConfigFile<'_>], findings: &[Diagnostic]) -> BTreeSet<Span> {
    let told: HashSet<Span> = findings
        .iter()
        .filter(|finding| finding.code == MALFORMED_NLB_LINE.code)
        .filter_map(|finding| finding.span)
        .collect();
    let lines = configs.iter().flat_map(|config| {
        config.reading.unparsed.iter().map(|line| Span::new(config.file, line.range.clone()))
    });
    lines.filter(|line| !told.contains(line)).collect()
}

/// The configs that a design names, as if they had been found beside it, and those that are missing: for whoever looks at
/// several variants of one design.
pub fn named_configs(
    bound: &Bound<'_>,
    plan: &Plan<'_>,
    origin: Origin<'_>,
    sources: &mut Sources,
) -> (Vec<Given>, Vec<MissingConfig>) {
    let (named, missing) = read_named(plan, bound, origin, sources);
    let given = named.into_iter().map(|Named { file, member, device }| {
        let DevicePlan { pack, name, .. } = &plan.devices[device];
        Given { file, pack: pack.clone(), switch: Some(member), name: name.clone() }
    });
    (given.collect(), missing)
}

/// A config that a switch of the design names.
struct Named {
    file: FileId,
    member: usize,
    device: usize,
}

/// Reads the configs that the design names.
fn read_named(
    plan: &Plan<'_>,
    bound: &Bound<'_>,
    origin: Origin<'_>,
    sources: &mut Sources,
) -> (Vec<Named>, Vec<MissingConfig>) {
    let mut named = Vec::new();
    let mut missing = Vec::new();
    for (number, device) in plan.devices.iter().enumerate() {
        for member in &device.members {
            let Some(path) = &bound.design.switches[*member].config else { continue };
            let place = origin.base.join(path.as_str());
            match read_config(&place) {
                Ok(octets) => {
                    let (text, _) = decode_config(octets);
                    let file = sources.add_config(shown_path(&place, origin.working_directory), text);
                    named.push(Named { file, member: *member, device: number });
                }
                Err(error) => {
                    let why = system_reason(&error);
                    missing.push(MissingConfig { switch: *member, span: path.span, why });
                }
            }
        }
    }
    (named, missing)
}
