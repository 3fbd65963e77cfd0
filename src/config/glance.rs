//! What a glance at a config tells: its hostname, whether any line of it may be about NLB, and, of one of several gateways,
//! roughly what subnets its interfaces are in.
//!
//! Of ten thousand configs a handful speak of NLB. The others are passed over at the speed of finding their lines: one is
//! looked at only when it begins with the words that a static ARP or static MAC entry, a hostname, the address of an
//! interface or a line about several gateways begins with in its dialect. The lines are those that a reader of the whole would see: what a banner holds is none, and what a pager
//! hides is one.

use std::net::Ipv4Addr;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use macaddr::MacAddr6;

use super::lines;
use super::networks::{self, Network, Networks};
use crate::entry::EntryKind;
use crate::net::mac;
use crate::nlb::{self, Decoded};
use crate::vendor::{ConfigForm, Effect, FirstOctets, Pack};

/// The kinds of entries that name a MAC.
const WITH_MAC: [EntryKind; 4] =
    [EntryKind::StaticArp, EntryKind::StaticMac, EntryKind::DroppedMac, EntryKind::FdbEntry];

/// The kinds of entries that a gateway has beside others: an address that several serve, or links to two switches at once.
const OF_PEERS: [EntryKind; 3] = [EntryKind::VirtualAddress, EntryKind::MultiChassisLag, EntryKind::PeerLink];

fn is_of_gateways(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Address | EntryKind::SecondaryAddress) || OF_PEERS.contains(&kind)
}

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
    /// The subnets of its interfaces, where it may be one of several gateways and no line may be about NLB: what one of
    /// ten thousand configs serves alone concerns no other.
    pub networks: Networks,
}

/// What lines that begin alike say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// The hostname.
    Name,
    /// Something of a MAC.
    Mac,
    /// The address of an interface.
    Address,
    /// That it is one of several gateways.
    Peer,
}

/// The beginnings of the lines of one dialect that are worth a look.
#[derive(Debug)]
pub struct Glancer {
    pack: Arc<Pack>,
    /// By the first octet.
    heads: Vec<Vec<Head>>,
    first_octets: FirstOctets,
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    words: Vec<String>,
    says: Says,
}

impl Glancer {
    /// For texts in the dialect of `pack`. It looks for what `known` packs know: a line in the words of another dialect is
    /// one that its device did not take, and somebody should hear of it.
    pub fn new(pack: &Arc<Pack>, known: &[Arc<Pack>]) -> Self {
        let mut heads: Vec<Vec<Head>> = Vec::new();
        heads.resize_with(256, Vec::new);
        let mut first_octets = FirstOctets::default();
        let mut take = |words: Vec<String>, says| {
            let Some(first) = words.first().and_then(|word| word.bytes().next()) else { return };
            first_octets.add(&(words.join(" ") + " "));
            for octet in [first, first.to_ascii_uppercase()] {
                let alike = &mut heads[usize::from(octet)];
                if !alike.iter().any(|head| head.words == words && head.says == says) {
                    alike.push(Head { words: words.clone(), says });
                }
            }
        };
        // Of gateways beside others only the device's own words tell.
        let own = pack.lines().iter().filter(|line| is_of_gateways(line.entry)).map(|line| (pack, line));
        let told = known.iter().flat_map(|pack| pack.lines().iter().map(move |line| (pack, line)));
        let told = told.filter(|(_, line)| !is_of_gateways(line.entry));
        for (pack, line) in own.chain(told) {
            let says = match line.entry {
                EntryKind::Hostname => Says::Name,
                EntryKind::Address | EntryKind::SecondaryAddress => Says::Address,
                kind if OF_PEERS.contains(&kind) => Says::Peer,
                kind if WITH_MAC.contains(&kind) => Says::Mac,
                _ => continue,
            };
            // A line that takes an entry back tells nothing of it, unless it is none because its MAC is broken.
            if line.effect != Effect::State && says != Says::Mac {
                continue;
            }
            // `address <ip>` in a block of a group of gateways tells nothing of itself; the line that opens the block does.
            let pattern = match pack.block(line) {
                [_, .., group] if says == Says::Peer => group,
                _ => &line.pattern,
            };
            take(pattern.head_words().map(str::to_ascii_lowercase).collect(), says);
        }
        for line in pack.unread_lines() {
            take(line.head_words().map(str::to_ascii_lowercase).collect(), Says::Mac);
        }
        // What a block has run may be any of them.
        pack.layout.run_by().iter().for_each(|word| take(vec![word.clone()], Says::Mac));
        Self { pack: Arc::clone(pack), heads, first_octets }
    }

    /// One that looks for what `pack` itself knows.
    pub fn of_one(pack: &Arc<Pack>) -> Self {
        Self::new(pack, std::slice::from_ref(pack))
    }

    /// Glances at `text`.
    pub fn glance(&self, text: &str) -> Glance {
        let mut found = Glance::default();
        let mut is_peer = false;
        self.each(text, |says, line, place| {
            match says {
                Says::Name if found.hostname.is_none() => {
                    found.hostname = name(line, self.pack.layout.form).map(place)
                }
                Says::Name => {}
                Says::Mac => found.may_speak_of_nlb |= may_speak_of_nlb(line),
                Says::Address => found.networks.extend(networks::of_line(line)),
                Says::Peer => is_peer = true,
            }
            found.may_speak_of_nlb && found.hostname.is_some()
        });
        if !is_peer || found.may_speak_of_nlb {
            found.networks = Networks::default();
        }
        found
    }

    /// The subnets of the interfaces in `text` that hold an address which a line about NLB names.
    pub fn networks_of_clusters(&self, text: &str) -> Vec<Network> {
        let (mut all, mut vips): (Vec<Network>, Vec<Ipv4Addr>) = (Vec::new(), Vec::new());
        self.each(text, |says, line, _| {
            match says {
                Says::Mac if may_speak_of_nlb(line) => {
                    vips.extend(values(line).filter_map(|word| word.parse::<Ipv4Addr>().ok()));
                }
                Says::Address => all.extend(networks::of_line(line)),
                _ => {}
            }
            false
        });
        all.retain(|network| vips.iter().any(|vip| network.contains(*vip)));
        all
    }

    /// Tells `on` of every line that is worth a look what stands behind its first words, and how to place a part of that in
    /// the text, until it has enough.
    #[inline]
    fn each(
        &self,
        text: &str,
        mut on: impl FnMut(Says, &str, &dyn Fn(Range<usize>) -> Range<usize>) -> bool,
    ) {
        lines::visit(&self.pack, text, |line, range| {
            if !self.first_octets.may_begin(line.as_bytes()) {
                return ControlFlow::Continue(());
            }
            for head in &self.heads[usize::from(line.as_bytes().first().copied().unwrap_or_default())] {
                let Some(behind) = behind(line.as_bytes(), &head.words) else { continue };
                let place = |part: Range<usize>| {
                    let part = behind + part.start..behind + part.end;
                    lines::place(&self.pack, text, &line, &range, part).unwrap_or_else(|| range.clone())
                };
                if on(head.says, &line[behind..], &place) {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
    }
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

/// The octets of the name in what follows `hostname`, or `set` in `set name=sw1`: in menus values have names.
fn name(rest: &str, form: ConfigForm) -> Option<Range<usize>> {
    let trimmed = rest.trim_end();
    let named = trimmed.find('=').filter(|_| form == ConfigForm::Menus);
    let begins = named.map_or(0, |at| at + 1);
    let range = match trimmed[begins..].strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => begins + 1..begins + 1 + inner.len(),
        None => begins..trimmed.len(),
    };
    (!range.is_empty()).then_some(range)
}

/// The words of a line, of those with a name (`address=10.0.0.1`) what stands behind it.
fn values(rest: &str) -> impl Iterator<Item = &str> {
    rest.split_ascii_whitespace().map(networks::value_of)
}

/// Whether a word of `rest` is, or begins like, a MAC of NLB or one that documents show for it, or ends as an address
/// beside it does.
fn may_speak_of_nlb(rest: &str) -> bool {
    let ends_as_an_address = |mac: MacAddr6| {
        let mut addresses = values(rest).filter_map(|word| word.parse::<Ipv4Addr>().ok());
        addresses.any(|ip| mac.as_bytes().ends_with(&ip.octets()))
    };
    values(rest).any(|word| {
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
        let pack = Packs::embedded().get("cisco-ios").unwrap().unwrap();
        let found = Glancer::of_one(&pack).glance(text);
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
            "no arp 10.0.0.1 03bf.0a ARPA",
            "no ip igmp snooping vlan 10 static 0100.5e7f.ffe6ce interface Gi1/0/1",
            " --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}        \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}arp 10.0.0.1 03bf.0a00.0001 ARPA",
            "sw1#conf t\nsw1(config)#arp 10.0.0.1 03bf.0a00.0001 ARPA\n",
            "banner motd ^C\nhi ^C\narp 10.0.0.1 03bf.0a00.0001 ARPA\n",
        ] {
            assert!(glance(text).1, "{text}");
        }
    }

    #[test]
    fn values_with_names_are_seen() {
        let pack = Packs::embedded().get("mikrotik").unwrap().unwrap();
        let text = "/system identity\nset name=core1\n/ip address\nadd address=10.0.0.254/24 interface=web\n\
                    /ip arp\nadd address=10.0.0.1 interface=web mac-address=03:BF:0A:00:00:01\n";
        let glancer = Glancer::of_one(&pack);
        let found = glancer.glance(text);
        assert_eq!(found.hostname.map(|range| &text[range]), Some("core1"));
        assert!(found.may_speak_of_nlb);
        assert_eq!(glancer.networks_of_clusters(text).len(), 1);
    }

    #[test]
    fn values_of_records_are_seen() {
        let pack = Packs::embedded().get("fortiswitch").unwrap().unwrap();
        let text = "config system global\n    set hostname \"core 1\"\nend\nconfig system interface\n    edit \"web\"\n        \
                    set ip 10.0.0.254 255.255.255.0\n        set vlanid 10\n    next\nend\nconfig system arp-table\n    edit 1\n        \
                    set mac 03:bf:0a:00:00:01\n        set interface \"web\"\n        set ip 10.0.0.1\n    next\nend\n";
        let glancer = Glancer::of_one(&pack);
        let found = glancer.glance(text);
        assert_eq!(found.hostname.map(|range| &text[range]), Some("core 1"));
        assert!(found.may_speak_of_nlb);
        assert_eq!(glancer.networks_of_clusters(text).len(), 1);
    }

    #[test]
    fn a_sign_of_equality_in_a_hostname_is_a_part_of_it_but_where_values_have_names() {
        for (pack, text, name) in [
            ("cisco-ios", "hostname rack=4-sw1\n", "rack=4-sw1"),
            ("huawei-vrp", "sysname \"rack=4\"\n", "rack=4"),
            ("juniper-junos", "set system host-name rack=4\n", "rack=4"),
            ("mikrotik", "/system identity\nset name=rack=4\n", "rack=4"),
        ] {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let found = Glancer::of_one(&pack).glance(text).hostname;
            assert_eq!(found.map(|range| &text[range]), Some(name), "{text}");
        }
    }

    #[test]
    fn lines_that_a_terminal_showed_are_seen() {
        let ten = "\u{8}".repeat(10);
        for before in [
            "core1(config)#".to_owned(),
            format!(" --More-- {ten}          {ten}"),
            "hostname x\n--More-- ".to_owned(),
            "<--- More ---> ".to_owned(),
            "\u{1b}[7m--More--\u{1b}[m\r\u{1b}[K".to_owned(),
            "\0".to_owned(),
            "hostname x\n\u{feff}".to_owned(),
        ] {
            let text = format!("{before}arp 10.0.0.1 03bf.0a00.0001 ARPA");
            assert!(glance(&text).1, "{text:?}");
        }
        assert!(glance("a\0rp 10.0.0.1 03bf.0a00.0001 ARPA").1);
    }

    #[test]
    fn the_subnets_of_one_of_several_gateways_are_kept() {
        for (pack, svi, alone) in [
            (
                "cisco-ios",
                "interface Vlan10\n ip address 10.0.1.2 255.255.255.0\n standby 1 ip 10.0.1.1\n",
                false,
            ),
            (
                "cisco-ios",
                "interface Vlan10\n ip address 10.0.1.2 255.255.255.0\n vrrp 1 address-family ipv4\n  address 10.0.1.1\n",
                false,
            ),
            ("cisco-nxos", "interface Vlan10\n  ip address 10.0.1.2/24\n  hsrp 1\n    ip 10.0.1.1\n", false),
            (
                "cisco-nxos",
                "interface port-channel1\n  vpc peer-link\ninterface Vlan10\n  ip address 10.0.1.2/24\n",
                false,
            ),
            (
                "arista-eos",
                "interface Vlan10\n   ip address 10.0.1.2/24\n   ip virtual-router address 10.0.1.1\n",
                false,
            ),
            (
                "arista-eos",
                "mlag configuration\n   peer-link Port-Channel10\ninterface Vlan10\n   ip address 10.0.1.2/24\n",
                false,
            ),
            (
                "dell-force10",
                "interface Vlan 10\n ip address 10.0.1.2/24\n vrrp-group 1\n  virtual-address 10.0.1.1\n",
                false,
            ),
            ("cisco-ios", "interface Vlan10\n ip address 10.0.1.2 255.255.255.0\n", true),
            ("cisco-nxos", "interface Vlan10\n  ip address 10.0.1.2/24\n", true),
            ("arista-eos", "interface Vlan10\n   ip address 10.0.1.2/24\n", true),
            ("dell-force10", "interface Vlan 10\n ip address 10.0.1.2/24\n", true),
        ] {
            let pack = Packs::embedded().get(pack).unwrap().unwrap();
            let networks = Glancer::of_one(&pack).glance(svi).networks;
            let subnet = networks::of_line("10.0.1.0/24").unwrap();
            assert_eq!(networks.may_hold(subnet), !alone, "{}: {svi}", pack.name());
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
            "banner motd ^C\narp 10.0.0.1 03bf.0a00.0001 ARPA\n^C\n",
            "! arp 10.0.0.1 03bf.0a00.0001 ARPA",
        ] {
            assert!(!glance(text).1, "{text}");
        }
    }
}
