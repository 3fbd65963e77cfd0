//! `generate --against`: what changes a config into what the design needs, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use insta::assert_snapshot;
use nlbswitch::config;
use nlbswitch::design;
use nlbswitch::entry::{Entry, EntryKind, Key, State, Subject, Value};
use nlbswitch::net::PortSet;
use nlbswitch::nlb::Mode;
use nlbswitch::plan::{self, DevicePlan, Plan};
use nlbswitch::render::{Amended, ConfigText, Known, Nature, Options, Part, Target, Writer, against};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{CompiledLine, Effect, Model, Pack, Packs, bind};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::{Workshop, repository};

/// A workshop with the fixtures of this test.
fn site() -> Workshop {
    let workshop = Workshop::new();
    for name in ["site.yaml", "configs/core1.cfg", "configs/acc1.cfg", "configs/f1.cfg"] {
        workshop.file(name, std::fs::read(repository("fixtures/against").join(name)).unwrap());
    }
    workshop
}

/// The lines that are no comment.
fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim_start().starts_with('!') && !line.is_empty()).collect()
}

#[test]
fn only_what_differs_is_written_with_its_rollback_and_checks() {
    assert_snapshot!(site().runs(&[
        "generate site.yaml --against configs",
        "generate site.yaml --against configs --rollback --switch core1",
        "generate site.yaml --against configs --verify --switch f1",
    ]));
}

#[test]
fn people_see_what_goes_and_what_comes() {
    let workshop = site();
    assert_snapshot!(workshop.run("generate site.yaml --against configs --diff"));
    let coloured = workshop.output("generate site.yaml --against configs --diff --color always").out;
    let bare = workshop.output("generate site.yaml --against configs --diff").out;
    assert!(coloured.contains("\u{1b}[31m-arp 10.1.10.50 03bf.0a01.3210 ARPA\u{1b}[0m"), "{coloured}");
    assert!(!bare.contains('\u{1b}'), "{bare}");
}

#[test]
fn json_holds_the_changes_beside_the_lines() {
    let workshop = site();
    assert_snapshot!(workshop.run("generate site.yaml --against configs/acc1.cfg --format json"));
    let out = workshop.output("generate site.yaml --against configs --format json").out;
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let windows: Vec<_> =
        document["switches"].as_array().unwrap().iter().map(|one| &one["needs_window"]).collect();
    assert_eq!(windows, [true, false, true]);
    assert_eq!(document["switches"][2]["not_understood"][0]["line"], 9);
}

#[test]
fn what_was_applied_leaves_nothing_to_do_and_the_rollback_everything() {
    let workshop = site();
    let before = workshop.output("generate site.yaml --against configs --format json").out;
    let config = |name: &str| workshop.read(&format!("configs/{name}.cfg"));
    let typed = |option: &str| {
        let out = workshop.output(&format!("generate site.yaml --against configs -o out{option} {option}"));
        assert_eq!(out.code, 0, "{out}");
    };
    typed("");
    typed("--rollback");
    let mut undone = Vec::new();
    for name in ["core1", "acc1", "f1"] {
        let applied = config(name) + &workshop.read(&format!("out/{name}.txt"));
        undone.push((name, applied.clone() + &workshop.read(&format!("out--rollback/{name}.rollback.txt"))));
        workshop.file(&format!("configs/{name}.cfg"), applied);
    }
    let after = workshop.output("generate site.yaml --against configs");
    assert_eq!((after.code, after.out.as_str()), (0, ""), "{after}");
    assert_eq!(after.err.matches("nothing to change in").count(), 3, "{after}");
    for (name, text) in undone {
        workshop.file(&format!("configs/{name}.cfg"), text);
    }
    let differences = |out: &str| {
        let document: serde_json::Value = serde_json::from_str(out).unwrap();
        let of = |one: &serde_json::Value| {
            let changes = one["changes"].as_array().unwrap().iter();
            changes.map(|change| (change["old"].clone(), change["new"].clone())).collect::<Vec<_>>()
        };
        document["switches"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let again = workshop.output("generate site.yaml --against configs --format json").out;
    assert_eq!(differences(&again), differences(&before));
}

#[test]
fn what_a_rollback_cannot_bring_back_is_said() {
    let workshop = Workshop::with_design(
        "clusters: [{name: web, mode: igmp-multicast, primary_ip: 10.1.2.3/24, vlan: 10, \
         nodes: [{name: n, attach: 'sw ethernet 1/1/1'}]}]\nswitches: [{name: sw, vendor: dell-os10}]\n",
    );
    workshop.file("sw.cfg", "hostname sw\n");
    let rollback = |options: &str| workshop.output(&format!("generate design.yaml {options} --rollback")).out;
    let said = rollback("--against sw.cfg");
    assert!(
        said.contains("! stays: IGMP snooping in VLAN 10, for nobody says whether it was on before\n"),
        "{said}"
    );
}

#[test]
fn a_directory_gets_a_file_for_every_switch_that_was_compared() {
    let workshop = site();
    let plain = workshop.output("generate site.yaml --against configs/acc1.cfg -o out");
    assert_eq!((plain.code, plain.out.as_str()), (0, ""), "{plain}");
    let fresh = workshop.read("configs/acc1.cfg") + &workshop.read("out/acc1.txt");
    workshop.file("configs/acc1.cfg", fresh);
    for option in ["", "--diff"] {
        let answer =
            workshop.output(&format!("generate site.yaml --against configs/acc1.cfg -o out {option}"));
        assert_eq!(answer.code, 0, "{answer}");
        // Again: what the tool wrote, it may write over.
        let answer =
            workshop.output(&format!("generate site.yaml --against configs/acc1.cfg -o out {option}"));
        assert!(answer.err.contains("0 written, 1 unchanged"), "{answer}");
    }
    assert_eq!(workshop.names("out"), ["acc1.diff", "acc1.txt"]);
    assert_eq!(commands(&workshop.read("out/acc1.txt")), [""; 0], "the lines of the first run are gone");
}

const SMALL: &str = "clusters: [{name: web, mode: multicast, primary_ip: 172.31.1.232/24, vlan: 10, \
    nodes: [{name: n1, attach: sw1 Gi1/0/1}, {name: n2, attach: sw1 Gi1/0/2}]}]\n\
    switches: [{name: sw1, vendor: ios, gateway: true}]\n";

/// What `generate --against` prints for the small design and a config of its switch, without comments.
fn small(design: &str, config: &str) -> (Vec<String>, String) {
    let workshop = Workshop::with_design(design);
    workshop.file("sw1.cfg", config);
    let answer = workshop.output("generate design.yaml --against sw1.cfg");
    assert_eq!(answer.code, 0, "{answer}");
    (commands(&answer.out).into_iter().map(str::to_owned).collect(), answer.out)
}

const ARP: &str = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA";
const MAC: &str =
    "mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2";

#[test]
fn equal_meanings_need_no_line() {
    for config in [
        format!("{ARP}\n{MAC}\n"),
        format!("{MAC}\r\n!\r\n{ARP}\r\n"),
        "ARP  172.31.1.232   03-BF-AC-1F-01-E8\nmac-address-table static 03:bf:ac:1f:01:e8 vlan 10 interface gi1/0/2 Gi 1/0/1\n"
            .to_owned(),
        format!("arp 172.31.1.232 03bf.ac1f.0199 ARPA\n{ARP}\nno {MAC}\n{MAC}\nip igmp snooping\n"),
        format!("{ARP} alias\n{MAC}\narp 172.31.1.99 03bf.ac1f.01e8 ARPA\n"),
    ] {
        let (_, out) = small(SMALL, &config);
        assert_eq!(out, "", "{config}");
    }
    let powerconnect = SMALL
        .replace("vendor: ios, gateway: true", "vendor: powerconnect")
        .replace("Gi1/0/1", "g1")
        .replace("Gi1/0/2", "g2");
    for config in [
        "interface vlan 10\nbridge multicast address 03:bf:ac:1f:01:e8 add ethernet g1\nexit\n\
         interface vlan 10\nbridge multicast address 03bfac1f01e8 ethernet g2\nexit\nbridge multicast filtering\n",
        "bridge multicast filtering\ninterface vlan 10\n bridge multicast address 03bf.ac1f.01e8 add ethernet g(1-2)\n",
    ] {
        assert_eq!(small(&powerconnect, config).1, "", "{config}");
    }
}

#[test]
fn each_fault_has_its_lines_and_no_others() {
    let arp = |mac: &str| format!("arp 172.31.1.232 {mac} ARPA\n");
    let gone = |text: &str| format!("no {text}");
    let with = |vrf: &str| SMALL.replace("vlan: 10,", &format!("vlan: 10, vrf: {vrf},"));
    let in_red = "arp vrf RED 172.31.1.232 03bf.ac1f.01e8 ARPA";
    let old_mode = MAC.replace("03bf.ac1f", "0100.5e7f");
    let elsewhere = MAC.replace("vlan 10", "vlan 20");
    let cases: Vec<(&str, String, String, Vec<String>)> = vec![
        ("nothing there", SMALL.into(), String::new(), vec![MAC.into(), ARP.into()]),
        ("no ARP", SMALL.into(), format!("{MAC}\n"), vec![ARP.into()]),
        ("a wrong MAC is replaced in place", SMALL.into(), format!("{MAC}\n{}", arp("03bf.ac1f.0164")), vec![ARP.into()]),
        ("a port is missing", SMALL.into(), format!("{ARP}\n{}\n", &MAC[..MAC.len() - 21]), vec![MAC.into()]),
        (
            "a port too many, and nobody says whether a second line would take it out",
            SMALL.into(),
            format!("{ARP}\n{MAC} Gi1/0/9\n"),
            vec![gone(&format!("{MAC} GigabitEthernet1/0/9")), MAC.into()],
        ),
        (
            "the entry of another mode goes last",
            SMALL.into(),
            format!("{}{old_mode}\n", arp("0100.5e7f.01e8")),
            vec![MAC.into(), ARP.into(), gone(&old_mode)],
        ),
        (
            "also when the right one is there",
            SMALL.into(),
            format!("{ARP}\n{MAC}\n{old_mode}\n"),
            vec![gone(&old_mode)],
        ),
        (
            "the entry moves to its VLAN",
            SMALL.into(),
            format!("{ARP}\n{elsewhere}\n"),
            vec![MAC.into(), gone(&elsewhere)],
        ),
        ("a second VLAN may be a private one", SMALL.into(), format!("{ARP}\n{MAC}\n{elsewhere}\n"), vec![]),
        ("the VRF is added before the old entry goes", with("RED"), format!("{MAC}\n{ARP}\n"), vec![in_red.into(), gone(ARP)]),
        ("a VRF that is not stated is not wrong", SMALL.into(), format!("{MAC}\n{in_red}\n"), vec![]),
        (
            "a mode without entries takes its own away",
            SMALL.replace("mode: multicast", "mode: unicast"),
            format!("{MAC}\n{ARP}\n"),
            vec![gone(ARP), gone(MAC)],
        ),
        (
            "snooping that is off comes back on",
            SMALL.replace("mode: multicast", "mode: igmp-multicast").replace("vendor: ios", "vendor: ios, querier: true, platform: catalyst-3750"),
            "arp 172.31.1.232 0100.5e7f.01e8 ARPA\nno ip igmp snooping vlan 10\nip igmp snooping vlan 10 querier\n".into(),
            vec!["ip igmp snooping vlan 10".into()],
        ),
    ];
    for (what, design, config, expected) in cases {
        let (lines, out) = small(&design, &config);
        assert_eq!(lines, expected, "{what}: {out}");
    }
}

#[test]
fn whose_config_it_is() {
    let workshop = site();
    let core = workshop.read("configs/core1.cfg").replace("hostname core1", "");
    workshop
        .file("backup/core1.example.net.txt", &core)
        .file("backup/x.cfg", &core)
        .file("backup/.hidden", &core);
    workshop
        .file("backup/image.bin", b"\x7fELF\0\0core1")
        .file("two/core1.cfg", &core)
        .file("two/core1.txt", &core);
    let whole = workshop.output("generate site.yaml --against configs --switch core1").out;
    let of = |line: &str| workshop.output(&format!("generate site.yaml {line}"));
    let same = |line: &str| {
        let answer = of(line);
        assert_eq!(commands(&answer.out), commands(&whole), "{answer}");
        answer
    };
    same("--against backup --switch core1");
    same("--against backup/core1.example.net.txt");
    same("--against backup/x.cfg --switch core1");
    let directory = same("--against backup");
    assert!(directory.err.contains("note: 1 file is of no switch of the design"), "{directory}");
    assert!(directory.err.contains("no config of acc1, f1 is among those given"), "{directory}");
    workshop.file("named/any.txt", workshop.read("configs/core1.cfg"));
    same("--against named/any.txt");
    same("--against named");
    let other = of("--against named/any.txt --switch f1");
    assert!(other.err.contains("warning: named/any.txt calls itself `core1`: compared with `f1`"), "{other}");
    workshop.file(
        "junos.cfg",
        "set system host-name core1\nset vlans web vlan-id 10\nset vlans web l3-interface irb.10\n",
    );
    let junos = of("--against junos.cfg --switch core1");
    assert!(
        junos.err.contains("warning: junos.cfg seems to be Juniper Junos, and is compared as `cisco-ios`"),
        "{junos}"
    );
    assert_snapshot!(workshop.runs(&[
        "generate site.yaml --against backup/x.cfg",
        "generate site.yaml --against two",
        "generate site.yaml --against backup --switch f1",
        "generate site.yaml --against nowhere.cfg",
        "generate site.yaml --against configs --diff --format json",
    ]));
    // The path that the design states goes before everything else.
    let design = workshop
        .read("site.yaml")
        .replace("platform: catalyst-3750,", "config: two/core1.txt, platform: catalyst-3750,");
    workshop.file("site.yaml", design);
    same("--against two");
    same("--against two/core1.txt");
}

#[test]
fn a_design_in_arguments_has_one_switch_whatever_the_config_calls_itself() {
    let answer = site().output(
        "generate --mode multicast --vip 10.1.10.50/24 --vlan 10 --vendor cisco-ios --port Gi1/0/24 --gateway \
         --against configs/core1.cfg",
    );
    assert_eq!(
        commands(&answer.out),
        [
            "arp 10.1.10.50 03bf.0a01.0a32 ARPA",
            "no mac address-table static 03bf.0a01.0a32 vlan 10 interface GigabitEthernet1/0/9 GigabitEthernet1/0/24",
            "mac address-table static 03bf.0a01.0a32 vlan 10 interface GigabitEthernet1/0/24",
        ],
        "{answer}"
    );
}

#[test]
fn what_nobody_has_shown_can_be_left_out() {
    let answer = site().output("generate site.yaml --against configs --verified-only");
    assert!(!answer.out.contains("unverified: "), "{answer}");
    assert!(answer.out.contains("\narp 10.1.10.50 03bf.0a01.0a32 ARPA\n"), "{answer}");
    assert!(answer.err.contains("note: acc1: static MAC entry left out: nobody has shown"), "{answer}");
}

#[test]
fn one_cluster_alone_is_changed() {
    let workshop = site();
    let answer = workshop.output("generate site.yaml --against configs --cluster mail");
    assert_eq!(answer.out.matches("! nlbswitch: ").count(), 1, "{answer}");
    assert!(answer.out.contains("! nlbswitch: f1 "), "{answer}");
}

#[test]
fn standard_input_is_a_config_too() {
    use std::io::Write;
    let workshop = site();
    let mut child = workshop
        .command(&["generate", "site.yaml", "--against", "-", "--switch", "acc1"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(workshop.read("configs/acc1.cfg").as_bytes()).unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let by_file = workshop.output("generate site.yaml --against configs/acc1.cfg").out;
    assert_eq!(out, by_file.replace("configs/acc1.cfg", "<stdin>"));
}

// ---- properties: over every pack that writes lines, every mode, and ports of every shape

/// One cluster on one switch, and what its config holds.
#[derive(Debug, Clone)]
struct Case {
    pack: Arc<Pack>,
    design: String,
    /// The config: entries of the cluster, right and wrong, and entries of others.
    base: Vec<Entry>,
}

/// Read once: thousands of cases look at them.
static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);

fn packs_that_write() -> Vec<Arc<Pack>> {
    let writes = |pack: &Arc<Pack>| {
        let facts = pack.facts(None);
        EntryKind::ALL.iter().any(|kind| kind.may_be_demanded() && facts.speaks_of(*kind))
    };
    PACKS.all().unwrap().into_iter().filter(writes).collect()
}

/// Ports of every kind, written as the pack writes them.
fn some_ports(pack: &Arc<Pack>) -> Vec<String> {
    let mut ports = Vec::new();
    for kind in pack.ports.kinds.iter().take(2).chain(pack.ports.kinds.iter().filter(|kind| kind.lag)) {
        for last in 1..5 {
            let mut numbers = vec!["1".to_owned(); kind.parts.0 - 1];
            numbers.push(last.to_string());
            ports.push(format!("{}{}{}", kind.name, pack.ports.between, numbers.join("/")));
        }
    }
    ports
}

fn a_case() -> impl Strategy<Value = Case> {
    let modes = select(vec!["unicast", "multicast", "igmp-multicast"]);
    (select(packs_that_write()), modes).prop_flat_map(|(pack, mode)| {
        let ports = some_ports(&pack);
        let platforms: Vec<Option<String>> =
            std::iter::once(None).chain(pack.platforms.iter().map(|one| Some(one.name.clone()))).collect();
        let vrf = pack.can_name(EntryKind::StaticArp, "vrf");
        (
            prop::sample::subsequence(ports.clone(), 1..4),
            select(platforms),
            prop::option::of(Just(())).prop_map(move |some| some.is_some() && vrf),
            prop::collection::vec((any::<Index>(), prop::sample::subsequence(ports, 1..4)), 0..7),
        )
            .prop_map(move |(nodes, platform, vrf, held)| {
                let nodes: Vec<String> = nodes
                    .iter()
                    .enumerate()
                    .map(|(at, port)| format!("{{name: n{at}, attach: \"sw {port}\"}}"))
                    .collect();
                let platform = platform.map(|name| format!(", platform: \"{name}\"")).unwrap_or_default();
                let vrf = if vrf { ", vrf: RED" } else { "" };
                let design = format!(
                    "clusters: [{{name: c, mode: {mode}, primary_ip: 10.1.2.3/24, virtual_ips: [10.1.2.4], vlan: 10{vrf}, \
                     nodes: [{}]}}]\nswitches: [{{name: sw, vendor: {}, gateway: true{platform}}}]\n",
                    nodes.join(", "),
                    pack.name(),
                );
                let base = held.iter().filter_map(|(which, ports)| an_entry(&pack, *which, ports)).collect();
                Case { pack: Arc::clone(&pack), design, base }
            })
    })
}

/// One of the entries that a config may hold: right, wrong in some way, or somebody else's.
fn an_entry(pack: &Pack, which: Index, ports: &[String]) -> Option<Entry> {
    let primary = "10.1.2.3".parse().unwrap();
    let secondary = "10.1.2.4".parse().unwrap();
    let ports: PortSet = ports.iter().map(|port| pack.ports.parse(port).unwrap()).collect();
    let port = pack.static_arp_names_port.then(|| ports.first().unwrap().clone());
    let mode = |at: usize| Mode::ALL[at];
    let arp = |ip, mac, vrf: Option<&str>| Entry::StaticArp {
        ip,
        mac,
        vrf: vrf.map(str::to_owned),
        port: port.clone(),
        svi: pack.can_name(EntryKind::StaticArp, "svi").then_some(10),
    };
    let mac = |mac, vlan| Entry::StaticMac { mac, vlan, ports: ports.clone() };
    let vrf = pack.can_name(EntryKind::StaticArp, "vrf").then_some("RED");
    let stating = |line: &&CompiledLine| line.entry == EntryKind::IgmpQuerier && line.effect == Effect::State;
    let told = pack.lines().iter().filter(stating).all(|line| pack.names(line, "address"));
    let address = told.then(|| "10.1.2.250".parse().unwrap());
    let cluster_mode = |word: &str| Entry::Setting {
        kind: EntryKind::ClusterMode,
        of: Subject::Svi(10),
        value: Value::Word(word.to_owned()),
    };
    let entries = vec![
        arp(primary, mode(0).mac(primary), None),
        arp(primary, mode(1).mac(primary), vrf),
        arp(primary, mode(2).mac(primary), None),
        arp(secondary, mode(1).mac(secondary), None),
        arp(secondary, mode(1).mac(primary), vrf),
        arp("10.1.2.9".parse().unwrap(), mode(1).mac("10.1.2.9".parse().unwrap()), None),
        arp("10.7.7.7".parse().unwrap(), mode(1).mac(primary), None),
        mac(mode(1).mac(primary), 10),
        mac(mode(1).mac(primary), 20),
        mac(mode(2).mac(primary), 10),
        mac(mode(2).mac(primary), 20),
        mac(mode(1).mac(secondary), 10),
        mac(mode(1).mac("10.8.8.8".parse().unwrap()), 10),
        Entry::IgmpSnooping { vlan: Some(10), enabled: false },
        Entry::IgmpSnooping { vlan: None, enabled: false },
        Entry::IgmpQuerier { vlan: Some(10), address },
        Entry::IgmpQuerier { vlan: Some(20), address },
        Entry::MulticastFiltering { enabled: true },
        Entry::VlanFlooding { enabled: true },
        cluster_mode("unicast"),
        cluster_mode("multicast"),
    ];
    let entry = entries[which.index(entries.len())].clone();
    pack.speaks_of(entry.kind()).then_some(entry)
}

/// Whether an entry belongs to somebody else than the cluster of the cases.
fn is_of_others(entry: &Entry) -> bool {
    match entry {
        Entry::StaticArp { ip, .. } => !["10.1.2.3", "10.1.2.4"].contains(&ip.to_string().as_str()),
        Entry::StaticMac { mac, vlan, .. } => {
            let of = |ip: &str| Mode::ALL.iter().any(|mode| mode.mac(ip.parse().unwrap()) == *mac);
            !of("10.1.2.3") && !of("10.1.2.4")
                || *vlan != 10 && Mode::IgmpMulticast.mac("10.1.2.3".parse().unwrap()) == *mac
        }
        Entry::IgmpQuerier { vlan, .. } => *vlan == Some(20),
        _ => false,
    }
}

impl Case {
    /// Does something with the plan of the case.
    fn with_plan<T>(&self, act: impl FnOnce(&Plan<'_>, &DevicePlan, &design::Design) -> T) -> T {
        let mut sources = Sources::new();
        let mut loaded = design::load_text("design.yaml", &self.design, &mut sources);
        let bound = bind(&loaded.design, &PACKS, &mut loaded.problems).unwrap();
        assert!(
            loaded.problems.iter().all(|problem| problem.severity < nlbswitch::diagnostic::Severity::Error)
        );
        let plan = plan::plan(&bound);
        act(&plan, &plan.devices[0], &loaded.design)
    }

    fn compare(&self, config: &str) -> Amended {
        self.with_plan(|plan, device, design| {
            let writer = Writer::new(Arc::clone(&self.pack)).unwrap();
            let config = ConfigText { path: "sw.cfg", text: config };
            against(plan, device, design, Some(&writer), &Options::default(), config).unwrap().unwrap()
        })
    }

    /// A config that holds the base, an entry after the other.
    fn config(&self, order: impl Fn(&mut Vec<Entry>)) -> String {
        let writer = Writer::new(Arc::clone(&self.pack)).unwrap();
        let mut keys = BTreeSet::new();
        let mut entries: Vec<Entry> =
            self.base.iter().filter(|entry| keys.insert(entry.key())).cloned().collect();
        order(&mut entries);
        // What lines have to name stands in a config in any case.
        let svi = self.pack.can_name(EntryKind::StaticArp, "svi").then_some(10);
        let (ip, mac) = ("10.1.2.3".parse().unwrap(), Mode::ALL[1].mac("10.1.2.3".parse().unwrap()));
        let of_cluster = [
            Entry::StaticArp { ip, mac, vrf: None, port: None, svi },
            Entry::IgmpSnooping { vlan: Some(10), enabled: true },
        ];
        let (known, named) = Known::example(&self.pack, of_cluster.iter().chain(&self.base), 0);
        let target = Target { name: "sw", model: Model::UNKNOWN, ground: known.ground() };
        let mut text = String::from("hostname sw\n");
        named.iter().for_each(|line| text.extend([line.as_str(), "\n"]));
        for entry in entries {
            let lines = writer.lines(Part::Apply, target, &[], &[entry]).unwrap();
            lines.iter().for_each(|line| text.extend([line.as_str(), "\n"]));
        }
        text
    }

    /// Whether nobody says what the platform does by itself of `entry`.
    fn stays(&self, entry: &Entry) -> bool {
        self.with_plan(|_, device, _| config::has_unknown_default(entry, &device.facts()))
    }

    fn state(&self, text: &str) -> State {
        let mut state = self.with_plan(|_, device, _| config::read(&self.pack, text).state(&device.facts()));
        state.retain(|entry| entry.kind().may_be_demanded());
        state
    }
}

fn typed(lines: &[nlbswitch::render::SnippetLine]) -> String {
    lines.iter().map(|line| format!("{}\n", line.text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn what_is_applied_leaves_nothing_to_do_and_what_is_taken_back_leaves_the_config(case in a_case()) {
        let config = case.config(|_| {});
        let first = case.compare(&config);
        prop_assert_eq!(&first.snippet.left_out.iter().filter(|said| said.contains("left as it is")).count(), &0);
        let applied = format!("{config}{}", typed(&first.snippet.apply));
        let second = case.compare(&applied);
        prop_assert!(second.changes.is_empty() && second.snippet.apply.is_empty(),
            "{}\n{applied}\n{:#?}", case.design, second.changes);
        let undone = format!("{applied}{}", typed(&first.snippet.rollback));
        let before = case.state(&config);
        let mut after = case.state(&undone);
        // Of snooping that nobody says the default of, silence cannot be brought back.
        after.retain(|entry| before.get(&entry.key()).is_some() || !case.stays(entry));
        prop_assert_eq!(after, before, "{}\n{}", case.design, undone);
    }

    #[test]
    fn everything_needed_is_there_afterwards(case in a_case()) {
        let config = case.config(|_| {});
        let applied = format!("{config}{}", typed(&case.compare(&config).snippet.apply));
        let state = case.state(&applied);
        case.with_plan(|_, device, _| {
            for need in &device.needs {
                let held = state.get(&need.entry.key());
                let good = match (&need.entry, held) {
                    (Entry::IgmpQuerier { .. }, Some(_)) => true,
                    (Entry::StaticArp { mac, .. }, Some(Entry::StaticArp { mac: found, .. })) => mac == found,
                    (wanted, Some(held)) => wanted == held,
                    // The entry may stand in a VRF that the design leaves open.
                    (Entry::StaticArp { ip, vrf: None, .. }, None) => {
                        state.get(&Key::StaticArp { vrf: Some("RED".to_owned()), svi: None, ip: *ip }).is_some()
                    }
                    (wanted, None) => config::is_default(wanted, &device.facts()),
                };
                assert!(good, "{}\n{applied}\n{:?} {held:?}", case.design, need.entry);
            }
        });
    }

    #[test]
    fn the_entries_of_others_are_not_touched(case in a_case()) {
        let config = case.config(|_| {});
        let compared = case.compare(&config);
        for change in &compared.changes {
            prop_assert!(!change.old.as_ref().is_some_and(is_of_others), "{}\n{config}\n{change:#?}", case.design);
        }
        let after = case.state(&format!("{config}{}", typed(&compared.snippet.apply)));
        for entry in case.state(&config).entries().filter(|entry| is_of_others(entry)) {
            prop_assert_eq!(after.get(&entry.key()), Some(entry));
        }
    }

    #[test]
    fn the_order_of_the_lines_does_not_matter(case in a_case(), turn in any::<Index>()) {
        let config = case.config(|_| {});
        let turned = case.config(|entries| {
            let by = turn.index(entries.len().max(1)).min(entries.len());
            entries.rotate_left(by);
            entries.reverse();
        });
        prop_assert_eq!(typed(&case.compare(&config).snippet.apply), typed(&case.compare(&turned).snippet.apply));
    }

    #[test]
    fn a_live_entry_is_never_gone_without_a_word(case in a_case()) {
        let config = case.config(|_| {});
        let compared = case.compare(&config);
        let needs: Vec<Entry> =
            case.with_plan(|_, device, _| device.needs.iter().map(|need| need.entry.clone()).collect());
        let live = |state: &State| -> BTreeSet<Key> {
            needs.iter().map(Entry::key).filter(|key| state.get(key).is_some()).collect()
        };
        let mut text = config.clone();
        let mut held = live(&case.state(&config));
        let announced = compared.snippet.apply.iter().any(|line| line.text.contains("needs a window"));
        for line in &compared.snippet.apply {
            text.push_str(&format!("{}\n", line.text));
            let now = live(&case.state(&text));
            let kept = |key: &Key| now.contains(key) || matches!(key, Key::IgmpSnooping { .. });
            prop_assert!(announced || held.iter().all(kept), "{text}");
            held = now;
        }
    }
}

#[test]
fn every_nature_of_change_comes_up_in_the_cases() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<(String, Nature)> = BTreeSet::new();
    let mut kept = 0;
    for _ in 0..40 * packs_that_write().len() {
        let case = a_case().new_tree(&mut runner).unwrap().current();
        let compared = case.compare(&case.config(|_| {}));
        seen.extend(compared.changes.iter().map(|change| (case.pack.name().to_owned(), change.change)));
        kept += compared.kept.len();
    }
    for pack in packs_that_write() {
        // A mode that an interface is told may serve other clusters: only an entry of a MAC or VIP is too much.
        let of_a_cluster =
            [EntryKind::StaticArp, EntryKind::StaticMac].iter().any(|kind| pack.speaks_of(*kind));
        for nature in [Nature::Missing, Nature::Wrong, Nature::Superfluous] {
            if nature == Nature::Superfluous && !of_a_cluster {
                continue;
            }
            // What is only on or off is there or missing.
            if nature == Nature::Wrong && !of_a_cluster && !pack.speaks_of(EntryKind::ClusterMode) {
                continue;
            }
            assert!(seen.contains(&(pack.name().to_owned(), nature)), "{} {nature}", pack.name());
        }
    }
    assert!(kept > 0);
}
