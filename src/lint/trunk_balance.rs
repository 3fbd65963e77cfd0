//! Port-channels that a static MAC entry leads to and that do not share its frames among their members.

use std::collections::BTreeSet;

use super::membership::placed;
use super::words::{Mender, listed};
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::net::port::PortName;
use crate::vendor::Prerequisite;

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
        let Some(stated) = config.reading.origin(entry) else { continue };
        let asks = |one: &Prerequisite| one.asks_for(KIND) && one.holds_of(stated.spelling);
        let facts = config.facts();
        let certain = facts.prerequisites_of(EntryKind::StaticMac).any(asks);
        if !certain && !facts.perhaps_prerequisites_of(EntryKind::StaticMac).any(asks) {
            continue;
        }
        let trunks: Vec<&PortName> =
            entry.ports().into_iter().flat_map(|ports| ports.iter()).filter(|port| port.is_lag()).collect();
        let shares = config.state.flag(KIND, &Subject::Switch) == Some(true);
        if shares || trunks.is_empty() || !told.insert((config.file, entry.key())) {
            continue;
        }
        let message = format!(
            "the static MAC entry of {} {} not take effect on {}: the switch does not share unknown unicast in the \
             enhanced way",
            placed.title(estate),
            if certain { "does" } else { "may" },
            listed(trunks.iter().copied())
        );
        let finding = findings.report(&HUAWEI_TRUNK_LOAD_BALANCE, config.span_of(entry), message);
        placed.tell(estate, finding);
        if certain {
            finding.help(
                "set `unknown-unicast load-balance enhanced` in the system view; it acts on all Eth-Trunks",
            );
            let on = Entry::Setting { kind: KIND, of: Subject::Switch, value: Value::Flag(true) };
            mender.exchange(config, finding, &[], &[on]);
        } else {
            finding.severity(Severity::Warning);
            finding.help(
                "only some models have `unknown-unicast load-balance enhanced`: state the switch's `platform`, or see \
                 whether the system view takes it",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::words::tests::{alone, design, findings};

    const ENTRY: &str =
        "mac-address multiport 03bf-ac1f-01e8 interface GigabitEthernet0/0/1 Eth-Trunk1 vlan 10\n";

    fn found(config: &str) -> Vec<String> {
        let mut found = alone(&[("sw1.cfg", "huawei-vrp", config)]);
        found.retain(|finding| finding.starts_with("NLB710"));
        found
    }

    #[test]
    fn where_nobody_says_which_model_it_is_an_entry_on_a_trunk_may_lack_the_enhanced_way() {
        assert_eq!(
            found(ENTRY),
            [
                "NLB710 warning sw1.cfg:1: the static MAC entry of cluster `03:bf:ac:1f:01:e8` may not take effect on `Eth-Trunk1`: the switch does not share unknown unicast in the enhanced way"
            ]
        );
        let other = format!("{ENTRY}unknown-unicast load-balance smac\n");
        assert_eq!(found(&other).len(), 1);
    }

    #[test]
    fn the_platform_decides_whether_the_line_is_lacking_and_proposed() {
        let on = |platform: &str| {
            let switch = format!(
                "switches: [{{name: sw1, vendor: huawei-vrp, platform: {platform}, config: sw1.cfg}}]\n"
            );
            let all = findings(&design("{name: n1, attach: sw1 Eth-Trunk1}", &switch), &[("sw1.cfg", ENTRY)]);
            let ours = all.into_iter().filter(|(finding, _)| finding.code.0 == 710);
            ours.map(|(finding, _)| (finding.severity, finding.remediation)).collect::<Vec<_>>()
        };
        for platform in ["s5720-ei", "s6730-h", "s12700"] {
            let [(Severity::Error, Some(remedy))] = &on(platform)[..] else { panic!("{platform}") };
            assert_eq!(remedy.lines, ["unknown-unicast load-balance enhanced"]);
        }
        for platform in ["s5720-si", "ce6800"] {
            assert!(on(platform).is_empty(), "{platform}");
        }
    }

    #[test]
    fn an_entry_that_needs_no_enhanced_way_or_has_it_is_let_be() {
        for right in [
            format!("{ENTRY}unknown-unicast load-balance enhanced\n"),
            format!("{ENTRY}unknown-unicast load-balance enhanced 5\n"),
            ENTRY.replace("Eth-Trunk1", "GigabitEthernet0/0/2"),
            ENTRY.replace("multiport", "multicast"),
        ] {
            assert!(found(&right).is_empty(), "{right}");
        }
    }
}
