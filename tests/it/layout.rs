//! `steps::Layout`: each byte of a canonical request has its origin.

use countersign::steps::{CanonicalRequest, Layout, Origin, Piece, PieceKind};
use countersign::{PathRule, Payload, Request, Rules, SignedHeaders};
use proptest::prelude::*;
use testkit::Parts;

const HOST: &str = "example.amazonaws.com";

/// Checks the layout of a request whose headers are all signed, and returns its pieces. Returns `None` if the request has
/// no canonical request, which must be the result of both functions.
fn check(parts: &Parts<'_>, rules: Rules) -> Option<Vec<Piece>> {
    let uri = format!(
        "https://{HOST}{}{}{}",
        parts.path,
        if parts.query.is_empty() { "" } else { "?" },
        parts.query
    );
    let request = Request::new(parts.method, &uri, parts.headers);
    let mut names: Vec<String> = parts.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.push("host".into());
    names.sort();
    names.dedup();
    let list = names.join(";");
    let signed = SignedHeaders::parse(&list).unwrap();
    let payload = Payload::Bytes(b"").hash();
    let canonical = CanonicalRequest::new(&request, &signed, &payload, rules);
    let layout = Layout::new(&request, &signed, &payload, rules);
    let (canonical, layout) = match (canonical, layout) {
        (Ok(canonical), Ok(layout)) => (canonical, layout),
        (Err(canonical), Err(layout)) => {
            assert_eq!(canonical, layout);
            return None;
        }
        (canonical, layout) => panic!("{uri}: {canonical:?}, {layout:?}"),
    };
    assert_eq!(layout.canonical_request(), &canonical);
    parts.check(&layout);
    Some(layout.pieces().to_vec())
}

#[test]
fn pieces_of_a_layout_point_to_the_bytes_that_they_were_written_from() {
    let headers = [("X-Amz-Meta-B", " two   words "), ("x-amz-meta-b", "again"), ("Range", "bytes=0-9")];
    let parts =
        Parts { method: "GET", path: "/a b/%c3%A9", query: "b=2&a=x+y&c", headers: &headers, host: HOST };
    let pieces = check(&parts, Rules::S3).unwrap();
    let of = |origin: Origin| pieces.iter().find(|piece| piece.origin == origin).map(|piece| piece.kind);
    assert_eq!(of(Origin::Path(0..2)), Some(PieceKind::Copied));
    assert_eq!(of(Origin::Path(2..3)), Some(PieceKind::Encoded));
    assert_eq!(of(Origin::Path(5..8)), Some(PieceKind::Encoded)); // `%c3` is written `%C3`
    assert_eq!(of(Origin::Path(8..11)), Some(PieceKind::Copied));
    assert_eq!(of(Origin::Query(7..8)), Some(PieceKind::Encoded)); // `+` is written `%20`
    assert_eq!(of(Origin::Query(10..11)), Some(PieceKind::Copied)); // `c` has no `=`
    assert_eq!(of(Origin::HeaderName { index: Some(0), range: 0..12 }), Some(PieceKind::LowerCased));
    assert_eq!(of(Origin::HeaderValue { index: Some(0), range: 1..4 }), Some(PieceKind::Copied));
    assert_eq!(of(Origin::HeaderValue { index: Some(0), range: 4..7 }), Some(PieceKind::Folded));
    assert_eq!(of(Origin::HeaderValue { index: Some(1), range: 0..5 }), Some(PieceKind::Copied));
    assert_eq!(of(Origin::HeaderValue { index: None, range: 0..21 }), Some(PieceKind::Copied));
}

#[test]
fn pieces_of_a_normalized_path_point_to_the_segments_that_remain() {
    let parts = Parts { method: "GET", path: "/a/./b/../c%20d//", query: "", headers: &[], host: HOST };
    let pieces = check(&parts, Rules::STANDARD).unwrap();
    let path: Vec<Origin> = pieces
        .iter()
        .map(|piece| piece.origin.clone())
        .filter(|origin| matches!(origin, Origin::Path(_)))
        .collect();
    // `/a`, `/c`, `%25` of `%`, `20d`, and the last slash.
    assert_eq!(
        path,
        [
            Origin::Path(0..2),
            Origin::Path(9..11),
            Origin::Path(11..12),
            Origin::Path(12..15),
            Origin::Path(16..17)
        ]
    );
}

#[test]
fn a_missing_path_is_a_slash_that_no_byte_was_copied_to() {
    let parts = Parts { method: "GET", path: "", query: "", headers: &[], host: HOST };
    let pieces = check(&parts, Rules::S3).unwrap();
    assert_eq!(
        (pieces[2].range.clone(), &pieces[2].origin, pieces[2].kind),
        (4..5, &Origin::Path(0..0), PieceKind::Encoded)
    );
}

proptest! {
    #[test]
    fn a_layout_covers_every_byte_of_a_random_request(
        path in "(/([a-zA-Z.~() é]|%[0-9a-fA-F]{2}|\\.\\.|){0,5}){0,5}",
        query in "([a-c=&+/ ]|%[0-9a-fA-F]{2}|X-Amz-A=b&){0,12}",
        values in prop::collection::vec("[ -~\té]{0,10}", 0..4),
        rule in prop::sample::select(vec![PathRule::Key, PathRule::Labels, PathRule::Normalized, PathRule::AsSent]),
    ) {
        let names = ["X-Amz-Meta-A", "cookie", "x-amz-meta-a", "Cookie"];
        let headers: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
        check(&Parts { method: "PUT", path: &path, query: &query, headers: &headers, host: HOST }, Rules::S3.with_path(rule));
    }
}
