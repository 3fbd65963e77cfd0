//! The groups of clusters in IGMP mode, as configs show them: static groups, and what the MACs tell.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use super::{IGMP_GROUP_MISMATCH, IGMP_KNOWN_GROUP, IGMP_MAC_COLLISION, RTPS};
use crate::diagnostic::{Severity, quoted};
use crate::entry::Entry;
use crate::lint::cure::remarked;
use crate::lint::membership::{Placed, placed};
use crate::lint::{Connected, Estate, Findings, SeenArp, Sighting};
use crate::net::mac::format;
use crate::nlb::{self, Decoded, Mode, decode};

/// The group that the nodes of a cluster with such a MAC join.
fn group_of(mac: macaddr::MacAddr6) -> Option<Ipv4Addr> {
    match decode(mac) {
        Decoded::Igmp(found) => Some(found.group()),
        _ => None,
    }
}

/// Why a static group is meant for a cluster and leads to nobody.
struct Slip<'p, 'e> {
    placed: &'p Placed<'e>,
    right: Ipv4Addr,
    what: String,
    likely: bool,
}

/// Static groups in the VLAN of a cluster that are near its own and are not it.
pub(super) fn wrong_groups(estate: &Estate<'_>, findings: &mut Findings) {
    let placed = placed(estate);
    for config in &estate.configs {
        for entry in config.state.entries() {
            let Entry::StaticGroup { vlan, group, .. } = entry else { continue };
            let here = || {
                placed.iter().filter(|at| {
                    at.config.file == config.file && at.vlan == *vlan && at.mode == Mode::IgmpMulticast
                })
            };
            if here().any(|at| joins(estate, at, *group)) {
                continue;
            }
            let Some(slip) = here().find_map(|at| slip(estate, at, *group)) else { continue };
            let message = format!(
                "the static group {group} in VLAN {vlan} of `{}` is {}{}; the nodes of {} join {}",
                quoted(&config.name),
                if slip.likely { "likely " } else { "" },
                slip.what,
                slip.placed.title(estate),
                slip.right
            );
            let finding = findings.report(&IGMP_GROUP_MISMATCH, config.span_of(entry), message);
            slip.placed.tell(estate, finding);
            if slip.likely {
                finding.severity(Severity::Warning);
            }
            finding
                .help(format!("write {}: ports that join another group get none of the frames", slip.right));
            let spelling = config.reading.origin(entry).map(|fact| fact.spelling);
            let lines = spelling.and_then(|spelling| {
                crate::render::regrouping_lines(config.dialect(), spelling, entry, slip.right)
            });
            if let Some(lines) = lines {
                finding.remedy(config.name.clone(), remarked(config.dialect(), lines));
            }
        }
    }
}

/// Whether the nodes of the cluster join `group`, as its MAC or its description says.
fn joins(estate: &Estate<'_>, placed: &Placed<'_>, group: Ipv4Addr) -> bool {
    let stated = placed.cluster.and_then(|at| estate.design().clusters[at].igmp_group_override);
    group_of(placed.mac) == Some(group) || stated.is_some_and(|stated| stated.value == group)
}

fn slip<'p, 'e>(estate: &Estate<'_>, placed: &'p Placed<'e>, group: Ipv4Addr) -> Option<Slip<'p, 'e>> {
    let right = group_of(placed.mac)?;
    let slip = |what: String, likely| Some(Slip { placed, right, what, likely });
    let [first, second, end @ ..] = group.octets();
    let [.., y, z] = right.octets();
    if first == 239 && end == [y, z] {
        return match second {
            244 => slip("the misprint of Microsoft's article".to_owned(), false),
            _ => slip(format!("239.{second} where NLB has 239.255"), true),
        };
    }
    let own = vips(estate, placed).into_iter().find(|vip| nlb::group(*vip) == group)?;
    slip(format!("that of its VIP {own}, and every VIP of a cluster shares the group of the primary"), false)
}

/// The VIPs of the cluster, as the design or the static ARP of the config tells them.
fn vips(estate: &Estate<'_>, placed: &Placed<'_>) -> Vec<Ipv4Addr> {
    let mut vips: Vec<Ipv4Addr> = Vec::new();
    if let Some(at) = placed.cluster {
        vips.extend(estate.design().clusters[at].vips().filter_map(|vip| match vip.value {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        }));
    }
    vips.extend(placed.config.state.entries().filter_map(|entry| match entry {
        Entry::StaticArp { ip, mac, .. } if *mac == placed.mac => Some(*ip),
        _ => None,
    }));
    vips
}

/// What a sighting shows of primary addresses that are made into its one MAC.
fn primaries(sighting: &Sighting) -> impl Iterator<Item = &SeenArp> {
    sighting.arps.iter().filter(|arp| Mode::IgmpMulticast.mac(arp.ip) == sighting.mac)
}

/// The interface that serves the address.
fn at<'e>(estate: &'e Estate<'_>, sighting: &Sighting, arp: &'e SeenArp) -> Option<&'e Connected> {
    estate.subnets().holding(sighting.config, arp.vrf.as_deref(), arp.ip).next()
}

/// Two addresses of a config that are made into one MAC, in IGMP mode.
pub(super) fn shared_macs(estate: &Estate<'_>, findings: &mut Findings) {
    let design: BTreeSet<Ipv4Addr> = estate
        .clusters()
        .flat_map(|view| view.cluster.vips())
        .filter_map(|vip| match vip.value {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        })
        .collect();
    let mut told = BTreeSet::new();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.mode == Mode::IgmpMulticast) {
        let config = &estate.configs[sighting.config];
        let mut found = primaries(sighting);
        let Some(first) = found.next() else { continue };
        for other in found {
            let both = [first, other].map(|arp| design.contains(&arp.ip));
            if both == [true, true]
                || !told.insert((first.vrf.clone(), first.ip, other.vrf.clone(), other.ip))
            {
                continue; // the design's own clusters are compared with each other
            }
            let (Some(one), Some(two)) = (at(estate, sighting, first), at(estate, sighting, other)) else {
                continue;
            };
            let together = one.of == two.of;
            // The design names every VIP of its cluster: the other address is another cluster's.
            let certain = sighting.cluster.is_some() && both.contains(&true);
            if together && one.subnet == two.subnet && !certain {
                continue; // two VIPs of one cluster
            }
            let written = format(sighting.mac, config.pack.mac);
            let message = match (together, certain) {
                (true, true) => format!(
                    "{} and {} are both made into the MAC `{written}`, in {}",
                    first.ip, other.ip, one.of
                ),
                (true, false) => format!(
                    "{} and {} are both made into the MAC `{written}`, in {}: likely two clusters",
                    first.ip, other.ip, one.of
                ),
                (false, _) => format!(
                    "{} and {} are both made into the MAC `{written}`, in {} and {}",
                    first.ip, other.ip, one.of, two.of
                ),
            };
            let severity = if together && certain { Severity::Error } else { Severity::Warning };
            let finding = findings.report(&IGMP_MAC_COLLISION, config.span_of(&other.entry), message);
            finding.severity(severity).switch(config.name.clone());
            if let Some(line) = config.span_of(&first.entry) {
                finding.related(line, "this address ends alike");
            }
            if let Some(cluster) = sighting.cluster {
                finding.cluster(estate.design().clusters[cluster].name.to_string());
            }
            finding.help(match together {
                true => "give one a primary IP with other last octets, or its own VLAN: each gets the other's frames",
                false => "give one a primary IP with other last octets: a table without VLANs likely mixes them up",
            });
        }
    }
}

/// A cluster whose group other software uses.
pub(super) fn known_groups(estate: &Estate<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.cluster.is_none()) {
        let Some(group) = group_of(sighting.mac).filter(|group| *group != RTPS) else { continue };
        let Some(user) = nlb::known_group_user(group) else { continue };
        let Some(first) = sighting.arps.first().filter(|arp| told.insert(arp.ip)) else { continue };
        let config = &estate.configs[sighting.config];
        let message = format!(
            "the cluster of {} on `{}` joins {group}, the group of {user}",
            first.ip,
            quoted(&config.name)
        );
        let finding = findings.report(&IGMP_KNOWN_GROUP, config.span_of(&first.entry), message);
        finding
            .switch(config.name.clone())
            .help("choose other last octets: ports with such listeners get its frames, and it gets theirs");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, findings_alone, found};
    use crate::source::Sources;

    /// Two SVIs, one with two subnets, and lines.
    fn catalyst(lines: &str) -> String {
        format!(
            "interface Vlan10\n ip address 10.0.0.1 255.255.255.0\n ip address 10.1.0.1 255.255.255.0 secondary\n!\n\
             interface Vlan20\n ip address 10.2.0.1 255.255.255.0\n!\n{lines}"
        )
    }

    fn codes(code: &str, text: &str) -> Vec<String> {
        let found = alone(&[("a.cfg", "cisco-ios", text)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    const ARP: &str = "arp 10.0.0.5 0100.5e7f.0005 ARPA\n";

    #[test]
    fn a_static_group_near_the_cluster_s_own_is_told_and_others_are_not() {
        let group = |group: &str| {
            let line = format!("ip igmp snooping vlan 10 static {group} interface Gi1/0/1\n");
            codes("NLB108", &catalyst(&(ARP.to_owned() + &line)))
        };
        for ours in ["239.255.0.5", "239.255.0.6", "239.244.0.6", "224.0.1.129"] {
            assert_eq!(group(ours), NONE, "{ours}");
        }
        assert_eq!(
            group("239.244.0.5"),
            [
                "NLB108 error a.cfg:9: the static group 239.244.0.5 in VLAN 10 of `a` is the misprint of Microsoft's \
                 article; the nodes of cluster `01:00:5e:7f:00:05` join 239.255.0.5"
            ]
        );
        let likely = group("239.1.0.5");
        assert!(likely.len() == 1 && likely[0].starts_with("NLB108 warning a.cfg:9"), "{likely:?}");
    }

    #[test]
    fn the_group_of_a_secondary_vip_is_nobody_s() {
        let lines = "arp 10.0.0.9 0100.5e7f.0005 ARPA\nip igmp snooping vlan 10 static 239.255.0.9 interface Gi1/0/1\n";
        let found = codes("NLB108", &catalyst(&(ARP.to_owned() + lines)));
        assert!(found.len() == 1 && found[0].contains("its VIP 10.0.0.9"), "{found:?}");
    }

    #[test]
    fn the_right_group_is_written_out_before_the_wrong_one_goes() {
        let lines = ARP.to_owned() + "ip igmp snooping vlan 10 static 239.244.0.5 interface Gi1/0/1\n";
        let text = catalyst(&lines);
        let found = findings_alone(&[("a.cfg", "cisco-ios", &text)], &mut Sources::new());
        let remedy =
            found.into_iter().find(|(finding, _)| finding.code.0 == 108).and_then(|(f, _)| f.remediation);
        assert_eq!(
            remedy.map(|remedy| remedy.lines),
            Some(vec![
                "! unverified: general knowledge of the command reference".to_owned(),
                "ip igmp snooping vlan 10 static 239.255.0.5 interface GigabitEthernet1/0/1".to_owned(),
                "no ip igmp snooping vlan 10 static 239.244.0.5 interface GigabitEthernet1/0/1".to_owned(),
            ])
        );
    }

    #[test]
    fn addresses_that_end_alike_share_a_mac() {
        let with = |second: &str| codes("NLB109", &catalyst(&(ARP.to_owned() + second)));
        assert_eq!(with("arp 10.0.0.9 0100.5e7f.0005 ARPA\n"), NONE, "a secondary VIP");
        assert_eq!(
            with("arp 10.2.0.5 0100.5e7f.0005 ARPA\n"),
            [
                "NLB109 warning a.cfg:9: 10.0.0.5 and 10.2.0.5 are both made into the MAC `0100.5e7f.0005`, in the SVI of \
                 VLAN 10 and the SVI of VLAN 20"
            ]
        );
        // A cluster may have VIPs in two subnets of its VLAN: without a design nobody knows.
        assert_eq!(
            with("arp 10.1.0.5 0100.5e7f.0005 ARPA\n"),
            [
                "NLB109 warning a.cfg:9: 10.0.0.5 and 10.1.0.5 are both made into the MAC `0100.5e7f.0005`, in the SVI of \
                 VLAN 10: likely two clusters"
            ]
        );
        assert_eq!(with("arp 10.9.0.5 0100.5e7f.0005 ARPA\n"), NONE, "no interface is there");
    }

    #[test]
    fn an_address_that_the_design_does_not_name_is_another_cluster_s() {
        let design = "clusters: [{name: a, mode: igmp-multicast, primary_ip: 10.0.0.5/24, vlan: 10, \
                      nodes: [{name: n, attach: sw1 Gi1/0/1}]}]\n\
                      switches: [{name: sw1, vendor: ios, platform: catalyst-3750, gateway: true, querier: true, config: sw1.cfg}]\n";
        let with = |second: &str| -> Vec<String> {
            let text = catalyst(&(ARP.to_owned() + second));
            let directory = tempfile::tempdir().unwrap();
            std::fs::write(directory.path().join("d.yaml"), design).unwrap();
            std::fs::write(directory.path().join("sw1.cfg"), &text).unwrap();
            let mut sources = Sources::new();
            let packs = crate::vendor::Packs::embedded();
            let outcome = crate::lint::lint_design(
                &directory.path().join("d.yaml"),
                directory.path(),
                &packs,
                &mut sources,
            )
            .unwrap();
            let ours = outcome.findings.iter().filter(|finding| finding.code.0 == 109);
            ours.map(|finding| finding.severity.to_string()).collect()
        };
        assert_eq!(with("arp 10.1.0.5 0100.5e7f.0005 ARPA\n"), ["error"]);
        assert_eq!(with("arp 10.2.0.5 0100.5e7f.0005 ARPA\n"), ["warning"]);
        assert_eq!(with(""), NONE);
        assert_eq!(found(design, &[("sw1.cfg", &catalyst(ARP))]), NONE);
    }

    #[test]
    fn a_group_that_other_software_uses_is_told_once() {
        let text = |address: &str, mac: &str| codes("NLB110", &format!("arp {address} {mac} ARPA\n"));
        assert_eq!(
            text("10.0.255.250", "0100.5e7f.fffa"),
            [
                "NLB110 warning a.cfg:1: the cluster of 10.0.255.250 on `a` joins 239.255.255.250, the group of SSDP (UPnP discovery)"
            ]
        );
        assert_eq!(text("10.0.0.1", "0100.5e7f.0001"), NONE, "RTPS is seldom meant");
        assert_eq!(text("10.0.0.5", "0100.5e7f.0005"), NONE);
    }
}
