//! The query parameters that the scheme itself reads or writes, on either end.
//! They are told as a query is read, so that no list is searched for one of them.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using Query Parameters".
//! Not here: which of them must be there (`verify/authorization.rs`), and their
//! order in a URL (`sign/presign.rs`).

use super::percent::decode;
use crate::bytes::scan::{first_sixteen, first_sixteen_of_known, lowercase, lowercase_of_known};
use crate::service::TokenHeader;

/// A query parameter that the scheme itself reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// `X-Amz-Algorithm`
    Algorithm,
    /// `X-Amz-Content-Sha256`: it carries no signature.
    ContentSha256,
    /// `X-Amz-Credential`
    Credential,
    /// `X-Amz-Date`
    Date,
    /// `X-Amz-Expires`
    Expires,
    /// `X-Amz-Region-Set`
    RegionSet,
    /// `X-Amz-S3session-Token`
    S3SessionToken,
    /// `X-Amz-Security-Token`
    SecurityToken,
    /// `X-Amz-Signature`
    Signature,
    /// `X-Amz-SignedHeaders`
    SignedHeaders,
    /// `AWSAccessKeyId`, which every presigned URL of Signature Version 2 has.
    Version2,
}

impl Parameter {
    pub(crate) const ALL: [Self; 11] = [
        Self::Algorithm,
        Self::ContentSha256,
        Self::Credential,
        Self::Date,
        Self::Expires,
        Self::RegionSet,
        Self::S3SessionToken,
        Self::SecurityToken,
        Self::Signature,
        Self::SignedHeaders,
        Self::Version2,
    ];

    /// Returns the parameter that carries a session token.
    pub(crate) const fn session_token(header: TokenHeader) -> Self {
        match header {
            TokenHeader::SecurityToken => Self::SecurityToken,
            TokenHeader::S3SessionToken => Self::S3SessionToken,
        }
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Algorithm => "X-Amz-Algorithm",
            Self::ContentSha256 => "X-Amz-Content-Sha256",
            Self::Credential => "X-Amz-Credential",
            Self::Date => "X-Amz-Date",
            Self::Expires => "X-Amz-Expires",
            Self::RegionSet => "X-Amz-Region-Set",
            Self::S3SessionToken => "X-Amz-S3session-Token",
            Self::SecurityToken => "X-Amz-Security-Token",
            Self::Signature => "X-Amz-Signature",
            Self::SignedHeaders => "X-Amz-SignedHeaders",
            Self::Version2 => "AWSAccessKeyId",
        }
    }

    /// Which of them a name is in canonical spelling, in any case, and whether it
    /// is spelled exactly so; `AWSAccessKeyId` exactly so alone, for it is no name
    /// of this scheme.
    #[inline(always)]
    pub(crate) fn of(name: &[u8]) -> Option<(Self, bool)> {
        match name.first() {
            Some(b'x' | b'X') => Self::of_x(name),
            Some(b'A') if name == Self::Version2.name().as_bytes() => Some((Self::Version2, true)),
            _ => None,
        }
    }

    /// Of the names that begin with `x`: its length leaves one, or two that begin
    /// differently.
    #[inline(always)]
    fn of_x(name: &[u8]) -> Option<(Self, bool)> {
        let first = first_sixteen(name);
        let begins = |start: &Start| lowercase(first) == start.lowercase;
        let (known, start) = match name.len() {
            10 => (Self::Date, &DATE),
            13 => (Self::Expires, &EXPIRES),
            15 if begins(&SIGNATURE) => (Self::Signature, &SIGNATURE),
            15 => (Self::Algorithm, &ALGORITHM),
            16 if begins(&REGION_SET) => (Self::RegionSet, &REGION_SET),
            16 => (Self::Credential, &CREDENTIAL),
            19 => (Self::SignedHeaders, &SIGNED_HEADERS),
            20 if begins(&SECURITY_TOKEN) => (Self::SecurityToken, &SECURITY_TOKEN),
            20 => (Self::ContentSha256, &CONTENT_SHA256),
            21 => (Self::S3SessionToken, &S3SESSION_TOKEN),
            _ => return None,
        };
        if name.len() <= 16 {
            return begins(start).then_some((known, first == start.exact));
        }
        let (behind, known_behind) = (name.get(16..), known.name().as_bytes().get(16..));
        let (behind, known_behind) = (behind.unwrap_or_default(), known_behind.unwrap_or_default());
        let exact = first == start.exact && behind == known_behind;
        (exact || begins(start) && behind.eq_ignore_ascii_case(known_behind)).then_some((known, exact))
    }

    /// Whether it carries a part of a signature of this scheme.
    #[inline]
    pub(crate) const fn authenticates(self) -> bool {
        !matches!(self, Self::ContentSha256 | Self::Version2)
    }

    /// Its place among all of them.
    #[inline(always)]
    #[expect(clippy::as_conversions, reason = "an enum's own number")]
    pub(crate) const fn place(self) -> usize {
        self as usize
    }
}

/// The first sixteen bytes of a name, exactly and in lower case.
struct Start {
    exact: u128,
    lowercase: u128,
}

impl Start {
    const fn of(parameter: Parameter) -> Self {
        let exact = first_sixteen_of_known(parameter.name().as_bytes());
        Self { exact, lowercase: lowercase_of_known(exact) }
    }
}

const ALGORITHM: Start = Start::of(Parameter::Algorithm);
const CONTENT_SHA256: Start = Start::of(Parameter::ContentSha256);
const CREDENTIAL: Start = Start::of(Parameter::Credential);
const DATE: Start = Start::of(Parameter::Date);
const EXPIRES: Start = Start::of(Parameter::Expires);
const REGION_SET: Start = Start::of(Parameter::RegionSet);
const S3SESSION_TOKEN: Start = Start::of(Parameter::S3SessionToken);
const SECURITY_TOKEN: Start = Start::of(Parameter::SecurityToken);
const SIGNATURE: Start = Start::of(Parameter::Signature);
const SIGNED_HEADERS: Start = Start::of(Parameter::SignedHeaders);

/// Whether a query name as sent carries a part of a signature, in any case and
/// any spelling.
pub(crate) fn is_authentication_parameter(name: &str) -> bool {
    let known =
        if name.contains('%') { Parameter::of(&decode(name)) } else { Parameter::of(name.as_bytes()) };
    known.is_some_and(|(known, _)| known.authenticates())
}

#[cfg(test)]
mod tests {
    use super::Parameter;

    #[test]
    fn each_is_found_by_its_name_and_by_no_other() {
        for (place, known) in Parameter::ALL.into_iter().enumerate() {
            assert_eq!(known.place(), place);
            let name = known.name();
            assert_eq!(Parameter::of(name.as_bytes()), Some((known, true)));
            let in_any_case = (known != Parameter::Version2).then_some((known, false));
            assert_eq!(Parameter::of(name.to_lowercase().as_bytes()), in_any_case);
            assert_eq!(Parameter::of(name.to_uppercase().as_bytes()), in_any_case);
            for other in [alloc::format!("{name}s"), name.replace('e', "f"), name.replace('-', "_")] {
                assert_eq!(Parameter::of(other.as_bytes()).is_some(), other == name, "{other}");
            }
        }
    }
}
