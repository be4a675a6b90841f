//! [`VerifiedForm`], a form whose signature was verified.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use super::form_fields::FormField;
use super::{FileLength, FormFields};
use crate::service::TokenHeader;
use crate::steps::Scope;
use crate::time::Timestamp;
use crate::verify::Verified;

/// The contents of a form without its signature.
#[derive(Clone)]
pub(super) struct FormContents {
    pub(super) bucket: String,
    pub(super) fields: Vec<FormField>,
    /// The range of the file's length.
    pub(super) range: Option<RangeInclusive<u64>>,
    pub(super) expiration: Timestamp,
}

/// A verified form. Only [`FormClaim::verify`](super::FormClaim::verify) creates one.
///
/// **Act on the values that it returns**, not on the received form. The policy names each of these
/// fields, and each value meets the policy's conditions. The signature does not cover the file. Check its
/// length with [`file_length`](Self::file_length).
///
/// ```
/// use countersign::post_policy::{FormKey, PostPolicy, ReceivedForm};
/// use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier};
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let policy = PostPolicy::new("examplebucket", FormKey::prefix_and_filename("user/"), Expires::HOUR);
/// # let form = signer.sign_post_policy(&policy.with_content_length_range(1..=5), now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect(); // as a multipart reader returns them
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("POST", "/examplebucket", &[("Host", "s3.example.com")]);
/// let form = ReceivedForm::new("examplebucket", &fields).with_file_name("cat.jpg");
///
/// let claim = verifier.claim_form(&request, &form, now)?;
/// let key = match claim.claimed_access_key_id() {
///     "AKIAIOSFODNN7EXAMPLE" => Some(claim.derive_key(&credentials)), // your look-up, async or not
///     _ => None,
/// };
/// let verified = claim.verify(key.as_ref())?;
/// assert_eq!((verified.bucket(), verified.key()), ("examplebucket", "user/cat.jpg"));
///
/// let mut length = verified.file_length();
/// for piece in [b"me", b"ow"] {
///     length.update(piece)?; // then store the piece, so that it can still be deleted
/// }
/// assert_eq!(length.finish()?, 4); // now keep the file
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The fields are private, so no other code can create or change one:
///
/// ```compile_fail
/// use countersign::post_policy::VerifiedForm;
/// fn forge(form: VerifiedForm) -> VerifiedForm { VerifiedForm { ..form } }
/// ```
#[derive(Clone)]
pub struct VerifiedForm {
    pub(super) verified: Verified,
    pub(super) contents: FormContents,
}

impl VerifiedForm {
    /// Returns the access key id that signed the policy.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified.access_key_id()
    }

    /// Returns the credential scope of the signature: day, region and service.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        self.verified.scope()
    }

    /// Returns the session token of temporary credentials.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        // The policy names the field of the token, if there is one.
        let tokens = [TokenHeader::SecurityToken, TokenHeader::S3SessionToken];
        tokens.into_iter().find_map(|header| self.field(header.header_name()))
    }

    /// Returns the time at which the policy was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.verified.signed_at()
    }

    /// Returns the expiration that the policy states.
    #[must_use]
    pub const fn expiration(&self) -> Timestamp {
        self.contents.expiration
    }

    /// Returns the bucket that the form was sent to. The policy allows it.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.contents.bucket
    }

    /// Returns the key, with `${filename}` replaced by the name of the file.
    ///
    /// **A key is not a path.** It may contain `..` and `\`, also after the prefix that the policy
    /// requires.
    #[must_use]
    pub fn key(&self) -> &str {
        self.field("key").unwrap_or_default()
    }

    /// Returns the value of a field. The name is case-insensitive.
    ///
    /// Returns `None` if the field is missing, or if its name begins with `x-ignore-`: a policy does not
    /// name such a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Returns the fields, sorted by name. Names are in lower case. The fields include those of the
    /// signature that the policy names.
    ///
    /// Values have no control characters except tabs, and except line endings in `tagging`.
    #[must_use]
    pub fn fields(&self) -> FormFields<'_> {
        FormFields(self.contents.fields.iter())
    }

    /// Returns the allowed length of the file, both bounds included. Returns `None` if the policy does
    /// not limit it.
    #[must_use]
    pub fn content_length_range(&self) -> Option<RangeInclusive<u64>> {
        self.contents.range.clone()
    }

    /// Returns a counter that checks the length of the file while it is streamed. It accepts any length
    /// if the policy does not limit it.
    pub fn file_length(&self) -> FileLength {
        FileLength::new(self.content_length_range().unwrap_or(0..=u64::MAX))
    }

    /// Returns the HTTP status to send after the file was stored: 200, 201 (with an XML document), or
    /// 204, which is the default.
    #[must_use]
    pub fn success_action_status(&self) -> u16 {
        match self.field("success_action_status") {
            Some("200") => 200,
            Some("201") => 201,
            _ => 204,
        }
    }

    /// Returns the URL to redirect the browser to after the file was stored. The server adds `bucket`,
    /// `key` and `etag` to its query.
    #[must_use]
    pub fn success_action_redirect(&self) -> Option<&str> {
        self.field("success_action_redirect").or_else(|| self.field("redirect"))
    }
}

/// Iterates over the [`fields`](VerifiedForm::fields).
impl<'f> IntoIterator for &'f VerifiedForm {
    type Item = (&'f str, &'f str);
    type IntoIter = FormFields<'f>;

    fn into_iter(self) -> FormFields<'f> {
        self.fields()
    }
}

/// Prints the access key id, scope, bucket and expiration, not the values of the fields.
impl fmt::Debug for VerifiedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedForm")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("bucket", &self.contents.bucket)
            .field("expiration", &self.contents.expiration)
            .finish_non_exhaustive()
    }
}
