//! The fields of a form before its file: sorted, each once, and with the
//! file's name where they ask for it.
//!
//! Source: S3 API Reference, "Creating an HTML form (using AWS Signature
//! Version 4)". Names have no case. Not here: what the policy says of them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::form::ReceivedForm;
use super::{FILENAME, FormError, is_authentication, is_clean, is_ignored};
use crate::error::shown;
use crate::verify::Limits;

/// The fields of a form, sorted, and the bucket among them.
pub(super) struct Fields<'f> {
    pub(super) fields: Vec<Field<'f>>,
}

pub(super) struct Field<'f> {
    /// In lower case.
    pub(super) name: Cow<'f, str>,
    pub(super) value: Cow<'f, str>,
    /// How many bytes of the value a prefix is held against.
    common: usize,
    /// Whether a condition names it, and whether one states its exact value.
    pub(super) named: bool,
    pub(super) fixed: bool,
}

impl<'f> Fields<'f> {
    pub(super) fn read(form: &ReceivedForm<'f>, limits: &Limits) -> Result<Self, FormError> {
        let over = |what, limit| FormError::TooLarge { what, limit };
        if form.fields.len() > limits.form_fields {
            return Err(over("fields", limits.form_fields));
        }
        let file_name = form.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let lengths = form.fields.iter().flat_map(|(name, value)| [name.len(), value.len()]);
        let mut bytes = lengths.fold(form.file_name.len(), usize::saturating_add);
        if bytes > limits.form_bytes {
            return Err(over("bytes of fields", limits.form_bytes));
        }
        let mut fields = Vec::with_capacity(form.fields.len() + 1);
        for &(name, value) in form.fields {
            let name = lower(name);
            let mut value = Cow::Borrowed(value);
            if !is_authentication(&name) && value.contains(FILENAME) {
                let more = value.matches(FILENAME).count().saturating_mul(file_name.len());
                bytes = bytes.saturating_add(more);
                if bytes > limits.form_bytes {
                    return Err(over("bytes of fields", limits.form_bytes));
                }
                value = Cow::Owned(value.replace(FILENAME, file_name));
            }
            let means_nothing = is_ignored(&name) || name == "policy";
            if name.chars().any(char::is_control) || !means_nothing && !is_clean(&name, &value) {
                return Err(FormError::InvalidField { name: shown(&name) });
            }
            fields.push(Field::new(name, value));
        }
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some((field, _)) = { fields.iter().zip(fields.iter().skip(1)) }.find(|(a, b)| a.name == b.name)
        {
            return Err(FormError::RepeatedField { name: shown(&field.name) });
        }
        Self { fields }.with_bucket(form.bucket)
    }

    /// The bucket is where the form was sent to, whatever the form says.
    fn with_bucket(mut self, bucket: &'f str) -> Result<Self, FormError> {
        if self.get("file").is_some() {
            return Err(FormError::NotOneFile);
        }
        match self.place("bucket") {
            Ok(_) if self.get("bucket") != Some(bucket) => return Err(FormError::WrongBucket),
            Ok(_) => {}
            Err(place) => {
                self.fields.insert(place, Field::new("bucket".into(), bucket.into()));
            }
        }
        Ok(self)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| &*field.value)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field<'f>> {
        self.place(name).ok().and_then(|place| self.fields.get(place))
    }

    pub(super) fn field_mut(&mut self, name: &str) -> Option<&mut Field<'f>> {
        self.place(name).ok().and_then(|place| self.fields.get_mut(place))
    }

    /// What the policy named, but for the bucket, which is apart.
    pub(super) fn into_named(self) -> Vec<(String, String)> {
        let named = self.fields.into_iter().filter(|field| field.named && !field.is_exempt());
        let named = named.filter(|field| field.name != "bucket");
        named.map(|field| (field.name.into_owned(), field.value.into_owned())).collect()
    }

    /// `name` is in lower case.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|field| field.name.as_ref().cmp(name))
    }
}

impl<'f> Field<'f> {
    fn new(name: Cow<'f, str>, value: Cow<'f, str>) -> Self {
        let common = if name == "content-type" { common_start(&value) } else { value.len() };
        Self { name, value, common, named: false, fixed: false }
    }

    /// Whether no condition need name it.
    pub(super) fn is_exempt(&self) -> bool {
        self.name == "policy" || self.name == "x-amz-signature" || is_ignored(&self.name)
    }

    /// `Content-Type` may be a list, and then each of its parts begins so.
    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        prefix.len() <= self.common && self.value.starts_with(prefix)
    }
}

/// How many bytes at the beginning of a list are the beginning of each part.
fn common_start(list: &str) -> usize {
    let common = |part: &str| list.bytes().zip(part.bytes()).take_while(|(a, b)| a == b).count();
    list.split(',').map(common).min().unwrap_or_default()
}

/// A name without its case; most have none.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    Cow::Borrowed(name)
}
