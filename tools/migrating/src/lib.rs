//! The programs of `docs/migrating.md`. `tests/page.rs` runs them, and compares the page with these files.
#![allow(missing_docs, clippy::missing_errors_doc, reason = "the functions are examples")]

use std::error::Error;

pub mod aws_sign_v4_after;
pub mod aws_sign_v4_before;
pub mod aws_sigv4_after;
pub mod aws_sigv4_before;
pub mod botocore_after;
pub mod by_hand_after;
pub mod by_hand_before;
pub mod rusty_s3_after;
pub mod rusty_s3_before;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
