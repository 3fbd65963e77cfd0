//! `nlbswitch review`: the design review, and whether one still holds.

mod check;
mod inputs;

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use self::inputs::Gathered;
use super::decided::{self, Decided};
use super::files::{Overwrite, write_all};
use super::{CLEAN, Console, FAILED, FOUND, NOTHING};
use crate::design::Loaded;
use crate::lint::{self, Estate, Terms, Verdict};
use crate::plan;
use crate::review::{self, Document, Judged};
use crate::source::Sources;

/// Print the design review: a checklist with evidence, the lines, a test plan, and who signs
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch review nlb.yaml                          what is planned
  nlbswitch review nlb.yaml configs/ -o review.md    what the configs hold
  nlbswitch review nlb.yaml configs/ --format html -o review.html
  nlbswitch review --check review.html               whether the inputs are still those that were reviewed

An item passes only when all that it rests on was seen: what is planned and not seen on the device is to be checked by
hand, and so is what nobody knows. An error or a warning of a rule fails it. What the settings or the design accept is
an exception, to be checked by hand; a baseline changes nothing here.

The review holds the SHA-256 of every input. `--check` finds the inputs as they were named then, from the working
directory; give DESIGN and CONFIG where they are elsewhere now.

Exit codes: 0 no item fails, or the inputs are those that were reviewed; 1 an item fails (the review is written all the
same; --exit-zero says 0), or an input has changed; 2 it could not be done; 3 the design has no cluster.")]
pub(super) struct ReviewArgs {
    /// The design: a file, a directory of files, or `-` for standard input
    #[arg(value_name = "DESIGN", required_unless_present = "check", value_hint = ValueHint::AnyPath)]
    design: Option<PathBuf>,

    /// Running-configs, or directories of them, beside those that the design names
    #[arg(value_name = "CONFIG", value_hint = ValueHint::AnyPath)]
    configs: Vec<PathBuf>,

    /// How to print; on a terminal, Markdown is shown as text
    #[arg(short, long, value_enum, default_value_t = Format::Markdown)]
    format: Format,

    /// Write it into this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long)]
    force: bool,

    /// Say whether the inputs are still those of this review, and what has changed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["output", "force", "exit_zero"])]
    check: Option<PathBuf>,

    /// The dialect of every config: a vendor pack or an alias of it
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,

    /// Do not read `.nlbswitch.yaml`
    #[arg(long)]
    no_config: bool,

    /// Exit with 0 when items fail
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, and for merge requests.
    Markdown,
    /// One page with all that it needs.
    Html,
    /// A versioned document.
    Json,
}

pub(super) fn run(args: &ReviewArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    if let Some(file) = &args.check {
        return check::run(args, file, console);
    }
    let asked = inputs::Asked::of(args)?;
    let mut sources = Sources::new();
    let Decided { settings, policy, packs, mistakes } =
        decided::settings(!asked.no_config, &mut sources, console)?;
    if decided::are_unusable(mistakes, &sources, console)? {
        return Ok(FAILED);
    }
    let Some(gathered) = inputs::gather(&asked, &settings, &packs, &mut sources, console)? else {
        return Ok(FAILED);
    };
    let Gathered { loaded, inputs, piped } = gathered;
    let Loaded { design, mut problems, base, files } = loaded;
    let bound = crate::vendor::bind(&design, &packs, &mut problems)?;
    if crate::diagnostic::has_errors(&problems) {
        decided::refuse("the design", problems, &sources, console)?;
        return Ok(FAILED);
    }
    if design.clusters.is_empty() {
        writeln!(console.err, "error: there is nothing to review: the design describes no cluster")?;
        return Ok(NOTHING);
    }
    let Some(found) = inputs::configs(inputs, &bound, &base, &mut sources, console)? else {
        return Ok(FAILED);
    };
    let plan = plan::plan(&bound);
    let working_directory = console.working_directory.clone();
    let origin = lint::Origin { files: &files, base: &base, working_directory: &working_directory };
    let today = decided::today();
    let look = |estate: &Estate<'_>, sources: &Sources| -> anyhow::Result<Document> {
        let outcome = lint::judge_estate(estate, &files, problems, sources);
        let terms = Terms { settings: &settings, policy: &policy, today, whole: false };
        let Verdict { findings, suppressed, .. } = Verdict::new(outcome, terms, sources);
        let judged = Judged { findings: &findings, suppressed: &suppressed, policy: &policy };
        let record = inputs::record(
            inputs::Origin {
                asked: &asked,
                packs: &packs,
                piped: piped.as_deref(),
                settings: settings.file,
                design: origin,
            },
            estate,
            sources,
        )?;
        review::document(estate, judged, record, sources)
    };
    let document = lint::with_estate(&bound, &plan, origin, found, &mut sources, look)?;
    write(args, &document, console)?;
    Ok(if document.summary.fail > 0 && !args.exit_zero { FOUND } else { CLEAN })
}

fn write(args: &ReviewArgs, document: &Document, console: &mut Console<'_>) -> anyhow::Result<()> {
    let format = match args.format {
        Format::Markdown if args.output.is_none() && console.columns_out.is_some() => {
            review::Format::Text { width: console.columns_out.unwrap_or_default(), color: console.color_out }
        }
        Format::Markdown => review::Format::Markdown,
        Format::Html => review::Format::Html,
        Format::Json => review::Format::Json,
    };
    let text = review::render(document, format)?;
    let Some(file) = &args.output else { return Ok(console.out.write_all(text.as_bytes())?) };
    inputs::keep_apart(file, document, &console.working_directory)?;
    // A review that was ticked and signed is somebody's, although it still begins as ours.
    let overwrite = if args.force { Overwrite::Always } else { Overwrite::Never };
    write_all(&[(file.clone(), text)], overwrite)?;
    let summary = document.summary;
    writeln!(
        console.err,
        "{}: {} fail, {} to be checked by hand, {} pass, {} do not apply",
        super::shown(file),
        summary.fail,
        summary.check,
        summary.pass,
        summary.not_applicable
    )?;
    Ok(())
}
