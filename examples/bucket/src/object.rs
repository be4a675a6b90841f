//! The address of an object, as people write it.

use countersign::s3::Endpoint;
use percent_encoding::percent_decode_str;

/// A bucket and a key. The key is empty if the address names a whole bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub bucket: String,
    pub key: String,
}

/// Why an address is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidObject {
    #[error("\"{0}\" is not s3://BUCKET/KEY or a URL of the endpoint")]
    Form(String),
    #[error("the URL is not one of the endpoint {0}")]
    Elsewhere(String),
    #[error("the path of the URL is not UTF-8")]
    Utf8,
}

impl Object {
    /// Parses `s3://bucket/key`, whose key is taken as it is, or a URL of the endpoint, whose path is
    /// percent-encoded. A query of the URL is ignored.
    pub fn parse(text: &str, endpoint: &Endpoint) -> Result<Self, InvalidObject> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
            return match bucket {
                "" => Err(InvalidObject::Form(text.to_owned())),
                _ => Ok(Self { bucket: bucket.to_owned(), key: key.to_owned() }),
            };
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or_else(|| InvalidObject::Form(text.to_owned()))?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));

        let authority = endpoint.authority();
        let (bucket, key) = if host == authority {
            path.split_once('/').unwrap_or((path, ""))
        } else {
            let bucket = host.strip_suffix(authority).and_then(|bucket| bucket.strip_suffix('.'));
            (bucket.ok_or_else(|| InvalidObject::Elsewhere(authority.to_owned()))?, path)
        };
        let decode = |text| percent_decode_str(text).decode_utf8().map_err(|_| InvalidObject::Utf8);
        match bucket {
            "" => Err(InvalidObject::Form(text.to_owned())),
            _ => Ok(Self { bucket: decode(bucket)?.into_owned(), key: decode(key)?.into_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_both_forms() {
        let endpoint = Endpoint::aws("eu-west-1").unwrap();
        let parse = |text| Object::parse(text, &endpoint).map(|object| (object.bucket, object.key));
        let is = |bucket: &str, key: &str| Ok((bucket.to_owned(), key.to_owned()));

        assert_eq!(parse("s3://b/a b%20/?#"), is("b", "a b%20/?#"));
        assert_eq!(parse("s3://b//k"), is("b", "/k"));
        assert_eq!(parse("s3://b"), is("b", ""));
        assert_eq!(parse("https://b.s3.eu-west-1.amazonaws.com/a%20b/..?x=y"), is("b", "a b/.."));
        assert_eq!(parse("https://s3.eu-west-1.amazonaws.com/b/k%2B"), is("b", "k+"));
        assert_eq!(
            parse("https://example.com/b/k"),
            Err(InvalidObject::Elsewhere("s3.eu-west-1.amazonaws.com".into()))
        );
        for wrong in ["s3://", "s3:///k", "b/k", "", "https://s3.eu-west-1.amazonaws.com/"] {
            assert_eq!(parse(wrong), Err(InvalidObject::Form(wrong.into())));
        }
    }
}
