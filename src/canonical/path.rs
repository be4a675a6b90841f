//! *CanonicalURI*: S3 decodes the path and encodes it once; all others resolve
//! its dot segments, and encode what was sent once more.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str};

use super::percent::{Place, is_canonical_path, push_byte, push_recoded, triplet, unreserved_or_slash};
use crate::bytes::scan;
use crate::bytes::text::put;
use crate::error::{InvalidUri, RequestError};
use crate::service::{PathRule, Rules};

/// *CanonicalURI*, from the path as sent.
#[inline]
pub(crate) fn write_path(out: &mut Vec<u8>, path: &str, rules: Rules) -> Result<(), RequestError> {
    if rules.path() != PathRule::Key
        && !rules.raw_path()
        && let Some(index) = scan::position(path.as_bytes(), |bytes| !bytes.graphic())
    {
        let byte = path.as_bytes().get(index).copied().unwrap_or_default();
        return Err(InvalidUri::of_byte(byte).into());
    }
    let normalize = rules.path() == PathRule::Normalized;
    if normalize {
        // Also of the segments that are resolved away.
        check_triplets(path.as_bytes())?;
        if has_encoded_dots(path) {
            return Err(InvalidUri::EncodedDotSegment.into());
        }
    }
    if !normalize || is_normal(path) {
        return write_segments(out, path, rules);
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    for segment in &segments {
        out.push(b'/');
        write_segments(out, segment, rules)?;
    }
    // A trailing slash stays while there is something before it.
    if segments.is_empty() || path.ends_with('/') {
        out.push(b'/');
    }
    Ok(())
}

/// A path as it can be sent: what RFC 3986, section 3.3, has no place for is
/// encoded. Clients would do so, or worse, behind the signature's back.
pub(crate) fn sendable(path: &str) -> Cow<'_, str> {
    const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
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
    percent_encoding::utf8_percent_encode(path, NOT_IN_A_PATH).into()
}

/// Whether decoding the path makes a dot segment that was none before: the
/// signature would not resolve it, and whoever decodes the path might.
fn has_encoded_dots(path: &str) -> bool {
    path.contains('%') && dot_segments(percent_decode_str(path)) != dot_segments(path.bytes())
}

/// How many segments are `.` or `..`.
#[inline]
fn dot_segments(path: impl Iterator<Item = u8>) -> usize {
    let (mut segments, mut length, mut dots) = (0, 0usize, true);
    for byte in path.chain([b'/']) {
        if byte == b'/' {
            segments += usize::from(dots && (length == 1 || length == 2));
            (length, dots) = (0, true);
        } else {
            length += 1;
            dots &= byte == b'.';
        }
    }
    segments
}

/// Whether there is nothing to resolve: no empty and no dot segment.
#[inline]
fn is_normal(path: &str) -> bool {
    path.starts_with('/') && !path.contains("//") && !path.contains("/.")
}

#[inline]
fn write_segments(out: &mut Vec<u8>, path: &str, rules: Rules) -> Result<(), RequestError> {
    let path = if path.is_empty() { "/" } else { path };
    if rules.path() != PathRule::Key {
        if !scan::any(path.as_bytes(), |bytes| !unreserved_or_slash(bytes)) {
            out.extend_from_slice(path.as_bytes());
        } else {
            check_triplets(path.as_bytes())?;
            path.bytes().for_each(|byte| push_byte(out, byte, true));
        }
        return Ok(());
    }
    if is_canonical_path(path.as_bytes()) {
        put(out, path.as_bytes());
        return Ok(());
    }
    push_recoded(out, path.as_bytes(), Place::Path)
}

fn check_triplets(text: &[u8]) -> Result<(), RequestError> {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) if triplet(*high, *low).is_some() => tail,
            (b'%', _) => return Err(InvalidUri::PercentEncoding.into()),
            (_, tail) => tail,
        };
    }
    Ok(())
}
