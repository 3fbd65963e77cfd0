//! The values of the description that are more than a word: ports, VLANs, links, and the keys that may be
//! written in two shapes.

use std::fmt;
use std::net::IpAddr;
use std::ops::Deref;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::types::{FirewallRecord, Gateway, LinkRecord};
use crate::net::is_vlan_id;
use crate::nlb::Mode;
use crate::source::{Span, Spanned};
use crate::yaml::{Decode, Decoder, Kind, Name, Node, Schemed, whole_number};

/// A VLAN id, 1 to 4094.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VlanId(u16);

impl VlanId {
    /// Checks a number as a VLAN id (IEEE 802.1Q: 0 and 4095 are reserved).
    pub fn new(id: u32) -> Option<Self> {
        u16::try_from(id).ok().filter(|id| is_vlan_id(*id)).map(Self)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for VlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Decode for VlanId {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a VLAN id", |text| {
            let number = whole_number(text);
            match (number, text.starts_with('0') && text.len() > 1) {
                (Err(why), true) => Err(why),
                (number, _) => {
                    number.ok().and_then(Self::new).ok_or_else(|| "it is a number from 1 to 4094".to_owned())
                }
            }
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": 4094})
    }
}

/// A VLAN id or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VlanSpec {
    /// The first id.
    pub first: VlanId,
    /// The last id.
    pub last: VlanId,
}

impl VlanSpec {
    /// Whether `vlan` is in it.
    pub fn contains(&self, vlan: VlanId) -> bool {
        (self.first..=self.last).contains(&vlan)
    }
}

impl Decode for VlanSpec {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a VLAN id or a range of them", |text| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let read = |text: &str| whole_number(text.trim()).ok().and_then(VlanId::new);
            match (read(first), read(last)) {
                (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
                (Some(_), Some(_)) => Err("the range runs backwards".to_owned()),
                _ => Err("write 10 or 10-20, with ids from 1 to 4094".to_owned()),
            }
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["integer", "string"]})
    }
}

/// The name of a VRF: it is written into switch lines, so it is one plain word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VrfName(String);

impl VrfName {
    /// Checks a text as the name of a VRF.
    ///
    /// # Errors
    /// What does not fit.
    pub fn new(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
        match text {
            "" => Err("it is empty".to_owned()),
            _ if text.len() > 32 => Err("it has more than 32 characters".to_owned()),
            _ if !text.chars().all(allowed) => Err("it is one word of letters, digits and `._:-`".to_owned()),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl Deref for VrfName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VrfName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for VrfName {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "the name of a VRF", Self::new)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,32}$"})
    }
}

/// An address, with its prefix length where one was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// The prefix length in bits.
    pub prefix: Option<u8>,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix {
            Some(prefix) => write!(f, "{}/{prefix}", self.ip),
            None => self.ip.fmt(f),
        }
    }
}

impl Decode for Address {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "an address", |text| {
            crate::yaml::read_address(text).map(|(ip, prefix)| Self { ip, prefix })
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

impl Decode for Mode {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let text = cx.scalar(node, "a mode")?;
        if let Some(mode) = Self::ALL.iter().find(|mode| mode.as_str().eq_ignore_ascii_case(text)) {
            return Some(*mode);
        }
        let words = Self::ALL.map(Self::as_str);
        let near = match text.to_ascii_lowercase().as_str() {
            "igmp" | "igmp multicast" | "igmpmulticast" => Some("igmp-multicast"),
            _ => crate::diagnostic::suggest(text, words),
        };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", crate::diagnostic::one_of(words)),
        };
        let text = crate::diagnostic::quoted(text);
        cx.error(node.span, format!("`{text}` is not a mode of NLB")).help(help);
        None
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": Self::ALL.iter().map(ToString::to_string).collect::<Vec<_>>()})
    }
}

/// The VIPs of a cluster beside the primary; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vips(Vec<Spanned<Address>>);

impl Deref for Vips {
    type Target = [Spanned<Address>];

    fn deref(&self) -> &[Spanned<Address>] {
        &self.0
    }
}

impl<'v> IntoIterator for &'v Vips {
    type Item = &'v Spanned<Address>;
    type IntoIter = std::slice::Iter<'v, Spanned<Address>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Decode for Vips {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        if matches!(&node.kind, Kind::Sequence(items) if items.is_empty()) || node.is_null() {
            cx.error(node.span, "the list of further VIPs is empty")
                .help("leave `virtual_ips` out when the primary is the only VIP");
            return None;
        }
        Vec::decode(node, cx).map(Self)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Schemed<Address>>();
        json_schema!({"type": "array", "items": one, "minItems": 1})
    }
}

/// A port of a switch: `SWITCH PORT`, the port in the switch's own spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortRef {
    /// The switch's name.
    pub switch: Spanned<String>,
    /// The port's text.
    pub port: Spanned<String>,
}

/// Splits `text` at its first blank, with the spans of both parts. A quoted or escaped scalar has one span for all.
fn split_first(text: &str, span: Span) -> Option<(Spanned<&str>, Spanned<&str>)> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    let rest_trimmed = rest.trim_start();
    let offset = text.len() - rest_trimmed.len();
    let part = |from, to| part_of(text, span, from..to);
    let first = Spanned::new(first, part(0, first.len()));
    Some((first, Spanned::new(rest_trimmed, part(offset, text.len()))))
}

/// The span of a part of `text`, which was written at `span`; all of it where quotes or escapes hide the part.
fn part_of(text: &str, span: Span, part: std::ops::Range<usize>) -> Span {
    match (span.end - span.start) as usize == text.len() {
        true => Span { start: span.start + part.start as u32, end: span.start + part.end as u32, ..span },
        false => span,
    }
}

impl Decode for PortRef {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let text = cx.scalar(node, "a port, `SWITCH PORT`,")?;
        let text = text.trim_end();
        let split = split_first(text, node.span).filter(|(_, port)| !port.is_empty());
        let Some((switch, port)) = split else {
            let shown = crate::diagnostic::quoted(text);
            cx.error(node.span, format!("`{shown}` does not name a port of a switch"))
                .help("write the switch and the port: `sw1 Gi1/0/1`");
            return None;
        };
        let owned = |part: Spanned<&str>| Spanned::new(part.value.to_owned(), part.span);
        Some(Self { switch: owned(switch), port: owned(port) })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^\\S+\\s+\\S.*$"})
    }
}

/// One port or a list of them.
#[derive(Debug, Clone, Default)]
pub struct PortRefs(pub Vec<Spanned<PortRef>>);

impl Deref for PortRefs {
    type Target = [Spanned<PortRef>];

    fn deref(&self) -> &[Spanned<PortRef>] {
        &self.0
    }
}

impl Decode for PortRefs {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            Kind::Sequence(_) => Vec::decode(node, cx).map(Self),
            _ => Spanned::decode(node, cx).map(|port| Self(vec![port])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let one = PortRef::schema(generator);
        json_schema!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    }
}

/// A link between two switches, as one of its ends states it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The port on the switch that states it.
    pub port: Spanned<String>,
    /// The other end.
    pub to: Spanned<PortRef>,
    /// The VLANs it carries; all of them when empty.
    pub vlans: Vec<Spanned<VlanSpec>>,
    /// Where it stands.
    pub span: Span,
}

impl Link {
    /// Whether the link carries `vlan`, as far as the design says.
    pub fn carries(&self, vlan: VlanId) -> bool {
        self.vlans.is_empty() || self.vlans.iter().any(|spec| spec.contains(vlan))
    }
}

impl Decode for Link {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        if matches!(node.kind, Kind::Mapping(_)) {
            let LinkRecord { port, to, vlans, span } = LinkRecord::decode(node, cx)?;
            return Some(Self { port: Spanned::new(port.value.to_string(), port.span), to, vlans, span });
        }
        let text = cx.scalar(node, "a link, `PORT SWITCH PORT`,")?.trim_end();
        // A port may hold a blank (`Te 0/48`, `port-channel 3`): a first word of letters alone takes the next one along.
        let first_word = text.split_whitespace().next().unwrap_or_default();
        let takes_number = !first_word.contains(|c: char| c.is_ascii_digit());
        let mut ends = text
            .match_indices(char::is_whitespace)
            .map(|(at, _)| at)
            .filter(|at| !text[*at..].trim_start().is_empty() && !text[..*at].ends_with(char::is_whitespace));
        let end = if takes_number { ends.nth(1) } else { ends.next() };
        let parts = end.and_then(|end| {
            let rest = text[end..].trim_start();
            let at = text.len() - rest.len();
            let sub = |from, to| part_of(text, node.span, from..to);
            let (switch, port) = split_first(rest, sub(at, text.len()))?;
            let owned = |part: Spanned<&str>| Spanned::new(part.value.to_owned(), part.span);
            let port_here = Spanned::new(text[..end].to_owned(), sub(0, end));
            let to = PortRef { switch: owned(switch), port: owned(port) };
            Some((port_here, Spanned::new(to, sub(at, text.len()))))
        });
        let Some((port, to)) = parts else {
            let shown = crate::diagnostic::quoted(text);
            cx.error(node.span, format!("`{shown}` does not name both ends of a link"))
                .help("write this switch's port, the other switch, its port: `g48 core1 Gi1/0/24`");
            return None;
        };
        Some(Self { port, to, vlans: Vec::new(), span: node.span })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let record = generator.subschema_for::<Schemed<LinkRecord>>();
        json_schema!({"anyOf": [{"type": "string", "pattern": "^\\S+\\s+\\S+\\s+\\S.*$"}, record]})
    }
}

/// Whether and how a switch routes for the clusters.
#[derive(Debug, Clone, Default)]
pub enum GatewayRole {
    /// The design does not say.
    #[default]
    Unstated,
    /// `gateway: false`.
    No(Span),
    /// `gateway: true`.
    Yes(Span),
    /// The mapping that says how.
    Described(Box<Gateway>),
}

impl GatewayRole {
    /// Whether the switch is said to be a gateway.
    pub fn is_gateway(&self) -> bool {
        matches!(self, Self::Yes(_) | Self::Described(_))
    }

    /// The description, where there is one.
    pub fn described(&self) -> Option<&Gateway> {
        match self {
            Self::Described(gateway) => Some(gateway),
            _ => None,
        }
    }

    /// Where it is stated.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Unstated => None,
            Self::No(span) | Self::Yes(span) => Some(*span),
            Self::Described(gateway) => Some(gateway.span),
        }
    }
}

impl Decode for GatewayRole {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Gateway::decode(node, cx).map(|gateway| Self::Described(Box::new(gateway))),
            _ => {
                bool::decode(node, cx).map(|yes| if yes { Self::Yes(node.span) } else { Self::No(node.span) })
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::Unstated)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let record = generator.subschema_for::<Schemed<Gateway>>();
        json_schema!({"anyOf": [{"type": "boolean"}, record]})
    }
}

/// Whether a switch is the IGMP querier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuerierRole {
    /// It is not.
    No,
    /// It is, with the address it has in the VLAN.
    Yes,
    /// It is, with this address.
    Address(std::net::Ipv4Addr),
}

impl Decode for QuerierRole {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        if let Some(Ok(address)) = node.text().map(str::parse) {
            return Some(Self::Address(address));
        }
        if node.text().is_some_and(|text| text.contains('.')) {
            return std::net::Ipv4Addr::decode(node, cx).map(Self::Address);
        }
        bool::decode(node, cx).map(|yes| if yes { Self::Yes } else { Self::No })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "boolean"}, {"type": "string", "format": "ipv4"}]})
    }
}

/// A vSphere security policy: `true` or `accept`, `false` or `reject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept(pub bool);

impl Decode for Accept {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        match node.text() {
            Some("accept") => Some(Self(true)),
            Some("reject") => Some(Self(false)),
            _ => bool::decode(node, cx).map(Self),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "boolean"}, {"enum": ["accept", "reject"]}]})
    }
}

/// A firewall of the site.
#[derive(Debug, Clone)]
pub struct Firewall {
    /// Its name.
    pub name: Spanned<Name>,
    /// The VLANs it stands in; all of them when empty.
    pub vlans: Vec<Spanned<VlanId>>,
    /// Whether it routes or bridges, where that is said.
    pub mode: Option<Spanned<super::types::FirewallMode>>,
}

impl Decode for Firewall {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        if matches!(node.kind, Kind::Mapping(_)) {
            let FirewallRecord { name, vlans, mode, .. } = FirewallRecord::decode(node, cx)?;
            return Some(Self { name, vlans, mode });
        }
        Some(Self { name: Spanned::decode(node, cx)?, vlans: Vec::new(), mode: None })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let record = generator.subschema_for::<Schemed<FirewallRecord>>();
        json_schema!({"anyOf": [{"type": "string"}, record]})
    }
}

/// The ports of a port rule, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port.
    pub last: u16,
}

impl PortRange {
    /// Every port: what a rule covers that names none.
    pub const ALL: Self = Self { first: 0, last: u16::MAX };

    /// Whether the two share a port.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first == self.last {
            true => self.first.fmt(f),
            false => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

impl Decode for PortRange {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a port or a range of ports", |text| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let read = |text: &str| whole_number(text.trim()).ok().and_then(|port| u16::try_from(port).ok());
            match (read(first), read(last)) {
                (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
                (Some(_), Some(_)) => Err("the range runs backwards".to_owned()),
                _ => Err("write 443 or 0-65535".to_owned()),
            }
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["integer", "string"]})
    }
}

/// The VIP a port rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleVip {
    /// Every VIP of the cluster.
    All,
    /// One VIP.
    One(IpAddr),
}

impl Decode for RuleVip {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        match node.text() {
            Some("all") => Some(Self::All),
            _ => IpAddr::decode(node, cx).map(Self::One),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}
