//! Any text as a MAC, and as what `nlbswitch mac` is asked: what is read is written and read again as itself, and every
//! question has an answer or a complaint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nlbswitch::cli::mac::{Format, MacArgs, run};
use nlbswitch::net::mac::{Notation, format, parse};
use nlbswitch::nlb::{Decoded, Mode, decode};

fuzz_target!(|text: &str| {
    if let Ok(mac) = parse(text) {
        for notation in Notation::ALL {
            assert_eq!(parse(&format(mac, notation)), Ok(mac));
        }
        let of = |mode: Mode, ip| assert_eq!(mode.mac(ip), mac, "{ip} in mode {mode}");
        match decode(mac) {
            Decoded::Unicast(ip) => of(Mode::Unicast, ip),
            Decoded::Multicast(ip) => of(Mode::Multicast, ip),
            _ => {}
        }
    }
    let asked = |items: Vec<String>, format| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = MacArgs { items, mode: None, notation: None, format };
        let code = run(&args, &mut text.as_bytes(), &mut out, &mut err).expect("nothing is in the way");
        assert!(code <= 2);
        assert!(code != 2 || !err.is_empty(), "it failed and says nothing");
        out
    };
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    if !words.is_empty() {
        asked(words, Format::Text);
    }
    let document = asked(vec!["-".to_owned()], Format::Json);
    assert!(serde_json::from_slice::<serde_json::Value>(&document).is_ok(), "no JSON document");
});
