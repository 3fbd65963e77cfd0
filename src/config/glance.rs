//! What a glance at a config tells: its hostname, and whether any line of it may be about NLB.
//!
//! Of ten thousand configs a handful speak of NLB. The others are passed over at the speed of finding their line ends:
//! a line is looked at only when it begins with the words that a static ARP or static MAC entry, or a hostname, begins
//! with in some dialect.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::Arc;

use macaddr::MacAddr6;
use memchr::{memchr2_iter, memchr3, memmem};

use crate::entry::EntryKind;
use crate::net::mac;
use crate::nlb::{self, Decoded};
use crate::vendor::{Effect, Pack};

/// The kinds of entries that name a MAC.
const WITH_MAC: [EntryKind; 3] = [EntryKind::StaticArp, EntryKind::StaticMac, EntryKind::DroppedMac];

/// The first hexadecimal digits of MACs that NLB makes or that documents about it show, and of beginnings of such MACs
/// in lines that are malformed.
const BEGINNINGS: [[u8; 4]; 6] = [*b"02bf", *b"03bf", *b"00bf", *b"0100", *b"0300", *b"c8c8"];

/// What a glance found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// The octets of the hostname, where a line names it.
    pub hostname: Option<Range<usize>>,
    /// Whether a line may be about NLB: reading the whole is worth it.
    pub may_speak_of_nlb: bool,
}

/// The beginnings of the lines that are worth a look.
#[derive(Debug)]
pub struct Glancer {
    /// By the first octet, in lower case.
    heads: Vec<Vec<Head>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    words: Vec<String>,
    names_host: bool,
}

impl Glancer {
    /// Looks for what `packs` know.
    pub fn new(packs: &[Arc<Pack>]) -> Self {
        let mut heads: Vec<Vec<Head>> = Vec::new();
        heads.resize_with(256, Vec::new);
        for line in packs.iter().flat_map(|pack| pack.lines()) {
            let names_host = line.entry == EntryKind::Hostname;
            if line.effect != Effect::State || !(names_host || WITH_MAC.contains(&line.entry)) {
                continue;
            }
            let head =
                Head { words: line.pattern.head_words().map(str::to_ascii_lowercase).collect(), names_host };
            let Some(first) = head.words.first().and_then(|word| word.bytes().next()) else { continue };
            let alike = &mut heads[usize::from(first)];
            if !alike.contains(&head) {
                alike.push(head);
            }
        }
        Self { heads }
    }

    /// Glances at `text`.
    pub fn glance(&self, text: &str) -> Glance {
        let mut found = Glance::default();
        let octets = text.as_bytes();
        let mut start = 0;
        let ends = memchr2_iter(b'\n', b'\r', octets).chain([octets.len()]);
        for end in ends {
            let mut begin = start;
            start = end + 1;
            while begin < end && matches!(octets[begin], b' ' | b'\t') {
                begin += 1;
            }
            if begin >= end {
                continue;
            }
            if is_odd(octets[begin]) {
                found.may_speak_of_nlb |= may_speak_of_nlb(&text[begin..end]);
            }
            for head in &self.heads[usize::from(octets[begin].to_ascii_lowercase())] {
                if let Some(rest) = behind(&octets[begin..end], &head.words) {
                    let rest = begin + rest..end;
                    match head.names_host {
                        true if found.hostname.is_none() => found.hostname = name(text, rest),
                        true => {}
                        false => found.may_speak_of_nlb |= may_speak_of_nlb(&text[rest]),
                    }
                }
            }
            if found.may_speak_of_nlb && found.hostname.is_some() {
                break;
            }
        }
        found.may_speak_of_nlb = found.may_speak_of_nlb || may_speak_in_a_session(text);
        found
    }
}

/// Whether a line may begin behind this octet: behind the mark of a pager, or blanks that are no ASCII.
fn is_odd(first: u8) -> bool {
    matches!(first, b'-' | b'<' | 0x0b | 0x0c | 0x80..)
}

/// The same where the text is the log of a session: what was typed stands behind a prompt, and what a pager wiped out
/// may hide where a line begins.
fn may_speak_in_a_session(text: &str) -> bool {
    let octets = text.as_bytes();
    memchr3(0, 0x08, 0x1b, octets).is_some()
        || memmem::find(octets, b"(config").is_some() && text.lines().any(may_speak_of_nlb)
}

/// Where what follows `words` begins in `line`, when it begins with them.
fn behind(line: &[u8], words: &[String]) -> Option<usize> {
    let mut at = 0;
    for word in words {
        let end = at + word.len();
        if !line.get(at..end)?.eq_ignore_ascii_case(word.as_bytes()) {
            return None;
        }
        at = end;
        let blanks = line[at..].iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
        if blanks == 0 {
            return None;
        }
        at += blanks;
    }
    Some(at)
}

fn name(text: &str, rest: Range<usize>) -> Option<Range<usize>> {
    let trimmed = text[rest.clone()].trim_end();
    let (from, to) = match trimmed.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => (rest.start + 1, rest.start + 1 + inner.len()),
        None => (rest.start, rest.start + trimmed.len()),
    };
    (from < to).then_some(from..to)
}

/// Whether a word of `rest` is, or begins like, a MAC of NLB or one that documents show for it, or ends as an address
/// beside it does.
fn may_speak_of_nlb(rest: &str) -> bool {
    let ends_as_an_address = |mac: MacAddr6| {
        let mut addresses = rest.split_ascii_whitespace().filter_map(|word| word.parse::<Ipv4Addr>().ok());
        addresses.any(|ip| mac.as_bytes().ends_with(&ip.octets()))
    };
    rest.split_ascii_whitespace().any(|word| {
        let mut digits = word.bytes().filter(|octet| !matches!(octet, b'.' | b':' | b'-'));
        let first: [Option<u8>; 4] = std::array::from_fn(|_| digits.next());
        let begins = |wanted: &[u8; 4]| {
            first
                .iter()
                .zip(wanted)
                .all(|(digit, wanted)| digit.is_some_and(|digit| digit.eq_ignore_ascii_case(wanted)))
        };
        BEGINNINGS.iter().any(begins)
            || mac::parse(word).is_ok_and(|mac| match nlb::decode(mac) {
                Decoded::Broadcast => false,
                Decoded::NotNlb | Decoded::MaskedSource { .. } => ends_as_an_address(mac),
                _ => true,
            })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::vendor::Packs;

    fn glance(text: &str) -> (Option<String>, bool) {
        let found = Glancer::new(&Packs::embedded().all().unwrap()).glance(text);
        (found.hostname.map(|range| text[range].to_owned()), found.may_speak_of_nlb)
    }

    #[test]
    fn lines_about_nlb_are_seen_in_every_spelling() {
        for text in [
            "arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "!\n  ARP  10.0.0.1 03-BF-0A-00-00-01 ARPA\r\n",
            "arp vrf RED 10.0.0.1 0100.5e7f.0001 ARPA",
            "mac address-table static 3:bf:a:0:0:1 vlan 10 interface Gi1/0/1",
            "x\rmac-address-table static 02bf.0a00.0001 vlan 10 interface Gi1/0/1",
            "arp 03bf.c0a8.0164 ARPA",
            "arp 10.100.1.99 0300.5e01.0101",
            "arp 10.0.0.1 03bf.0a ARPA",
        ] {
            assert!(glance(text).1, "{text}");
        }
    }

    #[test]
    fn lines_about_nlb_are_seen_in_what_a_terminal_showed() {
        let wiped = format!(" --More-- {0}        {0}arp 10.0.0.1 03bf.0a00.0001 ARPA", "\u{8}".repeat(9));
        for text in [
            wiped.as_str(),
            "a\0r\0p\0 10.0.0.1 03bf.0a00.0001 ARPA",
            "--More-- arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "<--- More ---> arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "sw1(config)#arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "sw1(config)# no ip routing\nsw1(config)# arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "\u{feff}arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "\u{a0} arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "\u{c}arp 10.0.0.1 03bf.0a00.0001 ARPA",
        ] {
            assert!(glance(text).1, "{text:?}");
            let pack = Packs::embedded().get("ios").unwrap().unwrap();
            assert!(!crate::config::read(&pack, text).facts.is_empty(), "{text:?}");
        }
        assert!(
            !glance("sw1#show running-config\nsw1(config)#arp 10.0.0.1 0011.2233.4455 ARPA\n--More--\n").1
        );
    }

    #[test]
    fn a_wrong_prefix_before_the_octets_of_the_address_is_seen() {
        for text in ["arp 10.0.0.1 03fb.0a00.0001 ARPA", "arp vrf RED 10.0.0.1 02:05:0a:00:00:01 ARPA"] {
            assert!(glance(text).1, "{text}");
        }
        assert!(!glance("arp 10.0.0.2 0205.0a00.0001 ARPA").1);
    }

    #[test]
    fn other_lines_are_passed_over() {
        for text in [
            "",
            "arp 10.0.0.1 0011.2233.4455 ARPA",
            "mac address-table static 0011.2233.4455 vlan 10 interface Gi1/0/1",
            "description arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "arp timeout 300",
            "marp 10.0.0.1 03bf.0a00.0001",
        ] {
            assert!(!glance(text).1, "{text}");
        }
    }
}
