//! A header's value: which of its blanks are signed, and what no request can
//! carry.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1, *Trim*; RFC
//! 9110, section 5.5. Not here: how the values of a repeated name are joined
//! (`fields.rs`).

use alloc::string::String;

use smallvec::SmallVec;

use super::Name;
use crate::bytes::{self, Block, CONTROL_EXCEPT_LF, CONTROL_EXCEPT_TAB, SPACE_OR_COLON, VISIBLE_OR_LF};
use crate::error::RequestError;

/// A value without the blanks at its ends.
#[inline]
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// A header value as it is signed: trimmed and folded.
pub(crate) fn folded(value: &[u8]) -> Result<SmallVec<[u8; 256]>, ()> {
    let mut text = SmallVec::new();
    fold(value, |byte| text.push(byte)).map(|()| text)
}

/// A value without blanks at its ends, and with single ones inside. Blanks are
/// space and tab, and a line folded the old way (RFC 9112, section 5.2); other
/// white space is text.
#[inline]
pub(super) fn fold(value: &[u8], mut push: impl FnMut(u8)) -> Result<(), ()> {
    let (mut begun, mut blank) = (false, false);
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (*first, tail) {
            (b' ' | b'\t', _) => blank = true,
            (b'\r', [b'\n', b' ' | b'\t', ..]) | (b'\n', [b' ' | b'\t', ..]) => blank = true,
            (byte, _) if byte < 0x20 || byte == 0x7f => return Err(()),
            (byte, _) => {
                if begun && blank {
                    push(b' ');
                }
                (begun, blank) = (true, false);
                push(byte);
            }
        }
    }
    Ok(())
}

/// Whether a block of so many lines is surely as it is signed: no blank at an
/// end of a value, no two in a row, and no control character. The block's last
/// byte ends a line; it is looked at with the one before.
#[inline]
pub(super) fn is_folded(block: &[u8], lines: usize) -> bool {
    let must_change = |byte: Block, next: Block| {
        byte.is(CONTROL_EXCEPT_LF) | byte.is(SPACE_OR_COLON) & next.is(b' ') | byte.is(b' ') & next.is(b'\n')
    };
    bytes::count_if_all(block, VISIBLE_OR_LF, b'\n') == Some(lines)
        || bytes::count(block, b'\n') == lines && !bytes::any_window2(block, must_change)
}

/// The value of a header that no signature covers: still one that a request can carry.
#[inline]
pub(crate) fn check_value(name: &Name<'_>, value: &[u8]) -> Result<(), RequestError> {
    if bytes::any(value, CONTROL_EXCEPT_TAB) {
        let name = String::from_utf8_lossy(name.as_bytes()).into();
        return Err(RequestError::InvalidHeaderValue { name });
    }
    Ok(())
}
