//! Short copies to the end of a buffer. The texts of this scheme are short,
//! and there are many of them: a call of `memcpy` for each would take longer
//! than the copying.

use alloc::vec::Vec;

/// Appends `bytes`, as `extend_from_slice` does: in steps of sixteen that the
/// compiler writes out, the last of which overlaps the one before.
#[inline(always)]
pub(crate) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    let Some(last) = bytes.last_chunk::<16>() else { return put_short(out, bytes) };
    if bytes.len() > 64 {
        return out.extend_from_slice(bytes);
    }
    let end = out.len() + bytes.len();
    for chunk in bytes.as_chunks::<16>().0 {
        out.extend_from_slice(chunk);
    }
    out.truncate(end - 16);
    out.extend_from_slice(last);
}

/// Fewer than sixteen.
#[inline(always)]
fn put_short(out: &mut Vec<u8>, bytes: &[u8]) {
    let end = out.len() + bytes.len();
    out.extend_from_slice(&crate::scan::first_sixteen(bytes).to_le_bytes());
    out.truncate(end);
}
