//! The target of a request: the parts of its URI as they stand in it.

use crate::bytes::{
    self, AUTHORITY, ByteSet, LOWERCASE_HOST, PATH_RECEIVED, PATH_TO_SEND, SLASH_OR_QUESTION_MARK,
    URI_RECEIVED, URI_TO_SEND,
};
use crate::error::RequestError;

/// The parts of a URI. Nothing is decoded.
#[derive(Clone, Copy)]
pub(crate) struct Target<'r> {
    /// `https://host`, empty in origin form.
    pub(crate) front: &'r str,
    pub(crate) scheme: &'r str,
    pub(crate) authority: Option<&'r str>,
    /// Lower-case letters, digits, `-` and `.` throughout.
    plain: bool,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
}

impl<'r> Target<'r> {
    /// The target as a client has it. Its query is to be [checked](check_query).
    #[inline]
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, PATH_TO_SEND, URI_TO_SEND)
    }

    /// The target as an HTTP parser hands it over: visible ASCII. Its query is
    /// to be [checked](check_arrived_query).
    #[inline]
    pub(crate) fn arrived(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, PATH_RECEIVED, URI_RECEIVED)
    }

    #[inline]
    fn split(uri: &'r str, in_path: impl ByteSet, in_uri: impl ByteSet) -> Result<Self, RequestError> {
        let (scheme, rest) = match uri.starts_with('/') {
            true => ("", uri),
            false => split_scheme(uri).ok_or(RequestError::InvalidUri)?,
        };
        // Each byte is looked at once: up to the first that has no place where it stands.
        let (authority, plain, rest) = match scheme {
            "" => (None, false, rest),
            _ => {
                let end = bytes::find_not(rest.as_bytes(), LOWERCASE_HOST);
                let plain = end != Some(0) && ends_authority(rest, end);
                let end = if plain { end } else { bytes::find(rest.as_bytes(), SLASH_OR_QUESTION_MARK) };
                let (authority, rest) = split_at(rest, end);
                (Some(authority), plain, rest)
            }
        };
        let end = bytes::find_not(rest.as_bytes(), in_path);
        if end.is_some_and(|end| rest.as_bytes().get(end) != Some(&b'?')) {
            return Err(RequestError::InvalidUri);
        }
        let (path, query) = split_at(rest, end);
        if let Some(authority) = authority.filter(|_| !plain) {
            check(authority, in_uri)?;
            if !is_authority(authority.as_bytes()) {
                return Err(RequestError::InvalidHost);
            }
        }
        let front = uri.get(..uri.len() - rest.len()).unwrap_or_default();
        let query = query.get(1..).unwrap_or_default();
        Ok(Self { front, scheme, authority, plain, path, query })
    }

    /// Whether a `Host` header says what the authority does, with or without
    /// the port that the scheme implies.
    pub(crate) fn has_host(&self, authority: &str, host: &[u8]) -> bool {
        authority.as_bytes().eq_ignore_ascii_case(host)
            || self.authority.is_some_and(|authority| authority.as_bytes() == host)
    }

    /// Whether scheme and authority surely have no upper-case letter.
    #[inline]
    pub(crate) fn is_lowercase(&self) -> bool {
        self.plain && matches!(self.scheme, "https" | "http")
    }

    /// Whether the authority has an upper-case letter.
    #[inline]
    pub(crate) fn has_uppercase(&self) -> bool {
        let has = |authority: &str| authority.bytes().any(|byte| byte.is_ascii_uppercase());
        !self.plain && self.authority.is_some_and(has)
    }

    /// The authority as a client writes it into `Host`: without the port that
    /// the scheme implies.
    #[inline]
    pub(crate) fn host(&self) -> Option<&'r str> {
        let authority = self.authority?;
        if self.plain {
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

/// The scheme, and what is behind its `://`.
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

/// Whether an authority ends at this place, or with the text.
#[inline]
fn ends_authority(text: &str, place: Option<usize>) -> bool {
    let last = place.and_then(|place| text.as_bytes().get(place));
    matches!(last, Some(b'/' | b'?')) || last.is_none() && !text.is_empty()
}

/// A text before a place, and from there on; all of it where there is none.
#[inline]
fn split_at(text: &str, place: Option<usize>) -> (&str, &str) {
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

/// `host` or `host:port`, no user information, nothing that ends an authority.
#[inline]
pub(crate) fn is_authority(text: &[u8]) -> bool {
    is_plain_authority(text) || !matches!(text.first(), None | Some(b':')) && bytes::all(text, AUTHORITY)
}

/// A host as nearly all are written, and no port.
#[inline]
fn is_plain_authority(text: &[u8]) -> bool {
    !text.is_empty() && bytes::all(text, LOWERCASE_HOST)
}

/// A query as a client has it. One that is in canonical spelling has nothing to
/// be refused for, so that only others are given to this.
pub(crate) fn check_query(query: &str) -> Result<(), RequestError> {
    check(query, URI_TO_SEND)
}

/// The same as it arrived.
pub(crate) fn check_arrived_query(query: &str) -> Result<(), RequestError> {
    check(query, URI_RECEIVED)
}

#[inline]
fn check(text: &str, allowed: impl ByteSet) -> Result<(), RequestError> {
    if bytes::all(text.as_bytes(), allowed) { Ok(()) } else { Err(RequestError::InvalidUri) }
}
