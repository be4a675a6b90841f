//! [`Json`], a JSON value that keeps repeated names. A map would drop one of two members with the same
//! name, and the repetition could not be rejected.
//!
//! `serde_json` parses the document (RFC 8259), to a depth of 128.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

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
    /// Parses a document.
    pub(super) fn parse(document: &'d [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(document)
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

/// Creates the [`Json`] of a value.
struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
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
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(MemberName(name)) = object.next_key()? {
            members.push((name, object.next_value()?));
        }
        Ok(Json::Object(members))
    }
}

/// The name of a member, borrowed from the document if it has no escapes. Serde would copy a `Cow`.
struct MemberName<'d>(Cow<'d, str>);

impl<'de> Deserialize<'de> for MemberName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::String(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("a name must be a string")),
        }
    }
}
