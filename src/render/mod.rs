//! Needs to text, through the pack's templates; and back again before anybody sees it.
//!
//! Nothing is printed that the pack's own patterns do not read back as the entries that were meant.

mod against;
mod comments;
mod dialect;
mod difference;
mod ground;
mod header;
mod job;
mod regrouping;
mod setting;
mod snippet;
mod transition;
mod view;
mod words;
mod writer;

pub use against::{Amended, ConfigText, Doubt, ShownChange, against, all_against, proven_grades};
pub use dialect::Dialect;
pub use difference::{Amendment, Difference, Kept, Nature, difference};
pub use ground::{Ground, Known, Target};
pub use regrouping::regrouping_lines;
pub use setting::{addition_lines, retraction_lines, setting_lines, undo_lines};
pub use snippet::{Note, Options, Snippet, SnippetEntry, SnippetLine, checks, snippet, snippets};
pub use transition::{Step, Transition, Written};
pub use view::ClusterFacts;
pub use writer::{Part, RenderError, Writer, Writers, template_problems};
