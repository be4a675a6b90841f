//! Whether the signature covers what steers the request. The walk goes over
//! the headers that arrived, and over the list that was signed; both must agree.

use alloc::string::String;
use alloc::vec::Vec;

use super::authorization::shown;
use super::{Verifier, VerifyError};
use crate::headers::{CONTENT_SHA256, Fields, HOST, Name, SignedHeaders, check_field};
use crate::request_error::RequestError;
use crate::service::TokenRule;

impl Verifier {
    /// Both ways: every header that steers the request is on the list, and
    /// everything on the list is there. Keeps the signed headers.
    #[inline]
    pub(super) fn check_coverage(
        &self,
        fields: &mut Fields<'_>,
        signed: &SignedHeaders<'_>,
    ) -> Result<(), VerifyError> {
        // The first by arrival: in which order they are shown depends on how many there are.
        let mut invalid: Option<(usize, RequestError)> = None;
        let mut unsigned: Vec<String> = Vec::new();
        let missing = fields.select(signed, |field| {
            if invalid.as_ref().is_none_or(|(first, _)| field.index < *first)
                && let Err(error) = check_field(field.index, field.name.as_str(), field.value)
            {
                invalid = Some((field.index, error));
            }
            if self.must_be_signed(&field.name) {
                unsigned.push(field.name.as_str().to_ascii_lowercase());
            }
        });
        if let Some((_, error)) = invalid {
            return Err(error.into());
        }
        if !unsigned.is_empty() {
            unsigned.sort_unstable();
            unsigned.dedup();
            return Err(VerifyError::UnsignedHeaders { names: unsigned });
        }
        match missing {
            Some(name) => Err(VerifyError::MissingSignedHeader { name: shown(name) }),
            None => Ok(()),
        }
    }

    /// `host`, and all that begins with `x-amz-`. The payload's hash is on
    /// the last line of what is signed, whether it is listed or not.
    #[inline]
    fn must_be_signed(&self, name: &Name<'_>) -> bool {
        if !name.is_amz() {
            return name.is(&HOST);
        }
        let rules = self.service.rules();
        let name_text = name.as_str();
        let token_beside =
            rules.token == TokenRule::Unsigned && name_text.eq_ignore_ascii_case(rules.token_name.header());
        let exempt = self.may_be_unsigned.iter().any(|exempt| exempt.eq_ignore_ascii_case(name_text));
        !name.is(&CONTENT_SHA256) && !token_beside && !exempt
    }
}
