//! What is known about the servers: which case cannot pass where, and why.

/// Why a case cannot pass on a server. It is run all the same, has to fail in just this way, and
/// is told when it passes after all.
pub(crate) enum Gap {
    /// The server accepts what it should refuse, so that a pass would prove nothing.
    Unchecked,
    /// The server cannot do what the case asks for, whoever signs it. Its failure says this.
    Unsupported(&'static str),
}
use Gap::{Unchecked, Unsupported};

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

    ("ceph", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "its STS is off: see ceph-sts"),

    ("ceph-sts", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph-sts", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph-sts", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
];

pub(crate) fn gap(
    server: &str,
    case: &str,
) -> Option<&'static (&'static str, &'static str, Gap, &'static str)> {
    let hit =
        |pattern: &str| pattern.strip_suffix('*').map_or(pattern == case, |start| case.starts_with(start));
    GAPS.iter().find(|(s, pattern, ..)| *s == server && hit(pattern))
}
