//! An item of the checklist, asked about one thing: what comes of it, and why.

use super::checklist::{Answer, Entry};
use super::document::{Evidence, Item, Verdict};
use super::lines::Checks;
use super::scope::Subject;
use super::sight::{Sight, View};
use crate::diagnostic::{Code, Diagnostic, Severity, Suppressed};
use crate::harmless::harmless;
use crate::lint::{Policy, rule_of};

/// The most evidence of one kind that is listed: the rest is counted.
const MOST: usize = 24;

/// What rules found, and what they are allowed to say.
pub(super) struct Found<'f> {
    pub(super) findings: &'f [Diagnostic],
    pub(super) suppressed: &'f [Suppressed],
    pub(super) policy: &'f Policy,
    /// How many items each finding is in.
    pub(super) told: Vec<usize>,
}

/// Asks `entry` about `subject`.
pub(super) fn item(
    entry: &'static Entry,
    subject: Subject,
    view: &View<'_>,
    found: &mut Found<'_>,
    checks: &Checks<'_>,
) -> Item {
    let estate = view.estate;
    let is_about = |code: Code| entry.rules.contains(&code.0);
    let mut against = Vec::new();
    for (number, finding) in found.findings.iter().enumerate() {
        if is_about(finding.code) && subject.is_meant(finding, estate) {
            found.told[number] += 1;
            against.push(finding);
        }
    }
    let accepted = found.suppressed.iter().filter(|one| subject.is_meant(&one.finding, estate));
    // What is accepted anywhere is an exception, whatever else it is about.
    let collects = entry.id == "exceptions.accepted";
    let accepted: Vec<&Suppressed> = accepted.filter(|one| collects || is_about(one.finding.code)).collect();
    let mut evidence: Vec<Evidence> =
        against.iter().map(|finding| Evidence::finding(finding, view.sources)).collect();
    evidence.extend(accepted.iter().map(|one| Evidence::accepted(one, view.sources)));
    if collects {
        evidence.extend(accepted_floods(view));
    }
    let (verdict, reason, more) = judge(entry, subject, view, found, &against, &accepted);
    evidence.extend(more);
    let (cluster, switch) = match subject {
        Subject::Design => (None, None),
        Subject::Cluster(cluster) => (Some(estate.design().clusters[cluster].name.to_string()), None),
        Subject::Device { device, .. } => (None, Some(estate.device(device).name.clone())),
    };
    Item {
        id: entry.id,
        question: entry.question,
        cluster,
        switch,
        verdict,
        reason: harmless(&reason).into_owned(),
        evidence: shortened(evidence),
        rules: entry
            .rules
            .iter()
            .map(|code| Code(*code))
            .filter(|code| rule_of(*code).is_some())
            .map(|code| code.to_string())
            .collect(),
        by_hand: entry.by_hand,
        commands: if verdict == Verdict::NotApplicable {
            Vec::new()
        } else {
            checks.of(subject, entry.shows, estate)
        },
        source: entry.source,
    }
}

fn judge(
    entry: &Entry,
    subject: Subject,
    view: &View<'_>,
    found: &Found<'_>,
    against: &[&Diagnostic],
    accepted: &[&Suppressed],
) -> (Verdict, String, Vec<Evidence>) {
    let from = if entry.answer == Answer::Tool { Severity::Warning } else { Severity::Error };
    if let Some(worst) =
        against.iter().filter(|finding| finding.severity >= from).max_by_key(|one| one.severity)
    {
        let others = against.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" (and {others} more)") };
        let shown = crate::report::shown_finding(worst, view.sources);
        return (Verdict::Fail, format!("{}: {}{more}", worst.code, shown.message), Vec::new());
    }
    let said = !against.is_empty() || !accepted.is_empty();
    if let Some(why) = subject.is_out_of(entry.applies, view.estate).filter(|_| !said) {
        return (Verdict::NotApplicable, why.to_owned(), Vec::new());
    }
    if entry.answer == Answer::Person {
        let mut evidence = view.stated_lines(subject, entry.shows);
        evidence.extend(entry_facts(entry, subject, view));
        return (Verdict::Check, "only a person can see this".to_owned(), evidence);
    }
    let mut evidence = view.stated_lines(subject, entry.shows);
    let mut unseen = Vec::new();
    for sees in entry.sees {
        match view.look(*sees, subject) {
            Sight::Seen(seen) => evidence.extend(seen),
            Sight::Unseen(why, seen) => {
                unseen.push(why);
                evidence.extend(seen);
            }
            Sight::Against(why, seen) => {
                evidence.extend(seen);
                return (Verdict::Fail, why, evidence);
            }
        }
    }
    if let Some(finding) = against.first() {
        unseen.insert(0, format!("{} has something to say", finding.code));
    }
    if let Some(one) = accepted.first() {
        unseen.insert(0, format!("{} was found, and is accepted", one.finding.code));
    }
    if let Some(silent) = entry
        .rules
        .iter()
        .map(|code| Code(*code))
        .find(|code| rule_of(*code).is_some() && !found.policy.speaks(*code))
    {
        unseen.push(format!("the settings keep {silent} silent"));
    }
    match unseen.is_empty() {
        true => (Verdict::Pass, "seen, and nothing stands against it".to_owned(), evidence),
        false => (Verdict::Check, unseen.join("; "), evidence),
    }
}

/// What a person wants to see beside the question.
fn entry_facts(entry: &Entry, subject: Subject, view: &View<'_>) -> Vec<Evidence> {
    let Subject::Cluster(number) = subject else { return Vec::new() };
    let cluster = &view.estate.design().clusters[number];
    let names = |devices: &std::collections::BTreeSet<usize>| {
        let names: Vec<&str> =
            devices.iter().map(|device| view.estate.device(*device).name.as_str()).collect();
        names.join(", ")
    };
    match entry.id {
        "addresses.ip2mac" => {
            let mac = cluster.mac().to_string().to_lowercase();
            let text = format!("`nlb ip2mac {}`, {}: {mac}", cluster.primary_ip.ip(), cluster.mode.title());
            vec![Evidence::at(text, cluster.primary_ip.span, view.sources)]
        }
        "gateways.named" => match view.estate.plan.clusters[number].gateways.is_empty() {
            true => vec![Evidence::fact("the design names no gateway")],
            false => vec![Evidence::fact(format!(
                "the design names {}",
                names(&view.estate.plan.clusters[number].gateways)
            ))],
        },
        "mode.chosen" => {
            let switches = names(&view.estate.plan.clusters[number].devices);
            let text = format!("{} mode, on {switches}", cluster.mode.title());
            vec![Evidence::at(text, cluster.mode.span, view.sources)]
        }
        _ => Vec::new(),
    }
}

/// The floods that the design accepts.
fn accepted_floods(view: &View<'_>) -> Vec<Evidence> {
    let switches = view.estate.design().switches.iter();
    let reasons = switches.filter_map(|switch| Some((switch, switch.flood_accepted.as_ref()?)));
    let shown = reasons.map(|(switch, reason)| {
        Evidence::at(
            format!("flooding is accepted on {}: {}", switch.name.value, reason.value),
            reason.span,
            view.sources,
        )
    });
    shown.collect()
}

/// The first of long lists, and how many more there are. Findings stay all of them.
fn shortened(evidence: Vec<Evidence>) -> Vec<Evidence> {
    let (mut kept, facts): (Vec<Evidence>, Vec<Evidence>) =
        evidence.into_iter().partition(|evidence| evidence.rule.is_some());
    let more = facts.len().saturating_sub(MOST);
    kept.extend(facts.into_iter().take(MOST));
    if more > 0 {
        kept.push(Evidence::fact(format!("and {more} more")));
    }
    kept
}
