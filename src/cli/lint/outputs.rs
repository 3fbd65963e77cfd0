//! Which report goes where.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::{Console, STDIN, shown};
use crate::report::{self, Format, Report};

/// The reports of one run: one on standard output at most, any number in files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outputs {
    stdout: Option<Format>,
    files: Vec<(Format, PathBuf)>,
}

impl Outputs {
    /// Gives the n-th of `formats` to the n-th of `outputs`. What has no output goes to standard output.
    ///
    /// # Errors
    /// Outputs without a format, and two reports to one place.
    pub(super) fn pair(formats: &[Format], outputs: &[PathBuf]) -> anyhow::Result<Self> {
        let formats = if formats.is_empty() { &[Format::Full] } else { formats };
        if outputs.len() > formats.len() {
            bail!(
                "{} outputs, and formats for {} of them: the n-th `--output` belongs to the n-th `--format`",
                outputs.len(),
                formats.len()
            );
        }
        let mut all = Self { stdout: None, files: Vec::new() };
        for (index, format) in formats.iter().enumerate() {
            match outputs.get(index).filter(|path| path.as_os_str() != STDIN) {
                Some(path) if all.files.iter().any(|(_, other)| other == path) => {
                    bail!("two reports would go to {}: give each its own file", shown(path));
                }
                Some(path) => all.files.push((*format, path.clone())),
                None => {
                    if let Some(other) = all.stdout.replace(*format) {
                        bail!(
                            "`{other}` and `{format}` would both go to standard output: give all but one a file with `--output`"
                        );
                    }
                }
            }
        }
        Ok(all)
    }

    /// The format of what people may have before them; `None` when standard output is for programs.
    pub(super) fn on_terminal(&self) -> Option<Format> {
        self.stdout.map_or(Some(Format::Concise), |format| format.is_for_terminals().then_some(format))
    }

    /// The reports that go to files, each with its place; none of them to a place that is `taken`.
    ///
    /// # Errors
    /// That something else is at a place.
    pub(super) fn files(
        &self,
        report: &Report<'_>,
        taken: &[&Path],
        force: bool,
    ) -> anyhow::Result<Vec<(PathBuf, String)>> {
        let mut files = Vec::with_capacity(self.files.len());
        for (format, path) in &self.files {
            if taken.iter().any(|taken| is_same(taken, path)) {
                bail!("{} is needed for what is judged: write the report elsewhere", shown(path));
            }
            if !force && !may_go_to(path, *format, report) {
                bail!(
                    "{} is there and was not written by nlbswitch: use --force to overwrite it",
                    shown(path)
                );
            }
            files.push((path.clone(), report::render(*format, report, false)));
        }
        Ok(files)
    }

    /// The report that goes to standard output, where one does.
    pub(super) fn print(&self, report: &Report<'_>, console: &mut Console<'_>) -> anyhow::Result<()> {
        if let Some(format) = self.stdout {
            console.out.write_all(report::render(format, report, console.color_out).as_bytes())?;
        }
        Ok(console.out.flush()?) // notes come last on a terminal
    }
}

/// Whether two paths lead to one file. A file of another name is another file, so that a hundred thousand need not be
/// asked for.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    one == other
        || one.file_name() == other.file_name() && real(one).is_some_and(|one| real(other) == Some(one))
}

/// Whether nothing of somebody else's is at `place`. Every format shows codes of rules; of a report without findings
/// all but the numbers is known.
fn may_go_to(place: &Path, format: Format, report: &Report<'_>) -> bool {
    if !place.exists() {
        return true;
    }
    let Ok(old) = crate::source::read_plain(place) else { return true }; // writing will tell what is wrong
    let old = String::from_utf8_lossy(&old);
    let is_code = |at: usize| old[at + 3..].bytes().take(3).filter(u8::is_ascii_digit).count() == 3;
    let empty = report::render(format, &Report::new(&[], report.sources), false);
    let words = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    old.trim().is_empty()
        || old.contains("nlbswitch")
        || old.match_indices("NLB").any(|(at, _)| is_code(at))
        || words(&old) == words(&empty)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_format_goes_to_the_nth_output() {
        use Format::{Concise, Full, Json};
        let pair = |formats: &[Format], outputs: &[&str]| {
            Outputs::pair(formats, &outputs.iter().map(PathBuf::from).collect::<Vec<_>>())
        };
        let outputs = |stdout, files: &[(Format, &str)]| Outputs {
            stdout,
            files: files.iter().map(|(format, path)| (*format, PathBuf::from(path))).collect(),
        };
        for (formats, paths, expected) in [
            (&[][..], &[][..], outputs(Some(Full), &[])),
            (&[], &["a"], outputs(None, &[(Full, "a")])),
            (&[Json], &[], outputs(Some(Json), &[])),
            (&[Json], &["-"], outputs(Some(Json), &[])),
            (&[Json, Full], &["a"], outputs(Some(Full), &[(Json, "a")])),
            (&[Full, Json, Concise], &["-", "a", "b"], outputs(Some(Full), &[(Json, "a"), (Concise, "b")])),
        ] {
            assert_eq!(pair(formats, paths).unwrap(), expected, "{formats:?} {paths:?}");
        }
        for (formats, paths, why) in [
            (&[Full, Json][..], &[][..], "`full` and `json` would both go to standard output"),
            (&[Full, Json], &["-", "-"], "both go to standard output"),
            (&[Full, Json], &["a", "a"], "two reports would go to a"),
            (&[Json], &["a", "b"], "2 outputs, and formats for 1 of them"),
        ] {
            let error = pair(formats, paths).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
