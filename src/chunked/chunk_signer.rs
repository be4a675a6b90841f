//! [`ChunkSigner`] signs chunks without framing them.

use core::fmt::{self, Write};

use super::chain::ChunkChain;
use super::trailers::Trailers;
use super::{EncodeError, PADDING};
use crate::sign::SignKey;
use crate::steps::Algorithm;
use crate::steps::Signature;
use crate::verify::TrailerNames;

/// Signs the chunks of one body in their order, without framing them.
///
/// [`Signer::sign_chunks`](crate::Signer::sign_chunks) creates it, for a server that
/// frames chunks in another way, or to study the signatures. For S3 use an
/// [`Encoder`](super::Encoder), which also writes the frames.
///
/// All chunks are signed with the key, time and scope of the request.
///
/// ```
/// # use countersign::*;
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// # let headers = [("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "11")];
/// # let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/key", &headers);
/// # let now = Timestamp::now();
/// let (signed, mut chunks) = signer.sign_chunks(&request, StreamingMode::Signed, now)?;
/// let mut body = format!("b;chunk-signature={}\r\nhello world\r\n", chunks.sign(b"hello world"));
/// body += &format!("0;chunk-signature={}\r\n\r\n", chunks.sign(b""));
/// assert_eq!(body.len() as u64, chunked::ChunkedBody::signed(11).encoded_length(&signer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ChunkSigner(ChunkChain<SignKey>);

impl ChunkSigner {
    pub(super) const fn new(chain: ChunkChain<SignKey>) -> Self {
        Self(chain)
    }

    /// Signs the next chunk. The last chunk has no data.
    pub fn sign(&mut self, data: &[u8]) -> ChunkSignature {
        self.0.update(data);
        self.0.sign_chunk()
    }

    /// Signs the trailers, which follow the last chunk.
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::InvalidTrailer`] if a name is not a header name, is
    /// repeated, or is `x-amz-trailer-signature`, if a value is not visible ASCII, or if
    /// there are more than 16 trailers.
    pub fn sign_trailers(&mut self, trailers: &[(&str, &str)]) -> Result<ChunkSignature, EncodeError> {
        let invalid = |name: &str| EncodeError::InvalidTrailer { name: name.into() };
        let mut names = TrailerNames::default();
        if let Some((name, _)) = trailers.iter().find(|(name, _)| !names.declare(name)) {
            return Err(invalid(name));
        }
        let mut signed = Trailers::new(names);
        if let Some((name, _)) = trailers.iter().find(|(name, value)| !signed.set(name, value)) {
            return Err(invalid(name));
        }
        Ok(self.0.sign_trailers(&signed))
    }

    /// Returns the string to sign of the latest signature. It is empty before the first
    /// one.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        self.0.string_to_sign()
    }
}

/// Prints only the type's name, because the signer holds a key.
impl fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSigner(..)")
    }
}

/// The signature of a chunk or of the trailers.
///
/// `Display` prints the signature as a body contains it. A signature of SigV4a is padded
/// with `*` to 144 characters, so that every frame has a known length.
///
/// ```
/// # use countersign::*;
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[("x-amz-decoded-content-length", "11")]);
/// let (_, mut chunks) = signer.sign_chunks(&request, StreamingMode::Signed, Timestamp::now())?;
/// assert_eq!(chunks.sign(b"hello world").to_string().len(), 64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ChunkSignature {
    signature: Signature,
    algorithm: Algorithm,
}

impl ChunkSignature {
    pub(super) const fn new(signature: Signature, algorithm: Algorithm) -> Self {
        Self { signature, algorithm }
    }
}

impl fmt::Display for ChunkSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.signature.hex();
        f.write_str(core::str::from_utf8(&digits).unwrap_or_default())?;
        (digits.len()..self.algorithm.max_hex_len()).try_for_each(|_| f.write_char(PADDING))
    }
}

/// Prints only the type's name, as for every signature.
impl fmt::Debug for ChunkSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSignature(..)")
    }
}
