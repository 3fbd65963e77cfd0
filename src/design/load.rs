//! Files to a checked design.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Design, Document, GatewayRole, Link, PortRef, PortRefs, check};
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::{
    FileId, MAX_FILE, Sources, Span, Spanned, decode_utf, read_limited, shown_path, system_reason,
};
use crate::yaml::{self, Decode, Decoder, Kind, Name, Node};

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
    let metadata = std::fs::metadata(path).map_err(|error| match unreadable(path, error) {
        LoadError::Unreadable { path: shown, reason } => {
            let near = neighbour(path)
                .map(|near| format!("; did you mean {}?", shown_path(&near, working_directory)));
            LoadError::Unreadable { path: shown, reason: reason + &near.unwrap_or_default() }
        }
        other => other,
    })?;
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
    load_files(&files, &base, working_directory, sources)
}

/// Reads `files` as one design, whose paths are seen from `base`.
///
/// # Errors
/// As [`load`].
pub fn load_files(
    files: &[PathBuf],
    base: &Path,
    working_directory: &Path,
    sources: &mut Sources,
) -> Result<Loaded, LoadError> {
    let mut ids = Vec::with_capacity(files.len());
    for file in files {
        let shown = shown_path(file, working_directory);
        let octets = read_limited(file).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => LoadError::TooLarge { path: shown.clone() },
            _ => LoadError::Unreadable { path: shown.clone(), reason: system_reason(&error) },
        })?;
        let text = decode_utf(octets).map_err(|reason| LoadError::NotText { path: shown.clone(), reason })?;
        ids.push(sources.add(shown, text));
    }
    let (design, problems) = decode(&ids, sources);
    Ok(Loaded { design, problems, base: base.to_owned(), files: ids })
}

/// Whether `text` is meant to be a design: one of its top-level keys is, or nearly is, one of a design's.
pub fn looks_like_design(text: &str) -> bool {
    const KEYS: [&str; 5] = ["clusters", "hosts", "host_groups", "switches", "site"];
    let key = |line: &str| {
        let line = line.trim_start_matches(['{', '\u{feff}']);
        let (key, _) = line.split_once(':')?;
        let key = key.trim().trim_matches(['"', '\'']);
        let plain = !key.is_empty()
            && key.bytes().all(|octet| octet.is_ascii_alphabetic() || matches!(octet, b'_' | b'-'));
        plain.then_some(key.to_owned())
    };
    let top = text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '-']));
    top.filter_map(key).any(|key| suggest(&key, KEYS).is_some())
}

/// A design beside `path`, which is not there, with nearly the same name.
pub(crate) fn neighbour(path: &Path) -> Option<PathBuf> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let wanted = path.file_name()?.to_str()?;
    let files = std::fs::read_dir(directory.unwrap_or(Path::new("."))).ok()?;
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
    names.sort();
    let near = suggest(wanted, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near))
}

/// Reads a design from a text, as if it were the file `path`.
pub fn load_text(path: &str, text: impl Into<String>, sources: &mut Sources) -> Loaded {
    let id = sources.add(path, text);
    let (design, problems) = decode(&[id], sources);
    let base = Path::new(path).parent().unwrap_or(Path::new("")).to_owned();
    Loaded { design, problems, base, files: vec![id] }
}

/// Every name that some file gives to a thing, broken or not: a reference to a broken thing is no second mistake.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) clusters: Names,
    pub(super) hosts: Names,
    pub(super) groups: Names,
    pub(super) switches: Names,
}

/// The names of one list, each with the places it stands at.
pub(super) type Names = BTreeMap<String, Vec<Span>>;

impl Declared {
    fn append(&mut self, more: Self) {
        for (names, more) in [
            (&mut self.clusters, more.clusters),
            (&mut self.hosts, more.hosts),
            (&mut self.groups, more.groups),
            (&mut self.switches, more.switches),
        ] {
            for (name, mut spans) in more {
                names.entry(name).or_default().append(&mut spans);
            }
        }
    }

    fn gather(&mut self, root: &Node<'_>) {
        for (key, names) in [
            ("clusters", &mut self.clusters),
            ("hosts", &mut self.hosts),
            ("host_groups", &mut self.groups),
            ("switches", &mut self.switches),
        ] {
            for item in items(root, key) {
                let Some(name) = item.get("name") else { continue };
                let Some(text) = name.text() else { continue };
                names.entry(text.to_owned()).or_default().push(name.span);
            }
        }
    }
}

impl Document {
    /// Adds what another file, or a later piece of the same one, describes.
    fn append(&mut self, mut more: Self) {
        self.clusters.append(&mut more.clusters);
        self.hosts.append(&mut more.hosts);
        self.host_groups.append(&mut more.host_groups);
        self.switches.append(&mut more.switches);
        match (&mut self.site, more.site) {
            (None, site) => self.site = site,
            (Some(site), Some(mut more)) => {
                site.sdn_slb_mux_vlans.append(&mut more.sdn_slb_mux_vlans);
                site.wireless_vlans.append(&mut more.wireless_vlans);
                site.firewalls.append(&mut more.firewalls);
            }
            (Some(_), None) => {}
        }
    }
}

/// The items of the list under `key`; none when there is no list.
fn items<'n, 't>(node: &'n Node<'t>, key: &str) -> &'n [Node<'t>] {
    match node.get(key).map(|list| &list.kind) {
        Some(Kind::Sequence(items)) => items,
        _ => &[],
    }
}

/// What can still be read of a document in which something is broken: the references of records that were dropped, so
/// that all mistakes are said in one run.
fn salvage(root: &Node<'_>) -> check::References {
    fn read<T: Decode>(node: Option<&Node<'_>>) -> Option<T> {
        // What is wrong in it was said when the whole record was read.
        node.and_then(|node| T::decode(node, &mut Decoder::default()))
    }
    let mut found = check::References::default();
    for cluster in items(root, "clusters") {
        let names = items(cluster, "nodes").iter().filter_map(|node| read::<Spanned<Name>>(node.get("name")));
        found.nodes.push(names.collect());
        for node in items(cluster, "nodes") {
            found.hosts.extend(read::<Spanned<Name>>(node.get("host")));
            found.ports.extend(read::<PortRefs>(node.get("attach")).into_iter().flat_map(|ports| ports.0));
        }
    }
    for host in items(root, "hosts") {
        found.groups.extend(read::<Spanned<Name>>(host.get("group")));
        found.ports.extend(read::<Vec<Spanned<PortRef>>>(host.get("links")).into_iter().flatten());
    }
    for switch in items(root, "switches") {
        let links = read::<Vec<Link>>(switch.get("links")).into_iter().flatten();
        found.ports.extend(links.map(|link| link.to));
        let role = read::<GatewayRole>(switch.get("gateway"));
        let peers = role.iter().filter_map(GatewayRole::described).flat_map(|gateway| gateway.peers.clone());
        found.peers.extend(peers);
    }
    found
}

/// The records of a piece of a design and their names, when nothing in it is wrong.
fn whole_records(piece: &Node<'_>) -> Option<(Declared, Document)> {
    let mut declared = Declared::default();
    declared.gather(piece);
    let mut cx = Decoder::default();
    let document = Document::decode(piece, &mut cx)?;
    cx.problems.is_empty().then_some((declared, document))
}

fn decode(files: &[FileId], sources: &Sources) -> (Design, Vec<Diagnostic>) {
    let mut cx = Decoder::default();
    let mut declared = Declared::default();
    let mut loose = Vec::new();
    let mut merged: Option<Document> = None;
    let mut merge = |document: Document| match &mut merged {
        None => merged = Some(document),
        Some(all) => all.append(document),
    };
    for file in files {
        let text = sources.file(*file).text();
        if let Some(pieces) = yaml::in_pieces(*file, text, whole_records) {
            for (names, document) in pieces {
                declared.append(names);
                merge(document);
            }
            continue;
        }
        let root = match yaml::parse(*file, text, &mut cx.problems) {
            Ok(root) => root,
            Err(problem) => {
                cx.problems.push(*problem);
                continue;
            }
        };
        declared.gather(&root);
        let before = cx.problems.len();
        let document = Document::decode(&root, &mut cx);
        if cx.problems.len() > before {
            loose.push(salvage(&root));
        }
        document.into_iter().for_each(&mut merge);
    }
    check::check_names(&declared, &mut cx);
    loose.iter().for_each(|references: &check::References| references.check(&declared, &mut cx));
    if let Some(document) = &merged {
        check::check(document, &declared, &mut cx);
    }
    let mut problems = cx.problems;
    if cx.unlisted > 0 {
        let more = format!("{} more mistakes are not listed: mend these first", cx.unlisted);
        problems.push(Diagnostic::invalid(None, more));
    }
    crate::diagnostic::sort(&mut problems);
    let mut design = merged.map(Design::new).unwrap_or_default();
    design.loose_ports = loose.into_iter().flat_map(|references| references.ports).collect();
    (design, problems)
}
