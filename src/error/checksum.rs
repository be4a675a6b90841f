//! [`ChecksumError`], the reason why the checksums that a request declares are refused.
//!
//! Codes and messages are those of S3.

use alloc::string::String;
use core::fmt;

use crate::checksum::Checksum;

/// The reason why a server refuses the checksums that a request declares in its headers.
///
/// `?` converts it to a [`VerifyError`](crate::VerifyError), which writes S3's XML.
///
/// ```
/// use countersign::{ChecksumError, VerifyError};
///
/// let error = ChecksumError::Several;
/// assert_eq!((error.code(), error.status()), ("InvalidRequest", 400));
/// assert_eq!(VerifyError::from(error).code(), "InvalidRequest");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChecksumError {
    /// The request has several `x-amz-checksum-` headers. S3 allows one.
    Several,
    /// The request has an `x-amz-checksum-` header and the header `x-amz-trailer`.
    HeaderAndTrailer,
    /// `x-amz-sdk-checksum-algorithm` names another algorithm than the one that the request
    /// declares.
    #[non_exhaustive]
    SdkAlgorithmMismatch {
        /// The value of `x-amz-sdk-checksum-algorithm`, truncated.
        algorithm: String,
    },
    /// The request has `x-amz-sdk-checksum-algorithm`, and declares no checksum.
    SdkAlgorithmAlone,
    /// The request declares a checksum that this build does not compute.
    #[non_exhaustive]
    Unsupported {
        /// The name of the header, truncated.
        name: String,
    },
    /// The value of a checksum is not Base64 of a digest of its algorithm.
    #[non_exhaustive]
    Invalid {
        /// The algorithm.
        checksum: Checksum,
    },
    /// The value of `Content-MD5` is not Base64 of 16 bytes.
    InvalidContentMd5,
    /// A checksum is not that of the data.
    #[non_exhaustive]
    BadDigest {
        /// The algorithm.
        checksum: Checksum,
        /// The checksum that the request declares, in Base64.
        declared: String,
        /// The checksum of the data, in Base64.
        computed: String,
    },
    /// The value of `Content-MD5` is not that of the data.
    #[non_exhaustive]
    BadContentMd5 {
        /// The digest that the request declares, in Base64.
        declared: String,
        /// The digest of the data, in Base64.
        computed: String,
    },
}

impl ChecksumError {
    /// Returns S3's error code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Several
            | Self::HeaderAndTrailer
            | Self::SdkAlgorithmMismatch { .. }
            | Self::SdkAlgorithmAlone
            | Self::Unsupported { .. }
            | Self::Invalid { .. } => "InvalidRequest",
            Self::InvalidContentMd5 => "InvalidDigest",
            Self::BadDigest { .. } | Self::BadContentMd5 { .. } => "BadDigest",
        }
    }

    /// Returns the HTTP status that S3 sends with the code: 400.
    #[must_use]
    pub const fn status(&self) -> u16 {
        400
    }
}

impl fmt::Display for ChecksumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several => f.write_str(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ),
            Self::HeaderAndTrailer => f.write_str("Expecting a single x-amz-checksum- header"),
            Self::SdkAlgorithmMismatch { .. } => {
                f.write_str("Value for x-amz-sdk-checksum-algorithm header is invalid.")
            }
            Self::SdkAlgorithmAlone => f.write_str(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer \
                 headers were found.",
            ),
            Self::Unsupported { name } => {
                write!(f, "The algorithm type you specified in x-amz-checksum- header is invalid: {name}")
            }
            Self::Invalid { checksum } => write!(f, "Value for {} header is invalid.", checksum.name()),
            Self::InvalidContentMd5 => f.write_str("The Content-MD5 you specified was invalid."),
            Self::BadDigest { checksum, .. } => {
                write!(f, "The {} you specified did not match the calculated checksum.", checksum.algorithm())
            }
            Self::BadContentMd5 { .. } => {
                f.write_str("The Content-MD5 you specified did not match what we received.")
            }
        }
    }
}

impl core::error::Error for ChecksumError {}
