//! Where an object is: the URL of a key.

use countersign::uri;

/// Where the server listens, such as `https://s3.eu-west-1.amazonaws.com`.
pub struct Endpoint {
    scheme: String,
    authority: String,
}

/// Whether the bucket is part of the path or of the host's name.
pub enum Style {
    Path,
    VirtualHosted,
}

/// One bucket's URL, without a slash at its end.
pub struct Address {
    bucket: String,
}

impl Endpoint {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, authority) = text.split_once("://").ok_or("it must start with http:// or https://")?;
        let authority = authority.trim_end_matches('/');
        if !matches!(scheme, "http" | "https")
            || authority.is_empty()
            || authority.contains(['/', '?', '#', '@'])
        {
            return Err("it must be http:// or https:// and a host".to_owned());
        }
        Ok(Self { scheme: scheme.to_owned(), authority: authority.to_owned() })
    }
}

impl Address {
    pub fn new(endpoint: Endpoint, style: Style, bucket: &str) -> Result<Self, String> {
        let Endpoint { scheme, authority } = endpoint;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if bucket.is_empty() || !bucket.chars().all(allowed) {
            return Err("a bucket's name has letters, digits, dots and hyphens".to_owned());
        }
        let bucket = match style {
            Style::Path => format!("{scheme}://{authority}/{bucket}"),
            Style::VirtualHosted => format!("{scheme}://{bucket}.{authority}"),
        };
        Ok(Self { bucket })
    }

    pub fn object_url(&self, key: &str) -> String {
        format!("{}/{}", self.bucket, uri::encode_path(key))
    }

    pub fn bucket_url(&self) -> String {
        format!("{}/", self.bucket)
    }
}
