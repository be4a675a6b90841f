//! Signs the request of a chunked body, and starts its chain of signatures.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::chain::ChunkChain;
use super::{ChunkSigner, ChunkedBody, Encoder};
use crate::error::SignError;
use crate::payload::{Payload, StreamingMode};
use crate::request::Request;
use crate::sign::{AuthHeaders, SignKey, Signer};
use crate::steps::Algorithm;
use crate::steps::canonical_request::header;
use crate::time::Timestamp;
use crate::verify::TRAILER;

impl Signer {
    /// Signs a request whose body is sent in chunks. Returns the headers to add
    /// and the encoder of the body.
    ///
    /// In addition to the headers that [`sign`](Self::sign) adds, the result has
    /// those that announce the body: `content-encoding`,
    /// `x-amz-decoded-content-length` and `x-amz-trailer`. All of them are
    /// signed. A header that the request already has is not added again, and
    /// must have the announced value; state the encoding of the data with
    /// [`ChunkedBody::with_content_encoding`].
    ///
    /// The caller adds `content-length`, because most HTTP clients write it themselves.
    /// The value of `content-length` is [`ChunkedBody::encoded_length`]. If the request already has this
    /// header, it is signed, and must have that value.
    ///
    /// A signer for SigV4a signs the chunks with ECDSA. All chunks are signed with the
    /// key, time and scope of the request, even after midnight.
    ///
    /// **Sign again to send other data.** Two bodies for one signature would both be
    /// valid, and an attacker who sees both could replace one with the other.
    ///
    /// ```
    /// use countersign::chunked::ChunkedBody;
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let body = ChunkedBody::signed(11);
    /// let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
    /// let (signed, mut encoder) = signer.sign_chunked(&request, &body, Timestamp::now())?;
    ///
    /// let names: Vec<&str> = signed.iter().map(|(name, _)| name).collect();
    /// assert_eq!(
    ///     names,
    ///     ["content-encoding", "x-amz-decoded-content-length", "x-amz-date", "x-amz-content-sha256", "authorization"],
    /// );
    /// let mut sent = Vec::new();
    /// encoder.encode_to(b"hello world", &mut sent)?;
    /// sent.extend(encoder.finish(&[])?);
    /// assert_eq!(sent.len() as u64, body.encoded_length(&signer));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sign`](Self::sign), and
    ///
    /// * [`SignError::MissingTrailer`] for an unsigned body without trailers;
    /// * [`SignError::HeaderMismatch`] if the request has one of the headers above with
    ///   another value;
    /// * [`SignError::ExcludedHeader`] if the signer excludes one of them.
    pub fn sign_chunked(
        &self,
        request: &Request<'_>,
        body: &ChunkedBody,
        time: Timestamp,
    ) -> Result<(AuthHeaders, Encoder), SignError> {
        let mode = body.mode(self);
        if mode.has_trailers() && body.trailers().is_empty() {
            return Err(SignError::MissingTrailer);
        }
        let is_present = |name| request.headers().any(|(present, _)| present.eq_ignore_ascii_case(name));
        let mut added = body.announcement();
        added.retain(|(name, _)| !is_present(name));
        let announced = added.iter().map(|(name, value)| (*name, value.as_bytes()));
        let headers: Vec<(&str, &[u8])> = request.headers().chain(announced).collect();
        let complete = Request::from_bytes(request.method, request.uri, &headers);

        let signed = self.sign(&complete, Payload::Streaming(mode), time)?;
        self.check_announcement(body, &signed)?;
        let chain = Algorithm::of_streaming_mode(mode).map(|_| self.chunk_chain(&signed, time));
        Ok((signed.with_announced(added), Encoder::new(body, body.encoded_length(self), chain)))
    }

    /// Signs a request, and returns a signer of its chunks, which does not frame them.
    ///
    /// Use [`sign_chunked`](Self::sign_chunked) to send a body to S3. This method is for a
    /// server that frames chunks in another way, and to study the signatures.
    ///
    /// The request must have the headers that announce the body in this mode. This method
    /// does not check or add them.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// // "Example: PUT Object" of the S3 API Reference.
    /// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
    /// let headers = [
    ///     ("content-encoding", "aws-chunked"),
    ///     ("content-length", "66824"),
    ///     ("x-amz-decoded-content-length", "66560"),
    ///     ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    /// ];
    /// let request = Request::new("PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt", &headers);
    /// let (signed, mut chunks) =
    ///     signer.sign_chunks(&request, StreamingMode::Signed, "20130524T000000Z".parse()?)?;
    /// assert_eq!(
    ///     signed.signature().to_string(),
    ///     "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    /// );
    /// assert_eq!(
    ///     chunks.sign(&[b'a'; 65_536]).to_string(),
    ///     "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sign`](Self::sign), and
    /// [`SignError::UnsupportedStreamingMode`] if the chunks of `mode` are not signed, or
    /// are signed with another algorithm than this signer's.
    pub fn sign_chunks(
        &self,
        request: &Request<'_>,
        mode: StreamingMode,
        time: Timestamp,
    ) -> Result<(AuthHeaders, ChunkSigner), SignError> {
        if Algorithm::of_streaming_mode(mode) != Some(self.algorithm()) {
            return Err(SignError::UnsupportedStreamingMode { mode });
        }
        let signed = self.sign(request, Payload::Streaming(mode), time)?;
        let chunks = ChunkSigner::new(self.chunk_chain(&signed, time));
        Ok((signed, chunks))
    }

    /// Checks that the signature covers the announcement of this body and no other.
    fn check_announcement(&self, body: &ChunkedBody, signed: &AuthHeaders) -> Result<(), SignError> {
        let signed_value = |name| header(signed.canonical_headers(), name);
        let mismatch = |name: &str| Err(SignError::HeaderMismatch { name: String::from(name) });
        let announcement = body.announcement();
        for (name, expected) in &announcement {
            match signed_value(name) {
                Some(value) if value.eq_ignore_ascii_case(expected.as_bytes()) => {}
                Some(_) => return mismatch(name),
                None => return Err(SignError::ExcludedHeader { name }),
            }
        }
        if signed_value(TRAILER).is_some() && body.trailers().is_empty() {
            return mismatch(TRAILER);
        }
        let length = signed_value(CONTENT_LENGTH);
        if length.is_some_and(|length| length != format!("{}", body.encoded_length(self)).as_bytes()) {
            return mismatch(CONTENT_LENGTH);
        }
        Ok(())
    }

    /// Starts the chain of signatures at the signature of the request.
    fn chunk_chain(&self, signed: &AuthHeaders, time: Timestamp) -> ChunkChain<SignKey> {
        let mut daily = self.daily_state();
        let daily = daily.at(self, time);
        ChunkChain::new(
            daily.key.clone(),
            daily.key.algorithm(),
            time,
            &daily.scope,
            signed.signature().clone(),
        )
    }
}

const CONTENT_LENGTH: &str = "content-length";

#[cfg(test)]
mod tests;
