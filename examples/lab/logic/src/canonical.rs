//! The pane of the canonical request, whose pieces come from the library's [`Layout`].

use countersign::steps::{self, Layout, Origin, PieceKind};
use explain::words::Part;

use crate::answer::{Kind, Line, Pane, Piece};
use crate::lines::{line, pane};
use crate::origin::Origins;
use crate::to_sign::nested;

/// Returns the pane of a canonical request.
pub fn pane_of(id: &str, layout: &Layout, origins: &Origins<'_>) -> Pane {
    let bytes = layout.canonical_request().as_bytes();
    let mut lines = Lines { id, lines: Vec::new(), after_headers: 0 };
    let mut pieces = Vec::new();
    for piece in layout.pieces() {
        let text = bytes.get(piece.range.clone()).unwrap_or_default();
        if piece.origin == Origin::Constant && text.ends_with(b"\n") {
            lines.end(std::mem::take(&mut pieces));
        } else {
            pieces.extend(shown(piece, text, origins));
        }
    }
    lines.end(pieces);
    let note = "The request in the one form on which client and service agree. Its SHA-256 is signed.";
    pane(id, "1. Canonical request", note, lines.lines)
}

/// The lines that are written, and the state of the writer.
struct Lines<'i> {
    id: &'i str,
    lines: Vec<Line>,
    /// The number of lines after *CanonicalHeaders* begins to end: 0, then 1 for the empty line, and so on.
    after_headers: usize,
}

impl Lines<'_> {
    fn end(&mut self, pieces: Vec<Piece>) {
        let (name, part) = match (self.lines.len(), self.after_headers) {
            (0, _) => ("method".to_owned(), Part::Method),
            (1, _) => ("path".to_owned(), Part::CanonicalUri),
            (2, _) => ("query".to_owned(), Part::CanonicalQuery),
            (_, 0) => match pieces.first().map(|piece| piece.text.clone()) {
                Some(name) => (format!("header.{name}"), Part::of_header(&name)),
                None => ("blank".to_owned(), Part::EmptyLine),
            },
            (_, 1) => ("signed_headers".to_owned(), Part::SignedHeaders),
            _ => ("payload".to_owned(), Part::PayloadHash),
        };
        if self.after_headers > 0 || part == Part::EmptyLine {
            self.after_headers += 1;
        }
        let mut added = line(format!("{}.{name}", self.id), part, pieces);
        if let Some(header) = name.strip_prefix("header.") {
            added.name = format!("CanonicalHeaders: {header}");
        }
        self.lines.push(added);
    }
}

/// Returns a piece of the layout as it is shown. A piece of the path is split at each slash, so that each segment is a
/// part.
fn shown(piece: &steps::Piece, text: &[u8], origins: &Origins<'_>) -> Vec<Piece> {
    let kind = match piece.kind {
        PieceKind::Copied | PieceKind::LowerCased => Kind::Copied,
        PieceKind::Constant => Kind::Constant,
        _ => Kind::Encoded,
    };
    if let Ok(text) = std::str::from_utf8(text)
        && let Some(nested) = nested(origins.question, &origins.of(&piece.origin).0, text)
    {
        return nested;
    }
    let one = |text: &[u8], origin: &Origin, kind| {
        let (part, from) = origins.of(origin);
        let text = String::from_utf8_lossy(text);
        match kind {
            _ if matches!(origin, Origin::Payload(_)) => Piece::new(text, part, Kind::Computed, from),
            Kind::Copied if origins.is_typed => Piece::copied(text, part, from),
            _ => Piece::new(text, part, kind, from),
        }
    };
    match &piece.origin {
        Origin::Path(range) if kind == Kind::Copied => {
            let mut pieces = Vec::new();
            let mut start = 0;
            for end in 1..=text.len() {
                if end == text.len() || text.get(end) == Some(&b'/') {
                    let origin = Origin::Path(range.start + start..range.start + end);
                    pieces.push(one(text.get(start..end).unwrap_or_default(), &origin, kind));
                    start = end;
                }
            }
            pieces
        }
        origin => vec![one(text, origin, kind)],
    }
}
