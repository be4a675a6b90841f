//! [`NEVER_SIGNED`], the headers that a signer does not sign.
//!
//! ```text
//! NEVER_SIGNED = *( name | prefix "-" )      in lower case
//! ```
//!
//! Source: `docs/mistakes.md`, "Headers that are never signed", which has a report or an
//! SDK's list for each entry.

use super::Name;

/// The headers that a signer does not sign, because proxies, load balancers, client
/// libraries and tracing libraries add, change or remove them.
///
/// Names are in lower case. An entry that ends with `-` is a prefix.
/// [`Signer::exclude_header`](crate::Signer::exclude_header) adds a name for one signer,
/// and [`Signer::include_header`](crate::Signer::include_header) signs a name of the list.
/// A verifier does not use this list: it reads the list of signed headers from the request.
///
/// Each entry has a bug report, or is skipped by an SDK of AWS; `docs/mistakes.md` lists
/// both. The SDKs skip different headers. `cache-control`, which AWS's JavaScript SDK
/// skips, is signed: S3 stores it with the object. `cookie` is signed, because it can
/// authenticate a user.
pub const NEVER_SIGNED: &[&str] = &[
    "accept-encoding",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "forwarded",
    "from",
    "http2-settings",
    "keep-alive",
    "max-forwards",
    "pragma",
    "proxy-",
    "referer",
    "sec-",
    "sentry-trace",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-datadog-",
    "x-forwarded-",
];

impl Name<'_> {
    /// Returns true if the name is in [`NEVER_SIGNED`].
    #[inline]
    pub(crate) fn is_never_signed(&self) -> bool {
        !self.is_amz() && is_in_never_signed(self.as_bytes())
    }
}

/// Returns true if `name`, in any case, is in [`NEVER_SIGNED`].
///
/// ```
/// assert!(countersign::is_never_signed("User-Agent"));
/// assert!(countersign::is_never_signed("Proxy-Connection"));
/// assert!(!countersign::is_never_signed("X-Amz-Meta-Name"));
/// ```
#[must_use]
pub fn is_never_signed(name: &str) -> bool {
    Name::new(name.as_bytes()).is_never_signed()
}

/// Returns true if an entry matches `name`, in any case.
#[inline]
fn is_in_never_signed(name: &[u8]) -> bool {
    // The first letter and the length rule out most names.
    let letter = name.first().map_or(0, |first| first & 31);
    let lengths = NEVER_SIGNED_LENGTHS.get(usize::from(letter)).copied().unwrap_or_default();
    lengths & 1 << name.len().min(31) != 0 && NEVER_SIGNED.iter().any(|entry| matches_entry(name, entry))
}

fn matches_entry(name: &[u8], entry: &str) -> bool {
    let start = if entry.ends_with('-') { name.get(..entry.len()) } else { Some(name) };
    start.is_some_and(|start| start.eq_ignore_ascii_case(entry.as_bytes()))
}

/// The lengths of the entries for each first letter, one bit each. A prefix has the bits
/// of its length and of every greater length.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const NEVER_SIGNED_LENGTHS: [u32; 32] = {
    let (mut lengths, mut index) = ([0; 32], 0);
    while index < NEVER_SIGNED.len() {
        let entry = NEVER_SIGNED[index].as_bytes();
        let exact = 1 << entry.len();
        let longer = if entry[entry.len() - 1] == b'-' { !(exact - 1) } else { exact };
        lengths[(entry[0] & 31) as usize] |= longer;
        index += 1;
    }
    lengths
};

#[cfg(test)]
mod tests {
    use super::{NEVER_SIGNED, is_never_signed};

    #[test]
    fn every_entry_of_the_list_is_found() {
        for entry in NEVER_SIGNED {
            let is_prefix = entry.ends_with('-');
            assert!(is_never_signed(entry) && is_never_signed(&entry.to_uppercase()), "{entry}");
            assert_eq!(is_never_signed(&alloc::format!("{entry}x")), is_prefix, "{entry}");
            assert!(is_never_signed(&alloc::format!("{entry}{}", "x".repeat(100))) == is_prefix, "{entry}");
            let shorter = entry.get(..entry.len() - 1).expect("ASCII");
            assert_eq!(is_never_signed(shorter), NEVER_SIGNED.contains(&shorter), "{entry}");
        }
    }
}
