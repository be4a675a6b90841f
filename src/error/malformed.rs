//! Where a signature is carried, and what is wrong with its form.

use core::fmt;

/// Where a signature stood.
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

/// What is wrong with the form of an authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// Not `Credential`, `SignedHeaders` and `Signature`, once each; or not the
    /// six parameters of a presigned URL.
    Components,
    /// A parameter that stands twice, or is spelled in another case.
    Parameter {
        /// The parameter's proper name.
        name: &'static str,
    },
    /// The credential is not `id/YYYYMMDD/region/service/aws4_request`; in
    /// SigV4a there is no region in it.
    Credential,
    /// The date in the credential is not eight digits.
    CredentialDate,
    /// The last part of the credential is not `aws4_request`.
    Terminator,
    /// The list of signed headers is empty, unsorted, not in lower case, or
    /// names a header twice.
    SignedHeaders,
    /// The signature is not 64 lower-case hex digits; in SigV4a, not the hex of
    /// one DER value.
    Signature,
    /// SigV4a's region set is missing, not signed, or no list of regions.
    RegionSet,
    /// The lifetime is not a number of digits from 0 to the most allowed.
    Expires,
    /// The time is not `YYYYMMDDTHHMMSSZ`.
    Date,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Components => f.write_str("a component is missing, unknown or repeated"),
            Self::Parameter { name } => write!(f, "{name} must stand once, spelled exactly so"),
            Self::Credential => f.write_str(
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"",
            ),
            Self::CredentialDate => f.write_str("the date in the credential must be in the format \"yyyyMMdd\""),
            Self::Terminator => f.write_str("incorrect terminal; this endpoint uses \"aws4_request\""),
            Self::SignedHeaders => f.write_str("SignedHeaders must be lower-case names, sorted, once each"),
            Self::Signature => f.write_str(
                "the signature must be 64 lower-case hexadecimal digits, or in SigV4a those of one DER value",
            ),
            Self::RegionSet => f.write_str("X-Amz-Region-Set must be signed, and a list of regions"),
            Self::Expires => f.write_str("X-Amz-Expires must be a number of seconds, from 0 to the most allowed"),
            Self::Date => f.write_str("the date must be in the format \"yyyyMMdd'T'HHmmss'Z'\""),
        }
    }
}
