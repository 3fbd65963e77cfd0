//! What is left of statements when some of them delete or deactivate others.

use std::collections::HashMap;

use super::{Statement, Verb};

/// A word in the tree of all paths.
#[derive(Default, Clone, Copy)]
struct Node {
    parent: usize,
    /// Behind how many statements it was deleted last, and what it stands in once all are known; none where 0.
    deleted: usize,
    /// Behind how many statements it was deactivated; none where 0.
    off: usize,
    /// Whether it or what it stands in is off, once all statements are known.
    is_off: bool,
}

/// The statements that hold at the end, and the deletions, in their order.
pub(super) fn settle(statements: Vec<Statement<'_>>) -> Vec<Statement<'_>> {
    if statements.iter().all(|statement| statement.verb == Verb::Set) {
        return statements;
    }
    let holds = holding(&statements);
    let kept = statements.into_iter().zip(holds).filter(|(_, holds)| *holds);
    kept.map(|(statement, _)| statement).collect()
}

/// Of each statement, whether it stands to the end.
fn holding(statements: &[Statement<'_>]) -> Vec<bool> {
    // The first is the root; each stands behind its parent.
    let mut nodes = vec![Node::default()];
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut ends = Vec::with_capacity(statements.len());
    for (number, statement) in statements.iter().enumerate() {
        let negation = usize::from(statement.verb == Verb::Delete);
        let mut at = 0;
        for word in statement.text.split_ascii_whitespace().skip(negation) {
            at = *known.entry((at, word)).or_insert_with(|| {
                nodes.push(Node { parent: at, ..Node::default() });
                nodes.len() - 1
            });
        }
        match statement.verb {
            Verb::Set => {}
            Verb::Delete => nodes[at].deleted = number + 1,
            Verb::Deactivate => nodes[at].off = number + 1,
            Verb::Activate => nodes[at].off = 0,
        }
        ends.push(at);
    }
    for at in 1..nodes.len() {
        let parent = nodes[nodes[at].parent];
        let node = &mut nodes[at];
        node.deleted = node.deleted.max(parent.deleted);
        // What was deleted behind it is no more off.
        node.is_off = parent.is_off || node.off > node.deleted;
    }
    let stays = |(number, (statement, end)): (usize, (&Statement<'_>, usize))| match statement.verb {
        Verb::Set => !nodes[end].is_off && nodes[end].deleted <= number,
        Verb::Delete => true,
        Verb::Deactivate | Verb::Activate => false,
    };
    statements.iter().zip(ends).enumerate().map(stays).collect()
}
