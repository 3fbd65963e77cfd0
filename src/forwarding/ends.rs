//! What a picture of a fabric asks: which links there are, and which port stands for which.

use super::fabric::{Fabric, PortId};
use super::what_if::WhatIf;
use crate::design::VlanId;
use crate::net::port::PortName;

/// A port of a device: the device by its number in the plan.
pub type DevicePort<'f> = (usize, &'f PortName);

impl Fabric<'_> {
    /// The links that carry `vlan` as the design states them, each once, in the order of the devices' names.
    pub fn links_in(&self, vlan: VlanId) -> impl Iterator<Item = [DevicePort<'_>; 2]> {
        let links = self.links.iter().filter(move |link| link.carries(vlan));
        links.map(|link| link.ends.map(|(device, port)| (device, self.devices[device].name(port))))
    }

    /// The port of `device` that `port` is or belongs to: the port-channel in place of its member. `None` for a port
    /// that nothing names.
    pub fn whole(&self, device: usize, port: &PortName) -> Option<&PortName> {
        let device = &self.devices[device];
        device.port(port).map(|port| device.name(port))
    }
}

impl WhatIf {
    /// The ports whose link is down under this condition.
    pub fn down<'f>(self, fabric: &'f Fabric<'_>) -> Vec<DevicePort<'f>> {
        let name = |(device, port): (usize, PortId)| (device, fabric.devices[device].name(port));
        match self {
            Self::UplinkDown { device, port } => vec![name((device, port))],
            Self::LinkDown { link } => fabric.links[link].ends.map(name).to_vec(),
            Self::Moved { .. } | Self::FailedOver { .. } | Self::QuerierGone => Vec::new(),
        }
    }
}
