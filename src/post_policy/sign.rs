//! Signs a [`PostPolicy`]: [`Signer::sign_post_policy`] returns the fields of a form.

use alloc::format;
use alloc::vec::Vec;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::document::{Condition, Document};
use super::field_names::FILENAME;
use super::form_fields::FormField;
use super::form_key::KeyRule;
use super::policy::FieldRule;
use super::{PolicyError, PostForm, PostPolicy, SignedPolicy};
use crate::error::SignError;
use crate::sign::Signer;
use crate::steps::Algorithm;
use crate::time::Timestamp;

impl Signer {
    /// Signs a policy, and returns the fields of a form, to print into a page.
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
    /// let added = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"];
    /// assert_eq!(names, [&["key"], &added[..]].concat());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns
    ///
    /// * [`SignError::Policy`] if the policy is invalid;
    /// * [`SignError::CredentialsExpired`] if the credentials have expired;
    /// * [`SignError::OutlivesCredentials`] if the policy would be valid for longer than the credentials
    ///   and the signer may not [shorten it](Self::shorten_to_credentials);
    /// * `SignError::NotSupportedBySigV4a` for a signer for SigV4a.
    pub fn sign_post_policy(&self, policy: &PostPolicy, time: Timestamp) -> Result<PostForm, SignError> {
        policy.check()?;
        let lifetime = Duration::from_secs(self.lifetime(policy.expires, time)?.into());
        let expiration = time.checked_add(lifetime).ok_or(PolicyError::ExpirationOutOfRange)?;
        let credential =
            format!("{}/{}", self.credentials.access_key_id(), self.daily_state().at(self, time).scope);
        let token_header = self.service.rules().session_token().header().header_name();
        let token = self.credentials.session_token().map(|token| (token_header, token));

        let mut form = FormBuilder::of(policy);
        form.push_exact("x-amz-algorithm", Algorithm::Hmac.name());
        form.push_exact("x-amz-credential", &credential);
        form.push_exact("x-amz-date", time.as_str());
        if let Some((name, token)) = token {
            form.push_exact(name, token);
        }
        let FormBuilder { fields, user_fields, conditions } = form;
        let document = Document { expiration, conditions }.write();
        let signed = self.sign_policy_document(&document, time)?;
        Ok(PostForm::new(fields, user_fields, document, expiration, signed))
    }

    /// Signs exactly the bytes of a policy document that the caller wrote.
    ///
    /// The document is not checked. A form may contain everything that its conditions allow.
    ///
    /// # Errors
    ///
    /// Returns [`SignError::CredentialsExpired`] if the credentials have expired, and
    /// `SignError::NotSupportedBySigV4a` for a signer for SigV4a.
    pub fn sign_policy_document(&self, document: &str, time: Timestamp) -> Result<SignedPolicy, SignError> {
        if let Some(at) = self.credentials.expiration().filter(|at| *at <= time) {
            return Err(SignError::CredentialsExpired { at });
        }
        let base64 = STANDARD.encode(document);
        let signature = self.signing_key(time)?.sign_bytes(base64.as_bytes());
        Ok(SignedPolicy { base64, signature })
    }
}

/// The fields of a form, and the conditions of its policy.
struct FormBuilder<'p> {
    fields: Vec<FormField>,
    user_fields: Vec<FormField>,
    conditions: Vec<Condition<'p>>,
}

impl<'p> FormBuilder<'p> {
    /// Creates the fields and the conditions of a policy, without those of the signature.
    fn of(policy: &'p PostPolicy) -> Self {
        let mut form = Self { fields: Vec::new(), user_fields: Vec::new(), conditions: Vec::new() };
        form.conditions.push(Condition::exact("bucket", &policy.bucket));
        match &policy.key.0 {
            KeyRule::Exact(key) => form.push_exact("key", key),
            KeyRule::PrefixAndFilename(prefix) => {
                form.conditions.push(Condition::starts_with("key", prefix));
                form.fields.push(("key".into(), format!("{prefix}{FILENAME}")));
            }
            KeyRule::StartsWith(prefix) => form.push_user_field("key", prefix),
            KeyRule::Any => form.push_user_field("key", ""),
        }
        for (name, rule) in &policy.fields {
            match rule {
                FieldRule::Exact(value) => form.push_exact(name, value),
                FieldRule::StartsWith(prefix) => form.push_user_field(name, prefix),
            }
        }
        if let Some(range) = &policy.content_length_range {
            let (min, max) = (*range.start(), *range.end());
            form.conditions.push(Condition::ContentLengthRange { min, max });
        }
        form
    }

    /// Adds a field of the form with its exact value, and the condition on it.
    fn push_exact<'v: 'p>(&mut self, name: &'v str, value: &'v str) {
        self.conditions.push(Condition::exact(name, value));
        self.fields.push((name.into(), value.into()));
    }

    /// Adds a field that the page or its user fills in, and the condition on its prefix.
    fn push_user_field(&mut self, name: &'p str, prefix: &'p str) {
        self.conditions.push(Condition::starts_with(name, prefix));
        self.user_fields.push((name.into(), prefix.into()));
    }
}
