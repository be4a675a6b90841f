//! [`ReceivedForm`], a form as a server received it.

use alloc::vec::Vec;
use core::fmt;

use super::field_names::{is_authentication, is_version_2};

/// A borrowed view of a form as a server received it, **up to its file**.
///
/// Create it when the multipart reader reaches the part named `file`, from the parts before it. Parts
/// that follow the file have no meaning and need not be read, so that the file can be streamed.
///
/// ```
/// use countersign::post_policy::ReceivedForm;
///
/// let fields = [("key", "user/${filename}"), ("acl", "private")];
/// let form = ReceivedForm::new("examplebucket", &fields).with_file_name("C:\\photos\\cat.jpg");
/// assert!(!form.is_signed());
/// ```
#[derive(Clone, Copy)]
pub struct ReceivedForm<'f> {
    pub(super) bucket: &'f str,
    pub(super) fields: &'f [(&'f str, &'f str)],
    pub(super) file_name: &'f str,
}

impl<'f> ReceivedForm<'f> {
    /// Creates a view of a form.
    ///
    /// `bucket` is the bucket in the target or the host of the request, not the value of a field.
    /// `fields` are the names and values of all fields before the file, in their order. The caller must
    /// reject a value that is not UTF-8, for example with
    /// [`FormError::invalid_field`](super::FormError::invalid_field).
    #[must_use]
    pub const fn new(bucket: &'f str, fields: &'f [(&'f str, &'f str)]) -> Self {
        Self { bucket, fields, file_name: "" }
    }

    /// Sets the `filename` of the file part, as it was received.
    ///
    /// The part after its last `/` or `\` replaces `${filename}` in the values of fields.
    #[must_use]
    pub const fn with_file_name(self, file_name: &'f str) -> Self {
        Self { file_name, ..self }
    }

    /// Returns true if a field belongs to a signature.
    ///
    /// If no field does, the form is anonymous, or its request is signed in a header or its URL.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.fields.iter().any(|(name, _)| is_authentication(name)) || self.is_version_2()
    }

    /// Returns the value of the first field of this name. Names are case-insensitive.
    #[cfg(feature = "diagnose")]
    pub(crate) fn field(&self, name: &str) -> Option<&'f str> {
        self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// Returns true if a field belongs to a signature of Version 2.
    pub(super) fn is_version_2(&self) -> bool {
        self.fields.iter().any(|(name, _)| is_version_2(name))
    }
}

/// Prints the names of the fields, not their values: a value may be a token.
impl fmt::Debug for ReceivedForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Vec::from_iter(self.fields.iter().map(|(name, _)| name));
        f.debug_struct("ReceivedForm")
            .field("bucket", &self.bucket)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}
