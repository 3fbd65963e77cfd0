//! Spellings of the network: the texts in which devices and people write MAC addresses, and back.

pub mod mac;
