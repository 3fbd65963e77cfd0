//! `nlbswitch lint`: what is unsafe in designs and configs.

mod arguments;
mod coverage;
mod decisions;
mod known;
mod notes;
mod outputs;
mod progress;
mod show;

use std::path::{Path, PathBuf};
use std::time::Instant;

pub(super) use self::arguments::LintArgs;
use self::decisions::Decisions;
use self::known::Known;
use self::outputs::Outputs;
use self::progress::Progress;
use super::decided::today;
use super::files::{Overwrite, write_all};
use super::{CLEAN, Console, FAILED, FOUND, NOTHING, STDIN, stdin_octets};
use crate::diagnostic::Failure;
use crate::lint::{self, Inputs, Outcome, Terms, Unreadable, Verdict};
use crate::report::{Counts, Report};
use crate::source::{Sources, shown_path};

pub(super) fn run(args: &LintArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let outputs = Outputs::pair(&args.format, &args.output)?;
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    let mut sources = Sources::new();
    let Some(decisions) = Decisions::read(args, &mut sources, console)? else {
        return Ok(FAILED);
    };
    let Decisions { settings, policy, .. } = &decisions;
    if args.show_settings {
        show::settings(settings, policy, &sources, console)?;
        return Ok(CLEAN);
    }
    if args.coverage {
        return coverage::run(args, &decisions, &mut sources, console);
    }
    let mut outcome = judge(args, &decisions, &mut sources, console)?;
    let passed_over = std::mem::take(&mut outcome.passed_over);
    let failure = |input: &Unreadable| Failure { path: input.path.clone(), message: input.message.clone() };
    let failures: Vec<Failure> = outcome.unreadable.iter().map(failure).collect();
    if outcome.designs + outcome.configs == 0 && failures.is_empty() && outcome.findings.is_empty() {
        let skipped = match outcome.skipped {
            0 => String::new(),
            1 => " (1 file is neither)".to_owned(),
            files => format!(" ({files} files are neither)"),
        };
        writeln!(
            console.err,
            "error: there was nothing to lint: no design, and nothing that looks like a switch config{skipped}; \
             `nlbswitch init` writes a starter file"
        )?;
        return Ok(NOTHING);
    }
    if args.show_files {
        show::files(settings, &outcome.seen, &sources, console)?;
        return Ok(if failures.is_empty() { CLEAN } else { FAILED });
    }
    let judged = outcome.is_whole();
    let doubtful = std::mem::take(&mut outcome.doubtful);
    let counts = Counts {
        designs: outcome.designs,
        configs: outcome.configs,
        skipped: outcome.skipped,
        ..Counts::default()
    };
    let terms = Terms { settings, policy, today: today(), whole: judged && args.paths.is_empty() };
    let mut verdict = Verdict::new(outcome, terms, &sources);
    let known = known::compare(args, settings, policy, &mut verdict, judged, &sources, console)?;
    let report = Report {
        findings: &verdict.findings,
        suppressed: &verdict.suppressed,
        gone: &verdict.gone,
        failures: &failures,
        counts: Counts { suppressed: verdict.suppressed.len(), ..counts },
        sources: &sources,
    };
    // Whatever goes to files is written together, or not at all.
    let taken = show::paths(&verdict.seen, &sources);
    let reserved = known.as_ref().map(|known| known.path.as_path());
    let taken: Vec<&Path> = taken.into_iter().map(Path::new).chain(reserved).collect();
    let mut files = outputs.files(&report, &taken, args.force)?;
    files.extend(known.iter().filter(|_| args.write_baseline).map(Known::file));
    write_all(&files, Overwrite::Always)?;
    match args.statistics {
        true => show::statistics(&report, console)?,
        false => outputs.print(&report, console)?,
    }
    if !args.quiet {
        notes::doubts(&doubtful, &sources, console)?;
        notes::passed_over(&passed_over, console)?;
        let known = known.map_or(0, |known| known.baseline.len());
        notes::write(args, &report, verdict.out_of_sight, known, outputs.on_terminal(), console)?;
    }
    if !failures.is_empty() {
        return Ok(FAILED);
    }
    Ok(if policy.fails(&verdict.findings) && !args.exit_zero { FOUND } else { CLEAN })
}

/// Judges what was decided on; what cannot be read is told at once.
fn judge(
    args: &LintArgs,
    decisions: &Decisions,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let inputs = gather(args, decisions, console)?;
    let all = lint::lint_inputs(inputs, &console.working_directory, &decisions.packs, sources)?;
    for input in &all.unreadable {
        writeln!(console.err, "error: {}", input.message)?;
    }
    Ok(all)
}

/// What the paths lead to, in the way that was decided on.
fn gather(args: &LintArgs, decisions: &Decisions, console: &mut Console<'_>) -> anyhow::Result<Inputs> {
    let Decisions { settings, packs, paths, designs, dialect, .. } = decisions;
    let (streams, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| path.as_os_str() == STDIN);
    let stream = if streams.is_empty() { None } else { Some(stdin_octets(console)?) };
    // A pack that is broken is told by whoever asks for it next.
    let pack_of = |path: &Path| settings.dialect_of(path).and_then(|name| packs.get(name).ok().flatten());
    let progress = Progress::new(std::io::stderr(), console.watched && !args.quiet, Instant::now());
    let taking = lint::Taking {
        working_directory: &console.working_directory,
        dialect: dialect.clone(),
        dialect_of: &pack_of,
        excluded: &|path| settings.left_out(path, designs),
        progress: &|done, all| progress.tell(done, all, Instant::now()),
    };
    let mut inputs = lint::gather(&paths, packs, &taking)?;
    progress.wipe();
    if let Some(octets) = stream {
        let named = args.stdin_filename.as_ref().map(|name| shown_path(name, &console.working_directory));
        lint::take_stream(&mut inputs, named.as_deref().unwrap_or("<stdin>"), octets, packs, &taking)?
            .map_err(|error| anyhow::anyhow!("standard input is {error}"))?;
    }
    Ok(inputs)
}
