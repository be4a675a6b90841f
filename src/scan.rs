//! Looks at every byte of a text without branching, sixteen at a time, so that
//! a compiler makes vector code of it.

/// Whether any byte is odd.
#[inline(always)]
pub(crate) fn any(text: &[u8], odd: impl Fn(u8) -> bool + Copy) -> bool {
    let Some(last) = text.last_chunk::<16>() else { return any_of(text, odd) };
    for chunk in text.as_chunks::<16>().0 {
        if any_of(chunk, odd) {
            return true;
        }
    }
    // These overlap the ones before; looking twice does no harm.
    any_of(last, odd)
}

#[inline(always)]
fn any_of(bytes: &[u8], odd: impl Fn(u8) -> bool) -> bool {
    let mut any = false;
    for byte in bytes {
        any |= odd(*byte);
    }
    any
}

/// Whether any byte and the one behind it are odd together.
#[inline(always)]
pub(crate) fn any_pair(text: &[u8], odd: impl Fn(u8, u8) -> bool + Copy) -> bool {
    let (Some((_, next)), Some((_, text))) = (text.split_first(), text.split_last()) else { return false };
    let (Some(last), Some(last_next)) = (text.last_chunk::<16>(), next.last_chunk::<16>()) else {
        return any_pair_of(text, next, odd);
    };
    for (chunk, next) in text.as_chunks::<16>().0.iter().zip(next.as_chunks::<16>().0) {
        if any_pair_of(chunk, next, odd) {
            return true;
        }
    }
    any_pair_of(last, last_next, odd)
}

#[inline(always)]
fn any_pair_of(bytes: &[u8], next: &[u8], odd: impl Fn(u8, u8) -> bool) -> bool {
    let mut any = false;
    for (byte, next) in bytes.iter().zip(next) {
        any |= odd(*byte, *next);
    }
    any
}

/// How many bytes are `wanted`.
#[inline(always)]
pub(crate) fn count(text: &[u8], wanted: u8) -> usize {
    let (chunks, rest) = text.as_chunks::<16>();
    let mut sum = usize::from(count_of(rest, wanted));
    for chunk in chunks {
        sum += usize::from(count_of(chunk, wanted));
    }
    sum
}

/// Of at most sixteen.
#[inline(always)]
fn count_of(bytes: &[u8], wanted: u8) -> u8 {
    let mut sum = 0;
    for byte in bytes {
        sum += u8::from(*byte == wanted);
    }
    sum
}
