//! *SignedHeaders*: the names of the headers that a signature covers.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::is_token;
use super::name::Name;
use crate::scan::{self, Sixteen};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Cow<'a, str>);

impl<'a> SignedHeaders<'a> {
    /// Reads a list; `None` if it is empty, unsorted, holds a name twice or
    /// one that is not a lower-case token.
    #[must_use]
    pub fn parse(list: &'a str) -> Option<Self> {
        let odd = |bytes: Sixteen| {
            !(bytes.within(b'a', b'z') | bytes.within(b'0', b'9') | bytes.are(b'-') | bytes.are(b';'))
        };
        let plain = !scan::any(list.as_bytes(), odd);
        let mut previous = Name::known("");
        for name in scan::split(list, b';').map(Name::new) {
            let valid = plain || name.is_lowercase() && is_token(name.as_str());
            // Every name sorts behind the empty one, but it does not.
            if !valid || !previous.is_before(&name) {
                return None;
            }
            previous = name;
        }
        Some(Self(Cow::Borrowed(list)))
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        scan::split(&self.0, b';')
    }

    /// Whether `name`, in lower case, is in the list.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|signed| signed == name)
    }

    /// The list as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same list, owned.
    #[must_use]
    pub fn into_owned(self) -> SignedHeaders<'static> {
        SignedHeaders(Cow::Owned(String::from(self.0)))
    }
}

impl fmt::Display for SignedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
