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

use core::ops::RangeInclusive;

use super::FormError;
use super::document::Condition;
use super::fields::{Field, Fields, lower};
use crate::error::shown;

impl Fields<'_> {
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
                    let field = self.field_mut(&lower(name)).filter(|field| field.value == *value);
                    let field = field.ok_or_else(|| FormError::condition_failed("eq", name, value))?;
                    (field.named, field.fixed) = (true, true);
                }
                Condition::StartsWith { name, prefix } => match self.field_mut(&lower(name)) {
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
            Some(field) => Err(FormError::ExtraField { name: shown(&field.name) }),
            None => Ok(range),
        }
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
