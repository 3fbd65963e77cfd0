//! The ports of the static MAC entries that configs hold for clusters: what stands behind them, and what they carry.

use std::collections::BTreeMap;

use super::cure::Cure;
use super::entry_vlans::{Entered, entered, wrong_vlan};
use super::membership::{carries, is_access, is_described, lag_of, shut_at};
use super::words::{MOST_RELATED, Mender, is_likely, listed, ports_to_nodes, view_of};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::entry::{Entry, EntryKind, Subject};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::UnicastProvision;

pub(super) const RULES: &[Rule] =
    &[STATIC_MAC_LAG_MEMBER, STATIC_MAC_EXTRA_PORT, UNICAST_MAC_PINNED, PORT_NOT_IN_VLAN];

/// The entry as it should stand: as planned where there is a plan, else with port-channels in the place of their members
/// and without the ports that do not carry its VLAN, and without `extra`. `None` when nothing would be left.
///
/// All rules about the ports of an entry give the same one, so that typing one remedy after the other is no harm.
fn mended(estate: &Estate<'_>, entered: &Entered<'_>, extra: &[&PortName]) -> Option<Entry> {
    let (config, seen) = (entered.config, entered.seen);
    let key = seen.entry.key();
    let mut needs = config.device.into_iter().flat_map(|device| &estate.device(device).needs);
    if let Some(need) = needs.find(|need| need.entry.key() == key) {
        return Some(need.entry.clone());
    }
    let kept = seen.ports.iter().filter(|port| !extra.contains(port));
    let bundled = kept.map(|port| lag_of(config, port).unwrap_or_else(|| port.clone()));
    let ports: PortSet = bundled.filter(|port| carries(config, port, seen.vlan) != Some(false)).collect();
    (!ports.is_empty()).then(|| seen.entry.with_ports(ports))
}

/// Gives the finding the lines that put the entry as it should stand in the place of what is there.
fn mend(
    estate: &Estate<'_>,
    entered: &Entered<'_>,
    extra: &[&PortName],
    mender: &Mender,
    finding: &mut Diagnostic,
) {
    if let Some(new) = mended(estate, entered, extra) {
        mender.exchange(entered.config, finding, std::slice::from_ref(&entered.seen.entry), &[new]);
    }
}

/// An entry that names a member of a port-channel.
const STATIC_MAC_LAG_MEMBER: Rule = Rule {
    code: Code(505),
    name: "static-mac-lag-member",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB505.md"),
    check: static_mac_lag_member,
};

fn static_mac_lag_member(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for entered in entered(estate) {
        let allowed = entered.config.facts().static_mac_on_lag_member();
        if allowed.is_some_and(|fact| fact.value) {
            continue;
        }
        let certain = allowed.is_some_and(|fact| !is_likely(fact));
        let mut bundles: BTreeMap<PortName, Vec<&PortName>> = BTreeMap::new();
        for port in &entered.seen.ports {
            if let Some(lag) = lag_of(entered.config, port) {
                bundles.entry(lag).or_default().push(port);
            }
        }
        for (lag, members) in bundles {
            let message = format!(
                "the static MAC entry of {} names {}, a part of `{lag}`{}",
                entered.title(estate),
                listed(members.iter().copied()),
                if certain { "" } else { ": nodes behind that likely get nothing" }
            );
            let finding = entered.report_ports(&members, estate, findings, &STATIC_MAC_LAG_MEMBER, message);
            for member in members.iter().take(MOST_RELATED) {
                let of = Subject::Port((*member).clone());
                if let Some(span) = entered.config.span_of_setting(EntryKind::Lag, &of) {
                    finding.related(span, format!("`{member}` joins `{lag}` here"));
                }
            }
            if !certain {
                finding.severity(Severity::Warning);
            }
            finding
                .help(format!("name `{lag}`: the switch forwards by the port-channel, not by its members"));
            mend(estate, &entered, &[], &mender, finding);
        }
    }
}

/// An entry with a port that leads to no node.
const STATIC_MAC_EXTRA_PORT: Rule = Rule {
    code: Code(506),
    name: "static-mac-extra-port",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB506.md"),
    check: static_mac_extra_port,
};

fn static_mac_extra_port(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for entered in entered(estate) {
        let (Some(at), Some(device)) = (entered.sighting.cluster, entered.config.device) else { continue };
        let view = view_of(estate, at);
        if entered.seen.vlan != view.cluster.vlan.value.get() {
            continue; // NLB504's
        }
        let Some(wanted) = ports_to_nodes(estate, view, device).filter(|ports| !ports.is_empty()) else {
            continue;
        };
        // A port-channel stands for members that the design may name, and the other way round (NLB505).
        let stands_for_one = |port: &PortName| {
            let lag = lag_of(entered.config, port);
            let has_wanted =
                wanted.iter().any(|wanted| lag_of(entered.config, wanted).as_ref() == Some(port));
            lag.is_some() || has_wanted || (port.is_lag() && !is_described(entered.config, port))
        };
        let extra = entered.seen.ports.iter().filter(|port| !wanted.contains(port) && !stands_for_one(port));
        let extra: Vec<&PortName> = extra.collect();
        if extra.is_empty() {
            continue;
        }
        let message = format!(
            "the static MAC entry of {} names {}, where the design has no node",
            entered.title(estate),
            listed(extra.iter().copied())
        );
        let finding = entered.report_ports(&extra, estate, findings, &STATIC_MAC_EXTRA_PORT, message);
        finding.related(view.cluster.name.span, "the nodes are described here");
        finding.help("take it out, or describe the node or the link behind it");
        mend(estate, &entered, &extra, &mender, finding);
    }
}

/// A unicast cluster's MAC bound to the port of one node.
const UNICAST_MAC_PINNED: Rule = Rule {
    code: Code(508),
    name: "unicast-mac-pinned",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB508.md"),
    check: unicast_mac_pinned,
};

fn unicast_mac_pinned(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for entered in entered(estate).filter(|entered| entered.sighting.mode == Mode::Unicast) {
        let mut ports = entered.seen.ports.iter();
        let (Some(port), None) = (ports.next(), ports.next()) else { continue };
        let provision = entered.config.facts().unicast_provision();
        let is_the_way = provision.is_some_and(|fact| fact.value == UnicastProvision::StaticMac);
        if !is_access(entered.config, port) || is_the_way {
            continue; // an uplink may lead to all nodes
        }
        let alone = entered.sighting.cluster.zip(entered.config.device).is_some_and(|(at, device)| {
            let wanted = ports_to_nodes(estate, view_of(estate, at), device);
            wanted.is_some_and(|wanted| wanted == PortSet::from([port.clone()]))
        });
        if alone {
            continue;
        }
        let message = format!(
            "the MAC of unicast {} is bound to access port `{port}`: the other nodes get nothing",
            entered.title(estate)
        );
        let finding = entered.report(estate, findings, &UNICAST_MAC_PINNED, message);
        let mode = entered.config.span_of_setting(EntryKind::PortMode, &Subject::Port(port.clone()));
        if let Some(mode) = mode {
            finding.related(mode, "one node is behind an access port");
        }
        finding.help("remove the entry: unicast mode lives by the flood, in a VLAN of the cluster's own");
        mender.exchange(entered.config, finding, std::slice::from_ref(&entered.seen.entry), &[]);
    }
}

/// An entry with a port that does not carry its VLAN.
const PORT_NOT_IN_VLAN: Rule = Rule {
    code: Code(522),
    name: "port-not-in-vlan",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB522.md"),
    check: port_not_in_vlan,
};

fn port_not_in_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for entered in entered(estate) {
        if wrong_vlan(estate, &entered).is_some() {
            continue; // NLB504's
        }
        let vlan = entered.seen.vlan;
        // A member in the entry is NLB505's.
        let ports = entered.seen.ports.iter().filter(|port| lag_of(entered.config, port).is_none());
        let (outside, inside): (Vec<&PortName>, Vec<&PortName>) =
            ports.partition(|port| carries(entered.config, port, vlan) == Some(false));
        if !outside.is_empty() {
            let message = format!(
                "the static MAC entry of {} names {}, which {} not carry VLAN {vlan}",
                entered.title(estate),
                listed(outside.iter().copied()),
                if outside.len() == 1 { "does" } else { "do" }
            );
            let finding = entered.report_ports(&outside, estate, findings, &PORT_NOT_IN_VLAN, message);
            for port in outside.iter().take(MOST_RELATED) {
                if let Some(span) = vlans_at(entered.config, port) {
                    finding.related(span, format!("what `{port}` carries"));
                }
            }
            finding.help(format!("let the port carry VLAN {vlan}, or take it out of the entry"));
            let wanted = |port: &&PortName| leads_to_nodes(estate, &entered, port);
            match (outside.iter().all(wanted), outside.iter().any(wanted)) {
                (true, _) => {
                    let mut cure = Cure::new(entered.config);
                    outside.iter().for_each(|port| cure.let_carry(port, vlan));
                    cure.give(finding);
                }
                // Nobody behind the port gets anything from the entry now, and the entry need not name it.
                (false, false) => mend(estate, &entered, &[], &mender, finding),
                (false, true) => {} // one half would hide the other
            }
        }
        let shut: Vec<&PortName> =
            inside.into_iter().filter(|port| shut_at(entered.config, port).is_some()).collect();
        if !shut.is_empty() {
            let message = format!(
                "the static MAC entry of {} names {}, which {} shut",
                entered.title(estate),
                listed(shut.iter().copied()),
                if shut.len() == 1 { "is" } else { "are" }
            );
            let finding = entered.report_ports(&shut, estate, findings, &PORT_NOT_IN_VLAN, message);
            finding.severity(Severity::Warning);
            for port in shut.iter().take(MOST_RELATED) {
                if let Some(span) = shut_at(entered.config, port) {
                    finding.related(span, format!("`{port}` is shut here"));
                }
            }
            finding.help("open the port, or take it out of the entry");
        }
    }
}

/// Whether the design has nodes behind the port.
fn leads_to_nodes(estate: &Estate<'_>, entered: &Entered<'_>, port: &PortName) -> bool {
    entered.sighting.cluster.zip(entered.config.device).is_some_and(|(at, device)| {
        let wanted = ports_to_nodes(estate, view_of(estate, at), device);
        wanted.is_some_and(|wanted| wanted.contains(port))
    })
}

/// The line that says which VLANs the port carries.
fn vlans_at(config: &ConfigFile<'_>, port: &PortName) -> Option<Span> {
    let of = Subject::Port(port.clone());
    [EntryKind::TrunkVlans, EntryKind::AccessVlan, EntryKind::PortMode]
        .into_iter()
        .filter(|kind| match (kind, config.state.word(EntryKind::PortMode, &of)) {
            (EntryKind::TrunkVlans, mode) => mode != Some("access") && mode != Some("routed"),
            (EntryKind::AccessVlan, mode) => mode != Some("trunk") && mode != Some("routed"),
            _ => true,
        })
        .find_map(|kind| config.span_of_setting(kind, &of))
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, design, found};

    fn catalyst(text: &str) -> Vec<String> {
        alone(&[("sw1.cfg", "cisco-ios", text)])
    }

    /// The findings of this code.
    fn only(code: &str, found: Vec<String>) -> Vec<String> {
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn an_entry_names_the_port_channel() {
        let text = |port: &str| {
            format!(
                "interface Port-channel1\n switchport mode trunk\n\
                 interface GigabitEthernet1/0/1\n channel-group 1 mode active\n\
                 interface GigabitEthernet1/0/2\n channel-group 1 mode active\n\
                 mac address-table static 03bf.ac1f.01e8 vlan 10 interface {port}\n"
            )
        };
        assert_eq!(
            catalyst(&text("Gi1/0/1 Gi1/0/2 Gi1/0/3")),
            [
                "NLB505 warning sw1.cfg:7: the static MAC entry of cluster `03:bf:ac:1f:01:e8` names `GigabitEthernet1/0/1` and `GigabitEthernet1/0/2`, a part of `Port-channel1`: nodes behind that likely get nothing"
            ]
        );
        assert_eq!(catalyst(&text("Po1 Gi1/0/3")), NONE);
        let dell = "interface ethernet g1\nchannel-group 3 mode on\nexit\nbridge multicast filtering\ninterface vlan 10\n\
                    bridge multicast address 03:bf:ac:1f:01:e8 add ethernet g1\nexit\n";
        assert_eq!(
            alone(&[("sw1.cfg", "dell-powerconnect-5400", dell)]),
            [
                "NLB505 error sw1.cfg:6: the static MAC entry of cluster `03:bf:ac:1f:01:e8` names `g1`, a part of `port-channel3`"
            ]
        );
        // A port that stands for one, as long as it is a member itself.
        let exos = |more: &str| {
            format!(
                "configure vlan web tag 10\nenable sharing 1 grouping 1-2,4 algorithm address-based L2 lacp\n{more}\
                 create fdb 03:bf:ac:1f:01:e8 vlan web ports 1,2\n"
            )
        };
        let told = |more: &str| alone(&[("sw1.cfg", "extreme-exos", &exos(more))]);
        let names = "the static MAC entry of cluster `03:bf:ac:1f:01:e8` names `2`, a part of `1`: nodes behind that likely get nothing";
        assert_eq!(told(""), [format!("NLB505 warning sw1.cfg:3: {names}")]);
        assert_eq!(
            told("configure sharing 1 delete ports 4\n"),
            [format!("NLB505 warning sw1.cfg:4: {names}")]
        );
        assert_eq!(told("configure sharing 1 delete ports 2\n"), NONE);
        assert_eq!(told("disable sharing 1\n"), NONE);
        // Of several lines that add up, the one that names the port is shown.
        let more = "bridge multicast address 03:bf:ac:1f:01:e8 add ethernet g5\nexit\n";
        let found = alone(&[(
            "sw1.cfg",
            "dell-powerconnect-5400",
            &(dell.trim_end_matches("exit\n").to_owned() + more),
        )]);
        assert!(found.iter().any(|finding| finding.starts_with("NLB505 error sw1.cfg:6:")), "{found:?}");
    }

    #[test]
    fn a_port_without_a_node_is_told_where_the_design_knows_all() {
        let switch = "switches:\n  - {name: sw1, vendor: ios, config: sw1.cfg}\n";
        let entry = |ports: &str, more: &str| {
            let line = format!("{more}mac address-table static 03bf.ac1f.01e8 vlan 10 interface {ports}\n");
            found(&design("{name: n, attach: sw1 Gi1/0/1}", switch), &[("sw1.cfg", &line)])
        };
        assert_eq!(
            entry("Gi1/0/1 Gi1/0/9", ""),
            [
                "NLB506 warning 1: the static MAC entry of cluster `web` names `GigabitEthernet1/0/9`, where the design has no node"
            ]
        );
        assert_eq!(entry("Gi1/0/1", ""), NONE);
        let member = "interface GigabitEthernet1/0/1\n channel-group 1 mode on\n";
        assert_eq!(only("NLB506", entry("Po1", member)), NONE);
    }

    #[test]
    fn a_unicast_mac_stays_unbound() {
        let text = |mode: &str, ports: &str| {
            format!(
                "interface GigabitEthernet1/0/1\n {mode}\n spanning-tree portfast\nmac address-table static 02bf.ac1f.01e8 vlan 10 interface {ports}\n"
            )
        };
        assert_eq!(
            catalyst(&text("switchport mode access", "Gi1/0/1")),
            [
                "NLB508 error sw1.cfg:4: the MAC of unicast cluster `02:bf:ac:1f:01:e8` is bound to access port `GigabitEthernet1/0/1`: the other nodes get nothing"
            ]
        );
        assert_eq!(catalyst(&text("switchport mode trunk", "Gi1/0/1")), NONE);
        assert_eq!(catalyst(&text("description x", "Gi1/0/1")), NONE);
        assert_eq!(catalyst(&text("switchport mode access", "Gi1/0/1").replace("02bf", "03bf")), NONE);
    }

    #[test]
    fn a_port_of_an_entry_carries_its_vlan_and_is_open() {
        let text = |lines: &str| {
            catalyst(&format!(
                "interface GigabitEthernet1/0/1\n spanning-tree portfast\n {lines}\nmac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n"
            ))
        };
        let outside = "the static MAC entry of cluster `03:bf:ac:1f:01:e8` names `GigabitEthernet1/0/1`, which does not carry VLAN 10";
        assert_eq!(
            text("switchport mode access\n switchport access vlan 20"),
            [format!("NLB522 error sw1.cfg:5: {outside}")]
        );
        assert_eq!(
            text("switchport mode trunk\n switchport trunk allowed vlan 20\n shutdown"),
            [format!("NLB522 error sw1.cfg:6: {outside}")]
        );
        assert_eq!(
            text("switchport mode trunk\n switchport trunk allowed vlan 10\n shutdown"),
            [
                "NLB522 warning sw1.cfg:6: the static MAC entry of cluster `03:bf:ac:1f:01:e8` names `GigabitEthernet1/0/1`, which is shut"
            ]
        );
        assert_eq!(text("switchport mode trunk"), NONE);
        assert_eq!(text("switchport mode trunk\n switchport trunk allowed vlan 10"), NONE);
    }
}
