//! Headers that contradict the query parameter of the same name.
//!
//! ```text
//! x-amz-acl: private        in a request for        /key?X-Amz-Acl=public-read
//! ```
//!
//! Servers disagree on which of the two takes effect, so neither the signer nor the
//! verifier accepts such a request.

use alloc::string::String;

use smallvec::SmallVec;

use super::header_fields::{Field, Fields};
use super::header_value::folded;
use super::percent::{Decoded, decoded};
use super::{Name, Pairs};
use crate::bytes::truncated;

impl Fields<'_> {
    /// Returns the name, truncated, of the first `x-amz-*` header that differs from the query parameter of
    /// the same name, or whose name occurs more than once among the headers or among the
    /// parameters, if both have it.
    pub(crate) fn contradicting(&self, pairs: &Pairs<'_>) -> Option<String> {
        if !self.list.iter().any(|field| field.name.is_amz()) {
            return None;
        }
        let mut parameters = AmzParameters::read(pairs);
        let field = self.list.iter().filter(|field| field.name.is_amz());
        let field = field.into_iter().find(|field| parameters.contradict(field))?;
        Some(truncated(&field.name.to_lowercase()))
    }
}

/// The query parameters whose names begin with `x-amz-`, sorted by name.
struct AmzParameters<'a>(SmallVec<[AmzParameter<'a>; 12]>);

struct AmzParameter<'a> {
    /// The decoded name, in lower case.
    name: Decoded,
    /// The value in canonical spelling.
    value: &'a [u8],
    /// True if a header of this name was seen.
    has_header: bool,
}

impl<'a> AmzParameters<'a> {
    fn read(pairs: &Pairs<'a>) -> Self {
        let amz = pairs.in_wire_order().filter(|pair| Name::new(pair.name).is_amz());
        let parameter =
            |name: &[u8], value| AmzParameter { name: lowercase(&decoded(name)), value, has_header: false };
        let mut parameters: SmallVec<[AmzParameter<'a>; 12]> =
            amz.map(|pair| parameter(pair.name, pair.value)).collect();
        parameters.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Self(parameters)
    }

    /// Returns true if a parameter has the header's name and either differs, or is
    /// repeated, or was compared with another header of the name before.
    fn contradict(&mut self, field: &Field<'_>) -> bool {
        let name = lowercase(field.name.as_bytes());
        let first = self.0.partition_point(|parameter| parameter.name < name);
        let mut same = self.0.iter_mut().skip(first).take_while(|parameter| parameter.name == name);
        let Some(parameter) = same.next() else { return false };
        let is_repeated = same.next().is_some() || core::mem::replace(&mut parameter.has_header, true);
        is_repeated || folded(field.value) != Ok(decoded(parameter.value))
    }
}

fn lowercase(name: &[u8]) -> Decoded {
    name.iter().map(u8::to_ascii_lowercase).collect()
}
