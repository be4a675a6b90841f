//! [`Document`], a policy document: its expiration, and a condition for every field.
//!
//! ```text
//! document   = { "expiration": "YYYY-MM-DDTHH:MM:SS[.fraction]Z", "conditions": [ condition, … ] }
//! condition  = { name: value }                              the field has this value
//!            | [ "eq", "$" name, value ]                    the field has this value
//!            | [ "starts-with", "$" name, prefix ]
//!            | [ "content-length-range", min, max ]         whole numbers, or strings of digits
//! ```
//!
//! Source: S3 API Reference, "Creating a POST policy". The names of fields and the operators
//! are case-insensitive; everything else is exact. A document contains nothing else.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use crate::time::Timestamp;

/// A policy document.
pub(super) struct Document<'d> {
    pub(super) expiration: Timestamp,
    pub(super) conditions: Vec<Condition<'d>>,
}

/// A condition on a field, or on the length of the file.
pub(super) enum Condition<'d> {
    Equal { name: Cow<'d, str>, value: Cow<'d, str> },
    StartsWith { name: Cow<'d, str>, prefix: Cow<'d, str> },
    ContentLengthRange { min: u64, max: u64 },
}

impl Document<'_> {
    /// Returns the document as compact JSON, in the order of its conditions.
    pub(super) fn write(&self) -> String {
        // Strings and numbers are always valid JSON, and a `String` accepts every write.
        serde_json::to_string(self).expect("strings and numbers are JSON")
    }
}

impl<'d> Condition<'d> {
    /// Creates a condition for an exact value.
    pub(super) fn exact(name: &'d str, value: &'d str) -> Self {
        Self::Equal { name: name.into(), value: value.into() }
    }

    /// Creates a condition for a prefix.
    pub(super) fn starts_with(name: &'d str, prefix: &'d str) -> Self {
        Self::StartsWith { name: name.into(), prefix: prefix.into() }
    }
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
                ("starts-with", format!("${name}"), prefix).serialize(serializer)
            }
            Self::ContentLengthRange { min, max } => ("content-length-range", min, max).serialize(serializer),
        }
    }
}
