//! The target of a request: the parts of its URI, exactly as they are sent.
//!
//! ```text
//! target    = [ scheme "://" authority ] path [ "?" query ]
//! authority = host [ ":" port ]
//! ```
//!
//! No part is decoded. A fragment, user information and control characters are rejected,
//! because no HTTP client sends them.
//!
//! Source: RFC 3986, section 3; RFC 9112, sections 3.2.1 and 3.2.2.

use crate::bytes::{
    self, AUTHORITY, ByteSet, LOWERCASE_HOST, PATH_RECEIVED, PATH_TO_SEND, SLASH_OR_QUESTION_MARK,
    URI_RECEIVED, URI_TO_SEND,
};
use crate::error::{InvalidUri, RequestError};

/// The parts of a URI.
#[derive(Clone, Copy)]
pub(crate) struct Target<'r> {
    /// `scheme://authority`; empty in origin form (`/path`).
    pub(crate) front: &'r str,
    pub(crate) scheme: &'r str,
    pub(crate) authority: Option<&'r str>,
    /// True if the authority is known to be lower-case letters, digits, `-` and `.`.
    is_plain_host: bool,
    pub(crate) path: &'r str,
    /// The query without the `?`. It is not checked yet.
    pub(crate) query: &'r str,
}

impl<'r> Target<'r> {
    /// Splits a URI that a client is going to send. The caller must
    /// [check](check_query) its query.
    #[inline]
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, PATH_TO_SEND, URI_TO_SEND)
    }

    /// Splits a URI that a server received: visible ASCII. The caller must
    /// [check](check_received_query) its query.
    #[inline]
    pub(crate) fn parse_received(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, PATH_RECEIVED, URI_RECEIVED)
    }

    #[inline]
    fn split(uri: &'r str, in_path: impl ByteSet, in_uri: impl ByteSet) -> Result<Self, RequestError> {
        let (scheme, rest) =
            if uri.starts_with('/') { ("", uri) } else { split_scheme(uri).ok_or(InvalidUri::Form)? };
        let (authority, is_plain_host, rest) = if scheme.is_empty() {
            (None, false, rest)
        } else {
            // The first byte that is not in LOWERCASE_HOST ends most authorities.
            let end = bytes::find_not(rest.as_bytes(), LOWERCASE_HOST);
            let is_plain_host = end != Some(0) && ends_authority(rest, end);
            let end = if is_plain_host { end } else { bytes::find(rest.as_bytes(), SLASH_OR_QUESTION_MARK) };
            let (authority, rest) = split_at(rest, end);
            (Some(authority), is_plain_host, rest)
        };
        let path_end = bytes::find_not(rest.as_bytes(), in_path);
        match path_end.and_then(|end| rest.as_bytes().get(end)) {
            None | Some(b'?') => {}
            Some(byte) => return Err(InvalidUri::of_byte(*byte).into()),
        }
        let (path, query) = split_at(rest, path_end);
        if let Some(authority) = authority.filter(|_| !is_plain_host) {
            check(authority, in_uri)?;
            if !is_authority(authority.as_bytes()) {
                return Err(RequestError::InvalidHost);
            }
        }
        let front = uri.get(..uri.len() - rest.len()).unwrap_or_default();
        let query = query.get(1..).unwrap_or_default();
        Ok(Self { front, scheme, authority, is_plain_host, path, query })
    }

    /// Returns true if the value of a `Host` header, `host`, names this target, whose
    /// [host](Self::host) is `authority`. `host` may contain the default port of the
    /// scheme.
    pub(crate) fn has_host(&self, authority: &str, host: &[u8]) -> bool {
        authority.as_bytes().eq_ignore_ascii_case(host)
            || self.authority.is_some_and(|authority| authority.as_bytes() == host)
    }

    /// Returns true if scheme and authority are known to have no upper-case letter.
    #[inline]
    pub(crate) fn is_lowercase(&self) -> bool {
        self.is_plain_host && matches!(self.scheme, "https" | "http")
    }

    /// Returns true if the authority has an upper-case letter.
    #[inline]
    pub(crate) fn has_uppercase(&self) -> bool {
        let has = |authority: &str| authority.bytes().any(|byte| byte.is_ascii_uppercase());
        !self.is_plain_host && self.authority.is_some_and(has)
    }

    /// Returns the authority as clients write it into `Host`: without the default port of
    /// the scheme.
    #[inline]
    pub(crate) fn host(&self) -> Option<&'r str> {
        let authority = self.authority?;
        if self.is_plain_host {
            return Some(authority);
        }
        let is = |schemes: [&str; 2]| schemes.iter().any(|scheme| self.scheme.eq_ignore_ascii_case(scheme));
        let default = if is(["http", "ws"]) {
            ":80"
        } else if is(["https", "wss"]) {
            ":443"
        } else {
            ":"
        };
        Some(authority.strip_suffix(default).or(authority.strip_suffix(':')).unwrap_or(authority))
    }
}

/// Returns the scheme, and everything after `://`.
#[inline]
fn split_scheme(uri: &str) -> Option<(&str, &str)> {
    if let Some(rest) = uri.strip_prefix("https://") {
        return Some(("https", rest));
    }
    let (scheme, rest) = uri.split_once(':')?;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let valid = !scheme.is_empty() && scheme.bytes().all(in_scheme);
    Some((scheme, rest.strip_prefix("//")?)).filter(|_| valid)
}

/// Returns true if an authority at the start of `rest` ends at `end`, or at the end of
/// `rest` if `end` is `None`.
#[inline]
fn ends_authority(rest: &str, end: Option<usize>) -> bool {
    match end {
        Some(end) => matches!(rest.as_bytes().get(end), Some(b'/' | b'?')),
        None => !rest.is_empty(),
    }
}

/// Splits `string` at `index`; returns `(string, "")` if `index` is `None`.
#[inline]
fn split_at(string: &str, index: Option<usize>) -> (&str, &str) {
    index.and_then(|index| string.split_at_checked(index)).unwrap_or((string, ""))
}

/// Returns true if `bytes` is `host` or `host:port`, without user information.
#[inline]
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    let is_plain_host = !bytes.is_empty() && bytes::all(bytes, LOWERCASE_HOST);
    is_plain_host || !matches!(bytes.first(), None | Some(b':')) && bytes::all(bytes, AUTHORITY)
}

/// Rejects a query that cannot be sent. Every query in canonical spelling can be sent.
pub(crate) fn check_query(query: &str) -> Result<(), RequestError> {
    check(query, URI_TO_SEND)
}

/// Rejects a query that cannot be received.
pub(crate) fn check_received_query(query: &str) -> Result<(), RequestError> {
    check(query, URI_RECEIVED)
}

/// Rejects a part of a URI with a byte that is not allowed.
#[inline]
fn check(part: &str, allowed: impl ByteSet) -> Result<(), RequestError> {
    match bytes::find_not(part.as_bytes(), allowed).and_then(|index| part.as_bytes().get(index)) {
        None => Ok(()),
        Some(byte) => Err(InvalidUri::of_byte(*byte).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::error::{InvalidUri, RequestError};

    #[test]
    fn splits_a_uri_into_its_parts() {
        for (uri, front, host, path, query) in [
            ("/", "", None, "/", ""),
            ("/key?a=b?c", "", None, "/key", "a=b?c"),
            ("https://host", "https://host", Some("host"), "", ""),
            ("https://host?q", "https://host", Some("host"), "", "q"),
            ("https://host:443/", "https://host:443", Some("host"), "/", ""),
            ("https://host:8443/", "https://host:8443", Some("host:8443"), "/", ""),
            ("http://host:80/a", "http://host:80", Some("host"), "/a", ""),
            ("WSS://HOST:443/a", "WSS://HOST:443", Some("HOST"), "/a", ""),
            ("https://host:/a", "https://host:", Some("host"), "/a", ""),
            ("s3+x://[::1]:80/a", "s3+x://[::1]:80", Some("[::1]:80"), "/a", ""),
        ] {
            for target in [Target::parse(uri), Target::parse_received(uri)] {
                let target = target.expect(uri);
                assert_eq!(
                    (target.front, target.host(), target.path, target.query),
                    (front, host, path, query)
                );
            }
        }
    }

    #[test]
    fn rejects_what_is_not_a_target() {
        let errors = |uri: &str| -> [Option<RequestError>; 2] {
            [Target::parse(uri).err(), Target::parse_received(uri).err()]
        };
        let byte = |byte: u8| InvalidUri::of_byte(byte);
        for (uri, expected) in [
            ("", InvalidUri::Form),
            ("key", InvalidUri::Form),
            ("https:/host/", InvalidUri::Form),
            ("://host/", InvalidUri::Form),
            ("h!://host/", InvalidUri::Form),
            ("/a#b", byte(b'#')),
            ("/a\0", byte(0)),
            ("https://h#/", byte(b'#')),
        ] {
            let expected = Some(RequestError::InvalidUri(expected));
            assert_eq!(errors(uri), [expected.clone(), expected], "{uri:?}");
        }
        assert_eq!(errors("//host"), [None, None]);
        for (uri, first) in [("/a b", b' '), ("/é", 0xc3), ("https://é/", 0xc3)] {
            assert_eq!(errors(uri)[1], Some(byte(first).into()), "{uri:?}");
        }
        for uri in
            ["https://", "https:///a", "https://:80/", "https://user@host/", "https://a,b/", "https://a\\b/"]
        {
            let expected = Some(RequestError::InvalidHost);
            assert_eq!(errors(uri), [expected.clone(), expected], "{uri:?}");
        }
    }
}
