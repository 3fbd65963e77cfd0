//! Answers for programs. The contract is written at the head of the parent module.

use std::io::{self, Write};
use std::net::Ipv4Addr;

use macaddr::MacAddr6;
use serde::{Serialize, Serializer};

use super::explain::{self, Explanation};
use super::input::Request;
use super::{MacArgs, Mode, Notation};
use crate::net::mac::format;
use crate::nlb::{self, Decoded};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    macs: &'a [Entry],
}

/// Writes the whole document.
pub(super) fn write(entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document { version: VERSION, macs: entries })?;
    writeln!(out)
}

/// One answer.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Entry {
    Derived(Derived),
    Decoded(Box<DecodedMac>),
    Checked(Checked),
}

#[derive(Serialize)]
pub(super) struct Derived {
    input: String,
    ip: Ipv4Addr,
    modes: Vec<OfMode>,
}

#[derive(Serialize)]
struct OfMode {
    mode: Mode,
    mac: Spellings,
    #[serde(skip_serializing_if = "Option::is_none")]
    igmp_group: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_also_used_by: Option<&'static str>,
}

/// A MAC in each notation asked for.
struct Spellings(Vec<(Notation, String)>);

impl Serialize for Spellings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(notation, text)| (notation, text)))
    }
}

#[derive(Serialize)]
pub(super) struct DecodedMac {
    input: String,
    mac: String,
    what: &'static str,
    cluster_mac: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    octets: Option<[u8; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    igmp_group: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shared_groups: Vec<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
    explanation: String,
}

#[derive(Serialize)]
pub(super) struct Checked {
    input: String,
    ip: Ipv4Addr,
    mac: String,
    belongs: bool,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded_ip: Option<Ipv4Addr>,
    right: Vec<Right>,
    explanation: String,
}

#[derive(Serialize)]
struct Right {
    mode: Mode,
    mac: String,
}

impl Entry {
    pub(super) fn new(request: &Request, args: &MacArgs) -> Self {
        let notation = args.notation.unwrap_or(Notation::Colon);
        match request {
            Request::Derive { input, ip } => Entry::Derived(derived(input, *ip, args)),
            Request::Decode { input, mac, .. } => Entry::Decoded(Box::new(decoded(input, *mac, notation))),
            Request::Check { input, ip, mac, .. } => {
                Entry::Checked(checked(input, *ip, args.mode, *mac, notation))
            }
        }
    }
}

fn derived(input: &str, ip: Ipv4Addr, args: &MacArgs) -> Derived {
    let wanted = |mode: &Mode| args.mode.is_none_or(|only| only == *mode);
    let spellings = |mac: MacAddr6| {
        let notations =
            Notation::ALL.into_iter().filter(|notation| args.notation.is_none_or(|only| only == *notation));
        Spellings(notations.map(|notation| (notation, format(mac, notation))).collect())
    };
    let modes = Mode::ALL.into_iter().filter(wanted).map(|mode| {
        let igmp_group = (mode == Mode::IgmpMulticast).then(|| nlb::group(ip));
        OfMode {
            mode,
            mac: spellings(mode.mac(ip)),
            igmp_group,
            group_also_used_by: igmp_group.and_then(nlb::known_group_user),
        }
    });
    Derived { input: input.to_owned(), ip, modes: modes.collect() }
}

fn decoded(input: &str, mac: MacAddr6, notation: Notation) -> DecodedMac {
    let decoded = nlb::decode(mac);
    let (igmp, host, placeholder) = match decoded {
        Decoded::Igmp(igmp) => (Some(igmp), None, None),
        Decoded::MaskedSource { host, .. } => (None, Some(host), None),
        Decoded::Placeholder(placeholder) => (None, None, Some(placeholder)),
        _ => (None, None, None),
    };
    DecodedMac {
        input: input.to_owned(),
        mac: format(mac, notation),
        what: decoded.as_str(),
        cluster_mac: decoded.is_cluster_mac(),
        mode: decoded.mode(),
        ip: decoded.ip(),
        host,
        octets: igmp.map(|igmp| [igmp.y, igmp.z]),
        igmp_group: igmp.map(|igmp| igmp.group()),
        shared_groups: nlb::multicast_groups(mac).into_iter().flatten().collect(),
        document: placeholder.map(|placeholder| placeholder.document),
        url: placeholder.map(|placeholder| placeholder.url),
        explanation: explain::decoded(mac, notation).headline,
    }
}

fn checked(input: &str, ip: Ipv4Addr, asked: Option<Mode>, mac: MacAddr6, notation: Notation) -> Checked {
    let verdict = nlb::diagnose(ip, asked, mac);
    let Explanation { headline, details } = explain::checked(ip, asked, mac, notation);
    let explanation = details.iter().fold(headline, |text, (label, detail)| match *label {
        "reason" => format!("{text}: {detail}"),
        "unless" => format!("{text}, unless {detail}"),
        _ => text,
    });
    let right = nlb::right_macs(ip, asked, &verdict).into_iter();
    Checked {
        input: input.to_owned(),
        ip,
        mac: format(mac, notation),
        belongs: verdict.belongs(),
        verdict: verdict.as_str(),
        mode: verdict.mode(),
        decoded_ip: nlb::decode(mac).ip(),
        right: right.map(|(mode, mac)| Right { mode, mac: format(mac, notation) }).collect(),
        explanation,
    }
}
