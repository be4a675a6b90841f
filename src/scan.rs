//! Looks at every byte of a text without branching, sixteen at a time, so that
//! a compiler makes vector code of it.

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
