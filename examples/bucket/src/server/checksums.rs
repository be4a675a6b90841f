//! The five checksums that this version of s3s has, by name. S3 has ten.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
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
