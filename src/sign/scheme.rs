//! What a signer's signatures are good for: one region, or a set of them. It
//! decides the algorithm.

use crate::credentials::Credentials;
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::service::Service;
#[cfg(feature = "sigv4a")]
use crate::steps::SigningKeyPair;
use crate::steps::algorithm::{Algorithm, KeyToSign};
use crate::steps::{CredentialScope, SigningKey};
use crate::time::Timestamp;

pub(super) enum Regions {
    One(Region),
    /// The pair is good for every day and service: it is derived once.
    #[cfg(feature = "sigv4a")]
    Set(RegionSet, SigningKeyPair),
}

impl Regions {
    pub(super) fn scope_and_key<'a>(
        &'a self,
        credentials: &Credentials,
        service: &'a Service,
        time: &'a Timestamp,
    ) -> (CredentialScope<'a>, KeyToSign) {
        match self {
            Self::One(region) => {
                let scope = CredentialScope::new(time.date(), region.as_str(), service.name());
                (scope, KeyToSign::Hmac(SigningKey::derive(credentials.secret(), &scope)))
            }
            #[cfg(feature = "sigv4a")]
            Self::Set(_, pair) => {
                let scope = CredentialScope::without_region(time.date(), service.name());
                (scope, KeyToSign::Ecdsa(pair.clone()))
            }
        }
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::One(_) => Algorithm::Hmac,
            #[cfg(feature = "sigv4a")]
            Self::Set(..) => Algorithm::Ecdsa,
        }
    }

    /// The set as a header has it.
    pub(super) fn set(&self) -> Option<&str> {
        match self {
            Self::One(_) => None,
            #[cfg(feature = "sigv4a")]
            Self::Set(set, _) => Some(set.as_str()),
        }
    }

    /// The region or the set, to be shown.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::One(region) => region.as_str(),
            #[cfg(feature = "sigv4a")]
            Self::Set(set, _) => set.as_str(),
        }
    }
}
