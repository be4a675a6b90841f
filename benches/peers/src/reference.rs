//! SigV4 for S3, written for a reader and not for speed. It shares no code
//! with any peer but `sha2` and `hmac`, and says what is right.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

pub struct Scope<'a> {
    pub date: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

impl Scope<'_> {
    pub fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

/// `headers`: the signed ones, names in lower case. `query`: as in the URL,
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
            (encode(&decode(name), true), encode(&decode(value), true))
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

pub fn string_to_sign(time: &str, scope: &Scope<'_>, canonical_request: &str) -> String {
    let digest = hex(&Sha256::digest(canonical_request));
    format!("{ALGORITHM}\n{time}\n{}\n{digest}", scope.text())
}

pub fn signing_key(secret: &str, scope: &Scope<'_>) -> [u8; 32] {
    let date = hmac(format!("AWS4{secret}").as_bytes(), scope.date);
    let region = hmac(&date, scope.region);
    let service = hmac(&region, scope.service);
    hmac(&service, "aws4_request")
}

pub fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

pub fn sha256_hex(data: &[u8]) -> String {
    hex(&Sha256::digest(data))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn encode(text: &[u8], slash: bool) -> String {
    let mut out = String::new();
    for &byte in text {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if !slash => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = if *first == b'%' { tail.get(..2) } else { None };
        let byte = escape.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    out
}

/// Blocks of 64 bytes that SHA-256 compresses for `length` bytes.
pub const fn blocks(length: usize) -> usize {
    (length + 9).div_ceil(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Example: GET Object" of the S3 API Reference.
    #[test]
    fn the_published_example() {
        let empty = sha256_hex(b"");
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
        assert_eq!(hex(&hmac(&key, &text)), right);
    }
}
