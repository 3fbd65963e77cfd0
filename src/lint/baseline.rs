//! A baseline: the findings that were there when a team began to lint. They do not fail a run; new ones do, and those
//! that are mended leave the list, so that it only shrinks.
//!
//! The file is JSON that people read in a review: sorted, one finding after the other, told by fingerprints of content
//! and never by line numbers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Policy;
use super::Seen;
use super::input::hides_others;
use super::suppress::UNUSED_SUPPRESSION;
use crate::diagnostic::{BaselineState, Code, Diagnostic, Gone};
use crate::fingerprint::fingerprints;
use crate::source::Sources;

/// The version of the file that is written, and the only one that is read.
const VERSION: u32 = 1;
/// What the file says it is. It stands on its second line: that tells our own files from others.
const KIND: &str = "nlbswitch baseline";

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// No JSON, or JSON of another shape.
    #[error("no baseline: {0}")]
    Shape(#[from] serde_json::Error),
    /// JSON of another tool.
    #[error("no baseline of nlbswitch: `kind` is `{}`", crate::diagnostic::quoted(.0))]
    Kind(String),
    /// Written by another version of the tool.
    #[error("a baseline of version {0}, and this program reads version {VERSION}: write it anew")]
    Version(u32),
}

/// Findings that are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    kind: String,
    version: u32,
    findings: Vec<Known>,
}

/// One known finding. The fingerprint tells it; the rest is for people, and for what to say when it is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Known {
    code: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    switch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    cluster: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    path: Option<String>,
    message: String,
    fingerprint: String,
}

/// What a run looked at, as far as a baseline asks: only what was looked at can be gone.
#[derive(Clone, Copy)]
pub struct Reach<'r> {
    /// The names of it.
    pub seen: &'r Seen,
    /// The rules that spoke.
    pub policy: &'r Policy,
    /// Whether there is a file of this name, as output shows it.
    pub exists: &'r dyn Fn(&str) -> bool,
}

impl std::fmt::Debug for Reach<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reach").field("seen", self.seen).finish_non_exhaustive()
    }
}

impl Reach<'_> {
    /// Whether the run would have made this finding, were it still there.
    fn holds(&self, known: &Known) -> bool {
        let code = known.code.strip_prefix("NLB").and_then(|digits| digits.parse().ok()).map(Code);
        // A rule that is no more, or a file that is no more, makes no finding either.
        let spoke = code.is_none_or(|code| super::rule_of(code).is_none() || self.policy.speaks(code));
        let looked = |path: &String| self.seen.files.contains(path) || !(self.exists)(path);
        spoke && known.path.as_ref().is_none_or(looked)
    }
}

impl Default for Baseline {
    fn default() -> Self {
        Self { kind: KIND.to_owned(), version: VERSION, findings: Vec::new() }
    }
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// [`BaselineError`] when `text` is none.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Head {
            kind: String,
            version: u32,
        }
        let head: Head = serde_json::from_str(text)?;
        match head {
            Head { kind, .. } if kind != KIND => Err(BaselineError::Kind(kind)),
            Head { version, .. } if version != VERSION => Err(BaselineError::Version(version)),
            _ => Ok(serde_json::from_str(text)?),
        }
    }

    /// The baseline as a file, with a line end.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Marks each finding as new or known, and gives those that are known and gone. A design that cannot be read is
    /// always new.
    pub fn apply(&self, findings: &mut [Diagnostic], reach: Reach<'_>, sources: &Sources) -> Vec<Gone> {
        let mut unmet: HashMap<&str, &Known> =
            self.findings.iter().map(|known| (known.fingerprint.as_str(), known)).collect();
        let now = fingerprints(findings, sources);
        for (finding, fingerprint) in findings.iter_mut().zip(now) {
            let known = unmet.remove(fingerprint.as_str()).is_some() && may_be_known(finding);
            finding.baseline = Some(if known { BaselineState::Unchanged } else { BaselineState::New });
        }
        let gone = self
            .findings
            .iter()
            .filter(|known| unmet.contains_key(known.fingerprint.as_str()) && reach.holds(known));
        gone.map(Known::gone).collect()
    }

    /// The baseline that knows `findings`, and of its old ones those that the run had no chance to make.
    pub fn renewed(&self, findings: &[Diagnostic], reach: Reach<'_>, sources: &Sources) -> Self {
        let now = findings.iter().zip(fingerprints(findings, sources));
        let now = now.filter(|(finding, _)| may_be_known(finding));
        let mut known: Vec<Known> =
            now.map(|(finding, fingerprint)| Known::new(finding, fingerprint, sources)).collect();
        known.extend(self.findings.iter().filter(|old| !reach.holds(old)).cloned());
        known.sort();
        known.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        Self { findings: known, ..Self::default() }
    }
}

/// What a suppression says is never known: it is a decision of today, with a day on which it ends.
fn may_be_known(finding: &Diagnostic) -> bool {
    !hides_others(finding.code) && finding.code != UNUSED_SUPPRESSION.code
}

impl Known {
    fn new(finding: &Diagnostic, fingerprint: String, sources: &Sources) -> Self {
        Self {
            code: finding.code.to_string(),
            name: finding.name.to_owned(),
            switch: finding.switch.clone(),
            cluster: finding.cluster.clone(),
            path: finding.span.map(|span| sources.file(span.file).path().to_owned()),
            message: finding.message.clone(),
            fingerprint,
        }
    }

    fn gone(&self) -> Gone {
        let digits = self.code.strip_prefix("NLB").unwrap_or(&self.code);
        Gone {
            code: Code(digits.parse().unwrap_or_default()),
            name: self.name.clone(),
            switch: self.switch.clone(),
            cluster: self.cluster.clone(),
            message: self.message.clone(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::source::Span;

    /// A run over one config with these lines, each of them a finding of `code`.
    fn run(code: u16, lines: &[&str]) -> (Vec<Diagnostic>, Sources) {
        let mut sources = Sources::new();
        let text = format!("! top\n{}\n", lines.join("\n"));
        let file = sources.add_config("sw1.cfg", text.clone());
        let findings = lines.iter().map(|line| {
            let at = text.find(line).unwrap();
            let mut finding = Diagnostic::new(Code(code), "x", Severity::Error, format!("wrong: {line}"));
            finding.span = Some(Span::new(file, at..at + line.len()));
            finding.switch("sw1");
            finding
        });
        (findings.collect(), sources)
    }

    /// What `policy` lets a run say that looked at `files`, in a directory that holds `there`.
    fn reach<R>(files: &[&str], there: &[&str], policy: &Policy, ask: impl FnOnce(Reach<'_>) -> R) -> R {
        let seen = Seen { files: files.iter().map(ToString::to_string).collect(), ..Seen::default() };
        ask(Reach { seen: &seen, policy, exists: &|path| there.contains(&path) })
    }

    #[test]
    fn what_is_written_is_known_and_what_is_mended_is_gone() {
        let policy = Policy::default();
        let (first, sources) = run(501, &["arp a", "arp b"]);
        let text = reach(&["sw1.cfg"], &["sw1.cfg"], &policy, |reach| {
            Baseline::default().renewed(&first, reach, &sources).to_text()
        });
        let baseline = Baseline::read(&text).unwrap();
        let (mut second, sources) = run(501, &["arp c", "ARP  b"]);
        let gone =
            reach(&["sw1.cfg"], &["sw1.cfg"], &policy, |reach| baseline.apply(&mut second, reach, &sources));
        let states: Vec<_> = second.iter().map(|finding| finding.baseline.unwrap()).collect();
        assert_eq!(states, [BaselineState::New, BaselineState::Unchanged]);
        let gone: Vec<_> = gone.iter().map(|gone| (gone.code.0, gone.message.as_str())).collect();
        assert_eq!(gone, [(501, "wrong: arp a")]);
    }

    #[test]
    fn only_what_a_run_could_have_found_is_gone() {
        let (findings, sources) = run(501, &["arp a"]);
        let all = Policy::default();
        let baseline = reach(&[], &[], &all, |reach| Baseline::default().renewed(&findings, reach, &sources));
        let mut others = Policy::default();
        others.choose(&["NLB1".to_owned()], &[]).unwrap();
        for (files, there, policy, is_gone) in [
            (&["sw1.cfg"][..], &["sw1.cfg"][..], &all, true),
            (&["sw1.cfg"], &["sw1.cfg"], &others, false), // its rule did not speak
            (&["sw2.cfg"], &["sw1.cfg"], &all, false),    // its file was not looked at
            (&["sw2.cfg"], &[], &all, true),              // its file is no more
        ] {
            reach(files, there, policy, |reach| {
                let gone = baseline.apply(&mut [], reach, &sources).len();
                let kept = baseline.renewed(&[], reach, &sources).len();
                assert_eq!(
                    (gone, kept),
                    (usize::from(is_gone), usize::from(!is_gone)),
                    "{files:?} {there:?}"
                );
            });
        }
    }

    #[test]
    fn neither_a_broken_design_nor_a_suppression_is_ever_known() {
        for code in [901, 903] {
            let (mut findings, sources) = run(code, &["arp a"]);
            reach(&[], &[], &Policy::default(), |reach| {
                let baseline = Baseline::default().renewed(&findings, reach, &sources);
                assert!(baseline.is_empty(), "{code}");
                baseline.apply(&mut findings, reach, &sources);
                assert_eq!(findings[0].baseline, Some(BaselineState::New), "{code}");
            });
        }
    }

    #[test]
    fn the_file_is_the_same_for_any_order_of_findings() {
        let (findings, sources) = run(501, &["arp b", "arp a", "arp c"]);
        let reversed: Vec<Diagnostic> = findings.iter().rev().cloned().collect();
        let text = |findings: &[Diagnostic]| {
            reach(&[], &[], &Policy::default(), |reach| {
                Baseline::default().renewed(findings, reach, &sources).to_text()
            })
        };
        assert_eq!(text(&findings), text(&reversed));
        let (a, b) = (text(&findings).find("wrong: arp a"), text(&findings).find("wrong: arp b"));
        assert!(a.is_some() && a < b);
    }

    #[test]
    fn what_is_no_baseline_is_refused_in_words() {
        for (text, why) in [
            ("", "no baseline: EOF"),
            ("[]", "no baseline: invalid length"),
            ("{\"kind\": \"eslint\", \"version\": 1}", "`kind` is `eslint`"),
            (
                "{\"kind\": \"nlbswitch baseline\", \"version\": 2}",
                "version 2, and this program reads version 1",
            ),
            (
                "{\"kind\": \"nlbswitch baseline\", \"version\": 1, \"findings\": [{}]}",
                "missing field `code`",
            ),
        ] {
            let error = Baseline::read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
