//! Any text as a design: no panic, no hang, and what loads without an error is planned and judged.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nlbswitch::lint;
use nlbswitch::report::{Format, Report, render};
use nlbswitch::source::Sources;
use nlbswitch::vendor::Packs;
use nlbswitch_fuzz::assert_in_the_text;

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let outcome = lint::lint_text("design.yaml", text, &PACKS, &mut sources).expect("packs are whole");
    assert_in_the_text(&outcome.findings, &sources);
    for format in [Format::Full, Format::Json] {
        let _ = render(format, &Report::new(&outcome.findings, &sources), false);
    }
});
