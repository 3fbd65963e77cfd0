//! Any text as a port or a list of ports, in every pack's grammar: what is read is written and read again as itself.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nlbswitch::net::port::Naming;
use nlbswitch::vendor::{Pack, Packs};

static PACKS: LazyLock<Vec<Arc<Pack>>> = LazyLock::new(|| Packs::embedded().all().unwrap_or_default());

fuzz_target!(|text: &str| {
    for pack in PACKS.iter() {
        if let Ok(port) = pack.ports.parse(text) {
            let shown = pack.ports.show(&port, Naming::Long);
            assert_eq!(pack.ports.parse(&shown), Ok(port), "{shown}");
        }
        let _ = pack.ports.parse_list(text, None);
    }
});
