//! The tool's own settings, `.nlbswitch.yaml`: which files are judged, which rules speak and how loud, and what is
//! accepted. Read with positions like a design, every mistake collected. Rules are named here and known in `lint`.

mod date;
mod designs;
mod load;
mod patterns;
mod types;
mod values;

use std::path::{Component, Path, PathBuf};

pub use date::Date;
pub use load::{FILE_NAME, LoadError, Loaded, load, load_text};
pub use patterns::{NamePattern, PathPattern, PathPatterns};
pub use types::{DialectOf, Document, FailLevel, Level, RuleChoice, Suppression};
pub use values::Levels;

use crate::source::{FileId, Spanned};
use crate::yaml::{Schemed, Text};

/// Settings as they were read; all of them unstated when there is no file.
#[derive(Debug, Default)]
pub struct Settings {
    /// The file they were read from.
    pub file: Option<FileId>,
    /// The designs that are judged when none is asked for: paths and patterns, as written.
    pub designs: Vec<Spanned<Text>>,
    /// Which files are configs, as written.
    pub configs: Vec<Spanned<PathPattern>>,
    /// What is never looked at, as written.
    pub exclude: Vec<Spanned<PathPattern>>,
    /// Directories of vendor packs of the user's own, as written; [`Settings::path`] leads there.
    pub vendor_dirs: Vec<Spanned<Text>>,
    /// The dialects that are stated, as written.
    pub dialects: Vec<DialectOf>,
    /// The rules that speak: codes, beginnings of codes, names, `all`; every rule when empty.
    pub select: Vec<Spanned<Text>>,
    /// The rules that do not speak.
    pub ignore: Vec<Spanned<Text>>,
    /// Severities that differ from the rules' own.
    pub severity: Levels,
    /// From which severity on the exit code is 1, where it is stated.
    pub fail_level: Option<FailLevel>,
    /// The baseline, as written; [`Settings::path`] leads there.
    pub baseline: Option<Spanned<Text>>,
    /// What is accepted.
    pub suppressions: Vec<Suppression>,
    place: Place,
    config_patterns: PathPatterns,
    exclude_patterns: PathPatterns,
    dialect_patterns: PathPatterns,
}

/// Where settings stand: patterns and relative paths in them count from there.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The directory that the paths of a run count from, from the root on.
    pub working_directory: PathBuf,
    /// How many directories the settings stand above it.
    pub above: usize,
}

impl Place {
    /// The settings' directory, from the root on.
    fn directory(&self) -> &Path {
        self.working_directory.ancestors().nth(self.above).unwrap_or(&self.working_directory)
    }

    /// The settings' directory as seen from the working directory; empty when they are the same.
    fn seen(&self) -> PathBuf {
        std::iter::repeat_n(Component::ParentDir, self.above).collect()
    }
}

impl Settings {
    /// The path that `text` in the settings means, as seen from the working directory.
    pub fn path(&self, text: &str) -> PathBuf {
        self.place.seen().join(text.strip_prefix("./").unwrap_or(text))
    }

    /// Whether `path` is said to be a switch config. Nothing is, where the settings do not speak of configs.
    pub fn is_config(&self, path: &Path) -> bool {
        self.below(path).is_some_and(|path| self.config_patterns.fit(&path))
    }

    /// Whether `path`, or a directory it lies in, is not to be looked at.
    pub fn excluded(&self, path: &Path) -> bool {
        self.below(path).is_some_and(|path| self.exclude_patterns.fit(&path))
    }

    /// The vendor pack that is said to speak the dialect of the config `path`: a name or alias that exists.
    pub fn dialect_of(&self, path: &Path) -> Option<&Spanned<Text>> {
        let path = self.below(path)?;
        let stated = self.dialect_patterns.last_that_fits(&path)?;
        self.dialects.get(stated).map(|stated| &stated.dialect)
    }

    /// `path`, which counts from the working directory or from the root, as seen from the settings' directory; `None`
    /// when it does not lie below it. Links are not followed: a pattern speaks of names.
    pub fn below(&self, path: &Path) -> Option<PathBuf> {
        let mut whole = PathBuf::new();
        for part in self.place.working_directory.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    whole.pop();
                }
                other => whole.push(other),
            }
        }
        whole.strip_prefix(self.place.directory()).ok().map(Path::to_owned)
    }
}

/// The JSON Schema of the settings, made from the types that read them.
pub fn schema() -> serde_json::Value {
    let generator = schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12());
    let mut schema = generator.into_root_schema_for::<Schemed<Document>>();
    schema.insert("title".to_owned(), "nlbswitch settings".into());
    schema.to_value()
}
