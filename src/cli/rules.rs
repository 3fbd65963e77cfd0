//! `nlbswitch rules`: every rule, as a table or as JSON.

use clap::{Args, ValueEnum};

use super::{CLEAN, Console};
use crate::lint::{self, Page};

/// List the rules
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// How to print the list
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table.
    Text,
    /// A versioned document.
    Json,
}

pub(super) fn run(args: &RulesArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    if args.format == Format::Json {
        let rules = lint::rules().map(|rule| {
            serde_json::json!({
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity,
                "scope": rule.scope.to_string(),
                "summary": Page::new(rule.page).summary,
            })
        });
        let document = serde_json::json!({"version": 1, "rules": rules.collect::<Vec<_>>()});
        writeln!(console.out, "{}", serde_json::to_string_pretty(&document)?)?;
        return Ok(CLEAN);
    }
    let width = lint::rules().map(|rule| rule.name.len()).max().unwrap_or_default();
    writeln!(console.out, "{:6}  {:width$}  {:8}  {:6}  fires on", "code", "name", "severity", "scope")?;
    for rule in lint::rules() {
        let summary = Page::new(rule.page).summary;
        writeln!(
            console.out,
            "{}  {:width$}  {:8}  {:6}  {summary}",
            rule.code, rule.name, rule.severity, rule.scope
        )?;
    }
    Ok(CLEAN)
}
