//! The command line: what was typed, what it means, and the exit code. One file a command; the logic lives in the
//! rooms below.

mod adopt;
mod beside;
mod decided;
mod design_arguments;
mod explain;
mod files;
mod generate;
mod init;
mod lint;
pub mod mac;
mod named;
mod own_packs;
mod recommend;
mod review;
mod rules;
mod schema;
mod shell;
mod trace;
mod vendors;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum};

use self::own_packs::packs;
use crate::diagnostic::{quoted, suggest};
use crate::vendor::{Pack, Packs};

/// Done, and nothing is wrong.
pub const CLEAN: u8 = 0;
/// Something was found.
pub const FOUND: u8 = 1;
/// The tool could not do its job.
pub const FAILED: u8 = 2;
/// There was nothing to look at.
pub const NOTHING: u8 = 3;

/// The right switch lines for Windows Network Load Balancing clusters
#[derive(Debug, Parser)]
#[command(name = "nlbswitch", version, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 clean or done; 1 something was found; 2 it could not be done; 3 nothing to lint."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,

    /// A directory of vendor packs of one's own, beside or in place of those that come with the program; once for each
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    vendor_dir: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Mac(mac::MacArgs),
    Generate(Box<generate::GenerateArgs>),
    Lint(Box<lint::LintArgs>),
    Trace(Box<trace::TraceArgs>),
    Review(Box<review::ReviewArgs>),
    Recommend(recommend::RecommendArgs),
    Adopt(adopt::AdoptArgs),
    Explain(explain::ExplainArgs),
    Rules(rules::RulesArgs),
    Vendors(vendors::VendorsArgs),
    Init(init::InitArgs),
    Schema(schema::SchemaArgs),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// What a command reads from and writes to.
pub struct Console<'c> {
    /// Standard input.
    pub input: &'c mut dyn BufRead,
    /// Standard output: results, and nothing else.
    pub out: &'c mut dyn Write,
    /// Standard error: notes and complaints.
    pub err: &'c mut dyn Write,
    /// Whether results may be coloured when nothing is said.
    pub color_out: bool,
    /// Whether complaints may be coloured when nothing is said.
    pub color_err: bool,
    /// How wide the terminal is that shows results, in columns; `None` where something else takes them.
    pub columns_out: Option<usize>,
    /// Whether somebody sees standard error while it is written.
    pub watched: bool,
    /// The directory that paths are seen from.
    pub working_directory: PathBuf,
    /// Directories of vendor packs of the user's own.
    pub vendor_directories: Vec<PathBuf>,
}

impl std::fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("working_directory", &self.working_directory).finish_non_exhaustive()
    }
}

/// Does what was asked; gives the exit code.
///
/// # Errors
/// Anything that kept it from being done, in words for people.
pub fn run(cli: &Cli, console: &mut Console<'_>) -> anyhow::Result<u8> {
    match cli.color {
        Color::Auto => {}
        Color::Always => (console.color_out, console.color_err) = (true, true),
        Color::Never => (console.color_out, console.color_err) = (false, false),
    }
    console.vendor_directories.extend(cli.vendor_dir.iter().cloned());
    match &cli.command {
        Command::Mac(args) => mac::run(args, console.input, console.out, console.err),
        Command::Generate(args) => generate::run(args, console),
        Command::Lint(args) => lint::run(args, console),
        Command::Trace(args) => trace::run(args, console),
        Command::Review(args) => review::run(args, console),
        Command::Recommend(args) => recommend::run(args, console),
        Command::Adopt(args) => adopt::run(args, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Rules(args) => rules::run(args, console),
        Command::Vendors(args) => vendors::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Schema(args) => schema::run(args, console),
        Command::Completions(args) => shell::completions(args, console),
        Command::Man(args) => shell::man(args, console),
    }
}

/// The path that stands for standard input.
const STDIN: &str = "-";

/// The pack that `--dialect` names.
fn pack_named(name: &str, packs: &Packs) -> anyhow::Result<Arc<Pack>> {
    packs.get(name)?.ok_or_else(|| {
        let known = packs.known_names();
        let near = suggest(name, known.iter().map(String::as_str));
        let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        anyhow::anyhow!("there is no vendor pack `{}`{help}", quoted(name))
    })
}

/// A path that was typed, as messages show it.
fn shown(path: &std::path::Path) -> String {
    crate::source::shown_path(path, std::path::Path::new(""))
}

/// The octets of standard input.
fn stdin_octets(console: &mut Console<'_>) -> anyhow::Result<Vec<u8>> {
    use crate::source::{read_stream, system_reason};
    read_stream(&mut *console.input)
        .map_err(|error| anyhow::anyhow!("cannot read standard input: {}", system_reason(&error)))
}

/// The text of standard input.
fn read_stdin(console: &mut Console<'_>) -> anyhow::Result<String> {
    crate::source::decode_utf(stdin_octets(console)?)
        .map_err(|error| anyhow::anyhow!("standard input is {error}"))
}

/// An error in words for people. What the system says without more can only be about the output.
pub fn in_words(error: &anyhow::Error) -> String {
    match error.downcast_ref::<io::Error>() {
        Some(system) => format!("cannot write the output: {}", crate::source::system_reason(system)),
        None => format!("{error:#}"),
    }
}

/// Whether an error only says that the reader of our output has seen enough, as in `… | head -1`.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
