//! Everything that one pack knows.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::list::{Listed, listed};
use super::lone::lone;
use crate::entry::EntryKind;
use crate::nlb::Mode;
use crate::plan;
use crate::recommend::{Fact, WeighError};
use crate::render::{Known, Options, SnippetLine, snippets};
use crate::source::Sources;
use crate::vendor::{
    Advice, CompiledLine, Effect, Evidence, Pack, Packs, PlatformFacts, Prerequisite, Refusal, bind,
};

/// A pack, for people and programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Sheet {
    /// As it stands in the list.
    #[serde(flatten)]
    pub listed: Listed,
    /// Ports as they are right.
    pub ports: Vec<String>,
    /// What holds where a design states no platform.
    pub facts: Vec<Fact>,
    /// What else there is to know of these, in their order.
    pub notes: Vec<Option<String>>,
    /// Its platforms, each with what is its own.
    pub platform_facts: Vec<PlatformSheet>,
    /// Whether its lines name what only the config of a switch tells: names of VLANs, or addresses of interfaces. Those of
    /// `written` are made up.
    pub names_from_config: bool,
    /// What it writes for a cluster on one switch.
    pub written: Vec<Written>,
    /// What it reads about entries, then the settings.
    pub read: Vec<Meaning>,
    /// What does nothing without something else.
    pub prerequisites: Vec<Prerequisite>,
    /// What its users should know.
    pub advice: Vec<Advised>,
}

/// A platform and what is its own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PlatformSheet {
    /// Its name.
    pub name: String,
    /// Further names.
    pub aliases: Vec<String>,
    /// How the words begin by which configs name such models.
    pub models: Vec<String>,
    /// What holds there and not for the whole pack.
    pub facts: Vec<Fact>,
    /// What else there is to know of these, in their order.
    pub notes: Vec<Option<String>>,
    /// What the pack writes, and not for it.
    pub not_written: Vec<EntryKind>,
    /// What the pack writes for it, and for others only where they say so.
    pub written: Vec<EntryKind>,
    /// The lines that it does not take.
    pub refuses: Vec<Refused>,
    /// What its users should know.
    pub advice: Vec<Advised>,
}

/// Lines that a platform does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Refused {
    /// The lines.
    pub lines: Vec<String>,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<String>,
}

/// What is written for a cluster in one mode.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Written {
    /// The platform it is written for; the pack's others too when `None`.
    pub platform: Option<String>,
    /// The mode.
    pub mode: Mode,
    /// The lines that set it, with their grades.
    pub apply: Vec<SnippetLine>,
    /// The lines that take it back.
    pub rollback: Vec<SnippetLine>,
    /// The commands that show it.
    pub verify: Vec<SnippetLine>,
    /// What is left out, and why.
    pub left_out: Vec<String>,
}

/// Lines that are read as one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Meaning {
    /// The kind of entry or setting.
    pub entry: EntryKind,
    /// The lines that open the blocks they stand in, the outermost first.
    pub under: Vec<String>,
    /// The lines that state it.
    pub lines: Vec<String>,
    /// The lines that take it back.
    pub removed_by: Vec<String>,
    /// How sure it is that the device takes and saves them so.
    pub evidence: Evidence,
    /// Where that is said.
    pub source: Option<Arc<str>>,
    /// What else there is to know.
    pub note: Option<String>,
}

/// Advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Advised {
    /// What to know.
    pub text: String,
    /// The kind of entry it is about.
    pub about: Option<EntryKind>,
    /// How sure it is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<String>,
}

/// Everything about `pack`, one of `packs`.
///
/// # Errors
/// [`WeighError`] when a pack or a template is broken.
pub fn sheet(packs: &Packs, pack: &Pack) -> Result<Sheet, WeighError> {
    let (facts, notes) = facts(pack.facts(None), false);
    let platforms = pack.platforms.iter().enumerate().map(|(number, platform)| {
        let (facts, notes) = self::facts(pack.facts(Some(number)), true);
        PlatformSheet {
            name: platform.name.clone(),
            aliases: platform.aliases.clone(),
            models: platform.models.clone(),
            facts,
            notes,
            not_written: platform.reads_only.clone(),
            written: platform.writes.clone(),
            refuses: platform.refuses.iter().map(refused).collect(),
            advice: advised(&platform.advice),
        }
    });
    Ok(Sheet {
        listed: listed(pack),
        ports: pack.ports.examples.clone(),
        facts,
        notes,
        platform_facts: platforms.collect(),
        names_from_config: pack.needs_ground(),
        written: written(packs, pack)?,
        read: meanings(pack),
        prerequisites: pack.prerequisites.clone(),
        advice: advised(&pack.advice),
    })
}

fn facts(of: PlatformFacts<'_>, only_own: bool) -> (Vec<Fact>, Vec<Option<String>>) {
    let always = of.stated().into_iter().filter(|fact| fact.own || !only_own);
    let all = always.chain(of.stated_by_release());
    all.map(|fact| {
        let note = fact.note.map(str::to_owned);
        (Fact::from(fact), note)
    })
    .unzip()
}

fn refused(refusal: &Refusal) -> Refused {
    let lines = refusal.lines.iter().map(|line| line.text().to_owned()).collect();
    Refused { lines, evidence: refusal.evidence, source: refusal.source.clone() }
}

fn advised(advice: &[Advice]) -> Vec<Advised> {
    let one = |advice: &Advice| Advised {
        text: advice.value.to_string(),
        about: advice.about,
        evidence: advice.evidence,
        source: advice.source.as_ref().map(ToString::to_string),
    };
    advice.iter().map(one).collect()
}

/// The lines that the pack writes for a cluster of each mode on one switch: where no platform is stated, and for each
/// platform that it writes more for.
fn written(packs: &Packs, pack: &Pack) -> Result<Vec<Written>, WeighError> {
    let mut all = Vec::new();
    let by_rule =
        EntryKind::ALL.iter().any(|kind| kind.may_be_demanded() && pack.facts(None).speaks_of(*kind));
    let apart = pack.platforms.iter().filter(|platform| !platform.writes.is_empty()).map(Some);
    let platforms = by_rule.then_some(None).into_iter().chain(apart);
    for (platform, mode) in platforms.flat_map(|platform| Mode::ALL.map(|mode| (platform, mode))) {
        let mut sources = Sources::new();
        let Some(loaded) = lone(pack, platform, mode, &mut sources) else { continue };
        let bound = bind(&loaded.design, packs, &mut Vec::new())?;
        let plan = plan::plan(&bound);
        let devices: Vec<_> = plan.devices.iter().collect();
        let known = devices.iter().map(|device| {
            let needs = device.needs.iter().map(|need| &need.entry);
            (device.name.clone(), Known::example(&device.pack, needs, 0).0)
        });
        let options = Options { known: Arc::new(known.collect()), ..Options::default() };
        for (_, snippet) in snippets(&plan, &devices, &loaded.design, &options)? {
            all.push(Written {
                platform: platform.map(|platform| platform.name.clone()),
                mode,
                apply: snippet.apply,
                rollback: snippet.rollback,
                verify: snippet.verify,
                left_out: snippet.left_out,
            });
        }
    }
    Ok(all)
}

/// The lines that are read, those of one meaning and grade together; entries before settings.
fn meanings(pack: &Pack) -> Vec<Meaning> {
    let same = |one: &CompiledLine, other: &CompiledLine| {
        (one.entry, one.under, one.evidence, one.enabled, one.action)
            == (other.entry, other.under, other.evidence, other.enabled, other.action)
            && (&one.value, one.change as u8, &one.source, &one.note)
                == (&other.value, other.change as u8, &other.source, &other.note)
    };
    let meaning = |lines: &[CompiledLine]| {
        let of = |effect| {
            let lines = lines.iter().filter(move |line| line.effect == effect);
            lines.map(|line| line.pattern.text().to_owned()).collect::<Vec<_>>()
        };
        let first = &lines[0];
        Meaning {
            entry: first.entry,
            under: pack.block(first).iter().map(|opener| opener.text().to_owned()).collect(),
            lines: of(Effect::State),
            removed_by: of(Effect::Remove),
            evidence: first.evidence,
            source: first.source.clone(),
            note: first.note.clone(),
        }
    };
    let mut all: Vec<Meaning> = pack.lines().chunk_by(same).map(meaning).collect();
    all.sort_by_key(|meaning| (meaning.entry.setting().is_some(), meaning.entry));
    all
}
