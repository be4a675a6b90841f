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

use alloc::vec::Vec;

use super::authorization::ParsedAuthorization;
use super::credential::Credential;
use super::{Verifier, VerifyError};
use crate::bytes::scan;
use crate::canonical::{Fields, Pairs, Parameter, decode_to, percent};
use crate::error::{MalformedAuthorization, Mechanism, truncated_lossy};
use crate::payload::PayloadHash;
use crate::steps::Signature;
use crate::time::Timestamp;

/// The parameters of a presigned URL, in canonical spelling.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    values: [Option<&'a [u8]>; Parameter::ALL.len()],
    authenticates: bool,
    /// `X-Amz-Content-Sha256` is present and states another hash than
    /// `UNSIGNED-PAYLOAD`.
    pub(super) has_payload_hash: bool,
}

impl<'a> Parameters<'a> {
    /// Collects the parameters of a query. Rejects a parameter of a signature
    /// that is repeated or spelled in another case.
    #[inline]
    pub(super) fn read(&mut self, pairs: &Pairs<'a>) -> Result<(), MalformedAuthorization> {
        for pair in pairs.arrived() {
            let Some((parameter, exact)) = Parameter::of(pair.name) else { continue };
            let Some(slot) = self.values.get_mut(parameter.place()) else { continue };
            let repeated = slot.replace(pair.value).is_some();
            if parameter == Parameter::ContentSha256 {
                self.has_payload_hash |= pair.value != PayloadHash::UNSIGNED.as_bytes();
            }
            if parameter.authenticates() {
                if repeated || !exact {
                    return Err(MalformedAuthorization::Parameter { name: parameter.name() });
                }
                self.authenticates = true;
            }
        }
        Ok(())
    }

    /// Returns true if any parameter is part of a signature of this scheme.
    #[inline]
    pub(super) const fn authenticate(&self) -> bool {
        self.authenticates
    }

    #[inline]
    pub(super) fn get(&self, parameter: Parameter) -> Option<&'a [u8]> {
        self.values.get(parameter.place()).copied().flatten()
    }

    /// Returns one of the six parameters that every presigned URL has.
    #[inline]
    fn required(&self, parameter: Parameter) -> Result<&'a [u8], MalformedAuthorization> {
        self.get(parameter).ok_or(MalformedAuthorization::Components)
    }
}

/// Room for the decoded credential and the decoded list of signed headers.
pub(super) struct DecodedParameters {
    credential: Room<128>,
    signed_headers: Room<1024>,
}

impl DecodedParameters {
    #[inline]
    pub(super) const fn new() -> Self {
        Self { credential: Room::new(), signed_headers: Room::new() }
    }
}

/// Room for a decoded value, on the stack unless the value is long.
struct Room<const N: usize> {
    short: [u8; N],
    long: Vec<u8>,
}

impl<const N: usize> Room<N> {
    #[inline]
    const fn new() -> Self {
        Self { short: [0; N], long: Vec::new() }
    }

    /// Returns `value` decoded: itself, if nothing in it is encoded.
    #[inline]
    fn decode<'a>(&'a mut self, value: &'a [u8]) -> &'a [u8] {
        if scan::count(value, b'%') == 0 {
            return value;
        }
        let room = if value.len() <= N {
            &mut self.short[..]
        } else {
            self.long.resize(value.len(), 0);
            &mut self.long
        };
        let mut length = 0;
        decode_to(value, |part| {
            let end = length + part.len();
            if let Some(room) = room.get_mut(length..end) {
                room.copy_from_slice(part);
            }
            length = end;
        });
        room.get(..length).unwrap_or_default()
    }
}

impl Verifier {
    /// Parses the parameters of a presigned URL, and selects the signed headers.
    #[inline]
    pub(super) fn parse_parameters<'a>(
        &self,
        parameters: &Parameters<'a>,
        decoded: &'a mut DecodedParameters,
        fields: &mut Fields<'_>,
    ) -> Result<ParsedAuthorization<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationQueryParametersError;
        let required = |parameter| parameters.required(parameter).map_err(malformed);
        let algorithm = required(Parameter::Algorithm)?;
        let credential = required(Parameter::Credential)?;
        let time = required(Parameter::Date)?;
        let expires = required(Parameter::Expires)?;
        let signed_headers = required(Parameter::SignedHeaders)?;
        let signature = required(Parameter::Signature)?;
        // The other values contain nothing that a query encodes: they are compared as they are.
        let credential = decoded.credential.decode(credential);
        let signed_headers = decoded.signed_headers.decode(signed_headers);

        let Some(algorithm) = self.algorithm(algorithm) else {
            let algorithm = truncated_lossy(&percent::decoded(algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm });
        };
        let credential = Credential::parse(credential, algorithm).map_err(malformed)?;
        let signature = Signature::from_received(algorithm, signature);
        let signature = signature.ok_or_else(|| malformed(MalformedAuthorization::Signature))?;
        let selected = fields.select(signed_headers);
        let (signed_headers, missing) =
            selected.ok_or_else(|| malformed(MalformedAuthorization::SignedHeaders))?;
        let time = Timestamp::from_bytes(time).ok_or_else(|| malformed(MalformedAuthorization::Date))?;
        let (mechanism, expires) = (Mechanism::Query, Some(expires));
        Ok(ParsedAuthorization { mechanism, credential, signed_headers, missing, signature, time, expires })
    }
}
