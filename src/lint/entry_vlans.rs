//! The VLANs of the static MAC entries that configs hold for clusters.

use std::collections::BTreeSet;

use macaddr::MacAddr6;

use super::cure::Cure;
use super::words::{Mender, is_likely};
use super::{ConfigFile, Estate, Findings, Rule, Scope, SeenMac, Sighting, connected};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::net::port::PortName;
use crate::nlb::{self, Decoded};

pub(super) const RULES: &[Rule] = &[STATIC_MAC_WRONG_VLAN, STATIC_MAC_DROP, PRIVATE_VLAN];

/// A static MAC entry of a cluster, with the config it stands in.
pub(super) struct Entered<'e> {
    pub(super) config: &'e ConfigFile<'e>,
    pub(super) sighting: &'e Sighting,
    pub(super) seen: &'e SeenMac,
}

/// Every static MAC entry of a cluster.
pub(super) fn entered<'e>(estate: &'e Estate<'e>) -> impl Iterator<Item = Entered<'e>> {
    estate.sightings().iter().flat_map(|sighting| {
        let config = &estate.configs[sighting.config];
        sighting.macs.iter().map(move |seen| Entered { config, sighting, seen })
    })
}

impl Entered<'_> {
    /// What the cluster is called: by the design, else by its MAC.
    pub(super) fn title(&self, estate: &Estate<'_>) -> String {
        title(estate, self.sighting)
    }

    /// Reports something wrong with the entry, at its line.
    pub(super) fn report<'f>(
        &self,
        estate: &Estate<'_>,
        findings: &'f mut Findings,
        rule: &Rule,
        message: String,
    ) -> &'f mut Diagnostic {
        self.report_at(&self.seen.entry, estate, findings, rule, message)
    }

    /// Reports something wrong with some of its ports, at a line that names one of them.
    pub(super) fn report_ports<'f>(
        &self,
        ports: &[&PortName],
        estate: &Estate<'_>,
        findings: &'f mut Findings,
        rule: &Rule,
        message: String,
    ) -> &'f mut Diagnostic {
        let part = self.seen.entry.with_ports(ports.iter().map(|port| (*port).clone()).collect());
        self.report_at(&part, estate, findings, rule, message)
    }

    fn report_at<'f>(
        &self,
        part: &Entry,
        estate: &Estate<'_>,
        findings: &'f mut Findings,
        rule: &Rule,
        message: String,
    ) -> &'f mut Diagnostic {
        let finding = findings.report(rule, self.config.span_of(part), message);
        finding.switch(self.config.name.clone());
        name_cluster(estate, self.sighting, finding);
        finding
    }
}

fn title(estate: &Estate<'_>, sighting: &Sighting) -> String {
    match sighting.cluster {
        Some(at) => format!("cluster `{}`", estate.design().clusters[at].name),
        None => format!("cluster `{}`", sighting.mac.to_string().to_lowercase()),
    }
}

fn name_cluster(estate: &Estate<'_>, sighting: &Sighting, finding: &mut Diagnostic) {
    if let Some(at) = sighting.cluster {
        finding.cluster(estate.design().clusters[at].name.to_string());
    }
}

/// The VLANs that belong together with `vlan`: itself, and where it is a part of a private VLAN, the other parts.
fn private_family(config: &ConfigFile<'_>, vlan: u16) -> BTreeSet<u16> {
    let mut family = BTreeSet::from([vlan]);
    for (of, value) in config.state.settings(EntryKind::PrivateVlanAssociation) {
        let (Subject::Vlan(primary), Value::Vlans(secondary)) = (of, value) else { continue };
        if *primary == vlan || secondary.contains(vlan) {
            family.insert(*primary);
            family.extend(secondary.iter());
        }
    }
    family
}

/// The VLAN that a cluster is in: by the design, else by the subnets of the SVIs that its VIPs are in. Nothing when
/// nobody tells, or several are told.
fn home_vlan(estate: &Estate<'_>, sighting: &Sighting) -> Option<(u16, Option<Subject>)> {
    if let Some(at) = sighting.cluster {
        return Some((estate.design().clusters[at].vlan.value.get(), None));
    }
    let connected = connected(&estate.configs[sighting.config].state);
    let mut homes = BTreeSet::new();
    for arp in &sighting.arps {
        let here = connected.iter().filter(|at| at.vrf == arp.vrf && at.subnet.contains(arp.ip));
        homes.extend(here.map(|at| at.of.clone()));
    }
    match homes.into_iter().collect::<Vec<_>>().as_slice() {
        [Subject::Svi(vlan)] => Some((*vlan, Some(Subject::Svi(*vlan)))),
        _ => None,
    }
}

/// Whether the entry stands in a VLAN that is not its cluster's, and the cluster's VLAN. Clusters in IGMP mode may share
/// a MAC (NLB109): the VLAN of each of them is right.
pub(super) fn wrong_vlan(estate: &Estate<'_>, entered: &Entered<'_>) -> Option<(u16, Option<Subject>)> {
    let (home, svi) = home_vlan(estate, entered.sighting)?;
    let sharing = estate.design().clusters.iter().filter(|cluster| cluster.mac() == entered.sighting.mac);
    let sharing = sharing.map(|cluster| cluster.vlan.get()).filter(|_| entered.sighting.cluster.is_some());
    let mut homes = sharing.chain([home]);
    let right = homes.any(|home| private_family(entered.config, home).contains(&entered.seen.vlan));
    (!right).then_some((home, svi))
}

/// An entry in a VLAN that is not its cluster's.
const STATIC_MAC_WRONG_VLAN: Rule = Rule {
    code: Code(504),
    name: "static-mac-wrong-vlan",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB504.md"),
    check: static_mac_wrong_vlan,
};

fn static_mac_wrong_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for entered in entered(estate) {
        let Some((home, svi)) = wrong_vlan(estate, &entered) else { continue };
        let message = format!(
            "the static MAC entry of {} stands in VLAN {}, and the cluster is in VLAN {home}",
            entered.title(estate),
            entered.seen.vlan
        );
        let finding = entered.report(estate, findings, &STATIC_MAC_WRONG_VLAN, message);
        let subnet = svi.and_then(|svi| entered.config.span_of_setting(EntryKind::Address, &svi));
        match (entered.sighting.cluster, subnet) {
            (Some(at), _) => {
                let vlan = estate.design().clusters[at].vlan.span;
                finding.related(vlan, "the cluster's VLAN");
            }
            (None, Some(subnet)) => {
                finding.related(subnet, "the VIP is in this subnet");
            }
            (None, None) => {}
        }
        finding.help(format!("enter it in VLAN {home}: frames of another VLAN never meet it"));
        mender.exchange(
            entered.config,
            finding,
            std::slice::from_ref(&entered.seen.entry),
            &right_entry(estate, &entered, home),
        );
    }
}

/// The entry that belongs into VLAN `home`; none where one stands there already.
fn right_entry(estate: &Estate<'_>, entered: &Entered<'_>, home: u16) -> Vec<Entry> {
    let mac = entered.sighting.mac;
    let key = Key::StaticMac { vlan: home, mac };
    if entered.config.state.get(&key).is_some() {
        return Vec::new();
    }
    let planned = entered.config.device.and_then(|device| {
        estate.device(device).needs.iter().find(|need| need.entry.key() == key).map(|need| need.entry.clone())
    });
    let moved = Entry::StaticMac { mac, vlan: home, ports: entered.seen.ports.clone() };
    vec![planned.unwrap_or(moved)]
}

/// A cluster's MAC whose frames are thrown away.
const STATIC_MAC_DROP: Rule = Rule {
    code: Code(520),
    name: "static-mac-drop",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB520.md"),
    check: static_mac_drop,
};

fn static_mac_drop(estate: &Estate<'_>, findings: &mut Findings) {
    let seen: BTreeSet<MacAddr6> = estate.sightings().iter().map(|sighting| sighting.mac).collect();
    for config in &estate.configs {
        for (of, value) in config.state.settings(EntryKind::DroppedMac) {
            let (Subject::Vlan(vlan), Value::Mac(mac)) = (of, value) else { continue };
            let cluster = estate.design().clusters.iter().find(|cluster| cluster.mac() == *mac);
            let evident = matches!(nlb::decode(*mac), Decoded::Unicast(_) | Decoded::Multicast(_));
            if !evident && cluster.is_none() && !seen.contains(mac) {
                continue;
            }
            let title = match cluster {
                Some(cluster) => format!("cluster `{}`", cluster.name),
                None => format!("cluster `{}`", mac.to_string().to_lowercase()),
            };
            let entry = Entry::Setting { kind: EntryKind::DroppedMac, of: of.clone(), value: value.clone() };
            let message = format!("frames to {title} are dropped in VLAN {vlan}");
            let finding = findings.report(&STATIC_MAC_DROP, config.span_of(&entry), message);
            finding.switch(config.name.clone()).help("remove the line: it throws away the cluster's traffic");
            let mut cure = Cure::new(config);
            cure.take_entry_back(&entry);
            cure.give(finding);
            if let Some(cluster) = cluster {
                finding.cluster(cluster.name.to_string());
                finding.related(cluster.name.span, "the cluster is described here");
            }
        }
    }
}

/// An entry that is missing in a part of a private VLAN.
const PRIVATE_VLAN: Rule = Rule {
    code: Code(521),
    name: "private-vlan",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB521.md"),
    check: private_vlan,
};

fn private_vlan(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        let shared = config.facts().private_vlan_shares_static_mac();
        if shared.is_some_and(|fact| fact.value) {
            continue;
        }
        let certain = shared.is_some_and(|fact| !is_likely(fact));
        let held: BTreeSet<u16> = sighting.macs.iter().map(|seen| seen.vlan).collect();
        let mut told = BTreeSet::new();
        for seen in &sighting.macs {
            let family = private_family(config, seen.vlan);
            let missing: Vec<u16> = family.difference(&held).copied().collect();
            if missing.is_empty() || !told.insert(family.clone()) {
                continue;
            }
            let message = format!(
                "the static MAC entry of {} is {}missing in {} of the private VLAN",
                title(estate, sighting),
                if certain { "" } else { "likely " },
                missing.iter().map(|vlan| format!("VLAN {vlan}")).collect::<Vec<_>>().join(" and ")
            );
            let finding = findings.report(&PRIVATE_VLAN, config.span_of(&seen.entry), message);
            finding.switch(config.name.clone());
            name_cluster(estate, sighting, finding);
            let association = family.iter().find_map(|vlan| {
                config.span_of_setting(EntryKind::PrivateVlanAssociation, &Subject::Vlan(*vlan))
            });
            if let Some(association) = association {
                finding.related(association, "these VLANs belong together");
            }
            if !certain {
                finding.severity(Severity::Warning);
            }
            finding.help("repeat the entry in the primary VLAN and in each secondary: it is not copied");
            let ports = &seen.ports;
            let repeated = missing.iter().map(|vlan| Entry::StaticMac {
                mac: sighting.mac,
                vlan: *vlan,
                ports: ports.clone(),
            });
            mender.exchange(config, finding, &[], &repeated.collect::<Vec<_>>());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, design, found};

    const GATEWAY: &str = "hostname sw1\ninterface Vlan10\n ip address 172.31.1.1 255.255.255.0\n\
                           arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";

    fn catalyst(text: &str) -> Vec<String> {
        alone(&[("sw1.cfg", "cisco-ios", text)])
    }

    /// The findings of this code.
    fn only(code: &str, found: Vec<String>) -> Vec<String> {
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    #[test]
    fn an_entry_belongs_into_the_vlan_of_the_vip() {
        let entry = |vlan| {
            format!("{GATEWAY}mac address-table static 03bf.ac1f.01e8 vlan {vlan} interface Gi1/0/1\n")
        };
        assert_eq!(
            catalyst(&entry(20)),
            [
                "NLB504 error sw1.cfg:5: the static MAC entry of cluster `03:bf:ac:1f:01:e8` stands in VLAN 20, and the cluster is in VLAN 10"
            ]
        );
        assert_eq!(catalyst(&entry(10)), NONE);
        let far = entry(20).replace("172.31.1.1 ", "172.31.9.1 ");
        assert_eq!(only("NLB504", catalyst(&far)), NONE, "no SVI tells the VLAN");
        let private =
            "vlan 20\n private-vlan isolated\nvlan 10\n private-vlan primary\n private-vlan association 20\n";
        assert_eq!(only("NLB504", catalyst(&(private.to_owned() + &entry(20)))), NONE);
    }

    #[test]
    fn the_design_knows_the_vlan() {
        let switch = "switches:\n  - {name: sw1, vendor: ios, config: sw1.cfg}\n";
        let line = "mac address-table static 03bf.ac1f.01e8 vlan 20 interface Gi1/0/1\n";
        let found = found(&design("{name: n, attach: sw1 Gi1/0/1}", switch), &[("sw1.cfg", line)]);
        assert_eq!(
            found,
            [
                "NLB504 error 1: the static MAC entry of cluster `web` stands in VLAN 20, and the cluster is in VLAN 10"
            ]
        );
    }

    #[test]
    fn two_clusters_with_one_mac_have_each_their_own_vlan() {
        let text = "clusters:\n\
             - {name: a, mode: igmp-multicast, primary_ip: 10.1.0.5/24, vlan: 10, nodes: [{name: n, attach: sw1 Gi1/0/1}]}\n\
             - {name: b, mode: igmp-multicast, primary_ip: 10.2.0.5/24, vlan: 20, nodes: [{name: m, attach: sw1 Gi1/0/2}]}\n\
             switches: [{name: sw1, vendor: ios, platform: catalyst-3750, querier: true, config: sw1.cfg}]\n";
        let line = |vlan: u16, port: u8| {
            format!("mac address-table static 0100.5e7f.0005 vlan {vlan} interface Gi1/0/{port}\n")
        };
        let right = line(10, 1) + &line(20, 2);
        assert_eq!(only("NLB504", found(text, &[("sw1.cfg", &right)])), NONE);
        assert_eq!(only("NLB504", found(text, &[("sw1.cfg", &(right + &line(30, 1)))])).len(), 1);
    }

    #[test]
    fn a_cluster_mac_is_not_dropped() {
        let drop = |mac: &str| catalyst(&format!("mac address-table static {mac} vlan 10 drop\n"));
        assert_eq!(
            drop("02bf.ac1f.01e8"),
            ["NLB520 error sw1.cfg:1: frames to cluster `02:bf:ac:1f:01:e8` are dropped in VLAN 10"]
        );
        assert_eq!(drop("0011.2233.4455"), NONE);
    }

    #[test]
    fn a_private_vlan_needs_the_entry_in_every_part() {
        let text = |entries: &[u16]| {
            let mut text = "vlan 20\n private-vlan community\nvlan 10\n private-vlan primary\n private-vlan association 20-21\n".to_owned();
            for vlan in entries {
                text += &format!("mac address-table static 03bf.ac1f.01e8 vlan {vlan} interface Gi1/0/1\n");
            }
            catalyst(&text)
        };
        assert_eq!(
            text(&[10, 20]),
            [
                "NLB521 error sw1.cfg:6: the static MAC entry of cluster `03:bf:ac:1f:01:e8` is missing in VLAN 21 of the private VLAN"
            ]
        );
        assert_eq!(text(&[10, 20, 21]), NONE);
        assert_eq!(text(&[30]), NONE);
        let force10 = "interface Vlan 10\n private-vlan mode primary\n private-vlan mapping secondary-vlan 20\n!\n\
                       mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Te 0/1\n";
        assert_eq!(
            alone(&[("sw1.cfg", "dell-force10", force10)]),
            [
                "NLB521 warning sw1.cfg:5: the static MAC entry of cluster `03:bf:ac:1f:01:e8` is likely missing in VLAN 20 of the private VLAN"
            ],
            "Dell does not say whether the entry is shared"
        );
    }
}
