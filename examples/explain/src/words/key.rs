//! The keys and the signature.

use super::Words;
use super::source::{CREATE, S3_HEADER};

pub(super) const DATE: Words = Words::new(
    "kDate",
    CREATE,
    "The HMAC of the day, keyed with the string AWS4 and the secret access key.",
    "The secret itself never signs a request, and a key that leaks is useless on another day.",
);
pub(super) const REGION: Words = Words::new(
    "kRegion",
    CREATE,
    "The HMAC of the region's name, keyed with the 32 bytes of kDate.",
    "A key that leaks is useless in another region.",
);
pub(super) const SERVICE: Words = Words::new(
    "kService",
    CREATE,
    "The HMAC of the service's name, keyed with the 32 bytes of kRegion.",
    "A key that leaks is useless for another service.",
);
pub(super) const SIGNING: Words = Words::new(
    "kSigning",
    CREATE,
    "The HMAC of the constant aws4_request, keyed with the 32 bytes of kService.",
    "This key signs; AWS gives it to the servers of one service, which do not need the secret.",
);
pub(super) const SIGNATURE: Words = Words::new(
    "Signature",
    CREATE,
    "The HMAC of the string to sign, keyed with kSigning, in 64 lower-case hex digits.",
    "Only a holder of the key can compute it, and it changes if one byte of the steps above changes.",
);
pub(super) const AUTHORIZATION: Words = Words::new(
    "Authorization",
    S3_HEADER,
    "The header with the algorithm, the access key id and scope, the signed headers and the signature.",
    "The service reads from it which secret to look up and which headers to hash.",
);
