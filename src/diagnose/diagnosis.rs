//! [`Diagnosis`]: the causes, likeliest first.

use alloc::vec::Vec;
use core::fmt;

use super::{About, Cause, CauseName, Certainty};

/// A report of why a request was refused. The likeliest cause is first.
///
/// A diagnosis is for the operator of the client or of the server. **Do not send it to the other
/// side**: it quotes headers, paths and parameters of the request. It contains no secret, and no
/// signature.
///
/// A diagnosis proves nothing about a request: it cannot be converted to a
/// [`Verified`](crate::Verified).
///
/// ```
/// use countersign::diagnose::{self, Evidence};
///
/// let answer = "<Error><Code>PermanentRedirect</Code><Endpoint>bucket.s3.eu-west-1.amazonaws.com</Endpoint></Error>";
/// let diagnosis = diagnose::text(&Evidence::read(answer));
/// assert!(diagnosis.to_string().starts_with("This is not a problem of the signature (redirect)."));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    causes: Vec<Cause>,
}

/// The number of causes that a diagnosis contains at most.
const MAX_CAUSES: usize = 16;

impl Diagnosis {
    /// Creates a diagnosis, and removes later causes with the same name and subject.
    pub(super) fn new(found: Vec<Cause>) -> Self {
        let mut causes: Vec<Cause> = Vec::new();
        for cause in found {
            let is_known = |known: &Cause| known.name() == cause.name() && known.header() == cause.header();
            if causes.len() < MAX_CAUSES && !causes.iter().any(is_known) {
                causes.push(cause);
            }
        }
        Self { causes }
    }

    /// Returns the causes, likeliest first.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Returns the likeliest cause.
    #[must_use]
    pub fn first(&self) -> Option<&Cause> {
        self.causes.first()
    }

    /// Returns true if no cause was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty()
    }

    /// Returns what the evidence is about, by the likeliest cause.
    #[must_use]
    pub fn about(&self) -> About {
        self.first().map_or(About::Signature, |cause| About::of(cause.name()))
    }

    /// Returns true if one of the causes has this name.
    #[must_use]
    pub fn names(&self, name: CauseName) -> bool {
        self.causes.iter().any(|cause| cause.name() == name)
    }
}

/// Prints the causes for a terminal.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.causes.is_empty() {
            return f.write_str("No cause was found.");
        }
        let is_stated = self.first().is_some_and(|cause| cause.certainty() != Certainty::Suspected);
        if self.about() != About::Signature && is_stated {
            writeln!(f, "This is not a problem of the signature ({}).", self.about())?;
        }
        for (index, cause) in self.causes.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{}. {cause}", index + 1)?;
        }
        f.write_str("\n\n(for the operator: do not send this report to the other side)")
    }
}
