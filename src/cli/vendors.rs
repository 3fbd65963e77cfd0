//! `nlbswitch vendors`: the packs, all of one pack, and the matrix of the platforms.

mod check;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use schemars::JsonSchema;
use serde::Serialize;

use super::files::{Overwrite, write_into};
use super::schema::schema_of;
use super::{CLEAN, Console, pack_named, packs};
use crate::catalogue::{self, Listed, Page, Row, Sheet};

/// List the vendor packs; show all that one knows, or what the platforms of all of them can do
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_long_help = "\
Examples:
  nlbswitch vendors                                  the packs, what they do, and their platforms
  nlbswitch vendors show cisco-ios                   all that a pack knows, with grades and sources
  nlbswitch vendors --matrix --format markdown       what every platform does with NLB's entries
  nlbswitch vendors --pages docs/vendors             the matrix and a page of every pack, as files

The matrix tries each mode on one switch of every platform: the recommended mode is what the plan, the forwarding model
and the rules make of what the pack says. `nlbswitch recommend` does the same for a whole design.
Grades of evidence: vendor (its own documentation), lab (measured), field (somebody's public report), unverified
(general knowledge).

Exit codes: 0 done; 2 it could not be done.")]
pub(super) struct VendorsArgs {
    #[command(subcommand)]
    action: Option<Action>,

    /// Show what every platform does with NLB's entries, and which mode to choose there
    #[arg(long, conflicts_with = "pages")]
    matrix: bool,

    /// Write the matrix as `README.md` and a page of every pack into this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pages: Option<PathBuf>,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    Show(ShowArgs),
    Check(CheckArgs),
}

/// Check vendor packs of one's own: read them, and try the laws that every pack obeys
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch vendors check packs/                     NAME.yaml, with NAME/apply.j2, remove.j2 and verify.j2
  nlbswitch generate nlb.yaml --vendor-dir packs/    and then use them

What is written must read back as what was planned, and what is taken back must leave the config as it was: for every
kind of entry the pack writes, and every platform. The same cases are tried each time.

Exit codes: 0 every pack obeys every law; 1 a pack breaks one; 2 a pack cannot be used.")]
struct CheckArgs {
    /// The directory of the packs
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = check::Format::Text)]
    format: check::Format,
}

/// Show all that a pack knows: platforms, lines that are read and written, grades and sources
#[derive(Debug, Args)]
struct ShowArgs {
    /// The pack, or an alias of it
    #[arg(value_name = "NAME")]
    name: String,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a page.
    Markdown,
    /// A versioned document.
    Json,
}

pub(super) fn run(args: &VendorsArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    if let Some(Action::Check(check)) = &args.action {
        return check::run(check, console);
    }
    let packs = packs(console)?;
    if let Some(Action::Show(show)) = &args.action {
        let pack = pack_named(&show.name, &packs)?;
        let sheet = catalogue::sheet(&packs, &pack)?;
        return print(
            show.format,
            &Page::of_pack(&sheet),
            &SheetDocument { version: 1, pack: &sheet },
            console,
        );
    }
    let all = packs.all()?;
    if let Some(directory) = &args.pages {
        let pages = catalogue::pages(&packs)?.into_iter();
        let pages: Vec<_> = pages.map(|(name, text)| (directory.join(name), text)).collect();
        write_into(directory, &pages, Overwrite::Own, console)?;
        return Ok(CLEAN);
    }
    if args.matrix {
        let matrix = catalogue::matrix(&packs, &all)?;
        let page = matrix.page(args.format != Format::Text);
        return print(args.format, &page, &MatrixDocument { version: 1, rows: &matrix.rows }, console);
    }
    let list: Vec<Listed> = all.iter().map(|pack| catalogue::listed(pack)).collect();
    print(args.format, &Page::of_list(&list), &ListDocument { version: 1, packs: &list }, console)
}

/// The packs.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch vendors")]
struct ListDocument<'l> {
    /// The version of this document.
    version: u32,
    /// The packs, by name.
    packs: &'l [Listed],
}

/// What every platform does with NLB's entries.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch vendors --matrix")]
struct MatrixDocument<'m> {
    /// The version of this document.
    version: u32,
    /// The platforms, by pack.
    rows: &'m [Row],
}

/// All that one pack knows.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "nlbswitch vendors show")]
struct SheetDocument<'s> {
    /// The version of this document.
    version: u32,
    /// The pack.
    pack: &'s Sheet,
}

/// What of `vendors` is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Answer {
    /// `vendors`.
    List,
    /// `vendors --matrix`.
    Matrix,
    /// `vendors show`.
    Show,
    /// `vendors check`.
    Check,
}

/// The schema of what is printed.
pub(super) fn schema(answer: Answer) -> serde_json::Value {
    match answer {
        Answer::List => schema_of::<ListDocument<'_>>(),
        Answer::Matrix => schema_of::<MatrixDocument<'_>>(),
        Answer::Show => schema_of::<SheetDocument<'_>>(),
        Answer::Check => check::schema(),
    }
}

fn print(
    format: Format,
    page: &Page,
    document: &impl Serialize,
    console: &mut Console<'_>,
) -> anyhow::Result<u8> {
    let text = match format {
        Format::Text => page.to_text(),
        Format::Markdown => page.to_markdown(),
        Format::Json => serde_json::to_string_pretty(document)? + "\n",
    };
    console.out.write_all(text.as_bytes())?;
    Ok(CLEAN)
}
