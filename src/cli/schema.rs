//! `nlbswitch schema`: the JSON Schema of the description.

use clap::Args;

use super::{CLEAN, Console};

/// Print the JSON Schema of the description, for editors
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {}

pub(super) fn run(_: &SchemaArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    writeln!(console.out, "{}", serde_json::to_string_pretty(&crate::design::schema())?)?;
    Ok(CLEAN)
}
