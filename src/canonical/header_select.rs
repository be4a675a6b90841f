//! The fields that *SignedHeaders* names, in its order.
//!
//! ```text
//! SignedHeaders = lowercase(name) *( ";" lowercase(name) )      sorted, each once
//! ```
//!
//! A name selects every field of that name. The other fields are not signed; the caller
//! decides whether that is allowed.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization
//! Header", *SignedHeaders*.

use super::SignedHeaders;
use super::header_fields::{Field, Fields};
use super::header_name::HASHES;
use crate::bytes::first_set;
use crate::error::InvalidSignedHeaders;

/// The result of [`Fields::select`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Selected<'s> {
    pub(crate) signed_headers: SignedHeaders<'s>,
    /// The first name in the list that no field has.
    pub(crate) missing: Option<&'s [u8]>,
}

impl<'r> Fields<'r> {
    /// Parses *SignedHeaders*, and selects the fields that it names, in its order.
    #[inline]
    pub(crate) fn select<'s>(&mut self, list: &'s [u8]) -> Result<Selected<'s>, InvalidSignedHeaders> {
        if self.list.len() <= MAX_BITSET { self.select_of_few(list) } else { self.select_of_many(list) }
    }

    /// Selects by hash: searches for each name among the fields whose names have the same
    /// hash. `buckets` has one bit per field for each hash.
    #[inline]
    pub(super) fn select_of_few<'s>(
        &mut self,
        names: &'s [u8],
    ) -> Result<Selected<'s>, InvalidSignedHeaders> {
        let list = self.list.as_mut_slice();
        let mut buckets = [0u32; HASHES];
        for (index, field) in list.iter().enumerate() {
            if let Some(bucket) = buckets.get_mut(field.name.hash5()) {
                *bucket |= 1 << index;
            }
        }
        self.order.clear();
        self.has_repeated_name = false;
        let (mut value_bytes, mut missing) = (0, None);
        let signed_headers = SignedHeaders::read(names, |name| {
            let mut indices = buckets.get(name.hash5()).copied().unwrap_or_default();
            let mut found = false;
            while indices != 0 {
                let index = first_set(indices);
                indices &= indices - 1;
                if let Some(field) = list.get_mut(index).filter(|field| field.name.eq_ignore_case(&name)) {
                    field.is_selected = true;
                    self.has_repeated_name |= found;
                    found = true;
                    self.order.push(index);
                    value_bytes += field.value.len();
                }
            }
            if !found {
                missing = missing.or(Some(name.as_bytes()));
            }
        })?;
        // A repeated name is counted once. Then `write_folded` writes the block, which
        // needs no exact bound.
        (self.name_bytes, self.value_bytes) = (names.len(), value_bytes);
        Ok(Selected { signed_headers, missing })
    }

    /// Selects by order: sorts the fields, and compares the two sorted lists.
    pub(super) fn select_of_many<'s>(
        &mut self,
        names: &'s [u8],
    ) -> Result<Selected<'s>, InvalidSignedHeaders> {
        self.sort();
        let Self { list, order, .. } = self;
        let mut missing = None;
        let mut indices = order.iter().peekable();
        let signed_headers = SignedHeaders::read(names, |name| {
            let mut found = false;
            while let Some(field) = indices.peek().and_then(|index| list.get_mut(*index)) {
                if field.name.eq_ignore_case(&name) {
                    (field.is_selected, found) = (true, true);
                } else if !field.name.lt(&name) {
                    break;
                }
                indices.next();
            }
            if !found {
                missing = missing.or(Some(name.as_bytes()));
            }
        })?;
        drop(indices);
        order.retain(|index| list.get(index).is_some_and(|field| field.is_selected));
        Ok(Selected { signed_headers, missing })
    }

    /// Returns the fields that were not selected, in the order in which they are sent.
    #[inline]
    pub(crate) fn unsigned(&self) -> impl Iterator<Item = &Field<'r>> {
        self.list.iter().filter(|field| !field.is_selected)
    }
}

/// The maximum number of fields whose set of indices fits into a `u32`.
const MAX_BITSET: usize = 32;
