//! Gateways as their configs show them: entries that they cannot hold, and too many of them.

use super::{
    ENTRY_LIMIT, PLATFORM_REFUSES_STATIC_ARP, UNICAST_GATEWAY_BINDS_PORT, is_likely, is_routed, refusal_of,
};
use crate::diagnostic::{Diagnostic, Severity, quoted};
use crate::entry::Entry;
use crate::lint::routing::serves;
use crate::lint::words::{MOST_RELATED, Mender, cluster_of, clusters_at, config_text};
use crate::lint::{ConfigFile, Estate, Findings, Sighting};
use crate::nlb::Mode;
use crate::source::Span;
use crate::vendor::UnicastProvision;

/// The sightings of a config.
fn of_config<'e>(estate: &'e Estate<'_>, config: usize) -> impl Iterator<Item = &'e Sighting> {
    let all = estate.sightings(); // in the order of the configs
    let begin = all.partition_point(|sighting| sighting.config < config);
    all[begin..].iter().take_while(move |sighting| sighting.config == config)
}

/// The lines of a sighting, in the order of the file.
fn lines(config: &ConfigFile<'_>, sighting: &Sighting) -> Vec<Span> {
    let arps = sighting.arps.iter().map(|seen| &seen.entry);
    let entries = arps.chain(sighting.macs.iter().map(|seen| &seen.entry));
    let mut lines: Vec<Span> = entries.filter_map(|entry| config.span_of(entry)).collect();
    lines.sort();
    lines
}

/// A unicast cluster behind a gateway that wants its MAC as a static entry.
pub(super) fn unicast_without_entry(estate: &Estate<'_>, findings: &mut Findings) {
    for sighting in estate.sightings().iter().filter(|sighting| sighting.mode == Mode::Unicast) {
        let config = &estate.configs[sighting.config];
        let facts = config.facts();
        let provision = facts.unicast_provision().filter(|fact| fact.value == UnicastProvision::StaticMac);
        let Some(provision) = provision.filter(|_| config.device.is_none() && sighting.macs.is_empty())
        else {
            continue;
        };
        let Some(arp) = sighting.arps.iter().find(|arp| serves(estate, sighting, arp)) else { continue };
        let message = format!(
            "gateway {} {}needs a static MAC entry for unicast {}: none is there",
            config_text(config),
            if is_likely(provision) { "likely " } else { "" },
            cluster_of(config, sighting.mac)
        );
        let finding = findings.report(&UNICAST_GATEWAY_BINDS_PORT, config.span_of(&arp.entry), message);
        finding.switch(config.name.clone());
        finding
            .help("bind the cluster MAC to the port towards the nodes, or let another switch route the VLAN");
    }
}

/// A config with entries of more clusters than its platform holds.
pub(super) fn too_many_clusters(estate: &Estate<'_>, findings: &mut Findings) {
    for (number, config) in estate.configs.iter().enumerate() {
        let facts = config.facts();
        let Some(limit) = facts.max_clusters() else { continue };
        let most = usize::try_from(limit.value).unwrap_or(usize::MAX);
        let mut first_lines: Vec<Span> = of_config(estate, number)
            .filter_map(|sighting| lines(config, sighting).first().copied())
            .collect();
        first_lines.sort();
        let Some(line) = first_lines.get(most) else { continue };
        if config.device.is_some_and(|device| told_of_design(estate, device, most)) {
            continue;
        }
        let likely = config.model.platform.is_none() || is_likely(limit);
        let message = format!(
            "{} {}holds {most} clusters, and has the entries of {}",
            config_text(config),
            if likely { "likely " } else { "" },
            first_lines.len()
        );
        let finding = findings.report(&ENTRY_LIMIT, *line, message);
        finding.switch(config.name.clone());
        finding.help("let another switch route some of them; what is too many is silently inactive");
    }
}

/// Whether the design alone shows that there are too many.
fn told_of_design(estate: &Estate<'_>, device: usize, most: usize) -> bool {
    clusters_at(estate, &estate.device(device).gateway_for, is_routed).len() > most
}

/// The static ARP entries of multicast clusters in a config, where it cannot hold them and tries.
fn tried<'e>(estate: &'e Estate<'_>, number: usize) -> Vec<(&'e Sighting, &'e Entry)> {
    let facts = estate.configs[number].facts();
    let refused = move |sighting: &&Sighting| {
        sighting.mode != Mode::Unicast && refusal_of(&facts, sighting.mac).is_some()
    };
    let multicast = of_config(estate, number).filter(refused);
    let served = multicast.flat_map(|sighting| {
        let arps = sighting.arps.iter().filter(|arp| serves(estate, sighting, arp));
        arps.map(move |arp| (sighting, &arp.entry))
    });
    served.collect()
}

/// A config with static ARP entries that its platform cannot hold.
pub(super) fn refused(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for (number, config) in estate.configs.iter().enumerate() {
        // Where the design makes it a gateway that it cannot be, the finding is about the design.
        if config.device.is_some_and(|device| !super::refused(estate, device).is_empty()) {
            continue;
        }
        let tried = tried(estate, number);
        let Some((sighting, first)) = tried.first() else { continue };
        let Some((why, likely)) = refusal_of(&config.facts(), sighting.mac) else { continue };
        let message = format!(
            "{} cannot be the gateway of {}: it {}{why}",
            config_text(config),
            cluster_of(config, sighting.mac),
            if likely { "likely " } else { "" },
        );
        let finding = findings.report(&PLATFORM_REFUSES_STATIC_ARP, config.span_of(first), message);
        finding.switch(config.name.clone());
        if likely {
            finding.severity(Severity::Warning);
        }
        for (_, entry) in tried.iter().skip(1).take(MOST_RELATED) {
            if let Some(line) = config.span_of(entry) {
                finding.related(line, "nor does it hold this entry");
            }
        }
        finding.help("let a switch that routes serve the VLAN; it gets the static ARP entries");
        let entries: Vec<Entry> = tried.iter().map(|(_, entry)| (*entry).clone()).collect();
        mender.exchange(config, finding, &entries, &[]);
    }
}

/// Gives a finding about a device the lines that take out what its config holds in vain.
pub(super) fn take_out(estate: &Estate<'_>, device: usize, finding: &mut Diagnostic) {
    let Some(number) = estate.of_device[device] else { return };
    let config = &estate.configs[number];
    let entries: Vec<Entry> = tried(estate, number).into_iter().map(|(_, entry)| entry.clone()).collect();
    for line in entries.iter().take(MOST_RELATED).filter_map(|entry| config.span_of(entry)) {
        finding.related(line, format!("`{}` tries", quoted(&config.name)));
    }
    if !entries.is_empty() {
        Mender::default().exchange(config, finding, &entries, &[]);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, alone, found};

    fn ours(code: &str, pack: &str, text: &str) -> Vec<String> {
        let found = alone(&[("a.cfg", pack, text)]);
        found.into_iter().filter(|finding| finding.starts_with(code)).collect()
    }

    fn force10(header: &str, clusters: u8) -> Vec<String> {
        let svi = "interface Vlan 10\n ip address 10.0.0.254/24\n!\n";
        let arp = |last| {
            format!(
                "arp 10.0.0.{last} 03:bf:0a:00:00:{last:02x} Te 0/1\n\
                 mac-address-table static 03:bf:0a:00:00:{last:02x} multicast vlan 10 output-range Te 0/1\n"
            )
        };
        let lines: String = (1..=clusters).map(arp).collect();
        ours("NLB406", "dell-force10", &(header.to_owned() + svi + &lines))
    }

    #[test]
    fn a_config_holds_no_more_clusters_than_its_platform() {
        assert_eq!(force10("", 8), NONE);
        assert_eq!(
            force10("", 9),
            ["NLB406 warning a.cfg:20: `a` (dell-force10) likely holds 8 clusters, and has the entries of 9"]
        );
        assert_eq!(force10("stack-unit 0 provision S3048-ON\n", 11), NONE);
        assert_eq!(
            force10("stack-unit 0 provision S3048-ON\n", 12),
            ["NLB406 warning a.cfg:27: `a` (S3048-ON) holds 11 clusters, and has the entries of 12"]
        );
        assert_eq!(force10("stack-unit 0 provision FN410S\n", 12), NONE);
    }

    #[test]
    fn a_design_puts_no_more_clusters_behind_a_gateway_than_it_holds() {
        let design = |clusters: u8| {
            let cluster = |last: u8| {
                format!(
                    "- {{name: c{last}, mode: multicast, primary_ip: 10.0.0.{last}/24, vlan: 10, nodes: [{{name: n{last}, attach: sw1 Te 0/1}}]}}\n"
                )
            };
            let clusters: String = (1..=clusters).map(cluster).collect();
            format!(
                "clusters:\n{clusters}switches: [{{name: sw1, vendor: ftos, platform: S4820T, gateway: true}}]\n"
            )
        };
        let ours = |clusters| -> Vec<String> {
            let found = found(&design(clusters), &[]);
            found.into_iter().filter(|finding| finding.starts_with("NLB406")).collect()
        };
        assert_eq!(ours(8), NONE);
        assert_eq!(
            ours(9),
            ["NLB406 warning 11: gateway `sw1` (S4820T) holds 8 clusters, and the design has 9 behind it"]
        );
    }

    #[test]
    fn a_switch_that_does_not_route_cannot_hold_what_it_is_given() {
        let header = "! Chassis type: WS-C2950T-24\n";
        let text = |vlan1: &str, mac: &str| {
            format!(
                "{header}interface Vlan1\n ip address {vlan1} 255.255.255.0\n!\narp 10.0.0.1 {mac} ARPA\n"
            )
        };
        let multicast = "03bf.0a00.0001";
        assert_eq!(
            ours("NLB409", "cisco-ios", &text("10.0.0.254", multicast)),
            [
                "NLB409 warning a.cfg:5: `a` (catalyst-2950) cannot be the gateway of cluster `03bf.0a00.0001`: it likely does not route"
            ]
        );
        assert_eq!(ours("NLB409", "cisco-ios", &text("10.0.0.254", "02bf.0a00.0001")), NONE);
        assert_eq!(ours("NLB409", "cisco-ios", &text("10.9.0.254", multicast)), NONE, "NLB404 tells it");
        let other = text("10.0.0.254", multicast).replace("WS-C2950T-24", "WS-C3750-24");
        assert_eq!(ours("NLB409", "cisco-ios", &other), NONE);
    }

    #[test]
    fn a_nexus_9000_wants_the_static_mac_of_a_unicast_cluster() {
        let text = |more: &str| {
            format!(
                "boot nxos bootflash:/nxos.9.3.3.bin\ninterface Vlan10\n  ip arp 10.0.0.1 02bf.0a00.0001\n{more}"
            )
        };
        assert_eq!(
            ours("NLB405", "cisco-nxos", &text("")),
            [
                "NLB405 warning a.cfg:3: gateway `a` (nexus-9000) needs a static MAC entry for unicast cluster `02bf.0a00.0001`: none is there"
            ]
        );
        let entry = "mac address-table static 02bf.0a00.0001 vlan 10 interface Ethernet1/1\n";
        assert_eq!(ours("NLB405", "cisco-nxos", &text(entry)), NONE);
        assert_eq!(ours("NLB405", "cisco-nxos", &text("").replace("nxos.9", "titanium.9")), NONE);
    }
}
