//! The configs that `--against` names, and which switch of the design each belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};

use super::super::{Console, STDIN};
use crate::config::{Glancer, Owners};
use crate::design::Design;
use crate::diagnostic::quoted;
use crate::plan::Plan;
use crate::source::{decode_config, read_plain, read_stream, shown_path, system_reason};
use crate::vendor::Pack;

/// A config that was found, and whose it is.
#[derive(Debug)]
pub(super) struct Config {
    /// The path it is shown under.
    pub(super) shown: String,
    /// Its text.
    pub(super) text: String,
}

/// A file that may be a config of the design.
struct Candidate {
    path: PathBuf,
    config: Config,
    hostname: Option<String>,
    /// Whether it was named, and not come across in a directory.
    named: bool,
}

/// What the search rests on.
pub(super) struct Search<'s> {
    pub(super) design: &'s Design,
    pub(super) plan: &'s Plan<'s>,
    /// The directory that the design's paths are seen from.
    pub(super) base: &'s Path,
    /// The devices that were chosen.
    pub(super) devices: &'s BTreeSet<usize>,
    /// Whether they were chosen by name.
    pub(super) by_name: bool,
    /// Whether the design was given in arguments: its one switch has no name of its own.
    pub(super) nameless: bool,
}

impl Search<'_> {
    /// The config of each device among `paths`: files, directories of files, or `-` for standard input.
    ///
    /// A file belongs to the switch whose `config` it is; else to the one that its hostname, or without one its name
    /// or directory, tells. A single file may be any when one switch was chosen by name.
    pub(super) fn find(
        &self,
        paths: &[PathBuf],
        console: &mut Console<'_>,
    ) -> anyhow::Result<BTreeMap<usize, Config>> {
        let candidates = self.candidates(paths, console)?;
        let owners = Owners::of(self.design);
        let by_path = self.stated();
        let only = match (candidates.as_slice(), self.devices.len()) {
            ([one], 1) if one.named && (self.by_name || self.nameless || one.hostname.is_none()) => {
                self.devices.first().copied()
            }
            _ => None,
        };
        let mut found: BTreeMap<usize, (Config, bool)> = BTreeMap::new();
        let mut strangers = 0;
        for candidate in candidates {
            let stated = std::fs::canonicalize(&candidate.path).ok().and_then(|path| by_path.get(&path));
            let told = owners.owner(candidate.hostname.as_deref(), &candidate.path);
            let device = stated.copied().or_else(|| told.map(|switch| self.plan.topology.device_of(switch)));
            if let (Some(only), Some(hostname), true) = (only, &candidate.hostname, device != only)
                && !self.nameless
            {
                let name = &self.plan.devices[only].name;
                let shown = &candidate.config.shown;
                writeln!(
                    console.err,
                    "warning: {shown} calls itself `{}`: compared with `{name}`",
                    quoted(hostname)
                )?;
            }
            let Some(device) = only.or(device) else {
                if candidate.named {
                    return Err(self.stranger(&candidate));
                }
                strangers += 1;
                continue;
            };
            if let Some((other, sure)) = found.get(&device)
                && *sure == stated.is_some()
            {
                bail!(
                    "{} and {} are both configs of `{}`: name the one that is current",
                    other.shown,
                    candidate.config.shown,
                    self.plan.devices[device].name
                );
            }
            // The one that the design names goes before others.
            if stated.is_some() || !found.contains_key(&device) {
                found.insert(device, (candidate.config, stated.is_some()));
            }
        }
        if strangers > 0 {
            let files = if strangers == 1 { "1 file is" } else { &format!("{strangers} files are") };
            writeln!(console.err, "note: {files} of no switch of the design")?;
        }
        Ok(found.into_iter().map(|(device, (config, _))| (device, config)).collect())
    }

    /// The devices by the `config` paths that the design states.
    fn stated(&self) -> BTreeMap<PathBuf, usize> {
        let stated = self.design.switches.iter().enumerate().filter_map(|(at, switch)| {
            let path = std::fs::canonicalize(self.base.join(switch.config.as_ref()?.as_str())).ok()?;
            Some((path, self.plan.topology.device_of(at)))
        });
        stated.collect()
    }

    fn stranger(&self, candidate: &Candidate) -> anyhow::Error {
        let shown = &candidate.config.shown;
        let told = match &candidate.hostname {
            Some(hostname) => format!("it calls itself `{}`", quoted(hostname)),
            None => "neither a hostname in it nor its name tells".to_owned(),
        };
        let names: Vec<&str> = self.design.switches.iter().map(|switch| switch.name.as_str()).collect();
        let known = if names.len() <= 12 { format!(" ({})", names.join(", ")) } else { String::new() };
        anyhow!("{shown} belongs to no switch of the design{known}: {told}; say which it is with --switch")
    }

    fn candidates(&self, paths: &[PathBuf], console: &mut Console<'_>) -> anyhow::Result<Vec<Candidate>> {
        let packs: BTreeMap<&str, &Arc<Pack>> =
            self.plan.devices.iter().map(|device| (device.pack.name(), &device.pack)).collect();
        let glancers: Vec<Glancer> = packs.into_values().map(Glancer::of_one).collect();
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut take = |path: PathBuf, shown: String, octets: Vec<u8>, named: bool| {
            let (text, _) = decode_config(octets);
            let name = glancers.iter().find_map(|glancer| glancer.glance(&text).hostname);
            let hostname = name.map(|range| text[range].to_owned());
            candidates.push(Candidate { path, config: Config { shown, text }, hostname, named });
        };
        let cannot = |path: &Path, error: &std::io::Error| {
            anyhow!("cannot read {}: {}", shown_path(path, Path::new("")), system_reason(error))
        };
        for path in paths {
            let shown = shown_path(path, &console.working_directory);
            if path.as_os_str() == STDIN {
                let octets = read_stream(&mut *console.input)
                    .map_err(|error| anyhow!("cannot read standard input: {}", system_reason(&error)))?;
                take(PathBuf::new(), "<stdin>".to_owned(), octets, true);
            } else if path.is_dir() {
                for file in files_below(path).map_err(|error| cannot(path, &error))? {
                    let octets = read_plain(&file).map_err(|error| cannot(&file, &error))?;
                    // UTF-16 holds such octets too, behind its mark.
                    let wide = matches!(octets.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
                    if wide || !octets.iter().take(1024).any(|octet| *octet == 0) {
                        take(file.clone(), shown_path(&file, &console.working_directory), octets, false);
                    }
                }
            } else {
                let octets = read_plain(path).map_err(|error| cannot(path, &error))?;
                take(path.clone(), shown, octets, true);
            }
        }
        Ok(candidates)
    }
}

/// The files in a directory and below it, sorted. Hidden ones and links to directories are passed over.
fn files_below(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            match entry.file_type()? {
                kind if kind.is_dir() => open.push(entry.path()),
                kind if kind.is_file() || entry.path().is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
