//! The review as Markdown, in the dialect of GitHub and GitLab. Nothing that comes from a config or a name can act there.

use std::fmt::Write as _;

use super::document::{Deliveries, Delivery, Document, Evidence, Item, Line, SwitchLines, Test, Verdict};
use super::record;
use crate::report::markdown::{cell, code, fence};

/// The whole review.
pub(super) fn markdown(document: &Document) -> String {
    let mut out = format!(
        "{}\n\n# NLB design review: {}\n\n",
        record::comment(&document.record),
        cell(&document.title)
    );
    let _ = writeln!(out, "{}\n", totals(document));
    clusters(&mut out, document);
    failures(&mut out, document);
    for section in &document.sections {
        let _ = write!(out, "\n## {}. {}\n", section.number, section.title);
        let mut last = None;
        for item in &section.items {
            if last != Some(item.id) {
                let _ = write!(out, "\n### {}\n\n", cell(item.question));
                last = Some(item.id);
            }
            self::item(&mut out, item);
        }
        if section.items.is_empty() {
            out.push_str("\nNothing in the design has to do with it.\n");
        }
    }
    out.push_str("\n## Where the frames go\n");
    document.deliveries.iter().for_each(|one| deliveries(&mut out, one));
    out.push_str("\n## Lines for the switches\n");
    document.switches.iter().for_each(|one| switch(&mut out, one));
    out.push_str("\n## Test plan\n");
    tests(&mut out, document);
    sign_off(&mut out, document);
    inputs(&mut out, document);
    out
}

fn totals(document: &Document) -> String {
    let summary = document.summary;
    let counts = [
        (summary.fail, Verdict::Fail),
        (summary.check, Verdict::Check),
        (summary.pass, Verdict::Pass),
        (summary.not_applicable, Verdict::NotApplicable),
    ];
    let said: Vec<String> =
        counts.iter().map(|(count, verdict)| format!("{count} {}", verdict.title())).collect();
    format!("**{}**", said.join(", "))
}

fn row(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn table(out: &mut String, head: &[&str]) {
    row(out, &head.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
    row(out, &vec!["---".to_owned(); head.len()]);
}

fn names(list: &[String]) -> String {
    list.iter().map(|name| cell(name)).collect::<Vec<_>>().join(", ")
}

fn clusters(out: &mut String, document: &Document) {
    table(out, &["Cluster", "Mode", "VIPs", "MAC", "Group", "VLAN", "VRF", "Nodes", "Gateways"]);
    for cluster in &document.clusters {
        let cells = [
            cell(&cluster.name),
            cluster.mode.clone(),
            names(&cluster.vips),
            code(&cluster.mac),
            cell(cluster.group.as_deref().unwrap_or_default()),
            cluster.vlan.to_string(),
            cell(cluster.vrf.as_deref().unwrap_or_default()),
            names(&cluster.nodes),
            names(&cluster.gateways),
        ];
        row(out, &cells);
    }
}

/// What fails, before all else.
fn failures(out: &mut String, document: &Document) {
    let items = document.sections.iter().flat_map(|section| &section.items);
    let failed: Vec<&Item> = items.filter(|item| item.verdict == Verdict::Fail).collect();
    if failed.is_empty() {
        return;
    }
    out.push_str("\n## What fails\n\n");
    for item in failed {
        let _ = writeln!(out, "- {}{}: {}", cell(item.question), about(item), cell(&item.reason));
    }
}

/// ` (cluster web)`.
fn about(item: &Item) -> String {
    match (&item.cluster, &item.switch) {
        (Some(cluster), None) => format!(" (cluster {})", cell(cluster)),
        (None, Some(switch)) => format!(" (switch {})", cell(switch)),
        (Some(cluster), Some(switch)) => format!(" (cluster {}, switch {})", cell(cluster), cell(switch)),
        (None, None) => String::new(),
    }
}

fn item(out: &mut String, item: &Item) {
    let mark = match item.verdict {
        Verdict::Pass => "[x] ",
        Verdict::Fail | Verdict::Check => "[ ] ",
        Verdict::NotApplicable => "",
    };
    let _ = writeln!(out, "- {mark}**{}**{}: {}", item.verdict.title(), about(item), cell(&item.reason));
    if item.verdict == Verdict::NotApplicable {
        return;
    }
    item.evidence.iter().for_each(|one| evidence(out, one));
    if let Some(by_hand) = item.by_hand.filter(|_| item.verdict != Verdict::Pass) {
        let _ = writeln!(out, "  - By hand: {}", cell(by_hand));
    }
    for commands in &item.commands {
        let _ = writeln!(out, "  - On {}:\n", cell(&commands.switch));
        block(out, "    ", &commands.lines);
        out.push('\n');
    }
    let rules =
        if item.rules.is_empty() { String::new() } else { format!(" Rules: {}.", item.rules.join(", ")) };
    let _ = match item.source.url {
        Some(url) => writeln!(out, "  - Source: {}, <{url}>.{rules}", cell(item.source.title)),
        None => writeln!(out, "  - Source: {}.{rules}", cell(item.source.title)),
    };
}

fn evidence(out: &mut String, evidence: &Evidence) {
    let rule = match (&evidence.rule, &evidence.severity) {
        (Some(rule), Some(severity)) => format!("{rule} ({severity}) "),
        _ => String::new(),
    };
    let place =
        evidence.location.as_ref().map(|at| format!(" {}", code(&format!("{}:{}", at.path, at.line))));
    let line = evidence.line.as_deref().map(|line| format!(": {}", code(line))).unwrap_or_default();
    let _ = writeln!(out, "  - {rule}{}{}{line}", cell(&evidence.text), place.unwrap_or_default());
    if let Some(accepted) = &evidence.accepted {
        let owner = accepted.owner.as_deref().map(|owner| format!(" ({})", cell(owner))).unwrap_or_default();
        let _ = writeln!(out, "    - accepted: {}{owner}", cell(&accepted.reason));
    }
}

/// Lines as they are typed.
fn block(out: &mut String, indent: &str, lines: &[String]) {
    let fence = fence(lines);
    let _ = writeln!(out, "{indent}{fence}text");
    for line in lines {
        let _ = writeln!(out, "{indent}{line}");
    }
    let _ = writeln!(out, "{indent}{fence}");
}

fn deliveries(out: &mut String, deliveries: &Deliveries) {
    let _ = write!(out, "\n### {}\n\n", cell(&deliveries.cluster));
    if deliveries.frames.is_empty() {
        out.push_str("No frame can be followed: the design does not say where nodes and gateways are.\n");
        return;
    }
    table(out, &["Frame", "Condition", "Fares", "Reached", "Missed", "Bystanders", "Evidence"]);
    for frame in &deliveries.frames {
        row(out, &delivery(frame));
    }
    let told = deliveries.frames.iter().filter(|frame| frame.what_if.is_some()).count();
    let _ = match (deliveries.tried, told) {
        (0, _) => writeln!(out, "\nThe design speaks of nothing that may happen."),
        (tried, 0) => writeln!(out, "\nThings that may happen, tried: {tried}. Frames fare the same."),
        (tried, _) => {
            writeln!(out, "\nThings that may happen, tried: {tried}. Told where they change something.")
        }
    };
}

fn delivery(frame: &Delivery) -> [String; 7] {
    let known = if frame.known { "" } else { ", as far as is known" };
    let unknown = match frame.unknown.is_empty() {
        true => String::new(),
        false => format!(" (not known: {})", names(&frame.unknown)),
    };
    let bystanders = match frame.bystanders.len() {
        0 => "0".to_owned(),
        count => {
            let ports: Vec<String> = frame
                .bystanders
                .iter()
                .take(8)
                .map(|port| format!("{} {}", port.switch, port.port))
                .collect();
            let more = if count > ports.len() { ", …" } else { "" };
            format!("{count}: {}{more}", names(&ports))
        }
    };
    [
        cell(&frame.source()),
        frame
            .what_if
            .as_deref()
            .map_or_else(|| "as things are".to_owned(), |what_if| format!("if {}", cell(what_if))),
        format!("{}{known}", frame.verdict),
        format!("{}{unknown}", names(&frame.reached)),
        names(&frame.missed),
        bystanders,
        frame.evidence.to_owned(),
    ]
}

fn switch(out: &mut String, switch: &SwitchLines) {
    let _ = write!(out, "\n### {}\n\n", cell(&switch.name));
    let platform = switch.platform.as_deref().unwrap_or("platform not stated");
    let _ =
        writeln!(out, "{}, {}. Clusters: {}.", code(&switch.vendor), cell(platform), names(&switch.clusters));
    let _ = match &switch.config {
        Some(config) => writeln!(out, "\nWhat is missing or wrong in {}:", code(config)),
        None => writeln!(out, "\nAll that is planned; no config was read:"),
    };
    if switch.needs_window {
        out.push_str("\n**Needs a window:** an entry is gone for a moment while the lines are typed.\n");
    }
    for note in &switch.notes {
        let _ = write!(out, "\n- {}", cell(note));
    }
    if !switch.notes.is_empty() {
        out.push('\n');
    }
    for (title, lines) in [
        ("Apply, in configuration mode", &switch.apply),
        ("Take it back, in configuration mode", &switch.rollback),
        ("Check, in privileged mode", &switch.verify),
    ] {
        part(out, title, lines);
    }
}

fn part(out: &mut String, title: &str, lines: &[Line]) {
    if lines.is_empty() {
        let _ = writeln!(out, "\n{title}: nothing.");
        return;
    }
    let _ = writeln!(out, "\n{title}:\n");
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    block(out, "", &texts);
}

fn tests(out: &mut String, document: &Document) {
    let mut last: Option<&Option<String>> = None;
    for test in &document.tests {
        if last != Some(&test.cluster) {
            let _ = write!(out, "\n### {}\n\n", cell(test.cluster.as_deref().unwrap_or("The whole design")));
            last = Some(&test.cluster);
        }
        one_test(out, test);
    }
    if document.tests.is_empty() {
        out.push_str("\nThere is nothing to test.\n");
    }
}

fn one_test(out: &mut String, test: &Test) {
    let _ = writeln!(out, "- [ ] {}", cell(&test.text));
    let _ = writeln!(out, "  - Expected: {}", cell(&test.expect));
    if let Some(model) = &test.model {
        let _ = writeln!(out, "  - The model: {}", cell(model));
    }
}

fn sign_off(out: &mut String, document: &Document) {
    out.push_str("\n## Sign-off\n\n");
    table(out, &["", "Name", "Date", "Signature"]);
    for role in &document.sign_off {
        row(out, &[cell(role), String::new(), String::new(), String::new()]);
    }
}

fn inputs(out: &mut String, document: &Document) {
    out.push_str("\n## What was reviewed\n\n");
    table(out, &["Input", "Name", "SHA-256"]);
    for input in &document.record.inputs {
        let digest = input.sha256.as_deref().map_or_else(|| "could not be read".to_owned(), code);
        row(out, &[input.kind.title().to_owned(), code(&input.name), digest]);
    }
    let _ = writeln!(
        out,
        "\nnlbswitch {}. `nlbswitch review --check FILE` says whether these are still the inputs.",
        cell(&document.record.tool)
    );
}
