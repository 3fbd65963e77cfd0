//! IGMP as configs set it: queriers that cannot ask, groups that are forgotten or refused.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::cure::{Cure, give_setting};
use super::membership::{Placed, placed};
use super::words::{Mender, is_likely, listed};
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::{Lookup, QuerierAddress};

pub(super) const RULES: &[Rule] =
    &[QUERIER_WITHOUT_ADDRESS, GROUP_TIMEOUT_SHORT, MROUTER_ON_NODE_PORT, IGMP_VERSION_ENFORCED];

/// Seconds between two reports of a node.
const REPORTED_EVERY: u32 = 60;
/// Seconds after which groups are usually forgotten, and between queries (RFC 2236: 260 and 125; Cisco asks every 60).
const USUAL_TIMEOUT: u32 = 260;
const USUAL_INTERVAL: u32 = 60;

/// Every cluster in IGMP mode, in every VLAN it is placed in.
pub(super) fn in_igmp_mode<'e>(estate: &'e Estate<'e>) -> Vec<Placed<'e>> {
    let mut all = placed(estate);
    all.retain(|placed| placed.mode == Mode::IgmpMulticast);
    all
}

/// The group that the nodes of a cluster in IGMP mode report.
pub(super) fn group_of(placed: &Placed<'_>) -> Ipv4Addr {
    let [.., y, z] = placed.mac.into_array();
    Ipv4Addr::new(239, 255, y, z)
}

/// The same, each VLAN of a config once.
fn igmp_vlans<'e>(estate: &'e Estate<'e>) -> Vec<Placed<'e>> {
    let mut seen = BTreeSet::new();
    let mut all = in_igmp_mode(estate);
    all.retain(|placed| seen.insert((placed.config.file, placed.vlan)));
    all
}

/// A querier that cannot start.
const QUERIER_WITHOUT_ADDRESS: Rule = Rule {
    code: Code(603),
    name: "querier-without-address",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB603.md"),
    check: querier_without_address,
};

fn querier_without_address(estate: &Estate<'_>, findings: &mut Findings) {
    for placed in igmp_vlans(estate) {
        let config = placed.config;
        let Some(fact) = config.facts().querier_address() else { continue };
        let querier = |vlan| match config.state.get(&Key::IgmpQuerier { vlan }) {
            Some(entry @ Entry::IgmpQuerier { address, .. }) => Some((entry, *address)),
            _ => None,
        };
        let (own, whole) = (querier(Some(placed.vlan)), querier(None));
        let Some((entry, _)) = own.or(whole) else { continue };
        if [own, whole].iter().flatten().any(|(_, address)| address.is_some()) {
            continue;
        }
        let has_address = match fact.value {
            QuerierAddress::Svi => {
                config.state.setting(EntryKind::Address, &Subject::Svi(placed.vlan)).is_some()
            }
            QuerierAddress::Any => config.state.settings(EntryKind::Address).next().is_some(),
        };
        if has_address {
            continue;
        }
        // An interface whose address is not written down may have got one by DHCP.
        let unsure = fact.value == QuerierAddress::Any
            && config.state.settings(EntryKind::Svi).any(|(_, on)| *on == Value::Flag(true));
        let certain = !unsure && !is_likely(fact);
        let message = format!(
            "the IGMP querier of VLAN {} {}has no address to ask from: it sends no queries",
            placed.vlan,
            if certain { "" } else { "likely " }
        );
        let finding = findings.report(&QUERIER_WITHOUT_ADDRESS, config.span_of(entry), message);
        placed.tell(estate, finding);
        if !certain {
            finding.severity(Severity::Warning);
        }
        if let Some(device) = config.device {
            let querier = |entry: &Entry| matches!(entry, Entry::IgmpQuerier { address: Some(_), .. });
            Mender::default().set(estate, device, finding, querier);
        }
        finding.help(match fact.value {
            QuerierAddress::Svi => "give the VLAN's interface an address",
            QuerierAddress::Any => "give the querier an address, or the VLAN's interface",
        });
    }
}

/// Groups that are forgotten before the next report.
const GROUP_TIMEOUT_SHORT: Rule = Rule {
    code: Code(604),
    name: "group-timeout-short",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB604.md"),
    check: group_timeout_short,
};

fn group_timeout_short(estate: &Estate<'_>, findings: &mut Findings) {
    for placed in igmp_vlans(estate) {
        let config = placed.config;
        let places = [Subject::Svi(placed.vlan), Subject::Vlan(placed.vlan), Subject::Switch];
        let stated = |kind| places.iter().find_map(|of| Some((config.state.number(kind, of)?, of)));
        let (message, kind, of, severity) = if let Some((seconds, of)) = stated(EntryKind::GroupTimeout) {
            // Twice the time between reports, and five seconds more: one lost report is survived.
            let severity = match seconds {
                _ if seconds <= REPORTED_EVERY => Severity::Error,
                _ if seconds < 2 * REPORTED_EVERY + 5 => Severity::Warning,
                _ => continue,
            };
            let told = format!(
                "a group of VLAN {} is forgotten after {seconds} s, and NLB reports every {REPORTED_EVERY} s",
                placed.vlan
            );
            (told, EntryKind::GroupTimeout, of, severity)
        } else if let Some((seconds, of)) = stated(EntryKind::QueryInterval) {
            // RFC 2236, section 8.4: two intervals and the time to answer, ten seconds.
            let forgotten = seconds.saturating_mul(2).saturating_add(10);
            if forgotten > REPORTED_EVERY {
                continue;
            }
            let told = format!(
                "with queries every {seconds} s a group of VLAN {} is likely forgotten after {forgotten} s, \
                 and NLB reports every {REPORTED_EVERY} s",
                placed.vlan
            );
            (told, EntryKind::QueryInterval, of, Severity::Warning)
        } else {
            continue;
        };
        let finding = findings.report(&GROUP_TIMEOUT_SHORT, config.span_of_setting(kind, of), message);
        placed.tell(estate, finding);
        let usual = if kind == EntryKind::GroupTimeout { USUAL_TIMEOUT } else { USUAL_INTERVAL };
        give_setting(config, finding, kind, of.clone(), Value::Number(usual));
        finding.severity(severity).help("keep groups for 125 s at least; 260 s is the usual default");
    }
}

/// All multicast sent to a node.
const MROUTER_ON_NODE_PORT: Rule = Rule {
    code: Code(608),
    name: "mrouter-on-node-port",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB608.md"),
    check: mrouter_on_node_port,
};

fn mrouter_on_node_port(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for placed in placed(estate).iter().filter(|placed| placed.mode != Mode::Unicast) {
        // Where multicast is looked up by IP, router ports are what lets NLB's frames through (NLB607).
        if placed.config.facts().lookup() == Lookup::Ip {
            continue;
        }
        let key = Key::MrouterPort { vlan: placed.vlan };
        let Some(entry @ Entry::MrouterPort { ports, .. }) = placed.config.state.get(&key) else { continue };
        let at_nodes = ports.intersection(&placed.ports).filter(|port| placed.is_at_node(estate, port));
        let at_nodes: Vec<&PortName> = at_nodes.collect();
        if at_nodes.is_empty() {
            continue;
        }
        let message = format!(
            "{} {} a multicast router port of VLAN {}, and nodes of {} are behind it",
            listed(at_nodes.iter().copied()),
            if at_nodes.len() == 1 { "is" } else { "are each" },
            placed.vlan,
            placed.title(estate)
        );
        let finding = findings.report(&MROUTER_ON_NODE_PORT, placed.config.span_of(entry), message);
        placed.tell(estate, finding);
        finding
            .help("take the port out: a router port gets all multicast of the VLAN, and nodes need one MAC");
        let left: PortSet = ports.iter().filter(|port| !at_nodes.contains(port)).cloned().collect();
        let kept = Entry::MrouterPort { vlan: placed.vlan, ports: left.clone() };
        let kept: &[Entry] = if left.is_empty() { &[] } else { &[kept] };
        mender.exchange(placed.config, finding, std::slice::from_ref(entry), kept);
    }
}

/// Reports that are too old for the switch.
const IGMP_VERSION_ENFORCED: Rule = Rule {
    code: Code(609),
    name: "igmp-version-enforced",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB609.md"),
    check: igmp_version_enforced,
};

fn igmp_version_enforced(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for placed in igmp_vlans(estate) {
        let config = placed.config;
        for of in [Subject::Svi(placed.vlan), Subject::Vlan(placed.vlan), Subject::Switch] {
            let least = config.state.number(EntryKind::IgmpMinimumVersion, &of).filter(|least| *least > 1);
            let alert = config.state.flag(EntryKind::RouterAlertCheck, &of) == Some(true);
            let (kind, what) = match (least, alert) {
                (Some(least), _) => (EntryKind::IgmpMinimumVersion, format!("reports before IGMPv{least}")),
                (None, true) => {
                    (EntryKind::RouterAlertCheck, "reports without the router-alert option".to_owned())
                }
                (None, false) => continue,
            };
            let Some(span) = config.span_of_setting(kind, &of).filter(|span| !told.contains(span)) else {
                continue;
            };
            told.push(span);
            let message = format!("{what} are refused: those of NLB are IGMPv1, and likely lost");
            let finding = findings.report(&IGMP_VERSION_ENFORCED, span, message);
            placed.tell(estate, finding);
            finding.help("take the check off in the cluster's VLAN");
            match kind {
                EntryKind::RouterAlertCheck => give_setting(config, finding, kind, of, Value::Flag(false)),
                _ => {
                    let mut cure = Cure::new(config);
                    cure.take_back(kind, &of);
                    cure.give(finding);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    /// A cluster in IGMP mode in VLAN 10, with its SVI.
    const CLUSTER: &str = "arp 10.0.0.5 0100.5e7f.0005 ARPA\n\
                           mac address-table static 0100.5e7f.0005 vlan 10 interface Gi1/0/1\n";
    const SVI: &str = "interface Vlan10\n ip address 10.0.0.1 255.255.255.0\n";

    fn found(code: &str, text: &str) -> Vec<String> {
        let found = alone(&[("sw1.cfg", "cisco-ios", text)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn a_querier_needs_an_address() {
        let text = format!("ip igmp snooping querier\n{CLUSTER}");
        assert_eq!(
            found("NLB603", &text),
            [
                "NLB603 error sw1.cfg:1: the IGMP querier of VLAN 10 has no address to ask from: it sends no queries"
            ]
        );
        assert_eq!(found("NLB603", &(SVI.to_owned() + &text)), NONE);
        let own = text.replace("querier\n", "querier\nip igmp snooping querier address 10.0.0.1\n");
        assert_eq!(found("NLB603", &own), NONE);
        let dhcp = format!("interface Vlan10\n ip address dhcp\n{text}");
        assert_eq!(
            found("NLB603", &dhcp),
            [
                "NLB603 warning sw1.cfg:3: the IGMP querier of VLAN 10 likely has no address to ask from: it sends no queries"
            ]
        );
    }

    #[test]
    fn groups_outlive_two_reports() {
        let text = |seconds: u32| {
            let queries = format!("{SVI} ip igmp query-interval {seconds}\n{CLUSTER}");
            found("NLB604", &queries)
        };
        assert_eq!(
            text(20),
            [
                "NLB604 warning sw1.cfg:3: with queries every 20 s a group of VLAN 10 is likely forgotten after 50 s, and NLB reports every 60 s"
            ]
        );
        assert_eq!(text(60), NONE);
    }

    #[test]
    fn a_router_port_at_a_node_is_told() {
        let text = |mode: &str| {
            found(
                "NLB608",
                &format!(
                    "interface GigabitEthernet1/0/1\n switchport mode {mode}\n{CLUSTER}ip igmp snooping vlan 10 mrouter interface Gi1/0/1\n"
                ),
            )
        };
        assert_eq!(
            text("access"),
            [
                "NLB608 warning sw1.cfg:5: `GigabitEthernet1/0/1` is a multicast router port of VLAN 10, and nodes of cluster `01:00:5e:7f:00:05` are behind it"
            ]
        );
        assert_eq!(text("trunk"), NONE, "it may lead to the router");
    }

    #[test]
    fn checks_of_reports_are_told_in_the_cluster_s_vlan() {
        let text = |vlan: u16| {
            found("NLB609", &format!("ip igmp snooping vlan {vlan} check rtr-alert-option\n{CLUSTER}"))
        };
        assert_eq!(
            text(10),
            [
                "NLB609 warning sw1.cfg:1: reports without the router-alert option are refused: those of NLB are IGMPv1, and likely lost"
            ]
        );
        assert_eq!(text(20), NONE);
    }
}
