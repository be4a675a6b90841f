//! A URL that carries its signature, with its workings. Not here: how it is made
//! (`presign.rs`).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::steps::canonical_request::lines;
use crate::steps::{Explain, Signature, Workings, masked_query};
use crate::time::Timestamp;

/// A URL that carries its signature. **Whoever holds it may use it** until it
/// expires: `Debug` is closed, and it belongs in no log.
///
/// ```
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &[("content-type", "text/plain")]);
/// let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
///
/// assert!(url.as_str().starts_with("https://bucket.s3.amazonaws.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
/// assert_eq!(url.required_headers().collect::<Vec<_>>(), [("content-type", "text/plain")]);
/// assert_eq!(format!("{url:?}"), "PresignedUrl(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PresignedUrl {
    /// The URL, then the steps.
    pub(super) text: Vec<u8>,
    pub(super) url_end: usize,
    pub(super) path_start: usize,
    pub(super) expires: u32,
    pub(super) time: Timestamp,
    pub(super) workings: Workings,
    pub(super) signature: Signature,
}

impl Default for PresignedUrl {
    fn default() -> Self {
        let Ok(time) = Timestamp::from_unix_seconds(0) else { unreachable!() };
        Self {
            text: Vec::new(),
            url_end: 0,
            path_start: 0,
            expires: 0,
            time,
            workings: Workings::default(),
            signature: Signature::default(),
        }
    }
}

impl PresignedUrl {
    /// The URL, in the form in which the request's URI was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.part(0..self.url_end)
    }

    /// The URL for a log: without its signature and its session token, and so
    /// of no use to whoever reads it.
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

    /// The request target, as an HTTP/1.1 request line has it: path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        self.part(self.path_start..self.url_end)
    }

    /// The URL, owned. No copy is made.
    #[must_use]
    pub fn into_string(self) -> String {
        let mut text = self.text;
        text.truncate(self.url_end);
        String::from_utf8(text).unwrap_or_default()
    }

    /// The headers that the client must send with the URL, exactly so, beside
    /// `Host`: names in lower case. Values that are not text are left out
    /// here; [`explain`](Self::explain) has them.
    pub fn required_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let block = self.text.get(self.workings.layout.headers()).unwrap_or_default();
        lines(block)
            .filter_map(|(name, value)| {
                Some((core::str::from_utf8(name).ok()?, core::str::from_utf8(value).ok()?))
            })
            .filter(|(name, _)| *name != "host")
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(self.workings.layout.names())
    }

    /// How long it lives, in seconds; less than was asked for where the
    /// credentials end earlier and that was allowed.
    #[must_use]
    pub const fn expires(&self) -> u32 {
        self.expires
    }

    /// The first second at which it is refused; `None` past the year 9999.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.time.checked_add(core::time::Duration::from_secs(u64::from(self.expires) + 1))
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Every step, for a reader.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.text, Some(&self.signature))
    }

    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresignedUrl(..)")
    }
}
