//! What the packs know, for people and programs: the list of packs, all of one pack, and the matrix of the platforms. All
//! of it is taken from the packs when it is asked for; which mode to choose is tried, not stated ([`crate::recommend`]).

mod blocks;
mod list;
mod lone;
mod matrix;
mod pages;
mod sheet;
mod show;

pub use blocks::Page;
pub use list::{Listed, listed};
pub use matrix::{Cell, Matrix, Recommended, Row, matrix};
pub use pages::pages;
pub use sheet::{Advised, Meaning, PlatformSheet, Refused, Sheet, Written, sheet};
