//! The steps of a signature with their parts named.
//!
//! This library does no input and no output, and builds for `wasm32-unknown-unknown`. The program is in
//! `main.rs`.

pub mod words;
