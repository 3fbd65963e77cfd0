//! The check of ARP entries that some devices make: while it is on, they refuse a static ARP with a multicast MAC.

use std::collections::BTreeSet;

use super::words::Mender;
use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity, quoted};
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::net::mac;

pub(super) const RULES: &[Rule] = &[ARP_CHECK_ENABLED];

/// A static ARP that the device refuses, for its check of ARP entries is on.
const ARP_CHECK_ENABLED: Rule = Rule {
    code: Code(408),
    name: "arp-check-enabled",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB408.md"),
    check: arp_check_enabled,
};

fn arp_check_enabled(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut told = BTreeSet::new();
    for sighting in estate.sightings().iter().filter(|sighting| sighting.mac.is_multicast()) {
        let config = &estate.configs[sighting.config];
        let refuses = config.facts().needs_of(EntryKind::StaticArp).any(|need| need == EntryKind::ArpCheck);
        let Some(arp) = sighting.arps.first().filter(|_| refuses) else { continue };
        if config.state.lets_arp_be_multicast() || !told.insert(sighting.config) {
            continue;
        }
        let message = format!(
            "the check of ARP entries is on: `{}` refuses the static ARP of `{}`, for `{}` is a multicast MAC",
            quoted(&config.name),
            arp.ip,
            mac::format(sighting.mac, config.pack.mac)
        );
        let finding = findings.report(&ARP_CHECK_ENABLED, config.span_of(&arp.entry), message);
        finding.switch(config.name.clone());
        if let Some(at) = sighting.cluster {
            finding.cluster(estate.design().clusters[at].name.to_string());
        }
        finding.help("switch the check off before the entries are set; it acts on the whole switch");
        let (kind, of) = (EntryKind::ArpCheck, Subject::Switch);
        mender.exchange(config, finding, &[], &[Entry::Setting { kind, of, value: Value::Flag(false) }]);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::alone;

    const ARP: &str = " arp static 172.31.1.232 03bf-ac1f-01e8\n";

    fn found(config: &str) -> Vec<String> {
        let mut found = alone(&[("sw1.cfg", "hpe-comware", config)]);
        found.retain(|finding| finding.starts_with("NLB408"));
        found
    }

    #[test]
    fn a_static_arp_is_refused_until_the_check_is_off() {
        let refused = "NLB408 error sw1.cfg:1: the check of ARP entries is on: `sw1` refuses the static ARP of \
                       `172.31.1.232`, for `03bf-ac1f-01e8` is a multicast MAC";
        assert_eq!(found(ARP), [refused]);
        assert_eq!(found(&format!("{ARP} undo arp check enable\n arp check enable\n")), [refused]);
        for right in [
            format!("{ARP} undo arp check enable\n"),
            " arp static 172.31.1.232 02bf-ac1f-01e8\n".to_owned(),
            " mac-address multicast 03bf-ac1f-01e8 interface GigabitEthernet1/0/1 vlan 10\n".to_owned(),
        ] {
            assert!(found(&right).is_empty(), "{right}");
        }
    }
}
