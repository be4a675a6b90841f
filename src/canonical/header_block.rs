//! *CanonicalHeaders* and *SignedHeaders*, as they are written.
//!
//! ```text
//! CanonicalHeaders = *( lowercase(name) ":" values LF )       sorted by name
//! values           = Trim(value) *( "," Trim(value) )         of one name, in the order of the wire
//! SignedHeaders    = lowercase(name) *( ";" lowercase(name) ) each name once
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1. *Trim* is in
//! `header_value.rs`, the order in `header_fields.rs`.

use alloc::string::String;
use alloc::vec::Vec;

use smallvec::SmallVec;

use super::header_fields::{Field, Fields};
use super::header_value::{fold, folded};
use super::percent::{Decoded, decoded, push_byte};
use super::{Name, Pairs};
use crate::bytes::{self, Block, CONTROL_EXCEPT_LF, SLACK, SPACE_OR_COLON, VISIBLE_OR_LF, extend_with};
use crate::error::RequestError;

impl<'r> Fields<'r> {
    /// Returns the maximum length of *CanonicalHeaders*, and the slack of its writer.
    #[inline]
    pub(crate) fn max_block_len(&self) -> usize {
        // A colon and a line feed for each field.
        self.name_bytes + self.value_bytes + 2 * self.list.len() + SLACK
    }

    /// Returns the maximum length of *SignedHeaders*, and the slack of its writer.
    #[inline]
    pub(crate) fn max_names_len(&self) -> usize {
        // A separator for each field.
        self.name_bytes + self.list.len() + SLACK
    }

    /// Appends *CanonicalHeaders*.
    ///
    /// Most values need no change: they are written as they are, and the block is
    /// checked as a whole. Only if something must be trimmed, folded, joined or
    /// rejected is the block written again, byte by byte.
    #[inline]
    pub(crate) fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        if self.write_verbatim(out) { Ok(()) } else { self.write_folded(out) }
    }

    /// Appends the block if no value needs a change, and returns true. Returns
    /// false, and appends nothing, otherwise.
    #[inline]
    pub(super) fn write_verbatim(&self, out: &mut Vec<u8>) -> bool {
        if self.has_repeated_name {
            return false;
        }
        let start = out.len();
        extend_with(out, self.max_block_len() - SLACK, |writer| {
            for field in self.iter() {
                field.name.write(writer, b':');
                writer.push_terminated(field.value, b'\n');
            }
        });
        let is_folded = is_folded(out.get(start..).unwrap_or_default(), self.order.len());
        if !is_folded {
            out.truncate(start);
        }
        is_folded
    }

    /// Appends the block byte by byte.
    pub(super) fn write_folded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let mut previous: Option<&Field<'_>> = None;
        for field in self.iter() {
            if previous.is_some_and(|previous| previous.name.eq_ignore_case(&field.name)) {
                out.push(b',');
            } else {
                if previous.is_some() {
                    out.push(b'\n');
                }
                extend_with(out, field.name.len() + 1, |writer| field.name.write(writer, b':'));
            }
            fold(field.value, |byte| out.push(byte)).map_err(|error| error.of(&field.name))?;
            previous = Some(field);
        }
        if previous.is_some() {
            out.push(b'\n');
        }
        Ok(())
    }

    /// Appends *SignedHeaders*.
    #[inline]
    pub(crate) fn write_names(&self, out: &mut Vec<u8>) {
        extend_with(out, self.max_names_len() - SLACK, |writer| {
            self.for_each_name(|name| name.write(writer, b';'));
        });
        // No `;` after the last name.
        if self.order.len() > 0 {
            out.pop();
        }
    }

    /// Appends *SignedHeaders*, encoded as a query value.
    pub(crate) fn write_names_encoded(&self, out: &mut Vec<u8>) {
        let mut separator: &[u8] = b"";
        self.for_each_name(|name| {
            out.extend_from_slice(separator);
            name.as_bytes().iter().for_each(|byte| push_byte(out, byte.to_ascii_lowercase(), false));
            separator = b"%3B";
        });
    }

    /// Calls `each` with each name in order, once.
    #[inline]
    fn for_each_name(&self, mut each: impl FnMut(&Name<'r>)) {
        let mut previous: Option<&Name<'_>> = None;
        for Field { name, .. } in self.iter() {
            if !self.has_repeated_name || previous.is_none_or(|previous| !name.eq_ignore_case(previous)) {
                each(name);
            }
            previous = Some(name);
        }
    }

    /// Returns the first `x-amz-*` header that differs from the query parameter of
    /// its name, or shares the name with more than one header or parameter.
    /// Servers disagree on which of them takes effect.
    pub(crate) fn contradicting(&self, pairs: &Pairs<'_>) -> Option<String> {
        if !self.list.iter().any(|field| field.name.is_amz()) {
            return None;
        }
        let mut parameters = AmzParameters::read(pairs);
        let field = self.list.iter().filter(|field| field.name.is_amz());
        let field = field.into_iter().find(|field| parameters.contradict(field))?;
        Some(field.name.to_lowercase())
    }
}

/// The query parameters whose names begin with `x-amz-`, sorted.
struct AmzParameters<'a>(SmallVec<[AmzParameter<'a>; 12]>);

struct AmzParameter<'a> {
    /// Decoded, and in lower case.
    name: Decoded,
    /// In canonical spelling.
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

    /// Returns true if a parameter has the header's name, and either differs or is
    /// not the only one, or had a header already.
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

/// Returns true if a block of `lines` lines has no value that must be trimmed,
/// folded or rejected. The block's last byte is a line feed.
#[inline]
pub(super) fn is_folded(block: &[u8], lines: usize) -> bool {
    let must_change = |byte: Block, next: Block| {
        byte.is(CONTROL_EXCEPT_LF) | byte.is(SPACE_OR_COLON) & next.is(b' ') | byte.is(b' ') & next.is(b'\n')
    };
    // Most blocks have no space at all. A line feed in a value makes one line more.
    bytes::count_if_all(block, VISIBLE_OR_LF, b'\n') == Some(lines)
        || bytes::count(block, b'\n') == lines && !bytes::any_window2(block, must_change)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::is_folded;

    #[test]
    fn a_block_that_must_change_is_found_at_every_length() {
        for length in 1..80usize {
            let value: Vec<u8> = core::iter::repeat_n(b'v', length).collect();
            let block = |value: &[u8]| [b"name:", value, b"\nx:y\n"].concat();
            assert!(is_folded(&block(&value), 2), "{length}");
            assert!(!is_folded(&block(&value), 1) && !is_folded(&block(&value), 3));
            for index in 0..length {
                for byte in [0, b'\t', b'\n', b'\r', 0x1f, 0x7f, b' '] {
                    let mut value = value.clone();
                    *value.get_mut(index).expect("an index below the length") = byte;
                    let space_between = byte == b' ' && index > 0 && index + 1 < length;
                    assert_eq!(is_folded(&block(&value), 2), space_between, "{byte} at {index} of {length}");
                }
            }
        }
    }
}
