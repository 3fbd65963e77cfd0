//! The list of packs.

use schemars::JsonSchema;
use serde::Serialize;

use super::blocks::{Page, Piece};
use crate::vendor::Pack;

/// One pack in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Further names.
    pub aliases: Vec<String>,
    /// Whether it reads configs.
    pub reads: bool,
    /// Whether it writes lines.
    pub writes: bool,
    /// Its platforms.
    pub platforms: Vec<String>,
}

/// A pack in the list.
pub fn listed(pack: &Pack) -> Listed {
    Listed {
        name: pack.name().to_owned(),
        title: pack.title.clone(),
        aliases: pack.aliases().to_vec(),
        reads: !pack.lines().is_empty(),
        writes: pack.renders(),
        platforms: pack.platforms.iter().map(|platform| platform.name.clone()).collect(),
    }
}

impl Listed {
    /// What it does with configs, in words.
    pub fn does(&self) -> &'static str {
        match (self.reads, self.writes) {
            (true, true) => "reads, writes",
            (true, false) => "reads",
            (false, true) => "writes",
            (false, false) => "facts only",
        }
    }
}

impl Page {
    /// The list of packs.
    pub fn of_list(packs: &[Listed]) -> Self {
        let mut page = Self::default();
        let row = |pack: &Listed| {
            vec![
                Piece::code(&pack.name),
                Piece::text(&pack.title),
                Piece::text(pack.does()),
                Piece::text(pack.aliases.join(", ")),
                Piece::text(pack.platforms.join(", ")),
            ]
        };
        page.table(vec!["pack", "title", "does", "aliases", "platforms"], packs.iter().map(row).collect());
        page
    }
}
