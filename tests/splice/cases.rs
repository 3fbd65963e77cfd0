//! The lines that are spliced: one file a dialect in `fixtures/splice`, and what each line must be told to be.
//!
//! `+++ NAME` begins lines that `@NAME` stands for, `=== TITLE` a case, `--- partner` in it the lines of a second switch
//! of the same dialect, `--- design` its design, in which the switches are `sw1` and `sw2`; each `--- without WORD` leaves
//! out the bases with that word. A line that ends in `#> 101` must be told so, with the rule's own severity or the one that
//! follows (`#> 101 warning`), and a line without must not. `{{…}}` stands for what is free in the base: see
//! [`Names::value`].

use std::collections::BTreeMap;

use macaddr::MacAddr6;
use nlbswitch::diagnostic::Severity;
use nlbswitch::lint;
use nlbswitch::net::mac::{Notation, format};

use crate::bases::Site;

/// One case, its names not yet filled in.
pub(crate) struct Case {
    pub(crate) title: String,
    spliced: Vec<String>,
    partner: Option<Vec<String>>,
    design: Option<Vec<String>>,
    /// Words that no line of the base may hold: the case is about what is not there.
    without: Vec<String>,
}

/// A text with what must be told of its lines.
#[derive(Default)]
pub(crate) struct Marked {
    pub(crate) lines: Vec<String>,
    /// The line, from 1, the rule and the severity.
    pub(crate) marks: Vec<(usize, u16, Severity)>,
}

/// A case in a base.
pub(crate) struct Filled {
    pub(crate) spliced: Marked,
    pub(crate) partner: Option<Marked>,
    pub(crate) design: Option<Marked>,
}

/// The cases of a file.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut blocks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut block = None;
    let mut found: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("+++ ") {
            block = Some(name.to_owned());
        } else if let Some(title) = line.strip_prefix("=== ") {
            block = None;
            let title = title.to_owned();
            found.push(Case { title, spliced: Vec::new(), partner: None, design: None, without: Vec::new() });
        } else if let Some(name) = &block {
            blocks.entry(name.clone()).or_default().push(line.to_owned());
        } else if let Some(case) = found.last_mut() {
            if let Some(word) = line.strip_prefix("--- without ") {
                case.without.push(word.to_owned());
                continue;
            }
            let part = match line {
                "--- partner" => {
                    case.partner = Some(Vec::new());
                    continue;
                }
                "--- design" => {
                    case.design = Some(Vec::new());
                    continue;
                }
                _ => match (&mut case.design, &mut case.partner) {
                    (Some(design), _) => design,
                    (None, Some(partner)) => partner,
                    (None, None) => &mut case.spliced,
                },
            };
            match line.trim_start().strip_prefix('@') {
                Some(name) => part.extend(blocks[name].iter().cloned()),
                None => part.push(line.to_owned()),
            }
        }
    }
    found
}

impl Case {
    /// The case with the names of a base.
    pub(crate) fn fill(&self, site: &Site, notation: Notation) -> Filled {
        let names = Names { site, notation };
        let filled = |lines: &Vec<String>| names.fill(lines);
        Filled {
            spliced: filled(&self.spliced),
            partner: self.partner.as_ref().map(filled),
            design: self.design.as_ref().map(filled),
        }
    }

    /// Whether the base lets it be what it says.
    pub(crate) fn fits(&self, base: &str) -> bool {
        self.without.iter().all(|word| !base.contains(word.as_str()))
    }

    /// The rules that its marks name.
    pub(crate) fn codes(&self) -> Vec<u16> {
        let all = [Some(&self.spliced), self.partner.as_ref(), self.design.as_ref()];
        let lines = all.into_iter().flatten().flatten();
        lines
            .filter_map(|line| line.split_once("#>"))
            .flat_map(|(_, marks)| marks_of(marks))
            .map(|(code, _)| code)
            .collect()
    }
}

fn marks_of(text: &str) -> Vec<(u16, Severity)> {
    let mark = |mark: &str| {
        let mut words = mark.split_whitespace();
        let code: u16 = words.next().unwrap().parse().unwrap();
        let own = lint::rule(&code.to_string()).unwrap_or_else(|| panic!("no rule {code}")).severity;
        let severity = match words.next() {
            None => own,
            Some("info") => Severity::Info,
            Some("warning") => Severity::Warning,
            Some("error") => Severity::Error,
            Some(other) => panic!("{other} is no severity"),
        };
        (code, severity)
    };
    text.split(',').map(mark).collect()
}

struct Names<'s> {
    site: &'s Site,
    notation: Notation,
}

impl Names<'_> {
    fn fill(&self, lines: &[String]) -> Marked {
        let mut marked = Marked::default();
        for line in lines {
            let (line, marks) = line.split_once("#>").unwrap_or((line, ""));
            let mut filled = String::new();
            let mut rest = line.trim_end();
            while let Some((before, name)) =
                rest.split_once("{{").filter(|(before, _)| !before.contains("}}"))
            {
                let (name, after) = name.split_once("}}").expect("braces come in pairs");
                filled += before;
                filled += &self.value(name);
                rest = after;
            }
            marked.lines.push(filled + rest);
            if !marks.is_empty() {
                let number = marked.lines.len();
                marked
                    .marks
                    .extend(marks_of(marks).into_iter().map(|(code, severity)| (number, code, severity)));
            }
        }
        marked
    }

    /// `vlan`, `vlan2`, `vlan3`: VLANs. `net`, `net2`: the first three octets of subnets, `vip`, `vip2` to
    /// `vip9`, `far` the addresses .40, .41 to .48 of the first and .40 of the second, `twin` one elsewhere that ends as `vip` does, `known` one
    /// whose group others use. `p1` to `p4`: ports, `lag`: a port-channel's number. `m:NAME`,
    /// `u:NAME`, `i:NAME`: the multicast, unicast and IGMP MAC of an address; `dec:NAME`, `rev:NAME`, `old:NAME`,
    /// `src:NAME`, `bad:NAME`: it in decimal, backwards, with 00-BF, as host 5 sends, behind a wrong prefix.
    /// `hyphens:NAME`: the multicast one as Windows writes it; `group:NAME`: its group.
    fn value(&self, name: &str) -> String {
        let Site { vlans, nets, ports, lag } = self.site;
        let net = |which: usize| nets[which].map(|octet| octet.to_string()).join(".");
        let ip = |name: &str| {
            let (which, last) = match name {
                "vip" => (0, 40),
                "vip2" => (0, 41),
                "far" => (1, 40),
                "twin" => (2, 40),
                "known" => (3, 250),
                _ => match name.strip_prefix("vip").and_then(|number| number.parse::<u8>().ok()) {
                    Some(number) => (0, 39 + number),
                    None => panic!("{name} is no address"),
                },
            };
            let [a, b, c] = nets[which];
            [a, b, c, last]
        };
        if let Some((kind, address)) = name.split_once(':') {
            let [a, b, c, d] = ip(address);
            let decimal = |octet: u8| octet / 10 * 16 + octet % 10;
            return match kind {
                "m" => self.mac([0x03, 0xbf, a, b, c, d]),
                "hyphens" => format!("03-BF-{a:02X}-{b:02X}-{c:02X}-{d:02X}"),
                "u" => self.mac([0x02, 0xbf, a, b, c, d]),
                "i" => self.mac([0x01, 0x00, 0x5e, 0x7f, c, d]),
                "dec" => self.mac([0x03, 0xbf, decimal(a), decimal(b), decimal(c), decimal(d)]),
                "rev" => self.mac([0x03, 0xbf, d, c, b, a]),
                "old" => self.mac([0x00, 0xbf, a, b, c, d]),
                "src" => self.mac([0x02, 0x05, a, b, c, d]),
                "bad" => self.mac([0x03, 0xfb, a, b, c, d]),
                "group" => format!("239.255.{c}.{d}"),
                _ => panic!("{kind} is no form of an address"),
            };
        }
        match name {
            "vlan" => vlans[0].to_string(),
            "vlan2" => vlans[1].to_string(),
            "vlan3" => vlans[2].to_string(),
            "net" => net(0),
            "net2" => net(1),
            "twin-net" => net(2),
            "known-net" => net(3),
            "far" | "twin" | "known" => ip(name).map(|octet| octet.to_string()).join("."),
            _ if name.starts_with("vip") => ip(name).map(|octet| octet.to_string()).join("."),
            "lag" => lag.expect("port-channels have numbers here").to_string(),
            "placeholder" => self.mac([0x03, 0x00, 0x5e, 0x01, 0x01, 0x01]),
            "placeholder2" => self.mac([0xc8; 6]),
            "host" => self.mac([0x00, 0x15, 0x5d, 0x01, 0x02, 0x03]),
            _ => match name.strip_prefix('p').and_then(|number| number.parse::<usize>().ok()) {
                Some(number) => ports[number - 1].clone(),
                None => panic!("{name} is no name"),
            },
        }
    }

    fn mac(&self, octets: [u8; 6]) -> String {
        format(MacAddr6::from(octets), self.notation)
    }
}
