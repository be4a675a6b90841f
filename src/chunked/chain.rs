//! The chain of signatures: each covers the one before it.
//!
//! ```text
//! StringToSign of a chunk =          StringToSign of the trailers =
//!     Algorithm-PAYLOAD + '\n' +         Algorithm-TRAILER + '\n' +
//!     RequestDateTime + '\n' +           RequestDateTime + '\n' +
//!     CredentialScope + '\n' +           CredentialScope + '\n' +
//!     previous signature + '\n' +        previous signature + '\n' +
//!     hex(SHA-256("")) + '\n' +          hex(SHA-256(trailers))
//!     hex(SHA-256(data))             trailers = *( name ":" value '\n' ), sorted
//! ```
//!
//! In SigV4a a previous signature stands without the padding that a body puts
//! behind it.
//!
//! Source: S3 API Reference, as in [the module](super); for SigV4a AWS's
//! `aws-c-auth`, `aws_signing.c`. Not here: how chunks and signatures are framed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::trailers::Trailers;
use super::{EncodeError, PADDING};
use crate::bytes::digits::hex64;
use crate::crypto::{EMPTY_SHA256, Sha256Stream, equal, sha256};
use crate::payload::StreamingMode;
use crate::sign::{AuthHeaders, Signer};
use crate::steps::Signature;
use crate::steps::algorithm::{Algorithm, KeyToSign};
use crate::time::Timestamp;
use crate::verify::VerifyKey;

/// What a string to sign is about: the end of its first line.
const PAYLOAD: &str = "-PAYLOAD";
const TRAILER: &str = "-TRAILER";

/// Where a stream's signatures have come to. Its key, which signs or verifies,
/// is that of the first of them.
pub(super) struct Chain<Key> {
    key: Key,
    algorithm: Algorithm,
    /// The lines with time and scope, the same in every string to sign.
    common: String,
    previous: Signature,
    /// Of the chunk's data, so far.
    hash: Sha256Stream,
    /// The string to sign, written anew for each.
    text: Vec<u8>,
}

impl<Key> Chain<Key> {
    pub(super) fn new(key: Key, algorithm: Algorithm, time: Timestamp, scope: &str, seed: Signature) -> Self {
        let common = alloc::format!("\n{time}\n{scope}\n");
        Self { key, algorithm, common, previous: seed, hash: Sha256Stream::default(), text: Vec::new() }
    }

    /// The next piece of the chunk's data, hashed where it lies.
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.hash.update(piece);
    }

    fn write_chunk(&mut self) {
        let digest = core::mem::take(&mut self.hash).finish();
        self.begin(PAYLOAD);
        self.text.extend_from_slice(EMPTY_SHA256.as_bytes());
        self.text.push(b'\n');
        self.text.extend_from_slice(&hex64(&digest));
    }

    fn write_trailers(&mut self, trailers: &Trailers) {
        self.begin(TRAILER);
        self.text.extend_from_slice(&hex64(&sha256(trailers.block().as_bytes())));
    }

    fn begin(&mut self, part: &str) {
        self.text.clear();
        self.text.extend_from_slice(self.algorithm.name().as_bytes());
        self.text.extend_from_slice(part.as_bytes());
        self.text.extend_from_slice(self.common.as_bytes());
        self.text.extend_from_slice(&self.previous.hex());
        self.text.push(b'\n');
    }
}

impl Chain<KeyToSign> {
    /// The signature of the chunk whose data came.
    pub(super) fn sign_chunk(&mut self) -> ChunkSignature {
        self.write_chunk();
        self.sign()
    }

    pub(super) fn sign_trailers(&mut self, trailers: &Trailers) -> ChunkSignature {
        self.write_trailers(trailers);
        self.sign()
    }

    fn sign(&mut self) -> ChunkSignature {
        self.previous = self.key.sign_from(&mut self.text, 0);
        ChunkSignature(self.previous.clone(), self.algorithm)
    }
}

impl Chain<VerifyKey> {
    /// Whether this is the chunk's signature. If so, it is the one before the next.
    pub(super) fn verify_chunk(&mut self, received: Signature) -> bool {
        self.write_chunk();
        self.verify(received)
    }

    pub(super) fn verify_trailers(&mut self, trailers: &Trailers, received: Signature) -> bool {
        self.write_trailers(trailers);
        self.verify(received)
    }

    fn verify(&mut self, received: Signature) -> bool {
        let right = self.key.verifies(&self.text, &received);
        self.previous = received;
        right
    }
}

/// A signature of a chunk or of trailers. It prints as it stands in the body:
/// one of SigV4a with `*` behind it, up to 144 characters.
///
/// ```
/// use countersign::chunked::{Body, ChunkSigner};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let body = Body::signed(11);
/// # let headers: Vec<(&str, &str)> = body.headers().collect();
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &headers);
/// # let signed = signer.sign(&request, body.payload(), Timestamp::now())?;
/// let mut chunks = ChunkSigner::new(&signer, &signed)?;
/// let line = format!("b;chunk-signature={}\r\n", chunks.sign(b"hello world"));
/// assert_eq!(line.len(), "b;chunk-signature=".len() + 64 + 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ChunkSignature(Signature, Algorithm);

impl fmt::Display for ChunkSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.hex();
        f.write_str(core::str::from_utf8(&digits).unwrap_or_default())?;
        (digits.len()..self.1.max_hex_len()).try_for_each(|_| f.write_char(PADDING))
    }
}

/// Closed, as every signature.
impl fmt::Debug for ChunkSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSignature(..)")
    }
}

/// Signs chunk after chunk, for a framing of your own, or for study. An
/// [`Encoder`](super::Encoder) makes the frames too.
///
/// It is born with the signature of a request. Key, time and scope stay those
/// of that request, whatever the clock says later.
///
/// ```
/// use countersign::chunked::ChunkSigner;
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
/// let time = Timestamp::parse("20130524T000000Z").unwrap();
/// let signed = signer.sign(&request, Payload::Streaming(StreamingMode::Signed), time)?;
///
/// let mut chunks = ChunkSigner::new(&signer, &signed)?;
/// let signature = chunks.sign(&[b'a'; 65_536]);
/// assert_eq!(signature.to_string(), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ChunkSigner(pub(super) Chain<KeyToSign>);

impl ChunkSigner {
    /// Continues from the signature of a request.
    ///
    /// # Errors
    ///
    /// [`EncodeError::OtherSigner`] where `signed` is not this signer's,
    /// [`EncodeError::OtherAlgorithm`] where what was signed is of a mode of
    /// another algorithm.
    pub fn new(signer: &Signer, signed: &AuthHeaders) -> Result<Self, EncodeError> {
        let to_sign = signed.explain().string_to_sign();
        let mut lines = to_sign.as_str().split('\n').skip(1);
        let time =
            lines.next().and_then(|time| Timestamp::parse(time).ok()).ok_or(EncodeError::OtherSigner)?;
        let scope = lines.next().unwrap_or_default();
        let key = signer.daily_state().at(signer, time).key.clone();
        // One signature more, and no stream can begin with another signer's seed.
        let again = key.sign_from(&mut to_sign.as_str().into(), 0);
        if !equal(again.as_bytes(), signed.signature().as_bytes()) {
            return Err(EncodeError::OtherSigner);
        }
        let algorithm = key.algorithm();
        let mode = StreamingMode::parse(signed.explain().canonical_request().payload_hash()).ok();
        if mode.and_then(Algorithm::of_streaming_mode).is_some_and(|of_mode| of_mode != algorithm) {
            return Err(EncodeError::OtherAlgorithm);
        }
        Ok(Self(Chain::new(key, algorithm, time, scope, signed.signature().clone())))
    }

    /// The signature of the next chunk. The last chunk has no data.
    pub fn sign(&mut self, data: &[u8]) -> ChunkSignature {
        self.0.update(data);
        self.0.sign_chunk()
    }

    /// The signature of the trailers, which follow the last chunk.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Trailer`]: not a name and a value, or a name that stands twice.
    pub fn sign_trailers(&mut self, trailers: &[(&str, &str)]) -> Result<ChunkSignature, EncodeError> {
        let mut given = Trailers::default();
        for (name, value) in trailers {
            let taken = given.declare(name) && given.give(name, value);
            taken.then_some(()).ok_or_else(|| EncodeError::Trailer { name: (*name).into() })?;
        }
        Ok(self.0.sign_trailers(&given))
    }

    /// The string to sign of the last signature.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        core::str::from_utf8(&self.0.text).unwrap_or_default()
    }
}

impl fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSigner(..)")
    }
}
