//! [`ReceivedRequest`], a received request, split into its parts.

use alloc::vec::Vec;

use super::parameters::Parameters;
use super::{Limits, VerifyError};
use crate::canonical::target::{Target, check_received_query, is_authority};
use crate::canonical::{AwsHeader, Fields, Pairs, check_value, is_aws_scheme, trim};
use crate::error::RequestError;
use crate::request::Request;

/// A request as an HTTP parser returned it, split into its parts.
pub(super) struct ReceivedRequest<'r, 'p> {
    pub(super) method: &'r str,
    pub(super) target: Target<'r>,
    // The lists are on the stack of `Verifier::claim`, and too large to be moved.
    pub(super) fields: &'p mut Fields<'r>,
    pub(super) pairs: &'p mut Pairs<'r>,
    pub(super) parameters: Parameters<'r>,
}

/// The part of a request that contains its signature.
pub(super) enum SignatureLocation<'r> {
    /// The `Authorization` header, with its value.
    Header(&'r [u8]),
    Query,
}

impl<'r, 'p> ReceivedRequest<'r, 'p> {
    /// Creates a request whose headers and query are not read yet.
    #[inline]
    pub(super) fn new(
        method: &'r str,
        target: Target<'r>,
        fields: &'p mut Fields<'r>,
        pairs: &'p mut Pairs<'r>,
    ) -> Self {
        Self { method, target, fields, pairs, parameters: Parameters::default() }
    }

    /// Reads the headers. Rejects a repeated header that must be unique, and a
    /// missing or invalid host.
    #[inline]
    pub(super) fn read_headers(&mut self, request: &Request<'r>, limits: &Limits) -> Result<(), VerifyError> {
        let Self { fields, target, .. } = self;
        fields.read(request);
        limits.check_headers(fields)?;
        if let Some(known) = fields.repeated(AwsHeader::SINGLETONS) {
            return Err(RequestError::RepeatedHeader { name: known.name().to_lowercase() }.into());
        }
        let valid = match (fields.get(AwsHeader::Host), target.authority) {
            (None, None) => false,
            // The authority of HTTP/2 replaces `Host` as it was received, with a default port
            // (RFC 9113, section 8.3.1). AWS does not remove the port either (grzm/awyeah-api, issue 8).
            (None, Some(authority)) => {
                fields.push(None, AwsHeader::Host.name(), authority.as_bytes());
                true
            }
            (Some(host), _) => {
                let host = trim(host);
                is_authority(host) && target.host().is_none_or(|authority| target.has_host(authority, host))
            }
        };
        if valid { Ok(()) } else { Err(RequestError::InvalidHost.into()) }
    }

    /// Reads the query. If its spelling is not canonical, `scratch` receives the
    /// canonical one.
    #[inline]
    pub(super) fn read_query(&mut self, scratch: &'r mut Vec<u8>) -> Result<(), VerifyError> {
        if !self.target.query.is_empty() {
            self.pairs.read(self.target.query, scratch, check_received_query)?;
        }
        Ok(())
    }

    /// Finds the signature. Rejects a request with two signatures or without one.
    #[inline]
    pub(super) fn locate_signature(&mut self) -> Result<SignatureLocation<'r>, VerifyError> {
        let authorization = self.authorization()?;
        self.parameters.read(self.pairs);
        let in_query = self.parameters.has_signature();
        let in_query = in_query.map_err(VerifyError::AuthorizationQueryParametersError)?;
        match (authorization, in_query, self.parameters.has_version_2()) {
            (Some(value), false, false) => Ok(SignatureLocation::Header(value)),
            (None, true, false) => Ok(SignatureLocation::Query),
            (None, false, false) => Err(VerifyError::Anonymous),
            (None, false, true) => Err(VerifyError::SignatureVersion2),
            _ => Err(VerifyError::TwoMechanisms),
        }
    }

    /// Returns the value of the `Authorization` header if its scheme is AWS's.
    #[inline]
    fn authorization(&self) -> Result<Option<&'r [u8]>, VerifyError> {
        let Some(value) = self.fields.get(AwsHeader::Authorization) else { return Ok(None) };
        if self.fields.repeated(&[AwsHeader::Authorization]).is_some() {
            return Err(VerifyError::RepeatedAuthorization);
        }
        let value = trim(value);
        if is_aws_scheme(value) {
            return Ok(Some(value));
        }
        // A control character before an AWS scheme must not hide it.
        check_value(&AwsHeader::Authorization.name(), value)?;
        Ok(None)
    }
}
