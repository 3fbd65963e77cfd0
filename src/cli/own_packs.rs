//! The packs at hand: those that come with the program, those that the settings name, and those of `--vendor-dir`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::{Console, shown};
use crate::diagnostic::Diagnostic;
use crate::report::{self, Format, Report};
use crate::settings::Settings;
use crate::source::Sources;
use crate::vendor::{OwnPack, Packs, clashes, read_own};

/// The packs at hand where no settings are read. Which ones take the place of another is said.
pub(super) fn packs(console: &mut Console<'_>) -> anyhow::Result<Packs> {
    with_typed(Packs::embedded(), console)
}

/// The packs at hand where `settings` hold: what is typed takes the place of what they name. Directories of theirs that
/// cannot be used are pushed to `mistakes`.
pub(super) fn packs_of(
    settings: &Settings,
    mistakes: &mut Vec<Diagnostic>,
    console: &mut Console<'_>,
) -> anyhow::Result<Packs> {
    let place = |directory: &Path| directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    // A directory that is typed too is read once, with what is typed.
    let mut taken: BTreeSet<PathBuf> = console.vendor_directories.iter().map(|typed| place(typed)).collect();
    let mut packs = Packs::embedded();
    for stated in &settings.vendor_dirs {
        let directory = settings.path(stated);
        if !taken.insert(place(&directory)) {
            continue;
        }
        match usable(&directory, &packs, console) {
            Ok(own) => packs = with(packs, own, &directory, console)?,
            Err(why) => mistakes.push(Diagnostic::invalid(stated.span, why.to_string())),
        }
    }
    with_typed(packs, console)
}

/// `packs` with those of `--vendor-dir`.
fn with_typed(mut packs: Packs, console: &mut Console<'_>) -> anyhow::Result<Packs> {
    for directory in console.vendor_directories.clone() {
        let own = usable(&directory, &packs, console)?;
        packs = with(packs, own, &directory, console)?;
    }
    Ok(packs)
}

/// `packs` with those of a directory beside them, or in their place, which is said.
fn with(
    packs: Packs,
    own: Vec<OwnPack>,
    directory: &Path,
    console: &mut Console<'_>,
) -> anyhow::Result<Packs> {
    let (packs, replaced) = packs.with_own(own);
    for name in replaced {
        let directory = shown(directory);
        writeln!(
            console.err,
            "note: the vendor pack `{name}` is that of {directory}, in place of another of that name"
        )?;
    }
    Ok(packs)
}

/// The packs in a directory.
///
/// # Errors
/// Why they cannot be used. What is wrong inside of them is shown then.
fn usable(directory: &Path, packs: &Packs, console: &mut Console<'_>) -> anyhow::Result<Vec<OwnPack>> {
    let (own, problems, sources) = read(directory, packs)?;
    if problems.is_empty() {
        return Ok(own);
    }
    show(problems, &sources, console)?;
    Err(anyhow!("the vendor packs in {} cannot be used", shown(directory)))
}

/// The packs in a directory, and all that is wrong with them beside `packs`.
pub(super) fn read(
    directory: &Path,
    packs: &Packs,
) -> anyhow::Result<(Vec<OwnPack>, Vec<Diagnostic>, Sources)> {
    let mut sources = Sources::new();
    let own = read_own(directory, &|path| shown(path), &mut sources).map_err(|error| anyhow!(error))?;
    let mut problems = own.problems;
    problems.extend(clashes(&own.packs, packs)?);
    for pack in &own.packs {
        problems.extend(crate::render::template_problems(pack));
    }
    Ok((own.packs, problems, sources))
}

/// Shows what is wrong with packs, all at once.
pub(super) fn show(
    mut problems: Vec<Diagnostic>,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    crate::diagnostic::sort(&mut problems);
    let text = report::render(Format::Full, &Report::new(&problems, sources), console.color_err);
    Ok(console.err.write_all(text.as_bytes())?)
}
