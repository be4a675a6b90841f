//! The policy document: until when, and what every field must say.
//!
//! ```text
//! document   = { "expiration": "YYYY-MM-DDTHH:MM:SS[.fraction]Z", "conditions": [ condition, … ] }
//! condition  = { name: value }                              is exactly
//!            | [ "eq", "$" name, value ]                    the same
//!            | [ "starts-with", "$" name, prefix ]
//!            | [ "content-length-range", least, most ]      whole numbers, or such in quotes
//! ```
//!
//! Source: S3 API Reference, "Creating a POST policy". Names of fields have no
//! case; everything else is exact, and nothing else may stand in a document.
//! Not here: whether a form meets the conditions.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::json::Json;
use super::{FormError, InvalidPolicy};
use crate::time::Timestamp;

/// A policy document.
pub(super) struct Document<'t> {
    pub(super) expiration: Timestamp,
    pub(super) conditions: Vec<Condition<'t>>,
}

/// What one field must say, or how long the file may be.
pub(super) enum Condition<'t> {
    Equal { name: Cow<'t, str>, value: Cow<'t, str> },
    StartsWith { name: Cow<'t, str>, prefix: Cow<'t, str> },
    ContentLengthRange { least: u64, most: u64 },
}

impl<'t> Document<'t> {
    /// Reads a document of at most `limit` conditions.
    pub(super) fn read(text: &'t [u8], limit: usize) -> Result<Self, FormError> {
        let json = Json::read(text)
            .map_err(|error| InvalidPolicy::Json { line: error.line(), column: error.column() })?;
        let Json::Object(members) = json else { return Err(InvalidPolicy::NotAnObject.into()) };
        let (mut expiration, mut conditions) = (None, None);
        for (name, value) in members {
            let member = match name.as_ref() {
                "expiration" => &mut expiration,
                "conditions" => &mut conditions,
                _ => return Err(InvalidPolicy::UnknownMember.into()),
            };
            if member.replace(value).is_some() {
                return Err(InvalidPolicy::RepeatedMember.into());
            }
        }
        let expiration = expiration.ok_or(InvalidPolicy::NoExpiration)?;
        let conditions = conditions.ok_or(InvalidPolicy::NoConditions)?;
        let Json::List(conditions) = conditions else { return Err(InvalidPolicy::ConditionsNotAList.into()) };
        if conditions.len() > limit {
            return Err(FormError::TooLarge { what: "policy conditions", limit });
        }
        let expiration = match expiration {
            Json::Text(text) => date(&text),
            _ => None,
        };
        Ok(Self {
            expiration: expiration.ok_or(InvalidPolicy::Expiration)?,
            conditions: conditions.into_iter().map(Condition::read).collect::<Result<_, _>>()?,
        })
    }

    /// The document as compact JSON, in the order of its conditions.
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }
}

impl<'t> Condition<'t> {
    fn read(json: Json<'t>) -> Result<Self, InvalidPolicy> {
        match json {
            Json::Object(members) => {
                let [(name, value)] =
                    <[_; 1]>::try_from(members).map_err(|_| InvalidPolicy::NotOneProperty)?;
                let Json::Text(value) = value else { return Err(InvalidPolicy::NotAString) };
                Ok(Self::Equal { name, value })
            }
            Json::List(parts) => {
                let mut parts = parts.into_iter();
                let Some(Json::Text(operator)) = parts.next() else { return Err(InvalidPolicy::NoOperator) };
                if !matches!(operator.as_ref(), "eq" | "starts-with" | "content-length-range") {
                    return Err(InvalidPolicy::UnknownOperator);
                }
                let (Some(left), Some(right), None) = (parts.next(), parts.next(), parts.next()) else {
                    return Err(InvalidPolicy::NotTwoArguments);
                };
                if operator == "content-length-range" {
                    let (least, most) = (length(&left)?, length(&right)?);
                    let range = Self::ContentLengthRange { least, most };
                    return if least <= most { Ok(range) } else { Err(InvalidPolicy::Range) };
                }
                let (Json::Text(name), Json::Text(text)) = (left, right) else {
                    return Err(InvalidPolicy::NotAString);
                };
                let name = without_dollar(name).ok_or(InvalidPolicy::NoDollar)?;
                Ok(match operator.as_ref() {
                    "eq" => Self::Equal { name, value: text },
                    _ => Self::StartsWith { name, prefix: text },
                })
            }
            _ => Err(InvalidPolicy::NotACondition),
        }
    }
}

fn without_dollar(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match name {
        Cow::Borrowed(name) => name.strip_prefix('$').map(Cow::Borrowed),
        Cow::Owned(name) => name.strip_prefix('$').map(|name| Cow::Owned(name.into())),
    }
}

fn length(json: &Json<'_>) -> Result<u64, InvalidPolicy> {
    match json {
        Json::Number(number) => Some(*number),
        // `parse` alone would take a sign.
        Json::Text(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
    .ok_or(InvalidPolicy::Range)
}

/// `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction of the second, which
/// does not count: a clock of whole seconds is past the one as soon as it is
/// past the other.
fn date(text: &str) -> Option<Timestamp> {
    let [
        y0,
        y1,
        y2,
        y3,
        b'-',
        m0,
        m1,
        b'-',
        d0,
        d1,
        b'T',
        h0,
        h1,
        b':',
        i0,
        i1,
        b':',
        s0,
        s1,
        fraction @ ..,
        b'Z',
    ] = text.as_bytes()
    else {
        return None;
    };
    let is_fraction = match fraction {
        [] => true,
        [b'.', digits @ ..] => (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let compact = [y0, y1, y2, y3, m0, m1, d0, d1, &b'T', h0, h1, i0, i1, s0, s1, &b'Z'].map(|byte| *byte);
    Timestamp::from_bytes(&compact).filter(|_| is_fraction)
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Document", 2)?;
        document.serialize_field("expiration", &self.expiration.extended())?;
        document.serialize_field("conditions", &self.conditions)?;
        document.end()
    }
}

impl Serialize for Condition<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Equal { name, value } => {
                let mut pair = serializer.serialize_map(Some(1))?;
                pair.serialize_entry(name, value)?;
                pair.end()
            }
            Self::StartsWith { name, prefix } => {
                ("starts-with", alloc::format!("${name}"), prefix).serialize(serializer)
            }
            Self::ContentLengthRange { least, most } => {
                ("content-length-range", least, most).serialize(serializer)
            }
        }
    }
}
