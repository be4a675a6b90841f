//! [`PresignedUrl`], the result of presigning.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::steps::canonical_request::lines;
use crate::steps::{Explain, Signature, Transcript, masked_query};
use crate::time::Timestamp;

/// A presigned URL: until it expires, whoever has it can send the request.
///
/// Use [`as_str`](Self::as_str) to hand it out and [`masked`](Self::masked) to log
/// it. The URL is a secret, so it has no `Display`, and `Debug` prints only the
/// type's name.
///
/// ```
/// use countersign::*;
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/cat.png", &[("content-type", "image/png")]);
/// let url = signer.presign(&request, Expires::HOUR, Timestamp::parse("20130524T000000Z")?)?;
///
/// assert!(url.as_str().starts_with("https://examplebucket.s3.amazonaws.com/cat.png?X-Amz-Algorithm="));
/// assert_eq!(url.required_headers().collect::<Vec<_>>(), [("content-type", "image/png")]);
/// assert_eq!(url.expires_at(), Some(Timestamp::parse("20130524T010000Z")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PresignedUrl {
    /// The URL, then the steps.
    pub(super) steps: Transcript,
    pub(super) url_end: usize,
    /// The index after the signature, which an unsigned token can follow.
    pub(super) signature_end: usize,
    pub(super) path_start: usize,
    pub(super) expires: Duration,
    pub(super) time: Timestamp,
    pub(super) signature: Signature,
}

impl PresignedUrl {
    /// Returns the URL. It is absolute if the request's URI was.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.steps.part(0..self.url_end)
    }

    /// Returns the URL with signature and session token masked, for a log.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    /// # let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
    /// assert!(url.masked().ends_with("&X-Amz-Signature=(not shown)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let (front, query) = self.as_str().split_once('?').unwrap_or((self.as_str(), ""));
        alloc::format!("{front}?{}", masked_query(query))
    }

    /// Returns the path and query, as an HTTP/1.1 request line contains them.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.steps.part(self.path_start..self.url_end)
    }

    /// Returns the URL as a `String`, without copying it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.steps.into_string(self.url_end)
    }

    /// Returns the buffer, cleared, for the next
    /// [`presign_in`](crate::Signer::presign_in).
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.steps.into_buffer()
    }

    /// Iterates over the headers that must be sent with the URL, in addition to
    /// `Host`. Names are in lower case, and values must be sent exactly as returned.
    ///
    /// A header whose value is not UTF-8 is left out. [`explain`](Self::explain) shows it.
    pub fn required_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        lines(self.steps.headers())
            .filter_map(|(name, value)| {
                Some((core::str::from_utf8(name).ok()?, core::str::from_utf8(value).ok()?))
            })
            .filter(|(name, _)| *name != "host")
    }

    /// Returns *SignedHeaders*, the names joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.steps.signed_headers()
    }

    /// Returns the lifetime, which is shorter than requested if the credentials expire
    /// earlier and the signer [may shorten it](crate::Signer::shorten_to_credentials).
    /// Returns zero if the URL [states none](crate::Signer::presign_without_expires).
    #[must_use]
    pub const fn expires(&self) -> Duration {
        self.expires
    }

    /// Returns the last second at which the URL is accepted: the time of signing plus
    /// the lifetime. Returns `None` if this is after the year 9999, or if the URL
    /// [states no lifetime](crate::Signer::presign_without_expires).
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires)
            .filter(|expires| !expires.is_zero())
            .and_then(|expires| self.time.checked_add(expires))
    }

    /// Returns the signature alone.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the four steps, for debugging. Print it to see every byte that was signed.
    #[must_use]
    pub const fn explain(&self) -> Explain<'_> {
        self.steps.explain(Some(&self.signature))
    }
}

/// Prints only the type's name.
impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresignedUrl(..)")
    }
}
