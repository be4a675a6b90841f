//! [`Encoder`] encodes data into the frames of a chunked body.
//!
//! A chunk's first line contains the signature of the chunk's data, so a frame can be
//! sent only once its chunk is complete. If one piece of the input contains the whole
//! chunk, its data is signed and returned without a copy. If the chunk arrives in several
//! pieces, its data is copied once, to a buffer of at most the chunk's size.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

#[cfg(feature = "http-body")]
use bytes::Bytes;

use super::body::ChunkedBody;
use super::chain::ChunkChain;
use super::frame::{ChunkFrame, write_header};
use super::partial_chunk::PartialChunk;
use super::trailers::Trailers;
use super::{CRLF, EncodeError, to_u64};
use crate::checksum::{Checksum, ChecksumHasher};
use crate::sign::SignKey;
use crate::verify::{TRAILER_SIGNATURE, TrailerNames};

/// Encodes one chunked body. [`Signer::sign_chunked`](crate::Signer::sign_chunked)
/// creates it together with the request's headers.
///
/// The body ends with the bytes that [`finish`](Self::finish) returns.
///
/// ```
/// use countersign::chunked::ChunkedBody;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
/// let body = ChunkedBody::signed(11);
/// let (signed, mut encoder) = signer.sign_chunked(&request, &body, Timestamp::now())?;
/// let mut sent = Vec::new();
/// encoder.encode_to(b"hello ", &mut sent)?;
/// assert!(sent.is_empty()); // the chunk is not complete
/// encoder.encode_to(b"world", &mut sent)?;
/// sent.extend(encoder.finish(&[])?);
/// assert_eq!(sent.len() as u64, body.encoded_length(&signer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A finished encoder takes no more data:
///
/// ```compile_fail
/// # use countersign::chunked::{EncodeError, Encoder};
/// fn after_the_end(mut encoder: Encoder) -> Result<(), EncodeError> {
///     let mut body = encoder.finish(&[])?;
///     encoder.encode_to(b"one more", &mut body)
/// }
/// ```
#[must_use = "a body ends with what `finish` returns"]
pub struct Encoder {
    /// `None` if chunks are not signed.
    chain: Option<ChunkChain<SignKey>>,
    declared: u64,
    encoded_length: u64,
    /// The declared length without the complete chunks.
    left: u64,
    chunk_size: usize,
    partial: PartialChunk,
    /// True once `partial` was returned in a frame. The next call clears it.
    is_partial_sent: bool,
    header: String,
    checksum: Option<(Checksum, ChecksumHasher)>,
    /// The declared trailers, with the lengths of their values.
    trailers: Vec<(String, usize)>,
    trailer_names: TrailerNames,
}

impl Encoder {
    pub(super) fn new(body: &ChunkedBody, encoded_length: u64, chain: Option<ChunkChain<SignKey>>) -> Self {
        let start = |checksum| Some((checksum, ChecksumHasher::supported(checksum)?));
        Self {
            chain,
            declared: body.decoded_length(),
            encoded_length,
            left: body.decoded_length(),
            chunk_size: body.chunk_size(),
            partial: PartialChunk::default(),
            is_partial_sent: false,
            header: String::new(),
            checksum: body.checksum().and_then(start),
            trailers: body.trailers().into(),
            trailer_names: body.trailer_names().clone(),
        }
    }

    /// Takes data from the front of `input`, and returns the next frame once its
    /// chunk is complete. Returns `None` once `input` is empty.
    ///
    /// ```
    /// # use countersign::chunked::ChunkedBody;
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
    /// # let body = ChunkedBody::signed(100_000);
    /// # let (_, mut encoder) = signer.sign_chunked(&request, &body, Timestamp::now())?;
    /// # let data = vec![7; 100_000];
    /// # let mut socket = Vec::new();
    /// let mut input = data.as_slice();
    /// while let Some(frame) = encoder.encode(&mut input)? {
    ///     for part in frame.parts() {
    ///         socket.extend_from_slice(part); // or one vectored write
    ///     }
    /// }
    /// socket.extend(encoder.finish(&[])?);
    /// # assert_eq!(socket.len() as u64, body.encoded_length(&signer));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::TooMuchData`] if `input` exceeds the declared length. `input`
    /// is then unchanged.
    pub fn encode<'e, 'i: 'e>(
        &'e mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<ChunkFrame<'e>>, EncodeError> {
        Ok(self.advance(input)?.map(|data| {
            let data = match data {
                EncodedData::Input(piece) => piece,
                EncodedData::Buffered => &self.partial,
            };
            ChunkFrame::new(&self.header, data)
        }))
    }

    /// Takes data from the front of `input` until a chunk is complete, and writes the chunk's header.
    /// Returns the location of the chunk's data.
    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<EncodedData<'i>>, EncodeError> {
        if core::mem::take(&mut self.is_partial_sent) {
            self.partial.clear();
        }
        if to_u64(input.len()) > self.left.saturating_sub(to_u64(self.partial.len())) {
            return Err(EncodeError::TooMuchData { declared: self.declared });
        }
        let size = usize::try_from(self.left).map_or(self.chunk_size, |left| left.min(self.chunk_size));
        let taken = (size - self.partial.len().min(size)).min(input.len());
        let Some((piece, rest)) = input.split_at_checked(taken).filter(|(piece, _)| !piece.is_empty()) else {
            return Ok(None);
        };
        *input = rest;
        if let Some((_, checksum)) = &mut self.checksum {
            checksum.update(piece);
        }
        let data = if piece.len() == size {
            if let Some(chain) = &mut self.chain {
                chain.update(piece);
            }
            EncodedData::Input(piece)
        } else {
            self.partial.add(piece, self.chain.as_mut());
            if self.partial.len() < size {
                return Ok(None);
            }
            self.is_partial_sent = true;
            EncodedData::Buffered
        };
        self.left -= to_u64(size);
        write_header(&mut self.header, size, self.chain.as_mut().map(ChunkChain::sign_chunk));
        Ok(Some(data))
    }

    /// Takes data from the front of `input`, and returns the next chunk, once it is complete, as pieces to
    /// send in order. The data is not copied if `input` contains the whole chunk.
    #[cfg(feature = "http-body")]
    pub(crate) fn encode_bytes(&mut self, input: &mut Bytes) -> Result<Option<[Bytes; 3]>, EncodeError> {
        let mut rest: &[u8] = input;
        let data = self.advance(&mut rest)?.map(|data| match data {
            EncodedData::Input(_) => true,
            EncodedData::Buffered => false,
        });
        let taken = input.split_to(input.len() - rest.len());
        Ok(data.map(|is_whole| {
            // If the input has the whole chunk, nothing else was taken from it.
            let data = if is_whole { taken } else { Bytes::from(self.partial.take()) };
            [Bytes::copy_from_slice(self.header.as_bytes()), data, Bytes::from_static(CRLF.as_bytes())]
        }))
    }

    /// Returns the length in bytes of the encoded body, as
    /// [`ChunkedBody::encoded_length`] does.
    #[must_use]
    pub const fn encoded_length(&self) -> u64 {
        self.encoded_length
    }

    /// Encodes `piece`, and appends every frame that it completes to `out`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encode`](Self::encode).
    pub fn encode_to(&mut self, mut piece: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        while let Some(frame) = self.encode(&mut piece)? {
            frame.parts().into_iter().for_each(|part| out.extend_from_slice(part));
        }
        Ok(())
    }

    /// Returns the rest of the body, which follows the last frame: the zero chunk and the
    /// trailers.
    ///
    /// `trailers` must contain a value for each trailer that
    /// [`with_trailer`](ChunkedBody::with_trailer) declared. The encoder computes the
    /// [checksum](ChunkedBody::with_checksum).
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::TooLittleData`] if the declared length was not reached, and
    /// [`EncodeError::TrailerMismatch`] if a trailer differs from its declaration.
    pub fn finish(mut self, trailers: &[(&str, &str)]) -> Result<Vec<u8>, EncodeError> {
        if self.left > 0 {
            let partial = if self.is_partial_sent { 0 } else { to_u64(self.partial.len()) };
            let given = self.declared - self.left + partial;
            return Err(EncodeError::TooLittleData { declared: self.declared, given });
        }
        let trailers = self.set_trailers(trailers)?;
        let mut out = String::new();
        write_header(&mut out, 0, self.chain.as_mut().map(ChunkChain::sign_chunk));
        for trailer in trailers.iter() {
            for part in [&trailer.name, ":", trailer.value.as_deref().unwrap_or_default(), CRLF] {
                out.push_str(part);
            }
        }
        if let Some(chain) = self.chain.as_mut().filter(|_| !trailers.is_empty()) {
            // Writing to a string does not fail.
            let _ = write!(out, "{TRAILER_SIGNATURE}:{}{CRLF}", chain.sign_trailers(&trailers));
        }
        out.push_str(CRLF);
        Ok(out.into_bytes())
    }

    /// Sets each declared trailer to the value that was given or computed for it.
    fn set_trailers(&mut self, given: &[(&str, &str)]) -> Result<Trailers, EncodeError> {
        let mut trailers = Trailers::new(core::mem::take(&mut self.trailer_names));
        let computed = self.checksum.take().map(|(checksum, state)| (checksum.name(), state.finish_base64()));
        let computed = computed.as_ref().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in given.iter().copied().chain(computed) {
            let declared = self.trailers.iter().find(|(declared, _)| declared.eq_ignore_ascii_case(name));
            let has_length = declared.is_some_and(|(_, length)| *length == value.len());
            if !has_length || !trailers.set(name, value) {
                return Err(EncodeError::TrailerMismatch { name: name.into() });
            }
        }
        match trailers.missing() {
            Some(name) => Err(EncodeError::TrailerMismatch { name: name.into() }),
            None => Ok(trailers),
        }
    }
}

/// The location of the data of a complete chunk.
enum EncodedData<'i> {
    /// A part of the caller's input.
    Input(&'i [u8]),
    /// The whole buffer, [`Encoder::partial`].
    Buffered,
}

/// Prints only the missing length, because the encoder holds a key and data.
impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("left", &self.left).finish_non_exhaustive()
    }
}
