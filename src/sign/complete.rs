//! [`Complete`], the request as the server will receive it: the caller's request
//! with the headers that signing adds.

use alloc::string::String;
use alloc::vec::Vec;

use super::Signer;
use crate::bytes;
use crate::canonical::target::{Target, is_authority};
use crate::canonical::{
    AwsHeader, Fields, Name, Pairs, Parameter, ambiguous_spelling, check_name, check_value, folded,
    is_aws_scheme, trim,
};
use crate::error::{RequestError, SignError};
use crate::payload::PayloadHash;
use crate::request::Request;
use crate::service::RepeatedParameters;
use crate::steps::canonical_request::{HeaderLines, Inputs, Path, Query};

/// The part of a request that a signature is added to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// The `Authorization` header. Date and token are in headers too.
    Headers,
    /// The query. Date and token are in parameters too.
    Query,
}

/// A request that is being completed.
///
/// The methods fill it through `&mut self`, because its lists are on the stack and
/// too large to be moved.
pub(super) struct Complete<'r> {
    request: Request<'r>,
    pub(super) target: Target<'r>,
    payload: &'r [u8],
    /// The value of `host`, if no other header is signed. `fields` is empty then.
    pub(super) host_only: Option<&'r str>,
    pub(super) fields: Fields<'r>,
    pub(super) pairs: Pairs<'r>,
}

/// The values that the headers of the scheme must have if the request has them.
pub(super) struct ExpectedHeaders<'a> {
    pub(super) placement: Placement,
    pub(super) date: &'a [u8],
    /// The payload line, or `None` if the service does not compare the header with it.
    pub(super) payload: Option<&'a [u8]>,
    pub(super) token: Option<(AwsHeader, &'a [u8])>,
    pub(super) token_is_signed: bool,
    /// Present for SigV4a only.
    pub(super) region_set: Option<&'a [u8]>,
}

impl<'r> Complete<'r> {
    pub(super) fn new(request: &Request<'r>, target: Target<'r>, payload: &'r [u8]) -> Self {
        Self {
            request: *request,
            target,
            payload,
            host_only: None,
            fields: Fields::new(),
            pairs: Pairs::new(),
        }
    }

    /// Rejects a path that servers read in different ways.
    #[inline]
    pub(super) fn check_path(&self, signer: &Signer) -> Result<(), SignError> {
        match ambiguous_spelling(self.target.path, signer.service.rules()) {
            Some(spelling) => Err(SignError::AmbiguousPath { spelling }),
            None => Ok(()),
        }
    }

    /// Records `host` as the only signed header, if the request has no headers. This
    /// is the usual case for a presigned URL.
    #[inline]
    pub(super) fn set_host_only(&mut self) {
        let host = self.target.host().filter(|_| !self.target.has_uppercase());
        self.host_only = host.filter(|_| self.request.headers().len() == 0);
    }

    /// Returns the name of a header whose value differs from that of the query
    /// parameter of the same name. Servers disagree on which of them they use.
    #[inline]
    pub(super) fn contradicting_header(&self) -> Option<String> {
        if self.host_only.is_some() { None } else { self.fields.contradicting(&self.pairs) }
    }

    /// Reads the request's headers, and adds `host`. Checks that each header of the
    /// scheme is absent or has its expected value.
    #[inline]
    pub(super) fn read_headers(
        &mut self,
        signer: &Signer,
        expected: &ExpectedHeaders<'_>,
    ) -> Result<(), SignError> {
        let invalid = self.collect_headers(signer, expected);
        self.check_authorization(expected.placement)?;
        invalid?;
        expected.check(&self.fields)?;
        self.check_tabs()?;
        self.complete_host(expected.placement)
    }

    /// Collects the headers that are signed. Returns the error of the first header
    /// that HTTP does not allow, after all headers are read: a request that is already
    /// signed has its own error.
    #[inline]
    fn collect_headers(
        &mut self,
        signer: &Signer,
        expected: &ExpectedHeaders<'_>,
    ) -> Result<(), RequestError> {
        let mut invalid = Ok(());
        // Clients derive `Host` from a URL, so a URL's authority is signed.
        let url_host = self.target.host().filter(|_| expected.placement == Placement::Query);
        for (index, (name, mut value)) in self.request.headers().enumerate() {
            let name = Name::new(name.as_bytes());
            let known = AwsHeader::from_name(&name);
            let is_signed = match known {
                Some(known) => {
                    self.fields.record(known, value);
                    if known == AwsHeader::Host {
                        value = url_host.map_or(value, str::as_bytes);
                    }
                    expected.signs(known).unwrap_or_else(|| !signer.is_excluded(&name))
                }
                None => {
                    invalid = invalid.and_then(|()| check_name(index, &name));
                    !signer.is_excluded(&name)
                }
            };
            if is_signed {
                self.fields.push(Some(index), name, value);
            } else {
                // Unsigned headers are sent too: reject bytes that could inject another header.
                invalid = invalid.and_then(|()| check_value(&name, value));
            }
        }
        invalid
    }

    /// Rejects a tab inside a signed value: servers sign it as a space, or as it is.
    #[inline]
    fn check_tabs(&self) -> Result<(), SignError> {
        let has_tab = |value: &[u8]| bytes::find(value, b'\t').is_some();
        match self.fields.in_wire_order().find(|field| has_tab(field.value) && has_tab(trim(field.value))) {
            Some(field) => {
                let name = String::from_utf8_lossy(field.name.as_bytes()).to_lowercase();
                Err(SignError::AmbiguousHeaderValue { name })
            }
            None => Ok(()),
        }
    }

    /// Rejects a request that has a signature, and for a signature in headers also one
    /// whose `Authorization` header has another scheme: a request can have only one.
    #[inline]
    fn check_authorization(&self, placement: Placement) -> Result<(), SignError> {
        let Some(value) = self.fields.get(AwsHeader::Authorization) else { return Ok(()) };
        if is_aws_scheme(trim(value)) {
            return Err(SignError::AlreadySigned);
        }
        if self.fields.repeated(&[AwsHeader::Authorization]).is_some() {
            return Err(RequestError::RepeatedHeader { name: "authorization".into() }.into());
        }
        match placement {
            Placement::Headers => Err(SignError::foreign_authorization(value)),
            Placement::Query => Ok(()),
        }
    }

    /// Adds `host` from the URL, or compares the request's `Host` with it.
    #[inline]
    fn complete_host(&mut self, placement: Placement) -> Result<(), SignError> {
        match (self.fields.get(AwsHeader::Host), self.target.host()) {
            (None, None) => return Err(RequestError::InvalidHost.into()),
            (None, Some(_)) if self.target.has_uppercase() => return Err(SignError::UppercaseHost),
            (None, Some(host)) => self.fields.push(None, AwsHeader::Host.name(), host.as_bytes()),
            (Some(host), authority) => {
                let host = Some(trim(host)).filter(|host| is_authority(host));
                let host = host.ok_or(RequestError::InvalidHost)?;
                let differs = |authority: &str| !self.target.has_host(authority, host);
                if placement == Placement::Query && authority.is_some_and(differs) {
                    return Err(SignError::HostMismatch);
                }
                if placement == Placement::Query && self.target.has_uppercase() {
                    return Err(SignError::UppercaseHost);
                }
            }
        }
        Ok(())
    }

    /// Reads and sorts the query's parameters. Returns true if one of them states a
    /// payload hash, which a presigned URL must not contain. `check` rejects a query that
    /// cannot be sent.
    #[inline]
    pub(super) fn read_query(
        &mut self,
        signer: &Signer,
        check: fn(&str) -> Result<(), RequestError>,
        scratch: &'r mut Vec<u8>,
    ) -> Result<bool, SignError> {
        if self.target.query.is_empty() {
            return Ok(false);
        }
        self.pairs.read(self.target.query, scratch, check)?;
        self.pairs.sort();
        let name_of = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let (mut reserved, mut has_payload_hash) = (None, false);
        for pair in self.pairs.iter() {
            match Parameter::from_name(pair.name).map(|recognized| recognized.parameter) {
                Some(Parameter::Signature) => return Err(SignError::AlreadySigned),
                Some(Parameter::ContentSha256) => {
                    has_payload_hash |= pair.value != PayloadHash::UNSIGNED.as_bytes();
                }
                Some(_) => reserved = reserved.or(Some(pair.name)),
                None if pair.name.is_empty() => return Err(SignError::UnnamedParameter),
                None => {}
            }
        }
        if let Some(name) = reserved {
            return Err(SignError::ReservedParameter { name: name_of(name) });
        }
        if signer.service.rules().repeated_parameters() == RepeatedParameters::Rejected
            && let Some(name) = self.pairs.repeated()
        {
            return Err(SignError::RepeatedParameter { name: name_of(name) });
        }
        Ok(has_payload_hash)
    }

    /// Returns the inputs of step 1.
    #[inline]
    pub(super) const fn inputs<'p>(&'p self, path: Path<'p>, query: Query<'p, 'r>) -> Inputs<'p, 'r> {
        let headers = match self.host_only {
            Some(host) => HeaderLines::HostOnly(host),
            None => HeaderLines::All(&self.fields),
        };
        Inputs { method: self.request.method, path, query, headers, payload: self.payload }
    }
}

impl ExpectedHeaders<'_> {
    /// Returns true if this header of the scheme is signed, and `None` if the signer's
    /// options decide.
    #[inline]
    fn signs(&self, known: AwsHeader) -> Option<bool> {
        match known {
            AwsHeader::Host | AwsHeader::AmzDate | AwsHeader::ContentSha256 => Some(true),
            AwsHeader::Authorization => Some(false),
            AwsHeader::RegionSet => self.region_set.map(|_| true),
            AwsHeader::SecurityToken | AwsHeader::S3SessionToken => Some(self.token_is_signed),
            _ => None,
        }
    }

    /// Rejects a header of the scheme that is repeated, or that has another value than
    /// the expected one.
    #[inline]
    fn check(&self, fields: &Fields<'_>) -> Result<(), SignError> {
        if let Some(known) = fields.repeated(AwsHeader::SINGLETONS) {
            return Err(RequestError::RepeatedHeader { name: known.name().to_lowercase() }.into());
        }
        let in_headers = self.placement == Placement::Headers;
        let token = |name| self.token.filter(|(own, _)| in_headers && *own == name).map(|(_, token)| token);
        let expected = [
            (AwsHeader::AmzDate, in_headers.then_some(self.date)),
            (AwsHeader::ContentSha256, self.payload),
            (AwsHeader::SecurityToken, token(AwsHeader::SecurityToken)),
            (AwsHeader::S3SessionToken, token(AwsHeader::S3SessionToken)),
            (AwsHeader::RegionSet, self.region_set),
        ];
        for (known, expected) in expected {
            let Some(value) = fields.get(known) else { continue };
            if matches!(known, AwsHeader::RegionSet | AwsHeader::ContentSha256) && expected.is_none() {
                continue; // The region set of HMAC, and Iceberg's hash, are headers like any other.
            }
            let is = |expected: &[u8]| {
                value == expected || folded(value).is_ok_and(|value| value.as_slice() == expected)
            };
            if !expected.is_some_and(is) {
                return Err(SignError::HeaderMismatch { name: known.name().to_lowercase() });
            }
        }
        Ok(())
    }
}
