//! The headers that a client has not signed: dropped, forwarded or refused.

use bucket::cli::Failure;
use http::{HeaderMap, HeaderName};

use crate::headers::HTTP;
use crate::refusal::Refusal;

/// Adds unsigned headers that `--pass-unsigned` names. Refuses an unsigned header whose absence would change
/// the request: a condition, a range, or a hash of the body.
///
/// A browser adds a range to the request of a presigned URL, and takes the whole object too. A client
/// that signs each request could have signed the range, and some clients append the whole object to a file.
pub fn add(
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

/// Returns the names of `--pass-unsigned` in lower case. Only headers of HTTP that S3 reads can pass.
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
    use http::HeaderValue;

    use super::*;

    #[test]
    fn an_unsigned_header_is_dropped_passed_or_refused() {
        let add = |name: &'static str, is_presigned_read, pass: &[String]| {
            let received =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("v"))]);
            let mut forwarded = HeaderMap::new();
            super::add(&mut forwarded, &received, is_presigned_read, pass)
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
