//! From what the rules found to what is said: suppressions, severities, selection and the baseline, in this order.

use super::run::Outcome;
use super::{Baseline, Policy, Reach, Seen, accept};
use crate::diagnostic::{Diagnostic, Gone, Suppressed};
use crate::settings::{Date, Settings};
use crate::source::Sources;

/// What findings are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'t> {
    /// The settings: what they accept.
    pub settings: &'t Settings,
    /// Which rules speak, and how loud.
    pub policy: &'t Policy,
    /// The day of the run.
    pub today: Date,
    /// Whether the run looked at everything that the settings speak of.
    pub whole: bool,
}

/// What is to be said.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The findings, in their order for output.
    pub findings: Vec<Diagnostic>,
    /// What is accepted.
    pub suppressed: Vec<Suppressed>,
    /// Known findings that are gone.
    pub gone: Vec<Gone>,
    /// What was looked at.
    pub seen: Seen,
    /// How many suppressions of the settings are about what was not looked at.
    pub out_of_sight: usize,
}

impl Verdict {
    /// The verdict on `outcome`, without a baseline.
    pub fn new(outcome: Outcome, terms: Terms<'_>, sources: &Sources) -> Self {
        let Outcome { mut findings, mut suppressed, seen, .. } = outcome;
        let Terms { settings, policy, today, whole } = terms;
        let accepted = accept::apply(&mut findings, settings, &seen, whole, today, sources);
        suppressed.extend(accepted.suppressed);
        findings.iter_mut().for_each(|finding| policy.weigh(finding));
        suppressed.iter_mut().for_each(|suppressed| policy.weigh(&mut suppressed.finding));
        findings.retain(|finding| policy.speaks(finding.code));
        suppressed.retain(|suppressed| policy.speaks(suppressed.finding.code));
        crate::diagnostic::sort(&mut findings);
        suppressed.sort_by(|a, b| {
            let place = |suppressed: &Suppressed| (suppressed.finding.span, suppressed.finding.code);
            place(a).cmp(&place(b)).then_with(|| a.finding.message.cmp(&b.finding.message))
        });
        Self { findings, suppressed, gone: Vec::new(), seen, out_of_sight: accepted.out_of_sight }
    }

    /// Sets apart what `baseline` knows.
    pub fn compare(
        &mut self,
        baseline: &Baseline,
        policy: &Policy,
        exists: &dyn Fn(&str) -> bool,
        sources: &Sources,
    ) {
        let reach = Reach { seen: &self.seen, policy, exists };
        self.gone = baseline.apply(&mut self.findings, reach, sources);
    }
}
