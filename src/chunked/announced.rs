//! What a request says of its chunked body before the body comes.
//!
//! ```text
//! x-amz-content-sha256         = mode
//! x-amz-decoded-content-length = 1*DIGIT
//! x-amz-trailer                = name *( "," name )      in the modes that end in -TRAILER
//! ```
//!
//! All of it is read from what was signed. Not here: the body.

use super::checksum::{Running, is_checksum};
use super::trailers::Trailers;
use super::{Checksum, DECODED_LENGTH, DecodeError, TRAILER_NAMES};
use crate::error::shown;
use crate::payload::StreamingMode;

/// What was announced, and can be held to.
pub(crate) struct Announced {
    pub(super) mode: StreamingMode,
    pub(super) decoded_length: u64,
    pub(super) trailers: Trailers,
    pub(super) checksum: Option<(Checksum, Running)>,
}

impl Announced {
    /// Of the signed headers, by their names in lower case.
    pub(crate) fn read<'a>(
        mode: StreamingMode,
        header: impl Fn(&str) -> Option<&'a [u8]>,
    ) -> Result<Self, DecodeError> {
        let decoded_length = header(DECODED_LENGTH).and_then(length).ok_or(DecodeError::DecodedLength)?;
        let mut announced = Self { mode, decoded_length, trailers: Trailers::default(), checksum: None };
        match (mode.has_trailers(), header(TRAILER_NAMES)) {
            (true, Some(names)) => announced.read_names(names)?,
            (false, None) => {}
            (true, None) | (false, Some(_)) => return Err(DecodeError::TrailerNames),
        }
        Ok(announced)
    }

    fn read_names(&mut self, names: &[u8]) -> Result<(), DecodeError> {
        let names = core::str::from_utf8(names).map_err(|_| DecodeError::TrailerNames)?;
        for name in names.split(',').map(|name| name.trim_matches([' ', '\t']).to_ascii_lowercase()) {
            if !self.trailers.declare(&name) {
                return Err(DecodeError::TrailerNames);
            }
            let found = Checksum::of_trailer(&name);
            let running = found.and_then(|checksum| Some((checksum, Running::new(checksum)?)));
            match running {
                Some(running) if self.checksum.is_none() => self.checksum = Some(running),
                // Another one, or one that cannot be computed.
                Some(_) => return Err(unsupported(&name)),
                None if is_checksum(&name) => return Err(unsupported(&name)),
                // Neither a signature nor the data vouches for it.
                None if self.mode == StreamingMode::UnsignedTrailer => return Err(DecodeError::TrailerNames),
                None => {}
            }
        }
        Ok(())
    }
}

fn unsupported(name: &str) -> DecodeError {
    DecodeError::UnsupportedChecksum { name: shown(name) }
}

fn length(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}
