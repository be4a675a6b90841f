//! The answer: panes of lines of pieces, each with its origin.

use serde::Serialize;

use crate::question::Question;

#[derive(Debug, Serialize)]
pub struct Answer {
    pub question: Question,
    pub errors: Vec<Problem>,
    pub panes: Vec<Pane>,
    pub signature: String,
    pub expected: Option<Expected>,
    pub verifier: Option<Verdict>,
    pub broken: Option<Broken>,
    pub diagnosis: Vec<Cause>,
    pub code: Code,
    /// Missing if the question has `"lists": false`, and so are the breaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<Preset>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<BreakButton>,
}

/// The reason why a member of the question cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub field: &'static str,
    pub message: String,
}

impl Problem {
    pub fn new(field: &'static str, message: impl ToString) -> Self {
        Self { field, message: message.to_string() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pane {
    pub id: String,
    pub title: String,
    pub note: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub id: String,
    /// The specification's name.
    pub name: String,
    pub pieces: Vec<Piece>,
    pub what: String,
    pub why: String,
    pub source: Option<Source>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    pub title: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    /// The name of the same thing in every pane.
    pub part: String,
    pub kind: Kind,
    pub from: Vec<From>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bytes: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Copied,
    Encoded,
    Constant,
    Computed,
}

/// The origin of a piece: UTF-16 units of a member of the question, or another part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum From {
    Field { field: &'static str, start: usize, end: usize },
    Part { part: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expected {
    pub preset: String,
    pub signature: String,
    pub source: Source,
    pub reached: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `accepted` or `refused`.
    pub verdict: &'static str,
    pub code: String,
    pub status: u16,
    pub message: String,
    pub panes: Vec<Pane>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub name: String,
    pub sentence: String,
    pub service_says: String,
    /// The facts that the verifier knows and the service does not say.
    pub verifier_says: String,
    pub diagnosis: Vec<Cause>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub name: String,
    pub certainty: String,
    pub title: String,
    pub certain: String,
    pub likely: String,
    pub ours: Vec<Run>,
    pub theirs: Vec<Run>,
    pub change: String,
    pub part: String,
}

/// Text, and true if it differs from the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    pub text: String,
    pub differs: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Code {
    pub rust: String,
    pub curl: String,
    pub python: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preset {
    pub name: &'static str,
    pub title: &'static str,
    pub question: Question,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakButton {
    pub name: &'static str,
    pub title: &'static str,
    pub modes: Vec<&'static str>,
}

impl Piece {
    pub fn new(text: impl Into<String>, part: impl Into<String>, kind: Kind, from: Vec<From>) -> Self {
        let text = text.into();
        let bytes = if text.is_ascii() { String::new() } else { spaced_hex(text.as_bytes()) };
        Self { text, part: part.into(), kind, from, bytes }
    }

    /// Returns text that is copied if one member of the question has as many units, constant if it has no origin, and
    /// computed otherwise.
    pub fn copied(text: impl Into<String>, part: impl Into<String>, from: Vec<From>) -> Self {
        let text = text.into();
        let kind = match from.as_slice() {
            [] => Kind::Constant,
            [From::Field { start, end, .. }] if end - start == text.encode_utf16().count() => Kind::Copied,
            _ => Kind::Computed,
        };
        Self::new(text, part, kind, from)
    }

    /// Returns text that the specification prescribes.
    pub fn constant(text: impl Into<String>, part: impl Into<String>) -> Self {
        Self::new(text, part, Kind::Constant, Vec::new())
    }
}

/// Returns bytes in hexadecimal, with spaces between them.
pub fn spaced_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| hex::encode([*byte])).collect::<Vec<_>>().join(" ")
}

impl From {
    pub fn part(part: impl Into<String>) -> Self {
        Self::Part { part: part.into() }
    }

    /// Returns the origin of bytes `start..end` of a member of the question.
    pub fn bytes(field: &'static str, text: &str, start: usize, end: usize) -> Self {
        Self::Field { field, start: utf16(text, start, false), end: utf16(text, end, true) }
    }

    /// Returns a whole member of the question as an origin.
    pub fn whole(field: &'static str, text: &str) -> Self {
        Self::bytes(field, text, 0, text.len())
    }
}

/// Converts an index of bytes to an index of UTF-16 units. An index inside of a character becomes the start of the
/// character, or its end if `round_up`.
fn utf16(text: &str, index: usize, round_up: bool) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    let mut units = 0;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if index <= start || index < end && !round_up {
            return units;
        }
        units += character.len_utf16();
    }
    units
}
