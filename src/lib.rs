//! `nlbswitch`: from the description of a Windows NLB cluster to the right switch lines, and back.
//!
//! Windows Network Load Balancing answers for one IP with many machines and a MAC that switches do not learn. This
//! library derives that MAC, plans what each switch needs, renders it in the switch's own words, reads it back,
//! and says what is unsafe in a design. Modules import downwards only, in the order of this list reversed.

pub mod config;
pub mod design;
pub mod diagnostic;
pub mod entry;
pub mod net;
pub mod nlb;
pub mod plan;
pub mod source;
pub mod vendor;
pub mod yaml;
