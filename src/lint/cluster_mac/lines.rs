//! The MAC of a cluster in the static ARP and static MAC lines of a config.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use macaddr::MacAddr6;

use super::{Misfit, Owners, Written};
use crate::entry::{Entry, Key};
use crate::lint::Estate;
use crate::nlb::{self, Verdict};
use crate::render::Step;

/// What is said of a second line with the same wrong MAC.
pub(super) const SAME_MAC: &str = "this line has the same MAC";

pub(super) fn misfits_of_arp(
    estate: &Estate<'_>,
    device: usize,
    owners: &Owners<'_>,
    misfits: &mut Vec<Misfit>,
) {
    let Some(number) = estate.of_device[device] else { return };
    let config = &estate.configs[number];
    let plan = estate.device(device);
    let passing: HashSet<usize> = plan.clusters.iter().copied().collect();
    for entry in config.state.entries() {
        let Entry::StaticArp { ip, mac, vrf, .. } = entry else { continue };
        let Some(candidates) = owners.by_vip.get(ip) else { continue };
        let candidates: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|index| estate.vrf_on(device, &owners.clusters[*index]) == vrf.as_deref())
            .collect();
        if candidates.iter().any(|index| owners.clusters[*index].mac() == *mac) {
            continue;
        }
        let here = candidates.iter().find(|index| passing.contains(index)).or(candidates.first());
        let Some(index) = here.copied() else { continue };
        let cluster = &owners.clusters[index];
        let Some(primary) = cluster.primary_v4() else { continue };
        let verdict = nlb::diagnose_entry(primary, cluster.mode.value, *ip, *mac);
        let subject = format!("the static ARP of {ip} on `{}`", plan.name);
        let written = Written {
            cluster,
            primary,
            vip: *ip,
            mac: *mac,
            notation: plan.pack.mac,
            in_config: true,
            subject,
            owners,
        };
        let Some((rule, message)) = written.mistake(&verdict) else { continue };
        let same_mac = |other: &&Entry| matches!(other, Entry::StaticMac { mac: found, .. } if found == mac);
        let origin = |entry: &Entry| Some(config.reading.origin(entry)?.mac_span(config.file));
        let shared = config.state.entries().find(same_mac).and_then(origin);
        misfits.push(Misfit {
            rule,
            likely: false,
            cluster: Some(index),
            config: Some(number),
            switch: Some(estate.switch_of(device).name.to_string()),
            span: origin(entry),
            related: shared.map(|span| (span, SAME_MAC.to_owned())).into_iter().collect(),
            message,
            help: written.help(&verdict),
            entry: Some(entry.clone()),
            right: Some(cluster.mac()),
        });
    }
}

/// A static MAC entry names no address. It is a cluster's when its MAC is a known mistake for that cluster, in its
/// VLAN, where the right one is missing; what decodes to something else may be anybody's.
pub(super) fn misfits_of_static_mac(
    estate: &Estate<'_>,
    device: usize,
    owners: &Owners<'_>,
    misfits: &mut Vec<Misfit>,
) {
    let Some(number) = estate.of_device[device] else { return };
    let config = &estate.configs[number];
    let plan = estate.device(device);
    let mut lacking: HashMap<u16, Vec<usize>> = HashMap::new();
    for index in &plan.clusters {
        let cluster = &owners.clusters[*index];
        let vlan = cluster.vlan.get();
        if config.state.get(&Key::StaticMac { vlan, mac: cluster.mac() }).is_none() {
            lacking.entry(vlan).or_default().push(*index);
        }
    }
    let in_arp: HashSet<MacAddr6> = config
        .state
        .entries()
        .filter_map(|entry| match entry {
            Entry::StaticArp { mac, .. } => Some(*mac),
            _ => None,
        })
        .collect();
    for entry in config.state.entries() {
        let Entry::StaticMac { mac, vlan, .. } = entry else { continue };
        // The same MAC in an ARP line is the same mistake and was told there.
        if owners.by_mac.contains_key(mac) || in_arp.contains(mac) {
            continue;
        }
        for index in lacking.get(vlan).into_iter().flatten().copied() {
            let cluster = &owners.clusters[index];
            let Some(primary) = cluster.primary_v4() else { continue };
            let mut vips = cluster.vips().filter_map(|vip| match vip.value {
                IpAddr::V4(ip) => Some(ip),
                IpAddr::V6(_) => None,
            });
            let known = vips.find_map(|vip| {
                let verdict = nlb::diagnose_entry(primary, cluster.mode.value, vip, *mac);
                let named = matches!(
                    verdict,
                    Verdict::OtherMode { .. }
                        | Verdict::OwnMacOfSecondary { .. }
                        | Verdict::DecimalOctets { .. }
                        | Verdict::ReversedOctets { .. }
                );
                named.then_some((vip, verdict))
            });
            let Some((vip, verdict)) = known else { continue };
            let subject = format!("the static MAC entry of VLAN {vlan} on `{}`", plan.name);
            let written = Written {
                cluster,
                primary,
                vip,
                mac: *mac,
                notation: plan.pack.mac,
                in_config: true,
                subject,
                owners,
            };
            let Some((rule, message)) = written.mistake(&verdict) else { continue };
            misfits.push(Misfit {
                rule,
                likely: false,
                cluster: Some(index),
                config: Some(number),
                switch: Some(estate.switch_of(device).name.to_string()),
                span: config.reading.origin(entry).map(|fact| fact.mac_span(config.file)),
                related: Vec::new(),
                message,
                help: written.help(&verdict),
                entry: Some(entry.clone()),
                right: Some(cluster.mac()),
            });
            break;
        }
    }
}

/// The steps that give `entry` another MAC.
pub(super) fn correction(entry: Entry, right: MacAddr6) -> Vec<Step> {
    let mut mended = entry.clone();
    if let Entry::StaticArp { mac, .. } | Entry::StaticMac { mac, .. } = &mut mended {
        *mac = right;
    }
    Step::between(Some(entry), Some(mended))
}
