//! `nlbswitch recommend`: which mode to choose.

mod text;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::Serialize;

use super::beside::{self, Asked, Looked};
use super::schema::schema_of;
use super::{CLEAN, Console, FOUND};
use crate::recommend::{Choice, weigh};

/// Say which mode to choose for each cluster, and why: every mode is planned, followed and judged on these switches
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch recommend nlb.yaml                       the modes for every cluster, the best first
  nlbswitch recommend nlb.yaml configs/ --cluster web
  nlbswitch recommend nlb.yaml --format json

Each mode is tried for all clusters at once, as if its lines were set: the plan says what each switch needs, the
forwarding model who gets the frames, and the rules what is wrong with it, on the hosts too. What configs hold beside the
clusters counts. A mode that works comes before one that does not, then what is known before what is not, then what
floods least, then what the rules say least against, then what is shown best, then the fewest lines.
Grades of evidence: vendor, lab, field, unverified (nobody has shown it).

Exit codes: 0 every cluster has a mode that works; 1 one has none; 2 it could not be done; 3 the design has no cluster.")]
pub(super) struct RecommendArgs {
    #[command(flatten)]
    asked: Asked,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A versioned document.
    Json,
}

pub(super) fn run(args: &RecommendArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    beside::look(&args.asked, "recommend", console, |looked, sources, console| {
        let Looked { loaded, clusters, found, packs, .. } = looked;
        let weighed = weigh(loaded, &clusters, &found, packs, &console.working_directory, sources)?;
        beside::tell_missing(&weighed.missing_configs, &loaded.design, console)?;
        beside::tell_other_dialects(&weighed.other_dialects, &loaded.design, sources, console)?;
        show(args, &weighed.choices, console)
    })
}

/// The modes for the clusters of a design.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch recommend")]
struct Document<'c> {
    /// The version of this document.
    version: u32,
    /// What to choose for each of them.
    clusters: &'c [Choice],
}

/// The schema of what is printed.
pub(super) fn schema() -> serde_json::Value {
    schema_of::<Document<'_>>()
}

fn show(args: &RecommendArgs, choices: &[Choice], console: &mut Console<'_>) -> anyhow::Result<u8> {
    match args.format {
        Format::Json => {
            let document = Document { version: 1, clusters: choices };
            writeln!(console.out, "{}", serde_json::to_string_pretty(&document)?)?;
        }
        Format::Text => {
            let pages: Vec<String> = choices.iter().map(text::page).collect();
            console.out.write_all(pages.join("\n").as_bytes())?;
        }
    }
    let works = |choice: &Choice| choice.recommended.is_some();
    Ok(if choices.iter().all(works) { CLEAN } else { FOUND })
}
