//! Removes from the query of a presigned request what the signature does not cover.
//!
//! ```text
//! X-Amz-Signature                              of every service
//! X-Amz-Security-Token | X-Amz-S3session-Token of a service that expects the token after signing
//! ```
//!
//! `docs/services.md` has the sources.

use alloc::string::String;
use alloc::vec::Vec;

use crate::canonical::Parameter;
use crate::canonical::percent::decode;
use crate::service::Rules;

/// Returns the target of a presigned request without the parameters that the signature does not cover.
///
/// These are `X-Amz-Signature`, and the session token if the [rule](crate::SessionTokenRule) of the service says that the
/// token is added after signing, as for AWS IoT. Pass the result to [`CanonicalRequest::new`](super::CanonicalRequest::new)
/// or [`Layout::new`](super::Layout::new) to compute the steps of a request that is already presigned.
/// Upper and lower case of the names do not differ.
///
/// ```
/// use countersign::{Rules, Service, steps};
///
/// let target = "/mqtt?X-Amz-Expires=60&X-Amz-Signature=00&X-Amz-Security-Token=FwoG";
/// assert_eq!(steps::signed_target(target, Rules::S3), "/mqtt?X-Amz-Expires=60&X-Amz-Security-Token=FwoG");
///
/// let iot = Service::new("iotdevicegateway")?;
/// assert_eq!(steps::signed_target(target, iot.rules()), "/mqtt?X-Amz-Expires=60");
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[must_use]
pub fn signed_target(target: &str, rules: Rules) -> String {
    let Some((path, query)) = target.split_once('?') else { return target.into() };
    let is_signed = |pair: &&str| {
        let name = decode(pair.split('=').next().unwrap_or_default());
        !unsigned_parameters(rules).any(|unsigned| name.eq_ignore_ascii_case(unsigned.as_bytes()))
    };
    let pairs: Vec<&str> = query.split('&').filter(is_signed).collect();
    if pairs.is_empty() { path.into() } else { alloc::format!("{path}?{}", pairs.join("&")) }
}

/// Returns the names of the parameters that the signature of a presigned request does not cover.
#[inline]
pub(crate) fn unsigned_parameters(rules: Rules) -> impl Iterator<Item = &'static str> {
    let token = rules.session_token();
    let unsigned_token = (!token.is_signed()).then(|| token.header().parameter_name());
    [Some(Parameter::Signature.name()), unsigned_token].into_iter().flatten()
}
