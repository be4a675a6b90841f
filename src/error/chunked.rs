//! What goes wrong: a sender's mistakes, and what a receiver refuses.
//!
//! Codes, texts and statuses are those of the S3 API Reference, "Error
//! responses".

use alloc::string::String;
use core::fmt;

use crate::chunked::Checksum;

/// Why a body cannot be sent as it was described: a programmer's mistakes.
///
/// ```
/// use countersign::chunked::{Body, EncodeError};
///
/// let error = Body::signed(66_560).chunk_size(1024).unwrap_err();
/// assert_eq!(error, EncodeError::ChunkSize { size: 1024, minimum: 8192 });
/// assert_eq!(error.to_string(), "chunks of 1024 bytes are under the 8192 that AWS takes");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// Chunks that are smaller than AWS takes.
    ChunkSize {
        /// The size that was asked for.
        size: usize,
        /// The least.
        minimum: usize,
    },
    /// A trailer that was not declared, stands twice, is missing, has another
    /// length than was declared, or cannot be sent.
    Trailer {
        /// Its name.
        name: String,
    },
    /// An unsigned body needs a checksum, or another trailer.
    NoTrailer,
    /// The feature `checksums` is not enabled.
    UnsupportedChecksum(Checksum),
    /// The signature is not this signer's.
    OtherSigner,
    /// The signer is one of SigV4a and the chunks are to be signed with HMAC, or
    /// the reverse. [`Body::signed_by`](super::Body::signed_by) asks the signer.
    OtherAlgorithm,
    /// What was signed does not announce this body: a header of
    /// [`Body::headers`](super::Body::headers) is missing or says something
    /// else, or the payload is not [`Body::payload`](super::Body::payload).
    NotAnnounced {
        /// The header's name.
        name: &'static str,
    },
    /// More data than was declared. None of the piece was taken.
    TooMuchData {
        /// The length that was declared.
        declared: u64,
    },
    /// Less data than was declared.
    TooLittleData {
        /// The length that was declared.
        declared: u64,
        /// What came.
        given: u64,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChunkSize { size, minimum } => {
                write!(f, "chunks of {size} bytes are under the {minimum} that AWS takes")
            }
            Self::Trailer { name } => {
                write!(
                    f,
                    "the trailer {name:?} is not what was declared: once, with a value of the declared length"
                )
            }
            Self::NoTrailer => f.write_str("an unsigned body needs a checksum"),
            Self::UnsupportedChecksum(checksum) => {
                write!(f, "{} needs the feature `checksums`", checksum.name())
            }
            Self::OtherSigner => f.write_str("the signature to continue from is not this signer's"),
            Self::OtherAlgorithm => {
                f.write_str("the signer has another algorithm than the chunks; take `Body::signed_by`")
            }
            Self::NotAnnounced { name } => {
                write!(
                    f,
                    "the signed header {name:?} does not announce this body; take it from `Body::headers`"
                )
            }
            Self::TooMuchData { declared } => write!(f, "more data than the {declared} bytes declared"),
            Self::TooLittleData { declared, given } => {
                write!(f, "{given} bytes of data of the {declared} declared")
            }
        }
    }
}

impl core::error::Error for EncodeError {}

/// Why a chunked body is refused: what an adversary, or a broken client, sent.
///
/// [`VerifyError`](crate::VerifyError) takes it up with `?`, and writes S3's XML.
///
/// ```
/// use countersign::VerifyError;
/// use countersign::chunked::DecodeError;
///
/// let error = DecodeError::SignatureDoesNotMatch { chunk: 3 };
/// assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
/// assert_eq!(VerifyError::from(error).code(), "SignatureDoesNotMatch");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The request is of another mode: there is nothing to decode.
    NotChunked,
    /// `x-amz-decoded-content-length` is missing, or is not digits.
    DecodedLength,
    /// `x-amz-trailer` is missing where the mode has trailers, is there where
    /// it has none, or is not a list of names that can be taken.
    TrailerNames,
    /// A checksum is announced that is not computed here, or a second one.
    UnsupportedChecksum {
        /// The trailer's name, cut short.
        name: String,
    },
    /// The line before a chunk's data, or the line end behind it, is malformed.
    MalformedChunk {
        /// The chunk, counted from 1.
        chunk: u64,
    },
    /// A chunk is smaller than is allowed for one that is not the last.
    ChunkTooSmall {
        /// The chunk, counted from 1.
        chunk: u64,
        /// Its size.
        size: u64,
        /// The least.
        minimum: u64,
    },
    /// A chunk is larger than is held back for its signature.
    ChunkTooLarge {
        /// The chunk, counted from 1.
        chunk: u64,
        /// Its size.
        size: u64,
        /// The most.
        maximum: u64,
    },
    /// A chunk goes beyond the length that was signed. None of it is released.
    TooMuchData {
        /// The length that was signed.
        declared: u64,
    },
    /// The signature of a chunk, or of the trailers, is wrong. No more is said.
    SignatureDoesNotMatch {
        /// The chunk, counted from 1; the trailers count as one.
        chunk: u64,
    },
    /// The trailers are malformed, not those that were announced, or not signed
    /// where they must be.
    MalformedTrailer,
    /// A checksum is not one of its kind.
    InvalidChecksum {
        /// Its kind.
        checksum: Checksum,
    },
    /// The data has another checksum.
    BadDigest {
        /// Its kind.
        checksum: Checksum,
        /// The one that came.
        received: String,
        /// The one of the data.
        computed: String,
    },
    /// The body goes on behind its end.
    DataAfterEnd,
    /// The body ended before its end.
    Incomplete {
        /// The length of the data that was signed.
        declared: u64,
        /// What came of it.
        received: u64,
    },
}

impl DecodeError {
    /// S3's code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotChunked
            | Self::TrailerNames
            | Self::UnsupportedChecksum { .. }
            | Self::InvalidChecksum { .. } => "InvalidRequest",
            Self::DecodedLength => "MissingContentLength",
            Self::ChunkTooSmall { .. } | Self::ChunkTooLarge { .. } => "InvalidChunkSizeError",
            Self::SignatureDoesNotMatch { .. } => "SignatureDoesNotMatch",
            Self::MalformedTrailer => "MalformedTrailerError",
            Self::BadDigest { .. } => "BadDigest",
            Self::MalformedChunk { .. }
            | Self::TooMuchData { .. }
            | Self::DataAfterEnd
            | Self::Incomplete { .. } => "IncompleteBody",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignatureDoesNotMatch { .. } => 403,
            Self::DecodedLength => 411,
            _ => 400,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotChunked => f.write_str("The request is not one with an aws-chunked body."),
            Self::DecodedLength => f.write_str(
                "You must provide the Content-Length HTTP header: x-amz-decoded-content-length, signed, in digits.",
            ),
            Self::TrailerNames | Self::UnsupportedChecksum { .. } => {
                f.write_str("The value specified in the x-amz-trailer header is not supported")
            }
            Self::MalformedChunk { chunk } => write!(f, "The request body is malformed at chunk {chunk}."),
            Self::ChunkTooSmall { minimum, .. } => {
                write!(f, "Only the last chunk is allowed to have a size less than {minimum} bytes")
            }
            Self::ChunkTooLarge { maximum, .. } => write!(f, "A chunk may have at most {maximum} bytes"),
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
            Self::InvalidChecksum { checksum } => {
                write!(f, "Value for {} trailing header is invalid.", checksum.name())
            }
            Self::BadDigest { checksum, .. } => {
                write!(f, "The {} you specified did not match the calculated checksum.", checksum.algorithm())
            }
            Self::DataAfterEnd => f.write_str("The request body goes on behind its end."),
            Self::Incomplete { .. } => f.write_str("The request body terminated unexpectedly"),
        }
    }
}

impl core::error::Error for DecodeError {}
