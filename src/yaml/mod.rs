//! YAML with a position on every value: text → [`Node`] tree → typed records, collecting every mistake on the way.
//!
//! The parser is `granit-parser` (events with octet ranges); nothing outside this room knows it. Budgets refuse
//! alias bombs and deep nesting before they cost anything.

mod decode;
mod node;
mod pieces;
mod record;
mod scalars;
mod syntax;
mod tape;

pub use decode::{Decode, Decoder, Fields};
pub(crate) use decode::{Schemed, choice_schema};
pub(crate) use node::replay;
pub use node::{Entry, Kind, Node, parse};
pub(crate) use pieces::in_pieces;
pub(crate) use record::{choice, record};
pub use scalars::{Name, Text};
pub(crate) use scalars::{read_address, whole_number};
