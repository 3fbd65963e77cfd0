//! What the settings and the command line decide together. What is typed weighs more.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;

use super::LintArgs;
use crate::cli::{Console, decided};
use crate::diagnostic::{quoted, suggest};
use crate::lint::Policy;
use crate::settings::Settings;
use crate::source::Sources;
use crate::vendor::{Pack, Packs};

/// What a run is about, and how it judges.
pub(super) struct Decisions {
    pub(super) settings: Settings,
    pub(super) policy: Policy,
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
        packs: &Packs,
        sources: &mut Sources,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Option<Self>> {
        let (settings, mut policy, mut problems) =
            decided::settings(!args.no_config, packs, sources, console)?;
        let designs = if args.paths.is_empty() { settings.design_paths(&mut problems) } else { Vec::new() };
        if decided::are_unusable(problems, sources, console)? {
            return Ok(None);
        }
        policy.choose(&args.select, &args.ignore)?;
        for (rule, severity) in &args.severity {
            policy.set_severity(rule, *severity)?;
        }
        policy.fail_level = args.fail_level.unwrap_or(policy.fail_level);
        let dialect = args.dialect.as_deref().map(|name| pack_named(name, packs)).transpose()?;
        let plain = |path: &PathBuf| match path.strip_prefix(".") {
            Ok(rest) if !rest.as_os_str().is_empty() => rest.to_owned(),
            _ => path.clone(),
        };
        let paths = match args.paths.is_empty() {
            true => designs.iter().cloned().chain([settings.start()]).collect(),
            false => args.paths.iter().map(plain).collect(),
        };
        Ok(Some(Self { settings, policy, paths, designs, dialect }))
    }
}

fn pack_named(name: &str, packs: &Packs) -> anyhow::Result<Arc<Pack>> {
    packs.get(name)?.ok_or_else(|| {
        let known = packs.known_names();
        let near = suggest(name, known.iter().map(String::as_str));
        let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        anyhow!("there is no vendor pack `{}`{help}", quoted(name))
    })
}
