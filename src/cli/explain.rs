//! `nlbswitch explain`: a rule's page.

use clap::Args;

use super::{CLEAN, Console};
use crate::diagnostic::{quoted, suggest};
use crate::lint;

/// Print the page of a rule: what it means, why, its source, a bad and a good example
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule, by code (NLB201) or name
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let rule = lint::rule(&args.rule).ok_or_else(|| unknown_rule(&args.rule))?;
    console.out.write_all(rule.page.as_bytes())?;
    Ok(CLEAN)
}

pub(super) fn unknown_rule(name: &str) -> anyhow::Error {
    let codes: Vec<String> = lint::rules().map(|rule| rule.code.to_string()).collect();
    let known = codes.iter().map(String::as_str).chain(lint::rules().map(|rule| rule.name));
    // A wrong number is near to every other one.
    let is_code =
        name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|c| c.is_ascii_digit());
    match suggest(name, known).filter(|_| !is_code) {
        Some(near) => anyhow::anyhow!("there is no rule `{}`; did you mean `{near}`?", quoted(name)),
        None => anyhow::anyhow!("there is no rule `{}`; `nlbswitch rules` lists them", quoted(name)),
    }
}
