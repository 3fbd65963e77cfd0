//! From what a switch holds to what it should hold: the lines for it, in the order that is safe.
//!
//! What is new comes first, or takes the place of what was there; what has no place any more goes last. So a live
//! cluster keeps its entry. Where a device is not known to do that, its entry is gone for a moment, and a comment
//! says that this needs a window.
//!
//! Whether a way leads there is not believed but tried: the lines are read back on top of what was there before.

use std::collections::BTreeSet;

use super::comments::comment;
use super::dialect::Dialect;
use super::ground::Target;
use super::view::ClusterFacts;
use super::words::{entry_text, ports_text, staying};
use super::writer::{Part, RenderError, Writer};
use crate::config::{self, Reading};
use crate::entry::{Change, Entry, EntryKind, Key, State};
use crate::net::PortSet;
use crate::vendor::{Evidence, Pack, PlatformFacts, RepeatedLine};

/// What a switch keeps under one key, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is there; `None` for nothing but the platform's default.
    pub old: Option<Entry>,
    /// What shall be there.
    pub new: Option<Entry>,
}

impl Step {
    /// The step that takes this one back.
    pub fn back(&self) -> Self {
        Self { old: self.new.clone(), new: self.old.clone() }
    }

    /// The steps that put `new` in the place of `old`: one where both are kept under one key, else two.
    pub fn between(old: Option<Entry>, new: Option<Entry>) -> Vec<Self> {
        match (old, new) {
            (Some(old), Some(new)) if old.key() != new.key() => vec![
                Self { old: None, new: Some(new) }, //
                Self { old: Some(old), new: None },
            ],
            (old, new) => vec![Self { old, new }],
        }
    }
}

/// The lines of some steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The lines, with comments where one needs a window.
    pub lines: Vec<String>,
    /// The steps that the pack has no lines for, or whose lines the device would not take, by their position.
    pub impossible: BTreeSet<usize>,
    /// Whether an entry is gone for a moment.
    pub needs_window: bool,
}

/// Writes steps for one device.
#[derive(Debug, Clone, Copy)]
pub struct Transition<'a> {
    /// The templates.
    pub writer: &'a Writer,
    /// The device.
    pub target: Target<'a>,
    /// The clusters on it, as far as a design names them.
    pub clusters: &'a [ClusterFacts],
}

/// One way to do a step. Its parts are written in this order.
#[derive(Debug, Default)]
struct Way {
    /// What is set, beside what is there or in its place.
    set: Option<Entry>,
    /// What is taken out and then set: between the two there is nothing.
    anew: Option<(Entry, Entry)>,
    /// The entry whose ports are taken from one that keeps others.
    leaving: Option<Entry>,
    /// What is taken out.
    gone: Option<Entry>,
    /// What is there, stays, and has to be said again, lest the lines change it.
    again: Vec<Entry>,
    /// The ports that may stay, should the second line add to the first after all.
    may_stay: PortSet,
}

impl<'a> Transition<'a> {
    /// The lines of `steps`, no two of which are about one key.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, or all lines together do not do what each does alone.
    pub fn write(&self, steps: &[Step]) -> Result<Written, RenderError> {
        let mut written = Written::default();
        let mut ways: Vec<Option<Way>> = Vec::with_capacity(steps.len());
        for step in steps {
            ways.push(self.best_way(step)?);
        }
        loop {
            let left_out = ways.iter().enumerate().filter(|(_, way)| way.is_none()).map(|(number, _)| number);
            written.impossible = left_out.collect();
            let taken: Vec<&Way> = ways.iter().flatten().collect();
            let left = || steps.iter().zip(&ways).filter(|(_, way)| way.is_some()).map(|(step, _)| step);
            let lines = self.lines(&taken);
            if let Ok(lines) = &lines
                && let Some(stays) = self.leads_there(left(), lines)
            {
                written.needs_window = !self.pack().commits && taken.iter().any(|way| way.anew.is_some());
                written.lines.clone_from(lines);
                written.lines.extend(staying(self.pack(), &stays));
                return Ok(written);
            }
            // One that was thought to be the only way does not lead there: which?
            let mut told = false;
            for (step, way) in steps.iter().zip(&mut ways) {
                let Some(found) = way else { continue };
                if self.works(step, found)? {
                    continue;
                }
                told = true;
                found.again = self.spoken_of_too(step, found);
                if found.again.is_empty() || !self.works(step, found)? {
                    *way = None;
                }
            }
            if !told {
                lines?;
                return Err(RenderError::NotReadBack {
                    device: self.target.name.to_owned(),
                    pack: self.pack().name().to_owned(),
                    what: "together the changes do not lead to what each leads to".to_owned(),
                });
            }
        }
    }

    /// The lines that state `entry`, with those of its block; none where the pack has no words for it.
    pub(super) fn entry_lines(&self, entry: &Entry) -> Vec<String> {
        self.part(Part::Apply, vec![entry]).unwrap_or_default()
    }

    /// The words of its lines.
    pub(super) fn dialect(&self) -> Dialect<'a> {
        self.target.ground.dialect(self.pack())
    }

    fn pack(&self) -> &'a Pack {
        self.writer.pack()
    }

    fn facts(&self) -> PlatformFacts<'a> {
        self.pack().facts(self.target.model)
    }

    /// The safest way that leads there. The only one is not tried here: all are, together.
    fn best_way(&self, step: &Step) -> Result<Option<Way>, RenderError> {
        let mut ways = self.ways(step);
        if ways.len() == 1 {
            return Ok(ways.pop());
        }
        for way in ways {
            if self.works(step, &way)? {
                return Ok(Some(way));
            }
        }
        Ok(None)
    }

    /// The ways to do a step, the safest first.
    fn ways(&self, step: &Step) -> Vec<Way> {
        let pack = self.pack();
        let (old, new) = match (&step.old, &step.new) {
            (None, None) => return vec![Way::default()],
            (None, Some(new)) => return vec![Way { set: Some(new.clone()), ..Way::default() }],
            (Some(old), None) => return vec![Way { gone: Some(old.clone()), ..Way::default() }],
            (Some(old), Some(new)) => (old, new),
        };
        let anew = Way { anew: Some((old.clone(), new.clone())), ..Way::default() };
        let in_place = Way { set: Some(new.clone()), ..Way::default() };
        if config::is_default(new, &self.facts()) {
            return vec![Way { gone: Some(old.clone()), ..Way::default() }, in_place, anew];
        }
        let Some((had, wanted)) = old.ports().zip(new.ports()) else {
            let replaces = pack.static_arp_replaces.as_ref().is_some_and(|fact| fact.value);
            return match old.kind() {
                EntryKind::StaticArp if !replaces => vec![anew],
                _ => vec![in_place, anew],
            };
        };
        let added: PortSet = wanted.difference(had).cloned().collect();
        let leaving: PortSet = had.difference(wanted).cloned().collect();
        let repeated = &pack.repeated_static_mac;
        if old.kind() == EntryKind::StaticMac && repeated.value == RepeatedLine::Replaces {
            let doubtful = repeated.evidence == Evidence::Unverified;
            let may_stay = if doubtful { leaving } else { PortSet::new() };
            return vec![Way { may_stay, ..in_place }, anew];
        }
        if old.kind() == EntryKind::StaticMac && repeated.value == RepeatedLine::Unknown {
            return vec![in_place, anew];
        }
        let some = |ports: PortSet| (!ports.is_empty()).then(|| new.with_ports(ports));
        vec![Way { set: some(added), leaving: some(leaving), ..Way::default() }, anew]
    }

    /// Whether a way leads there, and the device would take its lines.
    fn works(&self, step: &Step, way: &Way) -> Result<bool, RenderError> {
        match self.lines(&[way]) {
            Ok(lines) => Ok(self.leads_there(std::iter::once(step), &lines).is_some()),
            Err(RenderError::LineTooLong { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What the device holds and the lines of a way speak of beside its step.
    fn spoken_of_too(&self, step: &Step, way: &Way) -> Vec<Entry> {
        let Ok(lines) = self.lines(&[way]) else { return Vec::new() };
        let reading = self.dialect().read(&lines.join("\n"));
        let beside = self.beside(std::iter::once(step), &reading);
        beside.filter(|entry| entry.kind().may_be_demanded()).collect()
    }

    /// The lines of `ways`, the safe ones first.
    fn lines(&self, ways: &[&Way]) -> Result<Vec<String>, RenderError> {
        let mut set: Vec<&Entry> = ways.iter().filter_map(|way| way.set.as_ref()).collect();
        let keys: BTreeSet<Key> = set.iter().map(|entry| entry.key()).collect();
        let again = |taken_out: bool| {
            let ways = ways.iter().filter(move |way| way.gone.is_some() == taken_out);
            ways.flat_map(|way| &way.again).filter(|entry| !keys.contains(&entry.key()))
        };
        set.extend(again(false));
        let leaving: Vec<&Entry> = ways.iter().filter_map(|way| way.leaving.as_ref()).collect();
        let gone: Vec<&Entry> = ways.iter().filter_map(|way| way.gone.as_ref()).collect();
        let sign = self.pack().comment.as_str();
        let mut lines = self.part(Part::Apply, set)?;
        for way in ways {
            if let Some(set) = way.set.as_ref().filter(|_| !way.may_stay.is_empty()) {
                let (ports, what) = (ports_text(&way.may_stay), entry_text(set, self.pack().mac));
                let said = format!(
                    "should the check still show {ports}, take {what} out and type its line again; that needs a window"
                );
                lines.extend(comment(sign, &said, 2));
            }
        }
        for (old, new) in ways.iter().filter_map(|way| way.anew.as_ref()) {
            if !self.pack().commits {
                let what = entry_text(old, self.pack().mac);
                let said = format!("needs a window: {what} is taken out before it is set again");
                lines.extend(comment(sign, &said, 2));
            }
            lines.extend(self.part(Part::Rollback, vec![old])?);
            lines.extend(self.part(Part::Apply, vec![new])?);
        }
        lines.extend(self.part(Part::RollbackPorts, leaving)?);
        lines.extend(self.part(Part::Rollback, gone)?);
        lines.extend(self.part(Part::Apply, again(true).collect())?);
        Ok(lines)
    }

    /// The commands of a part. What the templates remark about taking back is said of changes whose reason nobody knows;
    /// here the config shows it.
    fn part(&self, part: Part, entries: Vec<&Entry>) -> Result<Vec<String>, RenderError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut lines = self.writer.sheet(self.target, self.clusters, entries).lines(part)?;
        lines.retain(|line| !line.trim_start().starts_with(self.pack().comment.as_str()));
        Ok(lines)
    }

    /// What the device holds already of that which the lines are about and the steps are not.
    fn beside<'s>(
        &self,
        steps: impl Iterator<Item = &'s Step>,
        reading: &Reading<'_>,
    ) -> impl Iterator<Item = Entry> {
        let of = steps.flat_map(|step| step.old.iter().chain(&step.new)).map(Entry::key);
        let of: BTreeSet<Key> = of.collect();
        let spoken_of = reading.facts.iter().map(|fact| fact.change.key());
        let others: BTreeSet<Key> = spoken_of.filter(|key| !of.contains(key)).collect();
        others.into_iter().filter_map(|key| self.target.ground.state.get(&key).cloned())
    }

    /// Reads `lines` as typed where the old entries of `steps` hold: they must leave the new ones and nothing else, but for
    /// what nobody says the default of. Gives what stays of that; `None` where they lead elsewhere.
    fn leads_there<'s>(
        &self,
        steps: impl Iterator<Item = &'s Step> + Clone,
        lines: &[String],
    ) -> Option<Vec<Entry>> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let reading = self.dialect().read(&text);
        let mut state: State = steps.clone().filter_map(|step| step.old.clone()).collect();
        // A line for one entry may say again what holds of another.
        let beside: Vec<Entry> = self.beside(steps.clone(), &reading).collect();
        beside.iter().for_each(|entry| state.apply(Change::Add(entry.clone())));
        reading.facts.iter().for_each(|fact| state.apply(fact.change.clone()));
        let mut wanted: State = steps.filter_map(|step| step.new.clone()).chain(beside).collect();
        for state in [&mut state, &mut wanted] {
            state.retain(|entry| entry.kind().may_be_demanded() && !config::is_default(entry, &self.facts()));
        }
        let may_stay = |entry: &Entry| {
            wanted.get(&entry.key()).is_none() && config::has_unknown_default(entry, &self.facts())
        };
        let stays = state.entries().filter(|entry| may_stay(entry)).cloned().collect();
        state.retain(|entry| !may_stay(entry));
        (reading.unparsed.is_empty() && state == wanted).then_some(stays)
    }
}
