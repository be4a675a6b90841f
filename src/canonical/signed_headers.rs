//! *SignedHeaders*: the names of the headers that a signature covers.

use alloc::borrow::Cow;
use core::fmt;

use super::header_name::{Name, is_token};
use crate::bytes::{self, LOWERCASE_WORDS, prefix16};

/// The list of signed headers: lower-case names, sorted, each once, joined by `;`.
///
/// ```
/// use countersign::SignedHeaders;
///
/// let signed = SignedHeaders::parse("host;x-amz-date").unwrap();
/// assert_eq!(signed.iter().collect::<Vec<_>>(), ["host", "x-amz-date"]);
/// assert!(SignedHeaders::parse("x-amz-date;host").is_none(), "not sorted");
/// assert!(SignedHeaders::parse("Host").is_none(), "not in lower case");
/// ```
// Bytes, though all of them are ASCII: what arrives is not looked at twice.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Cow<'a, [u8]>);

impl<'a> SignedHeaders<'a> {
    /// Reads a list; `None` if it is empty, unsorted, holds a name twice or
    /// one that is not a lower-case token.
    #[must_use]
    pub fn parse(list: &'a str) -> Option<Self> {
        Self::read(list.as_bytes(), |_| ())
    }

    /// The same; `each` is given the names, in order.
    #[inline]
    pub(crate) fn read(list: &'a [u8], mut each: impl FnMut(Name<'a>)) -> Option<Self> {
        let plain = bytes::all(list, LOWERCASE_WORDS);
        let mut previous = Name::known("");
        for name in (Names { left: Some(list) }) {
            let valid = plain || name.is_lowercase() && is_token(name.as_bytes());
            // Every name sorts behind the empty one, but it does not.
            if !valid || !previous.is_before(&name) {
                return None;
            }
            previous = name;
            each(name);
        }
        Some(Self(Cow::Borrowed(list)))
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.as_str().split(';')
    }

    /// The same, as they are compared.
    #[inline]
    pub(crate) fn names(&self) -> Names<'_> {
        Names { left: Some(&self.0) }
    }

    /// Whether `name`, in lower case, is in the list.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|signed| signed.as_bytes() == name.as_bytes())
    }

    /// The list as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same list, owned.
    #[must_use]
    pub fn into_owned(self) -> SignedHeaders<'static> {
        SignedHeaders(Cow::Owned(self.0.into_owned()))
    }
}

/// Made by [`SignedHeaders::names`].
pub(crate) struct Names<'s> {
    /// What is behind the last separator; `None` behind the last name.
    left: Option<&'s [u8]>,
}

impl<'s> Iterator for Names<'s> {
    type Item = Name<'s>;

    #[inline]
    fn next(&mut self) -> Option<Name<'s>> {
        let list = self.left?;
        let sixteen = prefix16(list);
        let end = bytes::find_in_prefix(sixteen, 16, b';')
            .or_else(|| bytes::find(list.get(16..).unwrap_or_default(), b';').map(|end| end + 16));
        let (name, behind) = list.split_at_checked(end.unwrap_or(list.len()))?;
        self.left = end.and_then(|_| behind.get(1..));
        Some(Name::of_first_sixteen(name, sixteen))
    }
}

impl fmt::Display for SignedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SignedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedHeaders").field(&self.as_str()).finish()
    }
}
