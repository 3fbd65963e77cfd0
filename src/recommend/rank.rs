//! What makes one mode better than another.

use super::{Fares, Trial};
use crate::diagnostic::Severity;
use crate::vendor::Evidence;

/// What a mode costs, the worst first: what does not work, what nobody knows, what floods, what the rules say against
/// it, what nobody has shown, and the work. Of two that cost the same, the one that NLB lists first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    fares: Fares,
    errors: usize,
    floods: usize,
    bystanders: usize,
    warnings: usize,
    infos: usize,
    evidence: Evidence,
    left_out: usize,
    lines: usize,
    entries: usize,
}

pub(super) fn cost(trial: &Trial) -> Cost {
    let count = |severity| trial.findings.iter().filter(|said| said.severity == severity).count();
    let sum = |of: fn(&super::Work) -> usize| trial.switches.iter().map(of).sum();
    Cost {
        fares: trial.fares,
        errors: count(Severity::Error),
        floods: trial.floods.len(),
        bystanders: trial.floods.iter().map(|flood| flood.bystanders).sum(),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
        evidence: trial.evidence,
        left_out: sum(|work| work.left_out.len()),
        lines: sum(|work| work.lines),
        entries: sum(|work| work.entries.len()),
    }
}
