//! Static ARP entries for addresses in no subnet of their config, and what they were meant for.

use std::collections::{BTreeSet, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use super::{Standing, about, standing, standing_so, standings, table};
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::Entry;
use crate::lint::words::{Mender, bound, static_arp_on};
use crate::lint::{Estate, Findings, Rule, Scope, SeenArp, Sighting};
use crate::nlb::decode;

/// An entry for an address that no interface can reach.
pub(super) const STATIC_ARP_OUTSIDE_SUBNET: Rule = Rule {
    code: Code(403),
    name: "static-arp-outside-subnet",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../../docs/rules/NLB403.md"),
    check: static_arp_outside_subnet,
};

fn static_arp_outside_subnet(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for (config, sighting, arp, standing) in standings(estate) {
        let Standing::Outside = standing else { continue };
        let message = format!(
            "{} is in no subnet of `{}` in {}: nothing looks at its static ARP",
            arp.ip,
            quoted(&config.name),
            table(arp.vrf.as_deref())
        );
        let finding = findings.report(&STATIC_ARP_OUTSIDE_SUBNET, config.span_of(&arp.entry), message);
        finding.help("correct the address, or move the entry to the switch that routes its subnet");
        about(finding, estate, config, sighting);
        let meant = meant_for(estate, sighting);
        if let Some(Entry::StaticArp { ip, .. }) = &meant {
            finding.help(format!("it was likely meant for {ip}, which no line binds: correct the address"));
        } else if sighting.cluster.is_some() {
            continue; // what a design asks for is not taken out
        }
        mender.exchange(config, finding, std::slice::from_ref(&arp.entry), meant.as_slice());
    }
}

/// The addresses that are in no subnet of their config: NLB403 tells them.
pub(in crate::lint) fn outside(estate: &Estate<'_>) -> HashSet<(usize, Ipv4Addr)> {
    standing_so(estate, |standing| matches!(standing, Standing::Outside))
}

/// The address that the one entry of the sighting in no subnet was meant for: the only VIP of its cluster that an interface
/// serves and nothing binds. The VIPs are those of the design, else what the MAC tells and the partners of the gateway bind
/// to it.
fn meant_for(estate: &Estate<'_>, sighting: &Sighting) -> Option<Entry> {
    let config = &estate.configs[sighting.config];
    let places = estate.subnets().of(sighting.config);
    let mut vips: BTreeSet<Ipv4Addr> = BTreeSet::new();
    match sighting.cluster {
        Some(at) => vips.extend(estate.design().clusters[at].vips().filter_map(|vip| match vip.value {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        })),
        None => {
            vips.extend(decode(sighting.mac).ip());
            let partners =
                places.iter().flat_map(|at| estate.subnets().partners(estate, sighting.config, at));
            let partners: BTreeSet<usize> =
                partners.filter(|partner| partner.certain).map(|partner| partner.config).collect();
            let theirs = estate
                .sightings()
                .iter()
                .filter(|other| other.mac == sighting.mac && partners.contains(&other.config));
            vips.extend(theirs.flat_map(|other| other.arps.iter().map(|arp| arp.ip)));
        }
    }
    let lacking = vips.into_iter().filter_map(|ip| {
        let at = places.iter().find(|at| at.subnet.contains(ip))?;
        bound(&config.state, at.vrf.as_deref(), ip).is_none().then_some((at, ip))
    });
    match lacking.collect::<Vec<_>>().as_slice() {
        [(at, ip)] => static_arp_on(config, at, *ip, sighting.mac),
        _ => None,
    }
}

/// The VIPs whose entry has a slip in its address, each with its config: NLB403 tells them, and nothing else is missing.
pub(in crate::lint) fn misspelt(estate: &Estate<'_>) -> HashSet<(usize, Ipv4Addr)> {
    let found = estate.sightings().iter().filter_map(|sighting| {
        let out = |arp: &&SeenArp| matches!(standing(estate, sighting, arp), Standing::Outside);
        let one = sighting.arps.iter().filter(out).count() == 1;
        match one.then(|| meant_for(estate, sighting)).flatten()? {
            Entry::StaticArp { ip, .. } => Some((sighting.config, ip)),
            _ => None,
        }
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::findings_alone;
    use crate::source::Sources;

    #[test]
    fn an_address_with_a_slip_is_corrected_by_its_mac_and_told_once() {
        let text = [
            "interface Vlan10\n ip address 172.31.1.1 255.255.255.0\n!\n",
            "interface Vlan20\n ip address 172.31.2.1 255.255.255.0\n!\n",
            "arp 172.31.11.232 03bf.ac1f.01e8 ARPA\n",
        ];
        let found = findings_alone(&[("sw1.cfg", "cisco-ios", &text.concat())], &mut Sources::new());
        assert_eq!(found.len(), 1, "{found:?}");
        let remedy = found[0].0.remediation.as_ref().map(|remedy| remedy.lines.join("/"));
        assert_eq!(
            remedy.as_deref(),
            Some("arp 172.31.1.232 03bf.ac1f.01e8 ARPA/no arp 172.31.11.232 03bf.ac1f.01e8 ARPA")
        );
    }
}
