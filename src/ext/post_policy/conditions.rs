//! Whether a form meets the conditions of its policy, and has no field beside.
//!
//! * Every condition holds; several for one field hold all.
//! * A field that is not there is the empty text to `starts-with ""`, and
//!   fails everything else.
//! * `Content-Type` may be a list: each of its parts begins with the prefix.
//! * `bucket` is where the form was sent to, whatever the form says.
//! * Every field is named by a condition. Exempt are `policy`,
//!   `x-amz-signature` and names that begin with `x-ignore-`.
//! * Bucket, algorithm, credential, date and token are named each; but for the
//!   bucket, by an exact value.
//!
//! Source: S3 API Reference, "Creating a POST policy", "Conditions" and
//! "Condition matching". Not here: grammar, and the clock.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::RangeInclusive;

use super::document::Condition;
use super::error::shown;
use super::form::ReceivedForm;
use super::{FILENAME, FormError, is_authentication, is_clean, is_ignored};
use crate::verify::Limits;

/// The fields of a form, sorted by name without case.
pub(super) struct Fields<'f> {
    fields: Vec<Field<'f>>,
}

struct Field<'f> {
    name: &'f str,
    value: Cow<'f, str>,
    /// Whether a condition names it, and whether one states its exact value.
    named: bool,
    fixed: bool,
}

impl<'f> Fields<'f> {
    /// Sorted, each once, the file's name filled in, and the bucket among them.
    pub(super) fn read(form: &ReceivedForm<'f>, limits: &Limits) -> Result<Self, FormError> {
        let over = |what, limit| FormError::TooLarge { what, limit };
        if form.fields.len() > limits.form_fields {
            return Err(over("fields", limits.form_fields));
        }
        let file_name = form.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let own = |&(name, value): &(&str, &str)| name.len() + value.len();
        let mut bytes: usize = form.fields.iter().map(own).sum::<usize>() + form.file_name.len();
        if bytes > limits.form_bytes {
            return Err(over("bytes of fields", limits.form_bytes));
        }
        let mut fields = Vec::with_capacity(form.fields.len() + 1);
        for &(name, value) in form.fields {
            if name.chars().any(char::is_control) {
                return Err(FormError::InvalidField { name: lower(name) });
            }
            let mut value = Cow::Borrowed(value);
            if !is_authentication(name) && value.contains(FILENAME) {
                bytes += value.matches(FILENAME).count() * file_name.len();
                if bytes > limits.form_bytes {
                    return Err(over("bytes of fields", limits.form_bytes));
                }
                value = Cow::Owned(value.replace(FILENAME, file_name));
            }
            if !is_ignored(name) && !name.eq_ignore_ascii_case("policy") && !is_clean(name, &value) {
                return Err(FormError::InvalidField { name: lower(name) });
            }
            fields.push(Field { name, value, named: false, fixed: false });
        }
        fields.sort_by(|a, b| without_case(a.name, b.name));
        let pairs = fields.iter().zip(fields.iter().skip(1));
        if let Some((field, _)) = { pairs }.find(|(a, b)| a.name.eq_ignore_ascii_case(b.name)) {
            return Err(FormError::RepeatedField { name: lower(field.name) });
        }
        let mut fields = Self { fields };
        if fields.get("file").is_some() {
            return Err(FormError::NotOneFile);
        }
        match fields.place("bucket") {
            Ok(_) if fields.get("bucket") != Some(form.bucket) => return Err(FormError::WrongBucket),
            Ok(_) => {}
            Err(place) => {
                let value = Cow::Borrowed(form.bucket);
                fields.fields.insert(place, Field { name: "bucket", value, named: false, fixed: false });
            }
        }
        Ok(fields)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| &*field.value)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'f str> {
        self.fields.iter().map(|field| field.name)
    }

    /// Holds the fields against the conditions; what is left is how long the
    /// file may be.
    pub(super) fn check(
        &mut self,
        conditions: &[Condition<'_>],
    ) -> Result<Option<RangeInclusive<u64>>, FormError> {
        let mut range: Option<RangeInclusive<u64>> = None;
        for condition in conditions {
            match condition {
                Condition::Equal { name, value } => {
                    let field = self.get_mut(name).filter(|field| field.value == *value);
                    let field = field.ok_or_else(|| FormError::condition_failed("eq", name, value))?;
                    (field.named, field.fixed) = (true, true);
                }
                Condition::StartsWith { name, prefix } => match self.get_mut(name) {
                    Some(field) if field.starts_with(prefix) => field.named = true,
                    None if prefix.is_empty() => {}
                    _ => return Err(FormError::condition_failed("starts-with", name, prefix)),
                },
                Condition::ContentLengthRange { least, most } => {
                    let (start, end) = range.take().map_or((0, u64::MAX), RangeInclusive::into_inner);
                    range = Some(start.max(*least)..=end.min(*most));
                }
            }
        }
        for name in FIXED {
            // The bucket is not the form's to choose.
            let is_fixed = |field: &Field<'_>| field.fixed || field.named && name == "bucket";
            if self.field(name).is_some_and(|field| !is_fixed(field)) {
                return Err(FormError::NotFixed { name });
            }
        }
        match self.fields.iter().find(|field| !field.named && !field.is_exempt()) {
            Some(field) => Err(FormError::ExtraField { name: lower(field.name) }),
            None => Ok(range),
        }
    }

    /// What a condition named, names in lower case; the bucket is apart.
    pub(super) fn into_named(self) -> Vec<(String, String)> {
        let named = self.fields.into_iter().filter(|field| field.named && !field.is_exempt());
        let named = named.filter(|field| !field.name.eq_ignore_ascii_case("bucket"));
        named.map(|field| (field.name.to_ascii_lowercase(), field.value.into_owned())).collect()
    }

    fn field(&self, name: &str) -> Option<&Field<'f>> {
        self.place(name).ok().and_then(|place| self.fields.get(place))
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Field<'f>> {
        self.place(name).ok().and_then(|place| self.fields.get_mut(place))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|field| without_case(field.name, name))
    }
}

impl Field<'_> {
    fn starts_with(&self, prefix: &str) -> bool {
        if self.name.eq_ignore_ascii_case("content-type") {
            return self.value.split(',').all(|part| part.starts_with(prefix));
        }
        self.value.starts_with(prefix)
    }

    fn is_exempt(&self) -> bool {
        let is = |name: &str| self.name.eq_ignore_ascii_case(name);
        is("policy") || is("x-amz-signature") || is_ignored(self.name)
    }
}

/// What every policy must fix; a field that is not there needs no condition.
const FIXED: [&str; 6] = [
    "bucket",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-s3session-token",
    "x-amz-security-token",
];

fn lower(name: &str) -> String {
    shown(&name.to_ascii_lowercase())
}

fn without_case(a: &str, b: &str) -> Ordering {
    let folded = |text| str::bytes(text).map(|byte| byte.to_ascii_lowercase());
    folded(a).cmp(folded(b))
}
