//! The parameters of a presigned URL, read without trusting them.

use std::time::Duration;

use bucket::cli::Failure;
use countersign::Timestamp;
use countersign::diagnose::{self, CauseName, Evidence};
use http::Uri;
use percent_encoding::percent_decode_str;

/// A presigned URL, taken apart.
pub struct Presigned {
    pub uri: Uri,
    pub host: String,
    /// Decoded.
    pub path: String,
    /// Decoded, without those that make the signature.
    pub query: Vec<(String, String)>,
    pub algorithm: String,
    pub access_key_id: String,
    pub region: String,
    pub service: String,
    pub signed_at: Timestamp,
    pub expires: u64,
    pub signature: String,
    /// Without `host`.
    pub signed_headers: Vec<String>,
    pub has_token: bool,
}

impl Presigned {
    /// Parses a URL. If it is not one, the library's diagnosis may know why, such as `&amp;` for `&`.
    pub fn parse(url: &str) -> Result<Self, Failure> {
        Self::read(url).map_err(|failure| match diagnose::text(&Evidence::read(url)).first() {
            Some(cause) if cause.name() != CauseName::NotAws => {
                failure.because(cause.why()).advice(cause.fix())
            }
            _ => failure,
        })
    }

    fn read(url: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::usage(format!("the URL is not a presigned one: {what}"))
                .advice("copy the whole URL, and write it in quotes: a shell ends a command at &")
        };
        let uri: Uri = url.parse().map_err(|error: http::uri::InvalidUri| wrong(&error.to_string()))?;
        let host = uri.authority().ok_or_else(|| wrong("it has no host"))?.to_string();
        let pairs: Vec<_> = uri.query().unwrap_or_default().split('&').map(pair).collect();
        if pairs.iter().any(|(name, _)| name == "AWSAccessKeyId") {
            return Err(wrong("it has Signature Version 2, which AWS no longer takes")
                .advice("make it again with `share get`, or with --region in the AWS CLI"));
        }
        let value = |wanted: &str| {
            let mut found = pairs.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone());
            match (found.next(), found.next()) {
                (Some(value), None) => Ok(value),
                (None, _) => Err(wrong(&format!("{wanted} is missing"))),
                (Some(_), Some(_)) => Err(wrong(&format!("{wanted} is repeated"))),
            }
        };
        let signature = value("X-Amz-Signature")?;
        let credential = value("X-Amz-Credential")?;
        let mut scope = credential.rsplitn(5, '/');
        let (Some("aws4_request"), Some(service), Some(region), Some(_), Some(id)) =
            (scope.next(), scope.next(), scope.next(), scope.next(), scope.next())
        else {
            return Err(wrong("X-Amz-Credential is not KEY/DATE/REGION/SERVICE/aws4_request"));
        };
        let signed_at = Timestamp::parse(&value("X-Amz-Date")?);
        let signed_headers = value("X-Amz-SignedHeaders")?;
        let path = percent_decode_str(uri.path()).decode_utf8_lossy().into_owned();
        Ok(Self {
            host,
            path,
            algorithm: value("X-Amz-Algorithm")?,
            access_key_id: id.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_at: signed_at.map_err(|_| wrong("X-Amz-Date is not a time such as 20130524T000000Z"))?,
            expires: value("X-Amz-Expires")?.parse().map_err(|_| wrong("X-Amz-Expires is not a number"))?,
            signature,
            signed_headers: signed_headers
                .split(';')
                .filter(|name| *name != "host")
                .map(str::to_owned)
                .collect(),
            has_token: value("X-Amz-Security-Token").is_ok(),
            query: pairs.iter().filter(|(name, _)| !name.starts_with("X-Amz-")).cloned().collect(),
            uri,
        })
    }

    pub fn ends_at(&self) -> Option<Timestamp> {
        self.signed_at.checked_add(Duration::from_secs(self.expires))
    }

    /// Returns true if the signature is not 64 digits, as after a URL was cut.
    pub fn is_damaged(&self) -> bool {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        self.algorithm == "AWS4-HMAC-SHA256"
            && (self.signature.len() != 64 || !self.signature.bytes().all(is_digit))
    }

    /// Returns what the URL is likely for. Its method is signed, but the URL does not contain it.
    pub fn likely(&self) -> &'static str {
        let has = |wanted: &str| self.query.iter().any(|(name, _)| name == wanted);
        let sends = |wanted: &str| self.signed_headers.iter().any(|name| name == wanted);
        if has("partNumber") {
            "PUT (it uploads a part)"
        } else if has("list-type") {
            "GET (it lists keys)"
        } else if sends("content-type") || sends("content-length") || sends("if-none-match") {
            "PUT (it has headers of an upload)"
        } else if self.query.iter().any(|(name, _)| name.starts_with("response-")) {
            "GET or HEAD (it chooses headers of the answer)"
        } else {
            "not written in the URL; --verify finds it"
        }
    }
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decode(name), decode(value))
}

/// Reads the URL from the argument, or from standard input if it is `-`.
pub fn read_url(argument: &str) -> Result<String, Failure> {
    use bucket::cli::Doing;
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).doing("the URL cannot be read")?;
    Ok(line.trim_end().to_owned())
}
