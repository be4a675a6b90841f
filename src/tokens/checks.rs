//! Checks the names that a token contains.

use alloc::string::String;

use super::{IdentityError, TokenArgument, TokenError};
use crate::canonical::{Name, is_never_signed, is_token, percent};
use crate::error::VerifyError;
use crate::steps::Signature;
use crate::verify::Claim;

/// Checks the header that binds a token to its audience.
///
/// The header must be signed and must arrive unchanged, so its name must have no other use, and its
/// value must be visible ASCII.
pub(super) fn check_header(name: &str, value: &str) -> Result<(), TokenError> {
    let has_other_use = Name::new(name.as_bytes()).is_amz()
        || OTHER_HEADERS.iter().any(|other| name.eq_ignore_ascii_case(other));
    if !is_token(name.as_bytes()) || is_never_signed(name) || has_other_use {
        return Err(TokenError::InvalidArgument { argument: TokenArgument::Header });
    }
    check_visible(TokenArgument::HeaderValue, value)
}

/// Checks that a name that is sent in a header is not empty and has visible ASCII characters only.
pub(super) fn check_visible(argument: TokenArgument, name: &str) -> Result<(), TokenError> {
    let is_visible = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    if is_visible { Ok(()) } else { Err(TokenError::InvalidArgument { argument }) }
}

/// Encodes a name for a query. The name must not be empty or contain control characters.
pub(super) fn encode_parameter(argument: TokenArgument, name: &str) -> Result<String, TokenError> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(TokenError::InvalidArgument { argument });
    }
    Ok(percent::encode(name))
}

/// Returns the signature of a claim. Rejects a value without the form of a signature, which must not be sent
/// to STS.
pub(super) fn checked_signature(claim: &Claim) -> Result<&Signature, IdentityError> {
    claim.signature().ok_or(IdentityError::Request(VerifyError::SignatureDoesNotMatch))
}

const OTHER_HEADERS: [&str; 4] = ["content-length", "content-type", "date", "host"];
