//! What each pack reads from the lines that people type and devices save, and what it leaves alone.

mod arista_eos;
mod arista_eos_settings;
mod cisco_ios;
mod cisco_ios_settings;
mod cisco_nxos;
mod cisco_nxos_settings;
mod coverage;
mod dell_force10;
mod dell_powerconnect_5400;
mod fixtures;
mod named;

use std::collections::BTreeSet;

use super::*;
use crate::entry::{Key, Subject};
use crate::net::PortSet;
use crate::net::mac::{Notation, format};
use crate::vendor::Packs;

fn ports(ports: &PortSet) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn vlan(vlan: Option<u16>) -> String {
    vlan.map(|vlan| format!(" vlan {vlan}")).unwrap_or_default()
}

fn vrf(vrf: Option<&String>) -> String {
    vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default()
}

fn entry(entry: &Entry) -> String {
    let on = |enabled: &bool| if *enabled { "on" } else { "off" };
    match entry {
        Entry::StaticArp { ip, mac, vrf: name, port, svi } => {
            let svi = svi.map(|svi| format!(" under Vlan{svi}")).unwrap_or_default();
            let port = port.as_ref().map(|port| format!(" at {port}")).unwrap_or_default();
            format!("arp {ip} {}{}{port}{svi}", format(*mac, Notation::Dotted), vrf(name.as_ref()))
        }
        Entry::StaticMac { mac, vlan, ports: list } => {
            format!("mac {} vlan {vlan} at {}", format(*mac, Notation::Dotted), ports(list))
        }
        Entry::IgmpSnooping { vlan: id, enabled } => format!("snooping{} {}", vlan(*id), on(enabled)),
        Entry::IgmpQuerier { vlan: id, address } => {
            let from = address.map(|address| format!(" from {address}")).unwrap_or_default();
            format!("querier{}{from}", vlan(*id))
        }
        Entry::MrouterPort { vlan, ports: list } => format!("mrouter vlan {vlan} at {}", ports(list)),
        Entry::MulticastFiltering { enabled } => format!("filtering {}", on(enabled)),
        Entry::UnregisteredMulticast { port, action } => format!("unregistered {port} {action}"),
        Entry::VlanFlooding { enabled } => format!("flooding {}", on(enabled)),
        Entry::StaticGroup { vlan, group, ports: list } => {
            format!("group {group} vlan {vlan} at {}", ports(list)).trim_end_matches(" at ").to_owned()
        }
        Entry::Setting { kind, of, value } => format!("{kind} of {of}: {value}"),
    }
}

fn key(key: &Key) -> String {
    match key {
        Key::StaticArp { vrf: name, svi, ip } => {
            let svi = svi.map(|svi| format!(" under Vlan{svi}")).unwrap_or_default();
            format!("arp {ip}{}{svi}", vrf(name.as_ref()))
        }
        Key::StaticMac { vlan, mac } => format!("mac {} vlan {vlan}", format(*mac, Notation::Dotted)),
        Key::IgmpSnooping { vlan: id } => format!("snooping{}", vlan(*id)),
        Key::IgmpQuerier { vlan: id } => format!("querier{}", vlan(*id)),
        Key::MrouterPort { vlan } => format!("mrouter vlan {vlan}"),
        Key::MulticastFiltering => "filtering".to_owned(),
        Key::UnregisteredMulticast { port } => format!("unregistered {port}"),
        Key::VlanFlooding => "flooding".to_owned(),
        Key::StaticGroup { vlan, group } => format!("group {group} vlan {vlan}"),
        Key::Setting { kind, of, item } => {
            let item = item.as_ref().map(|item| format!(": {item}")).unwrap_or_default();
            format!("{kind} of {of}{item}")
        }
    }
}

/// A change in one line: `=` replaces, `~` holds unless something else does, `+` adds, `-` takes away.
fn shown(change: &Change) -> String {
    match change {
        Change::Replace(stated) => format!("= {}", entry(stated)),
        Change::Add(stated) => format!("+ {}", entry(stated)),
        Change::UnlessStated(stated) => format!("~ {}", entry(stated)),
        Change::Remove(gone) => format!("- {}", key(gone)),
        Change::RemovePorts(gone, left) => format!("- {} at {}", key(gone), ports(left)),
        Change::RemoveVlans(kind, of, vlans) => format!("- {kind} of {of}: {vlans}"),
        Change::RemoveAddress(of) => format!("- address of {}", key(of)),
    }
}

/// The changes of `text` to all but settings, one line each; `?` is a line that is not understood.
fn changes(pack: &str, text: &str) -> String {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    let reading = read(&pack, text);
    let entries = reading.facts.iter().filter(|fact| fact.spelling.entry.setting().is_none());
    let odd = reading.unparsed.iter().map(|line| format!("? {}", &text[line.range.clone()]));
    entries.map(|fact| shown(&fact.change)).chain(odd).collect::<Vec<_>>().join("\n")
}

fn check(pack: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(changes(pack, text), *expected, "{pack}: {text}");
    }
}

/// As [`check`], settings included.
fn check_all(pack: &str, cases: &[(&str, &str)]) {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    for (text, expected) in cases {
        let reading = read(&pack, text);
        let odd = reading.unparsed.iter().map(|line| format!("? {}", &text[line.range.clone()]));
        let all: Vec<String> = reading.facts.iter().map(|fact| shown(&fact.change)).chain(odd).collect();
        assert_eq!(all.join("\n"), *expected, "{}: {text}", pack.name());
    }
}

/// What a line says that stands in `blocks`, the outermost first; several things are divided by semicolons.
fn said(pack: &str, blocks: &[&str], line: &str) -> String {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    let lines = blocks.iter().chain([&line]).enumerate();
    let text: Vec<String> = lines.map(|(depth, line)| format!("{}{line}", " ".repeat(depth))).collect();
    let text = text.join("\n");
    let begin = text.len() - line.len();
    let reading = read(&pack, &text);
    assert!(reading.unparsed.is_empty(), "{text}");
    let of_line = reading.facts.iter().filter(|fact| fact.range().start >= begin);
    of_line.map(|fact| shown(&fact.change)).collect::<Vec<_>>().join("; ")
}

/// Lines in `blocks` that each say one thing of `of`: the subject is left out of what is expected.
fn check_settings(pack: &str, blocks: &[&str], of: &str, cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        let said = said(pack, blocks, line).replace(&format!(" of {of}"), "");
        assert_eq!(said, *expected, "{pack}: {line} in {blocks:?}");
    }
}

/// What ports of Cisco's dialects and of EOS say alike of the VLANs that a trunk carries.
const CISCO_TRUNKS: &[(&str, &str)] = &[
    ("switchport trunk native vlan 99", "= native-vlan: 99"),
    ("no switchport trunk native vlan", "- native-vlan"),
    ("switchport trunk allowed vlan 10,20-22", "= trunk-vlans: 10,20-22"),
    ("switchport trunk allowed vlan add 30", "+ trunk-vlans: 30"),
    ("switchport trunk allowed vlan remove 20", "- trunk-vlans: 20"),
    ("switchport trunk allowed vlan except 2-4094", "= trunk-vlans: 1"),
    ("switchport trunk allowed vlan all", "= trunk-vlans: 1-4094"),
    ("switchport trunk allowed vlan none", "= trunk-vlans: none"),
    ("no switchport trunk allowed vlan", "= trunk-vlans: 1-4094"),
];

/// What ports of Cisco's dialects say alike of what they keep out.
const CISCO_GUARDS: &[(&str, &str)] = &[
    ("switchport block unicast", "= block-unknown-unicast: on"),
    ("no switchport block unicast", "= block-unknown-unicast: off"),
    ("switchport block multicast", "= block-multicast: on"),
    ("no switchport block multicast", "= block-multicast: off"),
    ("switchport port-security", "= port-security: on"),
    ("no switchport port-security", "= port-security: off"),
    ("switchport port-security maximum 2", "= port-security-maximum: 2"),
    ("no switchport port-security maximum", "- port-security-maximum"),
    ("ip arp inspection trust", "= arp-inspection-trust: on"),
    ("no ip arp inspection trust", "= arp-inspection-trust: off"),
    ("ip dhcp snooping trust", "= dhcp-snooping-trust: on"),
    ("no ip dhcp snooping trust", "= dhcp-snooping-trust: off"),
    ("storm-control unicast level 10.00", "= storm-control-unicast: 10.00"),
    ("no storm-control multicast level", "- storm-control-multicast"),
    ("storm-control action shutdown", "= storm-control-action: shutdown"),
    ("storm-control action trap", ""),
    ("ip verify unicast source reachable-via rx", ""),
];

/// Lines that say nothing, and are not missed either.
fn check_silent(pack: &str, blocks: &[&str], lines: &[&str]) {
    for line in lines {
        assert_eq!(said(pack, blocks, line), "", "{pack}: {line} in {blocks:?}");
    }
}

/// The mode of `port` after `lines` under its interface; `unknown` where none is stated.
fn port_mode(pack: &str, port: &str, lines: &str) -> String {
    let pack = Packs::embedded().get(pack).unwrap().unwrap();
    let lines: String = lines.lines().map(|line| format!(" {line}\n")).collect();
    let state = read(&pack, &format!("interface {port}\n{lines}")).state(&pack.facts(None));
    let of = Subject::Port(pack.ports.parse(port).unwrap());
    state.word(EntryKind::PortMode, &of).unwrap_or("unknown").to_owned()
}

/// Of a trunk of which nothing else is said, what is left when one VLAN is taken away is what the pack's evidence says.
#[test]
fn a_vlan_leaves_a_trunk_that_carries_all_and_nothing_is_known_of_others() {
    for (pack, blocks, port, removal, left) in [
        (
            "cisco-ios",
            "interface Gi1/0/1",
            "Gi1/0/1",
            "switchport trunk allowed vlan remove 20",
            Some("1-19,21-4094"),
        ),
        (
            "cisco-nxos",
            "interface Eth1/1",
            "Eth1/1",
            "switchport trunk allowed vlan remove 20",
            Some("1-19,21-4094"),
        ),
        (
            "arista-eos",
            "interface Et1",
            "Et1",
            "switchport trunk allowed vlan remove 20",
            Some("1-19,21-4094"),
        ),
        (
            "dell-powerconnect-5400",
            "interface ethernet g1",
            "g1",
            "switchport trunk allowed vlan remove 20",
            None,
        ),
        ("dell-force10", "interface Vlan 20", "Te 0/1", "no tagged Te 0/1", None),
    ] {
        let pack = Packs::embedded().get(pack).unwrap().unwrap();
        let of = Subject::Port(pack.ports.parse(port).unwrap());
        let vlans = |lines: &str| {
            let state = read(&pack, lines).state(&pack.facts(None));
            state.vlans(EntryKind::TrunkVlans, &of).map(ToString::to_string)
        };
        let text = format!("{blocks}\n {removal}\n");
        assert_eq!(vlans(&text).as_deref(), left, "{}: {text}", pack.name());
    }
    // What was stated before counts everywhere.
    let pack = Packs::embedded().get("dell-powerconnect-5400").unwrap().unwrap();
    let text = "interface ethernet g1\nswitchport trunk allowed vlan add 10\nswitchport trunk allowed vlan add 20\n\
                switchport trunk allowed vlan remove 20\nexit\n";
    let state = read(&pack, text).state(&pack.facts(None));
    let of = Subject::Port(pack.ports.parse("g1").unwrap());
    assert_eq!(state.vlans(EntryKind::TrunkVlans, &of).map(ToString::to_string).as_deref(), Some("10"));
}

#[test]
fn a_config_tells_its_platform_by_its_model_or_its_image() {
    for (pack, text, expected) in [
        ("cisco-ios", "! Chassis type: WS-C4506-E\nhostname a\n", Some("catalyst-4500")),
        (
            "cisco-ios",
            "hostname a\nboot system flash sup-bootdisk:s72033-ipservicesk9_wan-mz.122-33.SXI.bin\n",
            Some("catalyst-6500"),
        ),
        ("cisco-ios", "switch 1 provision ws-c2960x-24ts-l\n", Some("catalyst-2960-x")),
        ("cisco-ios", "switch 1 provision ws-c2960s-24ts-l\n", Some("catalyst-2960")),
        (
            "cisco-ios",
            "switch 1 provision c9300-24ux\nswitch 2 provision c9300l-48p\n",
            Some("catalyst-9000"),
        ),
        ("cisco-ios", "switch 1 provision c9300-24ux\nswitch 2 provision ws-c3750-24p\n", None),
        ("cisco-ios", "description ! Chassis type: WS-C4506-E\n", None),
        (
            "cisco-nxos",
            "version 9.2(1) Bios:version 05.33\nboot nxos bootflash:/nxos.9.2.1.bin sup-1\n",
            Some("nexus-9000"),
        ),
        ("cisco-nxos", "boot kickstart bootflash:/n7000-s2-kickstart.6.2.16.bin sup-2\n", Some("nexus-7000")),
        ("cisco-nxos", "boot system bootflash:/titanium-d1.7.3.0.D1.1.bin\n", None),
        ("dell-force10", "stack-unit 0 provision S4048T-ON\n", Some("S4048T-ON")),
        ("dell-force10", "stack-unit 0 provision MXL-10/40GbE\n", Some("MXL")),
        ("hpe-comware", "#\n version 5.20.99, Release 2222P05\n#\n", Some("comware-5")),
        ("hpe-comware", "#\n version 7.1.070, Release 3507P18\n#\n", Some("comware-7")),
        ("hpe-comware", "# H3C Comware Software, Version 7.1.045, Release 2422P01\n#\n", Some("comware-7")),
        ("hpe-comware", "#\n version 9.1.058, Release 6635P07\n#\n", None),
    ] {
        let pack = Packs::embedded().get(pack).unwrap().unwrap();
        let told = model_told(&pack, &read(&pack, text)).platform;
        assert_eq!(told.map(|told| pack.platforms[told].name.as_str()), expected, "{text}");
    }
}

#[test]
fn a_comment_at_the_beginning_tells_the_release() {
    let text = "Current Configuration ...\n! Version 9.14(2.0)\nhostname a\n";
    for end in ["\n", "\r\n", "\r"] {
        let pack = Packs::embedded().get("dell-force10").unwrap().unwrap();
        let state = read(&pack, &text.replace('\n', end)).state(&pack.facts(None));
        assert_eq!(state.word(EntryKind::Release, &crate::entry::Subject::Switch), Some("9.14(2.0)"));
    }
}
