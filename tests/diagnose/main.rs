//! The diagnosis of signatures that do not match.
//!
//! The requests are signed by the independent signers of testkit and of `tools/confusion`, not by the crate. The texts
//! in `evidence/` have the forms of public bug reports.
#![cfg(all(feature = "diagnose", feature = "std"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

mod any_bytes;
mod corpus;
mod evidence;
mod forms;
mod logs;
mod refusals;
mod report;
mod secrets;
mod silence;
