//! Static ARP entries among the interfaces of their config: an entry that no interface looks at, and an interface that
//! is down.

mod outside;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::Ipv4Addr;

pub(super) use outside::{misspelt, outside};

use super::cure::give_setting;
use super::sightings::{Connected, SeenArp, Sighting};
use super::words::{MOST_RELATED, Mender, config_span, static_arp_on};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Diagnostic, Severity, quoted};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::source::Span;

pub(super) const RULES: &[Rule] =
    &[outside::STATIC_ARP_OUTSIDE_SUBNET, STATIC_ARP_NOT_GATEWAY, SVI_DOWN, VRF_MISMATCH];

/// An entry on a switch that does not route.
const STATIC_ARP_NOT_GATEWAY: Rule = Rule {
    code: Code(404),
    name: "static-arp-not-gateway",
    severity: Severity::Info,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB404.md"),
    check: static_arp_not_gateway,
};

/// A gateway whose interface in the cluster's VLAN is down or missing.
const SVI_DOWN: Rule = Rule {
    code: Code(407),
    name: "svi-down",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB407.md"),
    check: svi_down,
};

/// An entry in another VRF than the interface.
const VRF_MISMATCH: Rule = Rule {
    code: Code(411),
    name: "vrf-mismatch",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB411.md"),
    check: vrf_mismatch,
};

/// How an entry stands among the interfaces of its config.
pub(super) enum Standing<'s> {
    /// An interface looks at it, or the config does not show its interfaces.
    Fine,
    /// The interface in whose subnet its address is, is shut.
    Shut(&'s Connected),
    /// The VLAN of the cluster has no interface, and others have.
    WithoutSvi(u16),
    /// The interface in whose subnet its address is, is in another VRF.
    OtherVrf(&'s Connected),
    /// Its address is in no subnet of the interfaces.
    Outside,
    /// The switch does not route.
    NotRouted,
}

/// How the static ARP entry `arp` of a sighting stands.
pub(super) fn standing<'s>(estate: &'s Estate<'_>, sighting: &Sighting, arp: &'s SeenArp) -> Standing<'s> {
    let config = &estate.configs[sighting.config];
    let of_another = config.device.is_some() && sighting.cluster.is_none(); // NLB111
    if of_another || !config.shows(EntryKind::Address) {
        return Standing::Fine;
    }
    let subnets = estate.subnets();
    let here: Vec<&Connected> = subnets.holding(sighting.config, arp.vrf.as_deref(), arp.ip).collect();
    if let Some(first) = here.first() {
        return if here.iter().all(|at| is_shut(config, &at.of)) {
            Standing::Shut(first)
        } else {
            Standing::Fine
        };
    }
    let places = subnets.of(sighting.config);
    if let Some(other) = places.iter().find(|at| at.subnet.contains(arp.ip)) {
        return Standing::OtherVrf(other);
    }
    let vlans: BTreeSet<u16> = sighting.macs.iter().map(|seen| seen.vlan).collect();
    let addressed = |vlan: u16| places.iter().any(|at| at.svi() == Some(vlan));
    let spoken_of = |vlan: u16| config.state.flag(EntryKind::Svi, &Subject::Svi(vlan)).is_some();
    if !routes(config, places) {
        let in_its_vlan = vlans.iter().any(|vlan| addressed(*vlan));
        let shows_interfaces = !places.is_empty() || config.state.settings(EntryKind::Port).next().is_some();
        return match (in_its_vlan, shows_interfaces) {
            (true, _) => Standing::Outside,
            (false, true) => Standing::NotRouted,
            (false, false) => Standing::Fine, // a part of a config
        };
    }
    let missing = vlans.iter().find(|vlan| !addressed(**vlan));
    match missing {
        // It may have its address from DHCP.
        Some(vlan) if spoken_of(*vlan) && !is_shut(config, &Subject::Svi(*vlan)) => Standing::Fine,
        Some(vlan) => Standing::WithoutSvi(*vlan),
        None => Standing::Outside,
    }
}

/// Whether the switch routes by the entry: an interface that is up looks at it.
pub(super) fn serves(estate: &Estate<'_>, sighting: &Sighting, arp: &SeenArp) -> bool {
    let mut here = estate.subnets().holding(sighting.config, arp.vrf.as_deref(), arp.ip);
    let under_svi = matches!(arp.entry, Entry::StaticArp { svi: Some(_), .. });
    let fine = matches!(standing(estate, sighting, arp), Standing::Fine);
    fine && (under_svi || here.next().is_some())
}

/// Whether the config is that of a router: one address may be there to manage a switch by.
pub(super) fn routes(config: &ConfigFile<'_>, places: &[Connected]) -> bool {
    let interfaces: BTreeSet<&Subject> = places.iter().map(|at| &at.of).collect();
    interfaces.len() > 1 || config.state.settings(EntryKind::VirtualAddress).next().is_some()
}

pub(super) fn is_shut(config: &ConfigFile<'_>, of: &Subject) -> bool {
    config.state.flag(EntryKind::Shutdown, of) == Some(true)
}

/// Every static ARP entry of a cluster, with how it stands.
fn standings<'s>(
    estate: &'s Estate<'_>,
) -> impl Iterator<Item = (&'s ConfigFile<'s>, &'s Sighting, &'s SeenArp, Standing<'s>)> {
    estate.sightings().iter().flat_map(move |sighting| {
        let config = &estate.configs[sighting.config];
        sighting.arps.iter().map(move |arp| (config, sighting, arp, standing(estate, sighting, arp)))
    })
}

/// The addresses whose entry stands in another VRF than the interface that looks for it, each with its config: NLB411
/// tells them, and nothing else is missing there.
pub(super) fn in_another_vrf(estate: &Estate<'_>) -> HashSet<(usize, Ipv4Addr)> {
    standing_so(estate, |standing| matches!(standing, Standing::OtherVrf(_)))
}

fn standing_so(estate: &Estate<'_>, so: impl Fn(&Standing<'_>) -> bool) -> HashSet<(usize, Ipv4Addr)> {
    let found = estate.sightings().iter().flat_map(|sighting| {
        let arps = sighting.arps.iter().filter(|arp| so(&standing(estate, sighting, arp)));
        arps.map(|arp| (sighting.config, arp.ip))
    });
    found.collect()
}

/// Says whose finding it is.
fn about(finding: &mut Diagnostic, estate: &Estate<'_>, config: &ConfigFile<'_>, sighting: &Sighting) {
    finding.switch(config.name.clone());
    if let Some(cluster) = sighting.cluster {
        finding.cluster(estate.design().clusters[cluster].name.to_string());
    }
}

fn table(vrf: Option<&str>) -> String {
    vrf.map_or_else(|| "the global table".to_owned(), |vrf| format!("VRF `{}`", quoted(vrf)))
}

fn static_arp_not_gateway(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut idle: BTreeMap<_, Vec<(&Sighting, &SeenArp)>> = BTreeMap::new();
    for (_, sighting, arp, standing) in standings(estate) {
        if matches!(standing, Standing::NotRouted) {
            idle.entry((sighting.config, sighting.cluster)).or_default().push((sighting, arp));
        }
    }
    for ((number, _), entries) in idle {
        let config = &estate.configs[number];
        let message = format!(
            "`{}` has the static ARP of {} and does not route {}: {} nothing here",
            quoted(&config.name),
            ips(&entries),
            if entries.len() == 1 { "its subnet" } else { "their subnets" },
            if entries.len() == 1 { "it does" } else { "they do" }
        );
        let finding = told_at(estate, config, &STATIC_ARP_NOT_GATEWAY, &entries, message, findings);
        finding.help("it belongs to the gateway; a switch in between needs the static MAC entry only");
        let taken: Vec<Entry> = entries.iter().map(|(_, arp)| arp.entry.clone()).collect();
        mender.exchange(config, finding, &taken, &[]);
    }
}

/// `10.0.0.1`, `10.0.0.1 and 10.0.0.2`, `10.0.0.1 and 3 more`.
fn ips(entries: &[(&Sighting, &SeenArp)]) -> String {
    match entries {
        [] => String::new(),
        [(_, one)] => one.ip.to_string(),
        [(_, one), (_, two)] => format!("{} and {}", one.ip, two.ip),
        [(_, one), rest @ ..] => format!("{} and {} more", one.ip, rest.len()),
    }
}

/// One finding about entries that share their fault, at the first of their lines.
fn told_at<'f>(
    estate: &Estate<'_>,
    config: &ConfigFile<'_>,
    rule: &Rule,
    entries: &[(&Sighting, &SeenArp)],
    message: String,
    findings: &'f mut Findings,
) -> &'f mut Diagnostic {
    let mut lines: Vec<Span> = entries.iter().filter_map(|(_, arp)| config.span_of(&arp.entry)).collect();
    lines.sort();
    let finding = findings.report(rule, lines.first().copied(), message);
    for line in lines.iter().skip(1).take(MOST_RELATED) {
        finding.related(*line, "this entry too");
    }
    if let Some((first, _)) = entries.first() {
        about(finding, estate, config, first);
    }
    finding
}

fn svi_down(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (config, sighting, arp, standing) in standings(estate) {
        let (of, what) = match standing {
            Standing::Shut(at) => (at.of.clone(), "is shut"),
            Standing::WithoutSvi(vlan) if is_shut(config, &Subject::Svi(vlan)) => {
                (Subject::Svi(vlan), "is shut and has no address")
            }
            Standing::WithoutSvi(vlan) => (Subject::Svi(vlan), "is missing"),
            _ => continue,
        };
        if !told.insert((sighting.config, of.clone())) {
            continue;
        }
        let message = format!("{of} on `{}` {what}: nobody is routed to {}", quoted(&config.name), arp.ip);
        let line = config.span_of_setting(EntryKind::Shutdown, &of);
        let finding = findings.report(&SVI_DOWN, line.or(config.span_of(&arp.entry)), message);
        if let (Some(_), Some(entry)) = (line, config.span_of(&arp.entry)) {
            finding.related(entry, "the entry of the cluster");
        }
        about(finding, estate, config, sighting);
        finding
            .help("bring the interface up with its address, or move the entries to the switch that routes");
        if what == "is shut" {
            give_setting(config, finding, EntryKind::Shutdown, of, Value::Flag(false));
        }
    }
    gateways_without_svi(estate, &told, findings);
}

/// A gateway of the design whose config has no interface for a cluster, whatever entries it holds.
fn gateways_without_svi(estate: &Estate<'_>, told: &BTreeSet<(usize, Subject)>, findings: &mut Findings) {
    for view in estate.clusters().filter(|view| super::words::is_routed(view.cluster)) {
        let of = Subject::Svi(view.cluster.vlan.get());
        let Some(primary) = view.cluster.primary_v4() else { continue };
        for device in &view.plan.gateways {
            let Some(number) = estate.of_device[*device] else { continue };
            let config = &estate.configs[number];
            let places = estate.subnets().of(number);
            let holding: Vec<&Connected> = places.iter().filter(|at| at.subnet.contains(primary)).collect();
            let what = match holding.as_slice() {
                [] if routes(config, places) && config.state.flag(EntryKind::Svi, &of).is_none() => {
                    "is missing"
                }
                [_, ..] if holding.iter().all(|at| is_shut(config, &at.of)) => "is shut",
                _ => continue,
            };
            let of = holding.first().map_or_else(|| of.clone(), |at| at.of.clone());
            if told.contains(&(number, of.clone())) {
                continue;
            }
            let name = &view.cluster.name;
            let message =
                format!("{of} on gateway `{}` {what}: nobody is routed to cluster `{name}`", config.name);
            let line = config.span_of_setting(EntryKind::Shutdown, &of);
            let finding =
                findings.report(&SVI_DOWN, line.unwrap_or_else(|| config_span(estate, *device)), message);
            finding
                .related(view.cluster.vlan.span, "the cluster's VLAN")
                .help("bring the interface up with its address, or describe the switch that routes the VLAN")
                .cluster(name.to_string())
                .switch(config.name.clone());
            if what == "is shut" {
                give_setting(config, finding, EntryKind::Shutdown, of, Value::Flag(false));
            }
        }
    }
}

fn vrf_mismatch(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut astray: BTreeMap<_, Vec<(&Sighting, &SeenArp, &Connected)>> = BTreeMap::new();
    for (_, sighting, arp, standing) in standings(estate) {
        if let Standing::OtherVrf(at) = standing {
            let cause = (sighting.config, at.of.clone(), arp.vrf.clone(), sighting.cluster);
            astray.entry(cause).or_default().push((sighting, arp, at));
        }
    }
    for ((number, of, vrf, _), found) in astray {
        let config = &estate.configs[number];
        let entries: Vec<(&Sighting, &SeenArp)> =
            found.iter().map(|(sighting, arp, _)| (*sighting, *arp)).collect();
        let at = found[0].2;
        let message = format!(
            "the static ARP of {} on `{}` is in {}, and {of} is in {}",
            ips(&entries),
            quoted(&config.name),
            table(vrf.as_deref()),
            table(at.vrf.as_deref())
        );
        let finding = told_at(estate, config, &VRF_MISMATCH, &entries, message, findings);
        if let Some(line) = config.span_of_setting(EntryKind::Vrf, &of) {
            finding.related(line, "the VRF of the interface");
        }
        finding.help("set it in the VRF of the interface, and take this one back");
        let moved = entries.iter().map(|(sighting, arp)| static_arp_on(config, at, arp.ip, sighting.mac));
        if let Some(moved) = moved.collect::<Option<Vec<Entry>>>() {
            let taken: Vec<Entry> = entries.iter().map(|(_, arp)| arp.entry.clone()).collect();
            mender.exchange(config, finding, &taken, &moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone};

    const ARP: &str = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
    const MAC: &str = "mac address-table static 03bf.ac1f.01e8 vlan 10 interface Gi1/0/1\n";

    fn svi(vlan: u16, lines: &str) -> String {
        format!("interface Vlan{vlan}\n{lines}!\n")
    }

    fn address(third: u8) -> String {
        format!(" ip address 172.31.{third}.1 255.255.255.0\n")
    }

    fn codes(parts: &[&str]) -> Vec<String> {
        let found = alone(&[("sw1.cfg", "cisco-ios", &parts.concat())]);
        let found = found.iter().filter(|finding| finding.starts_with("NLB4"));
        found.map(|finding| finding.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn an_entry_stands_where_an_interface_looks_at_it() {
        let (own, other, third) = (svi(10, &address(1)), svi(20, &address(2)), svi(30, &address(3)));
        let shut = svi(10, &(address(1) + " shutdown\n"));
        let red = svi(10, &(" vrf forwarding RED\n".to_owned() + &address(1)));
        let in_red = ARP.replace("arp ", "arp vrf RED ");
        let dhcp = svi(10, " ip address dhcp\n");
        let port = "interface GigabitEthernet1/0/1\n switchport access vlan 10\n!\n";
        let wide = svi(10, " ip address 172.31.0.1 255.255.254.0\n");
        let second =
            svi(10, " ip address 10.0.0.1 255.255.255.0\n ip address 172.31.1.1 255.255.255.0 secondary\n");
        for (parts, expected) in [
            (vec![&*own, ARP], &[][..]),
            (vec![&*wide, &*other, ARP], &[]),
            (vec![&*second, &*other, ARP], &[]),
            (vec![&*other, &*third, ARP], &["NLB403 error sw1.cfg:7:"]),
            (vec![&*other, &*third, ARP, MAC], &["NLB407 error sw1.cfg:7:"]),
            (vec![&*dhcp, &*other, &*third, ARP, MAC], &[]),
            (vec![&*other, ARP], &["NLB404 info sw1.cfg:4:"]),
            (vec![port, ARP], &["NLB404 info sw1.cfg:4:"]),
            (vec![ARP], &[]), // a part of a config
            (vec![&*shut, ARP], &["NLB407 error sw1.cfg:3:"]),
            (vec![&*red, &*in_red], &[]),
            (vec![&*red, ARP], &["NLB411 error sw1.cfg:5:"]),
            (vec![&*own, &*in_red], &["NLB411 error sw1.cfg:4:"]),
        ] {
            assert_eq!(codes(&parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn entries_that_are_no_clusters_are_nobodys_business() {
        let (other, third) = (svi(20, &address(2)), svi(30, &address(3)));
        assert_eq!(codes(&[&other, &third, "arp 172.31.1.9 0015.5d01.0203 ARPA\n"]), NONE);
    }
}
