//! The pane of the request as it is sent.

use countersign::steps::Origin;
use explain::words::Part;

use crate::answer::{From, Kind, Line, Pane, Piece};
use crate::input::Input;
use crate::lines::{self, line, plain};
use crate::origin::Origins;
use crate::sent::{Header, Sent};
use crate::to_sign::{credential_pieces, names_pieces, nested};
use crate::url::{is_parameter, path_and_query};

/// Returns the pane of the request as it is sent.
pub fn pane(id: &str, input: &Input<'_>, sent: &Sent) -> Pane {
    let origins = sent.origins(input);
    let mut lines = vec![request_line(id, sent, &origins)];
    for (index, header) in sent.headers.iter().enumerate() {
        lines.push(header_line(id, input, sent, &origins, index, header));
    }
    if !sent.body.is_empty() {
        let body = String::from_utf8_lossy(&sent.body);
        let shown: String = body.chars().take(MAX_BODY).collect();
        let kind = if body == input.question.body { Kind::Copied } else { Kind::Computed };
        let from =
            vec![From::bytes("body", &input.question.body, 0, shown.len().min(input.question.body.len()))];
        let pieces = vec![Piece::new(shown, "payload", kind, from)];
        lines.push(plain(format!("{id}.body"), "Body", "The bytes after the headers.", pieces));
    }
    let note = "The request as the client sends it.";
    lines::pane(id, "5. Request with its signature", note, lines)
}

/// The maximum number of characters of a body that are shown.
const MAX_BODY: usize = 512;

fn request_line(id: &str, sent: &Sent, origins: &Origins<'_>) -> Line {
    let url = &sent.final_url;
    let (path, query) = path_and_query(url);
    let end = query.map_or(url.len(), |query| query - 1);
    let mut pieces = Vec::new();
    let (part, from) = origins.of(&Origin::Method(0..origins.question.method.len()));
    pieces.push(Piece::new(origins.question.method.clone(), part, Kind::Copied, from));
    pieces.push(Piece::constant(" ", "separator"));
    let segments = url.get(path..end).unwrap_or_default();
    let mut segment_texts: Vec<String> = segments.split('/').skip(1).map(|text| format!("/{text}")).collect();
    if segment_texts.is_empty() {
        segment_texts.push("/".into());
    }
    for (index, text) in segment_texts.into_iter().enumerate() {
        let part = format!("path.{index}");
        pieces.push(Piece::new(text, part.clone(), Kind::Encoded, vec![From::part(part)]));
    }
    if let Some(query) = query {
        pieces.push(Piece::constant("?", "separator"));
        for (index, pair) in url.get(query..).unwrap_or_default().split('&').enumerate() {
            if index > 0 {
                pieces.push(Piece::constant("&", "separator"));
            }
            pieces.extend(parameter(pair, sent, origins));
        }
    }
    pieces.push(Piece::constant(" HTTP/1.1", "separator"));
    plain(
        format!("{id}.request_line"),
        "Request line",
        "The method, the path and the query, as they are sent.",
        pieces,
    )
}

/// Returns the pieces of a parameter. The parts of typed parameters are numbered as they were typed.
fn parameter(pair: &str, sent: &Sent, origins: &Origins<'_>) -> Vec<Piece> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let part = |side: &str| {
        if is_parameter(name) {
            return origins.parameter(name, side == "name");
        }
        let typed = path_and_query(&sent.url).1.and_then(|start| sent.url.get(start..)).unwrap_or_default();
        let decode = |text: &str| text.replace('+', "%20").to_ascii_lowercase();
        let index = typed
            .split('&')
            .position(|typed| decode(typed).trim_end_matches('=') == decode(pair).trim_end_matches('='));
        let part = index.map_or_else(|| "query".to_owned(), |index| format!("query.{index}.{side}"));
        (part.clone(), vec![From::part(part)])
    };
    let piece = |text: &str, side| {
        let (part, from) = part(side);
        Piece::new(text, part, Kind::Encoded, from)
    };
    let mut pieces = vec![piece(name, "name")];
    if pair.contains('=') {
        pieces.push(Piece::constant("=", "separator"));
        let value_piece = piece(value, "value");
        pieces
            .extend(nested(origins.question, &value_piece.part, value).unwrap_or_else(|| vec![value_piece]));
    }
    pieces
}

fn header_line(
    id: &str,
    input: &Input<'_>,
    sent: &Sent,
    origins: &Origins<'_>,
    index: usize,
    header: &Header,
) -> Line {
    let lower = header.name.to_ascii_lowercase();
    let (name, value) = (header.name.as_str(), header.value.as_str());
    let piece = |text: &str, origin: &Origin| {
        let (part, from) = origins.of(origin);
        Piece::copied(text, part, from)
    };
    let mut pieces = vec![
        piece(name, &Origin::HeaderName { index: Some(index), range: 0..name.len() }),
        Piece::constant(": ", "separator"),
    ];
    let words = if lower == "authorization" {
        pieces.extend(authorization(input, sent, value));
        Part::AuthorizationHeader
    } else {
        pieces.push(piece(value, &Origin::HeaderValue { index: Some(index), range: 0..value.len() }));
        Part::of_header(&lower)
    };
    let mut line = line(format!("{id}.header.{lower}"), words, pieces);
    line.name = name.to_owned();
    line
}

/// Returns the pieces of `Authorization`.
fn authorization(input: &Input<'_>, sent: &Sent, value: &str) -> Vec<Piece> {
    let question = input.question;
    let algorithm = value.split(' ').next().unwrap_or_default();
    let scope = sent.to_sign.as_str().lines().nth(2).unwrap_or_default();
    let mut pieces =
        vec![Piece::constant(algorithm, "algorithm"), Piece::constant(" Credential=", "separator")];
    let credential = format!("{}/{scope}", question.access_key_id);
    pieces.extend(credential_pieces(question, &credential, "/"));
    pieces.push(Piece::constant(", SignedHeaders=", "separator"));
    pieces.extend(names_pieces(&sent.signed_headers, ";"));
    pieces.push(Piece::constant(", Signature=", "separator"));
    pieces.push(Piece::new(
        sent.signature.clone(),
        "signature",
        Kind::Computed,
        vec![From::part("signature")],
    ));
    let written: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    if written == value { pieces } else { vec![Piece::new(value, "credential", Kind::Computed, Vec::new())] }
}
