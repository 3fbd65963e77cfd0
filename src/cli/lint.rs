//! `nlbswitch lint`: what is unsafe in a design.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::{CLEAN, Console, FAILED, FOUND, NOTHING, STDIN, read_stdin};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{self, Outcome};
use crate::report::{self, Counts, Format, Report};
use crate::source::Sources;
use crate::vendor::Packs;

/// Say what is unsafe in a design, and in the configs it names
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch lint nlb.yaml
  nlbswitch lint designs/ --format concise
  nlbswitch lint nlb.yaml --format json --fail-level warning

Exit codes: 0 clean; 1 findings at or above --fail-level; 2 it could not be done; 3 there was nothing to lint.")]
pub(super) struct LintArgs {
    /// Designs: files, directories of files, or `-` for standard input; the working directory when none is given
    #[arg(value_name = "DESIGN")]
    paths: Vec<PathBuf>,

    /// How to print the findings
    #[arg(short, long, value_enum, default_value_t = Format::Full)]
    format: Format,

    /// Exit 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailLevel::Error, value_name = "SEVERITY")]
    fail_level: FailLevel,

    /// Exit 0 whatever is found
    #[arg(long)]
    exit_zero: bool,

    /// Only these rules, by code or name
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// Not these rules, by code or name
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(self.summary()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailLevel {
    Info,
    Warning,
    Error,
    Never,
}

impl FailLevel {
    fn reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Info => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}

pub(super) fn run(args: &LintArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let select = codes(&args.select)?;
    let ignore = codes(&args.ignore)?;
    let packs = Packs::embedded();
    let mut sources = Sources::new();
    let mut all = Outcome::default();
    // In one order, whatever order they were given in.
    let paths: BTreeSet<PathBuf> = match args.paths.is_empty() {
        true => BTreeSet::from([PathBuf::from(".")]),
        false => {
            let plain = |path: &PathBuf| match path.strip_prefix(".") {
                Ok(rest) if !rest.as_os_str().is_empty() => rest.to_owned(),
                _ => path.clone(),
            };
            args.paths.iter().map(plain).collect()
        }
    };
    let (streams, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| path.as_os_str() == STDIN);
    for _ in streams {
        let text = read_stdin(console)?;
        all.take(lint::lint_text("<stdin>", &text, &packs, &mut sources)?);
    }
    let taking = lint::Taking {
        working_directory: &console.working_directory,
        dialect: None,
        dialect_of: &|_| None,
        excluded: &|_| false,
        progress: &|_, _| {},
    };
    let inputs = lint::gather(&paths, &packs, &taking)?;
    all.take(lint::lint_inputs(inputs, &console.working_directory, &packs, &mut sources)?);
    let unreadable = !all.unreadable.is_empty();
    for input in &all.unreadable {
        writeln!(console.err, "error: cannot read {}: {}", input.path, input.why)?;
    }
    if all.designs + all.configs == 0 && unreadable {
        return Ok(FAILED);
    }
    if all.designs + all.configs == 0 {
        writeln!(console.err, "error: there was nothing to lint; `nlbswitch init` writes a starter file")?;
        return Ok(NOTHING);
    }
    // A design that cannot be read is said whatever is selected.
    let shown = |finding: &Diagnostic| {
        finding.code.0 == 901
            || (select.is_empty() || select.contains(&finding.code.0)) && !ignore.contains(&finding.code.0)
    };
    all.findings.retain(shown);
    let counts =
        Counts { designs: all.designs, configs: all.configs, suppressed: all.suppressed, skipped: all.skipped };
    let report = Report { counts, ..Report::new(&all.findings, &sources) };
    console.out.write_all(report::render(args.format, &report, console.color_out).as_bytes())?;
    console.out.flush()?; // the totals come last on a terminal
    if args.format.is_for_terminals() {
        let plural =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let read = match all.configs {
            0 => plural(all.designs, "design"),
            configs => format!("{}, {}", plural(all.designs, "design"), plural(configs, "config")),
        };
        writeln!(console.err, "{} in {read}", report::totals(&all.findings))?;
        if args.format == Format::Full && !all.findings.is_empty() {
            writeln!(console.err, "`nlbswitch explain CODE` says more about a finding")?;
        }
    }
    if unreadable {
        return Ok(FAILED);
    }
    let failed = all.findings.iter().any(|finding| args.fail_level.reached_by(finding.severity));
    Ok(if failed && !args.exit_zero { FOUND } else { CLEAN })
}

fn codes(names: &[String]) -> anyhow::Result<Vec<u16>> {
    let code = |name: &String| match lint::rule(name) {
        Some(rule) => Ok(rule.code.0),
        None => Err(super::explain::unknown_rule(name)),
    };
    names.iter().map(code).collect()
}
