//! Files to a checked design.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::{Design, Document, check};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, decode_utf, shown_path, system_reason};
use crate::yaml::{self, Decode, Decoder, Kind, Node};

/// The largest design file, in octets.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Why a design could not be read at all. Everything that can be shown in a text is a [`Diagnostic`] instead.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The operating system said no.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The path as shown.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A directory without a design.
    #[error("{path} holds no .yaml or .yml file")]
    NothingInDirectory {
        /// The path as shown.
        path: String,
    },
    /// Octets that are no text.
    #[error("{path} is {reason}")]
    NotText {
        /// The path as shown.
        path: String,
        /// What is wrong.
        reason: crate::source::DecodeError,
    },
    /// Larger than any design.
    #[error("{path} has more than {} MiB: no design has; is this the file you meant?", MAX_FILE / 1024 / 1024)]
    TooLarge {
        /// The path as shown.
        path: String,
    },
}

/// A design as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// The design; what is broken in it is left out.
    pub design: Design,
    /// Every mistake found. With one, the design is not to be acted on.
    pub problems: Vec<Diagnostic>,
    /// The directory that relative paths in the design are seen from.
    pub base: PathBuf,
    /// Its files.
    pub files: Vec<FileId>,
}

/// Reads a design: one file, or every `.yaml` and `.yml` file directly in a directory, merged.
///
/// # Errors
/// [`LoadError`] where there is no text to show a mistake in.
pub fn load(path: &Path, working_directory: &Path, sources: &mut Sources) -> Result<Loaded, LoadError> {
    let unreadable = |path: &Path, error: io::Error| LoadError::Unreadable {
        path: shown_path(path, working_directory),
        reason: system_reason(&error),
    };
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    let (base, files) = if metadata.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, error))?;
        let mut files = Vec::new();
        for entry in entries {
            let file = entry.map_err(|error| unreadable(path, error))?.path();
            let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let yaml = file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
            if yaml && !hidden && file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(LoadError::NothingInDirectory { path: shown_path(path, working_directory) });
        }
        (path.to_owned(), files)
    } else {
        (path.parent().unwrap_or(Path::new("")).to_owned(), vec![path.to_owned()])
    };
    let mut ids = Vec::with_capacity(files.len());
    for file in files {
        let shown = shown_path(&file, working_directory);
        let octets = read_limited(&file).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => LoadError::TooLarge { path: shown.clone() },
            _ => unreadable(&file, error),
        })?;
        let text = decode_utf(octets).map_err(|reason| LoadError::NotText { path: shown.clone(), reason })?;
        ids.push(sources.add(shown, text));
    }
    let (design, problems) = decode(&ids, sources);
    Ok(Loaded { design, problems, base, files: ids })
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    use io::Read;
    let mut octets = Vec::new();
    let file = std::fs::File::open(path)?;
    let announced = file.metadata()?.len();
    if announced <= MAX_FILE {
        file.take(MAX_FILE + 1).read_to_end(&mut octets)?; // a device or a growing file says less than it gives
    }
    if announced > MAX_FILE || octets.len() as u64 > MAX_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(octets)
}

/// Reads a design from a text, as if it were the file `path`.
pub fn load_text(path: &str, text: &str, sources: &mut Sources) -> Loaded {
    let id = sources.add(path, text);
    let (design, problems) = decode(&[id], sources);
    let base = Path::new(path).parent().unwrap_or(Path::new("")).to_owned();
    Loaded { design, problems, base, files: vec![id] }
}

/// Every name that some file gives to a thing, broken or not: a reference to a broken thing is no second mistake.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) hosts: HashSet<String>,
    pub(super) groups: HashSet<String>,
    pub(super) switches: HashSet<String>,
}

impl Declared {
    fn gather(&mut self, root: &Node<'_>) {
        let lists =
            [("hosts", &mut self.hosts), ("host_groups", &mut self.groups), ("switches", &mut self.switches)];
        for (key, names) in lists {
            let Some(Kind::Sequence(items)) = root.get(key).map(|list| &list.kind) else { continue };
            names.extend(items.iter().filter_map(|item| item.get("name")?.text()).map(str::to_owned));
        }
    }
}

fn decode(files: &[FileId], sources: &Sources) -> (Design, Vec<Diagnostic>) {
    let mut cx = Decoder::default();
    let mut declared = Declared::default();
    let mut merged: Option<Document> = None;
    for file in files {
        let text = sources.file(*file).text();
        let root = match yaml::parse(*file, text, &mut cx.problems) {
            Ok(root) => root,
            Err(problem) => {
                cx.problems.push(*problem);
                continue;
            }
        };
        declared.gather(&root);
        let Some(mut document) = Document::decode(&root, &mut cx) else { continue };
        match &mut merged {
            None => merged = Some(document),
            Some(all) => {
                all.clusters.append(&mut document.clusters);
                all.hosts.append(&mut document.hosts);
                all.host_groups.append(&mut document.host_groups);
                all.switches.append(&mut document.switches);
                match (&mut all.site, document.site) {
                    (None, site) => all.site = site,
                    (Some(site), Some(mut more)) => {
                        site.sdn_slb_mux_vlans.append(&mut more.sdn_slb_mux_vlans);
                        site.wireless_vlans.append(&mut more.wireless_vlans);
                        site.firewalls.append(&mut more.firewalls);
                    }
                    (Some(_), None) => {}
                }
            }
        }
    }
    if let Some(document) = &merged {
        check::check(document, &declared, &mut cx);
    }
    let mut problems = cx.problems;
    if cx.unlisted > 0 {
        let more = format!("{} more mistakes are not listed: mend these first", cx.unlisted);
        problems.push(Diagnostic::invalid(None, more));
    }
    crate::diagnostic::sort(&mut problems);
    (merged.map(Design::new).unwrap_or_default(), problems)
}
