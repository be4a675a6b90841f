//! [`BodyError`] and [`EncodeBodyError`], the errors of the bodies of the feature `http-body`.

use core::error::Error;
use core::fmt;

use super::{EncodeError, VerifyError};

/// The reason why a received body ends before its proof. `E` is the error of the body that was read.
///
/// ```
/// use countersign::http_body::BodyError;
/// use countersign::VerifyError;
///
/// let error: BodyError<std::io::Error> = BodyError::Verify(VerifyError::UnsignedBody);
/// assert_eq!(error.verify_error(), Some(&VerifyError::UnsignedBody));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError<E> {
    /// The body is not the one that was signed.
    Verify(VerifyError),
    /// The body could not be read.
    Body(E),
    /// The body is longer than the length that its request states.
    #[non_exhaustive]
    TooMuchData {
        /// The length in bytes that the request states.
        declared: u64,
    },
    /// The body is longer than the caller allows.
    #[non_exhaustive]
    TooLarge {
        /// The maximum in bytes.
        max: usize,
    },
}

impl<E> BodyError<E> {
    /// Returns the reason for the refusal of the body. Returns `None` if the body could not be read, or is
    /// too long.
    #[must_use]
    pub const fn verify_error(&self) -> Option<&VerifyError> {
        match self {
            Self::Verify(error) => Some(error),
            _ => None,
        }
    }
}

impl<E: fmt::Display> fmt::Display for BodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verify(error) => write!(f, "the body is refused: {error}"),
            Self::Body(error) => write!(f, "the body cannot be read: {error}"),
            Self::TooMuchData { declared } => {
                write!(f, "the body is longer than the {declared} bytes that its request states")
            }
            Self::TooLarge { max } => write!(f, "the body is longer than the maximum of {max} bytes"),
        }
    }
}

impl<E: Error + 'static> Error for BodyError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Verify(error) => Some(error),
            Self::Body(error) => Some(error),
            Self::TooMuchData { .. } | Self::TooLarge { .. } => None,
        }
    }
}

/// Returns the [`VerifyError`] in an error or in its chain of sources, such as in the error of a
/// framework that has read a body.
///
/// ```
/// use countersign::http_body::{BodyError, verify_error};
/// use countersign::VerifyError;
///
/// let error: BodyError<std::io::Error> = BodyError::Verify(VerifyError::UnsignedBody);
/// let error = std::io::Error::other(error); // a framework wraps the error of the body
/// assert_eq!(verify_error(&error), Some(&VerifyError::UnsignedBody));
/// ```
#[must_use]
pub fn verify_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e VerifyError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The reason why a body cannot be sent in chunks. `E` is the error of the body with the data.
///
/// ```
/// use countersign::chunked::{ChunkedBody, EncodeError};
/// use countersign::http_body::EncodeBodyError;
///
/// let error = ChunkedBody::signed(1).with_chunk_size(1).unwrap_err();
/// let error: EncodeBodyError<std::io::Error> = EncodeBodyError::Encode(error);
/// assert!(error.to_string().starts_with("the body cannot be encoded: "));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum EncodeBodyError<E> {
    /// The data does not fit what the request announces.
    Encode(EncodeError),
    /// The data could not be read.
    Body(E),
}

impl<E: fmt::Display> fmt::Display for EncodeBodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode(error) => write!(f, "the body cannot be encoded: {error}"),
            Self::Body(error) => write!(f, "the data cannot be read: {error}"),
        }
    }
}

impl<E: Error + 'static> Error for EncodeBodyError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => Some(error),
            Self::Body(error) => Some(error),
        }
    }
}
