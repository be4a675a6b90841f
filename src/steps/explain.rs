//! [`Explain`], the printed steps of a signature, with secrets masked.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::canonical_request::lines;
use super::{CanonicalRequest, Signature, StringToSign, Transcript};

/// The steps of a signature, which `Display` prints: canonical request, string to sign, the
/// names of the derived keys, signature.
///
/// `println!("{}", signed.explain())` prints all steps. Keys are never printed. Masked are session
/// tokens, customer-provided encryption keys, the values of headers and parameters whose names say that they
/// are secrets, such as `x-api-key`, and the signature after its first 8 digits.
/// [`canonical_request`](Self::canonical_request) and the `signature` of the result return them
/// unmasked. The policy of a form, which states its session token, is masked too. Control characters are
/// printed as `\u{…}`.
///
/// ```
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::new("iam")?)?;
/// let request = Request::new("GET", "https://iam.amazonaws.com/?Action=ListUsers", &[]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::parse("20150830T123600Z")?)?;
/// let steps = signed.explain().to_string();
/// assert!(steps.contains("Action=ListUsers"));
/// assert!(steps.contains("20150830/us-east-1/iam/aws4_request"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Explain<'a> {
    pub(super) steps: &'a Transcript,
    pub(super) signature: Option<&'a Signature>,
}

impl Explain<'_> {
    /// Returns step 1 **unmasked**: the bytes that were hashed. Empty for a form.
    #[must_use]
    pub fn canonical_request(&self) -> CanonicalRequest {
        self.steps.canonical_request()
    }

    /// Returns step 2 **unmasked**. For a form it is the policy, which states the session token.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign {
        StringToSign::from_text(String::from_utf8_lossy(self.steps.string_to_sign()))
    }

    /// Returns the bytes of the signer's HMAC; `None` for a verifier and for SigV4a.
    #[cfg(feature = "diagnose")]
    pub(crate) fn signature_bytes(&self) -> Option<[u8; 32]> {
        self.signature?.as_bytes().try_into().ok()
    }
}

impl fmt::Display for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_of_form() {
            return write_form_steps(f);
        }
        let to_sign = self.string_to_sign();
        let scope: Vec<&str> = to_sign.as_str().lines().nth(2).unwrap_or_default().split('/').collect();
        write_canonical_request(f, &self.canonical_request())?;
        writeln!(f, "2. string to sign")?;
        for line in to_sign.as_str().lines() {
            writeln!(f, "   {}", Escaped(line))?;
        }
        writeln!(f, "3. signing key")?;
        match scope.as_slice() {
            [date, region, service, terminator] => {
                writeln!(f, "   k_date          HMAC(\"AWS4\" + secret, {date})")?;
                writeln!(f, "   k_region        HMAC(k_date, {})", Escaped(region))?;
                writeln!(f, "   k_service       HMAC(k_region, {})", Escaped(service))?;
                writeln!(f, "   k_signing       HMAC(k_service, {terminator})")?;
            }
            [_, _, _] => {
                writeln!(f, "   key pair        from HMAC(\"AWS4A\" + secret, access key id and counter)")?
            }
            _ => {}
        }
        writeln!(f, "4. signature")?;
        match (self.signature, scope.len()) {
            (Some(signature), _) => write_signature(f, signature),
            (None, 3) => write!(f, "   ECDSA over the string to sign, checked with the public key"),
            (None, _) => write!(f, "   HMAC(k_signing, string to sign), compared in constant time"),
        }
    }
}

/// Writes the steps of a form, without its policy and its signature.
fn write_form_steps(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "1. canonical request")?;
    writeln!(f, "   a form has none")?;
    writeln!(f, "2. string to sign")?;
    writeln!(f, "   policy          {MASK}")?;
    writeln!(f, "3. signing key")?;
    writeln!(f, "   k_signing       of the scope in x-amz-credential")?;
    writeln!(f, "4. signature")?;
    write!(f, "   HMAC(k_signing, policy), compared in constant time")
}

/// Prints step 1, with secrets masked.
fn write_canonical_request(f: &mut fmt::Formatter<'_>, request: &CanonicalRequest) -> fmt::Result {
    let query = masked_query(request.query());
    writeln!(f, "1. canonical request")?;
    writeln!(f, "   method          {}", Escaped(request.method()))?;
    writeln!(f, "   uri             {}", Escaped(request.uri()))?;
    writeln!(f, "   query           {}", Escaped(if query.is_empty() { "-" } else { &query }))?;
    for (index, (name, value)) in lines(request.headers()).enumerate() {
        let label = if index == 0 { "headers" } else { "" };
        let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
        let value = if is_secret(&name) { MASK } else { &value };
        writeln!(f, "   {label:<15} {}:{}", Escaped(&name), Escaped(value))?;
    }
    writeln!(f, "   signed headers  {}", request.signed_headers())?;
    writeln!(f, "   payload         {}", request.payload_hash())
}

/// Writes the first digits of a signature, which are enough to compare two. A signature is a secret: with the other
/// steps it is the signed URL, or the token of a database.
fn write_signature(f: &mut fmt::Formatter<'_>, signature: &Signature) -> fmt::Result {
    let digits = alloc::format!("{signature}");
    write!(f, "   {}… {MASK}", digits.get(..8).unwrap_or_default())
}

/// Prints a string with `\u{…}` instead of control characters and characters that change the direction of text.
/// A terminal would obey them, and the string can be an attacker's.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                // Directional formatting characters (Unicode Standard Annex 9), and line separators.
                '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    write!(f, "{}", character.escape_unicode())?;
                }
                _ if character.is_control() => write!(f, "{}", character.escape_unicode())?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// Prints only the type's name, because the steps can contain a session token.
impl fmt::Debug for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explain(..)")
    }
}

const MASK: &str = "(not shown)";

/// Returns true if the value of the header, query parameter or form field with this name must not be printed.
///
/// These are session tokens, signatures, customer-provided encryption keys, and values whose names say that they are secrets,
/// such as `x-api-key`. Upper and lower case do not differ. [`Explain`] masks these values; use the list for logs of your own.
/// A presigned URL is a secret too: mask the values of its parameters.
///
/// ```
/// use countersign::steps::is_secret;
///
/// let headers = [("Range", "bytes=0-9"), ("X-Amz-Security-Token", "FwoGZXIvYXdzEXAMPLE")];
/// let shown = headers.map(|(name, value)| if is_secret(name) { "(not shown)" } else { value });
/// assert_eq!(shown, ["bytes=0-9", "(not shown)"]);
/// ```
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let name = &*name.to_ascii_lowercase();
    matches!(
        name,
        "x-amz-security-token"
            | "x-amz-s3session-token"
            | "x-amz-server-side-encryption-customer-key"
            | "x-amz-copy-source-server-side-encryption-customer-key"
            | "x-amz-mfa"
            | "x-amz-signature"
            | "authorization"
            | "proxy-authorization"
            | "cookie"
            | "set-cookie"
            | "token"
            | "access_token"
            | "id_token"
            | "refresh_token"
            | "api_key"
            | "apikey"
    ) || name != "continuation-token" && SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The endings of the names of secrets: `x-amz-access-token` of the Selling Partner API, `x-api-key` of API Gateway,
/// `x-auth-token`, and so on.
const SECRET_ENDINGS: [&str; 6] =
    ["-token", "api-key", "-secret", "-password", "-authorization", "-credentials"];

/// Returns a query with the values of [secret](is_secret) parameters masked.
pub(crate) fn masked_query(query: &str) -> String {
    let mut masked = String::with_capacity(query.len());
    for pair in query.split('&') {
        if !masked.is_empty() {
            masked.push('&');
        }
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                masked.push_str(name);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(pair),
        }
    }
    masked
}
