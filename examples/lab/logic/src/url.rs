//! Parts of a URL as it was typed, and the URL as it is sent.

use countersign::PresignedUrl;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Returns the host of a URL as clients send it, without a default port, and its index in the URL.
pub fn host(url: &str) -> Option<(usize, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let default = if scheme.eq_ignore_ascii_case("http") { ":80" } else { ":443" };
    Some((scheme.len() + 3, authority.strip_suffix(default).unwrap_or(authority)))
}

/// Returns the index of the path and of the query in a URL.
pub fn path_and_query(url: &str) -> (usize, Option<usize>) {
    let after_scheme = url.find("://").map_or(0, |index| index + 3);
    let rest = url.get(after_scheme..).unwrap_or_default();
    let path = if after_scheme == 0 { 0 } else { after_scheme + rest.find(['/', '?']).unwrap_or(rest.len()) };
    let query = url.get(path..).and_then(|rest| rest.find('?')).map(|index| path + index + 1);
    (path, query)
}

/// Appends the parameters of a presigned URL to the URL as it was typed, except for the signature. Their order does not
/// matter, because they are sorted before they are signed.
pub fn with_parameters(typed: &str, presigned: &PresignedUrl) -> String {
    let mut url = typed.to_owned();
    let query = presigned.as_str().split_once('?').map_or("", |(_, query)| query);
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        if is_parameter(name) && name != "X-Amz-Signature" {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(pair);
        }
    }
    url
}

/// Returns true for the parameters that a signer adds to a URL.
pub fn is_parameter(name: &str) -> bool {
    matches!(
        name,
        "X-Amz-Algorithm"
            | "X-Amz-Credential"
            | "X-Amz-Date"
            | "X-Amz-Expires"
            | "X-Amz-SignedHeaders"
            | "X-Amz-Security-Token"
            | "X-Amz-S3session-Token"
            | "X-Amz-Region-Set"
            | "X-Amz-Signature"
    )
}

/// Percent-encodes the bytes that cannot be sent in a URL.
pub fn encoded(url: &str) -> String {
    utf8_percent_encode(url, &REFUSED).to_string()
}

const REFUSED: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
