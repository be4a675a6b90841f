//! Reads the headers in which a request declares a checksum of its body, as S3 does.
//!
//! ```text
//! x-amz-checksum-ALGORITHM     = base64(digest)          at most one, and none together with x-amz-trailer
//! x-amz-trailer                = x-amz-checksum-ALGORITHM
//! x-amz-sdk-checksum-algorithm = ALGORITHM               the one of the header or trailer
//! ```
//!
//! Source: S3 User Guide, "Checking object integrity"; for the messages, and for the case that two
//! headers are sent, OpenStack Swift's `test/s3api/test_object_checksums.py`, which runs against AWS.

use alloc::string::String;

use super::stream_headers::TRAILER;
use crate::bytes::truncated;
use crate::checksum::{PREFIX, is_checksum_name};
use crate::error::ChecksumError;

/// The name and the value of the header that declares a checksum of the body.
pub(super) type DeclaredChecksum = (String, String);

/// Reads the headers. `headers` are signed, with names in lower case; for a presigned URL they
/// include the parameters of the query.
pub(super) fn read<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    headers: impl Iterator<Item = (N, V)>,
) -> Result<Option<DeclaredChecksum>, ChecksumError> {
    let (mut declared, mut trailer, mut sdk_algorithm) = (None::<DeclaredChecksum>, None, None);
    for (name, value) in headers {
        let Ok(name) = core::str::from_utf8(name.as_ref()) else { continue };
        if !name.starts_with("x-amz-") {
            continue;
        }
        let value = || String::from_utf8_lossy(value.as_ref()).into_owned();
        if is_checksum_name(name) {
            let found = (name.into(), value());
            // A presigned URL can contain a parameter and a header that say the same.
            if declared.replace(found.clone()).is_some_and(|first| first != found) {
                return Err(ChecksumError::Several);
            }
        } else if name == TRAILER {
            trailer = Some(value());
        } else if name == SDK_ALGORITHM {
            sdk_algorithm = Some(value());
        }
    }
    if declared.is_some() && trailer.is_some() {
        return Err(ChecksumError::HeaderAndTrailer);
    }
    if let Some(algorithm) = sdk_algorithm {
        let announced = trailer.iter().flat_map(|names| names.split(',')).map(str::trim);
        check_sdk_algorithm(&algorithm, declared.iter().map(|(name, _)| name.as_str()).chain(announced))?;
    }
    Ok(declared)
}

/// Returns an error unless `algorithm` is the algorithm of a checksum in `names`.
///
/// The AWS SDK for Rust sends `MD5` and the CRC32 that replaces it, so `MD5` agrees with any
/// checksum.
fn check_sdk_algorithm<'n>(
    algorithm: &str,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), ChecksumError> {
    let mut algorithms = names
        .filter_map(|name| name.get(PREFIX.len()..).filter(|_| is_checksum_name(&name.to_ascii_lowercase())))
        .peekable();
    if algorithms.peek().is_none() {
        return Err(ChecksumError::SdkAlgorithmAlone);
    }
    let is_md5 = algorithm.eq_ignore_ascii_case("MD5");
    if is_md5 || algorithms.any(|declared| declared.eq_ignore_ascii_case(algorithm)) {
        return Ok(());
    }
    Err(ChecksumError::SdkAlgorithmMismatch { algorithm: truncated(algorithm) })
}

/// The header that names the algorithm for which the SDK was asked.
const SDK_ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(headers: &[(&str, &str)]) -> Result<Option<DeclaredChecksum>, ChecksumError> {
        read(headers.iter().copied())
    }

    #[test]
    fn reads_one_checksum_and_ignores_settings() {
        let crc = ("x-amz-checksum-crc32", "y/Q5Jg==");
        let declared = Ok(Some((crc.0.into(), crc.1.into())));
        assert_eq!(read_all(&[("host", "a"), crc, ("x-amz-checksum-mode", "ENABLED")]), declared);
        assert_eq!(read_all(&[crc, crc]), declared);
        assert_eq!(
            read_all(&[("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", "COMPOSITE")]),
            Ok(None)
        );
        for other in [("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-checksum-new", "AAAAAA==")] {
            assert_eq!(read_all(&[crc, other]), Err(ChecksumError::Several), "{other:?}");
        }
        assert_eq!(read_all(&[crc, (TRAILER, "x-amz-checksum-crc32")]), Err(ChecksumError::HeaderAndTrailer));
    }

    #[test]
    fn compares_the_algorithm_for_which_the_sdk_was_asked() {
        let crc = ("x-amz-checksum-crc32", "y/Q5Jg==");
        let trailer = (TRAILER, "X-Amz-Checksum-CRC32");
        for declared in [crc, trailer] {
            for algorithm in ["CRC32", "crc32", "MD5"] {
                assert!(read_all(&[declared, (SDK_ALGORITHM, algorithm)]).is_ok(), "{algorithm}");
            }
            for algorithm in ["CRC32C", "SHA1", "", "NEW"] {
                let error = ChecksumError::SdkAlgorithmMismatch { algorithm: algorithm.into() };
                assert_eq!(read_all(&[declared, (SDK_ALGORITHM, algorithm)]), Err(error));
            }
        }
        let alone = Err(ChecksumError::SdkAlgorithmAlone);
        assert_eq!(read_all(&[(SDK_ALGORITHM, "MD5")]), alone);
        assert_eq!(read_all(&[(SDK_ALGORITHM, "CRC32"), (TRAILER, "x-amz-meta-a")]), alone);
    }
}
