//! The request as an HTTP parser hands it over: its target, its one host, its
//! one `Authorization`. Not here: whether what is there is signed (`coverage.rs`).

use super::VerifyError;
use super::authorization::{Parameters, is_ours};
use crate::canonical::Pairs;
use crate::canonical::target::{Target, is_authority};
use crate::canonical::{AwsHeader, Fields, check_value, trim};
use crate::error::RequestError;

/// The request as it arrived, taken apart.
pub(super) struct Arrived<'r, 'p> {
    pub(super) method: &'r str,
    pub(super) target: Target<'r>,
    pub(super) fields: &'p mut Fields<'r>,
    pub(super) pairs: &'p mut Pairs<'r>,
    pub(super) parameters: &'p Parameters<'r>,
}

/// What may come once came once; and one host is among the headers.
#[inline]
pub(super) fn check_arrived<'r>(fields: &mut Fields<'r>, target: &Target<'r>) -> Result<(), VerifyError> {
    if let Some(known) = fields.repeated(AwsHeader::SINGLETONS) {
        return Err(RequestError::RepeatedHeader { name: known.name().to_lowercase() }.into());
    }
    let valid = match (fields.get(AwsHeader::Host), target.host()) {
        (None, None) => false,
        (None, Some(authority)) => {
            fields.push(None, AwsHeader::Host.name(), authority.as_bytes());
            true
        }
        (Some(host), authority) => {
            let host = trim(host);
            is_authority(host) && authority.is_none_or(|authority| target.has_host(authority, host))
        }
    };
    if valid { Ok(()) } else { Err(RequestError::InvalidHost.into()) }
}

/// The value of the one `Authorization` header, if it is of AWS's making.
#[inline]
pub(super) fn authorization<'r>(fields: &Fields<'r>) -> Result<Option<&'r [u8]>, VerifyError> {
    let Some(value) = fields.get(AwsHeader::Authorization) else { return Ok(None) };
    if fields.repeated(&[AwsHeader::Authorization]).is_some() {
        return Err(VerifyError::RepeatedAuthorization);
    }
    let value = trim(value);
    if is_ours(value) {
        return Ok(Some(value));
    }
    // A control character must not make a signature look like none.
    check_value(&AwsHeader::Authorization.name(), value)?;
    Ok(None)
}
