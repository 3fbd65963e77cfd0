//! The settings file, key by key. The names are the contract; the JSON Schema is made from these types.

use super::date::Date;
use super::patterns::{NamePattern, PathPattern};
use super::values::Levels;
use crate::diagnostic::Severity;
use crate::source::Spanned;
use crate::yaml::{Text, choice, record};

record! {
    /// The settings of nlbswitch for the directory they stand in and all below it.
    pub struct Document: "the settings file" {
        /// The designs that are judged when no path is asked for: files, directories or patterns; all that are found when
        /// none is stated.
        designs: Vec<Spanned<Text>>,
        /// Which of the files that are come across are switch configs: paths or patterns; all that look like one when
        /// none is stated.
        configs: Vec<Spanned<PathPattern>>,
        /// What is passed over unless it is asked for by name: paths or patterns.
        exclude: Vec<Spanned<PathPattern>>,
        /// Directories of vendor packs of one's own, beside or in place of those that come with the program. Of several
        /// packs of one name the last one counts.
        vendor_dirs: Vec<Spanned<Text>>,
        /// The dialects of configs that do not show theirs. Of several that fit a file the last one counts.
        dialects: Vec<DialectOf>,
        /// Which rules speak.
        rules: Option<RuleChoice>,
        /// Severities that differ from the rules' own, by code or name.
        severity: Levels,
        /// The least severity that makes the exit code 1.
        fail_level: Option<Spanned<FailLevel>>,
        /// The file of findings that were there already, as `lint --write-baseline` writes it.
        baseline: Option<Spanned<Text>>,
        /// Findings that are accepted, each with the reason.
        suppressions: Vec<Suppression>,
    }
}

record! {
    /// The dialect of some configs.
    pub struct DialectOf: "a dialect" {
        /// The configs: a path or a pattern.
        path: Spanned<PathPattern>,
        /// The vendor pack that speaks it, or an alias of it.
        dialect: Spanned<Text>,
    }
}

record! {
    /// Which rules speak: codes (`NLB501`), their beginnings (`NLB5`), names, or `all`.
    pub struct RuleChoice: "a choice of rules" {
        /// Only these; all of them when none is named.
        select: Vec<Spanned<Text>>,
        /// Not these.
        ignore: Vec<Spanned<Text>>,
    }
}

record! {
    /// A finding that is accepted. It names what the finding is about, and all that is named must fit.
    pub struct Suppression: "a suppression" {
        /// The rule, by code or name.
        rule: Spanned<Text>,
        /// The switch it is about: a name, or a pattern with `*`.
        switch: Option<Spanned<NamePattern>>,
        /// The cluster it is about: a name, or a pattern with `*`.
        cluster: Option<Spanned<NamePattern>>,
        /// The file it is in: a path or a pattern.
        path: Option<Spanned<PathPattern>>,
        /// Why it is accepted.
        reason: Spanned<Text>,
        /// Who answers for it.
        owner: Option<Spanned<Text>>,
        /// The last day it holds, as 2026-12-24.
        until: Option<Spanned<Date>>,
    }
}

choice! {
    /// How bad a finding is.
    pub enum Level: "a severity" {
        /// Cuts off a cluster, or cannot work.
        Error = "error",
        /// Likely to hurt.
        Warning = "warning",
        /// Good to know.
        Info = "info",
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

choice! {
    /// From which severity on a finding makes the exit code 1.
    pub enum FailLevel: "a severity to fail from" {
        /// From errors on.
        Error = "error",
        /// From warnings on.
        Warning = "warning",
        /// From every finding on.
        Info = "info",
        /// From none.
        Never = "never",
    }
}

impl FailLevel {
    /// Whether a finding of this severity is enough.
    pub fn reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Info => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}
