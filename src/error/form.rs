//! [`FormError`], the reason why a form is rejected.
//!
//! Codes, messages and statuses are those of the S3 API Reference, "Error responses", where it has
//! them.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{InvalidPolicy, MalformedAuthorization};
use crate::bytes::truncated;
use crate::time::Timestamp;

/// The reason why a form is rejected; inside [`VerifyError::Form`](crate::VerifyError::Form).
///
/// ```
/// use countersign::VerifyError;
/// use countersign::post_policy::FormError;
///
/// let error = VerifyError::from(FormError::EmptyKey);
/// assert_eq!((error.code(), error.status()), ("InvalidArgument", 400));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// The form exceeds one of the [`Limits`](crate::Limits).
    #[non_exhaustive]
    TooLarge {
        /// The limit.
        limit: FormLimit,
        /// The maximum.
        max: usize,
    },
    /// The method is not `POST`.
    NotPost,
    /// A field is repeated. Names are case-insensitive.
    #[non_exhaustive]
    RepeatedField {
        /// The name of the field, in lower case.
        name: String,
    },
    /// The name or the value of a field contains control characters, or is not UTF-8.
    #[non_exhaustive]
    InvalidField {
        /// The name of the field, in lower case.
        name: String,
    },
    /// The form has no file, or a file among the fields before it.
    NotOneFile,
    /// A required field is missing, or follows the file.
    #[non_exhaustive]
    MissingField {
        /// The name of the field.
        name: &'static str,
    },
    /// `x-amz-date` is not `YYYYMMDDTHHMMSSZ`.
    InvalidDate,
    /// `x-amz-credential` is malformed.
    InvalidCredential(MalformedAuthorization),
    /// `x-amz-signature` is not 64 lower-case hex digits.
    InvalidSignature,
    /// The policy document is invalid.
    InvalidPolicyDocument(InvalidPolicy),
    /// The policy has expired.
    #[non_exhaustive]
    PolicyExpired {
        /// The time from which on it is refused.
        at: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// The field `bucket` is not the bucket that the form was sent to.
    WrongBucket,
    /// A field is missing, or does not meet a condition of the policy.
    #[non_exhaustive]
    ConditionFailed {
        /// `eq` or `starts-with`.
        operator: &'static str,
        /// The name of the field, in lower case.
        name: String,
        /// The value or the prefix that the policy requires; empty if it is a secret.
        expected: String,
    },
    /// The policy has no condition for the bucket, or none that states the exact value of a field of
    /// the signature.
    #[non_exhaustive]
    MissingCondition {
        /// The name of the field.
        name: &'static str,
    },
    /// The form has a field that the policy does not name.
    #[non_exhaustive]
    ExtraField {
        /// The name of the field, in lower case.
        name: String,
    },
    /// The key is empty.
    EmptyKey,
    /// The key has more than 1,024 bytes.
    KeyTooLong,
    /// The file is longer than the policy allows.
    #[non_exhaustive]
    EntityTooLarge {
        /// The number of bytes received.
        received: u64,
        /// The maximum.
        max: u64,
    },
    /// The file is shorter than the policy requires.
    #[non_exhaustive]
    EntityTooSmall {
        /// The number of bytes received.
        received: u64,
        /// The minimum.
        min: u64,
    },
}

/// A limit on forms; inside [`FormError::TooLarge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormLimit {
    /// The number of fields.
    Fields,
    /// The bytes of the names and values of all fields.
    Bytes,
    /// The number of conditions of the policy.
    Conditions,
}

impl FormError {
    /// Returns the error of a field that the caller cannot pass on, for example because its value is
    /// not UTF-8.
    ///
    /// ```
    /// use countersign::post_policy::FormError;
    ///
    /// let error = FormError::invalid_field("Tagging");
    /// assert!(matches!(&error, FormError::InvalidField { name, .. } if name == "tagging"));
    /// assert_eq!(error.code(), "InvalidRequest");
    /// ```
    #[must_use]
    pub fn invalid_field(name: &str) -> Self {
        Self::InvalidField { name: truncated(&name.to_ascii_lowercase()) }
    }

    /// Returns S3's error code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "MaxMessageLengthExceeded",
            Self::NotPost => "MethodNotAllowed",
            Self::RepeatedField { .. }
            | Self::NotOneFile
            | Self::MissingField { .. }
            | Self::InvalidDate
            | Self::EmptyKey => "InvalidArgument",
            Self::InvalidField { .. } => "InvalidRequest",
            Self::InvalidCredential(_) => "AuthorizationQueryParametersError",
            Self::InvalidSignature => "SignatureDoesNotMatch",
            Self::InvalidPolicyDocument(_) => "InvalidPolicyDocument",
            Self::PolicyExpired { .. }
            | Self::WrongBucket
            | Self::ConditionFailed { .. }
            | Self::MissingCondition { .. }
            | Self::ExtraField { .. } => "AccessDenied",
            Self::KeyTooLong => "KeyTooLongError",
            Self::EntityTooLarge { .. } => "EntityTooLarge",
            Self::EntityTooSmall { .. } => "EntityTooSmall",
        }
    }

    /// Returns the HTTP status of the code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidSignature
            | Self::PolicyExpired { .. }
            | Self::WrongBucket
            | Self::ConditionFailed { .. }
            | Self::MissingCondition { .. }
            | Self::ExtraField { .. } => 403,
            Self::NotPost => 405,
            _ => 400,
        }
    }

    /// Calls `each` with the elements that S3 sends in addition to code and message.
    pub(crate) fn for_each_detail(&self, mut each: impl FnMut(&str, &str)) {
        match self {
            Self::EntityTooLarge { received, max } => {
                each("ProposedSize", &format!("{received}"));
                each("MaxSizeAllowed", &format!("{max}"));
            }
            Self::EntityTooSmall { received, min } => {
                each("ProposedSize", &format!("{received}"));
                each("MinSizeAllowed", &format!("{min}"));
            }
            _ => {}
        }
    }
}

impl From<InvalidPolicy> for FormError {
    fn from(invalid: InvalidPolicy) -> Self {
        Self::InvalidPolicyDocument(invalid)
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit, max } => write!(f, "The form has more {limit} than the {max} allowed."),
            Self::NotPost => f.write_str("The specified method is not allowed against this resource."),
            Self::RepeatedField { name } => write!(f, "The form has the field {name:?} twice."),
            Self::InvalidField { name } => {
                write!(f, "The field {name:?} contains control characters or is not UTF-8.")
            }
            Self::NotOneFile => f.write_str("POST requires exactly one file upload per request."),
            Self::MissingField { name } => write!(
                f,
                "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of \
                 the fields."
            ),
            Self::InvalidDate => f.write_str("X-Amz-Date must be formated via ISO8601 Long format"),
            Self::InvalidCredential(malformed) => {
                write!(f, "Error parsing the X-Amz-Credential parameter; {malformed}.")
            }
            Self::InvalidSignature => f.write_str(
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            Self::InvalidPolicyDocument(invalid) => write!(f, "Invalid Policy: {invalid}."),
            Self::PolicyExpired { .. } => f.write_str("Invalid according to Policy: Policy expired."),
            Self::WrongBucket => {
                f.write_str("Invalid according to Policy: the form's bucket is not the bucket it was sent to")
            }
            Self::ConditionFailed { operator, name, expected } => write!(
                f,
                "Invalid according to Policy: Policy Condition failed: [\"{operator}\", \"${name}\", \"{expected}\"]"
            ),
            Self::MissingCondition { name } => {
                write!(f, "Invalid according to Policy: no condition fixes the field {name}")
            }
            Self::ExtraField { name } => {
                write!(f, "Invalid according to Policy: Extra input fields: {name}")
            }
            Self::EmptyKey => f.write_str("User key must have a length greater than 0."),
            Self::KeyTooLong => f.write_str("Your key is too long"),
            Self::EntityTooLarge { .. } => {
                f.write_str("Your proposed upload exceeds the maximum allowed size")
            }
            Self::EntityTooSmall { .. } => {
                f.write_str("Your proposed upload is smaller than the minimum allowed size")
            }
        }
    }
}

impl fmt::Display for FormLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fields => "fields",
            Self::Bytes => "bytes of fields",
            Self::Conditions => "policy conditions",
        })
    }
}

impl core::error::Error for FormError {}
