//! The target of a request: the parts of its URI as they stand in it.

use crate::request_error::RequestError;
use crate::scan;

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
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        if scan::any(uri.as_bytes(), |byte| (byte < 0x20) | (byte == 0x7f) | (byte == b'#')) {
            return Err(RequestError::InvalidUri);
        }
        let (scheme, authority, rest) = if uri.starts_with('/') {
            ("", None, uri)
        } else {
            let colon = uri.bytes().position(|byte| byte == b':').ok_or(RequestError::InvalidUri)?;
            let (scheme, rest) = uri.split_at_checked(colon).ok_or(RequestError::InvalidUri)?;
            let rest = rest.strip_prefix("://").ok_or(RequestError::InvalidUri)?;
            let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            if scheme.is_empty() || !scheme.bytes().all(in_scheme) {
                return Err(RequestError::InvalidUri);
            }
            let end = rest.bytes().position(|byte| !in_authority(byte)).unwrap_or(rest.len());
            let (authority, rest) = rest.split_at_checked(end).ok_or(RequestError::InvalidUri)?;
            if !is_authority(authority) || !(rest.is_empty() || rest.starts_with(['/', '?'])) {
                return Err(RequestError::InvalidHost);
            }
            (scheme, Some(authority), rest)
        };
        let front = uri.get(..uri.len() - rest.len()).unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Ok(Self { front, scheme, authority, path, query })
    }

    /// The authority as a client writes it into `Host`: without the port that
    /// the scheme implies.
    pub(crate) fn host(&self) -> Option<&'r str> {
        let authority = self.authority?;
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

/// `host` or `host:port`, no user information, nothing that ends an authority.
pub(crate) fn is_authority(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(':') && text.bytes().all(in_authority)
}

fn in_authority(byte: u8) -> bool {
    AUTHORITY.get(usize::from(byte)).is_some_and(|allowed| *allowed)
}

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const AUTHORITY: [bool; 128] = {
    let mut allowed = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        allowed[byte as usize] = byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'/' | b'?'
                    | b'#'
                    | b'@'
                    | b'\\'
                    | b'<'
                    | b'>'
                    | b'"'
                    | b'^'
                    | b'`'
                    | b'{'
                    | b'|'
                    | b'}'
                    | b','
            );
        byte += 1;
    }
    allowed
};
