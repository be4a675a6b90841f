//! [`FileLength`] checks the length of a form's file while it is streamed.

use core::ops::RangeInclusive;

use super::FormError;

/// Counts the bytes of a file while it is streamed, and checks them against the policy's
/// `content-length-range`, both bounds included.
///
/// [`VerifiedForm::file_length`](super::VerifiedForm::file_length) creates it. Store a piece only after
/// `update` returned `Ok`, and keep the stored pieces only after `finish` returned `Ok`.
///
/// ```
/// use countersign::post_policy::{FormError, FormKey, PostPolicy, ReceivedForm};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR);
/// let form = signer.sign_post_policy(&policy.with_content_length_range(1..=5), now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect();
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let request = Request::new("POST", "/examplebucket", &[("host", "s3.example.com")]);
/// # let claim = verifier.claim_form(&request, &ReceivedForm::new("examplebucket", &fields), now)?;
/// # let key = claim.derive_key(&credentials);
/// # let verified = claim.verify(&key)?;
///
/// let mut length = verified.file_length();
/// length.update(b"meow")?;
/// let error = length.update(b"meow").unwrap_err();
/// assert!(matches!(error, FormError::EntityTooLarge { received: 8, max: 5, .. }));
/// assert_eq!(length.finish(), Err(error)); // an ignored error is returned again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "the length of a file is checked only when `finish` returns `Ok`"]
pub struct FileLength {
    range: RangeInclusive<u64>,
    received: u64,
}

impl FileLength {
    pub(super) const fn new(range: RangeInclusive<u64>) -> Self {
        Self { range, received: 0 }
    }

    /// Counts the next piece, of any size.
    ///
    /// # Errors
    ///
    /// Returns [`FormError::EntityTooLarge`] once the file is longer than the maximum.
    pub fn update(&mut self, piece: &[u8]) -> Result<(), FormError> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(length);
        let (received, max) = (self.received, *self.range.end());
        if received > max { Err(FormError::EntityTooLarge { received, max }) } else { Ok(()) }
    }

    /// Checks the length of the whole file, and returns it.
    ///
    /// # Errors
    ///
    /// Returns [`FormError::EntityTooSmall`] if the file is shorter than the minimum, and
    /// [`FormError::EntityTooLarge`] if it is longer than the maximum.
    pub fn finish(mut self) -> Result<u64, FormError> {
        self.update(b"")?;
        let (received, min) = (self.received, *self.range.start());
        if received < min { Err(FormError::EntityTooSmall { received, min }) } else { Ok(received) }
    }
}
