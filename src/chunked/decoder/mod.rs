//! [`Decoder`] decodes the frames of a chunked body into data.
//!
//! In the signed modes a chunk's data is released once its signature was verified. If one
//! piece of the input contains the whole chunk, its data is not copied. Otherwise it is
//! released from a buffer that grows with the input. In the unsigned mode data is
//! released as it arrives.

mod chunks;
mod state;
mod trailers;
mod verified_body;

use alloc::string::String;
use core::fmt;

#[cfg(feature = "http-body")]
use bytes::Bytes;

use self::state::State;
use super::DecodeError;
#[cfg(feature = "sigv4a")]
use super::MIN_CHUNK_SIZE;
use super::chain::ChunkChain;
use super::line::Line;
use super::partial_chunk::PartialChunk;
use super::trailers::Trailers;
use crate::checksum::{Checksum, ChecksumHasher, UnknownChecksums};
use crate::payload::StreamingMode;
use crate::steps::Algorithm;
use crate::verify::{BodyCheck, SignatureKey, StreamHeaders, Verified};

pub use self::trailers::LineEndings;
pub use self::verified_body::VerifiedBody;

/// Decodes a chunked body from pieces of any size, and verifies it.
///
/// **The body is complete only once [`finish`](Self::finish) succeeds.** Until then store
/// the data where it can still be discarded.
///
/// ```
/// use countersign::chunked::Decoder;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let request = Request::new("PUT", "/k", &[("host", "b.s3.amazonaws.com")]);
/// # let (signed, mut encoder) = signer.sign_chunked(&request, &chunked::ChunkedBody::signed(11), now)?;
/// # let mut socket = Vec::new();
/// # encoder.encode_to(b"hello world", &mut socket)?;
/// # socket.extend(encoder.finish(&[])?);
/// # let headers: Vec<(&str, &str)> = [("host", "b.s3.amazonaws.com")].into_iter().chain(signed.iter()).collect();
/// # let request = Request::new("PUT", "/k", &headers);
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
/// let key = claim.derive_key(&credentials);
/// let verified = claim.verify(&key)?;
///
/// let mut decoder = Decoder::new(&verified)?.with_max_chunk_size(1 << 20);
/// let mut stored = Vec::new();
/// for mut piece in socket.chunks(7) {
///     while let Some(data) = decoder.decode(&mut piece)? {
///         stored.extend_from_slice(data);
///     }
/// }
/// decoder.finish()?; // only now is the body complete
/// assert_eq!(stored, b"hello world");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a body is complete only once `finish` succeeds"]
pub struct Decoder {
    mode: StreamingMode,
    /// `None` if chunks are not signed.
    chain: Option<ChunkChain<SignatureKey>>,
    state: State,
    declared: u64,
    /// The declared length without the data released so far.
    left: u64,
    /// The current chunk's number, counted from 1.
    chunk: u64,
    min_chunk_size: u64,
    max_chunk_size: u64,
    line_endings: LineEndings,
    line: Line,
    partial: PartialChunk,
    trailers: Trailers,
    checksum: Option<(Checksum, ChecksumHasher)>,
    /// The name of an announced checksum that the caller must check.
    unknown_checksum: Option<String>,
}

impl Decoder {
    /// Creates a decoder for the body of a verified request.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError::NotChunked`] if [`Verified::body`] is not
    /// [`BodyCheck::Chunked`], and [`DecodeError::UnsupportedChecksum`] if the request announces a
    /// checksum that this build cannot compute.
    pub fn new(verified: &Verified) -> Result<Self, DecodeError> {
        Self::new_with(verified, UnknownChecksums::Refuse)
    }

    /// Creates a decoder as [`new`](Self::new) does, with a choice for checksums that this build
    /// cannot compute. The caller must check a checksum that is handed over:
    /// [`VerifiedBody::unchecked_checksum`] returns it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`new`](Self::new).
    pub fn new_with(verified: &Verified, unknown: UnknownChecksums) -> Result<Self, DecodeError> {
        let BodyCheck::Chunked(mode) = verified.body() else {
            return Err(DecodeError::NotChunked);
        };
        let StreamHeaders { decoded_length, trailer_names, checksum, unknown_checksum } =
            StreamHeaders::read(mode, || verified.headers(), unknown)?;
        let algorithm = Algorithm::of_streaming_mode(mode);
        let chain = match algorithm {
            Some(algorithm) => {
                // The key is of the same algorithm: `Verifier::claim` refuses any other mode.
                let (key, request) = verified.continuation().ok_or(DecodeError::NotChunked)?;
                let scope = alloc::format!("{}", verified.scope());
                Some(ChunkChain::new(key.clone(), algorithm, verified.signed_at(), &scope, request.clone()))
            }
            None => None,
        };
        Ok(Self {
            mode,
            chain,
            state: State::ChunkHeader,
            declared: decoded_length,
            left: decoded_length,
            chunk: 1,
            min_chunk_size: min_chunk_size(algorithm),
            max_chunk_size: 16 << 20,
            line_endings: LineEndings::CrLf,
            line: Line::default(),
            partial: PartialChunk::default(),
            trailers: Trailers::new(trailer_names),
            checksum: checksum.and_then(|checksum| Some((checksum, ChecksumHasher::supported(checksum)?))),
            unknown_checksum,
        })
    }

    /// Rejects chunks of less than `size` bytes, except the last.
    ///
    /// AWS refuses chunks below [`MIN_CHUNK_SIZE`](super::MIN_CHUNK_SIZE). This is the default for
    /// chunks with ECDSA signatures, which cost far more to verify than a small chunk costs to send.
    /// The default for other chunks is 1.
    pub fn with_min_chunk_size(self, size: u64) -> Self {
        Self { min_chunk_size: size, ..self }
    }

    /// Rejects signed chunks of more than `size` bytes (default: 16 MiB).
    ///
    /// The decoder buffers up to one signed chunk.
    pub fn with_max_chunk_size(self, size: u64) -> Self {
        Self { max_chunk_size: size, ..self }
    }

    /// Sets which line endings are allowed among the trailers (default:
    /// [`LineEndings::CrLf`]).
    pub fn with_line_endings(self, line_endings: LineEndings) -> Self {
        Self { line_endings, ..self }
    }

    /// Returns the length of the data in bytes, which the request states and signs.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.declared
    }

    /// Returns the mode of the body.
    #[cfg(feature = "http-body")]
    pub(crate) const fn mode(&self) -> StreamingMode {
        self.mode
    }

    /// Takes bytes from the front of `input`, and returns the next data whose signature was
    /// verified. Returns `None` once `input` is empty.
    ///
    /// In the mode [`UnsignedTrailer`](StreamingMode::UnsignedTrailer) data is returned as
    /// it arrives. It is not verified until [`finish`](Self::finish) succeeds, and then only
    /// by its checksum.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body is invalid. Every later call returns the same
    /// error.
    pub fn decode<'d, 'i: 'd>(&'d mut self, input: &mut &'i [u8]) -> Result<Option<&'d [u8]>, DecodeError> {
        let released = self.advance_or_fail(input)?;
        Ok(released.map(|released| {
            let data = match released {
                Released::Input(data) => data,
                Released::Buffered => &self.partial,
            };
            if let Some((_, checksum)) = &mut self.checksum {
                checksum.update(data);
            }
            data
        }))
    }

    /// Takes bytes from the front of `input`, as [`decode`](Self::decode) does. Data that lies whole in
    /// `input` is not copied.
    #[cfg(feature = "http-body")]
    pub(crate) fn decode_bytes(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, DecodeError> {
        let mut rest: &[u8] = input;
        let released = self.advance_or_fail(&mut rest)?.map(|released| match released {
            Released::Input(data) => Some(data.len()),
            Released::Buffered => None,
        });
        let mut taken = input.split_to(input.len() - rest.len());
        let Some(released) = released else { return Ok(None) };
        let data = match released {
            // The data is the last part of what was taken; the chunk's first line may precede it.
            Some(length) => taken.split_off(taken.len() - length),
            None => Bytes::from(self.partial.take()),
        };
        if let Some((_, checksum)) = &mut self.checksum {
            checksum.update(&data);
        }
        Ok(Some(data))
    }

    /// Advances until data can be released. Keeps the error if there is one.
    fn advance_or_fail<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Released<'i>>, DecodeError> {
        self.advance(input).inspect_err(|error| {
            self.partial = PartialChunk::default();
            self.state = State::Failed(error.clone());
        })
    }

    /// Checks that the body is complete, and returns the proof.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError::Incomplete`] if a part of the body was not received, or the
    /// error that [`decode`](Self::decode) returned.
    pub fn finish(self) -> Result<VerifiedBody, DecodeError> {
        match self.state {
            State::Done => Ok(VerifiedBody {
                length: self.declared,
                trailers: self.trailers,
                unchecked: self.unknown_checksum,
            }),
            State::Failed(error) => Err(error),
            _ => Err(self.incomplete()),
        }
    }

    fn incomplete(&self) -> DecodeError {
        DecodeError::Incomplete { declared: self.declared, received: self.declared - self.left }
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("mode", &self.mode).field("left", &self.left).finish_non_exhaustive()
    }
}

const fn min_chunk_size(algorithm: Option<Algorithm>) -> u64 {
    match algorithm {
        #[cfg(feature = "sigv4a")]
        Some(Algorithm::Ecdsa) => MIN_CHUNK_SIZE,
        _ => 1,
    }
}

/// The location of released data.
enum Released<'i> {
    /// A part of the caller's input.
    Input(&'i [u8]),
    /// The whole buffer, [`Decoder::partial`].
    Buffered,
}

#[cfg(test)]
mod tests;
