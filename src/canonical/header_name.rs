//! A header's name, compared without regard to case.
//!
//! Source: RFC 9110, sections 5.1 and 5.6.2.

use alloc::string::String;
use core::cmp::Ordering;

use super::never_signed::is_in_never_signed;
use crate::bytes::{
    self, SliceWriter, TOKEN, UPPERCASE, WORD, low_bytes_mask, lowercase16, prefix16, prefix16_at,
    prefix16_const,
};
use crate::error::RequestError;

/// A header's name as it was sent, and its first sixteen bytes in lower case:
/// nearly every question about it is answered by these.
#[derive(Clone, Copy)]
pub(crate) struct Name<'r> {
    text: &'r [u8],
    first: u128,
}

impl<'r> Name<'r> {
    #[inline]
    pub(crate) fn new(text: &'r [u8]) -> Self {
        Self { text, first: lowercase16(prefix16(text)) }
    }

    /// A name that is known when the crate is compiled; in lower case.
    #[inline]
    pub(crate) const fn known(text: &'r str) -> Self {
        Self { text: text.as_bytes(), first: prefix16_const(text.as_bytes()) }
    }

    /// A name in lower case, and sixteen bytes of which the first are its own.
    #[inline]
    pub(crate) fn of_first_sixteen(text: &'r [u8], sixteen: u128) -> Self {
        Self { text, first: sixteen & low_bytes_mask(text.len()) }
    }

    /// As it was sent.
    #[inline]
    pub(crate) const fn as_bytes(&self) -> &'r [u8] {
        self.text
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.text.len()
    }

    /// In lower case, for a reader.
    pub(crate) fn to_lowercase(self) -> String {
        String::from_utf8_lossy(self.text).to_ascii_lowercase()
    }

    #[inline]
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.begins_as(other)
            && self.text.len() == other.text.len()
            && (self.text.len() <= 16 || self.rest_is(other))
    }

    /// The same, of names that agree in length and in their first sixteen bytes.
    #[inline]
    fn rest_is(&self, other: &Self) -> bool {
        let same = |a: &[u8; 16], b: &[u8; 16]| {
            lowercase16(u128::from_le_bytes(*a)) == lowercase16(u128::from_le_bytes(*b))
        };
        // The last sixteen overlap the ones before.
        let (Some(a), Some(b)) = (self.text.last_chunk(), other.text.last_chunk()) else { return true };
        let between = self.text.as_chunks().0.iter().zip(other.text.as_chunks().0).skip(1);
        same(a, b) && between.into_iter().all(|(a, b)| same(a, b))
    }

    /// Whether its first sixteen bytes are those of another; or all, where there
    /// are fewer.
    #[inline]
    pub(crate) const fn begins_as(&self, other: &Self) -> bool {
        self.first == other.first
    }

    /// Whether it is one of AWS's own.
    #[inline]
    pub(crate) const fn is_amz(&self) -> bool {
        self.first & SIX_BYTES == X_AMZ.first
    }

    /// One of [`BUCKETS`], by what its first sixteen bytes are.
    #[inline]
    pub(crate) fn bucket(&self) -> usize {
        let [first, second] = halves(self.first);
        // Multiplied by an odd number without a pattern, the top bits depend on all others.
        let mixed = (first ^ second.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 59;
        usize::try_from(mixed).unwrap_or_default()
    }

    /// In lower case, the bytes from `start` on, as [`first_sixteen`] has them.
    #[inline]
    pub(crate) fn part(&self, start: usize) -> u128 {
        match start {
            0 => self.first,
            start => lowercase16(prefix16_at(self.text, start)),
        }
    }

    /// Whether it sorts before another.
    #[inline]
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        // Nearly all names differ in their first eight bytes.
        let ([a, c], [b, d]) = (halves(self.first), halves(other.first));
        if a != b {
            return a.swap_bytes() < b.swap_bytes();
        }
        if c != d {
            return c.swap_bytes() < d.swap_bytes();
        }
        self.compare(other).is_lt()
    }

    /// In lower case.
    #[inline]
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let lowercase = |name: &Self| name.text.iter().map(u8::to_ascii_lowercase);
        lowercase(self).cmp(lowercase(other))
    }

    /// Letters, digits and `-` throughout, as nearly all names are.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        match self.text.len() {
            0 => false,
            length @ 1..=16 => bytes::all_in_prefix(self.first, length, WORD),
            _ => bytes::all(self.text, WORD),
        }
    }

    /// Whether it has no upper-case letter.
    pub(crate) fn is_lowercase(&self) -> bool {
        !bytes::any(self.text, UPPERCASE)
    }

    /// In lower case, and the byte that ends it.
    #[inline]
    pub(crate) fn write(&self, writer: &mut SliceWriter<'_>, end: u8) {
        match self.text.len() {
            length @ 0..=16 => writer.push16(self.first, length, end),
            _ => writer.push_mapped(self.text, end, lowercase16),
        }
    }

    /// Whether it is in [`NEVER_SIGNED`](super::NEVER_SIGNED).
    #[inline]
    pub(crate) fn is_never_signed(&self) -> bool {
        !self.is_amz() && is_in_never_signed(self.text)
    }
}

/// The first eight of sixteen bytes, and the others.
#[inline]
fn halves(bytes: u128) -> [u64; 2] {
    [bytes, bytes >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default())
}

/// A header's name: one that a request can carry.
#[inline]
pub(crate) fn check_name(index: usize, name: &Name<'_>) -> Result<(), RequestError> {
    let valid = name.is_plain() || is_token(name.as_bytes());
    valid.then_some(()).ok_or(RequestError::InvalidHeaderName { index })
}

/// RFC 9110, section 5.6.2.
#[inline]
pub(crate) fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && bytes::all(name, TOKEN)
}

/// How many buckets there are.
pub(crate) const BUCKETS: usize = 32;

const X_AMZ: Name<'_> = Name::known("x-amz-");
const SIX_BYTES: u128 = (1 << 48) - 1;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::Name;
    use crate::bytes::extend_with;

    #[test]
    fn a_name_is_what_its_lower_cased_text_is() {
        let long = "X-Amz-Server-Side-Encryption-Customer-Key-MD5[@`{]";
        for length in 0..=long.len() {
            let text = long.get(..length).expect("as long as the text");
            let name = Name::new(text.as_bytes());
            let mut written = Vec::new();
            extend_with(&mut written, length + 1, |writer| name.write(writer, b':'));
            assert_eq!(written, (text.to_ascii_lowercase() + ":").into_bytes());
            let lower = text.to_ascii_lowercase();
            assert!(name.is(&Name::new(lower.as_bytes())) && Name::new(lower.as_bytes()).is_lowercase());
            assert_eq!(name.is_lowercase(), text == lower);
            assert_eq!(name.is_plain(), (1..46).contains(&length), "{text}");
            assert_eq!(name.is_amz(), length >= 6);
            let shorter = long.get(..length.saturating_sub(1)).expect("shorter");
            assert_eq!(name.is(&Name::new(shorter.as_bytes())), length == 0);
        }
        assert!(Name::known("x-amz-server-side-encryption").is(&Name::new(b"X-AMZ-Server-Side-ENCRYPTION")));
    }
}
