//! The lines of the canonical request.

use super::Words;
use super::source::{CREATE, ELEMENTS, S3_HEADER};

pub(super) const METHOD: Words = Words::new(
    "HTTPMethod",
    CREATE,
    "The method of the request, in upper case.",
    "A signature for GET cannot be used to PUT or to DELETE.",
);
pub(super) const URI: Words = Words::new(
    "CanonicalURI",
    CREATE,
    "The path of the URL, with every byte encoded except letters, digits, '-', '.', '_', '~' and '/'.",
    "Clients and servers spell the same path differently, and both sides have to hash the same bytes.",
);
pub(super) const QUERY: Words = Words::new(
    "CanonicalQueryString",
    CREATE,
    "The query parameters, encoded and sorted by name, each with a '='.",
    "The parameters are part of the operation, and their order on the wire must not matter.",
);
pub(super) const HOST: Words = Words::new(
    "CanonicalHeaders: host",
    CREATE,
    "The host and the port to which the client sends the request; a default port is omitted.",
    "A request for one server cannot be sent to another, and the host of S3 names the bucket.",
);
pub(super) const DATE: Words = Words::new(
    "CanonicalHeaders: x-amz-date",
    ELEMENTS,
    "The time at which the request was signed, in UTC.",
    "A service refuses a request whose time differs too much from its own clock, so a copied request soon expires.",
);
pub(super) const CONTENT_SHA256: Words = Words::new(
    "CanonicalHeaders: x-amz-content-sha256",
    S3_HEADER,
    "The SHA-256 of the body, or a constant that says how the body is protected.",
    "S3 reads the last line of the canonical request from this header before it has received the body.",
);
pub(super) const SECURITY_TOKEN: Words = Words::new(
    "CanonicalHeaders: x-amz-security-token",
    CREATE,
    "The session token of temporary credentials.",
    "The service looks up the temporary secret by this token, and a signed token cannot be exchanged.",
);
pub(super) const CONTENT_TYPE: Words = Words::new(
    "CanonicalHeaders: content-type",
    CREATE,
    "The type of the body, as the client sends it.",
    "S3 requires the line if the header is sent, and a charset that a client adds later changes the signature.",
);
pub(super) const OTHER: Words = Words::new(
    "CanonicalHeaders",
    CREATE,
    "One header: the name in lower case, a colon, and the value without surrounding spaces.",
    "A signed header cannot be changed between client and service; every x-amz- header has to be signed.",
);
pub(super) const EMPTY_LINE: Words = Words::new(
    "The empty line",
    CREATE,
    "The end of CanonicalHeaders: each header line ends with a line feed, and one more follows.",
    "It separates the headers from the list of their names.",
);
pub(super) const SIGNED_HEADERS: Words = Words::new(
    "SignedHeaders",
    CREATE,
    "The names of the headers above, in lower case, sorted, and separated by ';'.",
    "The service learns which headers to hash; it ignores the headers that a proxy adds.",
);
pub(super) const PAYLOAD: Words = Words::new(
    "HashedPayload",
    CREATE,
    "The SHA-256 of the body in lower-case hex, or a constant such as UNSIGNED-PAYLOAD.",
    "The signature covers the body, although the body itself is not in the canonical request.",
);
