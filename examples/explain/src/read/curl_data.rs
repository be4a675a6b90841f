//! The body of a curl command: `-d`, `--data-…`, `--json`.

use crate::request::{Body, Piece, encode};

/// The pieces of the body, in their order.
#[derive(Default)]
pub(super) struct Data {
    pieces: Vec<Piece>,
}

impl Data {
    pub(super) const fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Adds the value of `-d` or `--data-binary`, in which `@` names a file.
    pub(super) fn push(&mut self, value: &[u8], without_line_endings: bool) {
        match value.strip_prefix(b"@") {
            Some(path) => {
                let path = String::from_utf8_lossy(path).into_owned();
                self.join();
                let prefix = String::new();
                self.pieces.push(Piece::File { path, prefix, without_line_endings, is_encoded: false });
            }
            None => self.push_bytes(value.to_vec()),
        }
    }

    /// Adds the value of `--json`: several are joined without `&`.
    pub(super) fn push_json(&mut self, value: &[u8]) {
        match value.strip_prefix(b"@") {
            Some(path) => self.pieces.push(Piece::File {
                path: String::from_utf8_lossy(path).into_owned(),
                prefix: String::new(),
                without_line_endings: false,
                is_encoded: false,
            }),
            None => self.pieces.push(Piece::Bytes(value.to_vec())),
        }
    }

    /// Adds the value of `--data-raw`.
    pub(super) fn push_bytes(&mut self, value: Vec<u8>) {
        self.join();
        self.pieces.push(Piece::Bytes(value));
    }

    /// Adds the value of `--data-urlencode`: `content`, `=content`, `name=content`, `@file` or `name@file`.
    pub(super) fn push_encoded(&mut self, value: &str) {
        self.join();
        let piece = match value.find(['=', '@']).and_then(|at| value.split_at_checked(at)) {
            Some((name, rest)) if rest.starts_with('@') => Piece::File {
                path: rest.trim_start_matches('@').to_owned(),
                prefix: if name.is_empty() { String::new() } else { format!("{name}=") },
                without_line_endings: false,
                is_encoded: true,
            },
            Some((name, rest)) => {
                let content = encode(rest.strip_prefix('=').unwrap_or(rest));
                let text = if name.is_empty() { content } else { format!("{name}={content}") };
                Piece::Bytes(text.into_bytes())
            }
            None => Piece::Bytes(encode(value).into_bytes()),
        };
        self.pieces.push(piece);
    }

    /// Adds the `&` between two values.
    fn join(&mut self) {
        if !self.pieces.is_empty() {
            self.pieces.push(Piece::Bytes(b"&".to_vec()));
        }
    }

    /// Appends the data to the query of a URL, as `-G` does.
    pub(super) fn in_url(&self, url: &str) -> String {
        let mut out = url.to_owned();
        if self.pieces.is_empty() {
            return out;
        }
        out.push(if url.contains('?') { '&' } else { '?' });
        for piece in &self.pieces {
            if let Piece::Bytes(bytes) = piece {
                out += &String::from_utf8_lossy(bytes);
            }
        }
        out
    }

    /// Returns the body.
    pub(super) fn into_body(self) -> Body {
        if self.pieces.iter().any(|piece| matches!(piece, Piece::File { .. })) {
            return Body::Pieces(self.pieces);
        }
        let mut body = Vec::new();
        for piece in self.pieces {
            if let Piece::Bytes(bytes) = piece {
                body.extend(bytes);
            }
        }
        Body::Bytes(body)
    }
}
