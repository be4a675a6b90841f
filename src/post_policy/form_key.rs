//! [`FormKey`], the keys that a form may upload to.

use alloc::string::String;

use super::PolicyError;
use super::field_names::{FILENAME, MAX_KEY_LEN, is_valid_value};

/// The keys that a form may upload to.
///
/// All rules except [`exact`](Self::exact) leave the choice to whoever has the form, who could then
/// overwrite existing objects.
///
/// ```
/// use countersign::Expires;
/// use countersign::post_policy::{FormKey, PostPolicy};
///
/// // One object, and no other.
/// let avatar = PostPolicy::new("examplebucket", FormKey::exact("avatars/17.jpg"), Expires::HOUR);
/// // The name of the visitor's file, in a folder of this visitor.
/// let files = PostPolicy::new("examplebucket", FormKey::prefix_and_filename("visitors/17/"), Expires::HOUR);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormKey(pub(super) KeyRule);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyRule {
    Exact(String),
    PrefixAndFilename(String),
    StartsWith(String),
    Any,
}

impl FormKey {
    /// Allows only this key.
    pub fn exact(key: impl Into<String>) -> Self {
        Self(KeyRule::Exact(key.into()))
    }

    /// Forms the key from the prefix and the name of the file that the visitor chooses.
    ///
    /// The policy states only the prefix, so it allows every key that begins with the prefix.
    pub fn prefix_and_filename(prefix: impl Into<String>) -> Self {
        Self(KeyRule::PrefixAndFilename(prefix.into()))
    }

    /// Allows every key that begins with this prefix. The page adds the field `key`.
    pub fn starts_with(prefix: impl Into<String>) -> Self {
        Self(KeyRule::StartsWith(prefix.into()))
    }

    /// Allows **every key of the bucket**. The page adds the field `key`.
    #[must_use]
    pub const fn any() -> Self {
        Self(KeyRule::Any)
    }

    /// Rejects a key that S3 cannot store, and an empty prefix, which would allow every key.
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let key = match &self.0 {
            KeyRule::Any => return Ok(()),
            KeyRule::PrefixAndFilename(prefix) | KeyRule::StartsWith(prefix) if prefix.is_empty() => {
                return Err(PolicyError::EmptyPrefix);
            }
            KeyRule::Exact(key) | KeyRule::PrefixAndFilename(key) | KeyRule::StartsWith(key) => key,
        };
        let is_valid =
            (1..=MAX_KEY_LEN).contains(&key.len()) && is_valid_value("key", key) && !key.contains(FILENAME);
        if is_valid { Ok(()) } else { Err(PolicyError::InvalidKey) }
    }
}
