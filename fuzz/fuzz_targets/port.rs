//! Any text as a port, a list of ports or of VLANs, in every pack's grammar: what is read is written and read again as
//! itself.
#![no_main]

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nlbswitch::net::VlanSet;
use nlbswitch::net::port::{Naming, PortName};
use nlbswitch::vendor::{Pack, Packs};

static PACKS: LazyLock<Vec<Arc<Pack>>> = LazyLock::new(|| Packs::embedded().all().unwrap_or_default());

/// A limit that a list of a few ports meets, and one that none does.
const LIMITS: [usize; 2] = [40, usize::MAX];

fuzz_target!(|text: &str| {
    for pack in PACKS.iter() {
        let ports = &pack.ports;
        if let Ok(port) = ports.parse(text) {
            for naming in [Naming::Long, Naming::Short] {
                let shown = ports.show(&port, naming);
                assert_eq!(ports.parse(&shown).as_ref(), Ok(&port), "{}: {shown}", pack.name());
            }
        }
        let Ok(list) = ports.parse_list(text, None) else { continue };
        let all: BTreeSet<PortName> = list.into_iter().collect();
        let ordered: Vec<PortName> = all.iter().cloned().collect();
        for limit in LIMITS {
            let mut back = BTreeSet::new();
            for written in ports.lists(&ordered, Naming::Long, limit) {
                let bare =
                    ports.kinds.iter().find(|kind| kind.number_only && kind.keyword == written.keyword);
                match ports.parse_list(&written.text, bare) {
                    Ok(read) => back.extend(read),
                    Err(error) => panic!("{}: `{}`: {error}", pack.name(), written.text),
                }
            }
            assert!(back == all, "{}: {text:?} is written as another list", pack.name());
        }
    }
    if let Ok(vlans) = text.parse::<VlanSet>() {
        assert_eq!(vlans.to_string().parse::<VlanSet>().as_ref(), Ok(&vlans));
    }
});
