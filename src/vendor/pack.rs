//! A pack, checked and ready: its syntax, its patterns by first word, its platforms.

use std::sync::Arc;

use super::clues::{Clue, read_clues};
use super::dispatch::{Beginnings, Dispatch};
use super::facts::{Gate, PlatformFacts};
use super::layout::Layout;
use super::model::{Model, Release};
use super::pattern::{Pattern, Words};
use super::prerequisite::{self, Prerequisite};
use super::types::{
    Advice, BlockStyle, Capabilities, ConfigForm, Evidence, MacClass, NameOf, PackFile, PlatformRecord,
    RangeEndRecord, Recogniser, RefusalRecord, RepeatedLine, SetChange, Statement, SyntaxRecord,
    UnreadRecord, VlanScope,
};
use super::{PackError, decode};
use crate::entry::{EntryKind, Of, Takes, Unregistered, Value};
use crate::net::mac::Notation;
use crate::net::port::{PortKind, PortSyntax, RangeEnd};
use crate::net::{NoVlans, VlanSet};
use crate::source::Spanned;
use crate::yaml::{Decoder, Text};

/// The most numbers in the name of a port.
const MAX_PARTS: u32 = 8;

/// The three templates of a pack that writes lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    /// Entries to the lines that set them.
    pub apply: String,
    /// Entries to the lines that take them back.
    pub remove: String,
    /// Entries to the commands that show them.
    pub verify: String,
}

impl Templates {
    /// The templates of a pack that has all three.
    pub fn from_parts(apply: Option<&str>, remove: Option<&str>, verify: Option<&str>) -> Option<Self> {
        Some(Self { apply: apply?.to_owned(), remove: remove?.to_owned(), verify: verify?.to_owned() })
    }
}

/// What a recognised line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It states the entry.
    State,
    /// It takes the entry back.
    Remove,
}

/// One spelling of one line, ready to match.
#[derive(Debug)]
pub struct CompiledLine {
    /// The line.
    pub pattern: Pattern,
    /// The block it stands in, by its number in [`Pack::blocks_known`]; `None` at the top.
    pub under: Option<usize>,
    /// The entry it is about.
    pub entry: EntryKind,
    /// What it does.
    pub effect: Effect,
    /// On or off, where the line implies it.
    pub enabled: Option<bool>,
    /// What happens to unregistered multicast, where the line implies it.
    pub action: Option<Unregistered>,
    /// What the setting holds, where the line implies it.
    pub value: Option<Value>,
    /// What it does to a set of VLANs.
    pub change: SetChange,
    /// Which MACs its words are for; any when absent.
    pub macs: Option<MacClass>,
    /// How sure the spelling is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<Arc<str>>,
    /// What else there is to know.
    pub note: Option<String>,
}

/// A model or family of a pack.
#[derive(Debug)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// Further names.
    pub aliases: Vec<String>,
    /// How the words begin, in lower case, by which configs name such models or their images.
    pub models: Vec<String>,
    /// What its users should know.
    pub advice: Vec<Advice>,
    /// The entries of its pack that are not written for it.
    pub reads_only: Vec<EntryKind>,
    /// The entries that its pack writes for it, and not by rule.
    pub writes: Vec<EntryKind>,
    /// Lines of its dialect that it does not take.
    pub refuses: Vec<Refusal>,
    pub(super) capabilities: Option<Capabilities>,
    /// What holds for some of its releases.
    pub(super) releases: Vec<Gate>,
}

impl Platform {
    fn read(record: &PlatformRecord, cx: &mut Decoder) -> Self {
        let kinds = |stated: &[Spanned<EntryKind>]| stated.iter().map(|kind| kind.value).collect();
        Self {
            name: record.name.to_string(),
            aliases: record.aliases.iter().map(ToString::to_string).collect(),
            models: record.models.iter().map(|model| model.to_lowercase()).collect(),
            advice: record.advice.clone(),
            reads_only: kinds(&record.reads_only),
            writes: kinds(&record.writes),
            refuses: refusals(&record.refuses, cx),
            capabilities: record.capabilities.clone(),
            releases: Gate::read_all(&record.releases, cx),
        }
    }
}

/// Lines that a platform does not take: a config that holds one is another platform's.
#[derive(Debug)]
pub struct Refusal {
    /// The lines, whatever block they stand in.
    pub lines: Vec<Pattern>,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: Option<String>,
}

/// How VLANs, or their interfaces, get names that stand for them.
#[derive(Debug)]
pub struct VlanNaming {
    /// What has the name.
    pub of: NameOf,
    /// The lines that open the blocks around the line, the outermost first.
    pub under: Vec<Pattern>,
    /// The line that names it.
    pub line: Option<Pattern>,
    /// Names that stand without a line, with their VLANs.
    pub known: Vec<(String, u16)>,
    /// The VLAN of a port whose block holds no such line.
    pub otherwise: Option<u16>,
}

/// A vendor pack, checked.
#[derive(Debug)]
pub struct Pack {
    name: String,
    aliases: Vec<String>,
    /// What it is about, for people.
    pub title: String,
    /// The MAC notation it writes.
    pub mac: Notation,
    /// The comment sign.
    pub comment: String,
    /// What a snippet says to do with its lines, and with its checks.
    pub typed_in: (String, String),
    /// How blocks are told apart.
    pub blocks: BlockStyle,
    /// The words that open a block, where it is not indented.
    pub openers: Vec<String>,
    /// What else stands in the text of a config.
    pub layout: Layout,
    /// The word that takes a line back.
    pub negation: String,
    /// The longest line the device takes, in octets.
    pub line_limit: Option<Statement<u32>>,
    /// What a second static line for the same MAC does.
    pub repeated_static_mac: Statement<RepeatedLine>,
    /// Whether a second static ARP line for the same IP takes the place of the first; unknown when absent.
    pub static_arp_replaces: Option<Statement<bool>>,
    /// Whether a static ARP names one of the cluster's ports.
    pub static_arp_names_port: bool,
    /// How it writes ports.
    pub ports: PortSyntax,
    /// Whether its lists of VLANs are several words.
    pub vlan_words: bool,
    /// Whether lines take effect together, once they are committed.
    pub commits: bool,
    /// How VLANs and their interfaces get names.
    pub vlan_names: Vec<VlanNaming>,
    /// The lines that give ports a name: `<word>` is it, and `<ports>` are they.
    pub port_names: Vec<Pattern>,
    /// Whether two such names that differ in case alone are two.
    pub exact_names: bool,
    /// Whether lines speak of VLANs by their names alone.
    pub names_alone: bool,
    /// The platforms that differ from the pack's cautious answers.
    pub platforms: Vec<Platform>,
    /// The settings that its templates write.
    pub writes: Vec<EntryKind>,
    /// The entries that it reads, and that no template writes.
    pub reads_only: Vec<EntryKind>,
    /// What needs what.
    pub prerequisites: Vec<Prerequisite>,
    /// What its users should know.
    pub advice: Vec<Advice>,
    /// The templates; a pack without them holds facts only.
    pub templates: Option<Templates>,
    /// The lines that a config of this dialect is known by.
    pub(super) clues: Vec<Arc<Clue>>,
    pub(super) capabilities: Capabilities,
    /// What holds for some releases.
    pub(super) releases: Vec<Gate>,
    lines: Vec<CompiledLine>,
    blocks_known: Vec<Vec<Pattern>>,
    dispatch: Dispatch,
    /// Of the blocks known, by the line that opens each.
    block_dispatch: Dispatch,
    irrelevant: Vec<Pattern>,
    /// Each with the entries that it may be about.
    unread: Vec<(Pattern, Arc<[EntryKind]>)>,
    unrelated: Beginnings,
    /// How sure the surest words for each kind are.
    grades: [Option<Evidence>; EntryKind::ALL.len()],
}

/// How sure the surest of these lines are, by the kind of entry.
fn surest(lines: &[CompiledLine]) -> [Option<Evidence>; EntryKind::ALL.len()] {
    let mut grades = [None; EntryKind::ALL.len()];
    for line in lines {
        let grade = &mut grades[line.entry as usize];
        *grade = Some(grade.map_or(line.evidence, |known: Evidence| known.min(line.evidence)));
    }
    grades
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// [`PackError`] with everything that is wrong in it.
    pub fn read(name: &str, text: &str, templates: Option<Templates>) -> Result<Self, PackError> {
        Self::check(name, decode(name, text)?, templates)
    }

    /// Checks what was read of the pack `name`, and makes it ready.
    pub(super) fn check(
        name: &str,
        (file, mut cx): (PackFile, Decoder),
        templates: Option<Templates>,
    ) -> Result<Self, PackError> {
        if file.name.as_str() != name {
            cx.error(
                file.name.span,
                format!("the pack in the file `{name}.yaml` calls itself `{}`", *file.name),
            );
        }
        let ports = port_syntax(&file.syntax, &mut cx);
        for kind in file.writes.iter().filter(|kind| !kind.value.is_written_on_request()) {
            cx.error(kind.span, format!("no template can write `{}`", kind.value));
        }
        let of_platforms = file.platforms.iter().flat_map(|platform| &platform.reads_only);
        for kind in
            file.reads_only.iter().chain(of_platforms).filter(|kind| kind.value.is_written_on_request())
        {
            cx.error(kind.span, format!("`{}` is only written where `writes` names it", kind.value));
        }
        for kind in file.platforms.iter().flat_map(|platform| &platform.writes) {
            if file.reads_only.iter().all(|known| known.value != kind.value) {
                cx.error(
                    kind.span,
                    format!(
                        "`{}` is written for one platform where the pack's `reads_only` names it",
                        kind.value
                    ),
                );
            }
        }
        if let Some(layout) = &file.syntax.layout
            && (layout.form == Some(ConfigForm::Tables)) != layout.tables.is_some()
        {
            cx.error(layout.span, "`form: tables` and the words under `tables` go together".to_owned());
        }
        let vlan_names = read_namings(&file.syntax, &mut cx);
        let port_names = read_port_names(&file.syntax, &mut cx);
        let clues = read_clues(&file.detect, &mut cx);
        let (lines, blocks_known) = compile(&file, &mut cx);
        let unread = unread(&file.unread, &mut cx);
        let irrelevant = file.irrelevant.iter().filter_map(|text| read_pattern(text, &mut cx)).collect();
        prerequisite::check(&file.prerequisites, &file.platforms, &lines, &mut cx);
        let releases = Gate::read_all(&file.releases, &mut cx);
        let platforms = file.platforms.iter().map(|record| Platform::read(record, &mut cx)).collect();
        if !cx.problems.is_empty() {
            return Err(PackError { name: name.to_owned(), problems: cx.problems });
        }
        let prerequisites = file
            .prerequisites
            .into_iter()
            .map(|record| prerequisite::ready(record, &file.platforms))
            .collect();
        let dispatch = Dispatch::new(lines.iter().map(|line| &line.pattern), &file.syntax.negation);
        let block_dispatch =
            Dispatch::new(blocks_known.iter().filter_map(|block| block.last()), &file.syntax.negation);
        let layout = Layout::new(&file.syntax);
        Ok(Self {
            name: name.to_owned(),
            aliases: file.aliases.iter().map(ToString::to_string).collect(),
            title: file.title.into(),
            mac: match file.syntax.mac {
                super::MacNotation::Colon => Notation::Colon,
                super::MacNotation::Hyphen => Notation::Hyphen,
                super::MacNotation::Dotted => Notation::Dotted,
                super::MacNotation::Comware => Notation::Comware,
                super::MacNotation::Bare => Notation::Bare,
            },
            comment: file.syntax.comment.into(),
            typed_in: file.syntax.typed_in.map_or_else(
                || ("paste in configuration mode".to_owned(), "type in privileged mode".to_owned()),
                |typed| (typed.lines.into(), typed.checks.into()),
            ),
            blocks: file.syntax.blocks,
            openers: file.syntax.openers.iter().map(ToString::to_string).collect(),
            layout,
            negation: file.syntax.negation.into(),
            line_limit: file.syntax.line_limit,
            repeated_static_mac: file.syntax.repeated_static_mac,
            static_arp_replaces: file.syntax.static_arp_replaces,
            static_arp_names_port: file.syntax.static_arp_names_port.unwrap_or(false),
            ports,
            vlan_words: file.syntax.vlan_words.unwrap_or(false),
            commits: file.syntax.commits.unwrap_or(false),
            vlan_names,
            port_names,
            exact_names: file.syntax.exact_names.unwrap_or(false),
            names_alone: file.syntax.names_alone.unwrap_or(false),
            platforms,
            writes: file.writes.iter().map(|kind| kind.value).collect(),
            reads_only: file.reads_only.iter().map(|kind| kind.value).collect(),
            prerequisites,
            advice: file.advice,
            templates,
            clues,
            capabilities: file.capabilities,
            releases,
            grades: surest(&lines),
            lines,
            blocks_known,
            dispatch,
            block_dispatch,
            irrelevant,
            unread,
            unrelated: Beginnings::new(file.unrelated.iter().map(|beginning| beginning.as_str())),
        })
    }

    /// A pack that knows nothing and says nothing: it stands in where the design names a pack that does not exist,
    /// so that the rest of the design can still be judged.
    pub(crate) fn silent() -> Arc<Self> {
        let nowhere = crate::source::Sources::new().add("", "");
        let span = crate::source::Span::new(nowhere, 0..0);
        Arc::new(Self {
            name: "unknown".to_owned(),
            aliases: Vec::new(),
            title: "an unknown dialect".to_owned(),
            mac: Notation::Colon,
            comment: "!".to_owned(),
            typed_in: (String::new(), String::new()),
            blocks: BlockStyle::Indent,
            openers: Vec::new(),
            layout: Layout::default(),
            negation: "no".to_owned(),
            line_limit: None,
            repeated_static_mac: Statement {
                value: RepeatedLine::Replaces,
                evidence: Evidence::Unverified,
                source: String::new(),
                note: None,
                span,
            },
            static_arp_replaces: None,
            static_arp_names_port: false,
            ports: PortSyntax {
                kinds: Vec::new(),
                between: String::new(),
                separator: String::new(),
                ranges: false,
                range_word: None,
                range_end: RangeEnd::Number,
                list_items: None,
                abbreviate: false,
                subinterfaces_switch: false,
                own_unit: None,
                examples: Vec::new(),
            },
            vlan_words: false,
            commits: false,
            vlan_names: Vec::new(),
            port_names: Vec::new(),
            exact_names: false,
            names_alone: false,
            platforms: Vec::new(),
            writes: Vec::new(),
            reads_only: Vec::new(),
            prerequisites: Vec::new(),
            advice: Vec::new(),
            templates: None,
            clues: Vec::new(),
            capabilities: Capabilities::silent(span),
            releases: Vec::new(),
            lines: Vec::new(),
            blocks_known: Vec::new(),
            dispatch: Dispatch::default(),
            block_dispatch: Dispatch::default(),
            irrelevant: Vec::new(),
            unread: Vec::new(),
            unrelated: Beginnings::default(),
            grades: [None; EntryKind::ALL.len()],
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every name that leads to it.
    pub fn called(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Its further names.
    pub fn aliases(&self) -> &[String] {
        &self.aliases
    }

    /// Whether it writes lines, or holds facts only.
    pub fn renders(&self) -> bool {
        self.templates.is_some()
    }

    /// Whether it has words for `kind` and its templates write them, for some platform.
    pub fn speaks_of(&self, kind: EntryKind) -> bool {
        let of_some = || self.platforms.iter().any(|platform| platform.writes.contains(&kind));
        (self.writes_by_rule(kind) || of_some()) && self.has_words(kind)
    }

    /// Whether it writes `kind` where its platforms say nothing of that.
    pub(super) fn writes_by_rule(&self, kind: EntryKind) -> bool {
        match kind.is_written_on_request() {
            true => self.writes.contains(&kind),
            false => !self.reads_only.contains(&kind),
        }
    }

    /// Whether it has templates, and lines for `kind`.
    pub(super) fn has_words(&self, kind: EntryKind) -> bool {
        self.renders() && self.lines.iter().any(|line| line.entry == kind && line.effect == Effect::State)
    }

    /// Whether its words for `kind` can name `placeholder`: not every querier can be told its address.
    pub fn can_name(&self, kind: EntryKind, placeholder: &str) -> bool {
        let stating = |line: &&CompiledLine| line.entry == kind && line.effect == Effect::State;
        self.lines.iter().filter(stating).any(|line| self.names(line, placeholder))
    }

    /// The words that its lines for `kind`, a setting, imply.
    pub fn implied_words(&self, kind: EntryKind) -> Vec<&str> {
        let stating = self.lines.iter().filter(|line| line.entry == kind && line.effect == Effect::State);
        let words = stating.filter_map(|line| match &line.value {
            Some(Value::Word(word)) => Some(word.as_str()),
            _ => None,
        });
        words.collect()
    }

    /// Whether every line of its words for `kind` names `placeholder`: some queriers must be told their address.
    pub fn must_name(&self, kind: EntryKind, placeholder: &str) -> bool {
        let mut stating =
            self.lines.iter().filter(|line| line.entry == kind && line.effect == Effect::State).peekable();
        stating.peek().is_some() && stating.all(|line| self.names(line, placeholder))
    }

    /// Whether routed interfaces have names of their own, which other lines tell.
    pub fn names_svis(&self) -> bool {
        self.vlan_names.iter().any(|naming| naming.of == NameOf::Svi)
    }

    /// Whether its lines name what the config of a switch alone tells: the names of VLANs, or addresses of interfaces.
    pub fn needs_ground(&self) -> bool {
        self.renders() && (self.names_alone || self.must_name(EntryKind::StaticArp, "prefix"))
    }

    /// Whether `line` begins with the word that takes lines back.
    fn is_negated(&self, line: &Words<'_>) -> bool {
        line.get(0).is_some_and(|word| word.eq_ignore_ascii_case(&self.negation))
    }

    /// Whether `line` begins like one that matters and is known to say nothing about NLB.
    pub fn is_irrelevant(&self, line: &Words<'_>) -> bool {
        let first = usize::from(self.is_negated(line));
        self.irrelevant.iter().any(|pattern| pattern.captures_from(line, first).is_some())
    }

    /// The entries that `line` may be about, where it is one that nothing is made of.
    pub fn unread(&self, line: &Words<'_>) -> Option<&[EntryKind]> {
        let first = usize::from(self.is_negated(line));
        let known = self.unread.iter().find(|(pattern, _)| pattern.captures_from(line, first).is_some());
        known.map(|(_, kinds)| &**kinds)
    }

    /// The lines that are told because nothing is made of them.
    pub fn unread_lines(&self) -> impl Iterator<Item = &Pattern> {
        self.unread.iter().map(|(pattern, _)| pattern)
    }

    /// Whether `line` begins like one that has nothing to do with NLB.
    pub fn is_unrelated(&self, line: &Words<'_>) -> bool {
        self.unrelated.are_of(line, usize::from(self.is_negated(line)))
    }

    /// The lines that begin like `line`, in the order of the pack: found by its first two words, the negation aside.
    /// With each stands how many first words both share.
    pub fn lines_like(&self, line: &Words<'_>) -> impl Iterator<Item = (&CompiledLine, usize)> {
        let found = self.dispatch.of(line, self.is_negated(line));
        found.map(|(number, shared)| (&self.lines[number as usize], shared))
    }

    /// Whether `line` or its block names `placeholder`.
    pub fn names(&self, line: &CompiledLine, placeholder: &str) -> bool {
        line.pattern.has(placeholder) || self.block(line).iter().any(|opener| opener.has(placeholder))
    }

    /// The lines that open the blocks around `line`, the outermost first; none at the top.
    pub fn block(&self, line: &CompiledLine) -> &[Pattern] {
        line.under.map_or(&[], |under| self.blocks_known[under].as_slice())
    }

    /// The blocks that lines may stand in: for each the lines that open it and those around it, the outermost first.
    pub fn blocks_known(&self) -> &[Vec<Pattern>] {
        &self.blocks_known
    }

    /// The numbers of the blocks that a line which begins like `line` opens.
    pub fn blocks_like(&self, line: &Words<'_>) -> impl Iterator<Item = usize> {
        self.block_dispatch.of(line, self.is_negated(line)).map(|(number, _)| number as usize)
    }

    /// How sure its surest words for `kind` are; `None` where it has none.
    pub fn grade_of(&self, kind: EntryKind) -> Option<Evidence> {
        self.grades[kind as usize]
    }

    /// Every spelling of every line.
    pub fn lines(&self) -> &[CompiledLine] {
        &self.lines
    }

    /// The VLANs of a list as this dialect writes it.
    ///
    /// # Errors
    /// [`NoVlans`] when the text is no such list.
    pub fn vlans(&self, text: &str) -> Result<VlanSet, NoVlans> {
        match (&self.ports.range_word, self.vlan_words) {
            (to, true) => VlanSet::from_words(text, to.as_deref()),
            (_, false) => text.parse(),
        }
    }

    /// The platform called `name`, in any case.
    pub fn platform(&self, name: &str) -> Option<usize> {
        let same = |known: &String| known.eq_ignore_ascii_case(name);
        self.platforms.iter().position(|platform| same(&platform.name) || platform.aliases.iter().any(same))
    }

    /// The platform that a config means by `said`, its word for the model or for the image that the switch starts: by a
    /// platform's name, else by the longest beginning among its models.
    pub fn platform_of_model(&self, said: &str) -> Option<usize> {
        let said = said.to_lowercase();
        let parts = || said.split(|c: char| c.is_whitespace() || matches!(c, ':' | '/'));
        let named = parts().find_map(|part| self.platform(part));
        let fits = |model: &&String| parts().any(|part| part.starts_with(model.as_str()));
        let longest = self.platforms.iter().enumerate().filter_map(|(number, platform)| {
            let length = platform.models.iter().filter(fits).map(String::len).max()?;
            Some((length, number))
        });
        named.or_else(|| longest.max_by_key(|(length, _)| *length).map(|(_, number)| number))
    }

    /// The releases from which on something else holds for a platform, or for its pack.
    pub fn releases_told(&self, platform: Option<usize>) -> impl Iterator<Item = Release> {
        let own = platform.and_then(|index| self.platforms.get(index));
        let gates = self.releases.iter().chain(own.into_iter().flat_map(|own| &own.releases));
        gates.filter_map(Gate::example)
    }

    /// Whether some of its lines are comments: headers that tell a model or a release.
    pub fn reads_comments(&self) -> bool {
        self.lines.iter().any(|line| self.layout.is_comment(line.pattern.text()))
    }

    /// What holds for a model: the cautious answers where nothing is known of it.
    pub fn facts(&self, model: impl Into<Model>) -> PlatformFacts<'_> {
        PlatformFacts::new(self, model.into())
    }
}

fn port_syntax(syntax: &SyntaxRecord, cx: &mut Decoder) -> PortSyntax {
    let mut kinds = Vec::new();
    for port in &syntax.ports {
        let parts = match port.parts.as_slice() {
            [only] if (1..=MAX_PARTS).contains(only) => (*only as usize, *only as usize),
            [least, most] if (1..=*most).contains(least) && *most <= MAX_PARTS => {
                (*least as usize, *most as usize)
            }
            _ => {
                cx.error(
                    port.span,
                    format!(
                        "`parts` is the least and the most numbers of a port, up to {MAX_PARTS}: `[1, 4]`"
                    ),
                );
                (1, 1)
            }
        };
        let named = |name: &str| if port.nameless.unwrap_or(false) { String::new() } else { name.to_owned() };
        kinds.push(PortKind {
            name: named(&port.name).into(),
            short: named(&port.short),
            also: port.also.iter().map(ToString::to_string).collect(),
            lag: port.lag.unwrap_or(false),
            parts,
            joints: (!port.between_numbers.is_empty())
                .then(|| port.between_numbers.iter().map(|joint| Box::from(joint.as_str())).collect()),
            keyword: port.keyword.as_ref().map(ToString::to_string).unwrap_or_default(),
            number_only: port.number_only.unwrap_or(false),
        });
    }
    if kinds.is_empty() {
        cx.error(syntax.span, "a pack needs at least one kind of port");
    }
    PortSyntax {
        kinds,
        between: syntax.between.clone().unwrap_or_default(),
        separator: syntax.separator.clone(),
        ranges: syntax.ranges.unwrap_or(false),
        range_word: syntax.range_word.as_ref().map(ToString::to_string),
        range_end: match syntax.range_end {
            None | Some(RangeEndRecord::Number) => RangeEnd::Number,
            Some(RangeEndRecord::Path) => RangeEnd::Path,
            Some(RangeEndRecord::Port) => RangeEnd::Port,
        },
        list_items: syntax.list_items.as_ref().map(|most| most.value as usize),
        abbreviate: syntax.abbreviate.unwrap_or(false),
        subinterfaces_switch: syntax.subinterfaces_switch.unwrap_or(false),
        own_unit: syntax.own_unit,
        examples: syntax.examples.iter().map(ToString::to_string).collect(),
    }
}

fn read_namings(syntax: &SyntaxRecord, cx: &mut Decoder) -> Vec<VlanNaming> {
    let mut namings = Vec::new();
    for record in &syntax.vlan_names {
        // The id of a VLAN with a name is a number; what says whose an interface is may name the VLAN.
        let mut read = |text| match record.of {
            NameOf::Vlan | NameOf::Port => read_pattern(text, cx),
            NameOf::Svi => read_line(text, syntax, cx),
        };
        let under: Vec<Pattern> = record.under.0.iter().filter_map(&mut read).collect();
        let line = record.line.as_ref().and_then(&mut read);
        let vlan = record.vlan.and_then(|vlan| u16::try_from(vlan).ok());
        let known = match (&record.name, vlan) {
            (Some(name), Some(vlan)) => vec![(name.to_string(), vlan)],
            _ => Vec::new(),
        };
        let of_port = record.of == NameOf::Port;
        let tells = line.as_ref().is_some_and(|line| match of_port {
            true => line.has("vlan") && under.len() == 1 && under[0].has("word"),
            false => {
                let vlan = line.has("vlan") || under.iter().any(|opener| opener.has("vlan"));
                vlan && (line.has("word") || line.has("number"))
            }
        });
        if !tells && (of_port || known.is_empty()) {
            cx.error(
                record.span,
                match of_port {
                    true => "the VLAN of a port is a `line` with `<vlan>`, `under` one with `<word>`",
                    false => "a naming of VLANs is a `line` with `<vlan>` and `<word>`, or a `name` with its `vlan`",
                },
            );
        }
        namings.push(VlanNaming { of: record.of, under, line, known, otherwise: vlan.filter(|_| of_port) });
    }
    namings
}

fn read_port_names(syntax: &SyntaxRecord, cx: &mut Decoder) -> Vec<Pattern> {
    let mut all = Vec::new();
    for text in &syntax.port_names {
        let Some(line) = read_pattern(text, cx) else { continue };
        if !(line.has("word") && line.has("ports")) {
            cx.error(text.span, "a line that gives ports a name has `<word>` and `<ports>`");
        }
        all.push(line);
    }
    all
}

/// What a line must name for its entry to be known: of each group one. A setting's own name for what it is about and
/// for what it holds are two groups.
fn needed(recogniser: &Recogniser, effect: Effect, syntax: &SyntaxRecord) -> Vec<Vec<&'static str>> {
    let kind = recogniser.entry;
    // A port may stand for its VLAN.
    let of_ports = syntax.vlan_names.iter().any(|naming| naming.of == NameOf::Port);
    let vlan: &[&'static str] = if of_ports { &["vlan", "word"] } else { &["vlan"] };
    let fixed: &[&[&'static str]] = match (kind, effect) {
        (EntryKind::StaticArp, Effect::State) => &[&["ip"], &["mac"]],
        (EntryKind::StaticArp, Effect::Remove) => &[&["ip"]],
        (EntryKind::StaticMac, Effect::State) => &[&["mac"], vlan, &["ports", "lags"]],
        (EntryKind::StaticMac, Effect::Remove) => &[&["mac"], vlan],
        (EntryKind::MrouterPort, Effect::State) => &[&["vlan", "vlans"], &["ports", "lags"]],
        (EntryKind::MrouterPort, Effect::Remove) => &[&["vlan", "vlans"]],
        (EntryKind::StaticGroup, _) => &[&["vlan", "svi"], &["group"]],
        (EntryKind::UnregisteredMulticast, _) => &[&["port", "ports", "lags"]],
        _ => &[],
    };
    let mut groups: Vec<Vec<&'static str>> = fixed.iter().map(|group| group.to_vec()).collect();
    let Some(shape) = kind.setting() else { return groups };
    if !shape.of.contains(&Of::Switch) {
        groups.push(shape.of.iter().flat_map(|of| subject_names(*of)).copied().collect());
    }
    let implied = recogniser.implies.as_ref();
    let stated = effect == Effect::State || shape.many;
    let implies = match shape.takes {
        Takes::Flag => true,
        Takes::Number => implied.is_some_and(|implied| implied.number.is_some()),
        Takes::Word => implied.is_some_and(|implied| implied.value.is_some()),
        Takes::Vlans => implied.is_some_and(|implied| implied.vlans.is_some()),
        Takes::Bundle | Takes::Address | Takes::Ip | Takes::Mac => false,
    };
    if stated && !implies {
        groups.push(value_names(shape.takes).to_vec());
    }
    groups
}

/// The placeholders that say what a setting is about.
pub fn subject_names(of: Of) -> &'static [&'static str] {
    match of {
        Of::Switch => &[],
        Of::Vlan => &["vlan", "vlans"],
        Of::Svi => &["svi"],
        Of::Port => &["port", "ports", "lags"],
        Of::Acl => &["list"],
    }
}

/// The placeholders that say what a setting holds.
pub fn value_names(takes: Takes) -> &'static [&'static str] {
    match takes {
        Takes::Flag => &[],
        Takes::Number => &["number", "vlan"],
        Takes::Word => &["word", "text", "level", "vrf", "number"],
        Takes::Bundle => &["number", "vlan", "word"],
        Takes::Vlans => &["vlans", "vlan"],
        Takes::Address => &["prefix", "address"],
        Takes::Ip => &["ip", "address", "prefix"],
        Takes::Mac => &["mac"],
    }
}

fn unread(records: &[UnreadRecord], cx: &mut Decoder) -> Vec<(Pattern, Arc<[EntryKind]>)> {
    let mut all = Vec::new();
    for record in records {
        let kinds: Arc<[EntryKind]> = record.entries.iter().map(|kind| kind.value).collect();
        all.extend(
            record.lines.iter().filter_map(|line| Some((read_pattern(line, cx)?, Arc::clone(&kinds)))),
        );
    }
    all
}

fn refusals(records: &[RefusalRecord], cx: &mut Decoder) -> Vec<Refusal> {
    let refusal = |record: &RefusalRecord| Refusal {
        lines: record.lines.iter().filter_map(|line| read_pattern(line, cx)).collect(),
        evidence: record.evidence,
        source: record.source.as_ref().map(ToString::to_string),
    };
    records.iter().map(refusal).collect()
}

pub(super) fn read_pattern(text: &Spanned<Text>, cx: &mut Decoder) -> Option<Pattern> {
    match Pattern::new(text.as_str()) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            cx.error(text.span, format!("not a pattern: {error}"));
            None
        }
    }
}

/// The same in a dialect as `syntax` has it: where lists of VLANs are several words, and VLANs have names.
fn read_line(text: &Spanned<Text>, syntax: &SyntaxRecord, cx: &mut Decoder) -> Option<Pattern> {
    let mut pattern = read_pattern(text, cx)?;
    let named = |of| syntax.vlan_names.iter().any(|naming| naming.of == of);
    if named(NameOf::Vlan) || named(NameOf::Svi) {
        pattern = pattern.with_names(named(NameOf::Vlan));
    }
    let words = syntax.vlan_words.unwrap_or(false);
    match if words { pattern.with_vlan_words() } else { Ok(pattern) } {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            cx.error(text.span, format!("not a pattern: {error}"));
            None
        }
    }
}

fn compile(file: &PackFile, cx: &mut Decoder) -> (Vec<CompiledLine>, Vec<Vec<Pattern>>) {
    let syntax = &file.syntax;
    let mut lines = Vec::new();
    let mut blocks: Vec<Vec<Pattern>> = Vec::new();
    for recogniser in &file.recognise {
        if recogniser.source.is_none() && recogniser.evidence != Evidence::Unverified {
            cx.error(recogniser.span, format!("lines graded `{}` need their source", recogniser.evidence));
        }
        let openers: Vec<Pattern> =
            recogniser.under.0.iter().filter_map(|text| read_line(text, syntax, cx)).collect();
        if openers.len() < recogniser.under.0.len() {
            continue;
        }
        let named = |name: &str| openers.iter().any(|opener| opener.has(name));
        let wanted = |effect| needed(recogniser, effect, syntax);
        let mut read = Vec::new();
        let stated = recogniser.lines.iter().map(|line| (line, Effect::State));
        let removed = recogniser.removed_by.iter().map(|line| (line, Effect::Remove));
        for (text, effect) in stated.chain(removed) {
            let Some(pattern) = read_line(text, syntax, cx) else { continue };
            let has = |name: &str| pattern.has(name) || named(name);
            match wanted(effect).iter().find(|names| !names.iter().any(|name| has(name))) {
                Some(missing) => {
                    let message =
                        format!("a line for `{}` names <{}>", recogniser.entry, missing.join("> or <"));
                    cx.error(text.span, message);
                }
                None => read.push((pattern, effect)),
            }
        }
        let implied = recogniser.implies.as_ref();
        let value = implied.and_then(|implied| {
            let word = implied.value.as_ref().map(|word| Value::Word(word.to_string()));
            let vlans = implied.vlans.map(|vlans| match vlans {
                VlanScope::All => Value::Vlans(VlanSet::all()),
                VlanScope::None => Value::Vlans(VlanSet::none()),
            });
            word.or(vlans).or(implied.number.map(Value::Number))
        });
        let known = blocks
            .iter()
            .position(|known| known.iter().map(Pattern::text).eq(openers.iter().map(Pattern::text)));
        let under = match (openers.is_empty(), known) {
            (true, _) => None,
            (false, Some(known)) => Some(known),
            (false, None) => {
                blocks.push(openers);
                Some(blocks.len() - 1)
            }
        };
        lines.extend(read.into_iter().map(|(pattern, effect)| CompiledLine {
            pattern,
            under,
            entry: recogniser.entry,
            effect,
            enabled: implied.and_then(|implied| implied.enabled),
            action: implied.and_then(|implied| implied.action),
            value: value.clone(),
            change: recogniser.change.unwrap_or(SetChange::Replaces),
            macs: recogniser.macs,
            evidence: recogniser.evidence,
            source: recogniser.source.as_ref().map(|source| Arc::from(source.as_str())),
            note: recogniser.note.as_ref().map(ToString::to_string),
        }));
    }
    (lines, blocks)
}
