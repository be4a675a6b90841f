//! [`PostForm`], a form with a signed policy, and [`SignedPolicy`].

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::form_fields::{FormField, FormFields};
use crate::steps::Signature;
use crate::time::Timestamp;

/// The fields of a form that uploads directly to a bucket.
///
/// `Debug` prints only the type's name, because whoever has the form can upload.
///
/// ```
/// use countersign::post_policy::{FormKey, PostPolicy};
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR)
///     .exact("acl", "private")
///     .starts_with("Content-Type", "image/");
/// let form = signer.sign_post_policy(&policy, Timestamp::parse("20291231T000000Z")?)?;
///
/// let mut fields = form.fields(); // hidden inputs of the page
/// assert_eq!(fields.next(), Some(("key", "cat.jpg")));
/// assert_eq!(fields.next(), Some(("acl", "private")));
/// assert_eq!(form.user_fields().collect::<Vec<_>>(), [("Content-Type", "image/")]); // added by the page
/// assert_eq!(form.expiration().as_str(), "20291231T010000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PostForm {
    fields: Vec<FormField>,
    user_fields: Vec<FormField>,
    document: String,
    expiration: Timestamp,
    policy: SignedPolicy,
}

impl PostForm {
    /// Creates a form: adds the policy and its signature to `fields`.
    pub(super) fn new(
        mut fields: Vec<FormField>,
        user_fields: Vec<FormField>,
        document: String,
        expiration: Timestamp,
        policy: SignedPolicy,
    ) -> Self {
        fields.push(("policy".into(), policy.base64.clone()));
        fields.push(("x-amz-signature".into(), policy.signature.to_string()));
        Self { fields, user_fields, document, expiration, policy }
    }

    /// Returns the names and values of the fields that the form contains, in their order.
    ///
    /// **The page must add its own fields after these, and then the file** as the field `file`. Servers
    /// ignore fields that follow the file.
    #[must_use]
    pub fn fields(&self) -> FormFields<'_> {
        FormFields(self.fields.iter())
    }

    /// Returns the fields that the page or its user fills in: the name of each field, and the prefix
    /// that its value must begin with.
    ///
    /// A field with an empty prefix may be missing, except `key`.
    #[must_use]
    pub fn user_fields(&self) -> FormFields<'_> {
        FormFields(self.user_fields.iter())
    }

    /// Returns the policy document, as JSON.
    #[must_use]
    pub fn policy_document(&self) -> &str {
        &self.document
    }

    /// Returns the signed policy.
    #[must_use]
    pub const fn policy(&self) -> &SignedPolicy {
        &self.policy
    }

    /// Returns the last second at which the form is valid.
    #[must_use]
    pub const fn expiration(&self) -> Timestamp {
        self.expiration
    }
}

/// Iterates over the [`fields`](PostForm::fields).
impl<'f> IntoIterator for &'f PostForm {
    type Item = (&'f str, &'f str);
    type IntoIter = FormFields<'f>;

    fn into_iter(self) -> FormFields<'f> {
        self.fields()
    }
}

/// Prints only the type's name.
impl fmt::Debug for PostForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostForm(..)")
    }
}

/// A signed policy document, as a form contains it.
///
/// `Debug` prints only the type's name, because whoever has the policy can upload.
///
/// ```
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// let document = r#"{"expiration": "2030-01-01T00:00:00Z", "conditions": [{"bucket": "examplebucket"}]}"#;
/// let policy = signer.sign_policy_document(document, Timestamp::parse("20291231T000000Z")?)?;
/// assert!(policy.base64().starts_with("eyJleHBpcmF0aW9uIjog"));
/// assert_eq!(policy.signature().to_string().len(), 64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SignedPolicy {
    pub(super) base64: String,
    pub(super) signature: Signature,
}

impl SignedPolicy {
    /// Returns the document in Base64: the value of the field `policy`, and the string to sign.
    #[must_use]
    pub fn base64(&self) -> &str {
        &self.base64
    }

    /// Returns the signature: the value of the field `x-amz-signature`.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

/// Prints only the type's name.
impl fmt::Debug for SignedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedPolicy(..)")
    }
}
