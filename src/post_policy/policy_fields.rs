//! [`PolicyFields`], the fields of a received form, sorted, without repetitions, and with `${filename}`
//! replaced by the name of the file.
//!
//! Source: S3 API Reference, "Creating an HTML form (using AWS Signature Version 4)". The names of
//! fields are case-insensitive.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::field_names::{FILENAME, is_authentication, is_ignored, is_valid_value};
use super::form_fields::FormField;
use super::{FormError, FormLimit, ReceivedForm};
use crate::bytes::truncated;
use crate::verify::Limits;

/// The fields of a form, sorted by name, and the bucket as a field.
pub(super) struct PolicyFields<'f> {
    pub(super) fields: Vec<PolicyField<'f>>,
}

/// A field, and what the conditions of the policy state about it.
pub(super) struct PolicyField<'f> {
    /// In lower case.
    pub(super) name: Cow<'f, str>,
    pub(super) value: Cow<'f, str>,
    /// The maximum length of a prefix of the value: see [`starts_with`](Self::starts_with).
    common_len: usize,
    /// True if a condition names the field.
    pub(super) is_named: bool,
    /// True if a condition states its exact value.
    pub(super) is_exact: bool,
}

impl<'f> PolicyFields<'f> {
    /// Reads the fields of a form, in any order.
    pub(super) fn parse(form: &ReceivedForm<'f>, limits: &Limits) -> Result<Self, FormError> {
        if form.fields.len() > limits.form_fields {
            return Err(FormError::TooLarge { limit: FormLimit::Fields, max: limits.form_fields });
        }
        let file_name = form.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut size = FormSize::of(form, limits.form_bytes)?;
        let mut fields = Vec::with_capacity(form.fields.len() + 1);
        for &(name, value) in form.fields {
            let name = lower(name);
            let mut value = Cow::Borrowed(value);
            if !is_authentication(&name) && value.contains(FILENAME) {
                size.add(value.matches(FILENAME).count().saturating_mul(file_name.len()))?;
                value = Cow::Owned(value.replace(FILENAME, file_name));
            }
            let is_checked = !is_ignored(&name) && name != "policy";
            if name.chars().any(char::is_control) || is_checked && !is_valid_value(&name, &value) {
                return Err(FormError::InvalidField { name: truncated(&name) });
            }
            fields.push(PolicyField::new(name, value));
        }
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        let mut neighbours = fields.iter().zip(fields.iter().skip(1));
        if let Some((field, _)) = neighbours.find(|(field, next)| field.name == next.name) {
            return Err(FormError::RepeatedField { name: truncated(&field.name) });
        }
        Self { fields }.with_bucket(form.bucket)
    }

    /// Adds the bucket that the form was sent to. Rejects a form that names another bucket, or that has
    /// a field `file`.
    fn with_bucket(mut self, bucket: &'f str) -> Result<Self, FormError> {
        if self.value("file").is_some() {
            return Err(FormError::NotOneFile);
        }
        match self.index("bucket") {
            Ok(_) if self.value("bucket") != Some(bucket) => return Err(FormError::WrongBucket),
            Ok(_) => {}
            Err(index) => self.fields.insert(index, PolicyField::new("bucket".into(), bucket.into())),
        }
        Ok(self)
    }

    /// Returns the value of a field. `name` is in lower case.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|field| &*field.value)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    /// Returns a field. `name` is in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&PolicyField<'f>> {
        self.index(name).ok().and_then(|index| self.fields.get(index))
    }

    /// Returns a field. `name` is in lower case.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut PolicyField<'f>> {
        self.index(name).ok().and_then(|index| self.fields.get_mut(index))
    }

    /// Returns the fields that the policy names, without the bucket.
    pub(super) fn into_named(self) -> Vec<FormField> {
        let named = self.fields.into_iter().filter(|field| field.is_named && !field.is_exempt());
        let named = named.filter(|field| field.name != "bucket");
        named.map(|field| (field.name.into_owned(), field.value.into_owned())).collect()
    }

    /// Returns the index of a field, or the index at which it can be inserted.
    fn index(&self, name: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|field| field.name.as_ref().cmp(name))
    }
}

impl<'f> PolicyField<'f> {
    fn new(name: Cow<'f, str>, value: Cow<'f, str>) -> Self {
        let common_len = if name == "content-type" { common_prefix_len(&value) } else { value.len() };
        Self { name, value, common_len, is_named: false, is_exact: false }
    }

    /// Returns true if no condition has to name the field.
    pub(super) fn is_exempt(&self) -> bool {
        self.name == "policy" || self.name == "x-amz-signature" || is_ignored(&self.name)
    }

    /// Returns true if the value begins with `prefix`. `Content-Type` may be a list; then each of its
    /// parts must begin with `prefix`.
    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        prefix.len() <= self.common_len && self.value.starts_with(prefix)
    }
}

/// Counts the bytes of the names and values of a form, up to a maximum.
struct FormSize {
    bytes: usize,
    max: usize,
}

impl FormSize {
    fn of(form: &ReceivedForm<'_>, max: usize) -> Result<Self, FormError> {
        let mut size = Self { bytes: 0, max };
        let lengths = form.fields.iter().flat_map(|(name, value)| [name.len(), value.len()]);
        size.add(lengths.fold(form.file_name.len(), usize::saturating_add))?;
        Ok(size)
    }

    fn add(&mut self, bytes: usize) -> Result<(), FormError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.max {
            return Err(FormError::TooLarge { limit: FormLimit::Bytes, max: self.max });
        }
        Ok(())
    }
}

/// Returns the maximum length of a prefix of `list` that is a prefix of each of its parts, which commas
/// separate.
fn common_prefix_len(list: &str) -> usize {
    let common = |part: &str| list.bytes().zip(part.bytes()).take_while(|(a, b)| a == b).count();
    list.split(',').map(common).min().unwrap_or_default()
}

/// Returns the name in lower case, without a copy if it already is.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    Cow::Borrowed(name)
}

#[cfg(test)]
mod tests {
    use super::common_prefix_len;

    #[test]
    fn a_prefix_of_a_list_is_a_prefix_of_each_part() {
        assert_eq!(common_prefix_len("image/png"), "image/png".len());
        assert_eq!(common_prefix_len("image/png,image/jpeg"), "image/".len());
        assert_eq!(common_prefix_len("image/png,text/html"), 0);
        assert_eq!(common_prefix_len("image/png,"), 0);
        assert_eq!(common_prefix_len(""), 0);
    }
}
