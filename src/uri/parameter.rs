//! The query parameters that the scheme itself reads or writes.

use super::decode;
use crate::scan::{first_sixteen, first_sixteen_of_known, lowercase, lowercase_each};

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

    /// Which of them a name is in canonical spelling, in any case; `AWSAccessKeyId`
    /// in its own alone, for it is no name of this scheme.
    #[inline(always)]
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        match name.first() {
            Some(b'x' | b'X') => Self::of_x(name),
            Some(b'A') if name == Self::Version2.name().as_bytes() => Some(Self::Version2),
            _ => None,
        }
    }

    #[inline]
    fn of_x(name: &[u8]) -> Option<Self> {
        let first = lowercase(first_sixteen(name));
        let place = STARTS.iter().position(|start| *start == first)?;
        let known = *Self::ALL.get(place)?;
        let (text, name_end) = (known.name().as_bytes(), name.get(16..).unwrap_or_default());
        let end = text.get(16..).unwrap_or_default();
        (text.len() == name.len() && end.eq_ignore_ascii_case(name_end)).then_some(known)
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

/// The first sixteen bytes of each name, in lower case: no two are the same.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const STARTS: [u128; Parameter::ALL.len()] = {
    let (mut starts, mut index) = ([0; Parameter::ALL.len()], 0);
    while index < starts.len() {
        starts[index] = lowercase_each(first_sixteen_of_known(Parameter::ALL[index].name().as_bytes()));
        index += 1;
    }
    starts
};

/// Whether a query name as sent carries a part of a signature, in any case and
/// any spelling.
pub(crate) fn is_authentication_parameter(name: &str) -> bool {
    let known =
        if name.contains('%') { Parameter::of(&decode(name)) } else { Parameter::of(name.as_bytes()) };
    known.is_some_and(Parameter::authenticates)
}

#[cfg(test)]
mod tests {
    use super::{Parameter, STARTS};

    #[test]
    fn each_is_found_by_its_name_and_by_no_other() {
        for (place, known) in Parameter::ALL.into_iter().enumerate() {
            assert_eq!(known.place(), place);
            let name = known.name();
            assert_eq!(Parameter::of(name.as_bytes()), Some(known));
            let in_any_case = (known != Parameter::Version2).then_some(known);
            assert_eq!(Parameter::of(name.to_lowercase().as_bytes()), in_any_case);
            assert_eq!(Parameter::of(name.to_uppercase().as_bytes()), in_any_case);
            for other in [alloc::format!("{name}s"), name.replace('e', "f"), name.replace('-', "_")] {
                assert_eq!(Parameter::of(other.as_bytes()).is_some(), other == name, "{other}");
            }
            let same = STARTS.iter().filter(|start| Some(*start) == STARTS.get(place)).count();
            assert_eq!(same, 1, "{name}");
        }
    }
}
