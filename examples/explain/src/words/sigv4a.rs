//! The key and the lines of SigV4a.

use super::Words;
use super::source::OVERVIEW;

pub(super) const ALGORITHM: Words = Words::new(
    "AWS4-ECDSA-P256-SHA256",
    OVERVIEW,
    "The name of the algorithm: ECDSA on the curve P-256, with SHA-256.",
    "A signature of SigV4a is verified with a public key, which cannot sign.",
);
pub(super) const SCOPE: Words = Words::new(
    "CredentialScope of SigV4a",
    OVERVIEW,
    "The day, the service and the constant aws4_request, without a region.",
    "The signature is valid in more than one region.",
);
pub(super) const REGION_SET: Words = Words::new(
    "x-amz-region-set",
    OVERVIEW,
    "The regions in which the request is valid, separated by commas; '*' means every region.",
    "The scope has no region, so this signed value limits the signature.",
);
pub(super) const KEY: Words = Words::new(
    "SigV4a key pair",
    OVERVIEW,
    "A private key that is derived from the access key id and the secret, and its public key.",
    "The regions keep only the public key, and one key pair signs for every day, region and service.",
);
pub(super) const SIGNATURE: Words = Words::new(
    "Signature of SigV4a",
    OVERVIEW,
    "The ECDSA signature of the string to sign, in DER and hex.",
    "It may differ each time it is computed, and still verifies with the public key.",
);
