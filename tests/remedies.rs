//! The lines that findings offer do what they are for: typed behind the config they mend, they leave a config that is not
//! found fault with again. The reader plays the switch.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use nlbswitch::config;
use nlbswitch::diagnostic::{Diagnostic, Severity};
use nlbswitch::entry::{Change, Entry, EntryKind, Subject, Value};
use nlbswitch::lint::{self, Example, Page, Rule, Scope};
use nlbswitch::net::PortSet;
use nlbswitch::net::port::{Naming, PortName};
use nlbswitch::render::{Dialect, Known, Part, Target, Writers, retraction_lines, setting_lines};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Effect, Model, Pack, Packs, Pattern};

/// Rules about configs whose findings no line on the switch can cure.
const INCURABLE: &[(u16, &str)] = &[
    (507, "the platform has no line for what the cluster needs"),
    (519, "two clusters share a VLAN: one of them has to move, with its nodes"),
];

/// A design and configs with the packs of their dialects.
#[derive(Clone)]
struct Case {
    design: Option<String>,
    configs: BTreeMap<String, (Arc<Pack>, String)>,
}

impl Case {
    fn of(example: &Example<'_>, packs: &Packs) -> Self {
        let pack_of = |name: Option<&str>| packs.get(name.unwrap_or("cisco-ios")).unwrap().unwrap();
        let configs = example
            .configs
            .iter()
            .map(|config| (config.path.to_owned(), (pack_of(config.pack), config.text.to_owned())));
        Self { design: example.design.map(str::to_owned), configs: configs.collect() }
    }

    /// The findings, each with the path it points into.
    fn findings(&self, packs: &Packs) -> Vec<(Diagnostic, String)> {
        let directory = tempfile::tempdir().unwrap();
        for (path, (_, text)) in &self.configs {
            std::fs::write(directory.path().join(path), text).unwrap();
        }
        if let Some(design) = &self.design {
            std::fs::write(directory.path().join("design.yaml"), design).unwrap();
        }
        let pack_of = |path: &Path| {
            let name = path.file_name()?.to_str()?;
            Some(Arc::clone(&self.configs.get(name)?.0))
        };
        let taking = lint::Taking {
            working_directory: directory.path(),
            dialect: None,
            dialect_of: &pack_of,
            excluded: &|_| false,
            progress: &|_, _| {},
        };
        let inputs = lint::gather(&[directory.path().to_owned()], packs, &taking).unwrap();
        let mut sources = Sources::new();
        let outcome = lint::lint_inputs(inputs, directory.path(), packs, &mut sources).unwrap();
        let path = |finding: &Diagnostic| {
            finding.span.map_or_else(String::new, |span| sources.file(span.file).path().to_owned())
        };
        outcome.findings.iter().map(|finding| (finding.clone(), path(finding))).collect()
    }

    /// The same with `lines` typed on `switch`.
    fn typed(&self, switch: &str, lines: &[String]) -> Self {
        let mut typed = self.clone();
        let named = format!("{switch}.cfg");
        let (_, text) = typed.configs.get_mut(&named).unwrap_or_else(|| panic!("no config of {switch}"));
        let whole: Vec<&str> = text.lines().filter(|line| *line != "end").collect();
        *text = format!("{}\n{}\n", whole.join("\n"), lines.join("\n"));
        typed
    }

    /// The same in the dialect of `pack`; `None` where that has no words for something the finding rests on.
    fn translated(&self, pack: &Arc<Pack>) -> Option<Self> {
        if self.configs.is_empty() {
            return None; // the fault is the design's
        }
        if self.configs.values().all(|(own, _)| own.name() == pack.name()) {
            return Some(self.clone());
        }
        let mut design = self.design.clone();
        let mut configs = BTreeMap::new();
        for (path, (from, text)) in &self.configs {
            configs.insert(path.clone(), (Arc::clone(pack), translate(from, text, pack)?));
        }
        if let Some(text) = &mut design {
            let from = self.configs.values().next().map(|(pack, _)| Arc::clone(pack))?;
            for number in (1..=48).rev() {
                let old = [format!("Gi1/0/{number}"), format!("g{number}")];
                let new = port_of(pack, u32::from(number as u16), false).to_string();
                for old in old.iter().filter(|old| from.ports.parse(old).is_ok()) {
                    *text = text.replace(old.as_str(), &new);
                }
            }
            *text = text.replace(from.name(), pack.name());
        }
        Some(Self { design, configs })
    }
}

/// The port of a dialect with this number.
fn port_of(pack: &Pack, number: u32, lag: bool) -> PortName {
    match lag {
        true => pack.ports.parse_list(&number.to_string(), pack.ports.lag_kind()).unwrap()[0].clone(),
        false => support::packs::port(pack, number),
    }
}

fn translated_port(pack: &Pack, port: &PortName) -> PortName {
    let text = port.to_string();
    let digits = text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    port_of(pack, text[digits..].parse().unwrap(), port.is_lag())
}

/// The line that opens the block of a port.
fn opener(pack: &Pack, port: &Subject) -> String {
    let kind = EntryKind::Shutdown;
    let open = Entry::Setting { kind, of: port.clone(), value: Value::Flag(false) };
    setting_lines(Dialect::of(pack), &open)
        .map_or_else(|| format!("interface {port}"), |lines| lines[0].clone())
}

/// What the config says, in the words of another pack. Settings that only make the scene may be left out.
fn translate(from: &Pack, text: &str, pack: &Arc<Pack>) -> Option<String> {
    let reading = config::read(from, text);
    let state = reading.state(&from.facts(None));
    let writer = Writers::default().get(pack).unwrap();
    let (known, mut lines) = Known::example(pack, state.entries(), 0);
    let ground = known.ground();
    let dialect = Dialect { pack, names: ground.names };
    let mut told = BTreeSet::new();
    let mentions = [EntryKind::Svi, EntryKind::Vlan]; // what stands under them opens them
    for fact in reading.facts.iter().filter(|fact| !mentions.contains(&fact.spelling.entry)) {
        let (Change::Add(stated) | Change::Replace(stated)) = &fact.change else { continue };
        let Some(held) = state.get(&stated.key()).filter(|_| told.insert(stated.key())) else { continue };
        let port = |port: &PortName| translated_port(pack, port);
        let ports = |ports: &PortSet| ports.iter().map(port).collect::<PortSet>();
        let entry = match held.clone() {
            Entry::Setting { kind, of: Subject::Port(of), value } => {
                Entry::Setting { kind, of: Subject::Port(port(&of)), value }
            }
            Entry::UnregisteredMulticast { port: of, action } => {
                Entry::UnregisteredMulticast { port: port(&of), action }
            }
            entry => match entry.ports() {
                Some(held) => entry.with_ports(ports(held)),
                None => entry,
            },
        };
        let written = match &entry {
            Entry::Setting { kind: EntryKind::Port, of, .. } => {
                Some(vec![opener(pack, of), "exit".to_owned()])
            }
            Entry::Setting { kind: EntryKind::Lag, of, value } => {
                setting_lines(dialect, &entry).or_else(|| {
                    Some(vec![opener(pack, of), format!("channel-group {value} mode on"), "exit".to_owned()])
                })
            }
            Entry::Setting { .. } => setting_lines(dialect, &entry),
            Entry::StaticArp { .. } if pack.static_arp_names_port => None,
            _ => writer
                .lines(
                    Part::Apply,
                    Target { name: "sw1", model: Model::UNKNOWN, ground },
                    &[],
                    std::slice::from_ref(&entry),
                )
                .ok(),
        };
        let scenery = [
            EntryKind::Hostname,
            EntryKind::PortMode,
            EntryKind::AccessVlan,
            EntryKind::EdgePort,
            EntryKind::Address,
            EntryKind::StaticArp,
        ];
        match written {
            Some(written) => lines.extend(written),
            None if scenery.contains(&entry.kind()) => {}
            None => return None,
        }
    }
    Some(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// What a remedy of the first rule leaves in doubt in a pack's words, as the second says: the cases state no platform, and only some
/// models of Huawei share what leaves an Eth-Trunk as an entry needs it.
const DOUBTS: [(u16, &str, u16); 1] = [(505, "huawei-vrp", 710)];

fn rules_about_configs() -> impl Iterator<Item = &'static Rule> {
    lint::rules().filter(|rule| (500..600).contains(&rule.code.0) && rule.scope != Scope::Design)
}

fn bad_example(rule: &Rule, packs: &Packs) -> Case {
    Case::of(&Page::new(rule.page).example("Bad").unwrap(), packs)
}

#[test]
fn every_rule_about_configs_has_a_remedy_or_a_reason_why_there_is_none() {
    let packs = Packs::embedded();
    let mut wrong = Vec::new();
    for rule in rules_about_configs() {
        let found = bad_example(rule, &packs).findings(&packs);
        let cured = found.iter().all(|(finding, _)| finding.remediation.is_some());
        let excused = INCURABLE.iter().any(|(code, _)| *code == rule.code.0);
        if cured == excused || found.is_empty() {
            wrong.push(format!("{} cured: {cured}, excused: {excused}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn typed_remedies_cure_what_they_are_for_and_break_nothing_else() {
    let packs = Packs::embedded();
    let mut table = String::new();
    let mut wrong = Vec::new();
    for rule in rules_about_configs() {
        let bad = bad_example(rule, &packs);
        let mut shown = Vec::new();
        for pack in packs.all().unwrap().into_iter().filter(|pack| pack.renders()) {
            let Some(case) = bad.translated(&pack) else { continue };
            let before = case.findings(&packs);
            let codes: BTreeSet<_> = before.iter().map(|(finding, _)| finding.code).collect();
            let ours = before.iter().filter(|(finding, _)| finding.code == rule.code);
            for (finding, path) in ours {
                let Some(remedy) = &finding.remediation else {
                    shown.push(format!("{} (none)", pack.name()));
                    continue;
                };
                shown.push(pack.name().to_owned());
                let after = case.typed(&remedy.switch, &remedy.lines).findings(&packs);
                for (left, at) in &after {
                    let same = left.code == rule.code && at == path && left.message == finding.message;
                    let doubt = DOUBTS.contains(&(rule.code.0, pack.name(), left.code.0))
                        && left.severity == Severity::Warning;
                    if same || !(codes.contains(&left.code) || doubt) {
                        wrong.push(format!(
                            "{} in {}: {remedy:#?} leads to {}: {}",
                            rule.code,
                            pack.name(),
                            left.code,
                            left.message
                        ));
                    }
                }
            }
        }
        shown.dedup();
        let shown = if shown.is_empty() { "a fault of designs".to_owned() } else { shown.join(", ") };
        table += &format!("{}: {shown}\n", rule.code);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!(table);
}

/// What a placeholder of a pattern stands for in the lines of the next law.
fn sample(pack: &Pack, name: &str) -> Option<String> {
    let first = pack.ports.lists(&[port_of(pack, 1, false)], Naming::Long, usize::MAX);
    let port = [first[0].keyword.as_str(), first[0].text.as_str()].join(" ");
    Some(match name {
        "port" | "ports" => port.trim().to_owned(),
        "lags" | "number" | "level" => "5".to_owned(),
        "vlan" | "svi" => "10".to_owned(),
        "vlans" => "10-12".to_owned(),
        "ip" | "address" => "10.0.0.1".to_owned(),
        "mask" => "255.255.255.0".to_owned(),
        "length" => "24".to_owned(),
        "prefix" => "10.0.0.1/24".to_owned(),
        "mac" | "source" => "00:11:22:33:44:55".to_owned(),
        "group" => "239.255.1.1".to_owned(),
        "vrf" | "word" | "list" | "text" => "X".to_owned(),
        _ => return None,
    })
}

#[test]
fn what_a_pack_takes_back_is_gone_in_every_dialect() {
    let packs = Packs::embedded();
    let mut taken_back = BTreeSet::new();
    for pack in packs.all().unwrap() {
        for line in pack.lines().iter().filter(|line| line.effect == Effect::State) {
            let written = |pattern: &Pattern| pattern.write(|name| sample(&pack, name)).unwrap();
            let mut lines: Vec<String> = pack.block(line).iter().map(written).collect();
            for (depth, line) in lines.iter_mut().enumerate() {
                *line = " ".repeat(depth) + line;
            }
            lines.push(" ".repeat(lines.len()) + &written(&line.pattern));
            let text = lines.join("\n") + "\nexit\n";
            let reading = config::read(&pack, &text);
            for fact in reading.facts.iter().filter(|fact| !fact.only_mentions()) {
                let (Change::Add(held) | Change::Replace(held)) = &fact.change else { continue };
                let Some(lines) = retraction_lines(Dialect::of(&pack), fact.spelling, held) else { continue };
                let whole = format!("{text}{}\n", lines.join("\n"));
                let state = config::read(&pack, &whole).state(&pack.facts(None));
                let left = state.get(&held.key());
                let off = |left: &Entry| match left {
                    Entry::Setting { value: Value::Flag(on), .. } => !on && left != held,
                    Entry::Setting { value: Value::Vlans(vlans), .. } => vlans.iter().next().is_none(),
                    _ => false,
                };
                // The opposite of what says no is what says yes.
                let opposite = matches!(held, Entry::Setting { value: Value::Flag(false), .. });
                assert!(left.is_none_or(|left| off(left) || opposite && left != held), "{whole}{left:?}");
                taken_back.insert((pack.name().to_owned(), held.kind()));
            }
        }
    }
    let kinds = |pack: &str| taken_back.iter().filter(|(of, _)| of == pack).count();
    let counted = ["cisco-ios", "dell-force10", "dell-powerconnect-5400"].map(kinds);
    assert!(counted.iter().all(|kinds| *kinds > 15), "{counted:?}");
}

/// A Catalyst with most of what can be wrong, at once.
const BROKEN: &str = "hostname sw1
!
ip arp inspection vlan 10
ip arp inspection validate src-mac
!
mac access-list extended GUARD
 deny any any 0x886F 0x0
 permit any any
!
interface Port-channel1
 switchport mode trunk
 switchport trunk allowed vlan 10,20
 storm-control multicast level 1.00
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
 switchport block multicast
 switchport protected
 switchport port-security
 mac access-group GUARD in
!
interface GigabitEthernet1/0/2
 switchport mode access
 switchport access vlan 10
 switchport protected
 ip verify source
!
interface GigabitEthernet1/0/3
 switchport mode access
 switchport access vlan 20
!
interface GigabitEthernet1/0/47
 channel-group 1 mode active
!
interface GigabitEthernet1/0/48
 channel-group 1 mode active
!
mac address-table static 02bf.0a00.0001 vlan 10 drop
mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2 GigabitEthernet1/0/3 GigabitEthernet1/0/47
";

#[test]
fn remedies_typed_one_after_the_other_do_not_undo_each_other() {
    let packs = Packs::embedded();
    let ios = packs.get("cisco-ios").unwrap().unwrap();
    let design = "clusters:
  - name: web
    mode: multicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    nodes: [{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw1 Gi1/0/2}, {name: o, attach: sw1 Po1}]
switches: [{name: sw1, vendor: cisco-ios, config: sw1.cfg}]
";
    for design in [None, Some(design)] {
        let broken = Case {
            design: design.map(str::to_owned),
            configs: BTreeMap::from([("sw1.cfg".to_owned(), (Arc::clone(&ios), BROKEN.to_owned()))]),
        };
        let found = broken.findings(&packs);
        let cured = found.iter().filter(|(finding, _)| finding.remediation.is_some());
        let codes: BTreeSet<u16> = cured.clone().map(|(finding, _)| finding.code.0).collect();
        assert!(codes.len() > 9, "{codes:?}");
        let mended = cured.fold(broken, |case, (finding, _)| {
            let remedy = finding.remediation.as_ref().unwrap();
            case.typed(&remedy.switch, &remedy.lines)
        });
        let left = mended.findings(&packs);
        let left: Vec<String> =
            left.iter().map(|(finding, _)| format!("{} {}", finding.code, finding.message)).collect();
        assert!(left.is_empty(), "{design:?}: {left:#?}");
    }
}
