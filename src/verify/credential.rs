//! Parses the *Credential* of a signature.
//!
//! ```text
//! Credential = access key id "/" CredentialScope
//! CredentialScope = YYYYMMDD "/" region "/" service "/aws4_request"
//!                 | YYYYMMDD "/" service "/aws4_request"            (AWS4-ECDSA-P256-SHA256)
//! ```

use crate::bytes::{self, DIGIT, VISIBLE};
use crate::error::MalformedAuthorization;
use crate::steps::Algorithm;
use crate::steps::string_to_sign::TERMINATOR;

/// A credential, split into its parts. All of them are visible ASCII.
#[derive(Clone, Copy)]
pub(crate) struct Credential<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) access_key_id: &'a [u8],
    /// Everything after the access key id.
    pub(crate) scope: &'a [u8],
    pub(crate) date: &'a [u8],
    /// Empty in SigV4a.
    pub(crate) region: &'a [u8],
    pub(crate) service: &'a [u8],
}

impl<'a> Credential<'a> {
    /// Parses a credential, from its end because an access key id may contain slashes.
    #[inline]
    pub(crate) fn parse(credential: &'a [u8], algorithm: Algorithm) -> Result<Self, MalformedAuthorization> {
        let parts = |rest| {
            let (rest, service) = split_last(rest)?;
            let (rest, region) = match algorithm {
                Algorithm::Hmac => split_last(rest)?,
                #[cfg(feature = "sigv4a")]
                Algorithm::Ecdsa => (rest, &[][..]),
            };
            let (access_key_id, date) = split_last(rest)?;
            Some((access_key_id, date, region, service))
        };
        let rest = credential.strip_suffix(TERMINATOR.as_bytes()).and_then(|rest| rest.strip_suffix(b"/"));
        let Some(rest) = rest else {
            let with_other_terminator = split_last(credential).and_then(|(rest, _)| parts(rest));
            return Err(match with_other_terminator {
                Some(_) => MalformedAuthorization::Terminator,
                None => MalformedAuthorization::Credential,
            });
        };
        let (access_key_id, date, region, service) = parts(rest).ok_or(MalformedAuthorization::Credential)?;
        if access_key_id.is_empty() || !bytes::all(credential, VISIBLE) {
            return Err(MalformedAuthorization::Credential);
        }
        if date.len() != 8 || !bytes::all(date, DIGIT) {
            return Err(MalformedAuthorization::CredentialDate);
        }
        let scope = credential.get(access_key_id.len() + 1..).unwrap_or_default();
        Ok(Self { algorithm, access_key_id, scope, date, region, service })
    }
}

/// Splits at the last slash.
#[inline]
fn split_last(credential: &[u8]) -> Option<(&[u8], &[u8])> {
    let slash = bytes::rfind(credential, b'/')?;
    let (before, from_slash) = credential.split_at_checked(slash)?;
    Some((before, from_slash.get(1..)?))
}
