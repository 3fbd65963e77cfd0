//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>): what code scanning services
//! and editors read.

use serde_json::{Value, json};

use super::edit::edit;
use super::{Report, advice, further, locate, page, remedy};
use crate::diagnostic::{BaselineState, Code, Diagnostic, Failure, Gone, Severity, Suppressed};
use crate::fingerprint::fingerprints;
use crate::lint::{self, Page};
use crate::source::{Location, Sources, Span};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprint; another way to make it gets another name.
const FINGERPRINT: &str = "nlbswitchContent/v1";
/// The notification that an input could not be judged.
const UNREADABLE: &str = "unreadable-input";
const UNREADABLE_SHORT: &str = "An input could not be read, or not be understood";
const UNREADABLE_LONG: &str = "Nothing was judged in this input, and what other inputs say may lack what it holds. \
    Mend it, or leave it out with `exclude` in `.nlbswitch.yaml`.";

/// The report as a log of one run.
pub(super) fn sarif(report: &Report<'_>) -> String {
    let rules = Rules::of(report);
    let run = Run { report, rules: &rules, baseline: has_baseline(report) };
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "nlbswitch",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": {"text": env!("CARGO_PKG_DESCRIPTION")},
                "rules": rules.descriptors(),
                "notifications": [{
                    "id": UNREADABLE,
                    "shortDescription": {"text": UNREADABLE_SHORT},
                    "fullDescription": {"text": UNREADABLE_LONG},
                    "help": {"text": UNREADABLE_LONG},
                }],
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.failures.is_empty(),
                "toolExecutionNotifications": notifications(report),
            }],
            "results": run.results(),
        }],
    });
    format!("{log:#}\n")
}

fn has_baseline(report: &Report<'_>) -> bool {
    !report.gone.is_empty() || report.findings.iter().any(|finding| finding.baseline.is_some())
}

/// The rules that a run speaks of, in the order of their codes.
struct Rules<'r>(Vec<(Code, &'r str)>);

impl<'r> Rules<'r> {
    fn of(report: &Report<'r>) -> Self {
        let found = report.findings.iter().map(|finding| (finding.code, finding.name));
        let suppressed = report.suppressed.iter().map(|one| (one.finding.code, one.finding.name));
        let gone = report.gone.iter().map(|gone| (gone.code, gone.name.as_str()));
        let mut rules: Vec<(Code, &str)> = found.chain(suppressed).chain(gone).collect();
        rules.sort_unstable();
        rules.dedup_by_key(|(code, _)| *code);
        Self(rules)
    }

    fn index(&self, code: Code) -> usize {
        self.0.partition_point(|(other, _)| *other < code)
    }

    fn descriptors(&self) -> Vec<Value> {
        self.0.iter().map(|(code, name)| descriptor(*code, name)).collect()
    }
}

fn descriptor(code: Code, name: &str) -> Value {
    let mut descriptor = json!({"id": code, "name": name, "properties": {"page": page(code)}});
    let Some(rule) = lint::rule_of(code) else { return descriptor };
    let page = Page::new(rule.page);
    let section = |heading: &str| format!("{heading}\n{}", page.section(heading));
    let plain = [page.summary.clone(), section("Why"), section("When it does not apply"), section("Source")];
    descriptor["shortDescription"] = json!({"text": page.summary});
    descriptor["fullDescription"] = json!({"text": page.section("Why")});
    descriptor["help"] = json!({"text": plain.join("\n\n"), "markdown": rule.page});
    descriptor["defaultConfiguration"] = json!({"level": level(rule.severity)});
    descriptor["properties"]["tags"] = json!(["nlb", format!("{}", rule.scope)]);
    descriptor["properties"]["problem.severity"] = json!(match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    });
    if let Some(url) = further(code) {
        descriptor["helpUri"] = json!(url);
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

struct Run<'r> {
    report: &'r Report<'r>,
    rules: &'r Rules<'r>,
    /// Either all results say what a baseline knows of them, or none does.
    baseline: bool,
}

impl Run<'_> {
    fn results(&self) -> Vec<Value> {
        let suppressed: Vec<Diagnostic> =
            self.report.suppressed.iter().map(|suppressed| suppressed.finding.clone()).collect();
        let all: Vec<Diagnostic> = self.report.findings.iter().cloned().chain(suppressed).collect();
        let prints = fingerprints(&all, self.report.sources);
        let reasons = std::iter::repeat_n(None, self.report.findings.len());
        let reasons = reasons.chain(self.report.suppressed.iter().map(Some));
        let results = all.iter().zip(&prints).zip(reasons);
        let results = results.map(|((finding, print), reason)| self.result(finding, print, reason));
        results.chain(self.report.gone.iter().map(|gone| self.absent(gone))).collect()
    }

    fn result(&self, finding: &Diagnostic, print: &str, suppressed: Option<&Suppressed>) -> Value {
        let sources = self.report.sources;
        let mut text = finding.message.clone();
        let mut markdown = text.clone();
        if let Some(advice) = advice(finding) {
            text = format!("{text}\n\n{advice}");
        }
        if let Some(help) = &finding.help {
            markdown = format!("{markdown}\n\n{help}");
        }
        if let Some(remediation) = &finding.remediation {
            let fence = super::markdown::fence(&remediation.lines);
            let lines = remediation.lines.join("\n");
            markdown = format!("{markdown}\n\nOn {}, type:\n\n{fence}\n{lines}\n{fence}", remediation.switch);
        }
        let related: Vec<Value> = finding
            .related
            .iter()
            .zip(1..)
            .map(|(related, id)| {
                let mut place = physical(related.span, sources);
                place["id"] = json!(id);
                place["message"] = json!({"text": related.label});
                place
            })
            .collect();
        let mut place = finding.span.map_or_else(|| json!({}), |span| physical(span, sources));
        let logical = logical(finding.switch.as_deref(), finding.cluster.as_deref());
        if !logical.is_empty() {
            place["logicalLocations"] = json!(logical);
        }
        let mut result = json!({
            "ruleId": finding.code,
            "ruleIndex": self.rules.index(finding.code),
            "level": level(finding.severity),
            "message": {"text": text, "markdown": markdown},
            "locations": if place == json!({}) { json!([]) } else { json!([place]) },
            // The first is what GitHub tells alerts by.
            "partialFingerprints": {"primaryLocationLineHash": format!("{print}:1"), FINGERPRINT: print},
            "suppressions": suppressed.map(suppression).into_iter().collect::<Vec<_>>(),
        });
        if !related.is_empty() {
            result["relatedLocations"] = json!(related);
        }
        if self.baseline {
            let state = finding.baseline.unwrap_or(BaselineState::New);
            result["baselineState"] = json!(state);
        }
        if let Some(remediation) = &finding.remediation {
            result["properties"] = json!({"remediation": remediation});
        }
        if let Some(fix) = fix(finding, sources) {
            result["fixes"] = json!([fix]);
        }
        result
    }

    /// A result of the baseline that this run does not have.
    fn absent(&self, gone: &Gone) -> Value {
        let logical = logical(gone.switch.as_deref(), gone.cluster.as_deref());
        json!({
            "ruleId": gone.code,
            "ruleIndex": self.rules.index(gone.code),
            "message": {"text": gone.message},
            "locations": if logical.is_empty() { json!([]) } else { json!([{"logicalLocations": logical}]) },
            "baselineState": "absent",
        })
    }
}

fn suppression(suppressed: &Suppressed) -> Value {
    let owner = suppressed.owner.as_ref().map(|owner| json!({"owner": owner}));
    let mut suppression = json!({
        "kind": if suppressed.in_source { "inSource" } else { "external" },
        "status": "accepted",
        "justification": suppressed.reason,
    });
    if let Some(owner) = owner {
        suppression["properties"] = owner;
    }
    suppression
}

/// What could not be judged: inputs that could not be read, and those whose mistakes hide what is in them.
fn notifications(report: &Report<'_>) -> Vec<Value> {
    let unread = report.failures.iter().map(|failure| {
        let Failure { path, message } = failure;
        notification(message, json!({"artifactLocation": artifact(path)}))
    });
    let mut broken = std::collections::BTreeSet::new();
    let mistakes = report.findings.iter().filter(|finding| lint::hides_others(finding.code));
    let mistakes = mistakes.filter_map(|finding| Some((finding, finding.span?)));
    let first = mistakes.filter(|(_, span)| broken.insert(span.file)).map(|(finding, span)| {
        let place = physical(span, report.sources);
        let text = format!("nothing in it was judged: {}", finding.message);
        notification(&text, place["physicalLocation"].clone())
    });
    unread.chain(first).collect()
}

fn notification(text: &str, place: Value) -> Value {
    json!({
        "level": "error",
        "message": {"text": text},
        "descriptor": {"id": UNREADABLE, "index": 0},
        "locations": [{"physicalLocation": place}],
    })
}

fn logical(switch: Option<&str>, cluster: Option<&str>) -> Vec<Value> {
    let named = |kind: &str, name: Option<&str>| {
        name.map(
            |name| json!({"name": name, "fullyQualifiedName": format!("{kind}/{name}"), "kind": "resource"}),
        )
    };
    [named("switch", switch), named("cluster", cluster)].into_iter().flatten().collect()
}

fn physical(span: Span, sources: &Sources) -> Value {
    let at = locate(span, sources);
    json!({"physicalLocation": {"artifactLocation": artifact(&at.path), "region": region(&at)}})
}

fn region(at: &Location) -> Value {
    json!({"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column})
}

fn fix(finding: &Diagnostic, sources: &Sources) -> Option<Value> {
    let edit = edit(finding, sources)?;
    let span = Span::new(finding.span?.file, edit.octets.clone());
    let at = locate(span, sources);
    Some(json!({
        "description": {"text": format!("{}. This edits the copy of the config only", remedy(finding.remediation.as_ref()?))},
        "artifactChanges": [{
            "artifactLocation": artifact(&at.path),
            "replacements": [{"deletedRegion": region(&at), "insertedContent": {"text": edit.text}}],
        }],
    }))
}

/// A path as a reference to an artifact: below the root of the sources, where it is relative.
fn artifact(path: &str) -> Value {
    let mut uri = String::with_capacity(path.len());
    for octet in path.bytes() {
        match octet {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(octet)),
            _ if octet.is_ascii_alphanumeric() => uri.push(char::from(octet)),
            _ => uri.push_str(&format!("%{octet:02X}")),
        }
    }
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    match path.starts_with('/') || drive {
        true => {
            json!({"uri": format!("file:///{}", uri.trim_start_matches('/').replacen("%3A", ":", drive.into()))})
        }
        false => json!({"uri": uri, "uriBaseId": "%SRCROOT%"}),
    }
}
