//! `nlbswitch schema`: the JSON Schema of the description, of the settings, or of an answer.

use clap::Args;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::{CLEAN, Console, vendors};

/// Print the JSON Schema of the description, for editors
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(super) struct SchemaArgs {
    /// The schema of `.nlbswitch.yaml` instead
    #[arg(long)]
    settings: bool,

    /// The schema of what `trace --format json` prints, instead
    #[arg(long)]
    trace: bool,

    /// The schema of what `review --format json` prints, instead
    #[arg(long)]
    review: bool,

    /// The schema of what `recommend --format json` prints, instead
    #[arg(long)]
    recommend: bool,

    /// The schema of what `vendors --format json` prints, instead
    #[arg(long, value_enum, value_name = "ANSWER")]
    vendors: Option<vendors::Answer>,
}

pub(super) fn run(args: &SchemaArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let schema = match args {
        SchemaArgs { vendors: Some(answer), .. } => vendors::schema(*answer),
        SchemaArgs { settings: true, .. } => crate::settings::schema(),
        SchemaArgs { trace: true, .. } => super::trace::schema(),
        SchemaArgs { review: true, .. } => crate::review::schema(),
        SchemaArgs { recommend: true, .. } => super::recommend::schema(),
        _ => crate::design::schema(),
    };
    writeln!(console.out, "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(CLEAN)
}

/// The schema of an answer, as it is written.
pub(super) fn schema_of<T: JsonSchema>() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
