//! Checks a [`Layout`] against the request from which it was made.

use countersign::steps::{Layout, Origin, PieceKind};

/// The parts of a request to which a layout points.
#[derive(Debug)]
pub struct Parts<'r> {
    /// The method.
    pub method: &'r str,
    /// The path as it is sent.
    pub path: &'r str,
    /// The query as it is sent.
    pub query: &'r str,
    /// The headers as they are sent.
    pub headers: &'r [(&'r str, &'r str)],
    /// The host of the URI, if no header states it.
    pub host: &'r str,
}

impl<'r> Parts<'r> {
    /// Returns the bytes of the request to which an origin points.
    fn bytes_of(&self, origin: &Origin) -> Option<&'r [u8]> {
        Some(match origin {
            Origin::Method(range) => &self.method.as_bytes()[range.clone()],
            Origin::Path(range) => &self.path.as_bytes()[range.clone()],
            Origin::Query(range) => &self.query.as_bytes()[range.clone()],
            Origin::HeaderName { index: Some(index), range } => {
                &self.headers[*index].0.as_bytes()[range.clone()]
            }
            Origin::HeaderValue { index: Some(index), range } => {
                &self.headers[*index].1.as_bytes()[range.clone()]
            }
            Origin::HeaderName { index: None, range } => &b"host"[range.clone()],
            Origin::HeaderValue { index: None, range } => &self.host.as_bytes()[range.clone()],
            _ => return None,
        })
    }

    /// Checks that the pieces contain each byte of the canonical request once and in order, that each copy equals its
    /// origin, and that no other piece does.
    pub fn check(&self, layout: &Layout) {
        let mut end = 0;
        let bytes = layout.canonical_request().as_bytes();
        for piece in layout.pieces() {
            assert_eq!(piece.range.start, end, "{self:?}");
            assert!(piece.range.end > end, "{self:?}");
            end = piece.range.end;
            let text = &bytes[piece.range.clone()];
            let origin = self.bytes_of(&piece.origin);
            match piece.kind {
                PieceKind::Constant => assert_eq!(piece.origin, Origin::Constant),
                PieceKind::Copied => {
                    assert!(origin.is_none_or(|origin| origin == text), "{self:?}: {piece:?}")
                }
                PieceKind::LowerCased => assert_eq!(origin.unwrap().to_ascii_lowercase(), text),
                PieceKind::Folded => assert_eq!((text, origin.unwrap().trim_ascii()), (&b" "[..], &b""[..])),
                PieceKind::Encoded => assert!(origin.unwrap() != text, "{self:?}: {piece:?}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(end, bytes.len(), "{self:?}");
    }
}
