//! Known gaps of the servers: the cases that cannot pass, and why.

use self::Gap::{Says, Unchecked, Unsupported};
use crate::server::Failure;

/// Why a case cannot pass on a server. The case is run, must fail in this way, and is reported if it
/// passes.
pub(crate) enum Gap {
    /// The server accepts what it should reject.
    Unchecked,
    /// The server does not support the operation. The failure contains this string.
    Unsupported(&'static str),
    /// The server rejects the request with this other code. The case passes.
    Says(&'static str),
}

impl Gap {
    /// Returns true if the case failed in this way.
    pub(crate) fn explains(&self, failure: &Failure) -> bool {
        match (self, failure) {
            (Unchecked, Failure::Accepted(_)) => true,
            (Unsupported(shows), Failure::Other(what)) => what.contains(shows),
            (Says(name), Failure::Refused(code, _)) => name == code,
            _ => false,
        }
    }
}

/// The server, the case, the gap and the reason. A `*` matches any characters.
#[rustfmt::skip]
pub(crate) const GAPS: &[(&str, &str, Gap, &str)] = &[
    ("ministack", "refused, signed: unsigned x-amz-meta added", Unchecked, "checks only the signed headers"),
    ("ministack", "refused, presigned: unsigned x-amz-meta added", Unchecked, "checks only the signed headers"),
    ("ministack", "refused, signed: other bytes than were hashed", Unchecked, "trusts the header and does not hash the body"),
    ("ministack", "refused, signed: bytes where none were hashed", Unchecked, "trusts the header and does not hash the body"),
    ("ministack", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "assumes an unsigned payload for each URL"),
    ("ministack", "the server's canonical request, presigned", Unsupported("none in the reply"), "returned for signed headers only"),
    ("ministack", "the server's canonical request, sigv4a", Unsupported("none in the reply"), "returned for HMAC only"),
    ("ministack", "session token, signed, refused: sent and not signed", Unchecked, "does not require a signed token"),
    ("ministack", "refused, chunks, *: decoded length not announced", Unchecked, "compares the length only if it is present"),
    ("ministack", "refused, chunks, *: a trailer that was not announced", Unchecked, "reads announced trailers only"),
    ("ministack", "refused, chunks, *: no trailer was announced", Unchecked, "reads announced trailers only"),
    ("ministack", "refused, chunks, signed, crc32: the trailers' signature *", Unchecked, "does not read the trailers' signature"),

    ("seaweedfs", "refused, signed: another region", Unchecked, "accepts any region"),
    ("seaweedfs", "refused, presigned: another region", Unchecked, "accepts any region"),
    ("seaweedfs", "refused, signed: other bytes than were hashed", Unchecked, "trusts the header and does not hash the body"),
    ("seaweedfs", "refused, signed: bytes where none were hashed", Unchecked, "trusts the header and does not hash the body"),
    ("seaweedfs", "refused, presigned: not valid yet", Unchecked, "checks only the expiration"),
    ("seaweedfs", "key, leading /: listed", Unsupported("got \"k/lead\""), "keys are paths without a leading slash"),
    ("seaweedfs", "key, two leading /: listed", Unsupported("got \"k/lead\""), "keys are paths without leading slashes"),
    ("seaweedfs", "key, dot-dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, and dot segments are rejected"),
    ("seaweedfs", "key, leading dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, and dot segments are rejected"),
    ("seaweedfs", "key, inner dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, and dot segments are rejected"),
    ("seaweedfs", "key, trailing /: signed", Unsupported("got \"\""), "a key with a trailing slash is an empty folder"),
    ("seaweedfs", "key, trailing /: presigned", Unsupported("got \"\""), "a key with a trailing slash is an empty folder"),
    ("seaweedfs", "key, backslash: listed", Unsupported("got \"\""), "does not list the key"),
    ("seaweedfs", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "assumes an unsigned payload for each URL"),
    ("seaweedfs", "the server's canonical request, *", Unsupported("none in the reply"), "does not return it"),
    ("seaweedfs", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "started without its STS"),
    ("seaweedfs", "refused, chunks, *", Says("InvalidDigest"), "its code for BadDigest"),
    ("seaweedfs", "refused, chunks, *: decoded length too great by one", Unchecked, "takes the length from the chunks"),
    ("seaweedfs", "refused, chunks, *: decoded length too small by one", Unchecked, "takes the length from the chunks"),
    ("seaweedfs", "refused, chunks, *: decoded length not announced", Unchecked, "takes the length from the chunks"),
    ("seaweedfs", "refused, chunks, *: a trailer that was not announced", Unchecked, "reads the announced checksum only"),
    ("seaweedfs", "refused, chunks, signed, crc32: no trailer was announced", Unchecked, "reads the announced checksum only"),
    ("seaweedfs", "refused, chunks, signed, crc32: the zero chunk*", Unchecked, "with trailers, reads no signature after the data"),
    ("seaweedfs", "refused, chunks, signed, crc32: the trailers' signature *", Unchecked, "with trailers, reads no signature after the data"),
    ("seaweedfs", "refused, chunks, *", Says("InternalError"), "has another code for a wrong chunk signature"),
    ("seaweedfs", "chunks, *: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "stores the header as received"),
    ("seaweedfs", "chunks, *: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "stores the header as received"),
    ("seaweedfs", "refused, form: *signature left out", Says("SignatureDoesNotMatch"), "treats a missing signature as a wrong one"),
    ("seaweedfs", "sigv4a, *", Unsupported("<Code>InvalidRequest</Code>"), "supports HMAC only"),
    ("seaweedfs", "refused, sigv4a, *", Unsupported("<Code>InvalidRequest</Code>"), "supports HMAC only"),

    ("ceph*", "refused, signed: another region", Unchecked, "accepts any region"),
    ("ceph*", "refused, presigned: another region", Unchecked, "accepts any region"),
    ("ceph*", "refused, signed: unsigned x-amz-meta added", Unchecked, "checks only the signed headers"),
    ("ceph*", "refused, presigned: unsigned x-amz-meta added", Unchecked, "checks only the signed headers"),
    ("ceph*", "refused, presigned: not valid yet", Unchecked, "checks only the expiration"),
    ("ceph*", "the server's canonical request, *", Unsupported("none in the reply"), "does not return it"),
    ("ceph", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "its STS is off: see ceph-sts"),
    ("ceph-sts", "session token, signed, refused: sent and not signed", Unchecked, "does not require a signed token"),
    ("ceph*", "chunks, signed, *", Unsupported("XAmzContentSHA256Mismatch"), "does not support trailers: takes the mode for a hash"),
    ("ceph*", "chunks, unsigned, *", Unsupported("XAmzContentSHA256Mismatch"), "does not support trailers: takes the mode for a hash"),
    ("ceph*", "refused, chunks, signed, *", Unsupported("XAmzContentSHA256Mismatch"), "does not support trailers: takes the mode for a hash"),
    ("ceph*", "refused, chunks, unsigned, *", Unsupported("XAmzContentSHA256Mismatch"), "does not support trailers: takes the mode for a hash"),
    ("ceph*", "chunks, signed: 0 bytes", Unsupported("XAmzContentSHA256Mismatch"), "does not support empty chunked bodies"),
    ("ceph*", "chunks, signed: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "stores the header as received"),
    ("ceph*", "chunks, signed: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "stores the header as received"),
    ("ceph*", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "reads nothing after the data"),
    ("ceph*", "refused, chunks, signed: the zero chunk*", Unchecked, "reads nothing after the data"),
    ("ceph*", "refused, chunks, signed: a trailer that was not announced", Unchecked, "reads nothing after the data"),
    ("ceph*", "refused, chunks, signed: a chunk without its signature", Says("InvalidArgument"), "its code for malformed input"),
    ("ceph*", "refused, chunks, signed: decoded length *", Says("InvalidArgument"), "its code for malformed input"),
    ("ceph*", "refused, chunks, signed: decoded length too small by one", Says("XAmzContentSHA256Mismatch"), "reads that much, and finds another hash for the chunk"),
    ("ceph", "refused, form: *", Says("AccessDenied"), "one code for all errors of forms"),
    ("ceph*", "sigv4a, *", Unsupported("<Code>InvalidArgument</Code>"), "supports HMAC only"),
    ("ceph*", "sigv4a, presigned *", Unsupported("<Code>AccessDenied</Code>"), "supports HMAC only"),
    ("ceph*", "refused, sigv4a, *", Unsupported("<Code>InvalidArgument</Code>"), "supports HMAC only"),
    ("ceph*", "refused, sigv4a, presigned: *", Unsupported("<Code>AccessDenied</Code>"), "supports HMAC only"),
    ("ceph-sts", "session token, sigv4a, signed *", Unsupported("<Code>InvalidArgument</Code>"), "supports HMAC only"),
    ("ceph-sts", "session token, sigv4a, presigned *", Unsupported("<Code>AccessDenied</Code>"), "supports HMAC only"),

    ("s3s", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "accepts the end of the body as the end of the chunks"),
    ("s3s", "refused, chunks, *: no zero chunk, nor what follows it", Says("MalformedTrailerError"), "reports the missing trailers instead of the chunk"),
    ("s3s", "refused, chunks, *crc32: a trailer that was not announced", Unchecked, "reads announced trailers only"),
    ("s3s", "refused, chunks, *: no trailer was announced", Says("InvalidRequest"), "its code for a missing header"),
    ("s3s", "chunks, *: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "the store of the examples keeps the header as received"),
    ("s3s", "chunks, *: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "the store of the examples keeps the header as received"),
];

/// Returns the gaps of a case on a server.
pub(crate) fn gaps(server: &str, case: &str) -> impl Iterator<Item = (&'static Gap, &'static str)> {
    let hit = |pattern: &str, name: &str| match pattern.split_once('*') {
        Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => pattern == name,
    };
    let found = GAPS.iter().filter(move |(s, pattern, ..)| hit(s, server) && hit(pattern, case));
    found.map(|(_, _, gap, why)| (gap, *why))
}
