//! The snippet of one device: header, commands in the order that is safe, rollback and checks, with the evidence of
//! every line.

use std::collections::BTreeSet;

use serde::Serialize;

use super::comments::comment;
use super::view::ClusterFacts;
use super::writer::{Part, RenderError, Writer};
use crate::config;
use crate::design::{Cluster, Design};
use crate::entry::{Change, Entry, EntryKind, Key, State};
use crate::net::mac::{self, Notation};
use crate::nlb::Mode;
use crate::plan::{DevicePlan, Plan, in_words, prerequisites};
use crate::vendor::{Advice, Evidence};

/// What is wanted of a snippet.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only these clusters, by their position in the design; all when `None`.
    pub clusters: Option<Vec<usize>>,
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
    let needs = device.needs.iter().filter(|need| need.clusters.iter().any(wanted));
    let mut entries: Vec<Entry> = needs.map(|need| need.entry.clone()).collect();
    let withheld = device.withheld.iter().filter(|withheld| wanted(&withheld.cluster));
    let mut left_out: Vec<String> = Vec::new();
    for withheld in withheld {
        let text = withheld.text(&name_of(withheld.cluster), |number| plan.devices[number].name.clone());
        if !left_out.contains(&text) {
            left_out.push(text);
        }
    }
    let facts: Vec<ClusterFacts> =
        clusters.iter().map(|index| cluster_facts(&design.clusters[*index], device.pack.mac)).collect();
    let (mut apply, mut rollback, mut verify) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(writer) = writer {
        let job = Job { device, design, writer, facts: &facts };
        if options.verified_only {
            job.drop_unverified(&mut entries, &mut left_out)?;
        }
        apply = job.apply(&mut entries, &mut left_out)?;
        rollback = job.lines(Part::Rollback, &entries)?;
        verify = job.checks(&entries)?;
        job.prove(&entries, &apply, &rollback)?;
        apply = job.with_evidence(apply);
        rollback = job.with_evidence(rollback);
    }
    let kept: BTreeSet<Key> = entries.iter().map(Entry::key).collect();
    let entries =
        device.needs.iter().filter(|need| kept.contains(&need.entry.key())).map(|need| SnippetEntry {
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
    let mut snippet = Snippet {
        switch: device.name.clone(),
        vendor: device.pack.name().to_owned(),
        platform: device.platform_name().map(str::to_owned),
        clusters: clusters.iter().map(|index| name_of(*index)).collect(),
        entries,
        header: Vec::new(),
        remarks: Vec::new(),
        apply,
        rollback,
        verify,
        left_out,
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

struct Job<'a> {
    device: &'a DevicePlan,
    design: &'a Design,
    writer: &'a Writer,
    facts: &'a [ClusterFacts],
}

impl Job<'_> {
    fn write(&self, part: Part, entries: &[Entry]) -> Result<Vec<String>, RenderError> {
        self.writer.lines(part, &self.device.name, self.device.platform_name(), self.facts, entries)
    }

    fn lines(&self, part: Part, entries: &[Entry]) -> Result<Vec<SnippetLine>, RenderError> {
        let plain = |text| SnippetLine { text, evidence: None, source: None };
        Ok(self.write(part, entries)?.into_iter().map(plain).collect())
    }

    /// The commands that show the entries. What they should show is wrapped: it is read and not typed.
    fn checks(&self, entries: &[Entry]) -> Result<Vec<SnippetLine>, RenderError> {
        let sign = self.device.pack.comment.as_str();
        let wrap = |line: SnippetLine| match line.text.strip_prefix(sign) {
            Some(text) => comment(sign, text.trim_start(), 2),
            None => vec![line.text],
        };
        let plain = |text| SnippetLine { text, evidence: None, source: None };
        Ok(self.lines(Part::Verify, entries)?.into_iter().flat_map(wrap).map(plain).collect())
    }

    /// The lines that set the entries; an entry whose line the device would not take is left out and said.
    fn apply(
        &self,
        entries: &mut Vec<Entry>,
        left_out: &mut Vec<String>,
    ) -> Result<Vec<SnippetLine>, RenderError> {
        loop {
            match self.lines(Part::Apply, entries) {
                Err(RenderError::LineTooLong { line, length, limit }) => {
                    let reading = config::read(&self.device.pack, &line);
                    let Some(key) = reading.facts.first().and_then(|fact| match &fact.change {
                        Change::Add(entry) | Change::Replace(entry) => Some(entry.key()),
                        _ => None,
                    }) else {
                        return Err(RenderError::LineTooLong { line, length, limit });
                    };
                    let before = entries.len();
                    entries.retain(|entry| entry.key() != key);
                    if entries.len() == before {
                        return Err(RenderError::LineTooLong { line, length, limit });
                    }
                    let what = self.device.needs.iter().find(|need| need.entry.key() == key);
                    let clusters: BTreeSet<usize> =
                        what.into_iter().flat_map(|need| need.clusters.clone()).collect();
                    left_out.push(format!(
                        "{} for cluster {} left out: its line (`{}…`) would have {length} octets and the device takes \
                         {limit}, and whether a second line would add to the first is not known: use port-channels",
                        what.map_or("an entry", |need| in_words(need.entry.kind())),
                        clusters.into_iter().map(|index| self.design.clusters[index].name.as_str()).collect::<Vec<_>>().join(", "),
                        line.chars().take(60).collect::<String>()
                    ));
                }
                other => return other,
            }
        }
    }

    /// Leaves out the entries whose lines are unverified, and what only served them.
    fn drop_unverified(
        &self,
        entries: &mut Vec<Entry>,
        left_out: &mut Vec<String>,
    ) -> Result<(), RenderError> {
        let text =
            self.apply(entries, left_out)?.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
        let reading = config::read(&self.device.pack, &text);
        let mut unverified: Vec<(Key, EntryKind, String)> = Vec::new();
        for fact in &reading.facts {
            if let (Change::Add(entry) | Change::Replace(entry), Evidence::Unverified) =
                (&fact.change, fact.spelling.evidence)
            {
                unverified.push((entry.key(), entry.kind(), text[fact.range.clone()].to_owned()));
            }
        }
        let required: Vec<Entry> =
            entries.iter().flat_map(|entry| prerequisites(&self.device.pack, entry.kind())).collect();
        entries.retain(|entry| !unverified.iter().any(|(key, _, _)| *key == entry.key()));
        let still: Vec<Entry> =
            entries.iter().flat_map(|entry| prerequisites(&self.device.pack, entry.kind())).collect();
        entries.retain(|entry| !required.contains(entry) || still.contains(entry));
        for (_, kind, line) in unverified {
            let said = format!(
                "{} left out: nobody has shown that the device takes `{line}` (unverified)",
                in_words(kind)
            );
            if !left_out.contains(&said) {
                left_out.push(said);
            }
        }
        Ok(())
    }

    /// Reads the lines back: apply must give what was meant, rollback must leave nothing.
    fn prove(
        &self,
        entries: &[Entry],
        apply: &[SnippetLine],
        rollback: &[SnippetLine],
    ) -> Result<(), RenderError> {
        let pack = &self.device.pack;
        let facts = self.device.facts();
        let join = |lines: &[SnippetLine]| {
            lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n") + "\n"
        };
        let mut meant: State = entries.iter().cloned().collect();
        meant.retain(|entry| !config::is_default(entry, &facts));
        let fail = |what: String| {
            Err(RenderError::NotReadBack {
                device: self.device.name.clone(),
                pack: pack.name().to_owned(),
                what,
            })
        };
        let mut text = join(apply);
        let reading = config::read(pack, &text);
        if let Some(odd) = reading.unparsed.first() {
            return fail(format!("`{}` is not understood", &text[odd.range.clone()]));
        }
        let read = reading.state(&facts);
        if read != meant {
            let odd = meant.entries().find(|entry| read.get(&entry.key()) != Some(entry));
            let extra = read.entries().find(|entry| meant.get(&entry.key()).is_none());
            let kind = odd.or(extra).map_or("nothing", |entry| entry.kind().as_str());
            return fail(format!("a {kind} differs"));
        }
        text.push_str(&join(rollback));
        let left = config::read(pack, &text).state(&facts);
        match left.entries().next() {
            Some(entry) => fail(format!("after the rollback a {} is left", entry.kind())),
            None => Ok(()),
        }
    }

    /// Grades every command, and puts a comment before those that nobody has shown.
    fn with_evidence(&self, lines: Vec<SnippetLine>) -> Vec<SnippetLine> {
        let pack = &self.device.pack;
        let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        let reading = config::read(pack, &text);
        let mut facts = reading.facts.iter().peekable();
        let mut graded: Vec<SnippetLine> = Vec::with_capacity(lines.len());
        let mut offset = 0;
        let mut last_note: Option<&str> = None;
        for mut line in lines {
            let end = offset + line.text.len();
            if let Some(fact) = facts.next_if(|fact| fact.range.start < end + 1 && fact.range.end <= end) {
                line.evidence = Some(fact.spelling.evidence);
                line.source = fact.spelling.source.clone();
                if fact.spelling.evidence == Evidence::Unverified {
                    let note = fact
                        .spelling
                        .note
                        .as_deref()
                        .unwrap_or("nobody has shown that the device takes this line so");
                    if last_note != Some(note) {
                        let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
                        let said = comment(&pack.comment, &format!("unverified: {note}"), 2);
                        graded.extend(said.into_iter().map(|text| SnippetLine {
                            text: format!("{indent}{text}"),
                            evidence: None,
                            source: None,
                        }));
                    }
                    last_note = Some(note);
                } else {
                    last_note = None;
                }
            }
            graded.push(line);
            offset = end + 1;
        }
        graded
    }
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
