//! How long a form's file may be, counted as it streams past.

use core::ops::RangeInclusive;

use super::FormError;

/// Counts a file's bytes as they stream past, against the policy's
/// `content-length-range`: both ends belong to it. Made by
/// [`VerifiedForm::file_length`](super::VerifiedForm::file_length).
///
/// Store a piece only after `update` has said `Ok`, and keep what was stored
/// only after `finish` has.
///
/// ```
/// use countersign::post_policy::{FormError, FormKey, PostPolicy, ReceivedForm};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR);
/// let form = signer.sign_post_policy(&policy.content_length_range(1..=5), now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect();
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let request = Request::new("POST", "/examplebucket", &[("host", "s3.example.com")]);
/// # let claim = verifier.claim_form(&request, &ReceivedForm::new("examplebucket", &fields), now)?;
/// # let verified = claim.verify(Some(&claim.key(&credentials)))?;
///
/// let mut length = verified.file_length();
/// length.update(b"meow")?;
/// let error = length.update(b"meow").unwrap_err();
/// assert_eq!(error, FormError::EntityTooLarge { received: 8, most: 5 });
/// assert_eq!(length.finish(), Err(error)); // said again, should nobody have listened
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a file is as long as its policy allows only once `finish` has said so"]
pub struct FileLength {
    range: RangeInclusive<u64>,
    received: u64,
}

impl FileLength {
    pub(super) const fn new(range: RangeInclusive<u64>) -> Self {
        Self { range, received: 0 }
    }

    /// The next piece, of any size.
    ///
    /// # Errors
    ///
    /// [`FormError::EntityTooLarge`], as soon as it is one byte too many.
    pub fn update(&mut self, piece: &[u8]) -> Result<(), FormError> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(length);
        let (received, most) = (self.received, *self.range.end());
        if received > most { Err(FormError::EntityTooLarge { received, most }) } else { Ok(()) }
    }

    /// The end of the file: how many bytes it had.
    ///
    /// # Errors
    ///
    /// [`FormError::EntityTooSmall`]; and [`FormError::EntityTooLarge`] where
    /// that was said before.
    pub fn finish(mut self) -> Result<u64, FormError> {
        self.update(b"")?;
        let (received, least) = (self.received, *self.range.start());
        if received < least { Err(FormError::EntityTooSmall { received, least }) } else { Ok(received) }
    }
}
