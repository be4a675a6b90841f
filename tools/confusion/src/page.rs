//! Writes the table into `docs/diagnosing.md`, between two markers.

use std::path::PathBuf;
use std::{fs, io};

use crate::Matrix;

const START: &str = "<!-- cargo run -p confusion -->\n";
const END: &str = "<!-- end -->\n";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnosing.md")
}

fn updated(page: &str, matrix: &Matrix) -> Option<String> {
    let (front, rest) = page.split_once(START)?;
    let (_, back) = rest.split_once(END)?;
    Some(format!("{front}{START}{}{END}{back}", matrix.to_markdown()))
}

/// Writes the table into the page.
///
/// # Errors
///
/// Returns an error if the page cannot be read or written, or has no markers.
pub fn write(matrix: &Matrix) -> io::Result<()> {
    let page = fs::read_to_string(path())?;
    let updated =
        updated(&page, matrix).ok_or_else(|| io::Error::other("docs/diagnosing.md has no markers"))?;
    fs::write(path(), updated)
}

/// Returns true if the page has this table.
///
/// # Errors
///
/// Returns an error if the page cannot be read.
pub fn check(matrix: &Matrix) -> io::Result<bool> {
    let page = fs::read_to_string(path())?;
    Ok(updated(&page, matrix).is_some_and(|updated| updated == page))
}
