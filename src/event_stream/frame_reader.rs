//! Reads the outer frame of an event. The grammar is in `frame.rs`.

use core::ops::Range;

use super::EventError;
use super::frame::{CHECKSUM_LEN, DATE, PRELUDE_LEN, SIGNATURE, TYPE_BYTES, TYPE_TIMESTAMP};
use crate::bytes::truncated_lossy;
use crate::steps::Signature;

/// Returns the length of the frame that begins with this prelude. Rejects a length above `max`, so that
/// the buffer of a frame stays small.
pub(super) fn frame_len(prelude: &[u8; PRELUDE_LEN], max: usize) -> Result<usize, EventError> {
    let mut rest = prelude.as_slice();
    let (total, headers) = (take_u32(&mut rest)?, take_u32(&mut rest)?);
    if crc32fast::hash(prelude.get(..8).unwrap_or_default()) != take_u32(&mut rest)? {
        return Err(EventError::PreludeChecksum);
    }
    let total_len = usize::try_from(total).ok();
    let total_len = total_len.filter(|length| (PRELUDE_LEN + CHECKSUM_LEN..=max).contains(length));
    let total_len = total_len.ok_or(EventError::FrameLength { length: total, max })?;
    match usize::try_from(headers) {
        Ok(headers) if headers <= total_len - PRELUDE_LEN - CHECKSUM_LEN => Ok(total_len),
        _ => Err(EventError::MalformedHeaders),
    }
}

/// The parts of a frame. They are not verified yet.
pub(super) struct EventFrame {
    /// Milliseconds since 1970.
    pub(super) date: i64,
    pub(super) signature: Signature,
    /// The range of the payload in the frame.
    pub(super) payload: Range<usize>,
}

impl EventFrame {
    /// Parses a frame whose prelude [`frame_len`] has checked.
    pub(super) fn parse(frame: &[u8]) -> Result<Self, EventError> {
        let checksum_start = frame.len().saturating_sub(CHECKSUM_LEN);
        let (body, mut checksum) = frame.split_at_checked(checksum_start).ok_or(EventError::FrameChecksum)?;
        if crc32fast::hash(body) != take_u32(&mut checksum)? {
            return Err(EventError::FrameChecksum);
        }
        let mut rest = body;
        let (_total_len, headers_len) = (take_u32(&mut rest)?, take_u32(&mut rest)?);
        take(&mut rest, CHECKSUM_LEN)?;
        let headers_len = usize::try_from(headers_len).map_err(|_| EventError::MalformedHeaders)?;
        let (date, signature) = parse_headers(take(&mut rest, headers_len)?)?;
        Ok(Self { date, signature, payload: body.len() - rest.len()..body.len() })
    }
}

/// Parses the headers of a frame: a date and a signature, in any order, and no other.
fn parse_headers(mut headers: &[u8]) -> Result<(i64, Signature), EventError> {
    let (mut date, mut signature) = (None, None);
    while !headers.is_empty() {
        let (name, found) = take_name_and_type(&mut headers)?;
        if name == DATE.as_bytes() {
            check_header(DATE, TYPE_TIMESTAMP, found, date.is_some())?;
            date = Some(i64::from_be_bytes(take_array(&mut headers)?));
        } else if name == SIGNATURE.as_bytes() {
            check_header(SIGNATURE, TYPE_BYTES, found, signature.is_some())?;
            let [0, 32] = take_array(&mut headers)? else { return Err(EventError::MalformedHeaders) };
            signature = Some(Signature::new(take_array(&mut headers)?));
        } else {
            return Err(EventError::UnknownHeader { name: truncated_lossy(name) });
        }
    }
    Ok((
        date.ok_or(EventError::MissingHeader { name: DATE })?,
        signature.ok_or(EventError::MissingHeader { name: SIGNATURE })?,
    ))
}

/// Checks that a header is not repeated, and has the expected type.
fn check_header(name: &'static str, expected: u8, found: u8, repeated: bool) -> Result<(), EventError> {
    if repeated {
        return Err(EventError::RepeatedHeader { name });
    }
    if found == expected { Ok(()) } else { Err(EventError::HeaderType { name, expected, found }) }
}

/// Removes the name and the type of a header, and returns them.
fn take_name_and_type<'f>(headers: &mut &'f [u8]) -> Result<(&'f [u8], u8), EventError> {
    let [length] = take_array(headers)?;
    let name = take(headers, length.into())?;
    let [found] = take_array(headers)?;
    Ok((name, found))
}

/// Removes a number of 4 bytes, and returns it.
fn take_u32(bytes: &mut &[u8]) -> Result<u32, EventError> {
    take_array(bytes).map(u32::from_be_bytes)
}

/// Removes the first `N` bytes and returns them.
fn take_array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], EventError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(EventError::MalformedHeaders)?;
    *bytes = rest;
    Ok(*taken)
}

/// Removes the first `count` bytes and returns them.
fn take<'f>(bytes: &mut &'f [u8], count: usize) -> Result<&'f [u8], EventError> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(EventError::MalformedHeaders)?;
    *bytes = rest;
    Ok(taken)
}
