//! Frames in, proven data out.
//!
//! In the signed modes a chunk's data is released when its signature has been
//! checked: where it lies, if it is whole in the caller's piece, or else from a
//! buffer that grows with what arrives, never from a size that was claimed.
//! Without signatures data is released as it comes, and is worth what the end
//! says. Not here: reading, and what is done with the data.

mod trailing;
mod verified_body;

use core::fmt;

use super::body::wide;
use super::chain::Chain;
use super::checksum::Running;
use super::held::Held;
use super::line::{self, End, Head, Line};
use super::trailers::Trailers;
use super::{Announced, Checksum, DecodeError};
use crate::payload::StreamingMode;
use crate::steps::Algorithm;
use crate::steps::Signature;
use crate::verify::{BodyCheck, Verified, VerifyError, VerifyKey};

pub use self::trailing::LineEnds;
pub use self::verified_body::VerifiedBody;

/// Reads a chunked body in pieces of any size, and gives out what is proven.
///
/// **Only [`finish`](Self::finish) says that the body was whole.** Until then
/// data may be put somewhere, but nothing may come of it.
///
/// ```
/// use countersign::chunked::{Body, Decoder};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let body = Body::signed(11);
/// # let mut headers: Vec<(&str, &str)> = body.headers().chain([("host", "b.s3.amazonaws.com")]).collect();
/// # let signed = signer.sign(&Request::new("PUT", "/k", &headers), body.payload(), now)?;
/// # let mut encoder = body.encoder(&signer, &signed)?;
/// # let mut socket = Vec::new();
/// # encoder.encode_to(b"hello world", &mut socket)?;
/// # socket.extend(encoder.finish(&[])?);
/// # headers.extend(signed.iter());
/// # let request = Request::new("PUT", "/k", &headers);
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
/// let key = claim.derive_key(&credentials);
/// let verified = claim.verify(&key)?;
///
/// let mut decoder = Decoder::new(&verified)?;
/// let mut data = Vec::new();
/// for mut piece in socket.chunks(7) {
///     while let Some(proven) = decoder.decode(&mut piece)? {
///         data.extend_from_slice(proven);
///     }
/// }
/// decoder.finish()?; // only now is the body proven
/// assert_eq!(data, b"hello world");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a body is proven by `finish` alone"]
pub struct Decoder {
    mode: StreamingMode,
    /// `None` where chunks are not signed.
    chain: Option<Chain<VerifyKey>>,
    state: State,
    declared: u64,
    /// Of the declared length, what has not come.
    left: u64,
    /// The chunk, counted from 1.
    chunk: u64,
    min_chunk_size: u64,
    max_chunk_size: u64,
    line_ends: LineEnds,
    line: Line,
    held: Held,
    trailers: Trailers,
    checksum: Option<(Checksum, Running)>,
}

/// What comes next.
enum State {
    /// The line before a chunk's data.
    Head,
    /// The data of a chunk, and whether this is its signature.
    Signed { size: usize, signature: Signature },
    /// The data of a chunk that is not signed.
    Unsigned { left: u64 },
    /// The line end behind it.
    DataEnd,
    /// A trailer; behind a line feed alone, or not.
    Trailer { behind_feed: bool },
    /// The empty line that ends the body.
    End,
    /// Nothing.
    Done,
    /// Nothing, for this reason.
    Failed(DecodeError),
}

/// Where released data lies.
enum Released<'i> {
    Input(&'i [u8]),
    Held,
}

impl Decoder {
    /// Creates a decoder for the body of a verified request. The first chunk continues from the
    /// request's signature.
    ///
    /// # Errors
    ///
    /// [`DecodeError::NotChunked`] if [`Verified::body`] is not [`BodyCheck::Chunked`].
    pub fn new(verified: &Verified) -> Result<Self, VerifyError> {
        let BodyCheck::Chunked(mode) = verified.body() else {
            return Err(DecodeError::NotChunked.into());
        };
        let Announced { mode, decoded_length, trailers, checksum } =
            Announced::read(mode, |name| verified.header(name))?;
        let chain = match Algorithm::of_streaming_mode(mode) {
            Some(algorithm) => {
                let (key, seed) = verified.continuation().ok_or(DecodeError::NotChunked)?;
                let scope = alloc::format!("{}", verified.scope());
                Some(Chain::new(key.clone(), algorithm, verified.signed_at(), &scope, seed.clone()))
            }
            None => None,
        };
        Ok(Self {
            mode,
            chain,
            state: State::Head,
            declared: decoded_length,
            left: decoded_length,
            chunk: 1,
            min_chunk_size: 1,
            max_chunk_size: 16 << 20,
            line_ends: LineEnds::CrLf,
            line: Line::default(),
            held: Held::default(),
            trailers,
            checksum,
        })
    }

    /// Refuses smaller chunks, but for the last: AWS does under
    /// [`MIN_CHUNK_SIZE`](super::MIN_CHUNK_SIZE) bytes, nobody else does.
    pub fn min_chunk_size(self, size: u64) -> Self {
        Self { min_chunk_size: size, ..self }
    }

    /// Refuses larger signed chunks, each of which may have to be held in
    /// memory: over 16 MiB otherwise.
    pub fn max_chunk_size(self, size: u64) -> Self {
        Self { max_chunk_size: size, ..self }
    }

    /// How lines may end among the trailers.
    pub fn line_ends(self, line_ends: LineEnds) -> Self {
        Self { line_ends, ..self }
    }

    /// The length of the data in bytes, as it was signed.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.declared
    }

    /// Takes from `input`, and returns the next data that is proven; `None`
    /// when the input is used up. In [`StreamingMode::UnsignedTrailer`] data is returned
    /// as it comes.
    ///
    /// # Errors
    ///
    /// [`DecodeError`]; from then on the same again.
    pub fn decode<'d, 'i: 'd>(&'d mut self, input: &mut &'i [u8]) -> Result<Option<&'d [u8]>, DecodeError> {
        match self.advance(input) {
            Ok(None) => Ok(None),
            Ok(Some(released)) => {
                let data = match released {
                    Released::Input(data) => data,
                    Released::Held => &self.held,
                };
                if let Some((_, running)) = &mut self.checksum {
                    running.update(data);
                }
                Ok(Some(data))
            }
            Err(error) => {
                self.held = Held::default();
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }

    /// The end of the body.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Incomplete`] where its end has not come, or the error
    /// that [`decode`](Self::decode) returned.
    pub fn finish(self) -> Result<VerifiedBody, DecodeError> {
        match self.state {
            State::Done => Ok(VerifiedBody { length: self.declared, trailers: self.trailers }),
            State::Failed(error) => Err(error),
            _ => {
                let received = self.declared - self.left;
                Err(DecodeError::Incomplete { declared: self.declared, received })
            }
        }
    }

    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Released<'i>>, DecodeError> {
        loop {
            match &mut self.state {
                State::Head => {
                    if !self.read_line(input, line::HEAD)? {
                        return Ok(None);
                    }
                    let head = Head::parse(self.line.text(), Algorithm::of_streaming_mode(self.mode));
                    let head = head.ok_or(DecodeError::MalformedChunk { chunk: self.chunk })?;
                    self.line.clear();
                    self.held.clear();
                    self.state = self.begin(head)?;
                }
                State::Signed { size, .. } => {
                    let size = *size;
                    return self.read_signed(input, size);
                }
                State::Unsigned { left } => {
                    let left = *left;
                    return Ok(self.read_unsigned(input, left));
                }
                State::DataEnd => {
                    if !self.read_empty(input)? {
                        return Ok(None);
                    }
                    self.chunk += 1;
                    self.state = State::Head;
                }
                State::Trailer { behind_feed } => {
                    let behind_feed = *behind_feed;
                    let end =
                        self.line.read(input, line::TRAILER).map_err(|_| DecodeError::MalformedTrailer)?;
                    if end == End::Open {
                        return Ok(None);
                    }
                    self.state = self.read_trailer(&end, behind_feed)?;
                    self.line.clear();
                }
                State::End => {
                    if !self.read_empty(input)? {
                        return Ok(None);
                    }
                    self.state = State::Done;
                }
                State::Done if input.is_empty() => return Ok(None),
                State::Done => return Err(DecodeError::DataAfterEnd),
                State::Failed(error) => return Err(error.clone()),
            }
        }
    }

    /// What follows a chunk's first line.
    fn begin(&mut self, head: Head) -> Result<State, DecodeError> {
        let Head { size, signature } = head;
        let (chunk, declared) = (self.chunk, self.declared);
        if size > self.left {
            return Err(DecodeError::TooMuchData { declared });
        }
        if size == 0 {
            if self.left > 0 {
                return Err(DecodeError::Incomplete { declared, received: declared - self.left });
            }
            if let Some(signature) = signature {
                self.verify_chunk(signature)?;
            }
            let behind_feed = false;
            return Ok(if self.mode.has_trailers() { State::Trailer { behind_feed } } else { State::End });
        }
        if size < self.min_chunk_size && size < self.left {
            return Err(DecodeError::ChunkTooSmall { chunk, size, minimum: self.min_chunk_size });
        }
        let Some(signature) = signature else { return Ok(State::Unsigned { left: size }) };
        let maximum = self.max_chunk_size;
        match usize::try_from(size).ok().filter(|_| size <= maximum) {
            Some(size) => Ok(State::Signed { size, signature }),
            None => Err(DecodeError::ChunkTooLarge { chunk, size, maximum }),
        }
    }

    fn read_signed<'i>(
        &mut self,
        input: &mut &'i [u8],
        size: usize,
    ) -> Result<Option<Released<'i>>, DecodeError> {
        let wanted = size - self.held.len().min(size);
        let (piece, rest) = input.split_at_checked(wanted.min(input.len())).unwrap_or_default();
        *input = rest;
        let whole = piece.len() == size;
        if !whole {
            self.held.add(piece, self.chain.as_mut());
            if self.held.len() < size {
                return Ok(None);
            }
        } else if let Some(chain) = &mut self.chain {
            chain.update(piece);
        }
        if let State::Signed { signature, .. } = core::mem::replace(&mut self.state, State::DataEnd) {
            self.verify_chunk(signature)?;
        }
        self.left -= wide(size);
        Ok(Some(if whole { Released::Input(piece) } else { Released::Held }))
    }

    fn read_unsigned<'i>(&mut self, input: &mut &'i [u8], left: u64) -> Option<Released<'i>> {
        let taken = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
        let (piece, rest) = input.split_at_checked(taken).filter(|(piece, _)| !piece.is_empty())?;
        *input = rest;
        let taken = wide(taken);
        self.left -= taken;
        self.state = if taken < left { State::Unsigned { left: left - taken } } else { State::DataEnd };
        Some(Released::Input(piece))
    }

    fn verify_chunk(&mut self, signature: Signature) -> Result<(), DecodeError> {
        let right = self.chain.as_mut().is_some_and(|chain| chain.verify_chunk(signature));
        if right { Ok(()) } else { Err(DecodeError::SignatureDoesNotMatch { chunk: self.chunk }) }
    }

    /// Whether a line of a chunk is whole.
    fn read_line(&mut self, input: &mut &[u8], limit: usize) -> Result<bool, DecodeError> {
        match self.line.read(input, limit) {
            Ok(End::CrLf) => Ok(true),
            Ok(End::Open) => Ok(false),
            Ok(End::Lf) | Err(_) => Err(DecodeError::MalformedChunk { chunk: self.chunk }),
        }
    }

    /// Whether an empty line is whole.
    fn read_empty(&mut self, input: &mut &[u8]) -> Result<bool, DecodeError> {
        self.read_line(input, line::EMPTY)
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("mode", &self.mode).field("left", &self.left).finish_non_exhaustive()
    }
}
