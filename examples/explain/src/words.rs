//! The words for each part of a signature: a definition, the reason for it, and the document of AWS that describes it.
//!
//! ```
//! use explain::words::{self, Part};
//!
//! let words = words::of(Part::CredentialScope);
//! assert_eq!(words.name, "CredentialScope");
//! assert_eq!(Part::of_header("X-Amz-Date"), Part::DateHeader);
//! ```

mod canonical;
mod chunk;
mod form;
mod key;
mod parameter;
mod sigv4a;
mod source;
mod to_sign;

pub use source::Source;

/// The words for one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The name that AWS's documents use.
    pub name: &'static str,
    /// The definition of the part, in one sentence.
    pub what: &'static str,
    /// The reason for the part, in one sentence.
    pub why: &'static str,
    /// The document of AWS that describes the part.
    pub source: Source,
}

impl Words {
    const fn new(name: &'static str, source: Source, what: &'static str, why: &'static str) -> Self {
        Self { name, what, why, source }
    }
}

/// Declares the parts, so that the enum, the list and the identifiers cannot disagree.
macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident = $id:literal,)*) => {
        /// A part of a signature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Part {
            $($(#[$doc])* $part,)*
        }

        impl Part {
            /// Every part.
            pub const ALL: &'static [Self] = &[$(Self::$part,)*];

            /// Returns the stable identifier: lower case, with hyphens.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$part => $id,)*
                }
            }
        }
    };
}

parts! {
    /// The first line of the canonical request.
    Method = "method",
    /// The encoded path.
    CanonicalUri = "canonical-uri",
    /// The encoded, sorted query.
    CanonicalQuery = "canonical-query",
    /// The line `host:…`.
    HostHeader = "host-header",
    /// The line `x-amz-date:…`, or `date:…`.
    DateHeader = "date-header",
    /// The line `x-amz-content-sha256:…`.
    ContentSha256Header = "content-sha256-header",
    /// The line `x-amz-security-token:…`.
    SecurityTokenHeader = "security-token-header",
    /// The line `content-type:…`.
    ContentTypeHeader = "content-type-header",
    /// The line `x-amz-region-set:…` of SigV4a.
    RegionSetHeader = "region-set-header",
    /// The line of any other header.
    OtherHeader = "other-header",
    /// The empty line after the headers.
    EmptyLine = "empty-line",
    /// The names of the signed headers.
    SignedHeaders = "signed-headers",
    /// The last line of the canonical request.
    PayloadHash = "payload-hash",
    /// The first line of the string to sign.
    Algorithm = "algorithm",
    /// The second line of the string to sign.
    RequestDateTime = "request-date-time",
    /// The third line of the string to sign.
    CredentialScope = "credential-scope",
    /// The last line of the string to sign.
    CanonicalRequestHash = "canonical-request-hash",
    /// The key of one day.
    KDate = "k-date",
    /// The key of one region.
    KRegion = "k-region",
    /// The key of one service.
    KService = "k-service",
    /// The key that signs.
    KSigning = "k-signing",
    /// The signature.
    Signature = "signature",
    /// The header that carries the signature.
    AuthorizationHeader = "authorization-header",
    /// `X-Amz-Algorithm` of a presigned URL.
    AlgorithmParameter = "algorithm-parameter",
    /// `X-Amz-Credential` of a presigned URL.
    CredentialParameter = "credential-parameter",
    /// `X-Amz-Date` of a presigned URL.
    DateParameter = "date-parameter",
    /// `X-Amz-Expires` of a presigned URL.
    ExpiresParameter = "expires-parameter",
    /// `X-Amz-SignedHeaders` of a presigned URL.
    SignedHeadersParameter = "signed-headers-parameter",
    /// `X-Amz-Security-Token` of a presigned URL.
    SecurityTokenParameter = "security-token-parameter",
    /// `X-Amz-Signature` of a presigned URL.
    SignatureParameter = "signature-parameter",
    /// The first line of a chunk's string to sign.
    ChunkAlgorithm = "chunk-algorithm",
    /// The second line of a chunk's string to sign.
    ChunkDateTime = "chunk-date-time",
    /// The third line of a chunk's string to sign.
    ChunkScope = "chunk-scope",
    /// The fourth line of a chunk's string to sign.
    PreviousSignature = "previous-signature",
    /// The fifth line of a chunk's string to sign.
    EmptyHash = "empty-hash",
    /// The last line of a chunk's string to sign.
    ChunkHash = "chunk-hash",
    /// The last line of the trailer's string to sign.
    TrailerHash = "trailer-hash",
    /// The policy of a form, which is its string to sign.
    Policy = "policy",
    /// `expiration` of a policy.
    PolicyExpiration = "policy-expiration",
    /// `conditions` of a policy.
    PolicyConditions = "policy-conditions",
    /// The form field `x-amz-algorithm`.
    AlgorithmField = "algorithm-field",
    /// The form field `x-amz-credential`.
    CredentialField = "credential-field",
    /// The form field `x-amz-date`.
    DateField = "date-field",
    /// The form field `x-amz-security-token`.
    SecurityTokenField = "security-token-field",
    /// The form field `x-amz-signature`.
    SignatureField = "signature-field",
    /// Any other field of a form.
    OtherField = "other-field",
    /// The first line of the string to sign of SigV4a.
    SigV4aAlgorithm = "sigv4a-algorithm",
    /// The scope of SigV4a.
    SigV4aScope = "sigv4a-scope",
    /// The key pair of SigV4a.
    SigV4aKey = "sigv4a-key",
    /// The signature of SigV4a.
    SigV4aSignature = "sigv4a-signature",
}

impl Part {
    /// Returns the part of the canonical line of a header.
    #[must_use]
    pub fn of_header(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "host" => Self::HostHeader,
            "x-amz-date" | "date" => Self::DateHeader,
            "x-amz-content-sha256" => Self::ContentSha256Header,
            "x-amz-security-token" | "x-amz-s3session-token" => Self::SecurityTokenHeader,
            "content-type" => Self::ContentTypeHeader,
            "x-amz-region-set" => Self::RegionSetHeader,
            _ => Self::OtherHeader,
        }
    }

    /// Returns the part of a query parameter; `None` if it has no meaning for the signature.
    #[must_use]
    pub fn of_parameter(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "x-amz-algorithm" => Some(Self::AlgorithmParameter),
            "x-amz-credential" => Some(Self::CredentialParameter),
            "x-amz-date" => Some(Self::DateParameter),
            "x-amz-expires" => Some(Self::ExpiresParameter),
            "x-amz-signedheaders" => Some(Self::SignedHeadersParameter),
            "x-amz-security-token" | "x-amz-s3session-token" => Some(Self::SecurityTokenParameter),
            "x-amz-signature" => Some(Self::SignatureParameter),
            "x-amz-region-set" => Some(Self::RegionSetHeader),
            _ => None,
        }
    }

    /// Returns the part of a form field; `None` if it has no meaning for the signature.
    #[must_use]
    pub fn of_field(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "policy" => Some(Self::Policy),
            "x-amz-algorithm" => Some(Self::AlgorithmField),
            "x-amz-credential" => Some(Self::CredentialField),
            "x-amz-date" => Some(Self::DateField),
            "x-amz-security-token" => Some(Self::SecurityTokenField),
            "x-amz-signature" => Some(Self::SignatureField),
            _ => None,
        }
    }
}

/// Returns the words for a part.
#[must_use]
pub const fn of(part: Part) -> Words {
    match part {
        Part::Method => canonical::METHOD,
        Part::CanonicalUri => canonical::URI,
        Part::CanonicalQuery => canonical::QUERY,
        Part::HostHeader => canonical::HOST,
        Part::DateHeader => canonical::DATE,
        Part::ContentSha256Header => canonical::CONTENT_SHA256,
        Part::SecurityTokenHeader => canonical::SECURITY_TOKEN,
        Part::ContentTypeHeader => canonical::CONTENT_TYPE,
        Part::RegionSetHeader => sigv4a::REGION_SET,
        Part::OtherHeader => canonical::OTHER,
        Part::EmptyLine => canonical::EMPTY_LINE,
        Part::SignedHeaders => canonical::SIGNED_HEADERS,
        Part::PayloadHash => canonical::PAYLOAD,
        Part::Algorithm => to_sign::ALGORITHM,
        Part::RequestDateTime => to_sign::DATE_TIME,
        Part::CredentialScope => to_sign::SCOPE,
        Part::CanonicalRequestHash => to_sign::HASH,
        Part::KDate => key::DATE,
        Part::KRegion => key::REGION,
        Part::KService => key::SERVICE,
        Part::KSigning => key::SIGNING,
        Part::Signature => key::SIGNATURE,
        Part::AuthorizationHeader => key::AUTHORIZATION,
        Part::AlgorithmParameter => parameter::ALGORITHM,
        Part::CredentialParameter => parameter::CREDENTIAL,
        Part::DateParameter => parameter::DATE,
        Part::ExpiresParameter => parameter::EXPIRES,
        Part::SignedHeadersParameter => parameter::SIGNED_HEADERS,
        Part::SecurityTokenParameter => parameter::SECURITY_TOKEN,
        Part::SignatureParameter => parameter::SIGNATURE,
        Part::ChunkAlgorithm => chunk::ALGORITHM,
        Part::ChunkDateTime => chunk::DATE_TIME,
        Part::ChunkScope => chunk::SCOPE,
        Part::PreviousSignature => chunk::PREVIOUS,
        Part::EmptyHash => chunk::EMPTY_HASH,
        Part::ChunkHash => chunk::HASH,
        Part::TrailerHash => chunk::TRAILER_HASH,
        Part::Policy => form::POLICY,
        Part::PolicyExpiration => form::EXPIRATION,
        Part::PolicyConditions => form::CONDITIONS,
        Part::AlgorithmField => form::ALGORITHM,
        Part::CredentialField => form::CREDENTIAL,
        Part::DateField => form::DATE,
        Part::SecurityTokenField => form::SECURITY_TOKEN,
        Part::SignatureField => form::SIGNATURE,
        Part::OtherField => form::OTHER,
        Part::SigV4aAlgorithm => sigv4a::ALGORITHM,
        Part::SigV4aScope => sigv4a::SCOPE,
        Part::SigV4aKey => sigv4a::KEY,
        Part::SigV4aSignature => sigv4a::SIGNATURE,
    }
}
