//! The file that `nlbswitch init` writes.

/// A commented description that lints clean: what a new user starts from.
pub const STARTER: &str = include_str!("starter.yaml");
