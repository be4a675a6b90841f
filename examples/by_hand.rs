//! AWS Signature Version 4 by hand: signs, presigns and verifies requests without countersign.
//!
//! ```sh
//! cargo run --example by_hand
//! ```
//!
//! The function `steps` takes the four steps that signer and verifier share. Each step has the name
//! that AWS gives to it, and its comment has the grammar of what the step writes. The source is
//! "Create a signed AWS API request" in the IAM User Guide. S3 differs from the other services in
//! three rules: the path is encoded only once (`canonical_uri`), a presigned URL does not sign the
//! body (step 1), and the header `x-amz-content-sha256` is required (`sign`).
//!
//! The program signs and verifies two requests that the Amazon S3 API Reference prints together
//! with their signatures. `tests/by_hand.rs` compares these functions with the library.
#![allow(missing_docs, missing_debug_implementations, clippy::missing_errors_doc, reason = "no public API")]

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A request as it is sent. Path and query are percent-encoded, the path begins with `/`, and
/// `host` is one of the headers.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A pair of keys, and the region and service for which it signs.
pub struct Identity {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub region: String,
    pub service: String,
}

// ---- Signing ----

/// Signs a request in its headers. A time is written `20130524T000000Z`. Returns the canonical
/// request, the string to sign and the signature.
pub fn sign(request: &mut Request, identity: &Identity, time: &str) -> [String; 3] {
    request.headers.push(("x-amz-date".into(), time.into()));
    if identity.service == "s3" {
        request.headers.push(("x-amz-content-sha256".into(), hex_sha256(&request.body)));
    }
    let credential = credential(identity, time).join("/");
    let signed_headers = signed_headers(request);
    let (canonical_request, string_to_sign, hmac) = steps(request, identity, time, &signed_headers);
    let signature = hex::encode(hmac.finalize().into_bytes());
    let fields = format!("Credential={credential}, SignedHeaders={signed_headers}, Signature={signature}");
    request.headers.push(("authorization".into(), format!("{ALGORITHM} {fields}")));
    [canonical_request, string_to_sign, signature]
}

/// Signs a request in its query. Whoever has the URL can send the request for `expires` seconds.
/// Returns the same strings as `sign`.
pub fn presign(request: &mut Request, identity: &Identity, time: &str, expires: u32) -> [String; 3] {
    let credential = uri_encode(credential(identity, time).join("/").as_bytes());
    let signed_headers = signed_headers(request);
    let separator = if request.query.is_empty() { "" } else { "&" };
    request.query += &format!("{separator}X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={credential}");
    request.query += &format!("&X-Amz-Date={time}&X-Amz-Expires={expires}");
    request.query += &format!("&X-Amz-SignedHeaders={}", uri_encode(signed_headers.as_bytes()));
    let (canonical_request, string_to_sign, hmac) = steps(request, identity, time, &signed_headers);
    let signature = hex::encode(hmac.finalize().into_bytes());
    request.query += &format!("&X-Amz-Signature={signature}");
    [canonical_request, string_to_sign, signature]
}

// ---- Verifying ----

/// Verifies a request that was signed in its headers or in its query.
///
/// A server with many users first looks up the identity by the access key id, which is the first
/// part of the credential.
///
/// This function has no clock. A server must first check that the time is a date and a time of day,
/// and compare it with its own clock: a signature in the headers is valid for 15 minutes before and
/// after its time, and a URL for `X-Amz-Expires` seconds, which must be at most seven days. The
/// library checks all of this.
pub fn verify(request: &Request, identity: &Identity) -> Result<(), &'static str> {
    let [Some(claimed), Some(time), Some(signed_headers), Some(signature)] = claim(request) else {
        return Err("the request has no complete signature");
    };
    if claimed != credential(identity, &time).join("/") {
        return Err("the credential has another key, day, region or service");
    }

    // `host` and every `x-amz-…` header must be signed, and every signed header must be there.
    let sent = canonical_headers(request);
    let is_signed = |name: &str| signed_headers.split(';').any(|signed| signed == name);
    let covered = is_signed("host") && sent.keys().all(|name| is_signed(name) || !name.starts_with("x-amz-"));
    if !covered || signed_headers.split(';').any(|name| !sent.contains_key(name)) {
        return Err("SignedHeaders omits a header that must be signed, or names one that is missing");
    }

    // The last step compares in constant time instead of signing.
    let (_, _, hmac) = steps(request, identity, &time, &signed_headers);
    let signature = hex::decode(signature).map_err(|_| "the signature is not hexadecimal")?;
    hmac.verify_slice(&signature).map_err(|_| "the signature does not match the request")
}

/// Reads the credential, the time, SignedHeaders and the signature. Until the signature is verified,
/// these are only claims of the sender.
///
/// ```text
/// ?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&…
/// Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…
/// ```
fn claim(request: &Request) -> [Option<String>; 4] {
    if is_presigned(request) {
        let encoded = |name| request.query.split('&').find_map(|pair| pair.strip_prefix(name));
        let value = |name| Some(percent_decode_str(encoded(name)?).decode_utf8_lossy().into_owned());
        return ["X-Amz-Credential=", "X-Amz-Date=", "X-Amz-SignedHeaders=", "X-Amz-Signature="].map(value);
    }
    let headers = canonical_headers(request);
    let fields = headers.get("authorization").and_then(|value| value.strip_prefix(ALGORITHM));
    let field = |name| fields?.split(',').find_map(|field| field.trim().strip_prefix(name)).map(String::from);
    [field("Credential="), headers.get("x-amz-date").cloned(), field("SignedHeaders="), field("Signature=")]
}

/// Returns true if the signature is in the query.
fn is_presigned(request: &Request) -> bool {
    request.query.split('&').any(|pair| pair == "X-Amz-Algorithm=AWS4-HMAC-SHA256")
}

// ---- The four steps ----

/// The canonical request, the string to sign, and its HMAC.
type Steps = (String, String, Hmac<Sha256>);

/// Takes the four steps in order.
fn steps(request: &Request, identity: &Identity, time: &str, signed_headers: &str) -> Steps {
    // Step 1 writes the request in the one form on which signer and verifier agree.
    //
    //   CanonicalRequest = HTTPMethod LF CanonicalUri LF CanonicalQueryString LF
    //                      CanonicalHeaders LF SignedHeaders LF HashedPayload
    //   CanonicalHeaders = *( Lowercase(name) ":" Trim(value) *( "," Trim(value) ) LF )
    //   HashedPayload    = Hex(SHA256(body)) / "UNSIGNED-PAYLOAD"
    //
    // A presigned URL of S3 is valid for any body. Otherwise the hash is of the body itself, and
    // not of what a header says.
    let uri = canonical_uri(&request.path, &identity.service);
    let query = canonical_query_string(&request.query);
    let mut headers = canonical_headers(request);
    headers.retain(|name, _| signed_headers.split(';').any(|signed| signed == name));
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let any_body = identity.service == "s3" && is_presigned(request);
    let hash = if any_body { "UNSIGNED-PAYLOAD".into() } else { hex_sha256(&request.body) };
    let canonical_request = format!("{}\n{uri}\n{query}\n{lines}\n{signed_headers}\n{hash}", request.method);

    // Step 2 joins the time, the scope and the hash of the canonical request.
    //
    //   StringToSign = Algorithm LF RequestDateTime LF CredentialScope LF Hex(SHA256(CanonicalRequest))
    let [_, scope @ ..] = credential(identity, time);
    let hashed_request = hex_sha256(canonical_request.as_bytes());
    let string_to_sign = format!("{ALGORITHM}\n{time}\n{}\n{hashed_request}", scope.join("/"));

    // Step 3 derives the signing key. The result of each HMAC is the key of the next.
    //
    //   SigningKey = HMAC(HMAC(HMAC(HMAC("AWS4" SecretAccessKey, date), region), service), "aws4_request")
    let mut signing_key = format!("AWS4{}", identity.secret_access_key).into_bytes();
    for part in scope {
        signing_key = hmac(&signing_key, part).finalize().into_bytes().to_vec();
    }

    // Step 4 signs. The signer writes the result, and the verifier compares it.
    //
    //   Signature = Hex(HMAC(SigningKey, StringToSign))
    let signature = hmac(&signing_key, &string_to_sign);
    (canonical_request, string_to_sign, signature)
}

/// Encodes the path.
///
/// ```text
/// S3:             CanonicalUri = *( "/" UriEncode(segment) ), with the segments of UriDecode(path)
/// other services: CanonicalUri = *( "/" UriEncode(segment) ), without empty and dot segments
/// ```
///
/// For S3 the path is the name of an object, so it is decoded, encoded once, and its dots are kept. For
/// other services it is encoded a second time: what is sent as `%20` is signed as `%2520`.
fn canonical_uri(path: &str, service: &str) -> String {
    if service == "s3" {
        let decoded: Vec<u8> = percent_decode_str(path).collect();
        return decoded.split(|byte| *byte == b'/').map(uri_encode).collect::<Vec<_>>().join("/");
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(uri_encode(segment.as_bytes())),
        }
    }
    let slash = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{slash}", segments.join("/"))
}

/// Encodes the parameters, and sorts them by name, then by value.
///
/// ```text
/// CanonicalQueryString = UriEncode(name) "=" UriEncode(value) *( "&" … )
/// ```
///
/// A `+` means a space. The signature itself is left out.
fn canonical_query_string(query: &str) -> String {
    let encode = |part: &str| encode_once(&part.replace('+', " "));
    let signed = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("X-Amz-Signature="));
    let split = signed.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = split.map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Returns the value of each header by its name in lower case, sorted by name.
///
/// ```text
/// Lowercase(name) ":" Trim(value) *( "," Trim(value) )
/// ```
///
/// Trim removes spaces and tabs from both ends of a value, and writes one space for each run inside
/// it. The values of a repeated header are joined with commas.
fn canonical_headers(request: &Request) -> BTreeMap<String, String> {
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &request.headers {
        let words: Vec<&str> = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        headers.entry(name.to_ascii_lowercase()).or_default().push(words.join(" "));
    }
    headers.into_iter().map(|(name, values)| (name, values.join(","))).collect()
}

/// Lists the names of all headers, sorted, each once.
///
/// ```text
/// SignedHeaders = Lowercase(name) *( ";" Lowercase(name) )
/// ```
fn signed_headers(request: &Request) -> String {
    canonical_headers(request).into_keys().collect::<Vec<_>>().join(";")
}

/// Returns the key and the day, region and service for which it signs, to be joined with slashes.
///
/// ```text
/// Credential      = AccessKeyId "/" CredentialScope
/// CredentialScope = YYYYMMDD "/" region "/" service "/aws4_request"
/// ```
fn credential<'a>(identity: &'a Identity, time: &'a str) -> [&'a str; 5] {
    let date = time.get(..8).unwrap_or_default();
    [&identity.access_key_id, date, &identity.region, &identity.service, "aws4_request"]
}

// ---- What the steps are made of ----

fn hmac(key: &[u8], message: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC accepts a key of any length").chain_update(message)
}

fn hex_sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Encodes every byte except `A-Z`, `a-z`, `0-9`, `-`, `.`, `_` and `~` as `%XX`, in upper case.
fn uri_encode(bytes: &[u8]) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encode(bytes, ENCODED).to_string()
}

/// Decodes and encodes: the result is encoded exactly once, in the spelling of `uri_encode`.
fn encode_once(sent: &str) -> String {
    uri_encode(&percent_decode_str(sent).collect::<Vec<u8>>())
}

// ---- AWS's own examples ----

pub fn main() -> Result<(), &'static str> {
    let identity = Identity {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        region: "us-east-1".into(),
        service: "s3".into(),
    };
    let time = "20130524T000000Z";
    let get_object = Request {
        method: "GET".into(),
        path: "/test.txt".into(),
        query: String::new(),
        headers: vec![("Host".into(), "examplebucket.s3.amazonaws.com".into())],
        body: Vec::new(),
    };

    let mut request = get_object.clone();
    request.headers.push(("Range".into(), "bytes=0-9".into()));
    let steps = sign(&mut request, &identity, time);
    print("GET Object, signed in its headers", &steps);
    assert_eq!(steps[2], "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    verify(&request, &identity)?;

    let mut request = get_object;
    let steps = presign(&mut request, &identity, time, 86400);
    print("GET Object, as a presigned URL", &steps);
    assert_eq!(steps[2], "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    verify(&request, &identity)?;

    println!("Both signatures are those that AWS documents, and both requests verify.");
    Ok(())
}

fn print(title: &str, [canonical_request, string_to_sign, signature]: &[String; 3]) {
    println!("==== {title}\n");
    println!("---- canonical request\n{canonical_request}\n");
    println!("---- string to sign\n{string_to_sign}\n");
    println!("---- signature\n{signature}\n");
}
