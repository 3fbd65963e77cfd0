//! What the settings and the command line decide together. What is typed weighs more.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::LintArgs;
use crate::cli::decided::{self, Decided};
use crate::cli::{Console, pack_named};
use crate::lint::Policy;
use crate::settings::Settings;
use crate::source::Sources;
use crate::vendor::{Pack, Packs};

/// What a run is about, and how it judges.
pub(super) struct Decisions {
    pub(super) settings: Settings,
    pub(super) policy: Policy,
    /// The packs at hand.
    pub(super) packs: Packs,
    /// What is looked at, in one order, whatever order it was given in.
    pub(super) paths: BTreeSet<PathBuf>,
    /// The designs among it that the settings name.
    pub(super) designs: Vec<PathBuf>,
    /// The dialect of every config, where it was typed.
    pub(super) dialect: Option<Arc<Pack>>,
}

impl Decisions {
    /// Reads the settings and weighs them against what was typed; `None` when the settings have mistakes, which are
    /// shown then.
    pub(super) fn read(
        args: &LintArgs,
        sources: &mut Sources,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Option<Self>> {
        let Decided { settings, mut policy, packs, mut mistakes } =
            decided::settings(!args.no_config, sources, console)?;
        let designs = if args.paths.is_empty() { settings.design_paths(&mut mistakes) } else { Vec::new() };
        if decided::are_unusable(mistakes, sources, console)? {
            return Ok(None);
        }
        policy.choose(&args.select, &args.ignore)?;
        for (rule, severity) in &args.severity {
            policy.set_severity(rule, *severity)?;
        }
        policy.fail_level = args.fail_level.unwrap_or(policy.fail_level);
        let dialect = args.dialect.as_deref().map(|name| pack_named(name, &packs)).transpose()?;
        let plain = |path: &PathBuf| match path.strip_prefix(".") {
            Ok(rest) if !rest.as_os_str().is_empty() => rest.to_owned(),
            _ => path.clone(),
        };
        let paths = match args.paths.is_empty() {
            true => designs.iter().cloned().chain([settings.start()]).collect(),
            false => args.paths.iter().map(plain).collect(),
        };
        Ok(Some(Self { settings, policy, packs, paths, designs, dialect }))
    }
}
