//! *SignedHeaders*: the names of the headers that a signature covers.
//!
//! ```text
//! SignedHeaders = name *( ";" name )      sorted, each once
//! name          = 1*tchar                 in lower case
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1; RFC 9110,
//! section 5.6.2 (*tchar*).

use alloc::borrow::Cow;
use core::fmt;

use super::header_name::{Name, is_token};
use crate::bytes::{self, LOWERCASE_WORDS, prefix16};
use crate::error::InvalidSignedHeaders;

/// The list of signed headers: names in lower case, sorted, each once, joined by `;`.
///
/// ```
/// use countersign::{InvalidSignedHeaders, SignedHeaders};
///
/// let signed = SignedHeaders::parse("host;x-amz-date")?;
/// assert_eq!(signed.iter().collect::<Vec<_>>(), ["host", "x-amz-date"]);
///
/// assert_eq!(SignedHeaders::parse("x-amz-date;host"), Err(InvalidSignedHeaders::NotSorted));
/// assert_eq!(SignedHeaders::parse("Host"), Err(InvalidSignedHeaders::InvalidName));
/// # Ok::<(), InvalidSignedHeaders>(())
/// ```
// Stored as bytes to skip a UTF-8 check; always ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Cow<'a, [u8]>);

impl<'a> SignedHeaders<'a> {
    /// Parses a list, as `Authorization` and `X-Amz-SignedHeaders` have it.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignedHeaders`] for the first name that is not valid, not sorted, or
    /// repeated. An empty list is rejected as an empty name.
    pub fn parse(list: &'a str) -> Result<Self, InvalidSignedHeaders> {
        Self::read(list.as_bytes(), |_| ())
    }

    /// Parses a list, and calls `each` with its names in order.
    #[inline]
    pub(super) fn read(list: &'a [u8], mut each: impl FnMut(Name<'a>)) -> Result<Self, InvalidSignedHeaders> {
        let is_plain = bytes::all(list, LOWERCASE_WORDS);
        let mut previous = Name::known("");
        for name in (Names { rest: Some(list) }) {
            let is_valid = is_plain || name.is_lowercase() && is_token(name.as_bytes());
            if !is_valid {
                return Err(InvalidSignedHeaders::InvalidName);
            }
            // The first `previous` is "", so an empty first name is rejected as well.
            if !previous.lt(&name) {
                return Err(out_of_order(&previous, &name));
            }
            previous = name;
            each(name);
        }
        Ok(Self(Cow::Borrowed(list)))
    }

    /// Returns the names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.as_str().split(';')
    }

    /// Returns true if `name`, in lower case, is in the list.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        (Names { rest: Some(&self.0) }).any(|signed| signed.as_bytes() == name.as_bytes())
    }

    /// Returns the list: the names joined by `;`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Copies the list, unless it is owned already.
    #[must_use]
    pub fn into_owned(self) -> SignedHeaders<'static> {
        SignedHeaders(Cow::Owned(self.0.into_owned()))
    }
}

/// Returns the reason why `name` is not greater than `previous`.
#[cold]
fn out_of_order(previous: &Name<'_>, name: &Name<'_>) -> InvalidSignedHeaders {
    if name.as_bytes().is_empty() {
        InvalidSignedHeaders::InvalidName
    } else if previous.as_bytes() == name.as_bytes() {
        InvalidSignedHeaders::Repeated
    } else {
        InvalidSignedHeaders::NotSorted
    }
}

/// An iterator over the names of a list.
struct Names<'s> {
    /// Everything after the last separator; `None` after the last name.
    rest: Option<&'s [u8]>,
}

impl<'s> Iterator for Names<'s> {
    type Item = Name<'s>;

    #[inline]
    fn next(&mut self) -> Option<Name<'s>> {
        let list = self.rest?;
        let prefix = prefix16(list);
        let end = match bytes::find_in_prefix(prefix, 16, b';') {
            None => bytes::find(list.get(16..).unwrap_or_default(), b';').map(|end| end + 16),
            end => end,
        };
        let (name, after) = list.split_at_checked(end.unwrap_or(list.len()))?;
        self.rest = end.and_then(|_| after.get(1..));
        Some(Name::with_prefix(name, prefix))
    }
}

impl<'a> TryFrom<&'a str> for SignedHeaders<'a> {
    type Error = InvalidSignedHeaders;

    fn try_from(list: &'a str) -> Result<Self, InvalidSignedHeaders> {
        Self::parse(list)
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

#[cfg(test)]
mod tests {
    use super::SignedHeaders;
    use crate::error::InvalidSignedHeaders::{InvalidName, NotSorted, Repeated};

    #[test]
    fn rejects_a_list_that_is_not_sorted_unique_lower_case_tokens() {
        for (list, error) in [
            ("", InvalidName),
            (";", InvalidName),
            ("host;", InvalidName),
            (";host", InvalidName),
            ("a;;b", InvalidName),
            ("Host", InvalidName),
            ("host;x amz", InvalidName),
            ("host;é", InvalidName),
            ("host, x-amz-date", InvalidName),
            ("host;date", NotSorted),
            ("host;host", Repeated),
            ("x-amz-meta-0123456789;x-amz-meta-0123456789", Repeated),
            ("x-amz-meta-0123456789;x-amz-meta-0123456788", NotSorted),
            ("x-amz-meta-0123456789;x-amz-meta-012345678", NotSorted),
        ] {
            assert_eq!(SignedHeaders::parse(list), Err(error), "{list:?}");
        }
        for list in ["host", "a;b", "a;a-;a1;aa", "x-amz-meta-012345678;x-amz-meta-0123456789", "!;#;~"] {
            let signed = SignedHeaders::parse(list).expect(list);
            assert!(signed.iter().all(|name| signed.contains(name)));
            assert_eq!(signed.iter().collect::<alloc::vec::Vec<_>>().join(";"), list);
        }
    }
}
