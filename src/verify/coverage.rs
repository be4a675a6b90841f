//! Whether the signature covers what steers the request: the headers that arrived
//! and the list that was signed must agree, both ways.
//!
//! Not here: the walk over the list, which was done when it was read
//! (`Fields::select`). It left two things, the headers that it does not name and
//! the first name on it that no header has.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Verifier, VerifyError};
use crate::canonical::{Fields, Known, Name, check_name, check_value};
use crate::error::shown_bytes;

impl Verifier {
    /// Both ways: every header that steers the request is on the list, and
    /// everything on the list is there; `missing` is the first that is not.
    #[inline]
    pub(super) fn check_coverage(
        &self,
        fields: &Fields<'_>,
        missing: Option<&[u8]>,
    ) -> Result<(), VerifyError> {
        let mut unsigned: Vec<String> = Vec::new();
        for field in fields.left_out() {
            // This one was read to its last byte.
            if field.name.is(&Known::Authorization.name()) {
                continue;
            }
            check_name(field.index, &field.name)?;
            check_value(&field.name, field.value)?;
            if self.must_be_signed(&field.name) {
                unsigned.push(field.name.to_lowercase());
            }
        }
        if !unsigned.is_empty() {
            unsigned.sort_unstable();
            unsigned.dedup();
            return Err(VerifyError::UnsignedHeaders { names: unsigned });
        }
        match missing {
            Some(name) => Err(VerifyError::MissingSignedHeader { name: shown_bytes(name) }),
            None => Ok(()),
        }
    }

    /// `host`, and all that begins with `x-amz-`. The payload's hash is on
    /// the last line of what is signed, whether it is listed or not.
    #[inline]
    fn must_be_signed(&self, name: &Name<'_>) -> bool {
        if !name.is_amz() {
            return name.is(&Known::Host.name());
        }
        let rules = self.service.rules();
        let is = |known: Known| name.is(&known.name());
        let token = rules.session_token();
        let token_beside = !token.is_signed() && is(Known::session_token(token.header()));
        let exempt = |exempt: &String| exempt.as_bytes().eq_ignore_ascii_case(name.as_bytes());
        !is(Known::ContentSha256) && !token_beside && !self.may_be_unsigned.iter().any(exempt)
    }
}
