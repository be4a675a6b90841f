//! Reads the headers that announce a chunked body.
//!
//! ```text
//! x-amz-decoded-content-length = 1*DIGIT
//! x-amz-trailer                = name *( "," name )      only in the modes that end in -TRAILER
//! ```
//!
//! Only signed headers are read. The module `chunked` decodes the body.

use alloc::string::String;
use alloc::vec::Vec;

use super::declared_checksum;
use crate::bytes::truncated;
use crate::canonical::is_token;
use crate::checksum::{Checksum, PREFIX, UnknownChecksums, is_checksum_name};
use crate::error::DecodeError;
use crate::payload::StreamingMode;
use crate::steps::Algorithm;

/// The header that states the length of the data without its framing.
pub(crate) const DECODED_CONTENT_LENGTH: &str = "x-amz-decoded-content-length";
/// The header that lists the names of the trailers.
pub(crate) const TRAILER: &str = "x-amz-trailer";
/// The trailer that signs the other trailers. A request cannot announce it.
pub(crate) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// The length, trailers and checksum that a request announces for its chunked body.
pub(crate) struct StreamHeaders {
    /// The length of the data in bytes.
    pub(crate) decoded_length: u64,
    pub(crate) trailer_names: TrailerNames,
    /// The checksum among the trailers that this build can compute.
    pub(crate) checksum: Option<Checksum>,
    /// The name of the checksum among the trailers that this build cannot compute.
    pub(crate) unknown_checksum: Option<String>,
}

impl StreamHeaders {
    /// Reads the headers. `headers` returns the signed headers, with names in lower case.
    ///
    /// S3 accepts a body without trailers in the modes with trailers.
    pub(crate) fn read<'a, I: Iterator<Item = (&'a [u8], &'a [u8])>>(
        mode: StreamingMode,
        headers: impl Fn() -> I,
        unknown: UnknownChecksums,
    ) -> Result<Self, DecodeError> {
        let header = |wanted: &str| headers().find(|(name, _)| *name == wanted.as_bytes());
        let length = header(DECODED_CONTENT_LENGTH).and_then(|(_, length)| parse_length(length));
        let mut stream = Self {
            decoded_length: length.ok_or(DecodeError::InvalidDecodedLength)?,
            trailer_names: TrailerNames::default(),
            checksum: None,
            unknown_checksum: None,
        };
        match (mode.has_trailers(), header(TRAILER)) {
            (true, Some((_, names))) => stream.read_trailer_names(mode, names, unknown)?,
            (_, None) => {}
            (false, Some(_)) => return Err(DecodeError::InvalidTrailerNames),
        }
        declared_checksum::read(headers()).map_err(DecodeError::Checksum)?;
        Ok(stream)
    }

    fn read_trailer_names(
        &mut self,
        mode: StreamingMode,
        names: &[u8],
        unknown: UnknownChecksums,
    ) -> Result<(), DecodeError> {
        let names = core::str::from_utf8(names).map_err(|_| DecodeError::InvalidTrailerNames)?;
        for name in names.split(',').map(|name| name.trim_matches([' ', '\t']).to_ascii_lowercase()) {
            if !self.trailer_names.declare(&name) {
                return Err(DecodeError::InvalidTrailerNames);
            }
            if name.starts_with(PREFIX) {
                self.read_checksum_name(name, unknown)?;
            } else if Algorithm::of_streaming_mode(mode).is_none() {
                // Nothing proves such a trailer: it is not signed, and it is not a checksum.
                return Err(DecodeError::InvalidTrailerNames);
            }
        }
        Ok(())
    }

    /// Accepts one checksum, because S3 allows one for each body.
    fn read_checksum_name(&mut self, name: String, unknown: UnknownChecksums) -> Result<(), DecodeError> {
        let is_first = self.checksum.is_none() && self.unknown_checksum.is_none();
        let known = Checksum::from_name(&name).filter(|_| Checksum::is_supported());
        match (known, unknown) {
            (Some(checksum), _) if is_first => self.checksum = Some(checksum),
            (None, UnknownChecksums::HandOver) if is_first && is_checksum_name(&name) => {
                self.unknown_checksum = Some(name);
            }
            _ => return Err(DecodeError::UnsupportedChecksum { name: truncated(&name) }),
        }
        Ok(())
    }
}

/// Parses one or more decimal digits, without a sign.
fn parse_length(value: &[u8]) -> Option<u64> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// The names of a body's trailers: in lower case, sorted, without repetition.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrailerNames(Vec<String>);

impl TrailerNames {
    /// Adds a name, in any case. Returns false if it is not a header name, is
    /// [`TRAILER_SIGNATURE`], is repeated, or exceeds [`MAX_TRAILERS`].
    #[must_use]
    pub(crate) fn declare(&mut self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if !is_token(name.as_bytes()) || name == TRAILER_SIGNATURE || self.0.len() >= MAX_TRAILERS {
            return false;
        }
        match self.0.binary_search(&name) {
            Ok(_) => false,
            Err(index) => {
                self.0.insert(index, name);
                true
            }
        }
    }
}

impl IntoIterator for TrailerNames {
    type Item = String;
    type IntoIter = alloc::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The maximum number of trailers. S3 defines one, the checksum.
const MAX_TRAILERS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        mode: StreamingMode,
        length: Option<&str>,
        names: Option<&str>,
    ) -> Result<StreamHeaders, DecodeError> {
        let headers = [(DECODED_CONTENT_LENGTH, length), (TRAILER, names)];
        let headers =
            || headers.iter().filter_map(|(name, value)| Some((name.as_bytes(), (*value)?.as_bytes())));
        StreamHeaders::read(mode, headers, UnknownChecksums::Refuse)
    }

    #[test]
    fn reads_the_decoded_length_as_digits_only() {
        for (value, expected) in [("0", 0), ("66560", 66_560), ("007", 7), ("18446744073709551615", u64::MAX)]
        {
            let headers = read(StreamingMode::Signed, Some(value), None).expect("digits");
            assert_eq!(headers.decoded_length, expected);
        }
        for value in ["", "+1", "-1", "1 ", "0x10", "18446744073709551616"] {
            let error = read(StreamingMode::Signed, Some(value), None).err();
            assert_eq!(error, Some(DecodeError::InvalidDecodedLength), "{value:?}");
        }
        assert_eq!(read(StreamingMode::Signed, None, None).err(), Some(DecodeError::InvalidDecodedLength));
    }

    #[test]
    fn allows_trailer_names_only_in_the_trailer_modes() {
        assert!(read(StreamingMode::SignedTrailer, Some("1"), Some("a, B ,c")).is_ok());
        assert!(read(StreamingMode::SignedTrailer, Some("1"), None).is_ok());
        assert!(read(StreamingMode::UnsignedTrailer, Some("1"), None).is_ok());
        for (mode, names) in [
            (StreamingMode::Signed, Some("a")),
            (StreamingMode::SignedTrailer, Some("")),
            (StreamingMode::SignedTrailer, Some("a,,b")),
            (StreamingMode::SignedTrailer, Some("a,A")),
            (StreamingMode::SignedTrailer, Some("a b")),
            (StreamingMode::SignedTrailer, Some("x-amz-trailer-signature")),
            // Nothing confirms a trailer that is neither signed nor a checksum.
            (StreamingMode::UnsignedTrailer, Some("x-amz-meta-a")),
        ] {
            assert_eq!(
                read(mode, Some("1"), names).err(),
                Some(DecodeError::InvalidTrailerNames),
                "{names:?}"
            );
        }
    }

    #[cfg(feature = "checksums")]
    #[test]
    fn accepts_one_checksum_that_it_can_compute() {
        let headers =
            read(StreamingMode::UnsignedTrailer, Some("1"), Some("X-Amz-Checksum-Crc32")).expect("known");
        assert_eq!(headers.checksum, Some(Checksum::Crc32));
        for (names, refused) in [
            ("x-amz-checksum-crc16", "x-amz-checksum-crc16"),
            ("x-amz-checksum-crc32,x-amz-checksum-sha1", "x-amz-checksum-sha1"),
        ] {
            let error = read(StreamingMode::SignedTrailer, Some("1"), Some(names)).err();
            assert_eq!(error, Some(DecodeError::UnsupportedChecksum { name: refused.into() }));
        }
    }

    #[test]
    fn limits_the_number_of_trailers() {
        let mut names = TrailerNames::default();
        for index in 0..MAX_TRAILERS {
            assert!(names.declare(&alloc::format!("x-{index}")));
        }
        assert!(!names.declare("x-one-more"));
    }
}
