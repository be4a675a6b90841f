//! [`ChunkedBody`] describes a chunked body before its data is known.
//!
//! ```text
//! encoded length = Σ length(chunk header) + length(data) + 2      over the chunks with data
//!                + length(zero chunk's header)
//!                + Σ length(name ":" value CRLF)                  over the trailers and their signature
//!                + 2
//! ```
//!
//! Source: S3 API Reference, as in [the module](super).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{AWS_CHUNKED, CHUNK_SIGNATURE, CRLF, EncodeError, MIN_CHUNK_SIZE, to_u64};
use crate::checksum::Checksum;
use crate::payload::StreamingMode;
use crate::sign::Signer;
use crate::steps::Algorithm;
use crate::verify::{DECODED_CONTENT_LENGTH, TRAILER, TRAILER_SIGNATURE, TrailerNames};

/// Describes a body that is sent in chunks: the length of its data, whether
/// chunks are signed, and its trailers.
///
/// [`Signer::sign_chunked`] signs a request for it.
///
/// ```
/// use countersign::Checksum;
/// use countersign::chunked::ChunkedBody;
/// # use countersign::*;
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
///
/// // 65 KiB in chunks of 64 KiB, as in S3's own example.
/// let body = ChunkedBody::signed(66_560);
/// assert_eq!(body.encoded_length(&signer), 66_824);
///
/// // The same data, gzipped elsewhere, in smaller chunks and with a trailer.
/// let body = ChunkedBody::signed(66_560)
///     .with_content_encoding("gzip")
///     .with_chunk_size(16 << 10)?
///     .with_trailer("x-amz-meta-lines", 4)?;
/// assert_eq!(body.encoded_length(&signer), 67_203);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ChunkedBody {
    signed: bool,
    decoded_length: u64,
    chunk_size: usize,
    checksum: Option<Checksum>,
    /// The names of the trailers in lower case, in the order of their declaration, with the lengths
    /// of their values.
    trailers: Vec<(String, usize)>,
    trailer_names: TrailerNames,
    content_encoding: String,
}

impl ChunkedBody {
    /// Describes a body whose chunks and trailers are signed. `decoded_length`
    /// is the length of the data in bytes.
    #[must_use]
    pub fn signed(decoded_length: u64) -> Self {
        Self {
            signed: true,
            decoded_length,
            chunk_size: 64 << 10,
            checksum: None,
            trailers: Vec::new(),
            trailer_names: TrailerNames::default(),
            content_encoding: AWS_CHUNKED.into(),
        }
    }

    /// Describes a body whose chunks are not signed. It needs a
    /// [checksum](Self::with_checksum) or another [trailer](Self::with_trailer).
    ///
    /// Use it only over TLS: the checksum detects damage, but an attacker can
    /// recompute it.
    #[must_use]
    pub fn unsigned(decoded_length: u64) -> Self {
        Self { signed: false, ..Self::signed(decoded_length) }
    }

    /// Sets how many bytes of data every chunk except the last contains (default:
    /// 64 KiB).
    ///
    /// The encoder buffers up to one chunk.
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::InvalidChunkSize`] if `size` is below [`MIN_CHUNK_SIZE`]
    /// or exceeds `usize`.
    pub fn with_chunk_size(self, size: u64) -> Result<Self, EncodeError> {
        let valid = usize::try_from(size).ok().filter(|_| size >= MIN_CHUNK_SIZE);
        let chunk_size = valid.ok_or(EncodeError::InvalidChunkSize { size, min: MIN_CHUNK_SIZE })?;
        Ok(Self { chunk_size, ..self })
    }

    /// Adds a checksum of the data. The encoder computes the checksum while it encodes
    /// the data, and writes it as a trailer.
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::UnsupportedChecksum`] without the feature `checksums`, and
    /// [`EncodeError::InvalidTrailer`] for a second checksum, which S3 refuses, or for a
    /// name that is already a trailer.
    pub fn with_checksum(self, checksum: Checksum) -> Result<Self, EncodeError> {
        if !Checksum::is_supported() {
            return Err(EncodeError::UnsupportedChecksum { checksum });
        }
        if self.checksum.is_some() {
            return Err(EncodeError::InvalidTrailer { name: checksum.name().into() });
        }
        let body = self.with_trailer(checksum.name(), checksum.value_length())?;
        Ok(Self { checksum: Some(checksum), ..body })
    }

    /// Declares another trailer by its name and the length of its value in
    /// bytes. [`Encoder::finish`](super::Encoder::finish) takes the value.
    ///
    /// # Errors
    ///
    /// Returns [`EncodeError::InvalidTrailer`] if `name` is not a header name, is
    /// repeated, or is `x-amz-trailer-signature`, or if the body has 16 trailers already.
    pub fn with_trailer(mut self, name: &str, value_length: usize) -> Result<Self, EncodeError> {
        let name = name.to_ascii_lowercase();
        if !self.trailer_names.declare(&name) {
            return Err(EncodeError::InvalidTrailer { name });
        }
        self.trailers.push((name, value_length));
        Ok(self)
    }

    /// Sets the encoding of the data itself, such as `gzip`. The request's
    /// `content-encoding` is then `aws-chunked,gzip`.
    #[must_use]
    pub fn with_content_encoding(self, encoding: &str) -> Self {
        Self { content_encoding: format!("{AWS_CHUNKED},{encoding}"), ..self }
    }

    /// Returns the length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Returns the payload mode of the request when `signer` signs it. A signer
    /// of SigV4a signs the chunks with ECDSA, any other signer with HMAC.
    #[must_use]
    pub const fn mode(&self, signer: &Signer) -> StreamingMode {
        match (self.signed, signer.algorithm(), self.trailers.is_empty()) {
            (false, ..) => StreamingMode::UnsignedTrailer,
            (true, Algorithm::Hmac, true) => StreamingMode::Signed,
            (true, Algorithm::Hmac, false) => StreamingMode::SignedTrailer,
            #[cfg(feature = "sigv4a")]
            (true, Algorithm::Ecdsa, true) => StreamingMode::SignedEcdsa,
            #[cfg(feature = "sigv4a")]
            (true, Algorithm::Ecdsa, false) => StreamingMode::SignedEcdsaTrailer,
        }
    }

    /// Returns the length in bytes of the encoded body, which is the request's
    /// `content-length`. The signer is needed because signatures of SigV4a are longer.
    ///
    /// Returns `u64::MAX` if the length exceeds it.
    #[must_use]
    pub fn encoded_length(&self, signer: &Signer) -> u64 {
        let signature = Algorithm::of_streaming_mode(self.mode(signer)).map(Algorithm::max_hex_len);
        let size = to_u64(self.chunk_size);
        let (full, last) = (self.decoded_length / size, self.decoded_length % size);
        let zero_chunk = header_length(0, signature);
        [
            full.saturating_mul(chunk_length(size, signature)),
            if last > 0 { chunk_length(last, signature) } else { 0 },
            zero_chunk,
            self.trailers_length(signature),
            to_u64(CRLF.len()),
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }

    /// Returns the length of the trailers' lines, and of the line with their signature.
    fn trailers_length(&self, signature: Option<usize>) -> u64 {
        let line = |name: &str, value_length: usize| {
            to_u64(name.len() + ":".len() + CRLF.len()).saturating_add(to_u64(value_length))
        };
        let signature = signature.filter(|_| !self.trailers.is_empty());
        let lines = self.trailers.iter().map(|(name, value_length)| line(name, *value_length));
        lines.chain(signature.map(|length| line(TRAILER_SIGNATURE, length))).fold(0, u64::saturating_add)
    }

    /// Returns the headers that announce the body, without `content-length`.
    pub(super) fn announcement(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::from([
            ("content-encoding", self.content_encoding.clone()),
            (DECODED_CONTENT_LENGTH, format!("{}", self.decoded_length)),
        ]);
        if !self.trailers.is_empty() {
            let names: Vec<&str> = self.trailers.iter().map(|(name, _)| name.as_str()).collect();
            headers.push((TRAILER, names.join(",")));
        }
        headers
    }

    pub(super) const fn chunk_size(&self) -> usize {
        self.chunk_size
    }

    pub(super) const fn checksum(&self) -> Option<Checksum> {
        self.checksum
    }

    pub(super) fn trailers(&self) -> &[(String, usize)] {
        &self.trailers
    }

    pub(super) const fn trailer_names(&self) -> &TrailerNames {
        &self.trailer_names
    }
}

/// Returns the length of a chunk's first line, for `size` bytes of data and a signature
/// of `signature` characters.
fn header_length(size: u64, signature: Option<usize>) -> u64 {
    let digits = u64::from(size.checked_ilog2().unwrap_or(0) / 4 + 1);
    let extension = signature.map_or(0, |length| CHUNK_SIGNATURE.len() + length);
    digits + to_u64(extension + CRLF.len())
}

/// Returns the length of a whole chunk with `size` bytes of data.
fn chunk_length(size: u64, signature: Option<usize>) -> u64 {
    header_length(size, signature).saturating_add(size).saturating_add(to_u64(CRLF.len()))
}
