//! Trailers: header fields behind the body.
//!
//! ```text
//! trailer = name ":" value
//! name    = token, in lower case
//! value   = visible ASCII, with blanks inside
//! ```
//!
//! The names are announced in `x-amz-trailer`. Exactly those come, once each.
//! Not here: what a checksum among them says.

use alloc::string::String;
use alloc::vec::Vec;

use super::TRAILER_SIGNATURE;
use crate::canonical::is_token;

/// The trailers of a body, sorted: announced first, then given.
#[derive(Debug, Default)]
pub(super) struct Trailers(Vec<Trailer>);

#[derive(Debug)]
pub(super) struct Trailer {
    pub(super) name: String,
    pub(super) value: Option<String>,
}

impl Trailers {
    /// Announces one; `false` for what is no name, or stands already.
    pub(super) fn declare(&mut self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if !is_token(name.as_bytes()) || name == TRAILER_SIGNATURE || self.0.len() >= MOST {
            return false;
        }
        match self.0.binary_search_by(|trailer| trailer.name.cmp(&name)) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, Trailer { name, value: None });
                true
            }
        }
    }

    /// Gives one its value; `false` where it was not announced, was given
    /// already, or cannot be a value.
    pub(super) fn give(&mut self, name: &str, value: &str) -> bool {
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

    /// One that was announced and did not come.
    pub(super) fn missing(&self) -> Option<&str> {
        self.iter().find(|trailer| trailer.value.is_none()).map(|trailer| trailer.name.as_str())
    }

    /// The text that is hashed for their signature.
    pub(super) fn block(&self) -> String {
        let mut block = String::new();
        for Trailer { name, value } in self.iter() {
            for part in [name, ":", value.as_deref().unwrap_or_default(), "\n"] {
                block.push_str(part);
            }
        }
        block
    }
}

/// What a line can carry, and come back as it was.
fn is_value(value: &str) -> bool {
    let blank = |byte: u8| byte == b' ' || byte == b'\t';
    value.bytes().all(|byte| byte.is_ascii_graphic() || blank(byte))
        && !value.starts_with([' ', '\t'])
        && !value.ends_with([' ', '\t'])
}

/// S3 knows of one, the checksum.
const MOST: usize = 16;
