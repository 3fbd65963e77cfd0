//! The modes for one cluster, for people.

use std::fmt::Write;

use crate::diagnostic::Severity;
use crate::harmless::harmless;
use crate::recommend::{Choice, Fact, Fares, Fate, Trial, Work};
use crate::vendor::Evidence;

pub(super) fn page(choice: &Choice) -> String {
    let mut out = String::new();
    let advice = match (choice.recommended, choice.modes.first()) {
        (Some(mode), Some(best)) => format!("choose {}{}", mode.title(), caution(best)),
        _ => "no mode works".to_owned(),
    };
    let stated = choice.stated.title();
    let _ = writeln!(out, "{} (VLAN {}, now {stated}): {advice}", harmless(&choice.cluster), choice.vlan);
    for (place, trial) in choice.modes.iter().enumerate() {
        let _ = writeln!(out);
        mode(&mut out, place + 1, trial);
    }
    out
}

/// What has to be said in one breath with the advice.
fn caution(best: &Trial) -> &'static str {
    match (best.fares, best.evidence) {
        (Fares::WorksAsFarAsKnown, _) => "; but not all that it rests on is known: try it first",
        (_, Evidence::Unverified) => "; but some of what it rests on is unverified: try it first",
        _ => "",
    }
}

fn mode(out: &mut String, place: usize, trial: &Trial) {
    let _ = writeln!(out, "{place}. {}: {} [{}]", trial.mode.title(), trial.fares.text(), trial.evidence);
    let mut line = |what: &str, text: &str| {
        let _ = writeln!(out, "   {what:9} {}", harmless(text));
    };
    for reason in &trial.reasons {
        line("because", reason);
    }
    for fate in grouped(&trial.frames) {
        line("frames", &fate);
    }
    match trial.floods.is_empty() {
        true => line("floods", "nothing"),
        false => {
            for flood in &trial.floods {
                let ports = match flood.bystanders {
                    0 => String::new(),
                    1 => " (1 port without a node is known)".to_owned(),
                    ports => format!(" ({ports} ports without a node are known)"),
                };
                line("floods", &format!("{}: {}{ports} [{}]", flood.switch, flood.why, flood.evidence));
            }
        }
    }
    for work in &trial.switches {
        line("needs", &needs(work));
        for left_out in &work.left_out {
            line("", &format!("{}: {left_out}", work.switch));
        }
    }
    for said in &trial.findings {
        if said.severity != Severity::Error {
            line("note", &format!("{} {}: {}", said.code, said.severity, said.message));
        }
    }
    for (fact, switches) in facts(trial) {
        let source = fact.source.as_deref().unwrap_or_default();
        let said =
            format!("{}: {} {} [{}] {source}", switches.join(", "), fact.key, fact.holds(), fact.evidence);
        line("rests on", said.trim_end());
    }
}

/// What decides about the mode, each with the switches it holds for.
fn facts(trial: &Trial) -> Vec<(&Fact, Vec<&str>)> {
    let mut all: Vec<(&Fact, Vec<&str>)> = Vec::new();
    for work in &trial.switches {
        for fact in &work.facts {
            match all.iter_mut().find(|(known, _)| *known == fact) {
                Some((_, switches)) => switches.push(&work.switch),
                None => all.push((fact, vec![&work.switch])),
            }
        }
    }
    all
}

/// The frames that fare alike together.
fn grouped(frames: &[Fate]) -> Vec<String> {
    let mut groups: Vec<(&Fate, Vec<&str>)> = Vec::new();
    for fate in frames {
        let alike = |one: &Fate| {
            (one.verdict, &one.missed, one.evidence) == (fate.verdict, &fate.missed, fate.evidence)
        };
        match groups.iter_mut().find(|(first, _)| alike(first)) {
            Some((_, from)) => from.push(&fate.from),
            None => groups.push((fate, vec![&fate.from])),
        }
    }
    let told = |(fate, from): (&Fate, Vec<&str>)| {
        let missed = match fate.missed.is_empty() {
            true => String::new(),
            false => format!(", not to {}", fate.missed.join(", ")),
        };
        format!("{}{missed} [{}]: {}", fate.verdict, fate.evidence, from.join("; "))
    };
    groups.into_iter().map(told).collect()
}

fn needs(work: &Work) -> String {
    let platform = work.platform.as_ref().map(|platform| format!(" {platform}")).unwrap_or_default();
    let lines = match work.lines {
        0 => return format!("{} ({}{platform}): nothing", work.switch, work.vendor),
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    let unverified = match work.unverified_lines {
        0 => String::new(),
        count => format!(", {count} unverified"),
    };
    format!("{} ({}{platform}): {lines}{unverified}: {}", work.switch, work.vendor, work.entries.join(", "))
}
