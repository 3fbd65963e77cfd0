//! Every report format, read by a validator or a parser that is not ours.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use nlbswitch::diagnostic::{BaselineState, Code, Diagnostic, Failure, Gone, Severity, Suppressed};
use nlbswitch::harmless::is_treacherous;
use nlbswitch::report::{Counts, Format, Report, render};
use nlbswitch::source::{FileId, Sources, Span};
use proptest::prelude::*;
use serde_json::Value;

/// A run with one of everything that a report can hold.
struct Run {
    sources: Sources,
    findings: Vec<Diagnostic>,
    suppressed: Vec<Suppressed>,
    gone: Vec<Gone>,
    failures: Vec<Failure>,
}

const DESIGN: &str = "clusters:\n  - name: Köln\n    primary_ip: 172.31.1.232/24\n";
const CONFIG: &str = "hostname core1\n!\nenable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0\ninterface Vlan10\n description Büro ip address\n!\narp 172.31.1.232 03bf.bc1f.0164 ARPA\nend\n";

fn span(file: FileId, text: &str, part: &str) -> Span {
    let at = text.find(part).unwrap();
    Span::new(file, at..at + part.len())
}

impl Run {
    fn new() -> Self {
        let mut sources = Sources::new();
        let design = sources.add("designs/web.yaml", DESIGN);
        let config = sources.add_config("configs/core 1.cfg", CONFIG);
        let mut mac = Diagnostic::new(
            Code(101),
            "mac-mismatch",
            Severity::Error,
            "the static ARP of 172.31.1.232 on `core1` has `03bf.bc1f.0164`",
        );
        mac.span = Some(span(config, CONFIG, "03bf.bc1f.0164"));
        mac.related(span(design, DESIGN, "172.31.1.232"), "the MAC is derived from this address");
        mac.help("write `03bf.ac1f.01e8`").cluster("Köln").switch("core1");
        let lines = ["no arp 172.31.1.232 03bf.bc1f.0164 ARPA", "arp 172.31.1.232 03bf.ac1f.01e8 ARPA"];
        mac.remedy("core1", lines.map(str::to_owned).to_vec());
        let mut migration = Diagnostic::new(
            Code(208),
            "simultaneous-migration",
            Severity::Warning,
            "the nodes of `Köln` may move at the same moment",
        );
        migration.span = Some(span(design, DESIGN, "Köln"));
        let note = Diagnostic::new(Code(904), "unread", Severity::Info, "nothing is known of `acc1`");
        let mut old = Diagnostic::new(Code(601), "old", Severity::Error, "an old one");
        old.span = Some(span(config, CONFIG, "interface Vlan10"));
        let suppressed = Suppressed {
            finding: old.clone(),
            reason: "one node is drained by hand".to_owned(),
            owner: Some("netops".to_owned()),
            in_source: false,
        };
        let gone = Gone {
            code: Code(102),
            name: "secondary-vip".to_owned(),
            switch: Some("core2".to_owned()),
            cluster: None,
            message: "a secondary VIP had a MAC of its own".to_owned(),
        };
        let failure =
            Failure { path: "configs/broken.cfg".to_owned(), message: "permission denied".to_owned() };
        Self {
            sources,
            findings: vec![mac, migration, note],
            suppressed: vec![suppressed],
            gone: vec![gone],
            failures: vec![failure],
        }
    }

    fn report(&self) -> Report<'_> {
        Report {
            findings: &self.findings,
            suppressed: &self.suppressed,
            gone: &self.gone,
            failures: &self.failures,
            counts: Counts { designs: 1, configs: 1, skipped: 0, suppressed: self.suppressed.len() },
            sources: &self.sources,
        }
    }

    fn render(&self, format: Format) -> String {
        render(format, &self.report(), false)
    }

    fn json(&self, format: Format) -> Value {
        serde_json::from_str(&self.render(format)).unwrap()
    }
}

/// A run without anything to say.
fn empty(format: Format) -> String {
    render(format, &Report::new(&[], &Sources::new()), false)
}

#[test]
fn each_format_shows_everything_in_its_way() {
    let run = Run::new();
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
        let text = run.render(format);
        assert!(text.ends_with('\n'), "{format}");
        // The version and the pages of rules change without the format changing.
        let text = match format {
            Format::Sarif => {
                let mut log: Value = serde_json::from_str(&text).unwrap();
                let driver = &mut log["runs"][0]["tool"]["driver"];
                driver["semanticVersion"] = "[version]".into();
                for rule in driver["rules"].as_array_mut().unwrap() {
                    for key in ["help", "fullDescription", "shortDescription", "helpUri"] {
                        rule.as_object_mut().unwrap().remove(key);
                    }
                }
                format!("{log:#}\n")
            }
            _ => text,
        };
        insta::assert_snapshot!(format.as_str(), text);
        insta::assert_snapshot!(
            format!("{format}-of-nothing"),
            empty(format).replace(env!("CARGO_PKG_VERSION"), "[version]")
        );
    }
    assert!("yaml".parse::<Format>().is_err());
}

/// The schema of SARIF 2.1.0 as OASIS publishes it: the crate `serde-sarif` holds a copy.
fn sarif_schema() -> Value {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(support::repository("."))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo says where crates are");
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // The pattern of languages is a mistake of the standard's: `]` has no partner. We write no languages.
    let text = text.replace(r"^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}");
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(schema["$id"].as_str().unwrap().contains("oasis-tcs/sarif-spec"), "{}", schema["$id"]);
    schema
}

#[test]
fn sarif_is_valid_by_the_schema_of_the_standard() {
    let schema = jsonschema::options().should_validate_formats(true).build(&sarif_schema()).unwrap();
    assert!(!schema.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})), "the schema judges");
    for text in [Run::new().render(Format::Sarif), empty(Format::Sarif)] {
        let log = serde_json::from_str(&text).unwrap();
        let complaints: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

#[test]
fn sarif_points_at_what_it_says() {
    let log = Run::new().json(Format::Sarif);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    }
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "configs/core%201.cfg");
    assert_eq!(place["region"]["startLine"], 7);
    assert_eq!((&place["region"]["startColumn"], &place["region"]["endColumn"]), (&18.into(), &32.into()));
    // The edit gives the config that the device would have.
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let region = &replacement["deletedRegion"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&7.into(), &1.into()));
    assert_eq!(region["endColumn"], "arp 172.31.1.232 03bf.bc1f.0164 ARPA".len() + 1);
    assert_eq!(replacement["insertedContent"]["text"], "arp 172.31.1.232 03bf.ac1f.01e8 ARPA");
    let states: Vec<&Value> =
        run["results"].as_array().unwrap().iter().map(|result| &result["baselineState"]).collect();
    assert_eq!(states, ["new", "new", "new", "new", "absent"]);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn sarif_leads_from_the_switch_to_the_design_and_says_why_something_is_accepted() {
    let log = Run::new().json(Format::Sarif);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    // The line of the design, beside the line of the switch
    let related = &run["results"][0]["relatedLocations"][0];
    assert_eq!(related["message"]["text"], "the MAC is derived from this address");
    let place = &related["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&"designs/web.yaml".into(), &3.into())
    );
    let suppressed = &run["results"][3]["suppressions"][0];
    assert_eq!((&suppressed["kind"], &suppressed["status"]), (&"external".into(), &"accepted".into()));
    assert_eq!(suppressed["justification"], "one node is drained by hand");
    assert_eq!(suppressed["properties"]["owner"], "netops");
    assert_eq!(run["results"][0]["suppressions"], serde_json::json!([]));
}

#[test]
fn every_rule_has_help_and_a_url_where_somebody_else_says_more() {
    let findings: Vec<Diagnostic> = nlbswitch::lint::rules()
        .map(|rule| Diagnostic::new(rule.code, rule.name, rule.severity, "x"))
        .collect();
    let text = render(Format::Sarif, &Report::new(&findings, &Sources::new()), false);
    let log: Value = serde_json::from_str(&text).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), findings.len());
    let mut without = Vec::new();
    for rule in rules {
        assert!(rule["help"]["text"].as_str().is_some_and(|text| text.len() > 100), "{}", rule["id"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# NLB"), "{}", rule["id"]);
        assert!(
            rule["fullDescription"]["text"].as_str().is_some_and(|text| !text.is_empty()),
            "{}",
            rule["id"]
        );
        match rule["helpUri"].as_str() {
            Some(url) => assert!(url.starts_with("http") && url.len() > 15, "{}: `{url}`", rule["id"]),
            None => without.push(rule["id"].as_str().unwrap()),
        }
    }
    // Of these nobody else speaks: an absence, and the tool's own contracts.
    assert_eq!(without, ["NLB215", "NLB901", "NLB902", "NLB903", "NLB904", "NLB905"]);
}

#[test]
fn what_could_not_be_read_or_understood_is_a_notification_of_sarif() {
    let mut run = Run::new();
    let broken = run.sources.add("designs/broken.yaml", "clusters: [\n");
    for _ in 0..3 {
        let mut mistake = Diagnostic::new(Code(901), "invalid-design", Severity::Error, "a bracket is open");
        mistake.span = Some(Span::new(broken, 10..11));
        run.findings.push(mistake);
    }
    let log = run.json(Format::Sarif);
    let invocation = &log["runs"][0]["invocations"][0];
    let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
    let shown: Vec<(&Value, &Value)> = notifications
        .iter()
        .map(|one| {
            (&one["message"]["text"], &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        })
        .collect();
    assert_eq!(
        shown,
        [
            (&"permission denied".into(), &"configs/broken.cfg".into()),
            (&"nothing in it was judged: a bracket is open".into(), &"designs/broken.yaml".into()),
        ]
    );
    let place = &notifications[1]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&place["startLine"], &place["startColumn"]), (&1.into(), &11.into()));
    let known = &log["runs"][0]["tool"]["driver"]["notifications"][0];
    assert_eq!(known["id"], notifications[1]["descriptor"]["id"]);
    // A run that can be trusted has none.
    let clean: Value = serde_json::from_str(&empty(Format::Sarif)).unwrap();
    assert_eq!(clean["runs"][0]["invocations"][0]["toolExecutionNotifications"], serde_json::json!([]));
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn fingerprints_in_reports_stay_when_lines_move() {
    let print = |lines: &str| {
        let mut run = Run::new();
        let text = format!("{lines}{CONFIG}");
        let config = run.sources.add_config("configs/core 1.cfg", text.as_str());
        run.findings[0].span = Some(span(config, &text, "03bf.bc1f.0164"));
        let log = run.json(Format::Sarif);
        log["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(print(""), print("!\n! another\n"));
}

#[test]
fn what_the_baseline_knows_is_shown_by_sarif_alone() {
    let mut run = Run::new();
    run.findings[1].baseline = Some(BaselineState::Unchanged);
    for format in Format::ALL {
        let shown = run.render(format).contains("may move at the same moment");
        assert_eq!(shown, format == Format::Sarif, "{format}");
    }
    let log = run.json(Format::Sarif);
    assert_eq!(log["runs"][0]["results"][1]["baselineState"], "unchanged");
}

#[test]
fn a_remedy_that_is_no_edit_of_the_file_is_not_offered_as_one() {
    let cases: [&[&str]; 5] = [
        &["arp 172.31.1.232 03bf.ac1f.01e8 ARPA"],
        &["no arp 172.31.1.233 03bf.bc1f.0164 ARPA", "arp 172.31.1.232 03bf.ac1f.01e8 ARPA"],
        &[
            "no arp 172.31.1.232 03bf.bc1f.0164 ARPA",
            "interface Vlan10",
            " ip address 172.31.1.1 255.255.255.0",
        ],
        &["no arp 172.31.1.232 03bf.bc1f.0164 ARPA", "arp access-list secret 7"],
        &[],
    ];
    for lines in cases {
        let mut run = Run::new();
        run.findings[0].remedy("core1", lines.iter().map(|line| (*line).to_owned()).collect());
        assert!(run.json(Format::Sarif)["runs"][0]["results"][0]["fixes"].is_null(), "{lines:?}");
        assert!(run.json(Format::Rdjson)["diagnostics"][1]["suggestions"].is_null(), "{lines:?}");
    }
    // A line that only goes takes its end with it.
    let mut run = Run::new();
    run.findings[0].remedy("core1", vec!["no ARP 172.31.1.232  03bf.bc1f.0164 arpa".to_owned()]);
    let fix = run.json(Format::Sarif)["runs"][0]["results"][0]["fixes"][0].clone();
    let replacement = &fix["artifactChanges"][0]["replacements"][0];
    assert_eq!(
        (&replacement["deletedRegion"]["endLine"], &replacement["deletedRegion"]["endColumn"]),
        (&8.into(), &1.into())
    );
}

/// A command, its properties and its data.
type Command = (String, Vec<(String, String)>, String);

/// A line as GitHub's runner takes it.
fn command(line: &str) -> Option<Command> {
    // As ActionCommand.TryParseV2 of actions/runner does it.
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let back = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
    Some((
        name.to_owned(),
        properties.map(|(key, value)| (key.to_owned(), back(value))).collect(),
        data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"),
    ))
}

#[test]
fn github_shows_the_worst_and_no_more_than_it_can() {
    let mut sources = Sources::new();
    let path = "a,b::error file=x::100%.cfg";
    let text = "x\n".repeat(100);
    let file = sources.add_config(path, text);
    let severities = [Severity::Info, Severity::Warning, Severity::Error];
    let finding = |index: usize| {
        let message = format!("100% of {index}\n::error::run, away\r");
        let mut finding = Diagnostic::new(Code(101), "mac-mismatch", severities[index % 3], message);
        finding.span = Some(Span::new(file, index * 2..index * 2 + 1));
        finding
    };
    let findings: Vec<Diagnostic> = (0..60).map(finding).collect();
    let text = render(Format::Github, &Report::new(&findings, &sources), false);
    let commands: Vec<_> = text.lines().filter_map(command).collect();
    let names: Vec<&str> = commands.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, [["error"; 10], ["warning"; 10], ["notice"; 10]].concat());
    let (_, properties, data) = &commands[0];
    assert_eq!(properties[0], ("file".to_owned(), path.to_owned()));
    assert_eq!(properties[1], ("line".to_owned(), "3".to_owned()));
    assert!(data.starts_with("100% of 2"), "{data}");
    let summary = text.lines().last().unwrap();
    insta::assert_snapshot!(summary, @"nlbswitch: 20 errors, 20 warnings, 20 infos; 30 without an annotation, since GitHub shows 10 of a kind");
}

#[test]
fn gitlab_gets_what_it_asks_for() {
    let mut run = Run::new();
    // Two findings that nothing tells apart
    run.findings.push(run.findings[2].clone());
    let issues = run.json(Format::Gitlab);
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 5);
    let mut prints = Vec::new();
    for issue in issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string(), "{issue}");
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap())
        );
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{issue}");
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && !path.starts_with("./"), "{issue}");
        prints.push(issue["fingerprint"].as_str().unwrap());
    }
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), issues.len());
    assert_eq!(empty(Format::Gitlab), "[]\n");
}

#[test]
fn junit_counts_what_it_lists() {
    let text = Run::new().render(Format::Junit);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let number =
        |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let suites: Vec<_> = root.children().filter(|node| node.has_tag_name("testsuite")).collect();
    let names: Vec<&str> = suites.iter().map(|suite| suite.attribute("name").unwrap()).collect();
    assert_eq!(names, ["configs/broken.cfg", "configs/core 1.cfg", "designs/web.yaml", "nlbswitch"]);
    for suite in &suites {
        let with = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!(number(suite, "tests"), with("testcase"));
        assert_eq!((number(suite, "failures"), number(suite, "errors")), (with("failure"), with("error")));
        assert_eq!(number(suite, "skipped"), with("skipped"));
        for case in suite.children().filter(|node| node.has_tag_name("testcase")) {
            assert!(case.attribute("name").is_some_and(|name| !name.is_empty()));
            assert_eq!(case.attribute("classname"), suite.attribute("name"));
        }
    }
    assert_eq!((number(&root, "tests"), number(&root, "failures"), number(&root, "errors")), (5, 2, 1));
    let nothing = empty(Format::Junit);
    assert_eq!(number(&roxmltree::Document::parse(&nothing).unwrap().root_element(), "tests"), 1);
}

#[test]
fn checkstyle_keeps_every_character_that_xml_can_hold() {
    let mut run = Run::new();
    let message = "a <b> & \"c\" 'd' ]]> &amp; `e`";
    run.findings[0].message = message.to_owned();
    run.findings[0].help = None;
    run.findings[0].remediation = None;
    let text = run.render(Format::Checkstyle);
    let document = roxmltree::Document::parse(&text).unwrap();
    let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
    assert_eq!(errors.len(), 4);
    for error in &errors {
        assert!(["error", "warning", "info"].contains(&error.attribute("severity").unwrap()));
        assert!(error.attribute("source").unwrap().starts_with("nlbswitch."));
        assert!(error.attribute("line").unwrap().parse::<usize>().unwrap() >= 1);
        assert!(error.parent().unwrap().has_tag_name("file"));
    }
    let mac = errors.iter().find(|error| error.attribute("line") == Some("7")).unwrap();
    assert_eq!((mac.attribute("message"), mac.attribute("column")), (Some(message), Some("18")));
}

#[test]
fn rdjson_counts_octets_and_its_suggestion_mends_the_file() {
    let mut run = Run::new();
    let config = "hostname Köln\narp Ä 03bf.bc1f.0164 ARPA\nend\n";
    let file = run.sources.add_config("k.cfg", config);
    run.findings[0].span = Some(span(file, config, "03bf.bc1f.0164"));
    let lines = ["no arp Ä 03bf.bc1f.0164 ARPA", "arp Ä 03bf.ac1f.01e8 ARPA"];
    run.findings[0].remedy("k", lines.map(str::to_owned).to_vec());
    let document = run.json(Format::Rdjson);
    assert_eq!((&document["source"]["name"], &document["severity"]), (&"nlbswitch".into(), &"ERROR".into()));
    let entry = &document["diagnostics"][1];
    assert_eq!(entry["code"]["value"], "NLB101");
    let octets = |range: &Value| {
        let at = |position: &Value| {
            let (line, column) = (position["line"].as_u64().unwrap(), position["column"].as_u64().unwrap());
            let before: usize = config.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
            before + column as usize - 1
        };
        at(&range["start"])..at(&range["end"])
    };
    assert_eq!(&config[octets(&entry["location"]["range"])], "03bf.bc1f.0164");
    let suggestion = &entry["suggestions"][0];
    let mut mended = config.to_owned();
    mended.replace_range(octets(&suggestion["range"]), suggestion["text"].as_str().unwrap());
    assert_eq!(mended, "hostname Köln\narp Ä 03bf.ac1f.01e8 ARPA\nend\n");
}

/// What a reader of the Markdown sees, and the kinds of what acts in it.
fn markdown(text: &str) -> (String, Vec<&'static str>) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let mut seen = String::new();
    let mut acting = Vec::new();
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                let known =
                    ["<code>", "</code>", "<br>", "<details>", "</details>", "<summary>", "</summary>"];
                let rest = known.iter().fold(html.to_string(), |rest, tag| rest.replace(tag, ""));
                if rest.contains('<') {
                    acting.push("html");
                }
            }
            Event::Start(Tag::Link { .. }) => acting.push("link"),
            Event::Start(Tag::Image { .. }) => acting.push("image"),
            Event::InlineMath(_) | Event::DisplayMath(_) => acting.push("math"),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => acting.push("emphasis"),
            Event::End(pulldown_cmark::TagEnd::TableCell) => seen.push('\t'),
            Event::End(pulldown_cmark::TagEnd::TableRow | pulldown_cmark::TagEnd::TableHead) => {
                seen.push('\n')
            }
            _ => {}
        }
    }
    (seen, acting)
}

#[test]
fn markdown_has_whole_tables_and_nothing_in_a_cell_acts() {
    let mut run = Run::new();
    let nasty = "a|b \\| *c* _d_ <img src=x> [e](https://x) ![f](g) https://h.example www.i.example ~~j~~ $k$ @l #1 &amp; ` m";
    run.findings[0].message = nasty.to_owned();
    run.findings[1].message = "`a|b` and `<b>` are `*c*`".to_owned();
    run.suppressed[0].reason = nasty.to_owned();
    let text = run.render(Format::Markdown);
    let (seen, acting) = markdown(&text);
    assert_eq!(acting, [""; 0], "{text}");
    assert!(seen.contains(&format!("\t{nasty}")), "{seen}\n{text}");
    assert!(seen.contains("a|b and <b> are *c*"), "{seen}");
    for row in seen.lines().filter(|line| line.starts_with("error\t")) {
        assert_eq!(row.matches('\t').count(), 4, "{row}");
    }
    assert!(!text.contains("@l") && !text.contains("://x"), "{text}");
}

#[test]
fn markdown_fits_into_a_comment() {
    let mut run = Run::new();
    run.findings = std::iter::repeat_n(run.findings[0].clone(), 2000).collect();
    let text = run.render(Format::Markdown);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("more rows are left out"));
    assert_eq!(markdown(&text).1, [""; 0]);
}

/// Lines with a secret, of every dialect.
fn secret_lines() -> Vec<&'static str> {
    support::secrets().into_iter().flat_map(|(_, lines)| lines).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_leaves_through_any_format(
        lines in proptest::collection::vec(proptest::sample::select(secret_lines()), 1..6),
        secret in "Zq[A-Za-z0-9$./]{6,20}Qz",
        hostile in proptest::sample::select(&["\u{1b}[31m", "\u{9b}2J", "::error::x", "##[error]x", "\u{202e}", "<b>", "]]>"][..]),
        design in any::<bool>(),
    ) {
        let config: String = lines
            .iter()
            .map(|line| format!("{}\narp 10.0.0.1 03bf.0a00.0001 {hostile}\n", support::with_secret(line, &secret)))
            .collect();
        let mut sources = Sources::new();
        let path = format!("{hostile}sw.cfg");
        let file = match design {
            true => sources.add(path, config.as_str()),
            false => sources.add_config(path, config.as_str()),
        };
        let mut findings = Vec::new();
        let mut at = 0;
        for line in config.split_inclusive('\n') {
            // At the line, at each word of it, and reaching into the next line
            let words = line.split_whitespace().map(|word| {
                let start = at + line.find(word).unwrap();
                start..start + word.len()
            });
            let places: Vec<_> = words.chain([at..at + line.len(), at..at, at..(at + line.len() + 3).min(config.len())]).collect();
            for place in places {
                let mut finding = Diagnostic::new(
                    Code(116), "unparsed", Severity::Warning,
                    format!("`{}` is not understood near `{}`", line.trim(), &config[place.clone()]),
                );
                let span = Span::new(file, place);
                finding.span = Some(span);
                // A bare word is known as a secret where the place is the secret's line.
                if line.contains(&secret) {
                    finding.related(span, format!("here is {secret}"));
                }
                finding.help(format!("remove `{}`\n{hostile}", line.trim())).switch(hostile);
                finding.remedy("sw1", vec![format!("no {}", line.trim()), line.trim().to_owned()]);
                findings.push(finding);
            }
            at += line.len();
        }
        let suppressed: Vec<Suppressed> = findings.iter().map(|finding| Suppressed {
            finding: finding.clone(), reason: hostile.to_owned(), owner: Some(hostile.to_owned()), in_source: true,
        }).collect();
        let failures = [Failure { path: hostile.to_owned(), message: format!("`{}`", config.lines().next().unwrap()) }];
        let report = Report { suppressed: &suppressed, failures: &failures, ..Report::new(&findings, &sources) };
        for format in Format::ALL {
            let text = render(format, &report, false);
            prop_assert!(!text.contains(&secret), "{format}: {text}");
            prop_assert!(!text.contains(|c: char| c != '\n' && is_treacherous(c)), "{format}: {text}");
            prop_assert!(!text.contains("##[error]"), "{format}");
            let acting = text.lines().filter_map(command).filter(|(_, properties, _)| properties.is_empty());
            prop_assert_eq!(acting.count(), 0, "{}: {}", format, text);
            match format {
                Format::Junit | Format::Checkstyle => prop_assert!(roxmltree::Document::parse(&text).is_ok(), "{text}"),
                Format::Markdown => prop_assert_eq!(markdown(&text).1, [""; 0]),
                Format::Full | Format::Concise | Format::Github => {}
                _ => prop_assert!(serde_json::from_str::<Value>(&text).is_ok()),
            }
        }
    }
}
