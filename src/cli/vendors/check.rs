//! `nlbswitch vendors check`: whether packs of the user's own can be used, and obey the laws.

use clap::ValueEnum;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::CheckArgs;
use crate::cli::schema::schema_of;
use crate::cli::{CLEAN, Console, FAILED, FOUND, own_packs, shown};
use crate::harmless::harmless;
use crate::laws::{Tried, try_laws};
use crate::vendor::{OwnPack, Packs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal.
    Text,
    /// A versioned document.
    Json,
}

/// What came of packs of the user's own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch vendors check")]
struct Document {
    /// The version of this document.
    version: u32,
    /// The packs, by name.
    packs: Vec<Checked>,
}

/// The schema of what is printed.
pub(super) fn schema() -> serde_json::Value {
    schema_of::<Document>()
}

/// What came of one pack.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Checked {
    /// The pack.
    name: String,
    /// How many lines it reads.
    lines: usize,
    /// How many platforms it knows.
    platforms: usize,
    /// Whether it writes lines.
    writes: bool,
    /// What came of each law; none of a pack that writes nothing.
    laws: Vec<Tried>,
    /// Why no law could be tried.
    error: Option<String>,
}

impl Checked {
    fn is_broken(&self) -> bool {
        self.error.is_some() || self.laws.iter().any(|tried| tried.broken.is_some())
    }
}

pub(super) fn run(args: &CheckArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let (own, problems, sources) = own_packs::read(&args.directory, &Packs::embedded())?;
    if !problems.is_empty() {
        own_packs::show(problems, &sources, console)?;
        writeln!(console.err, "error: the vendor packs in {} cannot be used", shown(&args.directory))?;
        return Ok(FAILED);
    }
    let document = Document { version: 1, packs: own.par_iter().map(check).collect() };
    match args.format {
        Format::Json => {
            writeln!(console.out, "{}", serde_json::to_string_pretty(&document)?)?;
        }
        Format::Text => {
            for pack in &document.packs {
                console.out.write_all(text(pack).as_bytes())?;
            }
        }
    }
    Ok(if document.packs.iter().any(Checked::is_broken) { FOUND } else { CLEAN })
}

fn check(own: &OwnPack) -> Checked {
    let pack = &own.pack;
    let tried = if pack.renders() { try_laws(pack) } else { Ok(Vec::new()) };
    let (laws, error) = match tried {
        Ok(laws) => (laws, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    Checked {
        name: pack.name().to_owned(),
        lines: pack.lines().len(),
        platforms: pack.platforms.len(),
        writes: pack.renders(),
        laws,
        error,
    }
}

fn text(pack: &Checked) -> String {
    let mut text =
        format!("{}: {} lines are read, {} platforms\n", harmless(&pack.name), pack.lines, pack.platforms);
    if let Some(error) = &pack.error {
        text += &format!("  broken  {}\n", harmless(error));
    }
    if !pack.writes {
        text += "  it has no templates: nothing is written, and there is no law to try\n";
    }
    for tried in &pack.laws {
        let word = if tried.broken.is_some() { "broken" } else { "holds" };
        text += &format!("  {word:6}  {} ({} cases)\n", tried.law, tried.cases);
        for line in tried.broken.iter().flat_map(|broken| broken.lines()) {
            text += &format!("          {}\n", harmless(line));
        }
    }
    text
}
