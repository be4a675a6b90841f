//! What is wrong with a policy document, in the order in which it is read.

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
