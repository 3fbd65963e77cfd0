//! Any text as a design: no panic, no hang, and what loads without an error is planned and judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nlbswitch::lint;
use nlbswitch::source::Sources;
use nlbswitch::vendor::Packs;

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let outcome = lint::lint_text("design.yaml", text, &Packs::embedded(), &mut sources).expect("packs are whole");
    for finding in outcome.findings {
        if let Some(span) = finding.span {
            assert!(sources.file(span.file).text().get(span.range()).is_some(), "a finding stands outside the text");
        }
    }
});
