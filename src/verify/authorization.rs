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
use crate::steps::{Algorithm, Signature};
use crate::time::Timestamp;

/// The fields of a signature, from the header or from the query. They are
/// well-formed, and nothing in them is proven.
pub(super) struct ParsedAuthorization<'a> {
    pub(super) mechanism: Mechanism,
    pub(super) credential: Credential<'a>,
    pub(super) signed_headers: SignedHeaders<'a>,
    /// The first signed header that the request does not have.
    pub(super) missing: Option<&'a [u8]>,
    /// `None` if the value does not have the form of a signature. It then matches nothing.
    pub(super) signature: Option<Signature>,
    pub(super) time: Timestamp,
    /// The value of `Date` if it is in the format of HTTP and states the time. The string to sign
    /// contains this value.
    pub(super) http_date: Option<&'a [u8]>,
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
        let (credential, components) = parse_components(value, |name| self.algorithm(name))?;
        let signature = Signature::from_received(credential.algorithm, components.signature);
        let selected = fields.select(components.signed_headers);
        let Selected { signed_headers, missing } =
            selected.map_err(|_| malformed(MalformedAuthorization::SignedHeaders))?;
        let (time, http_date) = time_of(fields).ok_or(VerifyError::InvalidDate)?;
        let mechanism = Mechanism::Header;
        Ok(ParsedAuthorization {
            mechanism,
            credential,
            signed_headers,
            missing,
            signature,
            time,
            http_date,
            expires: None,
        })
    }
}

/// Returns the time of a request that is signed in its header, and the value of `Date` if this is in
/// the format of HTTP.
///
/// The signer may send `Date` instead of `x-amz-date`. The string to sign contains the time as it is
/// sent, so the signature proves it. S3 accepts both formats of `Date`, and signs the text of the
/// header (ceph/s3-tests, issue 346, shows its `StringToSign`).
#[inline]
fn time_of<'a>(fields: &Fields<'a>) -> Option<(Timestamp, Option<&'a [u8]>)> {
    if let Some(time) = fields.get(AwsHeader::AmzDate) {
        return Some((Timestamp::from_bytes(trim(time))?, None));
    }
    let date = trim(fields.get(AwsHeader::Date)?);
    match Timestamp::from_bytes(date) {
        Some(time) => Some((time, None)),
        None => Some((Timestamp::from_http_date(date)?, Some(date))),
    }
}

/// Parses the value of an `Authorization` header, except the list of signed headers and the signature.
#[inline]
pub(super) fn parse_components<'a>(
    value: &'a [u8],
    algorithm_of: impl Fn(&[u8]) -> Option<Algorithm>,
) -> Result<(Credential<'a>, Components<'a>), VerifyError> {
    let malformed = VerifyError::AuthorizationHeaderMalformed;
    let named = bytes::split_once(value, b' ');
    // AWS accepts a comma after the algorithm: httr2, a client, sent one.
    let named = named.map(|(name, rest)| (name.strip_suffix(b",").unwrap_or(name), rest));
    let named = named.and_then(|(name, rest)| Some((algorithm_of(name)?, rest)));
    let (algorithm, components) = named.ok_or_else(|| unsupported(value, algorithm_of))?;
    let components = Components::parse(components).map_err(malformed)?;
    Ok((Credential::parse(components.credential, algorithm).map_err(malformed)?, components))
}

/// The values of the three components. Each component must occur exactly once.
pub(super) struct Components<'a> {
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
            // An empty signature counts as missing: its sender forgot to fill it in.
            (Some(credential), Some(signed_headers), Some(signature @ [_, ..])) => {
                Ok(Self { credential, signed_headers, signature })
            }
            // The value of a component extends to the next comma.
            _ if [credential, signed_headers].into_iter().flatten().any(|value| value.contains(&b' ')) => {
                Err(MalformedAuthorization::Separators)
            }
            _ => Err(MalformedAuthorization::Components),
        }
    }
}

/// Returns the error for an AWS scheme that this verifier does not support.
#[cold]
fn unsupported(value: &[u8], algorithm_of: impl Fn(&[u8]) -> Option<Algorithm>) -> VerifyError {
    // Only the name is returned, because the rest of the value may be a signature.
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let scheme = value.split(|byte| !in_name(byte)).next().unwrap_or_default();
    if scheme == b"AWS" {
        return VerifyError::SignatureVersion2;
    }
    if algorithm_of(scheme).is_some() {
        return VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Separators);
    }
    VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: truncated_lossy(scheme) }
}
