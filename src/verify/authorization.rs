//! Parses the `Authorization` header.
//!
//! ```text
//! Authorization: AWS4-HMAC-SHA256 Credential=AKID/YYYYMMDD/region/service/aws4_request,
//!                SignedHeaders=host;x-amz-date, Signature=64 hex digits
//! Authorization: AWS4-ECDSA-P256-SHA256 Credential=AKID/YYYYMMDD/service/aws4_request,
//!                SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=DER in hex
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization
//! Header".

use super::credential::Credential;
use super::{Verifier, VerifyError};
use crate::bytes;
use crate::bytes::truncated_lossy;
use crate::canonical::{AwsHeader, Fields, Selected, SignedHeaders, trim};
use crate::error::{MalformedAuthorization, Mechanism};
use crate::steps::Signature;
use crate::time::Timestamp;

/// The fields of a signature, from the header or from the query. They are
/// well-formed, and nothing in them is proven.
pub(super) struct ParsedAuthorization<'a> {
    pub(super) mechanism: Mechanism,
    pub(super) credential: Credential<'a>,
    pub(super) signed_headers: SignedHeaders<'a>,
    /// The first signed header that the request does not have.
    pub(super) missing: Option<&'a [u8]>,
    pub(super) signature: Signature,
    pub(super) time: Timestamp,
    /// `X-Amz-Expires` of a presigned URL, not parsed yet.
    pub(super) expires: Option<&'a [u8]>,
}

impl Verifier {
    /// Parses the `Authorization` header and the time of the request, and
    /// selects the signed headers.
    #[inline]
    pub(super) fn parse_header<'a>(
        &self,
        value: &'a [u8],
        fields: &mut Fields<'a>,
    ) -> Result<ParsedAuthorization<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationHeaderMalformed;
        let named = bytes::split_once(value, b' ');
        let named = named.and_then(|(name, rest)| Some((self.algorithm(name)?, rest)));
        let (algorithm, components) = named.ok_or_else(|| unsupported(value))?;
        let components = Components::parse(components).map_err(malformed)?;
        let credential = Credential::parse(components.credential, algorithm).map_err(malformed)?;
        let signature = Signature::from_received(algorithm, components.signature);
        let signature = signature.ok_or_else(|| malformed(MalformedAuthorization::Signature))?;
        let selected = fields.select(components.signed_headers);
        let Selected { signed_headers, missing } =
            selected.map_err(|_| malformed(MalformedAuthorization::SignedHeaders))?;
        // The signer may send `Date` instead of `x-amz-date`. The string to sign contains this time,
        // so the signature proves it.
        let time = fields.get(AwsHeader::AmzDate).or_else(|| fields.get(AwsHeader::Date));
        let time = time.and_then(|time| Timestamp::from_bytes(trim(time)));
        let time = time.ok_or(VerifyError::InvalidDate)?;
        let mechanism = Mechanism::Header;
        Ok(ParsedAuthorization {
            mechanism,
            credential,
            signed_headers,
            missing,
            signature,
            time,
            expires: None,
        })
    }
}

/// The values of the three components. Each component must occur exactly once.
struct Components<'a> {
    credential: &'a [u8],
    signed_headers: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Components<'a> {
    #[inline]
    fn parse(components: &'a [u8]) -> Result<Self, MalformedAuthorization> {
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        let mut rest = Some(components);
        while let Some(components) = rest {
            let component = match bytes::split_once(components, b',') {
                Some((component, after)) => {
                    rest = Some(after);
                    component
                }
                None => {
                    rest = None;
                    components
                }
            };
            let component = trim(component);
            let (slot, value) = if let Some(value) = component.strip_prefix(b"Credential=") {
                (&mut credential, value)
            } else if let Some(value) = component.strip_prefix(b"SignedHeaders=") {
                (&mut signed_headers, value)
            } else if let Some(value) = component.strip_prefix(b"Signature=") {
                (&mut signature, value)
            } else {
                return Err(MalformedAuthorization::Components);
            };
            if slot.replace(value).is_some() {
                return Err(MalformedAuthorization::Components);
            }
        }
        match (credential, signed_headers, signature) {
            (Some(credential), Some(signed_headers), Some(signature)) => {
                Ok(Self { credential, signed_headers, signature })
            }
            _ => Err(MalformedAuthorization::Components),
        }
    }
}

/// Returns the error for an AWS scheme that this verifier does not support.
#[cold]
fn unsupported(value: &[u8]) -> VerifyError {
    // Only the name is returned, because the rest of the value may be a signature.
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let scheme = value.split(|byte| !in_name(byte)).next().unwrap_or_default();
    if scheme == b"AWS" {
        return VerifyError::SignatureVersion2;
    }
    VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: truncated_lossy(scheme) }
}
