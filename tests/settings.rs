//! `.nlbswitch.yaml`, suppressions, the baseline and what is typed behind `lint`, through the program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::{SystemTime, UNIX_EPOCH};

use insta::assert_snapshot;
use nlbswitch::settings::Date;
use support::{TEAM, Workshop};

/// A cluster whose switch has no config yet, and nothing wrong but the age of its Windows.
const PLAIN: &str = "\
clusters:
  - name: mail
    mode: igmp-multicast
    primary_ip: 172.31.2.10/24
    vlan: 20
    windows: '2016'
    nodes: [{name: m1, attach: core Gi1/0/1}, {name: m2, attach: core Gi1/0/2}]
switches:
  - {name: core, vendor: cisco-ios, platform: catalyst-3750, gateway: true, querier: true}
";

/// A repository with two designs, and these settings.
fn repository(settings: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("designs/team.yaml", TEAM).file("designs/plain.yaml", PLAIN).file("docs/readme.txt", "");
    workshop.file(".nlbswitch.yaml", settings);
    workshop
}

/// The codes that a `concise` run prints, in their order.
fn codes(workshop: &Workshop, arguments: &str) -> Vec<String> {
    let answer = workshop.output(&format!("lint --format concise {arguments}"));
    let code = |line: &str| line.split(['[', ']']).nth(1).map(str::to_owned);
    answer.out.lines().filter_map(code).collect()
}

#[test]
fn settings_are_found_upwards_and_their_paths_count_from_there() {
    let workshop = repository("designs: ['designs/*.yaml']\nrules: {select: [NLB201, NLB218]}\n");
    assert_snapshot!(workshop.run("lint -f concise"));
    let below = |line: &[&str]| {
        let output = workshop.command(line).current_dir(workshop.path("docs")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let from_here = workshop.output("lint -f concise").out;
    assert_eq!(below(&["lint", "-f", "concise"]), from_here.replace("designs/", "../designs/"));
    assert_eq!(below(&["lint", "--show-files"]), "../designs/plain.yaml\n../designs/team.yaml\n");
    // Without the settings every rule speaks about the working directory.
    assert!(codes(&workshop, "--no-config").contains(&"NLB221".to_owned()));
}

#[test]
fn settings_say_which_files_are_designs_and_configs() {
    const CONFIG: &str = "version 15.0\nhostname HOST\n!\ninterface Vlan20\n ip address 172.31.2.1 255.255.255.0\n!\n\
                          arp 172.31.2.99 03bf.ac1f.0263 ARPA\n!\nend\n";
    let workshop = Workshop::new();
    for name in ["configs/sw1.cfg", "configs/old/sw2.cfg", "notes/sw3.txt"] {
        let host = name.rsplit('/').next().unwrap().split('.').next().unwrap();
        workshop.file(name, CONFIG.replace("HOST", host));
    }
    workshop.file("designs/plain.yaml", PLAIN).file("draft.yaml", PLAIN.replace("mail", "draft"));
    for (settings, arguments, files) in [
        (
            "",
            "",
            &["configs/old/sw2.cfg", "configs/sw1.cfg", "designs/plain.yaml", "draft.yaml", "notes/sw3.txt"]
                [..],
        ),
        ("exclude: [old, /draft.yaml]\n", "", &["configs/sw1.cfg", "designs/plain.yaml", "notes/sw3.txt"]),
        (
            "configs: ['*.cfg']\n",
            "",
            &["configs/old/sw2.cfg", "configs/sw1.cfg", "designs/plain.yaml", "draft.yaml"],
        ),
        (
            "designs: ['designs/*.yaml']\nconfigs: [configs]\nexclude: [old]\n",
            "",
            &["configs/sw1.cfg", "designs/plain.yaml"],
        ),
        (
            "designs: [designs]\nconfigs: [configs]\n",
            "notes/sw3.txt draft.yaml",
            &["draft.yaml", "notes/sw3.txt"],
        ),
    ] {
        workshop.file(".nlbswitch.yaml", settings);
        let answer = workshop.output(&format!("lint --show-files {arguments}"));
        assert_eq!(answer.out.lines().collect::<Vec<_>>(), files, "{settings}{answer}");
    }
    // What a config does not show, the settings say.
    workshop.file("bare/x.cfg", "arp 172.31.2.99 03bf.ac1f.0263 ARPA\n");
    for (settings, arguments, shown) in [
        ("", "bare", ""),
        ("dialects: [{path: bare, dialect: ios}]\n", "bare", "bare/x.cfg\n"),
        ("", "bare --dialect IOS", "bare/x.cfg\n"),
    ] {
        workshop.file(".nlbswitch.yaml", settings);
        assert_eq!(
            workshop.output(&format!("lint --show-files {arguments}")).out,
            shown,
            "{settings}{arguments}"
        );
    }
    assert_snapshot!(workshop.output("lint bare --dialect cisco-iso").err, @"error: there is no vendor pack `cisco-iso`; did you mean `cisco-ios`?");
}

#[test]
fn what_is_typed_weighs_more_than_the_settings() {
    let settings = "designs: [designs/team.yaml]\nrules: {select: [NLB2], ignore: [NLB221]}\n\
                    severity: {NLB201: warning}\nfail_level: warning\n";
    let workshop = repository(settings);
    for (arguments, found, code) in [
        ("", &["NLB201", "NLB218"][..], 1),
        ("--fail-level error", &["NLB201", "NLB218"], 0),
        ("--fail-level error --severity NLB201=error", &["NLB201", "NLB218"], 1),
        ("--severity mac-spoofing-off=info,NLB201=info", &["NLB201", "NLB218"], 0),
        ("--exit-zero", &["NLB201", "NLB218"], 0),
        ("--ignore NLB201", &["NLB218"], 0),
        ("--select NLB221", &["NLB221"], 1),
        ("--select NLB221 --fail-level never", &["NLB221"], 0),
        ("designs/plain.yaml", &["NLB218"], 0),
    ] {
        let answer = workshop.output(&format!("lint -f concise {arguments}"));
        assert_eq!(
            (codes(&workshop, arguments).as_slice(), answer.code),
            (found.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice(), code),
            "{answer}"
        );
    }
}

#[test]
fn mistakes_in_the_settings_are_shown_with_their_lines_and_nothing_is_judged() {
    let workshop = repository(
        "design: [designs]\nrules: {select: [NLB2x]}\nseverity: {mac-mismach: error, NLB101: eror}\n\
         suppressions:\n  - {rule: NLB201, reason: because}\n  - {rule: NLB201, cluster: web, until: 2026-02-30}\n\
         designs: ['none/*.yaml', \"a\\e[31m\"]\n",
    );
    let answer = workshop.output("lint");
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert_snapshot!(answer.err);
    assert_eq!(workshop.output("lint --no-config designs").code, 1);
}

#[test]
fn a_suppression_needs_no_line_numbers_and_is_told_when_it_has_no_use() {
    let workshop = repository(
        "designs: [designs]\nrules: {select: [NLB201, NLB218, NLB903]}\nsuppressions:\n\
         - {rule: NLB201, cluster: web, reason: waits for the new hosts, owner: network team, until: 2199-12-31}\n\
         - {rule: NLB201, cluster: mail, reason: copied}\n\
         - {rule: NLB218, cluster: 'm*', path: designs/plain.yaml, reason: replaced in spring}\n",
    );
    assert_snapshot!(workshop.runs(&["lint --verbose", "lint -f concise designs/team.yaml"]));
    // Lines may move, and the tool may be called for one file.
    workshop.file("designs/team.yaml", format!("# moved\n\n{TEAM}"));
    assert!(!codes(&workshop, "").contains(&"NLB201".to_owned()));
    // A comment in the design comes first, and then the settings' suppression has no use.
    workshop
        .file("designs/team.yaml", TEAM.replace("unicast\n", "unicast # nlbswitch: ignore[NLB201] known\n"));
    assert_eq!(codes(&workshop, "--select NLB903"), ["NLB903", "NLB903"]);
}

#[test]
fn a_suppression_ends_with_its_day() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let in_days = |days: i64| Date::from_unix(now.saturating_add_signed(days * 86_400));
    for (days, found, code) in
        [(60, &[][..], 0), (7, &["NLB903 warning"][..], 0), (-2, &["NLB201 error", "NLB903 error"][..], 1)]
    {
        let until = in_days(days);
        let workshop = repository(&format!(
            "designs: [designs/team.yaml]\nrules: {{select: [NLB201, NLB903]}}\n\
             suppressions: [{{rule: NLB201, cluster: web, reason: soon mended, until: {until}}}]\n"
        ));
        let answer = workshop.output("lint -f json");
        let report: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
        let mut shown: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| format!("{} {}", finding["code"], finding["severity"]).replace('"', ""))
            .collect();
        shown.sort();
        assert_eq!(
            (shown.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), answer.code),
            (found, code)
        );
        assert!(shown.is_empty() || answer.out.contains(&until.to_string()), "{answer}");
    }
}

#[test]
fn a_baseline_lets_only_new_findings_fail_and_only_shrinks() {
    let workshop = repository("designs: [designs]\nbaseline: known.json\n");
    assert_snapshot!("a_baseline_is_missed", workshop.run("lint"));
    let written = workshop.output("lint --write-baseline");
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written}");
    assert_snapshot!("a_baseline", workshop.read("known.json"));
    let before = workshop.read("known.json");
    assert_eq!(workshop.output("lint").code, 0);

    // Moved lines are known lines, a new fault is not.
    workshop.file("designs/team.yaml", format!("# moved\n\n{TEAM}"));
    workshop.file("designs/plain.yaml", PLAIN.replace("querier: true", "querier: false"));
    let answer = workshop.output("lint -f concise --fail-level warning");
    assert_eq!((answer.code, answer.out.lines().count()), (1, 1), "{answer}");
    assert!(answer.out.contains("NLB602"), "{answer}");

    // What is mended is gone, and leaves the list when it is written anew.
    workshop.file("designs/plain.yaml", PLAIN.replace("    windows: '2016'\n", ""));
    assert_snapshot!("a_baseline_knows_what_is_gone", workshop.run("lint -f concise"));
    assert!(!workshop.output("lint designs/team.yaml").err.contains("gone"));
    assert_eq!(workshop.output("lint --write-baseline --quiet").err, "");
    let after = workshop.read("known.json");
    assert!(after.len() < before.len() && !after.contains("plain.yaml"), "{after}");
}

#[test]
fn a_baseline_is_written_whole_or_not_at_all() {
    let workshop = repository("designs: [designs]\n");
    let nowhere = workshop.output("lint --write-baseline");
    assert_eq!((nowhere.code, nowhere.out.as_str()), (2, ""), "{nowhere}");
    workshop.file("mine.json", "{\"a\": 1}");
    assert_snapshot!(workshop.runs(&[
        "lint --write-baseline",
        "lint --write-baseline --baseline mine.json",
        "lint --baseline mine.json",
        "lint --baseline designs",
        "lint --write-baseline --baseline nowhere/known.json",
    ]));
    assert_eq!(workshop.read("mine.json"), "{\"a\": 1}");
    // What a broken design hides must not leave the list.
    workshop.output("lint --write-baseline --baseline known.json");
    let before = workshop.read("known.json");
    workshop.file("designs/team.yaml", "clusters: [{name: web}]\n");
    let broken = workshop.output("lint --write-baseline --baseline known.json");
    assert_eq!((broken.code, workshop.read("known.json")), (2, before), "{broken}");
    assert!(broken.err.contains("known.json was not written"), "{broken}");
}

#[test]
fn several_reports_come_of_one_run() {
    let workshop = repository("designs: [designs]\n");
    let alone = |format: &str| workshop.output(&format!("lint designs -f {format}")).out;
    let (json, concise) = (alone("json"), alone("concise"));
    let answer = workshop.output("lint designs -f json -o out.json -f concise");
    assert_eq!((answer.code, answer.out.as_str()), (1, concise.as_str()), "{answer}");
    assert_eq!(workshop.read("out.json"), json);
    let answer =
        workshop.output("lint designs -f concise -o - -f json -o out.json -f full -o out.txt --color always");
    assert_eq!((answer.out.as_str(), workshop.read("out.json")), (concise.as_str(), json));
    let file = workshop.read("out.txt");
    assert!(!file.contains('\u{1b}') && file.contains("NLB201"), "{file}");
    let quiet = workshop.output("lint -f json -o out.json --quiet");
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    assert!(workshop.names(".").iter().all(|name| !name.starts_with(".nlbswitch-")));
}

#[test]
fn every_format_is_written_over_its_own_report_and_over_nothing_else() {
    let workshop = repository("designs: [designs]\n");
    let formats: Vec<&str> = nlbswitch::report::Format::ALL.iter().map(|format| format.as_str()).collect();
    assert!(formats.len() > 2);
    for format in formats {
        for arguments in
            ["designs", "designs/team.yaml", "designs/plain.yaml --ignore all", "designs --ignore all"]
        {
            let answer = workshop.output(&format!("lint {arguments} -f {format} -o report"));
            assert!(answer.code < 2, "{answer}");
        }
        workshop.file("report", "my notes\n");
        let refused = workshop.output(&format!("lint -f {format} -o report -f json -o other"));
        assert_eq!((refused.code, workshop.read("report").as_str()), (2, "my notes\n"), "{refused}");
        assert!(!workshop.names(".").contains(&"other".to_owned()), "{format}");
        let forced = workshop.output(&format!("lint -f {format} -o report --force"));
        assert_eq!(forced.code, 1, "{forced}");
    }
}

#[test]
fn a_report_never_goes_over_what_is_judged() {
    let workshop = repository("designs: [designs]\nbaseline: known.json\n");
    workshop.output("lint --write-baseline");
    for input in ["designs/team.yaml", ".nlbswitch.yaml", "known.json", "designs/../known.json"] {
        let before = workshop.read(input);
        let answer = workshop.output(&format!("lint -f json -o {input} --force"));
        assert_eq!((answer.code, workshop.read(input)), (2, before), "{answer}");
    }
    assert_snapshot!(workshop.runs(&[
        "lint -f json -o designs/team.yaml",
        "lint -f json -o nowhere/out.json",
        "lint -f json -f full",
        "lint -f json -o a -o b",
    ]));
}

#[test]
fn settings_are_printed_as_settings() {
    let workshop = repository(
        "designs: [designs, \"*.nlb: x\"]\nconfigs: ['*.cfg', \"{core,acc}/*\"]\nexclude: [old]\n\
         dialects: [{path: 'dc 2/*', dialect: ios}]\nrules: {select: [mac-mismatch, NLB218, NLB201]}\n\
         severity: {missing-static-mac: error}\nbaseline: ./known.json\nsuppressions:\n\
         - {rule: 201, switch: 'acc-*', path: designs, reason: \"it's \\\"so\\\": known\", until: 2199-01-31}\n\
         - {rule: NLB218, cluster: web, reason: '# no comment', owner: ops}\n",
    );
    workshop.file("x.nlb: x", PLAIN).file("known.json", "");
    let arguments = "lint --show-settings --ignore NLB101 --severity NLB201=info --fail-level never";
    let first = workshop.output(arguments);
    assert_snapshot!(first.to_string());
    workshop.file(".nlbswitch.yaml", &first.out);
    assert_eq!(workshop.output("lint --show-settings").out, first.out);
    assert_snapshot!(
        workshop.run("lint --no-config --show-settings"),
        @r"
    $ nlbswitch lint --no-config --show-settings
    # the command line; there is no .nlbswitch.yaml, or it was not read
    fail_level: error
    [exit 0]
    "
    );
}

#[test]
fn statistics_count_rules_and_files_are_listed() {
    let workshop = repository("designs: [designs]\n");
    workshop.file("designs/core.cfg", "hostname core\n");
    workshop.file("designs/plain.yaml", PLAIN.replace("querier: true", "querier: true, config: core.cfg"));
    assert_snapshot!(workshop.runs(&["lint --statistics --select NLB2", "lint --show-files --quiet"]));
}

#[test]
fn standard_input_takes_the_name_it_is_given() {
    let workshop = repository("suppressions: [{rule: NLB201, path: new/web.yaml, reason: drawn only}]\n");
    let lint = |arguments: &[&str]| {
        let answer = workshop.piped(&[&["lint", "-", "-f", "concise"], arguments].concat(), TEAM);
        (Some(answer.code), answer.out)
    };
    let (code, named) = lint(&["--stdin-filename", "new/web.yaml"]);
    assert_eq!(code, Some(0), "{named}");
    assert!(named.starts_with("new/web.yaml:") && !named.contains("NLB201"), "{named}");
    let (code, unnamed) = lint(&[]);
    assert_eq!(code, Some(1), "{unnamed}");
    assert!(unnamed.starts_with("<stdin>:"), "{unnamed}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let workshop = repository("designs: [designs]\n");
    let one = workshop.output("lint -f json -j 1");
    assert_eq!((one.code, &one.out), (1, &workshop.output("lint -f json --threads 7").out));
    assert_eq!(workshop.output("lint -j 0").code, 2);
}

#[test]
fn words_that_name_nothing_are_refused_before_anything_is_done() {
    let workshop = repository("designs: [designs]\n");
    assert_snapshot!(workshop.runs(&[
        "lint --select mac-mismach",
        "lint --severity NLB201",
        "lint --severity NLB201=eror",
        "lint --severity NLB999=error",
        "lint --fail-level fatal",
        "lint --quiet --verbose",
    ]));
}

#[test]
fn exit_codes_are_those_that_are_promised() {
    let workshop = repository("");
    workshop.file("broken.yaml", "clusters: [\n").file("empty/readme.txt", "");
    for (arguments, code) in [
        ("designs/plain.yaml", 0),
        ("designs", 1),
        ("designs/team.yaml --exit-zero", 0),
        ("broken.yaml", 1),
        ("broken.yaml --ignore all", 1),
        ("designs missing.yaml --exit-zero", 2),
        ("missing.yaml", 2),
        ("empty", 3),
    ] {
        let answer = workshop.output(&format!("lint {arguments}"));
        assert_eq!(answer.code, code, "{answer}");
    }
}
