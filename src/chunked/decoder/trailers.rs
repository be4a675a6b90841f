//! Reads the trailers after the zero chunk, and verifies their signature and checksum.
//!
//! The decoder checks in this order that the trailers are the announced ones, that their
//! signature matches, and that the checksum is the data's.

use super::super::line::{LineEnd, MAX_TRAILER_LINE, parse_signature, parse_trailer};
use super::Decoder;
use super::state::{Progress, State};
use crate::error::DecodeError;
use crate::steps::Algorithm;
use crate::verify::TRAILER_SIGNATURE;

/// The line endings that a decoder allows among the trailers. All other lines
/// end with CRLF.
///
/// ```
/// use countersign::chunked::{Decoder, LineEndings, VerifiedBody};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let request = Request::new("PUT", "/k", &[("host", "b.s3.amazonaws.com")]);
/// # let body = chunked::ChunkedBody::signed(11).with_trailer("x-amz-meta-lines", 1)?;
/// # let (signed, mut encoder) = signer.sign_chunked(&request, &body, now)?;
/// # let mut socket = Vec::new();
/// # encoder.encode_to(b"hello world", &mut socket)?;
/// # socket.extend(encoder.finish(&[("x-amz-meta-lines", "1")])?);
/// # let headers: Vec<(&str, &str)> = [("host", "b.s3.amazonaws.com")].into_iter().chain(signed.iter()).collect();
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now)?;
/// # let key = claim.derive_key(&credentials);
/// # let verified = claim.verify(&key)?;
/// // A trailer as S3's reference shows it, and as MinIO's client for Go writes it.
/// let (reference, minio) = ("x-amz-meta-lines:1\r\n", "x-amz-meta-lines:1\n\r\n");
/// let body = String::from_utf8(socket)?.replace(reference, minio);
/// let read = |endings| -> Result<VerifiedBody, VerifyError> {
///     let mut decoder = Decoder::new(&verified)?.with_line_endings(endings);
///     let mut piece = body.as_bytes();
///     while decoder.decode(&mut piece)?.is_some() {}
///     Ok(decoder.finish()?)
/// };
/// assert!(read(LineEndings::CrLf).is_err());
/// assert_eq!(read(LineEndings::MinioGo)?.trailer("x-amz-meta-lines"), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LineEndings {
    /// Allows CRLF, as S3's reference shows it.
    CrLf,
    /// Also allows what MinIO's client for Go writes: a line feed after each
    /// trailer, and one CRLF after all of them.
    MinioGo,
}

impl Decoder {
    /// Reads one line among the trailers.
    pub(super) fn read_trailer_line<'i>(
        &mut self,
        input: &mut &'i [u8],
        after_lf: bool,
    ) -> Result<Progress<'i>, DecodeError> {
        let end = self.line.read(input, MAX_TRAILER_LINE).map_err(|_| DecodeError::MalformedTrailer)?;
        let is_lf = match end {
            LineEnd::Missing => return Ok(Progress::NeedsInput),
            LineEnd::CrLf => false,
            LineEnd::Lf if self.line_endings == LineEndings::MinioGo => true,
            LineEnd::Lf => return Err(DecodeError::TrailerLineFeed),
        };
        self.state = if self.line.bytes().is_empty() {
            self.read_empty_line(is_lf, after_lf)?
        } else {
            self.read_trailer(is_lf, after_lf)?
        };
        self.line.clear();
        Ok(Progress::Advanced)
    }

    /// Handles an empty line. It ends the trailers of [`LineEndings::MinioGo`], or a body
    /// without signatures.
    fn read_empty_line(&mut self, is_lf: bool, after_lf: bool) -> Result<State, DecodeError> {
        match (is_lf, after_lf, &self.chain) {
            (false, true, _) if self.trailers.missing().is_none() => Ok(State::Trailer { after_lf: false }),
            (false, false, None) => {
                self.check_trailers()?;
                Ok(State::Done)
            }
            _ => Err(DecodeError::MalformedTrailer),
        }
    }

    /// Handles a line with a trailer, or with the signature of the trailers.
    fn read_trailer(&mut self, is_lf: bool, after_lf: bool) -> Result<State, DecodeError> {
        let (name, value) = parse_trailer(self.line.bytes()).ok_or(DecodeError::MalformedTrailer)?;
        if name.eq_ignore_ascii_case(TRAILER_SIGNATURE) {
            // The signature's line always ends with CRLF, and so does the line before it.
            let algorithm = Algorithm::of_streaming_mode(self.mode).filter(|_| !is_lf && !after_lf);
            let signature = algorithm.and_then(|algorithm| parse_signature(value.as_bytes(), algorithm));
            let (Some(signature), Some(chain), None) = (signature, &mut self.chain, self.trailers.missing())
            else {
                return Err(DecodeError::MalformedTrailer);
            };
            if !chain.verify_trailers(&self.trailers, signature) {
                return Err(DecodeError::SignatureDoesNotMatch { chunk: self.chunk + 1 });
            }
            self.check_trailers()?;
            return Ok(State::FinalLine);
        }
        // After a trailer that ends with a line feed, the next one does not end with CRLF.
        let is_mixed = after_lf && !is_lf;
        if is_mixed || !self.trailers.set(name, value) {
            return Err(DecodeError::MalformedTrailer);
        }
        Ok(State::Trailer { after_lf: is_lf })
    }

    /// Checks that every announced trailer was received, and that the checksum is the
    /// data's.
    fn check_trailers(&mut self) -> Result<(), DecodeError> {
        if self.trailers.missing().is_some() {
            return Err(DecodeError::MalformedTrailer);
        }
        let Some((checksum, state)) = self.checksum.take() else { return Ok(()) };
        let received = self.trailers.get(checksum.name()).unwrap_or_default();
        if !checksum.is_value(received) {
            return Err(DecodeError::InvalidChecksum { checksum });
        }
        let computed = state.finish_base64();
        if computed == received {
            Ok(())
        } else {
            Err(DecodeError::BadDigest { checksum, received: received.into(), computed })
        }
    }
}
