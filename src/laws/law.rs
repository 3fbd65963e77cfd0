//! The laws, one by one. Each says what differs, with the lines, where a case breaks it.

use std::collections::BTreeSet;

use super::case::Case;
use crate::entry::{Entry, State};
use crate::net::PortSet;
use crate::net::port::{Naming, PortName};
use crate::render::Part;

/// A law.
#[derive(Debug)]
pub struct Law {
    /// What holds.
    pub words: &'static str,
    /// Whether it holds in a case; what differs where it does not.
    pub check: fn(&Case) -> Result<(), String>,
}

/// Every law.
pub const LAWS: &[Law] = &[
    Law { words: "reading back what was written gives what was planned", check: read_back },
    Law { words: "a config and what was written behind it hold together", check: hold_together },
    Law { words: "what is taken back leaves the config as it was", check: taken_back },
    Law { words: "lists of ports survive being written and read", check: ports_round_trip },
    Law { words: "the order of the entries does not change the text", check: order_is_nothing },
    Law { words: "every line that is written is understood", check: lines_understood },
];

fn differ(read: &State, expected: &State, text: &str) -> Result<(), String> {
    if read == expected {
        return Ok(());
    }
    let list = |of: &State, other: &State| {
        let odd = of.entries().filter(|entry| other.get(&entry.key()) != Some(*entry));
        odd.map(words).collect::<Vec<_>>().join("; ")
    };
    let (missing, extra) = (list(expected, read), list(read, expected));
    let told =
        |what: &str, list: String| if list.is_empty() { String::new() } else { format!("{what} {list}\n") };
    Err(format!("{}{}{text}", told("expected, not read:", missing), told("read, not expected:", extra)))
}

fn words(entry: &Entry) -> String {
    serde_json::to_string(entry).unwrap_or_else(|_| entry.kind().to_string())
}

fn read_back(case: &Case) -> Result<(), String> {
    let text = case.write_state(Part::Apply, &case.planned)?;
    differ(&case.read(&text)?, &case.beyond_defaults(&case.planned), &text)
}

fn hold_together(case: &Case) -> Result<(), String> {
    let base = case.base_text()?;
    differ(&case.read(&base)?, &case.beyond_defaults(&case.base), &base)?;
    let text = base + &case.write_state(Part::Apply, &case.planned)?;
    let both: State = case.base.entries().chain(case.planned.entries()).cloned().collect();
    differ(&case.read(&text)?, &case.beyond_defaults(&both), &text)
}

fn taken_back(case: &Case) -> Result<(), String> {
    let mut text = case.base_text()?;
    text += &case.write_state(Part::Apply, &case.planned)?;
    text += &case.write_state(Part::Rollback, &case.planned)?;
    let mut left = case.read(&text)?;
    left.retain(|entry| case.base.get(&entry.key()).is_some() || !case.may_stay(entry));
    differ(&left, &case.beyond_defaults(&case.base), &text)
}

fn order_is_nothing(case: &Case) -> Result<(), String> {
    for part in [Part::Apply, Part::Rollback, Part::Verify] {
        let (one, other) = (case.write(part, &case.shuffled)?, case.write_state(part, &case.planned)?);
        if one != other {
            return Err(format!("in one order:\n{one}in another:\n{other}"));
        }
    }
    Ok(())
}

fn lines_understood(case: &Case) -> Result<(), String> {
    let pack = case.pack();
    for part in [Part::Apply, Part::Rollback] {
        let text = case.write_state(part, &case.planned)?;
        let reading = case.dialect().read(&text);
        let understood: BTreeSet<usize> = reading.facts.iter().map(|fact| fact.range().start).collect();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim();
            let places = offset..offset + line.len();
            offset = places.end;
            let opens = |opener: &str| {
                content.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(opener))
            };
            let block = matches!(content, "exit" | "quit")
                || pack.layout.leaves_table(content)
                || ["interface", "vlan"].into_iter().any(opens)
                || pack.openers.iter().any(|opener| opens(opener));
            let comment = content.starts_with(pack.comment.as_str());
            if !(block || comment || understood.range(places).next().is_some()) {
                return Err(format!("not understood: {content}\n{text}"));
            }
        }
    }
    Ok(())
}

fn ports_round_trip(case: &Case) -> Result<(), String> {
    let syntax = &case.pack().ports;
    let naming = if case.short { Naming::Short } else { Naming::Long };
    let ordered: Vec<PortName> = case.ports.iter().cloned().collect();
    let mut back = PortSet::new();
    for list in syntax.lists(&ordered, naming, case.limit) {
        let bare = syntax.kinds.iter().find(|kind| kind.number_only && kind.keyword == list.keyword);
        let read = syntax.parse_list(&list.text, bare).map_err(|error| format!("{}: {error}", list.text))?;
        if list.text.len() > case.limit && read.len() > 1 && !syntax.ranges {
            return Err(format!("longer than {}: {}", case.limit, list.text));
        }
        back.extend(read);
    }
    match back == case.ports {
        true => Ok(()),
        false => Err(format!("{} became {}", syntax.brief(&ordered), syntax.brief(&back))),
    }
}
