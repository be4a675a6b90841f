//! Byte strings, 16 bytes at a time: search, bounded writes, sorting, hex.
//!
//! Nothing here knows AWS or HTTP.

pub(crate) mod digits;
pub(crate) mod order;
pub(crate) mod scan;
pub(crate) mod text;
