//! Static MAC entries in VLANs that the switch itself routes, on platforms that must not hold them there.

use std::collections::BTreeSet;

use super::membership::placed;
use super::words::{Mender, config_text, is_likely};
use super::{ConfigFile, Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};
use crate::entry::{EntryKind, Subject};
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[ROUTED_ENTRY];

/// An entry that belongs in a VLAN without an SVI.
const ROUTED_ENTRY: Rule = Rule {
    code: Code(712),
    name: "routed-entry",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB712.md"),
    check: routed_entry,
};

/// Where a config routes a VLAN on a platform that must hold no static MAC entry of a cluster there.
struct Routed {
    /// The VLAN's interface, which is up.
    svi: Span,
    /// Whether nobody has shown that such an entry must not stand there.
    likely: bool,
}

fn routed(config: &ConfigFile<'_>, vlan: u16) -> Option<Routed> {
    let facts = config.facts();
    let refusal = facts.static_mac_in_routed_vlan().filter(|fact| !fact.value)?;
    let of = Subject::Svi(vlan);
    let is_up = config.state.flag(EntryKind::Svi, &of) == Some(true)
        && config.state.flag(EntryKind::Shutdown, &of) != Some(true);
    let svi = config.span_of_setting(EntryKind::Svi, &of).filter(|_| is_up)?;
    Some(Routed { svi, likely: is_likely(refusal) })
}

/// Whether the config routes the VLAN and its platform must hold no static MAC entry of a cluster there.
pub(super) fn must_not_hold(config: &ConfigFile<'_>, vlan: u16) -> bool {
    routed(config, vlan).is_some()
}

fn routed_entry(estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    let mut told = BTreeSet::new();
    for placed in placed(estate) {
        let config = placed.config;
        let (Some(entry), Some(routed)) = (placed.entry(), routed(config, placed.vlan)) else { continue };
        if !told.insert((config.file, entry.key())) {
            continue;
        }
        let message = format!(
            "the static MAC entry of {} stands in VLAN {}, which {} routes itself: it {}is for VLANs that are switched alone",
            placed.title(estate),
            placed.vlan,
            config_text(config),
            if routed.likely { "likely " } else { "" },
        );
        let finding = findings.report(&ROUTED_ENTRY, config.span_of(entry), message);
        if routed.likely {
            finding.severity(Severity::Warning);
        }
        placed.tell(estate, finding);
        finding.related(routed.svi, "the VLAN has a routed interface");
        finding.help("let another device route the VLAN, or take the entry out and let the VLAN flood");
        mender.exchange(config, finding, std::slice::from_ref(entry), &[]);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{alone, design, found};

    const ENTRY: &str = "vlan 10 by port\n tagged ethe 1/1 to 1/2\n{ve} static-mac-address 03bf.ac1f.01e8 ethernet 1/1 ethernet 1/2\n!\n";
    const VE: &str = "interface ve 20\n ip address 172.31.1.254/24\n";

    fn config(ve: &str, more: &str) -> String {
        ENTRY.replace("{ve}", ve) + more
    }

    fn on(platform: &str, config: &str) -> Vec<String> {
        let switch = format!(
            "switches: [{{name: sw1, vendor: brocade-icx, platform: {platform}, config: sw1.cfg}}]\n"
        );
        let mut all = found(&design("{name: n1, attach: sw1 ethernet 1/1}", &switch), &[("sw1.cfg", config)]);
        all.retain(|finding| finding.starts_with("NLB712"));
        all
    }

    #[test]
    fn an_entry_in_a_vlan_with_a_virtual_interface_is_told_where_the_maker_warns_of_it() {
        let routed = config(" router-interface ve 20\n", VE);
        assert_eq!(
            on("netiron", &routed),
            [
                "NLB712 error 4: the static MAC entry of cluster `web` stands in VLAN 10, which `sw1` (netiron) routes itself: it is for VLANs that are switched alone"
            ]
        );
        assert!(on("icx", &routed).is_empty());
        assert!(alone(&[("sw1.cfg", "brocade-icx", &routed)]).iter().all(|told| !told.starts_with("NLB712")));
    }

    #[test]
    fn another_vlan_with_an_interface_or_one_that_is_down_is_let_be() {
        assert!(on("netiron", &config("", VE)).is_empty());
        assert!(on("netiron", &config(" router-interface ve 21\n", VE)).is_empty());
        assert!(on("netiron", &config(" router-interface ve 20\n", &format!("{VE} disable\n"))).is_empty());
    }
}
