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
//! Source: S3 API Reference, as in [the module](super). Not here: how chunks
//! and signatures are framed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use smallvec::SmallVec;

use super::EncodeError;
use super::trailers::Trailers;
use crate::crypto::{EMPTY_SHA256, Sha256Stream, equal, hex32, sha256};
use crate::sign::{AuthHeaders, Signer};
use crate::steps::SigningKey;
use crate::time::Timestamp;

/// A signature as it stands in the text: of the request, of a chunk, or of
/// the trailers.
pub(super) type SignatureText = SmallVec<[u8; 64]>;

/// The key of a whole stream, frozen with its first signature. Each algorithm
/// is one variant.
pub(super) enum ChunkKey {
    Hmac(SigningKey),
}

/// What a string to sign is about: the end of its first line.
#[derive(Clone, Copy)]
enum Part {
    Payload,
    Trailer,
}

impl ChunkKey {
    const fn label(&self, part: Part) -> &'static str {
        match (self, part) {
            (Self::Hmac(_), Part::Payload) => "AWS4-HMAC-SHA256-PAYLOAD",
            (Self::Hmac(_), Part::Trailer) => "AWS4-HMAC-SHA256-TRAILER",
        }
    }

    fn sign(&self, text: &[u8]) -> SignatureText {
        match self {
            Self::Hmac(key) => SignatureText::from_slice(&key.sign_bytes(text).hex()),
        }
    }

    fn verify(&self, text: &[u8], received: &[u8]) -> bool {
        match self {
            Self::Hmac(_) => equal(&self.sign(text), received),
        }
    }
}

/// Where a stream's signatures have come to.
pub(super) struct Chain {
    key: ChunkKey,
    /// The lines with time and scope, the same in every string to sign.
    common: String,
    previous: SignatureText,
    /// Of the chunk's data, so far.
    hash: Sha256Stream,
    /// The string to sign, written anew for each.
    text: Vec<u8>,
}

impl Chain {
    pub(super) fn new(key: ChunkKey, time: Timestamp, scope: &str, seed: SignatureText) -> Self {
        let common = alloc::format!("\n{time}\n{scope}\n");
        Self { key, common, previous: seed, hash: Sha256Stream::default(), text: Vec::new() }
    }

    /// The next piece of the chunk's data, hashed where it lies.
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.hash.update(piece);
    }

    /// The signature of the chunk whose data came.
    pub(super) fn sign_chunk(&mut self) -> &SignatureText {
        self.write_chunk();
        self.sign()
    }

    pub(super) fn sign_trailers(&mut self, trailers: &Trailers) -> &SignatureText {
        self.write_trailers(trailers);
        self.sign()
    }

    /// Whether this is the chunk's signature. If so, it is the one before the next.
    pub(super) fn verify_chunk(&mut self, received: SignatureText) -> bool {
        self.write_chunk();
        self.verify(received)
    }

    pub(super) fn verify_trailers(&mut self, trailers: &Trailers, received: SignatureText) -> bool {
        self.write_trailers(trailers);
        self.verify(received)
    }

    fn write_chunk(&mut self) {
        let digest = core::mem::take(&mut self.hash).finish();
        self.begin(Part::Payload);
        self.text.extend_from_slice(EMPTY_SHA256.as_bytes());
        self.text.push(b'\n');
        self.text.extend_from_slice(&hex32(&digest));
    }

    fn write_trailers(&mut self, trailers: &Trailers) {
        self.begin(Part::Trailer);
        self.text.extend_from_slice(&hex32(&sha256(trailers.block().as_bytes())));
    }

    fn begin(&mut self, part: Part) {
        self.text.clear();
        self.text.extend_from_slice(self.key.label(part).as_bytes());
        self.text.extend_from_slice(self.common.as_bytes());
        self.text.extend_from_slice(&self.previous);
        self.text.push(b'\n');
    }

    fn sign(&mut self) -> &SignatureText {
        self.previous = self.key.sign(&self.text);
        &self.previous
    }

    fn verify(&mut self, received: SignatureText) -> bool {
        let right = self.key.verify(&self.text, &received);
        self.previous = received;
        right
    }
}

/// A signature of a chunk or of trailers. It prints as it stands in the body.
pub struct ChunkSignature(SignatureText);

impl fmt::Display for ChunkSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or_default())
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
/// use countersign::chunked::{ChunkSigner, Mode};
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
/// let signed = signer.sign(&request, Payload::Literal(Mode::Signed.name()), time)?;
///
/// let mut chunks = ChunkSigner::new(&signer, &signed)?;
/// let signature = chunks.sign(&[b'a'; 65_536]);
/// assert_eq!(signature.to_string(), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ChunkSigner(pub(super) Chain);

impl ChunkSigner {
    /// Continues from the signature of a request.
    ///
    /// # Errors
    ///
    /// [`EncodeError::OtherSigner`] where `signed` is not this signer's.
    pub fn new(signer: &Signer, signed: &AuthHeaders) -> Result<Self, EncodeError> {
        let to_sign = signed.explain().string_to_sign();
        let mut lines = to_sign.as_str().split('\n').skip(1);
        let time = lines.next().and_then(Timestamp::parse).ok_or(EncodeError::OtherSigner)?;
        let scope = lines.next().unwrap_or_default();
        let key = signer.signing_key(time).map_err(|_| EncodeError::OtherSigner)?;
        // One HMAC, and no stream can begin with another signer's seed.
        if !key.sign(&to_sign).matches(signed.signature()) {
            return Err(EncodeError::OtherSigner);
        }
        let seed = SignatureText::from_slice(&signed.signature().hex());
        Ok(Self(Chain::new(ChunkKey::Hmac(key), time, scope, seed)))
    }

    /// The signature of the next chunk. The last chunk has no data.
    pub fn sign(&mut self, data: &[u8]) -> ChunkSignature {
        self.0.update(data);
        ChunkSignature(self.0.sign_chunk().clone())
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
        Ok(ChunkSignature(self.0.sign_trailers(&given).clone()))
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
