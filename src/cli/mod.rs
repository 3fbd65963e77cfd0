//! Arguments and exit codes, one file a command. The logic lives in the rooms below.

pub mod mac;
