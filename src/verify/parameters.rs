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
use crate::error::{MalformedAuthorization, Mechanism, ParameterNames};
use crate::payload::PayloadHash;
use crate::service::UrlLifetime;
use crate::steps::{Algorithm, Signature};
use crate::time::Timestamp;

/// The parameters of a presigned URL, in canonical spelling.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    values: [Option<&'a [u8]>; Parameter::ALL.len()],
    /// True if a parameter, other than a session token, belongs to a signature of this scheme.
    has_signature: bool,
    /// True if a parameter is a session token, in any spelling. Signature Version 2 uses the same name.
    has_token: bool,
    /// The first parameter of a signature that is repeated or spelled in another case.
    ambiguous: Option<Parameter>,
    /// `X-Amz-Content-Sha256` is present and states another hash than
    /// `UNSIGNED-PAYLOAD`.
    pub(super) has_payload_hash: bool,
}

impl<'a> Parameters<'a> {
    /// Collects the parameters of a query.
    #[inline]
    pub(super) fn read(&mut self, pairs: &Pairs<'a>) {
        for pair in pairs.in_wire_order() {
            let Some(Recognized { parameter, is_exact }) = Parameter::from_name(pair.name) else { continue };
            let Some(slot) = self.values.get_mut(parameter.index()) else { continue };
            let repeated = slot.replace(pair.value).is_some();
            if parameter == Parameter::ContentSha256 {
                self.has_payload_hash |= pair.value != PayloadHash::UNSIGNED.as_bytes();
            }
            if parameter.is_authentication() {
                if repeated || !is_exact {
                    self.ambiguous.get_or_insert(parameter);
                }
                match parameter {
                    Parameter::SecurityToken | Parameter::S3SessionToken => self.has_token = true,
                    _ => self.has_signature = true,
                }
            }
        }
    }

    /// Returns true if the query has a signature of this scheme or a part of one. Rejects a parameter
    /// of the signature that is repeated or spelled in another case.
    #[inline]
    pub(super) fn has_signature(&self) -> Result<bool, MalformedAuthorization> {
        let of_version_2 = self.has_version_2() && !self.has_signature;
        match self.ambiguous {
            Some(parameter) if !of_version_2 => {
                Err(MalformedAuthorization::Parameter { name: parameter.name() })
            }
            _ => Ok(self.has_signature || self.has_token && !of_version_2),
        }
    }

    /// Returns true if the query has a signature of Version 2.
    #[inline]
    pub(super) fn has_version_2(&self) -> bool {
        self.get(Parameter::Version2).is_some()
    }

    #[inline]
    pub(super) fn get(&self, parameter: Parameter) -> Option<&'a [u8]> {
        self.values.get(parameter.index()).copied().flatten()
    }

    /// Returns one of the six parameters that every presigned URL has.
    #[inline]
    pub(super) fn required(
        &self,
        parameter: Parameter,
        lifetime: UrlLifetime,
    ) -> Result<&'a [u8], MalformedAuthorization> {
        self.get(parameter).ok_or_else(|| self.incomplete(lifetime))
    }

    /// Returns the error of a URL without all of its parameters. An empty signature counts as missing, as in the header.
    #[cold]
    fn incomplete(&self, lifetime: UrlLifetime) -> MalformedAuthorization {
        let names = ParameterNames::select(|name| {
            let parameter = Parameter::from_name(name.as_bytes()).map(|found| found.parameter);
            let value = parameter.and_then(|parameter| self.get(parameter));
            match parameter {
                Some(Parameter::Expires) => value.is_none() && lifetime == UrlLifetime::Required,
                Some(Parameter::Signature) => value.is_none_or(<[u8]>::is_empty),
                _ => value.is_none(),
            }
        });
        MalformedAuthorization::MissingParameters { names }
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
        let lifetime = self.service.rules().url_lifetime();
        let required = |parameter| parameters.required(parameter, lifetime).map_err(malformed);
        let algorithm = required(Parameter::Algorithm)?;
        let credential = required(Parameter::Credential)?;
        let time = required(Parameter::Date)?;
        let expires = match lifetime {
            UrlLifetime::Required => Some(required(Parameter::Expires)?),
            UrlLifetime::Optional => parameters.get(Parameter::Expires),
        };
        let signed_headers = required(Parameter::SignedHeaders)?;
        let signature = required(Parameter::Signature)?;
        if signature.is_empty() {
            return Err(malformed(parameters.incomplete(lifetime)));
        }
        // Valid values of the other parameters contain no character that a query encodes.
        let [credential_scratch, names_scratch] = decoded;
        let signed_headers = decode_in(signed_headers, names_scratch);
        let credential = decode_in(credential, credential_scratch);
        let credential = parse_credential(algorithm, credential, |name| self.algorithm(name))?;
        let signature = Signature::from_received(credential.algorithm, signature);
        let selected = fields.select(signed_headers);
        let Selected { signed_headers, missing } =
            selected.map_err(|_| malformed(MalformedAuthorization::SignedHeaders))?;
        let time = Timestamp::from_bytes(time).ok_or_else(|| malformed(MalformedAuthorization::Date))?;
        Ok(ParsedAuthorization {
            mechanism: Mechanism::Query,
            credential,
            signed_headers,
            missing,
            signature,
            time,
            http_date: None,
            expires,
        })
    }
}

/// Parses the credential of a presigned URL, which must be decoded, for the algorithm that the URL names.
#[inline]
pub(super) fn parse_credential<'a>(
    algorithm: &[u8],
    credential: &'a [u8],
    algorithm_of: impl Fn(&[u8]) -> Option<Algorithm>,
) -> Result<Credential<'a>, VerifyError> {
    let Some(algorithm) = algorithm_of(algorithm) else {
        let algorithm = truncated_lossy(&percent::decoded(algorithm));
        return Err(VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm });
    };
    Credential::parse(credential, algorithm).map_err(VerifyError::AuthorizationQueryParametersError)
}
