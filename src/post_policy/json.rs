//! [`Json`], a JSON value that keeps repeated names. A map would drop one of two members with the same
//! name, and the repetition could not be rejected.
//!
//! `serde_json` parses the document (RFC 8259), to a depth of 128.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value. Strings without escapes are borrowed from the document.
pub(super) enum Json<'d> {
    String(Cow<'d, str>),
    /// A whole number that is not negative.
    Number(u64),
    List(Vec<Self>),
    Object(Vec<(Cow<'d, str>, Self)>),
    /// `null`, `true`, `false` and all other numbers.
    Other,
}

impl<'d> Json<'d> {
    /// Parses a document. Rejects more than `max_values` values, before memory is allocated for them.
    pub(super) fn parse(document: &'d [u8], max_values: usize) -> Result<Self, JsonError> {
        let left = Cell::new(Some(max_values));
        let mut deserializer = serde_json::Deserializer::from_slice(document);
        // A document that is not UTF-8 is rejected below.
        let has_name_of_number = core::str::from_utf8(document).is_ok_and(|text| text.contains(NUMBER));
        let value = Value { left: &left, has_name_of_number };
        let json = value.deserialize(&mut deserializer);
        let json = json.and_then(|json| deserializer.end().map(|()| json));
        json.map_err(|error| match left.get() {
            None => JsonError::TooManyValues,
            Some(_) => JsonError::Invalid { line: error.line(), column: error.column() },
        })
    }
}

/// The reason why a document is rejected.
pub(super) enum JsonError {
    TooManyValues,
    Invalid { line: usize, column: usize },
}

/// Creates the [`Json`] of a value.
#[derive(Clone, Copy)]
struct Value<'l> {
    /// The number of values that may follow; `None` after one too many.
    left: &'l Cell<Option<usize>>,
    /// True if the document contains [`NUMBER`], which only `serde_json` may use.
    has_name_of_number: bool,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        self.left.set(self.left.get().and_then(|left| left.checked_sub(1)));
        match self.left.get() {
            Some(_) => deserializer.deserialize_any(self),
            None => Err(D::Error::custom("too many values")),
        }
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, string: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(string)))
    }

    fn visit_str<E: Error>(self, string: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(string.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(MemberName(name)) = object.next_key()? {
            let value = object.next_value_seed(self)?;
            match name {
                // Without escapes, the name is the document's if this contains it.
                Cow::Borrowed(NUMBER) if !self.has_name_of_number => return Ok(number(&value)),
                name => members.push((name, value)),
            }
        }
        Ok(Json::Object(members))
    }
}

/// The name of the only member by which `serde_json` represents a number if another crate of the build enables its
/// feature `arbitrary_precision`. A condition on a field of this name must not be read from a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Returns the number that a string of `serde_json` represents.
fn number(digits: &Json<'_>) -> Json<'static> {
    match digits {
        Json::String(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            digits.parse().map_or(Json::Other, Json::Number)
        }
        _ => Json::Other,
    }
}

/// The name of a member, borrowed from the document if it has no escapes. Serde would copy a `Cow`.
struct MemberName<'d>(Cow<'d, str>);

impl<'de> Deserialize<'de> for MemberName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let left = Cell::new(Some(1));
        match (Value { left: &left, has_name_of_number: false }).deserialize(deserializer)? {
            Json::String(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("a name must be a string")),
        }
    }
}
