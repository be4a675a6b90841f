//! `aws-chunked` bodies: a body that is signed, or checksummed, while it streams.
//!
//! ```text
//! body       = *chunk zero-chunk [trailers] CRLF
//! chunk      = size [extension] CRLF data CRLF
//! zero-chunk = "0" [extension] CRLF
//! size       = 1*16HEXDIG
//! extension  = ";chunk-signature=" signature     in the signed modes, and only there
//! trailers   = 1*( name ":" value CRLF )         in the modes that end in -TRAILER
//!              [ "x-amz-trailer-signature:" signature CRLF ]
//! signature  = hex digits, and in SigV4a as many "*" behind them as make 144 characters
//! ```
//!
//! Each signature covers the one before it, the first the signature of the
//! request; so chunks cannot be dropped, repeated or moved. Which of the modes
//! it is stands in `x-amz-content-sha256`, the size of the data in
//! `x-amz-decoded-content-length`, the names of the trailers in `x-amz-trailer`.
//!
//! Source: S3 API Reference, "Signature calculations for the authorization
//! header: Transferring payload in multiple chunks", and "… Including trailing
//! headers"; for SigV4a's padding, which it leaves out, AWS's `aws-c-auth`,
//! `aws_signing.c`. Not here: sockets, and HTTP's own `Transfer-Encoding: chunked`,
//! which a client or server may put around all this.
//!
//! * To send: [`Body`] says what goes into the request, [`Encoder`] makes the frames.
//! * To receive: [`Decoder`] gives out what was proven, and nothing else.

mod announced;
mod body;
mod chain;
mod checksum;
mod decoder;
mod encoder;
mod held;
mod line;
mod trailers;

use alloc::string::String;

pub(crate) use self::announced::Announced;
pub use self::body::Body;
pub use self::chain::{ChunkSignature, ChunkSigner};
pub use self::checksum::Checksum;
pub use self::decoder::{Decoder, LineEnds, VerifiedBody};
pub use self::encoder::{Encoder, Frame};
pub use crate::error::{DecodeError, EncodeError};

/// The least size of a chunk that is not the last, as AWS has it.
pub const MIN_CHUNK_SIZE: usize = 8192;

/// A `Content-Encoding` as an object keeps it: without `aws-chunked`, which
/// says how the body travelled. `None` where nothing is left.
///
/// ```
/// use countersign::chunked;
///
/// assert_eq!(chunked::stored_content_encoding("aws-chunked,gzip").as_deref(), Some("gzip"));
/// assert_eq!(chunked::stored_content_encoding("aws-chunked"), None);
/// ```
#[must_use]
pub fn stored_content_encoding(value: &str) -> Option<String> {
    let mut kept = String::new();
    let codings = value.split(',').map(|coding| coding.trim_matches([' ', '\t']));
    for coding in codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(CODING)) {
        if !kept.is_empty() {
            kept.push(',');
        }
        kept.push_str(coding);
    }
    Some(kept).filter(|kept| !kept.is_empty())
}

const CODING: &str = "aws-chunked";
/// Behind a signature of SigV4a, so that all are of one length.
const PADDING: char = '*';
const EXTENSION: &str = ";chunk-signature=";
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";
const DECODED_LENGTH: &str = "x-amz-decoded-content-length";
const TRAILER_NAMES: &str = "x-amz-trailer";
const CRLF: &str = "\r\n";
