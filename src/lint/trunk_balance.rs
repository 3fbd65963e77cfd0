//! Port-channels that a static MAC entry leads to and that do not share its frames among their members.

use std::collections::BTreeSet;

use super::membership::placed;
use super::words::{Mender, listed};
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::net::port::PortName;
use crate::plan::needs_of;

pub(super) const RULES: &[Rule] = &[HUAWEI_TRUNK_LOAD_BALANCE];

/// An entry with several ports that does not take effect on a port-channel.
const HUAWEI_TRUNK_LOAD_BALANCE: Rule = Rule {
    code: Code(710),
    name: "huawei-trunk-load-balance",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB710.md"),
    check: huawei_trunk_load_balance,
};

const KIND: EntryKind = EntryKind::UnknownUnicastBalance;

fn huawei_trunk_load_balance(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut told = BTreeSet::new();
    for placed in placed(estate) {
        let config = placed.config;
        let Some(entry) = placed.entry() else { continue };
        if !needs_of(config.pack, EntryKind::StaticMac).any(|need| need == KIND) {
            continue;
        }
        let lacks = |port: &&PortName| {
            port.is_lag() && config.state.flag(KIND, &Subject::Port((*port).clone())) != Some(true)
        };
        let lacking: Vec<&PortName> =
            entry.ports().into_iter().flat_map(|ports| ports.iter()).filter(lacks).collect();
        if lacking.is_empty() || !told.insert((config.file, entry.key())) {
            continue;
        }
        let message = format!(
            "the static MAC entry of {} does not take effect on {}: its members do not share unknown unicast",
            placed.title(estate),
            listed(lacking.iter().copied())
        );
        let finding = findings.report(&HUAWEI_TRUNK_LOAD_BALANCE, config.span_of(entry), message);
        placed.tell(estate, finding);
        finding.help("set `unknown-unicast load-balance enhanced` on the port-channel");
        let on = |port: &&PortName| {
            let of = Subject::Port((*port).clone());
            Entry::Setting { kind: KIND, of, value: Value::Flag(true) }
        };
        let set: Vec<Entry> = lacking.iter().map(on).collect();
        mender.exchange(config, finding, &[], &set);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::alone;

    #[test]
    fn a_trunk_of_an_entry_must_share_unknown_unicast() {
        let entry =
            "mac-address multiport 03bf-ac1f-01e8 interface GigabitEthernet0/0/1 Eth-Trunk1 vlan 10\n";
        let found = |config: &str| {
            let mut found = alone(&[("sw1.cfg", "huawei-vrp", config)]);
            found.retain(|finding| finding.starts_with("NLB710"));
            found
        };
        assert_eq!(
            found(entry),
            [
                "NLB710 error sw1.cfg:1: the static MAC entry of cluster `03:bf:ac:1f:01:e8` does not take effect on `Eth-Trunk1`: its members do not share unknown unicast"
            ]
        );
        for right in [
            format!("{entry}interface Eth-Trunk1\n unknown-unicast load-balance enhanced\n"),
            entry.replace("Eth-Trunk1", "GigabitEthernet0/0/2"),
        ] {
            assert!(found(&right).is_empty(), "{right}");
        }
    }
}
