//! Findings to text: one file an output format, each a pure function of one [`Report`].

mod checkstyle;
mod concise;
mod edit;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
pub mod markdown;
mod rdjson;
mod sarif;
mod shown;

use std::fmt;
use std::str::FromStr;

use self::shown::Shown;
pub use self::shown::{locate, shown_finding};
use crate::diagnostic::{BaselineState, Code, Diagnostic, Failure, Gone, Remediation, Severity, Suppressed};
use crate::lint::{self, Page};
use crate::source::Sources;

/// What a report is about, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Designs read.
    pub designs: usize,
    /// Configs read.
    pub configs: usize,
    /// Files passed over.
    pub skipped: usize,
    /// Findings that a suppression silenced.
    pub suppressed: usize,
}

/// Everything that a run has to say.
#[derive(Debug, Clone, Copy)]
pub struct Report<'r> {
    /// The findings, in their order for output. Those the baseline knows are among them: a format that can tell them
    /// apart shows them, the others pass them over.
    pub findings: &'r [Diagnostic],
    /// What a comment in the design or the settings suppress.
    pub suppressed: &'r [Suppressed],
    /// What the baseline knows and this run did not find.
    pub gone: &'r [Gone],
    /// Inputs that could not be read.
    pub failures: &'r [Failure],
    /// What was read, in numbers.
    pub counts: Counts,
    /// The texts that the findings point into.
    pub sources: &'r Sources,
}

impl<'r> Report<'r> {
    /// One of findings and nothing else.
    pub fn new(findings: &'r [Diagnostic], sources: &'r Sources) -> Self {
        Self { findings, suppressed: &[], gone: &[], failures: &[], counts: Counts::default(), sources }
    }

    /// The findings that the baseline does not know.
    pub fn current(&self) -> impl Iterator<Item = &'r Diagnostic> + use<'r> {
        self.findings.iter().filter(|finding| finding.baseline != Some(BaselineState::Unchanged))
    }
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The line of each finding with its context and a caret.
    Full,
    /// One line a finding.
    Concise,
    /// A versioned document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// reviewdog's diagnostic format.
    Rdjson,
    /// A comment on a merge request.
    Markdown,
}

impl Format {
    /// Every format, in the order in which they are shown.
    pub const ALL: [Format; 10] = [
        Format::Full,
        Format::Concise,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
    ];

    /// The format's name as arguments and settings spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Full => "full",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
        }
    }

    /// What the format is, in one line without a full stop.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Format::Full => "The line with its context and a caret",
            Format::Concise => "One line a finding",
            Format::Json => "A versioned document",
            Format::Sarif => "SARIF 2.1.0, for code scanning",
            Format::Github => "Annotations of GitHub Actions",
            Format::Gitlab => "GitLab's code quality report",
            Format::Junit => "JUnit's XML",
            Format::Checkstyle => "Checkstyle's XML",
            Format::Rdjson => "reviewdog's diagnostic format",
            Format::Markdown => "A comment on a merge request",
        }
    }

    /// Whether people read it on a terminal: then totals and notes may stand beside it.
    #[must_use]
    pub const fn is_for_terminals(self) -> bool {
        matches!(self, Format::Full | Format::Concise)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a report format")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::ALL.into_iter().find(|format| format.as_str() == text).ok_or(UnknownFormat)
    }
}

/// The report as text, with a line end. `color` adds terminal colours where the format has any.
///
/// Secrets of configs are hidden, and characters that a terminal would act on are escaped.
pub fn render(format: Format, report: &Report<'_>, color: bool) -> String {
    let shown = Shown::of(report);
    let report = &shown.report(report);
    match format {
        Format::Full => full::full(report, color),
        Format::Concise => concise::concise(report),
        Format::Json => json::json(report),
        Format::Sarif => sarif::sarif(report),
        Format::Github => github::github(report),
        Format::Gitlab => gitlab::gitlab(report),
        Format::Junit => junit::junit(report),
        Format::Checkstyle => checkstyle::checkstyle(report),
        Format::Rdjson => rdjson::rdjson(report),
        Format::Markdown => markdown::markdown(report),
    }
}

/// That a finding is gone, in one line.
fn gone(gone: &Gone) -> String {
    let about: Vec<String> =
        [&gone.switch, &gone.cluster].into_iter().flatten().map(|name| format!("`{name}`")).collect();
    let about = if about.is_empty() { String::new() } else { format!(" on {}", about.join(", ")) };
    format!("gone{about} since the baseline was written: {}", gone.message)
}

/// What to do about a finding, in plain lines: its help, and what to type.
fn advice(finding: &Diagnostic) -> Option<String> {
    let parts = [finding.help.clone(), finding.remediation.as_ref().map(remedy)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The device and the lines to type on it.
fn remedy(remediation: &Remediation) -> String {
    format!("on {}, type:\n{}", remediation.switch, remediation.lines.join("\n"))
}

/// Where the page of a rule is.
fn page(code: Code) -> String {
    format!("docs/rules/{code}.md")
}

/// Where more about a rule can be read in a browser. The pages are files of the repository, so it is the first source
/// that the page names.
fn further(code: Code) -> Option<String> {
    let page = Page::new(lint::rule_of(code)?.page);
    let source = page.section("Source");
    let mut starts = source.match_indices("http").map(|(at, _)| &source[at..]);
    let start = starts.find(|rest| rest.starts_with("https://") || rest.starts_with("http://"))?;
    let url = start.split([' ', '\n', '>', '<', ')', ';', ',']).next()?;
    Some(url.trim_end_matches('.').to_owned())
}

/// How many findings have this severity.
pub fn count<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>, severity: Severity) -> usize {
    findings.into_iter().filter(|finding| finding.severity == severity).count()
}

/// `1 error, 2 warnings`, or that there is nothing.
pub fn totals<'f>(findings: impl IntoIterator<Item = &'f Diagnostic> + Clone) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter_map(|severity| match count(findings.clone(), severity) {
            0 => None,
            1 => Some(format!("1 {severity}")),
            many if severity == Severity::Info => Some(format!("{many} infos")),
            many => Some(format!("{many} {severity}s")),
        })
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}
