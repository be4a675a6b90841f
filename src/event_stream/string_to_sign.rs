//! Step 2 for an event of a signed stream.
//!
//! ```text
//! StringToSign =
//!     "AWS4-HMAC-SHA256-PAYLOAD" + '\n' +
//!     DATE + '\n' +                           of the event
//!     CredentialScope + '\n' +                of the event's day
//!     hex(PriorSignature) + '\n' +            the request's, or that of the event before
//!     hex(SHA-256(EncodedHeaders)) + '\n' +   all but :chunk-signature
//!     hex(SHA-256(Payload))
//! ```
//!
//! Source: Amazon Transcribe Developer Guide, "Setting up a streaming
//! transcription". Not here: how headers are encoded, and what a payload is.

use alloc::string::String;
use alloc::vec::Vec;

use crate::bytes::encode_32;
use crate::crypto::sha256;
use crate::steps::{CredentialScope, Signature, StringToSign};
use crate::time::Timestamp;

impl StringToSign {
    /// Of an event: `headers` are the encoded ones of its outer frame but
    /// `:chunk-signature`, which leaves `:date`; `payload` is the encoded inner
    /// event. The stream's first event has the request's signature for its
    /// `prior`; without any, the line is empty, as in some published examples.
    ///
    /// With the feature `event-stream`, `EventSigner` and `EventVerifier`
    /// take all steps.
    ///
    /// ```
    /// use countersign::steps::*;
    /// use countersign::*;
    ///
    /// // From the tests of the AWS SDK for Go, aws/signer/v4/stream_test.go.
    /// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let time = Timestamp::parse("20190127T223754Z").unwrap();
    /// let scope = CredentialScope::new(time.date(), "us-east-1", "transcribe");
    /// let key = SigningKey::derive(&secret, &scope);
    /// let prior = Signature::parse("9d9ab996c81f32c9d4e6fc166c92584f3741d1cb5ce325cd11a77d1f962c8de2");
    ///
    /// let to_sign = StringToSign::of_event(time, &scope, prior.as_ref(), b"headers", b"payload");
    /// let signature = key.sign(&to_sign).to_string();
    /// assert_eq!(signature, "681a7eaa82891536f24af7ec7e9219ee251ccd9bac2f1b981eab7c5ec8579115");
    /// ```
    #[must_use]
    pub fn of_event(
        time: Timestamp,
        scope: &CredentialScope<'_>,
        prior: Option<&Signature>,
        headers: &[u8],
        payload: &[u8],
    ) -> Self {
        let mut text = Vec::new();
        let prior = prior.map(Signature::hex);
        let prior = prior.as_ref().map_or(&[][..], |hex| hex);
        write(&mut text, time, alloc::format!("{scope}").as_bytes(), prior, headers, payload);
        Self::from_text(String::from_utf8(text).unwrap_or_default())
    }
}

/// Writes an event's string to sign to the end of `out`.
pub(crate) fn write(
    out: &mut Vec<u8>,
    time: Timestamp,
    scope: &[u8],
    prior: &[u8],
    headers: &[u8],
    payload: &[u8],
) {
    let (headers, payload) = (encode_32(&sha256(headers)), encode_32(&sha256(payload)));
    for line in [LABEL.as_bytes(), time.bytes(), scope, prior, &headers] {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(&payload);
}

const LABEL: &str = "AWS4-HMAC-SHA256-PAYLOAD";
