//! The target of a request: the parts of its URI as they stand in it.

use crate::request_error::RequestError;
use crate::scan::{self, Lanes, Sixteen};

/// The parts of a URI. Nothing is decoded.
#[derive(Clone, Copy)]
pub(crate) struct Target<'r> {
    /// `https://host`, empty in origin form.
    pub(crate) front: &'r str,
    pub(crate) scheme: &'r str,
    pub(crate) authority: Option<&'r str>,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
}

impl<'r> Target<'r> {
    #[inline]
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        if scan::any(uri.as_bytes(), |bytes| bytes.controls() | bytes.are(b'\t') | bytes.are(b'#')) {
            return Err(RequestError::InvalidUri);
        }
        Self::split(uri)
    }

    /// The target as an HTTP parser hands it over: visible ASCII.
    #[inline]
    pub(crate) fn arrived(uri: &'r str) -> Result<Self, RequestError> {
        if scan::any(uri.as_bytes(), |bytes| !bytes.graphic() | bytes.are(b'#')) {
            return Err(RequestError::InvalidUri);
        }
        Self::split(uri)
    }

    #[inline]
    fn split(uri: &'r str) -> Result<Self, RequestError> {
        let (scheme, authority, rest) = if uri.starts_with('/') {
            ("", None, uri)
        } else {
            let (scheme, rest) = split_scheme(uri).ok_or(RequestError::InvalidUri)?;
            let end = scan::position(rest.as_bytes(), not_in_authority).unwrap_or(rest.len());
            let (authority, rest) = rest.split_at_checked(end).ok_or(RequestError::InvalidUri)?;
            let ends = matches!(rest.as_bytes().first(), None | Some(b'/' | b'?'));
            if !ends || matches!(authority.as_bytes().first(), None | Some(b':')) {
                return Err(RequestError::InvalidHost);
            }
            (scheme, Some(authority), rest)
        };
        let front = uri.get(..uri.len() - rest.len()).unwrap_or_default();
        let (path, query) = scan::split_once(rest, b'?').unwrap_or((rest, ""));
        Ok(Self { front, scheme, authority, path, query })
    }

    /// Whether a `Host` header says what the authority does, with or without
    /// the port that the scheme implies.
    pub(crate) fn has_host(&self, authority: &str, host: &str) -> bool {
        authority.eq_ignore_ascii_case(host) || self.authority == Some(host)
    }

    /// The authority as a client writes it into `Host`: without the port that
    /// the scheme implies.
    #[inline]
    pub(crate) fn host(&self) -> Option<&'r str> {
        let authority = self.authority?;
        if !scan::any(authority.as_bytes(), |bytes| bytes.are(b':')) {
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
    for scheme in ["https", "http"] {
        if let Some(rest) = uri.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://")) {
            return Some((uri.get(..scheme.len())?, rest));
        }
    }
    let (scheme, rest) = scan::split_once(uri, b':')?;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let valid = !scheme.is_empty() && scheme.bytes().all(in_scheme);
    Some((scheme, rest.strip_prefix("//")?)).filter(|_| valid)
}

/// `host` or `host:port`, no user information, nothing that ends an authority.
#[inline]
pub(crate) fn is_authority(text: &str) -> bool {
    !matches!(text.as_bytes().first(), None | Some(b':')) && !scan::any(text.as_bytes(), not_in_authority)
}

#[inline(always)]
pub(crate) fn has_uppercase(text: &str) -> bool {
    scan::any(text.as_bytes(), |bytes| bytes.within(b'A', b'Z'))
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
