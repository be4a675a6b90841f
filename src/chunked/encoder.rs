//! Data in, frames out.
//!
//! A chunk's line has the signature of its data, so a frame begins when its
//! chunk is whole. A chunk that is whole in the caller's piece is signed and
//! handed out where it lies; one that comes in several is copied once, into a
//! buffer of at most its size. Not here: sending.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::body::{Body, wide};
use super::chain::{Chain, ChunkSignature};
use super::checksum::Running;
use super::held::Held;
use super::trailers::Trailers;
use super::{CRLF, EXTENSION, EncodeError, TRAILER_SIGNATURE};
use crate::steps::algorithm::KeyToSign;

/// Makes the frames of one body: [`Body::encoder`] begins it,
/// [`finish`](Self::finish) ends it.
///
/// ```
/// use countersign::chunked::Body;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let body = Body::signed(11);
/// # let headers: Vec<(&str, &str)> = body.headers().collect();
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &headers);
/// # let signed = signer.sign(&request, body.payload(), Timestamp::now())?;
/// let mut encoder = body.encoder(&signer, &signed)?;
/// let mut sent = Vec::new();
/// encoder.encode_to(b"hello ", &mut sent)?;
/// assert!(sent.is_empty()); // the chunk is not whole
/// encoder.encode_to(b"world", &mut sent)?;
/// sent.extend(encoder.finish(&[])?);
/// assert_eq!(sent.len() as u64, body.encoded_length());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a body is whole only with what `finish` returns"]
pub struct Encoder {
    /// `None` where chunks are not signed.
    chain: Option<Chain<KeyToSign>>,
    declared: u64,
    /// What is still to come, counted in whole chunks.
    left: u64,
    chunk_size: usize,
    /// The beginning of a chunk, until it is whole; then until it is handed out.
    held: Held,
    handed_out: bool,
    head: String,
    checksum: Option<Running>,
    /// What was declared, with each value's length.
    trailers: Vec<(String, usize)>,
    checksum_name: Option<&'static str>,
}

impl Encoder {
    pub(super) fn new(body: &Body, chain: Option<Chain<KeyToSign>>) -> Self {
        Self {
            chain,
            declared: body.decoded_length,
            left: body.decoded_length,
            chunk_size: body.chunk_size,
            held: Held::default(),
            handed_out: false,
            head: String::new(),
            checksum: body.checksum.and_then(Running::new),
            trailers: body.trailers.clone(),
            checksum_name: body.checksum.map(super::Checksum::name),
        }
    }

    /// Takes from `input`, and returns the next frame to send once its chunk
    /// is whole; `None` when the input is used up.
    ///
    /// ```
    /// # use countersign::chunked::Body;
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let body = Body::signed(100_000);
    /// # let headers: Vec<(&str, &str)> = body.headers().collect();
    /// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &headers);
    /// # let signed = signer.sign(&request, body.payload(), Timestamp::now())?;
    /// # let mut encoder = body.encoder(&signer, &signed)?;
    /// # let data = vec![7; 100_000];
    /// # let mut socket = Vec::new();
    /// let mut input = data.as_slice();
    /// while let Some(frame) = encoder.encode(&mut input)? {
    ///     for part in frame.parts() {
    ///         socket.extend_from_slice(part); // or one vectored write
    ///     }
    /// }
    /// socket.extend(encoder.finish(&[])?);
    /// # assert_eq!(socket.len() as u64, body.encoded_length());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EncodeError::TooMuchData`]; the input is then left as it is.
    pub fn encode<'e, 'i: 'e>(&'e mut self, input: &mut &'i [u8]) -> Result<Option<Frame<'e>>, EncodeError> {
        if self.handed_out {
            self.held.clear();
            self.handed_out = false;
        }
        if wide(input.len()) > self.left.saturating_sub(wide(self.held.len())) {
            return Err(EncodeError::TooMuchData { declared: self.declared });
        }
        let size = usize::try_from(self.left).map_or(self.chunk_size, |left| left.min(self.chunk_size));
        let taken = (size - self.held.len().min(size)).min(input.len());
        let Some((piece, rest)) = input.split_at_checked(taken).filter(|(piece, _)| !piece.is_empty()) else {
            return Ok(None);
        };
        *input = rest;
        if let Some(checksum) = &mut self.checksum {
            checksum.update(piece);
        }
        let data: &'e [u8] = if piece.len() == size {
            if let Some(chain) = &mut self.chain {
                chain.update(piece);
            }
            piece
        } else {
            self.held.add(piece, self.chain.as_mut());
            if self.held.len() < size {
                return Ok(None);
            }
            self.handed_out = true;
            &self.held
        };
        self.left -= wide(size);
        let signature = self.chain.as_mut().map(Chain::sign_chunk);
        write_head(&mut self.head, size, signature);
        Ok(Some(Frame { head: &self.head, data }))
    }

    /// As [`encode`](Self::encode): writes all frames that `piece` completes
    /// to the end of `out`.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    pub fn encode_to(&mut self, mut piece: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        while let Some(frame) = self.encode(&mut piece)? {
            frame.parts().into_iter().for_each(|part| out.extend_from_slice(part));
        }
        Ok(())
    }

    /// What is sent behind the last frame: the zero chunk and the trailers.
    /// `trailers` are those that [`Body::trailer`] declared, names and values;
    /// a [`checksum`](Body::checksum) is not among them.
    ///
    /// # Errors
    ///
    /// [`EncodeError::TooLittleData`], and [`EncodeError::Trailer`] for one
    /// that is not as it was declared.
    pub fn finish(mut self, trailers: &[(&str, &str)]) -> Result<Vec<u8>, EncodeError> {
        if self.left > 0 {
            let held = if self.handed_out { 0 } else { wide(self.held.len()) };
            let given = self.declared - self.left + held;
            return Err(EncodeError::TooLittleData { declared: self.declared, given });
        }
        let trailers = self.values(trailers)?;
        let mut out = String::new();
        let signature = self.chain.as_mut().map(Chain::sign_chunk);
        write_head(&mut out, 0, signature);
        for trailer in trailers.iter() {
            for part in [&trailer.name, ":", trailer.value.as_deref().unwrap_or_default(), CRLF] {
                out.push_str(part);
            }
        }
        if let Some(chain) = self.chain.as_mut().filter(|_| !trailers.is_empty()) {
            let _ = write!(out, "{TRAILER_SIGNATURE}:{}{CRLF}", chain.sign_trailers(&trailers));
        }
        out.push_str(CRLF);
        Ok(out.into_bytes())
    }

    /// The trailers, each given its value, of the length that was declared.
    fn values(&mut self, given: &[(&str, &str)]) -> Result<Trailers, EncodeError> {
        let mut trailers = Trailers::default();
        let checksum = self.checksum.take().map(Running::finish);
        let own = self.checksum_name.zip(checksum.as_deref());
        for (name, _) in &self.trailers {
            trailers.declare(name);
        }
        for (name, value) in given.iter().copied().chain(own) {
            let declared = self.trailers.iter().find(|(declared, _)| declared.eq_ignore_ascii_case(name));
            let right = declared.is_some_and(|(_, length)| *length == value.len());
            if !right || !trailers.give(name, value) {
                return Err(EncodeError::Trailer { name: name.into() });
            }
        }
        match trailers.missing() {
            Some(name) => Err(EncodeError::Trailer { name: name.into() }),
            None => Ok(trailers),
        }
    }
}

fn write_head(out: &mut String, size: usize, signature: Option<ChunkSignature>) {
    out.clear();
    // Writing to a string does not fail.
    let _ = write!(out, "{size:x}");
    if let Some(signature) = signature {
        let _ = write!(out, "{EXTENSION}{signature}");
    }
    out.push_str(CRLF);
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("left", &self.left).finish_non_exhaustive()
    }
}

/// One chunk as it is sent.
///
/// `Debug` shows its size alone: data can be secret.
///
/// ```
/// use countersign::chunked::Body;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let body = Body::signed(11);
/// # let headers: Vec<(&str, &str)> = body.headers().collect();
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &headers);
/// # let signed = signer.sign(&request, body.payload(), Timestamp::now())?;
/// # let mut encoder = body.encoder(&signer, &signed)?;
/// let mut input = b"hello world".as_slice();
/// let frame = encoder.encode(&mut input)?.expect("a chunk that is whole");
/// let [head, data, end] = frame.parts(); // for a vectored write
/// assert!(head.starts_with(b"b;chunk-signature="));
/// assert_eq!((data, end), (b"hello world".as_slice(), b"\r\n".as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a frame that is not sent breaks the chain"]
#[derive(Clone, Copy)]
pub struct Frame<'e> {
    head: &'e str,
    data: &'e [u8],
}

impl<'e> Frame<'e> {
    /// What to send, in order: the line with size and signature, the data, the
    /// line end.
    #[must_use]
    pub const fn parts(&self) -> [&'e [u8]; 3] {
        [self.head.as_bytes(), self.data, CRLF.as_bytes()]
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({} bytes)", self.data.len())
    }
}
