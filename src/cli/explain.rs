//! `nlbswitch explain`: a rule's page.

use clap::Args;

use super::{CLEAN, Console};
use crate::lint;

/// Print the page of a rule: what it means, why, its source, a bad and a good example
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule, by code (NLB201) or name
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let rule = lint::one_rule(&args.rule)?;
    console.out.write_all(rule.page.as_bytes())?;
    Ok(CLEAN)
}
