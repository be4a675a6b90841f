//! Step 2 for an event of a signed stream.
//!
//! ```text
//! StringToSign =
//!     "AWS4-HMAC-SHA256-PAYLOAD" + '\n' +
//!     DATE + '\n' +                           of the event
//!     CredentialScope + '\n' +                of the event's day
//!     hex(PriorSignature) + '\n' +            the request's, or that of the previous event
//!     hex(SHA-256(EncodedHeaders)) + '\n' +   without :chunk-signature
//!     hex(SHA-256(Payload))
//! ```
//!
//! Source: Amazon Transcribe Developer Guide, "Setting up a streaming transcription".

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bytes::encode_32;
use crate::crypto::sha256;
use crate::steps::{CredentialScope, Signature, StringToSign};
use crate::time::Timestamp;

impl StringToSign {
    /// Returns the string to sign of an event in a signed stream (feature `event-stream`).
    ///
    /// `headers` are the encoded headers of the frame without `:chunk-signature`, which leaves
    /// `:date`. `payload` is the encoded event. `prior` is the signature of the previous event, or of
    /// the request for the first event. If `prior` is `None`, its line is empty, as in some published
    /// examples.
    ///
    /// An [`EventSigner`](crate::event_stream::EventSigner) and an
    /// [`EventVerifier`](crate::event_stream::EventVerifier) perform this and all other steps.
    ///
    /// ```
    /// use countersign::steps::*;
    /// use countersign::*;
    ///
    /// // From the tests of the AWS SDK for Go, aws/signer/v4/stream_test.go.
    /// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let time = Timestamp::parse("20190127T223754Z")?;
    /// let (region, service) = (Region::new("us-east-1")?, Service::new("transcribe")?);
    /// let scope = CredentialScope::new(time, &region, &service);
    /// let key = SigningKey::derive(&secret, &scope);
    /// let prior = Signature::parse("9d9ab996c81f32c9d4e6fc166c92584f3741d1cb5ce325cd11a77d1f962c8de2").unwrap();
    ///
    /// let to_sign = StringToSign::for_event(time, &scope, Some(&prior), b"headers", b"payload");
    /// let signature = key.sign(&to_sign).to_string();
    /// assert_eq!(signature, "681a7eaa82891536f24af7ec7e9219ee251ccd9bac2f1b981eab7c5ec8579115");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn for_event(
        time: Timestamp,
        scope: &CredentialScope<'_>,
        prior: Option<&Signature>,
        headers: &[u8],
        payload: &[u8],
    ) -> Self {
        let mut bytes = Vec::new();
        let prior = prior.map(Signature::hex);
        let prior = prior.as_ref().map_or(&[][..], |hex| hex);
        write(&mut bytes, time, format!("{scope}").as_bytes(), prior, headers, payload);
        Self::from_text(String::from_utf8(bytes).unwrap_or_default())
    }
}

/// Appends the string to sign of an event to `out`.
pub(super) fn write(
    out: &mut Vec<u8>,
    time: Timestamp,
    scope: &[u8],
    prior: &[u8],
    headers: &[u8],
    payload: &[u8],
) {
    let (headers, payload) = (encode_32(&sha256(headers)), encode_32(&sha256(payload)));
    for line in [FIRST_LINE, time.bytes(), scope, prior, &headers] {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(&payload);
}

const FIRST_LINE: &[u8] = b"AWS4-HMAC-SHA256-PAYLOAD";

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::SecretAccessKey;
    use crate::steps::SigningKey;

    /// smithy-lang/smithy-typescript, packages/signature-v4/src/SignatureV4.spec.ts
    /// (Apache-2.0), which has the values of the Ruby SDK's test.
    ///
    /// The region and the service of the vector are in upper case, so that only a received scope can have them. It has
    /// no prior signature, and the time of `:date` differs from the time in the string to sign.
    #[test]
    fn signs_the_event_of_smithy_typescript() {
        let scope = CredentialScope::from_parts(*b"20130524", "REGION", "SERVICE");
        let headers = hex::decode("053a646174650800000167f77d5770").expect("hex digits");
        let time = Timestamp::parse("20130524T000000Z").expect("a time");
        let to_sign = StringToSign::for_event(time, &scope, None, &headers, b"foo");
        let signature = SigningKey::derive(&SecretAccessKey::new("secret"), &scope).sign(&to_sign);
        assert_eq!(signature.to_string(), "204bb5e2713e95354680e9522986d3ac0304aeafd33397f39e6540ca51ffe226");
    }
}
