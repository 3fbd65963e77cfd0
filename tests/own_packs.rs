//! Packs of a user's own: they are used, they may stand in for others, and none of them does harm.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write;
use std::time::{Duration, Instant};

use support::{Answer, Workshop, repository};

/// A small pack, and its templates.
const YAML: &str = include_str!("../fixtures/own/acme-os.yaml");
const APPLY: &str = include_str!("../fixtures/own/acme-os/apply.j2");
const REMOVE: &str = include_str!("../fixtures/own/acme-os/remove.j2");
const VERIFY: &str = include_str!("../fixtures/own/acme-os/verify.j2");

const DESIGN: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 192.0.2.10/24
    vlan: 10
    nodes: [{name: n1, attach: sw1 port 1/1}, {name: n2, attach: sw1 port 1/2}]
switches:
  - {name: sw1, vendor: acme-os, gateway: true}
";

/// A directory with the pack, but for what `change` says of its files.
fn with_pack(yaml: &str, apply: &str) -> Workshop {
    let workshop = Workshop::with_design(DESIGN);
    workshop.file("packs/acme-os.yaml", yaml).file("packs/acme-os/apply.j2", apply);
    workshop.file("packs/acme-os/remove.j2", REMOVE).file("packs/acme-os/verify.j2", VERIFY);
    workshop
}

/// What comes of a command line, in time: it ends. A busy machine may take its while, and what has no end takes longer.
fn in_time(workshop: &Workshop, line: &str) -> Answer {
    let began = Instant::now();
    let answer = workshop.output(line);
    assert!(began.elapsed() < Duration::from_secs(180), "{line} took {:?}", began.elapsed());
    answer
}

#[test]
fn a_pack_of_ones_own_adds_a_dialect_to_every_command() {
    let workshop = with_pack(YAML, APPLY);
    let unknown = workshop.output("generate design.yaml");
    assert!(unknown.code == 2 && unknown.err.contains("no vendor pack `acme-os`"), "{unknown}");
    let generated = workshop.output("generate design.yaml --vendor-dir packs");
    assert_eq!((generated.code, generated.err.as_str()), (0, ""), "{generated}");
    assert!(generated.out.contains("fdb static 03:bf:c0:00:02:0a"), "{generated}");
    workshop.file("sw1.cfg", &generated.out);
    for line in [
        "lint design.yaml sw1.cfg --vendor-dir packs --ignore NLB218",
        "trace design.yaml sw1.cfg --vendor-dir packs --dialect acme-os",
        "generate design.yaml --against sw1.cfg --vendor-dir packs",
        "review design.yaml --vendor-dir packs",
        "recommend design.yaml --vendor-dir packs",
        "adopt sw1.cfg --dialect acme-os --vendor-dir packs",
        "vendors show acme --vendor-dir packs",
        "vendors --matrix --vendor-dir packs",
    ] {
        let answer = workshop.output(line);
        assert_eq!(answer.code, 0, "{answer}");
    }
    let list = workshop.output("vendors --vendor-dir packs");
    assert!(list.out.contains("acme-os") && list.out.contains("cisco-ios"), "{list}");
}

#[test]
fn settings_name_packs_for_every_command_that_reads_them() {
    let workshop = with_pack(YAML, APPLY);
    workshop.file("sub/readme.txt", "");
    workshop.file(".nlbswitch.yaml", "vendor_dirs: [./packs]\ndialects: [{path: '*.cfg', dialect: acme}]\n");
    let generated = workshop.output("generate design.yaml");
    assert_eq!((generated.code, generated.err.as_str()), (0, ""), "{generated}");
    workshop.file("sw1.cfg", &generated.out);
    for line in [
        "lint design.yaml sw1.cfg",
        "lint --show-settings",
        "lint --coverage sw1.cfg",
        "trace design.yaml sw1.cfg",
        "generate design.yaml --against sw1.cfg",
        "review design.yaml -o review.md",
        "review --check review.md",
        "recommend design.yaml sw1.cfg",
    ] {
        let answer = workshop.output(line);
        assert!(answer.code == 0 && !answer.err.contains("error"), "{answer}");
    }
    assert!(workshop.output("lint --show-settings").out.contains("\nvendor_dirs: [./packs]\n"));
    // Packs are no designs, and paths count from the settings.
    assert_eq!(workshop.output("lint --show-files").out, "design.yaml\nreview.md\nsw1.cfg\n");
    let below = workshop.command(&["generate", "../design.yaml"]).current_dir(workshop.path("sub")).output();
    assert_eq!(String::from_utf8(below.unwrap().stdout).unwrap(), generated.out);
    for line in ["generate design.yaml --no-config", "lint --no-config design.yaml"] {
        let answer = workshop.output(line);
        assert!((answer.out + &answer.err).contains("no vendor pack `acme-os`"), "{line}");
    }
    // A review knows its packs, wherever they are named.
    workshop.file("packs/acme-os.yaml", YAML.replace("title: ", "title: Other "));
    let changed = workshop.output("review --check review.md");
    assert!(changed.code == 1 && changed.out.contains("acme-os"), "{changed}");
}

#[test]
fn packs_that_are_typed_take_the_place_of_those_that_the_settings_name() {
    let workshop = with_pack(YAML, APPLY);
    let typed = APPLY.replace("fdb static", "FDB STATIC");
    workshop.file("typed/acme-os.yaml", YAML).file("typed/acme-os/apply.j2", typed);
    workshop.file("typed/acme-os/remove.j2", REMOVE).file("typed/acme-os/verify.j2", VERIFY);
    for (settings, arguments, from, told) in [
        ("[packs]", "", "fdb static", ""),
        ("[packs, packs, ./packs/]", "", "fdb static", ""),
        ("[packs]", " --vendor-dir ./packs", "fdb static", ""),
        ("[packs]", " --vendor-dir typed", "FDB STATIC", "is that of typed, in place of"),
        ("[typed]", " --vendor-dir packs", "fdb static", "is that of packs, in place of"),
        ("[packs, typed]", "", "FDB STATIC", "is that of typed, in place of"),
    ] {
        workshop.file(".nlbswitch.yaml", format!("vendor_dirs: {settings}\n"));
        let answer = workshop.output(&format!("generate design.yaml{arguments}"));
        assert!(answer.code == 0 && answer.out.contains(from), "{settings}{arguments}: {answer}");
        let notes = answer.err.lines().filter(|line| line.starts_with("note: ")).count();
        assert!(answer.err.contains(told) && notes == usize::from(!told.is_empty()), "{answer}");
    }
}

#[test]
fn directories_of_packs_that_cannot_be_used_are_told_where_the_settings_name_them() {
    let workshop = with_pack(&YAML.replace("mac: colon", "mac: purple"), APPLY);
    workshop.file("none/readme.txt", "");
    let settings = "fail_level: eror\nvendor_dirs:\n  - nowhere\n  - none\n  - design.yaml\n  - packs\n  \
                    - \"a\\e[31m\"\n  - ../../elsewhere\ndialects: [{path: '*.cfg', dialect: acme-os}]\n";
    workshop.file(".nlbswitch.yaml", settings);
    for line in
        ["lint", "generate design.yaml", "trace design.yaml", "review design.yaml", "recommend design.yaml"]
    {
        let answer = workshop.output(line);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer}");
        for place in ["1:13", "3:5", "4:5", "5:5", "6:5", "7:5", "8:5"] {
            assert!(answer.err.contains(&format!("--> .nlbswitch.yaml:{place}\n")), "{place}: {answer}");
        }
        assert!(answer.err.contains("--> packs/acme-os.yaml:"), "{answer}");
        // The pack may be there once the directory is.
        assert!(!answer.err.contains("no vendor pack") && !answer.err.contains('\u{1b}'), "{answer}");
    }
    insta::assert_snapshot!(workshop.output("lint").err);
    assert_eq!(workshop.output("lint --no-config --show-files").code, 0);
}

#[test]
fn whoever_follows_the_guide_has_a_pack_that_obeys_the_laws_and_works() {
    let guide = std::fs::read_to_string(repository("docs/add-a-vendor.md")).unwrap().replace("\r\n", "\n");
    let blocks = |language: &str| {
        let fence = format!("```{language}\n");
        let parts = guide.split(fence.as_str()).skip(1);
        parts.map(|part| part.split_once("```").unwrap().0.to_owned()).collect::<Vec<_>>()
    };
    let (yaml, templates) = (blocks("yaml"), blocks("jinja"));
    // What the guide shows is what the tests use.
    assert_eq!(
        (yaml.as_slice(), templates.as_slice()),
        ([YAML.to_owned()].as_slice(), [APPLY, REMOVE, VERIFY].map(str::to_owned).as_slice())
    );
    let workshop = Workshop::with_design(DESIGN);
    workshop.file("packs/acme-os.yaml", &yaml[0]);
    for (part, text) in ["apply", "remove", "verify"].into_iter().zip(&templates) {
        workshop.file(&format!("packs/acme-os/{part}.j2"), text);
    }
    let checked = workshop.output("vendors check packs");
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{checked}");
    assert_eq!(checked.out.matches("  holds ").count(), nlbswitch::laws::LAWS.len(), "{checked}");
    for part in ["", " --rollback", " --verify"] {
        let generated = workshop.output(&format!("generate design.yaml --vendor-dir packs{part}"));
        assert!(generated.code == 0 && generated.out.contains("192.0.2.10"), "{generated}");
    }
    // A line that is wrong is found, with the line that mends it.
    workshop.file("sw1.cfg", "switch-type acme\nhostname sw1\nip neighbour 192.0.2.10 03:bf:c0:00:02:0b\n");
    let linted = workshop.output("lint design.yaml sw1.cfg --vendor-dir packs");
    assert!(linted.code == 1 && linted.out.contains("ip neighbour 192.0.2.10 03:bf:c0:00:02:0a"), "{linted}");
}

#[test]
fn a_pack_of_ones_own_may_stand_in_for_one_of_that_name_and_that_is_said() {
    let workshop = Workshop::new();
    let yaml = std::fs::read_to_string(repository("vendors/cisco-ios.yaml")).unwrap();
    workshop.file("packs/cisco-ios.yaml", yaml.replacen("title: ", "title: Ours, was ", 1));
    let list = workshop.output("vendors --vendor-dir packs");
    assert_eq!(list.code, 0, "{list}");
    assert!(list.err.contains("note: the vendor pack `cisco-ios` is that of packs"), "{list}");
    let own: Vec<&str> = list.out.lines().filter(|line| line.starts_with("cisco-ios")).collect();
    assert!(own.len() == 1 && own[0].contains("Ours"), "{list}");
}

#[test]
fn every_pack_that_comes_with_the_program_passes_as_a_users_own() {
    let workshop = Workshop::new();
    let packs = nlbswitch::vendor::Packs::embedded().all().unwrap();
    for pack in &packs {
        let name = pack.name();
        let yaml = std::fs::read_to_string(repository(&format!("vendors/{name}.yaml"))).unwrap();
        workshop.file(&format!("packs/{name}.yaml"), yaml);
        for part in ["apply", "remove", "verify"].into_iter().filter(|_| pack.renders()) {
            let text = std::fs::read_to_string(repository(&format!("templates/{name}/{part}.j2"))).unwrap();
            workshop.file(&format!("packs/{name}/{part}.j2"), text);
        }
    }
    let answer = workshop.output("vendors check packs");
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer}");
    let broken = answer.out.lines().filter(|line| line.starts_with("  broken")).count();
    assert_eq!((broken, answer.out.contains("holds   reading back")), (0, true), "{answer}");
}

#[test]
fn all_mistakes_are_told_at_once_with_their_lines() {
    let yaml = YAML.replace("mac: colon", "mac: purple").replace("<ports>", "<prots>");
    let workshop = with_pack(&yaml, "{% for x in %}\n");
    workshop.file("packs/other.yaml", "name: another\ntitle: T\nzebra: 1\n");
    for line in ["vendors check packs", "generate design.yaml --vendor-dir packs"] {
        let answer = workshop.output(line);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer}");
        for expected in ["packs/acme-os.yaml:", "purple", "packs/other.yaml:3:1", "zebra", "cannot be used"] {
            assert!(answer.err.contains(expected), "no {expected}: {answer}");
        }
    }
    let workshop = with_pack(&YAML.replace("<ports>", "<prots>"), "{% for x in %}\n");
    let answer = workshop.output("vendors check packs");
    assert!(answer.err.contains("`<prots>` is no placeholder") && answer.err.contains("^"), "{answer}");
    let workshop = with_pack(YAML, "ok\n{% for x in %}\n");
    let answer = workshop.output("vendors check packs");
    assert!(
        answer.err.contains("packs/acme-os/apply.j2:2:") && answer.err.contains("{% for x in %}"),
        "{answer}"
    );
}

#[test]
fn a_pack_that_breaks_a_law_is_told_with_the_lines() {
    // The VLAN is written wrong, so that what is read back is another entry.
    let workshop = with_pack(YAML, &APPLY.replace("{{ vlan.id }}", "1"));
    let answer = workshop.output("vendors check packs");
    assert_eq!(answer.code, 1, "{answer}");
    assert!(answer.out.contains("broken  reading back what was written"), "{answer}");
    assert!(answer.out.contains("expected, not read:") && answer.out.contains("fdb static"), "{answer}");
    // Nothing is printed that does not read back.
    let generated = workshop.output("generate design.yaml --vendor-dir packs");
    assert_eq!((generated.code, generated.out.as_str()), (2, ""), "{generated}");
    let json = workshop.output("vendors check packs --format json");
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(document["packs"][0]["laws"][0]["broken"].is_string(), "{json}");
    let schema = std::fs::read_to_string(repository("schemas/vendors-check.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_name_that_leads_to_two_packs_is_an_error() {
    let workshop = with_pack(&YAML.replace("[acme]", "[catalyst]"), APPLY);
    let answer = workshop.output("vendors --vendor-dir packs");
    assert_eq!(answer.code, 2, "{answer}");
    assert!(answer.err.contains("`catalyst` names the pack `cisco-ios` too"), "{answer}");
}

#[test]
fn a_directory_that_is_not_there_or_empty_is_an_error() {
    let workshop = Workshop::with_design(DESIGN);
    let answer = workshop.output("vendors --vendor-dir nowhere");
    assert!(answer.code == 2 && answer.err.contains("cannot read the vendor directory nowhere"), "{answer}");
    std::fs::create_dir(workshop.path("empty")).unwrap();
    let answer = workshop.output("vendors check empty");
    assert!(answer.code == 2 && answer.err.contains("holds no pack"), "{answer}");
    workshop.file("half/acme-os.yaml", YAML).file("half/acme-os/apply.j2", APPLY);
    let answer = workshop.output("vendors check half");
    assert!(answer.code == 2 && answer.err.contains("half/acme-os/remove.j2"), "{answer}");
}

/// Templates that would run, grow or nest for ever, or reach for what is not theirs.
fn evil() -> Vec<(&'static str, String)> {
    let doubling = |line: &str| format!("{{% set x = 'aaaaaaaa' %}}\n{}{{{{ x }}}}\n", line.repeat(60));
    let loops = "{% for a in range(100000) %}".repeat(4) + "x" + &"{% endfor %}".repeat(4);
    vec![
        ("loops in loops", loops),
        ("doubling a text", doubling("{% set x = x ~ x %}\n")),
        ("doubling a captured text", doubling("{% set x %}{{ x }}{{ x }}{% endset %}\n")),
        ("doubling by replacing", doubling("{% set x = x | replace('a', 'aa') %}\n")),
        ("a huge repetition", "{{ 'x' * 100000000000 }}\n".to_owned()),
        ("a huge list", "{{ ([0] * 100000000000) | length }}\n".to_owned()),
        ("a huge indent", "{{ 'x\ny' | indent(10000000000) }}\n".to_owned()),
        (
            "a macro that calls itself",
            "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}\n".to_owned(),
        ),
        ("a file", "{% include '/etc/hostname' %}\n".to_owned()),
        ("an import", "{% import '/etc/hostname' as x %}\n".to_owned()),
        ("another template", "{% extends 'remove.j2' %}\n".to_owned()),
        ("the environment", "{{ env('HOME') }}\n".to_owned()),
        ("a name that is not there", "{{ environ.HOME }}\n".to_owned()),
        ("deep conditions", "{% if true %}".repeat(3000) + &"{% endif %}".repeat(3000)),
        (
            "a long chain of conditions",
            format!("{{% if false %}}{}{{% endif %}}", "{% elif false %}".repeat(3000)),
        ),
        (
            "as many branches as may be",
            format!("{{% if false %}}{}{{% endif %}}{{{{ x }}}}", "{% elif x %}".repeat(590)),
        ),
        ("brackets as deep as may be", format!("{{{{ {}x{} }}}}", "(".repeat(190), ")".repeat(190))),
        ("as long a negation as may be", format!("{{{{ {}x }}}}", "-".repeat(390))),
        ("as long a not as may be", format!("{{{{ {}x ~ y }}}}", "not ".repeat(95))),
        (
            "names hidden behind raw text",
            format!("{{% raw %}}{{#{{% endraw %}}{{{{ device{} }}}}", ".a".repeat(30000)),
        ),
        ("names hidden behind a quote", format!("{{{{ '}}}}' ~ device{} }}}}", ".a".repeat(30000))),
        ("a long chain of names", format!("{{{{ device{} }}}}", ".a".repeat(30000))),
        ("a long chain of filters", format!("{{{{ 'a'{} }}}}", "|upper".repeat(9000))),
        ("deep brackets", format!("{{{{ {}1{} }}}}", "(".repeat(20000), ")".repeat(20000))),
        ("a long sum", format!("{{{{ 1{} }}}}", "+1".repeat(30000))),
        ("a long negation", format!("{{{{ {}1 }}}}", "-".repeat(60000))),
        ("a long not", format!("{{{{ {}1 }}}}", "not ".repeat(15000))),
        ("a huge template", "x\n".repeat(40000)),
    ]
}

#[test]
fn no_template_runs_or_grows_for_ever_or_reaches_for_what_is_not_its_own() {
    let mut wrong = String::new();
    for (what, template) in evil() {
        let workshop = with_pack(YAML, &template);
        for line in ["generate design.yaml --vendor-dir packs", "vendors check packs"] {
            let answer = in_time(&workshop, line);
            let refused = match line.starts_with("generate") {
                true => answer.code == 2 && answer.out.is_empty(),
                false => answer.code == 2 || answer.code == 1,
            };
            if !refused || answer.err.contains("panicked") {
                let _ = writeln!(
                    wrong,
                    "{what}: {line}: {}",
                    answer.to_string().chars().take(600).collect::<String>()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// YAML that is deep, huge or odd.
fn odd() -> Vec<(&'static str, String)> {
    let pattern = |line: &str| YAML.replacen("lines: [", &format!("lines: [\"{line}\", "), 1);
    vec![
        ("deep lists", "name: ".to_owned() + &"[".repeat(100_000)),
        ("deep mappings", (0..5000).map(|depth| format!("{}a:\n", " ".repeat(depth % 900))).collect()),
        ("a bomb of aliases", {
            let levels = (1..40).map(|level| {
                let before = format!("*a{}", level - 1);
                format!("a{level}: &a{level} [{}]\n", vec![before; 9].join(", "))
            });
            format!("a0: &a0 [x]\n{}", levels.collect::<String>())
        }),
        ("a huge file", format!("name: acme-os\ntitle: {}\n", "x".repeat(2_000_000))),
        ("a pattern that is too long", pattern(&"word ".repeat(60))),
        (
            "a pattern with too many parts",
            pattern(&format!("fdb static <mac> <vlan> <ports> {}", "[a] ".repeat(30))),
        ),
        ("a pattern without a word", pattern("<mac> <vlan> <ports>")),
        ("a pattern of two lists", pattern("fdb static <mac> <vlan> <ports> <text>")),
        ("a port with four thousand million numbers", YAML.replace("parts: [2]", "parts: [1, 4000000000]")),
        ("a port without a number", YAML.replace("parts: [2]", "parts: [0]")),
        ("another name", YAML.replace("name: acme-os", "name: ../evil")),
        ("control characters", YAML.replace("title: ", "title: \"\u{1b}[31m\" #")),
        ("no YAML", "\u{0}\u{1}\u{2}".repeat(1000)),
        ("nothing", String::new()),
    ]
}

#[test]
fn no_yaml_of_a_pack_does_harm() {
    let mut wrong = String::new();
    for (what, yaml) in odd() {
        let workshop = with_pack(&yaml, APPLY);
        let answer = in_time(&workshop, "vendors check packs");
        if answer.code != 2 || !answer.err.contains("packs/acme-os.yaml") || answer.err.contains("panicked") {
            let _ = writeln!(wrong, "{what}: {}", answer.to_string().chars().take(600).collect::<String>());
        }
        assert!(!answer.err.contains('\u{1b}'), "{what}: {answer}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn patterns_that_would_be_catastrophic_as_expressions_are_matched_in_time() {
    // As many values and optional words as may be, on a line that almost fits.
    let pattern = "fdb static [a] [a] [a] [a] [a] [a] <mac> <vlan> <ports>";
    let yaml = YAML.replacen("lines: [\"fdb", &format!("lines: [\"{pattern}\", \"fdb"), 1);
    assert_ne!(yaml, YAML);
    let workshop = with_pack(&yaml, APPLY);
    let line = format!("fdb static {}\n", "a ".repeat(4000));
    workshop.file("sw1.cfg", format!("switch-type acme\n{}", line.repeat(300)));
    let answer = in_time(&workshop, "lint sw1.cfg --coverage --vendor-dir packs --dialect acme-os");
    // The lines look like entries and are none.
    let counted = answer.out.lines().any(|line| line.contains("300 (") && line.contains("sw1.cfg"));
    assert!(answer.code == 0 && counted, "{answer}");
}
