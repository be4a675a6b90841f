//! Writes a report: for a terminal, as a page, and as JSON.

mod html;
mod hue;
mod text;

pub use html::html;
pub use text::{Style, text};

use crate::Report;

/// Writes a report as JSON, in one line. The names are those of the fields of [`Report`].
#[must_use]
pub fn json(report: &Report) -> String {
    // A report has only strings as keys, so writing it does not fail.
    serde_json::to_string(report).unwrap_or_default()
}
