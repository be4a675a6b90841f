//! What was done, step by step, for a reader.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::canonical_request::{Layout, lines};
use super::{CanonicalRequest, Signature, StringToSign};

/// The workings of a signature: canonical request, string to sign, key chain
/// by name, signature. `println!("{}", signed.explain())` is the way in.
///
/// Keys are named, never printed. Session tokens and customer-provided
/// encryption keys are blanked; [`canonical_request`](Self::canonical_request)
/// has them, as they were hashed.
///
/// ```
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::new("iam")?)?;
/// let request = Request::new("GET", "https://iam.amazonaws.com/?Action=ListUsers", &[]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::parse("20150830T123600Z").unwrap())?;
/// let steps = signed.explain().to_string();
/// assert!(steps.contains("Action=ListUsers"));
/// assert!(steps.contains("20150830/us-east-1/iam/aws4_request"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Explain<'a> {
    workings: &'a Workings,
    text: &'a [u8],
    /// A verifier's explanation has none: the right one is not for printing.
    signature: Option<&'a Signature>,
}

/// Where the steps lie in the buffer of whoever made them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workings {
    pub(crate) layout: Layout,
    pub(crate) to_sign: Range<usize>,
}

impl Workings {
    pub(crate) fn explain<'a>(&'a self, text: &'a [u8], signature: Option<&'a Signature>) -> Explain<'a> {
        Explain { workings: self, text, signature }
    }
}

impl Explain<'_> {
    /// Step 1, **unmasked**: byte for byte what was hashed.
    #[must_use]
    pub fn canonical_request(&self) -> CanonicalRequest {
        CanonicalRequest::copy(self.text, self.workings.layout)
    }

    /// Step 2.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign {
        let text = self.text.get(self.workings.to_sign.clone()).unwrap_or_default();
        StringToSign::from_text(String::from_utf8_lossy(text))
    }
}

impl fmt::Display for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.canonical_request();
        let to_sign = self.string_to_sign();
        let scope: Vec<&str> = to_sign.as_str().lines().nth(2).unwrap_or_default().split('/').collect();

        writeln!(f, "1. canonical request")?;
        writeln!(f, "   method          {}", request.method())?;
        writeln!(f, "   uri             {}", request.uri())?;
        writeln!(f, "   query           {}", or_dash(&masked_query(request.query())))?;
        for (index, (name, value)) in lines(request.headers()).enumerate() {
            let label = if index == 0 { "headers" } else { "" };
            let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
            writeln!(f, "   {label:<15} {name}:{}", if is_secret(&name) { MASK } else { &value })?;
        }
        writeln!(f, "   signed headers  {}", request.signed_headers())?;
        writeln!(f, "   payload         {}", request.payload_hash())?;
        writeln!(f, "2. string to sign")?;
        for line in to_sign.as_str().lines() {
            writeln!(f, "   {line}")?;
        }
        writeln!(f, "3. signing key")?;
        if let [date, region, service, terminator] = scope.as_slice() {
            writeln!(f, "   k_date          HMAC(\"AWS4\" + secret, {date})")?;
            writeln!(f, "   k_region        HMAC(k_date, {region})")?;
            writeln!(f, "   k_service       HMAC(k_region, {service})")?;
            writeln!(f, "   k_signing       HMAC(k_service, {terminator})")?;
        }
        let pair = scope.len() == 3;
        if pair {
            writeln!(f, "   key pair        from HMAC(\"AWS4A\" + secret, access key id and counter)")?;
        }
        writeln!(f, "4. signature")?;
        match self.signature {
            Some(signature) => write!(f, "   {signature}"),
            None if pair => write!(f, "   ECDSA over the string to sign, checked with the public key"),
            None => write!(f, "   HMAC(k_signing, string to sign), compared in constant time"),
        }
    }
}

/// As closed as its parts.
impl fmt::Debug for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explain(..)")
    }
}

/// Nothing, so that it can be seen.
fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

const MASK: &str = "(not shown)";

/// Headers whose values are as good as a key.
pub(crate) fn is_secret(name: &str) -> bool {
    matches!(
        name,
        "x-amz-security-token"
            | "x-amz-s3session-token"
            | "x-amz-server-side-encryption-customer-key"
            | "x-amz-copy-source-server-side-encryption-customer-key"
            | "x-amz-mfa"
            | "x-amz-signature"
            | "authorization"
            | "cookie"
    )
}

/// A query without what is as good as a key.
pub(crate) fn masked_query(query: &str) -> String {
    let mut masked = String::with_capacity(query.len());
    for pair in query.split('&') {
        if !masked.is_empty() {
            masked.push('&');
        }
        match pair.split_once('=') {
            Some((name, _)) if is_secret(&name.to_ascii_lowercase()) => {
                masked.push_str(name);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(pair),
        }
    }
    masked
}
