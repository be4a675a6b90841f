//! *CanonicalHeaders* and *SignedHeaders*.
//!
//! ```text
//! CanonicalHeaders = *( lowercase(name) ":" values LF )       sorted by name
//! values           = Trim(value) *( "," Trim(value) )         of one name, in the order of sending
//!                  | Trim(value) *( "; " Trim(value) )        of cookie
//! SignedHeaders    = lowercase(name) *( ";" lowercase(name) ) each name once
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1. *Trim* is in
//! `header_value.rs`, the order in `header_fields.rs`. HTTP/2 splits `cookie` into several fields, and its
//! receiver joins them with `; `: RFC 9113, section 8.2.3.

use alloc::vec::Vec;

use super::Name;
use super::header_fields::{Field, Fields};
use super::header_value::fold_with;
use super::percent::push_byte;
use super::trace::{Origin, Trace};
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
    /// Most values need no change. They are written as they are, and the block is checked
    /// as a whole. If a value must be trimmed, folded, joined or rejected, the block is
    /// written again, byte by byte.
    #[inline]
    pub(crate) fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        if self.write_verbatim(out) { Ok(()) } else { self.write_folded(out) }
    }

    /// Appends the block and returns true if no value must change. Otherwise, appends
    /// nothing and returns false.
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
        let is_canonical = is_canonical_block(out.get(start..).unwrap_or_default(), self.order.len());
        if !is_canonical {
            out.truncate(start);
        }
        is_canonical
    }

    /// Appends the block byte by byte, with values folded and joined.
    pub(super) fn write_folded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        self.write_folded_with(out, &mut ())
    }

    /// Appends the bytes of [`write_folded`](Self::write_folded), and reports the origin of each byte to `trace`.
    #[inline]
    pub(crate) fn write_folded_with(
        &self,
        out: &mut Vec<u8>,
        trace: &mut impl Trace,
    ) -> Result<(), RequestError> {
        let mut previous: Option<&Field<'_>> = None;
        for field in self.iter() {
            if previous.is_some_and(|previous| previous.name.eq_ignore_case(&field.name)) {
                let is_cookie = field.name.eq_ignore_case(&COOKIE);
                out.extend_from_slice(if is_cookie { b"; " } else { b"," });
            } else {
                if previous.is_some() {
                    end_line(out);
                    trace.record(out.len(), || Origin::Constant);
                }
                extend_with(out, field.name.len() + 1, |writer| field.name.write(writer, b':'));
                trace.record(out.len() - 1, || Origin::name(field));
            }
            trace.record(out.len(), || Origin::Constant);
            fold_with(field.value, |byte, range| {
                out.push(byte);
                trace.record(out.len(), || Origin::value(field, range));
            })
            .map_err(|error| error.of(&field.name))?;
            previous = Some(field);
        }
        if previous.is_some() {
            end_line(out);
            trace.record(out.len(), || Origin::Constant);
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

    /// Appends *SignedHeaders*, and reports the origin of each byte to `trace`.
    pub(crate) fn write_names_with(&self, out: &mut Vec<u8>, trace: &mut impl Trace) {
        let mut previous: Option<&Field<'_>> = None;
        for field in self.iter() {
            if previous.is_some_and(|previous| previous.name.eq_ignore_case(&field.name)) {
                continue;
            }
            if previous.is_some() {
                out.push(b';');
                trace.record(out.len(), || Origin::Constant);
            }
            out.extend(field.name.as_bytes().iter().map(u8::to_ascii_lowercase));
            trace.record(out.len(), || Origin::name(field));
            previous = Some(field);
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

    /// Calls `each` with each name once, in order.
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
}

/// Appends the line feed of a header. The space after an empty last `cookie` field is at the end
/// of the joined value, so it is trimmed.
fn end_line(out: &mut Vec<u8>) {
    if out.last() == Some(&b' ') {
        out.pop();
    }
    out.push(b'\n');
}

/// The header whose fields are joined by `; `.
const COOKIE: Name<'_> = Name::known("cookie");

/// Returns true if no value in a block of `lines` lines must be trimmed, folded or
/// rejected.
///
/// The last byte of the block must be a line feed. A few blocks that need no change are
/// not recognized: those with a colon and a space in a value.
#[inline]
pub(super) fn is_canonical_block(block: &[u8], lines: usize) -> bool {
    let must_change = |byte: Block, next: Block| {
        byte.is(CONTROL_EXCEPT_LF) | byte.is(SPACE_OR_COLON) & next.is(b' ') | byte.is(b' ') & next.is(b'\n')
    };
    // Most blocks have no space. A line feed in a value makes the number of lines greater.
    bytes::count_if_all(block, VISIBLE_OR_LF, b'\n') == Some(lines)
        || bytes::count(block, b'\n') == lines && !bytes::any_window2(block, must_change)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::is_canonical_block;

    #[test]
    fn a_block_that_must_change_is_found_at_every_length() {
        for length in 1..80usize {
            let value: Vec<u8> = core::iter::repeat_n(b'v', length).collect();
            let block = |value: &[u8]| [b"name:", value, b"\nx:y\n"].concat();
            assert!(is_canonical_block(&block(&value), 2), "{length}");
            assert!(!is_canonical_block(&block(&value), 1) && !is_canonical_block(&block(&value), 3));
            for index in 0..length {
                for byte in [0, b'\t', b'\n', b'\r', 0x1f, 0x7f, b' '] {
                    let mut value = value.clone();
                    *value.get_mut(index).expect("an index below the length") = byte;
                    let space_between = byte == b' ' && index > 0 && index + 1 < length;
                    assert_eq!(
                        is_canonical_block(&block(&value), 2),
                        space_between,
                        "{byte} at {index} of {length}"
                    );
                }
            }
        }
    }
}
