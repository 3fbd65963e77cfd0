//! The packs at hand: those that come with the program, and those of `--vendor-dir`.

use std::path::Path;

use anyhow::anyhow;

use super::{Console, shown};
use crate::diagnostic::Diagnostic;
use crate::report::{self, Format, Report};
use crate::source::Sources;
use crate::vendor::{OwnPack, Packs, clashes, read_own};

/// The packs at hand. Which ones take the place of one that comes with the program is said.
pub(super) fn packs(console: &mut Console<'_>) -> anyhow::Result<Packs> {
    let mut packs = Packs::embedded();
    for directory in console.vendor_directories.clone() {
        let (own, problems, sources) = read(&directory, &packs)?;
        if !problems.is_empty() {
            show(problems, &sources, console)?;
            return Err(anyhow!("the vendor packs in {} cannot be used", shown(&directory)));
        }
        let (with_own, replaced) = packs.with_own(own);
        packs = with_own;
        for name in replaced {
            let directory = shown(&directory);
            writeln!(
                console.err,
                "note: the vendor pack `{name}` is that of {directory}, in place of another of that name"
            )?;
        }
    }
    Ok(packs)
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
