//! What several targets hold.

use nlbswitch::diagnostic::Diagnostic;
use nlbswitch::source::Sources;

/// Every place that a finding names lies in a text.
pub fn assert_in_the_text(findings: &[Diagnostic], sources: &Sources) {
    for finding in findings {
        let related = finding.related.iter().map(|related| &related.span);
        for span in finding.span.iter().chain(related) {
            let slice = sources.file(span.file).text().get(span.range());
            assert!(slice.is_some(), "{} stands outside the text", finding.code);
        }
    }
}
