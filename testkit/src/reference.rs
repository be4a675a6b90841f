//! SigV4 for S3, written to be read and not to be fast. It uses no code of countersign: `sha2` and `hmac` compute,
//! `hex` and `percent-encoding` write.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

/// The algorithm of SigV4.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The payload line of a request whose body is not signed.
pub const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// The SHA-256 of no bytes.
pub const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// All bytes except the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A credential scope.
pub struct Scope<'a> {
    /// `YYYYMMDD`.
    pub date: &'a str,
    /// Such as `us-east-1`.
    pub region: &'a str,
    /// Such as `s3`.
    pub service: &'a str,
}

impl Scope<'_> {
    /// Returns the scope as it appears in the string to sign.
    pub fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

/// Returns the canonical request. `headers` are the signed ones, with names in lower case; `query` is that of the URL,
/// without the signature.
pub fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(String, String)],
    payload: &str,
) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encode(decode(name)), encode(decode(value)))
        })
        .collect();
    pairs.sort();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();

    let mut headers = headers.to_vec();
    headers.sort();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let mut names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    format!("{method}\n{path}\n{}\n{lines}\n{}\n{payload}", query.join("&"), names.join(";"))
}

/// Returns the string to sign.
pub fn string_to_sign(time: &str, scope: &Scope<'_>, canonical_request: &str) -> String {
    let digest = sha256(canonical_request);
    format!("{ALGORITHM}\n{time}\n{}\n{digest}", scope.text())
}

/// Derives the signing key.
pub fn signing_key(secret: &str, scope: &Scope<'_>) -> [u8; 32] {
    let date = hmac(format!("AWS4{secret}").as_bytes(), scope.date);
    let region = hmac(&date, scope.region);
    let service = hmac(&region, scope.service);
    hmac(&service, "aws4_request")
}

/// Computes HMAC-SHA256.
pub fn hmac(key: &[u8], data: impl AsRef<[u8]>) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(data.as_ref());
    mac.finalize().into_bytes().into()
}

/// Returns the SHA-256 of `data` in hex.
pub fn sha256(data: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(data))
}

/// Percent-encodes everything except the unreserved characters.
pub fn encode(text: impl AsRef<[u8]>) -> String {
    percent_encode(text.as_ref(), RESERVED).to_string()
}

/// Percent-encodes everything except the unreserved characters and `/`.
pub fn encode_path(text: impl AsRef<[u8]>) -> String {
    const IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
    percent_encode(text.as_ref(), IN_PATHS).to_string()
}

/// Decodes percent-encoded triplets; keeps a `%` without two digits.
pub fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Example: GET Object" of the S3 API Reference.
    #[test]
    fn computes_the_published_signature() {
        let empty = sha256(b"");
        let headers = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", &empty),
            ("x-amz-date", "20130524T000000Z"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let request = canonical_request("GET", "/test.txt", "", &headers, &empty);
        let scope = Scope { date: "20130524", region: "us-east-1", service: "s3" };
        let text = string_to_sign("20130524T000000Z", &scope, &request);
        let key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", &scope);
        let right = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        assert_eq!(hex::encode(hmac(&key, &text)), right);
    }
}
