//! Whether a signature is good for the verifier's region: by the scope of an
//! HMAC, or by the signed region set of SigV4a.

use alloc::borrow::Cow;

use super::{Credential, Verifier};
#[cfg(feature = "sigv4a")]
use crate::canonical::percent as uri;
#[cfg(feature = "sigv4a")]
use crate::error::Malformed;
use crate::error::{Mechanism, VerifyError, shown_bytes};
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::steps::algorithm::Algorithm;

impl Verifier {
    /// `region_set` gives the text of the set, where one is there and signed.
    #[cfg_attr(not(feature = "sigv4a"), expect(unused_variables, reason = "only SigV4a has a set"))]
    pub(super) fn check_region<'s>(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        region_set: impl FnOnce() -> Option<&'s [u8]>,
    ) -> Result<(), VerifyError> {
        let expected = self.region.as_ref().map(Region::as_str);
        let (signed_for, good) = match credential.algorithm {
            Algorithm::Hmac => {
                let region = credential.region;
                let is = |expected: &str| expected.as_bytes() == region;
                (Cow::Borrowed(region), expected.map_or(!region.is_empty(), is))
            }
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => {
                let text = region_set().map(|text| match mechanism {
                    Mechanism::Query => uri::decoded(text),
                    _ => text.into(),
                });
                let text = text.as_ref().and_then(|text| core::str::from_utf8(text).ok());
                let set = text.and_then(|text| RegionSet::parse(text).ok());
                let set = set.ok_or_else(|| mechanism.malformed(Malformed::RegionSet))?;
                let good = expected.is_none_or(|expected| set.contains(expected));
                (Cow::Owned(set.as_str().into()), good)
            }
        };
        if good {
            return Ok(());
        }
        let expected = expected.unwrap_or("*").into();
        Err(VerifyError::WrongRegion { mechanism, region: shown_bytes(&signed_for), expected })
    }
}
