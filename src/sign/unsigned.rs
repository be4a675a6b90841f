//! [`Unsigned`], a signature that another program computes.

use core::fmt;

use super::{AuthHeaders, PresignedUrl, Signer};
use crate::bytes::encode_32;
use crate::error::SignError;
use crate::expires::Expires;
use crate::payload::Payload;
use crate::request::Request;
use crate::steps::{Algorithm, Signature};
use crate::time::Timestamp;

impl Signer {
    /// Prepares the headers of a signature that another program computes, such as a key
    /// service or a hardware module that holds the secret. This signer's secret is not used,
    /// so it can be any placeholder.
    ///
    /// ```
    /// use countersign::steps::Signature;
    /// use countersign::*;
    ///
    /// let placeholder = SecretAccessKey::new("held by the key service");
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", placeholder)?, "us-east-1", Service::S3)?;
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    /// let unsigned = signer.prepare(&request, Payload::Bytes(b""), Timestamp::parse("20240501T120000Z")?)?;
    /// assert!(unsigned.string_to_sign().starts_with("AWS4-HMAC-SHA256\n20240501T120000Z\n20240501/us-east-1/s3/"));
    ///
    /// # let key_service = |_: &str| "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    /// let hex = key_service(unsigned.string_to_sign());
    /// let signed = unsigned.with_signature(Signature::parse(hex)?.as_bytes().try_into()?);
    /// assert!(signed.authorization().ends_with(hex));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sign`](Self::sign), and `SignError::NotSupportedBySigV4a` for
    /// a signer for SigV4a.
    pub fn prepare(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        time: Timestamp,
    ) -> Result<Unsigned<AuthHeaders>, SignError> {
        self.require_hmac()?;
        self.sign(request, payload, time).map(Unsigned)
    }

    /// Prepares a presigned URL whose signature another program computes, as
    /// [`prepare`](Self::prepare) does for a signature in headers.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`presign`](Self::presign), and `SignError::NotSupportedBySigV4a`
    /// for a signer for SigV4a.
    pub fn prepare_url(
        &self,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<Unsigned<PresignedUrl>, SignError> {
        self.require_hmac()?;
        self.presign(request, expires, time).map(Unsigned)
    }

    /// Rejects SigV4a, whose key pair is derived from the secret.
    const fn require_hmac(&self) -> Result<(), SignError> {
        match self.algorithm() {
            Algorithm::Hmac => Ok(()),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => Err(SignError::NotSupportedBySigV4a),
        }
    }
}

/// Headers or a URL that lack their signature. Created by [`Signer::prepare`] and
/// [`Signer::prepare_url`].
///
/// Neither the headers nor the URL can be sent before
/// [`with_signature`](Self::with_signature) returns them.
#[must_use = "a request is not signed before `with_signature`"]
pub struct Unsigned<T>(T);

impl Unsigned<AuthHeaders> {
    /// Returns *StringToSign*, of which the other program computes the HMAC-SHA256 with the
    /// signing key of the scope. The scope is its third line.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        core::str::from_utf8(self.0.steps.string_to_sign()).unwrap_or_default()
    }

    /// Returns the headers to add to the request. The signature is not checked.
    #[must_use]
    pub fn with_signature(self, signature: [u8; 32]) -> AuthHeaders {
        let mut signed = self.0;
        write_hex(signed.steps.bytes_mut(), signed.authorization.end, &signature);
        signed.signature = Signature::new(signature);
        signed
    }
}

impl Unsigned<PresignedUrl> {
    /// Returns *StringToSign*, of which the other program computes the HMAC-SHA256 with the
    /// signing key of the scope. The scope is its third line.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        core::str::from_utf8(self.0.steps.string_to_sign()).unwrap_or_default()
    }

    /// Returns the URL. The signature is not checked.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("a placeholder"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let key_service = |_: &str| [7; 32];
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    /// let unsigned = signer.prepare_url(&request, Expires::HOUR, Timestamp::now())?;
    /// let signature: [u8; 32] = key_service(unsigned.string_to_sign());
    /// let url = unsigned.with_signature(signature);
    /// assert!(url.as_str().ends_with("0707"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_signature(self, signature: [u8; 32]) -> PresignedUrl {
        let mut signed = self.0;
        let end = signed.signature_end;
        write_hex(signed.steps.bytes_mut(), end, &signature);
        signed.signature = Signature::new(signature);
        signed
    }
}

/// Replaces the 64 hex digits that end at `end`.
fn write_hex(bytes: &mut [u8], end: usize, signature: &[u8; 32]) {
    if let Some(digits) = bytes.get_mut(end.saturating_sub(64)..end) {
        digits.copy_from_slice(&encode_32(signature));
    }
}

/// Prints only the type's name.
impl<T> fmt::Debug for Unsigned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsigned(..)")
    }
}
