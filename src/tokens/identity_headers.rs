//! Checks which headers of a `GetCallerIdentity` are signed, and selects those that are sent to STS.

use alloc::format;
use alloc::string::String;

use zeroize::Zeroizing;

use super::checks::checked_signature;
use super::identity_claim::SentHeaders;
use super::{CallerIdentityVerifier, IdentityError};
use crate::bytes::truncated_lossy;
use crate::verify::Claim;

impl CallerIdentityVerifier {
    /// Checks that the signature covers the header that names this server.
    pub(super) fn check_binding(&self, claim: &Claim) -> Result<(), IdentityError> {
        let mut signed = claim.signed_header_lines();
        match signed.find(|(name, _)| *name == self.header.as_bytes()) {
            None => Err(IdentityError::UnsignedHeader { name: self.header.clone() }),
            Some((_, value)) if value != self.value.as_bytes() => {
                Err(IdentityError::WrongAudience { name: self.header.clone() })
            }
            Some(_) => Ok(()),
        }
    }

    /// Returns the headers to send: the signed headers and `Authorization`.
    ///
    /// Rejects a signed header that is not expected: without it STS would reject the signature.
    /// Unsigned headers are not sent. HTTP clients write `Host` and `Content-Length`.
    pub(super) fn headers_to_send(&self, claim: &Claim) -> Result<SentHeaders, IdentityError> {
        let mut headers = SentHeaders::new();
        for (name, value) in claim.signed_header_lines() {
            let unexpected = || IdentityError::UnexpectedSignedHeader { name: truncated_lossy(name) };
            let value = core::str::from_utf8(value).map_err(|_| unexpected())?;
            let name = core::str::from_utf8(name).map_err(|_| unexpected())?;
            match name {
                "host" => continue,
                "content-length" if value == BODY_LEN => continue,
                "content-type" if FORM_TYPES.contains(&value) => {}
                "x-amz-content-sha256" if value == BODY_HASH => {}
                "x-amz-date" | "x-amz-security-token" => {}
                _ if name == self.header => {}
                _ => return Err(unexpected()),
            }
            headers.push((name.into(), Zeroizing::new(value.into())));
        }
        let has = |name: &str| headers.iter().any(|(header, _)| header == name);
        if !has("x-amz-date") {
            return Err(IdentityError::UnsignedHeader { name: "x-amz-date".into() });
        }
        if !has("content-type") {
            headers.push(("content-type".into(), Zeroizing::new(FORM_TYPE.into())));
        }
        headers.push(("authorization".into(), Zeroizing::new(authorization(claim)?)));
        Ok(headers)
    }
}

/// Returns the value of the `Authorization` header, written again from its parts.
fn authorization(claim: &Claim) -> Result<String, IdentityError> {
    Ok(format!(
        "{} Credential={}/{}, SignedHeaders={}, Signature={}",
        claim.algorithm(),
        claim.claimed_access_key_id(),
        claim.claimed_scope_str(),
        claim.signed_headers(),
        checked_signature(claim)?
    ))
}

/// The length of `GET_CALLER_IDENTITY`.
const BODY_LEN: &str = "43";
/// The SHA-256 of `GET_CALLER_IDENTITY`.
const BODY_HASH: &str = "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843";
const FORM_TYPE: &str = "application/x-www-form-urlencoded";
const FORM_TYPES: [&str; 2] = [FORM_TYPE, "application/x-www-form-urlencoded; charset=utf-8"];

#[cfg(test)]
mod tests {
    use super::{BODY_HASH, BODY_LEN};
    use crate::tokens::kind::GET_CALLER_IDENTITY;
    use alloc::string::ToString;

    #[test]
    fn states_the_length_and_the_hash_of_the_body() {
        assert_eq!(BODY_LEN, GET_CALLER_IDENTITY.len().to_string());
        assert_eq!(BODY_HASH, hex::encode(crate::crypto::sha256(GET_CALLER_IDENTITY.as_bytes())));
    }
}
