//! The configs of `fixtures/spellings`: what each of their lines is read as, and that each pattern of the pack has one.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// Each line of `text` that says something, and under it what it says; `?` is one that is not understood.
fn told(reading: &Reading<'_>, text: &str) -> String {
    let mut said: BTreeMap<usize, (Range<usize>, Vec<String>)> = BTreeMap::new();
    let facts = reading.facts.iter().map(|fact| (fact.range(), shown(&fact.change)));
    let odd = reading.unparsed.iter().map(|line| (line.range.clone(), "?".to_owned()));
    for (range, change) in facts.chain(odd) {
        said.entry(range.start).or_insert_with(|| (range, Vec::new())).1.push(change);
    }
    let lines = said
        .values()
        .map(|(range, changes)| format!("{}\n    {}\n", &text[range.clone()], changes.join("\n    ")));
    lines.collect()
}

#[test]
fn every_line_of_the_fixtures_is_read_as_was_read_here() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spellings");
    let packs = Packs::embedded();
    let mut unused = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut used: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for path in files {
        // `NAME.cfg`, or `NAME.VARIANT.cfg` where one file cannot hold two forms of the dialect.
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let pack = packs.get(file.split('.').next().unwrap()).unwrap().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let reading = read(&pack, &text);
        let spellings = used.entry(pack.name().to_owned()).or_default();
        for fact in &reading.facts {
            spellings.extend(pack.lines().iter().position(|line| std::ptr::eq(line, fact.spelling)));
        }
        insta::with_settings!({ snapshot_suffix => file }, { insta::assert_snapshot!(told(&reading, &text)) });
    }
    for (pack, used) in &used {
        let pack = packs.get(pack).unwrap().unwrap();
        let lines = pack.lines().iter().enumerate().filter(|(number, _)| !used.contains(number));
        unused.extend(
            lines.map(|(_, line)| format!("{}: {} ({})", pack.name(), line.pattern.text(), line.entry)),
        );
    }
    assert!(unused.is_empty(), "fixtures/spellings shows no line of\n{}", unused.join("\n"));
}
