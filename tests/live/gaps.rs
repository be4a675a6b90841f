//! What is known about the servers: which case cannot pass where, and why.

use self::Gap::{Says, Unchecked, Unsupported};
use crate::server::Failure;

/// Why a case cannot pass on a server. It is run all the same, has to fail in just this way, and
/// is told when it passes after all.
pub(crate) enum Gap {
    /// The server accepts what it should refuse, so that a pass would prove nothing.
    Unchecked,
    /// The server cannot do what the case asks for, whoever signs it. Its failure says this.
    Unsupported(&'static str),
    /// The server refuses it, and has another name for why. Such a case passes.
    Says(&'static str),
}

impl Gap {
    /// Whether this is how the case failed.
    pub(crate) fn explains(&self, failure: &Failure) -> bool {
        match (self, failure) {
            (Unchecked, Failure::Accepted(_)) => true,
            (Unsupported(shows), Failure::Other(what)) => what.contains(shows),
            (Says(name), Failure::Refused(code, _)) => name == code,
            _ => false,
        }
    }
}

/// Server, case (a `*` stands for anything, once in each), gap, reason.
#[rustfmt::skip]
pub(crate) const GAPS: &[(&str, &str, Gap, &str)] = &[
    ("ministack", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, signed: other bytes than were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "refused, signed: bytes where none were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "takes the payload of any URL to be unsigned"),
    ("ministack", "the server's canonical request, presigned", Unsupported("none in the reply"), "told for signed headers only"),
    ("ministack", "the server's canonical request, sigv4a", Unsupported("none in the reply"), "told for HMAC only"),
    ("ministack", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
    ("ministack", "refused, chunks, *: decoded length not said", Unchecked, "compared only where it is said"),
    ("ministack", "refused, chunks, *: a trailer that was not announced", Unchecked, "looks for announced trailers only"),
    ("ministack", "refused, chunks, *: no trailer was announced", Unchecked, "looks for announced trailers only"),
    ("ministack", "refused, chunks, signed, crc32: the trailers' signature *", Unchecked, "the trailers' signature is not read"),

    ("seaweedfs", "refused, signed: another region", Unchecked, "any region will do"),
    ("seaweedfs", "refused, presigned: another region", Unchecked, "any region will do"),
    ("seaweedfs", "refused, signed: other bytes than were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("seaweedfs", "refused, signed: bytes where none were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("seaweedfs", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("seaweedfs", "key, leading /: listed", Unsupported("got \"k/lead\""), "keys are paths, a leading slash is none"),
    ("seaweedfs", "key, two leading /: listed", Unsupported("got \"k/lead\""), "keys are paths, leading slashes are none"),
    ("seaweedfs", "key, dot-dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, leading dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, inner dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, trailing /: signed", Unsupported("got \"\""), "a key with a trailing slash is a folder, and empty"),
    ("seaweedfs", "key, trailing /: presigned", Unsupported("got \"\""), "a key with a trailing slash is a folder, and empty"),
    ("seaweedfs", "key, backslash: listed", Unsupported("got \"\""), "its list leaves the key out"),
    ("seaweedfs", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "takes the payload of any URL to be unsigned"),
    ("seaweedfs", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("seaweedfs", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "started without its STS"),
    ("seaweedfs", "refused, chunks, *", Says("InvalidDigest"), "its name for BadDigest"),
    ("seaweedfs", "refused, chunks, *: decoded length too great by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, *: decoded length too small by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, *: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, *: a trailer that was not announced", Unchecked, "looks for the announced checksum only"),
    ("seaweedfs", "refused, chunks, signed, crc32: no trailer was announced", Unchecked, "looks for the announced checksum only"),
    ("seaweedfs", "refused, chunks, signed, crc32: the zero chunk*", Unchecked, "with trailers, no signature behind the data is read"),
    ("seaweedfs", "refused, chunks, signed, crc32: the trailers' signature *", Unchecked, "with trailers, no signature behind the data is read"),
    ("seaweedfs", "refused, chunks, *", Says("InternalError"), "a wrong signature of a chunk is an error of its own"),
    ("seaweedfs", "chunks, *: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "the header is stored as it came"),
    ("seaweedfs", "chunks, *: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "the header is stored as it came"),
    ("seaweedfs", "refused, form: *signature left out", Says("SignatureDoesNotMatch"), "no signature is a wrong one"),
    ("seaweedfs", "sigv4a, *", Unsupported("<Code>InvalidRequest</Code>"), "knows HMAC alone"),
    ("seaweedfs", "refused, sigv4a, *", Unsupported("<Code>InvalidRequest</Code>"), "knows HMAC alone"),

    ("ceph*", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph*", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph*", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph*", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph*", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph*", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "its STS is off: see ceph-sts"),
    ("ceph-sts", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
    ("ceph*", "chunks, signed, *", Unsupported("XAmzContentSHA256Mismatch"), "no trailers in this version: the mode's name is taken for a hash"),
    ("ceph*", "chunks, unsigned, *", Unsupported("XAmzContentSHA256Mismatch"), "no trailers in this version: the mode's name is taken for a hash"),
    ("ceph*", "refused, chunks, signed, *", Unsupported("XAmzContentSHA256Mismatch"), "no trailers in this version: the mode's name is taken for a hash"),
    ("ceph*", "refused, chunks, unsigned, *", Unsupported("XAmzContentSHA256Mismatch"), "no trailers in this version: the mode's name is taken for a hash"),
    ("ceph*", "chunks, signed: 0 bytes", Unsupported("XAmzContentSHA256Mismatch"), "takes no empty body in chunks"),
    ("ceph*", "chunks, signed: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "the header is stored as it came"),
    ("ceph*", "chunks, signed: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "the header is stored as it came"),
    ("ceph*", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "nothing behind the data is read"),
    ("ceph*", "refused, chunks, signed: the zero chunk*", Unchecked, "nothing behind the data is read"),
    ("ceph*", "refused, chunks, signed: a trailer that was not announced", Unchecked, "nothing behind the data is read"),
    ("ceph*", "refused, chunks, signed: a chunk without its signature", Says("InvalidArgument"), "its name for what it cannot read"),
    ("ceph*", "refused, chunks, signed: decoded length *", Says("InvalidArgument"), "its name for what it cannot read"),
    ("ceph*", "refused, chunks, signed: decoded length too small by one", Says("XAmzContentSHA256Mismatch"), "takes so much, and finds the chunk's hash to be another"),
    ("ceph", "refused, form: *", Says("AccessDenied"), "one name for all that a form can have wrong"),
    ("ceph*", "sigv4a, *", Unsupported("<Code>InvalidArgument</Code>"), "knows HMAC alone"),
    ("ceph*", "sigv4a, presigned *", Unsupported("<Code>AccessDenied</Code>"), "knows HMAC alone"),
    ("ceph*", "refused, sigv4a, *", Unsupported("<Code>InvalidArgument</Code>"), "knows HMAC alone"),
    ("ceph*", "refused, sigv4a, presigned: *", Unsupported("<Code>AccessDenied</Code>"), "knows HMAC alone"),
    ("ceph-sts", "session token, sigv4a, signed *", Unsupported("<Code>InvalidArgument</Code>"), "knows HMAC alone"),
    ("ceph-sts", "session token, sigv4a, presigned *", Unsupported("<Code>AccessDenied</Code>"), "knows HMAC alone"),

    ("s3s", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "the end of the body is an end"),
    ("s3s", "refused, chunks, *: no zero chunk, nor what follows it", Says("MalformedTrailerError"), "misses the trailers, not the chunk"),
    ("s3s", "refused, chunks, *crc32: a trailer that was not announced", Unchecked, "looks for announced trailers only"),
    ("s3s", "refused, chunks, *: no trailer was announced", Says("InvalidRequest"), "its name for a header that is missing"),
    ("s3s", "chunks, *: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "the examples' store keeps the header as it came"),
    ("s3s", "chunks, *: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "the examples' store keeps the header as it came"),
];

/// The gaps that a case may have on a server.
pub(crate) fn gaps(server: &str, case: &str) -> impl Iterator<Item = (&'static Gap, &'static str)> {
    let hit = |pattern: &str, name: &str| match pattern.split_once('*') {
        Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => pattern == name,
    };
    let found = GAPS.iter().filter(move |(s, pattern, ..)| hit(s, server) && hit(pattern, case));
    found.map(|(_, _, gap, why)| (gap, *why))
}
