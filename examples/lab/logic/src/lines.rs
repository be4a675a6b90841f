//! Lines with their words.

use explain::words::{self, Part};

use crate::answer::{Line, Pane, Piece, Source};

/// Returns a line with the words for this part of a signature.
pub fn line(id: impl Into<String>, part: Part, pieces: Vec<Piece>) -> Line {
    let words = words::of(part);
    Line {
        id: id.into(),
        name: words.name.into(),
        pieces,
        what: words.what.into(),
        why: words.why.into(),
        source: Some(Source { title: words.source.title.into(), url: words.source.url.into() }),
    }
}

/// Returns a line of its own words.
pub fn plain(id: impl Into<String>, name: impl Into<String>, what: &str, pieces: Vec<Piece>) -> Line {
    Line { id: id.into(), name: name.into(), pieces, what: what.into(), why: String::new(), source: None }
}

pub fn pane(id: &str, title: &str, note: &str, lines: Vec<Line>) -> Pane {
    Pane { id: id.into(), title: title.into(), note: note.into(), lines }
}
