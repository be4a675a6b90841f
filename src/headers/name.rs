//! A header's name, compared without regard to case.

use core::cmp::Ordering;

use crate::order::part_of;
use crate::scan::{self, Sixteen, first_sixteen, first_sixteen_of_known, lowercase};
use crate::text::Room;

/// A header's name as it was sent, and its first sixteen bytes in lower case:
/// nearly every question about it is answered by these.
#[derive(Clone, Copy)]
pub(crate) struct Name<'r> {
    text: &'r str,
    first: u128,
}

impl<'r> Name<'r> {
    #[inline(always)]
    pub(crate) fn new(text: &'r str) -> Self {
        Self { text, first: lowercase(first_sixteen(text.as_bytes())) }
    }

    /// A name that is known when the crate is compiled; in lower case.
    #[inline]
    pub(crate) const fn known(text: &'r str) -> Self {
        Self { text, first: first_sixteen_of_known(text.as_bytes()) }
    }

    /// As it was sent.
    #[inline]
    pub(crate) const fn as_str(&self) -> &'r str {
        self.text
    }

    #[inline(always)]
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.first == other.first && self.text.len() == other.text.len() && self.rest_is(other)
    }

    #[inline(always)]
    fn rest_is(&self, other: &Self) -> bool {
        let (mut rest, mut other) = (self.rest(), other.rest());
        while !rest.is_empty() {
            if lowercase(first_sixteen(rest)) != lowercase(first_sixteen(other)) {
                return false;
            }
            rest = rest.get(16..).unwrap_or_default();
            other = other.get(16..).unwrap_or_default();
        }
        true
    }

    /// Whether it is one of AWS's own.
    #[inline(always)]
    pub(crate) const fn is_amz(&self) -> bool {
        self.first & SIX_BYTES == X_AMZ.first
    }

    /// In lower case, the bytes from `start` on, as [`first_sixteen`] has them.
    #[inline(always)]
    pub(crate) fn part(&self, start: usize) -> u128 {
        match start {
            0 => self.first,
            start => lowercase(part_of(self.text.as_bytes(), start)),
        }
    }

    /// Whether it sorts before another.
    #[inline(always)]
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        if self.first == other.first {
            return self.compare(other).is_lt();
        }
        self.first.swap_bytes() < other.first.swap_bytes()
    }

    /// In lower case.
    #[inline]
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let lowercase = |name: &Self| name.text.bytes().map(|byte| byte.to_ascii_lowercase());
        lowercase(self).cmp(lowercase(other))
    }

    /// Letters, digits and `-` throughout, as nearly all names are.
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        let odd = |bytes: Sixteen| !(bytes.letters() | bytes.within(b'0', b'9') | bytes.are(b'-'));
        let first = scan::bits_of_sixteen(self.first, self.text.len().min(16), odd);
        first == 0 && !self.text.is_empty() && (self.text.len() <= 16 || !scan::any(self.rest(), odd))
    }

    /// Whether it has no upper-case letter.
    #[inline(always)]
    pub(crate) fn is_lowercase(&self) -> bool {
        self.first == first_sixteen(self.text.as_bytes())
            && (self.text.len() <= 16 || !scan::any(self.rest(), |bytes| bytes.within(b'A', b'Z')))
    }

    /// In lower case.
    #[inline(always)]
    pub(crate) fn write(&self, room: &mut Room<'_>) {
        let length = self.text.len();
        room.put_sixteen(self.first, length.min(16));
        let mut rest = self.rest();
        while !rest.is_empty() {
            room.put_sixteen(lowercase(first_sixteen(rest)), rest.len().min(16));
            rest = rest.get(16..).unwrap_or_default();
        }
    }

    /// Behind the first sixteen bytes.
    #[inline(always)]
    fn rest(&self) -> &'r [u8] {
        self.text.as_bytes().get(16..).unwrap_or_default()
    }
}

pub(crate) const AUTHORIZATION: Name<'_> = Name::known("authorization");
pub(crate) const CONTENT_SHA256: Name<'_> = Name::known("x-amz-content-sha256");
pub(crate) const DATE: Name<'_> = Name::known("x-amz-date");
pub(crate) const HOST: Name<'_> = Name::known("host");
pub(crate) const REGION_SET: Name<'_> = Name::known("x-amz-region-set");
pub(crate) const S3SESSION_TOKEN: Name<'_> = Name::known("x-amz-s3session-token");
pub(crate) const SECURITY_TOKEN: Name<'_> = Name::known("x-amz-security-token");

const X_AMZ: Name<'_> = Name::known("x-amz-");
const SIX_BYTES: u128 = (1 << 48) - 1;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::Name;
    use crate::text::fill;

    #[test]
    fn a_name_is_what_its_lower_cased_text_is() {
        let long = "X-Amz-Server-Side-Encryption-Customer-Key-MD5[@`{]";
        for length in 0..=long.len() {
            let text = long.get(..length).expect("as long as the text");
            let name = Name::new(text);
            let mut written = Vec::new();
            assert!(fill(&mut written, length, |room| name.write(room)));
            assert_eq!(written, text.to_ascii_lowercase().into_bytes());
            let lower = text.to_ascii_lowercase();
            assert!(name.is(&Name::new(&lower)) && Name::new(&lower).is_lowercase());
            assert_eq!(name.is_lowercase(), text == lower);
            assert_eq!(name.is_plain(), (1..46).contains(&length), "{text}");
            assert_eq!(name.is_amz(), length >= 6);
            let shorter = long.get(..length.saturating_sub(1)).expect("shorter");
            assert_eq!(name.is(&Name::new(shorter)), length == 0);
        }
        assert!(Name::known("x-amz-server-side-encryption").is(&Name::new("X-AMZ-Server-Side-ENCRYPTION")));
    }
}
