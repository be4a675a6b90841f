//! Whether the signature covers what steers the request. The walk goes over
//! the headers that arrived, and over the list that was signed; both must agree.

use alloc::string::String;
use alloc::vec::Vec;

use smallvec::SmallVec;

use super::{Verifier, VerifyError};
use crate::authorization::{Decoded, decoded, shown};
use crate::headers::{Fields, SignedHeaders, check_field, folded, is_amz};
use crate::service::TokenRule;
use crate::uri::Pairs;

impl Verifier {
    /// Both ways: every header that steers the request is on the list, and
    /// everything on the list is there. Keeps the signed headers.
    pub(super) fn check_coverage(
        &self,
        fields: &mut Fields<'_>,
        signed: &SignedHeaders<'_>,
    ) -> Result<(), VerifyError> {
        let mut invalid = None;
        let mut unsigned: Vec<String> = Vec::new();
        let missing = fields.keep(signed, |field| {
            if invalid.is_none() {
                invalid = check_field(field.index(), field.name, field.value).err();
            }
            if self.must_be_signed(field.name) && unsigned.last().is_none_or(|name| !field.is(name)) {
                unsigned.push(field.name.to_ascii_lowercase());
            }
        });
        if let Some(error) = invalid {
            return Err(error.into());
        }
        if !unsigned.is_empty() {
            return Err(VerifyError::UnsignedHeaders { names: unsigned });
        }
        match missing {
            Some(name) => Err(VerifyError::MissingSignedHeader { name: shown(name) }),
            None => Ok(()),
        }
    }

    /// `host`, and all that begins with `x-amz-`. The payload's hash is on
    /// the last line of what is signed, whether it is listed or not.
    fn must_be_signed(&self, name: &str) -> bool {
        if !is_amz(name) {
            return name.eq_ignore_ascii_case("host");
        }
        let rules = self.service.rules();
        let token_beside =
            rules.token == TokenRule::Unsigned && name.eq_ignore_ascii_case(rules.token_name.header());
        let exempt = self.may_be_unsigned.iter().any(|exempt| exempt.eq_ignore_ascii_case(name));
        !name.eq_ignore_ascii_case("x-amz-content-sha256") && !token_beside && !exempt
    }
}

/// The first header that says something else than a query parameter of its
/// name, or is not its only one: which of them counts, servers do not agree on.
pub(crate) fn contradiction(fields: &Fields<'_>, pairs: &Pairs<'_>) -> Option<String> {
    if !fields.iter().any(|field| is_amz(field.name)) {
        return None;
    }
    let lower = |name: &[u8]| -> Decoded { name.iter().map(u8::to_ascii_lowercase).collect() };
    let mut named: SmallVec<[(Decoded, &[u8]); 12]> = pairs
        .iter()
        .filter(|pair| pair.name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-")))
        .map(|pair| (lower(&decoded(pair.name)), pair.value))
        .collect();
    named.sort_unstable();
    let mut previous = "";
    for field in fields.iter().filter(|field| is_amz(field.name)) {
        let name = lower(field.name.as_bytes());
        let mut same_name = named.iter().skip(named.partition_point(|(other, _)| *other < name));
        let mut next = || same_name.next().filter(|(other, _)| *other == name);
        let Some((_, value)) = next() else { continue };
        let once = next().is_none() && !field.is(previous);
        previous = field.name;
        if !once || folded(field.value) != Ok(decoded(value)) {
            return Some(field.name.to_ascii_lowercase());
        }
    }
    None
}
