//! [`Part`] and [`Certainty`] of a cause.

use core::fmt;

/// The part of a request, of its signature or of the answer that a cause is about.
///
/// ```
/// use countersign::diagnose::{CauseName, Part};
/// assert_eq!(CauseName::QueryOrder.part(), Part::Query);
/// assert_eq!(Part::Query.to_string(), "query");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The method, line 1 of the canonical request.
    Method,
    /// The path, line 2.
    Path,
    /// The query, line 3.
    Query,
    /// A header line.
    Header,
    /// The list of signed headers.
    SignedHeaders,
    /// The payload, the last line.
    Payload,
    /// The algorithm, or the form of the signature.
    Algorithm,
    /// The time.
    Time,
    /// The credential scope, or the form of the string to sign.
    Scope,
    /// The secret, or a key that is derived from it.
    Key,
    /// The URL as a whole.
    Url,
    /// A browser's form.
    Form,
    /// The service's answer.
    Answer,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::SignedHeaders => "signed headers",
            Self::Payload => "payload",
            Self::Algorithm => "algorithm",
            Self::Time => "time",
            Self::Scope => "scope",
            Self::Key => "key",
            Self::Url => "url",
            Self::Form => "form",
            Self::Answer => "answer",
        })
    }
}

/// The certainty of a cause.
///
/// ```
/// use countersign::diagnose::Certainty;
/// assert!(Certainty::Reproduced < Certainty::Suspected); // more certain first
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Certainty {
    /// The received signature was computed again with exactly this mistake.
    Reproduced,
    /// Both sides are known and differ in these bytes, or the input shows the cause by itself.
    Observed,
    /// The service says so.
    Reported,
    /// The evidence fits, and does not prove it.
    Suspected,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reproduced => "certain: the signature was reproduced with this mistake",
            Self::Observed => "certain: these bytes differ",
            Self::Reported => "reported by the service",
            Self::Suspected => "suspected",
        })
    }
}
