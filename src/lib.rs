//! `nlbswitch`: from the description of a Windows NLB cluster to the right switch lines, and back.
//!
//! Windows Network Load Balancing answers for one IP with many machines and a MAC that switches do not learn. This
//! library derives that MAC, plans what each switch needs, renders it in the switch's own words, reads it back,
//! and says what is unsafe in a design.
//!
//! Modules import only from those above them in this list; a test holds that.

pub mod nlb;

pub mod net;

pub mod harmless;

pub mod source;

pub mod mask;

pub mod diagnostic;

pub mod fingerprint;

pub mod yaml;

pub mod entry;

pub mod design;

pub mod vendor;

pub mod config;

pub mod plan;

pub mod render;

pub mod laws;

pub mod forwarding;

pub mod picture;

pub mod settings;

pub mod lint;

pub mod recommend;

pub mod adopt;

pub mod report;

pub mod catalogue;

pub mod review;

pub mod cli;
