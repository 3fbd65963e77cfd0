//! What the user decided about rules: which of them speak, how loud, and from when on a run fails.

use std::collections::{BTreeMap, BTreeSet};

use super::input::hides_others;
use super::names::{UnknownRule, one_rule, rules_named};
use super::rules;
use crate::diagnostic::{BaselineState, Code, Diagnostic, Severity};
use crate::settings::{FailLevel, Settings};
use crate::source::Spanned;
use crate::yaml::Text;

/// The decisions of the settings and the command line together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    selected: BTreeSet<Code>,
    severities: BTreeMap<Code, Severity>,
    /// From which severity on the exit code is 1.
    pub fail_level: FailLevel,
}

impl Default for Policy {
    /// Every rule speaks as loud as it says itself; errors make a run fail.
    fn default() -> Self {
        Self {
            selected: rules().map(|rule| rule.code).collect(),
            severities: BTreeMap::new(),
            fail_level: FailLevel::Error,
        }
    }
}

impl Policy {
    /// What `settings` decide. Names of no rule are pushed to `problems`.
    pub fn of(settings: &Settings, problems: &mut Vec<Diagnostic>) -> Self {
        let mut policy = Self::default();
        let mut known = |word: &Spanned<Text>| match rules_named(word) {
            Ok(_) => Some(word.to_string()),
            Err(unknown) => {
                problems.push(mistake(word, &unknown));
                None
            }
        };
        let select: Vec<String> = settings.select.iter().filter_map(&mut known).collect();
        let ignore: Vec<String> = settings.ignore.iter().filter_map(&mut known).collect();
        // Every word of the two lists is known to name rules.
        let _ = policy.choose(&select, &ignore);
        for (rule, level) in &settings.severity.0 {
            if let Err(unknown) = policy.set_severity(rule, level.value.into()) {
                problems.push(mistake(rule, &unknown));
            }
        }
        for suppression in &settings.suppressions {
            if let Err(unknown) = one_rule(&suppression.rule) {
                problems.push(mistake(&suppression.rule, &unknown));
            }
        }
        policy.fail_level = settings.fail_level.unwrap_or(policy.fail_level);
        policy
    }

    /// Chooses anew: when `select` names rules, these and no others speak; those of `ignore` never do.
    ///
    /// # Errors
    /// [`UnknownRule`] of the first word that names none; nothing is changed then.
    pub fn choose(&mut self, select: &[String], ignore: &[String]) -> Result<(), UnknownRule> {
        let codes = |words: &[String]| -> Result<BTreeSet<Code>, UnknownRule> {
            let named = words.iter().map(|word| rules_named(word)).collect::<Result<Vec<_>, _>>()?;
            Ok(named.into_iter().flatten().map(|rule| rule.code).collect())
        };
        let (select, ignore) = (codes(select)?, codes(ignore)?);
        if !select.is_empty() {
            self.selected = select;
        }
        self.selected.retain(|code| !ignore.contains(code));
        Ok(())
    }

    /// Gives the rules that `name` stands for another severity.
    ///
    /// # Errors
    /// [`UnknownRule`] when it stands for none.
    pub fn set_severity(&mut self, name: &str, severity: Severity) -> Result<(), UnknownRule> {
        let named = rules_named(name)?;
        self.severities.extend(named.into_iter().map(|rule| (rule.code, severity)));
        Ok(())
    }

    /// The severities that differ from the rules' own.
    pub fn severities(&self) -> impl Iterator<Item = (Code, Severity)> {
        self.severities.iter().map(|(code, severity)| (*code, *severity))
    }

    /// Whether the rule with this code speaks.
    pub fn speaks(&self, code: Code) -> bool {
        hides_others(code) || self.selected.contains(&code)
    }

    /// Gives `finding` the severity that was decided for its rule.
    pub fn weigh(&self, finding: &mut Diagnostic) {
        if let Some(severity) = self.severities.get(&finding.code).filter(|_| !hides_others(finding.code)) {
            finding.severity = *severity;
        }
    }

    /// Whether one of `findings` makes the run fail. What the baseline knows does not.
    pub fn fails(&self, findings: &[Diagnostic]) -> bool {
        let counts = |finding: &&Diagnostic| finding.baseline != Some(BaselineState::Unchanged);
        findings.iter().filter(counts).any(|finding| self.fail_level.reached_by(finding.severity))
    }
}

fn mistake(word: &Spanned<Text>, unknown: &UnknownRule) -> Diagnostic {
    let message = format!("there is no rule `{}`", crate::diagnostic::quoted(word));
    let mut mistake = Diagnostic::invalid(word.span, message);
    mistake.help(unknown.help.clone());
    mistake
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::settings::{Place, load_text};
    use crate::source::Sources;

    fn of(text: &str) -> (Policy, Vec<String>) {
        let mut sources = Sources::new();
        let loaded = load_text(".nlbswitch.yaml", text, Place::default(), &mut sources);
        let mut problems = loaded.problems;
        let policy = Policy::of(&loaded.settings, &mut problems);
        (policy, problems.into_iter().map(|problem| problem.message).collect())
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_command_line_chooses_anew_what_the_settings_chose() {
        let text = "rules: {select: [NLB2, NLB101], ignore: [NLB218]}\n";
        for (select, ignore, speaking, silent) in [
            (&[][..], &[][..], &[101, 201, 901][..], &[102, 218, 501][..]),
            (&[], &["NLB20"], &[101, 210, 901], &[201, 218, 501]),
            (&["NLB218"], &[], &[218, 901], &[101, 201]),
            (&["all"], &["mac-mismatch"], &[218, 501, 901], &[101]),
            (&["NLB5"], &["all"], &[901], &[501, 101]),
        ] {
            let (mut policy, problems) = of(text);
            assert_eq!(problems, [""; 0]);
            policy.choose(&words(select), &words(ignore)).unwrap();
            for (codes, speaks) in [(speaking, true), (silent, false)] {
                for code in codes {
                    assert_eq!(policy.speaks(Code(*code)), speaks, "{select:?} {ignore:?} {code}");
                }
            }
        }
    }

    #[test]
    fn severities_are_those_decided_last_and_a_broken_design_stays_an_error() {
        let (mut policy, _) = of("severity: {all: info, NLB501: warning, invalid-design: info}\n");
        policy.set_severity("NLB51", Severity::Error).unwrap();
        for (code, expected) in
            [(501, Severity::Warning), (510, Severity::Error), (101, Severity::Info), (901, Severity::Error)]
        {
            let mut finding = Diagnostic::new(Code(code), "x", Severity::Error, "wrong");
            policy.weigh(&mut finding);
            assert_eq!(finding.severity, expected, "{code}");
        }
    }

    #[test]
    fn a_run_fails_from_the_level_on_and_not_for_what_is_known() {
        use BaselineState::{New, Unchanged};
        for (level, severity, state, fails) in [
            ("error", Severity::Error, None, true),
            ("error", Severity::Error, Some(New), true),
            ("error", Severity::Error, Some(Unchanged), false),
            ("error", Severity::Warning, None, false),
            ("warning", Severity::Warning, None, true),
            ("warning", Severity::Info, None, false),
            ("info", Severity::Info, None, true),
            ("never", Severity::Error, None, false),
        ] {
            let (policy, _) = of(&format!("fail_level: {level}\n"));
            let mut finding = Diagnostic::new(Code(501), "x", severity, "wrong");
            finding.baseline = state;
            assert_eq!(policy.fails(&[finding]), fails, "{level} {severity} {state:?}");
        }
        assert!(!Policy::default().fails(&[]));
    }

    #[test]
    fn names_of_no_rule_are_mistakes_wherever_they_stand() {
        let (_, problems) =
            of("rules: {select: [NLB1, mac-mismach], ignore: [NLB0]}\nseverity: {NLB999: info}\n\
                                suppressions: [{rule: NLB5, switch: a, reason: r}]\n");
        let unknown = |name: &str| format!("there is no rule `{name}`");
        assert_eq!(problems, ["mac-mismach", "NLB0", "NLB999", "NLB5"].map(unknown));
    }
}
