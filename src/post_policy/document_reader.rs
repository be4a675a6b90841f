//! Parses a policy document. The grammar is in `document.rs`.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::document::{Condition, Document};
use super::json::{Json, JsonError};
use super::{FormError, FormLimit, InvalidPolicy};
use crate::time::Timestamp;

impl<'d> Document<'d> {
    /// Parses a document. Rejects more than `max_conditions` conditions.
    pub(super) fn parse(document: &'d [u8], max_conditions: usize) -> Result<Self, FormError> {
        let too_many = FormError::TooLarge { limit: FormLimit::Conditions, max: max_conditions };
        // The conditions are counted after the document was parsed. Until then, this limit bounds the memory.
        let max_values = max_conditions.saturating_mul(VALUES_OF_A_CONDITION).saturating_add(OTHER_VALUES);
        let json = Json::parse(document, max_values).map_err(|error| match error {
            JsonError::TooManyValues => too_many.clone(),
            JsonError::Invalid { line, column } => InvalidPolicy::Json { line, column }.into(),
        })?;
        let (expiration, conditions) = members(json)?;
        let Json::List(conditions) = conditions else { return Err(InvalidPolicy::ConditionsNotAList.into()) };
        if conditions.len() > max_conditions {
            return Err(too_many);
        }
        let expiration = match expiration {
            Json::String(expiration) => parse_expiration(&expiration),
            _ => None,
        };
        Ok(Self {
            expiration: expiration.ok_or(InvalidPolicy::Expiration)?,
            conditions: conditions.into_iter().map(Condition::parse).collect::<Result<_, _>>()?,
        })
    }
}

/// Returns the two members of a document: `expiration` and `conditions`.
fn members(document: Json<'_>) -> Result<(Json<'_>, Json<'_>), InvalidPolicy> {
    let Json::Object(members) = document else { return Err(InvalidPolicy::NotAnObject) };
    let (mut expiration, mut conditions) = (None, None);
    for (name, value) in members {
        let member = match name.as_ref() {
            "expiration" => &mut expiration,
            "conditions" => &mut conditions,
            _ => return Err(InvalidPolicy::UnknownMember),
        };
        if member.replace(value).is_some() {
            return Err(InvalidPolicy::RepeatedMember);
        }
    }
    let expiration = expiration.ok_or(InvalidPolicy::NoExpiration)?;
    Ok((expiration, conditions.ok_or(InvalidPolicy::NoConditions)?))
}

impl<'d> Condition<'d> {
    /// Parses the JSON text of one condition.
    pub(super) fn from_json(text: &'d str) -> Option<Self> {
        Self::parse(Json::parse(text.as_bytes(), VALUES_OF_A_CONDITION).ok()?).ok()
    }

    fn parse(json: Json<'d>) -> Result<Self, InvalidPolicy> {
        match json {
            Json::Object(members) => Self::parse_object(members),
            Json::List(items) => Self::parse_list(items),
            _ => Err(InvalidPolicy::NotACondition),
        }
    }

    /// Parses `{ name: value }`.
    fn parse_object(members: Vec<(Cow<'d, str>, Json<'d>)>) -> Result<Self, InvalidPolicy> {
        let [(name, value)] = <[_; 1]>::try_from(members).map_err(|_| InvalidPolicy::NotOneProperty)?;
        let Json::String(value) = value else { return Err(InvalidPolicy::NotAString) };
        Ok(Self::Equal { name, value })
    }

    /// Parses `[ operator, left, right ]`.
    fn parse_list(items: Vec<Json<'d>>) -> Result<Self, InvalidPolicy> {
        let mut items = items.into_iter();
        let Some(Json::String(operator)) = items.next() else { return Err(InvalidPolicy::NoOperator) };
        let operator = Operator::parse(&operator).ok_or(InvalidPolicy::UnknownOperator)?;
        let (Some(left), Some(right), None) = (items.next(), items.next(), items.next()) else {
            return Err(InvalidPolicy::NotTwoArguments);
        };
        if operator == Operator::ContentLengthRange {
            let (min, max) = (parse_length(&left)?, parse_length(&right)?);
            let condition = Self::ContentLengthRange { min, max };
            return if min <= max { Ok(condition) } else { Err(InvalidPolicy::Range) };
        }
        let (Json::String(name), Json::String(value)) = (left, right) else {
            return Err(InvalidPolicy::NotAString);
        };
        let name = strip_dollar(name).ok_or(InvalidPolicy::NoDollar)?;
        Ok(match operator {
            Operator::Equal => Self::Equal { name, value },
            _ => Self::StartsWith { name, prefix: value },
        })
    }
}

/// The operator of a condition in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    StartsWith,
    ContentLengthRange,
}

impl Operator {
    /// Parses an operator, in any case, as Ceph and MinIO do. In ceph/s3-tests,
    /// `test_post_object_case_insensitive_condition_fields` sends `StArTs-WiTh`.
    fn parse(operator: &str) -> Option<Self> {
        let names = [
            ("eq", Self::Equal),
            ("starts-with", Self::StartsWith),
            ("content-length-range", Self::ContentLengthRange),
        ];
        let found = names.into_iter().find(|(name, _)| operator.eq_ignore_ascii_case(name));
        found.map(|(_, operator)| operator)
    }
}

/// Removes the `$` before the name of a field, without a copy if the name is borrowed.
fn strip_dollar(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match name {
        Cow::Borrowed(name) => name.strip_prefix('$').map(Cow::Borrowed),
        Cow::Owned(name) => name.strip_prefix('$').map(|name| Cow::Owned(name.into())),
    }
}

/// Parses a whole number, or a string of digits.
fn parse_length(json: &Json<'_>) -> Result<u64, InvalidPolicy> {
    match json {
        Json::Number(number) => Some(*number),
        // `parse` alone would accept a plus sign.
        Json::String(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
    .ok_or(InvalidPolicy::Range)
}

/// Parses `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction of the second.
///
/// The fraction is dropped, so that a policy is never accepted after its expiration.
fn parse_expiration(expiration: &str) -> Option<Timestamp> {
    let (seconds, fraction) = expiration.strip_suffix('Z')?.split_at_checked(SHAPE.len())?;
    let has_shape = seconds.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        separator => byte == *separator,
    });
    let is_fraction = match fraction.as_bytes() {
        [] => true,
        [b'.', digits @ ..] => (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let compact: String = seconds.chars().filter(|c| !matches!(c, '-' | ':')).chain(['Z']).collect();
    if has_shape && is_fraction { Timestamp::parse(&compact).ok() } else { None }
}

/// The number of JSON values in a condition: the list and its three items.
const VALUES_OF_A_CONDITION: usize = 4;
/// The number of JSON values outside of conditions is 3; a few more leave room for more precise errors.
const OTHER_VALUES: usize = 64;

/// The shape of a time. A `0` is any digit.
const SHAPE: &[u8; 19] = b"0000-00-00T00:00:00";

#[cfg(test)]
mod tests {
    use super::parse_expiration;

    #[test]
    fn an_expiration_is_a_utc_time_with_an_optional_fraction() {
        let parsed = |expiration| parse_expiration(expiration).map(|time| time.unix_seconds());
        for expiration in [
            "2007-12-01T12:00:00Z",
            "2007-12-01T12:00:00.0Z",
            "2007-12-01T12:00:00.000Z",
            "2007-12-01T12:00:00.999999999Z",
        ] {
            assert_eq!(parsed(expiration), Some(1_196_510_400), "{expiration:?}");
        }
        for expiration in [
            "",
            "Z",
            "2007-12-01T12:00:00",
            "2007-12-01T12:00:00z",
            "2007-12-01t12:00:00Z",
            "2007-12-01 12:00:00Z",
            "2007-12-01T12:00:00+00:00",
            "2007-12-01T12:00:00.Z",
            "2007-12-01T12:00:00.0000000000Z",
            "2007-12-01T12:00:00,5Z",
            "2007-12-01T12:00:60Z",
            "2007-02-30T12:00:00Z",
            "2007-12-01T24:00:00Z",
            "20071201T120000Z",
            "2007-1é-01T12:00:00Z",
            "-007-12-01T12:00:00Z",
        ] {
            assert_eq!(parsed(expiration), None, "{expiration:?}");
        }
    }
}
