//! [`Trailers`], the header fields after the data.
//!
//! ```text
//! trailer = name ":" value
//! name    = token, in lower case
//! value   = visible ASCII, with spaces and tabs inside
//! ```
//!
//! The header `x-amz-trailer` announces the names. Each announced trailer must follow
//! exactly once.

use alloc::string::String;
use alloc::vec::Vec;

use crate::verify::TrailerNames;

/// The trailers of a body, sorted by name. Each is announced first and set later.
#[derive(Debug, Default)]
pub(super) struct Trailers(Vec<Trailer>);

#[derive(Debug)]
pub(super) struct Trailer {
    pub(super) name: String,
    pub(super) value: Option<String>,
}

impl Trailers {
    /// Creates the trailers with these names, without values.
    pub(super) fn new(names: TrailerNames) -> Self {
        Self(names.into_iter().map(|name| Trailer { name, value: None }).collect())
    }

    /// Sets the value of a trailer, by its name in any case. Returns false if the name is
    /// not announced or already has a value, or if the value is not valid in a line.
    #[must_use]
    pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
        let found = self.0.iter_mut().find(|trailer| trailer.name.eq_ignore_ascii_case(name));
        match found {
            Some(Trailer { value: slot @ None, .. }) if is_value(value) => {
                *slot = Some(value.into());
                true
            }
            _ => false,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|trailer| trailer.name.eq_ignore_ascii_case(name))?.value.as_deref()
    }

    pub(super) fn iter(&self) -> core::slice::Iter<'_, Trailer> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first announced name that has no value.
    pub(super) fn missing(&self) -> Option<&str> {
        self.iter().find(|trailer| trailer.value.is_none()).map(|trailer| trailer.name.as_str())
    }

    /// Returns the lines whose hash is signed: `name:value\n` for each trailer.
    pub(super) fn canonical(&self) -> String {
        let mut lines = String::new();
        for Trailer { name, value } in self.iter() {
            for part in [name, ":", value.as_deref().unwrap_or_default(), "\n"] {
                lines.push_str(part);
            }
        }
        lines
    }
}

/// Returns true if a line with this value is valid, and a receiver reads the same value
/// from it.
fn is_value(value: &str) -> bool {
    let is_space = |byte: u8| byte == b' ' || byte == b'\t';
    value.bytes().all(|byte| byte.is_ascii_graphic() || is_space(byte))
        && !value.starts_with([' ', '\t'])
        && !value.ends_with([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trailers(names: &[&str]) -> Trailers {
        let mut declared = TrailerNames::default();
        assert!(names.iter().all(|name| declared.declare(name)));
        Trailers::new(declared)
    }

    #[test]
    fn sets_each_announced_trailer_once() {
        let mut trailers = trailers(&["B", "a"]);
        assert_eq!(trailers.missing(), Some("a"));
        assert!(trailers.set("A", "1 2"));
        assert!(!trailers.set("a", "3"), "repeated");
        assert!(!trailers.set("c", "4"), "not announced");
        assert_eq!((trailers.get("a"), trailers.missing()), (Some("1 2"), Some("b")));
        for value in [" 1", "1 ", "\t1", "1\r\n", "caf\u{e9}"] {
            assert!(!trailers.set("b", value), "{value:?}");
        }
        assert!(trailers.set("b", ""));
        assert_eq!(trailers.missing(), None);
    }

    #[test]
    fn writes_the_signed_lines_sorted_by_name() {
        let mut trailers = trailers(&["Third", "FIRST", "second"]);
        for (name, value) in [("second", "2nd"), ("third", "3rd"), ("first", "1st")] {
            assert!(trailers.set(name, value));
        }
        assert_eq!(trailers.canonical(), "first:1st\nsecond:2nd\nthird:3rd\n");
    }
}
