//! The fields of an authentication as they arrive: the `Authorization` header,
//! or the `X-Amz-*` parameters of a query. Read strictly, and believed by nobody.
//!
//! ```text
//! Authorization: AWS4-HMAC-SHA256 Credential=AKID/YYYYMMDD/region/service/aws4_request,
//!                SignedHeaders=host;x-amz-date, Signature=64 hex digits
//! Authorization: AWS4-ECDSA-P256-SHA256 Credential=AKID/YYYYMMDD/service/aws4_request,
//!                SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=DER in hex
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization
//! Header" and "… Using Query Parameters". Not here: whether any of it is true.

use crate::bytes::{self, DIGIT, VISIBLE};
use crate::canonical::trim;
use crate::canonical::{Pairs, Parameter, Recognized};
use crate::error::{Malformed, Mechanism, VerifyError, shown_bytes};
use crate::payload::PayloadHash;
use crate::steps::Signature;
use crate::steps::algorithm::Algorithm;
use crate::steps::string_to_sign::TERMINATOR;

/// The parts of a credential, visible ASCII. Split from the right: ids may hold
/// slashes.
#[derive(Clone, Copy)]
pub(crate) struct Credential<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) access_key_id: &'a [u8],
    pub(crate) scope: &'a [u8],
    pub(crate) date: &'a [u8],
    pub(crate) region: &'a [u8],
    pub(crate) service: &'a [u8],
}

impl<'a> Credential<'a> {
    #[inline]
    pub(crate) fn parse(text: &'a [u8], algorithm: Algorithm) -> Result<Self, Malformed> {
        let parts = |text| {
            let (text, service) = split_last(text)?;
            let (text, region) = match algorithm {
                Algorithm::Hmac => split_last(text)?,
                #[cfg(feature = "sigv4a")]
                Algorithm::Ecdsa => (text, &[][..]),
            };
            let (access_key_id, date) = split_last(text)?;
            Some((access_key_id, date, region, service))
        };
        let Some(before) = text.strip_suffix(TERMINATOR.as_bytes()).and_then(|text| text.strip_suffix(b"/"))
        else {
            let other = split_last(text).and_then(|(text, _)| parts(text));
            return Err(if other.is_some() { Malformed::Terminator } else { Malformed::Credential });
        };
        let (access_key_id, date, region, service) = parts(before).ok_or(Malformed::Credential)?;
        if access_key_id.is_empty() || !bytes::all(text, VISIBLE) {
            return Err(Malformed::Credential);
        }
        if date.len() != 8 || !bytes::all(date, DIGIT) {
            return Err(Malformed::CredentialDate);
        }
        let scope = text.get(access_key_id.len() + 1..).unwrap_or_default();
        Ok(Self { algorithm, access_key_id, scope, date, region, service })
    }
}

/// A text before and behind its last slash.
#[inline]
fn split_last(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = bytes::rfind(text, b'/')?;
    let (before, behind) = text.split_at_checked(place)?;
    Some((before, behind.get(1..)?))
}

/// An authentication's fields, checked for their form.
pub(crate) struct Authorization<'a> {
    pub(crate) credential: Credential<'a>,
    /// *SignedHeaders*, not read yet.
    pub(crate) signed: &'a [u8],
    pub(crate) signature: Signature,
}

impl<'a> Authorization<'a> {
    /// From the value of an `Authorization` header. `known` tells an algorithm
    /// by its exact name, if it is one that is read.
    #[inline]
    pub(crate) fn from_header(
        value: &'a [u8],
        known: impl Fn(&[u8]) -> Option<Algorithm>,
    ) -> Result<Self, VerifyError> {
        let malformed = VerifyError::AuthorizationHeaderMalformed;
        let named = bytes::split_once(value, b' ');
        let named = named.and_then(|(name, rest)| Some((known(name)?, rest)));
        let (algorithm, rest) = named.ok_or_else(|| unsupported(value))?;
        let (mut credential, mut signed, mut signature) = (None, None, None);
        let mut left = Some(rest);
        while let Some(text) = left {
            let (component, behind) = match bytes::split_once(text, b',') {
                Some((component, behind)) => (component, Some(behind)),
                None => (text, None),
            };
            left = behind;
            let component = trim(component);
            let (slot, value) = if let Some(value) = component.strip_prefix(b"Credential=") {
                (&mut credential, value)
            } else if let Some(value) = component.strip_prefix(b"SignedHeaders=") {
                (&mut signed, value)
            } else if let Some(value) = component.strip_prefix(b"Signature=") {
                (&mut signature, value)
            } else {
                return Err(malformed(Malformed::Components));
            };
            if slot.replace(value).is_some() {
                return Err(malformed(Malformed::Components));
            }
        }
        let (Some(credential), Some(signed), Some(signature)) = (credential, signed, signature) else {
            return Err(malformed(Malformed::Components));
        };
        Self::parse(algorithm, credential, signed, signature).map_err(malformed)
    }

    #[inline]
    pub(crate) fn parse(
        algorithm: Algorithm,
        credential: &'a [u8],
        signed: &'a [u8],
        signature: &[u8],
    ) -> Result<Self, Malformed> {
        Ok(Self {
            credential: Credential::parse(credential, algorithm)?,
            signed,
            signature: algorithm.read_signature(signature).ok_or(Malformed::Signature)?,
        })
    }
}

/// A scheme that begins as AWS's do, but is not the one that is read here.
#[cold]
fn unsupported(value: &[u8]) -> VerifyError {
    // No further than a name goes: what is behind it may be a signature.
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let scheme = value.split(|byte| !in_name(byte)).next().unwrap_or_default();
    if scheme == b"AWS" {
        return VerifyError::SignatureVersion2;
    }
    VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: shown_bytes(scheme) }
}

/// Whether an `Authorization` value is of AWS's making at all. Other schemes
/// (`Bearer`, `Basic`) are no mechanism of ours.
#[inline]
pub(crate) fn is_ours(value: &[u8]) -> bool {
    value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"AWS"))
}

/// The parameters of a presigned URL, in canonical spelling.
#[derive(Default)]
pub(crate) struct Parameters<'a> {
    values: [Option<&'a [u8]>; Parameter::ALL.len()],
    any: bool,
    /// Whether there is a payload hash that would bind the body.
    pub(crate) binds_payload: bool,
}

impl<'a> Parameters<'a> {
    /// Collects them. A name in another case, or twice, is refused.
    #[inline]
    pub(crate) fn read(&mut self, pairs: &Pairs<'a>) -> Result<(), Malformed> {
        for pair in pairs.in_wire_order() {
            let Some(recognized) = Parameter::from_name(pair.name) else { continue };
            let Recognized { parameter, is_exact } = recognized;
            let twice = match self.values.get_mut(parameter.index()) {
                Some(slot) => slot.replace(pair.value).is_some(),
                None => continue,
            };
            if parameter == Parameter::ContentSha256 {
                self.binds_payload |= pair.value != PayloadHash::UNSIGNED.as_bytes();
            }
            if parameter.is_authentication() {
                if twice || !is_exact {
                    return Err(Malformed::Parameter { name: parameter.name() });
                }
                self.any = true;
            }
        }
        Ok(())
    }

    /// Whether there is none that carries a signature of this scheme.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        !self.any
    }

    #[inline]
    pub(crate) fn get(&self, parameter: Parameter) -> Option<&'a [u8]> {
        self.values.get(parameter.index()).copied().flatten()
    }

    /// One of the six that every presigned URL has.
    #[inline]
    pub(crate) fn required(&self, parameter: Parameter) -> Result<&'a [u8], Malformed> {
        self.get(parameter).ok_or(Malformed::Components)
    }
}
