//! [`FormFields`], the iterator over the fields of a form.

use alloc::string::String;
use core::{fmt, slice};

/// The name and the value of a field.
pub(super) type FormField = (String, String);

/// Iterates over the names and values of the fields of a [`PostForm`](super::PostForm) or a
/// [`VerifiedForm`](super::VerifiedForm).
#[derive(Clone)]
pub struct FormFields<'f>(pub(super) slice::Iter<'f, FormField>);

impl<'f> Iterator for FormFields<'f> {
    type Item = (&'f str, &'f str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for FormFields<'_> {}

/// Prints only the names, because a value may be a signature, a token or a customer's key.
impl fmt::Debug for FormFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.as_slice().iter().map(|(name, _)| name)).finish()
    }
}
