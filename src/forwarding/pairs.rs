//! Pairs of switches that share port-channels: vPC, MLAG, VLT. What comes over the link between the two does not leave by
//! a port-channel that both have and that is up on the other: whoever is behind it has it already
//! (<https://www.cisco.com/c/dam/en/us/td/docs/switches/datacenter/sw/design/vpc_design/vpc_best_practices_design_guide.pdf>).

use std::collections::{BTreeMap, BTreeSet};

use super::fabric::{Device, PortId};
use crate::design::{Design, Fabric as Kind, GatewayProtocol, TeamMode};
use crate::entry::{EntryKind, Subject, Value};
use crate::plan::Plan;
use crate::vendor::Bound;

/// Who is paired with whom, and which ports are ends of one port-channel.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pairs: BTreeSet<(usize, usize)>,
    twins: BTreeMap<(usize, PortId), (usize, PortId)>,
}

impl Pairs {
    /// Finds the pairs: where one port-channel of a switch or a host ends on two switches, where the design says so, and
    /// by the numbers that configs give the port-channels they share.
    pub(super) fn new(bound: &Bound<'_>, plan: &Plan<'_>, devices: &[Device<'_>]) -> Self {
        let mut found = Self::default();
        for device in devices {
            for ends in device.ends.chunk_by(|one, other| one.port == other.port) {
                if let [one, other] = ends
                    && device.name(one.port).is_lag()
                {
                    found.join((one.to, one.to_port), (other.to, other.to_port));
                }
            }
        }
        let design = bound.design;
        for host in &design.hosts {
            let mode = host.team.as_ref().and_then(|team| team.mode).map(|mode| mode.value);
            if !mode.is_some_and(TeamMode::is_switch_dependent) {
                continue;
            }
            let end = |link: &crate::design::PortRef| {
                let device = plan.topology.device_of(design.switch_position(&link.switch)?);
                Some((device, devices[device].port(&bound.port(link)?)?))
            };
            if let [Some(one), Some(other)] =
                host.links.iter().map(|link| end(&link.value)).collect::<Vec<_>>().as_slice()
            {
                found.join(*one, *other);
            }
        }
        found.take_stated(design, plan, devices);
        found.take_numbers(devices);
        found
    }

    fn join(&mut self, one: (usize, PortId), other: (usize, PortId)) {
        if one.0 != other.0 {
            self.pairs.insert((one.0.min(other.0), one.0.max(other.0)));
            self.twins.insert(one, other);
            self.twins.insert(other, one);
        }
    }

    /// The pairs that a design states: peers of a gateway by vPC or MLAG, and linked switches of such a fabric.
    fn take_stated(&mut self, design: &Design, plan: &Plan<'_>, devices: &[Device<'_>]) {
        let kind = |device: usize| {
            let members = plan.devices[device].members.iter();
            let stated = members.filter_map(|member| design.switches[*member].fabric).next();
            stated.map(|fabric| fabric.value).filter(|kind| matches!(kind, Kind::Vpc | Kind::Mlag))
        };
        for (number, device) in devices.iter().enumerate() {
            for end in device.ends.iter().filter(|end| kind(number).is_some() && kind(number) == kind(end.to))
            {
                self.pairs.insert((number.min(end.to), number.max(end.to)));
            }
        }
        for (position, switch) in design.switches.iter().enumerate() {
            let Some(gateway) = switch.gateway.described() else { continue };
            let protocol = gateway.protocol.map(|protocol| protocol.value);
            if !matches!(protocol, Some(GatewayProtocol::Vpc | GatewayProtocol::Mlag)) {
                continue;
            }
            let own = plan.topology.device_of(position);
            let peers = gateway.peers.iter().filter_map(|peer| design.switch_position(peer.as_str()));
            for peer in peers.map(|peer| plan.topology.device_of(peer)).filter(|peer| *peer != own) {
                self.pairs.insert((own.min(peer), own.max(peer)));
            }
        }
    }

    /// The port-channels that two configs of a pair give one number.
    fn take_numbers(&mut self, devices: &[Device<'_>]) {
        let numbers = |device: usize| -> BTreeMap<u32, PortId> {
            let state = devices[device].switch.held.state;
            let shared = state.settings(EntryKind::MultiChassisLag);
            let numbered = shared.filter_map(|(of, value)| match (of, value) {
                (Subject::Port(port), Value::Number(number)) => Some((*number, devices[device].port(port)?)),
                _ => None,
            });
            numbered.collect()
        };
        for (one, other) in self.pairs.clone() {
            let theirs = numbers(other);
            for (number, port) in numbers(one) {
                if let Some(twin) = theirs.get(&number) {
                    self.join((one, port), (other, *twin));
                }
            }
        }
    }

    /// Whether a link between these two is that of a pair.
    pub(super) fn are_peers(&self, one: usize, other: usize) -> bool {
        self.pairs.contains(&(one.min(other), one.max(other)))
    }

    /// The port of the other switch of the pair that ends the same port-channel.
    pub(super) fn twin(&self, device: usize, port: PortId) -> Option<(usize, PortId)> {
        self.twins.get(&(device, port)).copied()
    }
}
