//! What is wrong with a policy document, in the order in which it is read.

use alloc::string::String;
use core::fmt;

/// What is wrong with a policy document.
///
/// ```
/// use countersign::VerifyError;
/// use countersign::post_policy::{FormError, InvalidPolicy};
///
/// let error = VerifyError::from(FormError::from(InvalidPolicy::Json { line: 2, column: 7 }));
/// assert_eq!((error.code(), error.status()), ("InvalidPolicyDocument", 400));
/// assert_eq!(error.to_string(), "Invalid Policy: Invalid JSON at line 2, column 7.");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidPolicy {
    /// Not Base64 of the standard alphabet, padded.
    Base64,
    /// Not JSON, from this place on.
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not an object.
    NotAnObject,
    /// A member beside `expiration` and `conditions`; case matters.
    UnknownMember,
    /// One of the two stands twice.
    RepeatedMember,
    /// No `expiration`.
    NoExpiration,
    /// No `conditions`.
    NoConditions,
    /// The `expiration` is not a time.
    Expiration,
    /// The `conditions` are no list.
    ConditionsNotAList,
    /// A condition that is neither list nor object.
    NotACondition,
    /// A list that does not begin with an operator.
    NoOperator,
    /// An operator that is not `eq`, `starts-with` or `content-length-range`.
    UnknownOperator,
    /// An operator with more or fewer than two arguments.
    NotTwoArguments,
    /// A field that is not named with a `$`.
    NoDollar,
    /// An object of no pair, or of several.
    NotOneProperty,
    /// A field or its value is not a string.
    NotAString,
    /// Not two lengths, the lesser one first.
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
            Self::UnknownMember => "Unexpected member beside expiration and conditions",
            Self::RepeatedMember => "A member stands twice",
            Self::NoExpiration => "Policy missing expiration",
            Self::NoConditions => "Policy missing conditions",
            Self::Expiration => "Invalid 'expiration' value",
            Self::ConditionsNotAList => "Invalid 'conditions' value: must be a List",
            Self::NotACondition => "Invalid condition test: must be a List or Object",
            Self::NoOperator => "Invalid Condition: missing operation identifier",
            Self::UnknownOperator => "Invalid Condition: unknown operation",
            Self::NotTwoArguments => "Invalid Condition: wrong number of arguments",
            Self::NoDollar => "Invalid Condition: a field is named as \"$name\"",
            Self::NotOneProperty => {
                "Invalid Simple-Condition: Simple-Conditions must have exactly one property"
            }
            Self::NotAString => "Invalid Condition: value must be a string",
            Self::Range => "Invalid content-length-range: must be two lengths, the lesser one first",
        })
    }
}

impl core::error::Error for InvalidPolicy {}

/// Why a policy is not one to hand out; inside
/// [`SignError::Policy`](crate::SignError::Policy).
///
/// ```
/// use countersign::post_policy::{FormKey, PolicyError, PostPolicy};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let policy = PostPolicy::new("examplebucket", FormKey::starts_with(""), Expires::HOUR);
/// let error = signer.sign_post_policy(&policy, Timestamp::now()).unwrap_err();
/// assert_eq!(error, SignError::Policy(PolicyError::OpenPrefix));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// No bucket can have this name.
    InvalidBucket,
    /// The key is empty, over 1,024 bytes, or holds control characters or
    /// `${filename}`, which [`FormKey::file_name_under`] writes.
    InvalidKey,
    /// The key's prefix is empty. [`FormKey::any`] says so by name.
    OpenPrefix,
    /// A field's name is empty, or has a character that no header's name has.
    InvalidFieldName {
        /// The name.
        name: String,
    },
    /// A field that is set otherwise, or that a server ignores.
    ReservedField {
        /// Its name.
        name: String,
    },
    /// A field, its name without case, is set twice.
    RepeatedField {
        /// Its name in lower case.
        name: String,
    },
    /// A value holds control characters, or `${filename}`, which would be
    /// another text by the time it is compared.
    InvalidFieldValue {
        /// The field's name.
        name: String,
    },
    /// No file has a length in this range.
    EmptyRange,
    /// The policy would expire after the year 9999.
    BeyondCalendar,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidBucket => f.write_str("no bucket can have this name"),
            Self::InvalidKey => {
                f.write_str("the key is empty, longer than 1,024 bytes, or holds what no key of a form may")
            }
            Self::OpenPrefix => {
                f.write_str("the key's prefix is empty; `FormKey::any` is how to let any key be written")
            }
            Self::InvalidFieldName { name } => write!(f, "{name:?} cannot be a field's name"),
            Self::ReservedField { name } => write!(f, "the field {name:?} is not one to set by its name"),
            Self::RepeatedField { name } => write!(f, "the field {name:?} is set twice"),
            Self::InvalidFieldValue { name } => {
                write!(f, "the value of the field {name:?} holds control characters or ${{filename}}")
            }
            Self::EmptyRange => f.write_str("no file has a length in this range"),
            Self::BeyondCalendar => f.write_str("the policy would expire after the year 9999"),
        }
    }
}

impl core::error::Error for PolicyError {}
