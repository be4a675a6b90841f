//! The id under which an answer and the log name the same request.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Returns 16 hexadecimal digits, different for each request, and in each process.
pub fn next() -> String {
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // An odd factor gives each count another product.
    format!("{:016X}", START.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}
