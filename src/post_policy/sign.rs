//! The signing end: a policy in, the fields of a form out.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::FILENAME;
use super::PolicyError;
use super::document::{Condition, Document};
use super::policy::{KeyRule, PostPolicy, Rule};
use crate::sign::{SignError, Signer};
use crate::steps::Signature;
use crate::steps::algorithm::Algorithm;
use crate::time::Timestamp;

impl Signer {
    /// Signs a policy: returns the form's fields, to print into a page.
    ///
    /// ```
    /// use countersign::post_policy::{FormKey, PostPolicy};
    /// use countersign::{Credentials, Expires, SecretAccessKey, Service, Signer, Timestamp};
    ///
    /// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR);
    /// let form = signer.sign_post_policy(&policy, Timestamp::now())?;
    ///
    /// let names: Vec<&str> = form.fields().map(|(name, _)| name).collect();
    /// let own = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"];
    /// assert_eq!(names, [&["key"], &own[..]].concat());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SignError::Policy`] for a policy that is not one to hand out;
    /// [`SignError::CredentialsEnded`], and [`SignError::OutlivesCredentials`]
    /// unless its [`Expires`](crate::Expires) may be shortened.
    pub fn sign_post_policy(&self, policy: &PostPolicy, time: Timestamp) -> Result<PostForm, SignError> {
        policy.check()?;
        let lifetime = self.lifetime(policy.expires, time)?;
        let expiration = time
            .checked_add(core::time::Duration::from_secs(lifetime.into()))
            .ok_or(PolicyError::BeyondCalendar)?;
        let credential =
            alloc::format!("{}/{}", self.credentials.access_key_id(), self.today().day(self, time).scope);
        let token = self.credentials.session_token();

        let mut fields: Vec<Field> = Vec::new();
        let mut left_open = Vec::new();
        let mut conditions = alloc::vec![exact("bucket", &policy.bucket)];
        match &policy.key.0 {
            KeyRule::Exact(key) => {
                conditions.push(exact("key", key));
                fields.push(("key".into(), key.clone()));
            }
            KeyRule::FileNameUnder(prefix) => {
                conditions.push(starts_with("key", prefix));
                fields.push(("key".into(), alloc::format!("{prefix}{FILENAME}")));
            }
            KeyRule::StartsWith(prefix) => {
                conditions.push(starts_with("key", prefix));
                left_open.push(("key".into(), prefix.clone()));
            }
            KeyRule::Any => {
                conditions.push(starts_with("key", ""));
                left_open.push(("key".into(), String::new()));
            }
        }
        for (name, rule) in &policy.fields {
            match rule {
                Rule::Exact(value) => {
                    conditions.push(exact(name, value));
                    fields.push((name.clone().into(), value.clone()));
                }
                Rule::StartsWith(prefix) => {
                    conditions.push(starts_with(name, prefix));
                    left_open.push((name.clone(), prefix.clone()));
                }
            }
        }
        if let Some(range) = &policy.file_length {
            conditions.push(Condition::ContentLengthRange { least: *range.start(), most: *range.end() });
        }
        let token = token.map(|token| (self.service.rules().session_token().header().header_name(), token));
        let own = [
            ("x-amz-algorithm", Algorithm::Hmac.name()),
            ("x-amz-credential", &credential),
            ("x-amz-date", time.as_str()),
        ];
        for (name, value) in own.into_iter().chain(token) {
            conditions.push(exact(name, value));
            fields.push((name.into(), value.into()));
        }
        let text = Document { expiration, conditions }.write();
        let policy = self.sign_policy_text(&text, time)?;
        Ok(PostForm { fields, left_open, text, expiration, policy })
    }

    /// Signs a policy document as it stands, byte for byte, for those who write
    /// their own. Nothing in it is checked: what it leaves open is open.
    ///
    /// # Errors
    ///
    /// [`SignError::CredentialsEnded`]; a signer of SigV4a signs no policies.
    pub fn sign_policy_text(&self, text: &str, time: Timestamp) -> Result<SignedPolicy, SignError> {
        if let Some(end) = self.credentials.expiration().filter(|end| *end <= time) {
            return Err(SignError::CredentialsEnded { end });
        }
        let base64 = STANDARD.encode(text);
        let signature = self.signing_key(time)?.sign_bytes(base64.as_bytes());
        Ok(SignedPolicy { base64, hex: signature.to_string(), signature })
    }
}

fn exact<'t>(name: &'t str, value: &'t str) -> Condition<'t> {
    Condition::Equal { name: name.into(), value: value.into() }
}

fn starts_with<'t>(name: &'t str, prefix: &'t str) -> Condition<'t> {
    Condition::StartsWith { name: name.into(), prefix: prefix.into() }
}

type Field = (Cow<'static, str>, String);

/// A signed policy, as a form carries it.
///
/// `Debug` is closed: whoever has it may upload.
///
/// ```
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// let text = r#"{"expiration": "2030-01-01T00:00:00Z", "conditions": [{"bucket": "examplebucket"}]}"#;
/// let policy = signer.sign_policy_text(text, Timestamp::parse("20291231T000000Z").unwrap())?;
/// assert!(policy.base64().starts_with("eyJleHBpcmF0aW9uIjog"));
/// assert_eq!(policy.signature().to_string().len(), 64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SignedPolicy {
    base64: String,
    hex: String,
    signature: Signature,
}

impl SignedPolicy {
    /// The document in Base64: the value of the field `policy`, and the string
    /// that was signed.
    #[must_use]
    pub fn base64(&self) -> &str {
        &self.base64
    }

    /// The signature: the value of the field `x-amz-signature`.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

/// The fields of a form that uploads straight to the bucket.
///
/// `Debug` is closed: whoever has it may upload.
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
/// let form = signer.sign_post_policy(&policy, "20291231T000000Z".parse()?)?;
///
/// let mut fields = form.fields(); // hidden inputs of the page
/// assert_eq!(fields.next(), Some(("key", "cat.jpg")));
/// assert_eq!(fields.next(), Some(("acl", "private")));
/// assert_eq!(form.left_open().collect::<Vec<_>>(), [("Content-Type", "image/")]); // the page's own
/// assert_eq!(form.expiration().as_str(), "20291231T010000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PostForm {
    fields: Vec<Field>,
    left_open: Vec<(String, String)>,
    text: String,
    expiration: Timestamp,
    policy: SignedPolicy,
}

impl PostForm {
    /// The fields that the form carries, names and values, in order. **The
    /// page's own fields and then the file, named `file`, come after them**:
    /// what stands behind the file does not count.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let SignedPolicy { base64, hex, .. } = &self.policy;
        let fields = self.fields.iter().map(|(name, value)| (name.as_ref(), value.as_str()));
        fields.chain([("policy", base64.as_str()), ("x-amz-signature", hex.as_str())])
    }

    /// The fields that are left to the page, names and what each value must
    /// begin with. Those with an empty prefix may be left out, but for `key`.
    pub fn left_open(&self) -> impl Iterator<Item = (&str, &str)> {
        self.left_open.iter().map(|(name, prefix)| (name.as_str(), prefix.as_str()))
    }

    /// The policy document: JSON.
    #[must_use]
    pub fn policy_text(&self) -> &str {
        &self.text
    }

    /// The policy as it was signed.
    #[must_use]
    pub const fn policy(&self) -> &SignedPolicy {
        &self.policy
    }

    /// The last second at which the form is good.
    #[must_use]
    pub const fn expiration(&self) -> Timestamp {
        self.expiration
    }
}

impl fmt::Debug for SignedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedPolicy(..)")
    }
}

impl fmt::Debug for PostForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostForm(..)")
    }
}
