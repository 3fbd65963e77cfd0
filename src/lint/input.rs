//! The input itself: what cannot be judged because it cannot be read.

use super::{Estate, Findings, Rule, Scope};
use crate::diagnostic::{Code, Severity};

pub(super) const RULES: &[Rule] = &[INVALID_DESIGN, CONFIG_MISSING];

/// A description that is none. Loading and binding report it: there is no estate to judge yet.
pub(super) const INVALID_DESIGN: Rule = Rule {
    code: Code(901),
    name: "invalid-design",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB901.md"),
    check: |_, _| {},
};

/// A config that is not there.
pub(super) const CONFIG_MISSING: Rule = Rule {
    code: Code(904),
    name: "config-missing",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB904.md"),
    check: config_missing,
};

fn config_missing(estate: &Estate<'_>, findings: &mut Findings) {
    for missing in &estate.missing_configs {
        let switch = &estate.design().switches[missing.switch];
        let message = format!("the config of `{}` cannot be read: {}", switch.name.value, missing.why);
        findings
            .report(&CONFIG_MISSING, missing.span, message)
            .switch(switch.name.to_string())
            .help("the path counts from the design's directory; without `config` the plan is judged");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::found;

    #[test]
    fn a_config_that_is_not_there_is_told_and_the_plan_is_judged() {
        let design = "clusters: [{name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: s1 Gi1/0/1}]}]\n\
                      switches: [{name: s1, vendor: ios, gateway: true, config: nowhere.cfg}]\n";
        let found = found(design, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("NLB904 error 2: the config of `s1` cannot be read: "), "{found:?}");
    }
}
