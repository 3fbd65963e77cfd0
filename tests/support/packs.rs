//! What the tests know of packs: it comes from the packs and from `fixtures`, so that a pack that is added is tried too.

use std::collections::BTreeMap;

use nlbswitch::net::port::{Naming, PortName};
use nlbswitch::vendor::Pack;

use super::repository;

/// The labels that the corpus of public configs has, and the packs that read their dialects.
pub(crate) fn labels() -> Vec<(&'static str, &'static str)> {
    let table = include_str!("../../fixtures/corpus.tsv").lines().skip(1);
    table.map(|line| line.split_once('\t').expect("a label, a tab and a pack")).collect()
}

/// The texts of `fixtures/splice` by the packs that they are for.
pub(crate) fn splices() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(repository("fixtures/splice")).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// A port like the first example of `pack`, whose last number is `number`.
pub(crate) fn port(pack: &Pack, number: u32) -> PortName {
    spelt(pack, None, number)
}

/// As [`port`], its first number, where it has several, one that few switches have.
pub(crate) fn rare_port(pack: &Pack, number: u32) -> PortName {
    spelt(pack, Some(7), number)
}

fn spelt(pack: &Pack, first: Option<u32>, last: u32) -> PortName {
    let example = pack.ports.parse(&pack.ports.examples[0]).unwrap();
    let text = pack.ports.show(&example, Naming::Long);
    let numbers = text.rfind(|c: char| !c.is_ascii_digit() && c != '/').map_or(0, |at| at + 1);
    let (name, numbers) = text.split_at(numbers);
    let mut numbers: Vec<String> = numbers.split('/').map(str::to_owned).collect();
    if let (Some(first), true) = (first, numbers.len() > 1) {
        numbers[0] = first.to_string();
    }
    *numbers.last_mut().unwrap() = last.to_string();
    pack.ports.parse(&format!("{name}{}", numbers.join("/"))).unwrap()
}
