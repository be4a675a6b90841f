//! What a page lets its visitors upload, before it is signed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use super::PolicyError;
use super::{FILENAME, LONGEST_KEY, is_authentication, is_clean, is_ignored, is_version_2};
use crate::expires::Expires;

/// What a page lets its visitors upload: to which bucket, under which key, for
/// how long, with which fields. [`Signer::sign_post_policy`] makes a form of it.
///
/// Whatever is set here gets its condition by itself, as do bucket, key,
/// algorithm, credential, date, session token and expiration. **A field that is
/// not named here cannot be sent.**
///
/// ```
/// use countersign::Expires;
/// use countersign::post_policy::{FormKey, PostPolicy};
///
/// let policy = PostPolicy::new("examplebucket", FormKey::file_name_under("user/user1/"), Expires::HOUR)
///     .exact("acl", "public-read")
///     .exact("success_action_status", "201")
///     .starts_with("Content-Type", "image/")
///     .any("x-amz-meta-tag")
///     .content_length_range(1..=10 << 20);
/// ```
///
/// [`Signer::sign_post_policy`]: crate::Signer::sign_post_policy
#[derive(Clone)]
#[must_use = "a policy does nothing until `Signer::sign_post_policy` makes a form of it"]
pub struct PostPolicy {
    pub(super) bucket: String,
    pub(super) key: FormKey,
    pub(super) expires: Expires,
    pub(super) fields: Vec<(String, Rule)>,
    pub(super) file_length: Option<RangeInclusive<u64>>,
}

/// What a field must say.
#[derive(Clone)]
pub(super) enum Rule {
    Exact(String),
    StartsWith(String),
}

impl PostPolicy {
    /// A policy for one bucket, good for this long from when it is signed. It
    /// dies with the credentials, as a presigned URL does: see [`Expires`].
    pub fn new(bucket: impl Into<String>, key: FormKey, expires: Expires) -> Self {
        Self { bucket: bucket.into(), key, expires, fields: Vec::new(), file_length: None }
    }

    /// A field with one value, which the form carries.
    pub fn exact(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name.into(), Rule::Exact(value.into()))
    }

    /// A field that the page adds, with a value that begins so. For
    /// `Content-Type` each part of a list, between commas, must begin so.
    pub fn starts_with(self, name: impl Into<String>, prefix: impl Into<String>) -> Self {
        self.with(name.into(), Rule::StartsWith(prefix.into()))
    }

    /// A field that the page may add, with any value.
    pub fn any(self, name: impl Into<String>) -> Self {
        self.with(name.into(), Rule::StartsWith(String::new()))
    }

    /// How many bytes the file may have, both ends included. Without it, as
    /// many as the service takes.
    pub fn content_length_range(self, range: RangeInclusive<u64>) -> Self {
        Self { file_length: Some(range), ..self }
    }

    fn with(mut self, name: String, rule: Rule) -> Self {
        self.fields.push((name, rule));
        self
    }

    /// What no server should be asked to take.
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let is_bucket = |bucket: &str| bucket.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
        if self.bucket.is_empty() || !is_bucket(&self.bucket) {
            return Err(PolicyError::InvalidBucket);
        }
        self.key.check()?;
        if self.file_length.as_ref().is_some_and(RangeInclusive::is_empty) {
            return Err(PolicyError::EmptyRange);
        }
        let mut names: Vec<String> = Vec::with_capacity(self.fields.len());
        for (name, rule) in &self.fields {
            if name.is_empty() || !name.bytes().all(is_token) {
                return Err(PolicyError::InvalidFieldName { name: name.clone() });
            }
            let set_elsewhere = ["bucket", "key", "file", "content-length-range"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name));
            if set_elsewhere || is_authentication(name) || is_version_2(name) || is_ignored(name) {
                return Err(PolicyError::ReservedField { name: name.clone() });
            }
            let (Rule::Exact(text) | Rule::StartsWith(text)) = rule;
            if !is_clean(name, text) || text.contains(FILENAME) {
                return Err(PolicyError::InvalidFieldValue { name: name.clone() });
            }
            names.push(name.to_ascii_lowercase());
        }
        names.sort_unstable();
        match { names.iter().zip(names.iter().skip(1)) }.find(|(a, b)| a == b) {
            Some((name, _)) => Err(PolicyError::RepeatedField { name: name.clone() }),
            None => Ok(()),
        }
    }
}

/// Names of fields only: a value may be a customer's key.
impl fmt::Debug for PostPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostPolicy")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("expires", &self.expires)
            .field("fields", &Vec::from_iter(self.fields.iter().map(|(name, _)| name)))
            .field("content_length_range", &self.file_length)
            .finish()
    }
}

/// Which keys a form may upload to. All but [`exact`](Self::exact) leave the
/// choice to whoever has the form: an object that is there already can be
/// overwritten.
///
/// ```
/// use countersign::Expires;
/// use countersign::post_policy::{FormKey, PostPolicy};
///
/// // One object, and nothing else.
/// let avatar = PostPolicy::new("examplebucket", FormKey::exact("avatars/17.jpg"), Expires::HOUR);
/// // Whatever the visitor's file is called, in a place of the visitor's own.
/// let files = PostPolicy::new("examplebucket", FormKey::file_name_under("visitors/17/"), Expires::HOUR);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormKey(pub(super) KeyRule);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyRule {
    Exact(String),
    FileNameUnder(String),
    StartsWith(String),
    Any,
}

impl FormKey {
    /// This key alone.
    pub fn exact(key: impl Into<String>) -> Self {
        Self(KeyRule::Exact(key.into()))
    }

    /// The prefix and the name of the file that the visitor chose. The prefix
    /// is what is signed: any key that begins with it is taken.
    pub fn file_name_under(prefix: impl Into<String>) -> Self {
        Self(KeyRule::FileNameUnder(prefix.into()))
    }

    /// Any key that begins with this prefix; the page adds the field `key`.
    pub fn starts_with(prefix: impl Into<String>) -> Self {
        Self(KeyRule::StartsWith(prefix.into()))
    }

    /// **Any key of the bucket**; the page adds the field `key`.
    #[must_use]
    pub const fn any() -> Self {
        Self(KeyRule::Any)
    }

    fn check(&self) -> Result<(), PolicyError> {
        let text = match &self.0 {
            KeyRule::Any => return Ok(()),
            KeyRule::FileNameUnder(prefix) | KeyRule::StartsWith(prefix) if prefix.is_empty() => {
                return Err(PolicyError::OpenPrefix);
            }
            KeyRule::Exact(text) | KeyRule::FileNameUnder(text) | KeyRule::StartsWith(text) => text,
        };
        let valid =
            (1..=LONGEST_KEY).contains(&text.len()) && is_clean("key", text) && !text.contains(FILENAME);
        if valid { Ok(()) } else { Err(PolicyError::InvalidKey) }
    }
}

/// RFC 9110, section 5.6.2: what a header can be named; but for the dollar sign,
/// which has a meaning in conditions.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#' | b'%'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}
