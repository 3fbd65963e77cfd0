//! Where rules put what they find.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    /// Reports a finding of `rule` at `span`; more is said about it through what this returns.
    pub fn report(
        &mut self,
        rule: &Rule,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let mut finding = Diagnostic::new(rule.code, rule.name, rule.severity, message);
        finding.span = span.into();
        self.list.push(finding);
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// The findings, in their order for output.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        crate::diagnostic::sort(&mut self.list);
        self.list
    }
}
