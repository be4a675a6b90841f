//! The target of a request: the parts of its URI as they stand in it.

use crate::bytes::scan::{self, Lanes, Sixteen};
use crate::error::{InvalidUri, RequestError};

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
    #[inline(always)]
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, not_in_target)
    }

    /// The target as an HTTP parser hands it over: visible ASCII. Its query is
    /// to be [checked](check_arrived_query).
    #[inline(always)]
    pub(crate) fn arrived(uri: &'r str) -> Result<Self, RequestError> {
        Self::split(uri, not_in_arrived_target)
    }

    #[inline(always)]
    fn split(uri: &'r str, odd: impl Fn(Sixteen) -> Lanes) -> Result<Self, RequestError> {
        let (scheme, rest) = match uri.starts_with('/') {
            true => ("", uri),
            false => split_scheme(uri).ok_or(InvalidUri::Form)?,
        };
        // Each byte is looked at once: up to the first that has no place where it stands.
        let (authority, plain, rest) = match scheme {
            "" => (None, false, rest),
            _ => {
                let end = scan::position(rest.as_bytes(), |bytes| !plain_in_authority(bytes));
                let plain = end != Some(0) && ends_authority(rest, end);
                let end = if plain { end } else { scan::position(rest.as_bytes(), slash_or_mark) };
                let (authority, rest) = split_at(rest, end);
                (Some(authority), plain, rest)
            }
        };
        let end = scan::position(rest.as_bytes(), |bytes| bytes.are(b'?') | odd(bytes));
        match end.and_then(|end| rest.as_bytes().get(end)) {
            None | Some(b'?') => {}
            Some(byte) => return Err(InvalidUri::of_byte(*byte).into()),
        }
        let (path, query) = split_at(rest, end);
        if let Some(authority) = authority.filter(|_| !plain) {
            check(authority, odd)?;
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
#[inline(always)]
fn ends_authority(text: &str, place: Option<usize>) -> bool {
    let last = place.and_then(|place| text.as_bytes().get(place));
    matches!(last, Some(b'/' | b'?')) || last.is_none() && !text.is_empty()
}

#[inline(always)]
fn slash_or_mark(bytes: Sixteen) -> Lanes {
    bytes.are(b'/') | bytes.are(b'?')
}

/// A text before a place, and from there on; all of it where there is none.
#[inline(always)]
fn split_at(text: &str, place: Option<usize>) -> (&str, &str) {
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

/// `host` or `host:port`, no user information, nothing that ends an authority.
#[inline]
pub(crate) fn is_authority(text: &[u8]) -> bool {
    is_plain_authority(text)
        || !matches!(text.first(), None | Some(b':')) && !scan::any(text, not_in_authority)
}

/// A host as nearly all are written, and no port.
#[inline(always)]
fn is_plain_authority(text: &[u8]) -> bool {
    !text.is_empty() && !scan::any(text, |bytes| !plain_in_authority(bytes))
}

/// Lower-case letters, digits, `-` and `.`.
#[inline(always)]
fn plain_in_authority(bytes: Sixteen) -> Lanes {
    bytes.within(b'a', b'z') | bytes.within(b'0', b'9') | bytes.within(b'-', b'.')
}

/// A query as a client has it. One that is in canonical spelling has nothing to
/// be refused for, so that only others are given to this.
pub(crate) fn check_query(query: &str) -> Result<(), RequestError> {
    check(query, not_in_target)
}

/// The same as it arrived.
pub(crate) fn check_arrived_query(query: &str) -> Result<(), RequestError> {
    check(query, not_in_arrived_target)
}

#[inline(always)]
fn check(text: &str, odd: impl Fn(Sixteen) -> Lanes) -> Result<(), RequestError> {
    match scan::position(text.as_bytes(), odd).and_then(|index| text.as_bytes().get(index)) {
        None => Ok(()),
        Some(byte) => Err(InvalidUri::of_byte(*byte).into()),
    }
}

#[inline(always)]
fn not_in_target(bytes: Sixteen) -> Lanes {
    bytes.within(0, 0x1f) | bytes.are(0x7f) | bytes.are(b'#')
}

#[inline(always)]
fn not_in_arrived_target(bytes: Sixteen) -> Lanes {
    !bytes.graphic() | bytes.are(b'#')
}

/// All but visible ASCII; and `" # , / < > ? @ \ ^ \` { | }`.
#[inline(always)]
fn not_in_authority(bytes: Sixteen) -> Lanes {
    !bytes.graphic()
        | bytes.within(b'"', b'#')
        | bytes.are(b',')
        | bytes.are(b'/')
        | bytes.are(b'<')
        | bytes.within(b'>', b'@')
        | bytes.are(b'\\')
        | bytes.are(b'^')
        | bytes.are(b'`')
        | bytes.within(b'{', b'}')
}
