//! The configs beside a design, for commands that look at both.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::decided::{self, Decided};
use super::{Console, FAILED, NOTHING, STDIN, named, pack_named, read_stdin};
use crate::design::{self, Design, Loaded};
use crate::lint::{self, Found, Inputs, MissingConfig, OtherDialect, Strangers, Unreadable};
use crate::settings::Settings;
use crate::source::Sources;
use crate::vendor::{Bound, Packs, bind};

/// A design and what lies beside it, as they are typed.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The design: a file, a directory of files, or `-` for standard input
    #[arg(value_name = "DESIGN", value_hint = ValueHint::AnyPath)]
    design: PathBuf,

    /// Running-configs, or directories of them, beside those that the design names
    #[arg(value_name = "CONFIG", value_hint = ValueHint::AnyPath)]
    configs: Vec<PathBuf>,

    /// Only this cluster; once for each
    #[arg(long, value_name = "NAME")]
    cluster: Vec<String>,

    /// The dialect of every config: a vendor pack or an alias of it
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,

    /// Do not read `.nlbswitch.yaml`
    #[arg(long)]
    no_config: bool,
}

/// A design that can be used, with what was found beside it.
pub(super) struct Looked<'l> {
    pub(super) loaded: &'l Loaded,
    pub(super) bound: &'l Bound<'l>,
    /// The clusters that are asked for, by their position in the design.
    pub(super) clusters: Vec<usize>,
    pub(super) found: Found,
    pub(super) packs: &'l Packs,
}

/// Loads a design and finds its configs, and has `look` look at them; tells what is wrong with either. `verb` is what is
/// done with clusters.
pub(super) fn look(
    asked: &Asked,
    verb: &str,
    console: &mut Console<'_>,
    look: impl FnOnce(Looked<'_>, &mut Sources, &mut Console<'_>) -> anyhow::Result<u8>,
) -> anyhow::Result<u8> {
    let mut sources = Sources::new();
    let Decided { settings, packs, mistakes, .. } =
        decided::settings(!asked.no_config, &mut sources, console)?;
    if decided::are_unusable(mistakes, &sources, console)? {
        return Ok(FAILED);
    }
    let mut loaded = match asked.design.as_os_str() == STDIN {
        true => design::load_text("<stdin>", &read_stdin(console)?, &mut sources),
        false => design::load(&asked.design, &console.working_directory, &mut sources)?,
    };
    let mut problems = std::mem::take(&mut loaded.problems);
    let design = &loaded.design;
    let bound = bind(design, &packs, &mut problems)?;
    if crate::diagnostic::has_errors(&problems) {
        decided::refuse("the design", problems, &sources, console)?;
        return Ok(FAILED);
    }
    if design.clusters.is_empty() {
        writeln!(console.err, "error: there is nothing to {verb}: the design describes no cluster")?;
        return Ok(NOTHING);
    }
    let chosen = named::clusters(&asked.cluster, design)?;
    let clusters =
        chosen.map_or_else(|| (0..design.clusters.len()).collect(), |chosen| chosen.into_iter().collect());
    let inputs = gather(&asked.configs, asked.dialect.as_deref(), &settings, &packs, console)?;
    let (found, unreadable, strangers) = lint::configs_of(inputs, &bound, &loaded.base, &mut sources);
    if !are_readable(&unreadable, console)? {
        return Ok(FAILED);
    }
    tell_strangers(&strangers, console)?;
    let looked = Looked { loaded: &loaded, bound: &bound, clusters, found, packs: &packs };
    look(looked, &mut sources, console)
}

/// What the paths lead to; what is no config is told.
pub(super) fn gather(
    paths: &[PathBuf],
    dialect: Option<&str>,
    settings: &Settings,
    packs: &Packs,
    console: &mut Console<'_>,
) -> anyhow::Result<Inputs> {
    let dialect_of = |path: &Path| settings.dialect_of(path).and_then(|name| packs.get(name).ok().flatten());
    let taking = lint::Taking {
        working_directory: &console.working_directory,
        dialect: dialect.map(|name| pack_named(name, packs)).transpose()?,
        dialect_of: &dialect_of,
        excluded: &|path| settings.left_out(path, &[]),
        progress: &|_, _| {},
    };
    let inputs = lint::gather(paths, packs, &taking)?;
    for file in &inputs.passed_over {
        writeln!(console.err, "note: {file} is no switch config")?;
    }
    Ok(inputs)
}

/// Tells what cannot be read; whether all can.
pub(super) fn are_readable(unreadable: &[Unreadable], console: &mut Console<'_>) -> anyhow::Result<bool> {
    for input in unreadable {
        writeln!(console.err, "error: {}", input.message)?;
    }
    Ok(unreadable.is_empty())
}

/// Tells which configs the design names and nobody can read.
pub(super) fn tell_missing(
    missing: &[MissingConfig],
    design: &Design,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    for MissingConfig { switch, why, .. } in missing {
        let switch = &design.switches[*switch];
        let (path, name) = (switch.config.as_ref().map_or("", |config| config.as_str()), &switch.name.value);
        writeln!(
            console.err,
            "warning: cannot read {path}, the config of {name}: {why}: what the design plans for it is taken"
        )?;
    }
    Ok(())
}

/// Tells which configs seem to be of another dialect than the design says.
pub(super) fn tell_other_dialects(
    others: &[OtherDialect],
    design: &Design,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    for OtherDialect { switch, span, title } in others {
        let (path, switch) = (sources.file(span.file).path(), &design.switches[*switch]);
        writeln!(
            console.err,
            "warning: {path}, the config of {}, seems to be {title}: it is read as {}, which the design says",
            switch.name, switch.vendor
        )?;
    }
    Ok(())
}

/// Tells which configs are of no switch of the design: those that nobody can read, and how many others.
pub(super) fn tell_strangers(strangers: &Strangers, console: &mut Console<'_>) -> anyhow::Result<()> {
    for foreign in &strangers.foreign {
        writeln!(console.err, "note: {} was not read: it seems to be {}", foreign.shown, foreign.title)?;
    }
    let configs = match strangers.configs {
        0 => return Ok(()),
        1 => "1 config is of no switch of the design and was",
        many => &format!("{many} configs are of no switch of the design and were"),
    };
    Ok(writeln!(console.err, "note: {configs} not read")?)
}
