//! Parts of a design that are named on the command line.

use std::collections::BTreeSet;

use crate::design::Design;
use crate::diagnostic::{quoted, suggest};

/// The clusters of these names, by their positions; all of them (`None`) where none is named.
pub(super) fn clusters(wanted: &[String], design: &Design) -> anyhow::Result<Option<BTreeSet<usize>>> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let names = || design.clusters.iter().map(|cluster| cluster.name.as_str());
    let position = |name: &String| match names().position(|known| known == name) {
        Some(position) => Ok(position),
        None => Err(unknown("cluster", name, &names().collect::<Vec<_>>())),
    };
    wanted.iter().map(position).collect::<anyhow::Result<_>>().map(Some)
}

/// That the design has no `what` of this name, and what was likely meant.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> anyhow::Error {
    let name_shown = quoted(name);
    match suggest(name, known.iter().copied()) {
        Some(near) => anyhow::anyhow!("the design has no {what} `{name_shown}`; did you mean `{near}`?"),
        None if known.len() <= 12 => {
            anyhow::anyhow!("the design has no {what} `{name_shown}`; it has {}", known.join(", "))
        }
        None => anyhow::anyhow!("the design has no {what} `{name_shown}`"),
    }
}
