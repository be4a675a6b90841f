//! The five checksums that this version of s3s has, by name. S3 has ten.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crc_fast::CrcAlgorithm;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};
use s3s::dto::{Checksum, ChecksumType};
use s3s::{S3Error, S3ErrorCode, S3Result};

pub const ALGORITHMS: [&str; 5] = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

pub fn value<'c>(sums: &'c Checksum, algorithm: &str) -> Option<&'c str> {
    field(sums, algorithm).as_deref()
}

fn field<'c>(sums: &'c Checksum, algorithm: &str) -> &'c Option<String> {
    match algorithm {
        "crc32" => &sums.checksum_crc32,
        "crc32c" => &sums.checksum_crc32c,
        "crc64nvme" => &sums.checksum_crc64nvme,
        "sha1" => &sums.checksum_sha1,
        "sha256" => &sums.checksum_sha256,
        _ => &None,
    }
}

/// Returns the first algorithm that has a value.
pub fn named(sums: &Checksum) -> Option<&'static str> {
    ALGORITHMS.into_iter().find(|algorithm| value(sums, algorithm).is_some())
}

pub fn hasher(wanted: impl Fn(&str) -> bool) -> ChecksumHasher {
    ChecksumHasher {
        crc32: wanted("crc32").then(Crc32::new),
        crc32c: wanted("crc32c").then(Crc32c::new),
        crc64nvme: wanted("crc64nvme").then(Crc64Nvme::new),
        sha1: wanted("sha1").then(Sha1::new),
        sha256: wanted("sha256").then(Sha256::new),
    }
}

/// Compares each claimed value with the computed one.
pub fn compare(claimed: &Checksum, computed: &Checksum) -> S3Result<()> {
    for algorithm in ALGORITHMS {
        if value(claimed, algorithm).is_some_and(|claimed| Some(claimed) != value(computed, algorithm)) {
            let message = format!("The {algorithm} you specified did not match the calculated checksum.");
            return Err(S3Error::with_message(S3ErrorCode::BadDigest, message));
        }
    }
    Ok(())
}

/// Returns the checksum of the parts' checksums, with the number of parts.
pub fn composite<'c>(parts: impl ExactSizeIterator<Item = &'c Checksum>, algorithm: &str) -> Checksum {
    let count = parts.len();
    let mut hasher = hasher(|name| name == algorithm);
    for part in parts {
        hasher
            .update(&BASE64_STANDARD.decode(value(part, algorithm).unwrap_or_default()).unwrap_or_default());
    }
    let mut sums = hasher.finalize();
    let of_parts = [
        &mut sums.checksum_crc32,
        &mut sums.checksum_crc32c,
        &mut sums.checksum_sha1,
        &mut sums.checksum_sha256,
    ];
    for sum in of_parts.into_iter().flatten() {
        *sum = format!("{sum}-{count}");
    }
    sums.checksum_type = Some(ChecksumType::from_static(ChecksumType::COMPOSITE));
    sums
}

/// Combines the CRCs of parts, each with its length, as S3 does. Returns `None` if the algorithm is no CRC, or a
/// part has none.
pub fn combined<'c>(parts: impl Iterator<Item = (&'c Checksum, u64)>, algorithm: &str) -> Option<Checksum> {
    let crc = match algorithm {
        "crc32" => CrcAlgorithm::Crc32IsoHdlc,
        "crc32c" => CrcAlgorithm::Crc32Iscsi,
        "crc64nvme" => CrcAlgorithm::Crc64Nvme,
        _ => return None,
    };
    let mut whole = 0;
    for (part, length) in parts {
        let value = BASE64_STANDARD.decode(value(part, algorithm)?).ok()?;
        let value = value.into_iter().fold(0, |number, byte| number << 8 | u64::from(byte));
        // The CRC of no bytes is 0, and changes nothing.
        whole = crc_fast::checksum_combine(crc, whole, value, length);
    }
    let bytes = whole.to_be_bytes();
    let mut sums = Checksum::default();
    match crc {
        CrcAlgorithm::Crc32IsoHdlc => sums.checksum_crc32 = Some(BASE64_STANDARD.encode(&bytes[4..])),
        CrcAlgorithm::Crc32Iscsi => sums.checksum_crc32c = Some(BASE64_STANDARD.encode(&bytes[4..])),
        _ => sums.checksum_crc64nvme = Some(BASE64_STANDARD.encode(bytes)),
    }
    Some(sums)
}

/// Moves the checksums between the answers and requests of s3s, which all have the same five fields.
macro_rules! checksum_of {
    ($input:expr) => {
        s3s::dto::Checksum {
            checksum_crc32: $input.checksum_crc32.clone(),
            checksum_crc32c: $input.checksum_crc32c.clone(),
            checksum_crc64nvme: $input.checksum_crc64nvme.clone(),
            checksum_sha1: $input.checksum_sha1.clone(),
            checksum_sha256: $input.checksum_sha256.clone(),
            ..Default::default()
        }
    };
}
macro_rules! with_checksum {
    ($output:expr, $sums:expr) => {{
        let (mut output, sums) = ($output, $sums);
        output.checksum_crc32 = sums.checksum_crc32;
        output.checksum_crc32c = sums.checksum_crc32c;
        output.checksum_crc64nvme = sums.checksum_crc64nvme;
        output.checksum_sha1 = sums.checksum_sha1;
        output.checksum_sha256 = sums.checksum_sha256;
        output
    }};
}
pub(super) use {checksum_of, with_checksum};

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], algorithm: &str) -> Checksum {
        let mut hasher = hasher(|name| name == algorithm);
        hasher.update(bytes);
        hasher.finalize()
    }

    /// The values are the checks of the catalogue of CRCs, <https://reveng.sourceforge.io/crc-catalogue/>.
    #[test]
    fn crcs_of_parts_are_combined() {
        for (algorithm, check) in [
            ("crc32", &0xcbf4_3926_u32.to_be_bytes()[..]),
            ("crc32c", &0xe306_9283_u32.to_be_bytes()),
            ("crc64nvme", &0xae8b_1486_0a79_9888_u64.to_be_bytes()),
        ] {
            let parts = [(of(b"", algorithm), 0), (of(b"1234", algorithm), 4), (of(b"56789", algorithm), 5)];
            let whole = combined(parts.iter().map(|(sums, length)| (sums, *length)), algorithm).unwrap();
            assert_eq!(value(&whole, algorithm), Some(&*BASE64_STANDARD.encode(check)));
        }
        let parts = [(of(b"1234", "sha256"), 4)];
        assert_eq!(combined(parts.iter().map(|(sums, length)| (sums, *length)), "sha256"), None);
        assert_eq!(combined(parts.iter().map(|(sums, length)| (sums, *length)), "crc32"), None);
    }
}
