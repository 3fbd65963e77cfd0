//! Lines that mend findings about settings of ports and switches, in the words of the config's own pack.

use std::collections::BTreeSet;

use super::ConfigFile;
use super::membership::{holders, lag_of};
use crate::diagnostic::Diagnostic;
use crate::entry::{Change, Entry, EntryKind, Key, State, Subject, Value};
use crate::net::VlanSet;
use crate::net::port::PortName;
use crate::render::{Dialect, addition_lines, proven_grades, retraction_lines, setting_lines};
use crate::vendor::{Effect, Words};

/// What a line is for.
enum Aim {
    /// This holds.
    Set(Entry),
    /// This does not hold any more.
    Gone(Entry),
}

/// Lines on their way into a finding: all that it takes, or none. Half a remedy would look like a whole one.
pub(super) struct Cure<'c> {
    config: &'c ConfigFile<'c>,
    lines: Vec<String>,
    aims: Vec<Aim>,
    /// What the lines may change.
    touched: BTreeSet<Key>,
    whole: bool,
}

impl<'c> Cure<'c> {
    /// Nothing yet, for the switch of `config`.
    pub(super) fn new(config: &'c ConfigFile<'c>) -> Self {
        Self { config, lines: Vec::new(), aims: Vec::new(), touched: BTreeSet::new(), whole: true }
    }

    /// Sets a setting.
    pub(super) fn set(&mut self, kind: EntryKind, of: Subject, value: Value) {
        let entry = Entry::Setting { kind, of, value };
        if self.touched.insert(entry.key()) {
            self.take(setting_lines(self.config.dialect(), &entry));
            self.aims.push(Aim::Set(entry));
        }
    }

    /// Lets a port carry one more VLAN: with the tags of a trunk, or as the one of an access port.
    pub(super) fn let_carry(&mut self, port: &PortName, vlan: u16) {
        let state = &self.config.state;
        let of = Subject::Port(lag_of(self.config, port).unwrap_or_else(|| port.clone()));
        match (state.word(EntryKind::PortMode, &of), state.vlans(EntryKind::TrunkVlans, &of)) {
            (Some("access"), _) => self.set(EntryKind::AccessVlan, of, Value::Number(vlan.into())),
            (Some("trunk"), Some(held)) => {
                let with = |vlans| {
                    let value = Value::Vlans(vlans);
                    Entry::Setting { kind: EntryKind::TrunkVlans, of: of.clone(), value }
                };
                let all = with(held.union(&VlanSet::one(vlan)));
                if self.touched.insert(all.key()) {
                    self.take(addition_lines(self.config.dialect(), &with(VlanSet::one(vlan))));
                    self.aims.push(Aim::Set(all));
                }
            }
            _ => self.give_up(), // the words depend on more than what is read
        }
    }

    /// Turns a flag on where a port takes it from: its port-channel, else itself.
    pub(super) fn turn_on(&mut self, kind: EntryKind, port: &PortName) {
        let of = lag_of(self.config, port).unwrap_or_else(|| port.clone());
        self.set(kind, Subject::Port(of), Value::Flag(true));
    }

    /// Takes back what is set of a port, of its port-channel and of its members.
    pub(super) fn take_from_port(&mut self, kind: EntryKind, port: &PortName) {
        for of in holders(self.config, port) {
            self.take_back(kind, &of);
        }
    }

    /// Takes a setting back, where it holds.
    pub(super) fn take_back(&mut self, kind: EntryKind, of: &Subject) {
        match self.config.state.setting(kind, of) {
            None | Some(Value::Flag(false)) => {}
            Some(value) => {
                self.take_entry_back(&Entry::Setting { kind, of: of.clone(), value: value.clone() });
            }
        }
    }

    /// Takes back a setting of which several may stand side by side.
    pub(super) fn take_entry_back(&mut self, held: &Entry) {
        if !self.touched.insert(held.key()) {
            return;
        }
        let lines = self.config.reading.origin(held).and_then(|origin| {
            // With its line goes whatever else that says of the same thing.
            let same_line = self.config.reading.facts.iter().filter(|fact| fact.range() == origin.range());
            let keys = same_line.map(|fact| fact.change.key());
            self.touched.extend(keys.filter(|key| is_about_the_same(key, held)));
            retraction_lines(self.config.dialect(), origin.spelling, held)
        });
        self.take(lines);
        self.aims.push(Aim::Gone(held.clone()));
    }

    /// Gives it up.
    pub(super) fn give_up(&mut self) {
        self.whole = false;
    }

    /// Takes the next lines. What stands in the block that the last lines opened goes on in it.
    fn take(&mut self, lines: Option<Vec<String>>) {
        let Some(lines) = lines else { return self.give_up() };
        let goes_on = match (self.lines.iter().rposition(|line| !line.starts_with(' ')), lines.as_slice()) {
            (Some(opened), [opener, _, end]) => {
                self.lines[opened] == *opener
                    && self.lines.len() > opened + 2
                    && self.lines.last() == Some(end)
            }
            _ => false,
        };
        if goes_on {
            self.lines.pop();
        }
        self.lines.extend(lines.into_iter().skip(usize::from(goes_on)));
    }

    /// Gives the finding the lines, when they do what they are for and nothing beside it.
    pub(super) fn give(self, finding: &mut Diagnostic) {
        if self.whole && !self.lines.is_empty() && self.does_what_it_is_for() {
            finding.remedy(self.config.name.clone(), remarked(self.config.dialect(), self.lines));
        }
    }

    fn does_what_it_is_for(&self) -> bool {
        let reading = self.config.dialect().read(&self.lines.join("\n"));
        let mut state: State =
            self.touched.iter().filter_map(|key| self.config.state.get(key)).cloned().collect();
        for fact in reading.facts.iter().filter(|fact| !fact.only_mentions()) {
            match self.touched.contains(&fact.change.key()) {
                true => state.apply(fact.change.clone()),
                false if self.leaves_what_is_stated(&fact.change) => {}
                false => return false,
            }
        }
        let reached = |aim: &Aim| match aim {
            Aim::Set(wanted) => state.get(&wanted.key()) == Some(wanted),
            Aim::Gone(held) => match state.get(&held.key()) {
                None | Some(Entry::Setting { value: Value::Flag(false), .. }) => true,
                Some(_) => false,
            },
        };
        reading.unparsed.is_empty() && self.aims.iter().all(reached)
    }

    /// Whether the line would say something where nothing is stated, and something is.
    fn leaves_what_is_stated(&self, change: &Change) -> bool {
        let Change::UnlessStated(entry) = change else { return false };
        let before: State = self.config.state.get(&entry.key()).cloned().into_iter().collect();
        let mut after = before.clone();
        after.apply(change.clone());
        before == after
    }
}

fn is_about_the_same(key: &Key, held: &Entry) -> bool {
    matches!((key, held), (Key::Setting { of, .. }, Entry::Setting { of: about, .. }) if of == about)
}

/// Gives a finding about `config` the lines that set the setting `kind` of `of` to `value`.
pub(super) fn give_setting(
    config: &ConfigFile<'_>,
    finding: &mut Diagnostic,
    kind: EntryKind,
    of: Subject,
    value: Value,
) {
    let mut cure = Cure::new(config);
    cure.set(kind, of, value);
    cure.give(finding);
}

/// The lines, with a comment before those of which nobody has shown that the device takes them.
pub(super) fn remarked(dialect: Dialect<'_>, lines: Vec<String>) -> Vec<String> {
    proven_grades(dialect, lines).into_iter().map(|line| line.text).collect()
}

/// The lines about static MAC entries in the form that the config itself has for the same MAC: several say one and the
/// same, and a device takes a line back in the form it was given, if it has the others at all.
pub(super) fn in_its_form(config: &ConfigFile<'_>, lines: Vec<String>) -> Vec<String> {
    let restated = |line: String| restated(config, &line).unwrap_or(line);
    lines.into_iter().map(restated).collect()
}

fn restated(config: &ConfigFile<'_>, line: &str) -> Option<String> {
    let reading = config.dialect().read(line);
    let [fact] = reading.facts.as_slice() else { return None };
    let Key::StaticMac { mac, .. } = fact.change.key() else { return None };
    let mut held = config.state.entries();
    let like = held.find(|entry| matches!(entry, Entry::StaticMac { mac: of, .. } if *of == mac))?;
    let form = &config.reading.origin(like)?.spelling.pattern;
    let captures = fact.spelling.pattern.captures(&Words::new(line))?;
    let written = form.write(|name| captures.get(name).map(str::to_owned)).filter(|_| form.is_definite())?;
    let written = config.dialect().typed(written);
    let written = match fact.spelling.effect {
        Effect::State => written,
        Effect::Remove => config.dialect().negated(&written),
    };
    let again = config.dialect().read(&written);
    (again.facts.len() == 1 && again.facts[0].change == fact.change).then_some(written)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::lint::words::tests::{findings, findings_alone};
    use crate::source::Sources;

    /// What is typed of these lines, on one line.
    fn commands(lines: &[String]) -> String {
        let typed = lines.iter().filter(|line| !line.trim_start().starts_with('!')).map(String::as_str);
        typed.collect::<Vec<_>>().join("/")
    }

    /// The lines that the findings of this code offer for a config, each finding's on one line.
    fn offered(code: u16, pack: &str, text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let found = findings_alone(&[("sw1.cfg", pack, text)], &mut sources);
        let ours = found.into_iter().filter(|(finding, _)| finding.code.0 == code);
        ours.map(|(finding, _)| finding.remediation.map_or("none".into(), |remedy| commands(&remedy.lines)))
            .collect()
    }

    fn port(lines: &str) -> String {
        format!(
            "interface GigabitEthernet1/0/1\n switchport mode access\n switchport access vlan 10\n {lines}\n"
        )
    }

    const MULTICAST: &str = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";

    #[test]
    fn a_port_channel_gives_its_settings_and_its_members_theirs() {
        let channel = |on_channel: &str, on_member: &str| {
            format!(
                "interface Port-channel1\n switchport mode access\n switchport access vlan 10\n {on_channel}\n\
                 interface GigabitEthernet1/0/1\n {on_member}\n channel-group 1 mode active\n{}",
                MULTICAST.replace("Gi1/0/1", "Po1")
            )
        };
        assert_eq!(
            offered(510, "cisco-ios", &channel("description x", "switchport block multicast")),
            ["interface GigabitEthernet1/0/1/ no switchport block multicast/ exit"]
        );
        assert_eq!(
            offered(510, "cisco-ios", &channel("switchport block multicast", "description x")),
            ["interface Port-channel1/ no switchport block multicast/ exit"]
        );
        let inspected = format!("ip arp inspection vlan 10\n{}", channel("description x", "description x"));
        assert_eq!(
            offered(514, "cisco-ios", &inspected),
            ["interface Port-channel1/ ip arp inspection trust/ exit"]
        );
    }

    #[test]
    fn lines_that_nobody_has_shown_say_so() {
        let mut sources = Sources::new();
        let text = format!("{}{MULTICAST}", port("ip verify source"));
        let found = findings_alone(&[("sw1.cfg", "cisco-ios", &text)], &mut sources);
        let checked = found.iter().find(|(finding, _)| finding.code.0 == 514).unwrap();
        let lines = &checked.0.remediation.as_ref().unwrap().lines;
        assert!(lines[1].starts_with(" ! unverified: ") && lines.len() == 4, "{lines:?}");
    }

    #[test]
    fn a_copy_of_a_list_takes_its_place_where_nothing_else_changes() {
        let list = "mac access-list extended GUARD\n deny any any 0x886F 0x0\n permit any any\n";
        let applied = port("mac access-group GUARD in");
        assert_eq!(
            offered(516, "cisco-ios", &format!("{list}{applied}{MULTICAST}")),
            [
                "mac access-list extended GUARD-NLB/ permit any 03bf.ac1f.01e8 0000.0000.0000/ deny any any 0x886F 0x0/ \
                 permit any any/ exit/interface GigabitEthernet1/0/1/ mac access-group GUARD-NLB in/ exit"
            ]
        );
        let taken =
            format!("mac access-list extended GUARD-NLB\n permit any any\n{list}{applied}{MULTICAST}");
        assert_eq!(offered(516, "cisco-ios", &taken), ["none"]);
        let broadcast = list.replace("any any 0x886F 0x0", "any host ffff.ffff.ffff");
        let unicast = format!("{broadcast}{applied}{}", MULTICAST.replace("03bf", "02bf"));
        assert_eq!(offered(516, "cisco-ios", &unicast), ["none"]);
        let force10 = |narrowed: &str| {
            format!(
                "mac access-list extended GUARD\n seq 5 deny any host 03:bf:ac:1f:01:e8\n!\n\
                 interface TenGigabitEthernet 0/1\n switchport\n mac access-group GUARD in{narrowed}\n!\n\
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Te 0/1\n"
            )
        };
        assert_eq!(
            offered(516, "dell-force10", &force10(" vlan 10")),
            ["none"],
            "the copy would hold in all VLANs"
        );
        assert_eq!(offered(516, "dell-force10", &force10(""))[0].matches("GUARD-NLB").count(), 2);
    }

    #[test]
    fn entries_are_taken_back_in_the_form_they_have() {
        let entry = "mac-address-table static 03bf.ac1f.01e8 vlan 20 interface GigabitEthernet1/0/1";
        let svi =
            "interface Vlan10\n ip address 172.31.1.1 255.255.255.0\narp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        assert_eq!(
            offered(504, "cisco-ios", &format!("{svi}{entry}\n")),
            [format!("{}/no {entry}", entry.replace("20", "10"))]
        );
        // The other forms of a Nexus are those of other families.
        let entry = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface";
        let design = "clusters: [{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
                      nodes: [{name: n, attach: sw1 Ethernet1/1}]}]\n\
                      switches: [{name: sw1, vendor: nxos, config: sw1.cfg}]\n";
        let config = format!("{entry} Ethernet1/1\n{entry} Ethernet1/9\n");
        let found = findings(design, &[("sw1.cfg", &config)]);
        let extra = found.iter().find(|(finding, _)| finding.code.0 == 506).unwrap();
        let remedy = extra.0.remediation.as_ref().unwrap();
        assert_eq!(commands(&remedy.lines), format!("no {entry} Ethernet1/9"));
    }

    #[test]
    fn a_port_with_a_node_is_put_into_the_vlan_and_another_out_of_the_entry() {
        let config = |mode: &str| {
            format!(
                "interface GigabitEthernet1/0/1\n switchport mode trunk\n switchport trunk allowed vlan 10\n\
                 interface GigabitEthernet1/0/2\n {mode}\n{}",
                MULTICAST.replace("Gi1/0/1", "Gi1/0/1 Gi1/0/2")
            )
        };
        let designed = |mode: &str| {
            let design = "clusters: [{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
                          nodes: [{name: n, attach: sw1 Gi1/0/1}, {name: m, attach: sw1 Gi1/0/2}]}]\n\
                          switches: [{name: sw1, vendor: ios, config: sw1.cfg}]\n";
            let found = findings(design, &[("sw1.cfg", &config(mode))]);
            let ours = found.into_iter().find(|(finding, _)| finding.code.0 == 522).unwrap();
            commands(&ours.0.remediation.unwrap().lines)
        };
        let trunk = "switchport mode trunk\n switchport trunk allowed vlan 20,30";
        assert_eq!(
            designed(trunk),
            "interface GigabitEthernet1/0/2/ switchport trunk allowed vlan add 10/ exit",
            "the other VLANs stay"
        );
        assert_eq!(
            designed("switchport mode access\n switchport access vlan 20"),
            "interface GigabitEthernet1/0/2/ switchport access vlan 10/ exit"
        );
        assert_eq!(
            offered(522, "cisco-ios", &config(trunk)),
            [
                "no mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2/\
              mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1"
            ],
            "nobody says whether a second line takes a port away"
        );
    }
}
