//! What may be typed behind `nlbswitch lint`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::diagnostic::{Severity, one_of, quoted, suggest};
use crate::report::Format;
use crate::settings::{FailLevel, Level};

/// Say what is unsafe in designs and in switch configs
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch lint nlb.yaml
  nlbswitch lint designs/ configs/ --format concise
  nlbswitch lint nlb.yaml --format json --fail-level warning
  nlbswitch lint -f full -o - -f json -o findings.json
  nlbswitch lint --baseline known.json --write-baseline

Settings are read from `.nlbswitch.yaml` in the working directory or above it; what is typed here weighs more.

Exit codes: 0 clean; 1 findings at or above --fail-level; 2 it could not be done; 3 there was nothing to lint.")]
pub(in crate::cli) struct LintArgs {
    /// Designs (YAML), switch configs, directories that hold them, or `-` for a design or a config on standard input;
    /// the working directory when none is given
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,

    /// How to print the findings; several times for several reports
    #[arg(short, long, value_enum)]
    pub(super) format: Vec<Format>,

    /// Where to: the n-th output for the n-th format; `-` is standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Vec<PathBuf>,

    /// Write over a file that was not written by nlbswitch
    #[arg(long)]
    pub(super) force: bool,

    /// Exit 1 from this severity on [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_level())]
    pub(super) fail_level: Option<FailLevel>,

    /// Exit 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,

    /// How many threads [default: one for each processor]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Nothing but the report and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say what is suppressed, and why
    #[arg(short, long)]
    pub(super) verbose: bool,

    /// The dialect of every config: a vendor pack or an alias of it
    #[arg(long, value_name = "NAME")]
    pub(super) dialect: Option<String>,

    /// The name that standard input is shown under; relative paths in it count from that name's directory
    #[arg(long, value_name = "FILE")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Only these rules: a code, the beginning of codes (NLB5), a name, or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// Another severity for a rule: NLB501=error
    #[arg(long, value_name = "RULE=SEVERITY", value_delimiter = ',', value_parser = rule_and_severity, help_heading = "Rules")]
    pub(super) severity: Vec<(String, Severity)>,

    /// Count only what this file does not know
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Rules")]
    pub(super) baseline: Option<PathBuf>,

    /// Write what is found now into the baseline
    #[arg(long, help_heading = "Rules")]
    pub(super) write_baseline: bool,

    /// Do not read `.nlbswitch.yaml`
    #[arg(long, help_heading = "Settings")]
    pub(super) no_config: bool,

    /// Print the settings that hold, as YAML, and nothing else
    #[arg(long, help_heading = "Settings", conflicts_with_all = ["format", "output", "show_files", "statistics"])]
    pub(super) show_settings: bool,

    /// Print the files that are read, and nothing else
    #[arg(long, help_heading = "Settings", conflicts_with_all = ["format", "output", "statistics"])]
    pub(super) show_files: bool,

    /// Print how often each rule speaks instead of what it says
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(super) statistics: bool,

    /// Print how much of each config is understood instead, and what the unknown lines begin with
    #[arg(long, conflicts_with_all = ["format", "output", "statistics", "show_files", "show_settings", "baseline", "write_baseline"])]
    pub(super) coverage: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(self.summary()))
    }
}

fn fail_level() -> impl TypedValueParser<Value = FailLevel> {
    let words = PossibleValuesParser::new(FailLevel::ALL.iter().map(|level| level.as_str()));
    words.try_map(|word| {
        FailLevel::ALL.iter().copied().find(|level| level.as_str() == word).ok_or("no severity")
    })
}

/// `NLB501=error`.
fn rule_and_severity(text: &str) -> Result<(String, Severity), String> {
    let Some((rule, word)) = text.split_once('=') else {
        return Err("write the rule, `=`, and its severity: NLB501=error".to_owned());
    };
    let words = || Level::ALL.iter().map(|level| level.as_str());
    match Level::ALL.iter().find(|level| level.as_str().eq_ignore_ascii_case(word.trim())) {
        Some(level) => Ok((rule.trim().to_owned(), (*level).into())),
        None => Err(match suggest(word.trim(), words()) {
            Some(near) => format!("`{}` is not a severity; did you mean `{near}`?", quoted(word)),
            None => format!("`{}` is not a severity: write {}", quoted(word), one_of(words())),
        }),
    }
}
