//! What stands behind the last chunk: the trailers, their signature, and the
//! checksum among them.
//!
//! The order is: are they those that were announced, is their signature right,
//! is the checksum the data's. Not here: how a line is read.

use super::super::line::{self, End};
use super::super::{DecodeError, TRAILER_SIGNATURE};
use super::{Algorithm, Decoder, State};

/// How lines may end among the trailers. Elsewhere they end in CRLF.
///
/// ```
/// use countersign::chunked::{Decoder, LineEnds, VerifiedBody};
/// use countersign::*;
///
/// # use countersign::chunked::Body;
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let body = Body::signed(11).trailer("x-amz-meta-lines", 1)?;
/// # let mut headers: Vec<(&str, &str)> = body.headers().chain([("host", "b.s3.amazonaws.com")]).collect();
/// # let signed = signer.sign(&Request::new("PUT", "/k", &headers), body.payload(), now)?;
/// # let mut encoder = body.encoder(&signer, &signed)?;
/// # let mut socket = Vec::new();
/// # encoder.encode_to(b"hello world", &mut socket)?;
/// # socket.extend(encoder.finish(&[("x-amz-meta-lines", "1")])?);
/// # headers.extend(signed.iter());
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now)?;
/// # let key = claim.derive_key(&credentials);
/// # let verified = claim.verify(&key)?;
/// // What the manual has, and what that client sends.
/// let (manual, minio) = ("x-amz-meta-lines:1\r\n", "x-amz-meta-lines:1\n\r\n");
/// let body = String::from_utf8(socket)?.replace(manual, minio);
/// let read = |ends| -> Result<VerifiedBody, VerifyError> {
///     let mut decoder = Decoder::new(&verified)?.line_ends(ends);
///     let mut piece = body.as_bytes();
///     while decoder.decode(&mut piece)?.is_some() {}
///     Ok(decoder.finish()?)
/// };
/// assert!(read(LineEnds::CrLf).is_err());
/// assert_eq!(read(LineEnds::MinioGo)?.trailer("x-amz-meta-lines"), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LineEnds {
    /// In CRLF, as S3's manual has it.
    CrLf,
    /// Also as MinIO's client for Go writes them: each in a line feed, and a
    /// CRLF more behind the last.
    MinioGo,
}

impl Decoder {
    /// One line among the trailers.
    pub(super) fn read_trailer(&mut self, end: &End, behind_feed: bool) -> Result<State, DecodeError> {
        let malformed = DecodeError::MalformedTrailer;
        let feed = *end == End::Lf;
        if feed && self.line_ends == LineEnds::CrLf {
            return Err(malformed);
        }
        if self.line.text().is_empty() {
            let all_came = self.trailers.missing().is_none();
            return match (feed, behind_feed, &self.chain) {
                // The line end that such a client puts behind all its trailers.
                (false, true, _) if all_came => Ok(State::Trailer { behind_feed: false }),
                (false, false, None) => {
                    self.check_trailers()?;
                    Ok(State::Done)
                }
                _ => Err(malformed),
            };
        }
        let (name, value) = line::trailer(self.line.text()).ok_or(malformed.clone())?;
        if !name.eq_ignore_ascii_case(TRAILER_SIGNATURE) {
            let taken = self.trailers.give(name, value) && (feed || !behind_feed);
            return if taken { Ok(State::Trailer { behind_feed: feed }) } else { Err(malformed) };
        }
        let algorithm = Algorithm::of_streaming_mode(self.mode).filter(|_| !feed && !behind_feed);
        let signature = algorithm.and_then(|algorithm| line::signature(value.as_bytes(), algorithm));
        let (Some(signature), Some(chain), None) = (signature, &mut self.chain, self.trailers.missing())
        else {
            return Err(malformed);
        };
        if !chain.verify_trailers(&self.trailers, signature) {
            return Err(DecodeError::SignatureDoesNotMatch { chunk: self.chunk + 1 });
        }
        self.check_trailers()?;
        Ok(State::End)
    }

    /// All came that were announced, and the checksum is the data's.
    fn check_trailers(&mut self) -> Result<(), DecodeError> {
        if self.trailers.missing().is_some() {
            return Err(DecodeError::MalformedTrailer);
        }
        let Some((checksum, running)) = self.checksum.take() else { return Ok(()) };
        let received = self.trailers.get(checksum.name()).unwrap_or_default();
        if !checksum.is_value(received) {
            return Err(DecodeError::InvalidChecksum { checksum });
        }
        let computed = running.finish();
        if computed == received {
            Ok(())
        } else {
            Err(DecodeError::BadDigest { checksum, received: received.into(), computed })
        }
    }
}
