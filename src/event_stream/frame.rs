//! The outer frame: as much of the event-stream encoding as a signature needs.
//!
//! ```text
//! frame    = total-length headers-length prelude-crc headers payload frame-crc
//! header   = name-length(1) name type(1) value
//! :date             type 8, milliseconds since 1970 as an i64
//! :chunk-signature  type 6, length(2) = 32, the signature's bytes
//! ```
//!
//! Lengths and checksums are u32; all numbers are big endian; both checksums
//! are the CRC-32 of gzip over all bytes before them. `total-length` counts
//! itself and everything behind it.
//!
//! Source: Amazon Transcribe Developer Guide, "Event stream encoding" under
//! "Setting up a streaming transcription"; Smithy, "Amazon Event Stream
//! specification". Not here: the seven other types of header values.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::EventError;
use crate::error::shown;
use crate::steps::Signature;

pub(super) const DATE: &str = ":date";
pub(super) const SIGNATURE: &str = ":chunk-signature";

/// Both lengths and the checksum over them.
pub(super) const PRELUDE: usize = 12;
const CHECKSUM: usize = 4;
const DATE_HEADER: usize = 1 + DATE.len() + 1 + 8;
const SIGNATURE_HEADER: usize = 1 + SIGNATURE.len() + 1 + 2 + 32;
const TYPE_BYTES: u8 = 6;
const TYPE_TIMESTAMP: u8 = 8;

/// A frame's bytes beside its payload.
pub(super) const OVERHEAD: usize = PRELUDE + DATE_HEADER + SIGNATURE_HEADER + CHECKSUM;

/// The encoded `:date` header: all of the headers that a signature covers.
pub(super) fn date_header(milliseconds: i64) -> [u8; DATE_HEADER] {
    let mut header = [0; DATE_HEADER];
    let value = milliseconds.to_be_bytes();
    let bytes = [5].iter().chain(DATE.as_bytes()).chain(&[TYPE_TIMESTAMP]).chain(&value);
    header.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    header
}

/// Writes a frame to the end of `out`. `total` is its length.
pub(super) fn write(
    out: &mut Vec<u8>,
    total: u32,
    date: &[u8; DATE_HEADER],
    signature: &Signature,
    payload: &[u8],
) {
    const HEADERS: [u8; 4] = 67u32.to_be_bytes();
    const { assert!(DATE_HEADER + SIGNATURE_HEADER == 67) }
    let start = out.len();
    out.reserve_exact(OVERHEAD + payload.len());
    out.extend_from_slice(&total.to_be_bytes());
    out.extend_from_slice(&HEADERS);
    push_checksum(out, start);
    out.extend_from_slice(date);
    out.push(16);
    out.extend_from_slice(SIGNATURE.as_bytes());
    out.extend_from_slice(&[TYPE_BYTES, 0, 32]);
    out.extend_from_slice(signature.as_bytes());
    out.extend_from_slice(payload);
    push_checksum(out, start);
}

fn push_checksum(out: &mut Vec<u8>, start: usize) {
    let checksum = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&checksum.to_be_bytes());
}

/// The length of the frame that begins with this prelude.
pub(super) fn length(prelude: &[u8; PRELUDE], limit: usize) -> Result<usize, EventError> {
    let mut rest = prelude.as_slice();
    let (total, headers) = (number(&mut rest)?, number(&mut rest)?);
    if crc32fast::hash(prelude.get(..8).unwrap_or_default()) != number(&mut rest)? {
        return Err(EventError::PreludeChecksum);
    }
    let length = usize::try_from(total).ok().filter(|length| (PRELUDE + CHECKSUM..=limit).contains(length));
    let length = length.ok_or(EventError::FrameLength { length: total, limit })?;
    let room = length - PRELUDE - CHECKSUM;
    match usize::try_from(headers) {
        Ok(headers) if headers <= room => Ok(length),
        _ => Err(EventError::MalformedHeaders),
    }
}

/// A whole frame, taken apart, and proven by nothing.
pub(super) struct Frame {
    /// Milliseconds since 1970.
    pub(super) date: i64,
    pub(super) signature: Signature,
    /// Where in the frame it lies.
    pub(super) payload: Range<usize>,
}

impl Frame {
    /// Reads a frame whose prelude was checked by [`length`].
    pub(super) fn read(frame: &[u8]) -> Result<Self, EventError> {
        let (body, mut checksum) =
            frame.split_at_checked(frame.len().saturating_sub(CHECKSUM)).ok_or(EventError::FrameChecksum)?;
        if crc32fast::hash(body) != number(&mut checksum)? {
            return Err(EventError::FrameChecksum);
        }
        let mut rest = body.get(4..).unwrap_or_default();
        let headers = usize::try_from(number(&mut rest)?).map_err(|_| EventError::MalformedHeaders)?;
        take(&mut rest, CHECKSUM)?;
        let mut headers = take(&mut rest, headers)?;
        let (mut date, mut signature) = (None, None);
        while !headers.is_empty() {
            let (name, kind) = name_and_type(&mut headers)?;
            let is = |known: &str| name == known.as_bytes();
            if is(DATE) {
                expect(DATE, TYPE_TIMESTAMP, kind, date.is_some())?;
                let milliseconds = take(&mut headers, 8)?.try_into();
                date = Some(i64::from_be_bytes(milliseconds.map_err(|_| EventError::MalformedHeaders)?));
            } else if is(SIGNATURE) {
                expect(SIGNATURE, TYPE_BYTES, kind, signature.is_some())?;
                let [0, 32] = take(&mut headers, 2)? else { return Err(EventError::MalformedHeaders) };
                let bytes = take(&mut headers, 32)?.try_into();
                signature = Some(Signature::new(bytes.map_err(|_| EventError::MalformedHeaders)?));
            } else {
                return Err(EventError::UnknownHeader { name: shown(&String::from_utf8_lossy(name)) });
            }
        }
        Ok(Self {
            date: date.ok_or(EventError::MissingHeader { name: DATE })?,
            signature: signature.ok_or(EventError::MissingHeader { name: SIGNATURE })?,
            payload: body.len() - rest.len()..body.len(),
        })
    }
}

fn expect(name: &'static str, expected: u8, kind: u8, repeated: bool) -> Result<(), EventError> {
    if repeated {
        return Err(EventError::RepeatedHeader { name });
    }
    if kind == expected { Ok(()) } else { Err(EventError::HeaderType { name, expected, found: kind }) }
}

fn name_and_type<'f>(headers: &mut &'f [u8]) -> Result<(&'f [u8], u8), EventError> {
    let &[length] = take(headers, 1)? else { return Err(EventError::MalformedHeaders) };
    let name = take(headers, length.into())?;
    let &[kind] = take(headers, 1)? else { return Err(EventError::MalformedHeaders) };
    Ok((name, kind))
}

fn number(bytes: &mut &[u8]) -> Result<u32, EventError> {
    let number = take(bytes, 4)?.try_into().map_err(|_| EventError::MalformedHeaders)?;
    Ok(u32::from_be_bytes(number))
}

/// Takes what comes first, if there is so much.
fn take<'f>(bytes: &mut &'f [u8], count: usize) -> Result<&'f [u8], EventError> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(EventError::MalformedHeaders)?;
    *bytes = rest;
    Ok(taken)
}
