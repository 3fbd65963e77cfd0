//! The two peers of a vPC, an MLAG or a VLT, as their configs show them without a design: what the static MAC entry of one
//! names and that of the other leaves out. What other wires lead where no config says.

use std::collections::{BTreeMap, BTreeSet};

use super::layer2_alone::{Neighbour, for_each_entry, title};
use super::layer2_ports::{STATIC_MAC_MISSING_LINK, STATIC_MAC_MISSING_PORT};
use super::words::{Mender, listed};
use super::{ConfigFile, Estate, Findings, Rule, SeenMac, Sighting};
use crate::diagnostic::{Diagnostic, Severity, quoted};
use crate::entry::{Entry, EntryKind, Key, Subject, Value};
use crate::net::port::PortName;

/// The link to the peer, where the config has one.
fn peer_link(config: &ConfigFile<'_>) -> Option<PortName> {
    config.state.settings(EntryKind::PeerLink).find_map(|(of, value)| match (of, value) {
        (Subject::Port(port), Value::Flag(true)) => Some(port.clone()),
        _ => None,
    })
}

/// The port-channels that reach over both peers, by the number both know them by.
fn shared_channels(config: &ConfigFile<'_>) -> BTreeMap<u32, PortName> {
    let settings = config.state.settings(EntryKind::MultiChassisLag);
    let shared = settings.filter_map(|(of, value)| match (of, value) {
        (Subject::Port(port), Value::Number(number)) => Some((*number, port.clone())),
        _ => None,
    });
    shared.collect()
}

/// What an entry on one of two peers leaves out, as the entry on the other shows.
struct LeftOut<'e> {
    entry: &'e Entry,
    /// Its ends of what reaches over both peers.
    channels: BTreeSet<PortName>,
    /// The link to the peer, behind which alone some nodes are.
    link: Option<PortName>,
}

impl LeftOut<'_> {
    fn mended(&self) -> Entry {
        let held = self.entry.ports().into_iter().flatten();
        let ports = held.chain(&self.channels).chain(&self.link).cloned().collect();
        self.entry.with_ports(ports)
    }
}

/// What the entry of the same MAC on the neighbour leaves out, when the two are peers.
fn left_out<'e>(
    estate: &'e Estate<'e>,
    sighting: &Sighting,
    seen: &SeenMac,
    neighbour: &Neighbour,
) -> Option<LeftOut<'e>> {
    let (config, holder) = (&estate.configs[neighbour.config], &estate.configs[sighting.config]);
    let (link, own_link) = (peer_link(config)?, peer_link(holder)?);
    let key = Key::StaticMac { vlan: seen.vlan, mac: sighting.mac };
    let entry @ Entry::StaticMac { ports, .. } = config.state.get(&key)? else { return None };
    let (theirs, ours) = (shared_channels(config), shared_channels(holder));
    let pinned = ours.iter().filter(|(_, port)| seen.ports.contains(port));
    let channels = pinned.filter_map(|(number, _)| theirs.get(number)).filter(|port| !ports.contains(port));
    let channels = channels.cloned().collect();
    let alone = |port: &&PortName| **port != own_link && !ours.values().any(|shared| shared == *port);
    let beyond = seen.ports.iter().any(|port| alone(&port));
    let link = Some(link).filter(|link| beyond && !ports.contains(link));
    Some(LeftOut { entry, channels, link })
}

/// Reports what is left out, with the lines that put it in.
fn report_left_out<'f>(
    estate: &Estate<'_>,
    findings: &'f mut Findings,
    (sighting, seen, neighbour): (&Sighting, &SeenMac, &Neighbour),
    left_out: &LeftOut<'_>,
    (rule, message): (&Rule, String),
    mender: &Mender,
) -> &'f mut Diagnostic {
    let (config, holder) = (&estate.configs[neighbour.config], &estate.configs[sighting.config]);
    let finding = findings.report(rule, config.span_of(left_out.entry), message);
    finding.severity(Severity::Warning).switch(config.name.clone());
    if let Some(line) = holder.span_of(&seen.entry) {
        finding.related(line, format!("the entry of its peer `{}`", quoted(&holder.name)));
    }
    mender.exchange(config, finding, std::slice::from_ref(left_out.entry), &[left_out.mended()]);
    finding
}

/// A port-channel over two peers that one of them pins and the other does not: NLB502.
pub(super) fn channel_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_entry(estate, |sighting, seen, neighbour| {
        let Some(out) = left_out(estate, sighting, seen, neighbour) else { return };
        if out.channels.is_empty() {
            return;
        }
        let message = format!(
            "the static MAC entry of {} likely leaves out {}, which `{}` has from its side",
            title(sighting),
            listed(&out.channels),
            quoted(&estate.configs[sighting.config].name)
        );
        let about = (sighting, seen, neighbour);
        let rule = (&STATIC_MAC_MISSING_PORT, message);
        report_left_out(estate, findings, about, &out, rule, &mender)
            .help("name the port-channel on both peers: either may get the frames");
    });
}

/// Nodes behind one of two peers, and no way to them in the entry of the other: NLB503.
pub(super) fn link_missing(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for_each_entry(estate, |sighting, seen, neighbour| {
        let Some(out) = left_out(estate, sighting, seen, neighbour) else { return };
        let Some(link) = &out.link else { return };
        let message = format!(
            "the static MAC entry of {} likely leaves out the peer link `{link}`: nodes behind `{}` alone get nothing from here",
            title(sighting),
            quoted(&estate.configs[sighting.config].name)
        );
        let about = (sighting, seen, neighbour);
        let rule = (&STATIC_MAC_MISSING_LINK, message);
        report_left_out(estate, findings, about, &out, rule, &mender)
            .help("list the peer link among the ports of the entry");
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{NONE, findings_alone};
    use crate::source::Sources;

    const PEERS: &str = "vlt domain 1\n peer-link port-channel 100\n!\ninterface Port-channel 5\n \
                         switchport\n vlt-peer-lag port-channel 5\n!\n";

    /// The findings of this code in two peers whose entries have these ports, with the lines that mend them.
    fn peers(code: u16, ports: [&str; 2]) -> Vec<String> {
        let text = |own: u8, ports: &str| {
            format!(
                "interface Vlan 10\n ip address 172.31.1.{own}/24\n!\n{PEERS}\
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range {ports}\n"
            )
        };
        let (first, second) = (text(2, ports[0]), text(3, ports[1]));
        let mut sources = Sources::new();
        let configs = [("a.cfg", "dell-force10", first.as_str()), ("b.cfg", "dell-force10", second.as_str())];
        let found = findings_alone(&configs, &mut sources);
        let ours = found.into_iter().filter(|(finding, _)| finding.code.0 == code);
        let shown = ours.map(|(finding, place)| {
            let lines = finding.remediation.map(|remedy| remedy.lines[0].clone()).unwrap_or_default();
            format!("{} {place}: {} / {lines}", finding.severity, finding.message)
        });
        shown.collect()
    }

    #[test]
    fn peers_pin_the_port_channel_that_reaches_over_both() {
        assert_eq!(
            peers(502, ["Po 5", "Te 0/9"]),
            [
                "warning b.cfg:11: the static MAC entry of cluster `03:bf:ac:1f:01:e8` likely leaves out `Port-channel5`, \
                 which `a` has from its side / \
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range TenGigabitEthernet 0/9,Port-channel 5"
            ]
        );
        assert_eq!(peers(502, ["Po 5", "Po 5"]), NONE);
    }

    #[test]
    fn nodes_behind_one_peer_are_reached_by_the_link_between_them() {
        assert_eq!(
            peers(503, ["Po 5,Te 0/9,Po 100", "Po 5"]),
            [
                "warning b.cfg:11: the static MAC entry of cluster `03:bf:ac:1f:01:e8` likely leaves out the peer link `Port-channel100`: \
                 nodes behind `a` alone get nothing from here / \
                 mac-address-table static 03:bf:ac:1f:01:e8 multicast vlan 10 output-range Port-channel 5,Port-channel 100"
            ]
        );
        assert_eq!(peers(503, ["Po 5", "Po 5"]), NONE);
        assert_eq!(peers(503, ["Po 5,Te 0/9", "Po 5,Po 100"]), NONE);
    }
}
