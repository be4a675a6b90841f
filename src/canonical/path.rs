//! *CanonicalURI*: the path.
//!
//! ```text
//! S3       CanonicalURI = UriEncode(UriDecode(path))     every "/" is kept, also one that was "%2F"
//! labels   CanonicalURI = UriEncode(UriDecode(path))     every "/" is kept, "%2F" stays encoded
//! others   CanonicalURI = UriEncode(normalize(path))     every "/" is kept; of the path as sent,
//!                                                        which is encoded already
//! normalize(path)       = path without "." segments and empty segments, with ".." resolved
//! ```
//!
//! An empty path is `/`.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1; S3 API
//! Reference, "Signature Calculations for the Authorization Header"; RFC 3986,
//! section 5.2.4.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str};

use super::percent::{Component, decode_triplet, is_canonical_triplet, push_byte, push_canonical_with};
use super::trace::{Origin, Trace};
use crate::bytes::{
    self, Block, D_TO_F, HEX_DIGIT_OR_BETWEEN, HIGH_DIGIT_BEYOND_ASCII, Mask, UNRESERVED_OR_SLASH, VISIBLE,
};
use crate::error::{InvalidUri, RequestError};
use crate::service::{PathRule, Rules};

/// Appends *CanonicalURI* of a path as it is sent.
#[inline]
pub(crate) fn write_path(out: &mut Vec<u8>, path: &str, rules: Rules) -> Result<(), RequestError> {
    write_path_with(out, path, rules, &mut ())
}

/// Appends the bytes of [`write_path`], and reports the origin of each byte to `trace`.
#[inline]
pub(crate) fn write_path_with(
    out: &mut Vec<u8>,
    path: &str,
    rules: Rules,
    trace: &mut impl Trace,
) -> Result<(), RequestError> {
    if component_of(rules).is_none()
        && !rules.raw_path()
        && let Some(index) = bytes::find_not(path.as_bytes(), VISIBLE)
    {
        let byte = path.as_bytes().get(index).copied().unwrap_or_default();
        return Err(InvalidUri::of_byte(byte).into());
    }
    if rules.path() != PathRule::Normalized {
        return write_segments(out, path.as_bytes(), rules, 0, trace);
    }
    // Checks the whole path, also the segments that are removed below.
    check_triplets(path.as_bytes())?;
    if has_encoded_dots(path) {
        return Err(InvalidUri::EncodedDotSegment.into());
    }
    if is_normal(path) {
        return write_segments(out, path.as_bytes(), rules, 0, trace);
    }
    write_normalized(out, path, rules, trace)
}

/// Appends the path without dot segments and without empty segments.
fn write_normalized(
    out: &mut Vec<u8>,
    path: &str,
    rules: Rules,
    trace: &mut impl Trace,
) -> Result<(), RequestError> {
    let mut segments: Vec<&[u8]> = Vec::new();
    // Splits bytes, because a search for each of many slashes in a row takes several times as long.
    for segment in path.as_bytes().split(|byte| *byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    for segment in &segments {
        let start = offset_in(path.as_bytes(), segment);
        out.push(b'/');
        trace.record(out.len(), || Origin::Path(start.saturating_sub(1)..start));
        write_segments(out, segment, rules, start, trace)?;
    }
    // A trailing slash is kept. The root consists of one slash.
    if segments.is_empty() || path.ends_with('/') {
        out.push(b'/');
        trace.record(out.len(), || Origin::Path(path.len().saturating_sub(1)..path.len()));
    }
    Ok(())
}

/// Returns the index at which `part`, a slice of `whole`, begins.
#[inline]
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}

/// Appends a path without resolving dot segments and empty segments. `path` begins at index `start` of the
/// path that the request has.
#[inline]
fn write_segments(
    out: &mut Vec<u8>,
    path: &[u8],
    rules: Rules,
    start: usize,
    trace: &mut impl Trace,
) -> Result<(), RequestError> {
    let bytes = if path.is_empty() { b"/" } else { path };
    match component_of(rules) {
        Some(component) if !is_canonical_path(bytes, component) => {
            return push_canonical_with(out, bytes, component, |range, end| {
                trace.record(end, || Origin::Path(start + range.start..start + range.end));
            });
        }
        None if !bytes::all(bytes, UNRESERVED_OR_SLASH) => {
            check_triplets(bytes)?;
            for (index, byte) in bytes.iter().enumerate() {
                push_byte(out, *byte, true);
                trace.record(out.len(), || Origin::Path(start + index..start + index + 1));
            }
            return Ok(());
        }
        _ => {}
    }
    out.extend_from_slice(bytes);
    trace.record(out.len(), || Origin::Path(start..start + path.len()));
    Ok(())
}

/// Returns the component that a path is, if it is decoded once and encoded once.
#[inline]
const fn component_of(rules: Rules) -> Option<Component> {
    match rules.path() {
        PathRule::Key => Some(Component::Key),
        PathRule::Labels => Some(Component::Labels),
        PathRule::Normalized | PathRule::AsSent => None,
    }
}

/// Returns the spelling in a path that servers read in different ways, if the path has one.
///
/// `docs/decisions/0021-percent-2f-plus-and-tabs.md` lists who reads what.
#[inline]
pub(crate) fn ambiguous_spelling(path: &str, rules: Rules) -> Option<&'static str> {
    let component = component_of(rules)?;
    let other = bytes::find_not(path.as_bytes(), UNRESERVED_OR_SLASH)?;
    let rest = path.as_bytes().get(other..).unwrap_or_default();
    let is_slash = |triplet: &[u8]| triplet.eq_ignore_ascii_case(b"%2F");
    if bytes::find(rest, b'+').is_some() {
        Some("+")
    } else if component == Component::Key && rest.windows(3).any(is_slash) {
        Some("%2F")
    } else {
        None
    }
}

/// Encodes the characters that RFC 3986, section 3.3, does not allow in a path.
///
/// If the signer did not encode them, the HTTP client would do so after signing.
pub(crate) fn encode_for_wire(path: &str) -> Cow<'_, str> {
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

/// Rejects a `%` without two hex digits after it.
fn check_triplets(path: &[u8]) -> Result<(), RequestError> {
    let mut rest = path;
    while let [first, tail @ ..] = rest {
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) if decode_triplet(*high, *low).is_some() => tail,
            (b'%', _) => return Err(InvalidUri::PercentEncoding.into()),
            (_, tail) => tail,
        };
    }
    Ok(())
}

/// Returns true if the path has an encoded dot segment, such as `%2E%2E`.
///
/// Canonicalization does not resolve such a segment, but a server that decodes the path
/// first could.
fn has_encoded_dots(path: &str) -> bool {
    path.contains('%') && dot_segments(percent_decode_str(path)) != dot_segments(path.bytes())
}

/// Counts the segments `.` and `..`.
#[inline]
fn dot_segments(path: impl Iterator<Item = u8>) -> usize {
    let (mut count, mut length, mut all_dots) = (0, 0usize, true);
    for byte in path.chain([b'/']) {
        if byte == b'/' {
            count += usize::from(all_dots && (length == 1 || length == 2));
            (length, all_dots) = (0, true);
        } else {
            length += 1;
            all_dots &= byte == b'.';
        }
    }
    count
}

/// Returns true if the path is absolute, and no segment is empty (except the last) or
/// begins with a dot.
#[inline]
fn is_normal(path: &str) -> bool {
    path.starts_with('/') && !path.contains("//") && !path.contains("/.")
}

/// Returns true if [`push_canonical`] would append `path` as it is: unreserved
/// characters, slashes and canonical triplets.
#[inline]
pub(super) fn is_canonical_path(path: &[u8], component: Component) -> bool {
    let Some(first) = bytes::find_not(path, UNRESERVED_OR_SLASH) else { return true };
    let path = path.get(first..).unwrap_or_default();
    let is_other = |byte: Block, high: Block, low: Block| {
        !byte.is(UNRESERVED_OR_SLASH) & !(byte.is(b'%') & is_common_triplet(high, low))
    };
    !bytes::any_window3(path, is_other) || has_canonical_triplets(path, component)
}

/// Selects the pairs of upper-case hex digits that encode a byte from 0x80 on, or a byte
/// from 0x20 to 0x2e except `-` and `.`.
///
/// Other canonical triplets are rare; [`has_canonical_triplets`] finds them one by one.
/// The bytes `:` to `@` are selected as digits, which is harmless: a path that contains
/// one of them is not canonical, because the byte itself must be encoded.
#[inline]
fn is_common_triplet(high: Block, low: Block) -> Mask {
    let punctuation = high.is(b'2') & !low.is(D_TO_F);
    low.is(HEX_DIGIT_OR_BETWEEN) & (high.is(HIGH_DIGIT_BEYOND_ASCII) | punctuation)
}

/// Returns true if the path consists of unreserved characters, slashes and triplets that are
/// canonical in this component.
fn has_canonical_triplets(path: &[u8], component: Component) -> bool {
    let mut rest = path;
    while let Some(other) = bytes::find_not(rest, UNRESERVED_OR_SLASH) {
        rest = match rest.get(other..) {
            Some([b'%', b'2', b'F', ..]) if component == Component::Key => return false,
            Some([b'%', high, low, tail @ ..]) if is_canonical_triplet(*high, *low) => tail,
            _ => return false,
        };
    }
    true
}
