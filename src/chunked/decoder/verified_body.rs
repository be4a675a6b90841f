//! [`VerifiedBody`], the proof that a body is complete.

use alloc::string::String;

use super::super::trailers::Trailers;

/// Proves that a chunked body was received completely. Only
/// [`Decoder::finish`](super::Decoder::finish) creates one.
///
/// In the signed modes the signatures prove the body. In the mode
/// [`UnsignedTrailer`](crate::StreamingMode::UnsignedTrailer) only a checksum protects it,
/// which an attacker can compute too.
///
/// ```
/// use countersign::chunked::Decoder;
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
/// let mut decoder = Decoder::new(&verified)?;
/// let mut piece = socket.as_slice();
/// while let Some(data) = decoder.decode(&mut piece)? {
///     assert_eq!(data, b"hello world");
/// }
/// let body = decoder.finish()?;
/// assert_eq!(body.decoded_length(), 11);
/// assert_eq!(body.trailer("X-Amz-Meta-Lines"), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The fields are private, so no other code can create or change one:
///
/// ```compile_fail
/// use countersign::chunked::VerifiedBody;
/// fn forge(body: VerifiedBody) -> VerifiedBody { VerifiedBody { ..body } }
/// ```
#[derive(Debug)]
pub struct VerifiedBody {
    pub(super) length: u64,
    pub(super) trailers: Trailers,
    /// The name of a checksum that was handed over.
    pub(super) unchecked: Option<String>,
}

impl VerifiedBody {
    /// Returns the length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.length
    }

    /// Iterates over the trailers, sorted by name. Names are in lower case. Each trailer
    /// was signed, or is the checksum of the data, or is the
    /// [unchecked checksum](Self::unchecked_checksum).
    pub fn trailers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.trailers.iter().filter_map(|trailer| Some((trailer.name.as_str(), trailer.value.as_deref()?)))
    }

    /// Returns the name and the value of a checksum that this crate did not compare with the data:
    /// one of an unknown algorithm, with [`UnknownChecksums::HandOver`](crate::UnknownChecksums).
    ///
    /// In the mode [`UnsignedTrailer`](crate::StreamingMode::UnsignedTrailer) nothing proves such a
    /// body until the caller has compared the checksum.
    ///
    /// ```
    /// use countersign::chunked::VerifiedBody;
    ///
    /// /// Refuses a body whose checksum this server does not know either.
    /// fn accept(body: &VerifiedBody) -> Result<(), String> {
    ///     match body.unchecked_checksum() {
    ///         None => Ok(()),
    ///         Some((name, _)) => Err(format!("{name} is not supported")),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn unchecked_checksum(&self) -> Option<(&str, &str)> {
        let name = self.unchecked.as_deref()?;
        Some((name, self.trailer(name)?))
    }

    /// Returns the value of a trailer, by its name in any case.
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.get(name)
    }
}
