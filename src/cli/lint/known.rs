//! The baseline of a run: where it is, what it knows, and what it will know.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::LintArgs;
use crate::cli::Console;
use crate::diagnostic::Diagnostic;
use crate::lint::{Baseline, Policy, Reach, Verdict, hides_others};
use crate::report::{self, Format, Report};
use crate::settings::{FILE_NAME, Settings};
use crate::source::{Sources, decode_utf, read_plain, shown_path, system_reason};

/// A baseline and its file.
pub(super) struct Known {
    pub(super) path: PathBuf,
    pub(super) baseline: Baseline,
}

impl Known {
    /// The file as it is to be written.
    pub(super) fn file(&self) -> (PathBuf, String) {
        (self.path.clone(), self.baseline.to_text())
    }
}

/// Sets apart what the baseline knows, as it is or as it will be written; gives it, where there is one.
///
/// # Errors
/// That it cannot be read, or should be written and not everything was `judged`: what was hidden would be lost from it.
pub(super) fn compare(
    args: &LintArgs,
    settings: &Settings,
    policy: &Policy,
    verdict: &mut Verdict,
    judged: bool,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<Option<Known>> {
    let stated = settings.baseline.as_ref().map(|stated| settings.path(stated));
    let Some(path) = args.baseline.clone().or(stated) else {
        if args.write_baseline {
            bail!("the baseline has no file: name it with `--baseline`, or as `baseline` in {FILE_NAME}");
        }
        return Ok(None);
    };
    let shown = shown_path(&path, &console.working_directory);
    let mut baseline = read(&path, &shown, args.write_baseline)?;
    let exists = |path: &str| Path::new(path).exists();
    if args.write_baseline {
        if !judged {
            show_mistakes(&verdict.findings, sources, console)?;
            bail!("{shown} was not written: not everything could be judged");
        }
        let reach = Reach { seen: &verdict.seen, policy, exists: &exists };
        baseline = baseline.renewed(&verdict.findings, reach, sources);
    }
    verdict.compare(&baseline, policy, &exists, sources);
    Ok(Some(Known { path, baseline }))
}

/// The baseline at `path`. One that is about to be written need not be there.
fn read(path: &Path, shown: &str, to_be_written: bool) -> anyhow::Result<Baseline> {
    match read_plain(path) {
        Ok(octets) => {
            let text = decode_utf(octets).map_err(|error| anyhow!("{shown} is {error}"))?;
            Baseline::read(&text).map_err(|error| anyhow!("{shown} is {error}"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => match to_be_written {
            true => Ok(Baseline::default()),
            false => bail!("cannot read {shown}: {}; `--write-baseline` writes it", system_reason(&error)),
        },
        Err(error) => bail!("cannot read {shown}: {}", system_reason(&error)),
    }
}

/// Shows why a design could not be judged.
fn show_mistakes(
    findings: &[Diagnostic],
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let mistakes: Vec<Diagnostic> =
        findings.iter().filter(|finding| hides_others(finding.code)).cloned().collect();
    let shown = report::render(Format::Full, &Report::new(&mistakes, sources), console.color_err);
    Ok(console.err.write_all(shown.as_bytes())?)
}
