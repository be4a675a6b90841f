//! The signing scheme: HMAC for one region, or ECDSA (SigV4a) for a set of them.

#[cfg(feature = "sigv4a")]
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::credentials::Credentials;
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::service::Service;
#[cfg(feature = "sigv4a")]
use crate::steps::EcdsaKeyPair;
use crate::steps::{Algorithm, CredentialScope, Signature, SigningKey, Transcript};
use crate::time::Timestamp;

/// The scheme of a signer. It decides the algorithm, the scope and the key.
///
/// ```text
///                      AWS4-HMAC-SHA256                   AWS4-ECDSA-P256-SHA256
/// credential scope     date/region/service/aws4_request   date/service/aws4_request
/// key                  four HMACs along the scope         one key pair for every scope
/// regions              in the scope                       in x-amz-region-set
/// ```
#[derive(Clone)]
pub(super) enum Scheme {
    Region(Region),
    /// The key pair is derived once: it does not depend on day or service.
    #[cfg(feature = "sigv4a")]
    RegionSet(RegionSet, Box<dyn EcdsaKeyPair>),
}

impl Scheme {
    /// Returns the credential scope of `time`'s day, and the key for it.
    pub(super) fn scope_and_key(
        &self,
        credentials: &Credentials,
        service: &Service,
        time: Timestamp,
    ) -> (String, SignKey) {
        match self {
            Self::Region(region) => {
                let scope = CredentialScope::new(time, region, service);
                let key = SigningKey::derive(credentials.secret(), &scope);
                (alloc::format!("{scope}"), SignKey::Hmac(key))
            }
            #[cfg(feature = "sigv4a")]
            Self::RegionSet(_, pair) => {
                (alloc::format!("{}", pair.scope(time, service)), SignKey::Ecdsa(pair.clone()))
            }
        }
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Region(_) => Algorithm::Hmac,
            #[cfg(feature = "sigv4a")]
            Self::RegionSet(..) => Algorithm::Ecdsa,
        }
    }

    /// Returns the value of `x-amz-region-set`, or `None` for HMAC.
    pub(super) fn region_set(&self) -> Option<&str> {
        match self {
            Self::Region(_) => None,
            #[cfg(feature = "sigv4a")]
            Self::RegionSet(set, _) => Some(set.as_str()),
        }
    }

    /// Returns the region or the region set, for `Debug`.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Region(region) => region.as_str(),
            #[cfg(feature = "sigv4a")]
            Self::RegionSet(set, _) => set.as_str(),
        }
    }
}

/// A key that signs, of either algorithm.
#[derive(Clone)]
pub(crate) enum SignKey {
    Hmac(SigningKey),
    #[cfg(feature = "sigv4a")]
    Ecdsa(Box<dyn EcdsaKeyPair>),
}

impl SignKey {
    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(_) => Algorithm::Hmac,
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(_) => Algorithm::Ecdsa,
        }
    }

    /// Signs the string to sign that `steps` ends with (steps 3 and 4).
    #[inline]
    pub(super) fn sign(&self, steps: &mut Transcript) -> Signature {
        let start = steps.string_to_sign_start();
        self.sign_from(steps.bytes_mut(), start)
    }

    /// Signs the string to sign that begins at `start` and ends with `out`. `out` is
    /// used as scratch space, and has the same content afterwards.
    #[inline]
    pub(crate) fn sign_from(&self, out: &mut Vec<u8>, start: usize) -> Signature {
        match self {
            Self::Hmac(key) => key.sign_from(out, start),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(pair) => pair.sign(out.get(start..).unwrap_or_default()),
        }
    }
}
