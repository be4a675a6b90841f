//! The request as an HTTP parser hands it over: its target, its one host, its
//! one `Authorization`. Not here: what is signed (`coverage.rs`).

use super::VerifyError;
use super::authorization::{Parameters, is_ours};
use crate::headers::{
    AUTHORIZATION, CONTENT_SHA256, DATE, Fields, HOST, Name, S3SESSION_TOKEN, SECURITY_TOKEN, trim,
};
use crate::request::Request;
use crate::request_error::RequestError;
use crate::scan::{self, Sixteen};
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

/// The headers as they arrived, with the one host among them.
#[inline]
pub(super) fn arrived_fields<'r>(
    fields: &mut Fields<'r>,
    request: &Request<'r>,
    target: &Target<'r>,
    authority: Option<&'r str>,
) -> Result<(), VerifyError> {
    let (mut seen, mut repeated) = (0u16, None);
    for (name, value) in request.headers() {
        let name = Name::new(name);
        if let Some(bit) = once(&name) {
            if seen & 1 << bit != 0 {
                repeated = repeated.or(Some(name));
            }
            seen |= 1 << bit;
        }
        fields.push(name, value);
    }
    if let Some(name) = repeated {
        return Err(RequestError::RepeatedHeader { name: name.as_str().to_ascii_lowercase() }.into());
    }
    let host = fields.get(&HOST);
    if let (None, Some(authority)) = (host, authority) {
        fields.push(HOST, authority.as_bytes());
    }
    match (host, authority) {
        (None, None) => Err(RequestError::InvalidHost.into()),
        (None, Some(_)) => Ok(()),
        (Some(host), authority) => {
            let host = core::str::from_utf8(trim(host)).ok().filter(|host| is_authority(host));
            let host = host.ok_or(RequestError::InvalidHost)?;
            match authority {
                Some(authority) if !target.has_host(authority, host) => Err(RequestError::InvalidHost.into()),
                _ => Ok(()),
            }
        }
    }
}

/// Which of the headers that must not be repeated this is.
#[inline]
fn once(name: &Name<'_>) -> Option<usize> {
    let known: &[(usize, Name<'_>)] = match name.as_str().len() {
        4 => &[(0, HOST), (1, Name::known("date"))],
        10 => &[(2, DATE)],
        14 => &[(3, Name::known("content-length"))],
        16 => &[(4, Name::known("x-amz-region-set"))],
        20 => &[(5, CONTENT_SHA256), (6, SECURITY_TOKEN)],
        21 => &[(7, S3SESSION_TOKEN)],
        28 => &[(8, Name::known("x-amz-decoded-content-length"))],
        _ => &[],
    };
    known.iter().find(|(_, known)| name.is(known)).map(|(bit, _)| *bit)
}

/// The value of the one `Authorization` header, if it is of AWS's making.
#[inline]
pub(super) fn authorization<'r>(fields: &Fields<'r>) -> Result<Option<&'r [u8]>, VerifyError> {
    let mut found = fields.arrived().filter(|field| field.name.is(&AUTHORIZATION));
    let Some(first) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(VerifyError::RepeatedAuthorization);
    }
    let value = trim(first.value);
    // A control character must not make a signature look like none.
    if scan::any(value, Sixteen::controls) {
        return Err(RequestError::InvalidHeaderValue { name: "authorization".into() }.into());
    }
    Ok(Some(value).filter(|value| is_ours(value)))
}

#[inline]
pub(super) fn is_version_2(pairs: &Pairs<'_>) -> bool {
    pairs.iter().any(|pair| pair.name == VERSION_2.as_bytes())
}
