//! Switch config text to facts: lines with their block, each understood by the pack's patterns or not.

mod alike;
mod coverage;
mod detect;
mod glance;
pub mod lines;
mod names;
mod networks;
mod owner;
mod recognise;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod spellings;

use std::cmp::Ordering;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::OnceLock;

use macaddr::MacAddr6;

pub use coverage::{Beginning, Coverage, coverage};
pub use detect::{Detection, detect, of_another_dialect};
pub use glance::{Glance, Glancer};
use names::Standing;
pub use names::VlanNames;
pub use networks::{Network, Networks};
pub use owner::Owners;
use recognise::{Block, Understood, understand};

use crate::entry::{Change, Entry, EntryKind, State, Value};
use crate::net::{VlanSet, mac};
use crate::source::{FileId, Span};
use crate::vendor::{CompiledLine, Evidence, Model, Pack, PlatformFacts, Refusal, Release, VlanScope, Words};

/// What one line of a config says about one entry.
#[derive(Debug)]
pub struct Fact<'p> {
    /// What it does.
    pub change: Change,
    /// The octets of the line, without its indentation: first, and behind the last.
    line: (u32, u32),
    /// The octets of the MAC in it, where it names one.
    mac: Option<(u32, u32)>,
    /// The spelling that was recognised, with its evidence.
    pub spelling: &'p CompiledLine,
}

/// A line that begins like one the pack knows and that fits no pattern where it stands, or that names a cluster's MAC and
/// is not known at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// The octets of the line, without its indentation.
    pub range: Range<usize>,
    /// The kinds of entries that the lines it looks like state.
    pub kinds: Vec<EntryKind>,
    /// What it was meant to say of a cluster; `None` where it names no MAC of NLB.
    pub meant: Option<Box<Meant>>,
}

/// A line that names a MAC of NLB, or what was to be one, and is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The lines that opened its block, the outermost first.
    pub openers: Vec<String>,
    /// The line.
    pub line: String,
    /// The MAC as it is written.
    pub word: String,
    /// The MAC; `None` where the word is a piece of one.
    pub mac: Option<MacAddr6>,
    /// The first IP address in it.
    pub ip: Option<Ipv4Addr>,
}

impl Meant {
    fn new(words: &Words<'_>, openers: &[&str]) -> Option<Box<Self>> {
        let named = words.from(1).find_map(|word| alike::mac_of_nlb(word).map(|mac| (word, mac)));
        let (word, mac) = named?;
        Some(Box::new(Self {
            openers: openers.iter().map(|opener| (*opener).to_owned()).collect(),
            line: words.line().to_owned(),
            word: word.to_owned(),
            mac,
            ip: words.from(1).find_map(|word| word.parse().ok()),
        }))
    }

    /// Whether the MAC that it names is `mac`, or a beginning of it.
    pub fn may_be(&self, mac: MacAddr6) -> bool {
        let whole = mac::format(mac, mac::Notation::Bare);
        self.mac.map_or_else(|| whole.starts_with(&alike::digits(&self.word)), |named| named == mac)
    }
}

/// A config, read.
#[derive(Debug, Default)]
pub struct Reading<'p> {
    /// The lines that say something about an entry, in their order.
    pub facts: Vec<Fact<'p>>,
    /// The lines that look as if they did.
    pub unparsed: Vec<Unparsed>,
    /// What became of every line.
    pub ledger: Ledger,
    /// What it calls its VLANs.
    pub names: VlanNames,
    /// The facts by the keys that they are about, those about one key as they come.
    by_key: OnceLock<Vec<u32>>,
}

/// What became of the lines of a config: each counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Lines whose meaning is known, and those that open a block of such lines.
    pub understood: usize,
    /// Lines that are known to have nothing to do with NLB, and those under them.
    pub unrelated: usize,
    /// Lines that nobody here knows. Those that look as if they were about NLB are among [`Reading::unparsed`].
    pub unknown: usize,
    /// Lines that say nothing: blank ones, comments, banners, certificates, prompts.
    pub passed_over: usize,
}

impl std::ops::AddAssign for Ledger {
    fn add_assign(&mut self, other: Self) {
        self.understood += other.understood;
        self.unrelated += other.unrelated;
        self.unknown += other.unknown;
        self.passed_over += other.passed_over;
    }
}

impl<'p> Reading<'p> {
    /// What holds after the last line, beyond the platform's defaults.
    pub fn state(&self, facts: &PlatformFacts<'_>) -> State {
        let mut state = State::new();
        let carries_all = facts.unstated_trunk_vlans().is_some_and(|fact| fact.value == VlanScope::All);
        for fact in self.by_key().iter().map(|number| &self.facts[*number as usize]) {
            if let Change::RemoveVlans(EntryKind::TrunkVlans, of, _) = &fact.change
                && carries_all
            {
                let value = Value::Vlans(VlanSet::all());
                let all = Entry::Setting { kind: EntryKind::TrunkVlans, of: of.clone(), value };
                state.apply(Change::UnlessStated(all));
            }
            state.apply(fact.change.clone());
        }
        state.retain(|entry| !is_default(entry, facts));
        state.settle_vrfs();
        state
    }

    fn by_key(&self) -> &[u32] {
        self.by_key.get_or_init(|| {
            Change::by_key(self.facts.len() as u32, |number| &self.facts[number as usize].change)
        })
    }

    /// The line that states what holds under `entry`'s key: the last one, or the first where it only says what holds
    /// unless another does. Where several lines add up to a set of ports, the last one that names a port of `entry`.
    pub fn origin(&self, entry: &Entry) -> Option<&Fact<'p>> {
        let fact = |number: &u32| &self.facts[*number as usize];
        let by_key = self.by_key();
        let first = by_key.partition_point(|number| fact(number).change.key_cmp(entry) == Ordering::Less);
        let about = by_key[first..].iter().map(fact);
        let about = about.take_while(|fact| fact.change.key_cmp(entry) == Ordering::Equal);
        let names_a_port = |fact: &Fact<'_>| match (&fact.change, entry.ports()) {
            (Change::Add(stated), Some(ports)) => stated.ports().is_some_and(|own| !own.is_disjoint(ports)),
            _ => false,
        };
        about.fold(None, |origin: Option<&Fact<'p>>, fact| match &fact.change {
            Change::Add(_) if origin.is_some_and(names_a_port) && !names_a_port(fact) => origin,
            Change::Add(_) | Change::Replace(_) | Change::RemoveVlans(..) => Some(fact),
            Change::UnlessStated(_) => origin.or(Some(fact)),
            Change::Remove(_) | Change::RemovePorts(..) | Change::RemoveAddress(_) => origin,
        })
    }
}

impl<'p> Fact<'p> {
    fn new(
        change: Change,
        line: &Range<usize>,
        mac: Option<&Range<usize>>,
        spelling: &'p CompiledLine,
    ) -> Self {
        // Sources are addressed with 32 bits.
        let short = |range: &Range<usize>| (range.start as u32, range.end as u32);
        Self { change, line: short(line), mac: mac.map(short), spelling }
    }

    /// The octets of the line, without its indentation.
    pub fn range(&self) -> Range<usize> {
        self.line.0 as usize..self.line.1 as usize
    }

    /// The octets of the MAC in it, where it names one.
    pub fn mac(&self) -> Option<Range<usize>> {
        self.mac.map(|(start, end)| start as usize..end as usize)
    }

    /// Whether it says no more than that a port, a VLAN or an SVI is spoken of: what opens a block does.
    pub fn only_mentions(&self) -> bool {
        matches!(self.spelling.entry, EntryKind::Port | EntryKind::Svi | EntryKind::Vlan)
    }

    /// Where the line stands in `file`.
    pub fn span(&self, file: FileId) -> Span {
        Span::new(file, self.range())
    }

    /// Where its MAC stands in `file`; the line where it names none.
    pub fn mac_span(&self, file: FileId) -> Span {
        Span::new(file, self.mac().unwrap_or_else(|| self.range()))
    }
}

/// What became of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Its meaning is known.
    Understood,
    /// It has nothing to do with NLB, or stands under a line that has not.
    Unrelated,
    /// It begins like a line about NLB and is not understood.
    Doubtful,
    /// Nobody here knows it.
    Unknown,
}

/// How much more than one thing each the lines of a config may say: a line in a block of 48 ports says 48. The largest
/// configs stay far below; a few kilobytes of ranges could fill the memory. A line that says one thing, as every static
/// entry does, is always read.
const MOST_EXPANDED: usize = 250_000;

/// Reads `text`, a whole config, in the words of `pack`.
pub fn read<'p>(pack: &'p Pack, text: &str) -> Reading<'p> {
    read_among(pack, text, &VlanNames::default())
}

/// Reads `text`, lines of a config that calls its VLANs by `names`.
pub fn read_among<'p>(pack: &'p Pack, text: &str, names: &VlanNames) -> Reading<'p> {
    read_watched(pack, text, names, |_, _, _| {})
}

/// As [`read_among`]; `watch` is told what became of each line.
fn read_watched<'p>(
    pack: &'p Pack,
    text: &str,
    names: &VlanNames,
    mut watch: impl FnMut(&lines::Tree<'_>, &lines::Line<'_>, Fate),
) -> Reading<'p> {
    let mut reading = Reading::default();
    let tree = lines::tree(pack, text);
    let names = names.clone().and_those_of(pack, &tree);
    let standing = Standing::new(&names, pack, Some(&tree));
    let mut words = Words::default();
    let (mut parent, mut block) = (None, Block::default());
    let top = Block::default();
    let mut expanded = 0;
    let mut unrelated = vec![false; tree.lines.len()];
    reading.ledger.passed_over = tree.passed_over;
    if pack.reads_comments() {
        reading.facts = told_by_header(pack, text);
    }
    reading.facts.reserve(tree.lines.len());
    for (number, line) in tree.lines.iter().enumerate() {
        if line.parent.is_some_and(|parent| unrelated[parent as usize]) {
            unrelated[number] = true;
            reading.ledger.unrelated += 1;
            watch(&tree, line, Fate::Unrelated);
            continue;
        }
        if line.parent != parent {
            (parent, block) = (line.parent, Block::new(pack, &tree.openers(line)));
        }
        words.take(&line.text);
        // A command that the block has run stands at the top in fact.
        let run = line.parent.and_then(|_| pack.layout.run_from(&line.text));
        if let Some(at) = run {
            words.take(&line.text[at..]);
        }
        let here = if run.is_some() { &top } else { &block };
        let offset = run.unwrap_or(0);
        let fate = match understand(pack, &words, here, &standing) {
            Some(Ok(understood)) => {
                let changes = understood.iter().map(|understood| understood.changes.len());
                let further = changes.sum::<usize>().saturating_sub(understood.len());
                if further > 0 && expanded + further > MOST_EXPANDED {
                    reading.ledger.unknown += 1;
                    watch(&tree, line, Fate::Unknown);
                    continue;
                }
                expanded += further;
                for Understood { changes, mac, spelling } in understood {
                    let mac =
                        mac.and_then(|mac| line.place(pack, text, offset + mac.start..offset + mac.end));
                    let fact = |change| Fact::new(change, &line.range, mac.as_ref(), spelling);
                    reading.facts.extend(changes.into_iter().map(fact));
                }
                reading.ledger.understood += 1;
                Fate::Understood
            }
            None if pack.is_unrelated(&words) || pack.is_irrelevant(&words) => {
                unrelated[number] = true;
                reading.ledger.unrelated += 1;
                Fate::Unrelated
            }
            None if standing.is_name_of_ports(&words) => {
                reading.ledger.understood += 1;
                Fate::Understood
            }
            None if let Some(kinds) = pack.unread(&words) => {
                reading.ledger.unknown += 1;
                let (range, kinds) = (line.range.clone(), kinds.to_vec());
                reading.unparsed.push(Unparsed { range, kinds, meant: None });
                Fate::Doubtful
            }
            None if alike::opens_known(pack, || tree.openers(line), &words) => {
                reading.ledger.understood += 1;
                Fate::Understood
            }
            None if !alike::names_cluster(&words) => {
                reading.ledger.unknown += 1;
                Fate::Unknown
            }
            Some(Err(())) | None => {
                reading.ledger.unknown += 1;
                let kinds = recognise::look_alikes(pack, &words, here);
                reading.unparsed.push(Unparsed {
                    range: line.range.clone(),
                    kinds,
                    meant: Meant::new(&words, &tree.openers(line)),
                });
                Fate::Doubtful
            }
        };
        watch(&tree, line, fate);
    }
    reading.names = names;
    reading
}

/// How many lines of a config may be its header.
const HEADER_LINES: usize = 100;

/// What comments at the beginning of `text` tell: the model and the release, which some dialects and archives write there.
fn told_by_header<'p>(pack: &'p Pack, text: &str) -> Vec<Fact<'p>> {
    let mut facts = Vec::new();
    let nameless = VlanNames::default();
    let standing = Standing::new(&nameless, pack, None);
    for whole in lines::physical(text).take(HEADER_LINES) {
        let line = text[whole.clone()].trim_end();
        let range = whole.start..whole.start + line.len();
        if !pack.layout.is_comment(line) || range.len() > lines::MAX_LINE {
            continue;
        }
        let words = Words::new(&text[range.clone()]);
        let understood = understand(pack, &words, &Block::default(), &standing);
        for Understood { changes, spelling, .. } in understood.into_iter().flatten().flatten() {
            let fact = |change| Fact::new(change, &range, None, spelling);
            facts.extend(changes.into_iter().map(fact));
        }
    }
    facts
}

/// What switch it is by the words of its config: unknown where these tell nothing, or several things.
pub fn model_told(pack: &Pack, reading: &Reading<'_>) -> Model {
    let words = |wanted| {
        reading.facts.iter().filter_map(move |fact| match &fact.change {
            Change::Replace(Entry::Setting { kind, value: Value::Word(word), .. }) if *kind == wanted => {
                Some(word.as_str())
            }
            _ => None,
        })
    };
    Model {
        platform: only(words(EntryKind::Model).filter_map(|word| pack.platform_of_model(word))),
        release: only(words(EntryKind::Release).filter_map(Release::parse)),
    }
}

/// What all of `told` are; `None` where there is none, or two differ.
fn only<T: PartialEq>(mut told: impl Iterator<Item = T>) -> Option<T> {
    let first = told.next()?;
    told.all(|other| other == first).then_some(first)
}

/// The first line of `text` that the platform does not take, and how sure that is.
pub fn refused(pack: &Pack, platform: usize, text: &str) -> Option<(Range<usize>, Evidence)> {
    let refuses = &pack.platforms[platform].refuses;
    if refuses.is_empty() {
        return None;
    }
    let mut words = Words::default();
    lines::tree(pack, text).lines.iter().find_map(|line| {
        words.take(&line.text);
        let fits = |refusal: &&Refusal| refusal.lines.iter().any(|known| known.captures(&words).is_some());
        refuses.iter().find(fits).map(|refusal| (line.range.clone(), refusal.evidence))
    })
}

/// Whether an entry says no more than the platform does by itself.
pub fn is_default(entry: &Entry, facts: &PlatformFacts<'_>) -> bool {
    use crate::entry::{Unregistered, Value};
    match entry {
        Entry::IgmpSnooping { vlan, enabled } => facts.snooping_default(vlan.is_some()) == Some(*enabled),
        Entry::MulticastFiltering { enabled } | Entry::VlanFlooding { enabled } => !enabled,
        Entry::UnregisteredMulticast { action, .. } => *action == Unregistered::Flood,
        Entry::Setting { kind: EntryKind::ArpCheck, value, .. } => *value == Value::Flag(true),
        Entry::Setting { kind, value, .. } if kind.is_written_on_request() => *value == Value::Flag(false),
        _ => false,
    }
}

/// Whether nobody says what the platform does where a config is silent about `entry`: once it is stated, no line brings
/// that back, so a rollback leaves it.
pub fn has_unknown_default(entry: &Entry, facts: &PlatformFacts<'_>) -> bool {
    matches!(entry, Entry::IgmpSnooping { vlan, .. } if facts.snooping_default(vlan.is_some()).is_none())
}
