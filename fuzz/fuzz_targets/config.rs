//! Any octets as a config of any dialect (the first octet chooses it): no panic, every position lies in the text, every
//! line is counted once, and line ends change nothing.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nlbswitch::config::{self, detect, lines};
use nlbswitch::mask;
use nlbswitch::source::decode_config;
use nlbswitch::vendor::{Pack, Packs};

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);
static READ: LazyLock<Vec<Arc<Pack>>> = LazyLock::new(|| PACKS.all().unwrap_or_default());

fuzz_target!(|input: &[u8]| {
    let Some((choice, octets)) = input.split_first() else { return };
    let pack = &READ[usize::from(*choice) % READ.len()];
    let (text, _) = decode_config(octets.to_vec());
    let tree = lines::tree(pack, &text);
    let mut end = 0;
    for (number, line) in tree.lines.iter().enumerate() {
        assert!(
            text.get(line.range.clone()).is_some_and(|slice| !slice.is_empty()),
            "a line outside the text"
        );
        assert!(line.range.start >= end, "two lines share octets");
        assert!(
            line.parent.is_none_or(|parent| (parent as usize) < number),
            "a line stands before its block"
        );
        end = line.range.end;
    }
    let reading = config::read(pack, &text);
    let ledger = reading.ledger;
    assert_eq!(ledger.understood + ledger.unrelated + ledger.unknown, tree.lines.len());
    assert_eq!(ledger.passed_over, tree.passed_over);
    for fact in &reading.facts {
        assert!(text.get(fact.range()).is_some(), "a fact stands outside the text");
        if let Some(mac) = fact.mac() {
            assert!(
                fact.range().start <= mac.start && mac.end <= fact.range().end,
                "a MAC stands outside its line"
            );
            assert!(
                nlbswitch::net::mac::parse(&text[mac.clone()]).is_ok(),
                "{:?} is no MAC",
                &text[mac.clone()]
            );
        }
    }
    for line in &reading.unparsed {
        assert!(text.get(line.range.clone()).is_some(), "a line stands outside the text");
    }
    let state = reading.state(&pack.facts(None));
    if !text.contains('\r') {
        for end in ["\r\n", "\r"] {
            let other = config::read(pack, &text.replace('\n', end));
            assert!(state == other.state(&pack.facts(None)), "line ends change what is read");
            assert!(ledger.understood == other.ledger.understood, "line ends change what is understood");
        }
    }
    let _ = detect(PACKS.clues().expect("packs are whole"), &text);
    let _ = mask::lines(&text);
});
