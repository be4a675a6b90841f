//! The lines of the string to sign of a chunk, and of a trailer.

use super::Words;
use super::source::{S3_CHUNKS, S3_TRAILERS};

pub(super) const ALGORITHM: Words = Words::new(
    "AWS4-HMAC-SHA256-PAYLOAD",
    S3_CHUNKS,
    "The name of the algorithm with the suffix -PAYLOAD, or -TRAILER.",
    "The suffix separates the signature of a chunk from the signature of a request.",
);
pub(super) const DATE_TIME: Words = Words::new(
    "Timestamp of a chunk",
    S3_CHUNKS,
    "The time of the request, unchanged for each chunk.",
    "A chunk belongs to one request.",
);
pub(super) const SCOPE: Words = Words::new(
    "Scope of a chunk",
    S3_CHUNKS,
    "The credential scope of the request, unchanged for each chunk.",
    "The chunks are signed with the signing key of the request.",
);
pub(super) const PREVIOUS: Words = Words::new(
    "previous-signature",
    S3_CHUNKS,
    "The signature of the chunk before; for the first chunk, the signature of the request.",
    "Chunks cannot be exchanged, repeated or left out.",
);
pub(super) const EMPTY_HASH: Words = Words::new(
    "hash(\"\")",
    S3_CHUNKS,
    "The SHA-256 of the empty string, e3b0c442….",
    "The line is reserved; it is the same in every chunk.",
);
pub(super) const HASH: Words = Words::new(
    "hash(current-chunk-data)",
    S3_CHUNKS,
    "The SHA-256 of the chunk's data, without its length and signature.",
    "The service verifies each chunk before it has received the whole body.",
);
pub(super) const TRAILER_HASH: Words = Words::new(
    "hash(trailing headers)",
    S3_TRAILERS,
    "The SHA-256 of the trailing headers, each as name:value and a line feed.",
    "A checksum that is known only at the end of the upload is signed too.",
);
