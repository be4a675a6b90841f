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

/// Server, case (with a final `*`, all that begin so), gap, reason.
#[rustfmt::skip]
pub(crate) const GAPS: &[(&str, &str, Gap, &str)] = &[
    ("ministack", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, signed: other bytes than were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "refused, signed: bytes where none were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "takes the payload of any URL to be unsigned"),
    ("ministack", "the server's canonical request, presigned", Unsupported("none in the reply"), "told for signed headers only"),
    ("ministack", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
    ("ministack", "refused, chunks, signed: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("ministack", "refused, chunks, signed: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("ministack", "refused, chunks, signed, crc32: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("ministack", "refused, chunks, signed, crc32: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("ministack", "refused, chunks, unsigned, crc32: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("ministack", "refused, chunks, unsigned, crc32: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("ministack", "refused, chunks, signed, crc32: no trailer was announced", Unchecked, "without a name there is nothing to check"),
    ("ministack", "refused, chunks, unsigned, crc32: no trailer was announced", Unchecked, "without a name there is nothing to check"),
    ("ministack", "refused, chunks, signed, crc32: the trailers' signature forged", Unchecked, "the trailers' signature is not read"),
    ("ministack", "refused, chunks, signed, crc32: the trailers' signature left out", Unchecked, "the trailers' signature is not read"),

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
    ("seaweedfs", "refused, chunks, signed: decoded length too great by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed: decoded length too small by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("seaweedfs", "refused, chunks, signed, crc32: decoded length too great by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed, crc32: decoded length too small by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed, crc32: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, signed, crc32: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("seaweedfs", "refused, chunks, unsigned, crc32: decoded length too great by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, unsigned, crc32: decoded length too small by one", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, unsigned, crc32: decoded length not said", Unchecked, "the length is taken from the chunks"),
    ("seaweedfs", "refused, chunks, unsigned, crc32: a trailer that was not announced", Unchecked, "a trailer that it does not look for is passed over"),
    ("seaweedfs", "refused, chunks, signed, crc32: no trailer was announced", Unchecked, "without a name there is nothing to check"),
    ("seaweedfs", "refused, chunks, signed, crc32: the zero chunk's signature forged", Unchecked, "with trailers, nothing signed behind the data is checked"),
    ("seaweedfs", "refused, chunks, signed, crc32: the zero chunk without its signature", Unchecked, "with trailers, nothing signed behind the data is checked"),
    ("seaweedfs", "refused, chunks, signed, crc32: the trailers' signature forged", Unchecked, "with trailers, nothing signed behind the data is checked"),
    ("seaweedfs", "refused, chunks, signed, crc32: the trailers' signature left out", Unchecked, "with trailers, nothing signed behind the data is checked"),
    ("seaweedfs", "refused, chunks, *", Says("InternalError"), "an upload that breaks off is an error of its own"),
    ("seaweedfs", "refused, chunks, *", Says("InvalidDigest"), "its name for BadDigest"),
    ("seaweedfs", "chunks, signed: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "chunks, signed: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "chunks, signed, crc32: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "chunks, signed, crc32: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "chunks, unsigned, crc32: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "chunks, unsigned, crc32: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "aws-chunked is stored with the object"),
    ("seaweedfs", "refused, form: *", Says("SignatureDoesNotMatch"), "no signature is a wrong one"),

    ("ceph", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "its STS is off: see ceph-sts"),
    ("ceph", "chunks, signed: 0 bytes", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes no empty body in chunks"),
    ("ceph", "chunks, signed: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "aws-chunked is stored with the object"),
    ("ceph", "chunks, signed: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "aws-chunked is stored with the object"),
    ("ceph", "chunks, signed, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph", "chunks, unsigned, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph", "refused, chunks, signed, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph", "refused, chunks, unsigned, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "once all data is there, nothing more is read"),
    ("ceph", "refused, chunks, signed: the zero chunk's signature forged", Unchecked, "once all data is there, nothing more is read"),
    ("ceph", "refused, chunks, signed: the zero chunk without its signature", Unchecked, "once all data is there, nothing more is read"),
    ("ceph", "refused, chunks, signed: a trailer that was not announced", Unchecked, "once all data is there, nothing more is read"),
    ("ceph", "refused, chunks, signed: *", Says("InvalidArgument"), "its name for what it cannot read"),
    ("ceph", "refused, chunks, signed: decoded length too small by one", Says("XAmzContentSHA256Mismatch"), "cuts the data there, and then finds another hash"),
    ("ceph", "refused, form: *", Says("AccessDenied"), "one name for all that a form can have wrong"),

    ("ceph-sts", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph-sts", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph-sts", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
    ("ceph-sts", "chunks, signed: 0 bytes", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes no empty body in chunks"),
    ("ceph-sts", "chunks, signed: aws-chunked is not stored", Unsupported("got \"aws-chunked\""), "aws-chunked is stored with the object"),
    ("ceph-sts", "chunks, signed: data with a content-encoding of its own", Unsupported("got \"aws-chunked,x-own\""), "aws-chunked is stored with the object"),
    ("ceph-sts", "chunks, signed, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph-sts", "chunks, unsigned, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph-sts", "refused, chunks, signed, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph-sts", "refused, chunks, unsigned, *", Unsupported("<Code>XAmzContentSHA256Mismatch</Code>"), "takes the name of the mode for a hash: no trailers in this version"),
    ("ceph-sts", "refused, chunks, signed: no zero chunk, nor what follows it", Unchecked, "once all data is there, nothing more is read"),
    ("ceph-sts", "refused, chunks, signed: the zero chunk's signature forged", Unchecked, "once all data is there, nothing more is read"),
    ("ceph-sts", "refused, chunks, signed: the zero chunk without its signature", Unchecked, "once all data is there, nothing more is read"),
    ("ceph-sts", "refused, chunks, signed: a trailer that was not announced", Unchecked, "once all data is there, nothing more is read"),
    ("ceph-sts", "refused, chunks, signed: *", Says("InvalidArgument"), "its name for what it cannot read"),
    ("ceph-sts", "refused, chunks, signed: decoded length too small by one", Says("XAmzContentSHA256Mismatch"), "cuts the data there, and then finds another hash"),
];

/// The gaps that a case may have on a server.
pub(crate) fn gaps(server: &str, case: &str) -> impl Iterator<Item = (&'static Gap, &'static str)> {
    let hit = move |pattern: &str| {
        pattern.strip_suffix('*').map_or(pattern == case, |start| case.starts_with(start))
    };
    let found = GAPS.iter().filter(move |(s, pattern, ..)| *s == server && hit(pattern));
    found.map(|(_, _, gap, why)| (gap, *why))
}
