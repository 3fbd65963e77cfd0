//! The configs that lines are spliced into, and what in each of them is free for these lines.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use nlbswitch::config::{self, Detection, detect, lines};
use nlbswitch::entry::{EntryKind, Subject};
use nlbswitch::lint::connected;
use nlbswitch::net::port::{Naming, PortName};
use nlbswitch::source::decode_config;
use nlbswitch::vendor::{ConfigForm, Pack, Packs, TableWord};

use crate::support::packs::{labels, rare_port, splices};
use crate::support::repository;

/// A config without NLB.
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) pack: Arc<Pack>,
    pub(crate) text: String,
    pub(crate) site: Site,
    /// Where lines can be put in: the octets at which a line outside of every block begins, and the end.
    pub(crate) gaps: Vec<usize>,
}

/// What no line of a base speaks of.
pub(crate) struct Site {
    pub(crate) vlans: [u16; 3],
    /// Subnets with a prefix of 24 bits: two with no octet above 99, one that ends as the first does, one that ends in 255.
    pub(crate) nets: [[u8; 3]; 4],
    /// Ports in the dialect's own long spelling.
    pub(crate) ports: Vec<String>,
    /// The number of a port-channel, where the dialect has such.
    pub(crate) lag: Option<u32>,
}

const PORTS: usize = 4;

impl Site {
    /// `None` where the base leaves too little.
    fn of(pack: &Pack, text: &str) -> Option<Self> {
        let state = config::read(pack, text).state(&pack.facts(None));
        let words: BTreeSet<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let spoken_of = |vlan: u16| words.contains(vlan.to_string().as_str());
        let mut vlans = (2..4000).rev().filter(|vlan| !spoken_of(*vlan));
        let subnets = connected(&state);
        let is_free = |[a, b, c]: [u8; 3]| {
            let inside = subnets.iter().any(|at| at.subnet.contains([a, b, c, 40].into()));
            !inside && !text.contains(&format!("{a}.{b}.{c}."))
        };
        // What is right for one must not be right for another by chance: they differ in each octet but the first.
        let quadruple = |[a, b]: [u8; 2]| {
            let nets = [[a, b, b + 10], [a, b + 1, b + 11], [a, b + 1, b + 10], [a, b + 2, 255]];
            nets.into_iter().all(is_free).then_some(nets)
        };
        let mut candidates = [10u8, 77, 90].into_iter().flat_map(|a| (21..88).map(move |b| [a, b]));
        let nets = candidates.find_map(quadruple)?;
        let used: BTreeSet<&PortName> =
            [EntryKind::Port, EntryKind::PortMode, EntryKind::Lag, EntryKind::TrunkVlans]
                .into_iter()
                .flat_map(|kind| state.settings(kind))
                .filter_map(|(of, _)| match of {
                    Subject::Port(port) => Some(port),
                    _ => None,
                })
                .collect();
        let free = |port: &String| pack.ports.parse(port).is_ok_and(|port| !used.contains(&port));
        let candidates = (1..=48).rev().map(|number| pack.ports.show(&rare_port(pack, number), Naming::Long));
        let ports: Vec<String> = candidates.filter(free).take(PORTS).collect();
        let lag = match pack.ports.lag_kind() {
            None => None,
            Some(kind) => {
                let free = |number: &u32| {
                    let port = pack.ports.parse_list(&number.to_string(), Some(kind));
                    port.is_ok_and(|ports| ports.iter().all(|port| !used.contains(port)))
                };
                Some((1..=8).rev().find(free)?)
            }
        };
        Some(Self {
            vlans: [vlans.next()?, vlans.next()?, vlans.next()?],
            nets,
            ports: (ports.len() == PORTS).then_some(ports)?,
            lag,
        })
    }
}

impl Base {
    fn new(name: &str, pack: Arc<Pack>, text: String) -> Option<Self> {
        let site = Site::of(&pack, &text)?;
        let start_of_line = |at: usize| text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let outside = lines::tree(&pack, &text).lines;
        let outside = outside.iter().filter(|line| line.parent.is_none());
        let mut gaps: Vec<usize> = outside.map(|line| start_of_line(line.range.start)).collect();
        gaps.dedup();
        if pack.layout.form == ConfigForm::Paths {
            // A statement in braces stands in no line's block, and yet within others.
            let depth = |octets: &[u8]| {
                octets.iter().map(|octet| i64::from(*octet == b'{') - i64::from(*octet == b'}')).sum::<i64>()
            };
            let (mut at, mut open) = (0, 0);
            gaps.retain(|gap| {
                open += depth(&text.as_bytes()[at..*gap]);
                at = *gap;
                open == 0
            });
        }
        if let Some(tables) = &pack.layout.tables {
            // Of a table that stands in none.
            let opens = format!("{} ", tables.word(TableWord::Table));
            gaps.retain(|gap| text[*gap..].starts_with(&opens));
        }
        if text.ends_with(['\n', '\r']) {
            gaps.push(text.len());
        }
        (!gaps.is_empty()).then_some(Self { name: name.to_owned(), pack, text, site, gaps })
    }

    /// How its lines end.
    pub(crate) fn line_end(&self) -> &'static str {
        match (self.text.contains("\r\n"), self.text.contains('\n'), self.text.contains('\r')) {
            (true, ..) => "\r\n",
            (_, false, true) => "\r",
            _ => "\n",
        }
    }
}

/// Every base: the project's own fixtures, and the whole configs of the corpus where it is at hand.
pub(crate) fn bases(packs: &Packs, with_corpus: bool) -> Vec<Base> {
    let mut found = Vec::new();
    for pack in splices().keys() {
        let pack = packs.get(pack).unwrap().unwrap();
        for (name, text) in fixtures(pack.name()) {
            found.extend(Base::new(&name, Arc::clone(&pack), text));
        }
    }
    let corpus = repository("../shared/corpus");
    let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).unwrap_or_default();
    if !with_corpus || manifest.is_empty() {
        println!("without the corpus: the fixtures are the only bases");
        return found;
    }
    let labels = labels();
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let Some((_, own)) = labels.iter().find(|(label, _)| *label == fields[0]) else { continue };
        let whole = matches!(fields[3], "device" | "whole") || fields[0] == "eos" && fields[3] == "rendered";
        if !whole {
            continue;
        }
        let (text, _) = decode_config(std::fs::read(corpus.join(fields[1])).unwrap());
        // Some labels are wrong, which is for the tests of dialects.
        if let Detection::Dialect { pack, .. } = detect(packs.clues().unwrap(), &text)
            && pack.name() == *own
        {
            found.extend(Base::new(fields[1], pack, without_own_faults(&text)));
        }
    }
    found
}

/// `text` without what is told of it, and rightly, once a cluster is spliced in: storm control, for a trunk that carries
/// every VLAN carries the spliced one too, and the image of a Nexus 9000 whose release no line tells.
fn without_own_faults(text: &str) -> String {
    let release = text.lines().any(|line| line.starts_with("version "));
    let is_fault = |line: &str| {
        let line = line.trim_start();
        line.starts_with("storm-control") || !release && line.starts_with("boot nxos")
    };
    text.split_inclusive('\n').filter(|line| !is_fault(line)).collect()
}

/// Configs of the project's own for a dialect: those by which it is known, without the lines about NLB, and a blank one.
fn fixtures(pack: &str) -> Vec<(String, String)> {
    let directory = repository("fixtures/dialects");
    let mut found = vec![("blank".to_owned(), "!\n".to_owned())];
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = file_name(&path);
        if name.starts_with(&format!("{pack}.")) {
            let text = std::fs::read_to_string(&path).unwrap();
            let plain: Vec<&str> = text.lines().filter(|line| !speaks_of_nlb(line)).collect();
            found.push((name, plain.join("\n") + "\n"));
        }
    }
    found.sort();
    found
}

fn speaks_of_nlb(line: &str) -> bool {
    let line = line.to_lowercase().replace([':', '-', '.'], "");
    ["02bf", "03bf", "01005e7f", "vlanflooding"].iter().any(|word| line.contains(word))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
