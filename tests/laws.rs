//! The laws of the packs (`nlbswitch::laws`), over more cases than `vendors check` tries, with the simplest one shown
//! that breaks one.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use nlbswitch::entry::EntryKind;
use nlbswitch::laws::{Case, Choices, LAWS, UNRELATED, try_laws, unrelated};
use nlbswitch::render::Writer;
use nlbswitch::vendor::{Pack, Packs};
use proptest::prelude::*;
use proptest::sample::select;

fn packs_that_write() -> Vec<Arc<Pack>> {
    Packs::embedded().all().unwrap().into_iter().filter(|pack| pack.renders()).collect()
}

static WRITERS: LazyLock<Vec<Arc<Writer>>> = LazyLock::new(|| {
    packs_that_write().into_iter().map(|pack| Arc::new(Writer::new(pack).unwrap())).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn every_law_holds(
        writer in select(WRITERS.as_slice()),
        tape in prop::collection::vec(prop_oneof![0u32..40, any::<u32>()], 0..300),
    ) {
        let case = Case::new(&writer, &mut Choices::new(&tape));
        for law in LAWS {
            if let Err(broken) = (law.check)(&case) {
                prop_assert!(false, "{}: {}: {broken}", writer.pack().name(), law.words);
            }
        }
    }
}

#[test]
fn the_cases_of_vendors_check_are_the_same_each_time_and_hold() {
    for pack in packs_that_write() {
        let tried = try_laws(&pack).unwrap();
        assert_eq!(tried, try_laws(&pack).unwrap());
        assert_eq!(tried.len(), LAWS.len());
        for law in tried {
            assert_eq!(law.broken, None, "{}: {}", pack.name(), law.law);
            assert!(law.cases > 100, "{}: {} on {} cases", pack.name(), law.law, law.cases);
        }
    }
}

#[test]
fn what_says_nothing_about_nlb_says_nothing_to_any_pack() {
    for pack in Packs::embedded().all().unwrap() {
        assert_eq!(unrelated(&pack), UNRELATED, "{}", pack.name());
    }
}

#[test]
fn every_pack_that_writes_is_tried() {
    let names: BTreeSet<String> = packs_that_write().iter().map(|pack| pack.name().to_owned()).collect();
    let directories = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap();
    let directories =
        directories.map(|entry| entry.unwrap().path()).filter(|path| path.join("apply.j2").is_file());
    let expected: BTreeSet<String> =
        directories.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, expected);
    for pack in packs_that_write() {
        // What it does not write it says of itself.
        let told = |kind| pack.speaks_of(kind) || pack.reads_only.contains(&kind);
        assert!(told(EntryKind::StaticMac) && told(EntryKind::IgmpSnooping), "{}", pack.name());
    }
}
