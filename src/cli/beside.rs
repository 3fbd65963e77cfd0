//! The configs beside a design, for commands that look at both.

use std::path::{Path, PathBuf};

use super::{Console, pack_named};
use crate::lint::{self, Inputs, Unreadable};
use crate::settings::Settings;
use crate::vendor::Packs;

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

/// Tells how many configs are of no switch of the design.
pub(super) fn tell_strangers(strangers: usize, console: &mut Console<'_>) -> anyhow::Result<()> {
    let configs = match strangers {
        0 => return Ok(()),
        1 => "1 config is",
        many => &format!("{many} configs are"),
    };
    Ok(writeln!(console.err, "note: {configs} of no switch of the design and were not read")?)
}
