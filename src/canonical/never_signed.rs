//! Header fields in canonical order, and which of them are signed.
//!
//! *CanonicalHeaders*: `lowercase(name):trim(value)\n` for each signed name,
//! sorted; values of a repeated name joined by `,` in order of arrival.
//! *SignedHeaders*: the names, joined by `;`.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.
//! Not here: which headers a signer adds (`sign/header.rs`), or which a verifier
//! demands (`verify/coverage.rs`).

use super::header_name::Name;

/// Headers that a signer leaves out, because proxies, client libraries and
/// load balancers add, change or drop them on the way. Names in lower case;
/// those that end in `-` stand for all that begin so.
///
/// A verifier has no such list: what was signed is what the request says.
///
/// The union of what AWS's own SDKs skip, each of which had to learn some of
/// these from a bug report; `docs/mistakes.md` has the reports.
pub const NEVER_SIGNED: [&str; 20] = [
    "accept-encoding",
    "authorization",
    "connection",
    "expect",
    "forwarded",
    "from",
    "keep-alive",
    "max-forwards",
    "pragma",
    "proxy-",
    "referer",
    "sec-",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-forwarded-",
];

/// Whether `name`, in any case, is in [`NEVER_SIGNED`].
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

#[inline]
pub(super) fn is_in_never_signed(name: &[u8]) -> bool {
    // Most headers are ruled out by their first letter and their length.
    let letter = name.first().map_or(0, |first| first & 31);
    let lengths = LENGTHS.get(usize::from(letter)).copied().unwrap_or_default();
    lengths & (1 << name.len().min(31)) != 0 && NEVER_SIGNED.iter().any(|known| matches(known, name))
}

fn matches(known: &str, name: &[u8]) -> bool {
    let start = if known.ends_with('-') { name.get(..known.len()) } else { Some(name) };
    start.is_some_and(|start| start.eq_ignore_ascii_case(known.as_bytes()))
}

/// For each first letter, the lengths of the names in the list as bits; for
/// the beginning of a name, its own length and all above.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const LENGTHS: [u32; 32] = {
    let (mut lengths, mut index) = ([0; 32], 0);
    while index < NEVER_SIGNED.len() {
        let name = NEVER_SIGNED[index].as_bytes();
        let exact = 1 << name.len();
        let longer = if name[name.len() - 1] == b'-' { !(exact - 1) } else { exact };
        lengths[(name[0] & 31) as usize] |= longer;
        index += 1;
    }
    lengths
};
