//! [`InvalidPolicy`], what is wrong with a received policy document, and [`PolicyError`], what is wrong
//! with a policy to sign.

use alloc::string::String;
use core::fmt;

/// The fault in a received policy document, in the order in which it is read; inside
/// [`FormError::InvalidPolicyDocument`](crate::post_policy::FormError::InvalidPolicyDocument).
///
/// ```
/// use countersign::VerifyError;
/// use countersign::post_policy::{FormError, InvalidPolicy};
///
/// let error = VerifyError::from(FormError::from(InvalidPolicy::NoExpiration));
/// assert_eq!((error.code(), error.status()), ("InvalidPolicyDocument", 400));
/// assert_eq!(error.to_string(), "Invalid Policy: Policy missing expiration.");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidPolicy {
    /// The policy is not Base64 with the standard alphabet and padding.
    Base64,
    /// The document is not JSON.
    #[non_exhaustive]
    Json {
        /// The line of the error, from 1.
        line: usize,
        /// The column of the error, from 1.
        column: usize,
    },
    /// The document is not an object.
    NotAnObject,
    /// The document has a member other than `expiration` and `conditions`. Their names are
    /// case-sensitive.
    UnknownMember,
    /// A member is repeated.
    RepeatedMember,
    /// The `expiration` is missing.
    NoExpiration,
    /// The `conditions` are missing.
    NoConditions,
    /// The `expiration` is not a time.
    Expiration,
    /// The `conditions` are not a list.
    ConditionsNotAList,
    /// A condition is neither a list nor an object.
    NotACondition,
    /// A list does not begin with an operator.
    NoOperator,
    /// An operator is not `eq`, `starts-with` or `content-length-range`.
    UnknownOperator,
    /// An operator does not have two arguments.
    NotTwoArguments,
    /// The name of a field does not begin with `$`.
    NoDollar,
    /// An object does not have exactly one member.
    NotOneProperty,
    /// A field or its value is not a string.
    NotAString,
    /// The arguments of `content-length-range` are not two lengths, the smaller first.
    Range,
}

impl fmt::Display for InvalidPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "Invalid Base64 encoding",
            Self::Json { line, column } => {
                return write!(f, "Invalid JSON at line {line}, column {column}");
            }
            Self::NotAnObject => "Expecting an object",
            Self::UnknownMember => "Unexpected member: only 'expiration' and 'conditions' are allowed",
            Self::RepeatedMember => "A member is repeated",
            Self::NoExpiration => "Policy missing expiration",
            Self::NoConditions => "Policy missing conditions",
            Self::Expiration => "Invalid 'expiration' value",
            Self::ConditionsNotAList => "Invalid 'conditions' value: must be a List",
            Self::NotACondition => "Invalid condition test: must be a List or Object",
            Self::NoOperator => "Invalid Condition: missing operation identifier",
            Self::UnknownOperator => "Invalid Condition: unknown operation",
            Self::NotTwoArguments => "Invalid Condition: wrong number of arguments",
            Self::NoDollar => "Invalid Condition: the name of a field must begin with '$'",
            Self::NotOneProperty => {
                "Invalid Simple-Condition: Simple-Conditions must have exactly one property"
            }
            Self::NotAString => "Invalid Condition: value must be a string",
            Self::Range => "Invalid content-length-range: must be two lengths, the smaller one first",
        })
    }
}

impl core::error::Error for InvalidPolicy {}

/// The reason why a policy cannot be signed; inside [`SignError::Policy`](crate::SignError::Policy).
///
/// ```
/// use countersign::post_policy::{FormKey, PolicyError, PostPolicy};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let policy = PostPolicy::new("examplebucket", FormKey::starts_with(""), Expires::HOUR);
/// let error = signer.sign_post_policy(&policy, Timestamp::now()).unwrap_err();
/// assert_eq!(error, SignError::Policy(PolicyError::EmptyPrefix));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// The bucket's name is empty, or contains `/` or a character other than visible ASCII.
    InvalidBucket,
    /// The key is empty, has more than 1,024 bytes, or contains control characters or `${filename}`.
    /// [`FormKey::prefix_and_filename`](crate::post_policy::FormKey::prefix_and_filename) writes
    /// `${filename}`.
    InvalidKey,
    /// The key's prefix is empty, which would allow every key. To allow that, use
    /// [`FormKey::any`](crate::post_policy::FormKey::any).
    EmptyPrefix,
    /// The name of a field is empty, or contains a character that is not allowed in the name of a
    /// header, or `$`.
    #[non_exhaustive]
    InvalidFieldName {
        /// The name of the field.
        name: String,
    },
    /// A field is set by other means, or is one that servers ignore.
    #[non_exhaustive]
    ReservedField {
        /// The name of the field.
        name: String,
    },
    /// A field is set twice. Names are case-insensitive.
    #[non_exhaustive]
    RepeatedField {
        /// The name of the field, in lower case.
        name: String,
    },
    /// A value contains control characters, or `${filename}`, which the server replaces before it
    /// compares the value.
    #[non_exhaustive]
    InvalidFieldValue {
        /// The name of the field.
        name: String,
    },
    /// The range of the file's length is empty.
    EmptyRange,
    /// The policy would expire after the year 9999.
    ExpirationOutOfRange,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidBucket => {
                f.write_str("the bucket's name must consist of visible ASCII characters except '/'")
            }
            Self::InvalidKey => f.write_str(
                "the key must have 1 to 1,024 bytes, without control characters and without ${filename}; \
                 `FormKey::prefix_and_filename` writes ${filename}",
            ),
            Self::EmptyPrefix => {
                f.write_str("the key's prefix is empty; use `FormKey::any` to allow every key")
            }
            Self::InvalidFieldName { name } => {
                write!(f, "{name:?} is not a valid field name: it must be a valid header name without '$'")
            }
            Self::ReservedField { name } => {
                write!(
                    f,
                    "the field {name:?} cannot be set: the policy or the signature sets it, or servers ignore it"
                )
            }
            Self::RepeatedField { name } => write!(f, "the field {name:?} is set twice"),
            Self::InvalidFieldValue { name } => {
                write!(f, "the value of the field {name:?} contains control characters or ${{filename}}")
            }
            Self::EmptyRange => f.write_str("the range of the file's length is empty"),
            Self::ExpirationOutOfRange => f.write_str("the policy would expire after the year 9999"),
        }
    }
}

impl core::error::Error for PolicyError {}
