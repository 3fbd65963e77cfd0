//! One line to the changes it makes.

mod values;

use std::cell::OnceCell;
use std::ops::Range;

use smallvec::SmallVec;
use values::{Changes, Openers, Subjects, Values};

use super::alike::distinctive;
use super::names::Standing;
use crate::entry::EntryKind;
use crate::vendor::{Captures, CompiledLine, Pack, Words};

/// What a line does to one kind of entry.
pub(super) struct Understood<'p> {
    /// One change, or one for each port or VLAN that the line or its block names.
    pub(super) changes: Changes,
    /// The octets of the line's MAC, where it names one.
    pub(super) mac: Option<Range<usize>>,
    /// The spelling that fits it.
    pub(super) spelling: &'p CompiledLine,
}

/// The block that a line stands in, held against every block the pack knows: once for all lines in it.
#[derive(Default)]
pub(super) struct Block<'l> {
    /// How many lines opened it.
    depth: usize,
    fitting: Vec<Fitting<'l>>,
}

/// A known block that a block is.
struct Fitting<'l> {
    /// Its number.
    number: usize,
    /// The values of each line that opened it.
    openers: Vec<Captures<'l>>,
    /// The ports that these name, read for the first line that is about them.
    ports: OnceCell<Option<Subjects>>,
}

impl<'l> Block<'l> {
    /// The block that `openers` opened, the outermost first.
    pub(super) fn new(pack: &Pack, openers: &[&'l str]) -> Self {
        let mut block = Self { depth: openers.len(), fitting: Vec::new() };
        let openers: SmallVec<[Words<'l>; 2]> = openers.iter().map(|opener| Words::new(opener)).collect();
        let Some(last) = openers.last() else { return block };
        for number in pack.blocks_like(last) {
            let known = &pack.blocks_known()[number];
            if known.len() != openers.len() {
                continue;
            }
            let captures = known.iter().zip(&openers).map(|(pattern, opener)| pattern.captures(opener));
            if let Some(openers) = captures.collect() {
                block.fitting.push(Fitting { number, openers, ports: OnceCell::new() });
            }
        }
        block
    }

    /// What the openers say, where this is the block that `spelling` stands in.
    fn of(&self, spelling: &CompiledLine) -> Option<Openers<'_, 'l>> {
        match spelling.under {
            None => (self.depth == 0).then_some(Openers::default()),
            Some(under) => {
                let found = self.fitting.iter().find(|fitting| fitting.number == under);
                found.map(|fitting| Openers { values: &fitting.openers, ports: Some(&fitting.ports) })
            }
        }
    }
}

/// What `line`, standing in `block`, does: of each kind of entry what the first spelling that fits says, for one line
/// may say several things (a VLAN and its routed interface, a limit and that there is one). `None` when it begins like
/// no line the pack knows, or like one that is known to be irrelevant; an error when it begins like one about NLB and
/// fits none.
pub(super) fn understand<'p>(
    pack: &'p Pack,
    line: &Words<'_>,
    block: &Block<'_>,
    standing: &Standing<'_>,
) -> Option<Result<SmallVec<[Understood<'p>; 1]>, ()>> {
    let mut understood: SmallVec<[Understood<'p>; 1]> = SmallVec::new();
    let (mut looked_alike, mut wrong_value) = (false, false);
    for (spelling, shared) in pack.lines_like(line) {
        if understood.iter().any(|known| known.spelling.entry == spelling.entry) {
            continue;
        }
        // In another block than its own a line about an entry says nothing.
        let Some(openers) = block.of(spelling) else {
            looked_alike |= spelling.entry.setting().is_none() && distinctive(spelling, line);
            continue;
        };
        let Some(captures) = spelling.pattern.captures_behind(line, shared) else {
            looked_alike |= spelling.entry.setting().is_none() && distinctive(spelling, line);
            continue;
        };
        let values = Values { pack, standing, line: &captures, openers, one_of_vlans: None };
        match values.changes(spelling) {
            Some(changes) => understood.push(Understood { changes, mac: captures.range("mac"), spelling }),
            // `interface <port>` also fits the names of what is no port, `<mac>` some addresses: another spelling may
            // know it. If none does, a line about an entry is wrong.
            None => wrong_value |= spelling.entry.setting().is_none(),
        }
    }
    match understood.is_empty() {
        false => Some(Ok(understood)),
        true => (wrong_value || looked_alike && !pack.is_irrelevant(line)).then_some(Err(())),
    }
}

/// The kinds of entries that `line` looks as if it stated.
pub(super) fn look_alikes(pack: &Pack, line: &Words<'_>, block: &Block<'_>) -> Vec<EntryKind> {
    let fits =
        |spelling: &&CompiledLine| block.of(spelling).is_some() && spelling.pattern.captures(line).is_some();
    let looks = |spelling: &&CompiledLine| distinctive(spelling, line) || fits(spelling);
    let alike = pack.lines_like(line).map(|(spelling, _)| spelling).filter(looks);
    let mut kinds: Vec<EntryKind> = Vec::new();
    for spelling in alike {
        if spelling.entry.setting().is_none() && !kinds.contains(&spelling.entry) {
            kinds.push(spelling.entry);
        }
    }
    kinds
}
