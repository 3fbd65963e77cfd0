//! Which settings each pack has words for, and how much of real configs that covers.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// The settings that `pack` has words for, and those that it has none for.
fn words_for(pack: &str) -> String {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    let settings = EntryKind::ALL.iter().filter(|kind| kind.setting().is_some());
    let (known, missing): (Vec<&EntryKind>, Vec<&EntryKind>) =
        settings.partition(|kind| pack.grade_of(**kind).is_some());
    let list = |kinds: Vec<&EntryKind>| kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    format!("{}: {} settings; without {}", pack.name(), known.len(), list(missing))
}

/// A gap must not open unseen; one that the dialect has is said here.
#[test]
fn each_pack_lacks_only_the_settings_that_are_listed() {
    for pack in Packs::embedded().all().unwrap() {
        insta::with_settings!({ snapshot_suffix => pack.name() }, {
            insta::assert_snapshot!(words_for(pack.name()));
        });
    }
}

/// Words that begin lines about layer 2 and NLB, and so are worth a look where they are not understood.
const RELEVANT: &[&str] = &[
    "switchport",
    "spanning-tree",
    "storm-control",
    "ip",
    "arp",
    "mac",
    "vlan",
    "private-vlan",
    "standby",
    "vrrp",
    "glbp",
    "vrf",
    "channel-group",
    "shutdown",
    "name",
    "igmp",
    "tagged",
    "untagged",
    "portmode",
];

/// Lines of one dialect's blocks of ports, SVIs and VLANs.
#[derive(Default)]
struct Covered {
    lines: usize,
    understood: usize,
    missed: BTreeMap<String, usize>,
}

/// Not a judgement but a look: `cargo test --lib real_blocks -- --nocapture`. It needs the corpus of public configs.
#[test]
#[allow(clippy::print_stdout)] // what it is for
fn real_blocks_of_ports_and_vlans_are_mostly_understood() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    for (folder, pack, least) in [
        ("cisco-ios", "cisco-ios", 40),
        ("nxos", "cisco-nxos", 60),
        ("eos", "arista-eos", 40),
        ("force10", "dell-force10", 60),
        ("powerconnect", "dell-powerconnect-5400", 70),
    ] {
        let Ok(files) = std::fs::read_dir(corpus.join(folder)) else { continue };
        let pack = Packs::embedded().get(pack).unwrap().unwrap();
        let mut covered = Covered::default();
        for file in files.map(|file| file.unwrap().path()) {
            let octets = std::fs::read(file).unwrap();
            cover(&pack, &String::from_utf8_lossy(&octets), &mut covered);
        }
        let share = covered.understood * 100 / covered.lines.max(1);
        println!("{folder}: {share} % of {} lines in blocks of ports, SVIs and VLANs", covered.lines);
        let mut missed: Vec<(&String, &usize)> = covered.missed.iter().collect();
        missed.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        missed.iter().take(40).for_each(|(words, count)| println!("{count:6} {words}"));
        assert!(share >= least, "{folder}: {share} %");
    }
}

fn cover(pack: &Pack, text: &str, covered: &mut Covered) {
    let reading = read(pack, text);
    let understood: BTreeSet<usize> = reading.facts.iter().map(|fact| fact.range().start).collect();
    let tree = lines::tree(pack, text);
    for line in &tree.lines {
        // Blocks of what is no switch port (loopbacks, tunnels, ports of routers) are not ours to understand.
        let Some(parent) = line.parent.map(|number| &tree.lines[number as usize]) else { continue };
        if !understood.contains(&parent.range.start) {
            continue;
        }
        covered.lines += 1;
        if understood.contains(&line.range.start) {
            covered.understood += 1;
            continue;
        }
        let mut words: Vec<String> = line.text.split_whitespace().map(str::to_ascii_lowercase).collect();
        words.retain(|word| word != "no");
        words.truncate(2);
        if words.first().is_some_and(|first| RELEVANT.contains(&first.as_str())) {
            *covered.missed.entry(words.join(" ")).or_default() += 1;
        }
    }
}
