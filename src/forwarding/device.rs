//! What one switch does with a frame: the ports it leaves by, what decided that, and how sure it is.
//!
//! A pure function of what the switch holds, what its platform does, and what it has heard in the VLAN. It is held
//! against measured forwarding planes: every row of the table of the Linux bridge comes out of it.

use std::net::Ipv4Addr;

use super::decided::{DecidedBy, Doubt, Idle};
use super::frame::{Cast, Frame};
use super::switch::{Held, Switch};
use crate::entry::{Entry, EntryKind, Key, Subject, Unregistered, Value};
use crate::net::PortSet;
use crate::net::port::PortName;
use crate::nlb::multicast_groups;
use crate::source::Span;
use crate::vendor::{Evidence, Lookup, PortCount, WithQuerier};

/// A switch in one VLAN, with what it has heard there.
#[derive(Debug, Clone)]
pub struct Plane<'p> {
    /// The switch.
    pub switch: &'p Switch<'p>,
    /// The ports behind which nodes report their IGMP group; none where nobody asks for reports, since what was reported
    /// is forgotten.
    pub joined: PortSet,
    /// The ports behind which queries were heard, beside those that the switch is told.
    pub router_ports: PortSet,
    /// Whether there is an IGMP querier in the VLAN.
    pub queried: bool,
}

/// The ports a frame leaves by, its ingress aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Egress {
    /// Every port of the VLAN but these.
    AllBut(PortSet),
    /// These.
    Only(PortSet),
    /// Nobody knows. These, and it is taken that those that lead to nodes are among them.
    AtLeast(PortSet),
}

/// What one switch does with a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The ports it leaves by.
    pub egress: Egress,
    /// What decided.
    pub by: DecidedBy,
    /// How sure that is: the weakest of the facts it rests on.
    pub evidence: Evidence,
    /// Where it is said: a line of the config, or the switch in the design.
    pub location: Option<Span>,
}

impl Decision {
    /// Whether nobody says what becomes of the frame.
    pub fn is_unknown(&self) -> bool {
        matches!(self.by, DecidedBy::Unknown(_))
    }

    /// The ports it leaves by, where these are in the VLAN; never the one it came by.
    pub fn ports(&self, in_vlan: &PortSet, ingress: Option<&PortName>) -> PortSet {
        let out: PortSet = match &self.egress {
            Egress::AllBut(kept) => in_vlan.difference(kept).cloned().collect(),
            Egress::Only(ports) | Egress::AtLeast(ports) => ports.clone(),
        };
        out.iter().filter(|port| Some(*port) != ingress).cloned().collect()
    }
}

/// What the switch does with `frame`, wherever it came in.
pub fn decide(plane: &Plane<'_>, frame: &Frame) -> Decision {
    let held = &plane.switch.held;
    let dropped = Entry::Setting {
        kind: EntryKind::DroppedMac,
        of: Subject::Vlan(frame.vlan),
        value: Value::Mac(frame.mac),
    };
    if held.state.get(&dropped.key()).is_some() {
        return said(held, &dropped, Egress::Only(PortSet::new()), DecidedBy::Dropped, Evidence::Vendor);
    }
    match frame.cast() {
        // In unicast mode heartbeats are broadcasts: a report says so, not Microsoft.
        Cast::Broadcast => {
            unsaid(held, Egress::AllBut(PortSet::new()), DecidedBy::Broadcast, Evidence::Field)
        }
        Cast::Unicast => unicast(plane, frame),
        Cast::Multicast => multicast(plane, frame),
    }
}

fn decision(egress: Egress, by: DecidedBy, evidence: Evidence, location: Option<Span>) -> Decision {
    Decision { egress, by, evidence, location }
}

/// What `entry` decides: no surer than that the device takes its line.
fn said(held: &Held<'_>, entry: &Entry, egress: Egress, by: DecidedBy, evidence: Evidence) -> Decision {
    decision(egress, by, evidence.max(held.grade_of(entry)), held.span_of(entry))
}

/// What the platform does by itself.
fn unsaid(held: &Held<'_>, egress: Egress, by: DecidedBy, evidence: Evidence) -> Decision {
    decision(egress, by, evidence, held.design)
}

fn unknown(plane: &Plane<'_>, doubt: Doubt) -> Decision {
    let egress = Egress::AtLeast(PortSet::new());
    unsaid(&plane.switch.held, egress, DecidedBy::Unknown(doubt), Evidence::Unverified)
}

fn static_mac<'p>(plane: &Plane<'p>, frame: &Frame) -> Option<(&'p Entry, PortSet)> {
    let entry = plane.switch.held.state.get(&Key::StaticMac { vlan: frame.vlan, mac: frame.mac })?;
    let ports = entry.ports()?.iter().map(|port| plane.switch.whole(port)).collect();
    Some((entry, ports))
}

fn unicast(plane: &Plane<'_>, frame: &Frame) -> Decision {
    let held = &plane.switch.held;
    if let Some((entry, ports)) = static_mac(plane, frame) {
        return said(held, entry, Egress::Only(ports), DecidedBy::StaticMac, Evidence::Vendor);
    }
    // Microsoft: unicast mode relies on switches that flood what they do not know.
    let kept = plane.switch.no_unicast.clone();
    unsaid(held, Egress::AllBut(kept), DecidedBy::UnknownUnicast, Evidence::Vendor)
}

fn multicast(plane: &Plane<'_>, frame: &Frame) -> Decision {
    let held = &plane.switch.held;
    let facts = held.facts();
    let snooping = snoops(held, frame.vlan);
    let mut idle = None;
    if let Some((entry, mut ports)) = static_mac(plane, frame) {
        let fact = facts.static_multicast_mac();
        let grade = fact.map_or(Evidence::Unverified, |fact| fact.evidence);
        idle = idleness(held, frame, snooping.map(|(on, _)| on));
        match (facts.static_mac_ports(), idle) {
            (_, Some(_)) => {}
            (PortCount::NonIp, None) => {
                ports.append(&mut router_ports(plane, frame.vlan));
                return said(held, entry, Egress::Only(ports), DecidedBy::StaticMacNonIp, grade);
            }
            // A line that is there and that the platform is said not to hold: somebody is wrong.
            (PortCount::None | PortCount::Unknown, None) => {
                let by = DecidedBy::Unknown(Doubt::StaticMac);
                return said(held, entry, Egress::AtLeast(ports), by, Evidence::Unverified);
            }
            (PortCount::One, None) if ports.len() > 1 => {
                return said(held, entry, Egress::Only(ports), DecidedBy::StaticMac, Evidence::Unverified);
            }
            (PortCount::Many | PortCount::Software | PortCount::One, None) => {
                return said(held, entry, Egress::Only(ports), DecidedBy::StaticMac, grade);
            }
        }
    }
    if idle.is_none() {
        if !held.shows(EntryKind::StaticMac) {
            return unknown(plane, held.unseen(EntryKind::StaticMac));
        }
        if let Some(line) = held.doubtful_line(EntryKind::StaticMac) {
            return Decision { location: Some(line), ..unknown(plane, Doubt::Line) };
        }
    }
    let Some((snooping, snooping_grade)) = snooping else {
        return match is_group(frame) || facts.unregistered_with_querier().is_some() {
            true => unknown(plane, Doubt::Snooping),
            false => unregistered(plane, frame, idle, Evidence::Vendor),
        };
    };
    if !snooping {
        return unregistered(plane, frame, idle, Evidence::Vendor);
    }
    match snooped(plane, frame) {
        Some(decision) => Decision { evidence: decision.evidence.max(snooping_grade), ..decision },
        None => unregistered_while_snooping(plane, frame, idle, snooping_grade),
    }
}

/// Whether the frame has a MAC that IGMP snooping may know.
fn is_group(frame: &Frame) -> bool {
    multicast_groups(frame.mac).is_some()
}

/// Whether snooping is on in the VLAN, and how sure that is.
fn snoops(held: &Held<'_>, vlan: u16) -> Option<(bool, Evidence)> {
    let facts = held.facts();
    let of = |vlan: Option<u16>| match held.state.get(&Key::IgmpSnooping { vlan }) {
        Some(entry @ Entry::IgmpSnooping { enabled, .. }) => Some((*enabled, held.grade_of(entry))),
        _ => {
            let default = match vlan {
                Some(_) => facts.igmp_snooping_vlan_default(),
                None => facts.igmp_snooping_default(),
            };
            default.map(|fact| (fact.value, fact.evidence))
        }
    };
    match (of(None), of(Some(vlan))) {
        (Some((false, grade)), _) | (_, Some((false, grade))) => Some((false, grade)),
        (Some((true, switch)), Some((true, vlan))) => Some((true, switch.max(vlan))),
        _ => None,
    }
}

/// Why the static MAC entry of the frame does nothing, if so.
fn idleness(held: &Held<'_>, frame: &Frame, snooping: Option<bool>) -> Option<Idle> {
    let off = |kind: &EntryKind| match kind {
        EntryKind::MulticastFiltering => {
            let held = held.state.get(&Key::MulticastFiltering);
            !matches!(held, Some(Entry::MulticastFiltering { enabled: true }))
        }
        EntryKind::IgmpSnooping => snooping == Some(false),
        _ => false,
    };
    if let Some(kind) = held.facts().needs_of(EntryKind::StaticMac).find(off) {
        return Some(Idle::Prerequisite(kind));
    }
    if held.keeps_groups_by_ip(frame.vlan) {
        return frame.ip.map(|_| Idle::IpFrame);
    }
    if held.facts().static_mac_ports() != PortCount::NonIp {
        return None;
    }
    match (snooping, frame.ip) {
        (Some(false), _) => Some(Idle::SnoopingOff),
        (_, Some(_)) => Some(Idle::IpFrame),
        _ => None,
    }
}

fn router_ports(plane: &Plane<'_>, vlan: u16) -> PortSet {
    let mut ports = plane.switch.router_ports_in(vlan);
    ports.extend(plane.router_ports.iter().cloned());
    ports
}

/// What snooping knows of the frame: a static group or the nodes' reports. `None` where it knows nothing of it.
fn snooped(plane: &Plane<'_>, frame: &Frame) -> Option<Decision> {
    let held = &plane.switch.held;
    let (lookup, of) = held.lookup_in(frame.vlan);
    let key = of.map(|(kind, of)| Key::Setting { kind, of, item: None });
    let stated = key.and_then(|key| held.state.get(&key));
    let by_router_ports = held.facts().unregistered_with_querier();
    let by_router_ports = by_router_ports.is_some_and(|fact| fact.value == WithQuerier::RouterPorts);
    if by_router_ports && !plane.queried {
        return None; // such a switch floods groups too, until it hears a querier
    }
    let evidence = match stated {
        Some(entry) => held.grade_of(entry),
        None => held.facts().multicast_lookup().map_or(Evidence::Unverified, |fact| fact.evidence),
    };
    let groups: Vec<Ipv4Addr> = match (lookup, frame.ip) {
        (Lookup::Ip, Some(ip)) if ip.is_multicast() => vec![ip],
        // A frame that is not IP, and one with a unicast IP, are no group's.
        (Lookup::Ip, _) => return None,
        (Lookup::Mac | Lookup::Unknown, _) => multicast_groups(frame.mac)?.collect(),
    };
    let fixed = groups.iter().find_map(|group| {
        let entry = held.state.get(&Key::StaticGroup { vlan: frame.vlan, group: *group })?;
        Some((entry, entry.ports()?))
    });
    let mut ports: PortSet = plane.joined.clone();
    let fixed_ports = fixed.map(|(_, ports)| ports);
    ports.extend(fixed_ports.into_iter().flatten().map(|port| plane.switch.whole(port)));
    if ports.is_empty() {
        return None;
    }
    if lookup == Lookup::Unknown {
        return Some(unknown(plane, Doubt::Lookup));
    }
    ports.append(&mut router_ports(plane, frame.vlan));
    let egress = Egress::Only(ports);
    Some(match fixed {
        Some((entry, _)) => said(held, entry, egress, DecidedBy::StaticGroup, evidence),
        None => match stated {
            Some(entry) => said(held, entry, egress, DecidedBy::Joined, evidence),
            None => unsaid(held, egress, DecidedBy::Joined, evidence),
        },
    })
}

/// Multicast that snooping does not know.
fn unregistered_while_snooping(
    plane: &Plane<'_>,
    frame: &Frame,
    idle: Option<Idle>,
    grade: Evidence,
) -> Decision {
    let held = &plane.switch.held;
    // Switches that are told to send IP multicast to routers only: that frames with a unicast IP fare alike was
    // measured on software bridges, and no vendor says it.
    if frame.ip.is_some() {
        let kind = EntryKind::UnregisteredToRouters;
        let told = [Subject::Vlan(frame.vlan), Subject::Switch];
        let told = told.into_iter().find_map(|of| Some((held.state.flag(kind, &of)?, of)));
        if let Some((true, of)) = told {
            let entry = Entry::Setting { kind, of, value: Value::Flag(true) };
            let egress = Egress::Only(router_ports(plane, frame.vlan));
            return said(held, &entry, egress, DecidedBy::RouterPorts, Evidence::Unverified);
        }
        let queried = held.facts().unregistered_with_querier().filter(|_| plane.queried);
        match queried.map(|fact| (fact.value, fact.evidence)) {
            Some((WithQuerier::RouterPorts, evidence)) => {
                let egress = Egress::Only(router_ports(plane, frame.vlan));
                return unsaid(held, egress, DecidedBy::RouterPorts, evidence.max(grade));
            }
            Some((WithQuerier::Unknown, _)) => return unknown(plane, Doubt::Unregistered),
            Some((WithQuerier::Flood, _)) | None => {}
        }
    }
    unregistered(plane, frame, idle, grade)
}

/// Multicast that no entry knows.
fn unregistered(plane: &Plane<'_>, frame: &Frame, idle: Option<Idle>, grade: Evidence) -> Decision {
    let held = &plane.switch.held;
    let fact = held.facts().unregistered_multicast();
    let (by, egress) = match fact.map(|fact| fact.value) {
        Some(Unregistered::Flood) => {
            let by = idle.map_or(DecidedBy::Unregistered, DecidedBy::UnregisteredDespite);
            (by, Egress::AllBut(plane.switch.no_multicast.clone()))
        }
        Some(Unregistered::Drop) => (DecidedBy::UnregisteredDropped, Egress::Only(PortSet::new())),
        None => return unknown(plane, Doubt::Unregistered),
    };
    let evidence = fact.map_or(Evidence::Unverified, |fact| fact.evidence).max(grade);
    let entry = static_mac(plane, frame).filter(|_| idle.is_some()).map(|(entry, _)| entry);
    let location = entry.map_or(held.design, |entry| held.span_of(entry));
    decision(egress, by, evidence, location)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::forwarding::{Lines, Switch};
    use crate::source::Sources;
    use crate::vendor::{Model, Packs};

    /// What decides about a frame of a multicast cluster on a switch with an entry of its MAC, in a VLAN with this mode.
    fn decides(mode: &str, ip: Option<&str>) -> DecidedBy {
        let pack = Packs::embedded().get("cisco-small-business").unwrap().unwrap();
        let text = format!(
            "bridge multicast filtering\ninterface vlan 10\n bridge multicast mode {mode}\n \
             bridge multicast address 03:bf:0a:00:00:01 add gi1-2\n!\n"
        );
        let reading = crate::config::read(&pack, &text);
        let state = reading.state(&pack.facts(None));
        let config = Some(Lines { file: Sources::new().add("sw1.cfg", &text), reading: &reading });
        let switch =
            Switch::new(Held { state: &state, pack: &pack, model: Model::UNKNOWN, config, design: None });
        let plane =
            Plane { switch: &switch, joined: PortSet::new(), router_ports: PortSet::new(), queried: false };
        let mac = "03:bf:0a:00:00:01".parse().unwrap();
        decide(&plane, &Frame { mac, vlan: 10, ip: ip.map(|ip| ip.parse().unwrap()) }).by
    }

    #[test]
    fn where_groups_are_kept_by_ip_an_entry_of_a_mac_holds_what_is_not_ip() {
        let vip = Some("10.0.0.1");
        assert_eq!(decides("mac-group", vip), DecidedBy::StaticMac);
        assert_eq!(decides("ipv4-group", None), DecidedBy::StaticMac);
        for mode in ["ipv4-group", "ipv4-src-group"] {
            assert_eq!(decides(mode, vip), DecidedBy::UnregisteredDespite(Idle::IpFrame), "{mode}");
        }
    }
}
