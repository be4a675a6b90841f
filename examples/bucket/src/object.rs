//! The address of an object, as people write it.

use countersign::s3::{AddressError, Endpoint, HostNames, Location, ObjectUri};
use percent_encoding::percent_decode_str;

/// A bucket and a key. The key is empty if the address names a whole bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub bucket: String,
    pub key: String,
}

/// The reason why a text is not the address of an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidObject {
    #[error("\"{text}\" is not s3://BUCKET/KEY or a URL of the endpoint")]
    Form { text: String },
    #[error("\"{text}\" names no object: {error}")]
    Address { text: String, error: AddressError },
    #[error("the URL is not one of the endpoint {endpoint}")]
    Elsewhere { endpoint: String },
}

impl Object {
    /// Parses `s3://bucket/key`, whose key is taken as it is, or a URL of the endpoint, whose path is
    /// percent-encoded. A query of the URL is ignored.
    pub fn parse(text: &str, endpoint: &Endpoint) -> Result<Self, InvalidObject> {
        if text.starts_with("s3://") {
            let uri = ObjectUri::parse(text);
            let uri = uri.map_err(|error| InvalidObject::Address { text: text.to_owned(), error })?;
            return Ok(Self { bucket: uri.bucket().to_owned(), key: uri.key().to_owned() });
        }
        let wrong = || InvalidObject::Form { text: text.to_owned() };
        let elsewhere = || InvalidObject::Elsewhere { endpoint: endpoint.to_string() };
        let (_, rest) = text.split_once("://").ok_or_else(wrong)?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // Host names are compared without the port, and another port is another server.
        if port(host) != port(endpoint.authority()) {
            return Err(elsewhere());
        }
        let names =
            names_of(endpoint).map_err(|error| InvalidObject::Address { text: text.to_owned(), error })?;
        let path: Vec<u8> = percent_decode_str(path).collect();
        let owned = |key: &[u8]| String::from_utf8(key.to_vec()).map_err(|_| wrong());
        match names.locate(host, &path).map_err(|_| elsewhere())? {
            Location::Object { bucket, key } => Ok(Self { bucket: bucket.into_owned(), key: owned(key)? }),
            Location::Bucket { bucket } => Ok(Self { bucket: bucket.into_owned(), key: String::new() }),
            _ => Err(wrong()),
        }
    }
}

fn names_of(endpoint: &Endpoint) -> Result<HostNames, AddressError> {
    let url = endpoint.to_string();
    let rest = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    let (authority, base_path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.strip_suffix(port(authority)).unwrap_or(authority);
    HostNames::new().with_domain(host)?.with_base_path(base_path)
}

/// Returns `:9000`, or nothing.
fn port(authority: &str) -> &str {
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match authority.rfind(':') {
        Some(index) if digits(&authority[index + 1..]) => &authority[index..],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, endpoint: &str) -> Result<(String, String), InvalidObject> {
        let endpoint = Endpoint::parse(endpoint).unwrap();
        Object::parse(text, &endpoint).map(|object| (object.bucket, object.key))
    }

    fn is(bucket: &str, key: &str) -> Result<(String, String), InvalidObject> {
        Ok((bucket.to_owned(), key.to_owned()))
    }

    #[test]
    fn parses_both_forms() {
        let aws = |text| parse(text, "https://s3.eu-west-1.amazonaws.com");
        assert_eq!(aws("s3://b-1/a b%20/?#"), is("b-1", "a b%20/?#"));
        assert_eq!(aws("s3://b-1//k"), is("b-1", "/k"));
        assert_eq!(aws("s3://b-1"), is("b-1", ""));
        assert_eq!(aws("https://b-1.s3.eu-west-1.amazonaws.com/a%20b/..?x=y"), is("b-1", "a b/.."));
        assert_eq!(aws("https://s3.eu-west-1.amazonaws.com/b-1/k%2B"), is("b-1", "k+"));

        let local = |text| parse(text, "http://127.0.0.1:9000/storage/v1/s3");
        assert_eq!(local("http://127.0.0.1:9000/storage/v1/s3/b-1/a/b"), is("b-1", "a/b"));
        assert_eq!(local("http://127.0.0.1:9000/storage/v1/s3/b-1"), is("b-1", ""));
        let elsewhere =
            InvalidObject::Elsewhere { endpoint: "http://127.0.0.1:9000/storage/v1/s3".to_owned() };
        for url in [
            "http://127.0.0.1:9001/storage/v1/s3/b-1/k",
            "http://127.0.0.1:9000/b-1/k",
            "http://h:9000/b-1/k",
        ] {
            assert_eq!(local(url), Err(elsewhere.clone()), "{url}");
        }
    }

    #[test]
    fn refuses_what_names_no_object() {
        for wrong in ["s3://", "s3:///k", "b/k", "", "http://127.0.0.1/", "http://127.0.0.1/b-1/%ff"] {
            let error = parse(wrong, "http://127.0.0.1").unwrap_err();
            assert!(!matches!(error, InvalidObject::Elsewhere { .. }), "{wrong}: {error}");
        }
    }
}
