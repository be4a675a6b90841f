//! The parameters of a presigned URL.

use super::Words;
use super::source::S3_QUERY;

pub(super) const ALGORITHM: Words = Words::new(
    "X-Amz-Algorithm",
    S3_QUERY,
    "The name of the algorithm.",
    "The service recognizes by it that the URL is signed with Signature Version 4.",
);
pub(super) const CREDENTIAL: Words = Words::new(
    "X-Amz-Credential",
    S3_QUERY,
    "The access key id and the credential scope, separated by '/', which is encoded as %2F.",
    "The service looks up the secret by the access key id, and derives the signing key from the scope.",
);
pub(super) const DATE: Words = Words::new(
    "X-Amz-Date",
    S3_QUERY,
    "The time at which the URL was signed, in UTC.",
    "The URL is valid from this time on.",
);
pub(super) const EXPIRES: Words = Words::new(
    "X-Amz-Expires",
    S3_QUERY,
    "The number of seconds during which the URL is valid: at most 604800, seven days.",
    "Whoever has the URL can use it, so it has to expire.",
);
pub(super) const SIGNED_HEADERS: Words = Words::new(
    "X-Amz-SignedHeaders",
    S3_QUERY,
    "The names of the headers that were signed; host is always one of them.",
    "The user of the URL has to send each of these headers with the signed value.",
);
pub(super) const SECURITY_TOKEN: Words = Words::new(
    "X-Amz-Security-Token",
    S3_QUERY,
    "The session token of temporary credentials.",
    "The service looks up the temporary secret by this token; the URL ends with the credentials.",
);
pub(super) const SIGNATURE: Words = Words::new(
    "X-Amz-Signature",
    S3_QUERY,
    "The signature, as the last parameter.",
    "It is added after signing, so it is not in the canonical request.",
);
