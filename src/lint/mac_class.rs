//! Lines with the words for one class of MACs around one of the other.

use super::words::Mender;
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::Entry;
use crate::net::mac;
use crate::vendor::{CompiledLine, Effect, MacClass, Pack};

pub(super) const RULES: &[Rule] = &[JUNOS_MAC_KEYWORD];

/// `mac` around the MAC of a group, or `multicast-mac` around that of a station.
const JUNOS_MAC_KEYWORD: Rule = Rule {
    code: Code(707),
    name: "junos-mac-keyword",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB707.md"),
    check: junos_mac_keyword,
};

fn junos_mac_keyword(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for sighting in estate.sightings() {
        let config = &estate.configs[sighting.config];
        let class = MacClass::of(sighting.mac);
        let entries: Vec<&Entry> = sighting
            .arps
            .iter()
            .map(|arp| &arp.entry)
            .chain(sighting.macs.iter().map(|mac| &mac.entry))
            .collect();
        for entry in entries {
            let Some(fact) = config.reading.origin(entry) else { continue };
            if fact.spelling.macs.is_none_or(|words| words == class) {
                continue;
            }
            let mac = mac::format(sighting.mac, config.pack.mac);
            let (has, is_of) = match class {
                MacClass::Multicast => ("of one station", "a group"),
                MacClass::Unicast => ("of a group", "one station"),
            };
            let message = format!(
                "the line has the word for the MAC {has}, and `{mac}` is that of {is_of}: the switch likely refuses it"
            );
            let finding = findings.report(&JUNOS_MAC_KEYWORD, fact.mac_span(config.file), message);
            finding.switch(config.name.clone());
            if let Some(at) = sighting.cluster {
                finding.cluster(estate.design().clusters[at].name.to_string());
            }
            mender.restate(config, finding, entry);
            if finding.remediation.is_none()
                && let Some(right) = with_words_for(config.pack, fact.spelling, class)
            {
                finding.help(format!("write `{}`", right.pattern.text()));
            }
        }
    }
}

/// The line that says the same with the words for MACs of `class`.
fn with_words_for<'p>(pack: &'p Pack, wrong: &CompiledLine, class: MacClass) -> Option<&'p CompiledLine> {
    let says_the_same = |line: &&CompiledLine| {
        line.entry == wrong.entry
            && line.effect == Effect::State
            && line.under == wrong.under
            && line.macs == Some(class)
            && line.pattern.head_words().eq(wrong.pattern.head_words())
    };
    pack.lines().iter().find(says_the_same)
}
