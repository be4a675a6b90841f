//! Step 4: the signature, 32 bytes that print as 64 lower-case hex digits.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 5.

use core::fmt;

use crate::crypto::{equal, hex32};
use crate::scan;

/// A signature. It has no `==`: the one comparison takes constant time.
///
/// ```
/// use countersign::steps::Signature;
///
/// let text = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
/// let signature = Signature::parse(text).unwrap();
/// assert_eq!(signature.to_string(), text);
/// assert!(signature.matches(&Signature::parse(text).unwrap()));
/// assert!(Signature::parse(&text.to_uppercase()).is_none());
/// ```
///
/// ```compile_fail
/// use countersign::steps::Signature;
/// let same = |a: Signature, b: Signature| a == b;
/// ```
#[derive(Clone, Default)]
pub struct Signature([u8; 32]);

impl Signature {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads exactly 64 lower-case hex digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_hex(text.as_bytes())
    }

    #[inline]
    pub(crate) fn from_hex(text: &[u8]) -> Option<Self> {
        sha256_hex(text).map(Self)
    }

    /// Whether both are the same, in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    #[inline]
    pub(crate) fn hex(&self) -> [u8; 64] {
        hex32(&self.0)
    }
}

/// 32 bytes from exactly 64 lower-case hex digits.
#[inline]
pub(crate) fn sha256_hex(text: &[u8]) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.try_into().ok()?;
    if scan::any(text, |digits| !(digits.within(b'0', b'9') | digits.within(b'a', b'f'))) {
        return None;
    }
    let mut bytes = [0; 32];
    for (bytes, digits) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(text.as_chunks::<8>().0) {
        // Eight digits at a time. A letter's low half is its place in the
        // alphabet, from 1, and its bit 6 is set.
        let digits = u64::from_be_bytes(*digits);
        let values = (digits & EACH * 0x0f) + 9 * (digits >> 6 & EACH);
        let pairs = (values | values >> 4) & 0x00ff_00ff_00ff_00ff;
        let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
        let [.., a, b, c, d] = (fours | fours >> 16).to_be_bytes();
        *bytes = [a, b, c, d];
    }
    Some(bytes)
}

/// One in each byte.
const EACH: u64 = u64::from_ne_bytes([1; 8]);

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

/// Closed: the right signature for a request is as good as its key.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
