//! Looks at every byte of a text: without branching, sixteen at a time, so
//! that a compiler makes vector code of it; or to the next separator, which is
//! near in the texts of this scheme.

/// Whether any byte is odd.
#[inline(always)]
pub(crate) fn any(text: &[u8], odd: impl Fn(u8) -> bool) -> bool {
    let Some(last) = text.last_chunk::<16>() else {
        return text.iter().fold(0, |any, byte| any | u8::from(odd(*byte))) != 0;
    };
    let mut lanes = [0u8; 16];
    let mut look = |chunk: &[u8; 16]| {
        for (lane, byte) in lanes.iter_mut().zip(chunk) {
            *lane |= u8::from(odd(*byte));
        }
    };
    text.as_chunks::<16>().0.iter().for_each(&mut look);
    // These overlap the ones before; looking twice does no harm.
    look(last);
    u128::from_ne_bytes(lanes) != 0
}

/// Whether any byte and the one behind it are odd together.
#[inline(always)]
pub(crate) fn any_pair(text: &[u8], odd: impl Fn(u8, u8) -> bool) -> bool {
    let (Some((_, next)), Some((_, text))) = (text.split_first(), text.split_last()) else { return false };
    let (Some(last), Some(last_next)) = (text.last_chunk::<16>(), next.last_chunk::<16>()) else {
        return text.iter().zip(next).fold(0, |any, (byte, next)| any | u8::from(odd(*byte, *next))) != 0;
    };
    let mut lanes = [0u8; 16];
    let mut look = |(chunk, next): (&[u8; 16], &[u8; 16])| {
        for (lane, (byte, next)) in lanes.iter_mut().zip(chunk.iter().zip(next)) {
            *lane |= u8::from(odd(*byte, *next));
        }
    };
    text.as_chunks::<16>().0.iter().zip(next.as_chunks::<16>().0).for_each(&mut look);
    look((last, last_next));
    u128::from_ne_bytes(lanes) != 0
}

/// How many bytes are `wanted`.
#[inline(always)]
pub(crate) fn count(text: &[u8], wanted: u8) -> usize {
    text.iter().filter(|byte| **byte == wanted).count()
}

/// The parts of a text between separators, as `str::split` has them.
#[inline]
pub(crate) fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut left = Some(text);
    core::iter::from_fn(move || {
        let text = left?;
        let end = text.bytes().position(|byte| byte == separator);
        let (part, rest) = match end.and_then(|end| Some((text.get(..end)?, text.get(end + 1..)?))) {
            Some((part, rest)) => (part, Some(rest)),
            None => (text, None),
        };
        left = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{any, any_pair, count, split};

    /// Texts of every length around the sixteen, with one odd byte at every place.
    #[test]
    fn nothing_is_overlooked_at_any_length() {
        for length in 0..70 {
            let text = alloc::vec![b'a'; length];
            assert!(!any(&text, |byte| byte == b'b'));
            assert!(!any_pair(&text, |byte, next| byte == b'b' || next == b'b'));
            for place in 0..length {
                let mut text = text.clone();
                *text.get_mut(place).expect("a place in the text") = b'b';
                assert!(any(&text, |byte| byte == b'b'));
                assert_eq!(any_pair(&text, |byte, _| byte == b'b'), place + 1 < length);
                assert_eq!(any_pair(&text, |_, next| next == b'b'), place > 0);
                assert_eq!(count(&text, b'b'), 1);
            }
        }
    }

    #[test]
    fn split_is_that_of_str() {
        for text in ["", ";", "a", "a;b", ";a;", "ab;cd;;e", "é;ü", ";;"] {
            let parts: Vec<&str> = split(text, b';').collect();
            assert_eq!(parts, text.split(';').collect::<Vec<_>>(), "{}", String::from(text));
        }
    }
}
