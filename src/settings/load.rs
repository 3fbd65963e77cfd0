//! From `.nlbswitch.yaml` to checked settings.

use std::path::{Path, PathBuf};

use super::patterns::{PathPattern, PathPatterns};
use super::types::{Document, RuleChoice};
use super::{Place, Settings};
use crate::diagnostic::{Diagnostic, one_of, quoted, suggest};
use crate::source::{
    DecodeError, FileId, Sources, Spanned, decode_utf, read_plain, shown_path, system_reason,
};
use crate::vendor::{PackError, Packs};
use crate::yaml::{self, Decode, Decoder, Kind, Node};

/// The name of the file.
pub const FILE_NAME: &str = ".nlbswitch.yaml";

/// Why there are no settings although there is a file.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The system said no.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The path as shown.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Octets that are no text.
    #[error("{path} is {reason}")]
    NotText {
        /// The path as shown.
        path: String,
        /// What is wrong.
        reason: DecodeError,
    },
}

/// Settings as they were read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The settings; what is broken in them is left out.
    pub settings: Settings,
    /// Every mistake found. With one, the settings are not to be acted on.
    pub problems: Vec<Diagnostic>,
}

impl Loaded {
    /// What is read where there is no file: nothing is stated.
    pub fn unstated(working_directory: &Path) -> Self {
        let place = Place { working_directory: working_directory.to_owned(), above: 0 };
        Self { settings: Settings { place, ..Settings::default() }, problems: Vec::new() }
    }
}

/// Reads the settings that hold in `working_directory`: the nearest [`FILE_NAME`] in it or above it. Without one
/// nothing is stated. Whether the packs exist that they name, [`Settings::check_dialects`] says.
///
/// # Errors
/// [`LoadError`] where there is no text to show a mistake in.
pub fn load(working_directory: &Path, sources: &mut Sources) -> Result<Loaded, LoadError> {
    let directories = working_directory.ancestors().enumerate();
    let mut files = directories.map(|(above, directory)| (above, directory.join(FILE_NAME)));
    let Some((above, file)) = files.find(|(_, file)| file.is_file()) else {
        return Ok(Loaded::unstated(working_directory));
    };
    let place = Place { working_directory: working_directory.to_owned(), above };
    let shown: PathBuf = place.seen().join(FILE_NAME);
    let shown = shown_path(&shown, Path::new(""));
    let octets = read_plain(&file)
        .map_err(|error| LoadError::Unreadable { path: shown.clone(), reason: system_reason(&error) })?;
    let text = decode_utf(octets).map_err(|reason| LoadError::NotText { path: shown.clone(), reason })?;
    Ok(load_text(&shown, text, place, sources))
}

/// Reads settings from a text, as if it were the file `shown` at `place`.
pub fn load_text(shown: &str, text: impl Into<String>, place: Place, sources: &mut Sources) -> Loaded {
    let file = sources.add(shown, text);
    let mut cx = Decoder::default();
    let document = decode(file, sources, &mut cx);
    let mut settings = Settings { file: Some(file), place, ..Settings::default() };
    if let Some(document) = document {
        settings.config_patterns = together(&document.configs, &mut cx);
        settings.exclude_patterns = together(&document.exclude, &mut cx);
        let dialects: Vec<_> = document.dialects.iter().map(|stated| stated.path.clone()).collect();
        settings.dialect_patterns = together(&dialects, &mut cx);
        let Document {
            designs,
            configs,
            exclude,
            dialects,
            vendor_dirs,
            rules,
            severity,
            baseline,
            suppressions,
            ..
        } = document;
        let RuleChoice { select, ignore, .. } =
            rules.unwrap_or(RuleChoice { select: Vec::new(), ignore: Vec::new(), span: document.span });
        settings.fail_level = document.fail_level.map(|level| level.value);
        settings = Settings {
            designs,
            configs,
            exclude,
            dialects,
            vendor_dirs,
            select,
            ignore,
            severity,
            baseline,
            suppressions,
            ..settings
        };
    }
    let Decoder { mut problems, unlisted, .. } = cx;
    if unlisted > 0 {
        let more = format!("{unlisted} more mistakes are not listed: mend these first");
        problems.push(Diagnostic::invalid(None, more));
    }
    crate::diagnostic::sort(&mut problems);
    Loaded { settings, problems }
}

/// The document of `file`; `None` when nothing is stated in it, or nothing can be read.
fn decode(file: FileId, sources: &Sources, cx: &mut Decoder) -> Option<Document> {
    let text = sources.file(file).text();
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(says_nothing) {
        return None; // settings that are all commented out are no mistake
    }
    match yaml::parse(file, text, &mut cx.problems) {
        Ok(root) => {
            check_suppressions(&root, cx);
            Document::decode(&root, cx)
        }
        Err(problem) => {
            cx.problems.push(*problem);
            None
        }
    }
}

fn together(patterns: &[Spanned<PathPattern>], cx: &mut Decoder) -> PathPatterns {
    PathPatterns::new(patterns.iter().map(|pattern| &pattern.value)).unwrap_or_else(|why| {
        let all = patterns.first().map(|pattern| pattern.span);
        cx.problems.push(Diagnostic::invalid(all, format!("these patterns are too much together: {why}")));
        PathPatterns::default()
    })
}

impl Settings {
    /// Whether the packs exist that `dialects` names: they may be those of `vendor_dirs`. Where one does not, that is
    /// pushed to `problems`.
    ///
    /// # Errors
    /// [`PackError`] when one of `packs` is broken.
    pub fn check_dialects(&self, packs: &Packs, problems: &mut Vec<Diagnostic>) -> Result<(), PackError> {
        for dialect in self.dialects.iter().map(|stated| &stated.dialect) {
            if packs.get(dialect)?.is_some() {
                continue;
            }
            let known = packs.known_names();
            let help = match suggest(dialect, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let names: Vec<String> = packs.all()?.iter().map(|pack| pack.name().to_owned()).collect();
                    format!("there are {}", one_of(names.iter().map(String::as_str)))
                }
            };
            let message = format!("there is no vendor pack `{}`", quoted(dialect));
            let mut mistake = Diagnostic::invalid(dialect.span, message);
            mistake.help(help);
            problems.push(mistake);
        }
        Ok(())
    }
}

/// That every suppression says what it is about. The broken ones too, which are not among the records.
fn check_suppressions(root: &Node<'_>, cx: &mut Decoder) {
    let Some(Kind::Sequence(items)) = root.get("suppressions").map(|list| &list.kind) else { return };
    let about_nothing = |item: &&Node<'_>| {
        matches!(item.kind, Kind::Mapping(_))
            && ["switch", "cluster", "path"].iter().all(|key| item.get(key).is_none())
    };
    for item in items.iter().filter(about_nothing) {
        let span = item.get("rule").map_or(item.span, |rule| rule.span);
        cx.error(span, "a suppression needs `switch`, `cluster` or `path`")
            .help("say what it is about; a rule that shall never speak stands under `rules: {ignore: …}`");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Settings of `/work/site`, seen from `above` directories below it.
    fn read(text: &str, above: usize) -> (Settings, Vec<String>) {
        let mut sources = Sources::new();
        let working_directory = Path::new("/work/site").join(["", "a", "a/b"][above]);
        let place = Place { working_directory, above };
        let Loaded { settings, mut problems } = load_text(FILE_NAME, text, place, &mut sources);
        settings.check_dialects(&Packs::embedded(), &mut problems).unwrap();
        crate::diagnostic::sort(&mut problems);
        let shown = problems.iter().map(|problem| {
            let line = problem.span.map_or(0, |span| sources.locate(span).line);
            format!("{line}: {}", problem.message)
        });
        let shown = shown.collect();
        (settings, shown)
    }

    #[test]
    fn files_are_sorted_by_patterns_that_count_from_the_settings_directory() {
        let text = "configs: ['*.cfg', /backup/core]\nexclude: [old]\n\
                    dialects: [{path: '*.cfg', dialect: ios}, {path: dc2, dialect: ftos}]\n";
        for (above, path, config, excluded, dialect) in [
            (0, "sw1.cfg", true, false, Some("ios")),
            (0, "./dc2/sw1.cfg", true, false, Some("ftos")),
            (0, "dc2/sw1.txt", false, false, Some("ftos")),
            (0, "/work/site/backup/core", true, false, None),
            (0, "old/sw1.cfg", true, true, Some("ios")),
            (0, "../elsewhere/sw1.cfg", false, false, None),
            (0, "/elsewhere/sw1.cfg", false, false, None),
            (1, "sw1.cfg", true, false, Some("ios")),
            (1, "../dc2/x", false, false, Some("ftos")),
            (2, "../../backup/core", true, false, None),
            (2, "backup/core", false, false, None),
        ] {
            let (settings, problems) = read(text, above);
            let path = Path::new(path);
            let stated = settings.dialect_of(path).map(|dialect| dialect.to_string());
            assert_eq!(problems, [""; 0]);
            assert_eq!(
                (settings.is_config(path), settings.excluded(path), stated.as_deref()),
                (config, excluded, dialect),
                "{above} {}",
                path.display()
            );
        }
    }

    #[test]
    fn paths_count_from_the_settings_directory() {
        for (above, expected) in [(0, "base.json"), (1, "../base.json"), (2, "../../base.json")] {
            let (settings, _) = read("baseline: ./base.json\n", above);
            assert_eq!(settings.path(&settings.baseline.clone().unwrap()), Path::new(expected));
        }
        assert_eq!(read("", 1).0.path("/base.json"), Path::new("/base.json"));
    }

    #[test]
    fn settings_that_state_nothing_are_no_mistake() {
        for text in ["", "# rules:\n#   ignore: [NLB218]\n\n", "rules:\n  {}\n", "designs: []\n"] {
            let (settings, problems) = read(text, 0);
            assert_eq!(problems, [""; 0], "{text}");
            assert!(settings.file.is_some() && settings.select.is_empty() && settings.designs.is_empty());
        }
    }

    #[test]
    fn every_mistake_is_told_in_one_run() {
        let text = "\
rule: {ignore: [NLB218]}
fail_level: eror
exclude: ['!a', '../b']
dialects:
  - {path: '*.cfg', dialect: cisco-iso}
  - {path: '*.cfg'}
severity: [NLB501]
suppressions:
  - {rule: NLB501, reason: ''}
  - {rule: NLB501, switch: sw1}
  - {rule: NLB501, switch: sw1, reason: new, until: 31.12.2026}
";
        assert_eq!(
            read(text, 0).1,
            [
                "1: the settings file has no key `rule`",
                "2: `eror` is not a severity to fail from",
                "3: `!a` is not a path or a pattern of paths: a pattern cannot be turned round by `!`: name the files themselves",
                "3: `../b` is not a path or a pattern of paths: `..` leads out of the settings' directory",
                "5: there is no vendor pack `cisco-iso`",
                "6: a dialect needs `dialect`",
                "7: a mapping of rules to severities is expected",
                "9: a suppression needs `switch`, `cluster` or `path`",
                "9: `` is not one line of text: it is empty",
                "10: a suppression needs `reason`",
                "11: `31.12.2026` is not a date: write year, month and day like 2026-12-24",
            ]
        );
    }
}
