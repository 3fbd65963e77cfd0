//! Open vSwitch with its datapath in user space: a second plane, which looks multicast up by IP too and asks no querier
//! before it floods. Flows to several ports are the model of a static MAC that several ports can have.

use std::sync::Arc;

use nlbswitch::vendor::Pack;

use crate::bench::{Bench, Case, Kind, Seen, Source, Step, measure, skipped};
use crate::frames::{query, report};
use crate::model::{Heard, expected};
use crate::random::{Random, cases};
use crate::{GROUP, IGMP, MULTICAST, SHOTS, UNICAST, digits};

const PORTS: [&str; 5] = ["swp1", "swp2", "swp3", "swp4", "swp5"];
/// How long it takes reports and queries in, in milliseconds.
const TAKEN_IN: u32 = 200;
/// How many random settings are tried.
const CASES: usize = 12;

const SNOOPING: &str = "snooping on";
const TO_ROUTERS: &str = "flood unregistered off";

fn pack() -> Arc<Pack> {
    Arc::new(Pack::read("openvswitch", include_str!("openvswitch.yaml"), None).unwrap())
}

/// The command that a line of the test stands for.
fn command(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["snooping", "on"] => "ovs-vsctl set Bridge br10 mcast_snooping_enable=true".to_owned(),
        ["flood", "unregistered", "off"] => {
            "ovs-vsctl set Bridge br10 other_config:mcast-snooping-disable-flood-unregistered=true".to_owned()
        }
        ["flood", "all", "to", port] => {
            format!("ovs-vsctl set Port {port} other_config:mcast-snooping-flood=true")
        }
        ["flow", mac, "vlan", "10", "output", ports @ ..] => {
            let out: Vec<String> = ports.iter().map(|port| format!("output:{port}")).collect();
            format!("ovs-ofctl add-flow br10 dl_dst={mac},actions={}", out.join(","))
        }
        _ => panic!("{line}"),
    }
}

/// What the switch is told, and what it hears.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    lines: Vec<String>,
    /// The ports whose nodes report the group.
    reports: Vec<&'static str>,
    /// Whether a querier behind the fifth port has asked.
    asked: bool,
}

impl Settings {
    fn new(lines: &[&str]) -> Self {
        Self { lines: lines.iter().map(ToString::to_string).collect(), ..Self::default() }
    }

    fn case(&self) -> Case {
        let asked = self.asked.then(|| ("swp5", query()));
        let node = |port: &str| port.as_bytes()[3] - b'0';
        let reports = self.reports.iter().map(|port| (*port, report(node(port), GROUP)));
        let step = Step {
            run: self.lines.iter().map(|line| command(line)).collect(),
            send: asked.into_iter().chain(reports).collect(),
            wait: TAKEN_IN,
            probes: SHOTS.map(|shot| (Source::Port("swp3"), shot)).to_vec(),
        };
        Case { setup: Vec::new(), steps: vec![step] }
    }

    /// What was seen, and what the model says: of each frame the last digits of the ports.
    fn both(&self, pack: &Pack, steps: &[Seen]) -> [Vec<String>; 2] {
        let [step] = steps else { panic!("{steps:?}") };
        assert_eq!(step.failed, [], "{self:?}");
        // What it does not snoop it does not hear.
        let snoops = self.lines.iter().any(|line| line == SNOOPING);
        let heard = |ports: &[&str]| crate::ports(pack, if snoops { ports } else { &[] });
        // From ports that get all multicast it learns nothing.
        let told = |port: &&str| self.lines.iter().any(|line| line.ends_with(&format!("to {port}")));
        let learned: Vec<&str> = self.reports.iter().copied().filter(|port| !told(port)).collect();
        let asking: &[&str] = if self.asked { &["swp5"] } else { &[] };
        let heard = Heard {
            queried: self.asked || !self.reports.is_empty(),
            asking: heard(asking),
            joined: heard(&learned),
            settled: true,
        };
        let probes = SHOTS.map(|shot| (Source::Port("swp3"), shot));
        let said = expected(pack, &self.lines, &heard, &PORTS, &probes);
        [step.got.iter().map(digits).collect(), said.iter().map(digits).collect()]
    }
}

fn flow(mac: macaddr::MacAddr6, ports: &[&str]) -> String {
    format!("flow {} vlan 10 output {}", mac.to_string().to_lowercase(), ports.join(" "))
}

/// The rows of the table in `docs/planes.md`: the settings, and who gets each of [`SHOTS`].
pub(crate) fn rows() -> Vec<(&'static str, Settings, [&'static str; 6])> {
    const ALL: &str = "1245";
    let nodes = ["swp1", "swp2"];
    let joined = |settings: Settings| Settings { reports: nodes.to_vec(), ..settings };
    let asked = |settings: Settings| Settings { asked: true, ..settings };
    let off = || Settings::new(&[]);
    let on = || Settings::new(&[SNOOPING]);
    let routers = || Settings::new(&[SNOOPING, TO_ROUTERS]);
    let (multicast, igmp, unicast) = (flow(MULTICAST, &nodes), flow(IGMP, &nodes), flow(UNICAST, &nodes));
    vec![
        ("a snooping off", off(), [ALL; 6]),
        ("b snooping on", on(), [ALL; 6]),
        ("c b, a querier behind 5", asked(on()), [ALL; 6]),
        ("d b, 1 2 report the group", joined(on()), [ALL, ALL, "12", ALL, ALL, ALL]),
        ("e c and d", asked(joined(on())), [ALL, ALL, "125", ALL, ALL, ALL]),
        ("f unregistered not flooded", routers(), ["", "", "", ALL, ALL, ALL]),
        ("g f, a querier behind 5", asked(routers()), ["5", "5", "5", ALL, ALL, ALL]),
        ("h f, 1 2 report the group", joined(routers()), ["", "", "12", ALL, ALL, ALL]),
        ("i g and h", asked(joined(routers())), ["5", "5", "125", ALL, ALL, ALL]),
        (
            "j f, all multicast to 1 2",
            Settings::new(&[SNOOPING, TO_ROUTERS, "flood all to swp1", "flood all to swp2"]),
            ["12", "12", "12", ALL, ALL, ALL],
        ),
        ("k unregistered not flooded, snooping off", Settings::new(&[TO_ROUTERS]), [ALL; 6]),
        ("l a flow of 03bf to 1 2", Settings::new(&[&multicast]), ["12", ALL, ALL, "12", ALL, ALL]),
        (
            "m f, flows of 03bf and 01005e7f to 1 2",
            Settings::new(&[SNOOPING, TO_ROUTERS, &multicast, &igmp]),
            ["12", "12", "12", "12", "12", ALL],
        ),
        ("n a flow of 02bf to 1 2", Settings::new(&[&unicast]), [ALL, ALL, ALL, ALL, ALL, "12"]),
    ]
}

#[test]
fn every_row_of_open_vswitch_is_measured_again() {
    if skipped(Kind::OpenVSwitch, "Open vSwitch, row by row") {
        return;
    }
    let pack = pack();
    let rows = rows();
    let order: Vec<Case> = rows.iter().map(|(_, settings, _)| settings.case()).collect();
    let seen = measure(Bench { kind: Kind::OpenVSwitch, address: None, ports: &PORTS }, &order);
    for ((name, settings, expected), steps) in rows.iter().zip(&seen) {
        let [got, said] = settings.both(&pack, steps);
        assert_eq!(got, *expected, "{name}");
        assert_eq!(said, *expected, "what the model says of {name}");
    }
}

fn some_settings(random: &mut Random) -> Settings {
    let often = 1 + random.below(2);
    let mut settings = Settings::new(&random.some_of(&[SNOOPING], often));
    settings.lines.extend(random.some_of(&[TO_ROUTERS], 2).into_iter().map(str::to_owned));
    let all = random.some_of(&PORTS, 4);
    settings.lines.extend(all.into_iter().map(|port| format!("flood all to {port}")));
    for mac in [MULTICAST, IGMP, UNICAST] {
        let ports = random.some_of(&PORTS, 2);
        if random.one_in(3) && !ports.is_empty() {
            settings.lines.push(flow(mac, &ports));
        }
    }
    settings.reports = random.some_of(&["swp1", "swp2", "swp4"], 3);
    settings.asked = random.one_in(3);
    settings
}

#[test]
fn random_settings_of_open_vswitch_do_what_the_model_says() {
    if skipped(Kind::OpenVSwitch, "random settings of Open vSwitch") {
        return;
    }
    let pack = pack();
    let mut random = Random::new(1000);
    let settings: Vec<Settings> = (0..cases(CASES)).map(|_| some_settings(&mut random)).collect();
    let order: Vec<Case> = settings.iter().map(Settings::case).collect();
    let seen = measure(Bench { kind: Kind::OpenVSwitch, address: None, ports: &PORTS }, &order);
    for (settings, steps) in settings.iter().zip(&seen) {
        let [got, said] = settings.both(&pack, steps);
        assert_eq!(got, said, "{settings:?}");
    }
}
