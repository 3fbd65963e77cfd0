//! What the statements of a config of tables are about: tables, records in them and the values of these.

use std::collections::HashMap;

/// The tree of them. The first is the root, and each stands behind its parent.
pub(super) struct Nodes {
    parents: Vec<usize>,
    /// Those that were deleted, and what is about them counts no more.
    gone: Vec<bool>,
    known: HashMap<(usize, Box<str>), usize>,
}

impl Nodes {
    pub(super) fn new() -> Self {
        Self { parents: vec![0], gone: vec![false], known: HashMap::new() }
    }

    /// One that nothing else can be about.
    pub(super) fn fresh(&mut self, parent: usize) -> usize {
        self.parents.push(parent);
        self.gone.push(false);
        self.parents.len() - 1
    }

    /// What `parent` has by this name.
    pub(super) fn of(&mut self, parent: usize, name: &str) -> usize {
        let key = (parent, name.into());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let node = self.fresh(parent);
        self.known.insert(key, node);
        node
    }

    /// Deletes what `parent` has by this name: what gets it from now on is another.
    pub(super) fn delete(&mut self, parent: usize, name: &str) {
        if let Some(node) = self.known.remove(&(parent, name.into())) {
            self.gone[node] = true;
        }
    }

    /// Of each, whether it stands to the end: neither it nor what it stands in was deleted.
    pub(super) fn standing(&self) -> Vec<bool> {
        let mut stands: Vec<bool> = Vec::with_capacity(self.parents.len());
        for (node, parent) in self.parents.iter().enumerate() {
            let around = node == 0 || stands[*parent];
            stands.push(around && !self.gone[node]);
        }
        stands
    }
}
