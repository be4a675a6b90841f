//! The lines between the data.
//!
//! ```text
//! head    = size [ ";chunk-signature=" signature ]
//! trailer = name ":" value
//!
//! signature = 64HEXDIG                   AWS4-HMAC-SHA256
//!           | 16*144HEXDIG *"*"          AWS4-ECDSA-P256-SHA256: 144 characters in all
//! ```
//!
//! Every line ends in CRLF and is of bounded length. Not here: what follows
//! from a line.

use alloc::vec::Vec;

use super::{EXTENSION, PADDING};
use crate::steps::Signature;
use crate::steps::algorithm::Algorithm;

/// A line that is not one.
pub(super) struct Malformed;

/// How a line ended.
#[derive(PartialEq, Eq)]
pub(super) enum End {
    /// Not yet: the input is used up.
    Open,
    CrLf,
    /// A line feed alone.
    Lf,
}

/// A line as it comes in, in pieces of any size.
#[derive(Default)]
pub(super) struct Line(Vec<u8>);

impl Line {
    /// Takes from the input up to a line's end, which it cuts off; at most
    /// `limit` bytes with it.
    pub(super) fn read(&mut self, input: &mut &[u8], limit: usize) -> Result<End, Malformed> {
        let room = limit.saturating_sub(self.0.len()).min(input.len());
        let (within, _) = input.split_at_checked(room).unwrap_or_default();
        let end = within.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(room, |feed| feed + 1);
        let (line, rest) = input.split_at_checked(taken).unwrap_or_default();
        self.0.extend_from_slice(line);
        *input = rest;
        match end {
            None if self.0.len() >= limit => Err(Malformed),
            None => Ok(End::Open),
            Some(_) => {
                self.0.pop();
                Ok(if self.0.pop_if(|byte| *byte == b'\r').is_some() { End::CrLf } else { End::Lf })
            }
        }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The line before a chunk's data.
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) signature: Option<Signature>,
}

impl Head {
    /// With a signature of that algorithm, or with none.
    pub(super) fn parse(line: &[u8], algorithm: Option<Algorithm>) -> Option<Self> {
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (size, extension) = line.split_at_checked(digits)?;
        // No digits are no number; a sign is no digit.
        let size = core::str::from_utf8(size).ok().filter(|size| size.len() <= 16)?;
        let size = u64::from_str_radix(size, 16).ok()?;
        let signature = match algorithm {
            Some(algorithm) => Some(signature(extension.strip_prefix(EXTENSION.as_bytes())?, algorithm)?),
            None if extension.is_empty() => None,
            None => return None,
        };
        Some(Self { size, signature })
    }
}

/// A signature, filled up to the length of its algorithm's longest.
pub(super) fn signature(text: &[u8], algorithm: Algorithm) -> Option<Signature> {
    if text.len() != algorithm.max_hex_len() {
        return None;
    }
    let padding = text.iter().rev().take_while(|byte| char::from(**byte) == PADDING).count();
    // An HMAC has all its digits, so none of them can be padding.
    Signature::from_received(algorithm, text.get(..text.len().checked_sub(padding)?)?)
}

/// Name and value, without the blanks around the value.
pub(super) fn trailer(line: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = core::str::from_utf8(line).ok()?.split_once(':')?;
    Some((name, value.trim_matches([' ', '\t'])))
}

/// The longest head that the grammar allows, and its end.
pub(super) const HEAD: usize = 16 + EXTENSION.len() + 144 + 2;
/// An empty line.
pub(super) const EMPTY: usize = 2;
/// A trailer, and its end. The longest checksum has 78 bytes.
pub(super) const TRAILER: usize = 1024;
