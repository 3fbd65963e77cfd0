//! The single values: words, numbers, switches, addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;

use ipnetwork::IpNetwork;
use macaddr::MacAddr6;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::{Decode, Decoder, Kind, Node};

/// The name of a thing: it is shown in comments of switch lines and in file names, so it holds letters, digits,
/// blanks and a few signs, and nothing that could break a line or open a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const MAX: usize = 64;

    /// Checks a text as a name.
    ///
    /// # Errors
    /// Which character does not belong into a name, or that there are none or too many.
    pub fn new(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_alphanumeric() || " ._:/@+-()".contains(c);
        if text.trim().is_empty() {
            return Err("a name has at least one letter".to_owned());
        }
        if text.trim() != text {
            return Err("a name does not begin or end with a blank".to_owned());
        }
        if text.chars().count() > Self::MAX {
            return Err(format!("a name has at most {} characters", Self::MAX));
        }
        match text.chars().find(|c| !allowed(*c)) {
            Some(bad) => Err(format!(
                "`{}` may not be in a name; letters, digits, blanks and `._:/@+-()` may",
                bad.escape_default()
            )),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for Name {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a name", Self::new)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "maxLength": Self::MAX})
    }
}

/// One line of free text without control characters: a reason, a version, a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// The longest text, in characters.
    pub const MAX: usize = 1000;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for Text {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "one line of text", |text| match text.chars().find(|c| c.is_control()) {
            Some(bad) => Err(format!("`{}` is a control character", bad.escape_default())),
            None if text.chars().count() > Self::MAX => {
                Err(format!("it has more than {} characters", Self::MAX))
            }
            None if text.trim().is_empty() => Err("it is empty".to_owned()),
            None => Ok(Self(text.to_owned())),
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number"]})
    }
}

impl Decode for bool {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let plain = matches!(node.kind, Kind::Scalar { plain: true, .. });
        cx.parsed(node, "true or false", |text| match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" if plain => Ok(true),
            "false" | "no" | "off" if plain => Ok(false),
            _ if !plain => Err("it is quoted, and so a text".to_owned()),
            _ => Err("write `true` or `false`".to_owned()),
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "boolean"})
    }
}

impl Decode for u32 {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a whole number", |text| text.parse().map_err(|_| "write digits only".to_owned()))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 0, "maximum": u32::MAX})
    }
}

impl Decode for Ipv4Addr {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "an IPv4 address", |text| {
            text.parse().map_err(|_| "four numbers from 0 to 255, with dots between".to_owned())
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "ipv4"})
    }
}

impl Decode for IpAddr {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "an IP address", |text| read_address(text).map(|(address, _)| address))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

/// An address with or without `/length`.
pub(crate) fn read_address(text: &str) -> Result<(IpAddr, Option<u8>), String> {
    let wrong = || "write it like 172.31.1.232 or 172.31.1.232/24".to_owned();
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        None => None,
        Some(digits) => match digits.parse::<u8>() {
            Ok(length) if length <= longest && digits.len() <= 3 => Some(length),
            Ok(_) => return Err(format!("the prefix length `/{digits}` is more than {longest}")),
            Err(_) => {
                return Err(format!(
                    "the prefix length `/{}` is no number",
                    crate::diagnostic::quoted(digits)
                ));
            }
        },
    };
    Ok((address, prefix))
}

impl Decode for IpNetwork {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "an address with its prefix length", |text| {
            let (address, prefix) = read_address(text)?;
            let prefix =
                prefix.ok_or_else(|| format!("the prefix length is missing: write {text}/24, say"))?;
            Self::new(address, prefix).map_err(|error| error.to_string())
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9A-Fa-f.:]+/[0-9]{1,3}$"})
    }
}

impl Decode for MacAddr6 {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a MAC address", |text| {
            crate::net::mac::parse(text).map_err(|error| error.to_string())
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9A-Fa-f]{1,4}([.:-]?[0-9A-Fa-f]{1,4})*$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_nothing_that_could_become_a_command() {
        for good in ["web", "NLB 1 (Köln)", "sw-1.dc/a"] {
            assert!(Name::new(good).is_ok(), "{good}");
        }
        for bad in
            ["", " a", "a\nno arp", "a\tb", "a'b", "a\"b", "{{x}}", "a`b", "a!b", "a;b", "a\\b", "a\u{2028}b"]
        {
            assert!(Name::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_say_what_is_wrong_with_them() {
        assert_eq!(read_address("10.0.0.1/24").map(|(_, prefix)| prefix), Ok(Some(24)));
        assert!(read_address("10.0.0.1/33").is_err_and(|why| why.contains("more than 32")));
        assert!(read_address("10.0.0.256").is_err());
        assert!(read_address("10.0.0.1/x").is_err_and(|why| why.contains("no number")));
    }
}
