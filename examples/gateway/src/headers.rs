//! The signed headers that are forwarded. The table is an allow-list: an unknown header of S3 could do more
//! than the key has rights for.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::refusal::Refusal;

/// The treatment of a verified header.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    Forward,
    /// The header is about this connection or this signature, or does not concern S3.
    Drop,
    Refuse,
}

/// Headers of HTTP that S3 reads.
pub const HTTP: [&str; 13] = [
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
}
