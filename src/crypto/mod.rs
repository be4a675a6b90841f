//! SHA-256, HMAC-SHA256, ECDSA, and comparison in constant time.
//!
//! Only this folder names crypto crates, except for SHA-1 in `checksum/state.rs`.

#[cfg(feature = "sigv4a")]
pub(crate) mod ecdsa;
mod hmac;
mod sha256;

use ctutils::CtEq;

pub(crate) use self::hmac::{HmacKey, hmac};
pub(crate) use self::sha256::{EMPTY_SHA256, MAX_PADDING, Sha256Stream, sha256, sha256_from, sha256_pair};

/// Returns `a == b`, in a time that depends only on their lengths.
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).to_bool()
}
