//! AWS Signature Version 4 by hand: signs, presigns and verifies requests without countersign.
//!
//! ```sh
//! cargo run --example by_hand
//! ```
//!
//! Each function has the name that AWS gives to its step, and its comment has the grammar of that
//! step. The source is "Create a signed AWS API request" in the IAM User Guide. S3 differs from the
//! other services in three rules: `canonical_uri` has the first, `presigned_payload` the second,
//! and only S3 requires the header `x-amz-content-sha256`.
//!
//! The program signs and verifies two requests that the Amazon S3 API Reference prints together
//! with their signatures. `tests/by_hand.rs` compares these functions with the library.
#![allow(missing_docs, missing_debug_implementations, reason = "nothing here is a public interface")]
#![allow(clippy::missing_errors_doc, reason = "the errors are literal strings")]

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const FIFTEEN_MINUTES: u32 = 15 * 60;
const SEVEN_DAYS: u32 = 7 * 24 * 60 * 60;

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
pub struct Identity<'a> {
    pub access_key_id: &'a str,
    pub secret_access_key: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

/// What the steps produce.
pub struct Steps {
    pub canonical_request: String,
    pub string_to_sign: String,
    pub signature: String,
}

// ---- Signing ----

/// Signs a request in its headers. A time is written `20130524T000000Z`.
pub fn sign(request: &mut Request, identity: &Identity<'_>, time: &str) -> Steps {
    let hashed_payload = hex_sha256(&request.body);
    request.headers.push(("x-amz-date".into(), time.into()));
    if identity.service == "s3" {
        request.headers.push(("x-amz-content-sha256".into(), hashed_payload.clone()));
    }
    let signed_headers = signed_headers(request);
    let steps = steps(request, &signed_headers, &hashed_payload, identity, time);
    let (credential, signature) = (credential(identity, time), &steps.signature);
    let authorization =
        format!("{ALGORITHM} Credential={credential}, SignedHeaders={signed_headers}, Signature={signature}");
    request.headers.push(("authorization".into(), authorization));
    steps
}

/// Signs a request in its query. Whoever has the URL can send the request for `expires` seconds.
pub fn presign(request: &mut Request, identity: &Identity<'_>, time: &str, expires: u32) -> Steps {
    let signed_headers = signed_headers(request);
    add_parameter(request, "X-Amz-Algorithm", ALGORITHM);
    add_parameter(request, "X-Amz-Credential", &credential(identity, time));
    add_parameter(request, "X-Amz-Date", time);
    add_parameter(request, "X-Amz-Expires", &expires.to_string());
    add_parameter(request, "X-Amz-SignedHeaders", &signed_headers);
    let hashed_payload = presigned_payload(request, identity);
    let steps = steps(request, &signed_headers, &hashed_payload, identity, time);
    add_parameter(request, "X-Amz-Signature", &steps.signature);
    steps
}

fn add_parameter(request: &mut Request, name: &str, value: &str) {
    if !request.query.is_empty() {
        request.query.push('&');
    }
    request.query += &format!("{name}={}", uri_encode(value.as_bytes()));
}

// ---- Verifying ----

/// What a request says about its own signature. Nothing of it is proven yet.
struct Claim {
    credential: String,
    time: String,
    lifetime: u32,
    signed_headers: String,
    signature: String,
    hashed_payload: String,
}

/// Verifies a request that was signed in its headers or in its query. A server with many users
/// first looks up the identity by the access key id, which is the first part of the credential.
pub fn verify(request: &Request, identity: &Identity<'_>, now: &str) -> Result<(), &'static str> {
    let claim = claim_in_headers(request).or_else(|| claim_in_query(request, identity));
    let claim = claim.ok_or("the request has no complete signature")?;

    let signed_at = unix_seconds(&claim.time).ok_or("the time of the signature is not a time")?;
    let age = unix_seconds(now).ok_or("`now` is not a time")? - signed_at;
    let (earliest, latest) = (-i64::from(FIFTEEN_MINUTES), i64::from(claim.lifetime));
    if age < earliest || age > latest || claim.lifetime > SEVEN_DAYS {
        return Err("the signature is not valid at this time");
    }
    if claim.credential != credential(identity, &claim.time) {
        return Err("the credential has another key, day, region or service");
    }
    if !covers_the_request(&claim.signed_headers, request) {
        return Err("SignedHeaders omits a header that must be signed, or names one that is missing");
    }

    // Take the same steps as the signer. The last one compares in constant time instead of signing.
    let (signed_headers, hashed_payload) = (&claim.signed_headers, &claim.hashed_payload);
    let canonical_request = canonical_request(request, signed_headers, hashed_payload, identity.service);
    let string_to_sign = string_to_sign(&canonical_request, identity, &claim.time);
    let signing_key = signing_key(identity, &claim.time);
    let signature = hex::decode(&claim.signature).map_err(|_| "the signature is not hexadecimal")?;
    hmac(&signing_key, &string_to_sign)
        .verify_slice(&signature)
        .map_err(|_| "the signature does not match the request")
}

/// Reads `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
fn claim_in_headers(request: &Request) -> Option<Claim> {
    let authorization = header_values(request, "authorization").next()?.strip_prefix(ALGORITHM)?;
    let field = |name| authorization.split(',').find_map(|field| field.trim().strip_prefix(name));
    Some(Claim {
        credential: field("Credential=")?.into(),
        time: header_values(request, "x-amz-date").next()?.into(),
        lifetime: FIFTEEN_MINUTES,
        signed_headers: field("SignedHeaders=")?.into(),
        signature: field("Signature=")?.into(),
        hashed_payload: hex_sha256(&request.body),
    })
}

/// Reads `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&…`.
fn claim_in_query(request: &Request, identity: &Identity<'_>) -> Option<Claim> {
    let parameter = |name: &str| {
        let mut pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|pair| pair.0 == name)?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    };
    parameter("X-Amz-Algorithm").filter(|algorithm| algorithm == ALGORITHM)?;
    Some(Claim {
        credential: parameter("X-Amz-Credential")?,
        time: parameter("X-Amz-Date")?,
        lifetime: parameter("X-Amz-Expires")?.parse().ok()?,
        signed_headers: parameter("X-Amz-SignedHeaders")?,
        signature: parameter("X-Amz-Signature")?,
        hashed_payload: presigned_payload(request, identity),
    })
}

/// Returns true if `host` and every `x-amz-…` header are signed, and every signed header is there.
fn covers_the_request(signed_headers: &str, request: &Request) -> bool {
    let is_signed = |name: &str| signed_headers.split(';').any(|signed| signed == name);
    let mut names = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    is_signed("host")
        && names.all(|name| is_signed(&name) || !name.starts_with("x-amz-"))
        && signed_headers.split(';').all(|name| header_values(request, name).next().is_some())
}

// ---- The four steps ----

/// Takes the four steps in order.
fn steps(
    request: &Request,
    signed_headers: &str,
    hashed_payload: &str,
    identity: &Identity<'_>,
    time: &str,
) -> Steps {
    let canonical_request = canonical_request(request, signed_headers, hashed_payload, identity.service);
    let string_to_sign = string_to_sign(&canonical_request, identity, time);
    let signing_key = signing_key(identity, time);
    let signature = signature(&signing_key, &string_to_sign);
    Steps { canonical_request, string_to_sign, signature }
}

/// Step 1: writes the request in the one form on which signer and verifier agree.
///
/// ```text
/// CanonicalRequest = HTTPMethod LF CanonicalUri LF CanonicalQueryString LF
///                    CanonicalHeaders LF SignedHeaders LF HashedPayload
/// ```
fn canonical_request(request: &Request, signed_headers: &str, hashed_payload: &str, service: &str) -> String {
    let uri = canonical_uri(&request.path, service);
    let query = canonical_query_string(&request.query);
    let headers = canonical_headers(request, signed_headers);
    format!("{}\n{uri}\n{query}\n{headers}\n{signed_headers}\n{hashed_payload}", request.method)
}

/// Encodes the path.
///
/// ```text
/// S3:             CanonicalUri = *( "/" UriEncode(UriDecode(segment)) )
/// other services: CanonicalUri = *( "/" UriEncode(segment) ), without empty and dot segments
/// ```
///
/// For S3 the path is the name of an object, so it is encoded once and its dots are kept. For other
/// services it is encoded a second time: what is sent as `%20` is signed as `%2520`.
fn canonical_uri(path: &str, service: &str) -> String {
    if service == "s3" {
        return path.split('/').map(encode_once).collect::<Vec<_>>().join("/");
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
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<(String, String)> = pairs
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| (encode_once(&name.replace('+', " ")), encode_once(&value.replace('+', " "))))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Writes one line for each signed header, in the order of SignedHeaders.
///
/// ```text
/// CanonicalHeaders = *( Lowercase(name) ":" Trim(value) *( "," Trim(value) ) LF )
/// ```
///
/// The values of a repeated header are joined with commas.
fn canonical_headers(request: &Request, signed_headers: &str) -> String {
    let mut lines = String::new();
    for name in signed_headers.split(';') {
        let values: Vec<String> = header_values(request, name).map(trim).collect();
        lines += &format!("{name}:{}\n", values.join(","));
    }
    lines
}

/// Lists the names of all headers, sorted, each once.
///
/// ```text
/// SignedHeaders = Lowercase(name) *( ";" Lowercase(name) )
/// ```
fn signed_headers(request: &Request) -> String {
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    names.join(";")
}

/// Returns the last line of the canonical request for a presigned URL. For S3 the URL is good for
/// any body.
///
/// ```text
/// HashedPayload = Hex(SHA256(body)) / "UNSIGNED-PAYLOAD"
/// ```
fn presigned_payload(request: &Request, identity: &Identity<'_>) -> String {
    if identity.service == "s3" { "UNSIGNED-PAYLOAD".into() } else { hex_sha256(&request.body) }
}

/// Step 2: joins the time, the scope and the hash of the canonical request.
///
/// ```text
/// StringToSign = Algorithm LF RequestDateTime LF CredentialScope LF Hex(SHA256(CanonicalRequest))
/// ```
fn string_to_sign(canonical_request: &str, identity: &Identity<'_>, time: &str) -> String {
    let scope = credential_scope(identity, time);
    format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex_sha256(canonical_request.as_bytes()))
}

/// Names the day, the region and the service for which the signature is valid.
///
/// ```text
/// CredentialScope = YYYYMMDD "/" region "/" service "/aws4_request"
/// ```
fn credential_scope(identity: &Identity<'_>, time: &str) -> String {
    format!("{}/{}/{}/aws4_request", date(time), identity.region, identity.service)
}

/// Names the key and its scope.
///
/// ```text
/// Credential = AccessKeyId "/" CredentialScope
/// ```
fn credential(identity: &Identity<'_>, time: &str) -> String {
    format!("{}/{}", identity.access_key_id, credential_scope(identity, time))
}

/// Step 3: derives the signing key. The result of each HMAC is the key of the next.
///
/// ```text
/// SigningKey = HMAC(HMAC(HMAC(HMAC("AWS4" SecretAccessKey, date), region), service), "aws4_request")
/// ```
fn signing_key(identity: &Identity<'_>, time: &str) -> Vec<u8> {
    let secret = format!("AWS4{}", identity.secret_access_key);
    let k_date = hmac(secret.as_bytes(), date(time)).finalize().into_bytes();
    let k_region = hmac(&k_date, identity.region).finalize().into_bytes();
    let k_service = hmac(&k_region, identity.service).finalize().into_bytes();
    hmac(&k_service, "aws4_request").finalize().into_bytes().to_vec()
}

/// Step 4: signs.
///
/// ```text
/// Signature = Hex(HMAC(SigningKey, StringToSign))
/// ```
fn signature(signing_key: &[u8], string_to_sign: &str) -> String {
    hex::encode(hmac(signing_key, string_to_sign).finalize().into_bytes())
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

/// Removes spaces and tabs from both ends of a value, and writes one space for each run inside it.
fn trim(value: &str) -> String {
    value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the values of a header in the order in which they are sent. The case of its name is ignored.
fn header_values<'r>(request: &'r Request, name: &str) -> impl Iterator<Item = &'r str> {
    let with_this_name = move |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
    request.headers.iter().filter(with_this_name).map(|(_, value)| value.as_str())
}

/// Returns the `YYYYMMDD` of `YYYYMMDDThhmmssZ`.
fn date(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

/// Returns the seconds from the beginning of 1970 to a time that is written `YYYYMMDDThhmmssZ`.
fn unix_seconds(time: &str) -> Option<i64> {
    let number = |digits: std::ops::Range<usize>| time.get(digits)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let (hour, minute, second) = (number(9..11)?, number(11..13)?, number(13..15)?);

    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let february = if is_leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let days = years + months.iter().zip(1..month).map(|(days, _)| days).sum::<i64>() + day - 1;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

// ---- AWS's own examples ----

pub fn main() -> Result<(), &'static str> {
    let identity = Identity {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "us-east-1",
        service: "s3",
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
    assert_eq!(steps.signature, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    verify(&request, &identity, "20130524T000230Z")?;

    let mut request = get_object;
    let steps = presign(&mut request, &identity, time, 86400);
    print("GET Object, as a presigned URL", &steps);
    assert_eq!(steps.signature, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    verify(&request, &identity, "20130524T120000Z")?;

    println!("Both signatures are those that AWS documents, and both requests verify.");
    Ok(())
}

fn print(title: &str, steps: &Steps) {
    println!("==== {title}\n");
    println!("---- canonical request\n{}\n", steps.canonical_request);
    println!("---- string to sign\n{}\n", steps.string_to_sign);
    println!("---- signature\n{}\n", steps.signature);
}
