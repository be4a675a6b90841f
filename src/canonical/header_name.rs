//! The name of a header, compared without regard to case.
//!
//! ```text
//! field-name = 1*tchar
//! ```
//!
//! Source: RFC 9110, sections 5.1 and 5.6.2.

use alloc::string::String;
use core::cmp::Ordering;

use crate::bytes::{
    self, SliceWriter, TOKEN, UPPERCASE, WORD, low_bytes_mask, lowercase16, prefix16, prefix16_at,
    prefix16_const,
};
use crate::error::RequestError;

/// A header's name as it is sent, and its first 16 bytes in lower case, which decide
/// most comparisons.
#[derive(Clone, Copy)]
pub(crate) struct Name<'r> {
    bytes: &'r [u8],
    prefix: u128,
}

impl<'r> Name<'r> {
    #[inline]
    pub(crate) fn new(bytes: &'r [u8]) -> Self {
        Self { bytes, prefix: lowercase16(prefix16(bytes)) }
    }

    /// Creates a constant from a name in lower case.
    pub(crate) const fn known(name: &'r str) -> Self {
        Self { bytes: name.as_bytes(), prefix: prefix16_const(name.as_bytes()) }
    }

    /// Creates a name from bytes in lower case. `prefix` is 16 bytes that begin with the
    /// name; the bytes after the name are ignored.
    #[inline]
    pub(crate) fn with_prefix(bytes: &'r [u8], prefix: u128) -> Self {
        Self { bytes, prefix: prefix & low_bytes_mask(bytes.len()) }
    }

    /// Returns the name as it is sent.
    #[inline]
    pub(crate) const fn as_bytes(&self) -> &'r [u8] {
        self.bytes
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the name in lower case, for messages.
    pub(crate) fn to_lowercase(self) -> String {
        String::from_utf8_lossy(self.bytes).to_ascii_lowercase()
    }

    /// Returns true if both names are equal, without regard to case.
    #[inline]
    pub(crate) fn eq_ignore_case(&self, other: &Self) -> bool {
        self.same_prefix(other)
            && self.bytes.len() == other.bytes.len()
            && (self.bytes.len() <= 16 || self.same_tail(other))
    }

    /// Returns true if two names that agree in length and prefix are equal.
    #[inline]
    fn same_tail(&self, other: &Self) -> bool {
        let same = |a: &[u8; 16], b: &[u8; 16]| {
            lowercase16(u128::from_le_bytes(*a)) == lowercase16(u128::from_le_bytes(*b))
        };
        // The last 16 bytes overlap the bytes before them.
        let (Some(a), Some(b)) = (self.bytes.last_chunk(), other.bytes.last_chunk()) else { return true };
        let mut between = self.bytes.as_chunks().0.iter().zip(other.bytes.as_chunks().0).skip(1);
        same(a, b) && between.all(|(a, b)| same(a, b))
    }

    /// Returns true if the first 16 bytes of both names are equal.
    #[inline]
    pub(crate) const fn same_prefix(&self, other: &Self) -> bool {
        self.prefix == other.prefix
    }

    /// Returns true if the name begins with `x-amz-`.
    #[inline]
    pub(crate) const fn is_amz(&self) -> bool {
        const SIX_BYTES: u128 = (1 << 48) - 1;
        self.prefix & SIX_BYTES == X_AMZ.prefix
    }

    /// Returns a hash of the prefix, below [`HASHES`].
    #[inline]
    pub(super) fn hash5(&self) -> usize {
        let [first, second] = halves(self.prefix);
        // The top bits of a product with this odd constant depend on all bits.
        let mixed = (first ^ second.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 59;
        usize::try_from(mixed).unwrap_or_default()
    }

    /// Returns the [prefix](prefix16_at) of the lower-cased name from `start` on.
    #[inline]
    pub(super) fn prefix_at(&self, start: usize) -> u128 {
        if start == 0 { self.prefix } else { lowercase16(prefix16_at(self.bytes, start)) }
    }

    /// Returns true if this name sorts before `other`, both in lower case.
    #[inline]
    pub(crate) fn lt(&self, other: &Self) -> bool {
        // Most names differ in their first 8 bytes.
        let ([a, c], [b, d]) = (halves(self.prefix), halves(other.prefix));
        if a != b {
            return a.swap_bytes() < b.swap_bytes();
        }
        if c != d {
            return c.swap_bytes() < d.swap_bytes();
        }
        self.compare(other).is_lt()
    }

    /// Compares two names in lower case.
    #[inline]
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let lowercase = |name: &Self| name.bytes.iter().map(u8::to_ascii_lowercase);
        lowercase(self).cmp(lowercase(other))
    }

    /// Returns true if the name consists of letters, digits and `-`.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        match self.bytes.len() {
            0 => false,
            length @ 1..=16 => bytes::all_in_prefix(self.prefix, length, WORD),
            _ => bytes::all(self.bytes, WORD),
        }
    }

    /// Returns true if the name has no upper-case letter.
    pub(crate) fn is_lowercase(&self) -> bool {
        !bytes::any(self.bytes, UPPERCASE)
    }

    /// Appends the name in lower case, and `end`.
    #[inline]
    pub(super) fn write(&self, writer: &mut SliceWriter<'_>, end: u8) {
        match self.bytes.len() {
            length @ 0..=16 => writer.push16(self.prefix, length, end),
            _ => writer.push_mapped(self.bytes, end, lowercase16),
        }
    }
}

const X_AMZ: Name<'_> = Name::known("x-amz-");

/// The number of values of [`Name::hash5`].
pub(super) const HASHES: usize = 32;

/// Splits 16 bytes into the first 8 and the last 8.
#[inline]
fn halves(bytes: u128) -> [u64; 2] {
    [bytes, bytes >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default())
}

/// Rejects a name that is not a token; `index` is the index of the header.
#[inline]
pub(crate) fn check_name(index: usize, name: &Name<'_>) -> Result<(), RequestError> {
    if name.is_plain() || is_token(name.as_bytes()) {
        Ok(())
    } else {
        Err(RequestError::InvalidHeaderName { index })
    }
}

/// Returns true if `name` is a *token* of RFC 9110, section 5.6.2.
#[inline]
pub(crate) fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && bytes::all(name, TOKEN)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{HASHES, Name};
    use crate::bytes::extend_with;

    #[test]
    fn a_name_equals_itself_in_lower_case_at_every_length() {
        let long = "X-Amz-Server-Side-Encryption-Customer-Key-MD5[@`{]";
        for length in 0..=long.len() {
            let text = long.get(..length).expect("a length of the text");
            let name = Name::new(text.as_bytes());
            let mut written = Vec::new();
            extend_with(&mut written, length + 1, |writer| name.write(writer, b':'));
            assert_eq!(written, (text.to_ascii_lowercase() + ":").into_bytes());
            let lower = text.to_ascii_lowercase();
            let lower_name = Name::new(lower.as_bytes());
            assert!(name.eq_ignore_case(&lower_name) && lower_name.is_lowercase());
            assert_eq!(name.hash5(), lower_name.hash5());
            assert!(name.hash5() < HASHES);
            assert_eq!(name.is_lowercase(), text == lower);
            assert_eq!(name.is_plain(), (1..46).contains(&length), "{text}");
            assert_eq!(name.is_amz(), length >= 6);
            let shorter = long.get(..length.saturating_sub(1)).expect("a shorter length");
            let shorter = Name::new(shorter.as_bytes());
            assert_eq!(name.eq_ignore_case(&shorter), length == 0);
            assert_eq!(shorter.lt(&name), length > 0);
            assert!(!name.lt(&lower_name) && !lower_name.lt(&name) && !name.lt(&shorter));
        }
        let known = Name::known("x-amz-server-side-encryption");
        assert!(known.eq_ignore_case(&Name::new(b"X-AMZ-Server-Side-ENCRYPTION")));
    }

    #[test]
    fn names_are_compared_at_every_index() {
        for index in 0..40 {
            let (a, mut b) = ([b'm'; 40], [b'M'; 40]);
            for (byte, is_less) in [(b'a', false), (b'Z', true), (b'-', false)] {
                *b.get_mut(index).expect("an index below 40") = byte;
                let (a, b) = (Name::new(&a), Name::new(&b));
                assert_eq!((a.lt(&b), b.lt(&a)), (is_less, !is_less), "{index}");
                assert_eq!(a.compare(&b).is_lt(), is_less);
                assert!(!a.eq_ignore_case(&b));
            }
        }
    }
}
