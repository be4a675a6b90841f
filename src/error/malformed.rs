//! [`Mechanism`], the part of a request that contains its signature, and
//! [`MalformedAuthorization`], what is malformed in it.

use core::fmt;
use core::time::Duration;

use super::{ParameterNames, VerifyError};

/// The part of a request that contains its signature.
///
/// ```
/// use countersign::{Mechanism, Verified};
///
/// /// Returns true if the sender of the request may be another person than the signer.
/// fn is_shared(verified: &Verified) -> bool {
///     verified.mechanism() == Mechanism::Query
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// The `Authorization` header.
    Header,
    /// The query of a presigned URL.
    Query,
    /// The fields of a browser's form.
    #[cfg(feature = "post-policy")]
    Form,
}

impl Mechanism {
    /// Returns the error of a malformed signature with this mechanism.
    pub(crate) const fn malformed(self, malformed: MalformedAuthorization) -> VerifyError {
        match self {
            Self::Header => VerifyError::AuthorizationHeaderMalformed(malformed),
            // S3 uses these codes for the credential of a form too.
            _ => VerifyError::AuthorizationQueryParametersError(malformed),
        }
    }
}

/// The fault in the fields of a signature.
///
/// ```
/// use countersign::{MalformedAuthorization, VerifyError};
///
/// let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Terminator);
/// assert_eq!(
///     error.to_string(),
///     "The authorization header is malformed; incorrect terminal. This endpoint uses \"aws4_request\".",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MalformedAuthorization {
    /// In a header, `Credential`, `SignedHeaders` or `Signature` is missing or repeated, or there
    /// is another component. An empty signature counts as missing.
    Components,
    /// In a presigned URL, one or more of the six parameters are missing. An empty signature counts as
    /// missing.
    #[non_exhaustive]
    MissingParameters {
        /// The names of the missing parameters.
        names: ParameterNames,
    },
    /// No space follows the algorithm, or no comma separates the components of a header.
    Separators,
    /// A parameter is repeated, or its name is in another case.
    #[non_exhaustive]
    Parameter {
        /// The correct name of the parameter.
        name: &'static str,
    },
    /// The credential is not `id/YYYYMMDD/region/service/aws4_request`, or for SigV4a
    /// `id/YYYYMMDD/service/aws4_request`.
    Credential,
    /// The date in the credential is not eight digits.
    CredentialDate,
    /// The region in the credential is empty, and the verifier accepts every region.
    EmptyRegion,
    /// The last part of the credential is not `aws4_request`.
    Terminator,
    /// The list of signed headers is empty or unsorted, repeats a name, or contains a string that is
    /// not a header name in lower case.
    SignedHeaders,
    /// The region set of SigV4a is missing, not signed, or not a list of regions.
    RegionSet,
    /// The lifetime is not a number of digits.
    ExpiresNotANumber,
    /// The lifetime is negative.
    ExpiresNegative,
    /// The lifetime exceeds the verifier's maximum.
    #[non_exhaustive]
    ExpiresTooLong {
        /// The maximum.
        max: Duration,
    },
    /// The time is not `YYYYMMDDTHHMMSSZ`.
    Date,
}

impl fmt::Display for MalformedAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Components => "a component is missing, unknown or repeated",
            Self::MissingParameters { names } => return write!(f, "missing parameters: {names}"),
            Self::Parameter { name } => {
                return write!(f, "the parameter {name} must be given once, in exactly this spelling");
            }
            Self::Separators => {
                "a space must follow the algorithm, and commas must separate Credential, SignedHeaders and Signature"
            }
            Self::EmptyRegion => "the region in the Credential is empty; expecting a region such as \"us-east-1\"",
            Self::Credential => {
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\""
            }
            Self::CredentialDate => {
                "incorrect date format. This date in the credential must be in the format \"yyyyMMdd\""
            }
            Self::Terminator => "incorrect terminal. This endpoint uses \"aws4_request\"",
            Self::SignedHeaders => "SignedHeaders must be sorted header names in lower case, each of them once",
            Self::RegionSet => "X-Amz-Region-Set must be signed, and be a list of regions",
            Self::ExpiresNotANumber => "X-Amz-Expires should be a number",
            Self::ExpiresNegative => "X-Amz-Expires must be non-negative",
            Self::ExpiresTooLong { max } if max.as_secs() == 604_800 => {
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
                 than 604800 seconds"
            }
            Self::ExpiresTooLong { max } => {
                return write!(f, "X-Amz-Expires must be at most {} seconds", max.as_secs());
            }
            Self::Date => "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
        })
    }
}

impl core::error::Error for MalformedAuthorization {}
