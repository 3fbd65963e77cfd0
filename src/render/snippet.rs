//! The snippet of one device: header, commands in the order that is safe, rollback and checks, with the evidence of
//! every line.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::iter::Peekable;

use rayon::prelude::*;
use serde::Serialize;

use super::comments::comment;
use super::view::ClusterFacts;
use super::writer::{Part, RenderError, Sheet, Writer, Writers};
use crate::config;
use crate::design::{Cluster, Design};
use crate::entry::{Change, Entry, EntryKind, Key, State};
use crate::net::mac::{self, Notation};
use crate::nlb::Mode;
use crate::plan::{DevicePlan, Need, Plan, in_words, prerequisites};
use crate::vendor::{Advice, CompiledLine, Evidence};

/// What is wanted of a snippet.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only these clusters, by their position in the design; all when `None`.
    pub clusters: Option<BTreeSet<usize>>,
    /// Leave out entries whose lines nobody has shown.
    pub verified_only: bool,
}

/// One line of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnippetLine {
    /// The line, with its indentation.
    pub text: String,
    /// How sure it is that the device takes it so; `None` for comments and for lines that only open or close a block.
    pub evidence: Option<Evidence>,
    /// Where that is said.
    pub source: Option<String>,
}

/// One entry of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnippetEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// The clusters that demand it.
    pub clusters: Vec<String>,
}

/// Everything for one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The device.
    pub switch: String,
    /// Its pack.
    pub vendor: String,
    /// Its platform, where the design states a known one.
    pub platform: Option<String>,
    /// The clusters it is about.
    pub clusters: Vec<String>,
    /// The entries.
    pub entries: Vec<SnippetEntry>,
    /// The comment lines at the top: the device, its clusters, and how each MAC is derived.
    pub header: Vec<String>,
    /// The comment lines of the notes and of what was left out.
    pub remarks: Vec<String>,
    /// The lines that set the entries.
    pub apply: Vec<SnippetLine>,
    /// The lines that take them back.
    pub rollback: Vec<SnippetLine>,
    /// The commands that show them, and what to look for.
    pub verify: Vec<SnippetLine>,
    /// What was left out, and why.
    pub left_out: Vec<String>,
    /// What the engineer should know.
    pub notes: Vec<Note>,
}

/// Something the engineer should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What.
    pub text: String,
    /// How sure it is; `None` for what follows from the design.
    pub evidence: Option<Evidence>,
    /// Where it is said.
    pub source: Option<String>,
}

/// Writes the snippets of `devices`, each with its device, on as many threads as there are. The order is that of
/// `devices`, and an error that of the first device that has one.
///
/// # Errors
/// As [`snippet`].
pub fn snippets<'p>(
    plan: &'p Plan<'_>,
    devices: &[&'p DevicePlan],
    design: &Design,
    options: &Options,
) -> Result<Vec<(&'p DevicePlan, Snippet)>, RenderError> {
    let writers = Writers::default();
    let written: Vec<Result<Option<Snippet>, RenderError>> = devices
        .par_iter()
        .map(|device| {
            let writer = if device.pack.renders() { Some(writers.get(&device.pack)?) } else { None };
            snippet(plan, device, design, writer.as_deref(), options)
        })
        .collect();
    let with_device = devices.iter().zip(written).map(|(device, snippet)| Ok((*device, snippet?)));
    let all = with_device.filter_map(|pair| match pair {
        Ok((device, snippet)) => snippet.map(|snippet| Ok((device, snippet))),
        Err(error) => Some(Err(error)),
    });
    all.collect()
}

/// Writes the snippet of one device and reads it back. `None` when `options` leave no cluster on it.
///
/// # Errors
/// [`RenderError`] when a template is wrong, or what was written does not read back as what was meant.
pub fn snippet(
    plan: &Plan<'_>,
    device: &DevicePlan,
    design: &Design,
    writer: Option<&Writer>,
    options: &Options,
) -> Result<Option<Snippet>, RenderError> {
    let wanted = |cluster: &usize| options.clusters.as_ref().is_none_or(|chosen| chosen.contains(cluster));
    let clusters: Vec<usize> = device.clusters.iter().copied().filter(wanted).collect();
    if clusters.is_empty() {
        return Ok(None);
    }
    let name_of = |index: usize| design.clusters[index].name.to_string();
    let mut needs: Vec<&Need> = device.needs.iter().filter(|need| need.clusters.iter().any(wanted)).collect();
    let withheld = device.withheld.iter().filter(|withheld| wanted(&withheld.cluster));
    let mut left_out = LeftOut::default();
    for withheld in withheld {
        left_out.say(withheld.text(&name_of(withheld.cluster), |number| plan.devices[number].name.clone()));
    }
    let facts: Vec<ClusterFacts> =
        clusters.iter().map(|index| cluster_facts(&design.clusters[*index], device.pack.mac)).collect();
    let (mut apply, mut rollback, mut verify) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(writer) = writer {
        let job = Job { device, design, writer, facts: &facts };
        if options.verified_only {
            job.drop_unverified(&mut needs, &mut left_out)?;
        }
        let (sheet, lines) = job.apply(&mut needs, &mut left_out)?;
        (apply, rollback) = job.proven(&needs, lines, sheet.lines(Part::Rollback)?)?;
        verify = job.checks(&sheet)?;
    }
    let entries = needs.iter().map(|need| SnippetEntry {
        entry: need.entry.clone(),
        clusters: need
            .clusters
            .iter()
            .filter(|cluster| wanted(cluster))
            .map(|index| name_of(*index))
            .collect(),
    });
    let entries: Vec<SnippetEntry> = entries.collect();
    let kinds: BTreeSet<EntryKind> = entries.iter().map(|entry| entry.entry.kind()).collect();
    let own = device.platform.map(|platform| device.pack.platforms[platform].advice.iter());
    let fits = |advice: &&Advice| advice.about.is_none_or(|kind| kinds.contains(&kind));
    let advice = device.pack.advice.iter().chain(own.into_iter().flatten()).filter(fits).map(|advice| Note {
        text: advice.value.to_string(),
        evidence: Some(advice.evidence),
        source: advice.source.as_ref().map(ToString::to_string),
    });
    let planned = device.notes.iter().map(|text| Note { text: text.clone(), evidence: None, source: None });
    let notes: Vec<Note> = planned.chain(advice).collect();
    // The name the design uses: an alias such as `catalyst-9300` is what its owner knows the switch by.
    let stated_platform =
        design.switches[device.members[0]].platform.as_ref().map(|platform| platform.as_str());
    let mut snippet = Snippet {
        switch: device.name.clone(),
        vendor: device.pack.name().to_owned(),
        platform: device.platform.and(stated_platform).map(str::to_owned),
        clusters: clusters.iter().map(|index| name_of(*index)).collect(),
        entries,
        header: Vec::new(),
        remarks: Vec::new(),
        apply,
        rollback,
        verify,
        left_out: left_out.lines,
        notes,
    };
    snippet.remarks = remarks(&snippet, &device.pack.comment);
    snippet.header = header(&snippet, device, clusters.iter().map(|index| &design.clusters[*index]));
    Ok(Some(snippet))
}

fn cluster_facts(cluster: &Cluster, notation: Notation) -> ClusterFacts {
    ClusterFacts {
        name: cluster.name.to_string(),
        mode: cluster.mode.to_string(),
        mac: mac::format(cluster.mac(), notation),
        primary: cluster.primary_ip.ip().to_string(),
        vips: cluster.vips().map(|vip| vip.to_string()).collect(),
        vlan: cluster.vlan.get(),
        vrf: cluster.vrf.as_ref().map(|vrf| vrf.to_string()),
        group: cluster.group().map(|group| group.to_string()),
    }
}

/// What is left out, and why: a line each, none twice.
#[derive(Default)]
struct LeftOut {
    lines: Vec<String>,
    said: HashSet<String>,
}

impl LeftOut {
    fn say(&mut self, line: String) {
        if self.said.insert(line.clone()) {
            self.lines.push(line);
        }
    }
}

struct Job<'a> {
    device: &'a DevicePlan,
    design: &'a Design,
    writer: &'a Writer,
    facts: &'a [ClusterFacts],
}

impl<'a> Job<'a> {
    fn sheet(&self, needs: &[&'a Need]) -> Sheet<'a> {
        let entries = needs.iter().map(|need| &need.entry).collect();
        self.writer.sheet(&self.device.name, self.device.platform_name(), self.facts, entries)
    }

    /// The commands that show the entries. What they should show is wrapped: it is read and not typed.
    fn checks(&self, sheet: &Sheet<'_>) -> Result<Vec<SnippetLine>, RenderError> {
        let sign = self.device.pack.comment.as_str();
        let wrap = |line: String| match line.strip_prefix(sign) {
            Some(text) => comment(sign, text.trim_start(), 2),
            None => vec![line],
        };
        Ok(plain(sheet.lines(Part::Verify)?.into_iter().flat_map(wrap)))
    }

    /// The lines that set the needs, with their sheet; needs whose lines the device would not take are left out and
    /// said.
    fn apply(
        &self,
        needs: &mut Vec<&'a Need>,
        left_out: &mut LeftOut,
    ) -> Result<(Sheet<'a>, Vec<String>), RenderError> {
        loop {
            let sheet = self.sheet(needs);
            let (first, others, limit) = match sheet.lines(Part::Apply) {
                Ok(lines) => return Ok((sheet, lines)),
                Err(RenderError::LineTooLong { first, others, limit }) => (first, others, limit),
                Err(error) => return Err(error),
            };
            let mut too_long = BTreeMap::new();
            for line in std::iter::once(&first).chain(&others) {
                let reading = config::read(&self.device.pack, line);
                if let Some(Change::Add(entry) | Change::Replace(entry)) =
                    reading.facts.first().map(|fact| &fact.change)
                {
                    too_long.entry(entry.key()).or_insert(line);
                }
            }
            for need in needs.iter() {
                let Some(line) = too_long.get(&need.entry.key()) else { continue };
                let clusters = need.clusters.iter().map(|index| self.design.clusters[*index].name.as_str());
                left_out.say(format!(
                    "{} for cluster {} left out: its line (`{}…`) would have {} octets and the device takes {limit}, \
                     and whether a second line would add to the first is not known: use port-channels",
                    in_words(need.entry.kind()),
                    clusters.collect::<Vec<_>>().join(", "),
                    line.chars().take(60).collect::<String>(),
                    line.len(),
                ));
            }
            let before = needs.len();
            needs.retain(|need| !too_long.contains_key(&need.entry.key()));
            if needs.len() == before {
                return Err(RenderError::LineTooLong { first, others, limit });
            }
        }
    }

    /// Leaves out the needs whose lines are unverified, and what only served them.
    fn drop_unverified(&self, needs: &mut Vec<&'a Need>, left_out: &mut LeftOut) -> Result<(), RenderError> {
        let text = self.apply(needs, left_out)?.1.join("\n");
        let reading = config::read(&self.device.pack, &text);
        let mut unverified: BTreeSet<Key> = BTreeSet::new();
        let mut lines: Vec<String> = Vec::new();
        for fact in &reading.facts {
            if let (Change::Add(entry) | Change::Replace(entry), Evidence::Unverified) =
                (&fact.change, fact.spelling.evidence)
            {
                unverified.insert(entry.key());
                lines.push(format!(
                    "{} left out: nobody has shown that the device takes `{}` (unverified)",
                    in_words(entry.kind()),
                    &text[fact.range.clone()]
                ));
            }
        }
        let required = self.required_by(needs);
        needs.retain(|need| !unverified.contains(&need.entry.key()));
        let still = self.required_by(needs);
        needs.retain(|need| !required.contains(&need.entry) || still.contains(&need.entry));
        lines.into_iter().for_each(|line| left_out.say(line));
        Ok(())
    }

    /// What the needs do nothing without.
    fn required_by(&self, needs: &[&Need]) -> BTreeSet<Entry> {
        needs.iter().flat_map(|need| prerequisites(&self.device.pack, need.entry.kind())).collect()
    }

    /// Reads the lines back, once: apply must give what was meant, rollback must leave nothing. Gives both with the
    /// evidence of every command.
    fn proven(
        &self,
        needs: &[&Need],
        apply: Vec<String>,
        rollback: Vec<String>,
    ) -> Result<(Vec<SnippetLine>, Vec<SnippetLine>), RenderError> {
        let pack = &self.device.pack;
        let platform = self.device.facts();
        let fail = |what: String| {
            Err(RenderError::NotReadBack {
                device: self.device.name.clone(),
                pack: pack.name().to_owned(),
                what,
            })
        };
        let applied = apply.join("\n") + "\n";
        let text = format!("{applied}{}\n", rollback.join("\n"));
        let reading = config::read(pack, &text);
        if let Some(odd) = reading.unparsed.iter().find(|odd| odd.range.start < applied.len()) {
            return fail(format!("`{}` is not understood", &text[odd.range.clone()]));
        }
        let mut grades = Vec::with_capacity(reading.facts.len());
        let mut facts = reading.facts.into_iter().filter(|fact| !fact.only_mentions()).peekable();
        let mut state = State::new();
        while let Some(fact) = facts.next_if(|fact| fact.range.start < applied.len()) {
            state.apply(fact.change);
            grades.push((fact.range.start, fact.spelling));
        }
        state.retain(|entry| !config::is_default(entry, &platform));
        let meant: BTreeMap<Key, Entry> = needs
            .iter()
            .map(|need| (need.entry.key(), need.entry.as_written()))
            .filter(|(_, entry)| !config::is_default(entry, &platform))
            .collect();
        let odd = meant.iter().find(|(key, entry)| state.get(key) != Some(*entry)).map(|(_, entry)| entry);
        let extra = || state.entries().find(|entry| !meant.contains_key(&entry.key()));
        if let Some(differs) = odd.or_else(extra) {
            return fail(format!("a {} differs", differs.kind()));
        }
        for fact in facts {
            state.apply(fact.change);
            grades.push((fact.range.start, fact.spelling));
        }
        state.retain(|entry| !config::is_default(entry, &platform));
        if let Some(entry) = state.entries().next() {
            return fail(format!("after the rollback a {} is left", entry.kind()));
        }
        let mut grades = grades.into_iter().peekable();
        let apply = self.graded(apply, 0, &mut grades);
        let rollback = self.graded(rollback, applied.len(), &mut grades);
        Ok((apply, rollback))
    }

    /// Grades every command of a text that begins at `offset`, and puts a comment before those that nobody has shown.
    fn graded<'p>(
        &self,
        lines: Vec<String>,
        mut offset: usize,
        grades: &mut Peekable<impl Iterator<Item = (usize, &'p CompiledLine)>>,
    ) -> Vec<SnippetLine> {
        let mut graded: Vec<SnippetLine> = Vec::with_capacity(lines.len());
        let mut last_note: Option<&str> = None;
        for text in lines {
            offset += text.len() + 1;
            let mut spelling = None;
            while let Some((_, found)) = grades.next_if(|(start, _)| *start < offset) {
                spelling = Some(found); // a line for several ports states several entries, in one spelling
            }
            if let Some(spelling) = spelling {
                let unverified = spelling.evidence == Evidence::Unverified;
                let reason = "nobody has shown that the device takes this line so";
                let note = unverified.then(|| spelling.note.as_deref().unwrap_or(reason));
                if let Some(note) = note.filter(|note| last_note != Some(note)) {
                    let indent = &text[..text.len() - text.trim_start().len()];
                    let said = comment(&self.device.pack.comment, &format!("unverified: {note}"), 2);
                    graded.extend(plain(said.into_iter().map(|line| format!("{indent}{line}"))));
                }
                last_note = note;
            }
            graded.push(SnippetLine {
                text,
                evidence: spelling.map(|spelling| spelling.evidence),
                source: spelling.and_then(|spelling| spelling.source.clone()),
            });
        }
        graded
    }
}

/// Lines that state nothing.
fn plain(lines: impl IntoIterator<Item = String>) -> Vec<SnippetLine> {
    lines.into_iter().map(|text| SnippetLine { text, evidence: None, source: None }).collect()
}

fn header<'c>(
    snippet: &Snippet,
    device: &DevicePlan,
    clusters: impl Iterator<Item = &'c Cluster>,
) -> Vec<String> {
    let sign = device.pack.comment.as_str();
    let mut lines = Vec::new();
    let mut say = |text: &str, hang: usize| lines.extend(comment(sign, text, hang));
    let platform = snippet.platform.as_deref().map_or("platform not stated".to_owned(), str::to_owned);
    say(&format!("nlbswitch: {} ({}, {platform})", snippet.switch, snippet.vendor), 2);
    for cluster in clusters {
        let vrf = cluster.vrf.as_ref().map(|vrf| format!(", VRF {vrf}")).unwrap_or_default();
        say(&format!("cluster {}: {} mode, VLAN {}{vrf}", cluster.name, *cluster.mode, *cluster.vlan), 2);
        let mut vips = vec![format!("{} (primary)", cluster.primary_ip.ip())];
        vips.extend(cluster.further_vips().map(|vip| vip.to_string()));
        say(&format!("  VIPs: {}", vips.join(", ")), 2);
        say(&format!("  MAC: {}", derivation(cluster, device.pack.mac)), 2);
    }
    lines
}

fn remarks(snippet: &Snippet, sign: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for note in &snippet.notes {
        let grade = note.evidence.map(|grade| format!(" ({grade})")).unwrap_or_default();
        lines.extend(comment(sign, &format!("note: {}{grade}", note.text), 2));
    }
    for left_out in &snippet.left_out {
        lines.extend(comment(sign, left_out, 2));
    }
    if snippet.apply.is_empty() {
        lines.extend(comment(sign, "nothing to configure here", 0));
    }
    lines
}

/// The cluster MAC and how it came about.
fn derivation(cluster: &Cluster, notation: Notation) -> String {
    let shown = mac::format(cluster.mac(), notation);
    if cluster.mac_override.is_some() {
        return format!("{shown}, as stated (mac_override)");
    }
    let Some(primary) = cluster.primary_v4() else { return shown };
    let [a, b, c, d] = primary.octets();
    match cluster.mode.value {
        Mode::Unicast => format!("{shown} = 02-bf, then {primary} in hex ({a:02x} {b:02x} {c:02x} {d:02x})"),
        Mode::Multicast => {
            format!("{shown} = 03-bf, then {primary} in hex ({a:02x} {b:02x} {c:02x} {d:02x})")
        }
        Mode::IgmpMulticast => {
            let group = cluster.group().map(|group| format!("; group {group}")).unwrap_or_default();
            format!(
                "{shown} = 01-00-5e-7f, then the last two octets of {primary} in hex ({c:02x} {d:02x}){group}"
            )
        }
    }
}
