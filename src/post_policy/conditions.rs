//! Checks that a form meets the conditions of its policy, and has no other field.
//!
//! * Every condition must hold. Several conditions on a field must all hold.
//! * A missing field meets `starts-with ""`, and no other condition.
//! * `Content-Type` may be a list. Each of its parts must begin with the prefix.
//! * `bucket` is the bucket that the form was sent to.
//! * A condition must name every field, except `policy`, `x-amz-signature` and names that begin with
//!   `x-ignore-`.
//! * A condition must name the bucket, and state the exact values of algorithm, credential, date and
//!   token.
//!
//! Source: S3 API Reference, "Creating a POST policy", "Conditions" and "Condition matching".

use alloc::string::String;
use core::ops::RangeInclusive;

use super::document::Condition;
use super::policy_fields::{PolicyField, PolicyFields, lower};
use super::{FormError, ReceivedForm};
use crate::bytes::truncated;
use crate::steps::is_secret;
use crate::verify::Limits;

impl ReceivedForm<'_> {
    /// Returns true if the form meets one condition of a policy, which is given as JSON.
    ///
    /// Use it to show which condition fails: [`claim_form`](crate::Verifier::claim_form) checks all of them, and returns the first
    /// that is not met. Returns `None` if the text is not a condition, if it is about the length of the file, or if the
    /// fields of the form are invalid.
    ///
    /// ```
    /// use countersign::post_policy::ReceivedForm;
    ///
    /// let form = ReceivedForm::new("examplebucket", &[("key", "user/${filename}")]).with_file_name("cat.jpg");
    /// assert_eq!(form.meets(r#"["starts-with", "$key", "user/"]"#), Some(true));
    /// assert_eq!(form.meets(r#"{"key": "user/dog.jpg"}"#), Some(false));
    /// assert_eq!(form.meets(r#"["content-length-range", 1, 5]"#), None);
    /// ```
    #[must_use]
    pub fn meets(&self, condition: &str) -> Option<bool> {
        let mut fields = PolicyFields::parse(self, &Limits::default()).ok()?;
        match Condition::from_json(condition)? {
            Condition::Equal { name, value } => Some(fields.check_equal(&name, &value).is_ok()),
            Condition::StartsWith { name, prefix } => Some(fields.check_prefix(&name, &prefix).is_ok()),
            Condition::ContentLengthRange { .. } => None,
        }
    }
}

impl PolicyFields<'_> {
    /// Checks the fields against the conditions, and marks the fields that a condition names. Returns
    /// the allowed range of the file's length.
    pub(super) fn check(
        &mut self,
        conditions: &[Condition<'_>],
    ) -> Result<Option<RangeInclusive<u64>>, FormError> {
        let mut range = None;
        for condition in conditions {
            match condition {
                Condition::Equal { name, value } => self.check_equal(name, value)?,
                Condition::StartsWith { name, prefix } => self.check_prefix(name, prefix)?,
                Condition::ContentLengthRange { min, max } => range = Some(intersection(range, *min, *max)),
            }
        }
        self.check_signature_fields()?;
        match self.fields.iter().find(|field| !field.is_named && !field.is_exempt()) {
            Some(field) => Err(FormError::ExtraField { name: truncated(&field.name) }),
            None => Ok(range),
        }
    }

    /// Checks that a field has a value.
    fn check_equal(&mut self, name: &str, value: &str) -> Result<(), FormError> {
        match self.get_mut(&lower(name)) {
            Some(field) if field.value == value => {
                (field.is_named, field.is_exact) = (true, true);
                Ok(())
            }
            _ => Err(condition_failed("eq", name, value)),
        }
    }

    /// Checks that the value of a field begins with a prefix.
    fn check_prefix(&mut self, name: &str, prefix: &str) -> Result<(), FormError> {
        match self.get_mut(&lower(name)) {
            Some(field) if field.starts_with(prefix) => {
                field.is_named = true;
                Ok(())
            }
            None if prefix.is_empty() => Ok(()),
            _ => Err(condition_failed("starts-with", name, prefix)),
        }
    }

    /// Checks that the conditions name the bucket, and state the exact values of the signature's
    /// fields.
    fn check_signature_fields(&self) -> Result<(), FormError> {
        // The sender of the form does not choose the bucket, so a prefix is enough.
        let is_fixed = |name, field: &PolicyField<'_>| field.is_exact || field.is_named && name == "bucket";
        for name in FIXED {
            if self.get(name).is_some_and(|field| !is_fixed(name, field)) {
                return Err(FormError::MissingCondition { name });
            }
        }
        Ok(())
    }
}

/// Returns the lengths that are in both ranges.
fn intersection(range: Option<RangeInclusive<u64>>, min: u64, max: u64) -> RangeInclusive<u64> {
    let (start, end) = range.map_or((0, u64::MAX), RangeInclusive::into_inner);
    start.max(min)..=end.min(max)
}

/// Returns the error of a condition, without the value of a secret field.
fn condition_failed(operator: &'static str, name: &str, expected: &str) -> FormError {
    let name = truncated(&name.to_ascii_lowercase());
    let expected = if is_secret(&name) { String::new() } else { truncated(expected) };
    FormError::ConditionFailed { operator, name, expected }
}

/// The fields whose value every policy must fix. A field that is missing needs no condition.
const FIXED: [&str; 6] = [
    "bucket",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-s3session-token",
    "x-amz-security-token",
];
