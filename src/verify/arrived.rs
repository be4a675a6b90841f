//! The request as an HTTP parser hands it over, in order.

use super::VerifyError;
use super::authorization::{Parameters, is_ours};
use crate::headers::Fields;
use crate::request::Request;
use crate::request_error::RequestError;
use crate::scan;
use crate::target::{Target, is_authority};
use crate::uri::{Pairs, VERSION_2};

/// The request as it arrived, in order.
pub(super) struct Arrived<'r> {
    pub(super) method: &'r str,
    pub(super) target: Target<'r>,
    pub(super) fields: Fields<'r>,
    pub(super) pairs: Pairs<'r>,
    pub(super) parameters: Parameters<'r>,
}

/// The target as an HTTP parser hands it over: visible ASCII.
pub(super) fn arrived_target(uri: &str) -> Result<Target<'_>, VerifyError> {
    if scan::any(uri.as_bytes(), |byte| !byte.is_ascii_graphic()) {
        return Err(RequestError::InvalidUri.into());
    }
    Ok(Target::parse(uri)?)
}

/// The headers that arrived, sorted, with the one host among them.
pub(super) fn arrived_fields<'r>(
    fields: &mut Fields<'r>,
    request: &Request<'r>,
    target: &Target<'r>,
    authority: Option<&'r str>,
) -> Result<(), VerifyError> {
    const ONCE: [&str; 9] = [
        "content-length",
        "date",
        "host",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-region-set",
        "x-amz-s3session-token",
        "x-amz-security-token",
    ];
    request.headers().for_each(|(name, value)| fields.push(name, value));
    fields.sort();
    if let Some(name) = fields.repeated().find_map(|field| ONCE.into_iter().find(|once| field.is(once))) {
        return Err(RequestError::RepeatedHeader { name: name.into() }.into());
    }
    match (fields.get("host"), authority) {
        (None, None) => Err(RequestError::InvalidHost.into()),
        (None, Some(host)) => {
            fields.push("host", host.as_bytes());
            fields.sort();
            Ok(())
        }
        (Some(host), authority) => {
            let host = core::str::from_utf8(trim(host)).ok().filter(|host| is_authority(host));
            let host = host.ok_or(RequestError::InvalidHost)?;
            let same =
                |authority: &str| authority.eq_ignore_ascii_case(host) || target.authority == Some(host);
            match authority {
                Some(authority) if !same(authority) => Err(RequestError::InvalidHost.into()),
                _ => Ok(()),
            }
        }
    }
}

/// The value of the one `Authorization` header, if it is of AWS's making.
pub(super) fn authorization<'r>(fields: &Fields<'r>) -> Result<Option<&'r [u8]>, VerifyError> {
    let mut found = fields.iter().filter(|field| field.is("authorization"));
    let Some(first) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(VerifyError::RepeatedAuthorization);
    }
    let value = trim(first.value);
    // A control character must not make a signature look like none.
    if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(RequestError::InvalidHeaderValue { name: "authorization".into() }.into());
    }
    Ok(Some(value).filter(|value| is_ours(value)))
}

pub(super) fn is_version_2(pairs: &Pairs<'_>) -> bool {
    pairs.iter().any(|pair| pair.name == VERSION_2.as_bytes())
}

pub(super) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
