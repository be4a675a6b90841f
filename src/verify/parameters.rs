//! Parses the `X-Amz-*` parameters of a presigned URL.
//!
//! ```text
//! X-Amz-Algorithm      AWS4-HMAC-SHA256 | AWS4-ECDSA-P256-SHA256
//! X-Amz-Credential     AKID/YYYYMMDD/region/service/aws4_request
//! X-Amz-Date           YYYYMMDDTHHMMSSZ
//! X-Amz-Expires        seconds
//! X-Amz-SignedHeaders  host;…
//! X-Amz-Signature      hex digits
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using Query Parameters".

use super::authorization::ParsedAuthorization;
use super::credential::Credential;
use super::{Verifier, VerifyError};
use crate::bytes::truncated_lossy;
use crate::canonical::{Fields, LongDecoded, Pairs, Parameter, Recognized, Selected, decode_in, percent};
use crate::error::{MalformedAuthorization, Mechanism};
use crate::payload::PayloadHash;
use crate::service::UrlLifetime;
use crate::steps::Signature;
use crate::time::Timestamp;

/// The parameters of a presigned URL, in canonical spelling.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    values: [Option<&'a [u8]>; Parameter::ALL.len()],
    /// True if a parameter belongs to a signature of this scheme.
    pub(super) has_signature: bool,
    /// `X-Amz-Content-Sha256` is present and states another hash than
    /// `UNSIGNED-PAYLOAD`.
    pub(super) has_payload_hash: bool,
}

impl<'a> Parameters<'a> {
    /// Collects the parameters of a query. Rejects a parameter of a signature
    /// that is repeated or spelled in another case.
    #[inline]
    pub(super) fn read(&mut self, pairs: &Pairs<'a>) -> Result<(), MalformedAuthorization> {
        for pair in pairs.in_wire_order() {
            let Some(Recognized { parameter, is_exact }) = Parameter::from_name(pair.name) else { continue };
            let Some(slot) = self.values.get_mut(parameter.index()) else { continue };
            let repeated = slot.replace(pair.value).is_some();
            if parameter == Parameter::ContentSha256 {
                self.has_payload_hash |= pair.value != PayloadHash::UNSIGNED.as_bytes();
            }
            if parameter.is_authentication() {
                if repeated || !is_exact {
                    return Err(MalformedAuthorization::Parameter { name: parameter.name() });
                }
                self.has_signature = true;
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn get(&self, parameter: Parameter) -> Option<&'a [u8]> {
        self.values.get(parameter.index()).copied().flatten()
    }

    /// Returns one of the six parameters that every presigned URL has.
    #[inline]
    fn required(&self, parameter: Parameter) -> Result<&'a [u8], MalformedAuthorization> {
        self.get(parameter).ok_or(MalformedAuthorization::Components)
    }
}

impl Verifier {
    /// Parses the parameters of a presigned URL, and selects the signed headers.
    #[inline]
    pub(super) fn parse_parameters<'a>(
        &self,
        parameters: &Parameters<'a>,
        decoded: &'a mut [LongDecoded; 2],
        fields: &mut Fields<'_>,
    ) -> Result<ParsedAuthorization<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationQueryParametersError;
        let required = |parameter| parameters.required(parameter).map_err(malformed);
        let algorithm = required(Parameter::Algorithm)?;
        let credential = required(Parameter::Credential)?;
        let time = required(Parameter::Date)?;
        let expires = match self.service.rules().url_lifetime() {
            UrlLifetime::Required => Some(required(Parameter::Expires)?),
            UrlLifetime::Optional => parameters.get(Parameter::Expires),
        };
        let signed_headers = required(Parameter::SignedHeaders)?;
        let signature = required(Parameter::Signature)?;
        // Valid values of the other parameters contain no character that a query encodes.
        let [credential_scratch, names_scratch] = decoded;
        let credential = decode_in(credential, credential_scratch);
        let signed_headers = decode_in(signed_headers, names_scratch);

        let Some(algorithm) = self.algorithm(algorithm) else {
            let algorithm = truncated_lossy(&percent::decoded(algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm });
        };
        let credential = Credential::parse(credential, algorithm).map_err(malformed)?;
        let signature = Signature::from_received(algorithm, signature);
        let signature = signature.ok_or_else(|| malformed(MalformedAuthorization::Signature))?;
        let selected = fields.select(signed_headers);
        let Selected { signed_headers, missing } =
            selected.map_err(|_| malformed(MalformedAuthorization::SignedHeaders))?;
        let time = Timestamp::from_bytes(time).ok_or_else(|| malformed(MalformedAuthorization::Date))?;
        let mechanism = Mechanism::Query;
        Ok(ParsedAuthorization { mechanism, credential, signed_headers, missing, signature, time, expires })
    }
}
