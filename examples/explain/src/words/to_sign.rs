//! The lines of the string to sign.

use super::Words;
use super::source::CREATE;

pub(super) const ALGORITHM: Words = Words::new(
    "Algorithm",
    CREATE,
    "The name of the algorithm: HMAC with SHA-256.",
    "The service learns how to verify the signature, and a signature of one algorithm is not valid for another.",
);
pub(super) const DATE_TIME: Words = Words::new(
    "RequestDateTime",
    CREATE,
    "The time of the request in UTC, as YYYYMMDDTHHMMSSZ.",
    "The same request has another signature in each second.",
);
pub(super) const SCOPE: Words = Words::new(
    "CredentialScope",
    CREATE,
    "The day, the region, the service and the constant aws4_request.",
    "It names the signing key: the signature is valid on one day, in one region and for one service.",
);
pub(super) const HASH: Words = Words::new(
    "HashedCanonicalRequest",
    CREATE,
    "The SHA-256 of the canonical request, in lower-case hex.",
    "It represents the whole request, so that the HMAC reads a short string.",
);
