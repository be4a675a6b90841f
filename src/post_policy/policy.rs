//! [`PostPolicy`], what a page allows its visitors to upload.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use super::field_names::{
    FILENAME, is_authentication, is_field_name, is_ignored, is_valid_value, is_version_2,
};
use super::{FormKey, PolicyError};
use crate::expires::Expires;

/// A rule for uploads by the visitors of a page: the bucket, the keys, the lifetime and the fields.
/// [`Signer::sign_post_policy`] turns it into a form.
///
/// Each rule becomes a condition of the policy. The conditions for the bucket, the key and the fields of
/// the signature are added automatically. **A form cannot contain a
/// field that the policy does not name.**
///
/// ```
/// use countersign::Expires;
/// use countersign::post_policy::{FormKey, PostPolicy};
///
/// let policy = PostPolicy::new("examplebucket", FormKey::prefix_and_filename("user/user1/"), Expires::HOUR)
///     .exact("acl", "public-read")
///     .exact("success_action_status", "201")
///     .starts_with("Content-Type", "image/")
///     .any("x-amz-meta-tag")
///     .with_content_length_range(1..=10 << 20);
/// ```
///
/// [`Signer::sign_post_policy`]: crate::Signer::sign_post_policy
#[derive(Clone)]
#[must_use = "a policy does nothing until `Signer::sign_post_policy` turns it into a form"]
pub struct PostPolicy {
    pub(super) bucket: String,
    pub(super) key: FormKey,
    pub(super) expires: Expires,
    pub(super) fields: Vec<(String, FieldRule)>,
    pub(super) content_length_range: Option<RangeInclusive<u64>>,
}

/// The condition on the value of a field.
#[derive(Clone)]
pub(super) enum FieldRule {
    Exact(String),
    StartsWith(String),
}

impl PostPolicy {
    /// Creates a policy for one bucket that is valid for `expires` after it is signed.
    ///
    /// The policy becomes invalid when the credentials expire, as a presigned URL does: see [`Expires`].
    pub fn new(bucket: impl Into<String>, key: FormKey, expires: Expires) -> Self {
        Self { bucket: bucket.into(), key, expires, fields: Vec::new(), content_length_range: None }
    }

    /// Adds a field with one allowed value to the form.
    pub fn exact(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with_field(name.into(), FieldRule::Exact(value.into()))
    }

    /// Allows a field whose value begins with `prefix`. The page adds the field.
    ///
    /// `Content-Type` may be a list with commas. Each of its parts must begin with `prefix`.
    pub fn starts_with(self, name: impl Into<String>, prefix: impl Into<String>) -> Self {
        self.with_field(name.into(), FieldRule::StartsWith(prefix.into()))
    }

    /// Allows a field with any value. The page may add it.
    pub fn any(self, name: impl Into<String>) -> Self {
        self.with_field(name.into(), FieldRule::StartsWith(String::new()))
    }

    /// Sets how many bytes the file may have, both bounds included (default: what the service
    /// accepts).
    pub fn with_content_length_range(self, range: RangeInclusive<u64>) -> Self {
        Self { content_length_range: Some(range), ..self }
    }

    fn with_field(mut self, name: String, rule: FieldRule) -> Self {
        self.fields.push((name, rule));
        self
    }

    /// Checks the bucket, the key, the range and the fields of the policy.
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let is_in_bucket_name = |byte: u8| byte.is_ascii_graphic() && byte != b'/';
        if self.bucket.is_empty() || !self.bucket.bytes().all(is_in_bucket_name) {
            return Err(PolicyError::InvalidBucket);
        }
        self.key.check()?;
        if self.content_length_range.as_ref().is_some_and(RangeInclusive::is_empty) {
            return Err(PolicyError::EmptyRange);
        }
        for (name, rule) in &self.fields {
            check_field(name, rule)?;
        }
        let mut names: Vec<String> = self.fields.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        let mut neighbours = names.iter().zip(names.iter().skip(1));
        match neighbours.find(|(name, next)| name == next) {
            Some((name, _)) => Err(PolicyError::RepeatedField { name: name.clone() }),
            None => Ok(()),
        }
    }
}

/// Rejects a field that a policy cannot name, or that is set in another way.
fn check_field(name: &str, rule: &FieldRule) -> Result<(), PolicyError> {
    if !is_field_name(name) {
        return Err(PolicyError::InvalidFieldName { name: name.into() });
    }
    let is_set_elsewhere = SET_ELSEWHERE.iter().any(|field| field.eq_ignore_ascii_case(name));
    if is_set_elsewhere || is_authentication(name) || is_version_2(name) || is_ignored(name) {
        return Err(PolicyError::ReservedField { name: name.into() });
    }
    let (FieldRule::Exact(value) | FieldRule::StartsWith(value)) = rule;
    if !is_valid_value(name, value) || value.contains(FILENAME) {
        return Err(PolicyError::InvalidFieldValue { name: name.into() });
    }
    Ok(())
}

const SET_ELSEWHERE: [&str; 4] = ["bucket", "key", "file", "content-length-range"];

/// Prints the names of the fields, not their values: a value may be a customer's key.
impl fmt::Debug for PostPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostPolicy")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("expires", &self.expires)
            .field("fields", &Vec::from_iter(self.fields.iter().map(|(name, _)| name)))
            .field("content_length_range", &self.content_length_range)
            .finish()
    }
}
