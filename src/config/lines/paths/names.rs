//! Names that stand for VLAN ids: where a pack says that one stands, the id takes its place.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Line;
use crate::net::vlan_id;
use crate::vendor::{Naming, Pack, Words};

/// Puts the ids in the place of the names, naming by naming: a later one sees what the former made.
pub(super) fn resolve(pack: &Pack, lines: &mut [Line<'_>]) {
    for naming in &pack.names {
        let ids = defined(naming, lines);
        if ids.is_empty() {
            continue;
        }
        for line in lines.iter_mut() {
            let replaced = replaced(naming, &ids, &line.text, &pack.negation);
            if let Some(text) = replaced {
                line.text = Cow::Owned(text);
            }
        }
    }
}

/// The names that lines define, with their ids.
fn defined(naming: &Naming, lines: &[Line<'_>]) -> HashMap<String, u16> {
    let mut ids = HashMap::new();
    let mut words = Words::default();
    for line in lines {
        words.take(&line.text);
        for pattern in &naming.defined_by {
            let Some(found) = pattern.captures(&words) else { continue };
            if let (Some(name), Some(id)) = (found.given_name(), found.get("vlan").and_then(vlan_id)) {
                ids.insert(name.to_owned(), id);
            }
        }
    }
    ids
}

/// `text` with an id in the place of a name.
fn replaced(naming: &Naming, ids: &HashMap<String, u16>, text: &str, negation: &str) -> Option<String> {
    let words = Words::new(text);
    let negated = usize::from(words.get(0) == Some(negation));
    let at = naming.stands_in.iter().find_map(|beginning| {
        let (last, around) = beginning.split_last()?;
        let fits = |(at, word): (usize, &String)| {
            words.get(negated + at).is_some_and(|said| word == "*" || word.as_str() == said)
        };
        let at = negated + around.len();
        let glued = last.strip_suffix('*').unwrap_or(last);
        let holds = || words.get(at).is_some_and(|word| word.starts_with(glued));
        (around.iter().enumerate().all(fits) && holds()).then_some((at, glued.len()))
    });
    let (at, glued) = at?;
    let id = ids.get(&words.get(at)?[glued..])?;
    let place = words.place(at)?;
    Some(format!("{}{id}{}", &text[..place.start + glued], &text[place.end..]))
}
