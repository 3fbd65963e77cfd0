//! The laws of the packs: what is written is read back, and what is taken back is gone. They hold for every pack that
//! writes lines, for every kind of entry it has words for, and for every platform it knows. The tests try them on the
//! packs that come with the program, and `vendors check` on a user's own: the same cases each time.

mod case;
mod choices;
mod law;

use std::sync::Arc;

pub use case::{Case, UNRELATED, unrelated};
pub use choices::Choices;
pub use law::{LAWS, Law};

use crate::render::RenderError;
use crate::render::Writer;
use crate::vendor::Pack;

/// How many cases are tried beside one for each kind of entry: enough that each platform and shape comes up.
const CASES: u64 = 120;
/// How many choices a case may need.
const LONGEST: usize = 400;

/// What came of one law.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tried {
    /// The law, in words.
    pub law: &'static str,
    /// How many cases it was tried on.
    pub cases: usize,
    /// The first case that breaks it: what differs, with the lines.
    pub broken: Option<String>,
}

/// Tries every law on a pack: one case for each kind of entry that it writes, then others. A law that is broken is not
/// tried further.
///
/// # Errors
/// [`RenderError`] when the pack writes nothing, or a template is no template.
pub fn try_laws(pack: &Arc<Pack>) -> Result<Vec<Tried>, RenderError> {
    let writer = Arc::new(Writer::new(Arc::clone(pack))?);
    let kinds = case::kinds(&pack.facts(None));
    let single = kinds.iter().map(|kind| Case::of_kind(&writer, *kind));
    let others = (0..CASES).map(|number| {
        let tape = choices::tape(number, LONGEST);
        Case::new(&writer, &mut Choices::new(&tape))
    });
    let mut tried: Vec<Tried> =
        LAWS.iter().map(|law| Tried { law: law.words, cases: 0, broken: None }).collect();
    for case in single.chain(others) {
        for (law, tried) in LAWS.iter().zip(&mut tried).filter(|(_, tried)| tried.broken.is_none()) {
            tried.cases += 1;
            tried.broken = (law.check)(&case).err();
        }
    }
    Ok(tried)
}
