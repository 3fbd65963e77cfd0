//! `review --check`: whether the inputs are still those that were reviewed.

use std::path::Path;

use anyhow::{anyhow, bail};

use super::ReviewArgs;
use super::inputs::{self, Asked, Gathered};
use crate::cli::decided::{self, Decided};
use crate::cli::{CLEAN, Console, FAILED, FOUND, STDIN, shown};
use crate::design::Loaded;
use crate::harmless::harmless;
use crate::lint;
use crate::plan;
use crate::review::{Record, changes, record_of};
use crate::source::{Sources, decode_utf, read_plain, system_reason};

pub(super) fn run(args: &ReviewArgs, file: &Path, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let name = shown(file);
    let octets =
        read_plain(file).map_err(|error| anyhow!("cannot read {name}: {}", system_reason(&error)))?;
    let text = decode_utf(octets).map_err(|error| anyhow!("{name} is {error}"))?;
    let reviewed = record_of(&text).map_err(|error| anyhow!("{name}: {error}"))?;
    let asked = match &args.design {
        Some(_) => Asked::of(args)?,
        None => Asked::again(&reviewed.arguments),
    };
    if args.design.is_none() && reviewed.arguments.design == STDIN {
        bail!("{name} is of a design that came through standard input: pipe it in, and name it `-`");
    }
    let Some(current) = current(&asked, console)? else { return Ok(FAILED) };
    if current.tool != reviewed.tool {
        writeln!(
            console.err,
            "note: it was written by nlbswitch {}, and this is {}: rules may say something else now",
            harmless(&reviewed.tool),
            current.tool
        )?;
    }
    let changes = changes(&reviewed.inputs, &current.inputs);
    for change in &changes {
        writeln!(console.out, "{}", harmless(change))?;
    }
    match changes.len() {
        0 => {
            let count = reviewed.inputs.len();
            writeln!(console.out, "{name}: the {count} inputs are those that were reviewed")?;
            Ok(CLEAN)
        }
        count => {
            let inputs = if count == 1 { "1 input is" } else { &format!("{count} inputs are") };
            writeln!(console.err, "{name}: {inputs} not what was reviewed")?;
            Ok(FOUND)
        }
    }
}

/// What a review would be of now; `None` when it cannot be told, which is said then.
fn current(asked: &Asked, console: &mut Console<'_>) -> anyhow::Result<Option<Record>> {
    let mut sources = Sources::new();
    let Decided { settings, packs, mistakes, .. } =
        decided::settings(!asked.no_config, &mut sources, console)?;
    if decided::are_unusable(mistakes, &sources, console)? {
        return Ok(None);
    }
    let Some(gathered) = inputs::gather(asked, &settings, &packs, &mut sources, console)? else {
        return Ok(None);
    };
    let Gathered { loaded, inputs, piped } = gathered;
    let Loaded { design, mut problems, base, files } = loaded;
    // A design with mistakes has changed, whatever else it says.
    let bound = crate::vendor::bind(&design, &packs, &mut problems)?;
    let Some(found) = inputs::configs(inputs, &bound, &base, &mut sources, console)? else {
        return Ok(None);
    };
    let plan = plan::plan(&bound);
    let working_directory = console.working_directory.clone();
    let origin = lint::Origin { files: &files, base: &base, working_directory: &working_directory };
    let from = inputs::Origin {
        asked,
        packs: &packs,
        piped: piped.as_deref(),
        settings: settings.file,
        design: origin,
    };
    let look = |estate: &lint::Estate<'_>, sources: &Sources| inputs::record(from, estate, sources);
    let record = lint::with_estate(&bound, &plan, origin, found, &mut sources, look)?;
    Ok(Some(record))
}
