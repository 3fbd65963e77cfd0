//! Any text as a MAC: what is read is written and read again as itself, in every notation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nlbswitch::net::mac::{Notation, format, parse};
use nlbswitch::nlb::decode;

fuzz_target!(|text: &str| {
    let Ok(mac) = parse(text) else { return };
    let _ = decode(mac);
    for notation in Notation::ALL {
        assert_eq!(parse(&format(mac, *notation)), Ok(mac));
    }
});
