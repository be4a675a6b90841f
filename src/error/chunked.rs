//! [`EncodeError`], the reason why a chunked body cannot be encoded, and [`DecodeError`], the
//! reason why one is rejected.
//!
//! Codes, statuses and most messages of [`DecodeError`] are those of the S3 API
//! Reference, "Error responses".

use alloc::string::String;
use core::fmt;

use super::ChecksumError;
use crate::checksum::Checksum;

/// The reason why a chunked body cannot be encoded: a mistake of the program that sends it.
///
/// ```
/// use countersign::chunked::{ChunkedBody, EncodeError};
///
/// let error = ChunkedBody::signed(66_560).with_chunk_size(1024).unwrap_err();
/// assert!(matches!(error, EncodeError::InvalidChunkSize { size: 1024, .. }));
/// assert_eq!(
///     error.to_string(),
///     "a chunk size of 1024 bytes is not allowed: it must be at least 8192 bytes and fit in memory",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The chunk size is below S3's minimum, or exceeds the address space.
    #[non_exhaustive]
    InvalidChunkSize {
        /// The requested size in bytes.
        size: u64,
        /// The minimum.
        min: u64,
    },
    /// The trailer cannot be sent: its name is not a header name, is repeated or is
    /// reserved; or it is a second checksum; or the body has too many trailers; or its
    /// value is not visible ASCII.
    #[non_exhaustive]
    InvalidTrailer {
        /// The trailer's name.
        name: String,
    },
    /// The trailers passed after the data differ from the declared ones: a trailer
    /// is not declared, is missing, is repeated, has another length than was
    /// declared, or is not visible ASCII.
    #[non_exhaustive]
    TrailerMismatch {
        /// The trailer's name.
        name: String,
    },
    /// Checksums need the feature `checksums`, which is not enabled.
    #[non_exhaustive]
    UnsupportedChecksum {
        /// The requested checksum.
        checksum: Checksum,
    },
    /// The data passed to the encoder exceeds the declared length. The encoder takes no
    /// byte of it.
    #[non_exhaustive]
    TooMuchData {
        /// The declared length in bytes.
        declared: u64,
    },
    /// The data ended before the declared length.
    #[non_exhaustive]
    TooLittleData {
        /// The declared length in bytes.
        declared: u64,
        /// The number of bytes that the encoder received.
        given: u64,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidChunkSize { size, min } => write!(
                f,
                "a chunk size of {size} bytes is not allowed: it must be at least {min} bytes and fit in memory"
            ),
            Self::InvalidTrailer { name } => write!(
                f,
                "the trailer {name:?} cannot be sent: it needs a header name that is not repeated or reserved and \
                 a value of visible ASCII; a body has at most 16 trailers and one checksum"
            ),
            Self::TrailerMismatch { name } => write!(
                f,
                "the trailer {name:?} differs from its declaration: each declared trailer needs one value of \
                 visible ASCII with the declared length"
            ),
            Self::UnsupportedChecksum { checksum } => {
                write!(f, "computing {} needs the feature `checksums`", checksum.name())
            }
            Self::TooMuchData { declared } => {
                write!(f, "the data exceeds the declared length of {declared} bytes")
            }
            Self::TooLittleData { declared, given } => {
                write!(f, "the data has {given} bytes, but {declared} were declared")
            }
        }
    }
}

impl core::error::Error for EncodeError {}

/// The reason why a server rejects a chunked body.
///
/// `?` converts it to a [`VerifyError`](crate::VerifyError), which writes S3's XML.
///
/// ```
/// use countersign::VerifyError;
/// use countersign::chunked::DecodeError;
///
/// let error = DecodeError::MalformedTrailer;
/// assert_eq!((error.code(), error.status()), ("MalformedTrailerError", 400));
/// assert_eq!(VerifyError::from(error).code(), "MalformedTrailerError");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The request does not have a chunked body.
    NotChunked,
    /// `x-amz-decoded-content-length` is missing, or is not a decimal number.
    InvalidDecodedLength,
    /// `x-amz-trailer` is present in a mode without trailers, or is not a list of distinct
    /// names that trailers can have.
    InvalidTrailerNames,
    /// `x-amz-trailer` announces a checksum that this build does not compute, or
    /// a second checksum. [`Decoder::new_with`](crate::chunked::Decoder::new_with) can hand the
    /// former over.
    #[non_exhaustive]
    UnsupportedChecksum {
        /// The trailer's name, truncated.
        name: String,
    },
    /// The headers declare more than one checksum, or declare it wrongly.
    Checksum(ChecksumError),
    /// The line before a chunk's data, or the line ending after it, is malformed.
    #[non_exhaustive]
    MalformedChunk {
        /// The chunk's number, counted from 1.
        chunk: u64,
    },
    /// A chunk other than the last is below the minimum size.
    #[non_exhaustive]
    ChunkTooSmall {
        /// The chunk's number, counted from 1.
        chunk: u64,
        /// The chunk's size in bytes.
        size: u64,
        /// The minimum.
        min: u64,
    },
    /// A signed chunk exceeds the maximum that the decoder buffers.
    #[non_exhaustive]
    ChunkTooLarge {
        /// The chunk's number, counted from 1.
        chunk: u64,
        /// The chunk's size in bytes.
        size: u64,
        /// The maximum.
        max: u64,
    },
    /// A chunk exceeds the signed length. The decoder releases no byte of it.
    #[non_exhaustive]
    TooMuchData {
        /// The signed length in bytes.
        declared: u64,
    },
    /// The signature of a chunk, or of the trailers, does not match.
    #[non_exhaustive]
    SignatureDoesNotMatch {
        /// The chunk's number, counted from 1; the trailers count as one chunk.
        chunk: u64,
    },
    /// The trailers are malformed, differ from the announced ones, or are not
    /// signed although the mode requires it.
    MalformedTrailer,
    /// A trailer ends with a line feed without a carriage return, as MinIO's client for Go writes
    /// it. [`LineEndings::MinioGo`](crate::chunked::LineEndings::MinioGo) allows it.
    TrailerLineFeed,
    /// The checksum in the trailers does not have the form of its algorithm.
    #[non_exhaustive]
    InvalidChecksum {
        /// The algorithm.
        checksum: Checksum,
    },
    /// The checksum in the trailers is not that of the data.
    #[non_exhaustive]
    BadDigest {
        /// The algorithm.
        checksum: Checksum,
        /// The checksum in the trailers.
        received: String,
        /// The checksum of the data.
        computed: String,
    },
    /// The body contains bytes after its final line.
    DataAfterEnd,
    /// The body ended before its final line.
    #[non_exhaustive]
    Incomplete {
        /// The signed length in bytes.
        declared: u64,
        /// The number of data bytes received.
        received: u64,
    },
}

impl DecodeError {
    /// Returns S3's error code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotChunked
            | Self::InvalidTrailerNames
            | Self::UnsupportedChecksum { .. }
            | Self::InvalidChecksum { .. } => "InvalidRequest",
            Self::InvalidDecodedLength => "MissingContentLength",
            Self::ChunkTooSmall { .. } | Self::ChunkTooLarge { .. } => "InvalidChunkSizeError",
            Self::SignatureDoesNotMatch { .. } => "SignatureDoesNotMatch",
            Self::Checksum(error) => error.code(),
            Self::MalformedTrailer | Self::TrailerLineFeed => "MalformedTrailerError",
            Self::BadDigest { .. } => "BadDigest",
            Self::MalformedChunk { .. }
            | Self::TooMuchData { .. }
            | Self::DataAfterEnd
            | Self::Incomplete { .. } => "IncompleteBody",
        }
    }

    /// Returns the HTTP status that S3 sends with the code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignatureDoesNotMatch { .. } => 403,
            Self::InvalidDecodedLength => 411,
            _ => 400,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotChunked => f.write_str("The request does not have an aws-chunked body."),
            Self::InvalidDecodedLength => f.write_str(
                "You must provide the Content-Length HTTP header: x-amz-decoded-content-length, signed, in digits.",
            ),
            Self::InvalidTrailerNames | Self::UnsupportedChecksum { .. } => {
                f.write_str("The value specified in the x-amz-trailer header is not supported")
            }
            Self::MalformedChunk { chunk } => write!(f, "The request body is malformed at chunk {chunk}."),
            Self::ChunkTooSmall { min, .. } => {
                write!(f, "Only the last chunk is allowed to have a size less than {min} bytes")
            }
            Self::ChunkTooLarge { max, .. } => write!(f, "A chunk is allowed to have at most {max} bytes"),
            Self::TooMuchData { .. } => {
                f.write_str("The request body has more bytes than x-amz-decoded-content-length specifies.")
            }
            Self::SignatureDoesNotMatch { .. } => f.write_str(
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            Self::MalformedTrailer => f.write_str(
                "The request contained trailing data that was not well-formed or did not conform to our published \
                 schema.",
            ),
            Self::Checksum(error) => error.fmt(f),
            Self::TrailerLineFeed => f.write_str(
                "A trailer ends with a line feed without a carriage return. The server accepts it only with \
                 LineEndings::MinioGo.",
            ),
            Self::InvalidChecksum { checksum } => {
                write!(f, "Value for {} trailing header is invalid.", checksum.name())
            }
            Self::BadDigest { checksum, .. } => {
                write!(f, "The {} you specified did not match the calculated checksum.", checksum.algorithm())
            }
            Self::DataAfterEnd => f.write_str("The request body contains data after its end."),
            Self::Incomplete { .. } => f.write_str("The request body terminated unexpectedly"),
        }
    }
}

impl core::error::Error for DecodeError {}
