//! The steps of a signature with their parts named, for a request in any form in which people have one.
//!
//! [`read::request`] reads the request, [`explain`] computes the steps, and [`render`] writes them. This
//! library does no input and no output, and builds for `wasm32-unknown-unknown`. The program is in `main.rs`.

mod answer;
mod chunks;
mod commands;
mod compare;
mod compute;
mod facts;
mod findings;
mod form;
mod host;
mod lines;
mod mask;
mod options;
pub mod read;
pub mod render;
mod report;
mod request;
mod steps;
mod strings;
mod verdict;
pub mod words;

pub use answer::{diagnosed, is_refused};
pub use compare::compare;
pub use compute::{Explained, explain};
pub use findings::finding;
pub use options::{Error, Options};
pub use report::{
    Cause, Difference, Differing, Finding, Line, Marked, Report, RequestLine, SignatureFacts, Span, Step,
    Verdict,
};
pub use request::{Asked, Body, Form, Piece};
