//! The Hyper-V story: a two-host group, its cluster and its switches, right and wrong in the ways that are known.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use nlbswitch::lint::lint_design;
use nlbswitch::source::Sources;
use nlbswitch::vendor::Packs;

/// The findings of one design of the story: code, severity, and the text each points at.
fn findings(name: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    let design = root.join("fixtures/story").join(name).with_extension("yaml");
    let outcome = lint_design(&design, root, &Packs::embedded(), &mut sources).expect("an outcome");
    let shown = outcome.findings.iter().map(|finding| {
        let pointed_at = finding.span.map_or("", |span| sources.slice(span));
        format!("{} {} {pointed_at}", finding.code, finding.severity)
    });
    shown.collect()
}

#[test]
fn the_recommended_design_has_neither_error_nor_warning() {
    assert_eq!(findings("recommended"), ["NLB218 info 2012 R2"]);
}

#[test]
fn below_a_force10_gateway_it_has_the_warning_that_belongs_to_the_platform() {
    let found = findings("force10");
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0], "NLB218 info 2012 R2");
    assert!(found[1].starts_with("NLB605 warning"), "{found:#?}");
}

#[test]
fn each_wrong_turn_is_caught_by_its_own_rule() {
    for (name, expected) in [
        ("unicast-switch-dependent", vec!["NLB201 error unicast", "NLB218 info 2012 R2"]),
        ("unicast-one-switch", vec!["NLB202 error unicast", "NLB218 info 2012 R2"]),
        ("no-spoofing", vec!["NLB218 info 2012 R2", "NLB206 warning false", "NLB206 warning false"]),
        ("both-migrate", vec!["NLB218 info 2012 R2", "NLB208 warning true"]),
    ] {
        assert_eq!(findings(name), expected, "{name}");
    }
}

#[test]
fn the_line_that_circulates_on_the_web_is_caught() {
    let found = findings("circulating-line");
    let errors: Vec<_> = found.iter().filter(|finding| finding.contains(" error ")).collect();
    assert_eq!(errors.len(), 1, "{found:#?}");
    assert!(errors[0].starts_with("NLB101 error"), "{found:#?}");
}
