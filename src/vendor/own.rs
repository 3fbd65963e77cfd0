//! Packs of a user's own: a directory with `NAME.yaml` and `NAME/{apply,remove,verify}.j2`. What stands there is not
//! trusted: it is measured before it is read, and everything that is wrong is told with its place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::pack::{Pack, Templates};
use super::types::PackFile;
use super::{PackError, Packs, decoded};
use crate::diagnostic::{Diagnostic, Severity, quoted};
use crate::source::{FileId, Sources, Span, decode_utf, read_plain, system_reason};
use crate::yaml::{self, Decode, Decoder};

/// The largest YAML file of a pack, in octets: the largest that comes with the program has 60,000.
const MAX_YAML: u64 = 1024 * 1024;
/// The largest template, in octets: the largest that comes with the program has 6,000.
const MAX_TEMPLATE: u64 = 64 * 1024;
/// The most packs in a directory.
const MAX_PACKS: usize = 200;
/// The longest tag of a template, in octets, and the most tags: whoever reads a template goes down a step for each part of
/// an expression and each branch of a condition. Those that come with the program have up to 170 and 280.
const MAX_TAG: usize = 400;
const MAX_TAGS: usize = 600;
/// The templates of a pack.
const PARTS: [&str; 3] = ["apply", "remove", "verify"];

/// A pack of the user's own.
#[derive(Debug, Clone)]
pub struct OwnPack {
    /// The pack.
    pub pack: Arc<Pack>,
    /// What it is made of: its YAML, then its templates.
    pub texts: Vec<String>,
    /// Its YAML, then its templates, as they are in the sources.
    pub files: Vec<FileId>,
}

/// What a directory of packs holds.
#[derive(Debug, Default)]
pub struct Own {
    /// The packs that can be used, by name.
    pub packs: Vec<OwnPack>,
    /// What is wrong, in all of them.
    pub problems: Vec<Diagnostic>,
}

/// Reads the packs in `directory`, whose files are called in messages as `shown` says.
///
/// # Errors
/// What the system says of the directory, in words. What is wrong in a pack is told in [`Own::problems`].
pub fn read_own(
    directory: &Path,
    shown: &dyn Fn(&Path) -> String,
    sources: &mut Sources,
) -> Result<Own, String> {
    let cannot = |error: &std::io::Error| {
        format!("cannot read the vendor directory {}: {}", shown(directory), system_reason(error))
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|error| cannot(&error))? {
        let path = entry.map_err(|error| cannot(&error))?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(format!("the vendor directory {} holds no pack: no file NAME.yaml", shown(directory)));
    }
    if files.len() > MAX_PACKS {
        return Err(format!("the vendor directory {} holds more than {MAX_PACKS} packs", shown(directory)));
    }
    let mut own = Own::default();
    for file in files {
        let mut reading = Reading { shown, sources: &mut *sources, problems: Vec::new() };
        let read = reading.pack(&file);
        own.problems.append(&mut reading.problems);
        own.packs.extend(read);
    }
    Ok(own)
}

struct Reading<'r> {
    shown: &'r dyn Fn(&Path) -> String,
    sources: &'r mut Sources,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// The text of a file; `None` where it cannot be taken, which is told.
    fn text(&mut self, path: &Path, limit: u64) -> Option<(FileId, String)> {
        let size = std::fs::metadata(path).map(|metadata| metadata.len());
        let read = match size {
            Ok(size) if size > limit => Err(format!("it has more than {} KiB", limit / 1024)),
            _ => read_plain(path)
                .map_err(|error| system_reason(&error))
                .and_then(|octets| decode_utf(octets).map_err(|error| format!("it is {error}"))),
        };
        match read {
            Ok(text) => Some((self.sources.add((self.shown)(path), text.clone()), text)),
            Err(why) => {
                let nothing = self.sources.add((self.shown)(path), "");
                let message = format!("cannot use this file of a vendor pack: {why}");
                self.problems.push(Diagnostic::invalid(Span::new(nothing, 0..0), message));
                None
            }
        }
    }

    fn pack(&mut self, path: &Path) -> Option<OwnPack> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (file, text) = self.text(path, MAX_YAML)?;
        let mut texts = vec![text];
        let mut files = vec![file];
        let parts = self.templates(&path.with_extension(""), file);
        if let Some(parts) = &parts {
            texts.extend(parts.iter().map(|(_, text)| text.clone()));
            files.extend(parts.iter().map(|(file, _)| *file));
        }
        let templates = parts.map(|parts| {
            let [apply, remove, verify] = parts.map(|(_, text)| text);
            Templates { apply, remove, verify }
        });
        match read(&name, file, &texts[0], templates) {
            Ok(pack) => Some(OwnPack { pack: Arc::new(pack), texts, files }),
            Err(mut error) => {
                self.problems.append(&mut error.problems);
                None
            }
        }
    }

    /// The templates in `directory`; `None` where there are none, or not all of them, which is told.
    fn templates(&mut self, directory: &Path, pack: FileId) -> Option<[(FileId, String); 3]> {
        if !directory.is_dir() {
            return None;
        }
        let paths = PARTS.map(|part| directory.join(format!("{part}.j2")));
        let missing: Vec<String> =
            paths.iter().filter(|path| !path.exists()).map(|path| (self.shown)(path)).collect();
        if !missing.is_empty() {
            let message = format!("templates of this pack are missing: {}", missing.join(", "));
            let mut problem = Diagnostic::invalid(Span::new(pack, 0..0), message);
            problem.help("a pack has all three of apply.j2, remove.j2 and verify.j2, or none");
            self.problems.push(problem);
            return None;
        }
        let mut read = Vec::new();
        for path in &paths {
            let Some((file, text)) = self.text(path, MAX_TEMPLATE) else { continue };
            match shape(&text) {
                Ok(()) => read.push((file, text)),
                Err((at, why)) => self.problems.push(Diagnostic::invalid(Span::new(file, at..at + 2), why)),
            }
        }
        read.try_into().ok()
    }
}

/// Whether a template is made of few short tags; where it is not, and why, else.
fn shape(text: &str) -> Result<(), (usize, String)> {
    let mut at = 0;
    let mut tags = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        let inside = start + 2;
        let length = match text.get(start..inside) {
            Some("{#") => text[inside..].find("#}").map(|length| length + 2),
            Some("{{") => tag_length(&text[inside..], "}}"),
            Some("{%") => tag_length(&text[inside..], "%}"),
            _ => {
                at = start + 1;
                continue;
            }
        };
        // What is not closed is told by whoever reads the template; it runs to the end.
        let length = length.unwrap_or(text.len() - inside);
        let tag = &text[inside..inside + length];
        if text[start..].starts_with("{#") {
            at = inside + length;
            continue;
        }
        tags += 1;
        if tag.len() > MAX_TAG {
            return Err((start, format!("a tag of a template has at most {MAX_TAG} octets")));
        }
        if tags > MAX_TAGS {
            return Err((start, format!("a template has at most {MAX_TAGS} tags")));
        }
        // What stands between such tags is read otherwise than the rest, and here it is not.
        if tag.trim_start_matches(['-', '+']).trim_start().starts_with("raw") {
            return Err((start, "a template of a pack has no `raw` parts".to_owned()));
        }
        at = inside + length;
    }
    Ok(())
}

/// The octets of a tag to the end of its `close`, which does not count between quotes.
fn tag_length(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some(sign) if character == sign => quote = None,
            Some(_) => {}
            None if text[at..].starts_with(close) => return Some(at + close.len()),
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None => {}
        }
    }
    None
}

/// The pack in a file that is in the sources.
fn read(name: &str, file: FileId, text: &str, templates: Option<Templates>) -> Result<Pack, PackError> {
    let mut cx = Decoder::default();
    let record = match yaml::parse(file, text, &mut cx.problems) {
        Ok(root) => PackFile::decode(&root, &mut cx),
        Err(problem) => {
            cx.problems.push(*problem);
            None
        }
    };
    let (record, mut cx): (PackFile, Decoder) = decoded(name, record, cx)?;
    if name == "foreign" || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message = format!("`{}` is no name for a vendor pack", quoted(name));
        cx.error(record.name.span, message).help("lower case letters, digits and hyphens: `acme-os`");
    }
    Pack::check(name, (record, cx), templates)
}

/// What is wrong with `own` beside the other packs: names that lead to two of them.
///
/// # Errors
/// [`PackError`] when one of `packs` is broken.
pub fn clashes(own: &[OwnPack], packs: &Packs) -> Result<Vec<Diagnostic>, PackError> {
    let mut problems = Vec::new();
    // One that a pack of the user's own replaces is not there any more.
    let kept = packs.all()?.into_iter().filter(|pack| own.iter().all(|own| own.pack.name() != pack.name()));
    let all: Vec<Arc<Pack>> = kept.chain(own.iter().map(|own| Arc::clone(&own.pack))).collect();
    for one in own {
        for other in all.iter().filter(|other| other.name() != one.pack.name()) {
            for name in
                other.called().filter(|name| one.pack.called().any(|mine| mine.eq_ignore_ascii_case(name)))
            {
                let message = format!("`{name}` names the pack `{}` too", other.name());
                let place = one.files.first().map(|file| Span::new(*file, 0..0));
                let mut problem = Diagnostic::invalid(place, message);
                problem.severity(Severity::Error).help("give it another name or alias");
                problems.push(problem);
            }
        }
    }
    Ok(problems)
}
