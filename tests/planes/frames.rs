//! Frames as NLB's clients and nodes send them, and IGMP, octet by octet.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

/// The client's own address, and its MAC.
const CLIENT: (Ipv4Addr, [u8; 6]) = (Ipv4Addr::new(10, 0, 0, 50), [0x02, 0x11, 0x11, 0x11, 0x11, 0x11]);
/// IPv4.
const IP: u16 = 0x0800;
/// NLB's heartbeats.
const HEARTBEAT: u16 = 0x886f;
/// IPv6.
const IPV6: u16 = 0x86dd;

/// A frame to send, by what switches look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shot {
    /// The destination MAC.
    pub(crate) mac: MacAddr6,
    /// The destination IP; a heartbeat when `None`, or an IPv6 neighbour solicitation where the MAC is that of one.
    pub(crate) ip: Option<Ipv4Addr>,
}

impl Shot {
    /// The frame in hexadecimal digits. Its last eight octets are `tag`.
    pub(crate) fn hex(&self, tag: &str) -> String {
        assert_eq!(tag.len(), 8, "{tag}");
        let (kind, payload) = match (self.ip, self.mac.as_bytes()) {
            (None, [0x33, 0x33, last @ ..]) => (IPV6, solicitation(last, tag)),
            (None, _) => (HEARTBEAT, [&[0; 40], tag.as_bytes()].concat()),
            (Some(ip), _) => {
                let ports_and_length = [5000u16, 5000, 16, 0].map(u16::to_be_bytes).concat();
                (IP, ipv4(17, CLIENT.0, ip, &[], &[&ports_and_length, tag.as_bytes()].concat()))
            }
        };
        ethernet(self.mac, CLIENT.1, kind, &payload)
    }
}

/// A general query of the querier 10.0.0.254, to be answered within a tenth of a second.
pub(crate) fn query() -> String {
    let everybody = Ipv4Addr::new(224, 0, 0, 1);
    igmp(0x11, 1, Ipv4Addr::new(10, 0, 0, 254), everybody, Ipv4Addr::UNSPECIFIED)
}

/// A report of the node 10.0.0.`node`, as NLB sends them: IGMP version 1.
pub(crate) fn report(node: u8, group: Ipv4Addr) -> String {
    igmp(0x12, 0, Ipv4Addr::new(10, 0, 0, node), group, group)
}

fn igmp(kind: u8, tenths: u8, from: Ipv4Addr, to: Ipv4Addr, group: Ipv4Addr) -> String {
    let mut message = [&[kind, tenths, 0, 0][..], &group.octets()].concat();
    let sum = checksum(&message).to_be_bytes();
    message[2..4].copy_from_slice(&sum);
    let router_alert = [0x94, 4, 0, 0];
    let [_, b, c, d] = to.octets();
    let mac = MacAddr6::new(0x01, 0x00, 0x5e, b & 0x7f, c, d);
    let payload = [ipv4(2, from, to, &router_alert, &message), vec![0; 14]].concat();
    ethernet(mac, [0x02, 0x11, 0x11, 0x11, 0x22, from.octets()[3]], IP, &payload)
}

/// Who has the address whose group ends in `last`? Its one option is `tag`.
fn solicitation(last: &[u8], tag: &str) -> Vec<u8> {
    let header = [0x60, 0, 0, 0, 0, 32, 58, 255];
    let from = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50];
    let to = [&[0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], last].concat();
    let target = [&[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], last].concat();
    [&header[..], &from, &to, &[135, 0, 0, 0, 0, 0, 0, 0], &target, tag.as_bytes()].concat()
}

fn ipv4(protocol: u8, from: Ipv4Addr, to: Ipv4Addr, options: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = 20 + options.len();
    let whole = (length + payload.len()) as u16;
    let [high, low] = whole.to_be_bytes();
    let words = (length / 4) as u8;
    let mut header = vec![0x40 | words, 0, high, low, 0, 1, 0, 0, 1, protocol, 0, 0];
    header.extend(from.octets());
    header.extend(to.octets());
    header.extend(options);
    let sum = checksum(&header).to_be_bytes();
    header[10..12].copy_from_slice(&sum);
    header.extend(payload);
    header
}

/// The Internet checksum of an even number of octets.
fn checksum(octets: &[u8]) -> u16 {
    let sum: u32 = octets.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !((folded & 0xffff) + (folded >> 16)) as u16
}

fn ethernet(to: MacAddr6, from: [u8; 6], kind: u16, payload: &[u8]) -> String {
    let frame = [to.as_bytes(), &from, &kind.to_be_bytes(), payload].concat();
    frame.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The node's answer to a question for `ip`, with the cluster MAC as the sender's: as NLB answers.
pub(crate) fn arp_reply(ip: Ipv4Addr, mac: MacAddr6, to: Ipv4Addr) -> String {
    let fixed = [0, 1, 0x08, 0, 6, 4, 0, 2];
    let payload = [&fixed, mac.as_bytes(), &ip.octets(), &[0xff; 6], &to.octets(), &[0; 18]].concat();
    ethernet(MacAddr6::broadcast(), [0x02, 0x01, 0x0a, 0x00, 0x00, 0x01], 0x0806, &payload)
}
