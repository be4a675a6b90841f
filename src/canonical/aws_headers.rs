//! The headers that the scheme itself reads or writes, on either end. They are
//! told as a request is read, so that no list is searched for one of them.
//!
//! Not here: whether they are signed, or may be there at all (`sign/mod.rs`,
//! `verify/`).

use super::Name;
use crate::service::TokenHeader;

/// A header that the scheme itself reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// `authorization`
    Authorization,
    /// `host`
    Host,
    /// `date`
    Date,
    /// `content-length`
    ContentLength,
    /// `x-amz-date`
    AmzDate,
    /// `x-amz-content-sha256`
    ContentSha256,
    /// `x-amz-decoded-content-length`
    DecodedContentLength,
    /// `x-amz-security-token`
    SecurityToken,
    /// `x-amz-s3session-token`
    S3SessionToken,
    /// `x-amz-region-set`
    RegionSet,
}

impl Known {
    pub(crate) const ALL: [Self; 10] = [
        Self::Authorization,
        Self::Host,
        Self::Date,
        Self::ContentLength,
        Self::AmzDate,
        Self::ContentSha256,
        Self::DecodedContentLength,
        Self::SecurityToken,
        Self::S3SessionToken,
        Self::RegionSet,
    ];

    /// Those that no request has twice: all of them, but of `Authorization` each
    /// end has an error of its own.
    pub(crate) const ONCE: &'static [Self] = match Self::ALL.split_first() {
        Some((Self::Authorization, others)) => others,
        _ => &Self::ALL,
    };

    /// Which of them has this name, if one has: its length leaves one, or two
    /// that begin differently, and one comparison decides.
    #[inline(always)]
    pub(crate) fn of(name: &Name<'_>) -> Option<Self> {
        let known = match name.len() {
            4 if name.begins_as(&HOST) => Self::Host,
            4 => Self::Date,
            10 => Self::AmzDate,
            13 => Self::Authorization,
            14 => Self::ContentLength,
            16 => Self::RegionSet,
            20 if name.begins_as(&SECURITY_TOKEN) => Self::SecurityToken,
            20 => Self::ContentSha256,
            21 => Self::S3SessionToken,
            28 => Self::DecodedContentLength,
            _ => return None,
        };
        name.is(&known.name()).then_some(known)
    }

    /// Returns the header that carries a session token.
    pub(crate) const fn session_token(header: TokenHeader) -> Self {
        match header {
            TokenHeader::SecurityToken => Self::SecurityToken,
            TokenHeader::S3SessionToken => Self::S3SessionToken,
        }
    }

    /// Its name, in lower case.
    #[inline(always)]
    pub(crate) const fn name(self) -> Name<'static> {
        match self {
            Self::Authorization => AUTHORIZATION,
            Self::Host => HOST,
            Self::Date => DATE,
            Self::ContentLength => CONTENT_LENGTH,
            Self::AmzDate => AMZ_DATE,
            Self::ContentSha256 => CONTENT_SHA256,
            Self::DecodedContentLength => DECODED_CONTENT_LENGTH,
            Self::SecurityToken => SECURITY_TOKEN,
            Self::S3SessionToken => S3SESSION_TOKEN,
            Self::RegionSet => REGION_SET,
        }
    }

    /// Its place among all of them.
    #[inline(always)]
    #[expect(clippy::as_conversions, reason = "an enum's own number")]
    pub(crate) const fn place(self) -> usize {
        self as usize
    }
}

const AUTHORIZATION: Name<'_> = Name::known("authorization");
const HOST: Name<'_> = Name::known("host");
const DATE: Name<'_> = Name::known("date");
const CONTENT_LENGTH: Name<'_> = Name::known("content-length");
const AMZ_DATE: Name<'_> = Name::known("x-amz-date");
const CONTENT_SHA256: Name<'_> = Name::known("x-amz-content-sha256");
const DECODED_CONTENT_LENGTH: Name<'_> = Name::known("x-amz-decoded-content-length");
const SECURITY_TOKEN: Name<'_> = Name::known("x-amz-security-token");
const S3SESSION_TOKEN: Name<'_> = Name::known("x-amz-s3session-token");
const REGION_SET: Name<'_> = Name::known("x-amz-region-set");

#[cfg(test)]
mod tests {
    use super::{Known, Name};

    #[test]
    fn each_is_found_by_its_name_in_any_case_and_by_no_other() {
        for (place, known) in Known::ALL.into_iter().enumerate() {
            assert_eq!(known.place(), place);
            let name = known.name().to_lowercase();
            assert_eq!(Known::of(&Name::new(name.as_bytes())), Some(known));
            assert_eq!(Known::of(&Name::new(name.to_uppercase().as_bytes())), Some(known));
            for other in [alloc::format!("{name}s"), name.replace('t', "d"), name.replace('e', "f")] {
                assert_eq!(Known::of(&Name::new(other.as_bytes())).is_some(), other == name, "{other}");
            }
        }
    }
}
