//! The designs that settings name: paths as they are, patterns by what fits them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Settings;
use super::patterns::PathPattern;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::yaml::Text;

/// Directories inside directories that are looked into. Links are not followed, so only a hostile tree is deeper.
const DEEPEST: usize = 64;

impl Settings {
    /// The directory that is looked through when no path is asked for: the settings' own where they speak of designs or
    /// configs, else the working directory.
    pub fn start(&self) -> PathBuf {
        let own = self.place.seen();
        let speaks = !(self.designs.is_empty() && self.configs.is_empty());
        if speaks && !own.as_os_str().is_empty() { own } else { PathBuf::from(".") }
    }

    /// Whether a file that was come across on the way through a directory is left out: what is excluded, vendor packs,
    /// configs that the settings do not speak of where they speak of configs, and, with `designs`, designs beside these.
    pub fn left_out(&self, path: &Path, designs: &[PathBuf]) -> bool {
        let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        let unstated = match is_yaml {
            true => !designs.is_empty() && !designs.iter().any(|design| path.starts_with(design)),
            false => !self.configs.is_empty() && !self.is_config(path),
        };
        unstated || self.excluded(path) || self.of_a_pack(path)
    }

    /// Whether this is a file of a pack in one of the `vendor_dirs`: `NAME.yaml`, or a template in `NAME`.
    fn of_a_pack(&self, path: &Path) -> bool {
        let above = match path.extension().and_then(OsStr::to_str) {
            Some("yaml") => 1,
            Some("j2") => 2,
            _ => return false,
        };
        let directory = self.below(path).and_then(|path| path.ancestors().nth(above).map(Path::to_owned));
        let mut stated = self.vendor_dirs.iter().map(|stated| self.below(&self.path(stated)));
        directory.is_some() && stated.any(|stated| stated == directory)
    }

    /// The designs that are judged when none is asked for, as seen from the working directory, in their order. What
    /// fits no file is a mistake.
    pub fn design_paths(&self, problems: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for stated in &self.designs {
            if !stated.contains(['*', '?', '[', '{']) {
                paths.push(self.path(stated));
                continue;
            }
            match PathPattern::new(stated) {
                Ok(pattern) => {
                    let found = self.fitting(&pattern);
                    if found.is_empty() {
                        problems.push(fits_nothing(stated));
                    }
                    paths.extend(found);
                }
                Err(why) => {
                    let message = format!("`{stated}` is not a path or a pattern of paths: {why}");
                    problems.push(Diagnostic::invalid(stated.span, message));
                }
            }
        }
        paths.sort();
        paths.dedup();
        paths
    }

    /// The files and directories that `pattern` itself fits. What is hidden or excluded is left out.
    fn fitting(&self, pattern: &PathPattern) -> Vec<PathBuf> {
        let fits = pattern.itself();
        let mut found = Vec::new();
        let mut open = vec![(pattern.literal_start(), DEEPEST)];
        while let Some((directory, depth)) = open.pop() {
            let seen = self.place.seen().join(&directory);
            // What cannot be looked into holds no design.
            let Ok(entries) = std::fs::read_dir(self.place.working_directory.join(&seen)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let (path, seen) = (directory.join(&name), seen.join(&name));
                if name.to_string_lossy().starts_with('.') || self.excluded(&seen) {
                    continue;
                }
                if fits.is_match(&path) {
                    found.push(seen);
                } else if depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    open.push((path, depth - 1));
                }
            }
        }
        found
    }
}

fn fits_nothing(stated: &Spanned<Text>) -> Diagnostic {
    let mut mistake = Diagnostic::invalid(stated.span, format!("`{stated}` fits no design"));
    mistake.help("patterns count from the directory of the settings; hidden and excluded files are left out");
    mistake
}
