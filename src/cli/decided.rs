//! The settings of the working directory, as every command that judges reads them.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Console;
use crate::diagnostic::Diagnostic;
use crate::lint::Policy;
use crate::report::{self, Format, Report};
use crate::settings::{self, Date, Loaded, Settings};
use crate::source::Sources;
use crate::vendor::Packs;

/// The settings that hold, what they decide about rules, and the mistakes in them. Without `wanted` nothing is read.
pub(super) fn settings(
    wanted: bool,
    packs: &Packs,
    sources: &mut Sources,
    console: &Console<'_>,
) -> anyhow::Result<(Settings, Policy, Vec<Diagnostic>)> {
    let loaded = match wanted {
        false => Loaded::unstated(&console.working_directory),
        true => settings::load(&console.working_directory, packs, sources)?,
    };
    let Loaded { settings, mut problems } = loaded;
    let policy = Policy::of(&settings, &mut problems);
    Ok((settings, policy, problems))
}

/// Shows the mistakes in the settings; whether there are any.
pub(super) fn are_unusable(
    problems: Vec<Diagnostic>,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<bool> {
    match problems.is_empty() {
        true => Ok(false),
        false => refuse("the settings", problems, sources, console).map(|()| true),
    }
}

/// Shows why `what` cannot be used.
pub(super) fn refuse(
    what: &str,
    mut problems: Vec<Diagnostic>,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    crate::diagnostic::sort(&mut problems);
    let shown = report::render(Format::Full, &Report::new(&problems, sources), console.color_err);
    console.err.write_all(shown.as_bytes())?;
    Ok(writeln!(console.err, "error: {what} cannot be used: {}", report::totals(&problems))?)
}

/// The day of the run, in UTC.
pub(super) fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::from_unix(since.map_or(0, |since| since.as_secs()))
}
