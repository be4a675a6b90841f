//! Checks that the signature covers what it must: `host` and every `x-amz-*`
//! header is signed, and every signed header is present.
//!
//! `Fields::select` compared the two lists when *SignedHeaders* was parsed. It
//! returned the headers that are not signed, and the first signed name that no
//! header has.

use alloc::string::String;
use alloc::vec::Vec;

use super::authorization::ParsedAuthorization;
use super::received::ReceivedRequest;
use super::{Verifier, VerifyError};
use crate::bytes::{truncated, truncated_lossy};
use crate::canonical::{AwsHeader, Fields, Name, Parameter, check_name, check_value, trim};
use crate::error::Mechanism;
use crate::service::{PayloadRule, TokenHeader};

impl ReceivedRequest<'_, '_> {
    /// Rejects a presigned URL with an `x-amz-*` header that differs from the signed
    /// parameter of the same name. Servers disagree on which of them they use.
    #[inline]
    pub(super) fn reject_contradiction(&self, mechanism: Mechanism) -> Result<(), VerifyError> {
        if mechanism == Mechanism::Query
            && let Some(name) = self.fields.contradicting(self.pairs)
        {
            return Err(VerifyError::ContradictoryHeader { name });
        }
        Ok(())
    }
}

impl Verifier {
    /// Rejects a session token under the name that another service uses, and a payload
    /// hash among the parameters of a URL. The verifier would check neither of them,
    /// although their sender expects it.
    #[inline]
    pub(super) fn reject_misplaced(
        &self,
        received: &ReceivedRequest<'_, '_>,
        mechanism: Mechanism,
    ) -> Result<(), VerifyError> {
        let ReceivedRequest { fields, parameters, .. } = received;
        let other = match self.service.rules().session_token().header() {
            TokenHeader::SecurityToken => TokenHeader::S3SessionToken,
            TokenHeader::S3SessionToken => TokenHeader::SecurityToken,
        };
        if fields.get(AwsHeader::session_token(other)).is_some()
            || parameters.get(Parameter::session_token(other)).is_some()
        {
            return Err(VerifyError::InvalidToken);
        }
        if mechanism == Mechanism::Query && parameters.has_payload_hash {
            return Err(VerifyError::InvalidPayloadHash);
        }
        Ok(())
    }

    /// Checks that every header that must be signed is signed, and that every
    /// signed header is present.
    #[inline]
    pub(super) fn check_coverage(
        &self,
        fields: &Fields<'_>,
        authorization: &ParsedAuthorization<'_>,
    ) -> Result<(), VerifyError> {
        let mut unsigned: Vec<String> = Vec::new();
        for field in fields.unsigned() {
            // `Authorization` was validated when it was parsed.
            if field.name.eq_ignore_case(&AwsHeader::Authorization.name()) {
                continue;
            }
            check_name(field.index.unwrap_or_default(), &field.name)?;
            check_value(&field.name, field.value)?;
            if self.must_be_signed(&field.name) {
                unsigned.push(truncated(&field.name.to_lowercase()));
            }
        }
        if !unsigned.is_empty() {
            unsigned.sort_unstable();
            unsigned.dedup();
            unsigned.truncate(MAX_NAMES);
            return Err(VerifyError::UnsignedHeaders { names: unsigned });
        }
        match authorization.missing {
            Some(name) => Err(VerifyError::MissingSignedHeader { name: truncated_lossy(name) }),
            None => Ok(()),
        }
    }

    /// Returns true for `host` and for the headers that begin with `x-amz-`.
    /// `x-amz-content-sha256` is exempt: its value is the payload line, which is
    /// signed whether the header is listed or not, unless the rules say otherwise.
    #[inline]
    fn must_be_signed(&self, name: &Name<'_>) -> bool {
        if !name.is_amz() {
            return name.eq_ignore_case(&AwsHeader::Host.name());
        }
        let token = self.service.rules().session_token();
        let is = |known: AwsHeader| name.eq_ignore_case(&known.name());
        let is_unsigned_token = !token.is_signed() && is(AwsHeader::session_token(token.header()));
        let is_allowed = |allowed: &String| allowed.as_bytes().eq_ignore_ascii_case(name.as_bytes());
        let is_payload_line =
            is(AwsHeader::ContentSha256) && self.service.rules().payload() != PayloadRule::OrdinaryHeader;
        !is_payload_line && !is_unsigned_token && !self.unsigned_headers.iter().any(is_allowed)
    }

    /// Returns the session token: from a header if the signature is in a header, and
    /// from the query if the signature is there. Rejects a presigned URL whose token is
    /// in a header only.
    #[inline]
    pub(super) fn session_token<'r>(
        &self,
        received: &ReceivedRequest<'r, '_>,
        mechanism: Mechanism,
    ) -> Result<Option<&'r [u8]>, VerifyError> {
        let name = self.service.rules().session_token().header();
        let header = received.fields.get(AwsHeader::session_token(name));
        if mechanism != Mechanism::Query {
            return Ok(header.map(trim));
        }
        let parameter = received.parameters.get(Parameter::session_token(name));
        match (header, parameter) {
            (Some(_), None) => Err(VerifyError::ContradictoryHeader { name: name.header_name().into() }),
            _ => Ok(parameter),
        }
    }
}

/// The maximum number of headers that an error names. A request could have hundreds of them.
const MAX_NAMES: usize = 32;
