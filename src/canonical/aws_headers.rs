//! The headers that the scheme defines or reads.
//!
//! ```text
//! authorization  host  date  content-length
//! x-amz-date  x-amz-content-sha256  x-amz-decoded-content-length
//! x-amz-security-token  x-amz-s3session-token  x-amz-region-set
//! ```
//!
//! A request is searched for all of them while its headers are collected. `sign/` and
//! `verify/` decide which of them are allowed and which must be signed.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization
//! Header", and "Common Request Headers".

use super::Name;
use crate::service::TokenHeader;

/// A header that the scheme defines or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AwsHeader {
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

impl AwsHeader {
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

    /// The headers that may appear only once, except `Authorization`, whose repetition has
    /// its own errors.
    pub(crate) const SINGLETONS: &'static [Self] = match Self::ALL.split_first() {
        Some((Self::Authorization, others)) => others,
        _ => &Self::ALL,
    };

    /// Recognizes a name, in any case.
    #[inline]
    pub(crate) fn from_name(name: &Name<'_>) -> Option<Self> {
        // The length leaves at most two candidates, which differ in their first 16 bytes.
        let header = match name.len() {
            4 if name.same_prefix(&HOST) => Self::Host,
            4 => Self::Date,
            10 => Self::AmzDate,
            13 => Self::Authorization,
            14 => Self::ContentLength,
            16 => Self::RegionSet,
            20 if name.same_prefix(&SECURITY_TOKEN) => Self::SecurityToken,
            20 => Self::ContentSha256,
            21 => Self::S3SessionToken,
            28 => Self::DecodedContentLength,
            _ => return None,
        };
        name.eq_ignore_case(&header.name()).then_some(header)
    }

    /// Returns the header that carries a session token.
    pub(crate) const fn session_token(header: TokenHeader) -> Self {
        match header {
            TokenHeader::SecurityToken => Self::SecurityToken,
            TokenHeader::S3SessionToken => Self::S3SessionToken,
        }
    }

    /// Returns the name, in lower case.
    #[inline]
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

    /// Returns the index in [`ALL`](Self::ALL).
    #[inline]
    #[expect(clippy::as_conversions, reason = "the discriminant of an enum without fields")]
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// Returns true if the scheme of an `Authorization` value begins with `AWS`. A value of
/// another scheme, such as `Bearer`, contains no signature: signer and verifier leave it
/// to the caller.
#[inline]
pub(crate) fn is_aws_scheme(value: &[u8]) -> bool {
    value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"AWS"))
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
    use super::{AwsHeader, Name};

    #[test]
    fn each_is_recognized_by_its_name_in_any_case_and_by_no_other() {
        for (index, header) in AwsHeader::ALL.into_iter().enumerate() {
            assert_eq!(header.index(), index);
            let name = header.name().to_lowercase();
            assert_eq!(AwsHeader::from_name(&Name::new(name.as_bytes())), Some(header));
            assert_eq!(AwsHeader::from_name(&Name::new(name.to_uppercase().as_bytes())), Some(header));
            for other in [alloc::format!("{name}s"), name.replace('t', "d"), name.replace('e', "f")] {
                let found = AwsHeader::from_name(&Name::new(other.as_bytes())).is_some();
                assert_eq!(found, other == name, "{other}");
            }
        }
    }
}
