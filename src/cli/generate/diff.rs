//! The changes of a device as people read changes: `-` what goes, `+` what comes.

use crate::harmless::is_treacherous;
use crate::render::{Amended, ShownChange};

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const CYAN: &str = "\u{1b}[36m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// The changes of one device against the design that is shown as `design`, behind a line that says how many.
pub(super) fn diff(amended: &Amended, design: &str, color: bool) -> String {
    let mut out = String::new();
    let mut line = |style: &str, text: &str| {
        let styled = color && !style.is_empty();
        out.push_str(if styled { style } else { "" });
        for character in text.chars() {
            match is_treacherous(character) {
                true => out.extend(character.escape_debug()),
                false => out.push(character),
            }
        }
        out.push_str(if styled { PLAIN } else { "" });
        out.push('\n');
    };
    let switch = &amended.snippet.switch;
    line("", &format!("nlbswitch: {switch} ({}): {}", amended.snippet.vendor, amended.summary()));
    if !amended.changes.is_empty() {
        line(BOLD, &format!("--- {switch}: {}", amended.config));
        line(BOLD, &format!("+++ {switch}: {design}"));
    }
    for change in &amended.changes {
        line(CYAN, &heading(change));
        let Sides { head, gone, come, tail } = sides(&change.before, &change.after);
        head.iter().for_each(|text| line("", &format!(" {text}")));
        gone.iter().for_each(|text| line(RED, &format!("-{text}")));
        come.iter().for_each(|text| line(GREEN, &format!("+{text}")));
        tail.iter().for_each(|text| line("", &format!(" {text}")));
    }
    out
}

fn heading(change: &ShownChange) -> String {
    let place = change.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let clusters = match change.clusters.as_slice() {
        [] => String::new(),
        names => format!(" (cluster {})", names.join(", ")),
    };
    format!("@@ {}{place} @@ {}{clusters}", change.change, change.text)
}

/// Two short texts: what both begin with, what only one has, what both end with.
struct Sides<'t> {
    head: &'t [String],
    gone: &'t [String],
    come: &'t [String],
    tail: &'t [String],
}

fn sides<'t>(before: &'t [String], after: &'t [String]) -> Sides<'t> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    Sides {
        head: &before[..head],
        gone: &old[..old.len() - tail],
        come: &new[..new.len() - tail],
        tail: &old[old.len() - tail..],
    }
}
