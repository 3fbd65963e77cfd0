//! The answer as pictures: each shows one frame of one cluster.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::Console;
use crate::cli::files::{Overwrite, stem, write_all, write_into};
use crate::forwarding::{Answer, Fabric, Trace};
use crate::picture;

/// The pictures of `answers`: to `output`, a directory, every one; to a file whose name ends in `.svg`, or printed, the
/// first frame of the one cluster as things are.
pub(super) fn pictures(
    fabric: &Fabric<'_>,
    answers: &[Answer],
    output: Option<&Path>,
) -> anyhow::Result<Pictures> {
    let directory = output.filter(|path| path.extension().is_none_or(|ending| ending != "svg"));
    if let Some(directory) = directory {
        let mut files = Vec::new();
        for answer in answers {
            for (number, trace) in answer.traces.iter().enumerate() {
                let name = format!(
                    "{}-{:02}-{}.svg",
                    cluster_stem(fabric, trace),
                    number + 1,
                    source(fabric, trace)
                );
                files.push((directory.join(name), picture::svg(fabric, trace, &picture::Frame::ALONE)?));
            }
        }
        let mut names: Vec<String> =
            files.iter().map(|(path, _)| path.to_string_lossy().to_lowercase()).collect();
        names.sort();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            bail!("two clusters would be written to the same files: rename one");
        }
        return Ok(Pictures::Each(directory.to_owned(), files));
    }
    let [answer] = answers else {
        bail!(
            "a picture shows one cluster, and the design has {}: name one with --cluster, or a directory for a \
             file of each with -o DIR",
            answers.len()
        );
    };
    let Some(first) = answer.traces.first() else {
        bail!("no frame can be followed: the design does not say where nodes or gateways are");
    };
    Ok(Pictures::One(picture::svg(fabric, first, &picture::Frame::ALONE)?))
}

/// What is to be written.
pub(super) enum Pictures {
    One(String),
    Each(PathBuf, Vec<(PathBuf, String)>),
}

impl Pictures {
    pub(super) fn write(
        self,
        output: Option<&Path>,
        force: bool,
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let overwrite = if force { Overwrite::Always } else { Overwrite::Own };
        match (self, output) {
            (Self::One(text), None) => console.out.write_all(text.as_bytes())?,
            (Self::One(text), Some(file)) => {
                write_all(&[(file.to_owned(), text)], overwrite)?;
            }
            (Self::Each(directory, files), _) => write_into(&directory, &files, overwrite, console)?,
        }
        Ok(())
    }
}

fn cluster_stem(fabric: &Fabric<'_>, trace: &Trace) -> String {
    stem(fabric.bound.design.clusters[trace.cluster].name.as_str(), "cluster")
}

/// Where the frame comes from, and the kind of condition, as a part of a file name.
fn source(fabric: &Fabric<'_>, trace: &Trace) -> String {
    let from = stem(trace.from.word(&fabric.bound.design.clusters[trace.cluster]), "node");
    match trace.what_if {
        Some(what_if) => format!("{from}-{}", what_if.kind().as_str()),
        None => from,
    }
}
