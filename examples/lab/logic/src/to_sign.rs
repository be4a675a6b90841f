//! The pane of the string to sign.

use explain::words::Part;

use crate::answer::{From, Kind, Line, Pane, Piece};
use crate::input::Input;
use crate::lines::{self, line};
use crate::question::Question;
use crate::sent::Sent;

/// Returns the pane of the string to sign of a request.
pub fn pane_of(id: &str, question: &Question, text: &str) -> Pane {
    let lines = to_sign_lines(id, question, text);
    lines::pane(
        id,
        "2. String to sign",
        "Four lines. The last one is the SHA-256 of the canonical request.",
        lines,
    )
}

/// Returns the pane of the string to sign that was signed.
pub fn pane(id: &str, input: &Input<'_>, sent: &Sent) -> Pane {
    pane_of(id, input.question, sent.to_sign.as_str())
}

fn to_sign_lines(id: &str, question: &Question, text: &str) -> Vec<Line> {
    let mut parts = text.splitn(4, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (algorithm, time, scope, hash) = (next(), next(), next(), next());
    let is_sigv4a = algorithm.contains("ECDSA");
    let of = |hmac, ecdsa| if is_sigv4a { ecdsa } else { hmac };
    vec![
        line(
            format!("{id}.algorithm"),
            of(Part::Algorithm, Part::SigV4aAlgorithm),
            vec![Piece::constant(algorithm, "algorithm")],
        ),
        line(format!("{id}.time"), Part::RequestDateTime, vec![self::time(question, time)]),
        line(
            format!("{id}.scope"),
            of(Part::CredentialScope, Part::SigV4aScope),
            scope_pieces(question, scope, "/"),
        ),
        line(
            format!("{id}.hash"),
            Part::CanonicalRequestHash,
            vec![Piece::new(hash, "canonical_hash", Kind::Computed, vec![From::part("canonical")])],
        ),
    ]
}

/// Returns the time of a request. A time in the headers can be in another format than the one of the question.
pub fn time(question: &Question, text: &str) -> Piece {
    let kind = if question.time == text { Kind::Copied } else { Kind::Encoded };
    Piece::new(text, "time", kind, vec![From::whole("time", &question.time)])
}

/// Returns the pieces of a scope.
pub fn scope_pieces(question: &Question, scope: &str, separator: &str) -> Vec<Piece> {
    let parts: Vec<&str> = scope.split(separator).collect();
    let mut pieces = Vec::new();
    let last = parts.len().saturating_sub(1);
    for (index, text) in parts.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::constant(separator, "scope"));
        }
        let from = |field, whole: &str| vec![From::bytes(field, whole, 0, text.len())];
        let copied = |whole: &str| if whole.starts_with(text) { Kind::Copied } else { Kind::Encoded };
        pieces.push(match index {
            0 => Piece::new(*text, "scope.date", copied(&question.time), from("time", &question.time)),
            _ if index == last => Piece::constant(*text, "scope.terminator"),
            _ if index + 1 == last => Piece::new(
                *text,
                "scope.service",
                copied(&question.service),
                from("service", &question.service),
            ),
            _ => {
                Piece::new(*text, "scope.region", copied(&question.region), from("region", &question.region))
            }
        });
    }
    pieces
}

/// Returns the pieces of a credential: the access key id and the scope.
pub fn credential_pieces(question: &Question, credential: &str, separator: &str) -> Vec<Piece> {
    let (id, scope) = credential.split_once(separator).unwrap_or((credential, ""));
    let kind = if id == question.access_key_id { Kind::Copied } else { Kind::Encoded };
    let from = vec![From::whole("access_key_id", &question.access_key_id)];
    let mut pieces = vec![Piece::new(id, "credential", kind, from), Piece::constant(separator, "scope")];
    pieces.extend(scope_pieces(question, scope, separator));
    pieces
}

/// Returns the pieces of *SignedHeaders*.
pub fn names_pieces(names: &str, separator: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, name) in names.split(separator).enumerate() {
        if index > 0 {
            pieces.push(Piece::constant(separator, "signed_headers"));
        }
        let part = format!("header.{name}.name");
        pieces.push(Piece::new(name, part.clone(), Kind::Computed, vec![From::part(part)]));
    }
    pieces
}

/// Returns the pieces of a value in the query that has parts of its own: the credential or the names of the headers.
pub fn nested(question: &Question, part: &str, text: &str) -> Option<Vec<Piece>> {
    match part {
        "credential" => Some(credential_pieces(question, text, "%2F")),
        "signed_headers" => Some(names_pieces(text, "%3B")),
        _ => None,
    }
}
