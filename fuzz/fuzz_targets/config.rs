//! Any octets as a config of any dialect: no panic, every position lies in the text, and line ends change nothing.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nlbswitch::config;
use nlbswitch::source::decode_config;
use nlbswitch::vendor::{Pack, Packs};

static PACKS: LazyLock<Vec<Arc<Pack>>> = LazyLock::new(|| Packs::embedded().all().unwrap_or_default());

fuzz_target!(|input: &[u8]| {
    let Some((choice, octets)) = input.split_first() else { return };
    let pack = &PACKS[usize::from(*choice) % PACKS.len()];
    let (text, _) = decode_config(octets.to_vec());
    let reading = config::read(pack, &text);
    for fact in &reading.facts {
        assert!(text.get(fact.range.clone()).is_some(), "a fact stands outside the text");
        if let Some(mac) = &fact.mac {
            assert!(fact.range.start <= mac.start && mac.end <= fact.range.end, "a MAC stands outside its line");
        }
    }
    for line in &reading.unparsed {
        assert!(text.get(line.range.clone()).is_some(), "a line stands outside the text");
    }
    let state = reading.state(&pack.facts(None));
    if !text.contains('\r') {
        let windows = config::read(pack, &text.replace('\n', "\r\n")).state(&pack.facts(None));
        assert!(state == windows, "line ends change what is read");
    }
});
