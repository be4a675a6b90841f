//! Why a form is refused.
//!
//! Codes, texts and statuses are those of the S3 API Reference, "Error
//! responses", as far as it has them.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{InvalidPolicy, MalformedAuthorization, shown};
use crate::steps::is_secret;
use crate::time::Timestamp;

/// Why a form is refused; inside [`VerifyError::Form`](crate::VerifyError::Form).
///
/// ```
/// use countersign::VerifyError;
/// use countersign::post_policy::FormError;
///
/// let error = VerifyError::from(FormError::MissingField { name: "policy" });
/// assert_eq!((error.code(), error.status()), ("InvalidArgument", 400));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// More, or longer, than the [`Limits`](crate::Limits) allow.
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// The method is not `POST`.
    NotPost,
    /// A field, its name without case, stands twice.
    RepeatedField {
        /// Its name in lower case.
        name: String,
    },
    /// A name, or a value, with control characters.
    InvalidField {
        /// Its name in lower case.
        name: String,
    },
    /// There is no file, or one among the fields before it.
    NotOneFile,
    /// A field that every signed form has is not there, or stands behind the file.
    MissingField {
        /// Its name.
        name: &'static str,
    },
    /// `x-amz-date` is not a time as `YYYYMMDDTHHMMSSZ`.
    InvalidDate,
    /// `x-amz-credential` has not its proper form.
    InvalidCredential(MalformedAuthorization),
    /// `x-amz-signature` is not 64 lower-case hex digits.
    InvalidSignature,
    /// The policy is not one.
    InvalidPolicyDocument(InvalidPolicy),
    /// The policy has expired.
    PolicyExpired {
        /// The last second at which it was good.
        at: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// The form has a field `bucket` that is not the bucket it was sent to.
    WrongBucket,
    /// A field is not there, or not what the policy asks for.
    ConditionFailed {
        /// `eq` or `starts-with`.
        operator: &'static str,
        /// The field's name in lower case.
        name: String,
        /// What it should be or begin with; empty where that is a secret.
        expected: String,
    },
    /// The policy does not fix what it must: the bucket, or a field of the
    /// signature's own by an exact value.
    NotFixed {
        /// Which.
        name: &'static str,
    },
    /// A field that the policy does not name.
    ExtraField {
        /// Its name in lower case.
        name: String,
    },
    /// The key is empty.
    EmptyKey,
    /// The key has over 1,024 bytes.
    KeyTooLong,
    /// The file is longer than the policy allows.
    EntityTooLarge {
        /// How many bytes have come.
        received: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// The file is shorter than the policy asks.
    EntityTooSmall {
        /// How many bytes came.
        received: u64,
        /// The least that is asked.
        least: u64,
    },
}

impl FormError {
    /// S3's code.
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
            | Self::NotFixed { .. }
            | Self::ExtraField { .. } => "AccessDenied",
            Self::KeyTooLong => "KeyTooLongError",
            Self::EntityTooLarge { .. } => "EntityTooLarge",
            Self::EntityTooSmall { .. } => "EntityTooSmall",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidSignature
            | Self::PolicyExpired { .. }
            | Self::WrongBucket
            | Self::ConditionFailed { .. }
            | Self::NotFixed { .. }
            | Self::ExtraField { .. } => 403,
            Self::NotPost => 405,
            _ => 400,
        }
    }

    /// What S3's error document says beside code and message.
    pub(crate) fn facts(&self, mut element: impl FnMut(&str, &str)) {
        match self {
            Self::EntityTooLarge { received, most } => {
                element("ProposedSize", &format!("{received}"));
                element("MaxSizeAllowed", &format!("{most}"));
            }
            Self::EntityTooSmall { received, least } => {
                element("ProposedSize", &format!("{received}"));
                element("MinSizeAllowed", &format!("{least}"));
            }
            _ => {}
        }
    }

    pub(crate) fn condition_failed(operator: &'static str, name: &str, expected: &str) -> Self {
        let name = shown(&name.to_ascii_lowercase());
        let expected = if is_secret(&name) { String::new() } else { shown(expected) };
        Self::ConditionFailed { operator, name, expected }
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
            Self::TooLarge { what, limit } => write!(f, "The form has more {what} than the {limit} allowed."),
            Self::NotPost => f.write_str("The specified method is not allowed against this resource."),
            Self::RepeatedField { name } => write!(f, "The form has the field {name:?} twice."),
            Self::InvalidField { name } => write!(f, "The field {name:?} holds control characters."),
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
            Self::NotFixed { name } => {
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

impl core::error::Error for FormError {}
