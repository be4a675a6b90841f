//! [`RejectedRequest`], a refused request for a log, and [`Rejection`], the reason.

use alloc::format;
use alloc::string::String;
use core::fmt;

use ::http::{Method, Response};

use super::{BoxError, RequestId};
use crate::error::VerifyError;
use crate::http::xml_response;
use crate::verify::Claim;

/// The reason why a request is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// The request or its body is not the one that was signed.
    Verify(VerifyError),
    /// The look-up of the key failed.
    FindKey(BoxError),
    /// The body had to be read before the signature could be verified, and could not be read.
    Body(BoxError),
    /// The body had to be read before the signature could be verified, and exceeds the limit.
    #[non_exhaustive]
    BodyTooLarge {
        /// The limit in bytes.
        max: usize,
    },
}

impl Rejection {
    /// Returns S3's error code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Verify(error) => error.code(),
            Self::FindKey(_) => "InternalError",
            Self::Body(_) => "IncompleteBody",
            Self::BodyTooLarge { .. } => "EntityTooLarge",
        }
    }

    /// Returns the HTTP status of the response.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Verify(error) => error.status(),
            Self::FindKey(_) => 500,
            Self::Body(_) => 400,
            Self::BodyTooLarge { .. } => 413,
        }
    }
}

/// Prints what a client may read: the error of a look-up is not printed.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verify(error) => error.fmt(f),
            Self::FindKey(_) => f.write_str("We encountered an internal error. Please try again."),
            Self::Body(_) => f.write_str("The request body could not be read."),
            Self::BodyTooLarge { max } => {
                write!(f, "Your proposed upload exceeds the maximum allowed size of {max} bytes.")
            }
        }
    }
}

/// A request that was refused, for a log: the reason, and the claim if there was one.
///
/// It contains no secret and no signature.
///
/// ```
/// use std::collections::HashMap;
///
/// use countersign::tower::{RejectedRequest, VerifyLayer};
/// use countersign::{Service, Verifier, VerifyError};
///
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let layer = VerifyLayer::new(verifier, HashMap::new()).on_rejected(|rejected: &RejectedRequest| {
///     eprintln!("{} {}: {}", rejected.request_id(), rejected.rejection().code(), rejected.path());
///     if let (Some(VerifyError::SignatureDoesNotMatch), Some(claim)) = (rejected.verify_error(), rejected.claim()) {
///         eprintln!("{}", claim.explain()); // the canonical request that the server computed
///     }
/// });
/// # let _ = layer;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RejectedRequest {
    pub(super) rejection: Rejection,
    pub(super) claim: Option<Claim>,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) request_id: RequestId,
}

impl RejectedRequest {
    /// Returns the reason.
    #[must_use]
    pub const fn rejection(&self) -> &Rejection {
        &self.rejection
    }

    /// Returns the reason if the request or its body is not the one that was signed.
    #[must_use]
    pub const fn verify_error(&self) -> Option<&VerifyError> {
        match &self.rejection {
            Rejection::Verify(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the claim of the request, if it was well-formed and in time. Nothing in it is proven.
    #[must_use]
    pub const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path as it was received, without the query, which can contain a signature.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the id that the response names.
    #[must_use]
    pub const fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// Returns S3's response: an XML document, or no body for a `HEAD` request.
    ///
    /// [`VerifyLayer::with_error_response`](super::VerifyLayer::with_error_response) sets another one.
    #[must_use]
    pub fn to_s3_response(&self) -> Response<String> {
        let (path, id) = (self.path(), self.request_id.as_str());
        match &self.rejection {
            Rejection::Verify(error) => error.to_response(&self.method, path, id),
            rejection => xml_response(&self.method, rejection.status(), id, || {
                // No value of the request is in the document, so nothing has to be escaped.
                let (code, request_id) = (rejection.code(), request_id_text(id));
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
                     <Message>{rejection}</Message><RequestId>{request_id}</RequestId></Error>"
                )
            }),
        }
    }
}

/// Returns the id if it has only visible ASCII without XML's special characters.
fn request_id_text(id: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>&\"'".contains(&byte);
    if id.bytes().all(is_plain) { id } else { "" }
}
