//! *Trim*, the canonical form of a header's value, and the bytes that are rejected.
//!
//! ```text
//! Trim(value) = value without spaces at its ends, each run of spaces replaced by one SP
//! space       = SP / HTAB / [ CR ] LF 1*( SP / HTAB )
//! ```
//!
//! Other control characters are rejected, because HTTP does not allow them. In the names
//! below, `fold` computes *Trim*, and `trim` removes spaces and tabs only at the ends.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1, *Trim*; RFC
//! 9110, section 5.5; RFC 9112, section 5.2 (folded lines). How the values of a
//! repeated header are joined is in `header_block.rs`.

use core::ops::Range;

use smallvec::SmallVec;

use super::Name;
use crate::bytes::{self, CONTROL_EXCEPT_TAB, truncated_lossy};
use crate::error::RequestError;

/// Returns the value without spaces and tabs at its ends.
#[inline]
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Returns *Trim*(value).
pub(crate) fn folded(value: &[u8]) -> Result<SmallVec<[u8; 256]>, ControlCharacter> {
    let mut folded = SmallVec::new();
    fold(value, |byte| folded.push(byte)).map(|()| folded)
}

/// Calls `push` with each byte of *Trim*(value).
#[inline]
pub(super) fn fold(value: &[u8], mut push: impl FnMut(u8)) -> Result<(), ControlCharacter> {
    fold_with(value, |byte, _| push(byte))
}

/// Calls `push` with each byte of *Trim*(value), and with the range of `value` that the byte replaces.
#[inline]
pub(super) fn fold_with(
    value: &[u8],
    mut push: impl FnMut(u8, Range<usize>),
) -> Result<(), ControlCharacter> {
    let (mut has_begun, mut after_space) = (false, false);
    // The end of the last byte that is not a space.
    let mut end = 0;
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        let start = value.len() - rest.len();
        rest = tail;
        match (*first, tail) {
            (b' ' | b'\t', _) => after_space = true,
            (b'\r', [b'\n', b' ' | b'\t', ..]) | (b'\n', [b' ' | b'\t', ..]) => after_space = true,
            (byte, _) if byte.is_ascii_control() => return Err(ControlCharacter),
            (byte, _) => {
                if has_begun && after_space {
                    push(b' ', end..start);
                }
                (has_begun, after_space) = (true, false);
                end = start + 1;
                push(byte, start..end);
            }
        }
    }
    Ok(())
}

/// The error of a value with a control character that HTTP does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ControlCharacter;

impl ControlCharacter {
    /// Returns the error that contains the header's name, truncated: a client chose it.
    pub(crate) fn of(self, name: &Name<'_>) -> RequestError {
        RequestError::InvalidHeaderValue { name: truncated_lossy(name.as_bytes()) }
    }
}

/// Rejects the value of a header that is sent but not signed, if HTTP does not allow it.
#[inline]
pub(crate) fn check_value(name: &Name<'_>, value: &[u8]) -> Result<(), RequestError> {
    if bytes::any(value, CONTROL_EXCEPT_TAB) { Err(ControlCharacter.of(name)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{ControlCharacter, folded, trim};

    #[test]
    fn spaces_are_removed_at_the_ends_and_folded_between() {
        for (value, expected) in [
            ("", ""),
            (" \t ", ""),
            ("a", "a"),
            (" a\t", "a"),
            ("a  b", "a b"),
            ("a\tb", "a b"),
            ("a \t \t b", "a b"),
            ("a\r\n b", "a b"),
            ("a\n\tb", "a b"),
            ("a\r\n ", "a"),
            ("\r\n a", "a"),
            ("\u{a0}a\u{a0}", "\u{a0}a\u{a0}"),
        ] {
            assert_eq!(folded(value.as_bytes()).as_deref(), Ok(expected.as_bytes()), "{value:?}");
        }
        assert_eq!(trim(b" \ta  b\t "), b"a  b");
    }

    #[test]
    fn control_characters_are_rejected() {
        for value in ["a\0b", "a\nb", "a\r b", "a\r\nb", "a\r\n", "\u{7f}", "\u{b}", "a\n"] {
            assert_eq!(folded(value.as_bytes()), Err(ControlCharacter), "{value:?}");
        }
    }
}
