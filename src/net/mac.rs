//! MAC notations: how devices write a MAC address, and every way in which people do.
//!
//! Reading is generous, since addresses are pasted from switches, from Windows and from chat: any case, any of the
//! notations, groups without their leading zeros. It is never vague: what has two readings is refused.

use std::fmt;
use std::str::FromStr;

use macaddr::MacAddr6;
use serde::{Deserialize, Serialize};

/// How a MAC address is written. Output is in lower case throughout, as switches print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notation {
    /// `02:bf:ac:1f:01:e8`: Linux, Junos, Force10, AOS-CX.
    Colon,
    /// `02-bf-ac-1f-01-e8`: Windows, D-Link.
    Hyphen,
    /// `02bf.ac1f.01e8`: Cisco, Brocade.
    Dotted,
    /// `02bf-ac1f-01e8`: HPE Comware, H3C, Huawei.
    Comware,
    /// `02bfac1f01e8`: no separator.
    Bare,
}

impl Notation {
    /// Every notation, in the order in which they are shown.
    pub const ALL: [Notation; 5] =
        [Notation::Colon, Notation::Hyphen, Notation::Dotted, Notation::Comware, Notation::Bare];

    /// The notation's name as packs and arguments spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Notation::Colon => "colon",
            Notation::Hyphen => "hyphen",
            Notation::Dotted => "dotted",
            Notation::Comware => "comware",
            Notation::Bare => "bare",
        }
    }

    /// The separator, and how many octets stand between two of them.
    const fn shape(self) -> (&'static str, usize) {
        match self {
            Notation::Colon => (":", 1),
            Notation::Hyphen => ("-", 1),
            Notation::Dotted => (".", 2),
            Notation::Comware => ("-", 2),
            Notation::Bare => ("", 6),
        }
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a MAC notation; the notations are `colon`, `hyphen`, `dotted`, `comware` and `bare`")]
pub struct UnknownNotation;

impl FromStr for Notation {
    type Err = UnknownNotation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Notation::ALL.into_iter().find(|notation| notation.as_str() == text).ok_or(UnknownNotation)
    }
}

/// Writes a MAC address, in lower case and with its leading zeros.
///
/// ```
/// use nlbswitch::net::mac::{Notation, format, parse};
/// let mac = parse("03-BF-AC-1F-1-E8")?;
/// assert_eq!(format(mac, Notation::Dotted), "03bf.ac1f.01e8");
/// # Ok::<(), nlbswitch::net::mac::MacError>(())
/// ```
#[must_use]
pub fn format(mac: MacAddr6, notation: Notation) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let (separator, octets) = notation.shape();
    let mut text = String::with_capacity("00:00:00:00:00:00".len());
    for (index, octet) in mac.as_bytes().iter().enumerate() {
        if index > 0 && index % octets == 0 {
            text.push_str(separator);
        }
        text.push(DIGITS[usize::from(octet >> 4)]);
        text.push(DIGITS[usize::from(octet & 0xf)]);
    }
    text
}

/// Why a text is no MAC address. The message follows the quoted text: "`02bf.ac1f` *has 2 groups …*".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MacError {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// A character that is neither a hexadecimal digit nor a separator.
    #[error("has `{}` in it, which is no hexadecimal digit", .0.escape_debug())]
    Character(char),
    /// More than one kind of separator.
    #[error("mixes `{0}` and `{1}` as separators")]
    MixedSeparators(char, char),
    /// A number of groups that no notation has.
    #[error("has {found} {} where a MAC address with `{separator}` has {expected}", plural(*.found, "group"))]
    GroupCount {
        /// The separator seen.
        separator: char,
        /// How many groups there are.
        found: usize,
        /// How many there could be, in words.
        expected: &'static str,
    },
    /// Two separators in a row, or one at an end.
    #[error("has an empty group: number {0}")]
    EmptyGroup(usize),
    /// More digits in a group than its octets have.
    #[error("has {found} digits in group {group}, at most {most} fit")]
    LongGroup {
        /// The group's number, from 1.
        group: usize,
        /// Its digits.
        found: usize,
        /// The digits it may have.
        most: usize,
    },
    /// A group that kept some of its leading zeros and lost digits: an address cut off, rather than written short.
    #[error("has group {group} cut off: it is not {full} digits, and not written without its leading zeros")]
    CutGroup {
        /// The group's number, from 1.
        group: usize,
        /// The digits it would have with all its zeros.
        full: usize,
    },
    /// Digits without separators, and not twelve of them.
    #[error("has {found} hexadecimal {}, a MAC address has 12", plural(*.found, "digit"))]
    DigitCount {
        /// How many there are.
        found: usize,
    },
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// Reads a MAC address in any notation and case.
///
/// Accepted are six groups of up to two digits with `:`, `-` or `.` (Windows and NLB's documents drop leading zeros:
/// `02-BF-1-2-3-4`), three groups of up to four with `.` (NX-OS accepts `1.2.3`) or `-` (so does Comware: `f-e2-1` is
/// `000f-00e2-0001`,
/// <https://www.manualshelf.com/manual/hp/hp-hsr6804-router-chassis/r3303-hp-hsr6800-routers-layer-2-lan-switching-command-reference/page-14.html>),
/// two groups of six with `-` (ProCurve's display), and twelve bare digits. A group is written in full or without any
/// leading zero; in between it is taken for an address cut off. White space is the caller's to trim.
///
/// # Errors
///
/// Says what is wrong with the text: see [`MacError`].
pub fn parse(text: &str) -> Result<MacAddr6, MacError> {
    read(text).map(|(mac, _)| mac)
}

/// Reads a MAC address and tells the notation it was written in, so that an answer can be given in the same.
///
/// # Errors
///
/// As [`parse`].
pub fn read(text: &str) -> Result<(MacAddr6, Notation), MacError> {
    let mut separator = None;
    for character in text.chars() {
        match (character, separator) {
            (':' | '-' | '.', None) => separator = Some(character),
            (':' | '-' | '.', Some(first)) if first != character => {
                return Err(MacError::MixedSeparators(first, character));
            }
            (':' | '-' | '.', Some(_)) => {}
            _ if character.is_ascii_hexdigit() => {}
            _ => return Err(MacError::Character(character)),
        }
    }
    let Some(separator) = separator else {
        return match text.len() {
            0 => Err(MacError::Empty),
            12 => Ok((octets(&[text], 6), Notation::Bare)),
            found => Err(MacError::DigitCount { found }),
        };
    };
    let found = text.split(separator).count();
    let (octets_each, notation, exact) = match (separator, found) {
        (':', 6) => (1, Notation::Colon, false),
        ('-', 6) => (1, Notation::Hyphen, false),
        ('.', 6) => (1, Notation::Dotted, false),
        ('.', 3) => (2, Notation::Dotted, false),
        ('-', 3) => (2, Notation::Comware, false),
        ('-', 2) => (3, Notation::Hyphen, true),
        _ => {
            let expected = if separator == ':' { "6" } else { "3 or 6" };
            return Err(MacError::GroupCount { separator, found, expected });
        }
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let most = octets_each * 2;
    for (group, number) in groups.iter().zip(1..) {
        match group.len() {
            0 => return Err(MacError::EmptyGroup(number)),
            found if found > most => return Err(MacError::LongGroup { group: number, found, most }),
            // ProCurve always prints six digits; two shorter groups are a cut-off address of another notation.
            short if exact && short < most => {
                return Err(MacError::GroupCount { separator, found: groups.len(), expected: "3 or 6" });
            }
            // `03bf.0a00.00` and `03-bf-ac` have lost their end. Written short, `00` would be `0` and `03` be `3`.
            short if 1 < short && short < most && group.starts_with('0') => {
                return Err(MacError::CutGroup { group: number, full: most });
            }
            _ => {}
        }
    }
    Ok((octets(&groups, octets_each), notation))
}

/// The octets of groups that are known to hold hexadecimal digits only and no more than they may.
fn octets(groups: &[&str], octets_each: usize) -> MacAddr6 {
    let mut value: u64 = 0;
    for group in groups {
        let digits = group.chars().filter_map(|digit| digit.to_digit(16));
        let group = digits.fold(0, |number, digit| number << 4 | u64::from(digit));
        value = value << (octets_each * 8) | group;
    }
    let [_, _, a, b, c, d, e, f] = value.to_be_bytes();
    MacAddr6::new(a, b, c, d, e, f)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAC: MacAddr6 = MacAddr6::new(0x03, 0xbf, 0x0a, 0x01, 0x01, 0x0a);

    #[test]
    fn every_notation_writes_its_own_form() {
        for (notation, text) in [
            (Notation::Colon, "03:bf:0a:01:01:0a"),
            (Notation::Hyphen, "03-bf-0a-01-01-0a"),
            (Notation::Dotted, "03bf.0a01.010a"),
            (Notation::Comware, "03bf-0a01-010a"),
            (Notation::Bare, "03bf0a01010a"),
        ] {
            assert_eq!(format(MAC, notation), text);
            assert_eq!(notation.to_string().parse(), Ok(notation));
            assert_eq!(serde_json::to_value(notation).unwrap(), notation.as_str());
        }
        assert_eq!("cisco".parse::<Notation>(), Err(UnknownNotation));
    }

    #[test]
    fn every_spelling_is_read() {
        for (text, notation) in [
            ("03:BF:0A:01:01:0A", Notation::Colon),
            ("3:bf:a:1:1:a", Notation::Colon),
            ("03-BF-A-1-1-A", Notation::Hyphen),
            ("03bf0a-01010A", Notation::Hyphen),
            ("03BF.0A01.010A", Notation::Dotted),
            ("3bf.a01.10a", Notation::Dotted),
            ("03.bf.0a.01.01.0a", Notation::Dotted),
            ("3BF-a01-10a", Notation::Comware),
            ("03bf0A01010A", Notation::Bare),
        ] {
            assert_eq!(read(text), Ok((MAC, notation)), "{text}");
        }
        assert_eq!(parse("1.2.3"), Ok(MacAddr6::new(0, 1, 0, 2, 0, 3)));
        assert_eq!(parse("f-e2-1"), Ok(MacAddr6::new(0, 0xf, 0, 0xe2, 0, 1)));
        assert_eq!(parse("02-BF-1-2-3-4"), Ok(MacAddr6::new(2, 0xbf, 1, 2, 3, 4)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            ("", "is empty"),
            ("03bf0a01010", "has 11 hexadecimal digits, a MAC address has 12"),
            ("a", "has 1 hexadecimal digit, a MAC address has 12"),
            ("03:bf:0a:01:01", "has 5 groups where a MAC address with `:` has 6"),
            ("03:bf:0a:01:01:0a:00:00", "has 8 groups where a MAC address with `:` has 6"),
            ("03bf.0a01", "has 2 groups where a MAC address with `.` has 3 or 6"),
            ("03bf-0a01", "has 2 groups where a MAC address with `-` has 3 or 6"),
            ("10.0.0.1", "has 4 groups where a MAC address with `.` has 3 or 6"),
            ("03:bf:0a::01:0a", "has an empty group: number 4"),
            (":bf:0a:01:01:0a", "has an empty group: number 1"),
            ("03bf.0a01.", "has an empty group: number 3"),
            ("03:bf:0a:001:01:0a", "has 3 digits in group 4, at most 2 fit"),
            ("03bf.0a01.0010a", "has 5 digits in group 3, at most 4 fit"),
            (
                "03bf.0a00.00",
                "has group 3 cut off: it is not 4 digits, and not written without its leading zeros",
            ),
            (
                "03-bf-ac",
                "has group 1 cut off: it is not 4 digits, and not written without its leading zeros",
            ),
            ("03-bf:0a-01-01-0a", "mixes `-` and `:` as separators"),
            ("03bf.0a01.010g", "has `g` in it, which is no hexadecimal digit"),
            ("0x3bf0a01010a", "has `x` in it, which is no hexadecimal digit"),
            ("03bf.0a01.010a ", "has ` ` in it, which is no hexadecimal digit"),
            ("03bf.0a01\n.010a", "has `\\n` in it, which is no hexadecimal digit"),
            ("\u{202e}3bf.0a01.010a", "has `\\u{202e}` in it, which is no hexadecimal digit"),
        ] {
            assert_eq!(parse(text).map_err(|error| error.to_string()), Err(message.to_owned()), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: [u8; 6], upper: bool) {
            let mac = MacAddr6::from(bytes);
            for notation in Notation::ALL {
                let mut text = format(mac, notation);
                if upper {
                    text.make_ascii_uppercase();
                }
                prop_assert_eq!(read(&text), Ok((mac, notation)));
            }
        }

        #[test]
        fn dropped_zeros_are_read_back(bytes: [u8; 6]) {
            let groups = bytes.map(|octet| format!("{octet:x}"));
            for separator in [":", "-", "."] {
                prop_assert_eq!(parse(&groups.join(separator)), Ok(bytes.into()));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", near in "[0-9a-fA-F:.\\-]{0,24}") {
            for text in [text, near] {
                if let Ok((mac, notation)) = read(&text) {
                    prop_assert_eq!(parse(&format(mac, notation)), Ok(mac));
                }
            }
        }
    }
}
