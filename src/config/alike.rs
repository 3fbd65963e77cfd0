//! What a line that is not understood looks like: a line about an entry, the beginning of a block that is known, or one
//! about a cluster.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use crate::net::mac;
use crate::nlb;
use crate::vendor::{CompiledLine, Pack, Pattern, Words};

/// Whether `line` shares the pattern's literal beginning: `arp timeout 60` does not begin like `arp <ip> …` does.
pub(super) fn distinctive(spelling: &CompiledLine, line: &Words<'_>) -> bool {
    let head = spelling.pattern.head();
    let names_ip = spelling.pattern.has("ip") || spelling.pattern.has("group");
    let names_mac = |word: &str| mac::parse(word).is_ok() || mac_of_nlb(word).is_some();
    let value = |word: &str| names_mac(word) || names_ip && word.parse::<Ipv4Addr>().is_ok();
    let telling = head >= 3 || spelling.pattern.is_fixed();
    let pattern = &spelling.pattern;
    pattern.begins(line) && (telling || line.from(head).any(value) || pattern.shares_all_words(line))
}

/// The MAC of NLB, or of a document about it, that `word` is; `Some(None)` where it begins like one and is none: cut off,
/// too long, or with a letter that is no digit.
pub(super) fn mac_of_nlb(word: &str) -> Option<Option<MacAddr6>> {
    const BEGINNINGS: [&str; 3] = ["02bf", "03bf", "01005e7f"];
    if let Ok(mac) = mac::parse(word) {
        let decoded = nlb::decode(mac);
        let of_nlb = decoded.is_cluster_mac() || matches!(decoded, nlb::Decoded::Placeholder(_));
        return of_nlb.then_some(Some(mac));
    }
    if !word.starts_with('0') {
        return None; // as all of them do: most words need not be looked at further
    }
    let digits = digits(word);
    let begins = BEGINNINGS.iter().any(|beginning| digits.starts_with(beginning));
    (begins && digits.len() <= 16 && digits.bytes().all(|octet| octet.is_ascii_alphanumeric()))
        .then_some(None)
}

/// `word` in lower case and without what MACs are divided by.
pub(super) fn digits(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '.' | ':' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether `line` names the MAC of an NLB cluster.
pub(super) fn names_cluster(line: &Words<'_>) -> bool {
    // The shortest notation, without any separator, has twelve digits.
    let mut long = line.from(1).filter(|word| word.len() >= 12);
    long.any(|word| mac::parse(word).is_ok_and(|mac| nlb::decode(mac).is_cluster_mac()))
}

/// Whether `line`, standing in the block that `openers` opened, opens a block whose lines the pack knows.
pub(super) fn opens_known<'l>(pack: &Pack, openers: impl Fn() -> Vec<&'l str>, line: &Words<'_>) -> bool {
    // `interface <ports>` fits the names of what is no port too; of a port another spelling speaks.
    let names_ports = |pattern: &Pattern| ["port", "ports", "lags"].iter().any(|name| pattern.has(name));
    pack.blocks_known().iter().any(|known| match known.split_last() {
        Some((last, around)) if !names_ports(last) && last.captures(line).is_some() => {
            let openers = openers();
            around.len() == openers.len()
                && around.iter().zip(openers).all(|(pattern, opener)| pattern.fits(opener))
        }
        _ => false,
    })
}
