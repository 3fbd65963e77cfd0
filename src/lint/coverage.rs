//! How much of the configs of a run is understood, file by file.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::configs::Configs;
use super::inputs::{Inputs, Unreadable};
use crate::config::{Beginning, Ledger, coverage};
use crate::design;
use crate::diagnostic::{has_errors, quoted};
use crate::mask;
use crate::source::{Sources, Span, system_reason};
use crate::vendor::{PackError, Packs, bind};

/// One config.
#[derive(Debug)]
pub struct FileCoverage {
    /// Its path as it is shown.
    pub shown: String,
    /// The pack that read it.
    pub pack: String,
    /// How many of its lines became what.
    pub ledger: Ledger,
    /// The lines that begin like lines about NLB and are not understood: number, from 1, and text fit to be shown.
    pub doubtful: Vec<(usize, String)>,
}

/// All configs of a run.
#[derive(Debug, Default)]
pub struct CoverageOfRun {
    /// The configs, in the order of their paths.
    pub files: Vec<FileCoverage>,
    /// By pack: with which words unknown lines begin, and how many.
    pub unknown: BTreeMap<(String, Beginning), usize>,
    /// What looks like a config and cannot be read by any pack: path as shown, and what it seems to be.
    pub foreign: Vec<(String, String)>,
    /// What could not be read at all.
    pub unreadable: Vec<Unreadable>,
}

/// Counts what became of the lines of all configs among `inputs`, and of those that their designs name.
///
/// # Errors
/// [`PackError`] when a pack is broken.
pub fn coverage_of(
    inputs: Inputs,
    working_directory: &Path,
    packs: &Packs,
    sources: &mut Sources,
) -> Result<CoverageOfRun, PackError> {
    let mut unreadable = inputs.unreadable;
    let mut configs = Configs::new(inputs.configs, inputs.foreign);
    for files in &inputs.designs {
        let Ok(loaded) = design::load_files(&files.files, &files.base, working_directory, sources) else {
            continue; // a design that cannot be read says nothing of configs; `lint` itself complains
        };
        let mut problems = loaded.problems;
        let bound = bind(&loaded.design, packs, &mut problems)?;
        if !has_errors(&problems) {
            configs.take_named(&bound, &loaded.base, working_directory);
        }
    }
    let (candidates, foreign) = configs.into_parts();
    let counted: Vec<_> = candidates
        .into_par_iter()
        .map(|mut candidate| {
            let text = candidate
                .take_text()
                .map_err(|error| Unreadable::new(candidate.shown.clone(), &system_reason(&error)))?;
            let found = coverage(&candidate.pack, &text);
            let mut sources = Sources::new();
            let file = sources.add_config(candidate.shown.clone(), text);
            let doubtful = found.doubtful.into_iter().map(|range| {
                let span = Span::new(file, range);
                (sources.locate(span).line, quoted(&mask::lines(sources.slice(span))))
            });
            let file = FileCoverage {
                doubtful: doubtful.collect(),
                pack: candidate.pack.name().to_owned(),
                ledger: found.ledger,
                shown: candidate.shown,
            };
            Ok((file, found.unknown))
        })
        .collect();
    let mut all = CoverageOfRun {
        foreign: foreign.into_iter().map(|foreign| (foreign.shown, foreign.title)).collect(),
        ..CoverageOfRun::default()
    };
    for one in counted {
        match one {
            Ok((file, unknown)) => {
                for (words, count) in unknown {
                    *all.unknown.entry((file.pack.clone(), words)).or_default() += count;
                }
                all.files.push(file);
            }
            Err(error) => unreadable.push(error),
        }
    }
    all.files.sort_by(|a, b| a.shown.cmp(&b.shown));
    all.unreadable = unreadable;
    Ok(all)
}
