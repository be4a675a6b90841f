//! The outer frame of an event: the part of the event stream encoding that a signature needs.
//!
//! ```text
//! frame    = total-length headers-length prelude-checksum headers payload frame-checksum
//! header   = name-length(1) name type(1) value
//! :date             type 8, milliseconds since 1970 as an i64
//! :chunk-signature  type 6, length(2) = 32, the bytes of the signature
//! ```
//!
//! Lengths and checksums are u32. All numbers are big endian. A checksum is the CRC-32 of gzip over
//! all bytes before it. `total-length` is the length of the whole frame.
//!
//! Source: Amazon Transcribe Developer Guide, "Event stream encoding" in "Setting up a streaming
//! transcription"; Smithy, "Amazon Event Stream specification". The other seven types of header
//! values do not occur in an outer frame.

use alloc::vec::Vec;

use crate::steps::Signature;

pub(super) const DATE: &str = ":date";
pub(super) const SIGNATURE: &str = ":chunk-signature";

/// The length of both lengths and the checksum over them.
pub(super) const PRELUDE_LEN: usize = 12;
pub(super) const CHECKSUM_LEN: usize = 4;

pub(super) const TYPE_BYTES: u8 = 6;
pub(super) const TYPE_TIMESTAMP: u8 = 8;

/// The bytes before the value of a header: the length of the name, the name, the type, and for bytes
/// the length of the value.
const DATE_PREFIX: &[u8; 7] = b"\x05:date\x08";
const SIGNATURE_PREFIX: &[u8; 20] = b"\x10:chunk-signature\x06\x00\x20";

const DATE_HEADER_LEN: usize = DATE_PREFIX.len() + 8;
const SIGNATURE_HEADER_LEN: usize = SIGNATURE_PREFIX.len() + 32;

/// The length of a frame without its payload.
pub(super) const OVERHEAD: usize = PRELUDE_LEN + DATE_HEADER_LEN + SIGNATURE_HEADER_LEN + CHECKSUM_LEN;

/// Returns the encoded `:date` header. It is the only header that a signature covers.
pub(super) fn date_header(milliseconds: i64) -> [u8; DATE_HEADER_LEN] {
    let mut header = [0; DATE_HEADER_LEN];
    let (prefix, value) = header.split_at_mut(DATE_PREFIX.len());
    prefix.copy_from_slice(DATE_PREFIX);
    value.copy_from_slice(&milliseconds.to_be_bytes());
    header
}

/// Appends a frame to `out`. `total_len` is the length of the frame.
pub(super) fn write(
    out: &mut Vec<u8>,
    total_len: u32,
    date_header: &[u8; DATE_HEADER_LEN],
    signature: &Signature,
    payload: &[u8],
) {
    const HEADERS_LEN: [u8; 4] = to_u32_bytes(DATE_HEADER_LEN + SIGNATURE_HEADER_LEN);
    let start = out.len();
    out.reserve_exact(OVERHEAD + payload.len());
    out.extend_from_slice(&total_len.to_be_bytes());
    out.extend_from_slice(&HEADERS_LEN);
    push_checksum(out, start);
    out.extend_from_slice(date_header);
    out.extend_from_slice(SIGNATURE_PREFIX);
    out.extend_from_slice(signature.as_bytes());
    out.extend_from_slice(payload);
    push_checksum(out, start);
}

/// Appends the checksum of the frame that begins at `start`.
fn push_checksum(out: &mut Vec<u8>, start: usize) {
    let checksum = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&checksum.to_be_bytes());
}

/// Returns the low 32 bits of `number`, big endian.
const fn to_u32_bytes(number: usize) -> [u8; 4] {
    let [.., a, b, c, d] = number.to_be_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_state_the_names_and_types_that_the_reader_expects() {
        let prefix = |name: &str, kind: u8| {
            let length = u8::try_from(name.len()).expect("a short name");
            [&[length], name.as_bytes(), &[kind]].concat()
        };
        assert_eq!(DATE_PREFIX.to_vec(), prefix(DATE, TYPE_TIMESTAMP));
        assert_eq!(SIGNATURE_PREFIX.to_vec(), [&prefix(SIGNATURE, TYPE_BYTES)[..], &[0, 32]].concat());
    }
}
