//! A form that says who signed its policy, and the one that was proven.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use super::file_length::FileLength;
use crate::credentials::Credentials;
use crate::steps::Scope;
use crate::time::Timestamp;
use crate::verify::{Claim, VerifyError, VerifyingKey};

/// A form that is what its policy admits, while nobody has proven who signed
/// the policy. It offers what a key look-up needs, and
/// [`verify`](Self::verify).
///
/// It owns what it needs, so it can be held across an await.
///
/// ```
/// use countersign::post_policy::{FormKey, PostPolicy, ReceivedForm};
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR);
/// # let form = signer.sign_post_policy(&policy, now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect();
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("POST", "/examplebucket", &[("host", "s3.example.com")]);
/// let claim = verifier.claim_form(&request, &ReceivedForm::new("examplebucket", &fields), now)?;
/// assert_eq!(claim.access_key_id(), "AKIAIOSFODNN7EXAMPLE"); // it says
///
/// let error = claim.verify(None).unwrap_err(); // there is no such key
/// assert_eq!(error.code(), "InvalidAccessKeyId");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FormClaim {
    pub(super) claim: Claim,
    pub(super) bucket: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) range: Option<RangeInclusive<u64>>,
    pub(super) expiration: Timestamp,
}

impl FormClaim {
    /// The id of the key that the form says its policy was signed with.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim.claimed_access_key_id()
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        self.claim.claimed_scope()
    }

    /// The session token that came along, for a look-up that needs it.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.claim.claimed_session_token()
    }

    /// Derives the key of these credentials for this claim's scope: four HMACs.
    #[must_use]
    pub fn key(&self, credentials: &Credentials) -> VerifyingKey {
        self.claim.derive_key(credentials)
    }

    /// Compares signatures in constant time. `None` says that there is no such
    /// key: the same work is done, and the claim is refused.
    ///
    /// # Errors
    ///
    /// As [`Claim::verify`].
    pub fn verify(&self, key: Option<&VerifyingKey>) -> Result<VerifiedForm<'_>, VerifyError> {
        self.claim.check(key)?;
        Ok(VerifiedForm { claim: self })
    }
}

#[cfg(feature = "std")]
impl crate::KeyCache {
    /// As [`key`](Self::key), for a form.
    #[must_use]
    pub fn form_key(&self, claim: &FormClaim, credentials: &Credentials) -> alloc::sync::Arc<VerifyingKey> {
        self.key(&claim.claim, credentials)
    }
}

/// A proven form: made by [`FormClaim::verify`] alone.
///
/// **Act on what it hands out.** Each field is one that the policy names, and
/// says what the policy asks. Of the file nothing is proven but its length,
/// once [`file_length`](Self::file_length) has seen it all.
///
/// ```
/// use countersign::post_policy::{FormKey, PostPolicy, ReceivedForm};
/// use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier};
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let policy = PostPolicy::new("examplebucket", FormKey::file_name_under("user/"), Expires::HOUR);
/// # let form = signer.sign_post_policy(&policy.content_length_range(1..=5), now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect(); // as a multipart reader would have them
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("POST", "/examplebucket", &[("Host", "s3.example.com")]);
/// let form = ReceivedForm::new("examplebucket", &fields).file_name("cat.jpg");
///
/// let claim = verifier.claim_form(&request, &form, now)?;
/// let key = match claim.access_key_id() {
///     "AKIAIOSFODNN7EXAMPLE" => Some(claim.key(&credentials)), // your look-up, async or not
///     _ => None,
/// };
/// let verified = claim.verify(key.as_ref())?;
/// assert_eq!((verified.bucket(), verified.key()), ("examplebucket", "user/cat.jpg"));
///
/// let mut length = verified.file_length();
/// for piece in [b"me", b"ow"] {
///     length.update(piece)?; // then store the piece, where it can be thrown away
/// }
/// assert_eq!(length.finish()?, 4); // only now keep it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail
/// use countersign::post_policy::{FormClaim, VerifiedForm};
/// fn forge(claim: &FormClaim) -> VerifiedForm<'_> { VerifiedForm { claim } }
/// ```
#[derive(Clone, Copy)]
pub struct VerifiedForm<'c> {
    claim: &'c FormClaim,
}

impl<'c> VerifiedForm<'c> {
    /// The id of the key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &'c str {
        self.claim.access_key_id()
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> Scope<'c> {
        self.claim.scope()
    }

    /// The session token of temporary credentials.
    #[must_use]
    pub fn session_token(&self) -> Option<&'c str> {
        self.claim.session_token()
    }

    /// When the policy was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.claim.claim.time()
    }

    /// Until when the policy is good, by its own word.
    #[must_use]
    pub const fn expiration(&self) -> Timestamp {
        self.claim.expiration
    }

    /// The bucket: where the form was sent, and what the policy admits.
    #[must_use]
    pub fn bucket(&self) -> &'c str {
        &self.claim.bucket
    }

    /// The key, the file's name filled in. **It is text, not a path**: `..` and
    /// `\` in it are as the form had them, behind any prefix that was asked for.
    #[must_use]
    pub fn key(&self) -> &'c str {
        self.field("key").unwrap_or_default()
    }

    /// A field's value, by its name in any case. `None` for one that is not
    /// there, or that no policy need name (`x-ignore-`).
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'c str> {
        self.fields().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The fields, names in lower case, sorted; the signature's own are among
    /// them, as far as the policy names them. Values hold no control character
    /// but the tab, and the ends of lines in `tagging`.
    pub fn fields(&self) -> impl Iterator<Item = (&'c str, &'c str)> + use<'c> {
        self.claim.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How long the file may be, both ends included; `None` where the policy
    /// does not say.
    #[must_use]
    pub fn content_length_range(&self) -> Option<RangeInclusive<u64>> {
        self.claim.range.clone()
    }

    /// What counts the file as it streams past. Where the policy does not say
    /// how long it may be, it only counts: bound it yourself.
    pub fn file_length(&self) -> FileLength {
        FileLength::new(self.content_length_range().unwrap_or(0..=u64::MAX))
    }

    /// The status to answer with when the file is stored: 200, 201 (with an XML
    /// document) or 204, which is also what anything else means.
    #[must_use]
    pub fn success_action_status(&self) -> u16 {
        match self.field("success_action_status") {
            Some("200") => 200,
            Some("201") => 201,
            _ => 204,
        }
    }

    /// Where to send the browser when the file is stored, with `bucket`, `key`
    /// and `etag` added to its query.
    #[must_use]
    pub fn success_action_redirect(&self) -> Option<&'c str> {
        self.field("success_action_redirect").or_else(|| self.field("redirect"))
    }
}

impl fmt::Debug for FormClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormClaim")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("bucket", &self.bucket)
            .field("expiration", &self.expiration)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifiedForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifiedForm").field(self.claim).finish()
    }
}
