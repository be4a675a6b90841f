//! Walking from one mark to the next.

use super::{Lanes, Sixteen, bits_of_rest, lowest, position};

/// The places of odd bytes, in order.
#[inline(always)]
pub(crate) fn places<F: Fn(Sixteen) -> Lanes>(text: &[u8], odd: F) -> Places<'_, F> {
    let (chunks, rest) = text.as_chunks();
    Places { chunks: chunks.iter(), rest: Some(rest), odd, bits: 0, chunk: 0, next: 0 }
}

/// Made by [`places`].
pub(crate) struct Places<'t, F> {
    chunks: core::slice::Iter<'t, [u8; 16]>,
    rest: Option<&'t [u8]>,
    odd: F,
    /// Those of the chunk at hand that were not handed out, and where it begins.
    bits: u32,
    chunk: usize,
    /// Where the one behind it begins.
    next: usize,
}

impl<F: Fn(Sixteen) -> Lanes> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.bits = match self.chunks.next() {
                Some(chunk) => (self.odd)(Sixteen::load(chunk)).bits(),
                None => bits_of_rest(self.rest.take()?, &self.odd),
            };
            (self.chunk, self.next) = (self.next, self.next + 16);
        }
        let place = self.chunk + lowest(self.bits);
        self.bits &= self.bits - 1;
        Some(place)
    }
}

/// A text before and behind its first separator.
#[inline(always)]
pub(crate) fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let place = position(text, |bytes| bytes.are(separator))?;
    let (part, rest) = text.split_at_checked(place)?;
    Some((part, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::places;

    #[test]
    fn places_are_all_places() {
        for length in 0..50 {
            let text: Vec<u8> = (0..length).map(|place| if place % 7 < 2 { b'b' } else { b'a' }).collect();
            let found: Vec<usize> = places(&text, |bytes| bytes.are(b'b')).collect();
            let is_b = |place: &usize| text.get(*place) == Some(&b'b');
            assert_eq!(found, (0..text.len()).filter(is_b).collect::<Vec<_>>());
            assert_eq!(places(&text, |bytes| bytes.are(0)).next(), None);
        }
    }
}
