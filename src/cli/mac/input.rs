//! What was typed → what is asked: words become requests, and what cannot be read is said.

use std::io::{self, BufRead};
use std::net::{Ipv4Addr, Ipv6Addr};

use macaddr::MacAddr6;

use crate::diagnostic;
use crate::net::mac::{self, MacError, Notation};
use crate::nlb::{self, Mode};

/// One thing to answer. `input` is the text it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    /// An IP address: which MACs does it give?
    Derive { input: String, ip: Ipv4Addr },
    /// A MAC: what is it?
    Decode { input: String, mac: MacAddr6, notation: Notation },
    /// Both: do they belong together?
    Check { input: String, ip: Ipv4Addr, mac: MacAddr6, notation: Notation },
}

impl Request {
    /// False for a pair that does not belong together.
    pub(super) fn belongs(&self, asked: Option<Mode>) -> bool {
        match self {
            Request::Check { ip, mac, .. } => nlb::diagnose(*ip, asked, *mac).belongs(),
            Request::Derive { .. } | Request::Decode { .. } => true,
        }
    }
}

/// A complaint about something typed. The texts hold no control characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rejected {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Rejected {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Rejected { message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Rejected { help: Some(help.into()), ..self }
    }
}

/// Groups words into requests: an IP address takes the MAC directly behind it.
pub(super) fn requests<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Result<Request, Rejected>> {
    let mut requests: Vec<Result<Request, Rejected>> = Vec::new();
    for word in words {
        let request = match word_to_address(word) {
            Ok(Address::Ip(ip)) => Ok(Request::Derive { input: word.to_owned(), ip }),
            Ok(Address::Mac(mac, notation)) => {
                let pair_with = requests.pop_if(|last| matches!(last, Ok(Request::Derive { .. })));
                Ok(match pair_with {
                    Some(Ok(Request::Derive { input, ip })) => {
                        Request::Check { input: format!("{input} {word}"), ip, mac, notation }
                    }
                    _ => Request::Decode { input: word.to_owned(), mac, notation },
                })
            }
            Err(rejected) => Err(rejected),
        };
        requests.push(request);
    }
    requests
}

enum Address {
    Ip(Ipv4Addr),
    Mac(MacAddr6, Notation),
}

fn word_to_address(word: &str) -> Result<Address, Rejected> {
    // A prefix length is what designs and interfaces write behind an address; the MAC does not depend on it.
    let (bare, prefix) = match word.split_once('/') {
        Some((bare, prefix)) => (bare, Some(prefix)),
        None => (word, None),
    };
    if let Ok(ip) = bare.parse::<Ipv4Addr>() {
        return usable(word, ip, prefix).map(Address::Ip);
    }
    let without_zone = bare.split_once('%').map_or(bare, |(address, _)| address);
    if without_zone.parse::<Ipv6Addr>().is_ok() {
        return Err(Rejected::new(format!(
            "{} is an IPv6 address, and how NLB derives a MAC is documented for IPv4 only",
            quoted(word)
        ))
        .help(
            "give the cluster's primary IPv4 address, or the MAC measured in its VLAN \
             (`netsh interface ipv6 show neighbors`)",
        ));
    }
    mac::read(word)
        .map(|(mac, notation)| Address::Mac(mac, notation))
        .map_err(|error| unreadable(word, &error))
}

fn usable(word: &str, ip: Ipv4Addr, prefix: Option<&str>) -> Result<Ipv4Addr, Rejected> {
    if let Some(prefix) = prefix
        && !(prefix.bytes().all(|byte| byte.is_ascii_digit())
            && prefix.parse().is_ok_and(|bits: u8| bits <= 32))
    {
        return Err(Rejected::new(format!(
            "{} has no prefix length from 0 to 32 behind the `/`",
            quoted(word)
        )));
    }
    match nlb::unusable(ip) {
        None => Ok(ip),
        Some(why) => {
            let rejected = Rejected::new(format!("`{ip}` is {why}, which no cluster has as its IP address"));
            Err(if ip.is_multicast() {
                rejected.help("give the primary IP address of the cluster, not the group it joins")
            } else {
                rejected
            })
        }
    }
}

fn unreadable(word: &str, error: &MacError) -> Rejected {
    if word.is_empty() {
        return Rejected::new("an empty word is neither an IPv4 address nor a MAC");
    }
    if let Some(why) = bad_ipv4(word) {
        return Rejected::new(format!("{} is no IPv4 address: {why}", quoted(word)));
    }
    if error == &MacError::Character('/') {
        return Rejected::new(format!("{} has a prefix length, and no IP address before it", quoted(word)));
    }
    Rejected::new(format!("{} is no IPv4 address, and no MAC: it {error}", quoted(word)))
}

/// What is wrong with four numbers and three dots; `None` for anything else.
fn bad_ipv4(word: &str) -> Option<String> {
    let address = word.split('/').next().unwrap_or(word);
    let octets: Vec<&str> = address.split('.').collect();
    let numeric = octets.iter().all(|octet| octet.bytes().all(|byte| byte.is_ascii_digit()));
    if octets.len() != 4 || !numeric {
        return None;
    }
    octets.iter().zip(1..).find_map(|(octet, number)| match octet.len() {
        0 => Some(format!("octet {number} is empty")),
        2.. if octet.starts_with('0') => {
            Some(format!("octet {number} has a leading zero, which some programs read as octal"))
        }
        _ if octet.parse::<u8>().is_err() => Some(format!("octet {number} is above 255")),
        _ => None,
    })
}

/// Text from outside as messages show it, between backticks.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", diagnostic::quoted(text))
}

/// The lines of a list that hold something, each with its number from 1. `#` at the start of a word begins a comment.
pub(super) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: u64,
}

/// No line of addresses is longer; what is must not fill the memory.
const LONGEST_LINE: usize = 4096;

type Line = (u64, Result<String, Rejected>);

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Lines { input, number: 0 }
    }

    /// The next line's bytes up to the limit, and whether it went on; `None` at the end.
    fn next_bytes(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let (mut line, mut too_long, mut seen) = (Vec::new(), false, false);
        loop {
            let buffer = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            if buffer.is_empty() {
                return Ok(seen.then_some((line, too_long)));
            }
            seen = true;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            let room = LONGEST_LINE - line.len();
            too_long |= part.len() > room;
            line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                return Ok(Some((line, too_long)));
            }
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (bytes, too_long) = match self.next_bytes().transpose()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            self.number += 1;
            if too_long {
                let rejected = Rejected::new(format!("is longer than {LONGEST_LINE} bytes"));
                return Some(Ok((self.number, Err(rejected))));
            }
            let Ok(line) = String::from_utf8(bytes) else {
                return Some(Ok((self.number, Err(Rejected::new("is not UTF-8 text")))));
            };
            let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
            let words: Vec<&str> =
                line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
            if !words.is_empty() {
                return Some(Ok((self.number, Ok(words.join(" ")))));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn message(word: &str) -> String {
        let mut requests = requests(std::iter::once(word));
        requests.pop().unwrap().unwrap_err().message
    }

    #[test]
    fn an_ip_takes_the_mac_directly_behind_it() {
        let words = ["10.0.0.1", "10.0.0.2", "03bf.0a00.0002", "02-BF-A-0-0-3", "10.0.0.4/24"];
        let kinds: Vec<_> = requests(words.into_iter())
            .into_iter()
            .map(|request| match request.unwrap() {
                Request::Derive { input, .. } => format!("derive {input}"),
                Request::Decode { input, .. } => format!("decode {input}"),
                Request::Check { input, .. } => format!("check {input}"),
            })
            .collect();
        let expected = [
            "derive 10.0.0.1",
            "check 10.0.0.2 03bf.0a00.0002",
            "decode 02-BF-A-0-0-3",
            "derive 10.0.0.4/24",
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (word, expected) in [
            ("172.31.1.256", "`172.31.1.256` is no IPv4 address: octet 4 is above 255"),
            (
                "172.031.1.2",
                "`172.031.1.2` is no IPv4 address: octet 2 has a leading zero, which some programs read as octal",
            ),
            ("172.31..2", "`172.31..2` is no IPv4 address: octet 3 is empty"),
            ("10.0.0.1/33", "`10.0.0.1/33` has no prefix length from 0 to 32 behind the `/`"),
            ("10.0.0.1/+8", "`10.0.0.1/+8` has no prefix length from 0 to 32 behind the `/`"),
            ("239.255.0.1", "`239.255.0.1` is an IP multicast group, which no cluster has as its IP address"),
            (
                "fe80::1%eth0",
                "`fe80::1%eth0` is an IPv6 address, and how NLB derives a MAC is documented for IPv4 only",
            ),
            (
                "2001:db8::1/64",
                "`2001:db8::1/64` is an IPv6 address, and how NLB derives a MAC is documented for IPv4 only",
            ),
            (
                "nlb1",
                "`nlb1` is no IPv4 address, and no MAC: it has `n` in it, which is no hexadecimal digit",
            ),
            ("abc/24", "`abc/24` has a prefix length, and no IP address before it"),
            (
                "\x1b[2J",
                "`\\u{1b}[2J` is no IPv4 address, and no MAC: it has `\\u{1b}` in it, which is no hexadecimal digit",
            ),
            ("", "an empty word is neither an IPv4 address nor a MAC"),
        ] {
            assert_eq!(message(word), expected);
        }
    }

    #[test]
    fn long_input_is_cut_in_messages() {
        let long = message(&"z".repeat(100_000));
        assert!(long.len() < 200 && long.contains("zz…`"), "{long}");
    }

    #[test]
    fn lines_know_their_number_and_skip_what_is_empty() {
        let mut text = "\u{feff}# VIPs\r\n\r\n10.0.0.1\t03bf.0a00.0001 # web\r\n".as_bytes().to_vec();
        text.extend(b"\xff\n");
        text.extend(vec![b'1'; 3 * LONGEST_LINE]);
        text.extend(b"\n10.0.0.2");
        // A small buffer makes lines cross its end.
        let mut input = io::BufReader::with_capacity(7, text.as_slice());
        let lines: Vec<Line> = Lines::new(&mut input).map(Result::unwrap).collect();
        let expected = [
            (3, Ok("10.0.0.1 03bf.0a00.0001".to_owned())),
            (4, Err(Rejected::new("is not UTF-8 text"))),
            (5, Err(Rejected::new("is longer than 4096 bytes"))),
            (6, Ok("10.0.0.2".to_owned())),
        ];
        assert_eq!(lines, expected);
    }
}
