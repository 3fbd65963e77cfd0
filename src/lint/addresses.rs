//! Addresses that a VIP cannot have, and addresses that two have.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};

use super::subnets::virtual_addresses;
use super::{ClusterView, Estate, Findings, Rule, Scope};
use crate::design::Cluster;
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::EntryKind;
use crate::nlb;
use crate::source::{Span, Spanned};

pub(super) const RULES: &[Rule] = &[INVALID_VIP, IP_CONFLICT];

/// A VIP that is no host's address, or the gateway's.
const INVALID_VIP: Rule = Rule {
    code: Code(113),
    name: "invalid-vip",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB113.md"),
    check: invalid_vip,
};

/// One address, two owners.
const IP_CONFLICT: Rule = Rule {
    code: Code(114),
    name: "ip-conflict",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB114.md"),
    check: ip_conflict,
};

/// What the design says about gateways, by address and by device: a cluster asks for its own without a walk over
/// all of them.
pub(super) struct Gateways<'e> {
    by_address: HashMap<IpAddr, Vec<(usize, &'e str, Span)>>,
    vrfs: BTreeMap<usize, &'e str>,
}

impl<'e> Gateways<'e> {
    pub(super) fn new(estate: &Estate<'e>) -> Self {
        let mut gateways = Self { by_address: HashMap::new(), vrfs: BTreeMap::new() };
        for (device, plan) in estate.plan.devices.iter().enumerate() {
            for member in &plan.members {
                let switch = &estate.design().switches[*member];
                let Some(gateway) = switch.gateway.described() else { continue };
                if let Some(ip) = gateway.ip {
                    let owner = (device, switch.name.as_str(), ip.span);
                    gateways.by_address.entry(ip.ip).or_default().push(owner);
                }
                if let Some(vrf) = &gateway.vrf {
                    gateways.vrfs.entry(device).or_insert(&**vrf);
                }
            }
        }
        gateways
    }

    /// The gateway of this cluster that has the address `ip`.
    fn with_address(&self, view: &ClusterView<'_>, ip: IpAddr) -> Option<(&'e str, Span)> {
        let owners = self.by_address.get(&ip)?;
        let own = owners.iter().find(|(device, _, _)| view.plan.gateways.contains(device));
        own.map(|(_, name, span)| (*name, *span))
    }

    /// The VRF a cluster is routed in: its own word, else that of its gateways, else the global table.
    pub(super) fn vrf_of(&self, view: &ClusterView<'e>) -> Option<&'e str> {
        if let Some(vrf) = &view.cluster.vrf {
            return Some(&**vrf);
        }
        let gateways = &view.plan.gateways;
        if gateways.len() < self.vrfs.len() {
            return gateways.iter().find_map(|device| self.vrfs.get(device).copied());
        }
        self.vrfs.iter().find(|(device, _)| gateways.contains(device)).map(|(_, vrf)| *vrf)
    }
}

/// Every VIP with the prefix length of its subnet, where that is known.
fn vips_with_prefix(cluster: &Cluster) -> impl Iterator<Item = (Spanned<IpAddr>, Option<u8>)> {
    let subnet = cluster.subnet();
    let primary = (Spanned::new(subnet.ip(), cluster.primary_ip.span), Some(subnet.prefix()));
    let further = cluster.virtual_ips.iter().flat_map(|vips| vips.value.iter()).map(move |vip| {
        let inherited = subnet.contains(vip.ip).then(|| subnet.prefix());
        (Spanned::new(vip.ip, vip.span), vip.prefix.or(inherited))
    });
    std::iter::once(primary).chain(further)
}

/// What an address is in a subnet besides a host's. RFC 3021 gives both addresses of a /31 to hosts.
fn reserved(ip: Ipv4Addr, prefix: u8) -> Option<&'static str> {
    let host_bits = 32_u32.checked_sub(prefix.into()).filter(|bits| (2..32).contains(bits))?;
    let mask = (1_u32 << host_bits) - 1;
    match ip.to_bits() & mask {
        0 => Some("the network's own address"),
        bits if bits == mask => Some("the broadcast address"),
        _ => None,
    }
}

fn invalid_vip(estate: &Estate<'_>, findings: &mut Findings) {
    let gateways = Gateways::new(estate);
    for view in estate.clusters() {
        let cluster = view.cluster;
        for (vip, prefix) in vips_with_prefix(cluster) {
            if let Some((switch, gateway)) = gateways.with_address(&view, vip.value) {
                findings
                    .report(
                        &INVALID_VIP,
                        vip.span,
                        format!(
                            "the VIP {} of cluster `{}` is the address of its gateway `{switch}`",
                            *vip, cluster.name
                        ),
                    )
                    .related(gateway, "the gateway's address")
                    .help("choose a free address of the subnet: hosts would take the cluster for the gateway")
                    .cluster(cluster.name.to_string());
                continue;
            }
            let IpAddr::V4(ip) = vip.value else { continue };
            let in_subnet = || {
                let prefix = prefix?;
                Some(format!("{} of its /{prefix}", reserved(ip, prefix)?))
            };
            let Some(what) = nlb::unusable(ip).map(str::to_owned).or_else(in_subnet) else { continue };
            findings
                .report(
                    &INVALID_VIP,
                    vip.span,
                    format!("the VIP {ip} of cluster `{}` is {what}", cluster.name),
                )
                .help("a VIP is the address of a host in the cluster's subnet: choose a free one")
                .cluster(cluster.name.to_string());
        }
    }
}

/// Who has an address.
#[derive(Clone, Copy)]
enum Owner<'e> {
    Vip(&'e Cluster),
    Node(&'e Cluster, &'e str),
}

/// An address in a routing table.
type Place<'e> = (Option<&'e str>, IpAddr);

fn ip_conflict(estate: &Estate<'_>, findings: &mut Findings) {
    let gateways = Gateways::new(estate);
    taken_by_an_interface(estate, &gateways, findings);
    let mut owners: HashMap<Place<'_>, (Owner<'_>, Span)> = HashMap::new();
    for view in estate.clusters() {
        let cluster = view.cluster;
        let vrf = gateways.vrf_of(&view);
        for vip in cluster.vips() {
            let (owner, span) = *owners.entry((vrf, vip.value)).or_insert((Owner::Vip(cluster), vip.span));
            let Owner::Vip(other) = owner else { continue };
            if std::ptr::eq(other, cluster) || is_split(other, cluster) {
                continue;
            }
            let names = format!("clusters `{}` and `{}`", other.name, cluster.name);
            findings
                .report(&IP_CONFLICT, vip.span, format!("{} is a VIP of {names}{}", *vip, in_vrf(vrf)))
                .related(span, format!("a VIP of cluster `{}`", other.name))
                .help("give each cluster VIPs of its own, or say which `vrf` each is in")
                .cluster(cluster.name.to_string());
        }
    }
    for view in estate.clusters() {
        let cluster = view.cluster;
        let vrf = gateways.vrf_of(&view);
        for node in &cluster.nodes {
            let Some(ip) = node.ip else { continue };
            let mine = (Owner::Node(cluster, node.name.as_str()), ip.span);
            let (owner, span) = *owners.entry((vrf, ip.ip)).or_insert(mine);
            let (what, span, label, help) = match (owner, gateways.with_address(&view, ip.ip)) {
                (Owner::Vip(other), _) => (
                    format!("and a VIP of cluster `{}`", other.name),
                    span,
                    "the VIP",
                    "a node keeps an address of its own beside the VIPs: choose a free one",
                ),
                (_, Some((switch, span))) => (
                    format!("and of the gateway `{switch}`"),
                    span,
                    "the gateway's address",
                    "choose a free address: the other hosts would lose their gateway",
                ),
                // One server may be a node of several clusters; within one cluster it is there once.
                (Owner::Node(other, name), None)
                    if std::ptr::eq(other, cluster) && name != node.name.as_str() =>
                {
                    (
                        format!("and of node `{name}`"),
                        span,
                        "the other node",
                        "give each node its own address",
                    )
                }
                (Owner::Node(..), None) => continue,
            };
            let place = in_vrf(vrf);
            findings
                .report(
                    &IP_CONFLICT,
                    ip.span,
                    format!("{} is the address of node `{}` {what}{place}", ip.ip, node.name),
                )
                .related(span, label)
                .help(help)
                .cluster(cluster.name.to_string());
        }
    }
}

/// A VIP that an interface of its gateway, or of one that stands in for it, has too.
fn taken_by_an_interface(estate: &Estate<'_>, gateways: &Gateways<'_>, findings: &mut Findings) {
    let subnets = estate.subnets();
    let mut told = BTreeSet::new();
    for sighting in estate.sightings() {
        let own = &estate.configs[sighting.config];
        for arp in &sighting.arps {
            let vrf = arp.vrf.as_deref();
            if gateways.by_address.contains_key(&IpAddr::V4(arp.ip)) {
                continue; // NLB113
            }
            let here = subnets.holding(sighting.config, vrf, arp.ip).map(|at| (own, at, true));
            let partners = subnets.partners_for(estate, sighting.config, vrf, arp.ip);
            let there =
                partners.iter().map(|partner| (&estate.configs[partner.config], partner.at, partner.certain));
            let taken = here.chain(there).find(|(config, at, _)| {
                at.subnet.ip() == arp.ip || virtual_addresses(config, &at.of).contains(&arp.ip)
            });
            let Some((config, at, certain)) = taken else { continue };
            // Both gateways bind the VIP: one address that an interface has is one fault.
            if !told.insert((config.file, arp.vrf.clone(), arp.ip)) {
                continue;
            }
            let message = format!(
                "{} is bound to the MAC of a cluster and is an address of {} on `{}`{}",
                arp.ip,
                at.of,
                quoted(&config.name),
                in_vrf(vrf)
            );
            let finding = findings.report(&IP_CONFLICT, own.span_of(&arp.entry), message);
            finding.switch(own.name.clone());
            finding.help("choose a free address for the VIP: hosts would take the cluster for the gateway");
            if let Some(line) = config.span_of_setting(EntryKind::Address, &at.of) {
                finding.related(line, "the interface");
            }
            if !certain {
                finding.severity(Severity::Warning);
            }
            if let Some(cluster) = sighting.cluster {
                finding.cluster(estate.design().clusters[cluster].name.to_string());
            }
        }
    }
}

fn in_vrf(vrf: Option<&str>) -> String {
    vrf.map(|vrf| format!(" in VRF `{vrf}`")).unwrap_or_default()
}

/// One cluster written twice with two modes: NLB310 tells it.
fn is_split(one: &Cluster, other: &Cluster) -> bool {
    one.primary_ip.ip() == other.primary_ip.ip() && one.mode.value != other.mode.value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_and_broadcast_are_reserved_where_a_subnet_has_them() {
        for (ip, prefix, is_reserved) in [
            ([172, 31, 1, 0], 24, true),
            ([172, 31, 1, 255], 24, true),
            ([172, 31, 1, 255], 23, true),
            ([172, 31, 0, 255], 23, false),
            ([172, 31, 1, 0], 23, false),
            ([172, 31, 1, 64], 26, true),
            ([172, 31, 1, 65], 26, false),
            ([172, 31, 1, 2], 30, false),
            ([172, 31, 1, 3], 30, true),
            ([172, 31, 1, 3], 31, false), // RFC 3021
            ([172, 31, 1, 2], 31, false),
            ([172, 31, 1, 3], 32, false),
            ([172, 31, 1, 3], 0, false),
            ([172, 31, 1, 3], 200, false),
        ] {
            assert_eq!(reserved(ip.into(), prefix).is_some(), is_reserved, "{ip:?}/{prefix}");
        }
    }
    #[test]
    fn a_vip_that_an_interface_has_is_told() {
        use crate::lint::words::tests::alone;
        let gateway = |own: u8, more: &str| {
            format!(
                "interface Vlan10\n ip address 172.31.1.{own} 255.255.255.0\n standby 1 ip 172.31.1.1\n{more}!\n"
            )
        };
        let entry = "arp 172.31.1.232 03bf.ac1f.01e8 ARPA\n";
        let found = |first: String, second: String| -> Vec<String> {
            let found =
                alone(&[("a.cfg", "cisco-ios", &(first + entry)), ("b.cfg", "cisco-ios", &(second + entry))]);
            found.into_iter().filter(|finding| finding.starts_with("NLB114")).collect()
        };
        assert_eq!(found(gateway(2, ""), gateway(3, "")), Vec::<String>::new());
        let on = |file: &str, line: u8, place: &str| {
            format!(
                "NLB114 error {file}.cfg:{line}: 172.31.1.232 is bound to the MAC of a cluster and is an address of \
                 the SVI of VLAN 10 on `{place}`"
            )
        };
        assert_eq!(found(gateway(2, ""), gateway(232, "")), [on("a", 5, "b")]);
        let shared = " standby 2 ip 172.31.1.232\n";
        assert_eq!(found(gateway(2, shared), gateway(3, "")), [on("a", 6, "a")]);
        let red = gateway(232, "").replace(" ip address", " vrf forwarding RED\n ip address");
        assert_eq!(found(gateway(2, ""), red), Vec::<String>::new());
    }
}
