//! [`RequestId`], under which a log and a response name the same request.

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::hash::{BuildHasher, Hasher};
use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::hash_map::RandomState;
use std::sync::LazyLock;

/// The id of a request: an extension of each request that [`VerifyLayer`](super::VerifyLayer) passes on, and
/// the header `x-amz-request-id` of its errors.
///
/// ```
/// use axum::Extension;
/// use countersign::tower::RequestId;
///
/// async fn handler(Extension(id): Extension<RequestId>) -> String {
///     format!("request {id}")
/// }
/// # let _ = handler;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    pub(super) const fn new(id: String) -> Self {
        Self(id)
    }

    /// Returns the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns 16 hexadecimal digits, different for each request of the process and each start of it.
pub(super) fn next_request_id() -> String {
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // An odd factor gives each count another product.
    format!("{:016X}", START.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}
