//! Nothing that begins like a line about NLB is passed over in silence, in any dialect.

use super::*;

/// A value for a placeholder; of ports the pack's own example.
fn value(pack: &Pack, name: &str) -> Option<String> {
    let lag = |text: &&String| pack.ports.parse(text).is_ok_and(|port| port.is_lag());
    let example = |lags: bool| pack.ports.examples.iter().find(|text| lag(text) == lags).cloned();
    Some(match name {
        "ip" | "address" => "10.0.0.1".to_owned(),
        "group" => "239.255.0.1".to_owned(),
        "mask" => "255.255.255.0".to_owned(),
        "length" => "24".to_owned(),
        "prefix" => "10.0.0.1/24".to_owned(),
        "mac" | "source" => "03bf.0a00.0001".to_owned(),
        "vlan" | "vlans" | "svi" => "10".to_owned(),
        "vrf" => "RED".to_owned(),
        "port" | "ports" => example(false)?,
        "lags" => "1".to_owned(),
        "number" | "level" => "5".to_owned(),
        _ => "word".to_owned(),
    })
}

/// Every line that states an entry, in its block, without the brackets' parts.
fn entry_lines(pack: &Pack) -> Vec<(Vec<String>, String)> {
    let stating = pack.lines().iter().filter(|line| line.entry.setting().is_none());
    let written = |pattern: &crate::vendor::Pattern| pattern.write(|name| value(pack, name)).unwrap();
    stating.map(|line| (pack.block(line).iter().map(written).collect(), written(&line.pattern))).collect()
}

/// The packs but for those that hold facts alone.
fn packs_that_read() -> Vec<std::sync::Arc<Pack>> {
    let packs = Packs::embedded().all().unwrap().into_iter();
    packs.filter(|pack| !pack.lines().is_empty()).collect()
}

/// Whether the last line of `text`, which stands in `blocks`, is named.
fn is_named(pack: &Pack, blocks: &[String], line: &str) -> bool {
    let all = blocks.iter().map(String::as_str).chain([line]).enumerate();
    let text: Vec<String> = all.map(|(depth, line)| format!("{}{line}", " ".repeat(depth))).collect();
    let text = text.join("\n");
    let begin = text.len() - line.len();
    let reading = read(pack, &text);
    let understood = reading.facts.iter().any(|fact| fact.range().start >= begin);
    understood || reading.unparsed.iter().any(|odd| odd.range.start >= begin)
}

#[test]
fn a_line_about_an_entry_with_a_word_too_many_or_too_few_is_named() {
    let packs = packs_that_read();
    assert!(packs.len() >= 5);
    let mut silent = Vec::new();
    for pack in &packs {
        let lines = entry_lines(pack);
        assert!(lines.len() > 10, "{}", pack.name());
        for (blocks, line) in lines {
            assert!(is_named(pack, &blocks, &line), "{}: {blocks:?} {line}", pack.name());
            let more = format!("{line} zebra");
            let less = line.rsplit_once(' ').map(|(less, _)| less.to_owned());
            // `arp` or `mac address-table static` alone says nothing.
            let less = less
                .filter(|less| less.split(' ').count() > 2 && less.contains(|c: char| c.is_ascii_digit()));
            for odd in [Some(more), less].into_iter().flatten().filter(|odd| !is_named(pack, &blocks, odd)) {
                silent.push(format!("{}: {blocks:?} {odd}", pack.name()));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_line_about_an_entry_in_a_foreign_block_is_named() {
    let mut silent = Vec::new();
    for pack in Packs::embedded().all().unwrap() {
        let foreign = pack.negation.clone() + "-such-block";
        for (_, line) in entry_lines(&pack) {
            // Blocks that only `exit` ends have no such thing: their lines stand at the top then.
            if pack.blocks == crate::vendor::BlockStyle::Indent && line.contains("03bf") {
                let blocks = [foreign.clone()];
                if !is_named(&pack, &blocks, &line) {
                    silent.push(format!("{}: {line}", pack.name()));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_mac_of_a_cluster_in_a_line_that_nobody_knows_is_named() {
    for pack in packs_that_read() {
        for mac in ["02bf.0a00.0001", "03:bf:0a:00:00:01", "01-00-5e-7f-00-01"] {
            assert!(is_named(&pack, &[], &format!("zebra {mac} stripes")), "{} {mac}", pack.name());
        }
        for line in ["zebra 0011.2233.4455", "zebra 0100.5e00.0001"] {
            assert!(!is_named(&pack, &[], line), "{} {line}", pack.name());
        }
        let passed_over = |snmp: &&str| !is_named(&pack, &[], &format!("{snmp} location 03bf.0a00.0001"));
        assert!(SNMP.iter().any(passed_over), "{}", pack.name());
    }
}

/// What lines about SNMP begin with, dialect by dialect.
const SNMP: &[&str] =
    &["snmp-server", "snmp-agent", "configure snmp add", "snmp", "/snmp", "config system snmp"];
/// The same of messages.
const MESSAGES: &[&str] =
    &["logging", "info-center", "log", "system syslog", "/system logging", "config log"];

/// What is passed over must not be what a rule looks at.
#[test]
fn no_beginning_that_is_passed_over_hides_a_line_that_is_understood() {
    const GUARDS: &[&str] = &[
        "arp",
        "arp 10.0.0.1",
        "mac address-table",
        "mac-address-table static",
        "mac access-list extended X",
        "mac access-group X in",
        "bridge multicast",
        "bridge address",
        "ip arp",
        "ip arp inspection",
        "ip dhcp snooping",
        "ip igmp snooping",
        "ip igmp",
        "ip pim",
        "ip multicast-routing",
        "ip verify source",
        "ip vlan-flooding",
        "interface Vlan10",
        "interface range",
        "vlan 10",
        "switchport",
        "switchport mode",
        "switchport block",
        "switchport protected",
        "switchport port-security",
        "storm-control",
        "port storm-control",
        "port security",
        "channel-group 1",
        "private-vlan",
        "shutdown",
        "standby",
        "hsrp 1",
        "vrrp 1",
        "dot1x port-control",
        "access-list",
        "ip access-list",
        "layer-2 multicast",
    ];
    for pack in packs_that_read() {
        let passed_over = |line: &str| pack.is_unrelated(&Words::new(line));
        for line in pack.lines() {
            let head: Vec<&str> = line.pattern.head_words().collect();
            assert!(!passed_over(&head.join(" ")), "{}: {}", pack.name(), line.pattern.text());
        }
        for opener in pack.blocks_known().iter().flatten() {
            let head: Vec<&str> = opener.head_words().collect();
            assert!(!passed_over(&head.join(" ")), "{}: {}", pack.name(), opener.text());
        }
        for line in GUARDS {
            assert!(!passed_over(line), "{}: {line}", pack.name());
        }
        let negated = |word: &&str| passed_over(&format!("{} {word} console", pack.negation));
        let snmp = SNMP.iter().any(|word| passed_over(&format!("{word} community x")));
        assert!(snmp && MESSAGES.iter().any(negated), "{}", pack.name());
    }
}
