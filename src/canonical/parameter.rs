//! The query parameters that the scheme defines.
//!
//! ```text
//! X-Amz-Algorithm  X-Amz-Credential  X-Amz-Date  X-Amz-Expires  X-Amz-SignedHeaders  X-Amz-Signature
//! X-Amz-Security-Token | X-Amz-S3session-Token     a session token
//! X-Amz-Region-Set                                 SigV4a
//! ```
//!
//! A query is searched for all of them while it is read. `verify/authorization.rs`
//! decides which of them are required.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using Query Parameters".

use super::percent::decode;
use crate::bytes::{lowercase16, lowercase16_const, prefix16, prefix16_const};
use crate::service::TokenHeader;

/// A query parameter that the scheme defines, or that is recognized to be rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// `X-Amz-Algorithm`
    Algorithm,
    /// `X-Amz-Content-Sha256`, which is not a part of a signature.
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

/// A parameter that was recognized by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recognized {
    pub(crate) parameter: Parameter,
    /// True if the name is in the case that the scheme defines.
    pub(crate) is_exact: bool,
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

    /// Returns the name, in the case that the scheme defines.
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

    /// Recognizes a name in canonical spelling, in any case. `AWSAccessKeyId` is
    /// recognized only in this case, because other schemes may use the other cases.
    #[inline]
    pub(crate) fn from_name(name: &[u8]) -> Option<Recognized> {
        match name.first() {
            Some(b'x' | b'X') => Self::from_x_amz_name(name),
            Some(b'A') if name == Self::Version2.name().as_bytes() => {
                Some(Recognized { parameter: Self::Version2, is_exact: true })
            }
            _ => None,
        }
    }

    /// Recognizes a name that begins with `x`, in any case.
    #[inline]
    fn from_x_amz_name(name: &[u8]) -> Option<Recognized> {
        let first = prefix16(name);
        let begins = |prefix: &Prefix| lowercase16(first) == prefix.lowercase;
        // The length leaves at most two candidates, which differ in their first 16 bytes.
        let (parameter, prefix) = match name.len() {
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
        // `None` for a name of less than 16 bytes. Comparing two empty slices instead would call
        // `memcmp` with a dangling pointer, which costs hundreds of cycles on processors with AVX-512.
        let (tail, expected) = (name.get(16..), parameter.name().as_bytes().get(16..));
        let is_exact = first == prefix.exact && tail == expected;
        let is_tail =
            || tail.zip(expected).is_none_or(|(tail, expected)| tail.eq_ignore_ascii_case(expected));
        let is_same = is_exact || begins(prefix) && is_tail();
        is_same.then_some(Recognized { parameter, is_exact })
    }

    /// Returns true if the parameter is a part of a signature of this scheme.
    #[inline]
    pub(crate) const fn is_authentication(self) -> bool {
        !matches!(self, Self::ContentSha256 | Self::Version2)
    }

    /// Returns the index in [`ALL`](Self::ALL).
    #[inline]
    #[expect(clippy::as_conversions, reason = "the discriminant of an enum without fields")]
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// The first 16 bytes of a name, as defined and in lower case.
struct Prefix {
    exact: u128,
    lowercase: u128,
}

impl Prefix {
    const fn of(parameter: Parameter) -> Self {
        let exact = prefix16_const(parameter.name().as_bytes());
        Self { exact, lowercase: lowercase16_const(exact) }
    }
}

const ALGORITHM: Prefix = Prefix::of(Parameter::Algorithm);
const CONTENT_SHA256: Prefix = Prefix::of(Parameter::ContentSha256);
const CREDENTIAL: Prefix = Prefix::of(Parameter::Credential);
const DATE: Prefix = Prefix::of(Parameter::Date);
const EXPIRES: Prefix = Prefix::of(Parameter::Expires);
const REGION_SET: Prefix = Prefix::of(Parameter::RegionSet);
const S3SESSION_TOKEN: Prefix = Prefix::of(Parameter::S3SessionToken);
const SECURITY_TOKEN: Prefix = Prefix::of(Parameter::SecurityToken);
const SIGNATURE: Prefix = Prefix::of(Parameter::Signature);
const SIGNED_HEADERS: Prefix = Prefix::of(Parameter::SignedHeaders);

/// Returns true if a parameter of this name, in any case and any spelling, is a part of
/// a signature.
pub(crate) fn is_authentication_parameter(name: &str) -> bool {
    let recognized = if name.contains('%') {
        Parameter::from_name(&decode(name))
    } else {
        Parameter::from_name(name.as_bytes())
    };
    recognized.is_some_and(|recognized| recognized.parameter.is_authentication())
}

#[cfg(test)]
mod tests {
    use super::{Parameter, Recognized};

    #[test]
    fn each_is_recognized_by_its_name_and_by_no_other() {
        for (index, parameter) in Parameter::ALL.into_iter().enumerate() {
            assert_eq!(parameter.index(), index);
            let name = parameter.name();
            let exact = Some(Recognized { parameter, is_exact: true });
            assert_eq!(Parameter::from_name(name.as_bytes()), exact);
            let in_another_case = Some(Recognized { parameter, is_exact: false });
            let in_another_case = in_another_case.filter(|_| parameter != Parameter::Version2);
            assert_eq!(Parameter::from_name(name.to_lowercase().as_bytes()), in_another_case);
            assert_eq!(Parameter::from_name(name.to_uppercase().as_bytes()), in_another_case);
            for other in [alloc::format!("{name}s"), name.replace('e', "f"), name.replace('-', "_")] {
                assert_eq!(Parameter::from_name(other.as_bytes()).is_some(), other == name, "{other}");
            }
        }
    }
}
