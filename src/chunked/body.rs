//! A body that is to be sent in chunks, before its first byte.
//!
//! ```text
//! encoded length = Σ length(head) + length(data) + 2, over the chunks and the zero chunk without its data's CRLF
//!                + Σ length(name ":" value CRLF), over the trailers and their signature
//!                + 2
//! ```
//!
//! Source: S3 API Reference, as in [the module](super). Not here: the data.

use alloc::string::String;
use alloc::vec::Vec;

use super::checksum::Running;
use super::trailers::Trailers;
use super::{
    CODING, CRLF, Checksum, ChunkSigner, DECODED_LENGTH, EXTENSION, EncodeError, Encoder, MIN_CHUNK_SIZE,
    TRAILER_NAMES, TRAILER_SIGNATURE,
};
use crate::payload::{Payload, StreamingMode};
use crate::sign::{AuthHeaders, Signer};
use crate::steps::algorithm::Algorithm;
use crate::steps::canonical_request::header;

/// Describes a body that is to be sent in chunks: what the request says of it,
/// how long it becomes, and what makes its frames.
///
/// ```
/// use countersign::chunked::Body;
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// let data = vec![b'a'; 66_560];
/// let body = Body::signed(66_560);
/// assert_eq!(body.encoded_length(), 66_824); // of S3's own example
///
/// // Its headers are part of what is signed.
/// let headers: Vec<(&str, &str)> = body.headers().collect();
/// let request = Request::new("PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt", &headers);
/// let signed = signer.sign(&request, body.payload(), Timestamp::now())?;
///
/// let mut encoder = body.encoder(&signer, &signed)?;
/// let mut sent = Vec::new();
/// for piece in data.chunks(1000) {
///     encoder.encode_to(piece, &mut sent)?;
/// }
/// sent.extend(encoder.finish(&[])?);
/// assert_eq!(sent.len(), 66_824);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Body {
    /// What signs the chunks; `None` where nothing does.
    algorithm: Option<Algorithm>,
    pub(super) decoded_length: u64,
    pub(super) chunk_size: usize,
    pub(super) checksum: Option<Checksum>,
    /// Names in lower case, and how long their values are.
    pub(super) trailers: Vec<(String, usize)>,
    decoded_length_text: String,
    content_encoding: String,
    names: String,
}

impl Body {
    /// Every chunk is signed; with a trailer the trailers are, too.
    /// `decoded_length` is the length of the data in bytes.
    ///
    /// For a signer of HMAC: [`signed_by`](Self::signed_by) is for any.
    #[must_use]
    pub fn signed(decoded_length: u64) -> Self {
        Self {
            algorithm: Some(Algorithm::Hmac),
            decoded_length,
            chunk_size: 64 << 10,
            checksum: None,
            trailers: Vec::new(),
            decoded_length_text: alloc::format!("{decoded_length}"),
            content_encoding: CODING.into(),
            names: String::new(),
        }
    }

    /// As [`signed`](Self::signed), in the mode of this signer's algorithm: a
    /// signer of SigV4a signs the chunks with ECDSA, too.
    #[must_use]
    pub fn signed_by(signer: &Signer, decoded_length: u64) -> Self {
        Self { algorithm: Some(signer.algorithm()), ..Self::signed(decoded_length) }
    }

    /// No chunk is signed, and a checksum follows: for TLS. It needs
    /// [`checksum`](Self::checksum), or another [`trailer`](Self::trailer).
    #[must_use]
    pub fn unsigned(decoded_length: u64) -> Self {
        Self { algorithm: None, ..Self::signed(decoded_length) }
    }

    /// Data in bytes of each chunk but the last; 64 KiB otherwise. One chunk
    /// is held in memory where the data comes in pieces.
    ///
    /// # Errors
    ///
    /// [`EncodeError::ChunkSize`] under [`MIN_CHUNK_SIZE`].
    pub fn chunk_size(self, size: usize) -> Result<Self, EncodeError> {
        if size < MIN_CHUNK_SIZE {
            return Err(EncodeError::ChunkSize { size, minimum: MIN_CHUNK_SIZE });
        }
        Ok(Self { chunk_size: size, ..self })
    }

    /// Computes a checksum of the data on the way, and sends it as a trailer.
    ///
    /// # Errors
    ///
    /// [`EncodeError::UnsupportedChecksum`] without the feature `checksums`;
    /// [`EncodeError::Trailer`] for a second checksum, which S3 refuses.
    pub fn checksum(self, checksum: Checksum) -> Result<Self, EncodeError> {
        if Running::new(checksum).is_none() {
            return Err(EncodeError::UnsupportedChecksum(checksum));
        }
        if self.checksum.is_some() {
            return Err(EncodeError::Trailer { name: checksum.name().into() });
        }
        let body = self.trailer(checksum.name(), checksum.value_length())?;
        Ok(Self { checksum: Some(checksum), ..body })
    }

    /// Announces a trailer of your own, whose value is given to
    /// [`Encoder::finish`]: its name, and how many bytes its value has.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Trailer`] for what is no name, or stands already.
    pub fn trailer(mut self, name: &str, value_length: usize) -> Result<Self, EncodeError> {
        let name = name.to_ascii_lowercase();
        self.trailers.push((name.clone(), value_length));
        let mut names = Trailers::default();
        if !self.trailers.iter().all(|(name, _)| names.declare(name)) {
            return Err(EncodeError::Trailer { name });
        }
        if !self.names.is_empty() {
            self.names.push(',');
        }
        self.names.push_str(&name);
        Ok(self)
    }

    /// The encoding of the data itself, such as `gzip`: it stands behind
    /// `aws-chunked` in `content-encoding`.
    #[must_use]
    pub fn content_encoding(self, encoding: &str) -> Self {
        Self { content_encoding: alloc::format!("{CODING},{encoding}"), ..self }
    }

    /// How it will be proven.
    #[must_use]
    pub const fn mode(&self) -> StreamingMode {
        match (self.algorithm, self.trailers.is_empty()) {
            (Some(Algorithm::Hmac), true) => StreamingMode::Signed,
            (Some(Algorithm::Hmac), false) => StreamingMode::SignedTrailer,
            #[cfg(feature = "sigv4a")]
            (Some(Algorithm::Ecdsa), true) => StreamingMode::SignedEcdsa,
            #[cfg(feature = "sigv4a")]
            (Some(Algorithm::Ecdsa), false) => StreamingMode::SignedEcdsaTrailer,
            (None, _) => StreamingMode::UnsignedTrailer,
        }
    }

    /// The payload to sign the request with.
    #[must_use]
    pub const fn payload(&self) -> Payload<'static> {
        Payload::Streaming(self.mode())
    }

    /// The headers that announce it: put them into the request before it is
    /// signed, and send them. Names in lower case.
    ///
    /// `content-length` is not among them, since most clients write it
    /// themselves; it is [`encoded_length`](Self::encoded_length).
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            ("content-encoding", self.content_encoding.as_str()),
            (DECODED_LENGTH, &self.decoded_length_text),
            (TRAILER_NAMES, &self.names),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// The length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// The length in bytes of all that will be sent: the `content-length`.
    /// `u64::MAX` for what no length can say.
    #[must_use]
    pub fn encoded_length(&self) -> u64 {
        let signature = self.algorithm.map(Algorithm::max_hex_len);
        let head = |size: u64| {
            let digits = u64::from(size.checked_ilog2().unwrap_or(0) / 4 + 1);
            digits + signature.map_or(0, |length| wide(EXTENSION.len() + length)) + wide(CRLF.len())
        };
        let chunk = |size: u64| head(size).saturating_add(size).saturating_add(wide(CRLF.len()));
        let size = wide(self.chunk_size);
        let (full, last) = (self.decoded_length / size, self.decoded_length % size);

        let line = |name: &str, length: usize| {
            wide(name.len() + ":".len() + CRLF.len()).saturating_add(wide(length))
        };
        let mut length = full.saturating_mul(chunk(size));
        length = length.saturating_add(if last > 0 { chunk(last) } else { 0 });
        length = length.saturating_add(head(0) + wide(CRLF.len()));
        for (name, value_length) in &self.trailers {
            length = length.saturating_add(line(name, *value_length));
        }
        match signature {
            Some(signature) if !self.trailers.is_empty() => {
                length.saturating_add(line(TRAILER_SIGNATURE, signature))
            }
            _ => length,
        }
    }

    /// What makes the frames: born with the signature of the request, whose
    /// key, time and scope are the stream's.
    ///
    /// **One for each signed request.** To send other data, sign anew: two
    /// bodies under one signature are both good, and who sees both may choose.
    ///
    /// # Errors
    ///
    /// [`EncodeError::OtherSigner`] where `signed` is not this signer's,
    /// [`EncodeError::OtherAlgorithm`] where this body is one of another
    /// algorithm,
    /// [`EncodeError::NotAnnounced`] where what was signed does not say what
    /// this body is, [`EncodeError::NoTrailer`] for an unsigned body without one.
    pub fn encoder(&self, signer: &Signer, signed: &AuthHeaders) -> Result<Encoder, EncodeError> {
        if self.mode().has_trailers() && self.trailers.is_empty() {
            return Err(EncodeError::NoTrailer);
        }
        let chain = self.algorithm.map(|_| ChunkSigner::new(signer, signed)).transpose()?;
        let request = signed.explain().canonical_request();
        if request.payload_hash() != self.mode().name() {
            return Err(EncodeError::NotAnnounced { name: "x-amz-content-sha256" });
        }
        let says = |name: &str, text: &str| {
            header(request.headers(), name).unwrap_or_default().eq_ignore_ascii_case(text.as_bytes())
        };
        for (name, text) in [
            (DECODED_LENGTH, &self.decoded_length_text),
            (TRAILER_NAMES, &self.names),
            ("content-encoding", &self.content_encoding),
        ] {
            if !says(name, text) {
                return Err(EncodeError::NotAnnounced { name });
            }
        }
        let length = header(request.headers(), "content-length");
        if length.is_some() && !says("content-length", &alloc::format!("{}", self.encoded_length())) {
            return Err(EncodeError::NotAnnounced { name: "content-length" });
        }
        Ok(Encoder::new(self, chain.map(|chain| chain.0)))
    }
}

/// A length in memory as one on the wire.
pub(super) fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
