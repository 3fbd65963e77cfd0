//! Any octets as a config without a design (the first octet chooses its dialect), judged: no panic, every finding stands
//! in the text, and what is passed over at a glance has nothing to be found in.
#![no_main]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nlbswitch::config::Glancer;
use nlbswitch::lint::{Candidate, Inputs, lint_inputs};
use nlbswitch::report::{Format, Report, render};
use nlbswitch::source::{Sources, decode_config};
use nlbswitch::vendor::{Pack, Packs};
use nlbswitch_fuzz::assert_in_the_text;

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);
static READ: LazyLock<Vec<Arc<Pack>>> = LazyLock::new(|| PACKS.all().unwrap_or_default());
static GLANCERS: LazyLock<Vec<Glancer>> = LazyLock::new(|| READ.iter().map(Glancer::of_one).collect());

fuzz_target!(|input: &[u8]| {
    let Some((choice, octets)) = input.split_first() else { return };
    let choice = usize::from(*choice) % READ.len();
    let pack = &READ[choice];
    let (text, _) = decode_config(octets.to_vec());
    let speaks = GLANCERS[choice].glance(&text).may_speak_of_nlb;
    let configs = vec![Candidate::from_text("sw1.cfg", text, Arc::clone(pack))];
    let inputs = Inputs { configs, ..Inputs::default() };
    let mut sources = Sources::new();
    let outcome = lint_inputs(inputs, Path::new(""), &PACKS, &mut sources).expect("packs are whole");
    assert!(speaks || outcome.findings.is_empty(), "a glance sees nothing: {:?}", outcome.findings);
    assert_in_the_text(&outcome.findings, &sources);
    if !outcome.findings.is_empty() {
        for format in [Format::Full, Format::Sarif, Format::Markdown] {
            let _ = render(format, &Report::new(&outcome.findings, &sources), false);
        }
    }
});
