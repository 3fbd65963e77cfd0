//! The suppressions of the settings. They name what a finding is about, need a reason, and may end with a day.

use std::path::Path;

use super::Findings;
use super::Seen;
use super::input::hides_others;
use super::names::one_rule;
use super::suppress::UNUSED_SUPPRESSION;
use crate::diagnostic::{Code, Diagnostic, Severity, Suppressed, suggest};
use crate::settings::{Date, NamePattern, PathPatterns, Settings, Suppression};
use crate::source::Sources;

/// Days before the end of a suppression from which on it is told.
const NOTICE: i64 = 14;

/// What came of the settings' suppressions.
#[derive(Debug, Default)]
pub(super) struct Accepted {
    /// What they suppress.
    pub(super) suppressed: Vec<Suppressed>,
    /// How many are about things that this run did not look at.
    pub(super) out_of_sight: usize,
}

/// Takes the findings out that `settings` accept. Suppressions that suppress nothing, and those whose day is near or
/// past, become findings; with `whole`, everything that the settings speak of was looked at.
pub(super) fn apply(
    findings: &mut Vec<Diagnostic>,
    settings: &Settings,
    seen: &Seen,
    whole: bool,
    today: Date,
    sources: &Sources,
) -> Accepted {
    let mut terms: Vec<Term<'_>> =
        settings.suppressions.iter().filter_map(|stated| Term::new(stated, today)).collect();
    let mut accepted = Accepted::default();
    let mut spoken = Vec::with_capacity(findings.len());
    for finding in std::mem::take(findings) {
        let mut by = None;
        for term in terms.iter_mut().filter(|term| term.fits(&finding, settings, sources)) {
            term.hits += 1;
            if !term.is_over() {
                by.get_or_insert(term.stated);
            }
        }
        match by {
            Some(stated) => accepted.suppressed.push(Suppressed {
                finding,
                reason: stated.reason.to_string(),
                owner: stated.owner.as_ref().map(ToString::to_string),
                in_source: false,
            }),
            None => spoken.push(finding),
        }
    }
    *findings = spoken;
    let mut complaints = Findings::default();
    for term in &terms {
        if !term.complain(settings, seen, whole, &mut complaints) {
            accepted.out_of_sight += 1;
        }
    }
    findings.extend(complaints.into_sorted());
    accepted
}

/// One suppression on the day of the run.
struct Term<'s> {
    stated: &'s Suppression,
    code: Code,
    path: Option<PathPatterns>,
    /// Days that it still holds, the last one not counted; negative when it is over.
    left: Option<i64>,
    /// Findings that it is about.
    hits: usize,
}

impl<'s> Term<'s> {
    /// `None` when it names no rule: that was told when the settings were read.
    fn new(stated: &'s Suppression, today: Date) -> Option<Self> {
        let code = one_rule(&stated.rule).ok()?.code;
        let path = stated.path.as_ref().map(|path| PathPatterns::new([&path.value])).transpose().ok()?;
        let left = stated.until.map(|until| until.days_since(today));
        Some(Self { stated, code, path, left, hits: 0 })
    }

    fn is_over(&self) -> bool {
        self.left.is_some_and(|days| days < 0)
    }

    /// Whether a rule of this code can be suppressed at all.
    fn may_suppress(&self) -> bool {
        !hides_others(self.code) && self.code != UNUSED_SUPPRESSION.code
    }

    fn fits(&self, finding: &Diagnostic, settings: &Settings, sources: &Sources) -> bool {
        let named = |pattern: Option<&NamePattern>, name: Option<&String>| match (pattern, name) {
            (None, _) => true,
            (Some(pattern), Some(name)) => pattern.fits(name),
            (Some(_), None) => false,
        };
        let Suppression { switch, cluster, .. } = self.stated;
        self.code == finding.code
            && self.may_suppress()
            && named(switch.as_deref(), finding.switch.as_ref())
            && named(cluster.as_deref(), finding.cluster.as_ref())
            && self.path.as_ref().is_none_or(|path| {
                finding.span.is_some_and(|span| fits_file(path, sources.file(span.file).path(), settings))
            })
    }

    /// Says what is to be said of the suppression itself, one thing at most. `false` when it is about things that were
    /// not looked at.
    fn complain(&self, settings: &Settings, seen: &Seen, whole: bool, complaints: &mut Findings) -> bool {
        let Suppression { rule, until, .. } = self.stated;
        let code = self.code;
        let sight = if whole { Sight::Seen } else { self.sight(settings, seen) };
        match (self.left, until) {
            (Some(days), Some(until)) if days < 0 => {
                let help = match (self.hits, sight) {
                    (0, Sight::Seen) => "what it was about is not found any more: remove it",
                    _ => "mend what it is about, or decide anew and give it another day",
                };
                let message = format!("the suppression of {code} ran out on {until}");
                let complaint = complaints.report(&UNUSED_SUPPRESSION, until.span, message);
                complaint.severity(Severity::Error).help(help);
                return true;
            }
            (Some(days @ ..=NOTICE), Some(until)) if self.hits > 0 => {
                let when = match days {
                    0 => "today".to_owned(),
                    1 => "tomorrow".to_owned(),
                    days => format!("in {days} days"),
                };
                let message = format!("the suppression of {code} runs out {when}, on {until}");
                complaints
                    .report(&UNUSED_SUPPRESSION, until.span, message)
                    .help("mend what it is about before that, or decide anew and give it another day");
                return true;
            }
            _ if self.hits > 0 => return true,
            _ => {}
        }
        let mut say = |message: String, help: String| {
            complaints.report(&UNUSED_SUPPRESSION, rule.span, message).help(help);
        };
        match sight {
            _ if !self.may_suppress() => {
                say(
                    format!("{code} cannot be suppressed: the suppression has no use"),
                    "remove it".to_owned(),
                );
            }
            Sight::Seen => {
                let about = self.about();
                let message = format!("nothing about {about} is {code}: the suppression has no use");
                say(message, "remove it".to_owned());
            }
            Sight::Near(name, near) => {
                let message = format!("nothing is called `{name}`: the suppression of {code} has no use");
                say(message, format!("did you mean `{near}`?"));
            }
            Sight::None => return false,
        }
        true
    }

    /// What the suppression is about, in words.
    fn about(&self) -> String {
        let Suppression { switch, cluster, path, .. } = self.stated;
        let parts = [
            switch.as_ref().map(|name| format!("switch `{name}`")),
            cluster.as_ref().map(|name| format!("cluster `{name}`")),
            path.as_ref().map(|path| format!("the file `{path}`")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// Whether what the suppression is about was looked at.
    fn sight(&self, settings: &Settings, seen: &Seen) -> Sight {
        let Suppression { switch, cluster, .. } = self.stated;
        for (pattern, names) in [(switch, &seen.switches), (cluster, &seen.clusters)] {
            let Some(pattern) = pattern else { continue };
            if !names.iter().any(|name| pattern.fits(name)) {
                let near = suggest(pattern.as_str(), names.iter().map(String::as_str));
                return near.map_or(Sight::None, |near| Sight::Near(pattern.to_string(), near.to_owned()));
            }
        }
        let file = |path: &PathPatterns| seen.files.iter().any(|file| fits_file(path, file, settings));
        match self.path.as_ref().is_none_or(file) {
            true => Sight::Seen,
            false => Sight::None,
        }
    }
}

/// Whether a run looked at what a suppression is about.
enum Sight {
    /// It did.
    Seen,
    /// It looked at no thing of this name, and at one that is called nearly so.
    Near(String, String),
    /// It did not.
    None,
}

fn fits_file(path: &PathPatterns, shown: &str, settings: &Settings) -> bool {
    settings.below(Path::new(shown)).is_some_and(|below| path.fit(&below))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::settings::{Place, load_text};
    use crate::source::Span;

    const TODAY: &str = "2026-06-15";

    /// What comes of suppressions over three findings of a run that looked at `acc-1`, `acc-2`, cluster `web` and the
    /// design: what is left, what is suppressed, and how many suppressions were out of sight.
    fn apply_to_three(suppressions: &[&str], whole: bool) -> (Vec<String>, Vec<String>, usize) {
        let items: String = suppressions.iter().map(|fields| format!("  - {{{fields}}}\n")).collect();
        let mut sources = Sources::new();
        let text = format!("suppressions:\n{items}");
        let loaded = load_text(".nlbswitch.yaml", text, Place::default(), &mut sources);
        assert_eq!(loaded.problems, [], "{suppressions:?}");
        let design = sources.add("designs/web.yaml", "clusters: []\n");
        let finding = |code: u16, switch: Option<&str>, cluster: Option<&str>| {
            let mut finding = Diagnostic::new(Code(code), "x", Severity::Error, "wrong");
            finding.span = Some(Span::new(design, 0..8));
            (finding.switch, finding.cluster) = (switch.map(str::to_owned), cluster.map(str::to_owned));
            finding
        };
        let mut findings = vec![
            finding(501, Some("acc-1"), Some("web")),
            finding(501, Some("acc-2"), Some("web")),
            finding(901, None, None),
        ];
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let seen = Seen {
            switches: set(&["acc-1", "acc-2"]),
            clusters: set(&["web"]),
            files: set(&["designs/web.yaml"]),
        };
        let today = TODAY.parse().unwrap();
        let accepted = apply(&mut findings, &loaded.settings, &seen, whole, today, &sources);
        let about = |finding: &Diagnostic| {
            let switch = finding.switch.as_deref().unwrap_or("-");
            match finding.code.0 {
                903 => format!("{}: {}", finding.severity, finding.message),
                code => format!("{code} {switch}"),
            }
        };
        let suppressed = accepted.suppressed.iter().map(|one| {
            assert!(!one.in_source);
            format!("{}: {} {:?}", about(&one.finding), one.reason, one.owner.as_deref().unwrap_or_default())
        });
        (findings.iter().map(about).collect(), suppressed.collect(), accepted.out_of_sight)
    }

    #[test]
    fn a_suppression_takes_what_all_its_words_fit() {
        for (fields, taken) in [
            ("rule: NLB501, switch: acc-1", &["501 acc-1"][..]),
            ("rule: missing-static-mac, switch: 'acc-*'", &["501 acc-1", "501 acc-2"]),
            ("rule: NLB501, cluster: web", &["501 acc-1", "501 acc-2"]),
            ("rule: NLB501, cluster: web, switch: acc-2", &["501 acc-2"]),
            ("rule: NLB501, path: designs/", &["501 acc-1", "501 acc-2"]),
            ("rule: NLB501, path: '*.yaml', switch: acc-1", &["501 acc-1"]),
        ] {
            let (_, suppressed, _) = apply_to_three(&[&format!("{fields}, reason: r, owner: o")], true);
            let expected: Vec<String> = taken.iter().map(|taken| format!("{taken}: r \"o\"")).collect();
            assert_eq!(suppressed, expected, "{fields}");
        }
    }

    #[test]
    fn what_suppresses_nothing_is_told() {
        let unused = "the suppression has no use";
        for (fields, message) in [
            ("rule: NLB502, switch: acc-1", format!("nothing about switch `acc-1` is NLB502: {unused}")),
            (
                "rule: NLB501, cluster: web, switch: core",
                format!("nothing about switch `core` and cluster `web` is NLB501: {unused}"),
            ),
            ("rule: NLB501, path: configs", format!("nothing about the file `configs` is NLB501: {unused}")),
            ("rule: NLB901, path: designs", format!("NLB901 cannot be suppressed: {unused}")),
            ("rule: NLB903, path: '*'", format!("NLB903 cannot be suppressed: {unused}")),
        ] {
            let (left, suppressed, _) = apply_to_three(&[&format!("{fields}, reason: r")], true);
            assert_eq!(left[..3], ["501 acc-1", "501 acc-2", "901 -"], "{fields}");
            assert_eq!((&left[3..], suppressed.len()), (&[format!("warning: {message}")][..], 0), "{fields}");
        }
    }

    #[test]
    fn what_a_partial_run_did_not_look_at_is_not_judged() {
        for (fields, told) in [
            ("rule: NLB502, switch: acc-1", Some("nothing about switch `acc-1` is NLB502")),
            ("rule: NLB502, switch: acc_1", Some("nothing is called `acc_1`")),
            ("rule: NLB502, switch: core", None),
            ("rule: NLB502, cluster: mail", None),
            ("rule: NLB502, cluster: web, path: old", None),
        ] {
            let (left, _, out_of_sight) = apply_to_three(&[&format!("{fields}, reason: r")], false);
            let complaint = left.get(3).map(|complaint| complaint.trim_start_matches("warning: "));
            assert_eq!(
                (complaint.and_then(|text| text.split(": ").next()), out_of_sight),
                (told.map(|text| text.split(": ").next().unwrap()), usize::from(told.is_none())),
                "{fields}"
            );
        }
    }

    #[test]
    fn a_suppression_is_told_two_weeks_before_its_last_day_and_is_an_error_after_it() {
        for (until, told) in [
            ("2026-06-30", None),
            ("2026-06-29", Some("warning: the suppression of NLB501 runs out in 14 days, on 2026-06-29")),
            ("2026-06-16", Some("warning: the suppression of NLB501 runs out tomorrow, on 2026-06-16")),
            ("2026-06-15", Some("warning: the suppression of NLB501 runs out today, on 2026-06-15")),
            ("2026-06-14", Some("error: the suppression of NLB501 ran out on 2026-06-14")),
            ("1999-12-31", Some("error: the suppression of NLB501 ran out on 1999-12-31")),
        ] {
            let (left, suppressed, _) =
                apply_to_three(&[&format!("rule: NLB501, switch: acc-1, reason: r, until: {until}")], true);
            let over = told.is_some_and(|told| told.starts_with("error"));
            assert_eq!(suppressed.len(), usize::from(!over), "{until}");
            assert_eq!(left.contains(&"501 acc-1".to_owned()), over, "{until}");
            assert_eq!(left.iter().find(|left| left.contains("NLB501")).map(String::as_str), told, "{until}");
        }
    }

    #[test]
    fn every_suppression_that_fits_is_used_and_the_first_that_holds_gives_the_reason() {
        let (left, suppressed, _) = apply_to_three(
            &[
                "rule: NLB501, switch: acc-1, reason: over, until: 2020-01-01",
                "rule: NLB501, cluster: web, reason: first",
                "rule: NLB501, switch: acc-1, reason: second",
            ],
            true,
        );
        assert_eq!(suppressed, ["501 acc-1: first \"\"", "501 acc-2: first \"\""]);
        assert_eq!(left, ["901 -", "error: the suppression of NLB501 ran out on 2020-01-01"]);
    }
}
