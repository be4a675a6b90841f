//! [`Signed`]: what the client signed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::parts::Parts;
use super::to_sign::ToSign;
use crate::credentials::SecretAccessKey;
use crate::steps::Explain;

/// The steps that the client took, to be compared with the service's answer.
///
/// ```
/// use countersign::diagnose::{self, Evidence, Signed};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("GET", "https://internal:9000/bucket/key", &[]);
/// let sent = signer.sign(&request, Payload::Bytes(b""), Timestamp::now())?;
/// # let answer = "<Code>SignatureDoesNotMatch</Code>";
///
/// let signed = Signed::new(&sent.explain());
/// println!("{}", diagnose::answer(&signed, &Evidence::read(answer)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Signed {
    canonical: Vec<u8>,
    to_sign: String,
    signature: Option<[u8; 32]>,
    secret: Option<SecretAccessKey>,
}

impl Signed {
    /// Copies the steps of [`AuthHeaders`](crate::AuthHeaders) or
    /// [`PresignedUrl`](crate::PresignedUrl).
    #[must_use]
    pub fn new(steps: &Explain<'_>) -> Self {
        Self {
            canonical: steps.canonical_request().as_bytes().to_vec(),
            to_sign: steps.string_to_sign().as_str().into(),
            signature: steps.signature_bytes(),
            secret: None,
        }
    }

    /// Reads the canonical request and the string to sign that another signer logged. Either can be
    /// empty.
    #[must_use]
    pub fn from_text(canonical_request: &str, string_to_sign: &str) -> Self {
        let to_sign = string_to_sign.into();
        Self { canonical: canonical_request.as_bytes().to_vec(), to_sign, signature: None, secret: None }
    }

    /// Does the same as [`from_text`](Self::from_text) for a canonical request that need not be UTF-8.
    #[must_use]
    pub fn from_bytes(canonical_request: &[u8], string_to_sign: &str) -> Self {
        let to_sign = string_to_sign.into();
        Self { canonical: canonical_request.to_vec(), to_sign, signature: None, secret: None }
    }

    /// Adds the secret that the client used. If canonical request and string to sign agree, its
    /// spelling is checked, and wrong derivations of the key are tried. It is not printed.
    #[must_use]
    pub fn with_secret(self, secret: &SecretAccessKey) -> Self {
        Self { secret: Some(secret.clone()), ..self }
    }

    pub(super) fn parts(&self) -> Option<Parts> {
        Parts::parse_own(&self.canonical)
    }

    pub(super) fn to_sign(&self) -> Option<ToSign> {
        ToSign::parse(&self.to_sign)
    }

    pub(super) const fn signature(&self) -> Option<[u8; 32]> {
        self.signature
    }

    pub(super) const fn secret(&self) -> Option<&SecretAccessKey> {
        self.secret.as_ref()
    }
}

/// Prints only the type's name, because the steps can contain a session token.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signed(..)")
    }
}
