//! Encodes and decodes `aws-chunked` bodies, which are signed while they are sent.
//!
//! S3's ordinary signature covers the hash of the whole body, so the data must be
//! read before the request can be sent, and once more to send it. An `aws-chunked`
//! body is sent in chunks, each with a signature of its own, so the data is read
//! once. A checksum can follow the data as a trailer.
//!
//! # Encode
//!
//! [`Signer::sign_chunked`](crate::Signer::sign_chunked) signs the request and
//! returns the [`Encoder`] of its body.
//!
//! ```
//! use countersign::chunked::ChunkedBody;
//! use countersign::{Credentials, Request, SecretAccessKey, Service, Signer, Timestamp};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
//!
//! let data = b"hello world";
//! let body = ChunkedBody::signed(11);
//! let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/key", &[]);
//! let (signed, mut encoder) = signer.sign_chunked(&request, &body, Timestamp::now())?;
//!
//! let mut message = String::from("PUT /key HTTP/1.1\r\nhost: examplebucket.s3.amazonaws.com\r\n");
//! message += &format!("content-length: {}\r\n", body.encoded_length(&signer));
//! for (name, value) in signed.iter() {
//!     message += &format!("{name}: {value}\r\n");
//! }
//! let mut sent = format!("{message}\r\n").into_bytes();
//! for piece in data.chunks(4) {
//!     encoder.encode_to(piece, &mut sent)?;
//! }
//! sent.extend(encoder.finish(&[])?); // the last chunk, and the trailers if there are any
//! # assert!(sent.ends_with(b"\r\n\r\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Decode
//!
//! [`Decoder`] returns data whose signature was checked. The body is complete
//! once [`Decoder::finish`] returns a [`VerifiedBody`].
//!
//! ```
//! use countersign::chunked::Decoder;
//! use countersign::{ReceivedBody, Request, Service, Verifier};
//!
//! # use countersign::{Credentials, SecretAccessKey, Signer, Timestamp, chunked::ChunkedBody};
//! # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
//! # let now = Timestamp::now();
//! # let request = Request::new("PUT", "/key", &[("host", "examplebucket.s3.amazonaws.com")]);
//! # let (signed, mut encoder) = signer.sign_chunked(&request, &ChunkedBody::signed(11), now)?;
//! # let mut socket = Vec::new();
//! # encoder.encode_to(b"hello world", &mut socket)?;
//! # socket.extend(encoder.finish(&[])?);
//! # let headers: Vec<(&str, &str)> = [("host", "examplebucket.s3.amazonaws.com")].into_iter().chain(signed.iter()).collect();
//! let verifier = Verifier::new("us-east-1", Service::S3)?;
//! let request = Request::new("PUT", "/key", &headers);
//! let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
//! let key = claim.derive_key(&credentials); // of `claim.claimed_access_key_id()`
//! let verified = claim.verify(&key)?;
//!
//! let mut decoder = Decoder::new(&verified)?;
//! let mut stored = Vec::new();
//! for mut piece in socket.chunks(7) {
//!     while let Some(data) = decoder.decode(&mut piece)? {
//!         stored.extend_from_slice(data);
//!     }
//! }
//! let body = decoder.finish()?; // only now is the body complete
//! assert_eq!(body.decoded_length(), 11);
//! assert_eq!(stored, b"hello world");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The format
//!
//! ```text
//! body       = *chunk zero-chunk [trailers] CRLF
//! chunk      = size [extension] CRLF data CRLF
//! zero-chunk = "0" [extension] CRLF
//! size       = 1*16HEXDIG
//! extension  = ";chunk-signature=" signature     in the signed modes, and required there
//! trailers   = 1*( name ":" value CRLF )         in the modes that end in -TRAILER
//!              [ "x-amz-trailer-signature:" signature CRLF ]
//! signature  = hex digits; with SigV4a padded with "*" to 144 characters
//! ```
//!
//! Each signature covers the previous one, and the first covers the signature
//! of the request. Therefore chunks cannot be dropped, repeated or reordered.
//! The header `x-amz-content-sha256` names the mode,
//! `x-amz-decoded-content-length` states the length of the data, and
//! `x-amz-trailer` lists the names of the trailers.
//!
//! Source: S3 API Reference, "Signature calculations for the authorization
//! header: Transferring payload in multiple chunks", and "… Including trailing
//! headers"; for the padding of SigV4a, which the reference omits, AWS's
//! `aws-c-auth`, `aws_signing.c`.
//!
//! HTTP's own `Transfer-Encoding: chunked` is another format. A client or server may
//! apply it to the encoded body.

mod body;
mod chain;
mod chunk_signer;
mod decoder;
mod encoder;
mod frame;
mod line;
mod partial_chunk;
mod sign;
mod trailers;

use alloc::string::String;

pub use self::body::ChunkedBody;
pub use self::chunk_signer::{ChunkSignature, ChunkSigner};
pub use self::decoder::{Decoder, LineEndings, VerifiedBody};
pub use self::encoder::Encoder;
pub use self::frame::ChunkFrame;
pub use crate::error::{DecodeError, EncodeError};

/// The minimum data size in bytes of every chunk except the last. AWS refuses
/// smaller chunks.
pub const MIN_CHUNK_SIZE: u64 = 8192;

/// Removes `aws-chunked` from the value of a `Content-Encoding` header, which
/// leaves the encoding to store with the object. Returns `None` if no encoding
/// remains. The other encodings keep their text, including the spaces between them.
///
/// ```
/// use countersign::chunked::strip_aws_chunked;
///
/// assert_eq!(strip_aws_chunked("aws-chunked,gzip").as_deref(), Some("gzip"));
/// assert_eq!(strip_aws_chunked("deflate, gzip").as_deref(), Some("deflate, gzip"));
/// assert_eq!(strip_aws_chunked("aws-chunked"), None);
/// ```
#[must_use]
pub fn strip_aws_chunked(value: &str) -> Option<String> {
    let mut kept = String::new();
    for coding in value.split(',') {
        let name = coding.trim_matches([' ', '\t']);
        if name.is_empty() || name.eq_ignore_ascii_case(AWS_CHUNKED) {
            continue;
        }
        if kept.is_empty() {
            kept.push_str(coding.trim_start_matches([' ', '\t']));
        } else {
            kept.push(',');
            kept.push_str(coding);
        }
    }
    kept.truncate(kept.trim_end_matches([' ', '\t']).len());
    Some(kept).filter(|kept| !kept.is_empty())
}

/// Converts a length in memory to the type of lengths that requests state.
fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

const AWS_CHUNKED: &str = "aws-chunked";
/// Pads a signature of SigV4a to the maximum length.
const PADDING: char = '*';
const CHUNK_SIGNATURE: &str = ";chunk-signature=";
const CRLF: &str = "\r\n";
