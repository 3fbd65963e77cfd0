//! The input itself: what cannot be judged because it cannot be read.

use super::{Estate, Findings, OtherDialect, Rule, Scope};
use crate::design::Switch;
use crate::diagnostic::{Code, Severity};
use crate::source::Span;
use crate::vendor::Evidence;

pub(super) const RULES: &[Rule] =
    &[INVALID_DESIGN, UNKNOWN_DIALECT, CONFIG_MISSING, DUPLICATE_HOSTNAME, CONFIG_CONTRADICTS_DESIGN];

/// A description that is none. Loading and binding report it: there is no estate to judge yet.
pub(super) const INVALID_DESIGN: Rule = Rule {
    code: Code(901),
    name: "invalid-design",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB901.md"),
    check: |_, _| {},
};

/// A config that nobody here reads.
pub(super) const UNKNOWN_DIALECT: Rule = Rule {
    code: Code(902),
    name: "unknown-dialect",
    severity: Severity::Info,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB902.md"),
    check: unknown_dialect,
};

fn unknown_dialect(estate: &Estate<'_>, findings: &mut Findings) {
    for foreign in &estate.foreign {
        let message = format!("nobody looked into this config: it seems to be {}", foreign.title);
        findings.report(&UNKNOWN_DIALECT, foreign.span, message).help(
            "check its lines by hand; `--dialect` or `dialects` in `.nlbswitch.yaml` says what it is where the guess \
             is wrong",
        );
    }
}

/// Two configs of one name.
pub(super) const DUPLICATE_HOSTNAME: Rule = Rule {
    code: Code(905),
    name: "duplicate-hostname",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB905.md"),
    check: duplicate_hostname,
};

fn duplicate_hostname(estate: &Estate<'_>, findings: &mut Findings) {
    for claim in &estate.claims {
        let [first, others @ ..] = claim.places.as_slice() else { continue };
        for other in others {
            let name = crate::diagnostic::quoted(&claim.name);
            findings
                .report(&DUPLICATE_HOSTNAME, *other, format!("a second config calls itself `{name}`"))
                .related(*first, "the first one")
                .switch(name)
                .help("keep one config of each switch, or leave old ones out with `exclude` in `.nlbswitch.yaml`");
        }
    }
}

/// Whether findings of this code say that a design could not be judged. Then nobody knows what else is wrong with it:
/// such a finding can be neither suppressed, nor deselected, nor known to a baseline, and stays an error.
pub fn hides_others(code: Code) -> bool {
    code == INVALID_DESIGN.code
}

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

/// A config that is not what the design says of its switch.
pub(super) const CONFIG_CONTRADICTS_DESIGN: Rule = Rule {
    code: Code(906),
    name: "config-contradicts-design",
    severity: Severity::Warning,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB906.md"),
    check: config_contradicts_design,
};

fn config_contradicts_design(estate: &Estate<'_>, findings: &mut Findings) {
    for OtherDialect { switch, span, title } in &estate.other_dialects {
        let Switch { name, vendor, .. } = &estate.design().switches[*switch];
        let message = format!(
            "the config of `{name}` seems to be {title}, and is read as `{}`",
            crate::diagnostic::quoted(vendor)
        );
        findings
            .report(&CONFIG_CONTRADICTS_DESIGN, *span, message)
            .related(vendor.span, "the design says so")
            .switch(name.to_string())
            .help("name the `vendor` that the switch is of, or the config that is its own");
    }
    for config in &estate.configs {
        let (Some(device), Some((line, evidence))) = (config.device, &config.refused) else { continue };
        let Switch { name, platform: Some(platform), .. } = estate.switch_of(device) else { continue };
        let likely = if *evidence == Evidence::Unverified { "likely " } else { "" };
        let message = format!(
            "the platform `{}` of `{name}` {likely}takes no such line",
            crate::diagnostic::quoted(platform)
        );
        findings
            .report(&CONFIG_CONTRADICTS_DESIGN, Span::new(config.file, line.clone()), message)
            .related(platform.span, "the design says so")
            .switch(name.to_string())
            .help("name the `platform` that the switch is, or the config that is its own");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::words::tests::{alone, found};

    #[test]
    fn a_second_config_of_a_name_is_told_where_it_names_itself() {
        let ios = "hostname sw1\nvlan 10\n";
        assert_eq!(
            alone(&[("a.cfg", "cisco-ios", ios), ("b.cfg", "cisco-ios", "!\nhostname SW1\n")]),
            ["NLB905 warning b.cfg:2: a second config calls itself `sw1`"]
        );
        assert_eq!(alone(&[("a.cfg", "cisco-ios", ios), ("b.cfg", "cisco-ios", "vlan 10\n")]), [""; 0]);
    }

    #[test]
    fn a_config_of_another_dialect_than_the_design_says_is_told() {
        let design = |vendor: &str| {
            format!(
                "clusters: [{{name: a, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10}}]\n\
                 switches: [{{name: s1, vendor: {vendor}, config: s1.cfg}}]\n"
            )
        };
        let told = |vendor: &str, text: &str| {
            let found = found(&design(vendor), &[("s1.cfg", text)]);
            found.into_iter().filter(|found| found.starts_with("NLB906")).collect::<Vec<_>>()
        };
        let junos = "version 20.4R3-S1;\nsystem {\n    host-name s1;\n}\n";
        let asa = ": Saved\n:\nASA Version 9.8(4)\n!\nhostname s1\nnames\n!\n";
        assert_eq!(
            told("ios", junos),
            ["NLB906 warning 1: the config of `s1` seems to be Juniper Junos, and is read as `ios`"]
        );
        assert_eq!(
            told("cisco-nxos", asa),
            ["NLB906 warning 1: the config of `s1` seems to be Cisco ASA, and is read as `cisco-nxos`"]
        );
        assert_eq!(told("junos", junos), [""; 0]);
        // A line that speaks for the dialect that the design says, and a config that speaks for none.
        let ios = "version 15.2\nservice timestamps debug datetime msec\n!\n";
        assert_eq!(told("ios", &format!("{ios}{asa}")), [""; 0]);
        assert_eq!(told("ios", "hostname s1\nvlan 10\n"), [""; 0]);
        // One line that the next dialect writes too.
        let line = "interface vlan 10\n bridge multicast address 03bf.0a00.0001 add ethernet 1/g1\n exit\n";
        assert_eq!(told("dell-powerconnect-6200", line), [""; 0]);
    }

    #[test]
    fn a_line_that_the_platform_of_the_design_does_not_take_is_told() {
        let told = |platform: &str, text: &str| {
            let design = format!(
                "clusters: [{{name: a, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10}}]\n\
                 switches: [{{name: s1, vendor: junos{platform}, config: s1.cfg}}]\n"
            );
            let found = found(&design, &[("s1.cfg", text)]);
            found.into_iter().filter(|found| found.starts_with("NLB906")).collect::<Vec<_>>()
        };
        let with = "set version 14.1X53\nset vlans web vlan-id 10\nset vlans web l3-interface irb.10\n";
        let without = "set version 12.3R12\nset vlans web vlan-id 10\nset vlans web l3-interface vlan.10\n";
        for (platform, text, line) in [
            (", platform: ex4300", without, Some(("ex4300", 3))),
            (", platform: ex2200", with, Some(("ex2200", 3))),
            (
                ", platform: ex4300",
                "vlans {\n    web {\n        vlan-id 10;\n        l3-interface vlan.10;\n    }\n}\n",
                Some(("ex4300", 4)),
            ),
            (
                ", platform: ex2200",
                "set interfaces ge-0/0/1 unit 0 family ethernet-switching interface-mode trunk\n",
                Some(("ex2200", 1)),
            ),
            (
                ", platform: ex4300",
                "set interfaces interface-range users unit 0 family ethernet-switching port-mode trunk\n",
                Some(("ex4300", 1)),
            ),
            (", platform: ex4300", with, None),
            (", platform: ex2200", without, None),
            (", platform: qfx5100", without, None),
            ("", without, None),
            // What is not in force says nothing.
            (
                ", platform: ex2200",
                "set vlans web l3-interface irb.10\ndelete vlans web l3-interface\n",
                None,
            ),
        ] {
            let expected = line.map(|(name, line)| {
                format!("NLB906 warning {line}: the platform `{name}` of `s1` takes no such line")
            });
            assert_eq!(told(platform, text), expected.into_iter().collect::<Vec<_>>(), "{platform} {text}");
        }
    }

    #[test]
    fn a_config_that_is_not_there_is_told_and_the_plan_is_judged() {
        let design = "clusters: [{name: a, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n, attach: s1 Gi1/0/1}]}]\n\
                      switches: [{name: s1, vendor: ios, gateway: true, config: nowhere.cfg}]\n";
        let found = found(design, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("NLB904 error 2: the config of `s1` cannot be read: "), "{found:?}");
    }
}
