//! Whose config a file is: told by the hostname in it, else by the file's name.

use std::collections::HashMap;
use std::path::Path;

use crate::design::Design;

/// What backup tools put behind a switch's name in a file's.
const ENDINGS: [&str; 5] = ["-confg", "-config", "-running-config", "_running-config", "-running"];

/// The switches of a design, by the names that a config may know them by.
#[derive(Debug, Default)]
pub struct Owners {
    by_name: HashMap<String, usize>,
}

impl Owners {
    /// The switches of `design` by their names, and by those of their stacks.
    pub fn of(design: &Design) -> Self {
        let switches = || design.switches.iter().enumerate();
        let own = switches().map(|(at, switch)| (switch.name.as_str(), at));
        let stacks = switches().filter_map(|(at, switch)| Some((switch.stack.as_ref()?.as_str(), at)));
        Self::new(own.chain(stacks))
    }

    /// The switches with their positions. The first of a name counts: the members of a stack share its name, and its
    /// one config.
    fn new<'n>(names: impl IntoIterator<Item = (&'n str, usize)>) -> Self {
        let mut by_name = HashMap::new();
        for (name, position) in names {
            by_name.entry(name.to_lowercase()).or_insert(position);
        }
        Self { by_name }
    }

    /// The switch whose config this is: the one that `hostname` names, with or without its domain; where the config
    /// names none, the one that the file is called after, or the directory it is in.
    pub fn owner(&self, hostname: Option<&str>, path: &Path) -> Option<usize> {
        match hostname {
            Some(hostname) => self.named(hostname),
            None => {
                let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let shorter = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending));
                let directory = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
                [Some(stem), shorter, directory].into_iter().flatten().find_map(|name| self.named(name))
            }
        }
    }

    fn named(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        let host = name.split('.').next().unwrap_or_default();
        self.by_name.get(&name).or_else(|| self.by_name.get(host)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_belongs_to_the_switch_it_names() {
        let owners = Owners::new([("sw1", 0), ("Core-1", 1), ("stack", 2), ("stack", 3)]);
        for (hostname, path, owner) in [
            (Some("SW1"), "x.cfg", Some(0)),
            (Some("sw1.example.net"), "core-1.cfg", Some(0)),
            (Some("other"), "sw1.cfg", None),
            (None, "backups/sw1.cfg", Some(0)),
            (None, "core-1.example.net.txt", Some(1)),
            (None, "sw1-confg", Some(0)),
            (None, "core-1/running-config.txt", Some(1)),
            (Some("stack"), "a", Some(2)),
            (None, "", None),
        ] {
            assert_eq!(owners.owner(hostname, Path::new(path)), owner, "{hostname:?} {path}");
        }
    }
}
