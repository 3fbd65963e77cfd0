//! The settings of the working directory, as every command that judges reads them.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Console, own_packs};
use crate::diagnostic::Diagnostic;
use crate::lint::Policy;
use crate::report::{self, Format, Report};
use crate::settings::{self, Date, Loaded, Settings};
use crate::source::Sources;
use crate::vendor::Packs;

/// What holds in the working directory.
pub(super) struct Decided {
    pub(super) settings: Settings,
    /// What the settings decide about rules.
    pub(super) policy: Policy,
    /// The packs at hand.
    pub(super) packs: Packs,
    /// The mistakes in the settings.
    pub(super) mistakes: Vec<Diagnostic>,
}

/// What holds in the working directory. Without `wanted` no settings are read.
pub(super) fn settings(
    wanted: bool,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<Decided> {
    let loaded = match wanted {
        false => Loaded::unstated(&console.working_directory),
        true => settings::load(&console.working_directory, sources)?,
    };
    let Loaded { settings, problems: mut mistakes } = loaded;
    let policy = Policy::of(&settings, &mut mistakes);
    let mut unusable = Vec::new();
    let packs = own_packs::packs_of(&settings, &mut unusable, console)?;
    // A dialect that is missing may be one of a pack that cannot be used.
    if unusable.is_empty() {
        settings.check_dialects(&packs, &mut mistakes)?;
    }
    mistakes.append(&mut unusable);
    Ok(Decided { settings, policy, packs, mistakes })
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
