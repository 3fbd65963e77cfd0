//! The single values: words, numbers, switches, addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;

use ipnetwork::IpNetwork;
use macaddr::MacAddr6;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::{Decode, Decoder, Kind, Node};
use crate::harmless::is_treacherous;

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
            return Err("it is empty".to_owned());
        }
        if text.trim() != text {
            return Err("it begins or ends with a blank".to_owned());
        }
        if text.chars().count() > Self::MAX {
            return Err(format!("it has more than {} characters", Self::MAX));
        }
        match text.chars().find(|c| !allowed(*c)) {
            Some(bad) => Err(format!(
                "`{}` may not be in it; letters, digits, blanks and `._:/@+-()` may",
                crate::diagnostic::quoted(bad.encode_utf8(&mut [0; 4]))
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

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl Decode for Text {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "one line of text", |text| match text.chars().find(|c| is_treacherous(*c)) {
            Some(bad) => Err(format!("it holds the control character `{}`", bad.escape_default())),
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
            _ if !plain => Err("it is quoted, and so a text: take the quotes away".to_owned()),
            _ => Err("write `true` or `false`".to_owned()),
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "boolean"})
    }
}

impl Decode for u32 {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a whole number", whole_number)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 0, "maximum": u32::MAX})
    }
}

/// Digits as a number. YAML 1.1 reads `010` as eight and YAML 1.2 as ten, so a leading zero is refused.
pub(crate) fn whole_number(text: &str) -> Result<u32, String> {
    match text {
        "" => Err("no digit is there".to_owned()),
        _ if !text.bytes().all(|octet| octet.is_ascii_digit()) => Err("write digits only".to_owned()),
        _ if text.len() > 1 && text.starts_with('0') => {
            let plain = text.trim_start_matches('0');
            let plain = if plain.is_empty() { "0" } else { plain };
            Err(format!("write {}; some read a leading zero as octal", crate::diagnostic::quoted(plain)))
        }
        _ => text.parse().map_err(|_| format!("it is more than {}", u32::MAX)),
    }
}

impl Decode for Ipv4Addr {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "an IPv4 address", |text| text.parse().map_err(|_| ADDRESS_SHAPE.to_owned()))
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

/// What makes an IPv4 address.
const ADDRESS_SHAPE: &str =
    "an address has four numbers from 0 to 255 without leading zeros, like 172.31.1.232";

/// An address with or without `/length`.
pub(crate) fn read_address(text: &str) -> Result<(IpAddr, Option<u8>), String> {
    let wrong = || match text.contains(':') {
        true => "write it like 2001:db8::e8 or 2001:db8::e8/64".to_owned(),
        false => ADDRESS_SHAPE.to_owned(),
    };
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        None => None,
        Some(digits) => match whole_number(digits).map(u8::try_from) {
            Ok(Ok(length)) if length <= longest => Some(length),
            _ => {
                return Err(format!(
                    "its prefix length is a number from 0 to {longest} without leading zeros"
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
            let length = if address.is_ipv4() { 24 } else { 64 };
            let prefix = prefix.ok_or_else(|| format!("add the length of its subnet: {text}/{length}"))?;
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
    fn numbers_are_digits_that_everybody_reads_alike() {
        assert_eq!((whole_number("0"), whole_number("4094")), (Ok(0), Ok(4094)));
        for bad in ["", "+1", "-1", "010", "00", "0x10", "1e3", "1_0", "1.0", " 1", "99999999999", "१"] {
            assert!(whole_number(bad).is_err(), "{bad:?}");
        }
        assert!(whole_number("010").is_err_and(|why| why.starts_with("write 10;")));
    }

    #[test]
    fn addresses_say_what_is_wrong_with_them() {
        assert_eq!(read_address("10.0.0.1/24").map(|(_, prefix)| prefix), Ok(Some(24)));
        assert!(read_address("10.0.0.1/33").is_err_and(|why| why.contains("0 to 32")));
        assert!(read_address("10.0.0.1/024").is_err_and(|why| why.contains("leading zeros")));
        assert!(read_address("10.0.0.256").is_err());
        assert!(read_address("10.0.0.1/x").is_err_and(|why| why.contains("a number")));
    }
}
