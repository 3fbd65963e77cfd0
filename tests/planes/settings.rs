//! Random settings of a Linux bridge: it does what the forwarding model says, and the rollback leaves it as it was.

use std::sync::Arc;

use nlbswitch::entry::Entry;
use nlbswitch::render::Part;
use nlbswitch::vendor::Pack;

use crate::bench::{Bench, Case, Kind, Seen, Source, Step, measure, skipped};
use crate::frames::query;
use crate::model::{Heard, expected};
use crate::random::{Random, cases};
use crate::{
    HURRIED, HURRY, IGMP, MULTICAST, QUERIER, SHOTS, bound, no_multicast, no_unicast, pack, router_port,
    written,
};

const PORTS: [&str; 5] = ["swp1", "swp2", "swp3", "swp4", "swp5"];
/// How many settings are tried.
const CASES: usize = 24;

/// The bridge's settings, at random.
struct Settings {
    entries: Vec<Entry>,
    /// Lines that no template writes, each with the line that takes it back.
    lines: Vec<(String, String)>,
    snooping: Option<bool>,
    asked: bool,
    from: &'static str,
}

fn some_settings(pack: &Pack, random: &mut Random) -> Settings {
    let snooping = random.one_of(&[None, None, None, Some(true), Some(false)]);
    let mut entries = Vec::new();
    entries.extend(snooping.map(|enabled| Entry::IgmpSnooping { vlan: Some(10), enabled }));
    if random.one_in(2) {
        entries.push(QUERIER);
    }
    entries.extend(random.some_of(&PORTS, 4).into_iter().map(|port| router_port(pack, port)));
    entries.extend(random.some_of(&PORTS, 4).into_iter().map(|port| no_multicast(pack, port)));
    entries.extend(random.some_of(&PORTS, 4).into_iter().map(|port| no_unicast(pack, port)));
    for mac in [MULTICAST, IGMP] {
        let ports = random.some_of(&PORTS, 3);
        if random.one_in(2) && !ports.is_empty() {
            entries.push(bound(pack, mac, &ports));
        }
    }
    let mut lines = Vec::new();
    for port in random.some_of(&PORTS, 5) {
        let group = format!("dev br10 port {port} grp 239.255.0.1 permanent");
        lines.push((format!("bridge mdb add {group}"), format!("bridge mdb del {group}")));
    }
    for port in random.some_of(&PORTS, 5).into_iter().take(1) {
        let entry = format!("{MULTICAST} dev {port} master").to_lowercase();
        lines.push((format!("bridge fdb add {entry} static"), format!("bridge fdb del {entry}")));
    }
    // Without snooping a bridge hears no query.
    let asked = snooping != Some(false) && random.one_in(4);
    Settings { entries, lines, snooping, asked, from: random.one_of(&PORTS) }
}

impl Settings {
    fn applied(&self, pack: &Arc<Pack>) -> Vec<String> {
        let mut run = written(pack, Part::Apply, &self.entries);
        run.extend(self.lines.iter().map(|(line, _)| line.clone()));
        run
    }

    fn case(&self, pack: &Arc<Pack>) -> Case {
        let probes = SHOTS.map(|shot| (Source::Port(self.from), shot)).to_vec();
        let mut back: Vec<String> = self.lines.iter().map(|(_, back)| back.clone()).collect();
        back.extend(written(pack, Part::Rollback, &self.entries));
        let send = if self.asked { vec![("swp5", query())] } else { Vec::new() };
        let wait = if self.asked || self.entries.contains(&QUERIER) { HURRIED } else { 0 };
        let steps = vec![
            Step { probes: probes.clone(), ..Step::default() },
            Step { run: self.applied(pack), send, wait, probes: probes.clone() },
            Step { run: back, probes, ..Step::default() },
        ];
        Case { setup: vec![HURRY.to_owned()], steps }
    }

    fn judge(&self, pack: &Arc<Pack>, steps: &[Seen]) {
        let [before, applied, after] = steps else { panic!("{steps:?}") };
        let lines = self.applied(pack);
        for (command, said) in steps.iter().flat_map(|step| &step.failed) {
            // While snooping is off the bridge holds no such entries.
            let refused = command.contains(" mdb ") && self.snooping == Some(false);
            assert!(refused, "{command}: {said} in {lines:#?}");
        }
        let probes = SHOTS.map(|shot| (Source::Port(self.from), shot));
        let asking = if self.asked { crate::ports(pack, &["swp5"]) } else { Default::default() };
        let heard = Heard { queried: self.asked, asking, settled: true, ..Heard::default() };
        let said = expected(pack, &lines, &heard, &PORTS, &probes);
        for ((shot, got), said) in SHOTS.iter().zip(&applied.got).zip(&said) {
            assert_eq!(got, said, "{shot:?} from {}, asked: {}, on {lines:#?}", self.from, self.asked);
        }
        let nothing = Heard::default();
        assert_eq!(before.got, expected(pack, &[], &nothing, &PORTS, &probes));
        assert_eq!(after.state, before.state, "the rollback of {lines:#?}");
        // A port that is no longer told to be a router port is none until the next query comes in by it.
        let asking = match self.entries.contains(&router_port(pack, "swp5")) {
            true => Default::default(),
            false => heard.asking.clone(),
        };
        let heard = Heard { asking, settled: false, ..heard };
        assert_eq!(after.got, expected(pack, &[], &heard, &PORTS, &probes), "the rollback of {lines:#?}");
    }
}

#[test]
fn random_settings_do_what_the_model_says_and_are_taken_back_whole() {
    if skipped(Kind::Linux, "random settings of Linux bridges") {
        return;
    }
    let pack = pack();
    let mut random = Random::new(100);
    let settings: Vec<Settings> = (0..cases(CASES)).map(|_| some_settings(&pack, &mut random)).collect();
    let order: Vec<Case> = settings.iter().map(|settings| settings.case(&pack)).collect();
    let seen = measure(Bench { kind: Kind::Linux, address: None, ports: &PORTS }, &order);
    settings.iter().zip(&seen).for_each(|(settings, steps)| settings.judge(&pack, steps));
}
