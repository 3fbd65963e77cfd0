//! Entries of a cluster's MAC that a software bridge takes and that hold none of its clients' frames.

use std::collections::{BTreeMap, BTreeSet};

use macaddr::MacAddr6;

use super::cure::Cure;
use super::igmp::is_off_in;
use super::membership::placed;
use super::words::{config_text, listed};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::net::PortSet;
use crate::net::mac;
use crate::net::port::PortName;
use crate::nlb::{self, Mode};
use crate::vendor::{Evidence, PortCount};

pub(super) const RULES: &[Rule] = &[INERT_ENTRY];

/// An entry that does not do what it seems to.
const INERT_ENTRY: Rule = Rule {
    code: Code(711),
    name: "inert-entry",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB711.md"),
    check: inert_entry,
};

const HELP: &str = "make every port that leads to a node a multicast router port: it gets the frames with a querier and without";

/// Whether it is known that the platform looks IP frames up by no MAC.
fn looks_up_no_ip_frame(config: &ConfigFile<'_>) -> bool {
    let fact = config.facts().static_multicast_mac();
    fact.is_some_and(|fact| fact.value == PortCount::NonIp && fact.evidence != Evidence::Unverified)
}

/// The ports that are not told to be multicast router ports.
fn no_router_ports(config: &ConfigFile<'_>, ports: &PortSet) -> Vec<PortName> {
    let told = |port: &&PortName| {
        config.state.flag(EntryKind::RouterPort, &Subject::Port((*port).clone())) == Some(true)
    };
    ports.iter().filter(|port| !told(port)).cloned().collect()
}

fn inert_entry(estate: &Estate<'_>, findings: &mut Findings) {
    holds_heartbeats_alone(estate, findings);
    for config in estate.configs.iter().filter(|config| looks_up_no_ip_frame(config)) {
        does_nothing(config, findings);
    }
}

/// A static MAC entry that its owner may take for what confines the cluster.
fn holds_heartbeats_alone(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for placed in placed(estate).iter().filter(|placed| placed.mode != Mode::Unicast) {
        let config = placed.config;
        let Some(entry) = placed.entry().filter(|_| looks_up_no_ip_frame(config)) else { continue };
        let lacking = no_router_ports(config, &placed.ports);
        // Without snooping there is no such entry.
        let off = [None, Some(placed.vlan)]
            .iter()
            .any(|vlan| is_off_in(&config.state, &config.facts(), *vlan).is_some());
        if lacking.is_empty() || off || !told.insert((config.file, entry.key())) {
            continue;
        }
        let message = format!(
            "the static MAC entry of {} holds its heartbeats alone: clients' frames are IP, and {} looks no IP frame up by \
             MAC",
            placed.title(estate),
            config_text(config)
        );
        let finding = findings.report(&INERT_ENTRY, config.span_of(entry), message);
        placed.tell(estate, finding);
        finding.help(HELP);
        let mut cure = Cure::new(config);
        lacking.iter().for_each(|port| cure.turn_on(EntryKind::RouterPort, port));
        cure.give(finding);
    }
}

/// Entries of the forwarding table, which multicast is not looked up in.
fn does_nothing(config: &ConfigFile<'_>, findings: &mut Findings) {
    let mut entries: BTreeMap<MacAddr6, Vec<(&PortName, Entry)>> = BTreeMap::new();
    for (of, value) in config.state.settings(EntryKind::FdbEntry) {
        let (Subject::Port(port), Value::Mac(mac)) = (of, value) else { continue };
        if mac.is_multicast() && nlb::decode(*mac).is_cluster_mac() {
            let kind = EntryKind::FdbEntry;
            let entry = Entry::Setting { kind, of: of.clone(), value: value.clone() };
            entries.entry(*mac).or_default().push((port, entry));
        }
    }
    for (mac, entries) in entries {
        let message = format!(
            "the entry of `{}` at {} does nothing: {} looks no multicast up in its forwarding table",
            mac::format(mac, config.pack.mac),
            listed(entries.iter().map(|(port, _)| *port)),
            config_text(config)
        );
        let finding = findings.report(&INERT_ENTRY, config.span_of(&entries[0].1), message);
        finding.switch(config.name.clone()).help(HELP);
        let mut cure = Cure::new(config);
        for (port, entry) in &entries {
            cure.take_entry_back(entry);
            cure.turn_on(EntryKind::RouterPort, port);
        }
        cure.give(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::alone;

    const MDB: &str = "bridge mdb add dev br10 port swp1 grp 03:bf:ac:1f:01:e8 permanent\n\
                       bridge mdb add dev br10 port swp2 grp 03:bf:ac:1f:01:e8 permanent\n";
    const ROUTERS: &str =
        "bridge link set dev swp1 mcast_router 2\nbridge link set dev swp2 mcast_router 2\n";
    const FDB: &str = "bridge fdb add 03:bf:ac:1f:01:e8 dev swp1 master static\n";

    fn told(text: &str) -> Vec<String> {
        let all = alone(&[("sw1.cfg", "linux-bridge", text)]);
        all.into_iter().filter(|finding| finding.starts_with("NLB711")).collect()
    }

    #[test]
    fn an_entry_of_a_mac_holds_heartbeats_and_no_clients_frames() {
        let expected = "NLB711 warning sw1.cfg:2: the static MAC entry of cluster `03:bf:ac:1f:01:e8` holds its \
                        heartbeats alone: clients' frames are IP, and `sw1` (linux-bridge) looks no IP frame up by MAC";
        assert_eq!(told(MDB), [expected]);
        assert_eq!(told(&format!("{MDB}bridge link set dev swp1 mcast_router 2\n")), [expected]);
        assert_eq!(told(&format!("{MDB}{ROUTERS}")), [""; 0]);
        assert_eq!(told(&format!("ip link set dev br10 type bridge mcast_snooping 0\n{MDB}")), [""; 0]);
        // A group of others.
        assert_eq!(told(&MDB.replace("03:bf:ac:1f:01:e8", "01:00:5e:00:00:fb")), [""; 0]);
    }

    #[test]
    fn an_entry_of_the_forwarding_table_does_nothing_for_multicast() {
        assert_eq!(
            told(FDB),
            [
                "NLB711 warning sw1.cfg:1: the entry of `03:bf:ac:1f:01:e8` at `swp1` does nothing: `sw1` (linux-bridge) \
                 looks no multicast up in its forwarding table"
            ]
        );
        assert_eq!(told(&FDB.replace("03:bf", "02:bf")), [""; 0]);
        assert_eq!(told(&format!("{FDB}bridge fdb del 03:bf:ac:1f:01:e8 dev swp1 master\n")), [""; 0]);
    }
}
