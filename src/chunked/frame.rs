//! [`ChunkFrame`], one chunk as it is sent: a line with size and signature, the data, and
//! a line ending.

use alloc::string::String;
use core::fmt::{self, Write};

use super::{CHUNK_SIGNATURE, CRLF, ChunkSignature};

/// One chunk as it is sent. Created by [`Encoder::encode`](super::Encoder::encode).
///
/// `Debug` prints only the size, because the data can be secret.
///
/// ```
/// use countersign::chunked::ChunkedBody;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
/// # let (_, mut encoder) = signer.sign_chunked(&request, &ChunkedBody::signed(11), Timestamp::now())?;
/// let mut input = b"hello world".as_slice();
/// let frame = encoder.encode(&mut input)?.expect("a complete chunk");
/// let [header, data, end] = frame.parts(); // for a vectored write
/// assert!(header.starts_with(b"b;chunk-signature="));
/// assert_eq!((data, end), (b"hello world".as_slice(), b"\r\n".as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the signature of the next chunk covers this one, so each frame must be sent"]
#[derive(Clone, Copy)]
pub struct ChunkFrame<'e> {
    header: &'e str,
    data: &'e [u8],
}

impl<'e> ChunkFrame<'e> {
    pub(super) const fn new(header: &'e str, data: &'e [u8]) -> Self {
        Self { header, data }
    }

    /// Returns the bytes to send, in order: the line with size and signature, the data,
    /// and the line ending.
    #[must_use]
    pub const fn parts(&self) -> [&'e [u8]; 3] {
        [self.header.as_bytes(), self.data, CRLF.as_bytes()]
    }
}

impl fmt::Debug for ChunkFrame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChunkFrame({} bytes)", self.data.len())
    }
}

/// Replaces `out` with the first line of a chunk with `size` bytes of data.
pub(super) fn write_header(out: &mut String, size: usize, signature: Option<ChunkSignature>) {
    out.clear();
    // Writing to a string does not fail.
    let _ = write!(out, "{size:x}");
    if let Some(signature) = signature {
        let _ = write!(out, "{CHUNK_SIGNATURE}{signature}");
    }
    out.push_str(CRLF);
}
