//! Patterns of paths and of names.
//!
//! A pattern of paths reads like a line of `.gitignore`: without `/` it fits a file or directory of that name at any
//! depth, with one it counts from the settings' directory, and what fits a directory fits all below it. `*` and `?` stay
//! within one part of a path, `**` does not, `[ab]` and `{a,b}` are choices.

use std::fmt;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use schemars::{Schema, SchemaGenerator, json_schema};

use crate::yaml::{Decode, Decoder, Node, Text};

/// What a set of globs may take when compiled, so that a hostile pattern costs milliseconds and not the memory.
const LONGEST: usize = 500;

/// A path, or a pattern of paths, below the settings' directory.
#[derive(Debug, Clone)]
pub struct PathPattern {
    text: String,
    globs: [Glob; 2],
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it has more than {LONGEST} characters"));
        }
        if text.starts_with('!') {
            return Err("a pattern cannot be turned round by `!`: name the files themselves".to_owned());
        }
        let mut parts = text.trim_end_matches('/');
        while let Some(rest) = parts.strip_prefix("./") {
            parts = rest;
        }
        let anchored = parts.contains('/');
        let parts = parts.trim_start_matches('/');
        let parts = if matches!(parts, "" | ".") { "**" } else { parts };
        if parts.split('/').any(|part| part == "..") {
            return Err("`..` leads out of the settings' directory".to_owned());
        }
        let itself = if anchored { parts.to_owned() } else { format!("**/{parts}") };
        let glob = |pattern: &str| {
            let mut builder = GlobBuilder::new(pattern);
            builder.literal_separator(true).backslash_escape(true);
            builder.build().map_err(|error| error.kind().to_string())
        };
        let globs = [glob(&itself)?, glob(&format!("{itself}/**"))?];
        Ok(Self { text: text.to_owned(), globs })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What fits it itself, and not only by lying in a directory that does.
    pub(super) fn itself(&self) -> GlobMatcher {
        self.globs[0].compile_matcher()
    }

    /// The directory, below the settings' own, that holds whatever it fits.
    pub(super) fn literal_start(&self) -> PathBuf {
        let parts: Vec<&str> = self.globs[0].glob().split('/').collect();
        let means_more = |part: &&&str| part.contains(['*', '?', '[', '{', '\\']);
        let literal = parts.iter().take_while(|part| !means_more(part)).count();
        parts[..literal.min(parts.len() - 1)].iter().collect()
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Decode for PathPattern {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        Text::decode(node, cx)?;
        cx.parsed(node, "a path or a pattern of paths", Self::new)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "maxLength": LONGEST})
    }
}

/// Several patterns of paths, asked at once.
#[derive(Debug, Clone, Default)]
pub struct PathPatterns {
    globs: GlobSet,
}

impl PathPatterns {
    /// The patterns as one.
    ///
    /// # Errors
    /// That they are too large together.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p PathPattern>) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            for glob in &pattern.globs {
                builder.add(glob.clone());
            }
        }
        builder.build().map(|globs| Self { globs }).map_err(|error| error.kind().to_string())
    }

    /// Whether one of them fits `path`, a path below the settings' directory.
    pub fn fit(&self, path: &Path) -> bool {
        self.globs.is_match(path)
    }

    /// The place in the list of the last one that fits `path`.
    pub fn last_that_fits(&self, path: &Path) -> Option<usize> {
        self.globs.matches(path).into_iter().max().map(|glob| glob / 2) // two globs a pattern
    }
}

/// The name of a switch or cluster, or a pattern of names: `*` is any text, `?` one character.
#[derive(Debug, Clone)]
pub struct NamePattern {
    text: String,
    matcher: GlobMatcher,
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it has more than {LONGEST} characters"));
        }
        let mut literal = String::with_capacity(text.len());
        for character in text.chars() {
            if "[]{}\\!".contains(character) {
                literal.push('\\'); // names are no paths: only `*` and `?` mean something
            }
            literal.push(character);
        }
        let mut builder = GlobBuilder::new(&literal);
        builder.literal_separator(false).backslash_escape(true);
        let glob = builder.build().map_err(|error| error.kind().to_string())?;
        Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `name` is meant.
    pub fn fits(&self, name: &str) -> bool {
        self.text == name || self.matcher.is_match(name)
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Decode for NamePattern {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        Text::decode(node, cx)?;
        cx.parsed(node, "a name or a pattern of names", Self::new)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "maxLength": LONGEST})
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_paths_read_like_lines_of_gitignore() {
        for (pattern, fits, does_not_fit) in [
            ("*.cfg", "a.cfg configs/b.cfg x.cfg/in", "a.cfgs a.conf"),
            ("configs", "configs/a.txt deep/configs/a/b", "config/a configs.txt"),
            ("configs/", "configs/a.txt deep/configs/a", "config"),
            ("configs/*.cfg", "configs/a.cfg", "a.cfg configs/x/a.cfg deep/configs/a.cfg"),
            ("configs/**/*.cfg", "configs/a.cfg configs/x/y/a.cfg", "configs/a.txt"),
            ("/top.cfg", "top.cfg", "deep/top.cfg"),
            ("./site/core", "site/core site/core/a", "core deep/site/core"),
            ("{core,dist}-[12].cfg", "core-1.cfg x/dist-2.cfg", "core-3.cfg acc-1.cfg"),
            (".", "a a/b", ""),
            ("a\\*b", "a*b", "axb"),
        ] {
            let set = PathPatterns::new([&PathPattern::new(pattern).unwrap()]).unwrap();
            for path in fits.split_whitespace() {
                assert!(set.fit(Path::new(path)), "{pattern} fits {path}");
            }
            for path in does_not_fit.split_whitespace() {
                assert!(!set.fit(Path::new(path)), "{pattern} does not fit {path}");
            }
        }
    }

    #[test]
    fn patterns_that_cannot_be_meant_are_refused_with_the_reason() {
        for (pattern, why) in [
            ("!a", "cannot be turned round"),
            ("../a", "leads out"),
            ("a/../b", "leads out"),
            ("[a", "unclosed"),
            ("{a", "unclosed"),
            (&"a".repeat(501), "more than 500"),
        ] {
            assert!(PathPattern::new(pattern).is_err_and(|error| error.contains(why)), "{pattern}");
        }
    }

    #[test]
    fn the_last_pattern_that_fits_is_found() {
        let patterns = ["*.cfg", "core/*", "core/a.cfg"].map(|text| PathPattern::new(text).unwrap());
        let set = PathPatterns::new(&patterns).unwrap();
        for (path, last) in
            [("x.cfg", Some(0)), ("core/x.cfg", Some(1)), ("core/a.cfg", Some(2)), ("x.txt", None)]
        {
            assert_eq!(set.last_that_fits(Path::new(path)), last, "{path}");
        }
    }

    #[test]
    fn names_are_meant_by_themselves_or_by_a_star() {
        for (pattern, name, fits) in [
            ("sw1", "sw1", true),
            ("sw1", "sw10", false),
            ("sw1", "SW1", false),
            ("acc-*", "acc-b1/2", true),
            ("acc-?", "acc-12", false),
            ("(a)", "(a)", true),
            ("[ab]", "a", false),
        ] {
            assert_eq!(NamePattern::new(pattern).unwrap().fits(name), fits, "{pattern} {name}");
        }
    }
}
