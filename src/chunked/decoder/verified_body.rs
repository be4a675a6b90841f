//! A body that was read to its proven end.

use super::super::trailers::Trailers;

/// A body that was read to its end, and is whole: made by
/// [`Decoder::finish`](super::Decoder::finish) alone.
///
/// In the signed modes its signer proved it. In
/// [`UnsignedTrailer`](crate::StreamingMode::UnsignedTrailer) its checksum did,
/// which anybody can compute.
///
/// ```
/// use countersign::chunked::Decoder;
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
/// let mut decoder = Decoder::new(&verified)?;
/// let mut piece = socket.as_slice();
/// while let Some(proven) = decoder.decode(&mut piece)? {
///     assert_eq!(proven, b"hello world");
/// }
/// let body = decoder.finish()?;
/// assert_eq!(body.decoded_length(), 11);
/// assert_eq!(body.trailer("X-Amz-Meta-Lines"), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct VerifiedBody {
    pub(super) length: u64,
    pub(super) trailers: Trailers,
}

impl VerifiedBody {
    /// The length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.length
    }

    /// The trailers, names in lower case, sorted. A checksum among them is the
    /// data's; the others were signed.
    pub fn trailers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.trailers.iter().filter_map(|trailer| Some((trailer.name.as_str(), trailer.value.as_deref()?)))
    }

    /// A trailer's value, by its name in any case.
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.get(name)
    }
}
