//! [`ChunkChain`], the chain of signatures in a chunked body. Each signature covers the
//! previous one.
//!
//! ```text
//! StringToSign of a chunk =          StringToSign of the trailers =
//!     Algorithm-PAYLOAD + '\n' +         Algorithm-TRAILER + '\n' +
//!     RequestDateTime + '\n' +           RequestDateTime + '\n' +
//!     CredentialScope + '\n' +           CredentialScope + '\n' +
//!     previous signature + '\n' +        previous signature + '\n' +
//!     hex(SHA-256("")) + '\n' +          hex(SHA-256(trailers))
//!     hex(SHA-256(data))             trailers = *( name ":" value '\n' ), sorted by name
//! ```
//!
//! For SigV4a the string to sign contains the previous signature without its padding.
//!
//! Source: S3 API Reference, as in [the module](super); for SigV4a AWS's
//! `aws-c-auth`, `aws_signing.c`.

use alloc::string::String;
use alloc::vec::Vec;

use super::ChunkSignature;
use super::trailers::Trailers;
use crate::bytes::encode_32;
use crate::crypto::{EMPTY_SHA256, Sha256Stream, sha256};
use crate::sign::SignKey;
use crate::steps::Algorithm;
use crate::steps::Signature;
use crate::time::Timestamp;
use crate::verify::SignatureKey;

/// The suffix of the algorithm in a chunk's string to sign.
const PAYLOAD_SUFFIX: &str = "-PAYLOAD";
/// The suffix of the algorithm in the trailers' string to sign.
const TRAILER_SUFFIX: &str = "-TRAILER";

/// The state of a chain of signatures. One key signs or verifies all of them.
pub(super) struct ChunkChain<Key> {
    key: Key,
    algorithm: Algorithm,
    /// The lines with time and scope, which every string to sign contains.
    time_and_scope: String,
    previous: Signature,
    /// The hash of the current chunk's data so far.
    hash: Sha256Stream,
    /// The latest string to sign. Its allocation is reused.
    string_to_sign: Vec<u8>,
}

impl<Key> ChunkChain<Key> {
    /// Starts the chain at the signature of the request.
    pub(super) fn new(
        key: Key,
        algorithm: Algorithm,
        time: Timestamp,
        scope: &str,
        request: Signature,
    ) -> Self {
        Self {
            key,
            algorithm,
            time_and_scope: alloc::format!("\n{time}\n{scope}\n"),
            previous: request,
            hash: Sha256Stream::default(),
            string_to_sign: Vec::new(),
        }
    }

    /// Hashes the next piece of the current chunk's data.
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.hash.update(piece);
    }

    /// Returns the latest string to sign. It is empty before the first signature.
    pub(super) fn string_to_sign(&self) -> &str {
        core::str::from_utf8(&self.string_to_sign).unwrap_or_default()
    }

    /// Writes the string to sign of the current chunk, and starts the next chunk.
    fn write_chunk(&mut self) {
        let digest = core::mem::take(&mut self.hash).finish();
        self.write_prefix(PAYLOAD_SUFFIX);
        self.string_to_sign.extend_from_slice(EMPTY_SHA256.as_bytes());
        self.string_to_sign.push(b'\n');
        self.string_to_sign.extend_from_slice(&encode_32(&digest));
    }

    /// Writes the string to sign of the trailers.
    fn write_trailers(&mut self, trailers: &Trailers) {
        self.write_prefix(TRAILER_SUFFIX);
        self.string_to_sign.extend_from_slice(&encode_32(&sha256(trailers.canonical().as_bytes())));
    }

    /// Writes the first four lines of a string to sign.
    fn write_prefix(&mut self, suffix: &str) {
        self.string_to_sign.clear();
        self.string_to_sign.extend_from_slice(self.algorithm.name().as_bytes());
        self.string_to_sign.extend_from_slice(suffix.as_bytes());
        self.string_to_sign.extend_from_slice(self.time_and_scope.as_bytes());
        self.string_to_sign.extend_from_slice(&self.previous.hex());
        self.string_to_sign.push(b'\n');
    }
}

impl ChunkChain<SignKey> {
    /// Signs the chunk whose data [`update`](Self::update) hashed.
    pub(super) fn sign_chunk(&mut self) -> ChunkSignature {
        self.write_chunk();
        self.sign()
    }

    /// Signs the trailers.
    pub(super) fn sign_trailers(&mut self, trailers: &Trailers) -> ChunkSignature {
        self.write_trailers(trailers);
        self.sign()
    }

    fn sign(&mut self) -> ChunkSignature {
        self.previous = self.key.sign_from(&mut self.string_to_sign, 0);
        ChunkSignature::new(self.previous.clone(), self.algorithm)
    }
}

impl ChunkChain<SignatureKey> {
    /// Returns true if `received` signs the chunk whose data [`update`](Self::update)
    /// hashed.
    #[must_use]
    pub(super) fn verify_chunk(&mut self, received: Signature) -> bool {
        self.write_chunk();
        self.verify(received)
    }

    /// Returns true if `received` signs the trailers.
    #[must_use]
    pub(super) fn verify_trailers(&mut self, trailers: &Trailers, received: Signature) -> bool {
        self.write_trailers(trailers);
        self.verify(received)
    }

    fn verify(&mut self, received: Signature) -> bool {
        let matches = self.key.verifies(&self.string_to_sign, &received);
        self.previous = received;
        matches
    }
}
