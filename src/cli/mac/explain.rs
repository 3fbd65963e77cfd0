//! Decodings and verdicts in plain words. Text and JSON tell the same.

use std::net::Ipv4Addr;

use macaddr::MacAddr6;

use crate::net::mac::{Notation, format};
use crate::nlb::{self, Decoded, IgmpMac, Mode, Verdict};

/// One sentence, and what else to know, each under a short label.
#[derive(Debug)]
pub(super) struct Explanation {
    pub(super) headline: String,
    pub(super) details: Vec<(&'static str, String)>,
}

impl Explanation {
    fn new(headline: impl Into<String>) -> Self {
        Explanation { headline: headline.into(), details: Vec::new() }
    }

    fn with(mut self, label: &'static str, detail: impl Into<String>) -> Self {
        self.details.push((label, detail.into()));
        self
    }

    fn with_all(mut self, details: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.details.extend(details);
        self
    }
}

/// What a MAC is. MACs in the text are in `notation`.
pub(super) fn decoded(mac: MacAddr6, notation: Notation) -> Explanation {
    let decoded = nlb::decode(mac);
    match decoded {
        Decoded::Unicast(ip) | Decoded::Multicast(ip) => {
            let mode = decoded.mode().map_or("", Mode::title);
            let explanation = Explanation::new(format!("cluster MAC of {ip} in {mode} mode"));
            match nlb::unusable(ip) {
                Some(why) => explanation.with("but", format!("{ip} is {why}, so no cluster has this MAC")),
                None => {
                    explanation.with("primary", format!("{ip}; every virtual IP of its cluster has this MAC"))
                }
            }
        }
        Decoded::Igmp(igmp) => igmp_mac(igmp),
        Decoded::MaskedSource { host, ip } => {
            let cluster = format(Mode::Unicast.mac(ip), notation);
            Explanation::new(format!(
                "form of a masked source: what host {host} of the unicast cluster {ip} sends with"
            ))
            .with("cluster", format!("{cluster} is the MAC to send to; this one is never a destination"))
            .with("unsure", "other software makes up MACs that begin with 02, too")
        }
        Decoded::Legacy00bf(ip) => {
            let cluster = format(Mode::Unicast.mac(ip), notation);
            Explanation::new(format!("00-bf form for {ip}: what NLB's predecessor WLBS sent with")).with(
                "today",
                format!("{cluster} is the unicast cluster MAC; this one is never a destination"),
            )
        }
        Decoded::Placeholder(placeholder) => {
            Explanation::new("documentation example, not an NLB MAC: no cluster has it")
                .with("from", format!("{}, for {} mode", placeholder.document, placeholder.mode.title()))
                .with("source", placeholder.url)
                .with_all(
                    ordinary_groups(mac).map(|groups| ("also", format!("the ordinary MAC of {groups}"))),
                )
                .with("instead", "derive the MAC from the cluster's primary IP: `nlbswitch mac IP`")
        }
        Decoded::Broadcast => Explanation::new("broadcast MAC, not an NLB MAC"),
        Decoded::IpMulticast => Explanation::new("MAC of ordinary IP multicast groups, not an NLB MAC")
            .with_all(ordinary_groups(mac).map(|groups| ("groups", groups)))
            .with_all(near_igmp(mac, notation)),
        Decoded::OtherMulticast => {
            Explanation::new("multicast MAC, but not an NLB MAC").with_all(near_igmp(mac, notation))
        }
        Decoded::NotNlb => Explanation::new("unicast MAC, but not an NLB MAC")
            .with("NLB's", "begin with 02-bf (unicast), 03-bf (multicast) or 01-00-5e-7f (IGMP multicast)"),
    }
}

fn igmp_mac(igmp: IgmpMac) -> Explanation {
    let IgmpMac { y, z } = igmp;
    let group = igmp.group();
    let explanation = Explanation::new(format!(
        "cluster MAC of every primary IP that ends in .{y}.{z}, in IGMP multicast mode"
    ))
    .with("octets", format!(".{y}.{z}; the first two of the primary IP are not in the MAC"))
    .with("group", group.to_string())
    .with(
        "shared",
        format!("by all clusters whose primary IP ends so, and by 32 groups: {}", thirty_two([127, y, z])),
    );
    match nlb::known_group_user(group) {
        Some(user) => explanation.with("taken", format!("{user} uses {group} too")),
        None => explanation,
    }
}

/// The groups of an IP multicast MAC, in words.
fn ordinary_groups(mac: MacAddr6) -> Option<String> {
    nlb::multicast_groups(mac).is_some().then_some(())?;
    let [_, _, _, b, c, d] = mac.into_array();
    Some(format!("32 groups: {}", thirty_two([b, c, d])))
}

fn thirty_two([b, c, d]: [u8; 3]) -> String {
    format!("N.{b}.{c}.{d} and N.{}.{c}.{d}, N from 224 to 239", b | 0x80)
}

/// Two slips that end just beside IGMP mode's MACs.
fn near_igmp(mac: MacAddr6, notation: Notation) -> Option<(&'static str, String)> {
    let [0x01, 0x00, 0x5e, b, y, z] = mac.into_array() else { return None };
    let ending = Ipv4Addr::new(0, 0, y, z);
    let right = format(Mode::IgmpMulticast.mac(ending), notation);
    let group = nlb::group(ending);
    match b {
        0xff => Some((
            "perhaps",
            format!("{right} was meant: of group {group} only the low 23 bits go into the MAC"),
        )),
        0x74 => Some((
            "perhaps",
            format!(
                "{right} was meant: Microsoft's article prints group 239.244.{y}.{z} where it means {group}"
            ),
        )),
        _ => None,
    }
}

/// Whether a MAC belongs to an IP address, and why not. MACs in the text are in `notation`.
pub(super) fn checked(ip: Ipv4Addr, asked: Option<Mode>, mac: MacAddr6, notation: Notation) -> Explanation {
    let verdict = nlb::diagnose(ip, asked, mac);
    let [_, _, y, z] = ip.octets();
    if let Verdict::Match { mode } = verdict {
        let explanation = Explanation::new(format!("belongs together, in {} mode", mode.title()));
        return match mode {
            Mode::IgmpMulticast => explanation
                .with("group", nlb::group(ip).to_string())
                .with("compared", format!(".{y}.{z} only: every cluster that ends so has this MAC")),
            Mode::Unicast | Mode::Multicast => explanation,
        };
    }
    let mut explanation = Explanation::new("does not belong together");
    explanation.details = reason(ip, mac, &verdict);
    let right = nlb::right_macs(ip, asked, &verdict)
        .into_iter()
        .map(|(mode, right)| ("right", format!("{} in {} mode", format(right, notation), mode.title())));
    explanation.with_all(right)
}

fn reason(ip: Ipv4Addr, mac: MacAddr6, verdict: &Verdict) -> Vec<(&'static str, String)> {
    let reads_as = reads_as(mac);
    match *verdict {
        Verdict::Match { .. } => Vec::new(),
        Verdict::OtherMode { found, asked } => {
            vec![(
                "reason",
                format!("it is the {} MAC of {ip}, not the {} one", found.title(), asked.title()),
            )]
        }
        Verdict::DecimalOctets { .. } => {
            let mut reason =
                vec![("reason", format!("it spells {ip} in decimal; octets are hexadecimal: it {reads_as}"))];
            reason.extend(by_chance(ip, mac));
            reason
        }
        Verdict::ReversedOctets { .. } => {
            vec![("reason", format!("it has the octets of {ip} in reverse: it {reads_as}"))]
        }
        Verdict::SecondaryVip { primary, .. } => {
            vec![("reason", format!("it {reads_as}")), ("unless", if_primary(primary))]
        }
        Verdict::OwnMacOfSecondary { .. } | Verdict::OtherIp { .. } | Verdict::OtherIgmp(_) => {
            vec![("reason", format!("it {reads_as}"))]
        }
        Verdict::MaskedSource { host, ip: cluster } => vec![(
            "reason",
            format!(
                "it has the form of what host {host} of the unicast cluster {cluster} sends with, never a destination"
            ),
        )],
        Verdict::Legacy00bf { ip: found } => {
            vec![(
                "reason",
                format!("it is the 00-bf form of NLB's predecessor, for {found}; NLB answers with 02-bf"),
            )]
        }
        Verdict::Placeholder(placeholder) => vec![
            ("reason", format!("it is an example from {}", placeholder.document)),
            ("source", placeholder.url.to_owned()),
        ],
        Verdict::NotNlb { address_fits: true } => {
            vec![(
                "reason",
                "its last four octets are the address, but its first two are not NLB's".to_owned(),
            )]
        }
        Verdict::NotNlb { address_fits: false } => {
            vec![("reason", format!("it is a {}", decoded(mac, Notation::Colon).headline))]
        }
    }
}

/// What a well-formed cluster MAC stands for.
fn reads_as(mac: MacAddr6) -> String {
    match nlb::decode(mac) {
        Decoded::Igmp(IgmpMac { y, z }) => {
            format!("stands for primary IPs that end in .{y}.{z}, in {} mode", Mode::IgmpMulticast.title())
        }
        decoded => match (decoded.ip(), decoded.mode()) {
            (Some(ip), Some(mode)) => format!("decodes to {ip} in {} mode", mode.title()),
            _ => "decodes to no address".to_owned(),
        },
    }
}

/// A decimal spelling may be the MAC of a real neighbour: octets that agree so far could be one subnet's.
fn by_chance(ip: Ipv4Addr, mac: MacAddr6) -> Option<(&'static str, String)> {
    let [w, x, ..] = ip.octets();
    let neighbour = match nlb::decode(mac) {
        Decoded::Igmp(IgmpMac { y, z }) => Ipv4Addr::new(w, x, y, z),
        decoded => decoded.ip().filter(|found| found.octets()[..2] == [w, x])?,
    };
    Some(("unless", if_primary(neighbour)))
}

fn if_primary(primary: Ipv4Addr) -> String {
    format!("{primary} is its cluster's primary IP: every virtual IP answers with the primary's MAC")
}
