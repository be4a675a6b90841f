//! The caller's choices of headers that are signed, or are not.

use alloc::borrow::Cow;

use super::Signer;
use crate::canonical::Name;

/// The caller's choice for a header.
#[derive(Clone)]
pub(super) struct HeaderChoice {
    name: Cow<'static, str>,
    is_signed: bool,
}

impl Signer {
    /// Excludes a header from every signature, in addition to those in
    /// [`NEVER_SIGNED`](crate::NEVER_SIGNED), for example because a proxy changes it.
    /// `host` and the headers that signing adds are always signed.
    ///
    /// An excluded header is sent and not protected: whoever holds the request can replace
    /// or remove it, and [`Verified::header`](crate::Verified::header) does not return it. S3
    /// rejects an `x-amz-` header that is not signed, and so does a verifier, unless it
    /// [allows](crate::Verifier::allow_unsigned_header) the name.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?.exclude_header("content-type");
    /// let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[("content-type", "text/plain")]);
    /// let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
    /// assert_eq!(url.signed_headers(), "host");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn exclude_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.header_choices.push(HeaderChoice { name: name.into(), is_signed: false });
        self
    }

    /// Signs a header that is in [`NEVER_SIGNED`](crate::NEVER_SIGNED), or that was
    /// [excluded](Self::exclude_header) before. The client must send it unchanged, through
    /// every proxy. `authorization` cannot be included.
    ///
    /// AWS's SDK for Go signs `accept-encoding`; a signer that must produce the same
    /// signature includes it.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?.include_header("accept-encoding");
    /// let request = Request::new("GET", "https://b.s3.amazonaws.com/k", &[("accept-encoding", "identity")]);
    /// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::now())?;
    /// assert_eq!(signed.signed_headers(), "accept-encoding;host;x-amz-content-sha256;x-amz-date");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn include_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.header_choices.push(HeaderChoice { name: name.into(), is_signed: true });
        self
    }

    /// Returns true for a header that this signer does not sign.
    #[inline]
    pub(super) fn is_excluded(&self, name: &Name<'_>) -> bool {
        let mut latest_first = self.header_choices.iter().rev();
        let choice = latest_first.find(|choice| choice.name.as_bytes().eq_ignore_ascii_case(name.as_bytes()));
        choice.map_or_else(|| name.is_never_signed(), |choice| !choice.is_signed)
    }
}
