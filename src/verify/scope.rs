//! Checks that a signature is for the verifier's day, region and service.

use alloc::borrow::Cow;

use super::authorization::ParsedAuthorization;
use super::received::ReceivedRequest;
use super::{Credential, Verifier, VerifyError};
use crate::bytes::truncated_lossy;
#[cfg(feature = "sigv4a")]
use crate::canonical::{AwsHeader, Parameter, percent};
use crate::error::{MalformedAuthorization, Mechanism};
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::steps::Algorithm;
use crate::time::Timestamp;

impl Verifier {
    /// Checks the day, the region and the service. `region_set` returns the
    /// signed region set of a SigV4a signature.
    #[inline]
    pub(crate) fn check_scope<'s>(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        time: Timestamp,
        region_set: impl FnOnce() -> Option<Cow<'s, [u8]>>,
    ) -> Result<(), VerifyError> {
        if credential.date != time.date_bytes() {
            let scope_date = truncated_lossy(credential.date);
            return Err(VerifyError::DateMismatch { mechanism, scope_date, time });
        }
        self.check_region(mechanism, credential, region_set)?;
        if credential.service != self.service.name().as_bytes() {
            let (service, expected) = (truncated_lossy(credential.service), self.service.name().into());
            return Err(VerifyError::WrongService { mechanism, service, expected });
        }
        Ok(())
    }

    /// Checks the region of an HMAC signature's scope, or the region set of a
    /// SigV4a signature.
    #[inline]
    #[cfg_attr(not(feature = "sigv4a"), expect(unused_variables, reason = "only SigV4a has a region set"))]
    fn check_region<'s>(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        region_set: impl FnOnce() -> Option<Cow<'s, [u8]>>,
    ) -> Result<(), VerifyError> {
        let expected = self.region.as_ref().map(Region::as_str);
        let (signed_for, matches) = match credential.algorithm {
            Algorithm::Hmac => {
                let region = credential.region;
                let matches = expected.map_or(!region.is_empty(), |expected| expected.as_bytes() == region);
                (Cow::Borrowed(region), matches)
            }
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => {
                let set = region_set();
                let set = set.as_ref().and_then(|set| core::str::from_utf8(set).ok());
                let set = set.filter(|set| set.len() <= MAX_REGION_SET_LEN);
                let set = set.and_then(|set| RegionSet::parse(set).ok());
                let set = set.ok_or_else(|| mechanism.malformed(MalformedAuthorization::RegionSet))?;
                let matches = expected.is_none_or(|expected| set.contains(expected));
                (Cow::Owned(set.as_str().into()), matches)
            }
        };
        if matches {
            return Ok(());
        }
        // Without a configured region, only an empty one is refused.
        let Some(expected) = expected else {
            return Err(mechanism.malformed(MalformedAuthorization::EmptyRegion));
        };
        let expected = expected.into();
        Err(VerifyError::WrongRegion { mechanism, region: truncated_lossy(&signed_for), expected })
    }
}

/// The maximum length of a region set in bytes, which is enough for every region of AWS several times. Each
/// entry is compared with the region before the signature is verified.
#[cfg(feature = "sigv4a")]
const MAX_REGION_SET_LEN: usize = 4096;

impl<'r> ReceivedRequest<'r, '_> {
    /// Returns the region set, or `None` if it is missing or not signed.
    #[cfg(feature = "sigv4a")]
    pub(super) fn region_set(&self, authorization: &ParsedAuthorization<'_>) -> Option<Cow<'r, [u8]>> {
        match authorization.mechanism {
            // Every parameter of a presigned URL is signed.
            Mechanism::Query => {
                let set = self.parameters.get(Parameter::RegionSet)?;
                Some(Cow::Owned(percent::decoded(set).to_vec()))
            }
            _ => {
                let set = self.fields.get(AwsHeader::RegionSet)?;
                authorization.signed_headers.contains("x-amz-region-set").then_some(Cow::Borrowed(set))
            }
        }
    }

    /// Returns `None`: only SigV4a has a region set.
    #[cfg(not(feature = "sigv4a"))]
    pub(super) const fn region_set(&self, _: &ParsedAuthorization<'_>) -> Option<Cow<'r, [u8]>> {
        None
    }
}
