//! Reads the lines of a chunked body: chunk headers and trailers.
//!
//! ```text
//! chunk header = size [ ";chunk-signature=" signature ]
//! trailer      = name ":" value
//!
//! signature = 64HEXDIG                   AWS4-HMAC-SHA256
//!           | 16*144HEXDIG *"*"          AWS4-ECDSA-P256-SHA256: 144 characters in total
//! ```
//!
//! Every line has a maximum length.

use alloc::vec::Vec;

use super::{CHUNK_SIGNATURE, CRLF, PADDING};
use crate::steps::Algorithm;
use crate::steps::Signature;

/// The input contains a line that is too long.
pub(super) struct LineTooLong;

/// The ending of a line that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// The line is incomplete, and the input is empty.
    Missing,
    /// The line ended with CRLF.
    CrLf,
    /// The line ended with a line feed without a carriage return.
    Lf,
}

/// A line that arrives in pieces of any size.
#[derive(Default)]
pub(super) struct Line(Vec<u8>);

impl Line {
    /// Moves bytes from `input` to the line until the line's ending, which is dropped. The
    /// line with its ending may have at most `max` bytes.
    pub(super) fn read(&mut self, input: &mut &[u8], max: usize) -> Result<LineEnd, LineTooLong> {
        let room = max.saturating_sub(self.0.len()).min(input.len());
        let (window, _) = input.split_at_checked(room).unwrap_or_default();
        let feed = window.iter().position(|byte| *byte == b'\n');
        let taken = feed.map_or(room, |feed| feed + 1);
        let (line, rest) = input.split_at_checked(taken).unwrap_or_default();
        self.0.extend_from_slice(line);
        *input = rest;
        match feed {
            None if self.0.len() >= max => Err(LineTooLong),
            None => Ok(LineEnd::Missing),
            Some(_) => {
                self.0.pop();
                let is_crlf = self.0.pop_if(|byte| *byte == b'\r').is_some();
                Ok(if is_crlf { LineEnd::CrLf } else { LineEnd::Lf })
            }
        }
    }

    /// Returns the bytes read so far, without a line ending.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The first line of a chunk.
pub(super) struct ChunkHeader {
    pub(super) size: u64,
    pub(super) signature: Option<Signature>,
}

impl ChunkHeader {
    /// Parses a line with a signature of `algorithm`, or without a signature if
    /// `algorithm` is `None`.
    pub(super) fn parse(line: &[u8], algorithm: Option<Algorithm>) -> Option<Self> {
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (size, extension) = line.split_at_checked(digits)?;
        let size = core::str::from_utf8(size).ok().filter(|size| size.len() <= MAX_SIZE_DIGITS)?;
        // `size` has only hexadecimal digits, so that `from_str_radix` never sees a sign. It rejects
        // an empty string.
        let size = u64::from_str_radix(size, 16).ok()?;
        let signature = match algorithm {
            Some(algorithm) => {
                Some(parse_signature(extension.strip_prefix(CHUNK_SIGNATURE.as_bytes())?, algorithm)?)
            }
            None if extension.is_empty() => None,
            None => return None,
        };
        Some(Self { size, signature })
    }
}

/// Parses a signature that is padded to the maximum length of its algorithm.
pub(super) fn parse_signature(padded: &[u8], algorithm: Algorithm) -> Option<Signature> {
    if padded.len() != algorithm.max_hex_len() {
        return None;
    }
    let padding = padded.iter().rev().take_while(|byte| char::from(**byte) == PADDING).count();
    // An HMAC signature has the maximum length, so the parser rejects one with padding.
    Signature::from_received(algorithm, padded.get(..padded.len().checked_sub(padding)?)?)
}

/// Splits a line into name and value, and trims the value.
pub(super) fn parse_trailer(line: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = core::str::from_utf8(line).ok()?.split_once(':')?;
    Some((name, value.trim_matches([' ', '\t'])))
}

const MAX_SIZE_DIGITS: usize = 16;
/// The length of the longest signature of any algorithm, with its padding.
const MAX_SIGNATURE: usize = 144;
/// The maximum length of a chunk's first line with its ending.
pub(super) const MAX_CHUNK_HEADER: usize =
    MAX_SIZE_DIGITS + CHUNK_SIGNATURE.len() + MAX_SIGNATURE + CRLF.len();
/// The length of an empty line.
pub(super) const EMPTY_LINE: usize = CRLF.len();
/// The maximum length of a trailer with its ending. The longest checksum has 78 bytes.
pub(super) const MAX_TRAILER_LINE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: &str = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";

    fn read(pieces: &[&[u8]], max: usize) -> Result<(LineEnd, Vec<u8>, Vec<u8>), ()> {
        let mut line = Line::default();
        let mut end = LineEnd::Missing;
        let mut rest = Vec::new();
        for mut piece in pieces.iter().copied() {
            end = line.read(&mut piece, max).map_err(|_| ())?;
            rest.extend_from_slice(piece);
        }
        Ok((end, line.bytes().to_vec(), rest))
    }

    #[test]
    fn reads_a_line_from_pieces() {
        for (pieces, expected, rest) in [
            (&[&b"abc\r\nd"[..]][..], (LineEnd::CrLf, &b"abc"[..]), &b"d"[..]),
            (&[b"ab", b"c\r", b"\nd"], (LineEnd::CrLf, b"abc"), b"d"),
            (&[b"abc\nd"], (LineEnd::Lf, b"abc"), b"d"),
            (&[b"abc"], (LineEnd::Missing, b"abc"), b""),
            (&[b"\r\n"], (LineEnd::CrLf, b""), b""),
        ] {
            let (end, line, left) = read(pieces, 16).expect("a short line");
            assert_eq!(((end, &line[..]), &left[..]), (expected, rest), "{pieces:?}");
        }
    }

    #[test]
    fn limits_the_length_of_a_line_with_its_ending() {
        assert!(read(&[b"abc\r\n"], 5).is_ok());
        assert!(read(&[b"abcd\r\n"], 5).is_err());
        assert!(read(&[b"abcd", b"e"], 5).is_err());
        assert!(read(&[b"abcd"], 5).is_ok());
    }

    #[test]
    fn parses_a_size_of_1_to_16_hex_digits() {
        for (line, size) in [("0", 0), ("400", 1024), ("aBc", 2748), ("ffffffffffffffff", u64::MAX)] {
            let header = ChunkHeader::parse(line.as_bytes(), None).expect("a size");
            assert_eq!(header.size, size, "{line}");
            assert!(header.signature.is_none());
        }
        for line in ["", "+1", "-1", "0x1", " 1", "1 ", "g", "00000000000000000", "1;a=b"] {
            assert!(ChunkHeader::parse(line.as_bytes(), None).is_none(), "{line:?}");
        }
    }

    #[test]
    fn requires_the_signature_and_no_other_extension() {
        let line = alloc::format!("400;chunk-signature={SIGNATURE}");
        let header = ChunkHeader::parse(line.as_bytes(), Some(Algorithm::Hmac)).expect("a signed header");
        assert_eq!((header.size, header.signature.is_some()), (1024, true));
        for line in [
            "400".into(),
            alloc::format!("400; chunk-signature={SIGNATURE}"),
            alloc::format!("400;Chunk-Signature={SIGNATURE}"),
            alloc::format!("400;chunk-signature={SIGNATURE};a=b"),
            alloc::format!("400;a=b;chunk-signature={SIGNATURE}"),
            alloc::format!("400;chunk-signature={}*", &SIGNATURE[..63]),
        ] {
            assert!(ChunkHeader::parse(line.as_bytes(), Some(Algorithm::Hmac)).is_none(), "{line}");
            assert!(ChunkHeader::parse(line.as_bytes(), None).is_none() || line == "400", "{line}");
        }
    }

    #[test]
    fn splits_a_trailer_at_its_first_colon() {
        assert_eq!(parse_trailer(b"a: b:c \t"), Some(("a", "b:c")));
        assert_eq!(parse_trailer(b"a :b"), Some(("a ", "b")));
        assert_eq!(parse_trailer(b"a"), None);
        assert_eq!(parse_trailer(b"a:\xff"), None);
    }
}
