//! `nlbswitch schema`: the JSON Schema of the description, or of the settings.

use clap::Args;

use super::{CLEAN, Console};

/// Print the JSON Schema of the description, for editors
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The schema of `.nlbswitch.yaml` instead
    #[arg(long)]
    settings: bool,
}

pub(super) fn run(args: &SchemaArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let schema = if args.settings { crate::settings::schema() } else { crate::design::schema() };
    writeln!(console.out, "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(CLEAN)
}
