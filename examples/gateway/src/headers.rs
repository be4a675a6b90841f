//! Which headers go on: an allow-list, because an unknown header of S3 may give away more than a key may.

use bucket::cli::Failure;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::refusal::Refusal;

/// What is done with a verified header.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    Forward,
    /// The header is about this connection or this signature, or does not concern S3.
    Drop,
    Refuse,
}

/// Headers of HTTP that S3 reads.
const HTTP: [&str; 13] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
];

/// Headers of S3 that concern only the object of the request, or its source.
const S3: [&str; 25] = [
    "x-amz-checksum-algorithm",
    "x-amz-checksum-mode",
    "x-amz-checksum-type",
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-none-match",
    "x-amz-copy-source-if-unmodified-since",
    "x-amz-copy-source-range",
    "x-amz-expected-bucket-owner",
    "x-amz-fetch-owner",
    "x-amz-max-parts",
    "x-amz-metadata-directive",
    "x-amz-mp-object-size",
    "x-amz-object-attributes",
    "x-amz-optional-object-attributes",
    "x-amz-part-number-marker",
    "x-amz-rename-source",
    "x-amz-request-payer",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-source-expected-bucket-owner",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-tagging-directive",
    "x-amz-website-redirect-location",
];

/// Families of headers: metadata, checksums, encryption, conditions of a rename or a deletion.
const PREFIXES: [&str; 7] = [
    "x-amz-checksum-",
    "x-amz-copy-source-server-side-encryption-",
    "x-amz-if-match-",
    "x-amz-meta-",
    "x-amz-rename-source-if-",
    "x-amz-server-side-encryption",
    "x-amz-source-if-",
];

/// Headers of S3 that the gateway writes itself.
const OURS: [&str; 7] = [
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-region-set",
    "x-amz-security-token",
    "x-amz-trailer",
    "x-amz-user-agent",
];

fn rule(name: &str, value: &[u8]) -> Rule {
    if HTTP.contains(&name) || S3.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return Rule::Forward;
    }
    match name {
        // Others would open the object to people whom the gateway does not know.
        "x-amz-acl" if matches!(value, b"private" | b"bucket-owner-full-control") => Rule::Forward,
        _ if !name.starts_with("x-amz-") || OURS.contains(&name) => Rule::Drop,
        _ => Rule::Refuse,
    }
}

/// Returns the headers to forward. A header of S3 that is not known here is refused by name.
pub fn forwarded<'h>(headers: impl Iterator<Item = (&'h [u8], &'h [u8])>) -> Result<HeaderMap, Refusal> {
    let mut forwarded = HeaderMap::new();
    for (name, value) in headers {
        let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
        match rule(&lower, value) {
            Rule::Drop => {}
            Rule::Refuse => return Err(Refusal::not_implemented(&lower)),
            Rule::Forward => {
                let (Ok(name), Ok(value)) = (HeaderName::try_from(&lower), HeaderValue::from_bytes(value))
                else {
                    return Err(Refusal::invalid_argument(format!("The header {lower} is not valid")));
                };
                forwarded.insert(name, value);
            }
        }
    }
    keep_encoding(&mut forwarded)?;
    Ok(forwarded)
}

/// Removes `aws-chunked`, which is the framing and not the object's encoding.
pub fn keep_encoding(headers: &mut HeaderMap) -> Result<(), Refusal> {
    let Some(encoding) = headers.remove("content-encoding") else { return Ok(()) };
    let text = encoding.to_str().map_err(|_| Refusal::invalid_argument("Content-Encoding is not ASCII"))?;
    if let Some(encoding) = countersign::chunked::strip_aws_chunked(text).filter(|text| !text.is_empty()) {
        let value = HeaderValue::try_from(encoding).map_err(|_| Refusal::internal("content-encoding"))?;
        headers.insert("content-encoding", value);
    }
    Ok(())
}

/// Adds headers that are not signed, if the operator lets them pass. Refuses those that cannot be dropped
/// without changing what the client asks for: a condition, or a hash of the body.
///
/// A browser adds a range to the request of a presigned URL, and takes the whole object too. A client
/// that signs each request could have signed the range, and some clients append whatever they get.
pub fn add_unsigned(
    forwarded: &mut HeaderMap,
    received: &HeaderMap,
    is_presigned_read: bool,
    pass: &[String],
) -> Result<(), Refusal> {
    for name in HTTP {
        let Some(value) = received.get(name).filter(|_| !forwarded.contains_key(name)) else { continue };
        let droppable = match name {
            "content-type" | "content-disposition" | "content-language" | "cache-control" | "expires" => true,
            // The answer is then the whole object, which HTTP allows.
            "range" | "if-range" | "if-none-match" | "if-modified-since" => is_presigned_read,
            // Signed, but only as framing.
            "content-encoding" => value.as_bytes().eq_ignore_ascii_case(b"aws-chunked"),
            _ => false,
        };
        if pass.iter().any(|passed| passed == name) {
            forwarded.insert(HeaderName::from_static(name), value.clone());
        } else if !droppable {
            let message = format!("There were headers present in the request which were not signed: {name}");
            return Err(Refusal::new(403, "AccessDenied", message));
        }
    }
    Ok(())
}

/// Checks the names of `--pass-unsigned`.
pub fn passable(names: &[String]) -> Result<Vec<String>, Failure> {
    let names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    match names.iter().find(|name| !HTTP.contains(&&***name) || *name == "content-md5") {
        None => Ok(names),
        Some(name) => Err(Failure::usage(format!("--pass-unsigned {name} is not possible"))
            .advice("the header must be one that HTTP defines and S3 reads, such as range or content-type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_header_of_s3_is_refused_by_name() {
        let refused = [
            ("x-amz-acl", "public-read"),
            ("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers"),
            ("x-amz-bypass-governance-retention", "true"),
            ("x-amz-object-lock-mode", "COMPLIANCE"),
            ("x-amz-new", "1"),
        ];
        for (name, value) in refused {
            let refusal = forwarded([(name.as_bytes(), value.as_bytes())].into_iter()).unwrap_err();
            assert_eq!(refusal.code(), "NotImplemented");
            assert!(refusal.message().ends_with(name), "{}", refusal.message());
        }
        let forwarded = forwarded(
            [
                (&b"x-amz-acl"[..], &b"private"[..]),
                (b"x-amz-meta-a", b"b"),
                (b"content-encoding", b"aws-chunked,gzip"),
                (b"host", b"h"),
                (b"x-amz-date", b"20260101T000000Z"),
            ]
            .into_iter(),
        )
        .unwrap();
        assert_eq!(forwarded.len(), 3);
        assert_eq!(forwarded["content-encoding"], "gzip");
    }

    #[test]
    fn an_unsigned_header_is_dropped_passed_or_refused() {
        let add = |name: &'static str, is_presigned_read, pass: &[String]| {
            let received =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("v"))]);
            let mut forwarded = HeaderMap::new();
            add_unsigned(&mut forwarded, &received, is_presigned_read, pass)
                .map(|()| forwarded.contains_key(name))
        };
        assert!(!add("range", true, &[]).unwrap());
        assert!(add("range", true, &["range".into()]).unwrap());
        assert!(!add("content-type", false, &[]).unwrap());
        for name in ["if-none-match", "content-md5", "content-encoding", "range"] {
            assert_eq!(add(name, false, &[]).unwrap_err().code(), "AccessDenied");
        }
        assert!(passable(&["Range".into()]).is_ok());
        assert!(passable(&["x-amz-copy-source".into()]).is_err());
    }
}
