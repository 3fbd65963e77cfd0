//! `generate` under `.nlbswitch.yaml`: which errors stop it, and that nothing it quotes of a config shows a secret.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{TEAM, Workshop};

/// The design whose team is an error (NLB201), with a gateway.
fn team() -> String {
    TEAM.replace("vendor: cisco-ios, links", "vendor: cisco-ios, gateway: true, links")
}

/// Nothing is wrong with it but a warning: one node has one adapter (NLB221).
const WARNED: &str = "\
clusters:
  - name: web
    mode: unicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    nodes: [{name: nlb1, attach: sw1 Gi1/0/1, nics: 1}, {name: nlb2, attach: sw1 Gi1/0/2}]
switches:
  - {name: sw1, vendor: cisco-ios, gateway: true}
";

/// The exit code of `generate` with these settings, and what it says on standard error.
fn under(design: &str, settings: &str, arguments: &str) -> (i32, String) {
    let workshop = Workshop::with_design(design);
    workshop.file(".nlbswitch.yaml", settings);
    let answer = workshop.output(&format!("generate design.yaml {arguments}"));
    assert_eq!(answer.code == 1, answer.err.contains("error: no lines for a design with errors"), "{answer}");
    (answer.code, answer.err)
}

#[test]
fn an_error_stops_generate_unless_it_is_accepted_or_no_error_any_more() {
    const REFUSED: i32 = 1;
    for (settings, arguments, code) in [
        ("fail_level: never\n", "", REFUSED),
        ("severity: {NLB201: warning}\n", "", 0),
        ("severity: {unicast-switch-dependent-team: info}\n", "", 0),
        ("severity: {NLB201: warning}\n", "--no-config", REFUSED),
        ("rules: {ignore: [NLB201]}\n", "", 0),
        ("suppressions: [{rule: NLB201, cluster: web, reason: both switches are one chassis}]\n", "", 0),
        ("suppressions: [{rule: NLB201, cluster: web, reason: r, until: 2999-12-31}]\n", "", 0),
        ("suppressions: [{rule: NLB201, cluster: mail, reason: of another cluster}]\n", "", REFUSED),
        ("suppressions: [{rule: NLB201, cluster: web, reason: r, until: 2020-01-31}]\n", "", REFUSED),
        ("fail_level: never\n", "--force", 0),
    ] {
        let (found, err) = under(&team(), settings, arguments);
        assert_eq!(found, code, "{settings} {arguments}: {err}");
        assert_eq!(
            err.contains("error[NLB201]"),
            code == REFUSED || arguments == "--force",
            "{settings}: {err}"
        );
        assert!(!err.contains("NLB903"), "lint speaks of the settings themselves: {err}");
    }
}

#[test]
fn a_warning_stops_generate_once_it_is_an_error() {
    assert_eq!(under(WARNED, "fail_level: warning\n", "").0, 0);
    let (code, err) = under(WARNED, "severity: {NLB221: error}\n", "");
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("error[NLB221]"), "{err}");
}

#[test]
fn what_a_config_lacks_stops_nothing_whatever_it_is_called() {
    let design = WARNED.replace("unicast", "multicast");
    assert_eq!(under(&design, "severity: {NLB4: error, NLB5: error, NLB6: error}\n", "").0, 0);
}

#[test]
fn settings_with_mistakes_are_shown_and_nothing_is_written() {
    let workshop = Workshop::with_design(WARNED);
    workshop.file(".nlbswitch.yaml", "severity: {NLB999: error}\n");
    let answer = workshop.output("generate design.yaml");
    assert_eq!(answer.code, 2, "{answer}");
    assert!(answer.err.contains("there is no rule `NLB999`") && answer.out.is_empty(), "{answer}");
    assert_eq!(workshop.output("generate design.yaml --no-config").code, 0);
}

/// Marks a secret: no word of it may be printed.
const SECRET: &str = "Zq7hunterQz";

/// A running-config with secrets everywhere, and in lines that `--against` quotes because it does not understand them.
fn config_with_secrets() -> String {
    format!(
        "hostname sw1\nenable secret 5 $1$mERr${SECRET}\nsnmp-server community {SECRET} RO\n\
         username admin password 7 {SECRET}\n\
         interface GigabitEthernet1/0/1\n switchport access vlan 10\n\
         mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1\n\
         mac address-table static 03bf.ac1f.01e9 vlan 10 password {SECRET}\n\
         ip igmp snooping vlan 10 zebra key 7 {SECRET}\n\
         arp 172.31.1.232 03bf.ac1f.0101 ARPA\n\
         arp 172.31.1.233 03bf.ac1f.0101 $1$mERr${SECRET} stripes\n\
         zebra secret {SECRET} 03bf.ac1f.01e8\n"
    )
}

#[test]
fn no_secret_of_a_config_leaves_through_against_or_its_diff() {
    let workshop = Workshop::with_design(WARNED.replace("unicast", "multicast"));
    workshop.file("sw1.cfg", config_with_secrets());
    for arguments in
        ["", "--diff", "--rollback", "--verify", "--format json", "--diff --color always", "-o out"]
    {
        let answer = workshop.output(&format!("generate design.yaml --against sw1.cfg {arguments}"));
        assert_eq!(answer.code, 0, "{answer}");
        assert_eq!(answer.err.matches("was not understood").count(), 4, "the lines are quoted: {answer}");
        assert!(answer.err.contains("***"), "{answer}");
        assert!(!answer.out.contains(SECRET) && !answer.err.contains(SECRET), "{answer}");
    }
    assert_eq!(workshop.names("out"), ["sw1.txt"]);
    for file in workshop.names("out") {
        assert!(!workshop.read(&format!("out/{file}")).contains(SECRET), "{file}");
    }
    // The same holds of a config that the design names itself.
    let design =
        WARNED.replace("unicast", "multicast").replace("gateway: true", "gateway: true, config: sw1.cfg");
    workshop.file("design.yaml", design);
    let answer = workshop.output("generate design.yaml");
    assert!(!answer.out.contains(SECRET) && !answer.err.contains(SECRET), "{answer}");
}

#[test]
fn no_secret_of_a_config_leaves_through_coverage_or_the_notes_of_lint() {
    let workshop = Workshop::new();
    workshop.file("sw1.cfg", config_with_secrets());
    for command in ["lint --coverage", "lint", "lint --format json"] {
        let answer = workshop.output(command);
        assert!(format!("{}{}", answer.out, answer.err).contains("***"), "{answer}");
        assert!(!answer.out.contains(SECRET) && !answer.err.contains(SECRET), "{answer}");
    }
}
