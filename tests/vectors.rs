//! Published pairs of IP address and MAC, right and wrong ones: `fixtures/vectors.csv`.
//!
//! `V` rows are right and must be derived; `W` rows are wrong as published, and `verdict` names what is wrong. In rows
//! with a `primary`, `ip` is a further virtual IP, whose MAC comes from there.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::net::Ipv4Addr;

use macaddr::MacAddr6;
use nlbswitch::net::mac::{Notation, format, parse};
use nlbswitch::nlb::{
    Decoded, GroupVerdict, Mode, Verdict, decode, diagnose, diagnose_entry, diagnose_group, group,
    masked_source, multicast_groups, right_macs,
};

const VECTORS: &str = include_str!("../fixtures/vectors.csv");

struct Row<'a> {
    id: &'a str,
    ip: Option<Ipv4Addr>,
    primary: Option<Ipv4Addr>,
    mode: &'a str,
    host: &'a str,
    published: &'a str,
    expected: &'a str,
    verdict: &'a str,
}

impl Row<'_> {
    fn ip(&self) -> Ipv4Addr {
        self.ip.expect(self.id)
    }

    fn published_mac(&self) -> MacAddr6 {
        parse(self.published).expect(self.id)
    }

    fn expected_mac(&self) -> MacAddr6 {
        parse(self.expected).expect(self.id)
    }
}

fn rows() -> Vec<Row<'static>> {
    let mut lines = VECTORS.lines();
    assert_eq!(lines.next(), Some("id,ip,primary,mode,host,published,expected,verdict,note"));
    let address = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    lines
        .map(|line| {
            let [id, ip, primary, mode, host, published, expected, verdict, note] =
                line.splitn(9, ',').collect::<Vec<_>>().try_into().expect(line);
            assert!(!note.is_empty(), "{id} says where it comes from");
            Row { id, ip: address(ip), primary: address(primary), mode, host, published, expected, verdict }
        })
        .collect()
}

#[test]
fn every_row_is_there_once() {
    let ids: Vec<&str> = rows().iter().map(|row| row.id).collect();
    let expected: Vec<String> = (1..=22)
        .map(|number| format!("V{number:02}"))
        .chain((1..=14).map(|number| format!("W{number:02}")))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn every_published_pair_is_judged_rightly() {
    for row in rows() {
        let id = row.id;
        assert_eq!(id.starts_with('V'), row.verdict == "ok", "{id}");
        match row.mode {
            "group" => judge_group(&row),
            "ip-multicast" => {
                let mac = row.published_mac();
                assert_eq!(mac, row.expected_mac(), "{id}");
                assert!(multicast_groups(mac).expect(id).any(|group| group == row.ip()), "{id}");
                assert!(matches!(decode(mac), Decoded::Igmp(_)), "{id} collides with IGMP mode");
            }
            "masked-source" => {
                let host = row.host.parse().expect(id);
                assert_eq!(masked_source(row.ip(), host), Some(row.expected_mac()), "{id}");
                assert_eq!(decode(row.published_mac()), Decoded::MaskedSource { host, ip: row.ip() }, "{id}");
            }
            mode => judge_mac(&row, mode.parse().expect(id)),
        }
    }
}

fn judge_group(row: &Row<'_>) {
    let expected: Ipv4Addr = row.expected.parse().expect(row.id);
    assert_eq!(group(row.ip()), expected, "{}", row.id);
    let verdict = match diagnose_group(row.ip(), row.published.parse().expect(row.id)) {
        GroupVerdict::Match => "ok",
        GroupVerdict::MicrosoftTypo => "microsoft-typo",
        GroupVerdict::OtherCluster(_) => "other-cluster",
        GroupVerdict::OtherGroup => "other-group",
        GroupVerdict::NotAGroup => "not-a-group",
    };
    assert_eq!(verdict, row.verdict, "{}", row.id);
}

fn judge_mac(row: &Row<'_>, mode: Mode) {
    let id = row.id;
    let published = row.published_mac();
    let Some(vip) = row.ip else {
        assert!(matches!(decode(published), Decoded::Placeholder(_)), "{id} belongs to no address at all");
        return;
    };
    let primary = row.primary.unwrap_or(vip);
    assert_eq!(mode.mac(primary), row.expected_mac(), "{id}");
    for verdict in [diagnose(primary, None, published), diagnose_entry(primary, mode, vip, published)] {
        let expected = if row.verdict == "ok" { "match" } else { row.verdict };
        assert_eq!(verdict.as_str(), expected, "{id}: {verdict:?}");
        assert_eq!(right_macs(primary, None, &verdict), [(mode, row.expected_mac())], "{id}");
    }
}

#[test]
fn the_second_vip_is_told_apart_from_a_wrong_address() {
    let rows = rows();
    let row = |id| rows.iter().find(|row| row.id == id).unwrap();
    let (own, of_primary) = (row("V05"), row("V06"));
    let primary = of_primary.primary.unwrap();
    assert_eq!(
        diagnose(of_primary.ip(), None, of_primary.published_mac()),
        Verdict::SecondaryVip { mode: Mode::Multicast, primary },
        "without a design it stays a guess"
    );
    assert_eq!(
        diagnose_entry(primary, Mode::Multicast, own.ip(), own.published_mac()),
        Verdict::OwnMacOfSecondary { mode: Mode::Multicast },
        "the arithmetic is right, the entry is not"
    );
}

#[test]
fn every_published_spelling_survives_every_notation() {
    for row in rows().iter().filter(|row| row.mode != "group") {
        for notation in Notation::ALL {
            assert_eq!(parse(&format(row.published_mac(), notation)), Ok(row.published_mac()), "{}", row.id);
        }
    }
}
