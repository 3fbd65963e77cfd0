//! What the paths given to `lint` lead to: designs, configs, and what is neither.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use ignore::WalkBuilder;
use rayon::prelude::*;

use crate::config::{Detection, Glance, Glancer, Networks, detect};
use crate::design::{looks_like_design, neighbour};
use crate::source::{decode_config, decode_utf, is_wide, read_config, shown_path, system_reason};
use crate::vendor::{Pack, PackError, Packs};

/// How paths are taken.
pub struct Taking<'t> {
    /// The directory that shown paths are relative to.
    pub working_directory: &'t Path,
    /// The dialect of every config, where the user says it.
    pub dialect: Option<Arc<Pack>>,
    /// The dialect of one file, where the settings say it.
    pub dialect_of: &'t (dyn Fn(&Path) -> Option<Arc<Pack>> + Sync),
    /// Whether a file that was come across is left out; never asked for a file that was named.
    pub excluded: &'t (dyn Fn(&Path) -> bool + Sync),
    /// Told how many files are done, and of how many.
    pub progress: &'t (dyn Fn(usize, usize) + Sync),
}

/// A design: its files, and the directory its paths are seen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesignFiles {
    /// The files, in their order.
    pub files: Vec<PathBuf>,
    /// The directory.
    pub base: PathBuf,
}

/// A config, glanced at.
#[derive(Debug)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// Its path as it is shown.
    pub shown: String,
    /// The pack of its dialect.
    pub pack: Arc<Pack>,
    /// The name it gives itself.
    pub hostname: Option<String>,
    /// Whether a line of it may be about NLB.
    pub may_speak_of_nlb: bool,
    /// The subnets of its interfaces, where it is one of several gateways.
    pub(super) networks: Networks,
    text: Option<String>,
}

/// A file that looks like a config and that nobody can read, unless a design says what it is.
#[derive(Debug)]
pub struct Foreign {
    /// Where it is.
    pub path: PathBuf,
    /// Its path as it is shown.
    pub shown: String,
    /// Its first line.
    pub first_line: String,
    /// What it looks like.
    pub title: String,
    /// Its text, where it was not read from a file.
    pub(super) text: Option<String>,
}

/// An input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The path as it is shown.
    pub path: String,
    /// What is wrong, in words that name the path.
    pub message: String,
}

impl Unreadable {
    /// What the system, or somebody else, has against reading `path`.
    pub(super) fn new(path: String, why: &str) -> Self {
        Self { message: format!("cannot read {path}: {why}"), path }
    }
}

/// What the paths lead to, everything in the order of the paths.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The designs.
    pub designs: Vec<DesignFiles>,
    /// Designs that were not read from files: what they are shown as, and their texts.
    pub streamed: Vec<(String, String)>,
    /// The configs.
    pub configs: Vec<Candidate>,
    /// What looks like a config of an unknown dialect.
    pub foreign: Vec<Foreign>,
    /// How many files are neither designs nor configs.
    pub skipped: usize,
    /// Those of them that were named, as they are shown.
    pub passed_over: Vec<String>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

impl Candidate {
    /// A file whose dialect is told from outside.
    pub(super) fn of_dialect(foreign: Foreign, pack: Arc<Pack>) -> Self {
        let Foreign { path, shown, text, .. } = foreign;
        let networks = Networks::default();
        Self { path, shown, pack, hostname: None, may_speak_of_nlb: true, networks, text }
    }

    /// A config that was not read from a file.
    pub fn from_text(shown: &str, text: String, pack: Arc<Pack>) -> Self {
        let glance = Glancer::of_one(&pack).glance(&text);
        let hostname = glance.hostname.map(|range| text[range].to_owned());
        Self {
            path: PathBuf::from(shown),
            shown: shown.to_owned(),
            pack,
            hostname,
            may_speak_of_nlb: true,
            networks: glance.networks,
            text: Some(text),
        }
    }

    /// Its text, read again where it was not kept.
    ///
    /// # Errors
    /// What the system says.
    pub fn take_text(&mut self) -> std::io::Result<String> {
        match self.text.take() {
            Some(text) => Ok(text),
            None => read_config(&self.path).map(|octets| decode_config(octets).0),
        }
    }

    /// What the switch is called: by the config, else by the file.
    pub fn name(&self) -> String {
        let stem = || self.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        self.hostname.clone().or_else(stem).unwrap_or_else(|| self.shown.clone())
    }
}

/// A file that was named or come across.
struct File {
    path: PathBuf,
    named: bool,
}

enum Class {
    Design,
    Config(Box<Candidate>),
    Foreign(Foreign),
    Neither,
    Unreadable(Unreadable),
}

/// Follows `paths`: files are taken as they are, directories are walked through, `.gitignore` and `.ignore` honoured.
/// Links inside a directory are not followed.
///
/// # Errors
/// [`PackError`] when a pack is broken.
pub fn gather(paths: &[PathBuf], packs: &Packs, taking: &Taking<'_>) -> Result<Inputs, PackError> {
    let mut inputs = Inputs::default();
    let files = files(paths, taking, &mut inputs);
    let looks = Looks { packs, glancers: OnceLock::new() };
    let done = AtomicUsize::new(0);
    let classes: Vec<Class> = files
        .par_iter()
        .map(|file| {
            let class = classify(file, &looks, taking);
            (taking.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            class
        })
        .collect::<Result<_, _>>()?;
    let mut in_directory: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for (file, class) in files.into_iter().zip(classes) {
        match class {
            Class::Design if file.named => {
                let base = file.path.parent().unwrap_or(Path::new("")).to_owned();
                inputs.designs.push(DesignFiles { files: vec![file.path], base });
            }
            Class::Design => {
                let base = file.path.parent().unwrap_or(Path::new("")).to_owned();
                in_directory.entry(base).or_default().push(file.path);
            }
            Class::Config(config) => inputs.configs.push(*config),
            Class::Foreign(foreign) => inputs.foreign.push(foreign),
            Class::Neither => {
                inputs.skipped += 1;
                if file.named {
                    inputs.passed_over.push(shown_path(&file.path, taking.working_directory));
                }
            }
            Class::Unreadable(why) => inputs.unreadable.push(why),
        }
    }
    let found = in_directory.into_iter().map(|(base, files)| DesignFiles { files, base });
    inputs.designs.extend(found);
    Ok(inputs)
}

/// The files that `paths` lead to, each once, in the order of their paths.
fn files(paths: &[PathBuf], taking: &Taking<'_>, inputs: &mut Inputs) -> Vec<File> {
    let mut found: BTreeMap<PathBuf, bool> = BTreeMap::new();
    let mut unreadable = |path: &Path, why: &str| {
        inputs.unreadable.push(Unreadable::new(shown_path(path, taking.working_directory), why));
    };
    for path in paths {
        match std::fs::metadata(path) {
            Err(error) => {
                let near = neighbour(path).map(|near| shown_path(&near, taking.working_directory));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                unreadable(path, &(system_reason(&error) + &near));
            }
            Ok(metadata) if !metadata.is_dir() => {
                found.insert(plain(path), true);
            }
            Ok(_) => {
                for entry in WalkBuilder::new(path).require_git(false).build() {
                    match entry {
                        Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                            let path = plain(entry.path());
                            if !(taking.excluded)(&path) {
                                found.entry(path).or_insert(false);
                            }
                        }
                        Ok(_) => {}
                        Err(error) => unreadable(path, &error.to_string()),
                    }
                }
            }
        }
    }
    found.into_iter().map(|(path, named)| File { path, named }).collect()
}

/// The path without a leading `./`, so that one file has one name.
fn plain(path: &Path) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.to_owned(),
        _ => path.to_owned(),
    }
}

/// What files are looked at with: made of all packs, and only where a file may be a config.
struct Looks<'p> {
    packs: &'p Packs,
    /// By the name of the pack.
    glancers: OnceLock<HashMap<String, Glancer>>,
}

impl Looks<'_> {
    fn glance(&self, pack: &Arc<Pack>, text: &str) -> Result<Glance, PackError> {
        let glancers = match self.glancers.get() {
            Some(glancers) => glancers,
            None => {
                let packs = self.packs.all()?;
                let ready = || {
                    packs.iter().map(|pack| (pack.name().to_owned(), Glancer::new(pack, &packs))).collect()
                };
                self.glancers.get_or_init(ready)
            }
        };
        let other = || Glancer::of_one(pack).glance(text);
        Ok(glancers.get(pack.name()).map_or_else(other, |glancer| glancer.glance(text)))
    }
}

/// Whether a path is one of a design, by its name.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// What a config looks like that may be of several dialects.
pub(super) fn unclear(likely: &[String]) -> String {
    format!("{}, and too little in it tells which", likely.join(" or "))
}

fn classify(file: &File, looks: &Looks<'_>, taking: &Taking<'_>) -> Result<Class, PackError> {
    let path = &file.path;
    let yaml = is_yaml(path);
    if yaml && file.named {
        return Ok(Class::Design);
    }
    let shown = || shown_path(path, taking.working_directory);
    let octets = match read_config(path) {
        Ok(octets) => octets,
        Err(error) => {
            return Ok(Class::Unreadable(Unreadable::new(shown(), &system_reason(&error))));
        }
    };
    if yaml {
        let design = decode_utf(octets).is_ok_and(|text| looks_like_design(&text));
        return Ok(if design { Class::Design } else { Class::Neither });
    }
    if is_binary(&octets) {
        return Ok(Class::Neither);
    }
    let (text, _) = decode_config(octets);
    let said = taking.dialect.clone().or_else(|| (taking.dialect_of)(path));
    let pack = match said {
        Some(pack) => pack,
        None => match detect(looks.packs.clues()?, &text) {
            Detection::Dialect { pack, .. } => pack,
            Detection::NotAConfig => return Ok(Class::Neither),
            Detection::Foreign { title, .. } => {
                return Ok(Class::Foreign(foreign(path, shown(), &text, title)));
            }
            Detection::Unclear { likely } => {
                return Ok(Class::Foreign(foreign(path, shown(), &text, unclear(&likely))));
            }
        },
    };
    let glance = looks.glance(&pack, &text)?;
    let hostname = glance.hostname.map(|range| text[range].to_owned());
    Ok(Class::Config(Box::new(Candidate {
        path: path.clone(),
        shown: shown(),
        pack,
        hostname,
        may_speak_of_nlb: glance.may_speak_of_nlb,
        networks: glance.networks,
        text: glance.may_speak_of_nlb.then_some(text),
    })))
}

/// Whether the beginning of a file has zeros, and more than a quarter of what no text is made of. UTF-16 is full of
/// zeros too; a log has some where a console put them in.
fn is_binary(octets: &[u8]) -> bool {
    let head = &octets[..octets.len().min(1024)];
    if memchr::memchr(0, head).is_none() || is_wide(octets) {
        return false;
    }
    let is_odd = |octet: &&u8| matches!(octet, 0..=6 | 14..=26 | 28..=31 | 128..);
    head.iter().filter(is_odd).count() * 4 > head.len()
}

pub(super) fn foreign(path: &Path, shown: String, text: &str, title: String) -> Foreign {
    let first_line = text.lines().next().unwrap_or_default().chars().take(200).collect();
    Foreign { path: path.to_owned(), shown, first_line, title, text: None }
}
