//! The picture of a cluster's network and of one frame's way through it, as SVG.
//!
//! Columns from left to right: the gateways, then switches by their distance from them, then hosts and physical nodes.
//! Rows, not columns, is what a site has many of, and names are written along a row: twelve switches and 32 nodes fit a
//! page of paper that way, and stay readable.
//!
//! What a frame does is told by colour and by shape, and by words for those who see neither. The same design gives the
//! same picture, in whatever order its parts are listed.

mod builder;
mod content;
mod draw;
mod layout;
mod machines;
mod name;
mod order;
mod switches;
mod text;
mod view;
mod words;

use crate::forwarding::{Fabric, Trace};

/// The style sheet of every picture, for a page that shows several.
pub const STYLE: &str = include_str!("../../templates/picture/picture.css");

/// How a picture is shown.
pub struct Frame<'p> {
    /// What the ids in it begin with: a page may hold several pictures.
    pub id: &'p str,
    /// Whether it brings [`STYLE`] along, as one that stands alone must.
    pub alone: bool,
    /// Where a click on a device leads, by its number in the plan.
    pub link: &'p dyn Fn(usize) -> Option<String>,
}

impl Frame<'_> {
    /// A picture that is a file of its own.
    pub const ALONE: Frame<'static> = Frame { id: "picture", alone: true, link: &|_| None };
}

/// Draws the cluster of `trace`, and what becomes of its frame.
///
/// # Errors
/// When the template cannot be filled in: a mistake of ours.
pub fn svg(fabric: &Fabric<'_>, trace: &Trace, frame: &Frame<'_>) -> Result<String, minijinja::Error> {
    let content = content::content(fabric, trace, frame.link);
    let layout = layout::layout(&content);
    draw::draw(&content, &layout, frame)
}
