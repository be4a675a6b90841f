//! [`RejectedForm`], a form whose signature was rejected.

use alloc::boxed::Box;
use core::fmt;

use super::FormClaim;
use crate::error::VerifyError;

/// A form whose signature was rejected, with the reason.
///
/// `?` converts it to a [`VerifyError`]. The claim remains available for a log. See [`FormClaim`] for an
/// example.
#[derive(Debug)]
pub struct RejectedForm(Box<(VerifyError, FormClaim)>);

impl RejectedForm {
    pub(super) fn new(error: VerifyError, claim: FormClaim) -> Self {
        Self(Box::new((error, claim)))
    }

    /// Returns the reason.
    #[must_use]
    pub const fn error(&self) -> &VerifyError {
        &self.0.0
    }

    /// Returns the claim that was rejected. Nothing in it is proven.
    #[must_use]
    pub const fn claim(&self) -> &FormClaim {
        &self.0.1
    }

    /// Returns the reason and drops the claim.
    #[must_use]
    pub fn into_error(self) -> VerifyError {
        self.0.0
    }

    /// Returns the reason and the claim.
    #[must_use]
    pub fn into_parts(self) -> (VerifyError, FormClaim) {
        *self.0
    }
}

impl From<RejectedForm> for VerifyError {
    fn from(rejected: RejectedForm) -> Self {
        rejected.into_error()
    }
}

/// Prints the reason.
impl fmt::Display for RejectedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl core::error::Error for RejectedForm {}
