//! The command `review`: what it prints, that it says the same again, and whether a review still holds.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::{Answer, Workshop, repository};

const STORY: &str = include_str!("../fixtures/story/recommended.yaml");

/// A multicast cluster on one switch, with its config beside it.
const DESIGN: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    nodes:
      - {name: nlb1, priority: 1, ip: 172.31.1.11, attach: sw1 Gi1/0/1}
      - {name: nlb2, priority: 2, ip: 172.31.1.12, attach: sw1 Gi1/0/2}
switches:
  - {name: sw1, vendor: cisco-ios, platform: catalyst-3750, gateway: true}
";

const CONFIG: &str = "\
hostname sw1
!
enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0
snmp-server community topsecret RO
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
 spanning-tree portfast
!
interface GigabitEthernet1/0/2
 switchport mode access
 switchport access vlan 10
 spanning-tree portfast
!
interface Vlan10
 ip address 172.31.1.1 255.255.255.0
!
arp 172.31.1.232 03bf.ac1f.01e8 ARPA
mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1 GigabitEthernet1/0/2
";

fn site() -> Workshop {
    let workshop = Workshop::with_design(DESIGN);
    workshop.file("configs/sw1.cfg", CONFIG);
    workshop
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}\n{answer}"))
}

fn items(document: &Value) -> impl Iterator<Item = &Value> {
    document["sections"].as_array().unwrap().iter().flat_map(|section| section["items"].as_array().unwrap())
}

fn verdict<'d>(document: &'d Value, id: &str) -> &'d str {
    items(document).find(|item| item["id"] == id).unwrap()["verdict"].as_str().unwrap()
}

/// Without what changes with the packs and the version.
fn settled(text: &str) -> String {
    let digest = |word: &str| word.len() == 64 && word.bytes().all(|octet| octet.is_ascii_hexdigit());
    let word = |word: &str| if digest(word) { "[digest]".to_owned() } else { word.to_owned() };
    let inside = |c: char| c.is_ascii_alphanumeric();
    let mut settled = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(inside) {
        let end = rest[start..].find(|c| !inside(c)).map_or(rest.len(), |length| start + length);
        settled.push_str(&rest[..start]);
        settled.push_str(&word(&rest[start..end]));
        rest = &rest[end..];
    }
    settled + rest
}

#[test]
fn the_story_is_reviewed_as_it_is_planned() {
    let workshop = Workshop::with_design(STORY);
    let answer = workshop.output("review design.yaml");
    assert_eq!(answer.code, 0, "{answer}");
    insta::assert_snapshot!("planned", settled(&answer.out));
}

#[test]
fn configs_are_reviewed_by_what_they_hold() {
    let answer = site().output("review design.yaml configs");
    assert_eq!(answer.code, 0, "{answer}");
    insta::assert_snapshot!("configured", settled(&answer.out));
}

#[test]
fn what_is_planned_never_passes_for_what_a_switch_holds() {
    let workshop = site();
    let planned = json(&workshop.output("review design.yaml --format json"));
    let seen = json(&workshop.output("review design.yaml configs --format json"));
    for id in ["gateways.static-arp", "switches.static-mac", "switches.frames", "interactions.edge"] {
        assert_eq!((verdict(&planned, id), verdict(&seen, id)), ("check", "pass"), "{id}");
        let item = items(&planned).find(|item| item["id"] == id).unwrap();
        assert!(item["reason"].as_str().unwrap().contains("planned, not seen on the device"), "{item}");
    }
    let arp = items(&seen).find(|item| item["id"] == "gateways.static-arp").unwrap();
    let line =
        arp["evidence"].as_array().unwrap().iter().find(|evidence| evidence["line"].is_string()).unwrap();
    assert_eq!(line["line"], "arp 172.31.1.232 03bf.ac1f.01e8 ARPA");
    assert_eq!(
        (&line["location"]["path"], &line["location"]["line"]),
        (&"configs/sw1.cfg".into(), &19.into())
    );
}

#[test]
fn an_item_that_fails_gives_the_exit_code_and_the_review_all_the_same() {
    let workshop = site();
    workshop.file(
        "configs/sw1.cfg",
        CONFIG.replace("arp 172.31.1.232 03bf.ac1f.01e8", "arp 172.31.1.232 03bf.ac1f.01e9"),
    );
    let failed = workshop.output("review design.yaml configs -o review.md");
    assert_eq!((failed.code, failed.out.as_str()), (1, ""), "{failed}");
    let review = workshop.read("review.md");
    assert!(review.contains("## What fails") && review.contains("NLB101"), "{review}");
    assert_eq!(workshop.output("review design.yaml configs --exit-zero").code, 0);
    let broken = Workshop::with_design("clusters: [{name: web}]").output("review design.yaml");
    assert_eq!((broken.code, broken.out.as_str()), (2, ""), "{broken}");
    let empty = Workshop::with_design("switches: [{name: sw1, vendor: ios}]").output("review design.yaml");
    assert_eq!((empty.code, empty.out.as_str()), (3, ""), "{empty}");
    assert_eq!(workshop.output("review").code, 2);
}

#[test]
fn what_is_accepted_is_an_exception_and_no_pass() {
    let workshop = site();
    workshop.file(
        "configs/sw1.cfg",
        CONFIG.replace(" spanning-tree portfast\n", " spanning-tree portfast\n switchport block multicast\n"),
    );
    let before = json(&workshop.output("review design.yaml configs --format json"));
    assert_eq!(verdict(&before, "interactions.blocking"), "fail");
    workshop.file(
        ".nlbswitch.yaml",
        "suppressions:\n  - {rule: NLB510, switch: sw1, reason: STIG V-101131, owner: netops}\n",
    );
    let after = json(&workshop.output("review design.yaml configs --format json"));
    assert_eq!(verdict(&after, "interactions.blocking"), "check");
    let exceptions = items(&after).find(|item| item["id"] == "exceptions.accepted").unwrap();
    let accepted = &exceptions["evidence"][0]["accepted"];
    assert_eq!((&accepted["reason"], &accepted["owner"]), (&"STIG V-101131".into(), &"netops".into()));
    workshop.file(".nlbswitch.yaml", "rules: {ignore: [NLB510]}\n");
    let silent = json(&workshop.output("review design.yaml configs --format json"));
    assert_eq!(
        verdict(&silent, "interactions.blocking"),
        "check",
        "a rule that does not speak lets nothing pass"
    );
}

#[test]
fn json_is_what_its_schema_says() {
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(repository("schemas/review.schema.json")).unwrap())
            .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let workshop = site();
    workshop.file("story.yaml", STORY);
    for line in ["review design.yaml configs --format json", "review story.yaml --format json"] {
        let document = json(&workshop.output(line));
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{line}: {errors:#?}");
        assert_eq!(document["version"], 1);
    }
    assert!(!validator.is_valid(&serde_json::json!({"version": 1})), "the schema asks for something");
}

#[test]
fn a_review_holds_until_an_input_changes_in_every_format() {
    for format in ["markdown", "html", "json"] {
        let workshop = site();
        workshop.output(&format!("review design.yaml configs --format {format} -o review.out"));
        let holds = workshop.output("review --check review.out");
        assert_eq!(
            (holds.code, holds.out.as_str()),
            (0, "review.out: the 3 inputs are those that were reviewed\n")
        );
        workshop.file("configs/sw1.cfg", format!("{CONFIG}!\n"));
        workshop
            .file("configs/core2.cfg", "hostname core2\ninterface Vlan10\n ip address 10.0.0.1 255.0.0.0\n");
        let changed = workshop.output("review --check review.out");
        assert_eq!(
            (changed.code, changed.out.as_str()),
            (1, "config configs/sw1.cfg has changed\n"),
            "{format}"
        );
        workshop.file("configs/sw1.cfg", CONFIG);
        assert_eq!(workshop.output("review --check review.out").code, 0, "{format}");
        workshop.file(".nlbswitch.yaml", "fail_level: warning\n");
        let settings = workshop.output("review --check review.out");
        assert_eq!(
            (settings.code, settings.out.as_str()),
            (1, "settings .nlbswitch.yaml was not reviewed\n")
        );
    }
}

#[test]
fn inputs_that_come_and_go_are_told() {
    let workshop = Workshop::new();
    workshop.file("site/web.yaml", DESIGN.replace("gateway: true", "gateway: true, config: ../sw1.cfg"));
    workshop.output("review site -o review.md");
    let lacks = workshop.read("review.md");
    assert!(lacks.contains("could not be read"), "{lacks}");
    assert_eq!(workshop.output("review --check review.md").code, 0);
    workshop.file("sw1.cfg", CONFIG);
    workshop.file("site/more.yaml", "host_groups: [{name: g}]\n");
    let changed = workshop.output("review --check review.md");
    assert_eq!(changed.code, 1, "{changed}");
    assert!(changed.out.contains("design site/more.yaml was not reviewed\n"), "{changed}");
    assert!(changed.out.contains("sw1.cfg could not be read then, and can now\n"), "{changed}");
    std::fs::remove_dir_all(workshop.path("site")).unwrap();
    let gone = workshop.output("review --check review.md");
    assert_eq!((gone.code, gone.out.as_str()), (2, ""), "{gone}");
    let none = workshop.output("review --check sw1.cfg");
    assert_eq!(
        (none.code, none.err.as_str()),
        (2, "error: sw1.cfg: it is no review of nlbswitch: it does not say what was reviewed\n")
    );
}

#[test]
fn a_design_that_is_piped_in_is_piped_in_again() {
    let workshop = Workshop::new();
    let review = workshop.piped(&["review", "-"], DESIGN);
    workshop.file("review.md", &review.out);
    let alone = workshop.output("review --check review.md");
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("pipe it in"), "{alone}");
    assert_eq!(workshop.piped(&["review", "--check", "review.md", "-"], DESIGN).code, 0);
    let changed = workshop.piped(&["review", "--check", "review.md", "-"], format!("{DESIGN}\n"));
    assert_eq!((changed.code, changed.out.as_str()), (1, "design <stdin> has changed\n"));
}

/// Every order of `things`.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in things.iter().enumerate() {
        let rest: Vec<T> = [&things[..at], &things[at + 1..]].concat();
        for mut order in orders(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}

#[test]
fn the_order_of_inputs_changes_nothing() {
    let (clusters, switches) = DESIGN.split_at(DESIGN.find("switches:").unwrap());
    let files = [
        ("site/web.yaml", clusters),
        ("site/switches.yaml", switches),
        ("a.cfg", "hostname a\narp 10.0.0.1 03bf.0a00.0001 ARPA\n"),
        ("configs/sw1.cfg", CONFIG),
    ];
    let mut seen: Vec<[String; 2]> = Vec::new();
    for order in orders(&files) {
        let workshop = Workshop::new();
        for (name, text) in &order {
            workshop.file(name, text);
        }
        let configs: Vec<&str> =
            order.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".cfg")).collect();
        let line = |format: &str| {
            let answer = workshop.output(&format!("review site {} --format {format}", configs.join(" ")));
            assert_eq!(answer.code, 0, "{answer}");
            answer.out
        };
        seen.push([line("markdown"), line("json")]);
    }
    assert_eq!(seen.len(), 24);
    assert!(seen[0][0].contains("configs/sw1.cfg:19"), "the config counts: {}", seen[0][0]);
    assert!(seen.iter().all(|one| *one == seen[0]), "some order of the inputs changes the review");
}

#[test]
fn a_review_that_is_there_stays_unless_forced_and_an_input_always() {
    let workshop = site();
    workshop.file("review.md", "# signed\n");
    let refused = workshop.output("review design.yaml -o review.md");
    assert_eq!((refused.code, workshop.read("review.md").as_str()), (2, "# signed\n"), "{refused}");
    assert_eq!(workshop.output("review design.yaml -o review.md --force").code, 0);
    let own = workshop.output("review design.yaml -o design.yaml --force");
    assert_eq!((own.code, workshop.read("design.yaml").as_str()), (2, DESIGN), "{own}");
    assert_eq!(workshop.output("review design.yaml -o nowhere/review.md").code, 2);
    assert_eq!(workshop.names("."), ["configs", "design.yaml", "review.md"]);
}

#[test]
fn secrets_stay_in_the_configs() {
    let workshop = site();
    let config = CONFIG.replace(
        "arp 172.31.1.232",
        "neighbor 10.0.0.9 password topsecret\narp 172.31.1.233 03bf.ac1f.01e9 ARPA password topsecret\narp 172.31.1.232",
    );
    workshop.file("configs/sw1.cfg", config);
    for format in ["markdown", "html", "json"] {
        let answer = workshop.output(&format!("review design.yaml configs --format {format}"));
        assert!(!answer.out.contains("topsecret") && !answer.out.contains("hx5rVt7r"), "{answer}");
    }
}

#[test]
fn texts_do_nothing_where_they_are_shown() {
    let hostile = "a|b`c<script>alert(1)</script>&*_[x](http://y)n<img src=x>";
    let workshop = Workshop::new();
    let reason = serde_json::Value::from(hostile).to_string();
    let accepted = format!("gateway: true, flood_accepted: {reason}}}");
    workshop.file("design.yaml", DESIGN.replace("gateway: true}", &accepted));
    let markdown = workshop.output("review design.yaml");
    assert_eq!(markdown.code, 0, "{markdown}");
    let body = markdown.out.split_once("-->").unwrap().1;
    let events: Vec<pulldown_cmark::Event<'_>> =
        pulldown_cmark::Parser::new_ext(body, pulldown_cmark::Options::ENABLE_TABLES).collect();
    let acts = |html: &str| html.contains("script") || html.contains("img");
    for event in &events {
        if let pulldown_cmark::Event::InlineHtml(html) | pulldown_cmark::Event::Html(html) = event {
            assert!(!acts(html), "{html}");
        }
    }
    let shown = |event: &pulldown_cmark::Event<'_>| match event {
        pulldown_cmark::Event::Text(text) | pulldown_cmark::Event::Code(text) => Some(text.to_string()),
        _ => None,
    };
    let text: String = events.iter().filter_map(shown).collect();
    assert!(
        text.contains("a|b`c<script>alert(1)</script>&*_[x](http://y)n<img src=x>"),
        "it is shown: {text}"
    );
    let html = workshop.output("review design.yaml --format html").out;
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script>alert") && !html.contains("<img"));
    // What a terminal or a template would obey is refused where it is a name.
    for name in ["\"a\\nb\"", "a<script>", "'a|b'", "\"a\\u001b[31m\""] {
        workshop.file("broken.yaml", DESIGN.replace("name: web", &format!("name: {name}")));
        assert_eq!(workshop.output("review broken.yaml").code, 2, "{name}");
    }
}
