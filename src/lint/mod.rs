//! The rules: a registry of small checks over an [`Estate`], one file a family.

mod accept;
mod addresses;
mod arp_check;
mod arp_guards;
mod baseline;
mod cluster_mac;
mod cluster_mode;
mod config_lines;
mod configs;
mod coverage;
mod cure;
mod deliveries;
mod dialect_lines;
mod entry_ports;
mod entry_vlans;
mod estate;
mod findings;
mod gateway;
mod guests;
mod hyperv;
mod igmp;
mod igmp_config;
mod igmp_filter;
mod igmp_group;
mod inert_entry;
mod input;
mod inputs;
mod layer2;
mod layer2_alone;
mod layer2_ports;
mod mac_acl;
mod mac_class;
mod malformed;
mod membership;
mod migration;
mod mode;
mod models;
mod names;
mod nodes;
mod page;
mod peers;
mod platforms;
mod policy;
mod port_guards;
mod port_rules;
mod routed_entry;
mod routing;
mod run;
mod seen;
mod sightings;
mod static_arp;
mod storm_control;
mod stream;
mod subnets;
mod suppress;
mod trunk_balance;
mod verdict;
mod vsphere;
mod words;

pub use baseline::{Baseline, BaselineError, Reach};
pub use coverage::{CoverageOfRun, FileCoverage, coverage_of};
pub use estate::{Claim, ClusterView, ConfigFile, Estate, ForeignConfig, MissingConfig, OtherDialect};
pub use findings::Findings;
pub use input::hides_others;
pub use inputs::{Candidate, DesignFiles, Foreign, Inputs, Taking, Unreadable, gather};
pub use names::{UnknownRule, one_rule, rules_named};
pub use page::{Example, ExampleConfig, HEADINGS, Page};
pub use policy::Policy;
pub use run::{
    Found, Given, Origin, Outcome, RunError, Strangers, configs_of, judge, judge_estate, lint_design,
    lint_inputs, lint_text, named_configs, other_dialects, with_estate,
};
pub use seen::Seen;
pub use sightings::{Connected, SeenArp, SeenMac, Sighting, connected, sight};
pub use stream::take_stream;
pub use verdict::{Terms, Verdict};

use std::sync::LazyLock;

use crate::diagnostic::{Code, Severity};

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The design.
    Design,
    /// Switch configs.
    Config,
    /// Both.
    Both,
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Design => "design",
            Self::Config => "config",
            Self::Both => "both",
        })
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its number; never reused.
    pub code: Code,
    /// Its name.
    pub name: &'static str,
    /// How bad its findings are, unless they say otherwise.
    pub severity: Severity,
    /// What it looks at.
    pub scope: Scope,
    /// Its page, `docs/rules/NLBnnn.md`.
    pub page: &'static str,
    /// The check. It reports through [`Findings::report`] with this rule.
    pub check: fn(&Estate<'_>, &mut Findings),
}

/// The families of rules, in the order of their codes. A new family adds its line here; a new rule none.
const FAMILIES: &[&[Rule]] = &[
    cluster_mac::RULES,   //
    igmp_group::RULES,    //
    addresses::RULES,     //
    mode::RULES,          //
    hyperv::RULES,        //
    migration::RULES,     //
    vsphere::RULES,       //
    platforms::RULES,     //
    nodes::RULES,         //
    port_rules::RULES,    //
    static_arp::RULES,    //
    gateway::RULES,       //
    cluster_mode::RULES,  //
    routing::RULES,       //
    config_lines::RULES,  //
    malformed::RULES,     //
    layer2::RULES,        //
    layer2_ports::RULES,  //
    entry_vlans::RULES,   //
    entry_ports::RULES,   //
    arp_check::RULES,     //
    arp_guards::RULES,    //
    port_guards::RULES,   //
    storm_control::RULES, //
    mac_acl::RULES,       //
    dialect_lines::RULES, //
    mac_class::RULES,
    inert_entry::RULES,   //
    trunk_balance::RULES, //
    routed_entry::RULES,  //
    igmp::RULES,          //
    igmp_config::RULES,   //
    igmp_filter::RULES,   //
    models::RULES,        //
    deliveries::RULES,    //
    input::RULES,         //
    &[suppress::UNUSED_SUPPRESSION],
];

/// The families about what a cluster is reached by: its addresses, MACs and groups.
const OF_ADDRESSES: &[&[Rule]] = &[cluster_mac::RULES, igmp_group::RULES, addresses::RULES];

impl Rule {
    /// Whether an error of it makes a design one that no lines should be written from: the design is wrong in itself.
    /// What a config lacks or a platform cannot hold is no such thing, since that is what the lines are for; addresses
    /// that contradict each other `in_design`, and not in a config, are.
    pub fn faults_design(&self, in_design: bool) -> bool {
        let of_addresses =
            || OF_ADDRESSES.iter().any(|rules| rules.iter().any(|rule| rule.code == self.code));
        self.scope == Scope::Design || in_design && of_addresses()
    }
}

/// Every rule, in the order of the codes.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    static SORTED: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
        let mut all: Vec<&'static Rule> = FAMILIES.iter().flat_map(|family| family.iter()).collect();
        all.sort_by_key(|rule| rule.code);
        all
    });
    SORTED.iter().copied()
}

/// The rule with this code.
pub fn rule_of(code: Code) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}

/// The rule called `name`: by its code (`NLB101`, `101`) or its name, in any case.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let digits = name.get(..3).filter(|head| head.eq_ignore_ascii_case("nlb")).map_or(name, |_| &name[3..]);
    rules().find(|rule| rule.name.eq_ignore_ascii_case(name) || digits.parse() == Ok(rule.code.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_refused_for_what_is_wrong_with_the_design_itself() {
        let codes = |in_design: bool| {
            let refused = rules().filter(|rule| rule.faults_design(in_design) && rule.scope != Scope::Design);
            refused.map(|rule| rule.code.0).collect::<Vec<_>>()
        };
        assert_eq!(codes(false), [0; 0], "a rule about configs alone");
        assert_eq!(codes(true), [101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 114]);
        assert!(rules().filter(|rule| rule.scope == Scope::Design).all(|rule| rule.faults_design(false)));
    }
}
