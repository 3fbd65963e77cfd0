//! The pages about packs in the documentation.

use std::path::PathBuf;

use super::blocks::{Page, Piece};
use super::{matrix, sheet};
use crate::recommend::WeighError;
use crate::vendor::Packs;

/// What stands at the top of each page.
const MARK: &str =
    "<!-- Written by `nlbswitch vendors --pages`: change the pack, and write the pages again. -->\n\n";

/// The matrix as `README.md`, and a page of every pack.
///
/// # Errors
/// [`WeighError`] when a pack is broken.
pub fn pages(packs: &Packs) -> Result<Vec<(PathBuf, String)>, WeighError> {
    let all = packs.all()?;
    let mut page = Page::default();
    page.heading(1, "Platforms");
    page.line(vec![
        Piece::text(
            "What every platform does with the entries that NLB needs, how sure that is, and where it is said. The \
             recommended mode is tried, not stated: two nodes on one such switch, planned, followed and judged in each \
             mode; a switch that does not route, that refuses the static ARP entry, or whose pack cannot write it, has its \
             gateway elsewhere. `nlbswitch recommend` tries the same with a design and its configs. Grades:",
        ),
        Piece::Page("the pack format".to_owned(), "../packs.md#grades-of-evidence".to_owned()),
    ]);
    let link = |name: &str| Piece::Page(name.to_owned(), format!("{name}.md"));
    matrix(packs, &all)?.add_to(&mut page, true, link);
    let mut pages = vec![(PathBuf::from("README.md"), MARK.to_owned() + &page.to_markdown())];
    for pack in &all {
        let page = Page::of_pack(&sheet(packs, pack)?);
        pages.push((PathBuf::from(format!("{}.md", pack.name())), MARK.to_owned() + &page.to_markdown()));
    }
    Ok(pages)
}
