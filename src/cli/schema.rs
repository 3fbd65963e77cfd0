//! `nlbswitch schema`: the JSON Schema of the description, of the settings, or of an answer.

use clap::Args;

use super::{CLEAN, Console};

/// Print the JSON Schema of the description, for editors
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The schema of `.nlbswitch.yaml` instead
    #[arg(long)]
    settings: bool,

    /// The schema of what `trace --format json` prints, instead
    #[arg(long, conflicts_with = "settings")]
    trace: bool,

    /// The schema of what `review --format json` prints, instead
    #[arg(long, conflicts_with_all = ["settings", "trace"])]
    review: bool,
}

pub(super) fn run(args: &SchemaArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let schema = match (args.settings, args.trace, args.review) {
        (true, ..) => crate::settings::schema(),
        (_, true, _) => super::trace::schema(),
        (.., true) => crate::review::schema(),
        _ => crate::design::schema(),
    };
    writeln!(console.out, "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(CLEAN)
}
