//! [`About`]: whether the evidence is about a signature.

use core::fmt;

use super::CauseName;

/// The problem that the evidence is about.
///
/// ```
/// use countersign::diagnose::{self, About, Evidence};
///
/// let answer = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
/// let diagnosis = diagnose::text(&Evidence::read(answer));
/// assert_eq!(diagnosis.about(), About::AccessDenied);
/// assert_eq!(diagnosis.about().name(), "access_denied");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum About {
    /// A signature that does not match, or cannot.
    Signature,
    /// A redirect to another region or endpoint.
    Redirect,
    /// A policy that refuses the operation.
    AccessDenied,
    /// A cross-origin request that the browser or the bucket refused.
    Cors,
    /// A URL or credentials that expired.
    Expired,
    /// A clock that is wrong.
    Clock,
    /// An access key id that the service does not know.
    UnknownKey,
    /// A session token.
    Token,
    /// A request without a signature.
    NoSignature,
    /// Too many requests.
    Throttled,
    /// A bucket or a key that does not exist.
    NotFound,
    /// The policy of a browser's form.
    Form,
    /// A request that is malformed.
    Malformed,
    /// Another error of the service.
    Other,
    /// An answer that is not from a service of AWS or S3.
    NotAws,
}

impl About {
    /// Returns the stable name, in snake_case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Redirect => "redirect",
            Self::AccessDenied => "access_denied",
            Self::Cors => "cors",
            Self::Expired => "expired",
            Self::Clock => "clock",
            Self::UnknownKey => "unknown_key",
            Self::Token => "token",
            Self::NoSignature => "no_signature",
            Self::Throttled => "throttled",
            Self::NotFound => "not_found",
            Self::Form => "form",
            Self::Malformed => "malformed",
            Self::Other => "other",
            Self::NotAws => "not_aws",
        }
    }

    /// Returns what a cause is about.
    pub(super) const fn of(cause: CauseName) -> Self {
        match cause {
            CauseName::Redirect => Self::Redirect,
            CauseName::AccessDenied => Self::AccessDenied,
            CauseName::Cors => Self::Cors,
            CauseName::ExpiredUrl | CauseName::ExpiredForm | CauseName::ExpiredToken => Self::Expired,
            CauseName::ClockSkew | CauseName::TimeZone | CauseName::NotYetValid => Self::Clock,
            CauseName::UnknownAccessKey => Self::UnknownKey,
            CauseName::InvalidToken | CauseName::TokenMissing => Self::Token,
            CauseName::NoSignature => Self::NoSignature,
            CauseName::Throttled => Self::Throttled,
            CauseName::NotFound | CauseName::BucketName => Self::NotFound,
            CauseName::FormField | CauseName::FormCondition => Self::Form,
            CauseName::MalformedRequest => Self::Malformed,
            CauseName::OtherError => Self::Other,
            CauseName::NotAws => Self::NotAws,
            _ => Self::Signature,
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
