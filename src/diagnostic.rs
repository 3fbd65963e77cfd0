//! One complaint of the tool: a code, a place, what is wrong, what to do. Design errors, pack errors and
//! lint rules all speak through it.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::harmless::disarmed;
use crate::source::Span;

/// How bad a finding is. The order is that of rising weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Likely to hurt.
    Warning,
    /// Cuts off a cluster, or cannot work.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The number of a rule, shown as `NLB101`. A contract: a code is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NLB{:03}", self.0)
    }
}

impl JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^NLB[0-9]{3}$", "description": "The code of a rule."})
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a baseline says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaselineState {
    /// The baseline does not know it.
    New,
    /// It was there when the baseline was written.
    Unchanged,
}

/// A second place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What it has to do with the finding.
    pub label: String,
}

/// The lines that mend a finding, in the device's own dialect and in the order that is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remediation {
    /// The device to type them on.
    pub switch: String,
    /// The lines.
    pub lines: Vec<String>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's number.
    pub code: Code,
    /// The rule's name.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// Where; `None` when it is about no text, such as a missing file.
    pub span: Option<Span>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What to do.
    pub help: Option<String>,
    /// The cluster it is about.
    pub cluster: Option<String>,
    /// The switch it is about.
    pub switch: Option<String>,
    /// The lines that mend it.
    pub remediation: Option<Remediation>,
    /// The rules that name the cause where this one names the effect: where one of them speaks of the same switch and
    /// cluster, this finding is not told.
    pub yields_to: &'static [u16],
    /// What the baseline says of it; `None` when there is no baseline.
    pub baseline: Option<BaselineState>,
}

impl Diagnostic {
    /// A finding with nothing but its headline.
    pub fn new(code: Code, name: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            name,
            severity,
            message: message.into(),
            span: None,
            related: Vec::new(),
            help: None,
            cluster: None,
            switch: None,
            remediation: None,
            yields_to: &[],
            baseline: None,
        }
    }

    /// NLB901: the input cannot be what it is meant to be.
    pub fn invalid(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        let mut finding = Self::new(Code(901), "invalid-design", Severity::Error, message);
        finding.span = span.into();
        finding
    }

    /// Adds a second place.
    pub fn related(&mut self, span: Span, label: impl Into<String>) -> &mut Self {
        self.related.push(Related { span, label: label.into() });
        self
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Names the cluster it is about.
    pub fn cluster(&mut self, name: impl Into<String>) -> &mut Self {
        self.cluster = Some(name.into());
        self
    }

    /// Names the switch it is about.
    pub fn switch(&mut self, name: impl Into<String>) -> &mut Self {
        self.switch = Some(name.into());
        self
    }

    /// Gives the lines that mend it.
    pub fn remedy(&mut self, switch: impl Into<String>, lines: Vec<String>) -> &mut Self {
        self.remediation = Some(Remediation { switch: switch.into(), lines });
        self
    }

    /// Sets another severity than the rule's own.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }
}

/// A finding that somebody accepted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// What would have been said.
    pub finding: Diagnostic,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for that.
    pub owner: Option<String>,
    /// Whether a comment in the design says so, and not the settings.
    pub in_source: bool,
}

/// A finding that the baseline knows and this run did not make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The rule's number.
    pub code: Code,
    /// The rule's name.
    pub name: String,
    /// The switch it was about.
    pub switch: Option<String>,
    /// The cluster it was about.
    pub cluster: Option<String>,
    /// What was wrong.
    pub message: String,
}

/// An input that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its path, as output shows it.
    pub path: String,
    /// Why.
    pub message: String,
}

/// Whether one of them is an error.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// The total order of findings: by place, then code, then words, so that every run prints the same.
pub fn sort(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.span.is_none(), d.span, d.code);
        key(a).cmp(&key(b)).then_with(|| (&a.message, &a.switch).cmp(&(&b.message, &b.switch)))
    });
    findings.dedup();
}

/// Takes out the findings that yield to others among them.
pub fn settle(findings: &mut Vec<Diagnostic>) {
    let same =
        |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    let names_cause = |effect: &Diagnostic, cause: &Diagnostic| {
        effect.yields_to.contains(&cause.code.0)
            && same(&effect.switch, &cause.switch)
            && same(&effect.cluster, &cause.cluster)
    };
    let told: Vec<bool> = findings
        .iter()
        .map(|effect| effect.yields_to.is_empty() || !findings.iter().any(|cause| names_cause(effect, cause)))
        .collect();
    let mut told = told.into_iter();
    findings.retain(|_| told.next().unwrap_or(true));
}

/// The candidate that was probably meant by `word`, when one is near enough. Two numbers are never near.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    candidates
        .into_iter()
        .filter(|candidate| !(number(&word) && number(candidate)))
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            let distance = if lower.replace(['-', '_', ' '], "") == word.replace(['-', '_', ' '], "") {
                0
            } else if word.len() >= 3 && (lower.starts_with(&word) || word.starts_with(&lower)) {
                1
            } else {
                strsim::damerau_levenshtein(&word, &lower)
            };
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let shorter = candidate.chars().count().min(word.chars().count());
            *distance <= 1 + shorter / 4 && *distance < shorter
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` or `c`: a list of choices for a message.
pub fn one_of<'a>(choices: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = choices.into_iter().map(|choice| format!("`{choice}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// `text` with everything escaped that a terminal would obey or not show, and the commands of CI servers disarmed, cut
/// after 60 characters: fit to be quoted in a message.
pub fn quoted(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == 60 {
            shown.push('…');
            break;
        }
        match character {
            '\'' | '"' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    disarmed(&shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        for (word, expected) in [
            ("primary-ip", Some("primary_ip")),
            ("virtual_ip", Some("virtual_ips")),
            ("vlna", Some("vlan")),
            ("mode", Some("mode")),
            ("zebra", None),
            ("2013", None),
            ("x", None),
        ] {
            assert_eq!(
                suggest(word, ["mode", "primary_ip", "virtual_ips", "vlan", "2012"]),
                expected,
                "{word}"
            );
        }
    }

    #[test]
    fn quoting_makes_terminal_escapes_harmless() {
        assert_eq!(quoted("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
        assert_eq!(quoted("K\u{f6}ln\u{9b}\u{202e}"), "K\u{f6}ln\\u{9b}\\u{202e}");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 61);
    }
}
